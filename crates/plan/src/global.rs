//! The small rolling group that stays out of every campaign, so that all of them together can be measured.

use model::Day;
use stats::draw::Draw;

/// Everybody is drawn anew once in so many quarters, a fourth of them at each turn of the quarter.
const QUARTERS: u64 = 4;

/// Whether a customer stays out of every campaign on a day; `share` is the share of customers who do, 0..=1.
///
/// A hash of the customer alone says in which quarter of the year their turn comes (calendar quarters,
/// January first); a hash of seed, customer and year of that turn says whether they are drawn. So the group is
/// the same all quarter, at each turn a fourth of it is exchanged, nobody need be kept in a table, and nobody
/// stays out for longer than a year unless drawn again.
pub fn global_holdout(seed: u64, customer: i64, day: Day, share: f64) -> bool {
    let turn = Draw::new(customer as u64).bits() % QUARTERS;
    // Quarters since the year 0: never negative, as days begin with the year 1.
    let quarter = (day.month_index() / 3) as u64;
    let year = (quarter + QUARTERS - turn) / QUARTERS;
    Draw::part(seed ^ year.rotate_left(32), customer as u64).chance(share)
}
