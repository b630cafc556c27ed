//! The rules that may refuse a customer, as dated data.

/// One rule. Nothing here is legal advice: a rule that rests on common knowledge alone
/// is `verified: false` and `mezame doctor` lists it for the operator's own check.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// `L-01`.. from law and channel practice; a plain word where it is no law.
    pub id: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    pub source: &'static str,
    pub as_of: &'static str,
    pub verified: bool,
}

const fn read(id: &'static str, ja: &'static str, en: &'static str, source: &'static str) -> RuleInfo {
    RuleInfo { id, ja, en, source, as_of: "2026-11-21", verified: true }
}

const fn known(id: &'static str, ja: &'static str, en: &'static str, source: &'static str) -> RuleInfo {
    RuleInfo { id, ja, en, source, as_of: "2026-11-21", verified: false }
}

/// Every rule this release applies.
pub const RULES: &[RuleInfo] = &[
    read(
        "L-01",
        "広告メール・SMSの同意の記録がありません",
        "no record of consent to advertising",
        "特定電子メール法3条1項",
    ),
    read(
        "L-03",
        "取引関係だけでは、通信販売の広告を消費者に送れません",
        "a business relation alone does not allow mail-order advertising to a consumer",
        "特定商取引法12条の3",
    ),
    read("L-09", "配信停止の申し出があります", "has asked not to be written to", "特定電子メール法3条3項"),
    read("L-12", "電話を断られています", "has refused telephone calls", "特定商取引法17条"),
    read(
        "L-17",
        "広告配信へのデータ利用の同意がありません",
        "no consent to the use for ads",
        "個人情報保護法27条",
    ),
    read("L-35", "SMSを受け取れる携帯番号がありません", "no mobile number that takes SMS", "各社SMS API仕様"),
    known(
        "L-40",
        "メールアドレスが届かないと分かっています",
        "the mail address is known to be dead",
        "送信事業者の基準",
    ),
    known(
        "L-42",
        "DM停止、または宛先不明です",
        "no post wanted, or the address is known to be wrong",
        "JADMA・JDMAの実務",
    ),
    read("L-43", "クレーム対応が終わっていません", "a complaint is still open", "業界の実務"),
    read(
        "L-46",
        "LINEの友だちではないか、ブロックされています",
        "not a LINE friend, or has blocked the account",
        "LINE Developers",
    ),
    known(
        "L-47",
        "モールの購入者です。モールの外から連絡できません",
        "bought on a mall: may not be contacted outside it",
        "各モールの規約",
    ),
    known("deceased", "お亡くなりになっています", "deceased", "M156"),
    known("withdrawn", "退会されています", "has left the membership", "M161"),
    known("excluded", "お店が対象外としています", "kept out by the shop", "M165"),
    known("no_address", "連絡先がありません", "no address for this channel", ""),
];

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static RuleInfo> {
    RULES.iter().find(|r| r.id == id)
}
