//! A batch becomes files: the print, the posting sheet, and the list of pieces to pull out.

use super::addressing::words_of;
use super::barred::must_not_go;
use super::kept::{Kept, faces};
use crate::App;
use anyhow::{Context, Result, bail, ensure};
use model::Touch;
use outreach::post::pdf::print;
use outreach::post::{Piece, PostingSheet, write_print_shop};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use store::{Batch, BatchPiece, BatchState, Entry, batch_worker};

/// Pieces looked at together.
const CHUNK: usize = 500;

/// A file of a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PostFile {
    pub name: String,
    /// Its media type.
    pub kind: &'static str,
    pub bytes: Vec<u8>,
}

/// The files of a batch as it stands now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PostFiles {
    pub print: PostFile,
    /// The posting sheet, to read and as rows.
    pub sheet: PostFile,
    pub rows: PostFile,
    /// Pieces in the print.
    pub pieces: u64,
    /// Pages of a PDF; 0 for a CSV.
    pub pages: u64,
    /// What an earlier print has and this one has not.
    pub pulled: Vec<Pulled>,
}

/// A piece to be pulled out of the pile (抜き取り), because it must not go any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Pulled {
    /// Counted from 1, in the order of the first print.
    pub position: u32,
    /// As printed beside the sender.
    pub reference: String,
    pub touch: i64,
    pub customer: i64,
    pub name: String,
    pub postal_code: String,
    pub rule: String,
    pub ja: String,
    pub en: String,
}

impl App {
    /// The pieces of a batch that must not go any more, by their position. Changes nothing.
    pub fn pull_outs(&self, batch: i64) -> Result<Vec<Pulled>> {
        let pieces = self.inner.store.batch_pieces(batch)?;
        let rules = self.pulled_rules(&pieces)?;
        let pulled = pieces.iter().zip(rules).filter_map(|(piece, rule)| Some(pulled(batch, piece, &rule?)));
        Ok(pulled.collect())
    }

    /// Of each piece, the rule by which it must not go; `None`: it may.
    fn pulled_rules(&self, pieces: &[BatchPiece]) -> Result<Vec<Option<String>>> {
        let around = self.surroundings(self.now(), true)?;
        let in_hand: Vec<Touch> = pieces.iter().filter(|p| p.in_hand).map(|p| p.touch.clone()).collect();
        let mut barred = BTreeMap::new();
        for some in in_hand.chunks(CHUNK) {
            barred.extend(must_not_go(self, &around, some)?);
        }
        let rule = |piece: &BatchPiece| match barred.get(&piece.touch.id) {
            Some(rule) => Some((*rule).to_owned()),
            None if piece.in_hand || piece.touch.state == model::TouchState::Sent => None,
            None if piece.rule.is_empty() => Some("taken_back".to_owned()),
            None => Some(piece.rule.clone()),
        };
        Ok(pieces.iter().map(rule).collect())
    }

    /// Skips, in the ledger, what must not go any more; returns it with its position.
    pub(super) fn pull_out(&self, batch: i64) -> Result<Vec<Pulled>> {
        let pulled = self.pull_outs(batch)?;
        let (worker, at) = (batch_worker(batch), self.now());
        // What an opt-out has skipped already is in nobody's hand: it is not written again.
        let skip = |p: &Pulled| {
            let rule = clearance::rule(&p.rule).map_or("moved", |rule| rule.id);
            Entry::Skip { touch: p.touch, worker: worker.clone(), rule, at }
        };
        for some in pulled.chunks(CHUNK) {
            self.inner.store.write_ledger(&some.iter().map(skip).collect::<Vec<_>>())?;
        }
        Ok(pulled)
    }

    /// The files of a batch: the same bytes each time, as long as nothing is to be pulled out. What is,
    /// is skipped from then on.
    pub fn post_files(&self, batch: i64) -> Result<PostFiles> {
        let pulled = self.pull_out(batch)?;
        let (kept, pieces) = self.to_print(batch, &pulled)?;
        let (print, pages) = self.printed(batch, &kept, &pieces)?;
        let [sheet, rows] = sheets(batch, &kept, &pieces)?;
        Ok(PostFiles { print, sheet, rows, pieces: pieces.len() as u64, pages, pulled })
    }

    /// The posting sheet of a batch, to read and as rows. Changes nothing.
    pub fn post_sheets(&self, batch: i64) -> Result<[PostFile; 2]> {
        let (kept, pieces) = self.to_print(batch, &self.pull_outs(batch)?)?;
        sheets(batch, &kept, &pieces)
    }

