//! The call card: all that a caller has to see, on one screen.

use super::clearing::Looked;
use super::{HELD, Hand};
use crate::campaigns::{self, PersonTouch, RuleSaid, Surroundings};
use crate::{App, ContactPerson, NextGoods, PersonView, rule_words, sending};
use anyhow::{Context, Result};
use clearance::Again;
use model::{ActivityKind, CallResult, Day, Money, PostState};
use outreach::Fields;
use store::{InHand, Stored, StoredCall};

/// How near an anniversary is worth a word, days.
const NEAR: i32 = 7;
/// How soon an end of points is, days.
const SOON: i32 = 60;
const TOUCHES: usize = 20;

/// One touch of another kind on the card's history.
pub type CardTouch = PersonTouch;

/// Everything about the call in a caller's hand.
#[derive(Clone, Debug)]
pub struct CallCard {
    pub touch: i64,
    pub campaign: i64,
    pub campaign_name: String,
    pub step: String,
    pub customer: i64,
    /// As they are spoken to: 株式会社見本 山田 花子 様.
    pub addressee: String,
    pub kana: String,
    pub company: bool,
    /// Department and title, as far as known.
    pub place: String,
    /// `None` where a rule does not let anybody call now.
    pub number: Option<String>,
    /// Taken, and held until, Unix seconds.
    pub taken: i64,
    pub until: i64,
    /// Every rule's answer as of now.
    pub rules: Vec<RuleSaid>,
    /// The rule that refuses, and from when on it may not any more.
    pub no: Option<(RuleSaid, Option<i64>)>,
    /// What the call is about, and the script: heading (empty for what is said first) and text.
    pub about: String,
    pub script: Vec<(String, String)>,
    /// Why the script could not be filled in.
    pub broken: Option<String>,
    /// `None` where nothing is judged yet.
    pub person: Option<PersonView>,
    /// Newest first.
    pub calls: Vec<StoredCall>,
    pub touches: Vec<CardTouch>,
    /// Of a company, who speaks for it; whether they are still there is asked first (M124).
    pub contacts: Vec<ContactPerson>,
    /// Since when the shop knows them, and from where (M028).
    pub met: Option<(Day, String)>,
    /// What they asked about or showed interest in, newest first (M028).
    pub interests: Vec<(Day, String)>,
    /// What is not known of a company: Japanese, English (M028).
    pub missing: Vec<(&'static str, &'static str)>,
    /// True reasons to call: Japanese, English.
    pub pretexts: Vec<(String, String)>,
    /// What they may like next (M085).
    pub next: Option<NextGoods>,
    /// Calls of this touch that were not answered.
    pub unanswered: usize,
    /// What a minute costs (M106).
    pub a_minute: Money,
}

impl App {
    pub(super) fn hand(&self, held: &InHand, by: &str, around: &Surroundings) -> Result<Hand> {
        let touch = held.touch.clone();
        if !held.stopped.is_empty() {
            let names = self.named(std::iter::once(touch.customer))?;
            let (person, name) =
                names.get(&touch.customer).cloned().unwrap_or((touch.customer, String::new()));
            let (ja, en) = rule_words(&held.stopped);
            return Ok(Hand::Stopped { touch: touch.id, person, name, rule: held.stopped.clone(), ja, en });
        }
        let looked = self.look_at_calls(&[touch], around)?.pop().context("a call that is not there")?;
        Ok(Hand::Call(Box::new(self.card(looked, held.taken, by, around)?)))
    }

