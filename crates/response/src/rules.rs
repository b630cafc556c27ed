//! The rules that tell a program from a person, as data: changing one changes a judgement, never a response.

/// One rule: what is seen, and why it is no person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuleInfo {
    pub id: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
}

/// Every rule of `judge`, in the order in which they are tried: the first that holds names the verdict.
pub const RULES: &[RuleInfo] = &[
    RuleInfo {
        id: "B-01",
        ja: "本文に見えないリンクが開かれた前後10分以内に、同じネットワークから届いた反応です。",
        en: "Within 10 minutes of the link nobody sees being followed from the same network.",
    },
    RuleInfo {
        id: "B-02",
        ja: "内容を受け取らずに確認だけをする通信(HEAD)です。",
        en: "A request that only asks whether something is there (HEAD).",
    },
    RuleInfo {
        id: "B-03",
        ja: "検査や収集を行うプログラムが名乗る名前です。",
        en: "It calls itself by the name of a program that checks or collects.",
    },
    RuleInfo {
        id: "B-04",
        ja: "メールを開かなくても画像を取得する仕組み(Appleのメールプライバシー保護など)による取得です。",
        en: "Fetched by a service that loads pictures whether or not the letter is opened (Apple's Mail Privacy Protection).",
    },
    RuleInfo {
        id: "B-05",
        ja: "画像を代理で取得する仕組みが、送信から60秒以内に取得しました。届いた直後の自動取得と区別できません。",
        en: "A picture proxy fetched it within 60 seconds of sending, as it also does by itself on arrival.",
    },
    RuleInfo {
        id: "B-06",
        ja: "送信から2秒以内のクリックです。人が読んで押せる時間ではありません。",
        en: "A click within 2 seconds of sending: nobody reads that fast.",
    },
    RuleInfo {
        id: "B-07",
        ja: "1通の中の3つ以上の異なるリンクが、同じネットワークから2秒以内に開かれました。",
        en: "Three or more different links of one letter followed from one network within 2 seconds.",
    },
    RuleInfo {
        id: "B-08",
        ja: "同じネットワークの同じプログラムが、1分以内に5通以上のリンクを開きました。",
        en: "One program in one network followed links of five or more letters within a minute.",
    },
];

/// The rule with an id, as `judge` gives it.
pub fn rule(id: &str) -> Option<&'static RuleInfo> {
    RULES.iter().find(|rule| rule.id == id)
}

/// B-03: parts of the names of programs that check or collect, in lower case.
pub(crate) const PROGRAMS: &[&str] = &[
    // Robots name the page that explains them; "bot" alone would take the owners of a CUBOT phone.
    "+http",
    "googlebot",
    "bingbot",
    "slackbot",
    "twitterbot",
    "crawler",
    "spider",
    "scanner",
    "preview",
    "facebookexternalhit",
    "barracuda",
    "mimecast",
    "proofpoint",
    "symantec",
    "trendmicro",
    "curl/",
    "wget/",
    "python-requests",
    "python-urllib",
    "go-http-client",
    "java/",
    "okhttp",
    "headlesschrome",
    "phantomjs",
];

/// B-04: fetches every picture on arrival. Apple's proxies say no more than this (the whole name);
/// a mail service that tells such openings apart is written down so by `outreach`.
pub(crate) const FETCHES_ALWAYS: &[&str] = &["mozilla/5.0", "machine open"];

/// B-05: fetches for the reader when the letter is opened, at times by itself on arrival: a part of
/// the name, in lower case.
pub(crate) const FETCHES_FOR_READER: &[&str] = &["googleimageproxy", "ggpht.com", "yahoomailproxy"];
