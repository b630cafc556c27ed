//! The words of `mezame desk`.

use clap::{Args, Subcommand};
use model::CallResult;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum DeskVerb {
    /// Take the next call in hand and show its card; the one in hand already where there is one
    Next {
        /// Who calls
        #[arg(long)]
        by: String,
        /// Only calls of this campaign: number or name
        #[arg(long)]
        campaign: Option<String>,
    },
    /// Say what came of a call: reached, absent, call_back, moved, retired, refused, hung_up, dead_number,
    /// deal, deceased, wrong_person, family, surplus, complaint
    Result(ResultArgs),
    /// Give a call back; with --why it is skipped for good
    Back {
        touch: i64,
        #[arg(long)]
        by: String,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Take the last result back, within 15 minutes; what closed a channel needs --why
    Undo {
        touch: i64,
        #[arg(long)]
        by: String,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Who waits, in the order in which they are called
    List {
        #[arg(long)]
        campaign: Option<String>,
        /// Write everybody who may be called to this CSV file
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
    },
    /// Next actions that are open, the longest due first
    Tasks {
        /// Only those of this owner
        #[arg(long)]
        owner: Option<String>,
    },
    /// Add a next action
    Task {
        /// The customer: number, mail, phone or the cart's id
        customer: String,
        what: String,
        /// When it is due: 2026-11-24, or "2026-11-24 15:00"
        #[arg(long)]
        at: String,
        #[arg(long)]
        by: String,
        /// Who does it [default: who adds it]
        #[arg(long, default_value = "")]
        owner: String,
    },
    /// A next action is done
    Done {
        task: i64,
        #[arg(long)]
        by: String,
    },
}

#[derive(Args)]
pub struct ResultArgs {
    pub touch: i64,
    #[arg(value_parser = result)]
    pub result: CallResult,
    /// Who called [default: who has it in hand]
    #[arg(long)]
    pub by: Option<String>,
    #[arg(long, default_value = "")]
    pub note: String,
    /// When to call back, or when the next action is due: "2026-11-24 15:00"
    #[arg(long)]
    pub at: Option<String>,
    /// How long it took [default: since it was taken in hand]
    #[arg(long)]
    pub minutes: Option<u32>,
    /// The next action
    #[arg(long, default_value = "")]
    pub next: String,
    /// Why they said they left: price, surplus, forgot and others (`mezame reasons list`)
    #[arg(long, default_value = "")]
    pub left_for: String,
    /// The part of the script it went by
    #[arg(long, default_value = "")]
    pub branch: String,
}

fn result(word: &str) -> Result<CallResult, String> {
    CallResult::from_word(word).ok_or_else(|| super::one_of(CallResult::ALL.iter().map(|r| r.word())))
}
