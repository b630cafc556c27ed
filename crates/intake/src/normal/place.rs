//! Prefectures, and addresses that begin with one.

/// In the order of JIS X 0401.
pub(crate) const PREFECTURES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// The prefecture (from its own cell, or from the front of the address) and what follows it.
pub(crate) fn split(prefecture: &str, address: &str) -> (Option<String>, Option<String>) {
    let own = Some(prefecture).filter(|p| !p.is_empty());
    let front = PREFECTURES.iter().copied().find(|p| address.starts_with(p));
    let rest = match (own, front) {
        (Some(own), Some(front)) if own != front => address,
        (_, Some(front)) => address[front.len()..].trim_start(),
        _ => address,
    };
    (own.or(front).map(str::to_owned), Some(rest.to_owned()).filter(|r| !r.is_empty()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn prefecture_and_rest() {
        for (own, address, expected) in [
            ("", "東京都千代田区1-1", (Some("東京都"), Some("千代田区1-1"))),
            ("東京都", "東京都 千代田区1-1", (Some("東京都"), Some("千代田区1-1"))),
            ("京都府", "京都市", (Some("京都府"), Some("京都市"))),
            ("", "", (None, None)),
        ] {
            let (p, a) = super::split(own, address);
            assert_eq!((p.as_deref(), a.as_deref()), expected, "{address}");
        }
    }
}
