//! A press for paper: the same words as a letter's, without a frame and with one link at most, which
//! becomes the QR code.

use super::links::Targets;
use super::marks::Marks;
use super::markup::{Block, Span, blocks};
use super::press::{BODY, SUBJECT, Scope, allowed, compiled, gaps, rendered};
use super::values::{Common, one_line};
use super::{Fields, WordsError};
use crate::post::{Message, PrintedOffer};
use minijinja::Environment;
use model::{Day, Offer, ShopProfile, Words};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the offer's box says: its name, and the code of this customer where there is one.
const OFFER: &str = "{{ offer }}{% if coupon %}\nクーポンコード　{{ coupon }}{% endif %}";
/// Beside a code whose button says nothing.
const CALL: &str = "右のコードから、お店のページをご覧いただけます。";

/// One step's words for a postcard or a letter on paper, compiled. Shared by threads.
pub struct PaperPress {
    env: Environment<'static>,
    common: Arc<Common>,
    targets: Vec<String>,
    /// The last day of the offer, if one is printed.
    ends: Option<Day>,
}

impl PaperPress {
    /// Compiles one step's words: the subject is the headline, the body its paragraphs, and the first
    /// button (else the first link) is where the QR code leads. An offer without an end is not printed:
    /// nothing may speak of one (L-24).
    pub fn new(
        words: &Words,
        shop: &ShopProfile,
        offer: Option<&Offer>,
        owner: &str,
    ) -> Result<PaperPress, WordsError> {
        allowed(words, shop)?;
        let mut marks = Marks::default();
        let headline = one_line(&marks.take(SUBJECT, &words.subject)?);
        let body = marks.take(BODY, &words.body)?;
        let blocks = blocks(&body, &marks);
        let mut targets = Targets { site: &shop.site, found: vec![] };
        let link = link_of(&blocks);
        if let Some((_, url)) = link {
            targets.place(url, &mut marks)?;
        }
        let call = link
            .and_then(|(words, _)| words)
            .map_or(CALL.to_owned(), |words| format!("{words}（右のコードから）"));
        let text: Vec<String> = blocks.iter().map(paragraph).collect();
        let text = text.join("\n\n");
        let ends = offer.and_then(|offer| offer.ends);
        let offered = marks.take(BODY, OFFER)?;
        let mut parts = vec![
            (SUBJECT, "headline", headline.as_str()),
            (BODY, "text", text.as_str()),
            (BODY, "call", call.as_str()),
        ];
        parts.extend(ends.map(|_| (BODY, "offer", offered.as_str())));
        let env = compiled(&parts, &marks)?;
        let common = Common { shop: shop.clone(), offer: offer.cloned(), owner: owner.to_owned() };
        Ok(PaperPress { env, common: Arc::new(common), targets: targets.found, ends })
    }

    /// Where the QR code leads: one target, or none.
    pub fn links(&self) -> &[String] {
        &self.targets
    }

    /// One customer's words. An error where a field printed has no value and no fallback.
    pub fn print(&self, fields: &Fields) -> Result<Message, WordsError> {
        self.message(fields, BTreeSet::new())
    }

    /// The fields that lack a fallback, sorted: what stops the piece to a customer of whom nothing is known.
    pub fn gaps(&self, today: Day) -> Result<Vec<String>, WordsError> {
        let nobody = Fields::unknown(today);
        gaps(|filled| self.message(&nobody, filled).map(drop))
    }

    fn message(&self, fields: &Fields, filled: BTreeSet<String>) -> Result<Message, WordsError> {
        let scope = Scope::bare(fields, &self.common, filled);
        let text = rendered(&self.env, "text", BODY, &scope)?;
        let paragraphs = text.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
        let offer = match self.ends {
            Some(ends) => Some(PrintedOffer { text: rendered(&self.env, "offer", BODY, &scope)?, ends }),
            None => None,
        };
        Ok(Message {
            headline: one_line(&rendered(&self.env, "headline", SUBJECT, &scope)?),
            paragraphs: paragraphs.map(str::to_owned).collect(),
            offer,
            call: one_line(&rendered(&self.env, "call", BODY, &scope)?),
        })
    }
}

/// The first button with its words, else the first link within a line, without.
fn link_of(blocks: &[Block]) -> Option<(Option<&str>, &str)> {
    let button = blocks.iter().find_map(|block| match block {
        Block::Button { words, url } => Some((Some(words.as_str()), url.as_str())),
        _ => None,
    });
    let inline = blocks.iter().flat_map(spans).find_map(|span| span.url.as_deref());
    button.or_else(|| inline.map(|url| (None, url)))
}

