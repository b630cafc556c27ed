//! What a script for a call must say first (L-11): who calls, for whom, about which goods, and to sell.

use super::fold::{FIELD, Term, except, find, sentences, term};
use super::visible::of_words;
use super::{Level, Remark};
use model::{Campaign, Channel, ShopProfile, Step, StepKind, Trade};

/// Words by which a call says that it wants to sell.
const SELLS: &[Term] = &[
    term("勧誘"),
    except("販売", &["販売員", "販売店"]),
    except("営業", &["営業時間", "営業日", "営業所"]),
    term("セールス"),
    term("お買い求め"),
    term("ご購入のご案内"),
    term("ご購入のお願い"),
    term("ご購入をおすすめ"),
    term("ご注文のご案内"),
    term("ご注文のお願い"),
    term("ご注文をおすすめ"),
];

/// Words that name no kind of goods.
const NO_GOODS: [&str; 24] = [
    "商品",
    "製品",
    "サービス",
    "当社",
    "弊社",
    "当店",
    "本日",
    "今日",
    "今回",
    "電話",
    "案内",
    "紹介",
    "情報",
    "特別",
    "新",
    "件",
    "連絡",
    "提案",
    "用件",
    "得",
    "キャンペーン",
    "様",
    "担当",
    "季節",
];

/// One remark for each call that does not say it all before anything else.
pub(super) fn remarks(campaign: &Campaign, shop: &ShopProfile) -> Vec<Remark> {
    let variants = campaign.variant_numbers();
    let steps = variants.flat_map(|v| (0..campaign.steps.len()).filter_map(move |s| campaign.step_for(s, v)));
    let by_phone = |s: &Step| s.channel == Some(Channel::Phone) || s.else_channels.contains(&Channel::Phone);
    let calls = steps.filter(|s| by_phone(s) && s.kind != StepKind::Apology);
    calls.filter_map(|step| opening(&step, shop)).collect()
}

fn opening(step: &Step, shop: &ShopProfile) -> Option<Remark> {
    let said = first_part(&step.words.body);
    let lacks: Vec<(&str, &str)> = [
        (names_shop(said, shop), "社名（{{ shop }}）", "the company ({{ shop }})"),
        (asks(said, "caller"), "かける人の名前（{{ caller }}）", "the caller's name ({{ caller }})"),
        (names_goods(said), "商品の種類（例: お茶の販売）", "the kind of goods"),
        (sells(said), "勧誘の電話であること（例: ご購入のご案内）", "that it is a sales call"),
    ]
    .into_iter()
    .filter_map(|(there, ja, en)| (!there).then_some((ja, en)))
    .collect();
    if lacks.is_empty() {
        return None;
    }
    let (ja, en): (Vec<&str>, Vec<&str>) = lacks.into_iter().unzip();
    // The law protects consumers; a company is told the same, but nothing stops the call.
    let level = if shop.trade == Trade::Business { Level::Warn } else { Level::Block };
    Some(Remark::of("L-11", "body").at(&step.name).level(level).saying(
        format!("台本の冒頭（最初の見出しまで）で、次を伝えてください: {}", ja.join("、")),
        format!("before its first heading the script has to say: {}", en.join(", ")),
    ))
}

/// What is said before the first heading; where it begins with one, what stands under that.
fn first_part(body: &str) -> &str {
    let heading = |text: &str| if text.starts_with("## ") { Some(0) } else { text.find("\n## ") };
    let before = heading(body).map_or(body, |at| &body[..at]);
    if !before.trim().is_empty() {
        return before;
    }
    let under = body.trim_start().split_once('\n').map_or("", |(_, rest)| rest);
    heading(under).map_or(under, |at| &under[..at])
}

/// Whether a field is asked for.
fn asks(text: &str, field: &str) -> bool {
    let inner = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}"));
    inner.into_iter().any(|(inner, _)| inner.trim().split(['|', ' ']).next() == Some(field))
}

fn names_shop(text: &str, shop: &ShopProfile) -> bool {
    let named = |name: &str| !name.trim().is_empty() && text.contains(name.trim());
    asks(text, "shop") || named(&shop.name) || named(&shop.legal_name)
}

