//! One file format, as data: how a source names its columns and what its values mean.
//!
//! A source is one file under `sources/` with one `static FORMATS: &[Format]`:
//!
//! ```text
//! pub static FORMATS: &[Format] = &[Format {
//!     source: "base",
//!     title: "BASE 注文CSV",
//!     kind: Kind::Orders,
//!     signature: &["注文ID", "氏(請求先)", "種類ID"],
//!     columns: &[
//!         col("注文ID", Field::Order),
//!         col("住所(請求先)", Field::Address), // several columns to one field:
//!         col("住所2(請求先)", Field::Address), // see `Field::combine`
//!         nth("送料", 2, Field::Shipping),      // the second column of that name
//!     ],
//!     values: &[(Field::Status, &[("キャンセル", "cancelled")])],
//!     ..Format::PLAIN
//! }];
//! ```
//!
//! Write headers as the source does: they are compared after NFKC, without blanks, in lower case.

use crate::{field::Field, row::Row};
use model::Kind;

/// A format of files. Two formats of one source differ in `kind` or in `signature`.
#[derive(Clone, Copy)]
pub struct Format {
    /// The source's word: `eccube`. Order and customer ids are unique within it, so all
    /// formats of one shop system must share it (EC-CUBE 会員 and 受注).
    pub source: &'static str,
    /// As people call it: `EC-CUBE 4 受注CSV`.
    pub title: &'static str,
    pub kind: Kind,
    /// All of these headers must be there for the file to be recognised. Choose few that no
    /// other source has together: shops may switch columns off. Of several formats that
    /// fit, the one with the longest signature wins, then the one that knows most columns.
    pub signature: &'static [&'static str],
    /// None of these may be there.
    pub absent: &'static [&'static str],
    /// Which column goes to which field. Columns the file lacks are no error, unless
    /// a field that the kind needs (`required`) is then left without one.
    pub columns: &'static [Column],
    /// What the source's values mean, per field: (theirs, our word as in the field's docs).
    /// Compared as headers are. Our own words and the commonest Japanese ones are
    /// understood without a table; an unknown status counts as completed, with a warning.
    pub values: &'static [(Field, &'static [(&'static str, &'static str)])],
    /// strptime pattern for every date; `None` understands all usual spellings.
    pub date: Option<&'static str>,
    /// IANA name of the zone for times without an offset; `None` is the shop's.
    pub zone: Option<&'static str>,
    /// `1.234,50` instead of `1,234.50`.
    pub decimal_comma: bool,
    /// Bought in a mall: for analysis only (L-47).
    pub mall: bool,
    /// Mail addresses ending so are the mall's aliases and say nothing about the person:
    /// they are not kept.
    pub alias_domains: &'static [&'static str],
    /// Between several product codes in one cell: each becomes a line of its own.
    pub several: Option<char>,
    /// What data cannot say: may read and overwrite the fields of a row before it is understood.
    pub hook: Option<fn(&mut Row<'_>)>,
    /// Fields that the hook always sets, so that no column for them is missed.
    pub gives: &'static [Field],
}

impl Format {
    /// Nothing said yet: the base for `..Format::PLAIN`.
    pub const PLAIN: Format = Format {
        source: "file",
        title: "CSV",
        kind: Kind::Orders,
        signature: &[],
        absent: &[],
        columns: &[],
        values: &[],
        date: None,
        zone: None,
        decimal_comma: false,
        mall: false,
        alias_domains: &[],
        several: None,
        hook: None,
        gives: &[],
    };
}

/// One column of a format.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Column {
    pub header: &'static str,
    /// 1 for the first column with this header, 2 for the second.
    pub nth: u8,
    pub field: Field,
}

/// The first column of that name.
pub const fn col(header: &'static str, field: Field) -> Column {
    Column { header, nth: 1, field }
}

/// The `nth` column of that name, counted from 1 over the whole header row.
pub const fn nth(header: &'static str, nth: u8, field: Field) -> Column {
    Column { header, nth, field }
}

/// A field that a kind cannot do without, with what can stand in for it.
/// Each inner list is "one of these".
pub fn required(kind: Kind) -> &'static [&'static [Field]] {
    use Field::*;
    const PERSON: &[Field] = &[Customer, Email, Phone, PhonePart, Name, Family, Given, Company];
    const WHO: &[Field] = &[Customer, Email, Phone];
    match kind {
        Kind::Orders => &[&[OrderedAt], &[Total, Price, LineTotal, Goods]],
        Kind::Invoices => &[&[OrderedAt], &[Total], PERSON],
        Kind::Customers => &[PERSON],
        Kind::Contacts => &[&[Email, Phone, PhonePart, Name, Family, Company]],
        Kind::Subscriptions => &[WHO, &[SubscriptionStatus, NextDelivery, Ended]],
        Kind::Visits => &[WHO, &[On]],
        Kind::Products => &[&[Sku]],
        Kind::Points => &[WHO, &[Balance]],
        Kind::Coupons => &[WHO, &[Code]],
        Kind::Reviews => &[WHO, &[On], &[Stars, Note]],
        Kind::Consents => &[WHO, &[Channel]],
        Kind::Suppressions => &[WHO],
    }
}
