//! An SMS as it will arrive: short, from a shop that can be told from a fraud, and easy to say no to.

mod links;
mod short;

use super::fold::{Term, find, term};
use super::letter::opt_out;
use super::{Level, Remark};
use crate::{SmsLimits, sms_size};
use links::{action, checkable, hosts, links};
use model::{Name, ShopProfile};
use short::short;

/// What frauds ask for (L-33): no shop's advertisement does.
const FRAUD: &[Term] = &[
    term("本人確認"),
    term("ご本人様確認"),
    term("再配達"),
    term("持ち帰りました"),
    term("不在通知"),
    term("未納"),
    term("未払い"),
    term("滞納"),
    term("延滞"),
    term("差し押さえ"),
    term("法的措置"),
    term("法的手続"),
    term("ログインして"),
    term("パスワード"),
    term("暗証番号"),
    term("認証コード"),
    term("口座番号"),
    term("カード番号"),
    term("カード情報"),
    term("カードの確認"),
    term("不正利用"),
    term("不正アクセス"),
    term("不審なログイン"),
    term("アカウントを停止"),
    term("アカウントが停止"),
    term("アカウントの確認"),
    term("利用停止"),
    term("利用を制限"),
    term("還付金"),
    term("最終通告"),
    term("最終通知"),
];

/// What frauds begin with (L-33): to be said otherwise.
const URGENT: &[Term] = &[
    term("至急"),
    term("緊急"),
    term("大至急"),
    term("重要なお知らせ"),
    term("重要なご連絡"),
    term("当選"),
    term("ご確認が必要"),
    term("必ずご確認"),
];

/// One SMS and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct SmsWords<'a> {
    /// As it will arrive, links included.
    pub text: &'a str,
    /// Where this customer opts out, as it stands in the text: a link or a telephone number.
    pub opt_out: &'a str,
    pub limits: &'a SmsLimits,
    /// Hosts for links that the shop has registered beside its own domains.
    pub hosts: &'a [String],
    /// Whose it is, so that the name can be looked for.
    pub name: &'a Name,
    /// Whether the number is known to be this customer's still (they confirmed it, or answered from it).
    pub verified: bool,
    /// Whether the shop wants the preset `short20`.
    pub short20: bool,
}

/// The SMS of a step as a made-up customer would get it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SmsSample {
    /// The step's name.
    pub step: String,
    pub text: String,
    pub opt_out: String,
    pub limits: SmsLimits,
    pub hosts: Vec<String>,
    pub name: Name,
    pub short20: bool,
}

impl SmsSample {
    /// To a number of which nobody knows whose it is by now: that of some customer always is one.
    pub(super) fn words(&self) -> SmsWords<'_> {
        SmsWords {
            text: &self.text,
            opt_out: &self.opt_out,
            limits: &self.limits,
            hosts: &self.hosts,
            name: &self.name,
            verified: false,
            short20: self.short20,
        }
    }
}

/// Every remark on an SMS, the gravest first; its parts and price are always among them (L-31).
pub fn lint_sms(words: &SmsWords<'_>, shop: &ShopProfile) -> Vec<Remark> {
    let links = links(words.text);
    let mut remarks = vec![length(words)];
    remarks.extend(characters(words.text));
    remarks.extend(opener(words.text, shop));
    remarks.extend(hosts(&links, words, shop));
    remarks.extend(fraud(words.text));
    remarks.extend(action(&links, words));
    remarks.extend(opt_out("text", words.text, words.opt_out));
    remarks.extend(named(words));
    remarks.extend(checkable(&links, words.text, shop));
    if words.short20 {
        remarks.extend(short(&links, words, shop));
    }
    remarks.sort_by_key(|r| r.level);
    remarks
}

/// The figures of L-31.
fn length(words: &SmsWords<'_>) -> Remark {
    let size = sms_size(words.text, words.limits);
    let (units, parts, most) = (size.units, size.parts, words.limits.most);
    let remark = Remark::of("L-31", "text");
    if size.over {
        return remark.saying(
            format!("{units}文字あります。送れるのは{most}文字までです"),
            format!("{units} characters, and the provider takes {most}"),
        );
    }
    let (ja, en) = match size.price {
        0 => (String::new(), String::new()),
        price => (format!("、料金は{}円（税別）", yen(price)), format!(", {} yen without tax", yen(price))),
    };
    remark.level(Level::Note).saying(
        format!("{units}文字、{parts}通分{ja}です"),
        format!("{units} characters, charged as {parts}{en}"),
    )
}

/// Hundredths of a yen as yen.
fn yen(hundredths: u64) -> String {
    match hundredths % 100 {
        0 => (hundredths / 100).to_string(),
        rest => format!("{}.{rest:02}", hundredths / 100),
    }
}

/// Characters that some telephone shows as another, or not at all (L-32).
fn characters(text: &str) -> Option<Remark> {
    let mut found: Vec<String> = vec![];
    for c in text.chars().filter(|c| odd(*c)).map(String::from) {
        if !found.contains(&c) {
            found.push(c);
        }
    }
    (!found.is_empty()).then(|| Remark::of("L-32", "text").found(found))
}

