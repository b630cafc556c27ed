//! The words of `mezame library`.

use clap::{Args, Subcommand};
use model::{ContentKind, Day, Marking};

#[derive(Subcommand)]
pub enum LibraryVerb {
    /// Usage scenes, customers' voices and social media texts, with whose they are
    List,
    /// Keep one, in place of an earlier one of its word; letters name it {{ voice.WORD }}
    Add(ContentArgs),
    /// Take one out
    Retire { word: String },
}

#[derive(Args)]
pub struct ContentArgs {
    /// Small letters, figures and _
    pub word: String,
    /// scene, voice, sns
    #[arg(value_parser = kind)]
    pub kind: ContentKind,
    pub said: String,
    /// As it is shown beside the text: 40代 女性
    #[arg(long, default_value = "")]
    pub title: String,
    /// Whose it is
    #[arg(long, default_value = "")]
    pub holder: String,
    /// The day they allowed it
    #[arg(long)]
    pub permitted: Option<Day>,
    /// The last day on which it may be shown
    #[arg(long)]
    pub until: Option<Day>,
    /// not_asked, marked (asked or paid for: 広告 is put before it), unmarked, unknown
    #[arg(long, default_value = "unknown", value_parser = marking)]
    pub mark: Marking,
    /// Where it stands
    #[arg(long, default_value = "")]
    pub link: String,
    #[arg(long)]
    pub by: String,
}

fn kind(word: &str) -> Result<ContentKind, String> {
    ContentKind::from_word(word).ok_or_else(|| super::one_of(ContentKind::ALL.iter().map(|k| k.word())))
}

fn marking(word: &str) -> Result<Marking, String> {
    Marking::from_word(word).ok_or_else(|| super::one_of(Marking::ALL.iter().map(|m| m.word())))
}
