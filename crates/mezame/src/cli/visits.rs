//! The command line of visits to the shop's site.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum VisitsVerb {
    /// Who came lately, whoever came last first
    List {
        /// Looking so many days back
        #[arg(long, default_value_t = 7)]
        days: u32,
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// What one customer did on the site, and whether they agreed that it is kept
    Show {
        /// By number, mail, phone or the cart's id
        customer: String,
    },
    /// Read the log of the shop's own web server (combined format; .gz too, - is standard input)
    Import {
        log: PathBuf,
        /// The source whose customer ids are the logins [default: any]
        #[arg(long, default_value = "")]
        source: String,
        /// What those who are logged in agreed to, and where; without it only known consents count
        #[arg(long, default_value = "", requires = "by")]
        wording: String,
        /// Who states it
        #[arg(long, default_value = "")]
        by: String,
    },
    /// Note that a customer agreed that visits are kept, or that they take it back: then all of theirs go
    Consent {
        customer: String,
        #[arg(long, conflicts_with = "no", required_unless_present = "no")]
        yes: bool,
        #[arg(long)]
        no: bool,
        /// What they agreed to, and where
        #[arg(long, default_value = "")]
        wording: String,
        #[arg(long)]
        by: String,
    },
    /// The tag for the pages of the shop's site
    Tag,
    /// Forget what is older than the shop keeps (visits.keep_days)
    Forget,
}
