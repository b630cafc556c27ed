//! Audiences over a real store of either kind: nobody without permission, nobody twice, and a refusal
//! that takes somebody out again (M110, M111, L-17, L-18, L-45).

use app::{App, Attestation, Clock, Config, ImportRequest, Secrets, Work};
use model::{Basis, Channel, StopReason};
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store::Store;

/// Tuesday 2026-11-24, 10:30 in Japan; the ads are due at ten.
const MORNING: i64 = 1_795_483_800;
const PEOPLE: usize = 130;
/// Of them: a minor, who bought something sensitive, who refuses ads.
const MINOR: usize = 1;
const ILL: usize = 2;
const REFUSES: usize = 3;
const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nphone = \"phone\"\nemail = \"mail\"\nbirthday = \"born\"\nordered_at = \"at\"\ntotal = \"total\"\nitem = \"item\"\nsku = \"sku\"\nquantity = \"quantity\"\nprice = \"price\"\n";
const PRODUCTS: &str =
    "kind = \"products\"\n[columns]\nsku = \"sku\"\nitem = \"item\"\nsensitive = \"sensitive\"\n";
const CONSENTS: &str = "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\n";
const DOCUMENT: &str = r#"
name = "広告"
owner = "山田"
holdout = 0.0
no_holdout_because = "広告の試し"
start = "2026-11-24"
[whom]
condition = "n_orders >= 1"
[[steps]]
name = "広告"
kind = "news"
at = "10:00"
channel = "ads"
[steps.words]
subject = "新茶"
body = """
新茶のお知らせです。
"""
"#;

struct Town {
    app: App,
    store: Store,
    clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

impl Town {
    fn on_both() -> [Town; 2] {
        [None, Some(testkit::postgres::fresh_database().unwrap())].map(Town::new)
    }

    fn new(db: Option<String>) -> Town {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let clock = Arc::new(AtomicI64::new(MORNING - 24 * 3_600));
        let told = clock.clone();
        let config = || Config {
            db: db.clone(),
            data: data.clone(),
            clock: Clock(Arc::new({
                let told = told.clone();
                move || told.load(Ordering::SeqCst)
            })),
            secrets: Secrets { signing: vec![(1, [7; 32])], ..Secrets::default() },
        };
        App::migrate(config()).unwrap();
        let app = App::open(config()).unwrap();
        let own = format!("sqlite:{}", data.join("mezame.db").display());
        let store = Store::open(db.as_deref().unwrap_or(&own)).unwrap();
        let mut s = app.settings().unwrap();
        "見本堂".clone_into(&mut s.shop);
        "東京都千代田区見本1-2-3".clone_into(&mut s.profile.address);
        "03-0000-0000".clone_into(&mut s.profile.contact);
        "https://shop.example.jp/".clone_into(&mut s.profile.site);
        "https://mail.example.jp".clone_into(&mut s.profile.public_url);
        "商品の発送と新商品のご案内、広告配信のため".clone_into(&mut s.profile.purpose);
        // A worker that makes steps wants a way for mail, of which none is sent here.
        "127.0.0.1".clone_into(&mut s.sending.host);
        "shop@example.jp".clone_into(&mut s.sending.from);
        app.set_settings(&s).unwrap();
        let town = Town { app, store, clock, folder };
        let mut orders = "order,customer,name,phone,mail,born,at,total,item,sku,quantity,price\n".to_owned();
        for i in 0..PEOPLE {
            let born = if i == MINOR { "2010-01-01" } else { "1980-01-01" };
            let sku = if i == ILL { "s1" } else { "t1" };
            for (n, day) in ["2024-01-10", "2026-10-01"].into_iter().enumerate() {
                writeln!(
                    orders,
                    "{i}-{n},c{i},見本{i},0900000{i:04},k{i}@example.jp,{born},{day} 10:00:00,{0},品,{sku},1,{0}",
                    4_000 + i
                )
                .unwrap();
            }
        }
        town.import("sku,item,sensitive\ns1,検査薬,yes\nt1,お茶,no\n", PRODUCTS);
        town.import(&orders, ORDERS);
        town
    }

    fn import(&self, text: &str, map: &str) {
        let path = self.folder.path().join("file.csv");
        std::fs::write(&path, text).unwrap();
        let request =
            ImportRequest { paths: vec![path], map: Some(map.to_owned()), ..ImportRequest::default() };
        self.app.import(&request, &|_| ()).unwrap();
    }

    fn number(&self, i: usize) -> i64 {
        self.store.find(&format!("k{i}@example.jp"), 9).unwrap()[0]
    }

    /// Says that platforms work on the shop's behalf.
    fn entrust(&self) {
        let at = self.app.now();
        let wording = "委託契約(2026年10月)、2026-11-20に確認".to_owned();
        let a = Attestation {
            channel: Channel::Ads,
            basis: Basis::Entrusted,
            source: None,
            wording,
            by: "佐藤".into(),
            at,
        };
        self.app.attest(&a).unwrap();
    }

    /// Approves the campaign and lets its step fall due.
    fn begin(&self) -> i64 {
        self.begin_with(DOCUMENT)
    }

