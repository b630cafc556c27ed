//! What every page carries: its language, the way around, today, the shop's name.

use crate::assets::{CSS, ICON, JS};
use crate::fault::{self, Fault};
use crate::query::{Query, decoded, encoded};
use crate::say::{Count, Is, Lang};
use crate::site::Site;
use askama::Template;
use axum::extract::{FromRequestParts, Query as Pairs, Request};
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, request::Parts};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use jiff::{Timestamp, tz::TimeZone};
use model::{Day, Money};
use std::ops::Deref;
use std::sync::Arc;

const YEAR: u32 = 31_536_000;

/// Middleware: finds the reader's language and answers faults in it.
pub async fn speak(request: Request, next: Next) -> Response {
    let asked = request.uri().query().and_then(|q| q.split('&').find_map(|p| p.strip_prefix("lang=")));
    let chosen = asked.and_then(language);
    let lang = chosen.or_else(|| language(&cookie(request.headers(), "lang"))).unwrap_or_default();
    let script = request.uri().path().starts_with("/api/");
    let mut request = request;
    request.extensions_mut().insert(lang);
    let mut response = next.run(request).await;
    if let Some(fault) = response.extensions().get::<Arc<Fault>>().cloned() {
        response = if script { fault::json(&fault, lang) } else { fault::page(&fault, lang) };
    }
    if chosen.is_some() {
        remember(&mut response, "lang", lang.code());
    }
    response
}

