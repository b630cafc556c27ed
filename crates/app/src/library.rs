//! The library of what may be shown in letters (M088): picked by a word, put in with its mark.

use crate::App;
use anyhow::{Result, ensure};
use clearance::Quote;
use model::{Campaign, ContentKind, Marking};
pub use store::{NewContent, StoredContent};

/// Longest text of a piece, and of its other facts, characters.
const LONGEST: usize = 2_000;
const LINE: usize = 200;

impl App {
    /// The whole library, what was taken out too.
    pub fn library(&self) -> Result<Vec<StoredContent>> {
        Ok(self.inner.store.contents()?)
    }

    /// Keeps a piece, in place of an earlier one of its word.
    pub fn save_content(&self, content: &NewContent, by: &str) -> Result<()> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        ensure!(
            !content.word.is_empty() && content.word.len() <= 40 && content.word.chars().all(plain),
            "呼び名は半角の小文字・数字・_ で40文字までです / a word has small letters, figures and _, 40 at most"
        );
        let said = content.said.trim();
        ensure!(!said.is_empty(), "本文を入れてください / the text is missing");
        let short = said.chars().count() <= LONGEST
            && [&content.title, &content.holder, &content.link].iter().all(|t| t.chars().count() <= LINE);
        ensure!(
            short,
            "本文は{LONGEST}文字、ほかは{LINE}文字までです / the text has {LONGEST} characters at most"
        );
        // It is put into letters as it stands.
        ensure!(
            !said.contains("{{") && !said.contains("{%"),
            "本文に {{{{ や {{% は使えません / no {{{{ or {{% in the text"
        );
        let content = NewContent { said: said.to_owned(), ..content.clone() };
        self.inner.store.save_content(&content, by.trim(), self.now())?;
        Ok(())
    }

    /// Takes a piece out.
    pub fn retire_content(&self, word: &str) -> Result<()> {
        let done = self.inner.store.retire_content(word, self.now())?;
        ensure!(done, "「{word}」という素材はありません / there is no '{word}' in the library");
        Ok(())
    }

    /// What the lint has to know of it.
    pub(crate) fn quotes(&self) -> Result<Vec<Quote>> {
        let quote = |c: StoredContent| Quote {
            kind: c.content.kind,
            title: if c.content.title.is_empty() { c.content.word } else { c.content.title },
            said: c.content.said,
            holder: c.content.holder,
            permitted_on: c.content.permitted_on,
            until: c.content.until,
            marking: c.content.marking,
            retired: c.retired.is_some(),
        };
        Ok(self.inner.store.contents()?.into_iter().map(quote).collect())
    }

    /// The document with `{{ voice.WORD }}` (and `scene.`, `sns.`) replaced by what the library holds. What it
    /// does not hold stays, and the check says so.
    pub(crate) fn with_contents(&self, campaign: &Campaign) -> Result<Campaign> {
        let mut campaign = campaign.clone();
        let changes =
            campaign.variants.iter_mut().flat_map(|v| &mut v.changes).filter_map(|c| c.body.as_mut());
        let mut bodies: Vec<&mut String> =
            campaign.steps.iter_mut().map(|s| &mut s.words.body).chain(changes).collect();
        if !bodies.iter().any(|body| body.contains("{{")) {
            return Ok(campaign);
        }
        let library: Vec<NewContent> = self
            .inner
            .store
            .contents()?
            .into_iter()
            .filter(|c| c.retired.is_none())
            .map(|c| c.content)
            .collect();
        bodies.iter_mut().for_each(|body| **body = with_pieces(body, &library));
        Ok(campaign)
    }
}

fn with_pieces(text: &str, library: &[NewContent]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((tag, behind)) = after.split_once("}}") else {
            out.push_str("{{");
            rest = after;
            continue;
        };
        let piece = tag.trim().split_once('.').and_then(|(kind, word)| {
            ContentKind::from_word(kind)?;
            library.iter().find(|c| c.word == word)
        });
        match piece {
            Some(piece) => out.push_str(&shown(piece)),
            None => out.push_str(&format!("{{{{{tag}}}}}")),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A piece as it stands in a letter.
fn shown(c: &NewContent) -> String {
    let mark = if c.marking == Marking::Marked { "【広告】" } else { "" };
    match c.kind {
        ContentKind::Scene => format!("{mark}{}", c.said),
        ContentKind::Voice | ContentKind::Sns if c.title.is_empty() => format!("{mark}「{}」", c.said),
        ContentKind::Voice | ContentKind::Sns => format!("{mark}「{}」（{}）", c.said, c.title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_put_in_by_their_word_and_nothing_else_is_touched() {
        let piece = |word: &str, kind, marking| NewContent {
            word: word.to_owned(),
            kind,
            title: "40代 女性".to_owned(),
            said: "毎朝いただいています".to_owned(),
            holder: String::new(),
            permitted_on: None,
            until: None,
            marking,
            link: String::new(),
        };
        let library = [
            piece("asa", ContentKind::Voice, Marking::NotAsked),
            piece("x_1", ContentKind::Sns, Marking::Marked),
        ];
        for (text, expected) in [
            ("{{ voice.asa }}", "「毎朝いただいています」（40代 女性）"),
            ("a {{sns.x_1}} b", "a 【広告】「毎朝いただいています」（40代 女性） b"),
            ("{{ addressee }} {{ voice.none }} {{", "{{ addressee }} {{ voice.none }} {{"),
            ("{{ offer.asa }}", "{{ offer.asa }}"),
        ] {
            assert_eq!(with_pieces(text, &library), expected, "{text}");
        }
    }
}
