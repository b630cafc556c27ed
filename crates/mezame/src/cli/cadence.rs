//! The command line of the newsletter's cadence, of mourning and of invitations.

use clap::{Args, Subcommand, ValueEnum};
use model::Day;

#[derive(Subcommand)]
pub enum NewsletterVerb {
    /// How many people are on each cadence
    List,
    /// How often somebody hears, and what changed that
    Show {
        /// Number, mail, phone or the cart's id
        customer: String,
    },
    /// Note what somebody asked for
    Set {
        customer: String,
        cadence: Often,
        #[arg(long)]
        by: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Often {
    Weekly,
    Monthly,
    Stopped,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Answer {
    Coming,
    NotComing,
    Came,
    Absent,
}

#[derive(Args)]
pub struct MourningArgs {
    /// Number, mail, phone or the cart's id
    pub customer: String,
    /// Since when [default: today]
    #[arg(long, value_name = "DATE")]
    pub since: Option<Day>,
    #[arg(long, default_value = "")]
    pub note: String,
    #[arg(long)]
    pub by: String,
    /// It was noted of the wrong person: take it back
    #[arg(long)]
    pub lift: bool,
}
