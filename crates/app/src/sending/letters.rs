//! From claimed touches to letters: facts anew, clearance anew, words filled in.

use super::balance;
use super::clerk::Clerk;
use super::firing::Asked;
use super::gates::Gates;
use crate::campaigns::{Facts, Surroundings, press, state_of};
use crate::refreshing::refresh_url;
use crate::surveys::survey_url;
use crate::{App, Sending};
use anyhow::Result;
use clearance::{Again, ClearedTouch, Contact, Contender, clear, contend};
use history::Snapshot;
use model::{Channel, Codes, Day, HeldCoupon, ReachFacts, ShopProfile, StepKind, Touch, Trigger};
use outreach::{Fields, Heading, Letter, Links, Press, Signer, compose, sign};
use response::{Keys, Token};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::{Bought, Ended, Entry, LetterOf, StoredCampaign, destination_of};

/// A touch that is cleared and has its words; a connection may carry it.
pub(crate) struct Ready {
    pub touch: Touch,
    pub cleared: ClearedTouch,
    /// It may have arrived at an earlier try, and may be tried again up to this moment (Unix seconds).
    pub open_until: Option<i64>,
    fields: Fields,
    press: Arc<Press>,
    campaign: Arc<StoredCampaign>,
}

/// What is the same for every letter until the settings change.
pub(crate) struct Desk {
    pub sending: Sending,
    pub gates: Arc<Gates>,
    keys: Keys,
    /// The survey that letters lead to.
    survey: i64,
    signers: Vec<Signer>,
    from_name: String,
    public_url: String,
    contact: String,
    zone_minutes: i32,
}

/// Compiled words by campaign, step, variant and channel.
#[derive(Default)]
pub(crate) struct Presses {
    shop: ShopProfile,
    presses: HashMap<LetterOf, Arc<Press>>,
}

/// The domain's own key, if the shop signs.
pub(crate) fn dkim(app: &App, sending: &Sending) -> Result<Vec<Signer>> {
    match (&app.inner.secrets.dkim_key, sending.dkim_selector.as_str()) {
        (_, "") | (None, _) => Ok(vec![]),
        (Some(pem), selector) => Ok(vec![Signer::from_pem(sending.domain(), selector, pem)?]),
    }
}

impl Desk {
    pub fn open(app: &App, around: &Surroundings, gates: Arc<Gates>) -> Result<Desk> {
        let sending = around.settings.sending.clone();
        let zone =
            around.settings.tz().to_offset(jiff::Timestamp::from_second(around.now).unwrap_or_default());
        Ok(Desk {
            keys: app.keys()?,
            survey: app.survey_in_force()?,
            signers: dkim(app, &sending)?,
            from_name: around.shop.name.clone(),
            public_url: around.shop.public_url.trim_end_matches('/').to_owned(),
            contact: around.shop.contact.clone(),
            zone_minutes: zone.seconds() / 60,
            gates,
            sending,
        })
    }

    /// The letter of a touch as a whole mail, signed, and its return path.
    pub fn mail(&self, ready: &Ready, now: i64) -> Result<(String, Vec<u8>)> {
        let touch = ready.touch.id;
        let letter = self.letter(ready, now)?;
        let bounce = self.keys.sign(Token::Bounce { touch });
        let return_path = format!("bounce+{bounce}@{}", self.sending.bounces_to());
        let stop = self.stop_url(&ready.touch);
        let id = self.keys.message_id(touch, self.sending.domain());
        let heading = Heading {
            from_name: &self.from_name,
            from: &self.sending.from,
            reply_to: &self.sending.reply_to,
            message_id: id.trim_matches(['<', '>']),
            unsubscribe_url: stop.as_deref().unwrap_or(""),
            unsubscribe_mail: &return_path,
            list_id: &format!("campaign{}.{}", ready.touch.campaign, self.sending.domain()),
            feedback_id: &format!("{}:{}:mezame", ready.touch.campaign, ready.touch.step),
            now,
            zone_minutes: self.zone_minutes,
        };
        let mail = compose(&ready.cleared, &heading, &letter);
        let mail = if self.signers.is_empty() { mail } else { sign(&self.signers, &mail, now)? };
        Ok((return_path, mail))
    }

