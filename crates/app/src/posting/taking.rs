//! From touches to pieces: facts anew, clearance anew, words filled in, laid out; or why not.

use super::addressing::{addressed, unaddressed, unknown_code, words_of};
use super::kept::{Kept, faces, paper};
use crate::App;
use crate::campaigns::{Facts, Surroundings, sample_of, state_of};
use crate::sending::{self, Asked};
use anyhow::Result;
use clearance::{Again, Contact, Contender, Refusal, clear, contend};
use history::Snapshot;
use model::{Channel, Codes, Day, HeldCoupon, ReachFacts, StepKind, Touch, Trigger};
use outreach::PaperPress;
use outreach::post::Piece;
use outreach::post::address::{Checked, Directory};
use outreach::post::pdf::{Faces, preflight};
use response::Token;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Bought, Stored, StoredCampaign};

/// A piece that is due and cannot go as it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HeldPiece {
    pub touch: i64,
    /// The person it is for.
    pub customer: i64,
    pub name: String,
    /// `address`, `print`, `words`, or the id of a rule.
    pub rule: String,
    pub ja: String,
    pub en: String,
    /// It will not go, by a rule; else it waits in line until it is put right.
    pub skipped: bool,
}

/// What becomes of one touch.
pub(super) enum Taken {
    Ready(Box<Piece>),
    /// Skipped for good.
    Skip(HeldPiece, &'static str),
    /// Back in line until this moment.
    Wait(HeldPiece, i64),
}

/// What is the same for every piece of a step.
pub(super) struct Table<'a> {
    app: &'a App,
    pub around: Surroundings,
    pub stored: Arc<StoredCampaign>,
    pub step: u16,
    pub kept: Kept,
    snapshot: Arc<Snapshot>,
    faces: Option<Faces>,
    directory: Option<Directory>,
    presses: BTreeMap<u8, PaperPress>,
}

/// Everything known of the people of some touches.
struct People {
    /// Customer as assigned -> the person they are now.
    persons: BTreeMap<i64, i64>,
    facts: Facts,
    records: BTreeMap<i64, Vec<Stored>>,
    bought: BTreeMap<i64, Bought>,
    open: BTreeMap<i64, Vec<Contender>>,
    codes: BTreeMap<i64, String>,
    kept_away: BTreeMap<i64, &'static str>,
    /// When they entered a campaign with a trigger.
    entered: BTreeMap<i64, Day>,
    /// Coupons that people hold in the cart, where the campaign speaks of them.
    held: BTreeMap<i64, Vec<HeldCoupon>>,
}

