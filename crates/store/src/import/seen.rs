//! What a session has seen: whose id is which record, which order has which number.

use crate::hash::{HashedMap, text, text_128};
use std::collections::hash_map::Entry;

/// People remembered at most; about 100 MB.
const PEOPLE: usize = 3_000_000;
/// Orders remembered at most in a bulk load; about 300 MB.
const ORDERS: u32 = 20_000_000;

/// A person as orders need them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Seen {
    pub record: i64,
    /// `bits::ORDERED` is set already.
    pub ordered: bool,
}

/// Buyers' ids and their records. Forgets everything when full; the table knows.
#[derive(Default)]
pub(super) struct PeopleCache(HashedMap<u64, (u32, u32)>);

impl PeopleCache {
    pub fn get(&self, ext_id: &str) -> Option<Seen> {
        let (key, check) = split(ext_id);
        let &(packed, stored) = self.0.get(&key)?;
        (stored == check).then_some(Seen { record: i64::from(packed >> 1), ordered: packed & 1 == 1 })
    }

    pub fn put(&mut self, ext_id: &str, seen: Seen) {
        if self.0.len() >= PEOPLE {
            self.0.clear();
        }
        let (key, check) = split(ext_id);
        // Beyond two thousand million records nothing is remembered, which is only slower.
        if let Ok(record) = u32::try_from(seen.record << 1) {
            self.0.insert(key, (record | u32::from(seen.ordered), check));
        }
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// 96 bits of a hash: two ids that share them do not occur.
fn split(ext_id: &str) -> (u64, u32) {
    let hash = text_128(ext_id);
    (hash as u64, (hash >> 64) as u32)
}

/// Which orders are in the table already.
pub(super) enum OrderNumbers {
    /// Ask its index.
    InTable,
    /// A bulk load without an index: everything in the table came in this session.
    InMemory(Box<Numbers>),
}

/// 256 small maps from 32 further bits of the hash to the order's number: 40 bits find a
/// candidate, whose text the caller compares. The few that differ in text alone are kept apart.
pub(super) struct Numbers {
    maps: Vec<HashedMap<u32, u32>>,
    twins: HashedMap<String, u32>,
    held: u32,
}

impl OrderNumbers {
    pub fn in_memory() -> OrderNumbers {
        let maps = (0..256).map(|_| HashedMap::default()).collect();
        OrderNumbers::InMemory(Box::new(Numbers { maps, twins: HashedMap::default(), held: 0 }))
    }

    /// No more may be held: time for the index.
    pub fn is_full(&self) -> bool {
        matches!(self, OrderNumbers::InMemory(numbers) if numbers.held >= ORDERS)
    }
}

impl Numbers {
    /// The order that probably has this id; its text decides.
    pub fn candidate(&self, ext_id: &str) -> Option<i64> {
        if let Some(&number) = self.twins.get(ext_id) {
            return Some(number.into());
        }
        let (map, key) = place(ext_id);
        self.maps[map].get(&key).map(|&n| n.into())
    }

    /// Remembers a new order.
    pub fn put(&mut self, ext_id: &str, number: i64) {
        let Ok(number) = u32::try_from(number) else {
            self.held = ORDERS;
            return;
        };
        self.held += 1;
        let (map, key) = place(ext_id);
        match self.maps[map].entry(key) {
            Entry::Vacant(free) => {
                free.insert(number);
            }
            Entry::Occupied(_) => {
                self.twins.insert(ext_id.to_owned(), number);
            }
        }
    }
}

fn place(ext_id: &str) -> (usize, u32) {
    let hash = text(ext_id);
    ((hash >> 56) as usize, hash as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_orders_are_found_again() {
        let mut people = PeopleCache::default();
        let OrderNumbers::InMemory(mut orders) = OrderNumbers::in_memory() else { panic!("in memory") };
        for n in 1..2_000i64 {
            people.put(&n.to_string(), Seen { record: n, ordered: n % 3 == 0 });
            orders.put(&n.to_string(), n);
        }
        for n in 1..2_000i64 {
            assert_eq!(people.get(&n.to_string()), Some(Seen { record: n, ordered: n % 3 == 0 }));
            assert_eq!(orders.candidate(&n.to_string()), Some(n));
        }
        assert_eq!((people.get("0"), orders.candidate("0")), (None, None));
    }

    #[test]
    fn an_order_whose_hash_is_taken_is_still_found() {
        let OrderNumbers::InMemory(mut orders) = OrderNumbers::in_memory() else { panic!("in memory") };
        let (map, key) = place("B");
        orders.maps[map].insert(key, 7); // as if "A" had the same 40 bits
        assert_eq!(orders.candidate("B"), Some(7), "only the text tells that 7 is not B");
        orders.put("B", 8);
        assert_eq!(orders.candidate("B"), Some(8));
    }
}
