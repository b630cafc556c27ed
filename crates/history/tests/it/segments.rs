//! Conditions against SQLite over the same rows, and the words of every refusal.

use crate::helper::{build, events, foresee, judge, policy};
use history::{SegmentError, Snapshot, check_condition, columns};
use model::{Day, Timeline};
use proptest::prelude::*;
use rusqlite::{Connection, types::Value};

const TABLE: &str = "CREATE TABLE t (customer INTEGER, n_orders INTEGER, spend REAL, days_silent INTEGER,
    last_order TEXT, last_contact TEXT, own_cycle_days REAL, gap_sd REAL, state TEXT, stage TEXT, member INTEGER,
    guest INTEGER, last_category TEXT, f INTEGER, at_risk_line INTEGER, p_return REAL, value REAL, next_order TEXT,
    overdue_days INTEGER, stock_days INTEGER)";

fn database(s: &Snapshot) -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    db.execute(TABLE, [])?;
    let mut insert = db.prepare("INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")?;
    for i in 0..s.customers() as u32 {
        let row = s.row_at(i);
        let (h, j) = (&row.history, &row.judgement);
        let date = |d: Option<Day>| d.map_or(Value::Null, |d| Value::Text(d.to_string()));
        let days = |d: Option<i32>| d.map_or(Value::Null, |d| Value::Integer(i64::from(d)));
        let real = |known: bool, x: f64| if known { Value::Real(x) } else { Value::Null };
        let flag = |bit: i64| Value::Integer(i64::from(i64::from(h.flags) & bit != 0));
        let set = s.categories().get(h.last_categories as usize).filter(|s| !s.is_empty());
        insert.execute(rusqlite::params_from_iter([
            Value::Integer(h.customer),
            Value::Integer(i64::from(h.n_orders)),
            Value::Real(h.spend.as_f64()),
            days(h.days_silent(s.as_of())),
            date(h.last_order),
            date(h.last_contact),
            real(h.n_gaps > 0, h.gap_median),
            real(h.n_gaps > 1, h.gap_sd),
            Value::Text(j.state.word().into()),
            Value::Text(j.stage.word().into()),
            flag(Timeline::MEMBER),
            flag(Timeline::GUEST),
            set.map_or(Value::Null, |s| Value::Text(s.join(", "))),
            if h.n_orders > 0 { Value::Integer(i64::from(row.scores.f)) } else { Value::Null },
            Value::Integer(i64::from(j.at_risk_line)),
            row.outlook.map_or(Value::Null, |o| Value::Real(o.p_return)),
            row.outlook.map_or(Value::Null, |o| Value::Real(o.value().as_f64())),
            date(row.outlook.map(|o| o.next_order)),
            days(row.outlook.map(|o| o.overdue(s.as_of()))),
            days(row.outlook.and_then(|o| o.stock_left(s.as_of()))),
        ]))?;
    }
    drop(insert);
    Ok(db)
}

fn pick(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::sample::select(of).prop_map(str::to_owned)
}

fn number() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        pick(&["n_orders", "spend", "days_silent", "own_cycle_days", "gap_sd", "f", "at_risk_line"]),
        pick(&["p_return", "value", "overdue_days", "stock_days"]),
        (-3..12_i32).prop_map(|n| n.to_string()),
        pick(&["0.5", "2.5", "20", "NULL"]),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        (inner.clone(), pick(&["+", "-", "*", "/"]), inner).prop_map(|(a, op, b)| format!("({a} {op} {b})"))
    })
}

fn text() -> impl Strategy<Value = String> {
    pick(&["state", "stage", "last_category"])
}

fn comparison() -> impl Strategy<Value = String> {
    pick(&["=", "<>", "<", "<=", ">", ">="])
}

fn condition() -> impl Strategy<Value = String> {
    let date = || pick(&["last_order", "last_contact", "next_order", "'1972-10-10'", "'1972-11-01'", "NULL"]);
    let leaf = prop_oneof![
        3 => (number(), comparison(), number()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        1 => (pick(&["last_order", "next_order"]), comparison(), date()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        1 => (pick(&["state", "last_category"]), pick(&["<", ">="]), pick(&["'b'", "'tea'", "state", "stage"]))
            .prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        1 => (text(), pick(&["", "NOT "]), pick(&["'%e%'", "'t_a'", "'%'", "'D%T'", "NULL", "'%c%p_'"]))
            .prop_map(|(a, not, b)| format!("{a} {not}LIKE {b}")),
        1 => (number(), pick(&["", "NOT "]), number(), number()).prop_map(|(x, not, a, b)| format!("{x} {not}BETWEEN {a} AND {b}")),
        1 => (number(), pick(&["", "NOT "]), number(), -2..9_i32).prop_map(|(x, not, a, b)| format!("{x} {not}IN ({a}, {b}, 3)")),
        1 => (pick(&["n_orders", "spend"]), pick(&["", "NOT "]), -2..9_i32).prop_map(|(x, not, b)| format!("{x} {not}IN ({b}, 3)")),
        1 => (text(), pick(&["", "NOT "])).prop_map(|(x, not)| format!("{x} IS {not}NULL")),
        1 => (number(), pick(&["", "NOT "])).prop_map(|(x, not)| format!("{x} IS {not}NULL")),
        1 => pick(&["member", "guest", "member = true", "member <> guest", "state IN ('dormant', 'active')", "TRUE", "NULL"]),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), pick(&["AND", "OR", "AND NOT", "OR NOT"]), inner.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            inner.clone().prop_map(|a| format!("NOT ({a})")),
            (inner, pick(&["IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE", "IS NULL"]))
                .prop_map(|(a, is)| format!("(({a}) {is})")),
        ]
    })
}

