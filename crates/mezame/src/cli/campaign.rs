//! The command line of campaigns and of sending.

use super::Answer;
use clap::{Args, Subcommand};
use model::Day;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum CampaignVerb {
    /// Every campaign and how far it has come
    List,
    /// The ready scenarios
    Scenarios,
    /// What the season asks for today, with how many it would be for
    Proposals,
    /// Make the draft of a proposal
    Propose {
        /// Its word (`mezame campaign proposals`)
        word: String,
        /// What it is called
        #[arg(default_value = "")]
        name: String,
        #[arg(long, default_value = "")]
        owner: String,
    },
    /// Who answered an invitation, and who was there
    Answers { campaign: String },
    /// Note an answer by telephone, or that somebody was there
    Attend {
        campaign: String,
        /// Number, mail, phone or the cart's id
        customer: String,
        answer: Answer,
        /// How many come, they included
        #[arg(long, default_value_t = 1)]
        people: u32,
        #[arg(long, default_value = "")]
        note: String,
        #[arg(long)]
        by: String,
    },
    /// The fields that words may use
    Fields,
    /// Make a draft, from a scenario or from a TOML document
    New(NewArgs),
    /// The document as TOML
    Export {
        /// Number or name
        campaign: String,
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Replace a draft's document
    Edit {
        campaign: String,
        /// A TOML document
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        #[arg(long, default_value = "")]
        by: String,
    },
    /// Check a campaign, or a document, against every rule
    Check {
        /// Number, name, or a TOML file
        campaign: String,
    },
    /// Letters as real customers would get them
    Preview(PreviewArgs),
    /// Send a step's letter to the shop's own mailboxes (test_addresses)
    Try {
        campaign: String,
        #[arg(long, default_value_t = 1)]
        step: usize,
        #[arg(long, default_value_t = 1)]
        variant: usize,
        /// Whose values fill it in [default: the first customer of the campaign]
        #[arg(long)]
        customer: Option<i64>,
    },
    /// Draw who is treated, held out and skipped, and say what the campaign can show
    Plan { campaign: String },
    /// Freeze the plan: it is sent when its steps fall due
    Approve {
        campaign: String,
        #[arg(long)]
        by: String,
        /// Say yes without being asked
        #[arg(long)]
        yes: bool,
    },
    /// Stop sending at once
    Pause {
        campaign: String,
        #[arg(long)]
        by: String,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Go on after a pause, or in spite of what it waits for
    Resume {
        campaign: String,
        #[arg(long)]
        by: String,
    },
    /// End it for good: nothing in line goes out any more
    Cancel {
        campaign: String,
        #[arg(long)]
        by: String,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// How far it has come, and what was done with it
    Show { campaign: String },
    /// Why this customer got it, or did not
    Why {
        campaign: String,
        /// Number, mail, phone or the cart's id
        customer: String,
    },
    /// Letters of which nobody knows whether they left
    Doubts {
        /// Only of this campaign
        campaign: Option<String>,
    },
    /// Say what became of a letter in doubt
    Settle {
        /// The touch's number
        touch: i64,
        /// It left the house
        #[arg(long, conflicts_with = "not_sent", required_unless_present = "not_sent")]
        sent: bool,
        /// It did not
        #[arg(long)]
        not_sent: bool,
        #[arg(long)]
        by: String,
    },
    /// A new campaign that learns from this one
    Next {
        campaign: String,
        name: String,
        #[arg(long, default_value = "")]
        by: String,
    },
    /// A draft of an apology or correction to exactly those whom a campaign reached
    Apologise {
        campaign: String,
        name: String,
        #[arg(long, default_value = "")]
        by: String,
    },
    /// Forget a draft
    Drop { campaign: String },
}

#[derive(Args)]
pub struct NewArgs {
    /// What it is called
    pub name: String,
    /// A ready scenario (`mezame campaign scenarios`)
    #[arg(long, required_unless_present = "file")]
    pub scenario: Option<String>,
    /// A TOML document instead
    #[arg(long, value_name = "FILE", conflicts_with = "scenario")]
    pub file: Option<PathBuf>,
    /// Who answers for it
    #[arg(long, default_value = "")]
    pub owner: String,
    /// The first step's day
    #[arg(long, value_name = "DATE")]
    pub start: Option<Day>,
}

#[derive(Args)]
pub struct PreviewArgs {
    /// Number, name, or a TOML file
    pub campaign: String,
    #[arg(long, default_value_t = 1)]
    pub step: usize,
    #[arg(long, default_value_t = 1)]
    pub variant: usize,
    /// So many real customers
    #[arg(long, default_value_t = 20)]
    pub many: usize,
    /// Show the whole text of each
    #[arg(long)]
    pub full: bool,
    /// Write each letter as HTML into this folder; of a step by post, one PDF as it will print
    #[arg(long, value_name = "DIR")]
    pub html: Option<PathBuf>,
}

#[derive(Args)]
pub struct WorkArgs {
    /// End when nothing is due any more
    #[arg(long)]
    pub once: bool,
    /// Connections at a time [default: the setting]
    #[arg(long)]
    pub connections: Option<u16>,
    /// Show why sending is held after a restored backup, with both lists
    #[arg(long, conflicts_with = "release")]
    pub held: bool,
    /// Go on: what only the journal knows counts as in doubt and is never sent again
    #[arg(long, requires = "by")]
    pub release: bool,
    #[arg(long, default_value = "")]
    pub by: String,
}

#[derive(Subcommand)]
pub enum DoctorVerb {
    /// What a sender's domain says in DNS: SPF, DKIM, DMARC, and what to publish
    Mail { domain: String },
}

#[derive(Subcommand)]
pub enum KeyVerb {
    /// Make a DKIM key and print the record to publish
    Dkim {
        /// Its name in DNS, such as mz1
        selector: String,
        /// In place of the one there is
        #[arg(long)]
        replace: bool,
    },
    /// Sign with a new key from now on; links already sent go on working
    Rotate,
    /// Make the token for POST /api/import, in place of the one before, and print it
    Import,
    /// Make the secret that POST /api/orders is signed with, in place of the one before, and print it
    Orders,
    /// Make the secret by which the shop's site names its customers in visits, in place of the one before
    Visits,
}

#[derive(Subcommand)]
pub enum OperatorVerb {
    /// Let an operator in, or change their password (read from standard input)
    Add {
        name: String,
    },
    /// Shut an operator out at once
    Shut {
        name: String,
    },
    List,
}
