//! The newsletter's cadence: what each person asked for, and what they get by how they react (M092, M093).

use crate::App;
use crate::campaigns::Surroundings;
use crate::hearing::{Asker, opt_out_of};
use anyhow::{Context, Result, ensure};
use model::{Cadence, Day, Newsletter, Response, ResponseKind};
use serde::Serialize;
use std::collections::BTreeMap;
use store::{CadenceChange, Heard, Wished};

/// How often somebody hears, for their page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CadenceView {
    pub wish: Cadence,
    pub cadence: Cadence,
    /// Issues since the last reaction.
    pub silent: u32,
    /// The newest first.
    pub changes: Vec<CadenceChange>,
}

/// How many people are on each cadence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CadenceCount {
    pub cadence: Cadence,
    pub people: u64,
}

/// What somebody last did that counts as a reaction: when, Japanese, English.
type Reaction = (i64, &'static str, &'static str);

impl App {
    /// Which of these people an issue of today is not for, by rule. Whoever grew quiet or came back since
    /// the last issue is moved first, with the reason on their timeline.
    pub(crate) fn not_their_issue(
        &self,
        newsletter: &Newsletter,
        by_mail: bool,
        people: &[i64],
        around: &Surroundings,
    ) -> Result<BTreeMap<i64, &'static str>> {
        let store = &self.inner.store;
        let campaigns = store.newsletter_campaigns()?;
        let mut heard = store.heard(people, &campaigns, &around.settings.counting())?;
        let wished = store.cadences(people)?;
        let today = around.settings.day_of(around.now);
        let mut kept = BTreeMap::new();
        for person in people {
            let heard = heard.remove(person).unwrap_or_default();
            let known = wished.get(person).copied();
            let cadence = self.cadence_now(*person, newsletter, known, &heard, around.now)?;
            let last = heard.issues.iter().max().map(|at| around.settings.day_of(*at));
            kept.extend(rule(cadence, last, today, by_mail).map(|rule| (*person, rule)));
        }
        Ok(kept)
    }

    /// The cadence that fits how somebody reacted; noted where it is another than before.
    fn cadence_now(
        &self,
        person: i64,
        newsletter: &Newsletter,
        known: Option<Wished>,
        heard: &Heard,
        now: i64,
    ) -> Result<Cadence> {
        let known = known.unwrap_or_default();
        let (silent, reaction) = silence(heard, known.said);
        let cadence = newsletter.kept(known.wish, silent);
        if cadence == known.cadence {
            return Ok(cadence);
        }
        let (ja, en) = why(silent, reaction);
        let (was, by) = (known.cadence, "mezame".to_owned());
        let change = CadenceChange { at: now, was, cadence, ja, en, by };
        self.inner.store.set_cadence(person, None, &change)?;
        Ok(cadence)
    }

    /// How often somebody hears; `None`: there is no newsletter, and they never said anything about one.
    pub(crate) fn cadence_view(&self, person: i64) -> Result<Option<CadenceView>> {
        let store = &self.inner.store;
        let campaigns = store.newsletter_campaigns()?;
        let known = store.cadences(&[person])?.remove(&person);
        if known.is_none() && campaigns.is_empty() {
            return Ok(None);
        }
        let known = known.unwrap_or_default();
        let counting = self.settings()?.counting();
        let heard = store.heard(&[person], &campaigns, &counting)?.remove(&person).unwrap_or_default();
        Ok(Some(CadenceView {
            wish: known.wish,
            cadence: known.cadence,
            silent: silence(&heard, known.said).0,
            changes: store.cadence_changes(person)?,
        }))
    }

    /// An operator notes what somebody asked for.
    pub fn set_cadence(&self, person: i64, wish: Cadence, by: &str) -> Result<()> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        let said = ("担当者がご希望を記録しました", "noted by an operator");
        self.wished(person, wish, said, by.trim(), self.now())
    }

    /// A customer chooses on the page that their letter leads to. Says whether the token was ours.
    pub fn choose_cadence(&self, token: &str, wish: Cadence, asker: &Asker) -> Result<bool> {
        let Some((touch, _)) = opt_out_of(&self.keys()?, token) else { return Ok(false) };
        let stored = self.inner.store.touch(touch)?;
        let said = format!("newsletter: {}", wish.word());
        let response = Response { said, ..self.response(touch, ResponseKind::Preference, None, asker) };
        self.inner.store.hear(&response, None, &[], "customer")?;
        let said = ("ご本人が設定ページで選ばれました", "chosen by themselves on their page");
        self.wished(stored.touch.customer, wish, said, "customer", asker.at / 1_000)?;
        self.proven(&response)?;
        Ok(true)
    }

    fn wished(&self, customer: i64, wish: Cadence, said: (&str, &str), by: &str, at: i64) -> Result<()> {
        ensure!(wish != Cadence::Resting, "nobody asks to rest: choose weekly, monthly or stopped");
        let store = &self.inner.store;
        let person = *store.persons(&[customer])?.get(&customer).context("there is no such customer")?;
        let was = store.cadences(&[person])?.get(&person).map_or(Cadence::Weekly, |known| known.cadence);
        let (ja, en) = (said.0.to_owned(), said.1.to_owned());
        let change = CadenceChange { at, was, cadence: wish, ja, en, by: by.to_owned() };
        Ok(store.set_cadence(person, Some(wish), &change)?)
    }

    /// How many people are on each cadence; those of whom nothing is on record hear once a week.
    pub fn cadence_counts(&self) -> Result<Vec<CadenceCount>> {
        let counts = self.inner.store.count_cadences()?;
        Ok(counts.into_iter().map(|(cadence, people)| CadenceCount { cadence, people }).collect())
    }
}

