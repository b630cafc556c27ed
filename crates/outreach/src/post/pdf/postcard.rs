//! The address side of a postcard, 100 x 148 mm, written from left to right.
//!
//! Sources: 郵便番号・バーコードマニュアル p5 (boxes, JIS), p13 (where the barcode may stand); 日本郵便
//! 「料金別納 表示の方法」 (the mark); 内国郵便約款 第22条 (「郵便はがき」 at the middle of the top).

use super::addressee::{self, Scale};
use super::codes::barcode_size;
use super::flow::Sizes;
use super::page::{Area, Ink, Mark, Page, Weight};
use super::setter::{ASCENT, Align, Field, Place, Setter, put};
use crate::post::piece::{Imprint, Payment, Piece, PostageMark, Slack};

/// mm.
pub(crate) const SIZE: [f32; 2] = [100.0, 148.0];
/// The inner edges of the seven boxes, mm.
const BOXES_LEFT: [f32; 7] = [44.3, 51.3, 58.3, 65.9, 72.7, 79.5, 86.3];
const BOX: [f32; 2] = [5.7, 8.0];
const BOXES_TOP: f32 = 12.0;
/// Line thickness of the first three boxes and the hyphen, and of the other four, mm.
const THICK: f32 = 0.5;
const THIN: f32 = 0.3;
/// The circle of the mark may be 20 to 30 mm wide.
const MARK: ([f32; 2], f32) = ([20.5, 22.5], 11.0);
/// Where stamps are cancelled, portrait: 35 wide, 70 high.
const STAMPS: f32 = 70.0;
/// 9 points: 71.8 mm, so that 14 mm stay white at both ends (p13 asks for 10, better 15).
const BARCODE: f32 = 9.0;
const LEFT: f32 = (SIZE[0] - barcode_size(BARCODE)[0]) / 2.0;
/// The address ends in the upper half and a little more; the sender stands below.
const ADDRESS: Area = Area::new(LEFT, 40.0, SIZE[0] - 2.0 * LEFT, 68.0);

/// Sets the address side.
pub(crate) fn address_side(setter: &mut Setter<'_>, piece: &Piece, imprint: &Imprint) -> Page {
    let mut page = Page::default();
    let place = Place { left: 30.0, top: 4.2, width: 40.0, align: Align::Centre };
    let run = setter.run(Weight::Text, "郵便はがき").spaced(0.8);
    put(&mut page, run, 2.5, Weight::Text, Ink::Black, place);
    postal_code(setter, &mut page, piece, imprint.code_boxes);
    if let Some(mark) = &imprint.mark {
        postage(setter, &mut page, mark);
    }
    let scale = Scale {
        code: false,
        address: Sizes::pt(12.0, 7.5),
        company: Sizes::pt(11.0, 7.5),
        name: Sizes::pt(20.0, 10.0),
        lines: 4,
        barcode: BARCODE,
        barcode_from: if imprint.mark.is_none() { STAMPS + 2.0 } else { 0.0 },
        above: 0.35,
    };
    addressee::set(setter, &mut page, piece, ADDRESS, scale);
    sender(setter, &mut page, piece, imprint);
    page
}

fn postal_code(setter: &mut Setter<'_>, page: &mut Page, piece: &Piece, boxes: bool) {
    if boxes {
        for (at, left) in BOXES_LEFT.into_iter().enumerate() {
            let line = if at < 3 { THICK } else { THIN };
            let area = Area::new(left, BOXES_TOP, BOX[0], BOX[1]);
            page.marks.push(Mark::Frame { area, line, ink: Ink::Vermilion });
        }
        let hyphen = [BOXES_LEFT[2] + BOX[0] + THICK, BOXES_LEFT[3] - THIN];
        let middle = BOXES_TOP + (BOX[1] - THICK) / 2.0;
        page.rule(hyphen[0], middle, hyphen[1] - hyphen[0], THICK, Ink::Vermilion);
    }
    for (digit, left) in piece.code().into_iter().flatten().zip(BOXES_LEFT) {
        let run = setter.run(Weight::Text, &digit.to_string());
        let size = 5.4;
        // Digits are about 0.73 em high: centred in the box by that height.
        let top = BOXES_TOP + (BOX[1] + 0.73 * size) / 2.0 - ASCENT * size;
        let place = Place { left, top, width: BOX[0], align: Align::Centre };
        put(page, run, size, Weight::Text, Ink::Black, place);
    }
}

