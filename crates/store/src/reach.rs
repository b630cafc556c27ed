//! Who can be reached and who forbids it, gathered over all records of each customer.

use crate::db::{Conn, params};
use crate::refresh::STILL;
use crate::{Error, Result, Store, bits};
use model::{Basis, Channel, ReachFacts, StopReason};
use std::collections::{BTreeMap, HashMap};

/// Consents as (customer, channel, basis) and must-nots as (customer, channel or 255, reason).
#[derive(Default)]
struct Words {
    consents: Vec<(i64, u8, u8)>,
    stops: Vec<(i64, u8, u8)>,
}

const EVERY: u8 = u8::MAX;

/// Bases attested for a source, as bits of `pairs`.
struct Attested {
    pairs: Vec<(Channel, Basis)>,
    all: u32,
    of_source: HashMap<i64, u32>,
}

impl Store {
    /// Streams what decides whether customers may be reached, one per customer, ascending; all
    /// of them or some. What the books keep them out for is not looked up: see `exclusions`.
    pub fn reach_facts(&self, of: Option<&[i64]>, each: &mut dyn FnMut(ReachFacts)) -> Result<()> {
        self.db.read(|conn| {
            let attested = attested(conn)?;
            let Some(of) = of else {
                return everyone(conn, &attested, each);
            };
            let mut of = of.to_vec();
            of.sort_unstable();
            of.dedup();
            for some in of.chunks(5_000) {
                these(conn, some, &attested, each)?;
            }
            Ok(())
        })
    }
}

fn everyone(conn: &mut Conn, attested: &Attested, each: &mut dyn FnMut(ReachFacts)) -> Result<()> {
    let most = conn.number("SELECT MAX(id) FROM records", &[])?;
    // (bits, attested): -1 = not a customer. Record numbers have no gaps.
    let mut customers: Vec<(i32, u32)> = vec![(-1, 0); usize::try_from(most + 1).unwrap_or(0)];
    conn.scan::<3>("SELECT customer, bits, source FROM records", |row| {
        let [Some(customer), Some(bits), Some(source)] = *row else { return Ok(()) };
        let place = &mut customers[customer as usize];
        place.0 = if place.0 < 0 { bits as i32 } else { bits::unite(place.0.into(), bits) as i32 };
        place.1 |= attested.of(source);
        Ok(())
    })?;
    let words = words(conn, &["1 = 1".to_owned()])?;
    let facts = customers.iter().enumerate().filter(|(_, (bits, _))| *bits >= 0);
    say(facts.map(|(customer, &(bits, mask))| (customer as i64, bits.into(), mask)), &words, attested, each)
}

fn these(conn: &mut Conn, some: &[i64], attested: &Attested, each: &mut dyn FnMut(ReachFacts)) -> Result<()> {
    let mut customers: BTreeMap<i64, (i64, u32)> = BTreeMap::new();
    conn.each_of("SELECT customer, bits, source FROM records WHERE customer IN ({ids})", some, |row| {
        let (record_bits, mask) = (row.int(1)?, attested.of(row.int(2)?));
        let known = customers.entry(row.int(0)?).or_insert((record_bits, 0));
        *known = (bits::unite(known.0, record_bits), known.1 | mask);
        Ok(())
    })?;
    let lists: Vec<String> = some
        .chunks(500)
        .map(|ids| {
            let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
            format!("r.customer IN ({})", ids.join(","))
        })
        .collect();
    let words = words(conn, &lists)?;
    say(customers.into_iter().map(|(c, (bits, mask))| (c, bits, mask)), &words, attested, each)
}

/// Puts facts and words together; all ascend by customer.
fn say(
    customers: impl Iterator<Item = (i64, i64, u32)>,
    words: &Words,
    attested: &Attested,
    each: &mut dyn FnMut(ReachFacts),
) -> Result<()> {
    let (mut consents, mut stops) = (words.consents.as_slice(), words.stops.as_slice());
    for (customer, bits, mask) in customers {
        let has = |bit| bits & bit != 0;
        let given = head(&mut consents, customer);
        let mut facts = ReachFacts {
            customer,
            has_email: has(bits::EMAIL),
            has_mobile: has(bits::MOBILE),
            has_phone: has(bits::PHONE),
            has_line: has(bits::LINE),
            has_post: has(bits::POST),
            mall_only: has(bits::MALL),
            company: has(bits::COMPANY),
            ordered: has(bits::ORDERED),
            consents: Vec::with_capacity(given.len()),
            stops: Vec::new(),
            exclusions: Vec::new(),
            wants_fewer: false,
        };
        for &(_, channel, basis) in given {
            facts.consents.push((known(channel, Channel::from_code)?, known(basis, Basis::from_code)?));
        }
        for (i, &pair) in attested.pairs.iter().enumerate() {
            if (mask | attested.all) & (1 << i) != 0 && !facts.consents.contains(&pair) {
                facts.consents.push(pair);
            }
        }
        for &(_, channel, reason) in head(&mut stops, customer) {
            let channel = if channel == EVERY { None } else { Some(known(channel, Channel::from_code)?) };
            facts.stops.push((channel, known(reason, StopReason::from_code)?));
        }
        each(facts);
    }
    Ok(())
}

