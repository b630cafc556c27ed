//! Whether a person opened or clicked: a pure judgement over raw responses, made again whenever a rule changes.

use crate::rules::{FETCHES_ALWAYS, FETCHES_FOR_READER, PROGRAMS};
use model::{Response, ResponseKind, Verdict};
use std::collections::BTreeSet;

/// The number of the link nobody sees.
pub const TRAP: i32 = -1;
/// What the door writes into `said` where a request asked for no content.
pub const HEAD: &str = "HEAD";
/// Neighbours further away than this change nothing, milliseconds: B-01's ten minutes.
pub const NEAR_MS: i64 = 10 * 60 * 1000;

const READ_MS: i64 = 2_000;
const BURST_MS: i64 = 2_000;
const BURST_LINKS: usize = 3;
const SWEEP_MS: i64 = 60_000;
const SWEEP_TOUCHES: usize = 5;
const ARRIVAL_MS: i64 = 60_000;

/// Who did it, and by which rule; empty for a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ruling {
    pub verdict: Verdict,
    pub rule: &'static str,
}

/// One ruling per response of one touch, in their order. `sent_at`: Unix milliseconds of the handing
/// over, `None` where it is in doubt. `neighbours`: responses from the same networks, to any touch,
/// within [`NEAR_MS`]; those of the touch itself may be among them. Verdicts already in the responses
/// are not looked at, so judging twice is judging once.
pub fn judge(of_touch: &[Response], sent_at: Option<i64>, neighbours: &[Response]) -> Vec<Ruling> {
    let all: Vec<&Response> = of_touch.iter().chain(neighbours).filter(|r| fetched(r.kind)).collect();
    of_touch.iter().map(|response| ruling(response, sent_at, &all)).collect()
}

/// Only what a program can do by fetching is in question: an opt-out, an answer or an order is not.
fn fetched(kind: ResponseKind) -> bool {
    matches!(kind, ResponseKind::Open | ResponseKind::Click)
}

fn ruling(response: &Response, sent_at: Option<i64>, all: &[&Response]) -> Ruling {
    if !fetched(response.kind) {
        return Ruling { verdict: Verdict::Person, rule: "" };
    }
    let agent = response.agent.trim().to_lowercase();
    let since = sent_at.map(|sent| response.at - sent);
    let click = response.kind == ResponseKind::Click;
    let for_reader = FETCHES_FOR_READER.iter().any(|sign| agent.contains(sign));
    let rules: [(&str, Verdict, bool); 8] = [
        ("B-01", Verdict::Scanner, near_trap(response, all)),
        ("B-02", Verdict::Prefetch, response.said == HEAD),
        ("B-03", Verdict::Scanner, PROGRAMS.iter().any(|sign| agent.contains(sign))),
        ("B-04", Verdict::Prefetch, !click && fetches_always(&agent)),
        ("B-05", Verdict::Prefetch, !click && for_reader && since.is_some_and(|ms| ms < ARRIVAL_MS)),
        ("B-06", Verdict::Scanner, click && since.is_some_and(|ms| ms < READ_MS)),
        ("B-07", Verdict::Scanner, click && in_burst(response, all)),
        ("B-08", Verdict::Scanner, click && in_sweep(response, all)),
    ];
    let held = rules.into_iter().find(|(.., holds)| *holds);
    held.map_or(Ruling { verdict: Verdict::Person, rule: "" }, |(rule, verdict, _)| Ruling { verdict, rule })
}

fn fetches_always(agent: &str) -> bool {
    FETCHES_ALWAYS.contains(&agent)
}

/// Both from one network that is known.
fn together(a: &Response, b: &Response) -> bool {
    a.network != 0 && a.network == b.network
}

fn near_trap(response: &Response, all: &[&Response]) -> bool {
    let trap = |r: &Response| r.kind == ResponseKind::Click && r.link == Some(TRAP);
    let near = |r: &Response| together(r, response) && (r.at - response.at).abs() <= NEAR_MS;
    trap(response) || all.iter().any(|r| trap(r) && near(r))
}

/// Whether the response is one of so many different links of its letter within so short a time.
fn in_burst(response: &Response, all: &[&Response]) -> bool {
    let clicks = all
        .iter()
        .filter(|r| r.kind == ResponseKind::Click && r.touch == response.touch && together(r, response));
    crowded(response.at, BURST_MS, BURST_LINKS, clicks.map(|r| (r.at, r.link.map_or(0, i64::from))))
}

/// Whether the response is one of links of so many letters within a minute. The same program too:
/// behind one network of a telephone company there are many people.
fn in_sweep(response: &Response, all: &[&Response]) -> bool {
    let clicks = all
        .iter()
        .filter(|r| r.kind == ResponseKind::Click && r.agent == response.agent && together(r, response));
    crowded(response.at, SWEEP_MS, SWEEP_TOUCHES, clicks.map(|r| (r.at, r.touch)))
}

/// Whether some window of `within` ms that holds `at` holds `least` different things.
fn crowded(at: i64, within: i64, least: usize, things: impl Iterator<Item = (i64, i64)>) -> bool {
    let near: Vec<(i64, i64)> = things.filter(|(when, _)| (when - at).abs() <= within).collect();
    let starts = near.iter().map(|(when, _)| *when).filter(|start| *start <= at && at - start <= within);
    starts.into_iter().any(|start| {
        let inside = near.iter().filter(|(when, _)| (start..=start + within).contains(when));
        inside.map(|(_, thing)| thing).collect::<BTreeSet<_>>().len() >= least
    })
}

/// How many touches got a response of a kind: by whatever did it, and by a person.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    pub raw: u64,
    pub people: u64,
}

/// Each touch once, however often it was opened (M139). The verdicts are those of the responses.
pub fn counts<'a>(kind: ResponseKind, responses: impl IntoIterator<Item = &'a Response>) -> Counts {
    let (mut raw, mut people) = (BTreeSet::new(), BTreeSet::new());
    for response in responses.into_iter().filter(|r| r.kind == kind) {
        raw.insert(response.touch);
        if response.verdict == Verdict::Person {
            people.insert(response.touch);
        }
    }
    Counts { raw: raw.len() as u64, people: people.len() as u64 }
}
