//! The command line of coupon codes.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum CodesVerb {
    /// Add the codes that the cart made to a campaign's list: one a line, or the first column of a CSV
    Import {
        /// Number or name
        campaign: String,
        file: PathBuf,
    },
    /// Make codes for a campaign's list, for the cart to load
    Make {
        campaign: String,
        #[arg(long)]
        count: usize,
    },
    /// Every code of a campaign as CSV, for the cart
    Export {
        campaign: String,
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
        /// The codes alone, one a line
        #[arg(long)]
        bare: bool,
    },
    /// How many are left, given and used, and what shared and spoken codes brought
    List { campaign: String },
    /// Note codes as used: a file with one code a line, where orders do not name them
    Redeem { file: PathBuf },
}
