//! The command line, word for word.

mod ads;
mod advise;
mod cadence;
mod campaign;
mod codes;
mod contact;
mod desk;
mod goods;
mod improvement;
mod inbox;
mod keeping;
mod library;
mod notes;
mod post;
mod reasons;
mod social;
mod survey;
mod visits;

pub use ads::*;
pub use advise::*;
pub use cadence::*;
pub use campaign::*;
pub use codes::*;
pub use contact::*;
pub use desk::*;
pub use goods::*;
pub use improvement::*;
pub use inbox::*;
pub use keeping::*;
pub use library::*;
pub use notes::*;
pub use post::*;
pub use reasons::*;
pub use social::*;
pub use survey::*;
pub use visits::*;

use clap::{Args, Parser, Subcommand, ValueEnum};
use model::{Basis, Channel, Day, Kind, Money, StopReason};
use std::path::PathBuf;

/// 目覚め: finds a shop's dormant customers (休眠顧客) and says why each counts as one.
#[derive(Parser)]
#[command(name = "mezame", version, max_term_width = 100)]
pub struct Cli {
    /// Database: postgres://... or sqlite:PATH [default: mezame.db in the data folder]
    #[arg(long, global = true, env = "MEZAME_DB", value_name = "URL", hide_env_values = true)]
    pub db: Option<String>,
    /// Folder of everything Mezame keeps
    #[arg(long, global = true, env = "MEZAME_DATA", value_name = "DIR", default_value = "mezame-data")]
    pub data: PathBuf,
    /// Take this day for today
    #[arg(long, global = true, env = "MEZAME_TODAY", value_name = "DATE")]
    pub today: Option<Day>,
    /// Answer as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of what people read
    #[arg(long, global = true, env = "MEZAME_LANG", value_enum, default_value_t = Lang::Ja)]
    pub lang: Lang,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    Ja,
    En,
}

