//! What the shop makes better because of what customers said, and telling exactly those who said it (M044).

use crate::reasons::reason_words;
use crate::{App, Scenario};
use anyhow::{Context, Result, ensure};
use model::{Campaign, Channel, Day};
use store::Improvement;

/// Longest issue and message, characters.
const LONGEST: usize = 2_000;
/// The scenario of such a letter, and its slot.
const SCENARIO: &str = "told_better";
const SLOT: &str = "【見直したことをここに】";

/// One thing to make better, with whom it concerns.
#[derive(Clone, PartialEq, Debug)]
pub struct ImprovementView {
    pub improvement: Improvement,
    pub reason_ja: String,
    pub reason_en: String,
    /// Whom it drove away: as a segment, and how many they are.
    pub condition: String,
    pub affected: u64,
    /// How many of them may be reached by mail; counted once it is done.
    pub reachable: Option<u64>,
}

impl App {
    /// All of them, the newest first.
    pub fn improvements(&self) -> Result<Vec<ImprovementView>> {
        let (list, snapshot) = (self.left_for()?, self.judged()?);
        let view = |improvement: Improvement| {
            let (reason_ja, reason_en) = reason_words(&list, &improvement.reason);
            let condition = affected(&improvement);
            let reachable = match improvement.fixed {
                Some(_) => {
                    let reach = self.reach(&condition)?;
                    let mail = reach.channels.iter().find(|c| c.channel == Channel::Mail);
                    mail.map(|c| c.reachable)
                }
                None => None,
            };
            let affected = snapshot.select(&condition)?.len() as u64;
            Ok(ImprovementView { improvement, reason_ja, reason_en, condition, affected, reachable })
        };
        self.inner.store.improvements()?.into_iter().map(view).collect()
    }

    /// Writes down what is to be made better; its number.
    pub fn add_improvement(&self, issue: &str, reason: &str, message: &str, by: &str) -> Result<i64> {
        ensure!(!by.trim().is_empty(), "担当者のお名前を入れてください / this needs a name: --by NAME");
        ensure!(!issue.trim().is_empty(), "改善することを入れてください / say what is to be made better");
        let long = |text: &str| text.chars().count() > LONGEST;
        ensure!(!long(issue) && !long(message), "{LONGEST}文字までです / at most {LONGEST} characters");
        self.known_reason(reason)?;
        Ok(self.inner.store.add_improvement(issue.trim(), reason, message.trim(), by.trim(), self.now())?)
    }

    /// It is done since a day (`None`: today): from now on those whom it drove away are proposed.
    pub fn fix_improvement(&self, id: i64, on: Option<Day>, by: &str) -> Result<()> {
        ensure!(!by.trim().is_empty(), "担当者のお名前を入れてください / this needs a name: --by NAME");
        let today = self.today()?;
        let on = on.unwrap_or(today);
        ensure!(on <= today, "これからの日付です / that day is still to come");
        Ok(self.inner.store.fix_improvement(id, on, by.trim())?)
    }

    /// Makes the draft of the letter that tells exactly those whom it drove away; its number.
    pub fn improvement_campaign(&self, id: i64, start: Day, owner: &str) -> Result<i64> {
        let found = self.inner.store.improvements()?.into_iter().find(|i| i.id == id);
        let improvement = found.with_context(|| format!("there is no improvement {id}"))?;
        ensure!(
            improvement.fixed.is_some(),
            "先に「直した」と登録してください / mark it as done first: nobody is told of what is not"
        );
        ensure!(
            improvement.campaign.is_none(),
            "お知らせの下書きはもうあります / there is a campaign that tells it already"
        );
        let scenario = crate::SCENARIOS.iter().find(|s: &&Scenario| s.id == SCENARIO);
        let mut campaign: Campaign = scenario.context("the scenario of improvements")?.starting(start)?;
        campaign.name =
            format!("見直しのお知らせ {id}: {}", improvement.issue.chars().take(40).collect::<String>());
        campaign.owner = owner.trim().to_owned();
        campaign.whom.condition = affected(&improvement);
        campaign.whom.left_for = vec![improvement.reason.clone()];
        if !improvement.message.is_empty() {
            for step in &mut campaign.steps {
                step.words.body = step.words.body.replace(SLOT, &improvement.message);
            }
        }
        let made = self.add_campaign(&campaign, owner.trim())?;
        self.inner.store.tell_improvement(id, made)?;
        Ok(made)
    }
}

/// Whom an issue drove away: they said so, or it was inferred, before it was mended.
fn affected(improvement: &Improvement) -> String {
    let reason = format!("left_for = '{}'", improvement.reason);
    match &improvement.fixed {
        Some((on, _)) => format!("{reason} and left_for_on <= '{on}'"),
        None => reason,
    }
}
