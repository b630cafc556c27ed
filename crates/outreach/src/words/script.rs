//! A script for a call: the words of a step as a caller reads them out, a part for each heading.

use super::marks::Marks;
use super::markup::{Block, Span, blocks};
use super::press::{BODY, SUBJECT, Scope, allowed, compiled, gaps, rendered};
use super::values::{Common, one_line};
use super::{Fields, WordsError};
use minijinja::Environment;
use model::{Day, Offer, ShopProfile, Words};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Begins a part; no value of a customer can hold it.
const PART: char = '\u{1e}';

/// One part of a script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptPart {
    /// One line; empty for what is said first.
    pub heading: String,
    /// Lines as they are read out; paragraphs apart by an empty line.
    pub text: String,
}

/// One step's words for a call, compiled. Shared by threads.
pub struct Script {
    env: Environment<'static>,
    common: Arc<Common>,
}

impl Script {
    /// Compiles one step's words: the subject says what the call is about, the body is read out. Links
    /// are read as their words.
    pub fn new(
        words: &Words,
        shop: &ShopProfile,
        offer: Option<&Offer>,
        owner: &str,
    ) -> Result<Script, WordsError> {
        allowed(words, shop)?;
        let mut marks = Marks::default();
        let subject = one_line(&marks.take(SUBJECT, &words.subject)?);
        let body = marks.take(BODY, &words.body)?;
        let text: Vec<String> = blocks(&body, &marks).iter().map(said).collect();
        let env = compiled(&[(SUBJECT, "subject", &subject), (BODY, "text", &text.join("\n\n"))], &marks)?;
        let common = Common { shop: shop.clone(), offer: offer.cloned(), owner: owner.to_owned() };
        Ok(Script { env, common: Arc::new(common) })
    }

    /// What the call is about, and the parts of the script, what is said first first. An error where a field
    /// has no value and no fallback.
    pub fn print(&self, fields: &Fields) -> Result<(String, Vec<ScriptPart>), WordsError> {
        self.parts(fields, BTreeSet::new())
    }

    /// The fields that lack a fallback, sorted: what stops the call to a customer of whom nothing is known.
    pub fn gaps(&self, today: Day) -> Result<Vec<String>, WordsError> {
        // Somebody calls, or there is no call.
        let nobody = Fields { caller: "-".to_owned(), ..Fields::unknown(today) };
        gaps(|filled| self.parts(&nobody, filled).map(drop))
    }

    fn parts(
        &self,
        fields: &Fields,
        filled: BTreeSet<String>,
    ) -> Result<(String, Vec<ScriptPart>), WordsError> {
        let scope = Scope::bare(fields, &self.common, filled);
        let text = rendered(&self.env, "text", BODY, &scope)?;
        let part = |(n, part): (usize, &str)| {
            let (heading, text) =
                if n == 0 { ("", part) } else { part.split_once('\n').unwrap_or((part, "")) };
            ScriptPart { heading: heading.trim().to_owned(), text: settled(text) }
        };
        let parts = text.split(PART).enumerate().map(part);
        let parts = parts.filter(|p| !p.heading.is_empty() || !p.text.is_empty()).collect();
        Ok((one_line(&rendered(&self.env, "subject", SUBJECT, &scope)?), parts))
    }
}

fn said(block: &Block) -> String {
    let lines = |lines: &[Vec<Span>], lead: &str| {
        lines.iter().map(|l| format!("{lead}{}", line(l))).collect::<Vec<_>>().join("\n")
    };
    match block {
        Block::Heading(spans) => format!("{PART}{}", line(spans)),
        Block::Paragraph(all) => lines(all, ""),
        Block::Items(all) => lines(all, "・"),
        Block::Button { words, .. } => words.clone(),
        Block::Statement(words) => words.clone(),
    }
}

fn line(spans: &[Span]) -> String {
    spans.iter().map(|span| span.words.as_str()).collect()
}

/// Without the empty lines that blocks left out leave behind.
fn settled(text: &str) -> String {
    let paragraphs: Vec<&str> =
        text.split("\n\n").map(|p| p.trim_matches('\n')).filter(|p| !p.is_empty()).collect();
    paragraphs.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Name;

    fn printed(body: &str, fields: &Fields) -> Result<Vec<(String, String)>, WordsError> {
        let shop = ShopProfile {
            name: "見本堂".to_owned(),
            address: "東京都千代田区見本1-2-3".to_owned(),
            contact: "03-0000-0000".to_owned(),
            ..ShopProfile::default()
        };
        let words = Words { subject: "新茶の件".to_owned(), body: body.to_owned(), ..Words::default() };
        let (about, parts) = Script::new(&words, &shop, None, "山田")?.print(fields)?;
        assert_eq!(about, "新茶の件");
        Ok(parts.into_iter().map(|p| (p.heading, p.text)).collect())
    }

    /// M121: a part for each branch, filled in for the customer and the caller.
    #[test]
    fn a_body_is_read_out_part_by_part() {
        let name = Name { family: "見本\u{1e}偽".to_owned(), ..Name::default() };
        let someone = Fields { name, caller: "佐藤".to_owned(), ..Fields::unknown(Day(20_779)) };
        let body = "{{ shop }}の{{ caller }}です。\n{{ addressee }}ですか。\n\n## 話せるとき\n- 新茶\n- **玉露**\n\n{% if company %}\n会社の方へ\n{% endif %}\n[お店](/tea)\n\n## お忙しいとき\nまたお電話します。";
        let expected = [
            ("", "見本堂の佐藤です。\n見本 偽 様ですか。"),
            ("話せるとき", "・新茶\n・玉露\n\nお店"),
            ("お忙しいとき", "またお電話します。"),
        ];
        let expected = expected.map(|(h, t)| (h.to_owned(), t.to_owned()));
        assert_eq!(printed(body, &someone).expect("a script"), expected, "a customer's text opens no part");
        assert!(matches!(printed("{{ company }}", &someone), Err(WordsError::Missing { .. })));
        assert!(matches!(printed("{{ nonsense }}", &someone), Err(WordsError::Unknown { .. })));
    }
}
