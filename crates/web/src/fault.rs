//! What went wrong, said so that a person knows the next step.

use crate::say::{Is, Lang};
use app::SegmentError;
use askama::Template;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::sync::Arc;

/// Why there is no answer. `shell::speak` turns it into a page or JSON in the reader's language.
#[derive(Debug)]
pub enum Fault {
    /// Nothing lives at this address.
    Missing,
    /// The request cannot be done as it stands: Japanese, English.
    Refused(StatusCode, String, String),
    /// A segment text that does not hold.
    Segment(SegmentError),
    /// Ours, or the machine's.
    Broken(anyhow::Error),
}

impl Fault {
    /// A request that misses something.
    pub fn bad(ja: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault::Refused(StatusCode::BAD_REQUEST, ja.into(), en.into())
    }

    pub fn code(&self) -> StatusCode {
        match self {
            Fault::Missing => StatusCode::NOT_FOUND,
            Fault::Refused(code, ..) => *code,
            Fault::Segment(_) => StatusCode::BAD_REQUEST,
            Fault::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What happened, in one or two sentences.
    pub fn text(&self, lang: impl Is<Lang>) -> String {
        let lang = lang.value();
        match self {
            Fault::Missing => lang
                .t(
                    "このページは見つかりません。統合や削除で移動した可能性があります。",
                    "There is no such page. It may have been merged or removed.",
                )
                .to_owned(),
            Fault::Refused(_, ja, en) => lang.t(ja, en).to_owned(),
            Fault::Segment(why) if lang == Lang::Ja => {
                let place = why.position.map_or(String::new(), |p| format!("({}文字目)", p + 1));
                let meant = why.suggestion.as_ref().map_or(String::new(), |m| format!("。もしかして: {m}"));
                format!("条件を読み取れません{place}: {}{meant}", why.message)
            }
            Fault::Segment(why) => format!("The condition cannot be read: {why}"),
            Fault::Broken(why) => format!("{why:#}"),
        }
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Fault {
        match error.downcast::<SegmentError>() {
            Ok(why) => Fault::Segment(why),
            Err(other) => Fault::Broken(other),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.code().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// For every address that is none.
pub async fn nowhere() -> Fault {
    Fault::Missing
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage<'a> {
    l: Lang,
    css: &'a str,
    icon: &'a str,
    title: &'a str,
    text: String,
    /// A reason in another language than the page's is set apart.
    detail: Option<String>,
}

/// The fault as a page.
pub fn page(fault: &Fault, lang: Lang) -> Response {
    let (ja, en) = match fault {
        Fault::Missing => ("ページが見つかりません", "Page not found"),
        Fault::Refused(..) | Fault::Segment(_) => {
            ("このままでは実行できません", "This cannot be done as it stands")
        }
        Fault::Broken(_) => ("処理できませんでした", "Something went wrong"),
    };
    let (text, detail) = match fault {
        Fault::Broken(_) => {
            let ja = "処理の途中で止まりました。保存済みのデータはそのままです。もう一度お試しのうえ、続くときは下の理由を添えてお知らせください。";
            let en = "The work stopped on the way. What was saved is safe. Try again; if it stays, report the reason below.";
            (lang.t(ja, en).to_owned(), Some(fault.text(lang)))
        }
        other => (other.text(lang), None),
    };
    let page = FaultPage {
        l: lang,
        css: &crate::assets::CSS.href,
        icon: &crate::assets::ICON.href,
        title: lang.t(ja, en),
        text,
        detail,
    };
    match page.render() {
        Ok(html) => (fault.code(), Html(html)).into_response(),
        Err(why) => (fault.code(), why.to_string()).into_response(),
    }
}

/// The fault as JSON.
pub fn json(fault: &Fault, lang: Lang) -> Response {
    let body = match fault {
        Fault::Segment(why) => {
            serde_json::json!({"error": why.message, "position": why.position, "suggestion": why.suggestion})
        }
        other => serde_json::json!({ "error": other.text(lang) }),
    };
    (fault.code(), [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