impl<'a> Table<'a> {
    pub fn open(app: &'a App, stored: Arc<StoredCampaign>, step: u16, kept: Kept) -> Result<Table<'a>> {
        let around = app.surroundings(app.now(), false)?;
        let faces = match kept.job()? {
            Some(_) => Some(faces(&around.settings)?),
            None => None,
        };
        let mut presses = BTreeMap::new();
        for variant in stored.campaign.variant_numbers() {
            let press = paper(&stored.campaign, usize::from(step), variant, &around.shop)?;
            presses.insert(u8::try_from(variant).unwrap_or(u8::MAX), press);
        }
        Ok(Table {
            snapshot: app.judged()?,
            directory: app.directory()?,
            app,
            around,
            stored,
            step,
            kept,
            faces,
            presses,
        })
    }

    /// What becomes of each of these touches, in their order. Codes are only made where `for_real`.
    pub fn take(&self, touches: &[Touch], for_real: bool) -> Result<Vec<Taken>> {
        let people = self.people(touches, for_real)?;
        let mut taken: Vec<Taken> =
            touches.iter().map(|touch| self.one(touch, &people)).collect::<Result<_>>()?;
        self.lay_out(touches, &mut taken, &people)?;
        Ok(taken)
    }

    fn people(&self, touches: &[Touch], for_real: bool) -> Result<People> {
        let store = &self.app.inner.store;
        let customers: Vec<i64> = touches.iter().map(|t| t.customer).collect();
        let persons = store.persons(&customers)?;
        let mut people: Vec<i64> = persons.values().copied().collect();
        people.sort_unstable();
        people.dedup();
        let mut open: BTreeMap<i64, Vec<Contender>> = BTreeMap::new();
        for (person, touch, value) in store.open_touches(&people)? {
            let due = touch.due.max(self.around.now);
            let contender = Contender { id: touch.id, channel: touch.channel, due, value, apology: false };
            open.entry(person).or_default().push(contender);
        }
        let campaign = &self.stored.campaign;
        let entered = match self.stored.plan.filter(|_| campaign.enter.is_some()) {
            Some(plan) => store.entered(plan, &customers)?,
            None => BTreeMap::new(),
        };
        let held = match campaign.enter.as_ref().map(|enter| enter.when) {
            Some(Trigger::CouponEnd) => store.held_coupons(&people)?,
            _ => BTreeMap::new(),
        };
        let kept_away = self.kept_away(&customers, &persons, &entered)?;
        Ok(People {
            codes: self.codes(&customers, &kept_away, for_real)?,
            facts: self.app.facts(Some(&people), self.around.now)?,
            records: store.records_of(&people)?,
            bought: self.app.bought(campaign, &people)?,
            persons,
            open,
            kept_away,
            entered,
            held,
        })
    }

    /// Whom the step's conditions keep away by now: customer -> rule.
    fn kept_away(
        &self,
        customers: &[i64],
        persons: &BTreeMap<i64, i64>,
        entered: &BTreeMap<i64, Day>,
    ) -> Result<BTreeMap<i64, &'static str>> {
        let campaign = &self.stored.campaign;
        let Some(step) = campaign.steps.get(usize::from(self.step)) else { return Ok(BTreeMap::new()) };
        let rooted = self.stored.rooted.unwrap_or(self.around.now);
        let mut since: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for customer in customers {
            let day = entered.get(customer).map(|day| self.around.settings.moment(*day, 0));
            since.entry(day.unwrap_or(rooted)).or_default().push(*customer);
        }
        let mut kept = BTreeMap::new();
        let person = |customer: &i64| persons.get(customer).copied().unwrap_or(*customer);
        for (since, customers) in since {
            let people: Vec<i64> = customers.iter().map(person).collect();
            let asked = Asked { step, customers: &customers, people: &people, since };
            let who = self.app.kept_away(&self.stored, &asked, &self.around)?;
            let rule = |c: &i64| who.get(c).or_else(|| who.get(&person(c))).copied();
            kept.extend(customers.iter().filter_map(|c| Some((*c, rule(c)?))));
        }
        Ok(kept)
    }

    /// The code of each who gets a piece; what stands for it where it is not `for_real`.
    fn codes(
        &self,
        customers: &[i64],
        kept_away: &BTreeMap<i64, &'static str>,
        for_real: bool,
    ) -> Result<BTreeMap<i64, String>> {
        let Some(offer) = self.stored.campaign.offer.as_ref() else { return Ok(BTreeMap::new()) };
        // A code of the list is given once: nobody uses one up who gets no piece.
        let stay: Vec<i64> = customers.iter().copied().filter(|c| !kept_away.contains_key(c)).collect();
        let codes = match offer.codes {
            Codes::Unique if for_real => self.app.coupons_of(self.stored.id, &offer.code, &stay)?,
            Codes::Listed if for_real => {
                return Ok(self.app.inner.store.give_codes(self.stored.id, &stay, self.around.now)?);
            }
            codes => vec![sample_of(codes, &offer.code); stay.len()].into_iter().flatten().collect(),
        };
        Ok(stay.into_iter().zip(codes).collect())
    }

