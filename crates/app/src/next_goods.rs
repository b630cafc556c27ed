//! What a customer may like next, with its reason: counted over everybody's orders, asked for one or for many.

use crate::{App, lock};
use anyhow::{Result, ensure};
use judgement::{NextFor, Pair, Pairing, next_goods};
use model::{Campaign, Product};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::{Bought, GoodsPair};

/// Pairs kept of each product.
const KEPT: usize = 20;
/// Seconds after which an import counts anew; of a shop with more orders only the night does.
const FRESH: i64 = 20 * 3_600;
const FEW_ORDERS: u64 = 200_000;
/// Products that pairs are counted of: those with the most buyers. It bounds the memory, not the shop.
const COUNTED: usize = 2_000;
/// Products read from the master at a time.
const PAGE: usize = 10_000;

/// What a customer may like next.
#[derive(Clone, PartialEq, Debug)]
pub struct NextGoods {
    pub sku: String,
    pub name: String,
    /// Why, in a sentence.
    pub ja: String,
    pub en: String,
    /// It takes the place of something they have.
    pub successor: bool,
}

/// Everything that proposals rest on, kept while neither pairs nor the master change.
pub(crate) struct Shelf {
    /// When pairs were counted, the last import, how many products there are.
    key: (Option<i64>, i64, u64),
    places: HashMap<String, u32>,
    goods: Vec<Goods>,
    pairs: HashMap<u32, Vec<Pair>>,
}

struct Goods {
    sku: String,
    name: String,
    successor: Option<u32>,
    /// Never named where others may read along; not sold any more.
    barred: bool,
}

impl App {
    /// Counts what goes with what, anew unless that was done of late; returns the pairs kept, or `None`.
    pub fn count_pairs(&self, anew: bool) -> Result<Option<u64>> {
        let (store, now) = (&self.inner.store, self.now());
        let counted = store.pairs_counted()?;
        let lately = counted.is_some_and(|at| (0..FRESH).contains(&(now - at)));
        if !anew && (lately || store.orders_known()? > FEW_ORDERS) {
            return Ok(None);
        }
        let mut counting = Counting::default();
        store.each_product_bought(&mut |customer, sku, name| counting.take(customer, sku, name))?;
        counting.close();
        counting.keep_the_most_bought();
        store.each_product_bought(&mut |customer, sku, name| counting.take(customer, sku, name))?;
        counting.close();
        let sku = |place: u32| counting.skus[place as usize].0.clone();
        let pair = |p: Pair| GoodsPair {
            a: sku(p.a),
            b: sku(p.b),
            both: p.both,
            confidence: p.confidence,
            lift: p.lift,
        };
        let pairs: Vec<GoodsPair> = counting.pairing.pairs(KEPT).into_iter().map(pair).collect();
        let named = pairs.iter().flat_map(|p| [&p.a, &p.b]);
        let name =
            |sku: &String| Some((sku.clone(), counting.skus[*counting.places.get(sku)? as usize].1.clone()));
        let names: BTreeMap<String, String> = named.filter_map(name).collect();
        store.keep_pairs(&pairs, &names, now)?;
        Ok(Some(pairs.len() as u64))
    }

    /// What each of these people may like next; nobody of whom nothing can be said.
    pub fn next_goods(&self, people: &[i64]) -> Result<BTreeMap<i64, NextGoods>> {
        let shelf = self.shelf()?;
        let mut found = BTreeMap::new();
        for (person, own) in self.inner.store.goods_of(people)? {
            let place = |sku: &String| shelf.places.get(sku).copied();
            let owned: Vec<u32> = own.had.iter().filter_map(place).collect();
            let refused: Vec<u32> = own.unwanted.iter().filter_map(place).collect();
            let next = next_goods(
                &owned,
                &refused,
                &|a| shelf.pairs.get(&a).cloned().unwrap_or_default(),
                &|old| shelf.goods[old as usize].successor,
                &|product| shelf.goods[product as usize].barred,
            );
            if let Some((product, why)) = next {
                found.insert(person, shelf.said(product, why));
            }
        }
        Ok(found)
    }

    /// What these people bought, as letters of a campaign tell it; with what they may like next where its words
    /// speak of that.
    pub(crate) fn bought(&self, campaign: &Campaign, people: &[i64]) -> Result<BTreeMap<i64, Bought>> {
        let mut bought = self.inner.store.bought(people, self.settings()?.pending_counts)?;
        if speaks(campaign) {
            for (person, next) in self.next_goods(people)? {
                bought.entry(person).or_default().suggestion = next.name;
            }
        }
        Ok(bought)
    }

    /// A customer does not want to be offered a product.
    pub fn refuse_goods(&self, customer: i64, sku: &str, by: &str) -> Result<()> {
        ensure!(!by.trim().is_empty(), "担当者のお名前を入れてください / this needs a name: --by NAME");
        ensure!(!sku.trim().is_empty(), "商品コードを入れてください / the product code is missing");
        Ok(self.inner.store.refuse_goods(customer, sku.trim(), by.trim(), self.now())?)
    }

    /// What goes with what, the likeliest first: the product, what goes with it, how many bought both, shares.
    pub fn goods_pairs(&self) -> Result<(Vec<GoodsPair>, BTreeMap<String, String>)> {
        Ok(self.inner.store.goods_pairs()?)
    }

