//! A letter of one A4 page, folded in three, its address behind the window of the envelope.

use super::addressee;
use super::flow::Sizes;
use super::message;
use super::page::{Area, Ink, Page, Weight};
use super::setter::{Align, Field, Place, Setter};
use crate::post::piece::{Imprint, Piece};

/// A4, mm.
pub(crate) const SIZE: [f32; 2] = [210.0, 297.0];
/// Where a letter in three is folded, mm from the top.
const FOLDS: [f32; 2] = [99.0, 198.0];
const LEFT: f32 = 22.0;
const WIDTH: f32 = SIZE[0] - 2.0 * LEFT;

/// Sets the page; `window` is what stays visible however the letter slips in its envelope.
pub(crate) fn page(setter: &mut Setter<'_>, piece: &Piece, imprint: &Imprint, window: Area) -> Page {
    let mut page = Page::default();
    for fold in FOLDS {
        page.rule(4.0, fold, 4.0, 0.15, Ink::Pale);
    }
    let scale = addressee::Scale {
        code: true,
        address: Sizes::pt(10.5, 7.5),
        company: Sizes::pt(10.5, 7.5),
        name: Sizes::pt(14.0, 9.0),
        lines: 3,
        barcode: 9.0,
        barcode_from: 0.0,
        above: 0.0,
    };
    addressee::set(setter, &mut page, piece, window, scale);
    sender(setter, &mut page, piece, imprint);
    let scale = message::Scale {
        headline: Sizes::pt(20.0, 13.0),
        text: Sizes::pt(11.5, 8.5),
        small: Sizes::pt(10.0, 7.0),
        qr: 28.0,
    };
    message::set(setter, &mut page, piece, imprint, Area::new(LEFT, 106.0, WIDTH, 173.0), scale);
    page
}

/// The sender at the right, level with the window.
fn sender(setter: &mut Setter<'_>, page: &mut Page, piece: &Piece, imprint: &Imprint) {
    let sender = &imprint.sender;
    let mut top = 58.0;
    let place = |top: f32| Place { left: 112.0, top, width: SIZE[0] - LEFT - 112.0, align: Align::Right };
    let address = format!("〒{} {}", sender.postal_code, sender.address);
    let lines = [
        (&sender.name, Weight::Strong, Sizes::pt(12.0, 8.0), Ink::Black),
        (&address, Weight::Text, Sizes::pt(9.0, 6.0), Ink::Black),
        (&sender.phone, Weight::Text, Sizes::pt(9.0, 6.0), Ink::Black),
        (&sender.site, Weight::Text, Sizes::pt(9.0, 6.0), Ink::Black),
        (&piece.reference, Weight::Text, Sizes::pt(7.0, 5.0), Ink::Grey),
    ];
    for (text, weight, sizes, ink) in lines.into_iter().filter(|(text, ..)| !text.is_empty()) {
        top += setter.line(page, text, (weight, sizes, ink), place(top), Field::Sender) * 1.6;
    }
}