    /// The pieces of a batch but those to pull out.
    fn to_print(&self, batch: i64, pulled: &[Pulled]) -> Result<(Kept, Vec<Piece>)> {
        let stored = self.inner.store.batch(batch)?;
        printable(&stored)?;
        let gone: BTreeSet<i64> = pulled.iter().map(|p| p.touch).collect();
        let rows = self.inner.store.batch_pieces(batch)?;
        let rows = rows.iter().filter(|row| row.in_hand && !gone.contains(&row.touch.id));
        let pieces: Result<Vec<Piece>, _> = rows.map(|row| serde_json::from_str(&row.body)).collect();
        let pieces = pieces.context("reading the pieces of a batch")?;
        ensure!(!pieces.is_empty(), "nothing of batch {batch} may be posted any more");
        Ok((Kept::from_json(&stored.body)?, pieces))
    }

    fn printed(&self, batch: i64, kept: &Kept, pieces: &[Piece]) -> Result<(PostFile, u64)> {
        let kind = kept.print()?;
        let Some(job) = kept.job()? else {
            let mut bytes = vec![];
            write_print_shop(pieces, &mut bytes)?;
            let name = format!("post-{batch}-printshop.csv");
            return Ok((PostFile { name, kind: "text/csv; charset=utf-8", bytes }, 0));
        };
        let printed = print(pieces, kept.imprint(), &job, &faces(&self.settings()?)?)?;
        if let Some(held) = printed.held.first() {
            let faults: Vec<String> = held.faults.iter().map(ToString::to_string).collect();
            let which = pieces.get(held.piece).map(|p| p.reference.clone()).unwrap_or_default();
            bail!(
                "{which}: {}; was the font changed since? Cancel the batch and make it anew",
                faults.join("; ")
            );
        }
        let name = format!("post-{batch}-{}.pdf", kind.word());
        Ok((PostFile { name, kind: "application/pdf", bytes: printed.pdf }, printed.pages as u64))
    }

    /// Writes the files of a batch into a folder, each whole or not at all, and notes that they were.
    pub fn write_post(&self, batch: i64, folder: &Path) -> Result<PostFiles> {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        let files = self.post_files(batch)?;
        for file in [&files.sheet, &files.rows, &files.print] {
            write_whole(&folder.join(&file.name), &file.bytes)?;
        }
        self.post_printed(batch)?;
        Ok(files)
    }

    /// Notes that the files of a batch are in somebody's hands.
    pub fn post_printed(&self, batch: i64) -> Result<()> {
        Ok(self.inner.store.batch_printed(batch, self.now())?)
    }

    /// Batches of a campaign that were made and whose files were never written: their making was
    /// broken off at the very end.
    pub fn unprinted_post(&self, campaign: i64, step: Option<u16>) -> Result<Vec<i64>> {
        let all = self.inner.store.batches(usize::MAX >> 1)?.into_iter();
        let mine = all.filter(|b| b.campaign == campaign && step.is_none_or(|s| s == b.step));
        Ok(mine.filter(|b| b.state == BatchState::Made && b.printed.is_none()).map(|b| b.id).collect())
    }
}

fn sheets(batch: i64, kept: &Kept, pieces: &[Piece]) -> Result<[PostFile; 2]> {
    // The post office is told of postage, not of paper.
    let cost = kept.postage(&pieces.iter().collect::<Vec<_>>())?;
    let sheet = PostingSheet { title: &kept.title, day: kept.day, pieces, cost: &cost };
    let mut rows = vec![];
    sheet.write_csv(&mut rows)?;
    let named = |end: &str, kind, bytes| PostFile { name: format!("post-{batch}-{end}"), kind, bytes };
    Ok([
        named("sheet.txt", "text/plain; charset=utf-8", sheet.to_text().into_bytes()),
        named("sheet.csv", "text/csv; charset=utf-8", rows),
    ])
}

/// Only what is in hand has pieces to print.
fn printable(batch: &Batch) -> Result<()> {
    match batch.state {
        BatchState::Made => Ok(()),
        BatchState::Making => bail!("batch {} is being made", batch.id),
        BatchState::Posted => bail!("batch {} was posted: its addresses are forgotten", batch.id),
        BatchState::Cancelled => bail!("batch {} was cancelled: its pieces wait in line again", batch.id),
    }
}

fn pulled(batch: i64, piece: &BatchPiece, rule: &str) -> Pulled {
    let printed: Piece = serde_json::from_str(&piece.body).unwrap_or_default();
    let (ja, en) = words_of(rule);
    Pulled {
        position: piece.place + 1,
        reference: format!("{batch}-{:04}", piece.place + 1),
        touch: piece.touch.id,
        customer: piece.touch.customer,
        name: printed.name,
        postal_code: printed.postal_code,
        rule: rule.to_owned(),
        ja,
        en,
    }
}

/// Writes a file whole or not at all: under a name of its own first, so that whoever is killed leaves no half
/// file under the right one.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let half = path.with_added_extension("part");
    let named = || format!("writing {}", path.display());
    let mut file = File::create(&half).with_context(named)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(named)?;
    std::fs::rename(&half, path).with_context(named)
}
