//! The words of `mezame reasons`.

use clap::{Args, Subcommand};
use model::ReasonSource;

#[derive(Args)]
pub struct ReasonsArgs {
    #[command(subcommand)]
    pub what: Option<ReasonsVerb>,
}

#[derive(Subcommand)]
pub enum ReasonsVerb {
    /// The shop's list of reasons, with the scenario that answers each
    List,
    /// Why one customer went quiet, and what speaks for it
    Show {
        /// Number, mail, phone or the cart's id
        customer: String,
    },
    /// Write down why a customer went quiet
    Set(StateArgs),
    /// Take a statement back; it stays on record
    Drop {
        statement: i64,
        #[arg(long)]
        by: String,
    },
}

#[derive(Args)]
pub struct StateArgs {
    /// Number, mail, phone or the cart's id
    pub customer: String,
    /// A reason of the list
    pub reason: String,
    #[arg(long)]
    pub by: String,
    /// What was said or seen
    #[arg(long, default_value = "")]
    pub words: String,
    /// call, survey, inquiry, review, note or import
    #[arg(long, default_value = "note", value_parser = source)]
    pub source: ReasonSource,
    /// How sure it is, 0 to 1
    #[arg(long, default_value_t = 1.0)]
    pub confidence: f64,
}

fn source(word: &str) -> Result<ReasonSource, String> {
    let said = || ReasonSource::ALL.iter().copied().filter(|s| s.is_said());
    said().find(|s| s.word() == word).ok_or_else(|| super::one_of(said().map(|s| s.word())))
}
