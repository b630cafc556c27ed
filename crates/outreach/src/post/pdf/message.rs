//! What a piece says: headline, paragraphs, the offer with its end, the QR code, the small print.

use super::codes::Qr;
use super::flow::{Sizes, balanced, justified};
use super::page::{Area, Ink, Mark, Page, Weight};
use super::run::Run;
use super::setter::{Align, Fault, Field, Place, Setter, put};
use crate::post::piece::{Imprint, Piece, PrintedOffer};

/// The sizes of one kind of piece.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    pub headline: Sizes,
    pub text: Sizes,
    pub small: Sizes,
    /// The QR code without its margin, mm.
    pub qr: f32,
}

/// Lines of a headline at most.
const HEADLINE: usize = 3;
/// From line to line, in sizes.
const LEADING: f32 = 1.75;

/// Sets it all into `area`: the foot first, then what stands above it, in the largest size that fits.
pub(crate) fn set(
    setter: &mut Setter<'_>,
    page: &mut Page,
    piece: &Piece,
    imprint: &Imprint,
    area: Area,
    scale: Scale,
) {
    let foot = foot(setter, page, piece, imprint, area, scale);
    let area = Area { height: foot - area.top, ..area };
    let top = headline(setter, page, piece, imprint, area, scale);
    for size in scale.text.steps() {
        let mut body = Page::default();
        let bottom = body_of(
            setter,
            &mut body,
            piece,
            imprint,
            Area { top, height: area.bottom() - top, ..area },
            size,
        );
        if bottom <= area.bottom() {
            page.marks.append(&mut body.marks);
            return;
        }
    }
    setter.fault(Fault::DoesNotFit(Field::Message));
}

/// The headline and the short bar of the shop's colour under it; returns where the text begins.
fn headline(
    setter: &mut Setter<'_>,
    page: &mut Page,
    piece: &Piece,
    imprint: &Imprint,
    area: Area,
    scale: Scale,
) -> f32 {
    if piece.message.headline.is_empty() {
        return area.top;
    }
    let runs: Vec<Run> =
        piece.message.headline.lines().map(|line| setter.run(Weight::Strong, line)).collect();
    let set = scale.headline.steps().find_map(|size| {
        let lines: Vec<Run> = runs.iter().flat_map(|run| balanced(run, area.width / size)).collect();
        // One line at a smaller size reads better than two at the largest, within reason.
        let most = if size > scale.headline.largest * 0.8 { runs.len() } else { HEADLINE };
        (lines.len() <= most).then_some((size, lines))
    });
    let Some((size, lines)) = set else {
        setter.fault(Fault::DoesNotFit(Field::Headline));
        return area.top;
    };
    let mut top = area.top;
    for line in lines {
        let place = Place { left: area.left, top, width: area.width, align: Align::Left };
        put(page, line, size, Weight::Strong, Ink::Black, place);
        top += size * 1.4;
    }
    page.rule(area.left, top + 0.6, 12.0, 0.9, Ink::Accent(imprint.accent));
    top + 5.0
}

/// Paragraphs and the offer, at one size; returns where they end.
fn body_of(
    setter: &mut Setter<'_>,
    page: &mut Page,
    piece: &Piece,
    imprint: &Imprint,
    area: Area,
    size: f32,
) -> f32 {
    let mut top = area.top;
    for paragraph in &piece.message.paragraphs {
        for line in paragraph.lines() {
            let run = setter.run(Weight::Text, line);
            for line in justified(&run, area.width / size) {
                let place = Place { left: area.left, top, width: area.width, align: Align::Left };
                put(page, line, size, Weight::Text, Ink::Black, place);
                top += size * LEADING;
            }
        }
        top += size * 0.6;
    }
    match &piece.message.offer {
        Some(offer) => offer_box(setter, page, offer, imprint, Area { top: top + 1.0, ..area }, size),
        None => top - size * 0.6,
    }
}

/// The offer on a tinted ground, its last day under it; returns where it ends.
fn offer_box(
    setter: &mut Setter<'_>,
    page: &mut Page,
    offer: &PrintedOffer,
    imprint: &Imprint,
    area: Area,
    text: f32,
) -> f32 {
    let size = text * 1.2;
    let inside = 4.5;
    let width = area.width - 2.0 * inside;
    let run = setter.run(Weight::Strong, &offer.text);
    let lines = balanced(&run, width / size);
    let ends = setter.run(Weight::Text, &format!("有効期限　{}まで", spoken(offer.ends)));
    let small = text * 0.95;
    let height = 2.0 * 3.0 + lines.len() as f32 * size * 1.45 + small * 1.5;
    let ground = Area { height, ..area };
    page.marks.push(Mark::Boxes { boxes: vec![ground], ink: Ink::Tint(imprint.accent) });
    let bar = Area { width: 1.2, ..ground };
    page.marks.push(Mark::Boxes { boxes: vec![bar], ink: Ink::Accent(imprint.accent) });
    let mut top = area.top + 3.0 + size * 0.1;
    let place = |top: f32| Place { left: area.left + inside, top, width, align: Align::Left };
    for line in lines {
        put(page, line, size, Weight::Strong, Ink::Black, place(top));
        top += size * 1.45;
    }
    put(page, ends, small, Weight::Text, Ink::Black, place(top + small * 0.15));
    ground.bottom() + 2.0
}

