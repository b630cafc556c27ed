//! The global holdout: its share, how long it stays, how it changes.

use model::Day;
use plan::global_holdout;

const SHOP: i64 = 40_000;

fn members(day: Day, share: f64) -> Vec<i64> {
    (0..SHOP).filter(|c| global_holdout(9, *c, day, share)).collect()
}

fn day(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd(year, month, day).expect("a day")
}

#[test]
fn its_share_is_right_in_every_quarter() {
    for share in [0.01, 0.05, 0.2] {
        for month in [1, 4, 7, 10] {
            let found = members(day(2026, month, 15), share).len() as f64 / SHOP as f64;
            let error = (share * (1.0 - share) / SHOP as f64).sqrt();
            assert!((found - share).abs() < 5.0 * error, "{share}, month {month}: {found}");
        }
    }
    assert!(members(day(2026, 1, 1), 0.0).is_empty());
    assert_eq!(members(day(2026, 1, 1), 1.0).len() as i64, SHOP);
}

#[test]
fn it_stays_all_quarter_and_a_fourth_is_exchanged_at_its_turn() {
    let share = 0.05;
    assert_eq!(members(day(2026, 10, 1), share), members(day(2026, 12, 31), share));
    let mut quarter = 2026 * 12;
    for _ in 0..6 {
        let now = members(Day::first_of_month(quarter).expect("a month"), share);
        let next = members(Day::first_of_month(quarter + 3).expect("a month"), share);
        let gone = now.iter().filter(|c| next.binary_search(c).is_err()).count() as f64 / now.len() as f64;
        assert!((0.15..=1.0 / 3.0).contains(&gone), "{gone:.2} exchanged");
        quarter += 3;
    }
    let a_year_on = members(day(2027, 10, 1), share);
    let still = members(day(2026, 10, 1), share).iter().filter(|c| a_year_on.contains(c)).count();
    assert!(still < a_year_on.len() / 5, "after a year only those drawn again: {still}");
}

#[test]
fn another_shop_draws_others() {
    let other = (0..SHOP).filter(|c| global_holdout(10, *c, day(2026, 1, 1), 0.05));
    let ours = members(day(2026, 1, 1), 0.05);
    let both = other.filter(|c| ours.binary_search(c).is_ok()).count();
    assert!(both < 200, "{both} in both, about 100 by chance");
}
