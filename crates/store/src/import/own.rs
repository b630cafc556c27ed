//! A customer's own word against what a file or an order says later.

use super::Write;
use crate::Result;
use model::{OwnFact, Record};
use std::collections::HashMap;

/// A fact that the customer replaced: what it was, as a hash, and when, Unix seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Replaced {
    fact: OwnFact,
    was: i64,
    at: i64,
}

/// Keeps the customer's word where `said` only repeats what they replaced: that is no news. `order`:
/// the moment of the order whose words these are, if they are an order's.
pub(super) fn hold(own: &[Replaced], said: &Record, order: Option<i64>, before: &Record, after: &mut Record) {
    let old = |r: &&Replaced| r.fact.print(said) == Some(r.was) && order.is_none_or(|at| at <= r.at);
    for replaced in own.iter().filter(old) {
        replaced.fact.copy(before, after);
    }
}

impl Write<'_> {
    /// What the customers of these records replaced.
    pub(super) fn own_words(&mut self, records: &[i64]) -> Result<HashMap<i64, Vec<Replaced>>> {
        let mut own: HashMap<i64, Vec<Replaced>> = HashMap::new();
        let sql =
            "SELECT record, field, was, at FROM profile_changes WHERE was <> now_is AND record IN ({ids})";
        self.conn.each_of(sql, records, |row| {
            let fact = row.known(1, OwnFact::from_code)?;
            own.entry(row.int(0)?).or_default().push(Replaced { fact, was: row.int(2)?, at: row.int(3)? });
            Ok(())
        })?;
        Ok(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(address: &str) -> Record {
        Record { email: Some(address.to_owned()), ..Record::default() }
    }

    #[test]
    fn only_what_was_replaced_is_no_news() {
        let was = OwnFact::Mail.print(&mail("old@example.jp")).unwrap();
        let own = [Replaced { fact: OwnFact::Mail, was, at: 100 }];
        for (said, order, left) in [
            ("old@example.jp", None, "own@example.jp"),
            ("third@example.jp", None, "third@example.jp"),
            ("old@example.jp", Some(99), "own@example.jp"),
            ("old@example.jp", Some(101), "old@example.jp"),
            ("own@example.jp", None, "own@example.jp"),
        ] {
            let mut after = mail(said);
            hold(&own, &mail(said), order, &mail("own@example.jp"), &mut after);
            assert_eq!(after.email.as_deref(), Some(left), "{said} {order:?}");
        }
    }
}
