//! Text folded so that a word is found however it is typed: width, kana, case, gaps.

use std::ops::Range;

/// What stands for a field that is filled in later.
pub(super) const FIELD: char = '\u{FFFC}';

/// A text with one spelling for each sound, and the way back to what was typed.
pub(super) struct Folded {
    typed: Vec<char>,
    /// Each folded character and where it stands in `typed`.
    chars: Vec<(char, usize)>,
}

/// A word to look for, and longer words that hold it harmlessly. In both, `#` is a number as typed (`5,000`) and
/// `*` a number or a field.
#[derive(Clone, Copy)]
pub(super) struct Term {
    pub word: &'static str,
    pub not: &'static [&'static str],
}

/// A word without exceptions.
pub(super) const fn term(word: &'static str) -> Term {
    Term { word, not: &[] }
}

/// A word that means something else within these longer ones.
pub(super) const fn except(word: &'static str, not: &'static [&'static str]) -> Term {
    Term { word, not }
}

/// The words of these terms that a text holds, as typed, each once.
pub(super) fn find(text: &str, terms: &[Term]) -> Vec<String> {
    let folded = Folded::new(text);
    let mut found: Vec<String> = vec![];
    for hit in terms.iter().flat_map(|t| folded.hits(t)) {
        let typed = folded.typed_at(&hit);
        if !found.contains(&typed) {
            found.push(typed);
        }
    }
    found
}

/// The sentences of a visible text, in which words belong together.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['。', '\n', '！', '？', '!', '?']).filter(|s| !s.trim().is_empty())
}

/// What a sentence holds of `these` where it also holds one of `those`: both, as typed.
pub(super) fn find_both(text: &str, these: &[Term], those: &[Term]) -> Vec<String> {
    let pairs = sentences(text).map(|s| (find(s, these), find(s, those)));
    let pairs = pairs.filter(|(a, b)| !a.is_empty() && !b.is_empty());
    pairs.flat_map(|(a, b)| a.into_iter().chain(b)).collect()
}

impl Folded {
    pub(super) fn new(text: &str) -> Folded {
        let typed: Vec<char> = text.chars().collect();
        let mut chars: Vec<(char, usize)> = vec![];
        for (at, &c) in typed.iter().enumerate() {
            match (c, chars.last().copied()) {
                // Half-width marks of sound belong to the kana before them.
                ('ﾞ' | '゛' | '\u{3099}' | 'ﾟ' | '゜' | '\u{309A}', Some((kana, place))) => {
                    let voiced = if matches!(c, 'ﾞ' | '゛' | '\u{3099}') {
                        voiced(kana)
                    } else {
                        half_voiced(kana)
                    };
                    chars.pop();
                    chars.push((voiced, place));
                }
                _ if skipped(c) => {}
                _ => chars.extend(one(c).to_lowercase().map(|c| (c, at))),
            }
        }
        Folded { typed, chars }
    }

    fn typed_at(&self, hit: &Range<usize>) -> String {
        match (self.chars.get(hit.start), hit.end.checked_sub(1).and_then(|last| self.chars.get(last))) {
            (Some(&(_, from)), Some(&(_, to))) => self.typed[from..=to].iter().collect(),
            _ => String::new(),
        }
    }

    /// Where a term stands, its harmless uses left out.
    fn hits(&self, term: &Term) -> Vec<Range<usize>> {
        let harmless: Vec<Range<usize>> = term.not.iter().flat_map(|word| self.places(word)).collect();
        let within = |hit: &Range<usize>| harmless.iter().any(|h| h.start <= hit.start && hit.end <= h.end);
        self.places(term.word).into_iter().filter(|hit| !within(hit) && self.whole(hit)).collect()
    }

    fn places(&self, word: &str) -> Vec<Range<usize>> {
        let pattern: Vec<char> = Folded::new(word).chars.into_iter().map(|(c, _)| c).collect();
        (0..self.chars.len()).filter_map(|at| Some(at..self.matches(at, &pattern)?)).collect()
    }

    /// The end of the pattern where it stands at `at`.
    fn matches(&self, mut at: usize, pattern: &[char]) -> Option<usize> {
        for &wanted in pattern {
            let c = self.chars.get(at)?.0;
            match wanted {
                '*' if c == FIELD => at += 1,
                '#' | '*' => {
                    let digit =
                        |i: usize| self.chars.get(i).is_some_and(|(c, _)| c.is_ascii_digit() || *c == ',');
                    // A number is taken whole: 5,000 is not 000 as well.
                    if !c.is_ascii_digit() || at.checked_sub(1).is_some_and(digit) {
                        return None;
                    }
                    at += (at..).take_while(|&i| digit(i)).count();
                }
                _ if wanted == c => at += 1,
                _ => return None,
            }
        }
        Some(at)
    }

