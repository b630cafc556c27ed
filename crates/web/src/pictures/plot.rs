//! A field with two axes, for the pictures that set one figure against another.

use super::{Width, safe};
use std::fmt::Write;

/// Where the field lies, in CSS pixels.
pub(super) struct Plot {
    pub left: f64,
    pub top: f64,
    pub wide: f64,
    pub high: f64,
}

impl Plot {
    /// `x` and `y` are shares of the field, 0..=1; `y` grows upwards.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.left + x.clamp(0.0, 1.0) * self.wide, self.top + (1.0 - y.clamp(0.0, 1.0)) * self.high)
    }

    pub fn bottom(&self) -> f64 {
        self.top + self.high
    }

    /// An upright line of the grid with its word below.
    pub fn upright(&self, svg: &mut String, x: f64, word: &str) {
        let (at, _) = self.at(x, 0.0);
        let (top, bottom) = (self.top, self.bottom());
        let _ = write!(svg, r#"<path class="grid" d="M{at:.1} {top}V{bottom}"/>"#);
        text(svg, "tick", at, bottom + 17.0, "middle", word);
    }

    /// A level line of the grid with its word on the left.
    pub fn level(&self, svg: &mut String, y: f64, class: &str, word: &str) {
        let (_, at) = self.at(0.0, y);
        let _ = write!(svg, r#"<path class="{class}" d="M{} {at:.1}h{}"/>"#, self.left, self.wide);
        text(svg, "tick", self.left - 6.0, at + 4.0, "end", word);
    }

    /// The path through these points.
    pub fn path(&self, points: impl IntoIterator<Item = (f64, f64)>) -> String {
        let steps = points.into_iter().map(|(x, y)| self.at(x, y)).map(|(x, y)| format!("{x:.1} {y:.1}"));
        format!("M{}", steps.collect::<Vec<_>>().join("L"))
    }
}

/// The head of a picture that is `wide` by `high`; `label` says what it shows.
pub(super) fn open(width: Width, (wide, high): (f64, f64), class: &str, label: &str) -> String {
    format!(
        r#"<svg class="{} {class}" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" aria-label="{}">"#,
        width.class(),
        safe(label)
    )
}

pub(super) fn text(svg: &mut String, class: &str, x: f64, y: f64, anchor: &str, word: &str) {
    let word = safe(word);
    let _ =
        write!(svg, r#"<text class="{class}" x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{word}</text>"#);
}
