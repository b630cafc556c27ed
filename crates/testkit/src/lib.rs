//! In: what a test needs from the machine: a browser, a PostgreSQL server.
//! Out: blocking helpers that start it, use it and end it with the test.
//! Never: a dependency of anything that ships, a sleep, or a copy of a rule it should test.

pub mod browser;
pub mod postgres;
mod webdriver;