#[derive(Subcommand)]
pub enum Verb {
    /// Make a made-up shop, import its files, judge it, show the board, serve the pages
    Demo(DemoArgs),
    /// Take in a shop's files: CSV, TSV, xlsx, also in .gz and .zip
    Import(ImportArgs),
    /// What came by itself: from the watched folder, by calls; and what became of it
    Arrivals(ArrivalsArgs),
    /// List the sources whose files are recognised
    Sources,
    /// Judge everyone and learn from the past who is likely to return, and say how long each part took
    Judge(JudgeArgs),
    /// Whom to wake first: the quiet by expected profit of a touch, with the line where it stops paying
    Rank(RankArgs),
    /// By which channel somebody, or a segment, is best written to, and why
    Advise(AdviseArgs),
    /// What the expectations rest on: the model card
    Model,
    /// Stand on a past day, learn from before it, and compare with what came after
    Backtest(BacktestArgs),
    /// Who is asleep: states, stages, movement
    Board(BoardArgs),
    /// List customers, or write them to a file
    Customers(CustomersArgs),
    /// One customer: by number, mail, phone or the cart's id
    Customer { id: String },
    /// The dormancy policy: when does a customer count as dormant
    #[command(subcommand)]
    Policy(PolicyVerb),
    /// Named rules over the columns of history and judgement
    #[command(subcommand)]
    Segment(SegmentVerb),
    /// Who may be reached by which channel, and what to do about the others
    Reach(ReachArgs),
    /// Close one channel, or all, for one customer
    Suppress(SuppressArgs),
    /// Records that may be one person
    #[command(subcommand)]
    Match(MatchVerb),
    /// The product master as imported
    Products {
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// The shop's settings
    #[command(subcommand)]
    Settings(SettingsVerb),
    /// Campaigns: from a scenario to letters that leave once
    #[command(subcommand)]
    Campaign(CampaignVerb),
    /// Why customers went quiet: the shares among the dormant, one customer, the shop's own list
    Reasons(ReasonsArgs),
    /// What goes with what, and what a customer may like next
    #[command(subcommand)]
    Goods(GoodsVerb),
    /// What is made better, and telling exactly those whom it had driven away
    #[command(subcommand)]
    Improvement(ImprovementVerb),
    /// Surveys by a link of each customer's own, and what they brought
    #[command(subcommand)]
    Survey(SurveyVerb),
    /// The phone desk: the next call, what came of it, who waits, next actions
    #[command(subcommand)]
    Desk(DeskVerb),
    /// What customers write to us: answered, closed, graded
    #[command(subcommand)]
    Inbox(InboxVerb),
    /// Notes of customers: social media, interviews, visits, exhibitions
    #[command(subcommand)]
    Notes(NotesVerb),
    /// Contact persons of companies
    #[command(subcommand)]
    Contact(ContactVerb),
    /// What may be shown in letters: usage scenes, customers' voices, social media texts
    #[command(subcommand)]
    Library(LibraryVerb),
    /// Posts on social media of a campaign, each with a link of its own
    #[command(subcommand)]
    Social(SocialVerb),
    /// Visits to the shop's site by customers who agreed: the tag, the log, who came
    #[command(subcommand)]
    Visits(VisitsVerb),
    /// Send what is due, until Ctrl-C
    Work(WorkArgs),
    /// Post: what is due becomes postcards, letters or labels, and somebody says when it was posted
    #[command(subcommand)]
    Post(PostVerb),
    /// Audiences for ad platforms: hashed, and nobody who did not agree
    #[command(subcommand)]
    Ads(AdsVerb),
    /// The page on which customers put their own facts right
    #[command(subcommand)]
    Refresh(RefreshVerb),
    /// Somebody is in mourning: no New Year's card this season
    Mourning(MourningArgs),
    /// How often people hear from the newsletter
    #[command(subcommand)]
    Newsletter(NewsletterVerb),
    /// Coupon codes: the cart's list in, ours out, and what was used
    #[command(subcommand)]
    Codes(CodesVerb),
    /// Holidays and seasons of a year, when to begin, and who bought in the last one
    Calendar {
        #[arg(long)]
        year: Option<i32>,
    },
    /// What a campaign brought, against its holdout
    Measure {
        /// Number or name
        campaign: String,
    },
    /// What is missing or doubtful, and what to do about it
    Doctor {
        #[command(subcommand)]
        what: Option<DoctorVerb>,
    },
    /// Keys of links and of letters
    #[command(subcommand)]
    Key(KeyVerb),
    /// Who may open the pages from another machine
    #[command(subcommand)]
    Operator(OperatorVerb),
    /// Copy everything into one file, while work goes on
    Backup(BackupArgs),
    /// Put a backup back into an empty place (--data, --db)
    Restore(RestoreArgs),
    /// Every table as CSV, for taking the data elsewhere
    Export(ExportArgs),
    /// Who looked at or took out what about customers
    Access(AccessArgs),
    /// Serve the pages
    Serve(ServeArgs),
    /// Bring the database up to date (an embedded one does so by itself)
    Migrate,
    /// Write a made-up shop's files, with the truth beside them
    MakeShop(MakeShopArgs),
}

#[derive(Args)]
pub struct DemoArgs {
    /// End after the board instead of serving the pages
    #[arg(long)]
    pub no_serve: bool,
    #[arg(long, default_value_t = 3000)]
    pub customers: u64,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[arg(long, default_value_t = 7878)]
    pub port: u16,
}

#[derive(Args)]
pub struct ImportArgs {
    /// Files, or folders of files
    #[arg(required_unless_present_any = ["watch", "suggest_map"])]
    pub paths: Vec<PathBuf>,
    /// The system that wrote the file (`mezame sources`), or auto
    #[arg(long, default_value = "auto")]
    pub source: String,
    /// orders, customers, subscriptions, invoices, contacts, visits, products, points, consents, suppressions, or auto
    #[arg(long, default_value = "auto", value_parser = kind)]
    pub kind: KindChoice,
    /// Column map (TOML) for a file that no source matches
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Show what would happen and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Propose a column map for this file and print it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["watch", "map", "dry_run"])]
    pub suggest_map: Option<PathBuf>,
    /// Import whatever appears in this folder, until Ctrl-C; files move to its done or failed
    #[arg(long, value_name = "DIR", conflicts_with = "dry_run")]
    pub watch: Option<PathBuf>,
    /// Seconds between two looks at the watched folder
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub every: u64,
}

/// A kind of file, or none named.
#[derive(Clone, Copy)]
pub struct KindChoice(pub Option<Kind>);

fn kind(word: &str) -> Result<KindChoice, String> {
    if word == "auto" {
        return Ok(KindChoice(None));
    }
    Kind::from_word(word)
        .map(|k| KindChoice(Some(k)))
        .ok_or_else(|| one_of(Kind::ALL.iter().map(|k| k.word())))
}

fn channel(word: &str) -> Result<Channel, String> {
    Channel::from_word(word).ok_or_else(|| one_of(Channel::ALL.iter().map(|c| c.word())))
}

