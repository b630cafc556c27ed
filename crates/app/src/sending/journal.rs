//! The journal of attempts beside the database: what a restored backup has forgotten, it knows.
//!
//! A line is written and synced after the attempt is committed and before the letter leaves. So
//! whatever the journal knows and the database does not was sent by a database that is gone.

use anyhow::{Context, Result};
use model::Channel;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use store::Attempted;

/// A line is at most this long.
const LINE: u64 = 200;

/// One attempt as the journal knows it, and which store it was made for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Noted {
    pub generation: u64,
    pub attempt: Attempted,
}

/// The file, open for adding.
pub struct Journal {
    file: File,
    generation: u64,
}

/// Where the journal of a data folder lies.
pub fn path(data: &Path) -> PathBuf {
    data.join("attempts.journal")
}

impl Journal {
    /// Opens the journal for a store, making it where it is missing. A line that a power cut left
    /// half is ended, so that the next one stands by itself.
    pub fn open(data: &Path, generation: u64) -> Result<Journal> {
        let path = path(data);
        let named = || format!("opening the journal of attempts {}", path.display());
        let mut file =
            OpenOptions::new().create(true).append(true).read(true).open(&path).with_context(named)?;
        let length = file.metadata().with_context(named)?.len();
        if length > 0 {
            file.seek(SeekFrom::Start(length - 1)).with_context(named)?;
            let mut last = [0];
            file.read_exact(&mut last).with_context(named)?;
            if last != *b"\n" {
                file.write_all(b"\n").with_context(named)?;
            }
        }
        Ok(Journal { file, generation })
    }

    /// Adds attempts; they are on the disk when this returns.
    pub fn note(&mut self, attempts: &[Attempted]) -> std::io::Result<()> {
        let mut text = String::with_capacity(attempts.len() * LINE as usize);
        for a in attempts {
            let numbers = [
                a.touch,
                a.n.into(),
                a.at,
                a.campaign,
                a.step.into(),
                a.customer,
                a.channel.code().into(),
                a.destination,
            ];
            let numbers = numbers.map(|n: i64| n.to_string()).join(" ");
            text.push_str(&format!("{:016x} {numbers}\n", self.generation));
        }
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()
    }
}

/// The last `most` attempts of a journal, the oldest first; `None` where there is no journal.
pub fn tail(data: &Path, most: usize) -> Result<Option<Vec<Noted>>> {
    let path = path(data);
    let named = || format!("reading the journal of attempts {}", path.display());
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e).with_context(named),
    };
    let length = file.metadata().with_context(named)?.len();
    let from = length.saturating_sub(LINE * most as u64);
    file.seek(SeekFrom::Start(from)).with_context(named)?;
    let mut lines: Vec<Noted> = Vec::new();
    for (i, line) in BufReader::new(file).split(b'\n').enumerate() {
        let line = line.with_context(named)?;
        // The first may be the end of a longer one.
        if i > 0 || from == 0 {
            lines.extend(std::str::from_utf8(&line).ok().and_then(noted));
        }
    }
    let skip = lines.len().saturating_sub(most);
    Ok(Some(lines.split_off(skip)))
}

fn noted(line: &str) -> Option<Noted> {
    let (generation, rest) = line.split_once(' ').filter(|(g, _)| g.len() == 16)?;
    let numbers: Option<Vec<i64>> = rest.split(' ').map(|n| n.parse().ok()).collect();
    let [touch, n, at, campaign, step, customer, channel, destination] = numbers?.try_into().ok()?;
    let attempt = Attempted {
        touch,
        n: u32::try_from(n).ok()?,
        at,
        campaign,
        step: u16::try_from(step).ok()?,
        customer,
        channel: Channel::from_code(u8::try_from(channel).ok()?)?,
        destination,
    };
    Some(Noted { generation: u64::from_str_radix(generation, 16).ok()?, attempt })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(touch: i64, n: u32) -> Attempted {
        let channel = Channel::Mail;
        Attempted { touch, n, at: 100, campaign: 3, step: 1, customer: 9, channel, destination: i64::MIN }
    }

    #[test]
    fn what_is_noted_is_read_back_even_after_half_a_line() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(tail(dir.path(), 5).unwrap(), None);
        Journal::open(dir.path(), 7).unwrap().note(&[attempt(1, 1), attempt(2, 1)]).unwrap();
        let mut file = OpenOptions::new().append(true).open(path(dir.path())).unwrap();
        file.write_all(b"0000000000000007 3 1").unwrap();
        Journal::open(dir.path(), 7).unwrap().note(&[attempt(4, 2)]).unwrap();
        let read = tail(dir.path(), 2).unwrap().unwrap();
        let attempts: Vec<Attempted> = read.iter().map(|n| n.attempt).collect();
        assert_eq!(attempts, [attempt(2, 1), attempt(4, 2)], "the half line is nobody's");
        assert!(read.iter().all(|n| n.generation == 7));
    }
}
