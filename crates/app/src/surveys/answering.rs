//! The page of a survey, by one touch's link, for a while, once.

use super::document::{QuestionKind, STOCK_LEFT, Survey, SurveyQuestion};
use crate::{App, Asker, LeftFor};
use anyhow::Result;
use model::{InquiryWay, Leaving, ReasonSource, Response, ResponseKind, Severity, Statement};
use response::{Keys, Token};
use std::collections::BTreeMap;
use store::{NewStatement, NewWords, StoredTouch, SurveyAnswer};

/// Days for which a link works, the day it was made not counted.
pub const SURVEY_DAYS: i64 = 60;
/// The longest comment, in characters.
const LONGEST: usize = 2_000;
/// How sure a customer's own choice is.
const SURE: f64 = 0.95;

/// What the page of a token has to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SurveyPage {
    /// No token of ours, or its customer or survey is gone.
    Unknown,
    Expired,
    /// Answered: once is all. The survey's own thanks: Japanese, English.
    Done(String, String),
    Form(Box<SurveyForm>),
}

/// The questions, with what was typed and what is wrong with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SurveyForm {
    pub survey: Survey,
    /// What may be chosen for the question of kind `reason`.
    pub reasons: Vec<LeftFor>,
    pub typed: SurveyTyped,
    /// Questions that need another answer.
    pub faults: Vec<String>,
}

/// Answers by question.
pub type SurveyTyped = BTreeMap<String, String>;

/// The link to the survey in force, for the words of a message on its way out.
pub(crate) fn survey_url(
    keys: &Keys,
    public_url: &str,
    (touch, survey): (i64, i64),
    now: i64,
    short: bool,
) -> String {
    let until = u32::try_from(now.div_euclid(86_400) + SURVEY_DAYS).unwrap_or(0);
    let token = Token::Survey { touch, survey: u32::try_from(survey).unwrap_or(0), until };
    let token = if short { keys.sign_short(token) } else { keys.sign(token) };
    format!("{}/s/{token}", public_url.trim_end_matches('/'))
}

/// What one token leads to.
struct Opened {
    id: i64,
    survey: Survey,
    touch: StoredTouch,
}

impl App {
    /// The link of a touch to the survey in force; `None` without a public address of the door.
    pub fn survey_link(&self, touch: i64) -> Result<Option<String>> {
        let public_url = self.settings()?.profile.public_url;
        if public_url.is_empty() {
            return Ok(None);
        }
        let survey = self.survey_in_force()?;
        Ok(Some(survey_url(&self.keys()?, &public_url, (touch, survey), self.now(), false)))
    }

    /// The touch of one of our tokens, whether or not it still works; asks no database.
    pub fn knows_survey(&self, token: &str) -> Option<i64> {
        match self.keys().ok()?.read(token)? {
            Token::Survey { touch, .. } => Some(touch),
            _ => None,
        }
    }

    /// What the page shows. Changes nothing.
    pub fn survey_page(&self, token: &str, now: i64) -> Result<SurveyPage> {
        match self.open_survey(token, now)? {
            Ok(opened) => self.survey_form(opened.survey, SurveyTyped::new(), vec![]),
            Err(other) => Ok(other),
        }
    }

    /// What was answered: taken over at once, or the form again with what is wrong.
    pub fn survey_answer(&self, token: &str, typed: &SurveyTyped, asker: &Asker) -> Result<SurveyPage> {
        let now = asker.at / 1_000;
        let opened = match self.open_survey(token, now)? {
            Ok(opened) => opened,
            Err(other) => return Ok(other),
        };
        let list = self.left_for()?;
        let (answers, faults) = read(&opened.survey, &list, typed);
        if !faults.is_empty() {
            return self.survey_form(opened.survey, typed.clone(), faults);
        }
        self.keep_answer(&opened, &answers, &list, asker)?;
        let Survey { thanks_ja, thanks_en, .. } = opened.survey;
        Ok(SurveyPage::Done(thanks_ja, thanks_en))
    }

    fn survey_form(&self, survey: Survey, typed: SurveyTyped, faults: Vec<String>) -> Result<SurveyPage> {
        let mut reasons = self.left_for()?;
        reasons.retain(|r| !r.hidden);
        Ok(SurveyPage::Form(Box::new(SurveyForm { survey, reasons, typed, faults })))
    }

    /// What a token leads to; or why it leads nowhere now.
    fn open_survey(&self, token: &str, now: i64) -> Result<Result<Opened, SurveyPage>> {
        let Some(Token::Survey { touch, survey, until }) = self.keys()?.read(token) else {
            return Ok(Err(SurveyPage::Unknown));
        };
        if now.div_euclid(86_400) > i64::from(until) {
            return Ok(Err(SurveyPage::Expired));
        }
        let id = i64::from(survey);
        let (Ok(touch), Some(survey)) = (self.inner.store.touch(touch), self.survey(id)?) else {
            return Ok(Err(SurveyPage::Unknown));
        };
        if self.inner.store.is_answered(id, touch.touch.id)? {
            return Ok(Err(SurveyPage::Done(survey.thanks_ja, survey.thanks_en)));
        }
        Ok(Ok(Opened { id, survey, touch }))
    }

