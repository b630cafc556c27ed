//! The command line of ad audiences, the page of own facts and the calendar.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum AdsVerb {
    /// The platforms whose files are known
    Platforms,
    /// Write the audience of a campaign: whoever is due counts as touched from then on
    Export(AdsExportArgs),
    /// Write whom no ad should be wasted on: those who buy, and those who may not be shown any longer
    Suppress(AdsFileArgs),
    /// Write the best of those who came back, for a platform to find others like them
    Seed(AdsFileArgs),
}

#[derive(Args)]
pub struct AdsExportArgs {
    /// Number or name
    pub campaign: String,
    #[command(flatten)]
    pub file: AdsFileArgs,
    #[arg(long)]
    pub by: String,
}

#[derive(Args)]
pub struct AdsFileArgs {
    /// meta, google, line, x, yahoo
    #[arg(long = "for", value_name = "PLATFORM")]
    pub platform: String,
    /// Where a platform wants a file for mail and one for telephone, `-mail` and `-phone` are added
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Subcommand)]
pub enum RefreshVerb {
    /// The link by which the customer of a touch may correct their own facts
    Link { touch: i64 },
    /// Forget the former words of a customer's facts; that they changed stays
    Erase { customer: i64 },
}
