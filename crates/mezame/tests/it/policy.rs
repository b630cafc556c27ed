//! Policies at their boundaries, versions, comparison.

use crate::world::{World, on_both};
use std::fmt::Write;

/// Customers A, B, C ... whose only order lies this many days before the story's day.
fn last_orders(world: &World, days: &[i32]) {
    let today: model::Day = world.today.parse().unwrap();
    let mut rows = String::from("order,customer,at,total,category\n");
    for (i, &d) in days.iter().enumerate() {
        writeln!(rows, "{i},c{d},{},1000,", today.plus(-d)).unwrap();
    }
    let map = world.file("m.toml", "kind = \"orders\"\nsource = \"shop\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nordered_at = \"at\"\ntotal = \"total\"\ncategory = \"category\"\n");
    let file = world.file("o.csv", rows);
    world.import(&[&file, "--map", &map]);
}

fn states(world: &World) -> String {
    let all = world.customers("");
    let mut seen: Vec<(String, String)> = all
        .iter()
        .map(|c| (c["source_ids"][0].as_str().unwrap().to_owned(), c["state"].as_str().unwrap().to_owned()))
        .collect();
    seen.sort();
    seen.iter()
        .map(|(id, state)| format!("{}={state}", id.trim_start_matches("shop:")))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn fixed_days_count_inclusively_and_reports_name_their_version() {
    on_both(|world| {
        last_orders(world, &[89, 90, 180, 181, 364, 365, 366]);
        assert_eq!(
            states(world),
            "c180=at_risk c181=dormant c364=dormant c365=dormant c366=dormant c89=active c90=at_risk"
        );
        world.ok(&["policy", "set", "1year", "--by", "店長"]);
        assert_eq!(
            states(world),
            "c180=active c181=at_risk c364=at_risk c365=dormant c366=dormant c89=active c90=active"
        );
        world.ok(&["policy", "set", "1year", "--by", "店長"]);
        assert_eq!(world.json(&["board"])["policy"], serde_json::json!({ "name": "1year", "version": 2 }));
        let past = world.json(&["policy", "history"]);
        assert_eq!(past.as_array().unwrap().len(), 2);
        let sizes = world.json(&["policy", "compare"]);
        let dormant = |name: &str| {
            sizes.as_array().unwrap().iter().find(|p| p["name"] == name).unwrap()["dormant"].as_u64()
        };
        assert_eq!((dormant("1year"), dormant("R181"), dormant("3months")), (Some(2), Some(4), Some(6)));
    });
}

#[test]
fn a_category_has_its_own_lines_and_the_liveliest_counts() {
    on_both(|world| {
        let rows = "order,customer,at,total,category\n1,a,2026-07-15,100,食品\n2,b,2026-07-15,100,家電\n\
                    3,c,2026-07-15,100,食品\n4,c,2026-07-15,100,家電\n5,d,2026-07-15,100,\n";
        let map = "kind = \"orders\"\nsource = \"shop\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\n\
                   ordered_at = \"at\"\ntotal = \"total\"\ncategory = \"category\"\n";
        let (file, map) = (world.file("o.csv", rows), world.file("m.toml", map));
        world.import(&[&file, "--map", &map]);
        let rule = "name = \"カテゴリ別\"\n[default]\nkind = \"fixed_days\"\nat_risk = 90\ndormant = 181\n\
                    [[category]]\ncategory = \"食品\"\nat_risk = 60\ndormant = 120\n\
                    [[category]]\ncategory = \"家電\"\nat_risk = 300\ndormant = 365\n";
        world.ok(&["policy", "set", &world.file("p.toml", rule), "--by", "店長"]);
        assert_eq!(states(world), "a=dormant b=active c=active d=at_risk");
    });
}

#[test]
fn a_policy_that_makes_no_sense_is_refused_with_the_reason() {
    let world = World::sqlite();
    let file = world
        .file("p.toml", "name = \"x\"\n[default]\nkind = \"fixed_days\"\nat_risk = 200\ndormant = 100\n");
    let said = world.fails(1, &["policy", "set", &file]);
    assert!(said.contains("at_risk (200) <= dormant (100)"), "{said}");
    let said = world.fails(1, &["policy", "set", "no-such"]);
    assert!(said.contains("R181"), "{said}");
}

#[test]
fn a_policy_says_how_far_ahead_it_looks() {
    let world = World::sqlite();
    for (set, days) in [
        (&["R181"][..], 90),
        (&["R181", "--horizon", "60"], 60),
        (&["own_cycle", "--horizon", "45"], 45),
        (&["--dormant", "100", "--horizon", "30"], 30),
    ] {
        world.ok(&[&["policy", "set"], set].concat());
        assert_eq!(world.json(&["policy", "show"])["horizon"], days, "{set:?}");
        assert!(world.ok(&["policy", "show"]).contains(&format!("horizon = {days}")), "{set:?}");
    }
    let file = world.file(
        "p.toml",
        "name = \"x\"\nhorizon = 7\n[default]\nkind = \"fixed_days\"\nat_risk = 9\ndormant = 10\n",
    );
    world.ok(&["policy", "set", &file]);
    assert_eq!(world.json(&["policy", "show"])["horizon"], 7);
    let said = world.fails(1, &["policy", "set", "R181", "--horizon", "0"]);
    assert!(said.contains("1 to 3650 days, not 0"), "{said}");
}

#[test]
fn the_next_day_makes_exactly_the_expected_customers_dormant() {
    let mut world = World::sqlite();
    last_orders(&world, &[179, 180, 181]);
    assert_eq!(world.json(&["board"])["newly_dormant"], 1);
    world.today = "2026-11-23".to_owned();
    assert_eq!(world.json(&["board"])["newly_dormant"], 1);
    let new = world.customers("newly_dormant = true");
    assert_eq!(new[0]["source_ids"][0], "shop:c180");
}
