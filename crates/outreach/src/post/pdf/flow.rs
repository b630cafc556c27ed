//! Where a line may break (禁則), and text set into a width and a height, smaller if it must be.

use super::face::Face;
use super::run::Run;

/// Never first on a line.
const NOT_FIRST: &str = "、。，．・：；？！,.:;?!）」』】〕〉》｝］)]}”’ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ゝゞヽヾ〜～…‥%％‰℃゛゜";
/// Never last on a line.
const NOT_LAST: &str = "（「『【〔〈《｛［([{“‘〒￥¥$＄#＃№";
/// Never parted from the number before it.
const UNITS: &str = "円年月日時分秒人名点枚個本回通件台階号室丁番条%％";

/// Whether a line may break between two characters.
pub(crate) fn may_break(a: char, b: char) -> bool {
    let word = |c: char| {
        (c.is_ascii_graphic() && !matches!(c, '(' | '[' | '{' | ')' | ']' | '}')) || ('À'..='ɏ').contains(&c)
    };
    let number = a.is_ascii_digit() || ('０'..='９').contains(&a);
    let kanji = |c: char| "〇一二三四五六七八九十百千".contains(c);
    let together = word(a) && word(b)
        || kanji(a) && (kanji(b) || "丁番号".contains(b))
        || number && (UNITS.contains(b) || b == '万' || b == '千')
        || matches!(
            (a, b),
            ('…', '…') | ('―', '―') | ('─', '─') | ('万' | '千', '円') | (' ' | '　', '様' | '御')
        );
    !NOT_FIRST.contains(b) && !NOT_LAST.contains(a) && !together && b != ' ' && b != '　'
}

/// A paragraph as lines of at most `width` em, ragged. A word longer than a line is broken where the
/// line ends: nothing is lost.
pub(crate) fn ragged(run: &Run, width: f32) -> Vec<Run> {
    let mut from = 0;
    let lines = ends(run, width).into_iter().map(|to| run.line(std::mem::replace(&mut from, to)..to));
    lines.collect()
}

/// The same with all lines but the last as wide as the paragraph.
pub(crate) fn justified(run: &Run, width: f32) -> Vec<Run> {
    let mut lines = ragged(run, width);
    let last = lines.pop();
    lines.into_iter().map(|line| line.justified(width)).chain(last).collect()
}

/// A headline, and other short text: as few lines as the width allows, of about the same length,
/// broken where a reader would pause.
pub(crate) fn balanced(run: &Run, width: f32) -> Vec<Run> {
    let lines = ends(run, width).len();
    let best = if lines > 1 { pauses(run, width, lines) } else { None };
    let mut from = 0;
    let ends = best.unwrap_or_else(|| ends(run, width));
    ends.into_iter().map(|to| run.line(std::mem::replace(&mut from, to)..to)).collect()
}

/// The ends of so many lines that cost least: uneven lengths cost, and so does a break within a
/// phrase. None if a word is longer than a line.
fn pauses(run: &Run, width: f32, lines: usize) -> Option<Vec<usize>> {
    let cells = &run.cells;
    let mut until = vec![0.0];
    cells.iter().for_each(|cell| until.push(until[until.len() - 1] + cell.advance));
    let even = until[cells.len()] / lines as f32;
    // Per line and end: what it costs to come here, and where the line began.
    let mut best = vec![vec![(f32::INFINITY, 0); cells.len() + 1]; lines + 1];
    best[0][0].0 = 0.0;
    for line in 1..=lines {
        for to in 1..=cells.len() {
            let Some(price) = pause(cells.get(to - 1).map(|c| c.c), cells.get(to).map(|c| c.c)) else {
                continue;
            };
            for from in (0..to).rev().take_while(|from| until[to] - until[*from] <= width) {
                let uneven = (until[to] - until[from] - even) / even;
                let cost = best[line - 1][from].0 + price + uneven * uneven;
                if cost < best[line][to].0 {
                    best[line][to] = (cost, from);
                }
            }
        }
    }
    let mut to = cells.len();
    let mut ends = vec![];
    for line in (1..=lines).rev() {
        ends.push(to);
        to = Some(best[line][to]).filter(|(cost, _)| cost.is_finite())?.1;
    }
    ends.reverse();
    Some(ends)
}

/// What a break here costs: nothing after punctuation and at the end, little where a phrase begins
/// (kana before, none after), much within one. None where no line may break.
fn pause(before: Option<char>, after: Option<char>) -> Option<f32> {
    let hiragana = |c: char| ('ぁ'..='ゖ').contains(&c);
    match (before, after) {
        (Some(a), Some(b)) if !may_break(a, b) => None,
        (Some(a), Some(_)) if "、。，．・！？」』）　 ".contains(a) => Some(0.0),
        (Some(a), Some(b)) if hiragana(a) && !hiragana(b) && !"おご".contains(a) => Some(0.05),
        (Some(_), Some(_)) => Some(0.5),
        _ => Some(0.0),
    }
}

/// Where each line of at most `width` em ends.
fn ends(run: &Run, width: f32) -> Vec<usize> {
    let mut ends = vec![];
    while ends.last().copied().unwrap_or(0) < run.cells.len() {
        ends.push(line_end(run, ends.last().copied().unwrap_or(0), width));
    }
    ends
}