fn basis(word: &str) -> Result<Basis, String> {
    Basis::from_word(word).ok_or_else(|| one_of(Basis::ALL.iter().map(|b| b.word())))
}

fn stop(word: &str) -> Result<StopReason, String> {
    StopReason::from_word(word).ok_or_else(|| one_of(StopReason::ALL.iter().map(|s| s.word())))
}

fn one_of(words: impl Iterator<Item = &'static str>) -> String {
    format!("write one of: {}", words.collect::<Vec<_>>().join(", "))
}

#[derive(Args)]
pub struct JudgeArgs {
    /// Also time the run-length pass over the columns alone
    #[arg(long)]
    pub pass: bool,
    /// The day to judge as of [default: today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Day>,
}

#[derive(Args)]
pub struct RankArgs {
    /// How they would be reached: its cost and its usual effect decide
    #[arg(long, value_parser = channel, default_value = "mail")]
    pub channel: Channel,
    /// End the list where this much is spent, or where a touch stops paying
    #[arg(long, value_name = "YEN", value_parser = amount)]
    pub budget: Option<Money>,
    /// Only those who may be reached by the channel now
    #[arg(long)]
    pub reachable: bool,
    /// Only customers for whom this holds besides (`mezame segment columns`)
    #[arg(long = "where", value_name = "CONDITION", default_value = "")]
    pub condition: String,
    /// Rows on the screen; JSON and files always get all
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// Write the whole list in this format
    #[arg(long, value_enum)]
    pub format: Option<RankFormat>,
    /// File to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Day>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RankFormat {
    Csv,
    Json,
}

/// An amount in units of the currency.
fn amount(text: &str) -> Result<Money, String> {
    match text.replace(',', "").parse::<f64>() {
        Ok(units) if (0.0..=1e12).contains(&units) => Ok(Money((units * 100.0).round() as i64)),
        _ => Err("write an amount from 0, such as 50000".to_owned()),
    }
}

#[derive(Args)]
pub struct BacktestArgs {
    /// The day to stand on [default: one horizon before the newest order]
    #[arg(long, value_name = "DATE")]
    pub cut: Option<Day>,
    /// Days to look ahead [default: the policy's]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i32).range(1..=3650))]
    pub horizon: Option<i32>,
    /// Silent for more than this many days is quiet [default: 90]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i32).range(0..))]
    pub quiet: Option<i32>,
    /// ... and deep [default: 181]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i32).range(0..))]
    pub deep: Option<i32>,
}

#[derive(Args)]
pub struct BoardArgs {
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Day>,
}

#[derive(Args)]
pub struct CustomersArgs {
    /// A condition, as in SQL: "state = 'dormant' and n_orders >= 3" (`mezame segment columns`)
    #[arg(long = "where", value_name = "CONDITION", default_value = "")]
    pub condition: String,
    /// A saved segment
    #[arg(long)]
    pub segment: Option<String>,
    /// Name, number, mail, phone or the cart's id
    #[arg(long, default_value = "")]
    pub search: String,
    /// A column to sort by; with - in front, descending
    #[arg(long, default_value = "", allow_hyphen_values = true)]
    pub sort: String,
    /// Rows on the screen; a file always gets all
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// Write the whole list in this format
    #[arg(long, value_enum)]
    pub format: Option<ListFormat>,
    /// Write it for this CRM, under its own headers: hubspot, salesforce, kintone or eight
    #[arg(long = "for", value_name = "CRM", conflicts_with = "format",
          value_parser = ["hubspot", "salesforce", "kintone", "eight"])]
    pub crm: Option<String>,
    /// Encoding of CSV: utf-8 (with BOM) or cp932
    #[arg(long, default_value = "utf-8", value_parser = ["utf-8", "cp932"])]
    pub encoding: String,
    /// File to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Day>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Csv,
    Xlsx,
    Parquet,
    Json,
}

#[derive(Subcommand)]
pub enum PolicyVerb {
    /// The policy in force, as TOML
    Show,
    /// Put a policy in force: a preset's name, a TOML file, or days
    Set {
        /// R181, 1year, 3months, 240days, own_cycle, or a TOML file
        #[arg(required_unless_present = "dormant")]
        policy: Option<String>,
        /// fixed_days: going quiet from this many days
        #[arg(long, requires = "dormant")]
        at_risk: Option<i32>,
        /// fixed_days: dormant from this many days
        #[arg(long, conflicts_with = "policy")]
        dormant: Option<i32>,
        /// Days over which returns are expected and valued [default: the policy's own, 90]
        #[arg(long, value_name = "DAYS")]
        horizon: Option<i32>,
        /// Who decides
        #[arg(long, default_value = "")]
        by: String,
    },
    /// Every policy ever set
    History,
    /// How many customers each preset would put where
    Compare,
}