    /// A letter as tried on the shop's own mailbox: marked, and of no touch.
    pub fn trial(&self, to: &ClearedTouch, letter: &crate::Letter, now: i64) -> Result<(String, Vec<u8>)> {
        let id = self.keys.message_id(0, self.sending.domain());
        let stop = format!("{}/u/preview", self.public_url);
        let heading = Heading {
            from_name: &self.from_name,
            from: &self.sending.from,
            reply_to: &self.sending.reply_to,
            message_id: id.trim_matches(['<', '>']),
            unsubscribe_url: if self.public_url.is_empty() { "" } else { &stop },
            unsubscribe_mail: &self.sending.from,
            list_id: "",
            feedback_id: "",
            now,
            zone_minutes: self.zone_minutes,
        };
        let letter = Letter {
            subject: format!("【テスト送信】{}", letter.subject),
            preheader: letter.preheader.clone(),
            html: letter.html.clone(),
            text: letter.text.clone(),
            button: None,
        };
        let mail = compose(to, &heading, &letter);
        let mail = if self.signers.is_empty() { mail } else { sign(&self.signers, &mail, now)? };
        Ok((self.sending.from.clone(), mail))
    }

    fn stop_url(&self, touch: &Touch) -> Option<String> {
        let token = Token::OptOut { touch: touch.id, channel: touch.channel };
        (!self.public_url.is_empty()).then(|| format!("{}/u/{}", self.public_url, self.keys.sign(token)))
    }

    /// What a gateway knows a touch by: the same for every attempt at it, and nobody else's.
    pub fn reference(&self, touch: i64) -> String {
        self.keys.sign(Token::Letter { touch })
    }

    /// The words of a touch, filled in.
    pub fn letter(&self, ready: &Ready, now: i64) -> Result<Letter> {
        let touch = ready.touch.id;
        let open = !self.public_url.is_empty();
        let tracking = ready.campaign.campaign.tracking;
        let brief = matches!(ready.touch.channel, Channel::Sms | Channel::Line);
        // Every character of an SMS is paid for.
        let sign = |token| if brief { self.keys.sign_short(token) } else { self.keys.sign(token) };
        let at = |place: &str, token: Token| format!("{}/{place}/{}", self.public_url, sign(token));
        let click =
            |link: usize| at("c", Token::Click { touch, link: u16::try_from(link).unwrap_or(u16::MAX) });
        let mail = format!(
            "mailto:bounce+{}@{}?subject=unsubscribe",
            self.keys.sign(Token::Bounce { touch }),
            self.sending.bounces_to()
        );
        let links = Links {
            click: (open && tracking.clicks).then_some(&click),
            pixel: (open && tracking.opens).then(|| at("o", Token::Open { touch })),
            trap: (open && tracking.clicks).then(|| at("c", Token::Trap { touch })),
            unsubscribe: match (brief, open) {
                (true, true) => at("u", Token::OptOut { touch, channel: ready.touch.channel }),
                (true, false) => self.contact.clone(),
                (false, _) => self.stop_url(&ready.touch).unwrap_or(mail),
            },
            preferences: open.then(|| at("p", Token::Preferences { touch })),
            refresh: open.then(|| refresh_url(&self.keys, &self.public_url, touch, now)),
            inquiry: open.then(|| at("form", Token::Inquiry { touch })),
            rsvp: open.then(|| at("i", Token::Invitation { touch })),
            survey: open.then(|| survey_url(&self.keys, &self.public_url, (touch, self.survey), now, brief)),
        };
        Ok(ready.press.print(&ready.fields, &links)?)
    }
}

/// One round of a worker: what is the same for every touch it claimed.
pub(crate) struct Round<'a> {
    pub around: Surroundings,
    pub snapshot: Arc<Snapshot>,
    pub clerk: &'a Clerk,
    pub worker: &'a str,
}

