//! Files and orders that a cart or a script hands in by a call: kept on the disk, answered, then taken in.

use super::arrivals::ArrivalView;
use super::folder::held;
use super::orders::{as_csv, orders_of};
use super::taking::{Taken, Tries};
use crate::{App, ImportRequest, lock};
use anyhow::{Context, Result};
use model::Kind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use store::{ArrivalState, Way};

/// The largest file a call may carry.
pub const MOST_CALL_BYTES: u64 = 512 << 20;
/// The most that a call with orders may carry.
pub const MOST_ORDER_BYTES: usize = 2 << 20;
/// What a call with orders is kept as.
const ORDERS: &str = "orders.json";
/// How a file is to be read, beside it.
const ASKED: &str = "asked.json";
/// Seconds after which half an upload is nobody's any more.
const TORN: i64 = 86_400;

/// Why a call cannot be taken as it stands.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{ja} / {en}")]
pub struct CallFault {
    pub ja: String,
    pub en: String,
}

pub(super) fn fault(ja: impl Into<String>, en: impl Into<String>) -> anyhow::Error {
    CallFault { ja: ja.into(), en: en.into() }.into()
}

/// How what arrived is to be read.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
struct Asked {
    orders: bool,
    source: Option<String>,
    kind: Option<Kind>,
    name: String,
}

impl Asked {
    /// Whether both are read by one import.
    fn goes_with(&self, other: &Asked) -> bool {
        (self.orders, &self.source, self.kind) == (other.orders, &other.source, other.kind)
    }
}

/// A file on its way in; dropped before its end it leaves nothing.
pub struct Receiving {
    app: App,
    folder: PathBuf,
    file: File,
    bytes: u64,
    asked: Asked,
    whole: bool,
}

impl Receiving {
    /// Adds what came next.
    pub fn write(&mut self, chunk: &[u8]) -> Result<()> {
        self.bytes += chunk.len() as u64;
        self.file.write_all(chunk).context("keeping what arrives")
    }