    /// Whether a hit is a word of its own: latin letters and digits, and one or two katakana, do not count within a
    /// longer run of their kind (PR in PRESS, シミ in シミュレーション).
    fn whole(&self, hit: &Range<usize>) -> bool {
        let typed = |i: usize| self.chars.get(i).map(|&(_, at)| (at, self.typed[at]));
        let neighbours = |kind: fn(char) -> bool| {
            let touches = |inner: usize, outer: Option<usize>| {
                let (Some((a, x)), Some((b, y))) = (typed(inner), outer.and_then(typed)) else {
                    return false;
                };
                a.abs_diff(b) == 1 && kind(x) && kind(y)
            };
            touches(hit.start, hit.start.checked_sub(1)) || touches(hit.end - 1, Some(hit.end))
        };
        let short = hit.len() <= 2 && hit.clone().all(|i| typed(i).is_some_and(|(_, c)| katakana(c)));
        !(neighbours(latin) || short && neighbours(katakana))
    }
}

fn latin(c: char) -> bool {
    one(c).is_ascii_alphanumeric()
}

fn katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー' | 'ｦ'..='ﾝ')
}

/// Characters that words are broken up with and that nobody reads.
fn skipped(c: char) -> bool {
    let invisible =
        matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{FE00}'..='\u{FE0F}');
    invisible
        || (c.is_whitespace() && c != '\n')
        || matches!(c, '・' | '･' | '_' | '~' | '`' | '"' | '“' | '”')
}

/// Full width to half for latin, half to full for kana, katakana to hiragana.
fn one(c: char) -> char {
    const HALF: &str = "をぁぃぅぇぉゃゅょっーあいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん";
    let shift = |by: i32| char::from_u32((c as i32 + by) as u32).unwrap_or(c);
    match c {
        '！'..='～' => shift(-0xFEE0),
        'ァ'..='ヶ' => shift(-0x60),
        'ｦ'..='ﾝ' => HALF.chars().nth(c as usize - 'ｦ' as usize).unwrap_or(c),
        '￥' => '¥',
        '⇒' | '➡' | '⇨' | '➔' => '→',
        '〜' => '~',
        '①'..='⑨' => shift('1' as i32 - '①' as i32),
        _ => c,
    }
}

fn voiced(kana: char) -> char {
    match kana {
        'か'..='ぢ' | 'つ'..='ど' | 'は'..='ぽ' => char::from_u32(kana as u32 + 1).unwrap_or(kana),
        'う' => 'ゔ',
        _ => kana,
    }
}

fn half_voiced(kana: char) -> char {
    match kana {
        'は' | 'ひ' | 'ふ' | 'へ' | 'ほ' => char::from_u32(kana as u32 + 2).unwrap_or(kana),
        _ => kana,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_however_it_is_typed() {
        let wakagaeri = [except("若返り", &["若返りの湯"]), term("わかがえり")];
        for (text, found) in [
            ("若返りの秘密", "若返り"),
            ("若 返 り", "若 返 り"),
            ("若・返\u{200B}り", "若・返\u{200B}り"),
            ("ワカガエリ", "ワカガエリ"),
            ("ﾜｶｶﾞｴﾘ", "ﾜｶｶﾞｴﾘ"),
            ("若返りの湯のお知らせ", ""),
            ("若い方へ\n返り咲き", ""),
        ] {
            assert_eq!(find(text, &wakagaeri).join(","), found, "{text}");
        }
    }

    #[test]
    fn short_words_are_words_of_their_own() {
        let terms =
            [term("PR"), term("ガン"), term("1位"), term("no.1"), term("シミ"), term("残り*"), term("#円")];
        for (text, found) in [
            ("【ＰＲ】", "ＰＲ"),
            ("PRESS", ""),
            ("エレガントなアルガンオイル", ""),
            ("肺ガンの", "ガン"),
            ("売上１位", "１位"),
            ("11位", ""),
            ("Ｎｏ．１", "Ｎｏ．１"),
            ("No.10", ""),
            ("シミュレーション", ""),
            ("残り5", "残り5"),
            ("残り\u{FFFC}", "残り\u{FFFC}"),
            ("残り物", ""),
            ("5,000円", "5,000円"),
        ] {
            assert_eq!(find(text, &terms).join(","), found, "{text}");
        }
    }

    #[test]
    fn every_half_width_kana_is_itself() {
        let half = "ｱｲｳｴｵｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞﾀﾞﾁﾞﾂﾞﾃﾞﾄﾞﾅﾆﾇﾈﾉﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟﾊﾞﾋﾞﾌﾞﾍﾞﾎﾞﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ";
        let full = "アイウエオガギグゲゴザジズゼゾダヂヅデドナニヌネノパピプペポバビブベボマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー";
        let folded = |text| Folded::new(text).chars.into_iter().map(|(c, _)| c).collect::<String>();
        assert_eq!(folded(half), folded(full));
    }
}
