//! How often people hear: what they said outlives what moved by itself, and a stop empties the line.

use crate::help::*;
use model::{Cadence, Kind};
use store::{CadenceChange, Outcome, Store};

const DAY: i64 = 86_400;

fn change(at: i64, was: Cadence, cadence: Cadence) -> CadenceChange {
    let (ja, en, by) = ("試験".to_owned(), "a test".to_owned(), "佐藤".to_owned());
    CadenceChange { at, was, cadence, ja, en, by }
}

/// The first said that they want no newsletter, the second grew quiet later by themselves.
fn two_who_are_one(store: &Store) {
    let people = [person("a", "見本", "a@example.jp", ""), person("b", "見本", "b@example.jp", "")];
    import(store, "shop", Kind::Customers, &records(people));
    let stop = change(NOW, Cadence::Weekly, Cadence::Stopped);
    store.set_cadence(1, Some(Cadence::Stopped), &stop).unwrap();
    store.set_cadence(2, None, &change(NOW + 90 * DAY, Cadence::Weekly, Cadence::Monthly)).unwrap();
    let ask = Outcome::Merge { with_record: 1, facts: vec!["email".into()] };
    store.settle(2, &[ask], NOW + 91 * DAY).unwrap();
}

/// M092: what somebody said wins over a later move by itself, whichever record it was said of.
#[test]
fn m092_a_merge_keeps_what_the_customer_said() {
    on_both(|store| {
        two_who_are_one(store);
        let known = store.cadences(&[1]).unwrap()[&1];
        assert_eq!((known.wish, known.cadence, known.said), (Cadence::Stopped, Cadence::Stopped, Some(NOW)));
        // A move by itself keeps the wish of the whole person.
        let later = change(NOW + 92 * DAY, Cadence::Stopped, Cadence::Stopped);
        store.set_cadence(2, None, &later).unwrap();
        assert_eq!(store.cadences(&[1]).unwrap()[&1].wish, Cadence::Stopped);
        // A later word wins over an earlier one.
        let again = change(NOW + 93 * DAY, Cadence::Stopped, Cadence::Weekly);
        store.set_cadence(2, Some(Cadence::Weekly), &again).unwrap();
        assert_eq!(store.cadences(&[1]).unwrap()[&1].wish, Cadence::Weekly);
    });
}
