//! The column map: a TOML text that says which of their columns is which of our fields.

use crate::error::Error;
use crate::field::Field;
use crate::normal::text::key;
use jiff::tz::TimeZone;
use model::Kind;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A column map, checked.
#[derive(Clone, Debug)]
pub struct Map {
    pub(crate) source: Option<String>,
    pub(crate) kind: Option<Kind>,
    pub(crate) mall: bool,
    /// Field, and its headers with their occurrence (`送料#2`), the preferred first.
    pub(crate) columns: Vec<(Field, Vec<(String, u8)>)>,
    /// Their value (folded) to our word.
    pub(crate) values: Vec<(Field, Vec<(String, String)>)>,
    pub(crate) date: Option<String>,
    pub(crate) zone: Option<TimeZone>,
    pub(crate) decimal_comma: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    source: Option<String>,
    kind: Option<String>,
    #[serde(default)]
    mall: bool,
    #[serde(default)]
    columns: BTreeMap<String, Headers>,
    #[serde(default)]
    formats: Formats,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Headers {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Formats {
    date: Option<String>,
    zone: Option<String>,
    decimal: Option<String>,
    /// For people to read: amounts are in one currency, whatever its sign.
    #[serde(rename = "currency")]
    _currency: Option<String>,
}

impl Map {
    /// Reads and checks a map.
    ///
    /// # Errors
    /// `Error::Map` with what to change, for bad TOML, unknown fields, kinds, zones or words.
    pub fn parse(text: &str) -> Result<Map, Error> {
        let raw: Raw = toml::from_str(text).map_err(|e| Error::Map(e.to_string()))?;
        let kind = raw.kind.as_deref().map(kind_of).transpose()?;
        let zone = raw.formats.zone.as_deref().map(zone_of).transpose()?;
        let decimal_comma = match raw.formats.decimal.as_deref() {
            None | Some(".") => false,
            Some(",") => true,
            Some(other) => {
                return Err(Error::Map(format!("[formats] decimal is \".\" or \",\", not \"{other}\"")));
            }
        };
        let mut columns = Vec::new();
        for (word, headers) in raw.columns {
            let headers = match headers {
                Headers::One(header) => vec![header],
                Headers::Many(headers) => headers,
            };
            columns.push((field_of(&word, "columns")?, headers.iter().map(|h| occurrence(h)).collect()));
        }
        let mut values = Vec::new();
        for (word, table) in raw.values {
            values.push(value_table(field_of(&word, "values")?, table)?);
        }
        Ok(Map {
            source: raw.source,
            kind,
            mall: raw.mall,
            columns,
            values,
            date: raw.formats.date,
            zone,
            decimal_comma,
        })
    }
}

fn kind_of(word: &str) -> Result<Kind, Error> {
    let words: Vec<&str> = Kind::ALL.iter().map(|k| k.word()).collect();
    Kind::from_word(word)
        .ok_or_else(|| Error::Map(format!("kind \"{word}\" is none of {}", words.join(", "))))
}

fn zone_of(name: &str) -> Result<TimeZone, Error> {
    TimeZone::get(name).map_err(|_| {
        Error::Map(format!("[formats] zone \"{name}\" is not known; write for example \"Asia/Tokyo\""))
    })
}

fn field_of(word: &str, table: &str) -> Result<Field, Error> {
    let words: Vec<&str> = Field::ALL.iter().map(|f| f.word()).collect();
    Field::from_word(word)
        .ok_or_else(|| Error::Map(format!("[{table}] {word} is none of our fields: {}", words.join(", "))))
}

/// `送料#2` is the second column of that name.
fn occurrence(header: &str) -> (String, u8) {
    match header.rsplit_once('#') {
        Some((name, nth)) if !name.is_empty() => match nth.parse() {
            Ok(nth) => (name.to_owned(), nth),
            Err(_) => (header.to_owned(), 1),
        },
        _ => (header.to_owned(), 1),
    }
}

fn value_table(
    field: Field,
    table: BTreeMap<String, String>,
) -> Result<(Field, Vec<(String, String)>), Error> {
    let mut words = Vec::new();
    for (theirs, ours) in table {
        let word = crate::words::common(field, &ours).ok_or_else(|| {
            Error::Map(format!(
                "[values.{}] \"{ours}\" is none of its words; {}",
                field.word(),
                field.about()
            ))
        })?;
        words.push((key(&theirs), word.to_owned()));
    }
    Ok((field, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_map() {
        let map = Map::parse(
            r#"
            kind = "orders"
            source = "till"
            [columns]
            customer = "お客様番号"
            shipping = "送料#2"
            address = ["住所1", "住所2"]
            [formats]
            date = "%d/%m/%Y"
            zone = "Asia/Tokyo"
            decimal = ","
            [values.status]
            "取 消" = "cancelled"
            "#,
        )
        .expect("a map");
        assert_eq!(
            (map.kind, map.source.as_deref(), map.decimal_comma),
            (Some(Kind::Orders), Some("till"), true)
        );
        assert!(map.columns.contains(&(Field::Shipping, vec![("送料".to_owned(), 2)])));
        assert_eq!(map.values, [(Field::Status, vec![("取消".to_owned(), "cancelled".to_owned())])]);
    }

    #[test]
    fn mistakes_are_explained() {
        for (text, part) in [
            ("kind = \"ordres\"", "none of orders, customers"),
            ("[columns]\nprise = \"x\"", "[columns] prise is none of our fields: customer, name"),
            (
                "[values.status]\nx = \"gone\"",
                "[values.status] \"gone\" is none of its words; values: completed",
            ),
            ("[formats]\nzone = \"Tokio\"", "zone \"Tokio\""),
            ("colums = 1", "unknown field"),
        ] {
            let error = Map::parse(text).expect_err(text).to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
