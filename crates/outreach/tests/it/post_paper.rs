//! A rendered page as ink on paper, measured in mm.

use std::path::Path;
use std::process::Command;

/// Dots per inch: a dot is 0.085 mm.
const DPI: &str = "300";
/// Dots per mm.
const DOTS: f32 = 300.0 / 25.4;

/// One page.
pub struct Paper {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

/// What to look for.
#[derive(Clone, Copy)]
pub enum Ink {
    Dark,
    Red,
}

impl Paper {
    /// Renders a page (from 1) with Debian's poppler-utils.
    pub fn of(pdf: &[u8], page: usize) -> Paper {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("print.pdf");
        std::fs::write(&file, pdf).expect("a file");
        let ppm = poppler("pdftoppm", &["-r", DPI], &file, page);
        let mut words = ppm.splitn(4, |b| b.is_ascii_whitespace());
        let mut number = || std::str::from_utf8(words.next().expect("a word")).expect("ASCII").to_owned();
        assert_eq!(number(), "P6");
        let (width, height): (usize, usize) =
            (number().parse().expect("a number"), number().parse().expect("a number"));
        let rgb = words.next().expect("dots").strip_prefix(b"255\n").expect("eight bits").to_vec();
        assert_eq!(rgb.len(), width * height * 3);
        Paper { width, height, rgb }
    }

    /// mm.
    pub fn size(&self) -> [f32; 2] {
        [self.width as f32 / DOTS, self.height as f32 / DOTS]
    }

    fn dot(&self, x: usize, y: usize, ink: Ink) -> bool {
        let at = (y.min(self.height - 1) * self.width + x.min(self.width - 1)) * 3;
        let [r, g, b] = [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]].map(u32::from);
        match ink {
            Ink::Dark => r + g + b < 384 && r < 160,
            Ink::Red => r > 180 && g < 150 && b < 150,
        }
    }

    /// Whether there is ink at a point in mm.
    pub fn at(&self, x: f32, y: f32, ink: Ink) -> bool {
        self.dot((x * DOTS) as usize, (y * DOTS) as usize, ink)
    }

    /// Begin and end of every run of ink along a row, between two edges, mm.
    pub fn across(&self, y: f32, from: f32, to: f32, ink: Ink) -> Vec<[f32; 2]> {
        let row = (y * DOTS) as usize;
        runs(from, to, |x| self.dot(x, row, ink))
    }

    /// The same down a column.
    pub fn down(&self, x: f32, from: f32, to: f32, ink: Ink) -> Vec<[f32; 2]> {
        let column = (x * DOTS) as usize;
        runs(from, to, |y| self.dot(column, y, ink))
    }

    /// Left, top, right, bottom of everything printed within a rectangle of the same form; None if
    /// there is nothing.
    pub fn printed(&self, [left, top, right, bottom]: [f32; 4]) -> Option<[f32; 4]> {
        let dots = |mm: f32, most: usize| ((mm.max(0.0) * DOTS).round() as usize).min(most);
        let (mut found, mut any) = ([f32::MAX, f32::MAX, 0.0f32, 0.0f32], false);
        for y in dots(top, self.height)..dots(bottom, self.height) {
            for x in dots(left, self.width)..dots(right, self.width) {
                let at = (y * self.width + x) * 3;
                if self.rgb[at..at + 3].iter().any(|c| *c < 200) {
                    let (x, y) = (x as f32 / DOTS, y as f32 / DOTS);
                    found = [found[0].min(x), found[1].min(y), found[2].max(x), found[3].max(y)];
                    any = true;
                }
            }
        }
        any.then_some(found)
    }
}

/// The text of a page without any blanks.
pub fn text_of(pdf: &[u8], page: usize) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("print.pdf");
    std::fs::write(&file, pdf).expect("a file");
    let text =
        String::from_utf8(poppler("pdftotext", &["-raw", "-enc", "UTF-8"], &file, page)).expect("UTF-8");
    blankless(&text)
}

/// Text without blanks.
pub fn blankless(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

fn poppler(program: &str, options: &[&str], file: &Path, page: usize) -> Vec<u8> {
    let page = page.to_string();
    let mut command = Command::new(program);
    command.args(options).args(["-f", &page, "-l", &page]).arg(file);
    if program == "pdftotext" {
        command.arg("-");
    }
    let out = command.output().expect("poppler-utils, which scripts/needs installs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn runs(from: f32, to: f32, ink: impl Fn(usize) -> bool) -> Vec<[f32; 2]> {
    let mut runs: Vec<[f32; 2]> = vec![];
    let mut open = false;
    for dot in (from * DOTS) as usize..(to * DOTS) as usize {
        let here = ink(dot);
        let [begin, end] = [dot as f32 / DOTS, (dot + 1) as f32 / DOTS];
        match runs.last_mut() {
            Some(run) if here && open => run[1] = end,
            _ if here => runs.push([begin, end]),
            _ => {}
        }
        open = here;
    }
    runs
}
