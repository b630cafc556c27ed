//! A format or map made ready for one file: which column is which field there.

use crate::error::Error;
use crate::field::Field;
use crate::format::{Format, required};
use crate::map::Map;
use crate::normal::date::Style;
use crate::normal::text::key;
use crate::row::Row;
use crate::sources;
use jiff::tz::TimeZone;
use model::Kind;

/// How to read the rows of one file.
#[derive(Clone)]
pub(crate) struct Plan {
    pub source: String,
    /// The format as people call it.
    pub title: String,
    pub kind: Kind,
    /// As the file writes them.
    pub headers: Vec<String>,
    folded: Vec<String>,
    slots: Vec<Vec<usize>>,
    values: Vec<Vec<(String, String)>>,
    date: Option<String>,
    pub zone: Option<TimeZone>,
    pub decimal_comma: bool,
    pub mall: bool,
    pub alias_domains: Vec<String>,
    pub several: Option<char>,
    pub hook: Option<fn(&mut Row<'_>)>,
    gives: &'static [Field],
    pub excel: bool,
}

/// What the caller insists on.
pub(crate) struct Wish<'a> {
    pub source: Option<&'a str>,
    pub kind: Option<Kind>,
    pub map: Option<&'a Map>,
}

impl Plan {
    /// The columns of a field, in the order in which the format prefers them.
    pub fn slots(&self, field: Field) -> &[usize] {
        &self.slots[field as usize]
    }

    /// The header of a field's first column, for messages.
    pub fn header_of(&self, field: Field) -> &str {
        self.slots(field).first().map_or(field.word(), |i| self.headers[*i].trim())
    }

    /// The field a column goes to.
    pub fn field_of(&self, column: usize) -> Option<Field> {
        Field::ALL.iter().copied().find(|f| self.slots(*f).contains(&column))
    }

    /// The last column that goes to a field.
    pub fn last_column(&self) -> usize {
        self.slots.iter().flatten().copied().max().unwrap_or(0)
    }

    /// The first column with this header, mapped or not.
    pub fn index_of(&self, header: &str) -> Option<usize> {
        let wanted = key(header);
        self.folded.iter().position(|h| *h == wanted)
    }

    /// Our word for a value; `None` where neither the format nor common use knows it.
    pub fn word(&self, field: Field, value: &str) -> Option<&str> {
        let table = &self.values[field as usize];
        if table.is_empty() {
            return crate::words::common(field, value);
        }
        if let Some((_, word)) = table.iter().find(|(theirs, _)| theirs == value) {
            return Some(word);
        }
        let folded = key(value);
        let known = table.iter().find(|(theirs, _)| *theirs == folded).map(|(_, word)| word.as_str());
        known.or_else(|| crate::words::common(field, value))
    }

