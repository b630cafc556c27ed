//! In: what a test needs from the machine: a browser, a PostgreSQL server.
//! Out: blocking helpers that start it, use it and end it with the test.
//! Never: a dependency of anything that ships, a sleep, or a copy of a rule it should test.

pub mod browser;
pub mod postgres;
mod webdriver;

/// What whoever runs the tests has asked for by the environment: larger runs than the suite's own.
#[allow(clippy::disallowed_methods, reason = "testkit is where tests learn about their surroundings")]
pub fn asked(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}
