//! One person from several sources, and who may be reached.

use crate::world::{World, golden, on_both};

const CUSTOMERS: &str = "kind = \"customers\"\n[columns]\ncustomer = \"id\"\nname = \"name\"\nemail = \"mail\"\nphone = \"tel\"\npostal = \"zip\"\naddress = \"address\"\nbirthday = \"birthday\"\n";

fn take(world: &World, source: &str, rows: &str) {
    let map = world.file("customers.toml", CUSTOMERS);
    let file = world.file(&format!("{source}.csv"), format!("id,name,mail,tel,zip,address,birthday\n{rows}"));
    world.import(&[&file, "--map", &map, "--source", source]);
}

fn suggested(world: &World) -> u64 {
    world.json(&["match", "list"])["total"].as_u64().unwrap()
}

#[test]
fn two_agreeing_facts_make_one_customer_and_the_merge_can_be_undone() {
    on_both(|world| {
        take(world, "web", "1,山田 太郎,taro@example.jp,090-0000-0001,1000001,千代田1-1,1980-01-02\n");
        take(world, "pos", "P9,山田　太郎,,9000000001,100-0001,千代田１－１,1980-01-02\n");
        take(world, "mall", "m7,ヤマダタロウ,TARO@example.jp,+81 90-0000-0001,,,\n");
        let all = world.customers("");
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(all[0]["source_ids"].as_array().unwrap().len(), 3);

        let id = all[0]["customer"].to_string();
        world.ok(&["suppress", &id, "--reason", "mail_opt_out", "--by", "佐藤"]);
        let person = world.json(&["customer", &id]);
        for merge in person["merges"].as_array().unwrap() {
            world.ok(&["match", "undo", &merge["id"].to_string(), "--by", "佐藤"]);
        }
        let apart = world.customers("");
        assert_eq!(apart.len(), 3);
        for one in &apart {
            let person = world.json(&["customer", &one["customer"].to_string()]);
            assert!(person["stops"].to_string().contains("mail_opt_out"), "{person}");
        }
        // The next import does not join again what a person has separated.
        take(world, "pos", "P9,山田　太郎,,9000000001,100-0001,千代田１－１,1980-01-02\n");
        assert_eq!(world.customers("").len(), 3);
    });
}

/// A file with the header of a golden file and one row: (column, value).
fn one_row(world: &World, name: &str, header_of: &str, cells: &[(&str, &str)]) -> String {
    let bytes = std::fs::read(golden(header_of)).unwrap();
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(not) => encoding_rs::SHIFT_JIS.decode(not.as_bytes()).0.into_owned(),
    };
    let headers =
        csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes()).headers().unwrap().clone();
    for (column, _) in cells {
        assert!(headers.iter().any(|h| h == *column), "{header_of} has no column {column}");
    }
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(&headers).unwrap();
    let value = |h: &str| cells.iter().find(|c| c.0 == h).map_or("", |c| c.1);
    file.write_record(headers.iter().map(value)).unwrap();
    world.file(name, file.into_inner().unwrap())
}

#[test]
fn a_person_in_eccube_shopify_and_a_till_is_one_customer_with_three_sources() {
    on_both(|world| {
        let eccube = [
            ("会員ID", "7"),
            ("お名前(姓)", "髙橋"),
            ("お名前(名)", "京子"),
            ("メールアドレス", "kyoko@example.jp"),
            ("TEL", "9000000071"),
            ("郵便番号", "1000001"),
            ("住所1", "千代田区架空町"),
            ("住所2", "1-2-3"),
            ("会員ステータス(ID)", "2"),
        ];
        let shopify = [
            ("Customer ID", "'7210448301122"),
            ("First Name", "京子"),
            ("Last Name", "高橋"),
            ("Email", "Kyoko@example.jp"),
            ("Phone", "+819000000071"),
            ("Accepts Email Marketing", "no"),
        ];
        let till = [
            ("会員ID", "88"),
            ("会員コード", "88"),
            ("姓", "髙橋"),
            ("名", "京子"),
            ("電話番号", "090-0000-0071"),
            ("メールアドレス", "kyoko@example.jp"),
        ];
        let files = [
            one_row(world, "customer.csv", "eccube4_customers.csv", &eccube),
            one_row(world, "customers_export.csv", "shopify_customers.csv", &shopify),
            one_row(world, "till.csv", "smaregi_customers.csv", &till),
        ];
        world.import(&files.iter().map(String::as_str).collect::<Vec<_>>());
        let all = world.customers("");
        assert_eq!(all.len(), 1, "{all:?}");
        let sources = all[0]["source_ids"].to_string();
        for source in ["eccube:7", "shopify:7210448301122", "smaregi:"] {
            assert!(sources.contains(source), "{source} in {sources}");
        }
        let person = world.json(&["customer", &all[0]["customer"].to_string()]);
        for merge in person["merges"].as_array().unwrap() {
            world.ok(&["match", "undo", &merge["id"].to_string(), "--by", "佐藤"]);
        }
        assert_eq!(world.customers("").len(), 3);
    });
}

