//! Texts of a provider's file with `{word}`s in them, filled in for one message.

use crate::http::encoded;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What each word stands for.
pub(super) type Filling<'a> = BTreeMap<&'a str, &'a str>;

/// A text and its words, in their order.
#[derive(Clone, Debug)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Word(String),
}

impl Template {
    /// The error names what is not a word.
    pub fn parse(text: &str, words: &BTreeSet<&str>) -> Result<Template, String> {
        let mut pieces = vec![];
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            let Some(end) = rest[at..].find('}') else { return Err(format!("'{text}' lacks a }}")) };
            let word = &rest[at + 1..at + end];
            if !words.contains(word) {
                return Err(format!("{{{word}}} is neither a setting nor one of {words:?}"));
            }
            pieces.push(Piece::Text(rest[..at].to_owned()));
            pieces.push(Piece::Word(word.to_owned()));
            rest = &rest[at + end + 1..];
        }
        pieces.push(Piece::Text(rest.to_owned()));
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        Ok(Template(pieces))
    }

    pub fn uses(&self, word: &str) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Word(w) if w == word))
    }

    pub fn fill(&self, words: &Filling<'_>) -> String {
        self.filled(words, |_, value| value.to_owned())
    }

    /// As `fill`; `None` where a word in it stands for nothing.
    fn said(&self, words: &Filling<'_>) -> Option<String> {
        let mut asked = self.0.iter().filter_map(|piece| match piece {
            Piece::Word(word) => Some(word.as_str()),
            Piece::Text(_) => None,
        });
        let all = asked.all(|word| words.get(word).is_some_and(|value| !value.is_empty()));
        all.then(|| self.fill(words))
    }

    /// An address: what stands for a word cannot change its shape, unless the address begins with it.
    pub fn fill_address(&self, words: &Filling<'_>) -> String {
        self.filled(words, |before, value| if before.is_empty() { value.to_owned() } else { encoded(value) })
    }

    fn filled(&self, words: &Filling<'_>, write: impl Fn(&str, &str) -> String) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            let next = match piece {
                Piece::Text(text) => text.clone(),
                Piece::Word(word) => write(&out, words.get(word.as_str()).unwrap_or(&"")),
            };
            out.push_str(&next);
        }
        out
    }
}

/// A field: a template, values as they are, or (for JSON) more of them within.
#[derive(Clone, Debug)]
pub(super) enum Templates {
    Text(Template),
    Plain(Value),
    Items(Vec<Templates>),
    Table(Vec<(String, Templates)>),
}

impl Templates {
    pub fn parse(value: toml::Value, words: &BTreeSet<&str>) -> Result<Templates, String> {
        let inner = |value| Templates::parse(value, words);
        Ok(match value {
            toml::Value::String(text) => Templates::Text(Template::parse(&text, words)?),
            toml::Value::Integer(number) => Templates::Plain(number.into()),
            toml::Value::Boolean(truth) => Templates::Plain(truth.into()),
            toml::Value::Array(items) => {
                Templates::Items(items.into_iter().map(inner).collect::<Result<_, _>>()?)
            }
            toml::Value::Table(table) => {
                let fields = table.into_iter().map(|(name, value)| Ok((name, inner(value)?)));
                Templates::Table(fields.collect::<Result<_, String>>()?)
            }
            toml::Value::Float(_) | toml::Value::Datetime(_) => {
                return Err("a field is a text, a whole number, true or false".into());
            }
        })
    }

    pub fn uses(&self, word: &str) -> bool {
        match self {
            Templates::Text(template) => template.uses(word),
            Templates::Plain(_) => false,
            Templates::Items(items) => items.iter().any(|item| item.uses(word)),
            Templates::Table(fields) => fields.iter().any(|(_, field)| field.uses(word)),
        }
    }

    /// As JSON; `None` where a word in it stands for nothing: the field is left out.
    pub fn json(&self, words: &Filling<'_>) -> Option<Value> {
        match self {
            Templates::Text(template) => template.said(words).map(Value::String),
            Templates::Plain(value) => Some(value.clone()),
            Templates::Items(items) => Some(items.iter().filter_map(|item| item.json(words)).collect()),
            Templates::Table(fields) => {
                let fields = fields.iter().filter_map(|(name, f)| Some((name.clone(), f.json(words)?)));
                Some(Value::Object(fields.collect()))
            }
        }
    }

    /// As pairs of a form, a name for each item.
    pub fn pairs(&self, name: &str, words: &Filling<'_>) -> Vec<(String, String)> {
        match self {
            Templates::Items(items) => items.iter().flat_map(|item| item.pairs(name, words)).collect(),
            other => match other.json(words) {
                Some(Value::String(text)) => vec![(name.to_owned(), text)],
                Some(value) => vec![(name.to_owned(), value.to_string())],
                None => vec![],
            },
        }
    }
}
