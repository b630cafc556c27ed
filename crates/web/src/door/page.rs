//! The pages of the door: the shop's name, a few words, a button. Nobody's name or address.

use super::Door;
use crate::assets::Asset;
use crate::say::Lang;
use app::{Preferences, Sign};
use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use model::{Cadence, Channel};
use std::sync::LazyLock;

use super::Speaks;

pub static CSS: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("door", "css", "text/css; charset=utf-8", include_str!("../../static/door.css"))
});

/// What every page of the door carries.
pub struct Frame {
    pub l: Lang,
    pub sign: Sign,
}

impl Frame {
    /// The shop's name is read where it can be; a page without it still says what to do.
    pub async fn of(door: &Door, l: Lang) -> Frame {
        Frame { l, sign: door.sign().await }
    }

    pub fn css(&self) -> &'static str {
        &CSS.href
    }

    pub fn t<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        self.l.t(ja, en)
    }

    pub fn code(&self) -> &'static str {
        self.l.code()
    }

    fn channel(&self, channel: &Channel) -> &'static str {
        self.l.t(channel.ja(), channel.en())
    }

    /// Where questions go, as a link; `None` where it is neither a page nor an address nor a number.
    pub fn contact_href(&self) -> Option<String> {
        let to = self.sign.contact.trim();
        let digits = to.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | ' ' | '(' | ')'));
        match to {
            "" => None,
            _ if to.starts_with("https://") || to.starts_with("http://") => Some(to.to_owned()),
            _ if to.contains('@') && !to.contains(char::is_whitespace) => Some(format!("mailto:{to}")),
            _ => digits.then(|| format!("tel:{}", to.replace([' ', '(', ')'], ""))),
        }
    }

    /// The shop's own site, if it is an address of the web.
    pub fn site(&self) -> Option<&str> {
        let web = self.sign.site.starts_with("https://") || self.sign.site.starts_with("http://");
        web.then_some(self.sign.site.as_str())
    }
}

/// What receiving again means, as it is shown beside the button and kept as proof.
pub fn wording(shop: &str, channel: Channel, l: Lang) -> String {
    match l {
        Lang::Ja => format!(
            "{shop}からの商品やお得な情報のご案内({})を、もう一度受け取ることに同意します。",
            channel.ja()
        ),
        Lang::En => format!("I agree to receive news and offers of {shop} by {} again.", channel.en()),
    }
}

/// Asks before stopping, and says that it is stopped.
#[derive(Template)]
#[template(path = "door_stop.html")]
pub struct StopPage<'a> {
    pub f: Frame,
    pub token: &'a str,
    pub channel: Channel,
    pub stopped: bool,
}

impl StopPage<'_> {
    fn channel(&self) -> &'static str {
        self.f.channel(&self.channel)
    }

    fn wording(&self) -> String {
        wording(&self.f.sign.shop, self.channel, self.f.l)
    }
}

/// Every way of being reached, and a button for each.
#[derive(Template)]
#[template(path = "door_choices.html")]
pub struct ChoicesPage<'a> {
    pub f: Frame,
    pub token: &'a str,
    pub preferences: Preferences,
    /// What was just done: the channel, and whether it is stopped now.
    pub done: Option<(Channel, bool)>,
    /// Whether the newsletter's cadence was just chosen.
    pub chosen: bool,
}

impl ChoicesPage<'_> {
    /// What else may be chosen than what is.
    fn others(&self) -> Vec<Cadence> {
        let all = [Cadence::Weekly, Cadence::Monthly, Cadence::Stopped];
        all.into_iter().filter(|c| Some(*c) != self.preferences.newsletter).collect()
    }

    fn is_off(&self, cadence: &Cadence) -> bool {
        *cadence == Cadence::Stopped
    }

    fn wording(&self, channel: &Channel) -> String {
        wording(&self.f.sign.shop, *channel, self.f.l)
    }
}

/// A few words.
#[derive(Template)]
#[template(path = "door_words.html")]
pub struct WordsPage {
    pub f: Frame,
    pub title: &'static str,
    pub text: &'static str,
    /// A mailbox that takes an opt-out when nothing else does.
    pub mail: Option<String>,
}

/// A template as an answer.
pub fn show(code: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (code, Html(html)).into_response(),
        Err(why) => (StatusCode::INTERNAL_SERVER_ERROR, why.to_string()).into_response(),
    }
}

/// For a token that we did not sign, or a letter that leads nowhere.
pub async fn unknown(door: &Door, lang: Lang) -> Response {
    let f = Frame::of(door, lang).await;
    let title = lang.t("このリンクは使えません", "This link does not work");
    let text = lang.t(
        "リンクが途中で切れているか、古くなっている可能性があります。お手数ですが、お届けしたメールのリンクをもう一度開いてください。",
        "It may have been cut off or be too old. Please open the link in our letter once more.",
    );
    show(StatusCode::NOT_FOUND, &WordsPage { f, title, text, mail: None })
}

/// For every address that is none.
pub async fn nowhere(State(door): State<Door>, request: Request) -> Response {
    let lang = request.into_parts().0.lang();
    unknown(&door, lang).await
}

/// For a network that comes too often.
pub fn slower(lang: Lang) -> Response {
    let f = Frame { l: lang, sign: Sign::default() };
    let title = lang.t("しばらくお待ちください", "Please wait a moment");
    let text = lang.t(
        "同じネットワークからのアクセスが集中しています。1分ほどおいて、もう一度開いてください。",
        "There are very many requests from your network. Please open the link again in a minute.",
    );
    let mut response = show(StatusCode::TOO_MANY_REQUESTS, &WordsPage { f, title, text, mail: None });
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

/// For a request that is none of ours.
pub async fn refused(door: &Door, lang: Lang, code: StatusCode) -> Response {
    let f = Frame::of(door, lang).await;
    let title = lang.t("このままでは受け付けられません", "This cannot be done as it stands");
    let text = lang.t(
        "お手数ですが、お届けしたメールのリンクをもう一度開いて、画面のボタンからお進みください。",
        "Please open the link in our letter once more and use the button there.",
    );
    show(code, &WordsPage { f, title, text, mail: None })
}

/// For an opt-out that could not be kept: nothing is pretended, another way is named.
pub async fn not_kept(door: &Door, lang: Lang, token: String) -> Response {
    let mail = door.ask(move |app| Ok(app.opt_out_mail(&token))).await.ok().flatten();
    sorry(door, lang, lang.t("まだ停止できていません", "Not stopped yet"), mail).await
}

/// For what somebody sent and could not be kept just now.
pub async fn not_taken(door: &Door, lang: Lang) -> Response {
    sorry(door, lang, lang.t("まだ承れていません", "Not taken yet"), None).await
}

/// For what could not be read or kept just now.
pub async fn busy(door: &Door, lang: Lang) -> Response {
    sorry(door, lang, lang.t("しばらくお待ちください", "Please wait a moment"), None).await
}

async fn sorry(door: &Door, lang: Lang, title: &'static str, mail: Option<String>) -> Response {
    let f = Frame::of(door, lang).await;
    let text = lang.t(
        "ただいま手続きを完了できませんでした。申し訳ございません。数分おいて、もう一度お試しください。",
        "We could not complete this just now. We are sorry; please try again in a few minutes.",
    );
    let mut response = show(StatusCode::SERVICE_UNAVAILABLE, &WordsPage { f, title, text, mail });
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("120"));
    response
}