    /// How much came so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The file is whole and on the disk: the number of the arrival.
    pub fn finish(mut self) -> Result<i64> {
        self.file.sync_all()?;
        let way = if self.asked.orders { Way::Orders } else { Way::File };
        let mut asked = File::create(self.folder.join(ASKED))?;
        asked.write_all(&serde_json::to_vec(&self.asked)?)?;
        asked.sync_all()?;
        let id = self.app.inner.store.add_arrival(way, &self.asked.name, self.bytes, self.app.now())?;
        fs::rename(&self.folder, self.app.arrivals_dir().join(id.to_string()))?;
        self.whole = true;
        Ok(id)
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        if !self.whole {
            // What cannot be removed now is swept a day later.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

impl App {
    /// Begins to keep a file that a call carries, under the name it was given.
    pub fn receive_file(&self, name: &str, source: Option<&str>, kind: Option<Kind>) -> Result<Receiving> {
        let name = if name == ASKED || name.is_empty() { "file.csv" } else { name };
        let asked = Asked { orders: false, source: known_source(source)?, kind, name: name.to_owned() };
        self.receive(name, asked)
    }

    /// Keeps orders that a call carries, one or a list, of a source; the number of the arrival.
    ///
    /// # Errors
    /// `CallFault` where the text is no list of orders.
    pub fn receive_orders(&self, body: &[u8], source: Option<&str>) -> Result<i64> {
        let orders = orders_of(body)?;
        let source = known_source(source)?.unwrap_or_else(|| "webhook".to_owned());
        let asked =
            Asked { orders: true, source: Some(source), kind: Some(Kind::Orders), name: "orders".to_owned() };
        let mut receiving = self.receive(ORDERS, asked)?;
        receiving.write(&serde_json::to_vec(&orders)?)?;
        receiving.finish()
    }

    fn receive(&self, file: &str, asked: Asked) -> Result<Receiving> {
        let arrivals = self.arrivals_dir();
        fs::create_dir_all(&arrivals)?;
        for n in 1.. {
            let folder = arrivals.join(format!("new-{n}"));
            match fs::create_dir(&folder) {
                Ok(()) => {
                    let file = File::create(folder.join(file))?;
                    return Ok(Receiving { app: self.clone(), folder, file, bytes: 0, asked, whole: false });
                }
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e.into()),
            }
        }
        anyhow::bail!("no free folder in {}", arrivals.display())
    }

    /// Imports what calls brought; says of each whether it failed. While another one does so, nothing.
    pub fn take_arrivals(&self) -> Result<Vec<bool>> {
        let arrivals = self.arrivals_dir();
        if !arrivals.is_dir() {
            return Ok(vec![]);
        }
        let Some(_held) = held(&arrivals.join(".lock"))? else { return Ok(vec![]) };
        let mut tries = lock(&self.inner.call_tries);
        let mut failed = Vec::new();
        let waiting = self.waiting(&arrivals, &mut failed)?;
        for group in waiting.chunk_by(|a, b| a.1.goes_with(&b.1)) {
            failed.extend(self.take_group(&arrivals, group, &mut tries)?);
        }
        Ok(failed)
    }

    fn take_group(&self, arrivals: &Path, group: &[(i64, Asked)], tries: &mut Tries) -> Result<Vec<bool>> {
        let Some((_, asked)) = group.first() else { return Ok(vec![]) };
        let folder = |id: i64| arrivals.join(id.to_string());
        let request =
            ImportRequest { source: asked.source.clone(), kind: asked.kind, ..ImportRequest::default() };
        let quiet = |_| ();
        let mut failed = Vec::new();
        if !asked.orders {
            let paths: Vec<PathBuf> = group.iter().map(|(id, asked)| folder(*id).join(&asked.name)).collect();
            let taken = self.take(&paths, &request, tries, &quiet)?;
            for ((id, asked), taken) in group.iter().zip(taken) {
                failed.extend(self.settle_call(*id, &asked.name, taken)?);
            }
            return Ok(failed);
        }
        // Many small calls are one import, or the list of imports would hold nothing else.
        let mut orders = Vec::new();
        let mut read = Vec::new();
        for (id, asked) in group {
            match kept_orders(&folder(*id)) {
                Ok(own) => {
                    orders.extend(own);
                    read.push((*id, asked));
                }
                Err(why) => failed.extend(self.settle_call(*id, &asked.name, unreadable(&why))?),
            }
        }
        if read.is_empty() {
            return Ok(failed);
        }
        let csv = arrivals.join("orders.csv");
        fs::write(&csv, as_csv(&orders)?)?;
        let taken = self.take(std::slice::from_ref(&csv), &request, tries, &quiet)?;
        fs::remove_file(&csv)?;
        if let Some(taken) = taken.into_iter().next() {
            for (id, asked) in read {
                failed.extend(self.settle_call(id, &asked.name, taken.clone())?);
            }
        }
        Ok(failed)
    }

    /// Whether it failed; `None` while it waits. What failed is kept until somebody has taken note.
    fn settle_call(&self, id: i64, name: &str, taken: Taken) -> Result<Option<bool>> {
        let (state, reports, why) = match taken {
            Taken::Done(reports) => (ArrivalState::Done, reports, String::new()),
            Taken::Failed(reports, why) => (ArrivalState::Failed, reports, why),
            Taken::Later => return Ok(None),
        };
        self.settle_arrival(id, name, state, &reports, &why)?;
        let (here, failed) = (self.arrivals_dir().join(id.to_string()), state == ArrivalState::Failed);
        if failed {
            let aside = self.arrivals_dir().join("failed");
            fs::create_dir_all(&aside)?;
            fs::rename(&here, aside.join(id.to_string()))?;
        } else {
            fs::remove_dir_all(&here)?;
        }
        Ok(Some(failed))
    }

    /// What a failed call had brought is not needed any more.
    pub(super) fn forget_call(&self, id: i64) -> Result<()> {
        let kept = self.arrivals_dir().join("failed").join(id.to_string());
        match fs::remove_dir_all(&kept) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
            _ => Ok(()),
        }
    }

    /// Whole arrivals in the order in which they came; half ones of yesterday are swept away.
    fn waiting(&self, arrivals: &Path, failed: &mut Vec<bool>) -> Result<Vec<(i64, Asked)>> {
        let mut waiting = Vec::new();
        for entry in fs::read_dir(arrivals)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if let Ok(id) = name.parse::<i64>() {
                match kept_asked(&path) {
                    Ok(asked) => waiting.push((id, asked)),
                    // What a broken disk made of one keeps none of the others waiting.
                    Err(why) => failed.extend(self.settle_call(id, "", unreadable(&why))?),
                }
            } else if name.starts_with("new-") && self.is_torn(&path) {
                fs::remove_dir_all(&path)?;
            }
        }
        waiting.sort_by_key(|(id, _)| *id);
        Ok(waiting)
    }

