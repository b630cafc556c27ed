//! What goes with a mailing: the print shop's file, and the sheet for the counter of the post office.

use super::piece::Piece;
use super::price::Cost;
use super::rows::write_rows;
use super::sorting::bundles;
use model::Day;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

/// The columns of the print shop's file.
const COLUMNS: [&str; 17] = [
    "reference",
    "postal_code",
    "prefecture",
    "address_1",
    "address_2",
    "address_3",
    "company",
    "department",
    "title",
    "name",
    "honorific",
    "barcode",
    "qr_url",
    "headline",
    "body",
    "offer",
    "offer_ends",
];

/// One row a piece, in their order, for a print shop that sets the piece itself. `barcode` is as the
/// manual writes it (`STC1000013…SPC`), `body` has its paragraphs on lines of their own.
pub fn write_print_shop(pieces: &[Piece], out: &mut dyn Write) -> io::Result<()> {
    write_rows(&COLUMNS, pieces.iter().map(row), out)
}

fn row(piece: &Piece) -> Vec<String> {
    let line = |at: usize| piece.address.get(at).cloned().unwrap_or_default();
    let message = &piece.message;
    let offer = message.offer.as_ref();
    vec![
        piece.reference.clone(),
        piece.code_with_hyphen(),
        piece.prefecture.clone(),
        line(0),
        line(1),
        piece.address.get(2..).unwrap_or_default().join(" "),
        piece.company.clone(),
        piece.department.clone(),
        piece.title.clone(),
        piece.name.clone(),
        piece.honorific.text().to_owned(),
        piece.barcode.map(|code| code.to_string()).unwrap_or_default(),
        piece.qr_url.clone(),
        message.headline.clone(),
        message.paragraphs.join("\n"),
        offer.map(|offer| offer.text.clone()).unwrap_or_default(),
        offer.map(|offer| offer.ends.to_string()).unwrap_or_default(),
    ]
}

/// The figures of one posting, as the post office's own form asks for them.
pub struct PostingSheet<'a> {
    pub title: &'a str,
    pub day: Day,
    /// Sorted by `sort_for_post`.
    pub pieces: &'a [Piece],
    pub cost: &'a Cost,
}

impl PostingSheet<'_> {
    /// Pieces by prefecture, in the order of their codes.
    fn prefectures(&self) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<&str, (Option<[char; 7]>, usize)> = BTreeMap::new();
        for piece in self.pieces {
            let entry = counts.entry(&piece.prefecture).or_insert((piece.code(), 0));
            *entry = (entry.0.min(piece.code()), entry.1 + 1);
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, (first, _))| *first);
        let named =
            |name: &str| if name.is_empty() { "都道府県不明".to_owned() } else { name.to_owned() };
        counts.into_iter().map(|(name, (_, count))| (named(name), count)).collect()
    }

    fn with_barcode(&self) -> usize {
        self.pieces.iter().filter(|piece| piece.barcode.is_some()).count()
    }

    /// To read and to sign, Japanese with English beside.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "差出内訳 / Posting sheet\n{}\n差出日 / Day: {}\n通数 / Pieces: {}\nうちバーコード付 / With barcode: {}\n",
            self.title,
            self.day,
            self.pieces.len(),
            self.with_barcode()
        );
        text.push_str("\n料金 / Postage\n");
        for part in &self.cost.parts {
            let _ = writeln!(text, "  {} / {}: {}円", part.ja, part.en, part.amount);
        }
        let _ = writeln!(text, "  合計 / Total: {}円", self.cost.total);
        for refused in &self.cost.not_granted {
            let _ = writeln!(text, "  適用なし / Not granted: {} / {}", refused.ja, refused.en);
        }
        let _ = writeln!(
            text,
            "  料金表 / Prices of: {}（確認 / checked {}）",
            self.cost.prices_from, self.cost.checked
        );
        text.push_str("\n都道府県別 / By prefecture\n");
        for (name, count) in self.prefectures() {
            let _ = writeln!(text, "  {name}: {count}通");
        }
        text.push_str("\n区分 / Bundles\n");
        for bundle in bundles(self.pieces) {
            let _ = writeln!(text, "  {}: {}通", bundle.head, bundle.pieces.len());
        }
        text
    }

    /// The same figures as rows: what, name, pieces, amount in yen.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let row = |what: &str, name: &str, pieces: String, yen: String| {
            vec![what.to_owned(), name.to_owned(), pieces, yen]
        };
        let count = |n: usize| n.to_string();
        let mut rows = vec![
            row("posting", self.title, count(self.pieces.len()), self.cost.total.to_string()),
            row("barcode", "", count(self.with_barcode()), String::new()),
        ];
        rows.extend(
            self.cost.parts.iter().map(|part| row("cost", &part.ja, String::new(), part.amount.to_string())),
        );
        rows.extend(
            self.prefectures().iter().map(|(name, n)| row("prefecture", name, count(*n), String::new())),
        );
        let bundles = bundles(self.pieces);
        rows.extend(bundles.iter().map(|b| row("bundle", &b.head, count(b.pieces.len()), String::new())));
        write_rows(&["what", "name", "pieces", "yen"], rows, out)
    }
}
