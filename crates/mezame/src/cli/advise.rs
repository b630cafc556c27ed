//! The command line of the channel advice.

use clap::Args;

#[derive(Args)]
pub struct AdviseArgs {
    /// One customer: by number, mail, phone or the cart's id
    #[arg(required_unless_present = "condition", conflicts_with = "condition")]
    pub customer: Option<String>,
    /// Everybody for whom this holds (`mezame segment columns`)
    #[arg(long = "where", value_name = "CONDITION")]
    pub condition: Option<String>,
}