    /// How dates are written.
    pub fn dates(&self) -> Style<'_> {
        Style { pattern: self.date.as_deref(), excel: self.excel }
    }

    fn empty(headers: &[String], kind: Kind) -> Plan {
        Plan {
            source: "file".to_owned(),
            title: "CSV".to_owned(),
            kind,
            headers: headers.to_vec(),
            folded: headers.iter().map(|h| key(h)).collect(),
            slots: vec![Vec::new(); Field::COUNT],
            values: vec![Vec::new(); Field::COUNT],
            date: None,
            zone: None,
            decimal_comma: false,
            mall: false,
            alias_domains: Vec::new(),
            several: None,
            hook: None,
            gives: &[],
            excel: false,
        }
    }

    fn of_format(format: &Format, headers: &[String]) -> Plan {
        let mut plan = Plan::empty(headers, format.kind);
        plan.source = format.source.to_owned();
        plan.title = format.title.to_owned();
        for column in format.columns {
            if let Some(at) = plan.nth(column.header, column.nth) {
                plan.slots[column.field as usize].push(at);
            }
        }
        for (field, table) in format.values {
            for (theirs, word) in *table {
                plan.values[*field as usize].push((key(theirs), (*word).to_owned()));
            }
        }
        plan.date = format.date.map(str::to_owned);
        plan.zone = format.zone.and_then(|name| TimeZone::get(name).ok());
        plan.decimal_comma = format.decimal_comma;
        plan.mall = format.mall;
        plan.alias_domains = format.alias_domains.iter().map(|d| (*d).to_owned()).collect();
        plan.several = format.several;
        plan.hook = format.hook;
        plan.gives = format.gives;
        plan
    }

    fn nth(&self, header: &str, nth: u8) -> Option<usize> {
        let wanted = key(header);
        let mut same = self.folded.iter().enumerate().filter(|(_, h)| **h == wanted);
        same.nth(usize::from(nth.max(1)) - 1).map(|(at, _)| at)
    }

    /// Groups of fields of which the kind needs one, but the file has none.
    fn lacks(&self) -> Vec<&'static [Field]> {
        let has =
            |group: &&[Field]| group.iter().any(|f| !self.slots(*f).is_empty() || self.gives.contains(f));
        required(self.kind).iter().copied().filter(|group| !has(group)).collect()
    }

    fn known_columns(&self) -> usize {
        self.slots.iter().map(Vec::len).sum()
    }

    /// A map's own columns and values stand before those of the format it adds to.
    fn overlay(&mut self, map: &Map, file: &str) -> Result<(), Error> {
        for (field, headers) in &map.columns {
            let mut slots = Vec::new();
            for (header, nth) in headers {
                let at = self.nth(header, *nth).ok_or_else(|| {
                    self.error(
                        file,
                        format!("there is no column \"{header}\""),
                        "Correct [columns] in the map.",
                    )
                })?;
                slots.push(at);
            }
            self.slots[*field as usize] = slots;
        }
        for (field, table) in &map.values {
            self.values[*field as usize].splice(0..0, table.iter().cloned());
        }
        self.date = map.date.clone().or(self.date.take());
        self.zone = map.zone.clone().or(self.zone.take());
        self.decimal_comma |= map.decimal_comma;
        self.mall |= map.mall;
        Ok(())
    }

    fn error(&self, file: &str, what: String, next: &str) -> Error {
        let format = if self.title == "CSV" { "a column map says".to_owned() } else { self.title.clone() };
        let headers = self.headers.clone();
        Error::Columns { file: file.to_owned(), format, what, headers, next: next.to_owned() }
    }

    fn check(self, file: &str) -> Result<Plan, Error> {
        let Some(group) = self.lacks().first().copied() else { return Ok(self) };
        let words: Vec<&str> = group.iter().map(|f| f.word()).collect();
        let what = format!("a column is missing for {}", words.join(" or "));
        let next = "Name it in a map: `mezame import --suggest-map` makes one.";
        Err(self.error(file, what, next))
    }
}

/// Headers that look like one of the known formats, or like our own field names.
pub(crate) fn recognises(headers: &[String]) -> bool {
    let folded: Vec<String> = headers.iter().map(|h| key(h)).collect();
    sources::formats().any(|f| fits(f, &folded)) || own_words(headers, None).is_some()
}

fn fits(format: &Format, folded: &[String]) -> bool {
    let there = |header: &&str| folded.contains(&key(header));
    !format.signature.is_empty() && format.signature.iter().all(there) && !format.absent.iter().any(there)
}

/// The plan for a file with these headers.
pub(crate) fn plan(file: &str, headers: &[String], wish: &Wish<'_>) -> Result<Plan, Error> {
    if let Some(map) = wish.map {
        return mapped(file, headers, map, wish);
    }
    if let Some(format) = best(headers, wish.source, wish.kind) {
        return Plan::of_format(format, headers).check(file);
    }
    let unknown = wish.source.filter(|s| *s != "file" && !sources::formats().any(|f| f.source == *s));
    if let Some(mut plan) = own_words(headers, wish.kind) {
        plan.source = wish.source.unwrap_or("file").to_owned();
        return Ok(plan);
    }
    if let Some(source) = wish.source.filter(|_| unknown.is_none())
        && let Some(plan) = closest(headers, source, wish.kind)
    {
        return plan.check(file);
    }
    Err(Error::UnknownFormat { file: file.to_owned(), headers: headers.to_vec() })
}

