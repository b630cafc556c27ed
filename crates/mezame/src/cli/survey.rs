//! The words of `mezame survey`.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum SurveyVerb {
    /// Every survey, with how many answered
    List,
    /// What a survey brought
    Show {
        /// Number or name [default: the one in use]
        survey: Option<String>,
    },
    /// Make a survey from a document (TOML); letters lead to it from now on
    New {
        file: PathBuf,
        #[arg(long)]
        by: String,
    },
    /// Print the document of a survey, to begin another from
    Document {
        /// Number or name [default: the one that ships]
        survey: Option<String>,
    },
    /// Letters lead to this survey from now on
    Use {
        /// Number or name
        survey: String,
    },
    /// The link of a touch to the survey in use
    Link { touch: i64 },
}
