//! What orders and reviews say of why somebody stayed away (M036, M042).

use crate::App;
use anyhow::Result;
use model::{CampaignState, ReasonSource, Statement, StepKind};
use store::{NewReview, NewStatement, Return};

/// Days after a reminder within which an order counts as its answer.
const ANSWERS: i64 = 14;
/// Reminders looked at again, days: later orders are no answer, and imports are rarely this late.
const LOOKS_BACK: i64 = 60;
/// How sure it is: some would have come by themselves.
const SURE: f64 = 0.5;
/// Steps that only say hello: whoever returns on one needed no reason and no offer.
const PLAIN: [StepKind; 3] = [StepKind::Thanks, StepKind::Letter, StepKind::News];

impl App {
    /// Notes who came back on a plain reminder of a campaign that offers nothing, having been silent for longer
    /// than their own line of dormancy. Twice told is told once. Returns how many were new.
    pub(crate) fn notice_returns(&self) -> Result<u64> {
        let (settings, now) = (self.settings()?, self.now());
        let runs = |state| {
            matches!(state, CampaignState::Approved | CampaignState::Paused | CampaignState::Finished)
        };
        let mut found = Vec::new();
        for stored in self.inner.store.campaigns()? {
            if stored.campaign.offer.is_some() || !runs(stored.state) {
                continue;
            }
            let plain = |(n, step): (u16, &model::Step)| PLAIN.contains(&step.kind).then_some(n);
            let steps: Vec<u16> = (0..).zip(&stored.campaign.steps).filter_map(plain).collect();
            let within = (now - LOOKS_BACK * 86_400, ANSWERS);
            let returns = self.inner.store.returns_after(stored.id, &steps, within, &settings.counting())?;
            found.extend(returns.into_iter().map(|one| (one, stored.campaign.name.clone())));
        }
        if found.is_empty() {
            return Ok(0);
        }
        let snapshot = self.judged()?;
        let statement = |(one, campaign): (Return, String)| {
            let row = snapshot.row(one.person)?;
            let touched = settings.day_of(one.touched);
            let silent = touched.since(one.before?);
            (silent >= row.judgement.dormant_line).then(|| NewStatement {
                customer: one.person,
                statement: Statement {
                    id: None,
                    reason: super::list::FORGOT.to_owned(),
                    source: ReasonSource::Behaviour,
                    confidence: SURE,
                    day: one.ordered,
                    words: format!(
                        "{silent}日ぶりに、特典のないお便り「{campaign}」の{}日後にご注文",
                        one.ordered.since(touched)
                    ),
                    by: String::new(),
                    at: now,
                },
                proof: Some(format!("return:{}", one.order)),
            })
        };
        let new: Vec<NewStatement> = found.into_iter().filter_map(statement).collect();
        Ok(self.inner.store.add_statements(&new)?)
    }
}

/// Reviews looked at in one go.
const CHUNK: usize = 1_000;
/// Stars up to which a review complains, and up to which it complains of the goods where its words name nothing.
const POOR: u8 = 3;
const BAD: u8 = 2;
/// How sure words are, and stars alone.
const WORDS_SURE: f64 = 0.6;
const STARS_SURE: f64 = 0.4;

impl App {
    /// Looks at reviews that came in: those with few stars say why, by their words (M042). Returns how many did.
    pub(crate) fn read_reviews(&self) -> Result<u64> {
        let now = self.now();
        let mut added = 0;
        loop {
            let reviews = self.inner.store.new_reviews(CHUNK)?;
            if reviews.is_empty() {
                return Ok(added);
            }
            let said = |review: &NewReview| {
                let (reason, confidence) = said_by(review.stars, &review.words)?;
                Some(NewStatement {
                    customer: review.record,
                    statement: Statement {
                        id: None,
                        reason: reason.to_owned(),
                        source: ReasonSource::Review,
                        confidence,
                        day: review.day,
                        words: review.words.chars().take(2_000).collect(),
                        by: String::new(),
                        at: now,
                    },
                    proof: Some(format!(
                        "review:{}:{}:{:x}",
                        review.record,
                        review.day.0,
                        print(&review.words)
                    )),
                })
            };
            let new: Vec<NewStatement> = reviews.iter().filter_map(said).collect();
            added += self.inner.store.take_reviews(&reviews, &new)?;
        }
    }
}

/// The reason that a review gives, and how sure it is; none where it is content or says nothing.
fn said_by(stars: Option<u8>, words: &str) -> Option<(&'static str, f64)> {
    if stars.is_some_and(|stars| stars > POOR) {
        return None;
    }
    let said = words.to_lowercase();
    let named =
        super::list::review_words().iter().find(|(_, signs)| signs.iter().any(|sign| said.contains(sign)));
    match named {
        Some((reason, _)) => Some((reason.as_str(), WORDS_SURE)),
        None => stars.filter(|stars| *stars <= BAD).map(|_| ("disliked", STARS_SURE)),
    }
}

/// FNV-1a, stable over releases: the same words are the same review.
fn print(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M042: what a review says of a reason; good ones say nothing.
    #[test]
    fn few_stars_and_their_words_give_a_reason() {
        for (stars, words, expected) in [
            (Some(5), "値段は高いけれど満足です", None),
            (Some(2), "値段が高いです", Some(("price", 0.6))),
            (Some(3), "送料がかかりすぎます", Some(("delivery", 0.6))),
            (Some(1), "合いませんでした", Some(("disliked", 0.4))),
            (Some(3), "ふつうです", None),
            (None, "思ったより小さい", Some(("expectation_gap", 0.6))),
            (None, "ふつうです", None),
            (Some(1), "Too many mails", Some(("too_many_messages", 0.6))),
        ] {
            assert_eq!(said_by(stars, words), expected, "{stars:?} {words}");
        }
    }
}