fn mapped(file: &str, headers: &[String], map: &Map, wish: &Wish<'_>) -> Result<Plan, Error> {
    let source = wish.source.or(map.source.as_deref());
    let kind = wish.kind.or(map.kind);
    let base = source.and_then(|s| best(headers, Some(s), kind).map(|f| Plan::of_format(f, headers)));
    let base = base.or_else(|| source.and_then(|s| closest(headers, s, kind)));
    let kind = kind.or(base.as_ref().map(|p| p.kind)).ok_or_else(|| {
        Error::Map("it does not say what the file holds; write for example `kind = \"orders\"`".to_owned())
    })?;
    let mut plan = base.unwrap_or_else(|| Plan::empty(headers, kind));
    plan.kind = kind;
    plan.source = source.unwrap_or("file").to_owned();
    plan.overlay(map, file)?;
    plan.check(file)
}

/// The format whose signature fits best.
fn best(headers: &[String], source: Option<&str>, kind: Option<Kind>) -> Option<&'static Format> {
    let folded: Vec<String> = headers.iter().map(|h| key(h)).collect();
    sources::formats()
        .filter(|f| source.is_none_or(|s| s == f.source) && kind.is_none_or(|k| k == f.kind))
        .filter(|f| fits(f, &folded))
        .max_by_key(|f| (f.signature.len(), Plan::of_format(f, headers).known_columns()))
}

/// Of a source named by the caller: the format that knows most of the columns.
fn closest(headers: &[String], source: &str, kind: Option<Kind>) -> Option<Plan> {
    sources::formats()
        .filter(|f| source == f.source && kind.is_none_or(|k| k == f.kind))
        .map(|f| Plan::of_format(f, headers))
        .max_by_key(Plan::known_columns)
        .filter(|p| p.known_columns() > 0)
}

/// What analysts call the columns of a plain list of orders; read so only when both a day and an
/// amount are there.
const PLAIN_ORDERS: [(&str, Field); 7] = [
    ("cust", Field::Customer),
    ("customerid", Field::Customer),
    ("orderid", Field::Order),
    ("date", Field::OrderedAt),
    ("orderdate", Field::OrderedAt),
    ("amount", Field::Total),
    ("price", Field::Total),
];

/// A list of orders in an analyst's words.
fn plain_orders(headers: &[String], kind: Option<Kind>) -> Option<Plan> {
    let mut plan = Plan::empty(headers, Kind::Orders);
    if kind.is_some_and(|k| k != Kind::Orders) {
        return None;
    }
    for (at, header) in plan.folded.clone().iter().enumerate() {
        let bare: String = header.chars().filter(|c| c.is_alphanumeric()).collect();
        let plain = PLAIN_ORDERS.iter().find(|(word, _)| *word == bare).map(|(_, field)| *field);
        let field = plain.or_else(|| Field::from_word(header))?;
        plan.slots[field as usize].push(at);
    }
    let whose = !plan.slots(Field::Customer).is_empty() || !plan.slots(Field::Email).is_empty();
    let known = |field| !plan.slots(field).is_empty();
    (whose && known(Field::OrderedAt) && known(Field::Total)).then_some(plan)
}