/// The end of the longest line from `from` on that fits and may break there.
fn line_end(run: &Run, from: usize, width: f32) -> usize {
    let cells = &run.cells;
    let (mut taken, mut fits, mut may) = (0.0, from + 1, None);
    for at in from..cells.len() {
        taken += cells[at].advance;
        // The edges may give back up to half an em each: measured only where it matters.
        if taken > width && run.line(from..at + 1).width() > width + 1e-3 {
            return may.unwrap_or(fits);
        }
        fits = at + 1;
        if cells.get(at + 1).is_none_or(|next| may_break(cells[at].c, next.c)) {
            may = Some(at + 1);
        }
    }
    cells.len()
}

/// How small text may become before it does not fit.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    /// mm.
    pub largest: f32,
    /// mm.
    pub smallest: f32,
}

impl Sizes {
    /// Both in points (1/72 inch), as type is spoken of.
    pub const fn pt(largest: f32, smallest: f32) -> Sizes {
        Sizes { largest: largest * PT, smallest: smallest * PT }
    }

    /// From the largest down in steps of half a point.
    pub fn steps(self) -> impl Iterator<Item = f32> {
        let steps = ((self.largest - self.smallest) / (0.5 * PT)).round() as usize;
        (0..=steps).map(move |step| (self.largest - step as f32 * 0.5 * PT).max(self.smallest))
    }
}

/// One point in mm.
pub(crate) const PT: f32 = 25.4 / 72.0;

/// One line within `width` mm: the largest size at which it fits.
pub(crate) fn one_line(run: &Run, width: f32, sizes: Sizes) -> Option<f32> {
    let fitting = (width / run.width().max(0.001)).min(sizes.largest);
    (fitting >= sizes.smallest - 1e-4).then_some(fitting)
}

/// Blocks (an address's street, its building) within `width` mm and `most` lines: between blocks
/// first, then between words, and only at the smallest size anywhere a line may break.
pub(crate) fn blocks(
    face: &Face,
    blocks: &[String],
    width: f32,
    most: usize,
    sizes: Sizes,
    missing: &mut Vec<char>,
) -> Option<(f32, Vec<Run>)> {
    let words: Vec<String> = blocks.iter().flat_map(|block| words(block)).collect();
    let by_blocks: Vec<Run> = blocks.iter().map(|block| Run::new(face, block, missing)).collect();
    // An address read at a glance has one block a line: a little smaller is better than broken.
    let whole =
        |size: &f32| by_blocks.len() <= most && by_blocks.iter().all(|run| run.width() * size <= width);
    if let Some(size) = sizes.steps().take_while(|size| *size >= 0.82 * sizes.largest).find(whole) {
        return Some((size, by_blocks));
    }
    for size in sizes.steps() {
        if let Some(lines) = filled(&words, face, width / size, most) {
            return Some((size, lines));
        }
    }
    let em = width / sizes.smallest;
    let lines: Vec<Run> = by_blocks.iter().flat_map(|run| ragged(run, em)).collect();
    (lines.len() <= most).then_some((sizes.smallest, lines))
}

/// Words put into lines one after another; None if one is too long or the lines are too many.
fn filled(words: &[String], face: &Face, em: f32, most: usize) -> Option<Vec<Run>> {
    let mut lines: Vec<String> = vec![];
    let width = |text: &str| Run::new(face, text.trim(), &mut vec![]).width();
    for word in words {
        match lines.last_mut() {
            Some(line) if width(&format!("{line}{word}")) <= em => line.push_str(word),
            _ if width(word) <= em => lines.push(word.trim_start().to_owned()),
            _ => return None,
        }
    }
    (lines.len() <= most).then(|| lines.iter().map(|line| Run::new(face, line.trim(), &mut vec![])).collect())
}

/// A block in the words between which it may break: at blanks, and where one script ends and another
/// begins (千代田区霞が関 1丁目3番2号; 第一ビル 東館), never within a number and its unit. A new
/// block begins with a blank.
fn words(block: &str) -> Vec<String> {
    let mut words = vec![" ".to_owned()];
    let mut before = None;
    for c in block.chars() {
        let long = words.last().is_some_and(|word| word.trim_start().chars().count() > 1);
        let apart = before.is_some_and(|a| {
            may_break(a, c)
                && (" ・".contains(a) || script(a) != script(c) || long && "県府都郡市区".contains(a))
        });
        // 1丁目3番2号 is one word.
        let numbers = before.is_some_and(|a| "目番地号の".contains(a)) && c.is_ascii_digit();
        let joined = numbers || before.is_some_and(|a: char| a.is_ascii_digit() && UNITS.contains(c));
        match words.last_mut() {
            Some(word) if !apart || joined => word.push(c),
            _ => words.push(c.to_string()),
        }
        before = Some(c);
    }
    words
}

#[derive(PartialEq)]
enum Script {
    Kana,
    Latin,
    Kanji,
}

/// Hiragana counts as kanji: 霞が関 is one word.
fn script(c: char) -> Script {
    match c {
        'ァ'..='ヿ' => Script::Kana,
        c if c.is_ascii_graphic() => Script::Latin,
        _ => Script::Kanji,
    }
}
