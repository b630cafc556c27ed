//! Japan Post's list of postal codes, kept small in the data folder; everything works without it.

use crate::App;
use anyhow::{Context, Result, ensure};
use model::Day;
use outreach::post::address::Directory;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Most bytes that a list may unpack to; the real one has 18 MB.
const LARGEST: u64 = 200_000_000;

/// What is known of the list that is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PostalCodes {
    /// When it was loaded.
    pub loaded: Day,
    /// Codes in it.
    pub codes: u64,
}

impl App {
    fn postal_file(&self) -> PathBuf {
        self.inner.data.join("postal-codes.tsv")
    }

    /// Takes in KEN_ALL.CSV or utf_ken_all.csv, plain or in the zip it comes in.
    pub fn load_postal_codes(&self, path: &Path) -> Result<PostalCodes> {
        let bytes = unpacked(path).with_context(|| format!("reading {}", path.display()))?;
        let directory = Directory::read(&bytes).with_context(|| format!("reading {}", path.display()))?;
        let known = PostalCodes { loaded: self.today()?, codes: directory.len() as u64 };
        let mut kept = format!("{}\t{}\n", known.loaded, known.codes).into_bytes();
        directory.write(&mut kept)?;
        let file = self.postal_file();
        let half = file.with_extension("part");
        let mut out = std::fs::File::create(&half)?;
        out.write_all(&kept).and_then(|()| out.sync_all())?;
        std::fs::rename(&half, &file).with_context(|| format!("writing {}", file.display()))?;
        Ok(known)
    }

    /// What is known of the list; `None`: none was loaded.
    pub fn postal_codes(&self) -> Result<Option<PostalCodes>> {
        let file = match std::fs::File::open(self.postal_file()) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e).context("opening the list of postal codes"),
        };
        let mut head = vec![];
        file.take(100).read_to_end(&mut head)?;
        let head = String::from_utf8_lossy(&head).into_owned();
        Ok(first_line(&head))
    }

    /// The list itself; `None`: none was loaded, and nothing is checked.
    pub(super) fn directory(&self) -> Result<Option<Directory>> {
        let text = match std::fs::read_to_string(self.postal_file()) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e).context("reading the list of postal codes"),
        };
        let (_, rows) = text.split_once('\n').unwrap_or_default();
        Ok(Some(Directory::read_kept(rows).context("load it anew with `mezame post codes`")?))
    }
}

fn first_line(text: &str) -> Option<PostalCodes> {
    let (day, codes) = text.lines().next()?.split_once('\t')?;
    Some(PostalCodes { loaded: day.parse().ok()?, codes: codes.parse().ok()? })
}

/// The bytes of a file, or of the first CSV in a zip.
fn unpacked(path: &Path) -> Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    let mut magic = [0; 4];
    let packed = file.read(&mut magic)? == 4 && magic == *b"PK\x03\x04";
    let file = std::fs::File::open(path)?;
    let mut bytes = vec![];
    if !packed {
        file.take(LARGEST).read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    let mut archive = zip::ZipArchive::new(file)?;
    for at in 0..archive.len() {
        let member = archive.by_index(at)?;
        if member.name_raw().to_ascii_lowercase().ends_with(b".csv") {
            member.take(LARGEST + 1).read_to_end(&mut bytes)?;
            break;
        }
    }
    ensure!(!bytes.is_empty(), "there is no .csv in the zip");
    ensure!(bytes.len() as u64 <= LARGEST, "this is no list of postal codes: it unpacks to over 200 MB");
    Ok(bytes)
}