fn spans(block: &Block) -> Vec<&Span> {
    match block {
        Block::Heading(spans) => spans.iter().collect(),
        Block::Paragraph(lines) | Block::Items(lines) => lines.iter().flatten().collect(),
        Block::Button { .. } | Block::Statement(_) => vec![],
    }
}

fn paragraph(block: &Block) -> String {
    match block {
        Block::Heading(spans) => format!("■ {}", line(spans)),
        Block::Paragraph(lines) => lines.iter().map(|l| line(l)).collect::<Vec<_>>().join("\n"),
        Block::Items(items) => items.iter().map(|l| format!("・{}", line(l))).collect::<Vec<_>>().join("\n"),
        // The code stands for it.
        Block::Button { .. } => String::new(),
        Block::Statement(words) => words.clone(),
    }
}

fn line(spans: &[Span]) -> String {
    spans.iter().map(|span| span.words.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Codes, Name};

    fn shop() -> ShopProfile {
        ShopProfile {
            name: "見本堂".to_owned(),
            address: "東京都千代田区見本1-2-3".to_owned(),
            contact: "03-0000-0000".to_owned(),
            site: "https://shop.example.jp/".to_owned(),
            ..ShopProfile::default()
        }
    }

    fn printed(
        subject: &str,
        body: &str,
        offer: Option<&Offer>,
    ) -> Result<(Message, Vec<String>), WordsError> {
        let words = Words { subject: subject.to_owned(), body: body.to_owned(), ..Words::default() };
        let press = PaperPress::new(&words, &shop(), offer, "山田")?;
        let name = Name {
            family: "見本".to_owned(),
            given: "[花子](https://evil.example.com)".to_owned(),
            ..Name::default()
        };
        let fields = Fields { name, coupon: "ABC".to_owned(), ..Fields::unknown(Day(20_779)) };
        Ok((press.print(&fields)?, press.links().to_vec()))
    }

    /// M097: words as they stand on paper.
    #[test]
    fn a_body_becomes_paragraphs_and_its_button_the_code() {
        let body = "{{ addressee }}\n\n## 新茶\n\n- 煎茶\n- **玉露**\n\n詳しくは[こちら](/tea)。\n\n[お店を見る](/new)\n{% if company %}\n会社の方へ\n{% endif %}";
        let (message, links) = printed("{{ family_name }}様へ", body, None).unwrap();
        assert_eq!(message.headline, "見本様へ");
        let said =
            ["見本 [花子](https://evil.example.com) 様", "■ 新茶", "・煎茶\n・玉露", "詳しくはこちら。"];
        assert_eq!(message.paragraphs, said, "a customer's own text is no markup");
        assert_eq!((message.call.as_str(), message.offer), ("お店を見る（右のコードから）", None));
        assert_eq!(links, ["https://shop.example.jp/new"]);
        let (message, links) = printed("お便り", "詳しくは[こちら](/tea)。", None).unwrap();
        assert_eq!((message.call.as_str(), links), (CALL, vec!["https://shop.example.jp/tea".to_owned()]));
    }

    /// L-24: an offer is printed with its end, or not at all.
    #[test]
    fn an_offer_has_its_end_beside_it() {
        let ends = Day::from_ymd(2026, 12, 31);
        let offer = Offer { name: "送料無料".to_owned(), ends, codes: Codes::Unique, ..Offer::default() };
        let (message, _) = printed("お便り", "本文", Some(&offer)).unwrap();
        let text = "送料無料\nクーポンコード　ABC".to_owned();
        assert_eq!(message.offer, ends.map(|ends| PrintedOffer { text, ends }));
        let endless = Offer { ends: None, ..offer };
        assert_eq!(printed("お便り", "本文", Some(&endless)).unwrap().0.offer, None);
    }

    #[test]
    fn what_has_no_value_and_no_fallback_is_named() {
        let words = Words {
            subject: "{{ company }}様".to_owned(),
            body: "{{ last_product | or(\"商品\") }}".to_owned(),
            ..Words::default()
        };
        let press = PaperPress::new(&words, &shop(), None, "").unwrap();
        assert_eq!(press.gaps(Day(20_779)).unwrap(), ["company"]);
        assert!(matches!(printed("{{ nonsense }}", "", None), Err(WordsError::Unknown { .. })));
        assert!(matches!(printed("", "[見る](javascript:alert)", None), Err(WordsError::Link { .. })));
    }
}
