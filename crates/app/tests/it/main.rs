//! What must never happen in a campaign, over random shops.
#![allow(clippy::unwrap_used)]

mod ads;
mod desk;
mod gateways;
mod keeping;
mod reasons;

use app::{App, Clock, Config, ImportRequest, Secrets, Settings, Tls, Work};
use madeup::{Sink, Temper};
use model::{Arm, Channel, Day, StopReason};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Noon of 2026-11-22 in Japan, and an hour after the first step.
const NOON: i64 = 1_795_316_400;
const STEP: i64 = NOON + 86_400 - 3_600;
const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nemail = \"email\"\nordered_at = \"ordered_at\"\ntotal = \"total\"\nstatus = \"status\"\n";
const MALL: &str = "kind = \"orders\"\nsource = \"mall\"\nmall = true\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nemail = \"email\"\nordered_at = \"ordered_at\"\ntotal = \"total\"\n";
const CONSENTS: &str =
    "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n";
const VISITS: &str = "kind = \"visits\"\n[columns]\ncustomer = \"who\"\nactivity = \"what\"\non = \"day\"\n";
const STOPS: &str = "kind = \"suppressions\"\n[columns]\ncustomer = \"who\"\nreason = \"reason\"\n";

/// What stands in the way of one customer, if anything does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Free,
    NoConsent,
    Mall,
    /// Told by a file.
    Stopped(StopReason),
    /// By an operator.
    Closed(StopReason),
    /// Uses the mailbox of the customer before.
    SharedMailbox,
    /// Went to a competitor, as a file tells.
    Lost,
    /// Has another order of last month with this word of the cart (M165).
    Astray(&'static str),
    /// Named as test orders are.
    Test,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        6 => Just(Fate::Free),
        1 => Just(Fate::NoConsent),
        1 => Just(Fate::Mall),
        1 => Just(Fate::Stopped(StopReason::MailOptOut)),
        1 => Just(Fate::Stopped(StopReason::Withdrawn)),
        1 => Just(Fate::Closed(StopReason::Deceased)),
        1 => Just(Fate::Closed(StopReason::Complaint)),
        1 => Just(Fate::Closed(StopReason::Excluded)),
        1 => Just(Fate::SharedMailbox),
        1 => Just(Fate::Lost),
        1 => Just(Fate::Astray("入金待ち")),
        1 => Just(Fate::Astray("返品")),
        1 => Just(Fate::Astray("受取拒否")),
        1 => Just(Fate::Test),
    ]
}

struct Shop {
    app: App,
    clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
    sink: Sink,
}

impl Shop {
    fn new(fates: &[Fate]) -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(NOON));
        let told = clock.clone();
        let secrets = Secrets { signing: vec![(1, [7; 32])], ..Secrets::default() };
        let config = Config {
            db: None,
            data: folder.path().join("data"),
            clock: Clock(Arc::new(move || told.load(Ordering::SeqCst))),
            secrets,
        };
        let shop = Shop {
            app: App::open(config).unwrap(),
            clock,
            folder,
            sink: Sink::start(Temper::default()).unwrap(),
        };
        shop.set_up();
        shop.take(fates);
        shop
    }

    fn set_up(&self) {
        let mut settings = Settings { shop: "見本堂".to_owned(), ..self.app.settings().unwrap() };
        "東京都千代田区見本1-2-3".clone_into(&mut settings.profile.address);
        "info@example.jp".clone_into(&mut settings.profile.contact);
        "https://shop.example.jp/".clone_into(&mut settings.profile.site);
        "https://mail.example.jp".clone_into(&mut settings.profile.public_url);
        "商品の発送と新商品のご案内のため".clone_into(&mut settings.profile.purpose);
        "127.0.0.1".clone_into(&mut settings.sending.host);
        settings.sending.port = self.sink.addr().port();
        settings.sending.tls = Tls::None;
        "shop@example.jp".clone_into(&mut settings.sending.from);
        self.app.set_settings(&settings).unwrap();
    }

    fn import(&self, name: &str, text: &str, map: &str) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let request =
            ImportRequest { paths: vec![path], map: Some(map.to_owned()), ..ImportRequest::default() };
        self.app.import(&request, &|_| ()).unwrap();
    }

    fn take(&self, fates: &[Fate]) {
        let header = "order,customer,name,email,ordered_at,total,status\n";
        let (mut own, mut mall) = (header.to_owned(), header.to_owned());
        let mut visits = "who,what,day\n".to_owned();
        let (mut consents, mut stops) = ("who,channel,given\n".to_owned(), "who,reason\n".to_owned());
        for (i, fate) in fates.iter().enumerate() {
            let mail = mailbox(fates, i);
            let file = if *fate == Fate::Mall { &mut mall } else { &mut own };
            let name = if *fate == Fate::Test { "テスト" } else { "見本" };
            let buyer = format!("c{i},{name}{i},{mail}");
            writeln!(file, "o{i},{buyer},2026-01-{:02} 10:00:00,{},完了", i % 28 + 1, 1_000 + i).unwrap();
            match fate {
                Fate::Astray(word) => {
                    writeln!(file, "p{i},{buyer},2026-11-10 10:00:00,900,{word}").unwrap();
                }
                Fate::Lost => writeln!(visits, "c{i},competitor,2026-06-01").unwrap(),
                _ => (),
            }
            if !matches!(fate, Fate::NoConsent | Fate::Mall) {
                writeln!(consents, "{mail},mail,yes").unwrap();
            }
            if let Fate::Stopped(reason) = fate {
                writeln!(stops, "{mail},{}", reason.word()).unwrap();
            }
        }
        self.import("orders.csv", &own, ORDERS);
        if mall != header {
            self.import("mall.csv", &mall, MALL);
        }
        self.import("consents.csv", &consents, CONSENTS);
        if fates.contains(&Fate::Lost) {
            self.import("visits.csv", &visits, VISITS);
        }
        if fates.iter().any(|f| matches!(f, Fate::Stopped(_))) {
            self.import("stops.csv", &stops, STOPS);
        }
        for (i, fate) in fates.iter().enumerate() {
            if let Fate::Closed(reason) = fate {
                let who = self.number(i);
                self.app.suppress(who, reason.channel(), *reason, "", "山田").unwrap();
            }
        }
    }

    fn number(&self, i: usize) -> i64 {
        let query = app::ListQuery { search: format!("c{i}"), per_page: 500, ..app::ListQuery::default() };
        let rows = self.app.list(&query).unwrap().rows;
        rows.iter().find(|r| r.source_ids.iter().any(|(_, id)| *id == format!("c{i}"))).unwrap().customer
    }

    /// Draws, approves and sends one letter; returns who was assigned to what.
    fn send(&self, name: &str) -> BTreeMap<i64, (Arm, u8)> {
        self.clock.store(NOON, Ordering::SeqCst);
        let mut campaign = app::campaign_from_toml(DOCUMENT, "test").unwrap();
        campaign.name = name.to_owned();
        campaign.start = Some(Day(20_780));
        let id = self.app.add_campaign(&campaign, "山田").unwrap();
        self.app.draft_plan(id).unwrap();
        let first = self.app.assigned(id).unwrap();
        self.app.draft_plan(id).unwrap();
        assert_eq!(self.app.assigned(id).unwrap(), first, "the same seed gives the same plan");
        if first.iter().all(|(_, arm)| *arm != Arm::Treated) {
            return BTreeMap::new();
        }
        self.app.approve_campaign(id, "山田").unwrap();
        self.clock.store(STEP, Ordering::SeqCst);
        let how = Work { name: "w".to_owned(), once: true, connections: Some(3) };
        self.app.work(&how, &AtomicBool::new(false), &|_| ()).unwrap();
        first.into_iter().map(|(c, arm)| (c, (arm, 0))).collect()
    }
}

