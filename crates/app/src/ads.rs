//! Audiences for ad platforms: whom a campaign shows its ads, whom no ad should be wasted on, and whom
//! new customers should be like (M110, M111; L-17, L-18, L-45).
//!
//! The ledger is the truth and a file its copy: what is due is cleared and written down first, and the
//! file is made of what was written. So the same export twice is the same file and nobody's second
//! touch; and whoever said no since the first is missing from the second.

use crate::campaigns::state_of;
use crate::sending::Journal;
use crate::{App, rule_words};
use anyhow::{Result, bail, ensure};
use clearance::{Again, Contact, clear};
use model::{Channel, Day, ReachFacts, Touch};
use outreach::{AdFile, AdPerson, AdPlatform, ad_platform, ad_platforms};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use store::{Stored, destinations_of};

/// Rows of one transaction: an opt-out waits for one of these at most.
const CHUNK: usize = 500;
/// Days within which somebody came back.
const BACK_DAYS: i32 = 365;
/// Most customers of a seed: the best of those who came back.
const SEED: usize = 10_000;

/// What came of an export.
#[derive(Clone, Debug)]
pub struct AdsExport {
    pub platform: AdPlatform,
    pub files: Vec<AdFile>,
    /// Customers in it, whether or not a platform can match them.
    pub people: u64,
    /// Touches written down just now: 0 where the same was exported before.
    pub new: u64,
    /// Who is left out: (rule, customers, Japanese, English), the most first.
    pub left_out: Vec<(String, u64, String, String)>,
    /// What to know before uploading: Japanese, English.
    pub notes: Vec<(String, String)>,
}

/// How many touches of a campaign wait for an export, and how many were exported.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize)]
pub struct AdsWaiting {
    pub due: u64,
    pub exported: u64,
}