fn ours(s: &Snapshot, condition: &str) -> Vec<i64> {
    let chosen = s.select(condition).unwrap_or_else(|e| panic!("{condition}: {e}"));
    let mut customers: Vec<i64> = chosen.iter().map(|i| s.row_at(i).history.customer).collect();
    customers.sort();
    customers
}

fn theirs(db: &Connection, condition: &str) -> Vec<i64> {
    let mut query =
        db.prepare(&format!("SELECT customer FROM t WHERE {condition} ORDER BY 1")).expect(condition);
    let rows = query.query_map([], |row| row.get(0)).expect(condition);
    rows.collect::<Result<_, _>>().expect(condition)
}

proptest! {
    #[test]
    fn three_valued_like_sqlite(events in events(), conditions in proptest::collection::vec(condition(), 12)) {
        let dir = tempfile::tempdir().expect("a folder");
        build(dir.path(), &events);
        let s = foresee(dir.path(), &judge(dir.path(), &policy(), Day(1050)), "a");
        let db = database(&s).expect("a database");
        for c in &conditions {
            for asked in [c.clone(), format!("NOT ({c})"), format!("({c}) IS NULL")] {
                prop_assert_eq!(ours(&s, &asked), theirs(&db, &asked), "{}", asked);
            }
        }
    }

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,80}|[a-z_' ()<>=0-9%,.*/+-]{0,60}|(not |\\(|-|a and ){0,400}x") {
        let _ = check_condition(&text, false);
    }
}

fn refusal(condition: &str, history_only: bool) -> SegmentError {
    check_condition(condition, history_only).expect_err(condition)
}

#[test]
fn refusals_help() {
    for (condition, said) in [
        ("n_order > 3", "there is no column 'n_order' (at character 1); did you mean n_orders?"),
        ("spend > 1 AND stat = 'x'", "there is no column 'stat' (at character 15); did you mean state?"),
        ("spend > 1\n  AND statt = 'x'", "there is no column 'statt' (at character 17); did you mean state?"),
        (
            "state = 'dormnt'",
            "'dormnt' never occurs there; the words are: prospect, active, at_risk, dormant, lost, withdrawn (at character 9); did you mean 'dormant'?",
        ),
        ("spend > 'much'", "spend (number) cannot be compared with 'much' (text) (at character 9)"),
        (
            "last_order > '2026-02-30'",
            "'2026-02-30' is not a day that exists (write it as 2026-11-22) (at character 14)",
        ),
        (
            "last_order > 20260101",
            "last_order (date) cannot be compared with 20260101 (integer) (at character 14)",
        ),
        ("n_orders", "n_orders is a integer, not a condition: compare it with something (at character 1)"),
        (
            "member > 3",
            "a boolean can be compared with true and false only: write the column's name, or NOT and its name (at character 10)",
        ),
        ("member + 1 = 2", "member is a boolean: write member or NOT member (at character 1)"),
        ("state + 1 = 2", "one can reckon with numbers only, and state (text) is not one (at character 1)"),
        ("spend LIKE '1%'", "LIKE looks at texts, and spend (number) is not one (at character 1)"),
        (
            "upper(state) = 'X'",
            "functions like upper() are not known here: compare columns with values (at character 1)",
        ),
        (
            "spend IN (SELECT 1)",
            "a segment looks at one customer at a time: subqueries are not known here (at character 1)",
        ),
        ("spend > ", "this cannot be read as a condition: Expected: an expression, found: EOF"),
        ("spend > 1 spend", "'spend' is not expected here: join conditions with AND or OR (at character 11)"),
        (
            "state = \"dormant\"",
            "there is no column \"dormant\"; texts are put in single quotes: 'dormant' (at character 9)",
        ),
    ] {
        assert_eq!(refusal(condition, false).to_string(), said, "{condition}");
    }
    let judged = refusal("n_orders > 2 and state = 'dormant'", true);
    assert_eq!(judged.position, Some(17));
    assert!(judged.message.starts_with("state is a judgement"), "{judged}");
}

#[test]
fn every_column_can_be_asked_for() {
    let dir = tempfile::tempdir().expect("a folder");
    build(dir.path(), &[]);
    let s = judge(dir.path(), &policy(), Day(1050));
    for c in columns() {
        let known =
            s.select(&format!("{} IS NOT NULL", c.name)).unwrap_or_else(|e| panic!("{}: {e}", c.name));
        assert_eq!(known.len(), 0, "nobody is there");
        assert_eq!(check_condition(&format!("{} IS NULL", c.name), true).is_ok(), c.history, "{}", c.name);
    }
}
