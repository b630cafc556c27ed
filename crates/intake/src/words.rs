//! Values that any source may write, with our words: what holds where a format says nothing.

use crate::field::Field;
use crate::normal::text::key;
use model::{ActivityKind, Basis, Channel, StopReason, SubscriptionStatus};

type Table = &'static [(&'static str, &'static [&'static str])];

const STATUS: Table = &[
    (
        "completed",
        &[
            "completed",
            "complete",
            "完了",
            "発送済み",
            "発送済",
            "発送完了",
            "出荷済み",
            "出荷済",
            "配送",
            "配達完了",
            "入金済み",
            "入金済",
            "支払済み",
            "支払済",
            "対応済み",
            "処理済み",
            "処理済",
            "paid",
            "shipped",
            "fulfilled",
            "delivered",
            "processing",
        ],
    ),
    (
        "pending",
        &[
            "pending",
            "新規受付",
            "新規",
            "受付",
            "未入金",
            "入金待ち",
            "支払待ち",
            "未処理",
            "処理中",
            "未発送",
            "未対応",
            "on-hold",
            "unpaid",
        ],
    ),
    (
        "cancelled",
        &[
            "cancelled",
            "canceled",
            "cancel",
            "キャンセル",
            "注文キャンセル",
            "キャンセル済み",
            "取消",
            "取り消し",
            "注文取消し",
            "取消済み",
            "voided",
            "failed",
            "無効",
        ],
    ),
    ("returned", &["returned", "返品", "返品済み", "返品完了", "返送", "refunded", "返金済み"]),
    ("refused", &["refused", "受取拒否", "受け取り拒否", "受取拒絶", "受取辞退", "受け取り辞退"]),
    ("checkout", &["checkout", "購入処理中", "決済処理中", "checkout-draft"]),
    ("refund", &["refund", "返金"]),
    ("drop", &["drop", "draft", "下書き"]),
];
const CONSENT: Table = &[
    (
        "yes",
        &[
            "yes",
            "y",
            "true",
            "1",
            "on",
            "希望",
            "希望する",
            "購読",
            "購読する",
            "受け取る",
            "受信する",
            "可",
            "許可",
            "同意",
            "同意する",
            "同意済み",
            "はい",
            "○",
            "〇",
            "◯",
            "有",
            "あり",
            "配信",
            "配信する",
            "要",
            "subscribed",
        ],
    ),
    (
        "no",
        &[
            "no",
            "n",
            "false",
            "0",
            "off",
            "希望しない",
            "不要",
            "購読しない",
            "受け取らない",
            "受信しない",
            "いいえ",
            "×",
            "無",
            "なし",
            "配信しない",
            "同意しない",
            "not_subscribed",
        ],
    ),
    (
        "stop",
        &[
            "stop",
            "停止",
            "配信停止",
            "解除",
            "拒否",
            "不可",
            "禁止",
            "unsubscribed",
            "opt-out",
            "opted_out",
            "停止中",
        ],
    ),
];
const MEMBERSHIP: Table = &[
    ("member", &["member", "会員", "本会員", "有効", "正会員", "active"]),
    ("guest", &["guest", "ゲスト", "非会員"]),
    ("provisional", &["provisional", "仮会員", "仮登録"]),
    ("withdrawn", &["withdrawn", "退会", "退会済み", "退会済", "退会会員"]),
    ("contact", &["contact", "リード", "見込客", "lead"]),
    ("drop", &["drop", "名寄せ済み"]),
];
const LINE_KIND: Table = &[("product", &["product", "商品", "通常"])];
const SUBSCRIPTION: Table = &[
    ("running", &["有効", "継続", "契約中", "active", "稼働中"]),
    ("paused", &["休止", "停止中", "停止", "pause"]),
    ("cancelled", &["解約済み", "解約済", "無効", "キャンセル", "終了", "canceled", "cancel"]),
];
const ACTIVITY: Table = &[
    ("contact", &["訪問", "電話", "商談", "面談", "架電", "来訪", "call", "meeting"]),
    ("visit", &["訪問(サイト)", "閲覧", "page_view", "アクセス"]),
    ("interest", &["問い合わせ", "資料請求", "サンプル", "お問い合わせ", "inquiry", "click"]),
    ("advocacy", &["紹介", "口コミ", "レビュー", "review", "referral"]),
    ("complaint_opened", &["クレーム", "苦情"]),
];
const CHANNEL: Table = &[
    ("mail", &["メルマガ", "email", "e-mail", "電子メール"]),
    ("line", &["ライン"]),
    ("sms", &["ショートメール"]),
    ("post", &["郵便", "dm", "はがき", "郵送", "ダイレクトメール"]),
    ("phone", &["tel", "テレマ"]),
    ("all", &["all", "全て", "すべて", "全部", "全チャネル"]),
];
const STOP: Table = &[
    ("mail_opt_out", &["メルマガ停止", "メール停止", "配信停止", "unsubscribed", "unsubscribe"]),
    ("post_stop", &["dm不可", "dm不要", "dm拒否", "郵送不可"]),
    ("phone_refusal", &["電話拒否", "架電不可", "tel不可"]),
    ("complaint", &["クレーム"]),
    ("deceased", &["死亡", "故人"]),
    ("bad_address", &["不達", "宛先不明", "転居先不明", "bounce"]),
];

