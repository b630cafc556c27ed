//! Japan Post's list of postal codes, read from the file it publishes.
//!
//! Source: 日本郵便「郵便番号データ」 KEN_ALL.CSV (CP932; rows cut at 38 letters) and utf_ken_all.csv
//! (UTF-8, since 2023-06; uncut), 15 columns, free to use.

use crate::post::text::{fold_ascii, tidy};
use std::collections::HashMap;
use std::io::{self, Write};

/// A town under a postal code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub prefecture: String,
    pub city: String,
    /// Without what the list adds in brackets; empty where the code is the whole city's.
    pub town: String,
    /// 「以下に掲載がない場合」, 「…の次に番地がくる場合」, 「…一円」: the code says no town.
    pub whole: bool,
}

/// Why a file is no list of postal codes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    #[error(
        "{line}行目: 15列ではありません（郵便番号データ KEN_ALL.CSV か utf_ken_all.csv をご指定ください） / row {line} has not 15 columns: this is not Japan Post's KEN_ALL.CSV or utf_ken_all.csv"
    )]
    Columns { line: u64 },
    #[error("{line}行目: 郵便番号が7けたではありません / row {line}: the postal code is not seven digits")]
    Code { line: u64 },
    #[error("行がありません / the file has no rows")]
    Empty,
}

/// Every postal code with its places: a code may have many, in two prefectures even (498-0000).
#[derive(Default, Debug)]
pub struct Directory {
    codes: HashMap<String, Vec<Place>>,
    /// Folded city -> its towns, folded, with their codes.
    towns: HashMap<String, Vec<(String, String)>>,
}

impl Directory {
    /// Reads KEN_ALL.CSV or utf_ken_all.csv, whichever the bytes are.
    pub fn read(bytes: &[u8]) -> Result<Directory, DirectoryError> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => std::borrow::Cow::Borrowed(text.trim_start_matches('\u{FEFF}')),
            Err(_) => encoding_rs::SHIFT_JIS.decode(bytes).0,
        };
        let mut rows =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut directory = Directory::default();
        let mut open: Option<(String, Place)> = None;
        for row in rows.records() {
            let row =
                row.map_err(|e| DirectoryError::Columns { line: e.position().map_or(0, |p| p.line()) })?;
            let line = row.position().map_or(0, |p| p.line());
            let (code, place) = place(&row, line)?;
            // A town whose bracket has not closed goes on in the next row of the same code.
            let (code, place) = match open.take() {
                Some((begun, mut whole)) if begun == code && whole.city == place.city => {
                    whole.town.push_str(&place.town);
                    (begun, whole)
                }
                Some((begun, whole)) => {
                    directory.add(begun, whole);
                    (code, place)
                }
                None => (code, place),
            };
            match place.town.contains('（') && !place.town.contains('）') {
                true => open = Some((code, place)),
                false => directory.add(code, place),
            }
        }
        open.into_iter().for_each(|(code, place)| directory.add(code, place));
        if directory.codes.is_empty() { Err(DirectoryError::Empty) } else { Ok(directory) }
    }

    /// Everything it knows as lines of its own: code, prefecture, city, town, apart by tabs and sorted;
    /// what is the same as in the line before is left out. A tenth of what Japan Post publishes.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut all: Vec<(&String, &Place)> =
            self.codes.iter().flat_map(|(code, places)| places.iter().map(move |p| (code, p))).collect();
        all.sort_by_key(|(code, p)| (*code, &p.prefecture, &p.city, &p.town));
        let mut before = ["", "", ""];
        for (code, place) in all {
            let now = [code.as_str(), &place.prefecture, &place.city];
            for (known, new) in before.iter().zip(now) {
                if *known != new {
                    out.write_all(new.as_bytes())?;
                }
                out.write_all(b"\t")?;
            }
            let town = if place.whole { "*" } else { &place.town };
            writeln!(out, "{town}")?;
            before = now;
        }
        Ok(())
    }

    /// Reads what `write` wrote.
    pub fn read_kept(text: &str) -> Result<Directory, DirectoryError> {
        let mut directory = Directory::default();
        let mut before = [String::new(), String::new(), String::new()];
        for (at, line) in text.lines().enumerate() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [code, prefecture, city, town] = cells[..] else {
                return Err(DirectoryError::Columns { line: at as u64 + 1 });
            };
            for (known, new) in before.iter_mut().zip([code, prefecture, city]) {
                if !new.is_empty() {
                    new.clone_into(known);
                }
            }
            let [code, prefecture, city] = before.clone();
            let whole = town == "*";
            let town = if whole { String::new() } else { town.to_owned() };
            directory.put(code, Place { prefecture, city, town, whole });
        }
        if directory.codes.is_empty() { Err(DirectoryError::Empty) } else { Ok(directory) }
    }

    /// Codes known.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The places of a code (hyphen or not); none if it is unknown.
    pub fn places(&self, postal_code: &str) -> &[Place] {
        self.codes.get(&postal_code.replace('-', "")).map_or(&[], Vec::as_slice)
    }

    /// The code of the longest town with which `rest` (what follows the city) begins, if only one has it.
    pub fn code_of(&self, prefecture: &str, city: &str, rest: &str) -> Option<&str> {
        let rest = fold_name(rest);
        let towns = self.towns.get(&fold_name(&format!("{prefecture}{city}")))?;
        let fitting = towns.iter().filter(|(town, _)| rest.starts_with(town.as_str()));
        let longest = fitting.clone().map(|(town, _)| town.len()).max()?;
        let mut codes: Vec<&str> =
            fitting.filter(|(town, _)| town.len() == longest).map(|(_, code)| code.as_str()).collect();
        codes.dedup();
        if let [code] = codes[..] { Some(code) } else { None }
    }

    fn add(&mut self, code: String, mut place: Place) {
        place.whole = is_whole(&place.town, &place.city);
        place.town = if place.whole { String::new() } else { bare(&place.town) };
        self.put(code, place);
    }

    fn put(&mut self, code: String, place: Place) {
        if !place.whole {
            let city = fold_name(&format!("{}{}", place.prefecture, place.city));
            self.towns.entry(city).or_default().push((fold_name(&place.town), code.clone()));
        }
        let places = self.codes.entry(code).or_default();
        if !places.contains(&place) {
            places.push(place);
        }
    }
}

