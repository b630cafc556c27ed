//! The words of `mezame contact`.

use clap::{Args, Subcommand};
use model::{Day, PostState};

#[derive(Subcommand)]
pub enum ContactVerb {
    /// Who speaks for a company
    List {
        /// The customer: number, mail, phone or the cart's id
        customer: String,
    },
    /// Add a contact person; with --contact change one
    Save(ContactArgs),
    /// Say whether somebody is still there, as of today: in_place, moved, retired
    State {
        customer: String,
        #[arg(value_parser = state)]
        state: PostState,
        /// Which contact person [default: the one that the files name]
        #[arg(long)]
        contact: Option<i64>,
        /// Who has the post now
        #[arg(long, default_value = "")]
        next: String,
        #[arg(long)]
        by: String,
    },
}

#[derive(Args)]
pub struct ContactArgs {
    pub customer: String,
    pub name: String,
    #[arg(long)]
    pub contact: Option<i64>,
    #[arg(long, default_value = "")]
    pub department: String,
    #[arg(long, default_value = "")]
    pub title: String,
    #[arg(long, default_value = "")]
    pub mail: String,
    #[arg(long, default_value = "")]
    pub phone: String,
    /// In the post since
    #[arg(long)]
    pub since: Option<Day>,
    /// When and where first met
    #[arg(long)]
    pub met_on: Option<Day>,
    #[arg(long, default_value = "")]
    pub met_at: String,
    #[arg(long, default_value = "")]
    pub interests: String,
    #[arg(long)]
    pub by: String,
}

fn state(word: &str) -> Result<PostState, String> {
    PostState::from_word(word).ok_or_else(|| super::one_of(PostState::ALL.iter().map(|s| s.word())))
}
