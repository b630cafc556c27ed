//! Tokens nobody can make up, verdicts as tables, and what each response closes.

mod meaning;
mod short;
mod token;
mod verdict;
