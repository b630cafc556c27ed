//! The words of `mezame notes`.

use clap::Subcommand;
use model::{Day, NoteKind};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum NotesVerb {
    /// Note something of a customer: sns_mention, sns_reaction, interview, visit, exhibition, other
    Add {
        /// The customer: number, mail, phone or the cart's id
        customer: String,
        #[arg(value_parser = kind)]
        kind: NoteKind,
        said: String,
        /// The day it was [default: today]
        #[arg(long)]
        on: Option<Day>,
        /// Where it was, or its address
        #[arg(long, default_value = "")]
        place: String,
        #[arg(long)]
        by: String,
    },
    /// Take in a table of notes (CSV): customer, kind, day, text, place
    Import {
        file: PathBuf,
        #[arg(long)]
        by: String,
    },
    /// Take a note back
    Strike {
        note: i64,
        #[arg(long)]
        by: String,
    },
}

fn kind(word: &str) -> Result<NoteKind, String> {
    NoteKind::from_word(word).ok_or_else(|| super::one_of(NoteKind::ALL.iter().map(|k| k.word())))
}
