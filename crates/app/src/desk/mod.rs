//! The phone desk: one caller, one call, and what came of it.

mod card;
mod clearing;
mod effects;
mod hours;
mod list;
mod saying;
mod tasks;

pub use card::{CallCard, CardTouch};
pub use hours::Opening;
pub use list::{DeskList, DeskQuery, DeskRow};
pub use saying::{CallDone, CallSaid, UNDO_MINUTES};
pub use store::StoredCall;
pub use tasks::TaskView;

use crate::{App, rule_words};
use anyhow::{Result, ensure};
use clearance::Again;
use clearing::Looked;

/// A call taken in hand and not touched for so many seconds is anybody's again.
const HELD: i64 = 30 * 60;
/// What is handed back comes into line again after so many seconds.
const REST: i64 = 15 * 60;
/// Calls looked at until one may be made: more are refused only where something is wrong with all of them.
const TRIES: usize = 500;

/// What a caller sees when they look up.
#[derive(Clone, Debug)]
pub struct DeskView {
    /// Whether people may be called now.
    pub opening: Opening,
    pub waiting: u64,
    /// Next actions due by the end of today.
    pub tasks: u64,
    pub hand: Option<Hand>,
    /// The orders known are too old to call on (M158): Japanese, English.
    pub stale: Option<(String, String)>,
    /// The caller's last result, while they may take it back.
    pub last: Option<LastCall>,
}

/// What a caller has in hand.
#[derive(Clone, Debug)]
pub enum Hand {
    Call(Box<CallCard>),
    /// Stopped while they had it: nobody calls.
    Stopped {
        touch: i64,
        person: i64,
        name: String,
        rule: String,
        ja: String,
        en: String,
    },
}

/// A result that may be taken back.
#[derive(Clone, Debug)]
pub struct LastCall {
    pub call: StoredCall,
    pub person: i64,
    pub name: String,
    /// Until when, Unix seconds.
    pub until: i64,
}

/// What asking for the next call came to.
#[derive(Clone, PartialEq, Debug)]
pub enum Turn {
    /// This touch is in the caller's hand now.
    Call(i64),
    /// Nobody is called at this hour; Unix seconds of the next that will do.
    Closed {
        rule: &'static str,
        from: Option<i64>,
    },
    /// Something has to be put right first.
    Held {
        rule: &'static str,
        ja: String,
        en: String,
    },
    Nobody,
}

impl App {
    /// The desk as a caller sees it. Takes nothing in hand.
    pub fn desk(&self, by: &str) -> Result<DeskView> {
        let around = self.surroundings(self.now(), false)?;
        let (now, store) = (around.now, &self.inner.store);
        let held = if by.is_empty() { vec![] } else { store.in_hand(by)? };
        // Whoever has a call is shown it, before what was stopped.
        let chosen = held.iter().find(|h| h.stopped.is_empty()).or(held.first());
        let hand = match chosen {
            None => None,
            Some(held) => Some(self.hand(held, by, &around)?),
        };
        let since = now - UNDO_MINUTES * 60;
        let last = if by.is_empty() { None } else { store.last_call(by, since)? };
        let last = match last {
            None => None,
            Some(call) => {
                let names = self.named(std::iter::once(call.customer))?;
                let (person, name) =
                    names.get(&call.customer).cloned().unwrap_or((call.customer, String::new()));
                Some(LastCall { until: call.at + UNDO_MINUTES * 60, person, name, call })
            }
        };
        Ok(DeskView {
            opening: around.settings.calling(false, now),
            waiting: store.count_calls(now, None)?,
            tasks: store.count_tasks(self.end_of_today(&around.settings, now))?,
            hand,
            stale: (!around.fresh()).then(|| rule_words("stale")),
            last,
        })
    }

    /// Takes the next call in hand, or keeps the one that is. Calls that may not be made are skipped, or put off,
    /// by their rules.
    pub fn desk_next(&self, by: &str, campaign: Option<i64>) -> Result<Turn> {
        named(by)?;
        self.compare_journal()?;
        let around = self.surroundings(self.now(), false)?;
        let (now, store) = (around.now, &self.inner.store);
        // A shop that only calls has no worker that would do it.
        self.fire(&around)?;
        store.keep_in_hand(by, now)?;
        if let Some(held) = store.in_hand(by)?.first() {
            return Ok(Turn::Call(held.touch.id));
        }
        let opening = around.settings.calling(false, now);
        if !opening.open {
            return Ok(Turn::Closed { rule: opening.rule, from: opening.from });
        }
        if !around.fresh() {
            let (ja, en) = rule_words("stale");
            return Ok(Turn::Held { rule: "stale", ja, en });
        }
        for _ in 0..TRIES {
            let Some(touch) = store.take_call(by, now, now - HELD, campaign)? else {
                return Ok(Turn::Nobody);
            };
            let (id, due, customer) = (touch.id, touch.due, touch.customer);
            let Some(Looked { no, campaign, .. }) = self.look_at_calls(&[touch], &around)?.pop() else {
                continue;
            };
            let Some(no) = no else {
                self.note_access(by, "call", Some(customer), None, &campaign.campaign.name)?;
                return Ok(Turn::Call(id));
            };
            let patience = i64::from(campaign.campaign.late_hours) * 3_600;
            match no.again {
                // Hours come round; a cap that is full for longer than the campaign waits does not.
                Again::From(at) if no.rule != "L-44" || at - now <= patience => {
                    store.put_back(id, by, at)?;
                }
                Again::WhenMended => {
                    store.put_back(id, by, due)?;
                    return Ok(Turn::Held { rule: no.rule, ja: no.ja, en: no.en });
                }
                Again::Never | Again::From(_) => {
                    store.skip_call(id, by, no.rule, "", now)?;
                }
            }
        }
        Ok(Turn::Nobody)
    }

    /// Gives a call back: without a reason it comes into line again in a while, with one it is skipped for good
    /// and the campaign's log keeps the reason.
    pub fn desk_back(&self, touch: i64, by: &str, why: &str) -> Result<()> {
        named(by)?;
        let (now, why) = (self.now(), why.trim());
        let done = match why {
            "" => self.inner.store.put_back(touch, by, now + REST)?,
            _ => self.inner.store.skip_call(touch, by, "call_skipped", why, now)?,
        };
        ensure!(done, "この方はもう{by}さんの手元にありません / this call is not in your hand any more");
        Ok(())
    }

    /// What the calls of a campaign came to: how many, minutes, cost (M106).
    pub fn call_sums(&self, campaign: i64) -> Result<(u64, u64, model::Money)> {
        Ok(self.inner.store.call_sums(campaign)?)
    }
}

/// A caller says who they are.
fn named(by: &str) -> Result<()> {
    ensure!(
        !by.trim().is_empty(),
        "担当者のお名前を入れてください / this needs the caller's name: --by NAME"
    );
    Ok(())
}
