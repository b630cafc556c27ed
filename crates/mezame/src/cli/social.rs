//! The command line of posts on social media.

use clap::{Args, Subcommand};
use model::Day;

#[derive(Subcommand)]
pub enum SocialVerb {
    /// The platforms and how long a post may be there
    Platforms,
    /// Draft a post of a campaign, with a link of its own
    New(NewSocialArgs),
    /// The drafts of a campaign and who followed their links
    List {
        /// Number or name
        campaign: String,
    },
    /// One draft, as it is to be posted
    Show { post: i64 },
    /// Take a draft away; its link leads nowhere from then on
    Drop { post: i64 },
}

#[derive(Args)]
pub struct NewSocialArgs {
    /// Number or name
    pub campaign: String,
    /// x, instagram, threads, facebook
    #[arg(long)]
    pub platform: String,
    /// The words, {link} for the link [default: made of the campaign]
    #[arg(long, default_value = "")]
    pub text: String,
    /// Where the link leads: a path of the shop's site, or an address on its own hosts
    #[arg(long, default_value = "/")]
    pub to: String,
    /// utm_content, to tell it from other posts
    #[arg(long, default_value = "")]
    pub content: String,
    /// Somebody else was asked or paid to say it
    #[arg(long)]
    pub paid: bool,
    /// When it is to be posted
    #[arg(long, value_name = "DATE")]
    pub on: Option<Day>,
    #[arg(long)]
    pub by: String,
}