#[test]
fn families_and_namesakes_are_suggested_never_merged() {
    on_both(|world| {
        take(
            world,
            "web",
            "1,田中 一郎,ichiro@example.jp,03-0000-0001,1500001,神宮前1-2-3,1970-05-05\n3,佐藤 恵,megumi@example.jp,090-0000-0002,1600001,西新宿1,\n5,鈴木 実,,,1700001,目白1-1,\n",
        );
        take(
            world,
            "pos",
            // a couple with one phone, a child with a parent's mailbox and phone, one name in one postal code
            "2,田中 花子,hanako@example.jp,03-0000-0001,1500001,神宮前1-2-3,1972-06-06\n4,佐藤 翔,megumi@example.jp,090-0000-0002,1600001,西新宿1,\n6,鈴木 実,,,1700001,目白9-9,\n",
        );
        assert_eq!(world.customers("").len(), 6);
        assert_eq!(suggested(world), 3, "the couple, the mailbox, the namesakes in one postal code");
        let first = world.json(&["match", "list"])["pairs"][0]["id"].to_string();
        world.ok(&["match", "apart", &first, "--by", "佐藤"]);
        assert_eq!(suggested(world), 2);
    });
}

#[test]
fn members_without_consent_may_not_be_mailed_and_three_ways_forward_are_shown() {
    on_both(|world| {
        take(
            world,
            "web",
            "1,山田 太郎,taro@example.jp,090-0000-0001,1000001,千代田1-1,\n2,伊藤 幸,yuki@example.jp,,,,\n",
        );
        let reach = world.json(&["reach"]);
        let mail = &reach["channels"][0];
        assert_eq!((mail["channel"].as_str(), mail["reachable"].as_u64()), (Some("mail"), Some(0)));
        assert_eq!(mail["refused"][0]["rule"], "L-01");
        assert_eq!(mail["ways"].as_array().unwrap().len(), 3, "{mail}");

        world.ok(&[
            "reach",
            "attest",
            "--channel",
            "mail",
            "--by",
            "佐藤 花",
            "--wording",
            "会員登録画面の同意欄(2024-04-01から)",
        ]);
        let mailable = || world.json(&["reach"])["channels"][0]["reachable"].as_u64();
        assert_eq!(mailable(), Some(2));
        // A refusal outlives every later import and attestation.
        let stops = world.file("stops.csv", "who,reason\ntaro@example.jp,mail_opt_out\n");
        let map = world.file(
            "stops.toml",
            "kind = \"suppressions\"\n[columns]\ncustomer = \"who\"\nreason = \"reason\"\n",
        );
        world.import(&[&stops, "--map", &map]);
        assert_eq!(mailable(), Some(1));
        let yes = world.file("yes.csv", "who,channel,given\ntaro@example.jp,mail,yes\n");
        let map = world.file(
            "yes.toml",
            "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n",
        );
        world.import(&[&yes, "--map", &map]);
        assert_eq!(mailable(), Some(1));
        // A consent for somebody nobody knows is refused with its line.
        let lost = world
            .file("lost.csv", "who,channel,given\nyuki@example.jp,mail,yes\nnobody@example.jp,mail,yes\n");
        let report = world.import(&[&lost, "--map", &map]).remove(0);
        let rejects = std::fs::read_to_string(report["rejects_file"].as_str().unwrap()).unwrap();
        assert!(rejects.lines().nth(1).unwrap().starts_with("3,"), "{rejects}");
    });
}

#[test]
fn rare_kanji_survive_to_every_list_and_formulas_do_not_run() {
    let world = World::sqlite();
    take(&world, "web", "1,髙﨑 𠮷子,k@example.jp,,,,\n2,=HYPERLINK(\"x\"),h@example.jp,,,,\n");
    let csv = world.ok(&["customers", "--format", "csv"]);
    assert!(csv.starts_with('\u{feff}') && csv.contains("髙﨑 𠮷子"));
    assert!(csv.contains("\"'=HYPERLINK("), "{csv}");
    let cp932 = world.run(&["customers", "--format", "csv", "--encoding", "cp932"]).stdout;
    let (text, _, broken) = encoding_rs::SHIFT_JIS.decode(&cp932);
    assert!(!broken && text.contains("髙﨑 〓子"));
}