fn sells(text: &str) -> bool {
    !find(&of_words(text), SELLS).is_empty()
}

/// Whether the sentence that wants to sell says what: words of its own before the sale, a quoted name, or
/// what the customer bought.
fn names_goods(text: &str) -> bool {
    let field = asks(text, "last_product") || asks(text, "offer");
    let visible = of_words(text);
    sentences(&visible).any(|sentence| {
        let Some(place) = find(sentence, SELLS).first().and_then(|hit| sentence.find(hit.as_str())) else {
            return false;
        };
        let before = sentence[..place].rsplit(['、', ',', '，']).next().unwrap_or_default();
        let mut goods = before.to_owned();
        NO_GOODS.iter().for_each(|word| goods = goods.replace(word, ""));
        let own = |c: char| c.is_alphabetic() && !('ぁ'..='ゖ').contains(&c);
        goods.contains('「') || goods.chars().any(own) || (field && before.contains(FIELD))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Words;

    /// What L-11 misses in a script, in short.
    fn missing(body: &str) -> String {
        let shop = ShopProfile { name: "見本堂".to_owned(), ..ShopProfile::default() };
        let words = Words { body: body.to_owned(), ..Words::default() };
        let step =
            Step { name: "電話".to_owned(), channel: Some(Channel::Phone), words, ..Step::default() };
        let campaign = Campaign { steps: vec![step], ..Campaign::default() };
        let found = remarks(&campaign, &shop);
        assert!(found.len() < 2 && found.iter().all(|r| r.rule == "L-11" && r.level == Level::Block));
        let words = [("company", "社名"), ("caller", "名前"), ("goods", "種類"), ("sales", "勧誘の電話")];
        let ja = found.first().map_or("", |r| r.ja.as_str());
        words.iter().filter(|(_, w)| ja.contains(w)).map(|(k, _)| *k).collect::<Vec<_>>().join(" ")
    }

    /// M121, L-11.
    #[test]
    fn a_call_says_first_who_calls_and_why() {
        for (body, lacks) in [
            (
                "{{ shop }}の{{ caller }}です。お茶の販売のご案内でお電話しました。\n\n## 話せるとき\n新茶です。",
                "",
            ),
            ("見本堂の{{ caller }}と申します。\n{{ last_product | or(\"お茶\") }}のご購入のご案内です。", ""),
            ("{{ shop }}の{{caller}}です。「おせち」のご注文のご案内です。", ""),
            ("{{ shop }}の{{ caller }}です。商品の販売のご案内でお電話しました。", "goods"),
            ("{{ shop }}の{{ caller }}です。新茶の件でお電話しました。", "goods sales"),
            ("{{ shop }}です。前回ご注文いただいたお茶の営業のお電話です。", "caller"),
            ("{{ owner }}です。お茶の販売のご案内です。", "company caller"),
            ("{{ addressee }}でしょうか。", "company caller goods sales"),
            ("## はじめに\n{{ shop }}の{{ caller }}です。お茶の販売のお電話です。\n## 次に\nどうぞ。", ""),
            (
                "どうも。\n## あとで\n{{ shop }}の{{ caller }}です。お茶の販売のお電話です。",
                "company caller goods sales",
            ),
            ("{{ shop }}の{{ caller }}です。お茶の営業時間のお知らせです。", "goods sales"),
            ("", "company caller goods sales"),
        ] {
            assert_eq!(missing(body), lacks, "{body}");
        }
    }

    #[test]
    fn letters_and_apologies_are_no_sales_calls() {
        let shop = ShopProfile { trade: Trade::Business, ..ShopProfile::default() };
        for (channel, kind, level) in [
            (Channel::Mail, StepKind::News, None),
            (Channel::Phone, StepKind::Apology, None),
            (Channel::Phone, StepKind::News, Some(Level::Warn)),
        ] {
            let step = Step { channel: Some(channel), kind, ..Step::default() };
            let campaign = Campaign { steps: vec![step], ..Campaign::default() };
            assert_eq!(remarks(&campaign, &shop).first().map(|r| r.level), level);
        }
    }
}