impl Round<'_> {
    fn skip(&self, touch: &Touch, rule: &'static str) -> Entry {
        Entry::Skip { touch: touch.id, worker: self.worker.to_owned(), rule, at: self.around.now }
    }

    fn back(&self, touch: &Touch, due: i64) -> Entry {
        Entry::Back { touch: touch.id, worker: self.worker.to_owned(), due }
    }

    /// Of a touch that may have arrived: until when it may be tried again, if it may; else it is in doubt,
    /// since neither a rule nor a fault of the words can undo what left.
    fn again(&self, touch: i64, made: &Result<Ready, Entry>, until: i64) -> Result<i64, Entry> {
        let waits = matches!(made, Ok(_) | Err(Entry::Back { .. }));
        if waits && self.around.now <= until {
            return Ok(until);
        }
        let (ended, worker) = (Ended::InDoubt, self.worker.to_owned());
        Err(Entry::Closed { touch, worker, ended, said: "not tried again".to_owned(), at: self.around.now })
    }
}

/// The touches of one campaign in a round, with everything known of their customers.
struct Batch {
    stored: Arc<StoredCampaign>,
    /// Seconds for which a touch that may not go now waits rather than being skipped.
    patience: i64,
    /// The moment up to which an operator forgave that it is late.
    forgiven: i64,
    /// Customer as assigned -> the person they are now.
    persons: BTreeMap<i64, i64>,
    /// When they entered a campaign with a trigger.
    entered: BTreeMap<i64, Day>,
    facts: Facts,
    records: BTreeMap<i64, Vec<store::Stored>>,
    bought: BTreeMap<i64, Bought>,
    /// Touches in line of each person, in any campaign.
    open: BTreeMap<i64, Vec<Contender>>,
    /// Codes by customer.
    codes: BTreeMap<i64, String>,
    /// Coupons that people hold in the cart, where the campaign speaks of them.
    held: BTreeMap<i64, Vec<HeldCoupon>>,
    /// Touches that may have arrived at an earlier try, and until when they may be tried again.
    perhaps: BTreeMap<i64, i64>,
}

/// How much longer than its campaign's patience a touch may be put off, seconds: somebody's own hour may
/// be on the day after.
const PUT_OFF: i64 = 86_400;

impl Batch {
    /// Whether a touch tells the campaign's code: it may go, and has no code of its own.
    fn codes_for(&self, touch: &Touch, kept: &HashMap<(u16, i64), &'static str>) -> bool {
        let own = self.stored.campaign.code_of(usize::from(touch.step), usize::from(touch.variant));
        own.is_empty() && !kept.contains_key(&(touch.step, touch.customer))
    }

    /// Whether the list of codes ran out before these customers.
    fn lacks_codes(&self, customers: &[i64]) -> bool {
        let listed = self.stored.campaign.offer.as_ref().is_some_and(|o| o.codes == Codes::Listed);
        listed && customers.iter().any(|customer| !self.codes.contains_key(customer))
    }

    /// Whether a touch that may go at `at` waits for it. Each wait is short, but many in a row may not
    /// carry a letter weeks past its day.
    fn bears(&self, touch: &Touch, at: i64, around: &Surroundings) -> bool {
        let campaign = &self.stored.campaign;
        let start = self.entered.get(&touch.customer).copied().or(campaign.start);
        let (step, variant) = (usize::from(touch.step), usize::from(touch.variant));
        let planned = start.and_then(|day| around.settings.due_from(campaign, step, variant, day));
        let planned = planned.unwrap_or(touch.due).max(self.forgiven);
        at - around.now <= self.patience && around.now - planned <= self.patience + PUT_OFF
    }
}

