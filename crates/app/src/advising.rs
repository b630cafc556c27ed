//! By which channel a customer, and a whole segment, is best written to.

use crate::campaigns::{Beliefs, rule_words};
use crate::posting::age;
use crate::{App, Settings};
use anyhow::{Context, Result};
use judgement::{Because, Known, Open, advise, advised};
use model::{Campaign, Channel, Day, Money, ReachFacts, Saying, Type};
use serde::Serialize;
use std::collections::BTreeMap;

/// Customers looked at together.
const CHUNK: usize = 2_000;
/// A page looks at so many of a large segment, spread evenly, and says "about".
const SAMPLE: usize = 2_000;

/// A channel of one customer, as the advice weighs it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ChannelWeighed {
    pub channel: Channel,
    /// The rule that keeps it shut; empty where it is open.
    pub rule: String,
    /// What one contact costs, and whether the shop's books say so.
    pub cost: Money,
    pub paid: bool,
    /// Added probability of an order.
    pub lift: f64,
    /// Campaigns in which the shop measured it.
    pub measured: u32,
    /// What it brings, its cost taken off; `None` where it is shut or nothing can be expected.
    pub brings: Option<Money>,
}

/// The advice for one customer.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CustomerAdvice {
    pub customer: i64,
    pub channel: Option<Channel>,
    pub says: Saying,
    pub channels: Vec<ChannelWeighed>,
}

/// One channel of a segment's advice.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct ChannelShare {
    pub channel: Channel,
    pub customers: u64,
    /// Of these, by age alone.
    pub by_age: u64,
    pub cost: Money,
    /// What they bring together, the cost taken off.
    pub brings: Money,
}

/// The advice for a segment.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SegmentAdvice {
    pub customers: u64,
    /// Looked at; where fewer than all, the figures are scaled up.
    pub looked_at: u64,
    /// The most customers first.
    pub channels: Vec<ChannelShare>,
    /// Whom no channel may reach.
    pub unreachable: u64,
    /// For whom no channel brings what it costs.
    pub unpaid: u64,
    pub says: Saying,
}

/// What the shop knows of its channels.
struct Books {
    settings: Settings,
    paid: BTreeMap<Channel, Money>,
    beliefs: Beliefs,
    today: Day,
}

impl Books {
    /// A channel of somebody; `raised`: by how much more a touch is taken to bring after a visit.
    fn open(&self, channel: Channel, kind: Type, long: bool, raised: f64) -> Open {
        let paid = self.paid.get(&channel).copied();
        Open {
            channel,
            cost: paid.unwrap_or_else(|| self.settings.cost_of(channel)),
            paid: paid.is_some(),
            lift: (self.beliefs.of(channel, kind, long) * raised).min(1.0),
            measured: self.beliefs.campaigns(channel),
        }
    }

    fn post_from(&self) -> Option<i32> {
        i32::try_from(self.settings.advice.post_from_age).ok().filter(|age| *age > 0)
    }
}

impl App {
    /// By which channel one customer is best written to, and why; every channel with its figures.
    pub fn advise(&self, customer: i64) -> Result<CustomerAdvice> {
        let (books, snapshot) = (self.books()?, self.judged()?);
        let row = snapshot.row(customer).context("there is no such customer")?;
        let mut facts = ReachFacts::default();
        self.reach_facts(Some(&[customer]), &mut |one| facts = one)?;
        let born = self.inner.store.records_of(&[customer])?;
        let born = born.get(&customer).and_then(|all| all.iter().find_map(|r| r.record.birthday));
        let (kind, long) = (row.judgement.kind, row.judgement.long_dormant);
        let raised = books.settings.raised(row.history.last_visit, snapshot.as_of());
        let verdicts = clearance::reach(&facts);
        let open: Vec<Open> = verdicts
            .iter()
            .filter(|(_, verdict)| verdict.is_ok())
            .map(|(channel, _)| books.open(*channel, kind, long, raised))
            .collect();
        let known = Known {
            outlook: row.outlook,
            age: born.map(|born| age(born, books.today)),
            post_from: books.post_from(),
        };
        let advice = advise(&open, &known);
        let weighed =
            verdicts.iter().filter(|(channel, _)| *channel != Channel::Ads).map(|(channel, verdict)| {
                let one = books.open(*channel, kind, long, raised);
                ChannelWeighed {
                    channel: *channel,
                    rule: verdict.err().map_or(String::new(), |rule| rule.id.to_owned()),
                    cost: one.cost,
                    paid: one.paid,
                    lift: one.lift,
                    measured: one.measured,
                    brings: advice.brings.iter().find(|(c, _)| c == channel).map(|b| b.1),
                }
            });
        Ok(CustomerAdvice {
            customer,
            channel: advice.channel,
            says: advised(&advice, &open, &known, &books.settings.currency),
            channels: weighed.collect(),
        })
    }

    /// By which channel each customer of a segment is best written to, in sums. Looks at every one of them.
    pub fn advise_where(&self, condition: &str) -> Result<SegmentAdvice> {
        let snapshot = self.judged()?;
        let chosen = snapshot.select(condition)?;
        let people: Vec<i64> = chosen.iter().map(|i| snapshot.row_at(i).history.customer).collect();
        self.advise_all(&people, people.len() as u64)
    }

