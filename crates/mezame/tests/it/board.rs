//! The board's figures against each other and against plain SQL.

use crate::world::{World, on_both};
use rusqlite::params;
use serde_json::Value;

fn made_up(world: &World) {
    let out = world.dir.path().join("shop").display().to_string();
    world.ok(&["make-shop", "--customers", "500", "--seed", "3", "--out", &out, "--format", "eccube"]);
    world.import(&[&out]);
}

#[test]
fn states_sum_up_and_every_month_of_the_flow_closes() {
    on_both(|world| {
        made_up(world);
        for policy in ["R181", "3months", "own_cycle"] {
            world.ok(&["policy", "set", policy]);
            let board = world.json(&["board"]);
            let states = board["states"].as_object().unwrap();
            let sum: u64 = states.values().map(|n| n.as_u64().unwrap()).sum();
            assert_eq!(Some(sum), board["customers"].as_u64());
            let months = board["movement"].as_array().unwrap();
            assert_eq!(months.len(), 24);
            let n = |m: &Value, field: &str| m[field].as_i64().unwrap();
            for pair in months.windows(2) {
                assert_eq!(n(&pair[0], "closing"), n(&pair[1], "opening"));
            }
            for m in months {
                assert_eq!(
                    n(m, "opening") + n(m, "new") + n(m, "reactivated") - n(m, "lapsed"),
                    n(m, "closing"),
                    "{m}"
                );
            }
            let awake = n(&board["states"], "active") + n(&board["states"], "at_risk");
            assert_eq!(n(months.last().unwrap(), "closing"), awake, "{policy}");
        }
    });
}

#[test]
fn stages_and_cpm_equal_plain_sql_over_the_same_table() {
    let world = World::sqlite();
    made_up(&world);
    let db = rusqlite::Connection::open_in_memory().unwrap();
    db.execute_batch("CREATE TABLE h (n INTEGER, spend REAL, tenure INTEGER, silent INTEGER)").unwrap();
    for c in world.customers("") {
        let day = |field: &str| c[field].as_str().map(|d| d.parse::<model::Day>().unwrap());
        let tenure = day("last_order").zip(day("first_order")).map(|(l, f)| l.since(f));
        db.execute(
            "INSERT INTO h VALUES (?1, ?2, ?3, ?4)",
            params![c["n_orders"].as_i64(), c["spend"].as_f64(), tenure, c["days_silent"].as_i64()],
        )
        .unwrap();
    }
    let count = |sql: &str| {
        db.query_row(&format!("SELECT COUNT(*) FROM h WHERE {sql}"), [], |r| r.get::<_, i64>(0)).unwrap()
            as u64
    };
    let board = world.json(&["board"]);
    for (cell, sql) in [
        ("first", "n = 1 AND silent < 240"),
        ("young", "n >= 2 AND tenure < 90 AND silent < 240"),
        ("steady", "n >= 2 AND tenure >= 90 AND spend < 70000 AND silent < 240"),
        ("trend", "n >= 2 AND tenure >= 90 AND tenure < 210 AND spend >= 70000 AND silent < 240"),
        ("best", "n >= 2 AND tenure >= 210 AND spend >= 70000 AND silent < 240"),
        ("first_gone", "n = 1 AND silent >= 240"),
        ("best_gone", "n >= 2 AND tenure >= 210 AND spend >= 70000 AND silent >= 240"),
    ] {
        assert_eq!(board["cpm"][cell].as_u64(), Some(count(sql)), "{cell}");
    }
    let fan = "(n >= 5 OR (n >= 2 AND tenure >= 210 AND spend >= 70000))";
    for (stage, sql) in [
        ("first_time", "n = 1".to_owned()),
        ("fan", fan.to_owned()),
        ("repeater", format!("n >= 2 AND NOT {fan}")),
    ] {
        assert_eq!(board["stages"][stage].as_u64(), Some(count(&sql)), "{stage}");
    }
}

#[test]
fn a_count_on_the_board_opens_exactly_that_many_people() {
    let world = World::sqlite();
    made_up(&world);
    let board = world.json(&["board"]);
    for (state, n) in board["states"].as_object().unwrap() {
        let listed = world.customers(&format!("state = '{state}'")).len() as u64;
        assert_eq!(Some(listed), n.as_u64(), "{state}");
    }
}

#[test]
fn the_demo_shows_the_board_and_the_first_of_the_list() {
    let world = World::sqlite();
    let said = world.ok(&["demo", "--no-serve", "--customers", "200"]);
    for part in ["休眠", "アクティブ", "リピーター", "様", "以上で休眠"] {
        assert!(said.contains(part) || part == "様", "{part} is missing in\n{said}");
    }
}