/// Emoji and their joints, half-width kana, and what JIS X 0208 lacks: circled and Roman numbers, units and words
/// in one box, and the kanji that NEC and IBM added.
fn odd(c: char) -> bool {
    matches!(c,
        '\u{10000}'.. | '\u{FF61}'..='\u{FF9F}' | '\u{FE00}'..='\u{FE0F}' | '\u{200B}'..='\u{200F}'
        | '\u{2600}'..='\u{2604}' | '\u{2607}'..='\u{263F}' | '\u{2641}' | '\u{2643}'..='\u{2669}'
        | '\u{266B}'..='\u{266C}' | '\u{266E}' | '\u{2670}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{2150}'..='\u{218F}' | '\u{2460}'..='\u{24FF}' | '\u{2116}' | '\u{2121}' | '\u{2122}'
        | '\u{301D}'..='\u{301F}' | '\u{3200}'..='\u{33FF}' | '\u{AC00}'..='\u{FAFF}'
    ) || ADDED.contains(c)
}

/// The kanji of CP932 that are not in JIS X 0208 (those from U+F900 on apart).
const ADDED: &str = "丨仡仼伀伃伹佖侊侒侔侚俉俍俿倞倢偀偂偆偰傔僘僴兊兤冝冾凬刕劜劦劯勀勛匀匇匤卲厓厲叝咊咜咩哿喆坙坥垬埇\
    埈增墲夋奓奛奝奣妤妺孖寀寘寬尞岦岺峵崧嵂嵓嵭嶸嶹巐弡弴彅彧德忞恝悅悊惕惞惲愑愠愰愷憘戓抦揵摠撝擎敎昀\
    昉昕昞昤昮昱昻晗晙晥晳暙暠暲暿曺曻朎杦枻柀栁桄桒棈棏楨榘槢樰橆橫橳橾櫢櫤毖氿汜汯沆泚洄浯涇涖涬淏淲淸\
    淼渧渹渼湜溿澈澵濵瀅瀇瀨炅炫炻焄焏煆煇煜燁燾犱犾猤獷玽珉珒珖珣珵琇琦琩琪琮瑢璉璟甁甯畯皂皛皜皞皦睆砡\
    硎硤硺礰禔禛竑竧竫箞絈絜綠綷緖繒纊罇羡茁荢荿菇菶葈蒴蓜蕓蕙蕫薰蠇裵褜訒訷詹誧誾諟諶譓譿賰賴贒赶軏遧郞\
    鄕鄧釗釚釞釤釥釭釮鈆鈊鈐鈹鈺鈼鉀鉎鉑鉙鉧鉷鉸銈銧鋐鋓鋕鋗鋙鋠鋧鋹鋻鋿錂錝錞錡錥鍈鍗鍰鎤鏆鏞鏸鐱鑅鑈閒\
    隝隯霳霻靃靍靏靑靕顗顥餧馞驎髙髜魲魵鮏鮱鮻鰀鵫鵰鸙黑";

/// The shop's name stands first, or within the first brackets (M086, L-33).
fn opener(text: &str, shop: &ShopProfile) -> Option<Remark> {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let names = [&shop.name, &shop.legal_name].map(|name| plain(name));
    let mut names = names.iter().filter(|name| !name.is_empty());
    let whole = plain(text);
    let start =
        whole.trim_start_matches(['【', '「', '『', '［', '[', '（', '(', '＜', '<', '《', '■', '◆', '●']);
    if names.clone().any(|name| start.starts_with(name.as_str())) {
        return None;
    }
    let remark = Remark::of("M086", "text");
    if names.any(|name| whole.contains(name.as_str())) {
        return Some(remark.level(Level::Warn).saying(
            "店名はありますが、先頭にありません。最初の数文字で、どこからの連絡か分かるようにしてください",
            "the shop's name is there, but not first: the first characters say who is writing",
        ));
    }
    Some(remark)
}

fn fraud(text: &str) -> Vec<Remark> {
    let told = [
        (FRAUD, Level::Block, "なりすましSMSと同じ言葉があります", "words that frauds write"),
        (URGENT, Level::Warn, "なりすましSMSと見られやすい言葉があります", "words that frauds begin with"),
    ];
    let remarks = told.map(|(terms, level, ja, en)| {
        let found = find(text, terms);
        (!found.is_empty()).then(|| Remark::of("L-33", "text").level(level).saying(ja, en).found(found))
    });
    remarks.into_iter().flatten().collect()
}

/// No name to a number that may be another's by now (M163).
fn named(words: &SmsWords<'_>) -> Option<Remark> {
    const TITLES: [&str; 5] = ["様", "さま", "さん", "殿", "先生"];
    if words.verified {
        return None;
    }
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let text = plain(words.text);
    let (family, given) = (plain(&words.name.family), plain(&words.name.given));
    let whole = format!("{family}{given}");
    let titled = |name: &str| !name.is_empty() && TITLES.iter().any(|t| text.contains(&format!("{name}{t}")));
    // A whole name needs no title; one of a character or two could be any word.
    let bare = whole.chars().count() > 2 && text.contains(&whole);
    (bare || [&whole, &family, &given].into_iter().any(|name| titled(name))).then(|| {
        // The name itself is not repeated.
        Remark::of("M163", "text").level(Level::Block).saying(
            "本人のものと確かめられていない番号に、お名前を入れて送ることはできません",
            "a number that may be another's by now is not told the customer's name",
        )
    })
}