/// Files whose headers are our own field names need no map.
fn own_words(headers: &[String], kind: Option<Kind>) -> Option<Plan> {
    if let Some(plan) = plain_orders(headers, kind) {
        return Some(plan);
    }
    // The narrowest kinds first: a consent file is no list of customers.
    const ORDER: [Kind; 12] = [
        Kind::Suppressions,
        Kind::Consents,
        Kind::Subscriptions,
        Kind::Points,
        Kind::Coupons,
        Kind::Reviews,
        Kind::Orders,
        Kind::Visits,
        Kind::Products,
        Kind::Customers,
        Kind::Contacts,
        Kind::Invoices,
    ];
    let mut plan = Plan::empty(headers, Kind::Orders);
    for (at, header) in plan.folded.clone().iter().enumerate() {
        if let Some(field) = Field::from_word(header) {
            plan.slots[field as usize].push(at);
        }
    }
    let telling = |plan: &Plan| match plan.kind {
        Kind::Suppressions => !plan.slots(Field::Reason).is_empty(),
        Kind::Visits => !plan.slots(Field::Activity).is_empty(),
        Kind::Reviews => !plan.slots(Field::Stars).is_empty(),
        Kind::Consents => {
            [Field::Basis, Field::Agreed, Field::Evidence].iter().any(|f| !plan.slots(*f).is_empty())
        }
        _ => true,
    };
    for candidate in ORDER {
        plan.kind = candidate;
        let fits = match kind {
            Some(kind) => kind == candidate,
            None => telling(&plan),
        };
        if fits && plan.lacks().is_empty() {
            return Some(plan);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(headers: &str, source: Option<&str>, kind: Option<Kind>) -> String {
        let headers: Vec<String> = headers.split(',').map(str::to_owned).collect();
        match plan("f.csv", &headers, &Wish { source, kind, map: None }) {
            Ok(plan) => format!("{} {}", plan.source, plan.kind.word()),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn formats_are_recognised() {
        for (headers, expected) in [
            ("注文ID, 受注日,お名前（姓）,支払合計", "eccube orders"),
            ("会員ＩＤ,お名前(姓),メールアドレス", "eccube customers"),
            ("Name,Email,Financial Status,Created at,Total,Lineitem name", "shopify orders"),
            ("order,customer,ordered_at,total", "file orders"),
            ("cust,date,amount", "file orders"),
            ("Customer ID,Order Date,Price", "file orders"),
            ("customer,email", "file customers"),
            ("email,channel,basis,on", "file consents"),
            ("customer,reason,channel", "file suppressions"),
        ] {
            assert_eq!(found(headers, None, None), expected);
        }
        let unknown = found("色,形", None, None);
        assert!(unknown.contains("色, 形") && unknown.contains("--suggest-map f.csv"), "{unknown}");
        assert!(found("date,amount", None, None).contains("--suggest-map"), "nobody's orders");
        let lacking = found("注文ID,合計", Some("eccube"), Some(Kind::Orders));
        assert!(lacking.contains("missing for ordered_at"), "{lacking}");
    }

    #[test]
    fn the_second_column_of_a_name() {
        let headers: Vec<String> =
            ["注文ID", "受注日", "お名前(姓)", "送料", "支払合計", "送料"].map(str::to_owned).into();
        let plan = plan("f.csv", &headers, &Wish { source: None, kind: None, map: None }).expect("known");
        assert_eq!(plan.slots(Field::Shipping), [3]);
        assert_eq!(plan.field_of(5), None);
    }

    /// Every format can be recognised by its own columns, and its words are words.
    #[test]
    fn formats_are_sound() {
        for format in sources::formats() {
            let mut headers: Vec<String> = Vec::new();
            for column in format.columns {
                let there = headers.iter().filter(|h| *h == column.header).count();
                for _ in there..usize::from(column.nth) {
                    headers.push(column.header.to_owned());
                }
            }
            headers.extend(
                format
                    .signature
                    .iter()
                    .filter(|s| !format.columns.iter().any(|c| c.header == **s))
                    .map(|s| (*s).to_owned()),
            );
            headers.retain(|h| !format.absent.iter().any(|a| key(a) == key(h)));
            let plan = Plan::of_format(format, &headers);
            assert!(plan.lacks().is_empty(), "{}: {:?}", format.title, plan.lacks());
            for (field, table) in format.values {
                for (theirs, word) in *table {
                    assert!(
                        crate::words::common(*field, word).is_some(),
                        "{}: {theirs} = {word}",
                        format.title
                    );
                }
            }
        }
    }
}
