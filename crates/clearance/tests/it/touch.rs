//! One touch at one moment: which rule refuses, whether for good, and when it may be asked again.

use crate::Shown;
use clearance::{Again, Cap, Caps, Case, Contact, Hours, Open, clear, trace};
use model::{Basis, Channel, Exclusion, ReachFacts, ShopProfile, State, StopReason, TimeOfDay};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// 2026-11-22 10:00:30 in Tokyo.
const NOW: i64 = 1_795_309_230;

struct Scene {
    facts: ReachFacts,
    state: State,
    held_out: bool,
    contacts: Vec<Contact>,
    shop: ShopProfile,
    caps: Caps,
    hours: Hours,
    clock: (u16, u16),
    newest_order: Option<i64>,
    stale_hours: Option<u32>,
    apology: bool,
    destination: &'static str,
}

/// Somebody whom every channel may reach.
fn fine() -> Scene {
    let facts = ReachFacts {
        has_email: true,
        has_mobile: true,
        has_phone: true,
        has_line: true,
        has_post: true,
        ordered: true,
        consents: Channel::ALL.iter().map(|&c| (c, Basis::OptIn)).collect(),
        ..ReachFacts::default()
    };
    let purpose = "商品の発送、および新商品のご案内のため".to_owned();
    Scene {
        facts,
        state: State::Dormant,
        held_out: false,
        contacts: vec![],
        shop: ShopProfile { purpose, ..ShopProfile::default() },
        caps: Caps::default(),
        hours: Hours::default(),
        clock: (10, 0),
        newest_order: Some(NOW - HOUR),
        stale_hours: Some(48),
        apology: false,
        destination: "hanako@example.jp",
    }
}

impl Scene {
    fn case(&self) -> Case<'_> {
        Case {
            facts: &self.facts,
            state: self.state,
            held_out: self.held_out,
            contacts: &self.contacts,
            shop: &self.shop,
            caps: &self.caps,
            hours: &self.hours,
            now: NOW,
            clock: TimeOfDay::new(self.clock.0, self.clock.1).expect("a time"),
            newest_order: self.newest_order,
            stale_hours: self.stale_hours,
            apology: self.apology,
        }
    }
}

fn only(s: &mut Scene, channel: Channel, basis: Basis) {
    s.facts.consents = vec![(channel, basis)];
}
fn stop(s: &mut Scene, channel: Option<Channel>, reason: StopReason) {
    s.facts.stops.push((channel, reason));
}
fn past(s: &mut Scene, channel: Channel, days_ago: &[i64]) {
    s.contacts.extend(days_ago.iter().map(|d| Contact { channel, at: NOW - d * DAY }));
}
fn open(from: u16, to: u16) -> Option<Open> {
    Some(Open { from: TimeOfDay::new(from, 0)?, to: TimeOfDay::new(to, 0)? })
}

