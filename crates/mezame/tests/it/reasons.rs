//! From the reason somebody gave to the letter that answers it, all by the command line (M033..M044, M085).

use crate::world::{World, on_both};
use serde_json::json;
use std::fmt::Write;

const ORDERS: &str = "kind = \"orders\"\nsource = \"shop\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nemail = \"mail\"\nordered_at = \"at\"\ntotal = \"total\"\nsku = \"sku\"\nitem = \"item\"\n";
const CONSENTS: &str =
    "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n";

/// Twelve dormant customers: half have tea and a pot, the others tea alone; twenty more have soap.
fn shop(world: &World) {
    let mut rows = "order,customer,name,mail,at,total,sku,item\n".to_owned();
    let mut consents = "who,channel,given\n".to_owned();
    for i in 0..32 {
        let goods: &[&str] = match i {
            0..6 => &["TEA", "POT"],
            6..12 => &["TEA"],
            _ => &["SOAP"],
        };
        for sku in goods {
            writeln!(rows, "{sku}{i},c{i},見本{i},k{i}@example.jp,2026-01-1{},1000,{sku},品{sku}", i % 9)
                .unwrap();
        }
        writeln!(consents, "k{i}@example.jp,mail,yes").unwrap();
    }
    let (orders, map) = (world.file("o.csv", rows), world.file("o.toml", ORDERS));
    world.import(&[&orders, "--map", &map]);
    let (agreed, map) = (world.file("c.csv", consents), world.file("c.toml", CONSENTS));
    world.import(&[&agreed, "--map", &map]);
}

#[test]
fn a_reason_is_stated_reported_answered_and_mended() {
    on_both(|world| {
        shop(world);
        let report = world.json(&["reasons"]);
        assert_eq!((&report["dormant"], &report["silent"]["customers"]), (&json!(32), &json!(32)));
        world.fails(1, &["reasons", "set", "c1", "no_such_reason", "--by", "山田"]);
        world.fails(2, &["reasons", "set", "c1", "price", "--by", "山田", "--source", "behaviour"]);
        let told = world
            .json(&["reasons", "set", "c1", "price", "--by", "山田", "--source", "call", "--words", "高い"]);
        assert_eq!((&told["reason"], &told["scenario"]), (&json!("price"), &json!("reason_price")));
        world.ok(&["reasons", "set", "c2", "support_slow", "--by", "山田"]);
        let unknown = world.json(&["reasons", "show", "c8"]);
        assert_eq!(unknown["reason"], "unknown");
        assert!(unknown["likely"].as_array().unwrap().iter().any(|l| l["reason"] == "habit_not_formed"));
        let report = world.json(&["reasons"]);
        let of = |id: &str| {
            report["reasons"].as_array().unwrap().iter().find(|r| r["reason"] == id).unwrap().clone()
        };
        assert_eq!(of("price")["customers"], 1);
        assert_eq!(world.customers(of("price")["where"].as_str().unwrap()).len(), 1);
        assert_eq!(of("unknown")["customers"], 30);
        assert!(world.ok(&["reasons", "list"]).contains("site_hard_to_use"));

        // The scenario of a reason is for that reason alone; the default spares it.
        world.ok(&[
            "campaign",
            "new",
            "価格",
            "--scenario",
            "reason_price",
            "--owner",
            "山田",
            "--start",
            "2026-12-07",
        ]);
        let document = world.ok(&["campaign", "export", "価格"]);
        assert!(document.contains("left_for = [\"price\"]"), "{document}");
        let drawn = world.json(&["campaign", "plan", "価格"]);
        assert!(drawn.to_string().contains("other_reason"), "{drawn}");

        // A statement taken back counts no more.
        let id = told["statements"][0]["id"].to_string();
        world.ok(&["reasons", "drop", &id, "--by", "佐藤"]);
        assert_eq!(world.json(&["reasons", "show", "c1"])["reason"], "unknown");

        // What was mended is told to those it had driven away, and to nobody else.
        let added = world.json(&[
            "improvement",
            "add",
            "返信を早く",
            "--reason",
            "support_slow",
            "--message",
            "早くお返事します。",
            "--by",
            "山田",
        ]);
        let number = added["id"].to_string();
        world.fails(1, &["improvement", "draft", &number, "--start", "2026-12-07", "--owner", "山田"]);
        let fixed = world.json(&["improvement", "fixed", &number, "--by", "佐藤"]);
        assert_eq!((&fixed[0]["affected"], &fixed[0]["reachable_by_mail"]), (&json!(1), &json!(1)));
        let draft =
            world.json(&["improvement", "draft", &number, "--start", "2026-12-07", "--owner", "山田"]);
        let campaign = draft["campaign"].to_string();
        assert!(world.ok(&["campaign", "export", &campaign]).contains("早くお返事します。"));

        // Surveys: the one that ships, one of the shop's own, and what they brought.
        assert_eq!(world.json(&["survey", "list"])[0]["in_use"], true);
        let own = world.ok(&["survey", "document"]).replacen("休眠理由アンケート", "冬のアンケート", 1);
        let file = world.file("survey.toml", own);
        world.ok(&["survey", "new", &file, "--by", "山田"]);
        world.fails(1, &["survey", "new", &file, "--by", "山田"]);
        assert_eq!(world.json(&["survey", "show"])["name"], "冬のアンケート");
        world.ok(&["survey", "use", "休眠理由アンケート"]);
        assert_eq!(world.json(&["survey", "show"])["answers"], 0);

        // What they may like next, counted with the import, and refused.
        assert_eq!(world.json(&["goods", "next", "c7"])["sku"], "POT");
        assert!(world.json(&["goods", "pairs", "--anew"]).as_array().unwrap().len() >= 2);
        assert_eq!(world.json(&["goods", "refuse", "c7", "POT", "--by", "山田"]), json!(null));
    });
}
