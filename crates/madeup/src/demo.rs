//! The demonstration: one shop that moved half-way from EC-CUBE to Shopify and keeps lists beside.

use crate::dice::Dice;
use crate::eccube::{self, Eccube};
use crate::life::{Behaviour, Life};
use crate::lists::Lists;
use crate::order::Order;
use crate::person::{Guest, Home, Pair, Person, mail_of};
use crate::shopify::{self, Shopify};
use crate::truth::{Identity, Tally, Truth};
use crate::{ORDERS_PER_CUSTOMER, Shop, pace};
use std::io;
use std::path::{Path, PathBuf};

/// What was written.
#[derive(Clone, Debug)]
pub struct Demo {
    uploads: Vec<(PathBuf, Option<PathBuf>)>,
    /// Persons in truth: fewer than the identities in the files.
    pub customers: u64,
    /// Orders in the files, whatever became of them.
    pub orders: u64,
    /// What counts of it.
    pub counted: Tally,
}

impl Demo {
    /// What to import together with one column map, in this order: first all files of known
    /// formats, then each list with its own map.
    pub fn batches(&self) -> Vec<(Vec<PathBuf>, Option<PathBuf>)> {
        let (lists, known): (Vec<_>, Vec<_>) =
            self.uploads.iter().cloned().partition(|(_, map)| map.is_some());
        let known = known.into_iter().map(|(path, _)| path).collect();
        let lists = lists.into_iter().map(|(path, map)| (vec![path], map));
        std::iter::once((known, None)).chain(lists).collect()
    }
}

/// Where somebody buys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Eccube,
    Shopify,
    /// In both, typing the same: merges by mail and telephone.
    BothSame,
    /// In both, with another mailbox: merges by telephone and name with address.
    BothOtherMail,
    /// In both, with another mailbox and another home: only the telephone agrees.
    BothPhoneOnly,
}

/// Shares in 1,000: of 100 persons about 14 are in both.
const PLACES: [(u32, Place); 5] = [
    (620, Place::Eccube),
    (230, Place::Shopify),
    (105, Place::BothSame),
    (30, Place::BothOtherMail),
    (15, Place::BothPhoneOnly),
];

impl Shop {
    /// Writes the demonstration into the folder `out`, made if need be: EC-CUBE's and Shopify's
    /// files, and lists of products, subscriptions, complaints, consents and suppressions.
    pub fn write_demo(&self, out: &Path) -> io::Result<Demo> {
        let pace = pace(ORDERS_PER_CUSTOMER);
        std::fs::create_dir_all(out)?;
        let mut old = Eccube::create(out, self.seed, self.today)?;
        let mut new = Shopify::create(out, self.seed, self.today)?;
        let mut lists = Lists::create(out, self.seed, self.today)?;
        let mut truth = Truth::create(out)?;
        let mut orders = Vec::new();
        for index in 0..self.customers {
            let (person, life) = self.customer(index, pace, &mut orders);
            let place = place(self.seed, &person, &life);
            let mut known = Vec::new();
            let (old_orders, new_orders) = split(self.seed, index, place, &orders);
            let (there, here) = faces(self.seed, person, place);
            if let Some(person) = &there {
                known.extend(named(eccube::SOURCE, old.put(person, &life, &old_orders)?));
                lists.put(person, &life, &old_orders)?;
            }
            if let Some(person) = &here {
                known.extend(named(shopify::SOURCE, new.put(person, &life, &new_orders)?));
            }
            truth.put(there.as_ref().or(here.as_ref()), index, &life, &known)?;
        }
        let count = old.orders() + new.orders();
        let mut files: Vec<_> = old.finish()?.into_iter().chain(new.finish()?).collect();
        let plain = files.len();
        files.extend(lists.finish()?.into_iter().map(|file| (file, 0)));
        let mapped = |n: usize, name: &str| (n >= plain).then(|| out.join(name).with_extension("toml"));
        let uploads =
            files.iter().enumerate().map(|(n, ((name, _), _))| (out.join(name), mapped(n, name))).collect();
        let written = self.close(truth, out, files, count, None)?;
        Ok(Demo { uploads, customers: written.customers, orders: count, counted: written.counted })
    }
}

/// Each identity with the name of its source.
pub(crate) fn named(source: &'static str, known: Vec<Identity>) -> Vec<(&'static str, Identity)> {
    known.into_iter().map(|identity| (source, identity)).collect()
}

/// Subscriptions and 退会 are EC-CUBE's here, so those persons are; pairs stay where they met.
fn place(seed: u64, person: &Person, life: &Life) -> Place {
    let drawn = Dice::new(seed, person.index, 7).weighted(&PLACES);
    let at_home = life.plan.is_some() || life.behaviour == Behaviour::Withdrawn;
    match drawn {
        Place::Shopify if at_home || person.pair == Pair::ParentAndChild => Place::Eccube,
        Place::Eccube | Place::Shopify => drawn,
        _ if person.pair != Pair::Strangers => Place::Eccube,
        both => both,
    }
}

/// Which orders went to EC-CUBE and which to Shopify.
fn split(seed: u64, index: u64, place: Place, orders: &[Order]) -> (Vec<Order>, Vec<Order>) {
    let mut dice = Dice::new(seed, index, 8);
    match place {
        Place::Eccube => (orders.to_vec(), Vec::new()),
        Place::Shopify => (Vec::new(), orders.to_vec()),
        _ => orders.iter().cloned().partition(|o| o.subscription || dice.chance(0.6)),
    }
}

/// The person as they show themselves in EC-CUBE and in Shopify.
fn faces(seed: u64, person: Person, place: Place) -> (Option<Person>, Option<Person>) {
    match place {
        Place::Eccube => return (Some(person), None),
        Place::Shopify => return (None, Some(person.with_own_mailbox())),
        _ => {}
    }
    let settled = Person { moved: None, guest: Guest::Member, ..person };
    let mut other = settled.clone();
    if place != Place::BothSame {
        other.mail = mail_of(other.family, other.given, other.index, ".web", "example.com");
    }
    if place == Place::BothPhoneOnly {
        other.home = Home::draw(&mut Dice::new(seed, other.index, 9));
    }
    (Some(settled), Some(other))
}
