//! What can go wrong, as far as a caller acts differently.

/// Why the store could not do it. No text names a customer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("another import is running on this database; wait until it has ended")]
    Busy,
    #[error("somebody else is making pieces of post just now; wait until that has ended")]
    Posting,
    #[error("there is no {what} {id}")]
    Missing { what: &'static str, id: i64 },
    /// What was asked is against a rule; the text says which and what to do.
    #[error("{0}")]
    Refused(String),
    /// The address of the database cannot be used; the text says why.
    #[error("{0}")]
    Address(String),
    #[error("the database holds something this version does not understand: {0}")]
    Content(String),
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("PostgreSQL: {}", postgres_text(.0))]
    Postgres(#[from] postgres::Error),
    #[error("database file: {0}")]
    File(#[from] std::io::Error),
}

/// The server's own sentence: the driver says "db error" alone. Its detail line may hold values
/// of a row and is left out.
fn postgres_text(error: &postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(db), _) => format!("{} ({})", db.message(), db.code().code()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        // Its text may quote the value: only where it stands is told.
        Error::Content(format!("JSON at line {} column {}", error.line(), error.column()))
    }
}

/// Short for this crate.
pub type Result<T> = std::result::Result<T, Error>;