    fn begin_with(&self, document: &str) -> i64 {
        let campaign = app::campaign_from_toml(document, "test").unwrap();
        let id = self.app.add_campaign(&campaign, "佐藤").unwrap();
        self.app.draft_plan(id).unwrap();
        self.app.approve_campaign(id, "佐藤").unwrap();
        self.clock.store(MORNING, Ordering::SeqCst);
        let how = Work { name: "w".to_owned(), once: true, connections: Some(1) };
        // Nobody listens where mail would go; the steps are made all the same.
        let _ = self.app.work(&how, &AtomicBool::new(false), &|_| ());
        id
    }
}

/// What a platform knows somebody by.
fn hash(text: &str) -> String {
    let person = outreach::AdPerson { mail: Some(text.to_owned()), ..outreach::AdPerson::default() };
    outreach::ad_platform("yahoo").unwrap().files(&[person])[0].text.trim().to_owned()
}

#[test]
fn m110_an_audience_holds_whoever_agreed_once_and_nobody_who_said_no() {
    for town in Town::on_both() {
        town.entrust();
        let refuses = town.number(REFUSES);
        town.app.suppress(refuses, Some(Channel::Ads), StopReason::AdsOptOut, "", "佐藤").unwrap();
        let id = town.begin();
        assert!(town.app.export_audience(id, "meta", " ").is_err(), "somebody answers for it");
        assert!(town.app.export_audience(id, "nobody", "佐藤").is_err());
        assert_eq!(town.app.ads_waiting(id).unwrap().due, PEOPLE as u64 - 1);

        let first = town.app.export_audience(id, "meta", "佐藤").unwrap();
        assert_eq!((first.people, first.new), (PEOPLE as u64 - 3, PEOPLE as u64 - 3), "{:?}", first.left_out);
        let left: Vec<(&str, u64)> = first.left_out.iter().map(|(rule, n, ..)| (rule.as_str(), *n)).collect();
        assert_eq!(left, [("L-45", 2)], "a minor, and one whose illness could be told");
        assert!(first.notes.iter().any(|(ja, _)| ja.contains("L-18")), "{:?}", first.notes);
        let text = &first.files[0].text;
        assert!(text.starts_with("email,phone,fn,ln,zip,ct,country\n"));
        for (i, within) in [(0, true), (MINOR, false), (ILL, false), (REFUSES, false), (9, true)] {
            assert_eq!(text.contains(&hash(&format!("k{i}@example.jp"))), within, "{i}");
        }
        assert!(!text.contains('@') && !text.contains("見本"), "nothing is readable");
        assert_eq!(town.store.attempts().unwrap(), PEOPLE as u64 - 3);

        let again = town.app.export_audience(id, "meta", "佐藤").unwrap();
        assert_eq!((again.new, &again.files), (0, &first.files), "the same file, and nobody twice");
        assert_eq!(town.store.attempts().unwrap(), PEOPLE as u64 - 3);

        // Who says no afterwards is missing from the next file, and is among those to take out.
        let later = town.number(9);
        town.app.suppress(later, Some(Channel::Ads), StopReason::AdsOptOut, "", "佐藤").unwrap();
        let after = town.app.export_audience(id, "meta", "佐藤").unwrap();
        assert_eq!((after.new, after.people), (0, first.people - 1));
        let gone = hash("k9@example.jp");
        assert!(!after.files[0].text.contains(&gone));
        let out = town.app.export_suppressed("meta").unwrap();
        assert!(out.files[0].text.contains(&gone), "the platform forgets them");
        assert!(!out.files[0].text.contains(&hash("k3@example.jp")), "whoever was never uploaded is not now");
    }
}

#[test]
fn m111_a_seed_is_the_best_of_those_who_came_back_or_is_refused() {
    for town in Town::on_both() {
        let none = town.app.export_seed("meta").unwrap_err().to_string();
        assert!(none.contains("only 0"), "nobody agreed: {none}");
        town.entrust();
        let seed = town.app.export_seed("meta").unwrap();
        assert_eq!((seed.people, seed.new), (PEOPLE as u64 - 2, 0), "a minor and an illness are left out");
        assert!(town.app.export_seed("yahoo").is_err(), "fewer than it takes");
        assert_eq!(town.store.attempts().unwrap(), 0, "a seed touches nobody");
    }
}

/// M109, M117: a step goes by its own channel to whom that reaches when it fires, by the next of its
/// channels to the others.
#[test]
fn m117_a_step_goes_by_whatever_reaches_somebody_now() {
    for town in Town::on_both() {
        town.entrust();
        town.import("who,channel\nk5@example.jp,mail\nk6@example.jp,mail\n", CONSENTS);
        let dead = town.number(6);
        town.app.suppress(dead, Some(Channel::Mail), StopReason::BadAddress, "", "佐藤").unwrap();
        let document = DOCUMENT
            .replace("channel = \"ads\"", "channel = \"mail\"\nelse_channels = [\"ads\"]")
            .replace("新茶のお知らせです。", "{{ addressee }}\n\n新茶のお知らせです。\n\n[お店を見る](/)");
        town.begin_with(&document);
        for (i, channel) in [(5, Channel::Mail), (6, Channel::Ads), (7, Channel::Ads)] {
            let touches = town.store.touches_of(town.number(i), 9).unwrap();
            let channels: Vec<Channel> = touches.iter().map(|t| t.touch.channel).collect();
            assert_eq!(channels, [channel], "{i}");
        }
    }
}

/// L-17: without a consent or the statement nothing is uploaded, and taking it back ends it.
#[test]
fn l17_without_permission_there_is_no_audience() {
    let [town, _] = Town::on_both();
    town.entrust();
    let id = town.begin();
    let number = town.app.attestations().unwrap()[0].id;
    town.app.revoke(number, "佐藤").unwrap();
    let export = town.app.export_audience(id, "line", "佐藤").unwrap();
    assert_eq!((export.people, export.new), (0, 0));
    assert!(export.left_out.iter().any(|(rule, ..)| rule == "L-17"), "{:?}", export.left_out);
    assert!(export.notes.iter().any(|(_, en)| en.contains("--basis entrusted")), "{:?}", export.notes);
    assert_eq!(town.store.attempts().unwrap(), 0);
}