/// Issues since the last reaction, and that reaction; a word of their own is one too.
fn silence(heard: &Heard, said: Option<i64>) -> (u32, Option<Reaction>) {
    let done = [
        (heard.ordered, "ご注文", "an order"),
        (heard.clicked, "リンクのクリック", "a click"),
        (heard.opened, "開封(目安)", "an opening, which is a proxy"),
        (said, "ご希望の設定", "a word of their own"),
    ];
    let last = done.into_iter().filter_map(|(at, ja, en)| Some((at?, ja, en))).max_by_key(|r| r.0);
    let since = last.map_or(i64::MIN, |r| r.0);
    let silent = heard.issues.iter().filter(|at| **at > since).count();
    (u32::try_from(silent).unwrap_or(u32::MAX), last)
}

/// Why somebody's cadence changed by itself.
fn why(silent: u32, reaction: Option<Reaction>) -> (String, String) {
    match reaction {
        Some((_, ja, en)) if silent == 0 => (format!("反応がありました: {ja}"), format!("reacted: {en}")),
        _ => (
            format!("{silent}通続けて反応(開封・クリック・ご注文)がありませんでした"),
            format!("no reaction (opening, click or order) to {silent} issues in a row"),
        ),
    }
}

/// Why an issue of a day is not for somebody. Other channels than mail are for those who rest.
fn rule(cadence: Cadence, last: Option<Day>, today: Day, by_mail: bool) -> Option<&'static str> {
    match (cadence, by_mail) {
        (Cadence::Stopped, _) => Some("newsletter_stopped"),
        (Cadence::Resting, false) => None,
        (Cadence::Resting, true) => Some("resting"),
        (_, false) => Some("cadence"),
        (_, true) => (!cadence.is_due(last, today)).then_some("cadence"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M093: who rests gets no mail, and is whom the campaign's other channel is for.
    #[test]
    fn m093_whoever_rests_from_mail_hears_by_the_other_channel_alone() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let (last, today) = (Some(day("2026-11-23")), day("2026-11-30"));
        for (cadence, by_mail, expected) in [
            (Cadence::Weekly, true, None),
            (Cadence::Monthly, true, Some("cadence")),
            (Cadence::Resting, true, Some("resting")),
            (Cadence::Stopped, true, Some("newsletter_stopped")),
            (Cadence::Weekly, false, Some("cadence")),
            (Cadence::Monthly, false, Some("cadence")),
            (Cadence::Resting, false, None),
            (Cadence::Stopped, false, Some("newsletter_stopped")),
        ] {
            assert_eq!(rule(cadence, last, today, by_mail), expected, "{cadence:?} by mail: {by_mail}");
        }
    }

    /// M093: opening, click, order and a word of their own are reactions; the newest decides.
    #[test]
    fn m093_a_reaction_of_any_kind_ends_the_silence() {
        let issues = vec![100, 200, 300];
        for (heard, said, silent) in [
            (Heard { issues: issues.clone(), ..Heard::default() }, None, 3),
            (Heard { issues: issues.clone(), opened: Some(150), ..Heard::default() }, None, 2),
            (
                Heard { issues: issues.clone(), clicked: Some(250), opened: Some(150), ..Heard::default() },
                None,
                1,
            ),
            (Heard { issues: issues.clone(), ordered: Some(400), ..Heard::default() }, None, 0),
            (Heard { issues: issues.clone(), ..Heard::default() }, Some(201), 1),
        ] {
            assert_eq!(silence(&heard, said).0, silent, "{heard:?} {said:?}");
        }
        assert_eq!(
            why(0, silence(&Heard { opened: Some(1), ..Heard::default() }, None).1).0,
            "反応がありました: 開封(目安)"
        );
    }
}