/// The rule, what it answers (`None`: lets through), the channel, and what differs from `fine`.
type Row = (&'static str, Option<Again>, Channel, fn(&mut Scene));

use Again::{From, Never, WhenMended};
use Channel::{Ads, Line, Mail, Phone, Post, Sms};

const ROWS: &[Row] = &[
    ("L-01", Some(Never), Mail, |s| s.facts.consents.clear()),
    ("L-01", Some(Never), Sms, |s| only(s, Mail, Basis::OptIn)),
    ("L-01", None, Mail, |s| only(s, Mail, Basis::OptIn)),
    ("L-02", Some(Never), Mail, |s| only(s, Mail, Basis::PublishedAddress)),
    ("L-02", None, Mail, |s| {
        s.facts.company = true;
        only(s, Mail, Basis::PublishedAddress);
    }),
    ("L-02", None, Sms, |s| only(s, Sms, Basis::BusinessCard)),
    ("L-03", Some(Never), Mail, |s| only(s, Mail, Basis::TransactionRelation)),
    ("L-03", None, Mail, |s| {
        s.facts.company = true;
        only(s, Mail, Basis::TransactionRelation);
    }),
    ("L-09", Some(Never), Mail, |s| stop(s, Some(Mail), StopReason::MailOptOut)),
    ("L-09", Some(Never), Sms, |s| stop(s, Some(Sms), StopReason::SmsOptOut)),
    ("L-09", None, Sms, |s| stop(s, Some(Mail), StopReason::MailOptOut)),
    ("L-12", Some(Never), Phone, |s| stop(s, Some(Phone), StopReason::PhoneRefusal)),
    ("L-12", None, Phone, |s| stop(s, Some(Post), StopReason::PostStop)),
    ("L-13", Some(From(NOW - 30 + 13 * HOUR)), Phone, |s| s.clock = (20, 0)),
    ("L-13", Some(From(NOW - 30 + HOUR)), Phone, |s| s.clock = (8, 0)),
    ("L-13", None, Phone, |s| s.clock = (19, 59)),
    // The shop may shorten the law's hours, never lengthen them.
    ("L-13", Some(From(NOW - 30 + HOUR)), Phone, |s| {
        s.clock = (7, 0);
        s.hours.phone = None;
    }),
    ("L-13", Some(WhenMended), Phone, |s| s.hours.phone = open(22, 6)),
    ("L-16", Some(WhenMended), Mail, |s| s.shop.purpose.clear()),
    ("L-16", Some(WhenMended), Post, |s| s.shop.purpose = "商品の発送のため".into()),
    ("L-16", Some(WhenMended), Mail, |s| s.shop.purpose = "発送のため。広告には利用しません。".into()),
    ("L-16", None, Mail, |s| s.shop.purpose = "発送およびDM・メールマガジンの送付".into()),
    ("L-17", Some(Never), Ads, |s| only(s, Mail, Basis::OptIn)),
    ("L-17", None, Ads, |s| only(s, Ads, Basis::OptIn)),
    ("L-34", Some(From(NOW - 30 + 13 * HOUR)), Sms, |s| s.clock = (20, 0)),
    ("L-34", None, Sms, |s| s.clock = (9, 0)),
    ("L-35", Some(Never), Sms, |s| s.facts.has_mobile = false),
    ("L-40", Some(Never), Mail, |s| stop(s, Some(Mail), StopReason::BadAddress)),
    ("L-40", None, Post, |s| stop(s, Some(Mail), StopReason::BadAddress)),
    ("L-42", Some(Never), Post, |s| stop(s, Some(Post), StopReason::PostStop)),
    ("L-42", None, Post, |_| ()),
    ("L-43", Some(Never), Mail, |s| stop(s, None, StopReason::Complaint)),
    ("L-43", None, Mail, |_| ()),
    ("L-44", Some(From(NOW + 4 * DAY)), Mail, |s| past(s, Mail, &[3, 2])),
    ("L-44", None, Mail, |s| past(s, Mail, &[7, 2])),
    ("L-44", Some(From(NOW + 5 * DAY)), Line, |s| past(s, Line, &[25, 4, 3, 2, 1])),
    ("L-44", None, Line, |s| past(s, Line, &[30, 4, 3, 2, 1])),
    ("L-44", Some(From(NOW + 60 * DAY)), Post, |s| past(s, Post, &[0])),
    ("L-44", Some(From(i64::MAX)), Mail, |s| s.caps.0 = vec![Cap { channel: Some(Mail), most: 0, days: 1 }]),
    ("L-44", None, Mail, |s| {
        past(s, Mail, &[3, 2, 1]);
        s.apology = true;
    }),
    ("L-46", Some(Never), Line, |s| stop(s, Some(Line), StopReason::LineBlock)),
    ("L-46", None, Line, |_| ()),
    ("L-47", Some(Never), Post, |s| s.facts.mall_only = true),
    ("L-47", None, Mail, |_| ()),
    ("L-48", Some(Never), Phone, |s| {
        s.facts.company = true;
        stop(s, Some(Phone), StopReason::PhoneRefusal);
    }),
    ("deceased", Some(Never), Post, |s| stop(s, None, StopReason::Deceased)),
    ("withdrawn", Some(Never), Line, |s| stop(s, None, StopReason::Withdrawn)),
    ("withdrawn", Some(Never), Mail, |s| s.state = State::Withdrawn),
    ("excluded", Some(Never), Mail, |s| stop(s, None, StopReason::Excluded)),
    ("excluded", Some(Never), Post, |s| stop(s, None, StopReason::MailOptOut)),
    ("lost", Some(Never), Mail, |s| s.state = State::Lost),
    ("lost", None, Mail, |s| s.state = State::AtRisk),
    ("unpaid", Some(Never), Mail, |s| s.facts.exclusions = vec![Exclusion::Unpaid]),
    ("refused_delivery", Some(Never), Mail, |s| s.facts.exclusions = vec![Exclusion::RefusedDelivery]),
    ("reseller", Some(Never), Mail, |s| s.facts.exclusions = vec![Exclusion::Reseller]),
    ("returning", Some(Never), Mail, |s| s.facts.exclusions = vec![Exclusion::Returning]),
    ("staff", Some(Never), Mail, |s| s.facts.exclusions = vec![Exclusion::Staff]),
    ("disaster", Some(Never), Post, |s| s.facts.exclusions = vec![Exclusion::Disaster]),
    // M046: an open complaint keeps out of everything. M119: what waits for our answer waits, and goes on.
    ("open_complaint", Some(Never), Line, |s| {
        s.facts.exclusions = vec![Exclusion::Complaint, Exclusion::Inquiry];
    }),
    ("open_inquiry", Some(From(NOW + 3_600)), Sms, |s| s.facts.exclusions = vec![Exclusion::Inquiry]),
    ("holdout", Some(Never), Mail, |s| s.held_out = true),
    ("holdout", None, Mail, |s| s.held_out = false),
    ("no_address", Some(Never), Mail, |s| s.facts.has_email = false),
    ("no_address", Some(Never), Mail, |s| s.destination = " "),
    ("no_address", Some(Never), Mail, |s| s.destination = "hanako@example.jp\nBcc: taro@example.jp"),
    ("stale", Some(WhenMended), Mail, |s| s.newest_order = Some(NOW - 48 * HOUR - 1)),
    ("stale", Some(WhenMended), Mail, |s| s.newest_order = None),
    ("stale", None, Mail, |s| s.newest_order = Some(NOW - 48 * HOUR)),
    ("stale", None, Mail, |s| (s.newest_order, s.stale_hours) = (Some(NOW - 90 * DAY), None)),
    ("stale", None, Mail, |s| s.newest_order = Some(NOW + DAY)),
    ("quiet_hours", Some(From(NOW - 30 + 6 * HOUR)), Mail, |s| {
        s.clock = (2, 0);
        s.hours.mail = open(8, 22);
    }),
    ("quiet_hours", None, Mail, |s| {
        s.clock = (1, 0);
        s.hours.mail = open(22, 6);
    }),
    ("quiet_hours", None, Mail, |s| s.clock = (3, 0)),
];

fn scene(change: fn(&mut Scene)) -> Scene {
    let mut scene = fine();
    change(&mut scene);
    scene
}

pub fn shown() -> Vec<Shown> {
    ROWS.iter().map(|&(rule, again, _, _)| Shown { rule, refuses: again.is_some() }).collect()
}

#[test]
fn every_rule_answers_as_it_should() {
    for (at, &(rule, again, channel, change)) in ROWS.iter().enumerate() {
        let scene = scene(change);
        let answer = clear(7, channel, scene.destination, &scene.case());
        let refusal = answer.as_ref().err().map(|r| (r.rule.id, r.again));
        assert_eq!(refusal, again.map(|again| (rule, again)), "row {at}: {rule}");
        if let Ok(touch) = answer {
            let cleared = (touch.touch(), touch.channel(), touch.destination());
            assert_eq!(cleared, (7, channel, scene.destination), "row {at}: {rule}");
        }
    }
}

#[test]
fn the_trace_says_why_and_agrees_with_the_answer() {
    for &(rule, again, channel, change) in ROWS {
        let scene = scene(change);
        let said = trace(channel, scene.destination, &scene.case());
        assert_eq!(said.iter().find_map(|s| s.answer.clone().err()).map(|r| r.rule.id), again.map(|_| rule));
        for one in &said {
            let (ja, en) = match &one.answer {
                Ok(passed) => (&passed.ja, &passed.en),
                Err(refusal) => (&refusal.ja, &refusal.en),
            };
            assert!(!ja.is_empty() && !en.is_empty(), "{rule}: {}", one.rule.id);
        }
    }
}

#[test]
fn a_trace_of_somebody_reachable_reads_like_this() {
    let scene = fine();
    let said = trace(Mail, scene.destination, &scene.case());
    let ids: Vec<&str> = said.iter().map(|s| s.rule.id).collect();
    let expected =
        "deceased withdrawn L-43 excluded lost holdout L-47 no_address L-09 L-01 L-16 stale quiet_hours L-44";
    assert_eq!(ids.join(" "), expected);
    assert!(said.iter().all(|s| s.answer.is_ok()));
    let basis = said.iter().find(|s| s.rule.id == "L-01").and_then(|s| s.answer.clone().ok()).unwrap();
    assert_eq!(
        (basis.ja.as_str(), basis.en.as_str()),
        ("根拠: 本人の同意", "rests on the customer's consent")
    );
}

#[test]
fn a_refusal_names_its_figures() {
    let mut scene = fine();
    past(&mut scene, Mail, &[3, 2]);
    let refusal = clear(1, Mail, scene.destination, &scene.case()).unwrap_err();
    assert_eq!(refusal.ja, "メールは7日に2回までです。上限に達しています");
    scene.contacts.clear();
    scene.newest_order = Some(NOW - 50 * HOUR);
    let refusal = clear(1, Mail, scene.destination, &scene.case()).unwrap_err();
    assert_eq!(refusal.en, "the orders known are 50 hours old (at most 48): import the latest first");
}

#[test]
fn the_settings_of_a_shop_travel_as_text() {
    let caps = serde_json::to_string(&Caps::default()).unwrap();
    assert_eq!(serde_json::from_str::<Caps>(&caps).unwrap(), Caps::default());
    let hours = Hours { mail: open(8, 21), ..Hours::default() };
    let text = serde_json::to_string(&hours).unwrap();
    assert_eq!(serde_json::from_str::<Hours>(&text).unwrap(), hours);
    assert!(serde_json::from_str::<Hours>("{\"mail\":{\"from\":\"25:00\",\"to\":\"20:00\"}}").is_err());
}