    fn card(&self, looked: Looked, taken: i64, by: &str, around: &Surroundings) -> Result<CallCard> {
        let store = &self.inner.store;
        let person = self.person(looked.person)?;
        let fields = self.script_fields(&looked, by, around)?;
        let (about, script, broken) = match read(&looked, &fields, around) {
            Ok((about, parts)) => (about, parts, None),
            Err(why) => (String::new(), vec![], Some(why.to_string())),
        };
        let calls = store.calls_of(looked.person)?;
        let contacts = if looked.company { self.contacts_of(looked.person)? } else { vec![] };
        let named = named_record(&looked.records);
        let place = named.map(|r| {
            let parts = [r.record.department.as_deref(), r.record.title.as_deref()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        });
        let no = looked.no.as_ref().map(|no| {
            let said = RuleSaid { rule: no.rule, allowed: false, ja: no.ja.clone(), en: no.en.clone() };
            (said, if let Again::From(at) = no.again { Some(at) } else { None })
        });
        let stored = &looked.campaign;
        Ok(CallCard {
            touch: looked.touch.id,
            campaign: stored.id,
            campaign_name: stored.campaign.name.clone(),
            step: stored
                .campaign
                .steps
                .get(usize::from(looked.touch.step))
                .map(|s| s.name.clone())
                .unwrap_or_default(),
            customer: looked.person,
            addressee: addressee(&fields),
            kana: named.map(|r| kana(&r.record.name)).unwrap_or_default(),
            company: looked.company,
            place: place.unwrap_or_default(),
            number: no.is_none().then_some(looked.number),
            taken,
            until: taken + HELD,
            rules: looked.rules,
            no,
            about,
            script,
            broken,
            met: met(&looked.records, &contacts, person.as_ref()),
            interests: person.as_ref().map(interests).unwrap_or_default(),
            missing: match looked.company {
                true => missing(&looked.records, &contacts, person.as_ref(), &calls),
                false => vec![],
            },
            contacts,
            pretexts: person.as_ref().map(|p| pretexts(p, fields.today)).unwrap_or_default(),
            unanswered: calls.iter().filter(|c| c.touch == looked.touch.id && c.result.unanswered()).count(),
            touches: self.touches_of(looked.person, TOUCHES)?,
            next: self.next_goods(&[looked.person])?.remove(&looked.person),
            a_minute: super::saying::cost_of(&around.settings, 1),
            calls,
            person,
        })
    }

    fn script_fields(&self, looked: &Looked, by: &str, around: &Surroundings) -> Result<Fields> {
        let bought = self.bought(&looked.campaign.campaign, &[looked.person])?;
        let customer = looked.touch.customer;
        let (step, variant) = (usize::from(looked.touch.step), usize::from(looked.touch.variant));
        let code = match looked.campaign.campaign.code_of(step, variant) {
            "" => self.codes(&looked.campaign, &[customer])?.remove(&customer),
            spoken => Some(spoken.to_owned()),
        };
        let fields = sending::fields(&looked.records, bought.get(&looked.person), code.as_deref(), around);
        let occasion = looked.campaign.campaign.occasion.clone();
        Ok(Fields { caller: by.to_owned(), occasion, ..fields })
    }
}

/// A script as it is read out: what it is about, and its parts.
type Read = (String, Vec<(String, String)>);

fn read(looked: &Looked, fields: &Fields, around: &Surroundings) -> Result<Read> {
    let (step, variant) = (usize::from(looked.touch.step), usize::from(looked.touch.variant));
    let script = campaigns::script(&looked.campaign.campaign, step, variant, &around.shop)?;
    let (about, parts) = script.print(fields)?;
    Ok((about, parts.into_iter().map(|p| (p.heading, p.text)).collect()))
}

/// The record whose name is spoken.
fn named_record(records: &[Stored]) -> Option<&Stored> {
    records.iter().find(|r| !r.record.mall && !r.record.phones.is_empty()).or(records.first())
}

fn addressee(fields: &Fields) -> String {
    let name = fields.name.full();
    match (fields.company.is_empty(), name.is_empty()) {
        (true, true) => "お客様".to_owned(),
        (true, false) => format!("{name} 様"),
        (false, true) => format!("{} 御中", fields.company),
        (false, false) => format!("{} {name} 様", fields.company),
    }
}

fn kana(name: &model::Name) -> String {
    format!("{} {}", name.family_kana, name.given_kana).trim().to_owned()
}

fn met(records: &[Stored], contacts: &[ContactPerson], person: Option<&PersonView>) -> Option<(Day, String)> {
    // What an operator wrote down says more than the day of a file.
    if let Some(met) = contacts.iter().filter_map(|c| Some((c.met_on?, c.met_at.clone()))).min() {
        return Some(met);
    }
    let of = |r: &Stored| Some((r.record.registered?, r.record.medium.clone().unwrap_or_default()));
    let registered = records.iter().filter_map(of).min();
    let first = person.and_then(|p| p.row.history.first_order).map(|day| {
        let medium = records.iter().find_map(|r| r.record.medium.clone());
        (day, medium.unwrap_or_default())
    });
    registered.into_iter().chain(first).min_by_key(|(day, _)| *day)
}

fn interests(person: &PersonView) -> Vec<(Day, String)> {
    let asked = person.activities.iter().filter(|a| a.kind == ActivityKind::Interest);
    asked
        .take(5)
        .map(|a| (a.day, if a.note.is_empty() { a.kind.ja().to_owned() } else { a.note.clone() }))
        .collect()
}

/// What a card of a company should say and does not.
pub(super) fn missing(
    records: &[Stored],
    contacts: &[ContactPerson],
    person: Option<&PersonView>,
    calls: &[StoredCall],
) -> Vec<(&'static str, &'static str)> {
    let has = |of: &dyn Fn(&model::Record) -> bool| records.iter().any(|r| of(&r.record));
    // Once contact persons are noted, only those still in place count.
    let noted = contacts.iter().any(|c| c.id.is_some());
    let here = |of: &dyn Fn(&ContactPerson) -> bool| {
        contacts.iter().filter(|c| c.state == PostState::InPlace).any(of)
    };
    let either = |person: bool, file: bool| if noted { person } else { person || file };
    let talked = calls.iter().any(|c| c.result == CallResult::Reached)
        || person.is_some_and(|p| p.activities.iter().any(|a| a.kind == ActivityKind::Contact));
    let interested = person.is_some_and(|p| p.activities.iter().any(|a| a.kind == ActivityKind::Interest));
    [
        (
            either(here(&|c| !c.name.is_empty()), has(&|r| !r.name.full().is_empty())),
            "担当の方のお名前",
            "the contact person's name",
        ),
        (either(here(&|c| !c.department.is_empty()), has(&|r| r.department.is_some())), "部署", "department"),
        (either(here(&|c| !c.title.is_empty()), has(&|r| r.title.is_some())), "役職", "title"),
        (
            either(here(&|c| !c.mail.is_empty()), has(&|r| r.email.is_some())),
            "メールアドレス",
            "mail address",
        ),
        (has(&|r| r.address.is_some()), "住所", "address"),
        (here(&|c| c.met_on.is_some()) || has(&|r| r.registered.is_some()), "出会った日", "when first met"),
        (
            here(&|c| !c.met_at.is_empty()) || has(&|r| r.medium.is_some()),
            "出会った場所・きっかけ",
            "where first met",
        ),
        (talked, "前回お話しした内容", "what was talked about last"),
        (interested || here(&|c| !c.interests.is_empty()), "ご興味", "interests"),
    ]
    .into_iter()
    .filter_map(|(known, ja, en)| (!known).then_some((ja, en)))
    .collect()
}

/// Reasons to call that are true today.
fn pretexts(person: &PersonView, today: Day) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Some((when, _)) = person.records.iter().find_map(|r| near(r.birthday?, today)) {
        let (_, m, d) = when.ymd();
        found.push((format!("お誕生日は{m}月{d}日です"), format!("birthday on {m}/{d}")));
    }
    if let Some((when, years)) =
        person.row.history.first_order.and_then(|first| near(first, today)).filter(|(_, y)| *y > 0)
    {
        let (_, m, d) = when.ymd();
        found.push((
            format!("{m}月{d}日で、初めてのご注文から{years}年です"),
            format!("{years} years since the first order on {m}/{d}"),
        ));
    }
    for balance in &person.balances {
        let left = balance.expires.map(|day| day.since(today));
        if let (Some(left @ 0..=SOON), true) = (left, balance.points.0 > 0) {
            let points = balance.points.0 / 100;
            found.push((
                format!("ポイント{points}が、あと{left}日で期限です"),
                format!("{points} points expire in {left} days"),
            ));
        }
    }
    if let Some(until) = person.row.outlook.and_then(|o| o.stock_until) {
        let (y, m, d) = until.ymd();
        match until.since(today) {
            0..=NEAR => found.push((
                format!("お手元の商品は{m}月{d}日ごろに使い切られる見込みです"),
                format!("goods at home are expected to last until {m}/{d}"),
            )),
            i32::MIN..0 => found.push((
                format!("お手元の商品は{y}年{m}月{d}日ごろに使い切られた見込みです"),
                format!("goods at home are expected to have lasted until {y}-{m:02}-{d:02}"),
            )),
            _ => {}
        }
    }
    found
}

/// The yearly return of a day that is near, and after how many years; 29 February is the 28th in other years.
fn near(day: Day, today: Day) -> Option<(Day, i32)> {
    let ((born, m, d), (year, ..)) = (day.ymd(), today.ymd());
    let of = |year: i32| {
        Day::from_ymd(year, m, d).or_else(|| Day::from_ymd(year, m, d - 1)).map(|day| (day, year - born))
    };
    (year - 1..=year + 1).filter_map(of).find(|(day, _)| day.since(today).abs() <= NEAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M105: an anniversary is told in the week around it.
    #[test]
    fn anniversaries_come_round() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        for (of, today, expected) in [
            ("1980-12-03", "2026-12-01", Some(("2026-12-03", 46))),
            ("1980-01-02", "2026-12-30", Some(("2027-01-02", 47))),
            ("1980-12-30", "2027-01-02", Some(("2026-12-30", 46))),
            ("2020-02-29", "2027-02-25", Some(("2027-02-28", 7))),
            ("1980-12-20", "2026-12-01", None),
        ] {
            let expected = expected.map(|(when, years)| (day(when), years));
            assert_eq!(near(day(of), day(today)), expected, "{of} {today}");
        }
    }
}
