//! Who gets it and where: the block of lines that postcard, letter and label share.

use super::codes::{BARCODE_MARGIN, barcode, barcode_size};
use super::flow::{Sizes, blocks, one_line};
use super::page::{Area, Ink, Mark, Page, Weight};
use super::setter::{ASCENT, Align, Fault, Field, Place, Setter, put};
use crate::post::piece::Piece;

/// The sizes of one kind of piece, in points.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    /// Whether `〒100-0013` opens the block; on a postcard the boxes say it.
    pub code: bool,
    pub address: Sizes,
    pub company: Sizes,
    pub name: Sizes,
    /// Lines of the address at most.
    pub lines: usize,
    /// Points of the barcode; 0: none is printed.
    pub barcode: f32,
    /// The barcode stands no higher than this, mm from the top of the page.
    pub barcode_from: f32,
    /// The share of the free height that stands above the block, 0 to 1.
    pub above: f32,
}

/// Sets the block from the top of `area` on. What does not fit its height at full size is set
/// smaller, all in proportion.
pub(crate) fn set(setter: &mut Setter<'_>, page: &mut Page, piece: &Piece, area: Area, scale: Scale) {
    if piece.name.is_empty() && piece.company.is_empty() && piece.department.is_empty() {
        setter.fault(Fault::NoAddressee);
        return;
    }
    if piece.code().is_none() {
        setter.fault(Fault::PostalCode);
        return;
    }
    for tightness in [1.0, 0.93, 0.86, 0.79, 0.72, 0.65] {
        let sizes = smaller(scale, tightness);
        let free = area.bottom() - lines(setter, &mut Page::default(), piece, area, sizes);
        if free > -1e-3 {
            let lower = Area { top: area.top + free.max(0.0) * scale.above, ..area };
            lines(setter, page, piece, lower, sizes);
            return;
        }
    }
    setter.fault(Fault::DoesNotFit(Field::Address));
}

/// The largest sizes taken down, never below the smallest.
fn smaller(scale: Scale, by: f32) -> Scale {
    let less = |sizes: Sizes| Sizes { largest: (sizes.largest * by).max(sizes.smallest), ..sizes };
    Scale { address: less(scale.address), company: less(scale.company), name: less(scale.name), ..scale }
}

/// All lines, one under another; returns where they end.
fn lines(setter: &mut Setter<'_>, page: &mut Page, piece: &Piece, area: Area, scale: Scale) -> f32 {
    let mut top = area.top;
    let place = |top: f32| Place { left: area.left, top, width: area.width, align: Align::Left };
    if scale.code {
        let text = format!("〒{}", piece.code_with_hyphen());
        let size =
            setter.line(page, &text, (Weight::Text, scale.address, Ink::Black), place(top), Field::Address);
        top += size * 1.45;
    }
    let faces = setter.faces;
    match blocks(&faces.text, &piece.address, area.width, scale.lines, scale.address, &mut setter.missing) {
        None => setter.fault(Fault::DoesNotFit(Field::Address)),
        Some((size, runs)) => {
            for run in runs {
                put(page, run, size, Weight::Text, Ink::Black, place(top));
                top += size * 1.45;
            }
            top += size * 0.5;
        }
    }
    let [company, department, name] = addressed(piece);
    for text in [company, department].iter().filter(|text| !text.is_empty()) {
        top += two_lines(setter, page, text, scale.company, place(top), Field::Company);
    }
    if !name.is_empty() {
        top += scale.name.largest * 0.2;
        top += named(setter, page, &piece.title, &name, place(top), scale);
    }
    if let Some(code) = piece.barcode.filter(|_| scale.barcode > 0.0) {
        let [_, height] = barcode_size(scale.barcode);
        let from = (top + BARCODE_MARGIN).max(scale.barcode_from);
        page.marks
            .push(Mark::Boxes { boxes: barcode(&code, scale.barcode, area.left, from), ink: Ink::Black });
        top = from + height;
    }
    top
}

/// Company, department and name, the last of them with its honorific.
fn addressed(piece: &Piece) -> [String; 3] {
    let mut lines = [piece.company.clone(), piece.department.clone(), piece.name.clone()];
    if let Some(last) = lines.iter_mut().rev().find(|line| !line.is_empty()) {
        last.push('　');
        last.push_str(piece.honorific.text());
    }
    lines
}

/// The name; a 役職 of up to five letters stands small before it, a longer one above. Returns its height.
fn named(
    setter: &mut Setter<'_>,
    page: &mut Page,
    title: &str,
    name: &str,
    place: Place,
    scale: Scale,
) -> f32 {
    let small = setter.run(Weight::Text, title);
    let size = scale.company.largest;
    let taken = (small.width() + 0.7) * size;
    let beside = Place { left: place.left + taken, width: place.width - taken, ..place };
    let run = setter.run(Weight::Text, name);
    let fitting = one_line(&run, beside.width, scale.name);
    match fitting.filter(|_| (1..=5).contains(&title.chars().count())) {
        Some(height) => {
            // On one baseline with the name.
            let top = place.top + ASCENT * (height - size);
            put(page, small, size, Weight::Text, Ink::Black, Place { top, ..place });
            put(page, run, height, Weight::Text, Ink::Black, beside);
            height * 1.2
        }
        None => {
            let above = match title {
                "" => 0.0,
                title => two_lines(setter, page, title, scale.company, place, Field::Name) * 1.25,
            };
            let below = Place { top: place.top + above, ..place };
            above + two_lines(setter, page, name, scale.name, below, Field::Name)
        }
    }
}

/// One line as large as fits, or two of the smallest size. Returns their height.
fn two_lines(
    setter: &mut Setter<'_>,
    page: &mut Page,
    text: &str,
    sizes: Sizes,
    place: Place,
    field: Field,
) -> f32 {
    let run = setter.run(Weight::Text, text);
    if let Some(size) = one_line(&run, place.width, sizes) {
        put(page, run, size, Weight::Text, Ink::Black, place);
        // A name is larger than what stands around it and needs less white of its own.
        return size * if field == Field::Name { 1.2 } else { 1.45 };
    }
    let smallest = Sizes { largest: sizes.smallest, ..sizes };
    let faces = setter.faces;
    match blocks(&faces.text, &[text.to_owned()], place.width, 2, smallest, &mut setter.missing) {
        None => setter.fault(Fault::DoesNotFit(field)),
        Some((size, lines)) => {
            for (at, line) in lines.into_iter().enumerate() {
                let top = place.top + at as f32 * size * 1.35;
                put(page, line, size, Weight::Text, Ink::Black, Place { top, ..place });
            }
        }
    }
    sizes.smallest * 2.8
}
