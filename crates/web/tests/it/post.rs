//! The pages of post as the router answers them.

use crate::{HOSTILE, Shop};
use axum::http::StatusCode;

#[test]
fn empty_pages_teach_and_what_is_not_there_is_missing() {
    let shop = Shop::filled();
    for path in ["/post", "/post/returns", "/settings/post"] {
        let answer = shop.get(path);
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(!answer.text.contains("<script>alert"), "{path}");
    }
    assert!(shop.get("/post").text.contains("発送を待つものはありません"));
    for path in ["/post/batches/99", "/post/due/99/0", "/post/suggest/99", "/post/preview/99/0/0"] {
        assert_eq!(shop.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(shop.get("/post/making/99/0").status, StatusCode::SEE_OTHER, "nothing is being made");
    assert_eq!(
        shop.get("/post/batches/99/print").status,
        StatusCode::METHOD_NOT_ALLOWED,
        "a print is no mere look"
    );
}

#[test]
fn nothing_is_written_down_without_a_name() {
    let shop = Shop::filled();
    for (path, body) in [
        ("/post/due/1/0", "as=postcards"),
        ("/post/batches/1/posted", "on=2026-11-22&pieces=1"),
        ("/post/batches/1/cancel", ""),
        ("/post/returns", "reason=1&list=1-0001"),
    ] {
        assert_eq!(shop.post(path, body).status, StatusCode::BAD_REQUEST, "{path}");
    }
    let answer =
        shop.post("/post/returns", &format!("by=x&reason=1&list={}", "%3Cscript%3Ealert(1)%3C%2Fscript%3E"));
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        !answer.text.contains("<script>alert") && answer.text.contains("登録できなかったもの"),
        "{HOSTILE}"
    );
    assert_eq!(shop.post("/post/due/1/0", "by=x&as=papyrus").status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.post("/settings/post", "post.sender_postal=12").status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.post("/settings/post", "post.sender_postal=100-0013").status, StatusCode::SEE_OTHER);
}
