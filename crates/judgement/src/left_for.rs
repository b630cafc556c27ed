//! Why a customer went quiet: which statement counts, and what is likely where nobody has said anything.

use model::{Day, Statement};
use std::cmp::Ordering;

/// The statement that counts; `None`: the reason is not known, and nobody is given one by default (M036).
///
/// 1. What stands from before the last order is past: they came back since.
/// 2. What was said beats what is inferred.
/// 3. The newer beats the older, by its day and then by when it was written down.
/// 4. The surer beats the less sure; of equals, the one written down last.
pub fn current(statements: &[Statement], last_order: Option<Day>) -> Option<&Statement> {
    let live = |s: &&Statement| last_order.is_none_or(|last| s.day >= last);
    let order = |a: &&Statement, b: &&Statement| {
        let key = |s: &Statement| (s.source.is_said(), s.day, s.at);
        key(a)
            .cmp(&key(b))
            .then(a.confidence.partial_cmp(&b.confidence).unwrap_or(Ordering::Equal))
            .then(a.id.cmp(&b.id))
    };
    statements.iter().filter(live).max_by(order)
}

/// Something seen of a customer that makes a reason likely, but proves none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Hint {
    /// Goods are left by quantity and days per unit.
    GoodsLeft,
    /// Ordered once and never again.
    Once,
    /// Many touches of late.
    ManyTouches,
    /// Ordered by a rhythm, and has heard nothing for long.
    Unheard,
    /// The last thing was a refund or a return.
    Returned,
    ComplaintOpen,
    /// Post or mail does not reach them any more.
    AddressGone,
    /// Said in a survey that less came than was expected.
    BelowExpectation,
}

impl Hint {
    pub const ALL: [Hint; 8] = [
        Hint::GoodsLeft,
        Hint::Once,
        Hint::ManyTouches,
        Hint::Unheard,
        Hint::Returned,
        Hint::ComplaintOpen,
        Hint::AddressGone,
        Hint::BelowExpectation,
    ];

    /// The word in the list of reasons, and what was seen: Japanese, English.
    pub const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Hint::GoodsLeft => ("goods_left", "お手元に商品が残っている見込みです", "goods are likely left"),
            Hint::Once => ("once", "ご注文は一度だけです", "ordered only once"),
            Hint::ManyTouches => ("many_touches", "この90日のご連絡が多めです", "many touches in 90 days"),
            Hint::Unheard => ("unheard", "180日以上ご連絡していません", "not reached for 180 days"),
            Hint::Returned => ("returned", "最後のご注文に返金があります", "the last order was refunded"),
            Hint::ComplaintOpen => ("complaint_open", "未解決のクレームがあります", "a complaint is open"),
            Hint::AddressGone => ("address_gone", "連絡先に届かなくなりました", "an address does not reach"),
            Hint::BelowExpectation => {
                ("below_expectation", "期待を下回ったとのご回答です", "answered that less came than expected")
            }
        }
    }
}

/// Reasons that hints make likely, the likeliest first, each with its weight (0..1) and the hint that weighs
/// most: hints of one reason add up as independent ones do, and all weights together stay below one, so that
/// something is left for what nobody thought of. `table`: (hint, reason, weight).
pub fn likely<'t>(hints: &[Hint], table: &'t [(Hint, String, f64)]) -> Vec<(&'t str, f64, Hint)> {
    let mut found: Vec<(&str, f64, Hint, f64)> = Vec::new();
    for (hint, reason, weight) in table.iter().filter(|(hint, ..)| hints.contains(hint)) {
        let weight = weight.clamp(0.0, 1.0);
        match found.iter_mut().find(|f| f.0 == reason) {
            None => found.push((reason, weight, *hint, weight)),
            Some(known) => {
                known.1 = 1.0 - (1.0 - known.1) * (1.0 - weight);
                if weight > known.3 {
                    (known.2, known.3) = (*hint, weight);
                }
            }
        }
    }
    let sum: f64 = found.iter().map(|f| f.1).sum();
    let scale = if sum > MOST { MOST / sum } else { 1.0 };
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    found.into_iter().map(|(reason, weight, hint, _)| (reason, weight * scale, hint)).collect()
}

/// The weights of all likely reasons together, at most.
const MOST: f64 = 0.9;

#[cfg(test)]
mod tests {
    use super::*;
    use model::ReasonSource::{self, *};

    fn said(reason: &str, source: ReasonSource, day: i32, confidence: f64) -> Statement {
        let (words, by) = (String::new(), String::new());
        Statement { id: None, reason: reason.into(), source, confidence, day: Day(day), words, by, at: 0 }
    }

    /// M033: one row, one case of the rule.
    #[test]
    fn the_statement_that_counts() {
        let table: &[(&[Statement], Option<i32>, &str)] = &[
            (&[], None, "-"),
            (&[said("price", Call, 10, 1.0)], None, "price"),
            // Newer beats older, said beats inferred however new and sure.
            (&[said("price", Call, 10, 1.0), said("forgot", Survey, 11, 0.4)], None, "forgot"),
            (&[said("price", Call, 10, 0.2), said("forgot", Behaviour, 90, 1.0)], None, "price"),
            (&[said("price", PriceChange, 10, 0.4), said("forgot", Behaviour, 12, 0.5)], None, "forgot"),
            // Of one day the surer.
            (&[said("price", Survey, 10, 0.9), said("forgot", Survey, 10, 0.8)], None, "price"),
            // They came back since; what is of the day of the order itself stands.
            (&[said("price", Call, 10, 1.0)], Some(11), "-"),
            (&[said("price", Call, 10, 1.0)], Some(10), "price"),
            (&[said("price", Call, 10, 1.0), said("forgot", Behaviour, 20, 0.5)], Some(20), "forgot"),
        ];
        for (statements, last, expected) in table {
            for turned in [false, true] {
                let mut statements = statements.to_vec();
                if turned {
                    statements.reverse();
                }
                let found = current(&statements, last.map(Day)).map_or("-", |s| s.reason.as_str());
                assert_eq!(found, *expected, "{statements:?}");
            }
        }
    }

    /// M036: hints weigh, and never become a reason.
    #[test]
    fn hints_weigh_and_leave_room_for_the_unknown() {
        let table = [
            (Hint::GoodsLeft, "surplus".to_owned(), 0.5),
            (Hint::Once, "habit".to_owned(), 0.2),
            (Hint::Returned, "disliked".to_owned(), 0.4),
            (Hint::ComplaintOpen, "disliked".to_owned(), 0.5),
        ];
        assert_eq!(likely(&[], &table), []);
        let found = likely(&[Hint::GoodsLeft, Hint::Once], &table);
        assert_eq!(found, [("surplus", 0.5, Hint::GoodsLeft), ("habit", 0.2, Hint::Once)]);
        let found = likely(&[Hint::Returned, Hint::ComplaintOpen], &table);
        assert_eq!((found.len(), found[0].0, found[0].2), (1, "disliked", Hint::ComplaintOpen));
        assert!((found[0].1 - 0.7).abs() < 1e-9, "1 - 0.6 x 0.5");
        let all = likely(&Hint::ALL, &table);
        assert!((all.iter().map(|f| f.1).sum::<f64>() - 0.9).abs() < 1e-9, "{all:?}");
    }
}
