//! How far a figure of a channel can be trusted: counted itself, stood in for by another, or not to be had (M136).

use model::{Channel, ResponseKind};

/// How a figure comes about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measured {
    /// The thing itself is counted.
    Measured,
    /// Something that goes with it is counted.
    Proxy,
    /// Nothing tells.
    NotMeasurable,
}

impl Measured {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Measured::Measured => "measured",
            Measured::Proxy => "proxy",
            Measured::NotMeasurable => "not_measurable",
        }
    }
    /// As written on a Japanese page.
    pub const fn ja(self) -> &'static str {
        match self {
            Measured::Measured => "実測",
            Measured::Proxy => "代用値",
            Measured::NotMeasurable => "計測不可",
        }
    }
    /// As written on an English page.
    pub const fn en(self) -> &'static str {
        match self {
            Measured::Measured => "measured",
            Measured::Proxy => "proxy",
            Measured::NotMeasurable => "not measurable",
        }
    }
}

/// What stands beside a figure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label {
    pub how: Measured,
    /// Why, for people.
    pub ja: &'static str,
    pub en: &'static str,
}

const fn label(how: Measured, ja: &'static str, en: &'static str) -> Label {
    Label { how, ja, en }
}

/// The label of a figure by channel.
pub const fn measured(channel: Channel, kind: ResponseKind) -> Label {
    use Measured::{Measured as Counted, NotMeasurable, Proxy};
    use ResponseKind::*;
    match (channel, kind) {
        (_, Ordered) => label(Counted, "取り込んだ受注で数えています。", "Counted from imported orders."),
        (_, Redeemed) => label(
            Counted,
            "受注に残ったクーポンコードで数えています。",
            "Counted from coupon codes on orders.",
        ),
        (_, OptOut | Preference | Reply) => {
            label(Counted, "届いたお申し出を数えています。", "Counted from what people sent us.")
        }
        (Channel::Mail, Open) => label(
            Proxy,
            "画像の取得数です。画像を表示しない方は数えられず、メールソフトの自動取得も混ざります。",
            "Pictures fetched: people who load none are missed, and mail programs fetch by themselves.",
        ),
        (Channel::Mail, Delivered) => label(
            Proxy,
            "相手のサーバーが受け取り、戻って来なかった通数です。受信箱に入ったかは分かりません。",
            "Taken by the other server and not sent back; whether it reached the inbox is not known.",
        ),
        (Channel::Mail, Complaint) => label(
            Proxy,
            "報告の仕組みを持つメール事業者の分だけです。実際はこれより多くなります。",
            "Only from mail providers that report; the truth is higher.",
        ),
        (Channel::Mail, Click) => label(
            Counted,
            "リンクが開かれた数です。検査プログラムによるものは分けて示します。",
            "Links followed; those by scanners are shown apart.",
        ),
        (Channel::Mail, HardBounce | SoftBounce) => {
            label(Counted, "戻って来た通知を数えています。", "Counted from what was sent back.")
        }
        (Channel::Sms, Delivered | HardBounce | SoftBounce) => {
            label(Counted, "通信事業者の配信結果です。", "The carrier's delivery report.")
        }
        (Channel::Sms, Open) => {
            label(NotMeasurable, "SMSには開封を知る手段がありません。", "SMS has no way of telling.")
        }
        (Channel::Line, Open) => label(
            Proxy,
            "LINEが集計した人数です。個人ごとには分かりません。",
            "LINE's own total; not known per person.",
        ),
        (Channel::Sms | Channel::Line, Click) => {
            label(Counted, "リンクが開かれた数です。", "Links followed.")
        }
        (Channel::Line, Delivered | HardBounce | SoftBounce) => {
            label(Proxy, "LINEが受け付けた数です。", "What LINE accepted.")
        }
        (Channel::Post, Open) => label(
            Proxy,
            "開封は分からないため、QRコードの読み取りと申し込みで代用します。",
            "Opening cannot be seen: QR codes scanned and answers stand in for it.",
        ),
        (Channel::Post, Click) => label(Counted, "QRコードの読み取り数です。", "QR codes scanned."),
        (Channel::Post, Delivered) => {
            label(Proxy, "投函した通数から、戻って来た通数を引いた数です。", "Posted less returned.")
        }
        (Channel::Post, HardBounce | SoftBounce) => {
            label(Counted, "宛先不明などで戻った通数です。", "Returned by the post.")
        }
        (Channel::Phone, Delivered | HardBounce | SoftBounce) => {
            label(Counted, "通話の結果として記録した数です。", "Written down as the result of a call.")
        }
        (Channel::Ads, Open | Click | Delivered) => label(
            Proxy,
            "広告媒体の集計です。個人ごとには分かりません。",
            "The platform's own total; not known per person.",
        ),
        (Channel::Ads, HardBounce | SoftBounce)
        | (Channel::Phone, Open | Click)
        | (Channel::Sms | Channel::Line | Channel::Post | Channel::Phone | Channel::Ads, Complaint) => {
            label(NotMeasurable, "この連絡手段では計測できません。", "Cannot be measured by this channel.")
        }
    }
}