    fn one(&self, touch: &Touch, people: &People) -> Result<Taken> {
        let Some(person) = people.persons.get(&touch.customer).copied() else {
            return Ok(self.skip(touch, touch.customer, String::new(), "no_address"));
        };
        let records = people.records.get(&person).map_or(&[][..], Vec::as_slice);
        let name = records.first().map(|r| r.record.name.full()).unwrap_or_default();
        if let Some(rule) = people.kept_away.get(&touch.customer) {
            return Ok(self.skip(touch, person, name, rule));
        }
        let at = |r: &&Stored| {
            r.record.destination(Channel::Post).is_some_and(|(key, _)| key.0 == touch.destination)
        };
        // It goes where it was made for, or nowhere.
        let Some(stored) = records.iter().find(at) else {
            return Ok(self.skip(touch, person, name, "moved"));
        };
        if let Err(refusal) = self.cleared(touch, person, stored, people) {
            return Ok(self.refused(touch, person, name, &refusal));
        }
        self.piece(touch, person, name, stored, records, people)
    }

    /// Clears a touch with all that is known of its person now.
    fn cleared(&self, touch: &Touch, person: i64, stored: &Stored, people: &People) -> Result<(), Refusal> {
        let (nobody, nothing) = (ReachFacts::default(), Vec::<Contact>::new());
        let contacts = people.facts.contacts.get(&person).unwrap_or(&nothing);
        let row = self.snapshot.row(person);
        let step = self.stored.campaign.steps.get(usize::from(self.step));
        let apology = step.is_some_and(|s| s.kind == StepKind::Apology);
        let reach = people.facts.reach.get(&person).unwrap_or(&nobody);
        let case = self.around.case(reach, contacts, state_of(row.as_ref()), false, apology);
        let address = stored.record.destination(Channel::Post).map(|(_, to)| to).unwrap_or_default();
        clear(touch.id, Channel::Post, &address, &case)?;
        let open = people.open.get(&person).filter(|_| !apology);
        let answers = open.map(|open| contend(contacts, open, case.caps)).unwrap_or_default();
        match answers.into_iter().find(|(id, _)| *id == touch.id) {
            Some((_, Err(refusal))) => Err(refusal),
            _ => Ok(()),
        }
    }

    fn refused(&self, touch: &Touch, person: i64, name: String, refusal: &Refusal) -> Taken {
        let (ja, en) = (refusal.ja.clone(), refusal.en.clone());
        let held = |skipped| HeldPiece {
            touch: touch.id,
            customer: person,
            name: name.clone(),
            rule: refusal.rule.id.to_owned(),
            ja: ja.clone(),
            en: en.clone(),
            skipped,
        };
        let patience = i64::from(self.stored.campaign.late_hours) * 3_600;
        match refusal.again {
            Again::From(at) if at - self.around.now <= patience => Taken::Wait(held(false), at),
            Again::WhenMended => Taken::Wait(held(false), touch.due),
            Again::From(_) | Again::Never => Taken::Skip(held(true), refusal.rule.id),
        }
    }

    fn skip(&self, touch: &Touch, customer: i64, name: String, rule: &'static str) -> Taken {
        let (ja, en) = words_of(rule);
        let held =
            HeldPiece { touch: touch.id, customer, name, rule: rule.to_owned(), ja, en, skipped: true };
        Taken::Skip(held, rule)
    }