impl App {
    /// Clears and words the touches of one claim. What may not go is told to the clerk with its rule.
    pub(crate) fn ready(
        &self,
        touches: Vec<Touch>,
        round: &Round<'_>,
        presses: &mut Presses,
    ) -> Result<Vec<Ready>> {
        let mut ready = Vec::with_capacity(touches.len());
        let mut by_campaign: BTreeMap<i64, Vec<Touch>> = BTreeMap::new();
        for touch in touches {
            by_campaign.entry(touch.campaign).or_default().push(touch);
        }
        for (campaign, touches) in by_campaign {
            let stored = Arc::new(self.inner.store.campaign(campaign)?);
            if let Some(hold) = self.waits(&stored, &touches, &round.around)? {
                self.inner.store.hold_campaign(campaign, hold, "mezame", round.around.now)?;
                touches.iter().for_each(|t| round.clerk.tell(round.back(t, t.due)));
                continue;
            }
            let mut batch = self.batch(stored, &touches, &round.around)?;
            let kept = self.kept_now(&batch, &touches, &round.around)?;
            let coded: Vec<i64> =
                touches.iter().filter(|t| batch.codes_for(t, &kept)).map(|t| t.customer).collect();
            batch.codes = self.codes(&batch.stored, &coded)?;
            if batch.lacks_codes(&coded) {
                self.inner.store.hold_campaign(campaign, "codes", "mezame", round.around.now)?;
                touches.iter().for_each(|t| round.clerk.tell(round.back(t, t.due)));
                continue;
            }
            for touch in touches {
                let (id, perhaps) = (touch.id, batch.perhaps.get(&touch.id).copied());
                let made = match kept.get(&(touch.step, touch.customer)) {
                    Some(rule) => Err(round.skip(&touch, rule)),
                    None => match presses.of(&batch.stored, &touch, &round.around.shop) {
                        Ok(press) => one(touch, press, &batch, round),
                        Err(why) => Err(failed(&touch, round.worker, &why.to_string(), round.around.now)),
                    },
                };
                match perhaps.map_or(Ok(None), |until| round.again(id, &made, until).map(Some)) {
                    Err(doubt) => round.clerk.tell(doubt),
                    Ok(open_until) => match made {
                        Ok(one) => ready.push(Ready { open_until, ..one }),
                        Err(entry) => round.clerk.tell(entry),
                    },
                }
            }
        }
        Ok(ready)
    }

