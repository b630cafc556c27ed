//! The ledger as it stands, read past the program that wrote it.

use super::town::{CAPPED, Person};
use crate::world::World;
use std::collections::BTreeMap;

/// What may have reached somebody: a touch that was sent, or is in doubt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contact {
    pub who: Person,
    pub campaign: i64,
    pub step: i64,
    pub channel: i64,
    /// Unix seconds of its last attempt.
    pub at: i64,
    pub doubted: bool,
}

/// A touch of any state: whose, its campaign, step and channel, its state's number, its rule.
pub type Touch = (Person, i64, i64, i64, i64, String);

const TOUCHES: &str = "SELECT r.ext_id, t.campaign, t.step, t.channel, t.state, t.rule, COALESCE(a.at, 0)
     FROM touches t JOIN records r ON r.id = t.customer
     LEFT JOIN attempts a ON a.touch = t.id AND a.n = t.tries";
const HELD_OUT: &str = "SELECT r.ext_id, p.campaign FROM assignments s JOIN plans p ON p.id = s.plan
     JOIN records r ON r.id = s.customer WHERE s.arm = 1";
const TOLD: &str = "SELECT touch, COUNT(*) FROM responses WHERE kind = $1 GROUP BY touch";

pub struct Books {
    pub touches: Vec<Touch>,
    pub contacts: Vec<Contact>,
    /// Customer and campaign.
    pub held_out: Vec<(Person, i64)>,
    /// Of each touch, how often it is said to have been delivered.
    pub delivered: Vec<i64>,
}

impl Books {
    pub fn of(world: &World) -> Books {
        let delivered = i64::from(model::ResponseKind::Delivered.code());
        let mut books = Books { touches: vec![], contacts: vec![], held_out: vec![], delivered: vec![] };
        match &world.db {
            None => {
                let db = rusqlite::Connection::open(world.data().join("mezame.db")).unwrap();
                let mut rows = db.prepare(TOUCHES).unwrap();
                let mut rows = rows.query([]).unwrap();
                while let Some(r) = rows.next().unwrap() {
                    let touch =
                        (person(&r.get::<_, String>(0).unwrap()), r.get(1).unwrap(), r.get(2).unwrap());
                    let more = (r.get(3).unwrap(), r.get(4).unwrap(), r.get(5).unwrap());
                    books.add((touch.0, touch.1, touch.2, more.0, more.1, more.2), r.get(6).unwrap());
                }
                let mut rows = db.prepare(HELD_OUT).unwrap();
                let rows = rows.query_map([], |r| Ok((person(&r.get::<_, String>(0)?), r.get(1)?))).unwrap();
                books.held_out = rows.map(Result::unwrap).collect();
                let mut rows = db.prepare(TOLD).unwrap();
                books.delivered =
                    rows.query_map([delivered], |r| r.get(1)).unwrap().map(Result::unwrap).collect();
            }
            Some(url) => {
                let mut db = postgres::Client::connect(url, postgres::NoTls).unwrap();
                for r in db.query(TOUCHES, &[]).unwrap() {
                    let who = person(r.get(0));
                    books.add((who, r.get(1), r.get(2), r.get(3), r.get(4), r.get(5)), r.get(6));
                }
                let rows = db.query(HELD_OUT, &[]).unwrap();
                books.held_out = rows.iter().map(|r| (person(r.get(0)), r.get(1))).collect();
                books.delivered = db.query(TOLD, &[&delivered]).unwrap().iter().map(|r| r.get(1)).collect();
            }
        }
        books
    }

    fn add(&mut self, touch: Touch, at: i64) {
        let (who, campaign, step, channel, state, _) = touch;
        // Sent and in doubt.
        if state == 3 || state == 6 {
            self.contacts.push(Contact { who, campaign, step, channel, at, doubted: state == 6 });
        }
        self.touches.push(touch);
    }

    /// How many touches of a campaign's step are in each state, in the order of the ledger's own numbers.
    pub fn states(&self, campaign: i64, step: i64) -> [usize; 7] {
        let mut states = [0; 7];
        for (_, of, at, _, state, _) in &self.touches {
            if (*of, *at) == (campaign, step) {
                states[*state as usize] += 1;
            }
        }
        states
    }

    pub fn rules(&self, campaign: i64) -> BTreeMap<&str, usize> {
        let mut rules = BTreeMap::new();
        for (_, of, .., rule) in self.touches.iter().filter(|t| !t.5.is_empty()) {
            *rules.entry(rule.as_str()).or_default() += usize::from(*of == campaign);
        }
        rules.retain(|_, n| *n > 0);
        rules
    }

    /// Every customer and every stretch of days holds no more than each cap allows; the fullest of each.
    pub fn capped(&self) -> Vec<usize> {
        let mut of: BTreeMap<Person, Vec<(i64, i64)>> = BTreeMap::new();
        for contact in &self.contacts {
            of.entry(contact.who).or_default().push((contact.channel, contact.at));
        }
        let fullest = CAPPED.map(|(channel, most, days)| {
            let mut fullest = 0;
            for (who, all) in &of {
                let counted = all.iter().filter(|(c, _)| channel.is_none_or(|own| own == *c));
                let mut times: Vec<i64> = counted.map(|(_, at)| *at).collect();
                times.sort_unstable();
                for (n, from) in times.iter().enumerate() {
                    let held = times[n..].iter().filter(|at| *at - from < days * 86_400).count();
                    assert!(held <= most, "{who:?}: {held} within {days} days by {channel:?}, {all:?}");
                    fullest = fullest.max(held);
                }
            }
            fullest
        });
        fullest.to_vec()
    }
}

fn person(number: &str) -> Person {
    Person(number.parse().unwrap())
}
