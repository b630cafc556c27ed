//! What a caller says of a call: worked out, and written down in one breath.

use super::effects::{Told, effects};
use super::named;
use crate::reasons::reason_words;
use crate::sending::Journal;
use crate::{App, Settings};
use anyhow::{Context, Result, anyhow, ensure};
use jiff::civil::DateTime;
use model::{CallResult, Money};
use store::{Ended, NewCall, NewTask};

/// For so many minutes a caller may take their last result back.
pub const UNDO_MINUTES: i64 = 15;
/// Nobody talks for longer: beyond it the claim was forgotten.
const LONGEST: i64 = 30;
const LONGEST_TEXT: usize = 2_000;

/// What a caller says of a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallSaid {
    pub touch: i64,
    pub result: CallResult,
    pub note: String,
    /// The heading of the script's part it went by; empty where none was marked.
    pub branch: String,
    /// A reason of the shop's list (`App::left_for`); empty where nothing was said.
    pub left_for: String,
    /// `None`: as long as the caller had it in hand.
    pub minutes: Option<u32>,
    /// When to call back, or when the next action is due, Unix seconds.
    pub at: Option<i64>,
    /// The next action in the caller's words.
    pub next: String,
    /// Who does it; empty: the caller.
    pub owner: String,
}

impl CallSaid {
    /// A result and nothing else.
    pub fn of(touch: i64, result: CallResult) -> CallSaid {
        let none = String::new;
        CallSaid {
            touch,
            result,
            note: none(),
            branch: none(),
            left_for: none(),
            minutes: None,
            at: None,
            next: none(),
            owner: none(),
        }
    }
}

/// What became of it.
#[derive(Clone, PartialEq, Debug)]
pub struct CallDone {
    pub touch: i64,
    pub person: i64,
    /// When they are called again, Unix seconds.
    pub again: Option<i64>,
    /// A channel, or all, is closed from now on.
    pub closed: bool,
    pub tasks: usize,
    pub minutes: u32,
    pub cost: Money,
}

impl App {
    /// Writes down what came of a call, with everything that follows: must-nots, the timeline, next actions,
    /// the next try.
    pub fn desk_result(&self, by: &str, said: &CallSaid) -> Result<CallDone> {
        named(by)?;
        for text in [&said.note, &said.next, &said.branch, &said.owner] {
            ensure!(
                text.chars().count() <= LONGEST_TEXT,
                "メモは{LONGEST_TEXT}文字までです / the note is too long"
            );
        }
        if !said.left_for.is_empty() {
            self.known_reason(&said.left_for)?;
        }
        let (store, settings, now) = (&self.inner.store, self.settings()?, self.now());
        let lost = || {
            anyhow!(
                "この電話はもう{by}さんの手元にありません。お断りなどはお客様のページで登録してください / this call is not in your hand any more: record a refusal on the customer's page"
            )
        };
        ensure!(store.holder(said.touch)?.as_deref() == Some(by), lost());
        let touch = store.touch(said.touch)?.touch;
        let person =
            store.persons(&[touch.customer])?.get(&touch.customer).copied().unwrap_or(touch.customer);
        let mut company = false;
        self.reach_facts(Some(&[person]), &mut |facts| company = facts.company)?;
        let calls = store.calls_of(person)?;
        let count = |hit: &dyn Fn(&store::StoredCall) -> bool| {
            u32::try_from(calls.iter().filter(|c| hit(c)).count()).unwrap_or(u32::MAX)
        };
        let told = Told {
            result: said.result,
            company,
            unanswered: count(&|c| c.touch == said.touch && c.result.unanswered()),
            hung_up: count(&|c| c.result == CallResult::HungUp),
            now,
            at: said.at,
            next: &said.next,
        };
        let follows = effects(&told, &|at| settings.call_from(company, at))
            .map_err(|(ja, en)| anyhow!("{ja} / {en}"))?;
        let minutes = said.minutes.unwrap_or_else(|| self.minutes_held(said.touch, by, now));
        let cost = cost_of(&settings, minutes);
        let owner = if said.owner.trim().is_empty() { by } else { said.owner.trim() };
        let task = |(what, due)| NewTask { customer: touch.customer, what, due, owner: owner.to_owned() };
        let left_for = reason_words(&self.left_for()?, &said.left_for).0;
        let call = NewCall {
            touch: said.touch,
            caller: by.to_owned(),
            at: now,
            day: settings.day_of(now),
            result: said.result,
            note: said.note.trim().to_owned(),
            branch: said.branch.trim().to_owned(),
            left_for: said.left_for.clone(),
            minutes,
            cost,
            ended: follows.ended,
            stops: follows.stops.clone(),
            told: follows.told.map(|kind| (kind, timeline(&settings, said, &left_for, by, now))),
            tasks: follows.tasks.into_iter().map(task).collect(),
        };
        // The journal knows what a restored backup has forgotten: it is there before the first call is.
        let mut journal = Journal::open(self.data_dir(), self.generation()?)?;
        let attempted = store.close_call(&call)?.ok_or_else(lost)?;
        journal.note(&[attempted]).context("writing the journal of attempts")?;
        Ok(CallDone {
            touch: said.touch,
            person,
            again: if let Ended::Again(at) = call.ended { Some(at) } else { None },
            closed: !call.stops.is_empty(),
            tasks: call.tasks.len(),
            minutes,
            cost,
        })
    }