    /// Why nothing of a campaign may leave now: touches are late beyond its limit, or orders are stale.
    fn waits(
        &self,
        stored: &StoredCampaign,
        touches: &[Touch],
        around: &Surroundings,
    ) -> Result<Option<&'static str>> {
        let limit = i64::from(stored.campaign.late_hours) * 3_600;
        let forgiven = self.forgiven(stored.id)?;
        let late = |t: &Touch| t.tries == 0 && around.now - t.due.max(forgiven) > limit;
        Ok(match touches.iter().any(late) {
            true => Some("late"),
            false => (!around.fresh()).then_some("stale"),
        })
    }

    pub(crate) fn forgiven(&self, campaign: i64) -> Result<i64> {
        let text = self.inner.store.setting(&crate::campaigns::late_key(campaign))?;
        Ok(text.and_then(|t| t.parse().ok()).unwrap_or(0))
    }

    fn batch(&self, stored: Arc<StoredCampaign>, touches: &[Touch], around: &Surroundings) -> Result<Batch> {
        let store = &self.inner.store;
        let customers: Vec<i64> = touches.iter().map(|t| t.customer).collect();
        let tried: Vec<i64> = touches.iter().filter(|t| t.tries > 0).map(|t| t.id).collect();
        let persons = store.persons(&customers)?;
        let mut people: Vec<i64> = persons.values().copied().collect();
        people.sort_unstable();
        people.dedup();
        let mut open: BTreeMap<i64, Vec<Contender>> = BTreeMap::new();
        for (person, touch, value) in store.open_touches(&people)? {
            let due = touch.due.max(around.now);
            let contender = Contender { id: touch.id, channel: touch.channel, due, value, apology: false };
            open.entry(person).or_default().push(contender);
        }
        Ok(Batch {
            patience: i64::from(stored.campaign.late_hours) * 3_600,
            forgiven: self.forgiven(stored.id)?,
            codes: BTreeMap::new(),
            held: match stored.campaign.enter.as_ref().map(|enter| enter.when) {
                Some(Trigger::CouponEnd) => store.held_coupons(&people)?,
                _ => BTreeMap::new(),
            },
            perhaps: store.open_handovers(&tried)?,
            entered: match stored.plan.filter(|_| stored.campaign.enter.is_some()) {
                Some(plan) => store.entered(plan, &customers)?,
                None => BTreeMap::new(),
            },
            facts: self.facts(Some(&people), around.now)?,
            records: store.records_of(&people)?,
            bought: self.bought(&stored.campaign, &people)?,
            stored,
            persons,
            open,
        })
    }

    /// Whom a step's conditions keep away by now: (step, customer) -> rule.
    fn kept_now(
        &self,
        batch: &Batch,
        touches: &[Touch],
        around: &Surroundings,
    ) -> Result<HashMap<(u16, i64), &'static str>> {
        let mut kept = HashMap::new();
        let mut by_step: BTreeMap<(u16, i64), Vec<i64>> = BTreeMap::new();
        let rooted = batch.stored.rooted.unwrap_or(around.now);
        for touch in touches {
            let entered = batch.entered.get(&touch.customer);
            let since = entered.map_or(rooted, |day| around.settings.moment(*day, 0));
            by_step.entry((touch.step, since)).or_default().push(touch.customer);
        }
        for ((number, since), customers) in by_step {
            let Some(step) = batch.stored.campaign.steps.get(usize::from(number)) else { continue };
            let person = |customer: &i64| batch.persons.get(customer).copied().unwrap_or(*customer);
            let people: Vec<i64> = customers.iter().map(person).collect();
            let asked = Asked { step, customers: &customers, people: &people, since };
            let who = self.kept_away(&batch.stored, &asked, around)?;
            for customer in customers {
                if let Some(rule) = who.get(&customer).or_else(|| who.get(&person(&customer))) {
                    kept.insert((number, customer), *rule);
                }
            }
        }
        Ok(kept)
    }

    /// The codes of these customers, by customer.
    pub(crate) fn codes(&self, stored: &StoredCampaign, customers: &[i64]) -> Result<BTreeMap<i64, String>> {
        let Some(offer) = stored.campaign.offer.as_ref().filter(|_| !customers.is_empty()) else {
            return Ok(BTreeMap::new());
        };
        let codes = match offer.codes {
            Codes::None => return Ok(BTreeMap::new()),
            Codes::Shared => vec![offer.code.clone(); customers.len()],
            Codes::Unique => self.coupons_of(stored.id, &offer.code, customers)?,
            Codes::Listed => return Ok(self.inner.store.give_codes(stored.id, customers, self.now())?),
        };
        Ok(customers.iter().copied().zip(codes).collect())
    }

    /// The codes of customers, made where they are missing.
    pub(crate) fn coupons_of(&self, campaign: i64, prefix: &str, customers: &[i64]) -> Result<Vec<String>> {
        let secrets = &self.inner.secrets;
        let make = |customer| crate::campaigns::code(secrets, prefix, campaign, customer);
        Ok(self.inner.store.issue_coupons(campaign, customers, self.now(), &make)?)
    }
}

