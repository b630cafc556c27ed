//! By which channel customers are best written to, as the command line says it.

use crate::campaign::mail;
use crate::world::{World, on_both};

const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nemail = \"email\"\npostal = \"postal\"\nprefecture = \"prefecture\"\naddress = \"address\"\nbirthday = \"born\"\nordered_at = \"at\"\ntotal = \"total\"\nitem = \"item\"\n";
const CONSENTS: &str =
    "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n";

/// Sixty who bought twice and fell silent, with an address and a mailbox; every third is over sixty.
fn shop(world: &World) {
    let mut orders = "order,customer,name,email,postal,prefecture,address,born,at,total,item\n".to_owned();
    let mut consents = "who,channel,given\n".to_owned();
    for i in 1..=60 {
        let born = if i % 3 == 0 { "1955-04-01" } else { "1990-04-01" };
        let who =
            format!("{i},見本{i} 花子,{},1000013,東京都,千代田区霞が関1丁目3番2号 {i}号室,{born}", mail(i));
        for (n, day) in [(1, "2026-01-10"), (2, "2026-03-15")] {
            orders.push_str(&format!("{i}-{n},{who},{day} 10:00:00,40000,お茶\n"));
        }
        consents.push_str(&format!("{},mail,yes\n", mail(i)));
    }
    for (name, text, map) in [("orders", orders, ORDERS), ("consents", consents, CONSENTS)] {
        let (file, map) =
            (world.file(&format!("{name}.csv"), text), world.file(&format!("{name}.toml"), map));
        world.import(&[&file, "--map", &map]);
    }
    world.ok(&["settings", "set", "profile.purpose", "商品の発送と新商品のご案内(メール・郵便)のため"]);
}

fn advised(world: &World, who: usize) -> (String, String) {
    let told = world.json(&["advise", &mail(who)]);
    let channel = told["channel"].as_str().unwrap_or("none").to_owned();
    (channel, told["says"]["ja"].as_str().unwrap().to_owned())
}

// M100: the advice changes when the cost changes, and says why; M098: over sixty the card, editable.
#[test]
fn the_advice_follows_cost_and_age_and_can_be_changed() {
    on_both(|world| {
        shop(world);
        let set = |key: &str, value: &str| world.ok(&["settings", "set", key, value]);
        // A card a little dearer than what it brings beyond a mail.
        set("cost.post", "20");
        let brings = |who: usize, channel: &str| {
            let told = world.json(&["advise", &mail(who)]);
            let all = told["channels"].as_array().unwrap().clone();
            all.iter().find(|c| c["channel"] == channel).unwrap()["brings"].as_i64()
        };
        let (post, by_mail) = (brings(1, "post").unwrap(), brings(1, "mail").unwrap());
        assert!(post > by_mail && by_mail > 0, "{post} {by_mail}");
        let (channel, says) = advised(world, 1);
        assert_eq!(channel, "post", "{says}");
        assert!(says.contains("20円") && says.contains("次点はメール"), "{says}");

        // Now a card costs what it brings beyond a mail and half of that again, and still pays.
        let dearer = 20.0 + (post - by_mail) as f64 / 100.0 + by_mail as f64 / 200.0;
        set("cost.post", &format!("{dearer:.2}"));
        let (channel, says) = advised(world, 1);
        assert_eq!(channel, "mail", "{says}");
        let (channel, says) = advised(world, 3);
        assert_eq!(channel, "post", "{says}");
        assert!(says.contains("71歳"), "{says}");
        set("advice.post_from_age", "75");
        assert_eq!(advised(world, 3).0, "mail");
        set("advice.post_from_age", "60");

        let all = world.json(&["advise", "--where", "n_orders >= 1"]);
        let of = |name: &str| {
            let rows = all["channels"].as_array().unwrap();
            rows.iter()
                .find(|c| c["channel"] == name)
                .map_or((0, 0), |c| (c["customers"].as_u64().unwrap(), c["by_age"].as_u64().unwrap()))
        };
        assert_eq!((of("mail"), of("post")), ((40, 0), (20, 20)), "{all}");
        assert!(all["says"]["ja"].as_str().unwrap().starts_with("メール40人、郵便DM20人"), "{all}");
        assert!(world.fails(2, &["advise"]).contains("CUSTOMER"));
    });
}
