//! What a letter quotes from the shop's library: whose it is, whether they allowed it, whether it is marked.

use super::fold::find;
use super::terms::MARKS;
use super::{Known, Remark, Spoken, visible};
use model::{ContentKind, Day, Marking};

/// A piece of the library, as far as its rights go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quote {
    pub kind: ContentKind,
    pub title: String,
    /// Its text; found in a letter, the letter quotes it.
    pub said: String,
    /// Whose it is; empty where nobody knows.
    pub holder: String,
    /// When they allowed it.
    pub permitted_on: Option<Day>,
    /// The last day on which it may be shown.
    pub until: Option<Day>,
    pub marking: Marking,
    /// Taken out of the library.
    pub retired: bool,
}

pub(super) fn remarks(letter: &Spoken, known: &Known) -> Vec<Remark> {
    let said: Vec<String> = letter.texts.iter().map(|(_, text)| bare(text)).collect();
    let quoted = |quote: &&Quote| {
        let text = bare(&visible::of_words(&quote.said));
        !text.is_empty() && said.iter().any(|all| all.contains(&text))
    };
    let marked = letter.says(|text| find(text, MARKS));
    known
        .quotes
        .iter()
        .filter(quoted)
        .flat_map(|quote| of_quote(quote, letter, known.today, marked))
        .collect()
}

/// Without blanks, which markup and lines move about.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn of_quote(quote: &Quote, letter: &Spoken, today: Day, marked: bool) -> Vec<Remark> {
    let remark = |id, ja: String, en: String| {
        Remark::of(id, "body").at(&letter.step).found(vec![quote.title.clone()]).saying(ja, en)
    };
    let (title, mut remarks) = (&quote.title, vec![]);
    if quote.holder.is_empty() || quote.permitted_on.is_none() {
        remarks.push(remark(
            "M088",
            format!("「{title}」の権利者か掲載許可の日が登録されていません。素材のページで登録してください"),
            format!("'{title}': whose it is, or when they allowed it, is not known; note it in the library"),
        ));
    }
    if quote.retired || quote.until.is_some_and(|until| until < today) {
        remarks.push(remark(
            "M088",
            format!("「{title}」の掲載期間が終わっています。ほかの素材に替えてください"),
            format!("'{title}' may not be shown any more: take another"),
        ));
    }
    let doubtful = match quote.marking {
        Marking::NotAsked => false,
        Marking::Marked => !marked,
        Marking::Unmarked => true,
        // What stands on social media may well be paid for.
        Marking::Unknown => quote.kind == ContentKind::Sns,
    };
    if doubtful && !(marked && quote.marking == Marking::Unknown) {
        remarks.push(remark(
            "L-26",
            format!(
                "「{title}」に「広告」「PR」の表示がありません。依頼した投稿や声には表示をつけてください"
            ),
            format!("'{title}' has no mark 広告 or PR: what was asked or paid for must bear one"),
        ));
    }
    remarks
}