    fn shelf(&self) -> Result<Arc<Shelf>> {
        let store = &self.inner.store;
        let (products, _) = store.products(0, 0)?;
        let key = (store.pairs_counted()?, store.imports_known()?, products);
        let mut held = lock(&self.inner.shelf);
        if let Some(known) = held.as_ref().filter(|s| s.key == key) {
            return Ok(known.clone());
        }
        let (pairs, names) = store.goods_pairs()?;
        let mut shelf = Shelf { key, places: HashMap::new(), goods: vec![], pairs: HashMap::new() };
        let mut master: Vec<Product> = Vec::new();
        while (master.len() as u64) < products {
            let (_, page) = store.products(master.len(), PAGE)?;
            if page.is_empty() {
                break;
            }
            master.extend(page);
        }
        shelf.stock(&master, &names, &pairs);
        let shelf = Arc::new(shelf);
        *held = Some(shelf.clone());
        Ok(shelf)
    }
}

/// Whether any words of a campaign name what somebody may like next.
fn speaks(campaign: &Campaign) -> bool {
    let words = campaign
        .steps
        .iter()
        .flat_map(|s| [&s.words.subject, &s.words.preheader, &s.words.body, &s.words.mjml]);
    let changes = campaign.variants.iter().flat_map(|v| &v.changes);
    let changed = changes.flat_map(|c| [&c.subject, &c.preheader, &c.body]).flatten();
    words.chain(changed).any(|text| text.contains("suggestion"))
}

/// Pairs while they are counted: products by place, one customer at a time. Read twice: first how many bought
/// each product, then what those with the most buyers were bought with.
#[derive(Default)]
struct Counting {
    pairing: Pairing,
    /// By place: counted in the second reading; empty in the first.
    kept: Vec<bool>,
    bought: bool,
    places: HashMap<String, u32>,
    /// Code, and the name as last read.
    skus: Vec<(String, String)>,
    customer: i64,
    own: Vec<u32>,
}

impl Counting {
    fn take(&mut self, customer: i64, sku: &str, name: &str) {
        if customer != self.customer {
            self.close();
            self.customer = customer;
        }
        let place = match self.places.get(sku) {
            Some(place) => *place,
            None => {
                let place = self.skus.len() as u32;
                self.places.insert(sku.to_owned(), place);
                self.skus.push((sku.to_owned(), name.to_owned()));
                place
            }
        };
        self.bought = true;
        let counts = self.kept.is_empty() || self.kept.get(place as usize).copied().unwrap_or(false);
        if counts && !self.own.contains(&place) {
            self.own.push(place);
        }
    }

    fn close(&mut self) {
        match (self.bought, self.kept.is_empty()) {
            (false, _) => return,
            (true, true) => self.pairing.meet(&self.own),
            (true, false) => self.pairing.add(&self.own),
        }
        self.own.clear();
        (self.bought, self.customer) = (false, 0);
    }

    fn keep_the_most_bought(&mut self) {
        let mut line: Vec<u32> = (0..self.skus.len() as u32).collect();
        line.sort_by_key(|place| (std::cmp::Reverse(self.pairing.buyers(*place)), *place));
        self.kept = vec![false; self.skus.len()];
        line.into_iter().take(COUNTED).for_each(|place| self.kept[place as usize] = true);
        self.pairing = Pairing::default();
    }
}

impl Shelf {
    fn place(&mut self, sku: &str, name: &str) -> u32 {
        if let Some(place) = self.places.get(sku) {
            return *place;
        }
        let place = self.goods.len() as u32;
        self.places.insert(sku.to_owned(), place);
        self.goods.push(Goods { sku: sku.to_owned(), name: name.to_owned(), successor: None, barred: false });
        place
    }

    fn stock(&mut self, master: &[Product], names: &BTreeMap<String, String>, pairs: &[GoodsPair]) {
        for product in master {
            let place = self.place(&product.sku, &product.name);
            self.goods[place as usize].barred = product.sensitive || !product.successor.is_empty();
        }
        for product in master.iter().filter(|p| !p.successor.is_empty()) {
            // Only what the master knows by name can be proposed.
            let next = self.places.get(&product.successor).copied();
            if let Some(place) = self.places.get(&product.sku) {
                self.goods[*place as usize].successor = next;
            }
        }
        for pair in pairs {
            let name = |sku: &String| names.get(sku).map_or("", String::as_str).to_owned();
            let (a, b) = (self.place(&pair.a, &name(&pair.a)), self.place(&pair.b, &name(&pair.b)));
            let GoodsPair { both, confidence, lift, .. } = *pair;
            self.pairs.entry(a).or_default().push(Pair { a, b, both, confidence, lift });
        }
    }

    fn name(&self, place: u32) -> &str {
        let goods = &self.goods[place as usize];
        if goods.name.is_empty() { &goods.sku } else { &goods.name }
    }

    fn said(&self, product: u32, why: NextFor) -> NextGoods {
        let (ja, en) = match why {
            NextFor::Successor(old) => (
                format!("以前お求めの「{}」の後継の商品です", self.name(old)),
                format!("takes the place of '{}', which they bought", self.name(old)),
            ),
            NextFor::BoughtWith(pair) => (
                format!(
                    "「{}」をお求めの方の{:.0}%({}人)が、こちらもお求めです(ふつうの{:.1}倍)",
                    self.name(pair.a),
                    pair.confidence * 100.0,
                    pair.both,
                    pair.lift
                ),
                format!(
                    "{:.0}% of those with '{}' ({} customers) bought it too, {:.1} times as many as usual",
                    pair.confidence * 100.0,
                    self.name(pair.a),
                    pair.both,
                    pair.lift
                ),
            ),
        };
        let (sku, name) = (self.goods[product as usize].sku.clone(), self.name(product).to_owned());
        NextGoods { sku, name, ja, en, successor: matches!(why, NextFor::Successor(_)) }
    }
}
