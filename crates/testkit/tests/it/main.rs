//! The habits of the house as tests, and testkit's own.

mod architecture;
mod browser;
mod glossary;
mod habits;
mod house;
