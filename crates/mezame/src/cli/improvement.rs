//! The words of `mezame improvement`.

use clap::Subcommand;
use model::Day;

#[derive(Subcommand)]
pub enum ImprovementVerb {
    /// What is to be made better, what is done, and whom it concerns
    List,
    /// Write down what is to be made better
    Add {
        issue: String,
        /// The reason of those whom it drove away (`mezame reasons list`)
        #[arg(long)]
        reason: String,
        /// What they are told once it is done
        #[arg(long, default_value = "")]
        message: String,
        #[arg(long)]
        by: String,
    },
    /// It is done: those whom it drove away are proposed from now on
    Fixed {
        improvement: i64,
        /// Since which day [default: today]
        #[arg(long)]
        on: Option<Day>,
        #[arg(long)]
        by: String,
    },
    /// Make the draft of the letter that tells them
    Draft {
        improvement: i64,
        #[arg(long)]
        start: Day,
        #[arg(long)]
        owner: String,
    },
}
