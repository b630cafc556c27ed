//! The stylesheet, the script and the icon: in the binary, at addresses that name their content.

use crate::site::Site;
use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::LazyLock;

/// One file that every page may load.
pub struct Asset {
    pub href: String,
    kind: &'static str,
    body: &'static str,
}

pub static CSS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("app", "css", "text/css; charset=utf-8", include_str!("../static/app.css")));
pub static JS: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("app", "js", "text/javascript; charset=utf-8", include_str!("../static/app.js"))
});
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_str!("../static/icon.svg")));

/// Told by pages of the shop's own site; served by the customers' door.
pub static VISIT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("visit", "js", "text/javascript; charset=utf-8", include_str!("../static/visit.js"))
});

impl Asset {
    pub fn new(stem: &str, ending: &str, kind: &'static str, body: &'static str) -> Asset {
        // FNV-1a, 64 bits: this names a version, it guards nothing.
        let hash = body
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
        Asset { href: format!("/static/{stem}-{hash:016x}.{ending}"), kind, body }
    }

    /// A year, since a changed file has another address; the address is its tag.
    pub fn send(&'static self, headers: &HeaderMap) -> Response {
        let tag = format!("\"{}\"", self.href);
        let known = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
        let kept = [
            (header::ETAG, tag),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
            (header::CONTENT_TYPE, self.kind.to_owned()),
        ];
        if known {
            (StatusCode::NOT_MODIFIED, kept).into_response()
        } else {
            (kept, self.body).into_response()
        }
    }
}

pub fn routes() -> Router<Site> {
    [&CSS, &JS, &ICON].into_iter().fold(Router::new(), |router, asset| {
        router.route(&asset.href, get(move |headers: HeaderMap| async move { asset.send(&headers) }))
    })
}
