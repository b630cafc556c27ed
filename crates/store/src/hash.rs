//! Hashes that are stored or stand for a text: XXH3, stable over releases.

use model::{Order, Record};
use std::hash::{BuildHasherDefault, Hasher};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// Maps whose keys are hashes already.
pub(crate) type HashedMap<K, T> = std::collections::HashMap<K, T, BuildHasherDefault<Same>>;
pub(crate) type HashedSet<K> = std::collections::HashSet<K, BuildHasherDefault<Same>>;

/// Passes a hash on as it is.
#[derive(Default)]
pub(crate) struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        // A text comes in two writes: both count.
        self.0 = self.0.rotate_left(7) ^ xxh3_64(bytes);
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
    fn write_u32(&mut self, hash: u32) {
        // Both ends matter to the map: spread the 32 bits over 64.
        self.0 = u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// Of a text of one source.
pub(crate) fn text(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

/// Twice as long, for where no second look at the text is taken.
pub(crate) fn text_128(text: &str) -> u128 {
    xxh3_128(text.as_bytes())
}

/// Of everything an order says, its buyer's id and its lines included; `buffer` is scratch.
pub(crate) fn order(order: &Order, buffer: &mut Vec<u8>) -> i64 {
    buffer.clear();
    let numbers = [order.at, order.day.0.into(), order.total.0, order.refunded.0];
    let small = [order.kind as u8, order.standing as u8, u8::from(order.gift)];
    let optional = [order.goods, order.shipping, order.tax, order.discount, order.points];
    numbers.iter().for_each(|n| buffer.extend_from_slice(&n.to_le_bytes()));
    buffer.extend_from_slice(&small);
    optional.iter().for_each(|n| push_optional(buffer, n.map(|m| m.0)));
    push_optional(buffer, order.shipped.map(|d| d.0.into()));
    push_text(buffer, &order.buyer.ext_id);
    for text in [&order.medium, &order.refund_of] {
        push_text(buffer, text.as_deref().unwrap_or("\0"));
    }
    for line in &order.lines {
        for text in [&line.name, &line.sku, &line.category] {
            push_text(buffer, text);
        }
        buffer.extend_from_slice(&line.quantity.to_le_bytes());
        buffer.extend_from_slice(&line.price.0.to_le_bytes());
    }
    xxh3_64(buffer) as i64
}

/// Of everything a file says of a person.
pub(crate) fn record(record: &Record, profile: &str) -> i64 {
    let keys: Vec<u8> = record.keys.iter().flat_map(|k| k.0.to_le_bytes()).collect();
    xxh3_64(&[profile.as_bytes(), &keys].concat()) as i64
}

fn push_optional(buffer: &mut Vec<u8>, n: Option<i64>) {
    buffer.push(n.is_some().into());
    buffer.extend_from_slice(&n.unwrap_or(0).to_le_bytes());
}

fn push_text(buffer: &mut Vec<u8>, text: &str) {
    buffer.extend_from_slice(&(text.len() as u32).to_le_bytes());
    buffer.extend_from_slice(text.as_bytes());
}