    fn keep_answer(
        &self,
        opened: &Opened,
        answers: &SurveyTyped,
        list: &[LeftFor],
        asker: &Asker,
    ) -> Result<()> {
        let (touch, now) = (opened.touch.touch.id, asker.at / 1_000);
        let customer = opened.touch.touch.customer;
        let day = self.settings()?.day_of(now);
        let of = |kind| opened.survey.of_kind(kind).and_then(|q| answers.get(&q.id)).cloned();
        let comment = comments(&opened.survey, answers);
        let sorted = crate::inbox::sorted(&comment)?;
        if sorted != (Severity::None, Leaving::No) {
            // Told twice it is one: nothing is lost where what follows fails and is tried again.
            self.flag(opened, &comment, sorted, (now, day))?;
        }
        let reason = of(QuestionKind::Reason).unwrap_or_default();
        let statement = (!reason.is_empty()).then(|| NewStatement {
            customer,
            statement: Statement {
                id: None,
                reason: reason.clone(),
                source: ReasonSource::Survey,
                confidence: SURE,
                day,
                words: comment.clone(),
                by: String::new(),
                at: now,
            },
            proof: Some(format!("survey:{}:{touch}", opened.id)),
        });
        let grade = |kind| of(kind).and_then(|text| text.parse::<u8>().ok());
        let left = of(QuestionKind::Stock).and_then(|w| STOCK_LEFT.iter().find(|s| s.0 == w).map(|s| s.1));
        let answer = SurveyAnswer {
            survey: opened.id,
            touch,
            customer,
            day,
            at: now,
            body: serde_json::to_string(answers)?,
            reason: reason.clone(),
            expected: grade(QuestionKind::Expected),
            evaluated: grade(QuestionKind::Evaluated),
            stock_days: left,
            may_contact: of(QuestionKind::Contact).as_deref() == Some("yes"),
            grave: sorted.0 != Severity::None,
        };
        let known = list.iter().any(|r| r.id == reason);
        let said = format!("survey: {}", if known { reason.as_str() } else { "-" });
        let response = Response { said, ..self.response(touch, ResponseKind::Preference, None, asker) };
        if self.inner.store.take_answer(&answer, statement.as_ref(), &response)? {
            self.proven(&response)?;
        }
        Ok(())
    }

    /// Words that read like a complaint, or name leaving, wait for a person, and nothing goes out by itself meanwhile.
    fn flag(
        &self,
        opened: &Opened,
        said: &str,
        (severity, leaving): (Severity, Leaving),
        (at, day): (i64, model::Day),
    ) -> Result<()> {
        let touch = opened.touch.touch.id;
        let words = NewWords {
            record: Some(opened.touch.touch.customer),
            way: InquiryWay::Form,
            touch: Some(touch),
            at,
            day,
            subject: opened.survey.name.clone(),
            said: said.to_owned(),
            contact: String::new(),
            proof: Some(format!("survey:{}:{touch}", opened.id)),
            severity,
            leaving,
            settled: false,
            owner: String::new(),
            due: Some(at + 4 * 3_600),
        };
        self.inner.store.hear_words(&words)?;
        Ok(())
    }
}

/// Answers as they may be kept, and the questions that need another one.
fn read(survey: &Survey, list: &[LeftFor], typed: &SurveyTyped) -> (SurveyTyped, Vec<String>) {
    let (mut answers, mut faults) = (SurveyTyped::new(), Vec::new());
    for question in &survey.questions {
        let said: String =
            typed.get(&question.id).map_or("", |text| text.trim()).chars().take(LONGEST).collect();
        match said.is_empty() {
            true if question.required => faults.push(question.id.clone()),
            true => {}
            false if offered(question, list, &said) => drop(answers.insert(question.id.clone(), said)),
            false => faults.push(question.id.clone()),
        }
    }
    (answers, faults)
}

/// Whether an answer is one of those that the page offers.
fn offered(question: &SurveyQuestion, list: &[LeftFor], said: &str) -> bool {
    match question.kind {
        QuestionKind::Reason => list.iter().any(|r| !r.hidden && r.id == said),
        QuestionKind::Expected | QuestionKind::Evaluated => matches!(said, "1" | "2" | "3" | "4" | "5"),
        QuestionKind::Stock => STOCK_LEFT.iter().any(|s| s.0 == said),
        QuestionKind::Choice => question.choices.iter().any(|c| c.id == said),
        QuestionKind::Comment => true,
        QuestionKind::Contact => matches!(said, "yes" | "no"),
    }
}

/// What they said in their own words.
fn comments(survey: &Survey, answers: &SurveyTyped) -> String {
    let own = survey.questions.iter().filter(|q| q.kind == QuestionKind::Comment);
    own.filter_map(|q| answers.get(&q.id).cloned()).collect::<Vec<_>>().join("\n")
}
