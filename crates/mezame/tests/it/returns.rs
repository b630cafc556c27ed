//! Who is likely to return: learned, ranked, shown on a card, and held against the past.

use crate::world::{World, on_both, real_data};
use serde_json::Value;

fn made_up(world: &World, customers: &str) {
    let out = world.dir.path().join("shop").display().to_string();
    world.ok(&["make-shop", "--customers", customers, "--seed", "3", "--out", &out, "--format", "eccube"]);
    world.import(&[&out]);
}

fn number(value: &Value, field: &str) -> f64 {
    value[field].as_f64().unwrap_or_else(|| panic!("{field} in {value}"))
}

#[test]
fn the_ranking_is_in_order_and_its_figures_belong_together() {
    on_both(|world| {
        made_up(world, "800");
        let rows = world.json(&["rank"]);
        let rows = rows.as_array().unwrap();
        assert!(rows.len() > 100);
        for (i, row) in rows.iter().enumerate() {
            assert_eq!(row["rank"], i + 1);
            let [low, p, high] = ["p_low", "p_return", "p_high"].map(|f| number(row, f));
            assert!(0.0 <= low && low <= p && p <= high && high <= 1.0, "{row}");
            let [worth, lift, cost] = ["value_if_returns", "expected_lift", "cost"].map(|f| number(row, f));
            assert!((number(row, "value") - p * worth).abs() < 0.02, "{row}");
            assert!((number(row, "expected_profit") - (lift * worth - cost)).abs() < 0.02, "{row}");
            assert!(row["reason"].as_str().unwrap().contains("何もしない場合"), "{row}");
            assert!(row["next_order_date"].as_str().unwrap().starts_with("20"), "{row}");
        }
        let falls =
            |pair: &[Value]| number(&pair[0], "expected_profit") >= number(&pair[1], "expected_profit");
        assert!(rows.windows(2).all(falls));
        // The list holds the quiet, everybody once, and nobody else.
        let quiet = world.customers("state IN ('at_risk', 'dormant') AND stock_days IS NULL");
        assert_eq!(rows.len(), quiet.len());
        let csv = world.ok(&["rank", "--format", "csv"]);
        let head = "rank,customer,p_return,p_low,p_high,value_if_returns,value,expected_lift,cost,expected_profit,next_order_date,reason";
        assert_eq!(csv.trim_start_matches('\u{feff}').lines().next(), Some(head));
        assert_eq!(csv.lines().count(), rows.len() + 1);
    });
}

#[test]
fn a_budget_ends_the_list_and_no_row_of_it_loses_money() {
    let world = World::sqlite();
    made_up(&world, "800");
    world.ok(&["settings", "set", "cost.post", "40"]);
    world.ok(&["settings", "set", "lift.post.regular", "2"]);
    let all = world.json(&["rank", "--channel", "post", "--budget", "1000000"]);
    let all = all.as_array().unwrap();
    assert!(!all.is_empty() && all.iter().all(|row| number(row, "expected_profit") >= 0.0));
    let some = world.json(&["rank", "--channel", "post", "--budget", "400"]);
    assert_eq!(some.as_array().unwrap().len(), 10);
    assert_eq!(some[9]["customer"], all[9]["customer"]);
    let said = world.ok(&["rank", "--channel", "post", "--lang", "en", "--limit", "2000"]);
    assert!(said.contains("costs more than it brings"), "the line is drawn: {said}");
    world.fails(2, &["rank", "--budget", "-1"]);
    world.fails(2, &["rank", "--channel", "smoke"]);
    world.fails(1, &["rank", "--where", "spend > 0) or (spend >= 0"]);
    let told = world.fails(1, &["rank", "--where", "foo = 1"]);
    assert!(told.contains("at character 1)"), "{told}");
}

