//! Pieces as PDF: postcards, letters, sheets of labels.
//!
//! Written with krilla: it subsets CFF and TrueType fonts, is pure Rust and well kept; what it does
//! not do (which line breaks where, which glyph stands for what) is `flow` and `run`. A piece is
//! laid out whole before anything of it is printed, so that one with a fault is held back whole.

mod addressee;
mod codes;
mod face;
mod flow;
mod labels;
mod letter;
mod message;
mod page;
mod postcard;
mod run;
mod setter;

pub use face::{Faces, FontError};
pub use labels::{LabelSheet, Window};
pub use setter::{Fault, Field};

use super::piece::{Imprint, Piece};
use krilla::metadata::Metadata;
use krilla::{Document, SerializeSettings};
use page::{Page, settings};
use setter::Setter;

/// What to print.
#[derive(Clone, PartialEq, Debug)]
pub enum Job<'a> {
    /// Two pages a piece, or one.
    Postcards(Sides),
    /// One A4 page a piece.
    Letters { window: &'a Window },
    /// Addresses only.
    Labels {
        sheet: &'a LabelSheet,
        /// The first label that is still on the first sheet, counted from 0 row by row.
        start: usize,
        /// What to move everything by, in tenths of a mm, to the right and down.
        offset: [i32; 2],
    },
}

/// Which sides of a postcard.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Sides {
    /// Address, message, address, message: for printing on both sides.
    #[default]
    Both,
    Address,
    Message,
}

/// A piece that was not printed, by its place among the pieces, and everything that is wrong with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    pub piece: usize,
    pub faults: Vec<Fault>,
}

/// A finished print.
pub struct Printed {
    /// Empty if no piece could be printed.
    pub pdf: Vec<u8>,
    pub pages: usize,
    pub held: Vec<Held>,
}

/// Why nothing could be printed at all.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    #[error("PDFを作成できませんでした: {0} / the PDF could not be written: {0}")]
    Pdf(String),
}

/// Prints pieces in their order. The same pieces give the same bytes: there is no date in the file.
pub fn print(
    pieces: &[Piece],
    imprint: &Imprint,
    job: &Job<'_>,
    faces: &Faces,
) -> Result<Printed, PrintError> {
    let mut document = Document::new_with(serial());
    document.set_metadata(Metadata::new().language("ja".into()).title(imprint.sender.name.clone()));
    let mut held = vec![];
    let mut press = Press { document, faces, pages: 0, sheet: None };
    for (at, piece) in pieces.iter().enumerate() {
        let mut setter = Setter::new(faces);
        let pages = layout(&mut setter, piece, imprint, job);
        match setter.done() {
            faults if !faults.is_empty() => held.push(Held { piece: at, faults }),
            _ => press.put(pages, job)?,
        }
    }
    press.finish_sheet()?;
    let pages = press.pages;
    let pdf = match pages {
        0 => vec![],
        _ => press.document.finish().map_err(|e| PrintError::Pdf(format!("{e:?}")))?,
    };
    Ok(Printed { pdf, pages, held })
}

/// What is wrong with each piece that could not be printed, without printing any.
pub fn preflight(pieces: &[Piece], imprint: &Imprint, job: &Job<'_>, faces: &Faces) -> Vec<Held> {
    let checked = pieces.iter().enumerate().map(|(piece, of)| {
        let mut setter = Setter::new(faces);
        layout(&mut setter, of, imprint, job);
        Held { piece, faults: setter.done() }
    });
    checked.filter(|held| !held.faults.is_empty()).collect()
}

/// A sheet on plain paper to hold behind a sheet of labels: the edges of every label, moved by
/// `offset` tenths of a mm, and the offset in words.
pub fn calibration(sheet: &LabelSheet, offset: [i32; 2], faces: &Faces) -> Result<Vec<u8>, PrintError> {
    let mut setter = Setter::new(faces);
    let page = labels::calibration(&mut setter, sheet, offset);
    let mut press = Press { document: Document::new_with(serial()), faces, pages: 0, sheet: None };
    press.page(letter::SIZE, &[(page, offset.map(|tenths| tenths as f32 / 10.0))])?;
    press.document.finish().map_err(|e| PrintError::Pdf(format!("{e:?}")))
}

fn serial() -> SerializeSettings {
    SerializeSettings { enable_tagging: false, ..SerializeSettings::default() }
}

fn layout(setter: &mut Setter<'_>, piece: &Piece, imprint: &Imprint, job: &Job<'_>) -> Vec<Page> {
    match job {
        Job::Postcards(sides) => {
            let address = (*sides != Sides::Message).then(|| postcard::address_side(setter, piece, imprint));
            let message = (*sides != Sides::Address).then(|| message::postcard(setter, piece, imprint));
            address.into_iter().chain(message).collect()
        }
        Job::Letters { window } => vec![letter::page(setter, piece, imprint, window.area())],
        Job::Labels { sheet, .. } => vec![labels::label(setter, piece, sheet)],
    }
}

/// Puts laid-out pages into the document; labels are gathered until their sheet is full.
struct Press<'a> {
    document: Document,
    faces: &'a Faces,
    pages: usize,
    sheet: Option<Sheet>,
}

/// A sheet of labels in the making: its next free label and what stands on it, moved by how much.
struct Sheet {
    next: usize,
    labels: Vec<(Page, [f32; 2])>,
}

impl Press<'_> {
    fn put(&mut self, pages: Vec<Page>, job: &Job<'_>) -> Result<(), PrintError> {
        let Job::Labels { sheet, start, offset } = job else {
            let size = if matches!(job, Job::Letters { .. }) { letter::SIZE } else { postcard::SIZE };
            return pages.into_iter().try_for_each(|page| self.page(size, &[(page, [0.0, 0.0])]));
        };
        let first = if self.pages == 0 { *start % sheet.labels().max(1) } else { 0 };
        let open = self.sheet.get_or_insert_with(|| Sheet { next: first, labels: vec![] });
        let [left, top, ..] = sheet.place(open.next);
        let at = [left + offset[0] as f32 / 10.0, top + offset[1] as f32 / 10.0];
        open.labels.extend(pages.into_iter().map(|page| (page, at)));
        open.next += 1;
        if open.next >= sheet.labels() { self.finish_sheet() } else { Ok(()) }
    }

    fn finish_sheet(&mut self) -> Result<(), PrintError> {
        match self.sheet.take() {
            Some(sheet) => self.page(letter::SIZE, &sheet.labels),
            None => Ok(()),
        }
    }

    fn page(&mut self, size: [f32; 2], parts: &[(Page, [f32; 2])]) -> Result<(), PrintError> {
        let settings = settings(size).ok_or_else(|| PrintError::Pdf("page size".into()))?;
        let mut page = self.document.start_page_with(settings);
        let mut surface = page.surface();
        for (part, offset) in parts {
            part.draw(&mut surface, self.faces, *offset);
        }
        surface.finish();
        page.finish();
        self.pages += 1;
        Ok(())
    }
}
