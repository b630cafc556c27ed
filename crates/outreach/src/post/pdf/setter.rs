//! Sets lines into widths and notes what has no glyph or does not fit.

use super::face::Faces;
use super::flow::{Sizes, one_line};
use super::page::{Ink, Page, Weight};
use super::run::Run;
use std::fmt;

/// Which part of a piece does not fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    Address,
    Company,
    Name,
    Headline,
    Message,
    Offer,
    Call,
    Sender,
    Footer,
    Mark,
}

impl Field {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Field::Address => ("住所", "the address"),
            Field::Company => ("会社名・部署名", "the company or department"),
            Field::Name => ("お名前", "the name"),
            Field::Headline => ("見出し", "the headline"),
            Field::Message => ("本文", "the message"),
            Field::Offer => ("特典", "the offer"),
            Field::Call => ("QRコードの説明", "the words beside the QR code"),
            Field::Sender => ("差出人", "the sender"),
            Field::Footer => ("案内文", "the small print"),
            Field::Mark => ("差出郵便局名", "the post office in the mark"),
        }
    }
}

/// Why a piece is not printed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The font has no form for these characters.
    MissingGlyphs(String),
    /// Even at the smallest readable size.
    DoesNotFit(Field),
    /// Not seven digits.
    PostalCode,
    /// Nobody to address it to: neither a name nor a company.
    NoAddressee,
    /// The link is too long for a QR code that telephones read from this size.
    QrTooDense,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::MissingGlyphs(chars) => {
                write!(f, "フォントに無い文字があります（{chars}） / the font has no form for {chars}")
            }
            Fault::DoesNotFit(field) => {
                let (ja, en) = field.names();
                write!(f, "{ja}が収まりません。短くしてください / {en} does not fit: please shorten it")
            }
            Fault::PostalCode => {
                f.write_str("郵便番号が7けたではありません / the postal code is not seven digits")
            }
            Fault::NoAddressee => {
                f.write_str("お名前も会社名もありません / there is neither a name nor a company")
            }
            Fault::QrTooDense => {
                f.write_str("QRコードのリンクが長すぎます / the link is too long for a QR code of this size")
            }
        }
    }
}

/// How a line stands within its width.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// Where and how one line is set: its left edge, its top, its width in mm.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub align: Align,
}

/// From the top of a line to its baseline, in its size: the em box of Japanese type.
pub(crate) const ASCENT: f32 = 0.88;

/// Sets the text of one piece.
pub(crate) struct Setter<'a> {
    pub faces: &'a Faces,
    pub missing: Vec<char>,
    faults: Vec<Fault>,
}

impl<'a> Setter<'a> {
    pub fn new(faces: &'a Faces) -> Setter<'a> {
        Setter { faces, missing: vec![], faults: vec![] }
    }

    pub fn run(&mut self, weight: Weight, text: &str) -> Run {
        Run::new(self.faces.of(weight), text, &mut self.missing)
    }

    pub fn fault(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// One line as large as fits; returns its size in mm, which is also what it takes of the height.
    pub fn line(
        &mut self,
        page: &mut Page,
        text: &str,
        how: (Weight, Sizes, Ink),
        place: Place,
        field: Field,
    ) -> f32 {
        let (weight, sizes, ink) = how;
        let run = self.run(weight, text);
        let Some(size) = one_line(&run, place.width, sizes) else {
            self.fault(Fault::DoesNotFit(field));
            return sizes.smallest;
        };
        put(page, run, size, weight, ink, place);
        size
    }

    /// What is wrong with the piece, if anything is.
    pub fn done(mut self) -> Vec<Fault> {
        if !self.missing.is_empty() {
            self.faults.push(Fault::MissingGlyphs(self.missing.iter().collect()));
        }
        self.faults
    }
}

/// A line that is known to fit.
pub(crate) fn put(page: &mut Page, run: Run, size: f32, weight: Weight, ink: Ink, place: Place) {
    let slack = place.width - run.width() * size;
    let left = match place.align {
        Align::Left => place.left,
        Align::Centre => place.left + slack / 2.0,
        Align::Right => place.left + slack,
    };
    page.text([left, place.top + ASCENT * size], size, weight, run, ink);
}