/// Our word for a value of this field, when it is one that any source may use.
pub(crate) fn common(field: Field, value: &str) -> Option<&'static str> {
    let value = key(value);
    let table: Table = match field {
        Field::Status => STATUS,
        Field::Membership => MEMBERSHIP,
        Field::LineKind => LINE_KIND,
        Field::SubscriptionStatus => SUBSCRIPTION,
        Field::Activity => ACTIVITY,
        Field::Channel => CHANNEL,
        Field::Stop | Field::Reason => STOP,
        Field::Agreed | Field::Sensitive => CONSENT,
        f if consent_channel(f).is_some() => CONSENT,
        _ => &[],
    };
    let own = |words: &[(&'static str, &'static str)]| {
        words.iter().find(|(word, ja)| *word == value || key(ja) == value).map(|(word, _)| *word)
    };
    let listed = table.iter().find(|(_, theirs)| theirs.contains(&value.as_str())).map(|(word, _)| *word);
    listed.or_else(|| match field {
        Field::SubscriptionStatus => own(&words_of(SubscriptionStatus::ALL, |v| (v.word(), v.ja()))),
        Field::Activity => own(&words_of(ActivityKind::ALL, |v| (v.word(), v.ja()))),
        Field::Channel => own(&words_of(Channel::ALL, |v| (v.word(), v.ja()))),
        Field::Basis => own(&words_of(Basis::ALL, |v| (v.word(), v.ja()))),
        Field::Stop | Field::Reason => own(&words_of(StopReason::ALL, |v| (v.word(), v.ja()))),
        _ => None,
    })
}

fn words_of<T: Copy>(
    all: &[T],
    words: fn(T) -> (&'static str, &'static str),
) -> Vec<(&'static str, &'static str)> {
    all.iter().map(|v| words(*v)).collect()
}

/// The channel whose consent a field holds.
pub(crate) fn consent_channel(field: Field) -> Option<Channel> {
    Some(match field {
        Field::MailConsent => Channel::Mail,
        Field::SmsConsent => Channel::Sms,
        Field::LineConsent => Channel::Line,
        Field::PostConsent => Channel::Post,
        Field::PhoneConsent => Channel::Phone,
        Field::AdsConsent => Channel::Ads,
        _ => return None,
    })
}

/// The stop that closes one channel; without a channel, everything.
pub(crate) fn stop_of(channel: Option<Channel>) -> StopReason {
    match channel {
        Some(Channel::Mail) => StopReason::MailOptOut,
        Some(Channel::Sms) => StopReason::SmsOptOut,
        Some(Channel::Line) => StopReason::LineBlock,
        Some(Channel::Post) => StopReason::PostStop,
        Some(Channel::Phone) => StopReason::PhoneRefusal,
        Some(Channel::Ads) => StopReason::AdsOptOut,
        None => StopReason::Excluded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_values() {
        for (field, value, word) in [
            (Field::Status, "キャンセル", Some("cancelled")),
            (Field::Status, "ﾊｯｿｳ", None),
            (Field::MailConsent, "希望しない", Some("no")),
            (Field::PhoneConsent, "不可", Some("stop")),
            (Field::Membership, "退 会", Some("withdrawn")),
            (Field::Channel, "メール", Some("mail")),
            (Field::Channel, "Ｅ－ｍａｉｌ", Some("mail")),
            (Field::Reason, "電話不可", Some("phone_refusal")),
            (Field::Basis, "本人の同意", Some("opt_in")),
            (Field::Item, "1", None),
        ] {
            assert_eq!(common(field, value), word, "{value}");
        }
    }
}
