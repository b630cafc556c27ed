//! Small files that are replaced whole, and the lock that keeps two writers apart.

use crate::Error;
use serde::{Serialize, de::DeserializeOwned};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Held while columns or a snapshot are written; dropped, it frees the folder.
pub struct Lock(#[expect(dead_code, reason = "held for its drop")] File);

/// Waits until nobody else writes in this folder; makes it where missing.
pub fn lock(dir: &Path) -> Result<Lock, Error> {
    fs::create_dir_all(dir).map_err(Error::io(dir))?;
    let path = dir.join("lock");
    let file = File::create(&path).map_err(Error::io(&path))?;
    file.lock().map_err(Error::io(&path))?;
    Ok(Lock(file))
}

/// `None` where there is no such file; a file that does not parse counts as none, too, since
/// everything here can be made again.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::io(path)(e)),
    }
}

/// Replaces the file in one step: whoever reads sees the old or the new one, also after a crash.
pub(crate) fn replace_json<T: Serialize>(path: &Path, value: &T) -> Result<(), Error> {
    let bytes = serde_json::to_vec(value).map_err(Error::damaged(path))?;
    let tmp = path.with_extension("tmp");
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&tmp)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&tmp, path)?;
        sync_dir(path.parent().unwrap_or(Path::new(".")))
    };
    write().map_err(Error::io(path))
}

/// Makes the names in a folder durable.
pub(crate) fn sync_dir(dir: &Path) -> std::io::Result<()> {
    File::open(dir)?.sync_all()
}