    /// The piece with its words, not laid out yet.
    fn piece(
        &self,
        touch: &Touch,
        person: i64,
        name: String,
        stored: &Stored,
        records: &[Stored],
        people: &People,
    ) -> Result<Taken> {
        let held = |rule: &str, ja: String, en: String| HeldPiece {
            touch: touch.id,
            customer: person,
            name: name.clone(),
            rule: rule.to_owned(),
            ja,
            en,
            skipped: false,
        };
        let record = &stored.record;
        let (piece, checked) = addressed(record, self.directory.as_ref());
        if let (Some(Checked::UnknownCode { suggestion }), false) = (&checked, record.company.is_some()) {
            let (ja, en) = unknown_code(&piece.postal_code, suggestion.as_deref());
            return Ok(Taken::Wait(held("address", ja, en), touch.due));
        }
        let campaign = &self.stored.campaign;
        let bought = people.bought.get(&person);
        let held_now = people.held.get(&person).map_or(&[][..], Vec::as_slice);
        let entered = people.entered.get(&touch.customer).copied();
        let none = Bought::default();
        let told = sending::told(campaign, entered, bought.unwrap_or(&none), held_now, &self.around);
        let told = match told {
            Ok(told) => told,
            Err(rule) => return Ok(self.skip(touch, person, name, rule)),
        };
        let code = match campaign.code_of(usize::from(touch.step), usize::from(touch.variant)) {
            "" => people.codes.get(&touch.customer).map(String::as_str),
            own => Some(own),
        };
        let fields = told.on(sending::fields(records, bought, code, &self.around));
        let Some(press) = self.presses.get(&touch.variant).or_else(|| self.presses.values().next()) else {
            return Ok(Taken::Wait(
                held("words", "文面がありません".into(), "there are no words".into()),
                touch.due,
            ));
        };
        let message = match press.print(&fields) {
            Ok(message) => message,
            Err(why) => {
                let text = why.to_string();
                let (ja, en) = text.split_once(" / ").unwrap_or((&text, &text));
                return Ok(Taken::Wait(held("words", ja.to_owned(), en.to_owned()), touch.due));
            }
        };
        let qr_url = self.qr_url(touch, press)?;
        Ok(Taken::Ready(Box::new(Piece { qr_url, message, ..piece })))
    }

    /// The address of the customers' door that counts the scan as this touch's click; where clicks are
    /// not counted, the target itself; nothing where there is neither.
    fn qr_url(&self, touch: &Touch, press: &PaperPress) -> Result<String> {
        let shop = &self.around.shop;
        if shop.public_url.is_empty() || !self.stored.campaign.tracking.clicks {
            return Ok(press.links().first().cloned().unwrap_or_else(|| shop.site.clone()));
        }
        let token = self.app.keys()?.sign(Token::Click { touch: touch.id, link: 0 });
        Ok(format!("{}/c/{token}", shop.public_url.trim_end_matches('/')))
    }

    /// Lays out what is ready: what does not fit or has no glyph waits.
    fn lay_out(&self, touches: &[Touch], taken: &mut [Taken], people: &People) -> Result<()> {
        let mut places = vec![];
        let mut pieces: Vec<Piece> = vec![];
        for (at, one) in taken.iter().enumerate() {
            if let Taken::Ready(piece) = one {
                places.push(at);
                pieces.push(Piece { reference: "0000-00000".to_owned(), ..(**piece).clone() });
            }
        }
        let faults: Vec<(usize, Vec<String>)> = match (self.kept.job()?, &self.faces) {
            (Some(job), Some(faces)) => {
                let held = preflight(&pieces, self.kept.imprint(), &job, faces).into_iter();
                held.map(|held| (held.piece, held.faults.iter().map(ToString::to_string).collect())).collect()
            }
            _ => unaddressed(&pieces),
        };
        for (piece, said) in faults {
            let Some((touch, place)) = places.get(piece).and_then(|at| Some((touches.get(*at)?, *at))) else {
                continue;
            };
            let part = |last: bool| {
                let one = |text: &String| match text.split_once(" / ") {
                    Some((ja, en)) => {
                        if last {
                            en.to_owned()
                        } else {
                            ja.to_owned()
                        }
                    }
                    None => text.clone(),
                };
                said.iter().map(one).collect::<Vec<_>>().join(if last { "; " } else { "。" })
            };
            let person = people.persons.get(&touch.customer).copied().unwrap_or(touch.customer);
            let held = HeldPiece {
                touch: touch.id,
                customer: person,
                name: pieces.get(piece).map(|p| p.name.clone()).unwrap_or_default(),
                rule: "print".to_owned(),
                ja: part(false),
                en: part(true),
                skipped: false,
            };
            taken[place] = Taken::Wait(held, touch.due);
        }
        Ok(())
    }
}