/// A touch that stays, and its rule.
type Stays = (i64, &'static str);

/// A person of an audience, or why they are in none.
type Judged = BTreeMap<i64, Result<AdPerson, &'static str>>;

impl App {
    /// The platforms: name and label.
    pub fn ad_platforms(&self) -> Vec<(String, String)> {
        ad_platforms().into_iter().map(|p| (p.name, p.label)).collect()
    }

    /// Touches by ads of a campaign.
    pub fn ads_waiting(&self, campaign: i64) -> Result<AdsWaiting> {
        let store = &self.inner.store;
        let due = store.due_for_ads(campaign, self.now())?.len() as u64;
        Ok(AdsWaiting { due, exported: store.audience(Some(campaign))?.len() as u64 })
    }

    /// The audience of a campaign for a platform: writes down as sent whoever is due and cleared.
    pub fn export_audience(&self, campaign: i64, platform: &str, by: &str) -> Result<AdsExport> {
        let platform = known(platform)?;
        ensure!(!by.trim().is_empty(), "an export needs the name of the operator: --by NAME");
        self.compare_journal()?;
        let store = &self.inner.store;
        let due = store.due_for_ads(campaign, self.now())?;
        let mut left_out: BTreeMap<&'static str, u64> = BTreeMap::new();
        let mut new = 0;
        let mut journal = Journal::open(self.data_dir(), self.generation()?)?;
        for some in due.chunks(CHUNK) {
            let (go, stay) = self.clear_for_ads(some)?;
            store.skip_audience(&stay, self.now())?;
            let worker = format!("ads:{}", by.trim());
            let written = store.hand_over_audience(&go, &worker, &platform.name, self.now())?;
            journal.note(&written)?;
            new += written.len() as u64;
            stay.iter().for_each(|(_, rule)| *left_out.entry(*rule).or_default() += 1);
        }
        let people = self.judge_for_ads(&self.people_of(&store.audience(Some(campaign))?)?)?;
        let (people, refused) = parted(people);
        refused.into_iter().for_each(|rule| *left_out.entry(rule).or_default() += 1);
        self.finish_all(self.now())?;
        let what = format!("campaign {campaign}, {}", platform.name);
        self.note_access(by, "file", None, Some(people.len() as u64), &what)?;
        Ok(export(platform, people, new, left_out))
    }

    /// Whom no ad should be wasted on: customers who buy as it is; with them those who were uploaded before
    /// and may not be any longer, so that the platform forgets them. Nobody else's refusal is uploaded.
    pub fn export_suppressed(&self, platform: &str) -> Result<AdsExport> {
        let platform = known(platform)?;
        let snapshot = self.judged()?;
        let selection = snapshot.select("state = 'active'")?;
        let active: Vec<i64> =
            selection.iter().map(|index| snapshot.row_at(index).history.customer).collect();
        let (mut people, refused) = parted(self.judge_for_ads(&active)?);
        let mut left_out: BTreeMap<&'static str, u64> = BTreeMap::new();
        refused.into_iter().for_each(|rule| *left_out.entry(rule).or_default() += 1);
        let uploaded = self.people_of(&self.inner.store.audience(None)?)?;
        let gone: Vec<i64> =
            self.judge_for_ads(&uploaded)?.into_iter().filter(|(_, j)| j.is_err()).map(|(p, _)| p).collect();
        let removed = gone.len();
        for records in self.inner.store.records_of(&gone)?.values() {
            people.push(person_of(records));
        }
        let mut export = export(platform, people, 0, left_out);
        if removed > 0 {
            export.notes.push((
                format!("うち{removed}人は、以前に渡した方で、いまは渡せない方です。この一覧で配信先から外してください。"),
                format!("{removed} of them were uploaded before and may not be any longer: exclude them by this list."),
            ));
        }
        Ok(export)
    }

    /// Whom new customers should be like: the best of those who came back within a year after falling
    /// asleep, by what they spent. Fails where they are fewer than the platform takes.
    pub fn export_seed(&self, platform: &str) -> Result<AdsExport> {
        let platform = known(platform)?;
        let back = self.came_back()?;
        let (people, refused) = parted(self.judge_for_ads(&back)?);
        let mut left_out: BTreeMap<&'static str, u64> = BTreeMap::new();
        refused.into_iter().for_each(|rule| *left_out.entry(rule).or_default() += 1);
        let export = export(platform, people, 0, left_out);
        let (rows, least) =
            (export.files.iter().map(|f| f.rows).max().unwrap_or(0), export.platform.seed_least);
        if rows < least {
            bail!(
                "元にできる方が{rows}人で、{}の下限{least}人に足りません (only {rows} customers who came back may be \
                 uploaded; {} takes a seed of {least} or more)",
                export.platform.label,
                export.platform.name
            );
        }
        Ok(export)
    }

    /// Customers who ordered again within a year after a gap beyond their line of dormancy, the highest
    /// spend first.
    fn came_back(&self) -> Result<Vec<i64>> {
        let snapshot = self.judged()?;
        let selection = snapshot.select(&format!("n_orders >= 2 AND days_silent <= {BACK_DAYS}"))?;
        let rows = selection.iter().map(|index| snapshot.row_at(index));
        let lines: BTreeMap<i64, (i32, i64)> =
            rows.map(|r| (r.history.customer, (r.judgement.dormant_line, r.history.spend.0))).collect();
        let people: Vec<i64> = lines.keys().copied().collect();
        let since = Day(snapshot.as_of().0 - BACK_DAYS);
        let pending = self.settings()?.pending_counts;
        let mut back: Vec<(i64, i64)> = Vec::new();
        for some in people.chunks(1_000) {
            let mut days: BTreeMap<i64, BTreeSet<Day>> = BTreeMap::new();
            self.inner.store.order_days(some, pending, &mut |person, day| {
                days.entry(person).or_default().insert(day);
            })?;
            for (person, days) in days {
                let Some((line, spend)) = lines.get(&person).copied() else { continue };
                let gaps = days.iter().zip(days.iter().skip(1));
                if gaps.into_iter().any(|(before, after)| *after >= since && after.0 - before.0 > line) {
                    back.push((spend, person));
                }
            }
        }
        back.sort_unstable_by_key(|(spend, person)| (std::cmp::Reverse(*spend), *person));
        Ok(back.into_iter().take(SEED).map(|(_, person)| person).collect())
    }

    /// The people whom touches belong to now, ascending, each once.
    fn people_of(&self, touches: &[Touch]) -> Result<Vec<i64>> {
        let customers: Vec<i64> = touches.iter().map(|t| t.customer).collect();
        let mut people: Vec<i64> = self.inner.store.persons(&customers)?.into_values().collect();
        people.sort_unstable();
        people.dedup();
        Ok(people)
    }

    /// Which of these touches may be uploaded, and which are skipped by which rule. What may go later waits.
    fn clear_for_ads(&self, touches: &[Touch]) -> Result<(Vec<i64>, Vec<Stays>)> {
        let around = self.surroundings(self.now(), false)?;
        let snapshot = self.judged()?;
        let customers: Vec<i64> = touches.iter().map(|t| t.customer).collect();
        let persons = self.inner.store.persons(&customers)?;
        let people = self.people_of(touches)?;
        let facts = self.facts(Some(&people), around.now)?;
        let judged = self.judge_for_ads(&people)?;
        let (nobody, nothing) = (ReachFacts::default(), Vec::<Contact>::new());
        let (mut go, mut stay) = (Vec::new(), Vec::new());
        for touch in touches {
            let Some(person) = persons.get(&touch.customer) else {
                stay.push((touch.id, "no_address"));
                continue;
            };
            if let Some(Err(rule)) = judged.get(person) {
                stay.push((touch.id, *rule));
                continue;
            }
            let reach = facts.reach.get(person).unwrap_or(&nobody);
            let contacts = facts.contacts.get(person).unwrap_or(&nothing);
            let case = around.case(reach, contacts, state_of(snapshot.row(*person).as_ref()), false, false);
            match clear(touch.id, Channel::Ads, "-", &case) {
                Ok(_) => go.push(touch.id),
                Err(refusal) if refusal.again == Again::Never => stay.push((touch.id, refusal.rule.id)),
                Err(_) => {}
            }
        }
        Ok((go, stay))
    }

    /// What a platform may match people by; or the rule by which it gets nothing of them: no permission
    /// (L-17), a minor or something sensitive (L-45).
    fn judge_for_ads(&self, people: &[i64]) -> Result<Judged> {
        let store = &self.inner.store;
        let today = self.today()?;
        let mut judged = Judged::new();
        for some in people.chunks(1_000) {
            let sensitive = store.bought_sensitive(some)?;
            let records = store.records_of(some)?;
            self.reach_facts(Some(some), &mut |facts| {
                let person = facts.customer;
                let records = records.get(&person).map_or(&[][..], Vec::as_slice);
                let verdict = clearance::reach(&facts).into_iter().find(|(c, _)| *c == Channel::Ads);
                let answer = match verdict {
                    Some((_, Err(rule))) => Err(rule.id),
                    _ if sensitive.binary_search(&person).is_ok() || is_minor(records, today) => Err("L-45"),
                    _ => Ok(person_of(records)),
                };
                judged.insert(person, answer);
            })?;
        }
        Ok(judged)
    }
}

fn known(platform: &str) -> Result<AdPlatform> {
    let names = || ad_platforms().into_iter().map(|p| p.name).collect::<Vec<_>>().join(", ");
    ad_platform(platform)
        .ok_or_else(|| anyhow::anyhow!("there is no platform '{platform}'; there are {}", names()))
}

fn parted(judged: Judged) -> (Vec<AdPerson>, Vec<&'static str>) {
    let (mut people, mut refused) = (Vec::new(), Vec::new());
    for (_, answer) in judged {
        match answer {
            Ok(person) => people.push(person),
            Err(rule) => refused.push(rule),
        }
    }
    (people, refused)
}

/// Somebody who may not be 18 yet by any birthday that is known of them.
fn is_minor(records: &[Stored], today: Day) -> bool {
    let (year, month, day) = today.ymd();
    let adult_since = Day::from_ymd(year - 18, month, day).unwrap_or(Day(today.0 - 6_575));
    records.iter().filter_map(|r| r.record.birthday).any(|born| born > adult_since)
}

/// What a platform may match a person by: where they are reached outside malls.
fn person_of(records: &[Stored]) -> AdPerson {
    let to = |channel| destinations_of(records, channel).next().map(|(_, to)| to);
    let own = || records.iter().filter(|r| !r.record.mall).map(|r| &r.record);
    let name = own().map(|r| &r.name).find(|n| !n.full().is_empty());
    AdPerson {
        mail: to(Channel::Mail),
        phone: to(Channel::Sms).or_else(|| to(Channel::Phone)),
        family: name.map(|n| n.family.clone()).unwrap_or_default(),
        given: name.map(|n| n.given.clone()).unwrap_or_default(),
        postal: own().find_map(|r| r.postal.clone()),
    }
}

fn export(
    platform: AdPlatform,
    people: Vec<AdPerson>,
    new: u64,
    left_out: BTreeMap<&'static str, u64>,
) -> AdsExport {
    let files = platform.files(&people);
    let mut notes = Vec::new();
    if platform.abroad {
        let (ja, en) = rule_words("L-18");
        notes.push((format!("{ja} (L-18)"), format!("{en} (L-18)")));
    }
    if !platform.unverified.is_empty() {
        let columns = platform.unverified.join(", ");
        notes.push((
            format!("{columns} の形式は確かめられていません。初めて渡す前に、{}のヘルプとくらべてください。", platform.label),
            format!("the format of {columns} was not verified: compare it with the platform's help before the first upload"),
        ));
    }
    for file in files.iter().filter(|f| f.rows < platform.least) {
        let (rows, least) = (file.rows, platform.least);
        notes.push((
            format!("{rows}件です。{}は{least}件に満たない一覧を使えないことがあります。", platform.label),
            format!("{rows} rows: {} may refuse fewer than {least}", platform.name),
        ));
    }
    let mut left_out: Vec<(String, u64, String, String)> = left_out
        .into_iter()
        .map(|(rule, n)| {
            let (ja, en) = rule_words(rule);
            (rule.to_owned(), n, ja, en)
        })
        .collect();
    left_out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    if left_out.iter().any(|(rule, ..)| rule == "L-17") {
        notes.push((
            "広告への提供には、ご本人の同意か、委託として整理した旨の宣言が要ります: mezame reach attest --channel ads --basis entrusted --by 氏名 --wording 委託契約の名称と確認した日".to_owned(),
            "an upload needs each customer's consent, or a statement that the platform works on the shop's behalf: mezame reach attest --channel ads --basis entrusted --by NAME --wording \"the contract, and the day it was reviewed\"".to_owned(),
        ));
    }
    AdsExport { people: people.len() as u64, files, platform, new, left_out, notes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Record;

    #[test]
    fn l45_eighteen_is_counted_to_the_day() {
        let born = |y, m, d| {
            let record = Record { birthday: Day::from_ymd(y, m, d), ..Record::default() };
            vec![Stored { id: 1, customer: 1, source: String::new(), record }]
        };
        let today = Day::from_ymd(2026, 11, 22).unwrap();
        for (y, m, d, minor) in [
            (2008, 11, 22, false),
            (2008, 11, 23, true),
            (2008, 11, 21, false),
            (2015, 1, 1, true),
            (1990, 1, 1, false),
        ] {
            assert_eq!(is_minor(&born(y, m, d), today), minor, "{y}-{m}-{d}");
        }
        assert!(!is_minor(&[], today));
        let leap = Day::from_ymd(2028, 2, 29).unwrap();
        assert!(is_minor(&born(2010, 3, 1), leap) && !is_minor(&born(2010, 2, 28), leap));
    }
}