/// The words of one customer, taken off the front.
fn head<'w>(words: &mut &'w [(i64, u8, u8)], customer: i64) -> &'w [(i64, u8, u8)] {
    let skip = words.iter().take_while(|w| w.0 < customer).count();
    let rest = &words[skip..];
    let of = rest.iter().take_while(|w| w.0 == customer).count();
    *words = &rest[of..];
    &rest[..of]
}

fn known<T>(code: u8, from: impl Fn(u8) -> Option<T>) -> Result<T> {
    from(code).ok_or_else(|| Error::Content(format!("code {code}")))
}

/// Consents and must-nots in force of the customers that any of `filters` (over records r) lets in.
fn words(conn: &mut Conn, filters: &[String]) -> Result<Words> {
    let mut words = Words::default();
    for filter in filters {
        // The last word of each record on a channel and basis counts, by its day.
        let sql = format!(
            "SELECT c.record, c.channel, c.basis, c.given, c.day, c.id, r.customer FROM consents c
             JOIN records r ON r.id = c.record WHERE {filter} ORDER BY 1, 2, 3, 5, 6"
        );
        let mut last: Option<([i64; 3], bool, i64)> = None;
        let consents = &mut words.consents;
        let mut close = |last: &Option<([i64; 3], bool, i64)>| {
            if let Some(([_, channel, basis], true, customer)) = last {
                consents.push((*customer, *channel as u8, *basis as u8));
            }
        };
        conn.each(&sql, &[], |row| {
            let key = [row.int(0)?, row.int(1)?, row.int(2)?];
            if last.as_ref().is_some_and(|(before, ..)| *before != key) {
                close(&last);
            }
            last = Some((key, row.bool(3)?, row.int(6)?));
            Ok(())
        })?;
        close(&last);
        for sql in [
            "SELECT r.customer, s.channel, s.reason FROM suppressions s JOIN records r ON r.id = s.record
             WHERE s.lifted_at IS NULL AND ",
            &format!(
                "SELECT r.customer, s.channel, s.reason FROM suppressions s JOIN match_keys k ON k.key = s.match_key
                 JOIN records r ON r.id = k.record WHERE s.lifted_at IS NULL AND {STILL} AND "
            ),
        ] {
            conn.each(&format!("{sql}{filter}"), &[], |row| {
                let channel = row.opt_int(1)?.map_or(EVERY, |c| c as u8);
                words.stops.push((row.int(0)?, channel, row.int(2)? as u8));
                Ok(())
            })?;
        }
    }
    for list in [&mut words.consents, &mut words.stops] {
        list.sort_unstable();
        list.dedup();
    }
    Ok(words)
}

impl Attested {
    fn of(&self, source: i64) -> u32 {
        self.of_source.get(&source).copied().unwrap_or(0)
    }
}

fn attested(conn: &mut Conn) -> Result<Attested> {
    let sql = "SELECT a.channel, a.basis, a.source, s.id FROM attestations a LEFT JOIN sources s ON s.name = a.source
               WHERE a.revoked_at IS NULL ORDER BY a.id";
    let rows = conn.all(sql, params![], |row| {
        let pair = (row.known(0, Channel::from_code)?, row.known(1, Basis::from_code)?);
        Ok((pair, row.opt_text(2)?, row.opt_int(3)?))
    })?;
    let mut attested = Attested { pairs: vec![], all: 0, of_source: HashMap::new() };
    for (pair, source, source_id) in rows {
        // Six channels by five bases: never more than 30 pairs.
        let place = attested.pairs.iter().position(|p| *p == pair).unwrap_or_else(|| {
            attested.pairs.push(pair);
            attested.pairs.len() - 1
        });
        match (source, source_id) {
            (None, _) => attested.all |= 1 << place,
            (Some(_), Some(id)) => *attested.of_source.entry(id).or_default() |= 1 << place,
            (Some(_), None) => {}
        }
    }
    Ok(attested)
}
