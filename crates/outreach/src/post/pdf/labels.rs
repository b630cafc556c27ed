//! Sheets of labels: their measures as data, and where each label stands.

use super::addressee::{self, Scale};
use super::codes::{BARCODE_MARGIN, barcode_size};
use super::flow::Sizes;
use super::page::{Area, Ink, Mark, Page, Weight};
use super::setter::{Align, Field, Place, Setter};
use crate::post::piece::Piece;
use serde::Deserialize;
use std::sync::LazyLock;

static DATA: LazyLock<Result<Data, toml::de::Error>> =
    LazyLock::new(|| toml::from_str(include_str!("../../../data/post/sheets.toml")));

#[derive(Deserialize)]
struct Data {
    sheet: Vec<LabelSheet>,
    window: Vec<Window>,
}

/// A sheet of labels. All lengths in mm; a pitch is from one left (top) edge to the next.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct LabelSheet {
    /// `12`: how many labels; the name by which a sheet is asked for.
    pub id: String,
    pub columns: u32,
    pub rows: u32,
    pub width: f32,
    pub height: f32,
    pub left: f32,
    pub top: f32,
    pub pitch_x: f32,
    pub pitch_y: f32,
}

/// The window of an envelope, as the part of a folded A4 page that is always seen through it.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Window {
    pub id: String,
    pub ja: String,
    pub en: String,
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

impl LabelSheet {
    /// Every sheet known, by number of labels.
    pub fn all() -> &'static [LabelSheet] {
        DATA.as_ref().map_or(&[], |data| &data.sheet)
    }

    /// The sheet of that id.
    pub fn of(id: &str) -> Option<&'static LabelSheet> {
        LabelSheet::all().iter().find(|sheet| sheet.id == id)
    }

    /// Labels on a sheet.
    pub fn labels(&self) -> usize {
        (self.columns * self.rows) as usize
    }

    /// Left, top, width and height in mm of a label, counted from 0 row by row.
    pub fn place(&self, label: usize) -> [f32; 4] {
        let (row, column) = (label as u32 / self.columns.max(1), label as u32 % self.columns.max(1));
        let left = self.left + column as f32 * self.pitch_x;
        [left, self.top + row as f32 * self.pitch_y, self.width, self.height]
    }
}

impl Window {
    /// Every window known.
    pub fn all() -> &'static [Window] {
        DATA.as_ref().map_or(&[], |data| &data.window)
    }

    pub(crate) fn area(&self) -> Area {
        Area::new(self.left, self.top, self.width, self.height)
    }
}

/// Sets one label as a page of its own whose origin is the label's corner.
pub(crate) fn label(setter: &mut Setter<'_>, piece: &Piece, sheet: &LabelSheet) -> Page {
    let margin = (sheet.height * 0.09).clamp(1.8, 5.0);
    let area =
        Area::new(margin + 0.8, margin, sheet.width - 2.0 * (margin + 0.8), sheet.height - 2.0 * margin);
    // Small sheets have small type; between them the height decides.
    let size = (sheet.height * 0.25).clamp(6.5, 10.5);
    let fits =
        |points: &f32| barcode_size(*points)[0] + 2.0 * BARCODE_MARGIN <= sheet.width && sheet.height > 40.0;
    let scale = Scale {
        code: true,
        address: Sizes::pt(size, 5.0),
        company: Sizes::pt(size, 5.0),
        name: Sizes::pt(size * 1.35, 6.5),
        lines: 3,
        barcode: [9.0, 8.0].into_iter().find(fits).unwrap_or(0.0),
        barcode_from: 0.0,
        above: 0.5,
    };
    let mut page = Page::default();
    // A barcode may stand nearer the edge than text: only its own white margin counts.
    let area = match scale.barcode > 0.0 && piece.barcode.is_some() {
        true => {
            let side = ((sheet.width - barcode_size(scale.barcode)[0]) / 2.0).min(area.left);
            Area { left: side, width: sheet.width - 2.0 * side, ..area }
        }
        false => area,
    };
    addressee::set(setter, &mut page, piece, area, scale);
    page
}

/// The edges of all labels as thin lines, and in the first label what was moved and how to read it.
pub(crate) fn calibration(setter: &mut Setter<'_>, sheet: &LabelSheet, offset: [i32; 2]) -> Page {
    const LINE: f32 = 0.2;
    let mut page = Page::default();
    for label in 0..sheet.labels() {
        // The middle of the line is the edge.
        let [left, top, width, height] = sheet.place(label);
        let area = Area::new(left + LINE / 2.0, top + LINE / 2.0, width - LINE, height - LINE);
        page.marks.push(Mark::Frame { area, line: LINE, ink: Ink::Black });
    }
    let [x, y] = offset.map(|tenths| f64::from(tenths) / 10.0);
    let lines = [
        format!("{}面　横 {x:+.1} mm　縦 {y:+.1} mm", sheet.id),
        "枠がラベルに重なれば、この値で印刷できます".to_owned(),
        "Frames on the labels: this offset is right".to_owned(),
    ];
    let [left, mut top, width, height] = sheet.place(0);
    top += height * 0.15;
    for line in lines {
        let place = Place { left: left + 2.0, top, width: width - 4.0, align: Align::Left };
        let how = (Weight::Text, Sizes::pt(8.0, 3.0), Ink::Black);
        top += setter.line(&mut page, &line, how, place, Field::Mark) * 1.6;
    }
    page
}
