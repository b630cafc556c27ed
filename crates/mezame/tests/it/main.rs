//! Stories end to end, through the binary, on SQLite and PostgreSQL.
#![allow(clippy::unwrap_used)]

mod board;
mod hostile;
mod import;
mod pages;
mod people;
mod policy;
mod returns;
mod world;