#[derive(Subcommand)]
pub enum SegmentVerb {
    /// Saved segments with their sizes
    List,
    /// Save a condition under a name
    Save { name: String, condition: String },
    /// Forget a saved segment
    Delete { name: String },
    /// How many customers a condition finds
    Count {
        condition: String,
        /// Count this many times and tell the median time
        #[arg(long, default_value_t = 1)]
        repeat: u32,
    },
    /// The columns a condition may use
    Columns,
}

#[derive(Args)]
pub struct ReachArgs {
    #[arg(long = "where", value_name = "CONDITION", default_value = "")]
    pub condition: String,
    #[command(subcommand)]
    pub verb: Option<ReachVerb>,
}

#[derive(Subcommand)]
pub enum ReachVerb {
    /// State, with name and date, that customers gave a basis for a channel
    Attest {
        #[arg(long, value_parser = channel)]
        channel: Channel,
        #[arg(long, value_parser = basis, default_value = "opt_in")]
        basis: Basis,
        /// Only customers of this source
        #[arg(long)]
        source: Option<String>,
        /// What was shown to customers, where, and since when
        #[arg(long)]
        wording: String,
        /// Who states it
        #[arg(long)]
        by: String,
    },
    /// Every attestation
    Attestations,
    /// Take an attestation back
    Revoke {
        id: i64,
        #[arg(long)]
        by: String,
    },
}

#[derive(Args)]
pub struct SuppressArgs {
    /// The customer's number; with --lift the suppression's number
    pub id: i64,
    /// Close this channel only [default: what the reason closes]
    #[arg(long, value_parser = channel)]
    pub channel: Option<Channel>,
    #[arg(long, value_parser = stop, required_unless_present = "lift")]
    pub reason: Option<StopReason>,
    #[arg(long, default_value = "")]
    pub note: String,
    /// Lift it instead; needs --why
    #[arg(long, requires = "why")]
    pub lift: bool,
    #[arg(long)]
    pub why: Option<String>,
    #[arg(long)]
    pub by: String,
}

#[derive(Subcommand)]
pub enum MatchVerb {
    /// Pairs waiting for a person to decide
    List {
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// They are one person
    Merge {
        id: i64,
        #[arg(long)]
        by: String,
    },
    /// They are two people, for good
    Apart {
        id: i64,
        #[arg(long)]
        by: String,
    },
    /// Separate what a merge made one (its number is on the customer's page)
    Undo {
        merge: i64,
        #[arg(long)]
        by: String,
    },
}

#[derive(Subcommand)]
pub enum SettingsVerb {
    Show,
    /// shop, zone, spend (paid, goods, before_points), pending_counts, zero_counts, currency,
    /// outlook (auto, rule, off), margin, cost.CHANNEL, lift.CHANNEL.regular, lift.CHANNEL.once, lift_long,
    /// profile.PART (who the shop is), sending.PART (how mail leaves), and more: `mezame settings show`
    Set {
        key: String,
        value: String,
    },
}

#[derive(Args)]
pub struct ServeArgs {
    /// Port of the door that customers open: opt-outs, clicks [default: shut]
    #[arg(long, value_name = "PORT")]
    pub door: Option<u16>,
    /// Address of that door
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub door_host: std::net::IpAddr,
    /// Pages and door stand behind a proxy of the shop's own, which speaks TLS and says who comes
    #[arg(long)]
    pub behind_proxy: bool,
    /// Also send what is due, in this process
    #[arg(long)]
    pub work: bool,
    #[arg(long, default_value_t = 7878)]
    pub port: u16,
    /// Address to listen on; beyond loopback operators log in (mezame operator add NAME)
    #[arg(long, default_value = "127.0.0.1")]
    pub host: std::net::IpAddr,
}

#[derive(Args)]
pub struct MakeShopArgs {
    #[arg(long, default_value_t = 3000)]
    pub customers: u64,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[arg(long, value_enum, default_value_t = ShopFormat::Eccube)]
    pub format: ShopFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShopFormat {
    Eccube,
    Shopify,
    OrdersCsv,
}