fn language(word: &str) -> Option<Lang> {
    match word {
        "ja" => Some(Lang::Ja),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// Keeps a small value in the browser.
pub fn remember(response: &mut Response, name: &str, value: &str) {
    let text = format!("{name}={}; Path=/; Max-Age={YEAR}; SameSite=Lax; HttpOnly", encoded(value));
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> String {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let found = all.flat_map(|v| v.split(';')).find_map(|c| c.trim().strip_prefix(name)?.strip_prefix('='));
    found.map(decoded).unwrap_or_default()
}

/// One entry of the way around.
pub struct Place {
    pub path: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    /// For the narrow bar of a phone.
    pub ja_short: &'static str,
    pub en_short: &'static str,
    /// The outline of its picture, 24 x 24.
    pub icon: &'static str,
    /// On the bar of a phone; the others are reached from the settings there.
    pub bar: bool,
}

macro_rules! places {
    ($($path:literal $ja:literal $en:literal $jas:literal $ens:literal $bar:literal $icon:literal;)+) => {
        &[$(Place { path: $path, ja: $ja, en: $en, ja_short: $jas, en_short: $ens, icon: $icon, bar: $bar }),+]
    };
}

const PLACES: &[Place] = places! {
    "/" "今日" "Today" "今日" "Today" true "M3 18h18M6 18a6 6 0 0 1 12 0M12 4v4M4.5 9l2 2M19.5 9l-2 2";
    "/customers" "顧客" "Customers" "顧客" "People" true "M4 20c0-4 3-6 5-6s5 2 5 6M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M15 4.5a3.5 3.5 0 0 1 0 6M17 14.5c2 .8 3 2.8 3 5.5";
    "/ranking" "優先順位" "Ranking" "順位" "Ranking" true "M5 20v-5M12 20V9M19 20V4M3 20h18";
    "/campaigns" "施策" "Campaigns" "施策" "Campaigns" true "M4 10v4h3l7 4V6L7 10zM17 9.5a4 4 0 0 1 0 5M8 14.5V19h2.5";
    "/desk" "電話" "Phone desk" "電話" "Calls" true "M6 4h4l1.5 4.5L9 10a11 11 0 0 0 5 5l1.5-2.5L20 14v4a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z";
    "/post" "発送" "Post" "発送" "Post" false "M3 6h18v12H3zM15 9h3v3h-3zM6 14h6M6 11h4";
    "/voices" "声" "Voices" "声" "Voices" false "M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5";
    "/results" "結果" "Results" "結果" "Results" false "M4 19h16M6 15l4-5 4 3 5-8M19 5v4M19 5h-4";
    "/segments" "セグメント" "Segments" "区分" "Segments" false "M4 5h16M7 12h10M10 19h4";
    "/reach" "連絡できる人" "Reach" "連絡" "Reach" false "M4 6h16v12H4zM4 7l8 6 8-6";
    "/import" "取込" "Import" "取込" "Import" true "M12 4v11M7.5 10.5 12 15l4.5-4.5M4 19h16";
    "/suggestions" "同じ人の確認" "Same person?" "確認" "Same?" false "M9 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M15 20a4 4 0 1 0 0-8 4 4 0 0 0 0 8M9 12v4M15 12V8";
    "/products" "商品" "Products" "商品" "Goods" false "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8";
    "/policy" "休眠の定義" "Dormancy rule" "定義" "Rule" false "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z";
    "/settings" "設定" "Settings" "設定" "Settings" true "M4 7h10M18 7h2M4 17h2M10 17h10M16 4.5v5M8 14.5v5";
};

/// What every page carries. Its language's ways of saying things are its own.
pub struct Shell {
    pub lang: Lang,
    pub path: String,
    /// The whole query as asked for, without the language.
    pub query: Query,
    pub shop: String,
    pub currency: String,
    pub zone: TimeZone,
    pub today: Day,
    /// The operator's name as last typed, or as logged in.
    pub operator: String,
    /// The pages asked for a login.
    pub logged_in: bool,
}

impl Deref for Shell {
    type Target = Lang;
    fn deref(&self) -> &Lang {
        &self.lang
    }
}

impl FromRequestParts<Site> for Shell {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Shell, Fault> {
        let pairs =
            Pairs::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|Pairs(p)| p).unwrap_or_default();
        let (settings, today) = site.ask(|app| Ok((app.settings()?, app.today()?))).await?;
        Ok(Shell {
            lang: parts.extensions.get::<Lang>().copied().unwrap_or_default(),
            path: parts.uri.path().to_owned(),
            query: Query(pairs).without(&["lang"]),
            zone: settings.tz(),
            shop: settings.shop,
            currency: settings.currency,
            today,
            // Who is logged in signs; on this machine alone it is whoever they said they were.
            operator: parts
                .extensions
                .get::<crate::login::Operator>()
                .map_or_else(|| cookie(&parts.headers, "operator"), |who| who.0.clone()),
            logged_in: parts.extensions.get::<crate::login::Operator>().is_some(),
        })
    }
}

impl Shell {
    pub fn places(&self) -> &'static [Place] {
        PLACES
    }

    /// Whether this page belongs to a place.
    pub fn at(&self, place: &Place) -> bool {
        let below = place.path.len() > 1 && self.path.starts_with(place.path);
        self.path == place.path || (below && self.path.as_bytes().get(place.path.len()) == Some(&b'/'))
    }

    pub fn css(&self) -> &'static str {
        &CSS.href
    }

    pub fn js(&self) -> &'static str {
        &JS.href
    }

    pub fn icon(&self) -> &'static str {
        &ICON.href
    }

    /// This page in the other language.
    pub fn other(&self) -> String {
        self.query.with("lang", self.t("en", "ja")).without(&["done"]).on(&self.path)
    }

    pub fn yen(&self, amount: impl Is<Money>) -> String {
        self.money(amount, &self.currency)
    }

    pub fn yen_short(&self, amount: impl Is<Money>) -> String {
        self.money_short(amount, &self.currency)
    }

    pub fn yen_about(&self, amount: impl Is<Money>) -> String {
        self.money_about(amount, &self.currency)
    }

    /// 2026/11/21(土) 09:05 in the shop's zone.
    pub fn moment(&self, unix_seconds: impl Count) -> String {
        let at = Timestamp::from_second(unix_seconds.number()).unwrap_or(Timestamp::UNIX_EPOCH);
        let at = at.to_zoned(self.zone.clone());
        let date = at.date();
        let day =
            Day::from_ymd(i32::from(date.year()), date.month() as u32, date.day() as u32).unwrap_or(Day(0));
        format!("{} {:02}:{:02}", self.day(day), at.hour(), at.minute())
    }

    /// What the last action did, for the head of the page it led to.
    pub fn done(&self) -> Option<&'static str> {
        let (ja, en) = match self.query.get("done") {
            "segment" => ("セグメントを保存しました。", "The segment is saved."),
            "segment_gone" => ("セグメントを削除しました。", "The segment is deleted."),
            "policy" => (
                "休眠の定義を変更しました。全員を判定し直しています。",
                "The dormancy rule is changed; everybody is judged by it.",
            ),
            "settings" => ("設定を保存しました。", "The settings are saved."),
            "terms" => {
                ("仮の値を保存し、順位を計算し直しました。", "The terms are saved; the ranking follows them.")
            }
            "outlook" => ("見込みの出し方を保存しました。", "How expectations are made is saved."),
            "merged" => (
                "1人の顧客にまとめました。顧客ページから元に戻せます。",
                "The records are one customer now. Their page can undo it.",
            ),
            "apart" => ("別の方として記録しました。", "Kept apart as two people."),
            "post_drafted" => ("投稿の下書きを作りました。", "The post is drafted."),
            "post_dropped" => ("投稿の下書きを消しました。", "The draft is gone."),
            "undone" => (
                "統合を元に戻しました。配信停止は両方に残しています。",
                "The merge is undone; stops stay on both.",
            ),
            "improvement" => ("改善することを登録しました。", "Written down."),
            "improvement_fixed" => (
                "直したと登録しました。その理由で離れた方にお知らせできます。",
                "Marked as done: those whom it drove away can be told.",
            ),
            "goods_refused" => {
                ("この方には、この商品をお勧めしません。", "This product is not offered to them any more.")
            }
            "survey" => (
                "アンケートを作りました。これからのお便りはこのアンケートにつながります。",
                "The survey is made and in use.",
            ),
            "survey_used" => ("このアンケートを使います。", "This survey is in use from now on."),
            "reason_list" => ("理由のリストを保存しました。", "The list of reasons is saved."),
            "reason" => ("休眠理由を登録しました。", "The reason is written down."),
            "reason_gone" => ("取り消しました。記録には残ります。", "Taken back; it stays on record."),
            "stopped" => ("連絡の停止を登録しました。", "The stop is in force."),
            "lifted" => ("連絡の停止を解除しました。", "The stop is lifted."),
            "attested" => ("根拠の証明を登録しました。", "The attestation is recorded."),
            "contact" => ("担当の方の情報を更新しました。", "The contact person is updated."),
            "noted" => ("年表を更新しました。", "The timeline is updated."),
            "voice" => ("記録しました。", "Noted."),
            "revoked" => ("根拠の証明を取り消しました。", "The attestation is revoked."),
            "seen" => ("確認済みにしました。", "Noted."),
            "discarded" => ("アップロードしたファイルを破棄しました。", "The uploaded files are discarded."),
            word => return campaign_done(word).map(|(ja, en)| self.t(ja, en)),
        };
        Some(self.t(ja, en))
    }
}