#[test]
fn regular_buyers_come_before_those_who_bought_once() {
    let world = World::sqlite();
    made_up(&world, "800");
    let rows = world.json(&["rank"]);
    let once: std::collections::HashSet<i64> =
        world.customers("type = 'a'").iter().map(|c| c["customer"].as_i64().unwrap()).collect();
    let is_once = |row: &&Value| once.contains(&row["customer"].as_i64().unwrap());
    let rows = rows.as_array().unwrap();
    let half = rows.len() / 2;
    let (top, rest) =
        (rows[..half].iter().filter(is_once).count(), rows[half..].iter().filter(is_once).count());
    assert!(top * 2 < rest, "M052: B before A, {top} of A in the upper half and {rest} in the lower");
}

#[test]
fn segments_and_lists_know_the_outlook_and_the_switch_takes_it_away() {
    on_both(|world| {
        made_up(world, "500");
        let likely = world.customers("p_return >= 0.3 AND state = 'dormant'");
        assert!(likely.iter().all(|c| number(&c["outlook"], "p_return") >= 0.3), "{likely:?}");
        let all = world.json(&["segment", "count", "p_return IS NOT NULL"]);
        let buyers = world.json(&["segment", "count", "n_orders > 0 AND state <> 'withdrawn'"]);
        assert_eq!(all["customers"], buyers["customers"]);
        world.ok(&["settings", "set", "outlook", "off"]);
        assert_eq!(world.json(&["segment", "count", "p_return IS NOT NULL"])["customers"], 0);
        assert!(world.json(&["model"]).is_null());
        assert_eq!(world.json(&["rank"]).as_array().unwrap().len(), 0);
        world.ok(&["settings", "set", "outlook", "rule"]);
        assert_eq!(world.json(&["model"])["chosen"], "rule");
        world.fails(1, &["settings", "set", "outlook", "magic"]);
        world.fails(1, &["settings", "set", "margin", "1.5"]);
    });
}

#[test]
fn the_card_says_what_was_tried() {
    on_both(|world| {
        made_up(world, "800");
        let card = world.json(&["model"]);
        assert_eq!((card["horizon"].as_i64(), card["quiet"].as_i64()), (Some(90), Some(89)));
        assert_eq!(card["sense"], "enough");
        let tried: Vec<&str> =
            card["candidates"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        let names =
            ["rule", "learned", "mbg_nbd", "learned_mbg", "recency", "r181", "rfm", "value", "bg_nbd"];
        assert_eq!(tried, names);
        let chosen: Vec<&Value> =
            card["candidates"].as_array().unwrap().iter().filter(|c| c["chosen"] == true).collect();
        assert_eq!(chosen.len(), 1);
        assert_eq!(chosen[0]["name"], card["chosen"]);
        assert!(number(chosen[0], "auc") > 0.7);
        // Another horizon is another question.
        world.ok(&["policy", "set", "R181", "--horizon", "30"]);
        let short = world.json(&["model"]);
        assert_eq!(short["horizon"], 30);
        let said = world.ok(&["model"]);
        assert!(said.contains("使っている方法") && said.contains("R181"), "{said}");
    });
}

#[test]
fn a_shop_of_thirty_is_told_how_little_is_known() {
    let world = World::sqlite();
    let mut orders = "order,customer,ordered_at,total\n".to_owned();
    let mut n = 0;
    for customer in 1..=30 {
        // From weekly buyers to those of one order; all of them quiet by now.
        for k in 0..(1 + customer % 5) {
            n += 1;
            let day = 1 + (customer * 3 + k * 5) % 28;
            let month = 1 + (customer + k * 2) % 6;
            orders += &format!("{n},C{customer},2026-{month:02}-{day:02},{}\n", 1_000 + customer * 100);
        }
    }
    world.import(&[&world.file("orders.csv", orders)]);
    let card = world.json(&["model"]);
    assert_eq!(card["chosen"], "rule");
    assert!(card["sense"] == "little" || card["sense"] == "none", "{}", card["sense"]);
    let rows = world.json(&["rank"]);
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 30);
    for row in rows {
        assert!(number(row, "p_high") - number(row, "p_low") > 0.02, "wide: {row}");
    }
    let said = world.ok(&["model", "--lang", "en"]);
    assert!(said.contains("rough order"), "{said}");
}