/// One customer's letter, or the line of the ledger that says why there is none now.
fn one(touch: Touch, press: Arc<Press>, batch: &Batch, round: &Round<'_>) -> Result<Ready, Entry> {
    let around = &round.around;
    let person = batch.persons.get(&touch.customer).copied();
    let person = person.ok_or_else(|| round.skip(&touch, "no_address"))?;
    let records = batch.records.get(&person).map_or(&[][..], Vec::as_slice);
    let (nobody, nothing) = (ReachFacts::default(), Vec::<Contact>::new());
    let step = batch.stored.campaign.steps.get(usize::from(touch.step));
    let apology = step.is_some_and(|s| s.kind == StepKind::Apology);
    let contacts = batch.facts.contacts.get(&person).unwrap_or(&nothing);
    let row = round.snapshot.row(person);
    let reach = batch.facts.reach.get(&person).unwrap_or(&nobody);
    let case = around.case(reach, contacts, state_of(row.as_ref()), false, apology);
    let address = destination_of(records, touch.channel, touch.destination).unwrap_or_default();
    let refused = |refusal: clearance::Refusal| match refusal.again {
        Again::From(at) if batch.bears(&touch, at, around) => round.back(&touch, at),
        _ => round.skip(&touch, refusal.rule.id),
    };
    let cleared = clear(touch.id, touch.channel, &address, &case).map_err(refused)?;
    // Others of this customer that want to go: the most valuable goes first.
    if let Some(open) = batch.open.get(&person).filter(|_| !apology) {
        let answers = contend(contacts, open, case.caps);
        if let Some((_, Err(refusal))) = answers.into_iter().find(|(id, _)| *id == touch.id) {
            return Err(refused(refusal));
        }
    }
    let campaign = &batch.stored.campaign;
    let bought = batch.bought.get(&person);
    let held = batch.held.get(&person).map_or(&[][..], Vec::as_slice);
    let entered = batch.entered.get(&touch.customer).copied();
    let none = Bought::default();
    let told = balance::told(campaign, entered, bought.unwrap_or(&none), held, around)
        .map_err(|rule| round.skip(&touch, rule))?;
    let own = campaign.code_of(usize::from(touch.step), usize::from(touch.variant));
    let code = if own.is_empty() { batch.codes.get(&touch.customer).map(String::as_str) } else { Some(own) };
    let fields = told.on(fields(records, bought, code, around));
    Ok(Ready { touch, cleared, open_until: None, fields, press, campaign: batch.stored.clone() })
}

impl Presses {
    fn of(&mut self, stored: &StoredCampaign, touch: &Touch, shop: &ShopProfile) -> Result<Arc<Press>> {
        // A shop that moved says its new address from the next letter on.
        if self.shop != *shop {
            *self = Presses { shop: shop.clone(), presses: HashMap::new() };
        }
        let key = (stored.id, touch.step, touch.variant, touch.channel);
        if let Some(press) = self.presses.get(&key) {
            return Ok(press.clone());
        }
        let (step, variant) = (usize::from(touch.step), usize::from(touch.variant));
        let press = press(&stored.campaign, step, variant, touch.channel, shop)?;
        Ok(self.presses.entry(key).or_insert(Arc::new(press)).clone())
    }
}

/// Words that cannot be printed for somebody are no letter.
pub(crate) fn failed(touch: &Touch, worker: &str, why: &str, now: i64) -> Entry {
    Entry::Closed {
        touch: touch.id,
        worker: worker.to_owned(),
        ended: Ended::Failed("render"),
        said: why.to_owned(),
        at: now,
    }
}

/// What a letter may say of a customer, of all their records.
pub(crate) fn fields(
    records: &[store::Stored],
    bought: Option<&Bought>,
    code: Option<&str>,
    around: &Surroundings,
) -> Fields {
    let today = around.settings.day_of(around.now);
    let none = Bought::default();
    let bought = bought.unwrap_or(&none);
    // The record whose mailbox it goes to says whom it is for.
    let named = records.iter().find(|r| !r.record.mall && r.record.email.is_some()).or(records.first());
    let points = balance::points(bought, around).ok();
    Fields {
        today,
        name: named.map(|r| r.record.name.clone()).unwrap_or_default(),
        company: named.and_then(|r| r.record.company.clone()).unwrap_or_default(),
        last_product: bought.product.clone().unwrap_or_default(),
        first_order: bought.first,
        last_order: bought.last,
        n_orders: u32::try_from(bought.orders).unwrap_or(u32::MAX),
        points: points.map(|(points, _)| points),
        points_expire: points.and_then(|(_, expires)| expires),
        coupon: code.unwrap_or_default().to_owned(),
        coupon_expire: None,
        occasion: None,
        suggestion: bought.suggestion.clone(),
        caller: String::new(),
    }
}
