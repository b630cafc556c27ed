//! Surveys: a page for one customer by one link, whose answers stand on their profile at once.

mod answering;
mod document;
mod results;

pub use answering::{SURVEY_DAYS, SurveyForm, SurveyPage, SurveyTyped};
pub use document::{
    QuestionKind, RATED, SCALE, STOCK_LEFT, Survey, SurveyChoice, SurveyQuestion, survey_from_toml,
    survey_to_toml,
};
pub use results::{ChoiceSum, SURVEY_VOICES, ScaleSum, SurveyResult, SurveyRow, SurveyVoice};

pub(crate) use answering::survey_url;

use crate::App;
use anyhow::{Context, Result, ensure};
use store::StoredSurvey;

impl App {
    /// Every survey, the newest first; the one that ships is among them from the first look on.
    pub fn surveys(&self) -> Result<Vec<SurveyRow>> {
        self.survey_in_force()?;
        self.inner.store.surveys()?.into_iter().map(row).collect()
    }

    /// Makes a survey; letters lead to it from now on.
    pub fn add_survey(&self, survey: &Survey, by: &str) -> Result<i64> {
        ensure!(!by.trim().is_empty(), "担当者のお名前を入れてください / this needs a name: --by NAME");
        self.survey_in_force()?;
        let body = serde_json::to_string(survey)?;
        Ok(self.inner.store.add_survey(survey.name.trim(), &body, by.trim(), self.now(), true)?)
    }

    /// Letters lead to this survey from now on; links that are out lead where they led.
    pub fn use_survey(&self, id: i64) -> Result<()> {
        Ok(self.inner.store.use_survey(id)?)
    }

    /// The number of a survey, by number or name.
    pub fn find_survey(&self, text: &str) -> Result<i64> {
        let all = self.surveys()?;
        let number = text.parse::<i64>().ok();
        let found = all.iter().find(|s| Some(s.id) == number || s.survey.name == text);
        found.map(|s| s.id).with_context(|| {
            format!(
                "「{text}」というアンケートはありません / there is no survey '{text}' (mezame survey list)"
            )
        })
    }

    /// The number of the survey that letters lead to.
    pub(crate) fn survey_in_force(&self) -> Result<i64> {
        let known = |all: &[StoredSurvey]| all.iter().find(|s| s.in_force).map(|s| s.id);
        if let Some(id) = known(&self.inner.store.surveys()?) {
            return Ok(id);
        }
        let survey = Survey::shipped()?;
        let body = serde_json::to_string(&survey)?;
        match self.inner.store.add_survey(&survey.name, &body, "mezame", self.now(), true) {
            Ok(id) => Ok(id),
            // Another process was quicker.
            Err(why) => known(&self.inner.store.surveys()?).ok_or(why.into()),
        }
    }

    /// A survey by its number.
    pub(crate) fn survey(&self, id: i64) -> Result<Option<Survey>> {
        let found = self.inner.store.surveys()?.into_iter().find(|s| s.id == id);
        found.map(|s| row(s).map(|row| row.survey)).transpose()
    }
}

fn row(stored: StoredSurvey) -> Result<SurveyRow> {
    let survey = serde_json::from_str(&stored.body).context("reading a survey")?;
    let StoredSurvey { id, by, at, in_force, answers, .. } = stored;
    Ok(SurveyRow { id, survey, by, at, in_force, answers })
}
