//! Stories of intake from whole files: golden exports of every source, rows to orders, hostile input.

mod golden;
mod help;
mod hostile;
mod identity;
mod orders;