    fn is_torn(&self, path: &Path) -> bool {
        let changed = path.metadata().and_then(|m| m.modified()).ok();
        let since = changed.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        since.is_some_and(|at| self.now() - at.as_secs() as i64 > TORN)
    }

    fn arrivals_dir(&self) -> PathBuf {
        self.data_dir().join("arrivals")
    }

    /// Whether this is the token for calls with files; never where none is set.
    pub fn is_import_token(&self, given: &str) -> bool {
        let token = self.inner.secrets.import_token.as_deref().filter(|t| !t.is_empty());
        token.is_some_and(|token| self.inner.secrets.alike(token.as_bytes(), given.as_bytes()))
    }

    /// Whether a call with orders was signed with our secret: HMAC-SHA256 over the body, in hexadecimal
    /// digits, `sha256=` before them or not; never where no secret is set.
    pub fn orders_proven(&self, body: &[u8], signature: &str) -> bool {
        let secret = self.inner.secrets.order_secret.as_deref().filter(|s| !s.is_empty());
        let hex = signature.trim().strip_prefix("sha256=").unwrap_or(signature.trim());
        secret.is_some_and(|secret| {
            let expected = crate::secrets::signed(secret.as_bytes(), body);
            let expected: String = expected.iter().map(|b| format!("{b:02x}")).collect();
            self.inner.secrets.alike(expected.as_bytes(), hex.to_ascii_lowercase().as_bytes())
        })
    }

    /// What became of a call, for who made it: arrivals of the folder are none of theirs.
    pub fn call(&self, id: i64) -> Result<Option<ArrivalView>> {
        let found = self.inner.store.arrival(id)?.filter(|a| a.way != Way::Folder);
        Ok(found.as_ref().map(ArrivalView::of))
    }
}

fn kept_asked(folder: &Path) -> Result<Asked> {
    let asked = fs::read(folder.join(ASKED)).context("reading how an arrival is to be read")?;
    serde_json::from_slice(&asked).context("reading how an arrival is to be read")
}

fn kept_orders(folder: &Path) -> Result<Vec<Value>> {
    let text = fs::read(folder.join(ORDERS)).context("reading the orders of an arrival")?;
    serde_json::from_slice(&text).context("reading the orders of an arrival")
}

fn unreadable(why: &anyhow::Error) -> Taken {
    Taken::Failed(vec![], format!("{why:#}"))
}

/// A source's name in a call: what can stand in a file's name, or none.
fn known_source(source: Option<&str>) -> Result<Option<String>> {
    let Some(source) = source.filter(|s| !s.is_empty() && *s != "auto") else { return Ok(None) };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == ':';
    if source.len() > 40 || !source.chars().all(plain) {
        return Err(fault(
            "source は半角の英数字40文字までです",
            "source: letters and digits, 40 characters at most",
        ));
    }
    Ok(Some(source.to_owned()))
}
