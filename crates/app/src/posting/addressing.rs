//! Name and address as a piece bears them, and what is wrong with them.

use model::Record;
use outreach::post::address::{Address, Checked, Directory, check};
use outreach::post::pdf::Fault;
use outreach::post::{Honorific, Piece};

/// Name and address of a record as a piece bears them, and what the list of postal codes says of them.
pub(super) fn addressed(record: &Record, directory: Option<&Directory>) -> (Piece, Option<Checked>) {
    let postal = record.postal.clone().unwrap_or_default();
    let (prefecture, typed) = (record.prefecture.as_deref(), record.address.as_deref());
    let address =
        Address::split(&postal, prefecture.unwrap_or_default(), typed.unwrap_or_default(), directory);
    let checked = directory.map(|directory| check(&postal, &address, directory));
    // A barcode that says another town than the address leads astray.
    let fits = !matches!(checked, Some(Checked::TownDiffers { .. }));
    let name = plain_name(&record.name.full());
    let piece = Piece {
        barcode: address.barcode(&postal).ok().filter(|_| fits),
        postal_code: postal,
        prefecture: address.prefecture.clone(),
        address: address.lines(),
        company: record.company.clone().unwrap_or_default(),
        department: record.department.clone().unwrap_or_default(),
        title: record.title.clone().unwrap_or_default(),
        honorific: if name.is_empty() { Honorific::Onchu } else { Honorific::Sama },
        name,
        ..Piece::default()
    };
    (piece, checked)
}

/// A rule of this stage, or of clearance, in words.
pub(super) fn words_of(rule: &str) -> (String, String) {
    match rule {
        "moved" => (
            "印刷の元になった住所が変わりました".to_owned(),
            "the address it was made for has changed".to_owned(),
        ),
        rule => crate::rule_words(rule),
    }
}

pub(super) fn unknown_code(postal: &str, suggestion: Option<&str>) -> (String, String) {
    let (ja, en) = match suggestion {
        Some(code) => (format!("。住所からは {code} と思われます"), format!("; by the address it is {code}")),
        None => (String::new(), String::new()),
    };
    (
        format!("郵便番号 {postal} は郵便番号簿にありません{ja}"),
        format!("nobody has the postal code {postal}{en}"),
    )
}

/// A name as typed, without an honorific that is printed anyway.
fn plain_name(name: &str) -> String {
    let name = name.trim();
    let bare = ["様", "殿", "御中"].iter().find_map(|honorific| name.strip_suffix(honorific));
    bare.map_or(name, str::trim_end).to_owned()
}

/// What a print shop cannot address.
pub(super) fn unaddressed(pieces: &[Piece]) -> Vec<(usize, Vec<String>)> {
    let fault = |piece: &Piece| match piece {
        piece if piece.code().is_none() => Some(Fault::PostalCode),
        piece if piece.name.is_empty() && piece.company.is_empty() => Some(Fault::NoAddressee),
        _ => None,
    };
    pieces.iter().enumerate().filter_map(|(at, piece)| Some((at, vec![fault(piece)?.to_string()]))).collect()
}
