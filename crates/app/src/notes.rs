//! Notes of customers: typed one by one, or taken in from a table.

use crate::App;
use crate::importing::Rejects;
use anyhow::{Context, Result, ensure};
use intake::Reject;
use model::{Day, NoteKind};
use serde::Serialize;
use std::path::Path;
use store::NewNote;

/// Longest note and place, characters.
const LONGEST: usize = 4_000;
const LONGEST_PLACE: usize = 300;
/// Largest table, bytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Notes kept in one transaction.
const CHUNK: usize = 500;

/// What became of a table of notes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NotesTaken {
    pub rows: u64,
    /// New ones; the others were known.
    pub kept: u64,
    pub rejected: u64,
    pub rejects_file: Option<String>,
}

/// Columns of a table: name of ours, and the headers that mean it.
const COLUMNS: [(&str, &[&str]); 5] = [
    (
        "customer",
        &[
            "customer",
            "顧客",
            "お客様",
            "顧客番号",
            "会員番号",
            "メールアドレス",
            "email",
            "電話番号",
            "phone",
        ],
    ),
    ("kind", &["kind", "種類", "区分", "種別"]),
    ("day", &["day", "date", "日付", "年月日"]),
    ("said", &["said", "note", "text", "内容", "メモ", "本文"]),
    ("place", &["place", "url", "場所", "アドレス"]),
];

impl App {
    /// Notes something of a customer.
    pub fn add_note(
        &self,
        customer: i64,
        kind: NoteKind,
        day: Day,
        said: &str,
        place: &str,
        by: &str,
    ) -> Result<()> {
        ensure!(day <= self.today()?, "先の日付のメモはできません / a note is of today or before");
        let note = self.note(customer, kind, day, said, place)?;
        self.inner.store.add_notes(&[note], by.trim(), self.now())?;
        Ok(())
    }

    /// Takes a note back.
    pub fn strike_note(&self, note: i64, by: &str) -> Result<()> {
        Ok(self.inner.store.strike_note(note, by.trim(), self.now())?)
    }

    /// Takes a table of notes in (CSV, UTF-8 or CP932): each once; rows that cannot be read go to a rejects
    /// file with line, column, value and reason.
    pub fn import_notes(&self, path: &Path, by: &str) -> Result<NotesTaken> {
        ensure!(
            !by.trim().is_empty(),
            "担当者のお名前を入れてください / the operator's name is missing: --by NAME"
        );
        let size = std::fs::metadata(path).with_context(|| format!("reading {}", path.display()))?.len();
        ensure!(size <= LARGEST, "{} is larger than {LARGEST} bytes", path.display());
        let raw = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let text = match std::str::from_utf8(raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&raw)) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::SHIFT_JIS.decode(&raw).0.into_owned(),
        };
        let tabs = text.lines().next().is_some_and(|line| line.contains('\t'));
        let mut table = csv::ReaderBuilder::new()
            .delimiter(if tabs { b'\t' } else { b',' })
            .flexible(true)
            .from_reader(text.as_bytes());
        let columns = columns(table.headers().context("the first line must name the columns")?)?;
        let folder = self.data_dir().join("rejects");
        let mut rejects = Rejects::at(folder.join(format!("notes-{}.csv", self.now())));
        let (mut taken, mut chunk) =
            (NotesTaken { rows: 0, kept: 0, rejected: 0, rejects_file: None }, vec![]);
        for row in table.records() {
            taken.rows += 1;
            let row = match row {
                Ok(row) => row,
                Err(why) => {
                    rejects.add(&reject(taken.rows + 1, "", "", &why.to_string()))?;
                    continue;
                }
            };
            let line = row.position().map_or(taken.rows + 1, csv::Position::line);
            let cell = |of: usize| columns[of].and_then(|at| row.get(at)).unwrap_or("").trim();
            match self.note_of([cell(0), cell(1), cell(2), cell(3), cell(4)]) {
                Ok(note) => chunk.push(note),
                Err((column, why)) => rejects.add(&reject(line, COLUMNS[column].0, cell(column), why))?,
            }
            if chunk.len() == CHUNK {
                taken.kept += self.inner.store.add_notes(&chunk, by.trim(), self.now())?;
                chunk.clear();
            }
        }
        taken.kept += self.inner.store.add_notes(&chunk, by.trim(), self.now())?;
        taken.rejected = rejects.written;
        taken.rejects_file = rejects.close()?.map(|p| p.display().to_string());
        Ok(taken)
    }

    /// A note of a row's cells; the column that is wrong, and why.
    fn note_of(&self, cells: [&str; 5]) -> Result<NewNote, (usize, &'static str)> {
        let [who, kind, day, said, place] = cells;
        let found = self.inner.store.find(who, 2).unwrap_or_default();
        let [customer] = found[..] else {
            return Err((0, if found.is_empty() { "no such customer" } else { "more than one customer" }));
        };
        let named =
            |k: &&NoteKind| k.word() == kind.to_lowercase() || k.ja() == kind || k.ja().starts_with(kind);
        let kind = NoteKind::ALL.iter().find(|k| !kind.is_empty() && named(k)).copied();
        let kind = kind.ok_or((
            1,
            "not a kind of note: sns_mention, sns_reaction, interview, visit, exhibition, other",
        ))?;
        let day = day_of(day).ok_or((2, "not a day; write 2026-11-22 or 2026/11/22"))?;
        if self.today().is_ok_and(|today| day > today) {
            return Err((2, "a day to come"));
        }
        if said.is_empty() {
            return Err((3, "empty"));
        }
        self.note(customer, kind, day, said, place).map_err(|_| (3, "too long"))
    }

    fn note(&self, customer: i64, kind: NoteKind, day: Day, said: &str, place: &str) -> Result<NewNote> {
        let (said, place) = (said.trim(), place.trim());
        ensure!(!said.is_empty(), "メモの内容を入れてください / the note is empty");
        ensure!(
            said.chars().count() <= LONGEST && place.chars().count() <= LONGEST_PLACE,
            "メモは{LONGEST}文字、場所は{LONGEST_PLACE}文字までです / a note has {LONGEST} characters at most"
        );
        // The same words of the same day are the same note.
        let seal = self.inner.secrets.seal(&format!("note {customer} {day} {} {said} {place}", kind.word()));
        let proof: String = seal[..16].iter().map(|b| format!("{b:02x}")).collect();
        Ok(NewNote { customer, day, kind, said: said.to_owned(), place: place.to_owned(), proof })
    }
}

/// `2026-11-22`, `2026/11/2`, `2026年11月2日`.
fn day_of(text: &str) -> Option<Day> {
    let mut parts = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (year, month, date) = (parts.next()?, parts.next()?, parts.next()?);
    Day::from_ymd(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?)
}

fn reject(line: u64, column: &str, value: &str, reason: &str) -> Reject {
    Reject {
        line,
        column: column.to_owned(),
        value: value.to_owned(),
        reason: reason.to_owned(),
        row_lost: true,
    }
}

/// Where each column stands; all but the place must be there.
fn columns(header: &csv::StringRecord) -> Result<[Option<usize>; 5]> {
    let mut found = [None; 5];
    for (at, (name, words)) in COLUMNS.iter().enumerate() {
        found[at] = header.iter().position(|h| words.contains(&h.trim().to_lowercase().as_str()));
        ensure!(
            found[at].is_some() || *name == "place",
            "「{}」の列がありません / there is no column {name} (or {})",
            words[1],
            words.join(", ")
        );
    }
    Ok(found)
}
