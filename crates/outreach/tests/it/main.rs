//! Words printed, mails composed, signed and handed over.

mod dkim;
mod domain;
mod help;
mod mail;
mod reports;
mod smtp;
mod tls;
mod words;
