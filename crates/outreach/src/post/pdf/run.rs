//! A line of text as glyphs with their widths, set as Japanese is: punctuation takes half its width
//! beside other punctuation and at the edges of a line.

use super::face::{Face, is_selector};
use krilla::text::KrillaGlyph;
use std::ops::Range;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

const OPENING: &str = "「『（【〔〈《｛［“‘";
const CLOSING: &str = "」』）】〕〉》｝］、。，．”’";

/// A character that has been given its glyph.
#[derive(Clone)]
pub(crate) struct Cell {
    pub c: char,
    range: Range<usize>,
    glyph: super::face::Glyph,
    /// What the cell takes of the line, em.
    pub advance: f32,
    /// How far its glyph is moved, em.
    shift: f32,
}

impl Cell {
    fn half(&self, marks: &str) -> bool {
        marks.contains(self.c) && self.glyph.advance > 0.9
    }
}

/// Text that has its glyphs, of one face, on one line.
#[derive(Clone)]
pub(crate) struct Run {
    pub text: Arc<str>,
    pub cells: Vec<Cell>,
}

impl Run {
    /// Gives each character its glyph; `missing` takes those that have none.
    pub fn new(face: &Face, text: &str, missing: &mut Vec<char>) -> Run {
        let text: String = text.nfc().collect();
        let mut cells: Vec<Cell> = vec![];
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let selector = chars.next_if(|(_, next)| is_selector(*next)).map(|(_, s)| s);
            let end = at + c.len_utf8() + selector.map_or(0, char::len_utf8);
            match face.glyph(c, selector) {
                Some(glyph) => {
                    cells.push(Cell { c, range: at..end, glyph, advance: glyph.advance, shift: 0.0 });
                }
                None if missing.contains(&c) => {}
                None => missing.push(c),
            }
        }
        squeeze(&mut cells);
        Run { text: text.into(), cells }
    }

    /// em.
    pub fn width(&self) -> f32 {
        self.cells.iter().map(|cell| cell.advance).sum()
    }

    /// A part of it as a line of its own: blanks at its ends fall away, punctuation there is half wide.
    pub fn line(&self, part: Range<usize>) -> Run {
        let cells = &self.cells[part];
        let blank = |cell: &&Cell| matches!(cell.c, ' ' | '　');
        let skip = cells.iter().take_while(blank).count();
        let tail = cells[skip..].iter().rev().take_while(blank).count();
        let mut cells = cells[skip..cells.len() - tail].to_vec();
        if let Some(first) = cells.first_mut().filter(|cell| cell.half(OPENING) && cell.shift == 0.0) {
            (first.shift, first.advance) = (-0.5, first.advance - 0.5);
        }
        if let Some(last) = cells.last_mut().filter(|cell| cell.half(CLOSING) && cell.advance > 0.9) {
            last.advance -= 0.5;
        }
        Run { text: self.text.clone(), cells }
    }

    /// Widens the line to `width` em by a little between its cells, if it lacks only a little.
    pub fn justified(mut self, width: f32) -> Run {
        let gaps = self.cells.len().saturating_sub(1);
        let lacking = width - self.width();
        let each = lacking / gaps.max(1) as f32;
        if each > 0.0 && each < 0.2 {
            self.cells.iter_mut().take(gaps).for_each(|cell| cell.advance += each);
        }
        self
    }

    /// Letters set apart by `em` between them.
    pub fn spaced(mut self, em: f32) -> Run {
        let gaps = self.cells.len().saturating_sub(1);
        self.cells.iter_mut().take(gaps).for_each(|cell| cell.advance += em);
        self
    }

    pub fn glyphs(&self) -> Vec<KrillaGlyph> {
        let glyph = |cell: &Cell| {
            KrillaGlyph::new(cell.glyph.id, cell.advance, cell.shift, 0.0, 0.0, cell.range.clone(), None)
        };
        self.cells.iter().map(glyph).collect()
    }
}

/// Between two marks of punctuation one half of the white falls away.
fn squeeze(cells: &mut [Cell]) {
    for at in 1..cells.len() {
        let (before, after) = cells.split_at_mut(at);
        let (a, b) = (&mut before[at - 1], &mut after[0]);
        if a.half(CLOSING) && a.advance > 0.9 && (b.half(CLOSING) || b.half(OPENING)) {
            a.advance -= 0.5;
        } else if a.half(OPENING) && b.half(OPENING) {
            (b.shift, b.advance) = (-0.5, b.advance - 0.5);
        }
    }
}
