//! Every rule that one touch has to pass, with its answer: why, and why not.

use crate::reach::{
    Permission, STOPS_OF_ALL, closed_by, consent, other_stop_of_all, stopped, without_address,
};
use crate::rules::named;
use crate::{Again, Case, Hours, Refusal, RuleInfo, lint};
use model::{Channel, Exclusion, State, StopReason};

/// What one rule says to one touch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    pub rule: &'static RuleInfo,
    pub answer: Result<Passed, Refusal>,
}

/// Why a rule lets a touch through, in a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passed {
    pub ja: String,
    pub en: String,
}

/// Every rule looked at, the gravest first. `clear` refuses by the first of them that does.
pub fn trace(channel: Channel, destination: &str, case: &Case<'_>) -> Vec<Said> {
    let mut said = person(case);
    said.extend(address(channel, destination, case));
    said.extend(permission(channel, case));
    said.push(purpose(case));
    said.push(fresh(case));
    said.push(hour(channel, case));
    said.push(cap(channel, case));
    said
}

fn passed(id: &str, ja: impl Into<String>, en: impl Into<String>) -> Said {
    Said { rule: named(id), answer: Ok(Passed { ja: ja.into(), en: en.into() }) }
}

fn refused(refusal: Refusal) -> Said {
    Said { rule: refusal.rule, answer: Err(refusal) }
}

/// Refused for good, or let through with these words.
fn look(id: &str, refuses: bool, ja: &str, en: &str) -> Said {
    if refuses { refused(Refusal::new(id, Again::Never)) } else { passed(id, ja, en) }
}

/// What closes the person altogether.
fn person(case: &Case<'_>) -> Vec<Said> {
    let facts = case.facts;
    let stop = |&(reason, id): &(StopReason, &str)| {
        let left = reason == StopReason::Withdrawn && case.state == State::Withdrawn;
        let (ja, en) =
            (format!("停止の登録はありません（{}）", reason.ja()), format!("no stop: {}", reason.en()));
        look(id, closed_by(facts, reason) || left, &ja, &en)
    };
    let mut said: Vec<Said> = STOPS_OF_ALL.iter().map(stop).collect();
    if other_stop_of_all(facts) {
        said.push(refused(Refusal::new("excluded", Again::Never)));
    }
    said.push(look("lost", case.state == State::Lost, "離反していません", "not gone for good"));
    let kept_out = Exclusion::ALL.iter().filter(|e| case.facts.exclusions.contains(e));
    said.extend(kept_out.map(|e| refused(Refusal::new(e.rule(), again(*e, case.now)))));
    said.push(look("holdout", case.held_out, "保留群ではありません", "not held out"));
    said
}

/// An answer is expected within a day, so what waits for one is asked about again; the rest is for good.
fn again(exclusion: Exclusion, now: i64) -> Again {
    const HOUR: i64 = 3_600;
    if exclusion == Exclusion::Inquiry { Again::From(now + HOUR) } else { Again::Never }
}

fn address(channel: Channel, destination: &str, case: &Case<'_>) -> Vec<Said> {
    let mut said =
        vec![look("L-47", case.facts.mall_only, "自社のお客様です", "a customer of the shop's own")];
    let missing = without_address(case.facts, channel);
    let unusable = missing.or_else(|| (!usable(destination)).then_some("no_address"));
    said.push(look(
        unusable.unwrap_or("no_address"),
        unusable.is_some(),
        "連絡先があります",
        "has an address",
    ));
    let stop = stopped(case.facts, channel);
    let id = stop.unwrap_or_else(|| stop_rule(channel));
    said.push(look(id, stop.is_some(), "断りの申し出はありません", "has not refused"));
    said
}

/// The rule under which a channel's own stop is looked at.
fn stop_rule(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail | Channel::Sms => "L-09",
        Channel::Line => "L-46",
        Channel::Post => "L-42",
        Channel::Phone => "L-12",
        Channel::Ads => "L-17",
    }
}

/// Whether there is anything to write to, on one line: a line break could smuggle in a second address.
fn usable(destination: &str) -> bool {
    !destination.trim().is_empty() && !destination.contains(|c: char| c.is_control())
}

/// What the permission rests on; nothing to look at where a channel is open until somebody refuses.
fn permission(channel: Channel, case: &Case<'_>) -> Option<Said> {
    let id = if channel == Channel::Ads { "L-17" } else { "L-01" };
    match consent(case.facts, channel) {
        Ok(Permission::Consent(basis)) => {
            Some(passed(id, format!("根拠: {}", basis.ja()), format!("rests on {}", basis.en())))
        }
        Ok(Permission::UntilRefused) => None,
        Err(rule) => Some(refused(Refusal::new(rule.id, Again::Never))),
    }
}

fn purpose(case: &Case<'_>) -> Said {
    if lint::names_advertising(&case.shop.purpose) {
        passed("L-16", "利用目的に広告のご案内が含まれています", "the purpose of use names advertising")
    } else {
        refused(Refusal::new("L-16", Again::WhenMended))
    }
}

/// M158: who has ordered meanwhile is not known while no orders have come in.
fn fresh(case: &Case<'_>) -> Said {
    let Some(limit) = case.stale_hours else {
        return passed("stale", "受注の新しさは問いません", "the age of the orders is not asked");
    };
    let stale = Refusal::new("stale", Again::WhenMended);
    let Some(newest) = case.newest_order else { return refused(stale) };
    let age = case.now.saturating_sub(newest);
    let hours = age.div_euclid(3600);
    if age > i64::from(limit) * 3600 {
        return refused(stale.saying(
            format!("受注データが{hours}時間前のものです（上限{limit}時間）。最新の受注を取り込んでください"),
            format!("the orders known are {hours} hours old (at most {limit}): import the latest first"),
        ));
    }
    passed(
        "stale",
        format!("受注データは{hours}時間前のものです"),
        format!("the orders known are {hours} hours old"),
    )
}

fn hour(channel: Channel, case: &Case<'_>) -> Said {
    let id = Hours::rule(channel);
    match case.hours.wait(channel, case.clock.minutes()) {
        Some(0) => passed(id, "連絡してよい時間です", "an hour at which it may go"),
        // The seconds of the running minute are taken off: it opens on the minute.
        Some(minutes) => {
            refused(Refusal::new(id, Again::From(case.now - case.now.rem_euclid(60) + minutes * 60)))
        }
        None => refused(Refusal::new(id, Again::WhenMended)),
    }
}

fn cap(channel: Channel, case: &Case<'_>) -> Said {
    if case.apology {
        return passed("L-44", "お詫び・訂正は上限の外です", "an apology goes outside the caps");
    }
    let more = crate::Contact { channel, at: case.now };
    match case.caps.full(case.contacts, more) {
        Some(full) => refused(full.refusal()),
        None => passed("L-44", "上限に達していません", "within the caps"),
    }
}
