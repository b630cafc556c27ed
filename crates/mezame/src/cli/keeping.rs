//! What keeps a shop's data: what arrives by itself, copies, and who looked.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub struct ArrivalsArgs {
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// Take note of a failure: it is not shown as open any more
    #[arg(long, value_name = "NUMBER", requires = "by")]
    pub seen: Option<i64>,
    #[arg(long, default_value = "")]
    pub by: String,
}

/// To whom a file is open.
#[derive(Args)]
pub struct SealArgs {
    /// Seal it with a passphrase: MEZAME_PASSPHRASE, or read from standard input
    #[arg(long, conflicts_with = "to")]
    pub seal: bool,
    /// Seal it for the holder of this key's other half (age1..., made by age-keygen); may be given again
    #[arg(long, value_name = "KEY")]
    pub to: Vec<String>,
    /// Who does it, for the record [default: who is logged in to this machine]
    #[arg(long, default_value = "")]
    pub by: String,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct BackupArgs {
    /// File to write: one that is not there yet
    #[arg(long, short, value_name = "FILE", required = true)]
    pub out: Option<PathBuf>,
    /// Take passwords and keys along: without them links already sent stop working after a restore
    #[arg(long)]
    pub secrets: bool,
    #[command(flatten)]
    pub seal: SealArgs,
    #[command(subcommand)]
    pub verb: Option<BackupVerb>,
}

#[derive(Subcommand)]
pub enum BackupVerb {
    /// Read a backup to its end: whether it is whole, and what is in it
    Check {
        file: PathBuf,
        /// File with the secret key that opens it
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
}

#[derive(Args)]
pub struct RestoreArgs {
    pub file: PathBuf,
    /// Put back passwords and keys, too
    #[arg(long)]
    pub secrets: bool,
    /// File with the secret key that opens it
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

#[derive(Args)]
pub struct ExportArgs {
    /// Folder for every table as CSV, with a README
    #[arg(long, value_name = "DIR")]
    pub all: PathBuf,
    #[command(flatten)]
    pub seal: SealArgs,
}

#[derive(Args)]
pub struct AccessArgs {
    /// Of this customer alone
    #[arg(long, value_name = "NUMBER")]
    pub customer: Option<i64>,
    /// By this operator alone
    #[arg(long, default_value = "")]
    pub by: String,
    /// From this day on
    #[arg(long, value_name = "DATE")]
    pub since: Option<model::Day>,
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
}