    /// Takes the caller's last result back, within some minutes. What closed a channel is opened again only with a
    /// reason, which stays on record.
    pub fn desk_undo(&self, touch: i64, by: &str, why: &str) -> Result<()> {
        named(by)?;
        let now = self.now();
        self.inner.store.undo_call(touch, by, why.trim(), now - UNDO_MINUTES * 60, now)?;
        Ok(())
    }

    /// Who has a call in hand.
    pub fn desk_holder(&self, touch: i64) -> Result<Option<String>> {
        Ok(self.inner.store.holder(touch)?)
    }

    /// A moment as typed, in the shop's zone: `2026-11-24 15:00`, or with a T between.
    pub fn moment_typed(&self, text: &str) -> Result<i64> {
        let bad = || {
            format!(
                "「{text}」は日時として読めません。2026-11-24 15:00 のように入れてください / write it as 2026-11-24 15:00"
            )
        };
        let typed: DateTime =
            text.trim().replace('/', "-").replacen(' ', "T", 1).parse().with_context(bad)?;
        let zoned = typed.to_zoned(self.settings()?.tz()).with_context(bad)?;
        Ok(zoned.timestamp().as_second())
    }

    /// Whole minutes since a call was taken in hand, begun ones counted.
    fn minutes_held(&self, touch: i64, by: &str, now: i64) -> u32 {
        let held = self.inner.store.in_hand(by).unwrap_or_default();
        let taken = held.iter().find(|h| h.touch.id == touch).map_or(now, |h| h.taken);
        u32::try_from(((now - taken + 59) / 60).clamp(1, LONGEST)).unwrap_or(1)
    }
}

/// Minutes by wage and rate (M106), in hundredths.
pub(crate) fn cost_of(settings: &Settings, minutes: u32) -> Money {
    let a_minute = settings.calls.wage / 60.0 + settings.calls.rate;
    Money((f64::from(minutes) * a_minute * 100.0).round() as i64)
}

/// As the customer's timeline keeps it: the minute makes two calls of a day two.
fn timeline(settings: &Settings, said: &CallSaid, left_for: &str, by: &str, now: i64) -> String {
    let minute = settings.minute_of(now);
    let reason = if left_for.is_empty() { String::new() } else { format!("（休眠理由: {left_for}）") };
    let note = said.note.trim();
    let note = if note.is_empty() { String::new() } else { format!("。{note}") };
    format!("{:02}:{:02} 電話・{}{reason}{note}（担当 {by}）", minute / 60, minute % 60, said.result.ja())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M106: minutes x wage + rate.
    #[test]
    fn a_call_costs_its_minutes() {
        let mut settings = Settings::default();
        assert_eq!((cost_of(&settings, 0), cost_of(&settings, 4)), (Money(0), Money(14_000)));
        (settings.calls.wage, settings.calls.rate) = (1_200.0, 0.5);
        assert_eq!(cost_of(&settings, 3), Money(6_150));
    }
}