/// What the last action did with a campaign.
fn campaign_done(word: &str) -> Option<(&'static str, &'static str)> {
    Some(match word {
        "campaign" => ("保存しました。", "Saved."),
        "campaign_made" => (
            "下書きを作りました。【…ここに】を埋め、右の指摘がなくなったらプランへ進んでください。",
            "The draft is made. Fill in its slots; when no remark blocks, go on to the plan.",
        ),
        "campaign_gone" => ("下書きを捨てました。", "The draft is dropped."),
        "seconded" => {
            ("一人目の承認を記録しました。", "The first yes is recorded; another operator's is needed.")
        }
        "approved" => (
            "承認しました。予定の時刻になると送り始めます。",
            "Approved. It begins when its first step falls due.",
        ),
        "paused" => (
            "一時停止しました。送信中のもの以外は止まります。",
            "Paused. What is under way ends, the rest waits.",
        ),
        "resumed" => ("再開しました。", "It goes on."),
        "cancelled" => ("中止しました。これ以上は送りません。", "Cancelled. Nothing more goes out."),
        "settled" => ("記録しました。再送はしません。", "Recorded. It is not sent again."),
        "measured" => ("いま分かっている注文で計算し直しました。", "Measured with the orders known now."),
        "post_looked" => ("期日が来たものを調べました。", "What has fallen due is in the list."),
        "post_cancelled" => (
            "束を取り消し、待ち行列に戻しました。印刷したものは廃棄してください。",
            "The batch is given back: its pieces wait in line again. Destroy what was printed.",
        ),
        "post_posted" => ("投函を記録しました。", "The posting is written down."),
        "tried" => ("お店の宛先へお試しを送りました。", "The try is on its way to the shop's own mailboxes."),
        _ => return None,
    })
}

/// A page from its template.
pub fn render(template: &impl Template) -> Result<Response, Fault> {
    match template.render() {
        Ok(html) => Ok(Html(html).into_response()),
        Err(why) => Err(Fault::Broken(why.into())),
    }
}