/// The round mark: the office above, the kind of payment below, and between them one line, or two
/// (3日程度), and with a third above the office (7日程度).
fn postage(setter: &mut Setter<'_>, page: &mut Page, mark: &PostageMark) {
    let ([x, y], radius) = MARK;
    page.marks.push(Mark::Circle { centre: [x, y], radius, line: 0.3, ink: Ink::Black });
    let across = |page: &mut Page, top: f32| {
        let half = (radius * radius - (top - y) * (top - y)).max(0.0).sqrt();
        page.rule(x - half, top - 0.125, 2.0 * half, 0.25, Ink::Black);
    };
    across(page, y - 1.8);
    if mark.slack != Slack::None {
        across(page, y - 0.4); // 1 to 2 mm apart
    }
    if mark.slack == Slack::SevenDays {
        across(page, y - 7.2);
    }
    let office = Place { left: x - 8.5, top: y - 5.9, width: 17.0, align: Align::Centre };
    setter.line(page, &mark.office, (Weight::Text, Sizes::pt(8.0, 5.0), Ink::Black), office, Field::Mark);
    let (above, below) = match mark.payment {
        Payment::AtOnce => ("料金別納", "郵便"),
        Payment::Monthly => ("料金後納", "郵便"),
    };
    for (text, top, width) in [(above, y + 1.2, 17.0), (below, y + 5.4, 12.0)] {
        let run = setter.run(Weight::Text, text).spaced(0.12);
        put(
            page,
            run,
            3.3,
            Weight::Text,
            Ink::Black,
            Place { left: x - width / 2.0, top, width, align: Align::Centre },
        );
    }
}

/// The sender at the foot, under a thin rule: a piece that cannot be delivered comes back to it.
fn sender(setter: &mut Setter<'_>, page: &mut Page, piece: &Piece, imprint: &Imprint) {
    let (left, width) = (LEFT, SIZE[0] - 2.0 * LEFT);
    let sender = &imprint.sender;
    let mut top = 118.0;
    page.rule(left, top - 3.0, width, 0.2, Ink::Accent(imprint.accent));
    let place = |top: f32, align| Place { left, top, width, align };
    let small = Sizes::pt(7.5, 5.5);
    let label = setter.run(Weight::Text, "差出人");
    put(page, label, 2.1, Weight::Text, Ink::Grey, place(top, Align::Left));
    if !piece.reference.is_empty() {
        let how = (Weight::Text, Sizes::pt(6.0, 5.0), Ink::Grey);
        let right = Place { left: left + width / 2.0, width: width / 2.0, top, align: Align::Right };
        setter.line(page, &piece.reference, how, right, Field::Sender);
    }
    top += 4.0;
    let name = (Weight::Strong, Sizes::pt(11.0, 7.0), Ink::Black);
    top += setter.line(page, &sender.name, name, place(top, Align::Left), Field::Sender) + 1.8;
    let address = format!("〒{} {}", sender.postal_code, sender.address);
    let reached = [("電話 ", &sender.phone), ("", &sender.site)];
    let reached: Vec<String> = reached
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(head, text)| format!("{head}{text}"))
        .collect();
    for text in [address, reached.join("　")].iter().filter(|text| !text.is_empty()) {
        let how = (Weight::Text, small, Ink::Black);
        top += setter.line(page, text, how, place(top, Align::Left), Field::Sender) + 1.4;
    }
}
