//! Words printed, mails composed, signed and handed over.

mod ads;
mod brief;
mod chat;
mod dkim;
mod domain;
mod help;
mod mail;
mod post_address;
mod post_barcode;
mod post_paper;
mod post_pdf;
mod post_price;
mod reports;
mod sms;
mod sms_answers;
mod sms_files;
mod sms_help;
mod smtp;
mod tls;
mod words;
