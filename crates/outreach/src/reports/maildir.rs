//! A mailbox folder as qmail's Maildir: what is new is read, taken, and only then moved to what was read.

use super::{Report, mail};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// What one look into the folder came to.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Swept {
    /// Mails taken and moved.
    pub mails: usize,
    pub reports: usize,
    /// Files that could not be read or moved; they stay and are tried again.
    pub left: usize,
}

/// Reads every mail of `new/`, oldest name first, and moves it to `cur/` once `take` has kept its
/// reports. A crash between the two shows the mail again with the same `Report::id` (its file's name
/// and a number), which `take` must know: nothing is lost, and keeping an id once doubles nothing.
/// Fails where there is no Maildir, or with the first error of `take`.
pub fn read_maildir<E: From<io::Error>>(
    folder: &Path,
    mut take: impl FnMut(&[Report]) -> Result<(), E>,
) -> Result<Swept, E> {
    let mut names: Vec<_> = vec![];
    for entry in fs::read_dir(folder.join("new"))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            names.push(entry.file_name());
        }
    }
    names.sort();
    fs::create_dir_all(folder.join("cur"))?;
    let mut swept = Swept::default();
    for name in names {
        let new = folder.join("new").join(&name);
        let Ok(raw) = beginning(&new) else {
            swept.left += 1;
            continue;
        };
        let unique = name.to_string_lossy().split(':').next().unwrap_or("").to_owned();
        let mut reports = mail::read_mail(&raw);
        for (number, report) in reports.iter_mut().enumerate() {
            report.id = format!("{unique}/{number}");
        }
        take(&reports)?;
        swept.reports += reports.len();
        match fs::rename(&new, folder.join("cur").join(format!("{unique}:2,S"))) {
            Ok(()) => swept.mails += 1,
            Err(_) => swept.left += 1,
        }
    }
    Ok(swept)
}

fn beginning(path: &Path) -> io::Result<Vec<u8>> {
    let mut raw = vec![];
    File::open(path)?.take(mail::MOST_READ as u64).read_to_end(&mut raw)?;
    Ok(raw)
}
