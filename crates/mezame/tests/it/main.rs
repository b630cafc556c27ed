//! Stories end to end, through the binary, on SQLite and PostgreSQL.
#![allow(clippy::unwrap_used)]

mod advise;
mod board;
mod cadence;
mod campaign;
mod campaign_pages;
mod desk;
mod entering;
mod every_way;
mod hostile;
mod import;
mod keeping;
mod kill_sweep;
mod known_lift;
mod lost_database;
mod mailbox;
mod pages;
mod paths;
mod people;
mod policy;
mod post;
mod reasons;
mod returns;
mod social;
mod visits;
mod world;
