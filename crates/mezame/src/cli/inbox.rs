//! The words of `mezame inbox`.

use clap::{Subcommand, ValueEnum};
use model::Severity;

#[derive(Subcommand)]
pub enum InboxVerb {
    /// What customers wrote that waits for an answer, the longest first
    List {
        #[arg(value_enum, default_value_t = Shows::Waiting)]
        show: Shows,
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// One of them, with everything said in it
    Show { inquiry: i64 },
    /// Note that somebody answered; what was held goes on
    Answer {
        inquiry: i64,
        #[arg(long)]
        by: String,
        /// What was answered
        #[arg(long, default_value = "")]
        said: String,
    },
    /// Settle it: a complaint is settled with it
    Close {
        inquiry: i64,
        #[arg(long)]
        by: String,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Say how grave it is: none, minor, serious, grave; who sees to it, and by when
    Complaint {
        /// A number of `inbox list`; with --said a customer: number, mail, phone or the cart's id
        of: String,
        #[arg(value_parser = severity)]
        severity: Severity,
        #[arg(long)]
        by: String,
        #[arg(long, default_value = "")]
        owner: String,
        /// 2026-11-24, or "2026-11-24 15:00"
        #[arg(long)]
        due: Option<String>,
        /// What the customer said on the phone or in the shop: makes a new one
        #[arg(long, default_value = "")]
        said: String,
    },
    /// Say whose words they are
    Whose {
        inquiry: i64,
        customer: String,
        #[arg(long)]
        by: String,
    },
    /// Decide about a wish to leave that was only suggested
    Leaving {
        inquiry: i64,
        /// Close the channel it came by; without it they stay
        #[arg(long)]
        take: bool,
        #[arg(long)]
        by: String,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shows {
    Waiting,
    Complaints,
    Answered,
    Closed,
    All,
}

fn severity(word: &str) -> Result<Severity, String> {
    Severity::from_word(word).ok_or_else(|| super::one_of(Severity::ALL.iter().map(|s| s.word())))
}
