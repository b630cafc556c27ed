//! Who is calling, as far as a network can tell, and how often a network may.

use axum::http::HeaderMap;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// The network of a caller: nobody's own address. IPv4 /24, IPv6 /48.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Network(u64);

impl Network {
    /// Of a connection, or of what our own proxy says of it: the last address of `X-Forwarded-For` is
    /// the one that the proxy added, those before it were written by whoever called.
    pub fn of(peer: IpAddr, headers: &HeaderMap, proxied: bool) -> Network {
        let told = headers.get_all("x-forwarded-for").iter().next_back().and_then(|v| v.to_str().ok());
        let last = told.and_then(|all| all.rsplit(',').next()?.trim().parse().ok());
        Network::around(last.filter(|_| proxied).unwrap_or(peer))
    }

    fn around(address: IpAddr) -> Network {
        match address.to_canonical() {
            IpAddr::V4(v4) => Network(u64::from(u32::from(v4) >> 8)),
            // A mark keeps the two kinds apart.
            IpAddr::V6(v6) => Network((u128::from(v6) >> 80) as u64 | 1 << 63),
        }
    }

    /// The same network, the same word.
    pub fn word(self) -> String {
        format!("{:x}", self.0)
    }
}

/// So many at once, and so many a second from then on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rate {
    pub burst: u32,
    pub per_second: f64,
}

/// How often each of many may come: a bucket for each that fills with time (GCRA).
pub struct Buckets<K> {
    /// Milliseconds that one costs, and that a full bucket holds.
    cost: f64,
    full: f64,
    /// When each bucket will be full again, milliseconds.
    full_at: Mutex<HashMap<K, f64>>,
}

/// Buckets kept at a time; those that are full again are forgotten first.
const KEPT: usize = 100_000;

impl<K: Hash + Eq> Buckets<K> {
    pub fn new(rate: Rate) -> Buckets<K> {
        let cost = 1_000.0 / rate.per_second;
        Buckets { cost, full: cost * f64::from(rate.burst), full_at: Mutex::default() }
    }

    /// Takes one from a bucket; `false` where it is empty. `now`: milliseconds.
    pub fn take(&self, key: K, now: i64) -> bool {
        let now = now as f64;
        let mut all = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT {
            all.retain(|_, full_at| *full_at > now);
            if all.len() >= KEPT {
                all.clear();
            }
        }
        let full_at = all.entry(key).or_insert(now);
        // A clock that was set back shuts nobody out for longer than an empty bucket does.
        *full_at = full_at.clamp(now, now + self.full);
        let room = *full_at + self.cost <= now + self.full;
        if room {
            *full_at += self.cost;
        }
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(peer: &str, forwarded: &[&str], proxied: bool) -> Network {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        Network::of(peer.parse().unwrap(), &headers, proxied)
    }

    #[test]
    fn neighbours_share_a_network_and_only_our_proxy_is_believed() {
        let of = |peer| network(peer, &[], false);
        for (a, b, same) in [
            ("192.0.2.1", "192.0.2.200", true),
            ("192.0.2.1", "192.0.3.1", false),
            ("::ffff:192.0.2.9", "192.0.2.1", true),
            ("2001:db8:1:2::1", "2001:db8:1:ffff::2", true),
            ("2001:db8:1::1", "2001:db8:2::1", false),
        ] {
            assert_eq!(of(a) == of(b), same, "{a} {b}");
        }
        let there = of("203.0.113.5");
        for (forwarded, proxied, believed) in [
            (vec!["203.0.113.9"], true, true),
            (vec!["192.0.2.1, 203.0.113.9"], true, true),
            (vec!["192.0.2.1", "203.0.113.9"], true, true),
            (vec!["203.0.113.9, 192.0.2.1"], true, false),
            (vec!["203.0.113.9"], false, false),
            (vec!["nonsense"], true, false),
        ] {
            let found = network("198.51.100.1", &forwarded, proxied);
            assert_eq!(found == there, believed, "{forwarded:?} {proxied}");
        }
    }

    #[test]
    fn a_bucket_empties_fills_and_outlives_a_clock_set_back() {
        let buckets = Buckets::new(Rate { burst: 3, per_second: 2.0 });
        let day = 86_400_000;
        for (key, now, taken) in [
            ("a", day, true),
            ("a", day, true),
            ("a", day, true),
            ("a", day, false),
            ("b", day, true),
            ("a", day + 499, false),
            ("a", day + 500, true),
            ("a", day + 500, false),
            ("a", 0, false),
            ("a", 500, true),
            ("a", 500, false),
        ] {
            assert_eq!(buckets.take(key, now), taken, "{key} {now}");
        }
    }
}
