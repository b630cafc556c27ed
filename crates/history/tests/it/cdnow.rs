//! A public table of real orders, where it lies beside the project.

use crate::helper::{build, judge};
use model::{Day, Event, EventKind, Policy, State};
use std::io::Read;
use std::path::Path;

#[test]
fn states_of_cdnow() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/cdnow_full.csv.gz");
    let Ok(file) = std::fs::File::open(path) else { return };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("a gzip file");
    let order = |line: &str| {
        let mut fields = line.split(',');
        let mut next = || fields.next().expect("three fields");
        let (customer, day, amount) = (next().parse().expect("a number"), next(), next());
        let amount: f64 = amount.parse().expect("an amount");
        let day: Day = day.parse().expect("a day");
        Event { customer, day, kind: EventKind::Order, value: (amount * 100.0).round() as i64, categories: 0 }
    };
    let orders: Vec<Event> = text.lines().skip(1).map(order).collect();
    let dir = tempfile::tempdir().expect("a folder");
    let columns = build(dir.path(), &orders);
    assert_eq!((columns.customers(), orders.len()), (23_570, 69_659));
    // The simple judge of these tests: at_risk from 10, dormant from 20; so ask by days of silence.
    let s = judge(dir.path(), &Policy::fixed("R181", 90, 181), "1997-09-30".parse().expect("a day"));
    let count = |condition: &str| s.select(condition).expect("selects").len();
    assert_eq!(s.customers(), 23_570);
    assert_eq!(count("days_silent < 90"), 4_195);
    assert_eq!(count("days_silent BETWEEN 90 AND 180"), 3_086);
    assert_eq!(count("days_silent >= 181"), 16_289);
    let states = s.totals(&s.select("").expect("all")).states;
    assert_eq!(states.iter().map(|s| s.1.customers).sum::<u64>(), 23_570);
    assert!(states.iter().all(|(state, _)| State::ALL.contains(state)));
    let later = judge(dir.path(), &Policy::fixed("R181", 90, 181), "1998-06-30".parse().expect("a day"));
    let orders: i64 =
        (0..later.customers() as u32).map(|i| i64::from(later.row_at(i).history.n_orders)).sum();
    assert_eq!(orders, 69_659);
}
