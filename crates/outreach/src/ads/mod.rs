//! Audience files for ad platforms: whose ads somebody sees, or does not. Hashed, in each platform's
//! own columns (M110, M111); a platform is a file of data.

mod value;

use serde::Deserialize;
use std::collections::BTreeSet;
use value::Value;

/// The platforms that come with Mezame, by name.
const PLATFORMS: [&str; 5] = [
    include_str!("../../data/ads/meta.toml"),
    include_str!("../../data/ads/google.toml"),
    include_str!("../../data/ads/line.toml"),
    include_str!("../../data/ads/x.toml"),
    include_str!("../../data/ads/yahoo.toml"),
];

/// A platform's file, as it is written.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdPlatform {
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Where its format is described, and the day that was looked at.
    pub source: String,
    pub as_of: String,
    /// Whether the format was read there.
    pub verified: bool,
    /// Columns that were not, and should be compared before the first upload.
    pub unverified: Vec<String>,
    /// Its servers are abroad: L-18.
    pub abroad: bool,
    /// Rows below which it takes no audience, and no seed.
    pub least: u64,
    pub seed_least: u64,
    /// Mailboxes at Gmail are one, wherever their dots are.
    #[serde(default)]
    gmail_dots: bool,
    /// Longest mail address it takes; 0: any.
    #[serde(default)]
    mail_most: usize,
    /// Letters it takes in one; empty: any.
    #[serde(default)]
    mail_letters: String,
    files: Vec<FileShape>,
}

#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileShape {
    part: String,
    header: bool,
    columns: Vec<Column>,
}

#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    head: String,
    value: Value,
    #[serde(default)]
    hash: bool,
}

/// What a platform may match one customer by.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct AdPerson {
    /// Lower case, half width.
    pub mail: Option<String>,
    /// Digits with the leading 0, or `+` and the country code outside Japan.
    pub phone: Option<String>,
    pub family: String,
    pub given: String,
    /// Seven digits.
    pub postal: Option<String>,
}

/// One file to upload.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AdFile {
    /// `mail` or `phone` where a platform wants one for each; empty where one holds all.
    pub part: &'static str,
    /// CSV in UTF-8, lines ended by LF.
    pub text: String,
    /// Customers in it.
    pub rows: u64,
}

/// Every platform, in the order in which people read them.
pub fn ad_platforms() -> Vec<AdPlatform> {
    // Data of this very program: the tests hold each of them to its shape.
    PLATFORMS.iter().filter_map(|text| toml::from_str(text).ok()).collect()
}

/// A platform by its name.
pub fn ad_platform(name: &str) -> Option<AdPlatform> {
    ad_platforms().into_iter().find(|platform| platform.name == name)
}

impl AdPlatform {
    /// The files of an audience. Whoever has nothing that a file matches by is left out of it; rows are
    /// sorted, so that their order tells nothing and the same people give the same file.
    pub fn files(&self, people: &[AdPerson]) -> Vec<AdFile> {
        self.files.iter().map(|shape| self.file(shape, people)).collect()
    }

    fn file(&self, shape: &FileShape, people: &[AdPerson]) -> AdFile {
        let rows: BTreeSet<String> = people.iter().filter_map(|person| self.row(shape, person)).collect();
        let mut text = String::new();
        if shape.header {
            let heads: Vec<&str> = shape.columns.iter().map(|c| c.head.as_str()).collect();
            text.push_str(&heads.join(","));
            text.push('\n');
        }
        for row in &rows {
            text.push_str(row);
            text.push('\n');
        }
        let part = match shape.part.as_str() {
            "mail" => "mail",
            "phone" => "phone",
            _ => "",
        };
        AdFile { part, text, rows: rows.len() as u64 }
    }

    /// One line; `None` where nothing in it tells who it is.
    fn row(&self, shape: &FileShape, person: &AdPerson) -> Option<String> {
        let cells: Vec<(Value, String)> = shape
            .columns
            .iter()
            .map(|column| {
                let said = column.value.of(person, self);
                let cell = if column.hash && !said.is_empty() { value::hash(&said) } else { said };
                (column.value, cell)
            })
            .collect();
        let known = cells.iter().any(|(value, cell)| value.matches() && !cell.is_empty());
        let line = || cells.iter().map(|(_, cell)| cell.as_str()).collect::<Vec<_>>().join(",");
        known.then(line)
    }
}
