//! The sweep by SMS, with and without a provider that takes a message once, and by LINE (M096, M108).

use super::{Figures, Side, holds, killed, size};
use crate::campaign::sender;
use crate::world::World;
use madeup::{LineGateway, LineTemper, Mishap, Mishaps, SmsGateway, SmsTemper};
use std::fmt::Write as _;

const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nphone = \"phone\"\nordered_at = \"ordered_at\"\ntotal = \"total\"\n";
const FRIENDS: &str = "kind = \"customers\"\n[columns]\ncustomer = \"customer\"\nname = \"name\"\nphone = \"phone\"\nline_id = \"line\"\n";
const CONSENTS: &str =
    "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n";

/// Everything that can go wrong with a request, each once in a while; a gateway that has enough of us rarely.
fn mishaps() -> Mishaps {
    let each = [
        Mishap::DropUnread,
        Mishap::DropRead,
        Mishap::DropAccepted,
        Mishap::CutAnswer,
        Mishap::DropAnswered,
        Mishap::Answer(500),
        Mishap::Answer(400),
        Mishap::AnswerAccepted(502),
    ];
    let mut each: Vec<(Mishap, f64)> = each.into_iter().map(|mishap| (mishap, 0.006)).collect();
    each.push((Mishap::Answer(429), 0.0002));
    Mishaps { seed: 7, each }
}

fn friend(i: usize) -> String {
    format!("U{i:032x}")
}

/// Customers with a mobile number and an id at LINE, and everything a sender needs.
fn prepared(world: &World, customers: usize) {
    let mut orders = "order,customer,name,phone,ordered_at,total\n".to_owned();
    let mut friends = "customer,name,phone,line\n".to_owned();
    let mut consents = "who,channel,given\n".to_owned();
    for i in 1..=customers {
        let who = format!("{i},見本{i} 花子,090{i:08}");
        writeln!(orders, "{i}-1,{who},2026-01-10 10:00:00,3000").unwrap();
        writeln!(friends, "{who},{}", friend(i)).unwrap();
        for channel in ["sms", "line"] {
            writeln!(consents, "090{i:08},{channel},yes").unwrap();
        }
    }
    for (name, text, map) in
        [("orders", orders, ORDERS), ("friends", friends, FRIENDS), ("consents", consents, CONSENTS)]
    {
        let (text, map) =
            (world.file(&format!("{name}.csv"), text), world.file(&format!("{name}.toml"), map));
        world.import(&[&text, "--map", &map]);
    }
    // Mail is not set up: it holds nothing else.
    sender(world, 1);
    world.ok(&["settings", "set", "sending.host", ""]);
    let path = world.data().join("secrets.toml");
    let keys = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("sms_secret = \"token\"\nline_token = \"token\"\n{keys}")).unwrap();
}

fn document(channel: &str, body: &str) -> String {
    let (head, _) = super::DOCUMENT.split_once("channel = \"mail\"").unwrap();
    format!("{head}channel = \"{channel}\"\nunless = []\n[steps.words]\nbody = \"\"\"\n{body}\n\"\"\"\n")
}

/// Half of the mails' size: each channel has its own sweep.
fn halved() -> (usize, usize) {
    let (touches, kills) = size();
    (touches / 2, kills / 2)
}

fn by_sms(world: &World, workers: usize, once: bool) -> Figures {
    let world = &world.on("2026-01-20");
    let header = if once { "idempotency-key" } else { "" };
    let temper = SmsTemper { mishaps: mishaps(), once: header, ..SmsTemper::default() };
    let gateway = SmsGateway::start(temper).unwrap();
    prepared(world, halved().0);
    let generic = include_str!("../../../../outreach/data/sms/generic.toml");
    let own = match once {
        true => generic.to_owned(),
        false => generic.replace("[request.once]\nheader = \"Idempotency-Key\"\nhours = 24\n", ""),
    };
    assert_eq!(own.contains("[request.once]"), once);
    let account = format!("endpoint = {}; sender = MIHONDO", gateway.url());
    world.ok(&["settings", "set", "sms.provider", &world.file("own.toml", own)]);
    world.ok(&["settings", "set", "sms.account", &account]);
    let number = |to: &str| to["+8190".len()..].parse().unwrap();
    let accepted = || gateway.accepted().iter().map(|m| (number(&m.to), m.times)).collect();
    let side = Side { count: &|| gateway.counts().1, accepted: &accepted };
    let body = "{{ shop }}です。新茶が届きました。\n{{ link }}\n{{ stop }}";
    killed(world, &document("sms", body), workers, halved(), &side)
}

fn by_line(world: &World, workers: usize) -> Figures {
    let world = &world.on("2026-01-20");
    let gateway = LineGateway::start(LineTemper { mishaps: mishaps(), ..LineTemper::default() }).unwrap();
    prepared(world, halved().0);
    world.ok(&["settings", "set", "line.on", "yes"]);
    world.ok(&["settings", "set", "line.base", &gateway.url()]);
    let number = |id: &str| usize::from_str_radix(&id[1..], 16).unwrap();
    let accepted = || gateway.got().iter().map(|(id, _, times)| (number(id), *times)).collect();
    let side = Side { count: &|| gateway.counts().1, accepted: &accepted };
    let body = "{{ shop }}です。新茶が届きました。\n\n[新茶を見る](/shincha)";
    killed(world, &document("line", body), workers, halved(), &side)
}

#[test]
fn sms_on_sqlite() {
    holds("SMS, SQLite, one worker", &by_sms(&World::sqlite(), 1, false));
}

#[test]
fn sms_under_a_key_on_postgresql() {
    holds("SMS taken once, PostgreSQL, three workers", &by_sms(&World::postgres(), 3, true));
}

#[test]
fn line_on_sqlite() {
    holds("LINE, SQLite, one worker", &by_line(&World::sqlite(), 1));
}

#[test]
fn line_on_postgresql() {
    holds("LINE, PostgreSQL, three workers", &by_line(&World::postgres(), 3));
}
