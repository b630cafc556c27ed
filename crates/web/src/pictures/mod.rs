//! Pictures as SVG text: pure functions of the data, coloured by the stylesheet.

mod bar;
mod calibration;
mod capture;
mod flow;
mod forest;
mod gain;
mod ladder;
mod life;
mod mark;
mod parts;
mod path;
mod plot;
mod range;
mod ruler;

pub use bar::{Part, bar, stack};
pub use calibration::{as_predicted, calibration};
pub use capture::{Curve, capture};
pub use flow::flow;
pub use forest::{Bar, forest};
pub use gain::{gain, steps};
pub use ladder::{Rung, Stage, ladder};
pub use life::{Life, life};
pub use mark::mark;
pub use parts::parts;
pub use path::{Stop, path};
pub use range::{range, track};
pub use ruler::{Rhythm, ruler, usual};

/// How wide the picture is drawn: text keeps its size, so a phone gets a picture of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Width {
    Desk,
    Phone,
}

impl Width {
    /// In CSS pixels.
    fn px(self) -> f64 {
        match self {
            Width::Desk => 920.0,
            Width::Phone => 350.0,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Width::Desk => "pic desk-only",
            Width::Phone => "pic phone-only",
        }
    }
}

/// Text that is safe inside SVG.
fn safe(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// A round step that divides `most` into at most `parts` parts: 1, 2 or 5 times a power of ten.
fn round_step(most: f64, parts: f64) -> f64 {
    let raw = (most / parts).max(1.0);
    let power = 10_f64.powf(raw.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= raw).unwrap_or(raw)
}

/// About how wide a text is at 12 px: a wide character is an em, a capital two thirds, the others a little over half.
fn text_width(text: &str) -> f64 {
    let one = |c: char| match c {
        '\u{2E80}'.. => 12.0,
        'A'..='Z' => 8.4,
        _ => 6.8,
    };
    text.chars().map(one).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (most, step) in [(7.0, 5.0), (95.0, 50.0), (1200.0, 500.0), (0.0, 1.0), (401_000.0, 200_000.0)] {
            assert_eq!(round_step(most, 3.0), step, "{most}");
        }
    }

    /// Every picture is well formed: each tag closed, no attribute broken out of.
    pub fn well_formed(svg: &str) {
        let mut open = Vec::new();
        let mut rest = svg;
        while let Some(at) = rest.find('<') {
            let end = rest[at..].find('>').map(|e| at + e).expect("a tag ends");
            let tag = &rest[at + 1..end];
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "closed in order in {svg}"),
                None if tag.ends_with('/') => {}
                None => open.push(tag.split(' ').next().unwrap_or_default()),
            }
            assert_eq!(tag.matches('"').count() % 2, 0, "quotes in {tag}");
            assert!(!tag.contains("style="), "no inline style in {tag}");
            assert!(!tag.contains("NaN") && !tag.contains("inf"), "a number in {tag}");
            rest = &rest[end + 1..];
        }
        assert!(open.is_empty(), "{open:?} left open");
    }
}
