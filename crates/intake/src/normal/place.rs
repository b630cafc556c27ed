//! Addresses that begin with a prefecture.

use model::PREFECTURES;

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