/// 2026年12月31日(木).
fn spoken(day: model::Day) -> String {
    let (year, month, date) = day.ymd();
    let weekday = ["月", "火", "水", "木", "金", "土", "日"][day.weekday() as usize % 7];
    format!("{year}年{month}月{date}日（{weekday}）")
}

/// From the bottom up: the small print, a thin rule, and above it the QR code with its words at its
/// left. Returns where all of this begins.
fn foot(
    setter: &mut Setter<'_>,
    page: &mut Page,
    piece: &Piece,
    imprint: &Imprint,
    area: Area,
    scale: Scale,
) -> f32 {
    let sender = &imprint.sender;
    let who = format!("{}　〒{} {}", sender.name, sender.postal_code, sender.address);
    let texts = [who.as_str(), &imprint.stop, &imprint.contact];
    let size = scale.small.smallest;
    let runs: Vec<Run> =
        texts.iter().filter(|text| !text.is_empty()).map(|text| setter.run(Weight::Text, text)).collect();
    let lines: Vec<Run> = runs.iter().flat_map(|run| balanced(run, area.width / size)).collect();
    let mut top = area.bottom() - lines.len() as f32 * size * 1.5;
    let begin = top - 2.0;
    for line in lines {
        let place = Place { left: area.left, top, width: area.width, align: Align::Left };
        put(page, line, size, Weight::Text, Ink::Grey, place);
        top += size * 1.5;
    }
    page.rule(area.left, begin, area.width, 0.15, Ink::Pale);
    if piece.qr_url.is_empty() {
        return begin - 2.0;
    }
    let Some(qr) = Qr::new(&piece.qr_url, scale.qr) else {
        setter.fault(Fault::QrTooDense);
        return begin - 2.0;
    };
    let (left, top) = (area.right() - scale.qr, begin - qr.margin() - scale.qr);
    page.marks.push(Mark::Boxes { boxes: qr.boxes(left, top), ink: Ink::Black });
    let beside = Area::new(area.left, top, area.width - scale.qr - qr.margin().max(4.0), scale.qr);
    call(setter, page, piece, imprint, beside, scale);
    top - qr.margin().max(3.0)
}

/// What the code is for, and the shop's name and site under it, level with the middle of the code.
fn call(
    setter: &mut Setter<'_>,
    page: &mut Page,
    piece: &Piece,
    imprint: &Imprint,
    area: Area,
    scale: Scale,
) {
    let run = setter.run(Weight::Text, &piece.message.call);
    let set = scale.small.steps().find_map(|size| {
        let lines = balanced(&run, area.width / size);
        let height = lines.len() as f32 * size * 1.5 + size * 3.6;
        (height <= area.height).then_some((size, lines, height))
    });
    let Some((size, lines, height)) = set else {
        return setter.fault(Fault::DoesNotFit(Field::Call));
    };
    let mut top = area.top + (area.height - height) / 2.0;
    let place = |top: f32| Place { left: area.left, top, width: area.width, align: Align::Left };
    for line in lines {
        put(page, line, size, Weight::Text, Ink::Black, place(top));
        top += size * 1.5;
    }
    top += size * 0.4;
    let smallest = scale.small.smallest;
    let how = (Weight::Strong, Sizes { largest: size * 1.25, smallest }, Ink::Accent(imprint.accent));
    top += setter.line(page, &imprint.sender.name, how, place(top), Field::Sender) * 1.4;
    let how = (Weight::Text, Sizes { largest: size * 0.95, smallest: smallest * 0.9 }, Ink::Grey);
    setter.line(page, &imprint.sender.site, how, place(top), Field::Sender);
}

/// The message side of a postcard, 100 x 148 mm.
pub(crate) fn postcard(setter: &mut Setter<'_>, piece: &Piece, imprint: &Imprint) -> Page {
    let mut page = Page::default();
    let scale = Scale {
        headline: Sizes::pt(17.0, 11.0),
        text: Sizes::pt(10.0, 7.5),
        small: Sizes::pt(8.5, 5.5),
        qr: 21.0,
    };
    set(setter, &mut page, piece, imprint, Area::new(9.0, 10.0, 82.0, 130.0), scale);
    page
}
