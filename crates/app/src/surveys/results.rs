//! What a survey brought: how often each answer, how far expectation and experience lie apart, and the words.

use super::document::{QuestionKind, Survey};
use crate::App;
use crate::reasons::reason_words;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use store::{SurveyAnswer, SurveySum};

/// Answers shown at a time.
pub const SURVEY_VOICES: usize = 50;

/// A survey as lists show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SurveyRow {
    pub id: i64,
    pub survey: Survey,
    pub by: String,
    /// Unix seconds.
    pub at: i64,
    /// Letters lead to it.
    pub in_force: bool,
    pub answers: u64,
}

/// How often one reason was chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChoiceSum {
    pub id: String,
    pub ja: String,
    pub en: String,
    pub answers: u64,
}

/// How the pair of expectation and experience was answered.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct ScaleSum {
    /// Who answered both.
    pub answers: u64,
    pub expected: f64,
    pub evaluated: f64,
    /// Of whom less came than was expected.
    pub below: u64,
}

/// One customer's answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SurveyVoice {
    pub person: i64,
    pub name: String,
    /// Unix seconds.
    pub at: i64,
    pub reason_ja: String,
    pub reason_en: String,
    /// What was expected less what came.
    pub gap: Option<i32>,
    pub comment: String,
    pub may_contact: bool,
    /// Waits for a person: it reads like a complaint.
    pub grave: bool,
}

/// What a survey brought.
#[derive(Clone, PartialEq, Debug)]
pub struct SurveyResult {
    pub row: SurveyRow,
    /// The most first.
    pub reasons: Vec<ChoiceSum>,
    pub scale: ScaleSum,
    pub may_contact: u64,
    pub grave: u64,
    /// A page of the newest.
    pub voices: Vec<SurveyVoice>,
}

impl App {
    /// What a survey brought; `page` counts from 0.
    pub fn survey_result(&self, id: i64, page: usize) -> Result<SurveyResult> {
        let row = self.surveys()?.into_iter().find(|s| s.id == id);
        let row = row.with_context(|| format!("there is no survey {id}"))?;
        let list = self.left_for()?;
        let mut chosen: BTreeMap<String, u64> = BTreeMap::new();
        let (mut scale, mut may_contact, mut grave) = (ScaleSum::default(), 0, 0);
        for sum in self.inner.store.survey_sums(id)? {
            may_contact += sum.answers * u64::from(sum.may_contact);
            grave += sum.answers * u64::from(sum.grave);
            scale.add(&sum);
            if !sum.reason.is_empty() {
                *chosen.entry(sum.reason).or_default() += sum.answers;
            }
        }
        let sum = |(id, answers): (String, u64)| {
            let (ja, en) = reason_words(&list, &id);
            ChoiceSum { id, ja, en, answers }
        };
        let mut reasons: Vec<ChoiceSum> = chosen.into_iter().map(sum).collect();
        reasons.sort_by_key(|r| std::cmp::Reverse(r.answers));
        let answers =
            self.inner.store.survey_answers(id, page.saturating_mul(SURVEY_VOICES), SURVEY_VOICES)?;
        let names = self.named(answers.iter().map(|a| a.customer))?;
        let voice = |a: SurveyAnswer| {
            let (person, name) = names.get(&a.customer).cloned().unwrap_or((a.customer, String::new()));
            let (reason_ja, reason_en) = reason_words(&list, &a.reason);
            SurveyVoice {
                person,
                name,
                at: a.at,
                reason_ja,
                reason_en,
                gap: a.expected.zip(a.evaluated).map(|(e, v)| i32::from(e) - i32::from(v)),
                comment: comment(&row.survey, &a.body),
                may_contact: a.may_contact,
                grave: a.grave,
            }
        };
        let voices = answers.into_iter().map(voice).collect();
        Ok(SurveyResult { reasons, scale: scale.meant(), may_contact, grave, voices, row })
    }
}

impl ScaleSum {
    fn add(&mut self, sum: &SurveySum) {
        let (Some((expected, evaluated)), n) = (sum.expected.zip(sum.evaluated), sum.answers) else { return };
        self.answers += n;
        self.expected += f64::from(expected) * n as f64;
        self.evaluated += f64::from(evaluated) * n as f64;
        self.below += n * u64::from(evaluated < expected);
    }

    /// Sums as means.
    fn meant(self) -> ScaleSum {
        let n = self.answers.max(1) as f64;
        ScaleSum { expected: self.expected / n, evaluated: self.evaluated / n, ..self }
    }
}

fn comment(survey: &Survey, body: &str) -> String {
    let answers: BTreeMap<String, String> = serde_json::from_str(body).unwrap_or_default();
    let own = survey.questions.iter().filter(|q| q.kind == QuestionKind::Comment);
    own.filter_map(|q| answers.get(&q.id).cloned()).collect::<Vec<_>>().join("\n")
}