fn place(row: &csv::StringRecord, line: u64) -> Result<(String, Place), DirectoryError> {
    if row.len() < 9 || row.len() > 15 {
        return Err(DirectoryError::Columns { line });
    }
    let code = row[2].to_owned();
    if code.len() != 7 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DirectoryError::Code { line });
    }
    let place = Place {
        prefecture: row[6].to_owned(),
        city: row[7].to_owned(),
        town: row[8].to_owned(),
        whole: false,
    };
    Ok((code, place))
}

/// Whether a row speaks of the whole city. 一円 alone is a town (滋賀県犬上郡多賀町一円, 522-0317).
fn is_whole(town: &str, city: &str) -> bool {
    let whole_name = town.strip_suffix("一円").is_some_and(|name| !name.is_empty() && city.ends_with(name));
    town == "以下に掲載がない場合" || town.ends_with("の次に番地がくる場合") || whole_name
}

/// The town without its brackets, and without the 地割 that the list counts up.
fn bare(town: &str) -> String {
    let town = town.split('（').next().unwrap_or_default();
    let counted = town
        .find("地割")
        .map_or(town, |at| town[..at].trim_end_matches(|c: char| c.is_numeric()).trim_end_matches('第'));
    tidy(counted)
}

/// A place's name for comparing: widths, ケ and ヶ, の and 之, small kana, 大字 and 字 are all one.
pub(super) fn fold_name(name: &str) -> String {
    let folded: String = fold_ascii(name)
        .replace("大字", "")
        .chars()
        .filter(|c| !matches!(c, ' ' | '字'))
        .map(|c| match c {
            'ヶ' | 'ヵ' | 'が' | 'ガ' | 'ｹ' => 'ケ',
            '之' | 'ノ' | 'ﾉ' => 'の',
            'ッ' | 'っ' | 'つ' => 'ツ',
            '龍' => '竜',
            '條' => '条',
            '澤' => '沢',
            '濱' => '浜',
            c => c,
        })
        .collect();
    folded.to_ascii_uppercase()
}
