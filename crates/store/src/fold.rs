//! Names folded for searching only: widths, kana, case and spaces do not matter.

use model::Record;
use unicode_normalization::UnicodeNormalization;

/// The folded form: NFKC, no spaces, lower case, hiragana as katakana.
pub(crate) fn fold(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && *c != '\0')
        .flat_map(char::to_lowercase)
        .map(katakana)
        .collect()
}

fn katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        other => other,
    }
}

/// What a record can be searched by: name, reading, company.
pub(crate) fn names(record: &Record) -> Vec<String> {
    let n = &record.name;
    let company = record.company.as_deref().unwrap_or_default();
    let kana = [n.family_kana.as_str(), n.given_kana.as_str()].concat();
    let mut names: Vec<String> =
        [n.full().as_str(), &kana, company].map(fold).into_iter().filter(|name| !name.is_empty()).collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_form_for_many_spellings() {
        for spelling in ["ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ", "やまだ たろう", "やまだたろう"]
        {
            assert_eq!(super::fold(spelling), "ヤマダタロウ", "{spelling}");
        }
        assert_eq!(super::fold("Ｙａｍａｄａ Taro"), "yamadataro");
    }
}
