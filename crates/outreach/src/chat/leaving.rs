//! Whether an answer asks to be left alone.

/// Longest answer that can be nothing but that, in characters.
const SHORT: usize = 30;

/// An answer that is one of these, and nothing else, asks for it.
const ALONE: [&str; 16] = [
    "停止",
    "解除",
    "不要",
    "いらない",
    "いりません",
    "要りません",
    "中止",
    "やめて",
    "やめてください",
    "止めて",
    "止めてください",
    "ストップ",
    "退会",
    "stop",
    "unsubscribe",
    "quit",
];

/// A short answer that holds one of these asks for it.
const WITHIN: [&str; 14] = [
    "配信停止",
    "配信を停止",
    "配信をやめ",
    "配信を止め",
    "配信不要",
    "配信解除",
    "配信を解除",
    "送信停止",
    "送らないで",
    "送ってこないで",
    "送信しないで",
    "連絡しないで",
    "連絡不要",
    "メッセージ不要",
];

/// Whether this answer to a message asks for no more of them (L-09): short and plain, since a longer one is for
/// a person to read.
pub fn asks_to_stop(text: &str) -> bool {
    if asks_otherwise(text) {
        return false;
    }
    let plain = |c: &char| !c.is_whitespace() && !"。、．，.,!！?？「」『』・〜~ー-".contains(*c);
    let text: String = text.chars().filter(plain).map(narrow).collect();
    let said = text.to_lowercase();
    said.chars().count() <= SHORT
        && (ALONE.iter().any(|word| said == folded(word)) || WITHIN.iter().any(|word| said.contains(word)))
}

/// Whether it is a question, or about taking back what was stopped.
pub(crate) fn asks_otherwise(text: &str) -> bool {
    const ASKED: [&str; 4] = ["方法", "教えて", "？", "?"];
    const BACK: [&str; 4] = ["解除", "再開", "取消", "取り消"];
    let after = ["停止", "解除"].iter().filter_map(|word| Some(text.split_once(word)?.1));
    ASKED.iter().any(|word| text.contains(word))
        || after.into_iter().any(|rest| BACK.iter().any(|word| rest.contains(word)))
}

fn folded(word: &str) -> String {
    word.chars().filter(|c| *c != 'ー').collect()
}

/// Full-width Latin letters as others.
fn narrow(c: char) -> char {
    match c {
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::asks_to_stop;

    #[test]
    fn only_a_plain_wish_is_taken_for_one() {
        for (text, asks) in [
            ("配信停止", true),
            ("配信停止をお願いします。", true),
            ("ＳＴＯＰ", true),
            ("Stop!", true),
            ("ストップ", true),
            ("もう送らないでください", true),
            ("いりません", true),
            ("この商品はもういりませんか？", false),
            ("定期購入を停止したいのですが、次の発送はいつでしょうか。教えていただけると助かります", false),
            ("解除の方法を教えてください", false),
            ("止まらない美味しさでした", false),
            ("配信停止を解除したい", false),
            ("配信停止の方法は？", false),
            ("配信解除をお願いします", true),
            ("ありがとう", false),
            ("", false),
        ] {
            assert_eq!(asks_to_stop(text), asks, "{text}");
        }
    }
}
