//! What a batch is printed as, kept with it so that it prints the same again.

use crate::Settings;
use anyhow::{Context, Result, bail};
use model::{Campaign, Day, Money, ShopProfile};
use outreach::PaperPress;
use outreach::post::pdf::{Faces, Job, LabelSheet, Sides, Window};
use outreach::post::price::{Cost, CostPart, Kind, Posting, PriceTable, Scheme};
use outreach::post::{Imprint, Piece, Slack};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a batch becomes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PrintAs {
    /// 100 x 148 mm, address and message on two sides.
    Postcards,
    /// A4, for window envelopes.
    Letters,
    /// Addresses alone, on a sheet of so many labels.
    Labels(String),
    /// A file for a print shop that sets the pieces itself.
    Csv,
}

impl PrintAs {
    /// Every kind there is, with its word.
    pub fn all() -> Vec<PrintAs> {
        let labels = LabelSheet::all().iter().map(|sheet| PrintAs::Labels(sheet.id.clone()));
        [PrintAs::Postcards, PrintAs::Letters].into_iter().chain(labels).chain([PrintAs::Csv]).collect()
    }

    /// `postcards`, `letters`, `labels-12`, `csv`.
    pub fn word(&self) -> String {
        match self {
            PrintAs::Postcards => "postcards".to_owned(),
            PrintAs::Letters => "letters".to_owned(),
            PrintAs::Labels(sheet) => format!("labels-{sheet}"),
            PrintAs::Csv => "csv".to_owned(),
        }
    }

    pub fn from_word(word: &str) -> Option<PrintAs> {
        PrintAs::all().into_iter().find(|kind| kind.word() == word)
    }

    pub fn ja(&self) -> String {
        match self {
            PrintAs::Postcards => "はがき(PDF)".to_owned(),
            PrintAs::Letters => "封書(窓付き封筒、PDF)".to_owned(),
            PrintAs::Labels(sheet) => format!("宛名ラベル{sheet}面(PDF)"),
            PrintAs::Csv => "印刷会社用のCSV".to_owned(),
        }
    }

    pub fn en(&self) -> String {
        match self {
            PrintAs::Postcards => "postcards (PDF)".to_owned(),
            PrintAs::Letters => "letters for window envelopes (PDF)".to_owned(),
            PrintAs::Labels(sheet) => format!("{sheet} labels a sheet (PDF)"),
            PrintAs::Csv => "CSV for a print shop".to_owned(),
        }
    }

    /// What is posted: labels go onto envelopes.
    fn kind(&self) -> Kind {
        match self {
            PrintAs::Postcards | PrintAs::Csv => Kind::Postcard,
            PrintAs::Letters | PrintAs::Labels(_) => Kind::Letter,
        }
    }
}

/// Everything that a batch's pieces share.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    print: String,
    /// The first label that is still on the first sheet, from 0.
    start: usize,
    /// What to move labels by, tenths of a mm, to the right and down.
    offset: [i32; 2],
    window: String,
    imprint: Imprint,
    /// Campaign and step.
    pub title: String,
    /// The day for whose prices it was made.
    pub day: Day,
    grams: u32,
    scheme: Scheme,
    slack: Slack,
    official_cards: bool,
    /// Of one piece, hundredths.
    print_cost: i64,
}

impl Kept {
    pub fn new(
        settings: &Settings,
        print: &PrintAs,
        start: usize,
        offset: [i32; 2],
        title: String,
        day: Day,
    ) -> Kept {
        let post = &settings.post;
        Kept {
            print: print.word(),
            start,
            offset,
            window: post.window.clone(),
            imprint: settings.imprint(),
            title,
            day,
            grams: post.grams,
            scheme: post.scheme,
            slack: post.slack,
            official_cards: post.official_cards,
            print_cost: (post.print_cost * 100.0).round() as i64,
        }
    }

    pub fn from_json(text: &str) -> Result<Kept> {
        serde_json::from_str(text).context("reading what a batch of post was printed as")
    }

    pub fn print(&self) -> Result<PrintAs> {
        PrintAs::from_word(&self.print)
            .with_context(|| format!("this version prints nothing as '{}'", self.print))
    }

    pub fn imprint(&self) -> &Imprint {
        &self.imprint
    }

    /// How it is laid out; `None`: the print shop does.
    pub fn job(&self) -> Result<Option<Job<'static>>> {
        Ok(match self.print()? {
            PrintAs::Postcards => Some(Job::Postcards(Sides::Both)),
            PrintAs::Letters => {
                let window = Window::all().iter().find(|window| window.id == self.window);
                Some(Job::Letters { window: window.context("there is no such window")? })
            }
            PrintAs::Labels(id) => {
                let sheet = LabelSheet::of(&id).context("there is no such sheet")?;
                if self.start >= sheet.labels() {
                    bail!("a sheet has {} labels: --start-at 1 to {}", sheet.labels(), sheet.labels());
                }
                Some(Job::Labels { sheet, start: self.start, offset: self.offset })
            }
            PrintAs::Csv => None,
        })
    }

    /// What the post charges for these pieces, with its discounts.
    pub fn postage(&self, pieces: &[&Piece]) -> Result<Cost> {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let kind = self.print()?.kind();
        let posting = Posting {
            pieces: count(pieces.len()),
            kind,
            grams: if kind == Kind::Postcard { 3 } else { self.grams },
            scheme: self.scheme,
            slack: self.slack,
            with_barcode: count(pieces.iter().filter(|p| p.barcode.is_some()).count()),
            official_cards: self.official_cards,
        };
        Ok(PriceTable::known().context("reading the table of postage")?.cost(self.day, &posting)?)
    }

    /// What these pieces cost: postage, and paper and print.
    pub fn cost(&self, pieces: &[&Piece]) -> Result<Cost> {
        let mut cost = self.postage(pieces)?;
        let print = Money(self.print_cost * pieces.len() as i64);
        if print > Money::ZERO {
            let each = Money(self.print_cost).as_f64();
            cost.parts.push(CostPart {
                ja: format!("用紙・印刷 {each}円×{}通", pieces.len()),
                en: format!("paper and print ¥{each} x {}", pieces.len()),
                amount: print,
            });
            cost.total += print;
        }
        Ok(cost)
    }
}

/// The fonts of the settings.
pub(super) fn faces(settings: &Settings) -> Result<Faces> {
    let post = &settings.post;
    Ok(Faces::open(Path::new(&post.font), Path::new(&post.font_strong))?)
}

/// The words of a step on paper for a variant, compiled.
pub(crate) fn paper(
    campaign: &Campaign,
    step: usize,
    variant: usize,
    shop: &ShopProfile,
) -> Result<PaperPress> {
    let step = campaign.step_for(step, variant).context("the campaign has no such step")?;
    Ok(PaperPress::new(&step.words, shop, campaign.offer.as_ref(), &campaign.owner)?)
}
