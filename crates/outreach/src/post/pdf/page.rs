//! One page as marks in mm from its top left corner, and how it becomes PDF.

use super::face::{Face, Faces};
use super::flow::PT;
use super::run::Run;
use krilla::color::{cmyk, luma};
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

/// What a mark is printed with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Ink {
    Black,
    /// Small print.
    Grey,
    /// Rules and fold marks.
    Pale,
    /// 朱色, without black or blue, as the manual (p5) wants for postal code boxes.
    Vermilion,
    /// The shop's colour: cyan, magenta, yellow, black in percent.
    Accent([u8; 4]),
    /// A tenth of the shop's colour, under an offer.
    Tint([u8; 4]),
}

/// Which of the two weights.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Weight {
    Text,
    Strong,
}

impl Faces {
    pub(crate) fn of(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Text => &self.text,
            Weight::Strong => &self.strong,
        }
    }
}

/// Left, top, width, height in mm.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Area {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

impl Area {
    pub const fn new(left: f32, top: f32, width: f32, height: f32) -> Area {
        Area { left, top, width, height }
    }

    pub fn right(self) -> f32 {
        self.left + self.width
    }

    pub fn bottom(self) -> f32 {
        self.top + self.height
    }
}

pub(crate) enum Mark {
    /// `left` and `baseline` and `size` in mm.
    Text {
        left: f32,
        baseline: f32,
        size: f32,
        weight: Weight,
        run: Run,
        ink: Ink,
    },
    /// Filled, all at once.
    Boxes {
        boxes: Vec<Area>,
        ink: Ink,
    },
    /// Its inner edge is the area; `line` mm thick.
    Frame {
        area: Area,
        line: f32,
        ink: Ink,
    },
    Circle {
        centre: [f32; 2],
        radius: f32,
        line: f32,
        ink: Ink,
    },
}

/// A page in the making.
#[derive(Default)]
pub(crate) struct Page {
    pub marks: Vec<Mark>,
}

impl Page {
    pub fn text(&mut self, at: [f32; 2], size: f32, weight: Weight, run: Run, ink: Ink) {
        let [left, baseline] = at;
        self.marks.push(Mark::Text { left, baseline, size, weight, run, ink });
    }

    /// A rule of `thick` mm whose upper edge is `top`.
    pub fn rule(&mut self, left: f32, top: f32, width: f32, thick: f32, ink: Ink) {
        self.marks.push(Mark::Boxes { boxes: vec![Area::new(left, top, width, thick)], ink });
    }

    /// Draws all of it, moved by `offset` mm.
    pub fn draw(&self, surface: &mut Surface<'_>, faces: &Faces, offset: [f32; 2]) {
        for mark in &self.marks {
            draw(mark, surface, faces, offset);
        }
    }
}

/// The size of a page in mm as krilla wants it.
pub(crate) fn settings(size: [f32; 2]) -> Option<PageSettings> {
    PageSettings::from_wh(size[0] / PT, size[1] / PT)
}

fn draw(mark: &Mark, surface: &mut Surface<'_>, faces: &Faces, [dx, dy]: [f32; 2]) {
    match mark {
        Mark::Text { left, baseline, size, weight, run, ink } => {
            fill(surface, *ink);
            let start = Point::from_xy((left + dx) / PT, (baseline + dy) / PT);
            let font = faces.of(*weight).font.clone();
            surface.draw_glyphs(start, &run.glyphs(), font, &run.text, size / PT, false);
        }
        Mark::Boxes { boxes, ink } => {
            fill(surface, *ink);
            let mut path = PathBuilder::new();
            boxes.iter().filter_map(|area| rect(*area, [dx, dy])).for_each(|rect| path.push_rect(rect));
            path.finish().into_iter().for_each(|path| surface.draw_path(&path));
        }
        Mark::Frame { area, line, ink } => {
            let half = line / 2.0;
            let middle = Area::new(area.left - half, area.top - half, area.width + line, area.height + line);
            let mut path = PathBuilder::new();
            rect(middle, [dx, dy]).into_iter().for_each(|rect| path.push_rect(rect));
            outline(surface, path.finish(), *line, *ink);
        }
        Mark::Circle { centre: [x, y], radius, line, ink } => {
            outline(surface, circle(x + dx, y + dy, *radius), *line, *ink);
        }
    }
}

fn fill(surface: &mut Surface<'_>, ink: Ink) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: paint(ink), ..Fill::default() }));
}

fn outline(surface: &mut Surface<'_>, path: Option<Path>, line: f32, ink: Ink) {
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: paint(ink),
        width: line / PT,
        opacity: NormalizedF32::ONE,
        ..Stroke::default()
    }));
    path.into_iter().for_each(|path| surface.draw_path(&path));
}

fn rect(area: Area, [dx, dy]: [f32; 2]) -> Option<Rect> {
    Rect::from_xywh((area.left + dx) / PT, (area.top + dy) / PT, area.width / PT, area.height / PT)
}

fn circle(x: f32, y: f32, radius: f32) -> Option<Path> {
    // Four cubic curves, each a quarter: 0.5523 is 4/3 (sqrt 2 - 1).
    let (x, y, r) = (x / PT, y / PT, radius / PT);
    let k = r * 0.5523;
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
    path.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
    path.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
    path.cubic_to(x + k, y - r, x + r, y - k, x + r, y);
    path.close();
    path.finish()
}

fn paint(ink: Ink) -> krilla::paint::Paint {
    let percent = |value: u8| (u16::from(value.min(100)) * 255 / 100) as u8;
    match ink {
        Ink::Black => luma::Color::black().into(),
        Ink::Grey => luma::Color::new(90).into(),
        Ink::Pale => luma::Color::new(190).into(),
        Ink::Vermilion => cmyk::Color::new(0, 200, 220, 0).into(),
        Ink::Accent([c, m, y, k]) => cmyk::Color::new(percent(c), percent(m), percent(y), percent(k)).into(),
        Ink::Tint([c, m, y, k]) => {
            let tenth = |value: u8| percent(value) / 10;
            cmyk::Color::new(tenth(c), tenth(m), tenth(y), tenth(k)).into()
        }
    }
}
