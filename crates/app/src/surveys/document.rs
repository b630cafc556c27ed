//! A survey as a document: its questions are data, so that a shop makes its own.

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The survey that ships.
const SHIPPED: &str = include_str!("../../data/survey.toml");
/// Questions and choices at most, and letters of each.
const MOST: usize = 30;
const LONGEST: usize = 500;

/// A survey as a shop writes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// For operators; unique in the shop.
    pub name: String,
    /// Its heading for customers.
    pub ja: String,
    pub en: String,
    pub intro_ja: String,
    pub intro_en: String,
    pub thanks_ja: String,
    pub thanks_en: String,
    pub questions: Vec<SurveyQuestion>,
}

/// One question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyQuestion {
    /// Answers are kept under it: small letters, digits and `_`.
    pub id: String,
    pub kind: QuestionKind,
    pub ja: String,
    pub en: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Of a question of kind `choice`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<SurveyChoice>,
}

/// One answer that may be chosen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyChoice {
    pub id: String,
    pub ja: String,
    pub en: String,
}

/// What a question is about, and so what follows from its answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// The shop's list of reasons: the answer is why they went quiet.
    Reason,
    /// What was expected, 1 to 5, and how it was; their difference is kept (M041).
    Expected,
    Evaluated,
    /// For how long goods are left (M038).
    Stock,
    /// One of the question's own choices.
    Choice,
    /// In the customer's own words.
    Comment,
    /// Whether somebody may come back to them about it.
    Contact,
}

/// How much is left: the choice's word, days, Japanese, English.
pub const STOCK_LEFT: [(&str, i32, &str, &str); 5] = [
    ("none", 0, "使い切った", "nothing is left"),
    ("month", 30, "1か月分くらい", "about a month"),
    ("two_months", 60, "2か月分くらい", "about two months"),
    ("three_months", 90, "3か月分くらい", "about three months"),
    ("more", 150, "それ以上", "more than that"),
];

/// How much was expected, from 1 to 5: Japanese, English.
pub const SCALE: [(&str, &str); 5] = [
    ("ほとんどしていなかった", "hardly anything"),
    ("あまりしていなかった", "a little"),
    ("ふつう", "a fair amount"),
    ("期待していた", "much"),
    ("とても期待していた", "very much"),
];
/// How it was, from 1 to 5.
pub const RATED: [(&str, &str); 5] = [
    ("とても不満", "very poor"),
    ("やや不満", "poor"),
    ("ふつう", "fair"),
    ("やや満足", "good"),
    ("とても満足", "very good"),
];

impl Survey {
    /// The survey that ships.
    ///
    /// # Errors
    /// Where it cannot be read, which the suite rules out.
    pub fn shipped() -> Result<Survey> {
        survey_from_toml(SHIPPED, "survey.toml")
    }

    /// The first question of a kind.
    pub fn of_kind(&self, kind: QuestionKind) -> Option<&SurveyQuestion> {
        self.questions.iter().find(|q| q.kind == kind)
    }

    fn check(&self) -> Result<()> {
        ensure!(
            !self.name.trim().is_empty(),
            "アンケートの名前(name)を入れてください / a survey needs a name"
        );
        ensure!(
            (1..=MOST).contains(&self.questions.len()),
            "質問は1〜{MOST}問にしてください / a survey has 1 to {MOST} questions"
        );
        let mut seen = BTreeSet::new();
        for q in &self.questions {
            let plain = |id: &str| {
                (1..=40).contains(&id.len())
                    && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            };
            ensure!(
                plain(&q.id) && seen.insert(q.id.as_str()) && q.choices.iter().all(|c| plain(&c.id)),
                "質問と選択肢のidは英小文字・数字・_で、重ならないようにしてください: {} / an id is small letters, digits and _, and its own",
                q.id
            );
            let words = q.choices.iter().flat_map(|c| [&c.ja, &c.en]).chain([&q.ja, &q.en]);
            ensure!(
                words.clone().all(|w| !w.trim().is_empty() && w.chars().count() <= LONGEST),
                "質問と選択肢には日本語と英語の文を入れてください({LONGEST}文字まで): {} / questions and choices need words in both languages",
                q.id
            );
            ensure!(
                (q.kind == QuestionKind::Choice) != q.choices.is_empty() && q.choices.len() <= MOST,
                "選択肢(choices)は kind = \"choice\" の質問にだけ、{MOST}個まで入れてください: {} / choices belong to questions of kind choice",
                q.id
            );
            let once = self.questions.iter().filter(|other| other.kind == q.kind).count() == 1;
            ensure!(
                once || matches!(q.kind, QuestionKind::Choice | QuestionKind::Comment),
                "この種類の質問は一つだけにしてください: {} / only one question of this kind",
                q.id
            );
        }
        let pair = |kind| self.of_kind(kind).is_some();
        ensure!(
            pair(QuestionKind::Expected) == pair(QuestionKind::Evaluated),
            "expected と evaluated は二つで一組です / expected and evaluated come as a pair"
        );
        Ok(())
    }
}

/// A survey written as TOML.
///
/// # Errors
/// What is wrong, with the file's name and, where it cannot be read, the place.
pub fn survey_from_toml(text: &str, file: &str) -> Result<Survey> {
    let survey: Survey =
        toml::from_str(&text.replace("\r\n", "\n")).with_context(|| format!("reading {file}"))?;
    survey.check().with_context(|| format!("in {file}"))?;
    Ok(survey)
}

/// A survey as TOML, as `survey_from_toml` reads it.
///
/// # Errors
/// Where TOML has no way to say a value; no survey is known to hold one.
pub fn survey_to_toml(survey: &Survey) -> Result<String> {
    Ok(toml::to_string_pretty(survey)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M041, M042: what ships asks for the reason, the pair, a comment and whether to come back.
    #[test]
    fn the_shipped_survey_asks_what_is_needed() {
        let survey = Survey::shipped().expect("a survey");
        for kind in [
            QuestionKind::Reason,
            QuestionKind::Expected,
            QuestionKind::Evaluated,
            QuestionKind::Stock,
            QuestionKind::Comment,
            QuestionKind::Contact,
        ] {
            assert!(survey.of_kind(kind).is_some(), "{kind:?}");
        }
        let text = survey_to_toml(&survey).expect("toml");
        assert_eq!(survey_from_toml(&text, "x").expect("read again"), survey);
    }

    #[test]
    fn what_cannot_be_asked_is_refused() {
        let whole = SHIPPED;
        for (right, wrong, said) in [
            ("id = \"comment\"", "id = \"reason\"", "重ならない"),
            ("kind = \"evaluated\"", "kind = \"comment\"", "二つで一組"),
            ("kind = \"stock\"", "kind = \"reason\"", "一つだけ"),
            ("kind = \"contact\"", "kind = \"choice\"", "choices"),
            ("kind = \"contact\"", "kind = \"phone\"", "mine.toml"),
            ("name = \"休眠理由アンケート\"", "name = \" \"", "名前"),
            ("id = \"stock\"", "id = \"Stock \"", "英小文字"),
        ] {
            let text = whole.replacen(right, wrong, 1);
            let error = format!("{:#}", survey_from_toml(&text, "mine.toml").expect_err(wrong));
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
