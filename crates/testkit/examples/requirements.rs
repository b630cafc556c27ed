//! Prints every requirement's id (M001 ...) with the tests that name it: `cargo requirements [--without]`.
//!
//! A test checks a requirement when its file names the id: in a name, a comment or a table of rules. Whether
//! it checks it well is for its reader to say.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

/// The requirements are numbered from 1.
const LAST: u32 = 176;

#[allow(clippy::disallowed_methods, reason = "a program of its own, of one word")]
fn main() -> Result<(), Box<dyn Error>> {
    let without_only = std::env::args().any(|word| word == "--without");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let mut named: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    let mut files = Vec::new();
    rust_files(&root.join("crates"), &mut files)?;
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        let place = file.strip_prefix(&root)?.display().to_string();
        let tests = if place.contains("/tests/") || place.ends_with("tests.rs") {
            text.as_str()
        } else {
            text.find("#[cfg(test)]").map_or("", |at| &text[at..])
        };
        for id in ids(tests) {
            named.entry(id).or_default().insert(place.clone());
        }
    }
    let mut said = String::new();
    for id in 1..=LAST {
        match named.get(&id) {
            Some(_) if without_only => (),
            Some(files) => {
                let files: Vec<&str> = files.iter().map(String::as_str).collect();
                writeln!(said, "M{id:03}  {}", files.join(", "))?;
            }
            None => writeln!(said, "M{id:03}  -")?,
        }
    }
    let with = named.keys().filter(|id| (1..=LAST).contains(*id)).count();
    writeln!(said, "{with} of {LAST} requirements are named by a test, {} are not", LAST as usize - with)?;
    Ok(stdout().write_all(said.as_bytes())?)
}

fn rust_files(folder: &Path, all: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            rust_files(&path, all)?;
        } else if path.extension().is_some_and(|e| e == "rs") {
            all.push(path);
        }
    }
    all.sort();
    Ok(())
}

/// The ids in a text: M and three digits, in capitals or (as in a test's name) small, with nothing of a
/// word beside them.
fn ids(text: &str) -> BTreeSet<u32> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let starts = (0..bytes.len()).filter(|&at| {
        matches!(bytes[at], b'M' | b'm')
            && (at == 0 || !letter(at - 1))
            && (1..=3).all(|i| digit(at + i))
            && !letter(at + 4)
    });
    starts.filter_map(|at| text.get(at + 1..at + 4)?.parse().ok()).collect()
}
