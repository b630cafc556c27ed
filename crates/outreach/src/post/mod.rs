//! Post (郵便DM): addresses and their barcodes, postcards, letters and labels as PDF, prices, returns.

pub mod address;
pub mod barcode;
mod handout;
mod leaflets;
pub mod pdf;
mod piece;
pub mod price;
mod returned;
mod rows;
mod sorting;
mod text;

pub use handout::{PostingSheet, write_print_shop};
pub use leaflets::{Pick, write_pick_list};
pub use piece::{Honorific, Imprint, Message, Payment, Piece, PostageMark, PrintedOffer, Sender, Slack};
pub use returned::{ReturnReason, Returned, UnreadReturn, read_returns};
pub use sorting::{Bundle, bundles, sort_for_post};
pub use text::tidy;
