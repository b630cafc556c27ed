//! Every rule seen refusing and seen letting through, as tables; and what never happens, as properties.

mod caps;
mod document;
mod keeping;
mod letter;
mod lists;
mod parts;
mod sms;
mod touch;

/// What one row of a table shows of a rule.
struct Shown {
    rule: &'static str,
    refuses: bool,
}

/// The rules of which the suite must show a case that blocks, warns or pauses, and one that passes.
const BOTH_WAYS: [&str; 35] = [
    "L-01", "L-02", "L-03", "L-04", "L-06", "L-07", "L-08", "L-09", "L-10", "L-16", "L-21", "L-22", "L-23",
    "L-24", "L-25", "L-26", "L-27", "L-28", "L-29", "L-30", "L-36", "L-37", "L-38", "L-39", "L-40", "L-43",
    "L-44", "L-47", "L-41", "L-31", "L-32", "L-33", "M086", "M087", "M163",
];

#[test]
fn every_rule_is_shown_both_ways() {
    let rows: Vec<Shown> =
        [touch::shown(), document::shown(), letter::shown(), keeping::shown(), sms::shown()]
            .into_iter()
            .flatten()
            .collect();
    for id in BOTH_WAYS {
        for refuses in [true, false] {
            assert!(
                rows.iter().any(|r| r.rule == id && r.refuses == refuses),
                "{id}: no case, refuses = {refuses}"
            );
        }
    }
}
