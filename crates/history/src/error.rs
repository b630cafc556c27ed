//! What can go wrong with files of columns.

use std::path::Path;

/// Any error of a caller's own, passed through.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why columns could not be read, written or asked.
#[derive(thiserror::Error, Debug)]
pub enum Error {
    /// The disk refused.
    #[error("{path}: {source}")]
    Io { path: String, source: std::io::Error },
    /// The file is not what was written: delete the folder and it is rebuilt.
    #[error("{path} is damaged ({why}); delete the folder of columns, it is rebuilt from the database")]
    Damaged { path: String, why: String },
    #[error(transparent)]
    Segment(#[from] crate::SegmentError),
    /// The place events come from failed.
    #[error("reading events: {0}")]
    Source(BoxError),
}

impl Error {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
        |source| Error::Io { path: path.display().to_string(), source }
    }

    pub(crate) fn damaged<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> Error + '_ {
        |why| Error::Damaged { path: path.display().to_string(), why: why.to_string() }
    }

    /// Whether a file that was named is gone: another process has replaced it meanwhile.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self, Error::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
    }

    /// Whether the files are at fault, so that making them anew helps.
    pub(crate) fn is_broken(&self) -> bool {
        self.is_gone() || matches!(self, Error::Damaged { .. })
    }
}
