//! A campaign as the document that people write and read: TOML.

use anyhow::{Result, anyhow};
use model::Campaign;
use std::ops::Range;

/// A campaign as TOML, as `campaign_from_toml` reads it; letters stand in lines as written.
///
/// # Errors
/// Where TOML has no way to say a value; no campaign is known to hold one.
pub fn campaign_to_toml(campaign: &Campaign) -> Result<String> {
    Ok(toml::to_string_pretty(campaign)?)
}

/// A campaign written as TOML.
///
/// # Errors
/// What is wrong, in one sentence: the file, the line and column (characters, from 1), and which
/// words would do.
pub fn campaign_from_toml(text: &str, file: &str) -> Result<Campaign> {
    // Letters written on Windows are the same letters.
    let text = text.replace("\r\n", "\n");
    toml::from_str(&text).map_err(|e| {
        let span = e.span().unwrap_or_default();
        anyhow!("{file}, {}: {}", place(&text, span.start), plain(e.message(), &text, span))
    })
}

fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("line {line}, column {column}")
}

/// What the reader of TOML says, in the words of people who write letters rather than programs.
fn plain(message: &str, text: &str, span: Range<usize>) -> String {
    const SAID: [(&str, &str); 14] = [
        ("unknown field", "there is no field"),
        ("unknown variant", "there is no word"),
        (
            "string values must be quoted, expected literal string",
            "a value is missing, or a text is not in quotation marks",
        ),
        ("invalid type: map, expected a string", "a day or an hour is written in quotation marks"),
        ("invalid type: ", "this does not fit: "),
        ("invalid value: ", "this does not fit: "),
        ("expected a sequence", "expected a list in square brackets"),
        ("expected a string", "expected a text in quotation marks"),
        ("expected f64", "expected a number"),
        ("expected u64", "expected a whole number, 0 or more"),
        ("expected u32", "expected a whole number, 0 or more"),
        ("expected i32", "expected a whole number"),
        ("expected struct ", "expected a table of fields, for "),
        (
            "invalid key-value pair, expected key",
            "this line is no 'name = value'; or a text above it is not closed",
        ),
    ];
    let said = SAID.iter().fold(message.replace('\n', ", "), |s, (from, to)| s.replace(from, to));
    match message {
        "duplicate key" => format!("`{}` stands here a second time", text.get(span).unwrap_or_default()),
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios::{SCENARIOS, scenario};
    use model::{Day, Step, Words};
    use std::collections::BTreeSet;

    #[test]
    fn a_campaign_survives_its_own_toml() {
        for s in SCENARIOS {
            let campaign = s.starting(Day(20_787)).expect("a campaign");
            let text = campaign_to_toml(&campaign).expect("toml");
            assert_eq!(campaign_from_toml(&text, s.id).expect("read again"), campaign, "{}", s.id);
            // Letters stay readable: a line of the letter is a line of the document.
            let lines: BTreeSet<&str> = text.lines().collect();
            let by_mail = campaign.steps.iter().find(|s| s.channel == Some(model::Channel::Mail));
            let body = &by_mail.or(campaign.steps.first()).expect("a letter").words.body;
            assert!(body.lines().all(|line| lines.contains(line)), "{}", s.id);
            assert_eq!(
                campaign_from_toml(&s.toml.replace('\n', "\r\n"), s.id).ok(),
                scenario(s.id),
                "{}",
                s.id
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn odd_words_survive_too(
            odd in "[\\x00-\\x20\"'\\\\\\x7f\u{85}\u{2028}\u{feff}あ【】🎉]{0,24}|.{0,24}",
            quotes in "[\"'\n\r\\\\ ]{0,8}",
            top: u64,
        ) {
            let words = Words { subject: quotes.clone(), body: odd.clone(), ..Words::default() };
            let mut campaign = Campaign { name: odd, steps: vec![Step { words, ..Step::default() }], ..Campaign::default() };
            campaign.goal.hypothesis = quotes;
            campaign.whom.top = Some(top);
            let text = campaign_to_toml(&campaign).expect("toml");
            proptest::prop_assert_eq!(campaign_from_toml(&text, "odd").expect("read again"), campaign);
        }
    }

    #[test]
    fn mistakes_are_told_in_one_sentence() {
        let whole = SCENARIOS[0].toml;
        for (right, wrong, said) in [
            (
                "holdout = 0.1",
                "holdout = \"x\"",
                "line 5, column 11: this does not fit: string \"x\", expected a number",
            ),
            (
                "holdout = 0.1",
                "start = 2026-11-30",
                "line 5, column 9: a day or an hour is written in quotation marks",
            ),
            (
                "holdout = 0.1",
                "start = \"2026-02-30\"",
                "line 5, column 9: '2026-02-30' is not a day that exists",
            ),
            ("holdout = 0.1", "holdout = ", "line 5, column 11: a value is missing"),
            ("holdout = 0.1", "scenario = \"x\"", "line 5, column 1: `scenario` stands here a second time"),
            (
                "window = 90",
                "window = 1.5",
                "line 6, column 10: this does not fit: floating point `1.5`, expected a whole",
            ),
            ("window = 90", "late_hours = -1", "integer `-1`, expected a whole number, 0 or more"),
            ("holdout = 0.1", "tracking = 3", "expected a table of fields, for Tracking"),
            (
                "\"thanks\"",
                "\"thank\"",
                "line 25, column 8: there is no word `thank`, expected one of `thanks`, `reason`",
            ),
            ("\"mail\"", "\"fax\"", "there is no word `fax`, expected one of `mail`, `sms`"),
            ("[\"ordered\"]", "\"ordered\"", "expected a list in square brackets"),
            (
                "[\"ordered\"]",
                "[ \"bought\"]",
                "line 29, column 12: there is no word `bought`, expected one of `ordered`",
            ),
            ("\"10:00\"", "\"25:00\"", "'25:00' is no time of day: write it as 10:00"),
            ("body = \"\"\"", "body = \"", "line 35, column 1: this line is no 'name = value'"),
            (
                "subject =",
                "title =",
                "there is no field `title`, expected one of `subject`, `preheader`, `body`",
            ),
            ("[[steps]]\nname = \"お", "[steps]\nname = \"お", "`steps` stands here a second time"),
        ] {
            let text = whole.replacen(right, wrong, 1);
            let error = campaign_from_toml(&text, "mine.toml").expect_err(wrong).to_string();
            assert!(error.starts_with("mine.toml, line ") && error.contains(said), "{wrong}: {error}");
            assert!(!error.contains('\n'), "{wrong}: {error}");
        }
    }
}