fn mailbox(fates: &[Fate], i: usize) -> String {
    let of = if fates[i] == Fate::SharedMailbox && i > 0 { i - 1 } else { i };
    format!("box{of}@example.jp")
}

const DOCUMENT: &str = r#"
owner = "山田"
holdout = 0.3
[whom]
condition = "n_orders >= 1"
[[steps]]
name = "thanks"
kind = "thanks"
at = "10:00"
channel = "mail"
[steps.words]
subject = "いつもありがとうございます"
body = """
{{ addressee }}

ご利用ありがとうございます。

[お店を見る](/)
"""
"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 30, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_written_to_who_must_not_be(fates in prop::collection::vec(fate(), 4..30)) {
        let shop = Shop::new(&fates);
        let assigned = shop.send("一");
        let accepted = shop.sink.accepted();
        let reached: BTreeSet<&str> = accepted.iter().map(|m| m.rcpt.as_str()).collect();
        prop_assert!(accepted.iter().all(|m| m.times == 1), "one letter per touch");
        prop_assert_eq!(reached.len(), accepted.len(), "one letter per mailbox");
        for (i, fate) in fates.iter().enumerate() {
            let forbidden = match fate {
                Fate::Free | Fate::SharedMailbox => false,
                // Whoever shares the mailbox with somebody who may be written to shares the letter.
                _ => !fates.get(i + 1).is_some_and(|f| *f == Fate::SharedMailbox),
            };
            prop_assert!(!forbidden || !reached.contains(mailbox(&fates, i).as_str()), "{i} {fate:?}");
        }
        let treated = assigned.values().filter(|(arm, _)| *arm == Arm::Treated).count();
        prop_assert!(reached.len() <= treated, "nobody who was held out");

        // The same files again reopen nothing, and the cap of two mails a week holds.
        shop.clock.store(NOON, Ordering::SeqCst);
        shop.take_again(&fates);
        shop.send("二");
        shop.send("三");
        for (i, fate) in fates.iter().enumerate().filter(|(_, f)| !matches!(f, Fate::Free | Fate::SharedMailbox | Fate::NoConsent | Fate::Mall)) {
            let shared = fates.get(i + 1).is_some_and(|f| *f == Fate::SharedMailbox);
            let got = shop.sink.accepted().iter().filter(|m| m.rcpt == mailbox(&fates, i)).count();
            prop_assert!(shared || got == 0, "{i} {fate:?}");
        }
        let mut per_mailbox: BTreeMap<String, u64> = BTreeMap::new();
        for mail in shop.sink.accepted() {
            *per_mailbox.entry(mail.rcpt).or_default() += mail.times;
        }
        prop_assert!(per_mailbox.values().all(|n| *n <= 2), "at most two mails in a week: {per_mailbox:?}");
        prop_assert!(shop.app.settings().unwrap().caps.0.iter().any(|c| c.channel == Some(Channel::Mail)));
    }
}

impl Shop {
    fn take_again(&self, fates: &[Fate]) {
        let mut consents = "who,channel,given\n".to_owned();
        for i in 0..fates.len() {
            writeln!(consents, "{},mail,yes", mailbox(fates, i)).unwrap();
        }
        self.import("again.csv", &consents, CONSENTS);
    }
}