    /// The same for the customers of a campaign's document; of many, some thousand spread evenly are looked at.
    pub fn advise_campaign(&self, campaign: &Campaign) -> Result<SegmentAdvice> {
        let all = self.whom(campaign, &*self.judged()?)?;
        let step = all.len().div_ceil(SAMPLE).max(1);
        let mut some: Vec<i64> = all.iter().map(|(customer, _)| *customer).step_by(step).collect();
        some.sort_unstable();
        self.advise_all(&some, all.len() as u64)
    }

    fn advise_all(&self, people: &[i64], of: u64) -> Result<SegmentAdvice> {
        let (books, snapshot) = (self.books()?, self.judged()?);
        let (mut sums, mut unreachable, mut unpaid) = (BTreeMap::<Channel, ChannelShare>::new(), 0, 0);
        for some in people.chunks(CHUNK) {
            let records = self.inner.store.records_of(some)?;
            let mut facts: BTreeMap<i64, ReachFacts> = BTreeMap::new();
            self.reach_facts(Some(some), &mut |one| {
                facts.insert(one.customer, one);
            })?;
            for person in some {
                let (Some(row), Some(facts)) = (snapshot.row(*person), facts.get(person)) else { continue };
                let born = records.get(person).and_then(|all| all.iter().find_map(|r| r.record.birthday));
                let known = Known {
                    outlook: row.outlook,
                    age: born.map(|born| age(born, books.today)),
                    post_from: books.post_from(),
                };
                let raised = books.settings.raised(row.history.last_visit, snapshot.as_of());
                let open: Vec<Open> = clearance::reach(facts)
                    .iter()
                    .filter(|(_, verdict)| verdict.is_ok())
                    .map(|(c, _)| books.open(*c, row.judgement.kind, row.judgement.long_dormant, raised))
                    .collect();
                let advice = advise(&open, &known);
                let Some(channel) = advice.channel else {
                    unreachable += u64::from(advice.because == Because::NoneReaches);
                    unpaid += u64::from(advice.because == Because::NonePays);
                    continue;
                };
                let sum = sums.entry(channel).or_insert(ChannelShare {
                    channel,
                    customers: 0,
                    by_age: 0,
                    cost: Money::ZERO,
                    brings: Money::ZERO,
                });
                sum.customers += 1;
                sum.by_age += u64::from(advice.because == Because::Age);
                sum.cost += open.iter().find(|o| o.channel == channel).map_or(Money::ZERO, |o| o.cost);
                sum.brings += advice.brings.iter().find(|b| b.0 == channel).map_or(Money::ZERO, |b| b.1);
            }
        }
        let mut channels: Vec<ChannelShare> = sums.into_values().collect();
        channels.sort_by_key(|c| (std::cmp::Reverse(c.customers), c.channel));
        let (looked_at, scale) = (people.len() as u64, of as f64 / (people.len().max(1)) as f64);
        let up = |n: u64| (n as f64 * scale).round() as u64;
        let more = |m: Money| Money((m.0 as f64 * scale).round() as i64);
        for c in &mut channels {
            (c.customers, c.by_age) = (up(c.customers), up(c.by_age));
            (c.cost, c.brings) = (more(c.cost), more(c.brings));
        }
        let (unreachable, unpaid) = (up(unreachable), up(unpaid));
        let says = summed(&channels, unpaid, unreachable, looked_at < of);
        Ok(SegmentAdvice { customers: of, looked_at, channels, unreachable, unpaid, says })
    }

    /// Costs by the ledger, lifts as believed, and how often each channel was measured.
    fn books(&self) -> Result<Books> {
        let settings = self.settings()?;
        let beliefs = self.beliefs(&settings)?;
        let paid = self.inner.store.paid()?.into_iter();
        let paid = paid.map(|p| (p.channel, Money(p.cost.0 / i64::try_from(p.contacts).unwrap_or(1).max(1))));
        Ok(Books {
            paid: paid.filter(|(_, cost)| cost.0 > 0).collect(),
            beliefs,
            today: settings.day_of(self.now()),
            settings,
        })
    }
}

/// この方々: メール 1,200人、SMS 300人.
fn summed(channels: &[ChannelShare], unpaid: u64, unreachable: u64, about: bool) -> Saying {
    let (mut ja, mut en) = (vec![], vec![]);
    for c in channels {
        ja.push(format!("{}{}人", c.channel.ja(), grouped(c.customers)));
        en.push(format!("{} {}", c.channel.en(), grouped(c.customers)));
    }
    for (n, name_ja, name_en) in
        [(unpaid, "費用に見合わない", "not worth a contact"), (unreachable, "連絡できない", "out of reach")]
    {
        if n > 0 {
            ja.push(format!("{name_ja}{}人", grouped(n)));
            en.push(format!("{name_en} {}", grouped(n)));
        }
    }
    if ja.is_empty() {
        return Saying { ja: "対象の方がいません。".to_owned(), en: "Nobody is meant.".to_owned() };
    }
    let (about_ja, about_en) = if about { ("約:", "About: ") } else { ("", "") };
    Saying { ja: format!("{about_ja}{}。", ja.join("、")), en: format!("{about_en}{}.", en.join(", ")) }
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl ChannelWeighed {
    /// Why it is shut; `None` where it is open.
    pub fn shut(&self) -> Option<Saying> {
        (!self.rule.is_empty()).then(|| {
            let (ja, en) = rule_words(&self.rule);
            Saying { ja, en }
        })
    }
}