#[test]
fn a_backtest_learns_from_before_the_cut_alone() {
    on_both(|world| {
        made_up(world, "800");
        let found = world.json(&["backtest", "--cut", "2026-05-01", "--horizon", "90"]);
        assert_eq!((found["cut"].as_str(), found["horizon_days"].as_i64()), (Some("2026-05-01"), Some(90)));
        let scopes = found["scopes"].as_array().unwrap();
        let names: Vec<&str> = scopes.iter().map(|s| s["scope"].as_str().unwrap()).collect();
        assert_eq!(names, ["all", "quiet", "deep"]);
        for scope in scopes {
            assert!(scope["returned"].as_u64() <= scope["customers"].as_u64());
            let scorers: Vec<&str> =
                scope["scorers"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
            let expected = ["mezame", "mezame_value", "recency", "r181", "rfm", "rule", "bg_nbd", "mbg_nbd"];
            assert_eq!(scorers, expected);
        }
        for fit in found["fit"].as_array().unwrap() {
            assert!(fit["converged"].is_boolean() && number(&fit["params"], "alpha") > 0.0, "{fit}");
        }
        // Orders after the cut change what is compared with, never what was learned.
        let late: String =
            (0..50).map(|i| format!("late{i},new{i},2026-06-{:02},5000\n", 1 + i % 28)).collect();
        world.import(&[&world.file("late.csv", format!("order,customer,ordered_at,total\n{late}"))]);
        let again = world.json(&["backtest", "--cut", "2026-05-01", "--horizon", "90"]);
        assert_eq!(again["card"], found["card"]);
        assert!(world.fails(1, &["backtest", "--cut", "2026-11-22"]).contains("2026-11"));
        assert!(world.fails(1, &["backtest", "--cut", "1999-01-01"]).contains("--cut"));
    });
}

#[test]
fn cdnow_is_ranked_better_than_by_the_rules_in_use() {
    let Some(file) = real_data("cdnow_full.csv.gz") else { return };
    let world = World { today: "1998-06-30".to_owned(), ..World::sqlite() };
    world.import(&[&file.display().to_string()]);
    let found = world.json(&["backtest", "--cut", "1997-09-30", "--horizon", "273"]);
    let quiet = &found["scopes"][1];
    // Sizes as `models.md` has them for this cut.
    assert_eq!((quiet["customers"].as_u64(), quiet["returned"].as_u64()), (Some(19_343), Some(4_085)));
    let auc = |name: &str| {
        let all = quiet["scorers"].as_array().unwrap();
        number(all.iter().find(|s| s["name"] == name).unwrap(), "auc")
    };
    let others = ["recency", "r181", "rfm", "rule", "bg_nbd", "mbg_nbd"].map(auc);
    let best = others.into_iter().fold(0.0, f64::max);
    assert!(auc("mezame") >= best - 0.005, "{} against {others:?}", auc("mezame"));
    let mbg = found["fit"].as_array().unwrap().iter().find(|f| f["model"] == "mbg_nbd").unwrap();
    assert!((number(mbg, "log_likelihood") + 95_336.958).abs() < 0.01, "{mbg}");
}

#[test]
fn goods_at_home_wait() {
    on_both(|world| {
        world.import(&[
            &world.file("products.csv", "sku,name,days_per_unit\nT60,Tea,60\n"),
            "--kind",
            "products",
        ]);
        let orders = "order,customer,ordered_at,total,sku,line_name,quantity,price\n\
                      1,C1,2026-10-23,4000,T60,Tea,2,2000\n2,C2,2026-01-05,2000,T60,Tea,1,2000\n";
        let mapped = world.file("orders.csv", orders);
        world.import(&[&mapped]);
        let found = world.customers("stock_days > 0");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["outlook"]["stock_days"], 90);
        // M038: a reminder waits until they run out, and so does the ranking.
        assert!(found[0]["outlook"]["next_order"].as_str() >= Some("2027-02-20"), "{}", found[0]);
        let ranked = world.json(&["rank"]);
        assert!(ranked.as_array().unwrap().iter().all(|r| r["customer"] != found[0]["customer"]));
    });
}
