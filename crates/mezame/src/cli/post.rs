//! The command line of post (発送).

use app::PrintAs;
use clap::{Args, Subcommand};
use model::{Day, TimeOfDay};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum PostVerb {
    /// What is due, what it will cost, and what is held back and why; batches in hand
    List {
        /// How it would be printed: its cost and what fits
        #[arg(long = "as", value_parser = print_as, default_value = "postcards")]
        print: PrintAs,
    },
    /// Take what is due in hand and write its files: print, posting sheet, pieces to pull out
    Make(PostMakeArgs),
    /// Write the files of a batch again: the same bytes, without the pieces to pull out
    Print {
        batch: i64,
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// One batch, and the pieces to pull out of it before it is posted
    Show { batch: i64 },
    /// Say that a batch was posted: its pieces count as sent from then on
    Posted {
        batch: i64,
        /// The day it was handed in
        #[arg(long, value_name = "DATE")]
        on: Day,
        #[arg(long)]
        by: String,
    },
    /// Give a batch back that was not posted
    Cancel {
        batch: i64,
        #[arg(long)]
        by: String,
    },
    /// Pieces that came back: a line each, the QR code or the number, then the reason (1-4 or the stamp)
    Returned {
        /// A file, or - for standard input
        file: PathBuf,
        #[arg(long)]
        by: String,
    },
    /// Whom of a campaign post suits better than mail, and why
    Suggest {
        /// Number or name
        campaign: String,
    },
    /// The pick list of leaflets for a day's parcels (post.leaflets), as CSV
    Leaflets {
        /// The day on which they are packed
        #[arg(long, value_name = "DATE")]
        day: Day,
        /// Orders up to this hour; later ones wait for the next day
        #[arg(long, value_name = "HH:MM")]
        cut_off: TimeOfDay,
        /// From the cut-off of this day on [default: the day before]
        #[arg(long, value_name = "DATE")]
        since: Option<Day>,
        #[arg(long, short, value_name = "FILE")]
        out: PathBuf,
    },
    /// Load Japan Post's postal codes (utf_ken_all.csv or KEN_ALL.CSV, plain or zip)
    Codes { file: PathBuf },
}

#[derive(Args)]
pub struct PostMakeArgs {
    /// Number or name
    pub campaign: String,
    /// One step [default: every step that has pieces due, a batch each]
    #[arg(long)]
    pub step: Option<u16>,
    /// postcards, letters, labels-10 to labels-65, or csv for a print shop
    #[arg(long = "as", value_parser = print_as, default_value = "postcards")]
    pub print: PrintAs,
    /// The first label that is still on the first sheet
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub start_at: usize,
    /// Move labels by so many mm to the right and down, as in 1.5,-0.5
    #[arg(long, value_parser = offset, default_value = "0,0", allow_hyphen_values = true, value_name = "X,Y")]
    pub offset: [i32; 2],
    /// Where the files go
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[arg(long)]
    pub by: String,
}

fn print_as(word: &str) -> Result<PrintAs, String> {
    PrintAs::from_word(word).ok_or_else(|| {
        let words: Vec<String> = PrintAs::all().iter().map(PrintAs::word).collect();
        format!("write one of: {}", words.join(", "))
    })
}

/// Millimetres as tenths.
fn offset(text: &str) -> Result<[i32; 2], String> {
    let wrong = || "write two numbers of mm up to 30, as in 1.5,-0.5".to_owned();
    let tenths = |text: &str| text.trim().parse::<f64>().ok().filter(|mm| mm.abs() <= 30.0);
    let (x, y) = text.split_once(',').ok_or_else(wrong)?;
    let [x, y] = [x, y].map(|text| tenths(text).map(|mm| (mm * 10.0).round() as i32));
    Ok([x.ok_or_else(wrong)?, y.ok_or_else(wrong)?])
}
