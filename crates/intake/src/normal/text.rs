//! Folding for comparing and matching; what people typed is never changed by it.

use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Half and full width made one.
pub(crate) fn width(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfkc().collect())
}

/// For headers and for values of a table: NFKC, without any blank or BOM, in lower case.
pub(crate) fn key(text: &str) -> String {
    let folded = width(text);
    let kept = folded.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}');
    kept.flat_map(char::to_lowercase).collect()
}

/// Variant kanji of names, each with the form it is compared by.
const VARIANTS: &[(&str, char)] = &[
    ("髙", '高'),
    ("﨑碕嵜", '崎'),
    ("齋斎齊", '斉'),
    ("邊邉", '辺'),
    ("澤", '沢'),
    ("濱濵", '浜'),
    ("嶋嶌", '島'),
    ("槗", '橋'),
    ("廣", '広'),
    ("眞", '真'),
    ("國", '国'),
    ("德", '徳'),
    ("靑", '青'),
    ("惠", '恵'),
    ("櫻", '桜'),
    ("瀨", '瀬'),
    ("藪", '薮'),
    ("龍", '竜'),
    ("圓", '円'),
    ("冨", '富'),
    ("淵", '渕'),
    ("曾", '曽'),
    ("蘆", '芦'),
    ("檜", '桧'),
    ("𠮷", '吉'),
    ("栁", '柳'),
    ("舘", '館'),
    ("峯", '峰'),
    ("靏靍", '鶴'),
    ("黑", '黒'),
    ("嶽", '岳'),
    ("條", '条'),
    ("榮", '栄'),
    ("壽", '寿'),
    ("實", '実'),
    ("應", '応'),
    ("關", '関'),
    ("來", '来'),
    ("會", '会'),
    ("萬", '万'),
    ("與", '与'),
    ("彌", '弥'),
    ("禮", '礼'),
    ("鐵", '鉄'),
    ("豐", '豊'),
    ("凉", '涼'),
    ("渚", '渚'),
    ("髮", '髪'),
    ("嵓", '岩'),
    ("巖", '巌'),
    ("薗", '園'),
    ("舩", '船'),
    ("籔", '薮'),
    ("桒", '桑'),
    ("﨟", '臈'),
    ("穗", '穂'),
    ("禎", '禎'),
    ("遙", '遥'),
    ("亙", '亘'),
    ("堯", '尭'),
    ("劍劔", '剣'),
    ("晉", '晋'),
    ("縣", '県'),
    ("螢", '蛍'),
    ("敎", '教'),
    ("淸", '清'),
    ("增", '増'),
    ("步", '歩'),
    ("賴", '頼'),
];

fn variant(c: char) -> char {
    VARIANTS.iter().find(|(forms, _)| forms.contains(c)).map_or(c, |(_, plain)| *plain)
}

fn katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        _ => c,
    }
}

/// A name for comparing: width, kana and variant kanji made one, without blanks.
pub fn fold_name(name: &str) -> String {
    let dots = ['・', '･', '.', ',', '　'];
    key(name).chars().filter(|c| !dots.contains(c)).map(|c| variant(katakana(c))).collect()
}

/// An address or other text for comparing: width, hyphens, 丁目 and 番地 made one.
pub fn fold_text(text: &str) -> String {
    let mut folded = key(text);
    for (number, kanji) in "一二三四五六七八九".chars().enumerate() {
        folded = folded.replace(&format!("{kanji}丁目"), &format!("{}-", number + 1));
    }
    for word in ["丁目", "番地の", "番地", "番", "号室", "号", "之", "の"] {
        let after_digit = |at: usize| folded[..at].ends_with(|c: char| c.is_ascii_digit());
        let cuts: Vec<usize> =
            folded.match_indices(word).map(|(at, _)| at).filter(|at| after_digit(*at)).collect();
        for at in cuts.into_iter().rev() {
            folded.replace_range(at..at + word.len(), "-");
        }
    }
    let dash = |c: char| if "‐‑‒–—―−ー".contains(c) { '-' } else { variant(katakana(c)) };
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars().map(dash) {
        if !(c == '-' && out.ends_with('-')) {
            out.push(c);
        }
    }
    out.trim_matches('-').to_owned()
}

/// A company for comparing: without its legal form.
pub(crate) fn fold_company(name: &str) -> String {
    let mut folded = fold_name(name);
    for form in ["株式会社", "有限会社", "合同会社", "合資会社", "(株)", "(有)", "(同)"] {
        folded = folded.replace(form, "");
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_alike() {
        for (a, b) in [
            ("髙橋　花子", "高橋花子"),
            ("山﨑", "山崎"),
            ("齋藤 一", "斉藤　一"),
            ("𠮷田", "吉田"),
            ("ﾔﾏﾀﾞ ﾀﾛｳ", "やまだ・たろう"),
            ("ＳＭＩＴＨ John", "smith john"),
        ] {
            assert_eq!(fold_name(a), fold_name(b), "{a}");
        }
        assert_ne!(fold_name("山田太郎"), fold_name("山田次郎"));
    }

    #[test]
    fn addresses_fold_alike() {
        for (a, b) in [
            ("千代田区丸の内１丁目２番３号", "千代田区丸の内1-2-3"),
            ("中央区銀座一丁目2−3", "中央区銀座 1ー2ー3"),
            ("港区芝1番地の2 ハイツ101号室", "港区芝1-2ハイツ101"),
        ] {
            assert_eq!(fold_text(a), fold_text(b), "{a}");
        }
        assert_ne!(fold_text("中央区銀座1-2-3"), fold_text("中央区銀座1-23"));
        assert_eq!(fold_company("㈱高山"), fold_company("株式会社高山"));
    }
}
