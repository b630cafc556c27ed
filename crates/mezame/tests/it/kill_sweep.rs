//! Workers are killed again and again while they send: nobody gets a letter, an SMS or a LINE message twice,
//! nobody is lost.

mod gateways;
mod people;

use crate::campaign::{sender, shop};
use crate::world::World;
use madeup::{Fault, Keep, Phase, Sink, Temper, What};
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::process::{Child, Stdio};
use std::time::Duration;

/// How large a sweep is: MEZAME_KILL_SWEEP=20000,200 makes the whole one (bench/kill_sweep.sh).
fn size() -> (usize, usize) {
    let asked = testkit::asked("MEZAME_KILL_SWEEP").unwrap_or_default();
    let mut numbers = asked.split(',').filter_map(|n| n.parse().ok());
    (numbers.next().unwrap_or(1_500), numbers.next().unwrap_or(12))
}

const CONNECTIONS: usize = 4;

/// The other side of a sweep: what it accepted, whatever we believe of it.
struct Side<'a> {
    /// So many so far.
    count: &'a dyn Fn() -> u64,
    /// Whose, by the shop's own number, and how often each.
    accepted: &'a dyn Fn() -> Vec<(usize, u64)>,
}

/// One fault of every kind in every phase.
fn faults() -> Vec<Fault> {
    let drops = [
        (Phase::Connect, 0.02),
        (Phase::Ehlo, 0.02),
        (Phase::Mail, 0.004),
        (Phase::Rcpt, 0.004),
        (Phase::Data, 0.004),
        (Phase::Ready, 0.004),
        (Phase::Body, 0.004),
        (Phase::Dot, 0.004),
        (Phase::Answered, 0.004),
    ];
    let replies = [
        (Phase::Mail, "451 4.3.0 later"),
        (Phase::Rcpt, "450 4.2.1 later"),
        (Phase::Rcpt, "550 5.1.1 no such user"),
        (Phase::Data, "451 4.3.0 later"),
        (Phase::Dot, "451 4.3.0 later"),
        (Phase::Dot, "554 5.7.1 refused"),
    ];
    let stalls = [(Phase::Rcpt, 40), (Phase::Ready, 40), (Phase::Dot, 40)];
    let drops = drops.into_iter().map(|(at, share)| Fault { at, what: What::Drop, share });
    let replies =
        replies.into_iter().map(|(at, text)| Fault { at, what: What::Reply(text.to_owned()), share: 0.01 });
    let stalls = stalls.into_iter().map(|(at, ms)| Fault {
        at,
        what: What::Stall(Duration::from_millis(ms)),
        share: 0.01,
    });
    drops.chain(replies).chain(stalls).collect()
}

pub const DOCUMENT: &str = r#"
owner = "山田"
holdout = 0.0
no_holdout_because = "送信の試験"
window = 90
start = "2026-01-21"
late_hours = 4000000

[whom]
condition = "n_orders >= 1"

[stop]
bounces = 1.0
complaints = 1.0
opt_outs = 1.0
after = 100000000

[[steps]]
name = "thanks"
kind = "thanks"
after_days = 0
at = "10:00"
channel = "mail"
unless = []
[steps.words]
subject = "いつもありがとうございます"
body = """
{{ addressee }}

ご利用ありがとうございます。

[お店を見る](/)
"""
"#;

struct Figures {
    mails: usize,
    kills: usize,
    accepted: usize,
    twice: usize,
    states: BTreeMap<String, usize>,
    /// In doubt since a kill: attempted, and never heard of again.
    by_kill: usize,
    /// In doubt since the connection was lost before the answer, or the other side's memory is over.
    by_line: usize,
    lost: usize,
    /// Why skipped or failed.
    reasons: String,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { mails, kills, accepted, twice, states, by_kill, by_line, lost, reasons } = self;
        write!(
            f,
            "{mails} to send, {kills} kills, {CONNECTIONS} connections a worker: {accepted} accepted, {twice} twice, \
             {lost} lost; touches {states:?}; in doubt by a kill {by_kill}, by a line lost before the answer {by_line}; \
             reasons {reasons}"
        )
    }
}

/// A sweep by mail.
fn sweep(world: &World, workers: usize) -> Figures {
    let (mails, _) = size();
    // Long before any clock on which this runs: the step has been due since.
    let world = &world.on("2026-01-20");
    // Number 7 never consented.
    shop(world, mails + 1);
    let temper = Temper { seed: 7, keep: Keep::Ids, faults: faults(), ..Temper::default() };
    let sink = Sink::start(temper).unwrap();
    sender(world, sink.addr().port());
    looked_up(world);
    let number = |rcpt: &str| rcpt["customer".len()..].split('@').next().unwrap().parse().unwrap();
    let accepted = || sink.accepted().iter().map(|m| (number(&m.rcpt), m.times)).collect();
    killed(world, DOCUMENT, workers, size(), &Side { count: &|| sink.mails(), accepted: &accepted })
}

/// Kills workers at random until as many were killed, then lets one finish.
fn killed(
    world: &World,
    document: &str,
    workers: usize,
    (mails, kills): (usize, usize),
    side: &Side<'_>,
) -> Figures {
    world.ok(&["settings", "set", "stale_hours", "1000000"]);
    let file = world.file("sweep.toml", document);
    let id = world.json(&["campaign", "new", "一斉", "--file", &file])["id"].to_string();
    world.json(&["campaign", "plan", &id]);
    world.ok(&["campaign", "approve", &id, "--by", "山田", "--yes"]);

    // On a running clock: a worker counts as gone when its beat is old.
    let live = world.on("");
    let start = || -> Child {
        let connections = CONNECTIONS.to_string();
        let mut command = live.command(&["work", "--connections", &connections]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut children: Vec<Child> = (0..workers).map(|_| start()).collect();
    let mut dice = 0x9e37_79b9_u64;
    let mut done = 0;
    while done < kills {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The next kill comes after some more mails, or after a moment in which nothing moved.
        let until = (side.count)() + (dice >> 33) % (mails as u64 / kills as u64 + 1);
        let mut patience = 1_500 + (dice >> 40) % 700;
        while (side.count)() < until && patience > 0 {
            std::thread::park_timeout(Duration::from_millis(1));
            patience -= 1;
        }
        let victim = (dice >> 50) as usize % children.len();
        children[victim].kill().unwrap();
        children[victim].wait().unwrap();
        children[victim] = start();
        done += 1;
    }
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // What was put off is due on one of the next days; old beats are stale by then.
    for day in 1..=28 {
        let day = world.on(&format!("2099-01-{day:02}"));
        day.run(&["work", "--once", "--connections", "8"]);
        let open = day.json(&["campaign", "show", &id])["state"] == "approved";
        if !open {
            break;
        }
    }
    let alerts = world.json(&["campaign", "list"])[0]["alerts"].clone();
    let reasons = world.json(&["campaign", "show", &id])["reasons"].to_string();
    let rows = ledger(world);
    let accepted = (side.accepted)();
    let arrived: HashSet<usize> = accepted.iter().map(|(customer, _)| *customer).collect();
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    let (mut lost, mut by_kill, mut by_line) = (0, 0, 0);
    for (customer, state, answered) in &rows {
        let word = ["queued", "claimed", "attempted", "sent", "failed", "skipped", "in_doubt"][*state];
        *states.entry(word.to_owned()).or_default() += 1;
        let arrived = arrived.contains(customer);
        // Sent and not arrived, or arrived and called failed: a loss or a lie.
        lost += usize::from((*state == 3 && !arrived) || (arrived && *state != 3 && *state != 6));
        by_kill += usize::from(*state == 6 && !answered);
        by_line += usize::from(*state == 6 && *answered);
    }
    lost += mails.saturating_sub(rows.len());
    let told = alerts[0]["kind"] == "in_doubt";
    assert_eq!(told, by_kill + by_line > 0, "what is in doubt waits for a person: {alerts}");
    Figures {
        mails,
        kills: done,
        accepted: accepted.len(),
        twice: accepted.iter().filter(|(_, times)| *times > 1).count(),
        states,
        by_kill,
        by_line,
        lost,
        reasons,
    }
}

/// As if `mezame doctor mail example.jp` had found everything: so many mails a day need it (L-36).
pub fn looked_up(world: &World) {
    let sql = "INSERT INTO settings (key, value) VALUES ('app.dns.example.jp', '[true,true,true,true]')";
    match &world.db {
        None => {
            let db = rusqlite::Connection::open(world.data().join("mezame.db")).unwrap();
            db.execute(sql, []).map(drop).unwrap();
        }
        Some(url) => {
            let mut db = postgres::Client::connect(url, postgres::NoTls).unwrap();
            db.execute(sql, &[]).map(drop).unwrap();
        }
    }
}

/// Every touch: (the shop's own number of the customer, state, whether its last attempt has an outcome).
fn ledger(world: &World) -> Vec<(usize, usize, bool)> {
    let sql =
        "SELECT r.ext_id, t.state, COALESCE(a.outcome, -1) FROM touches t JOIN records r ON r.id = t.customer
               LEFT JOIN attempts a ON a.touch = t.id AND a.n = t.tries WHERE t.rule <> 'no_address'";
    let row =
        |ext_id: String, state: i64, outcome: i64| (ext_id.parse().unwrap(), state as usize, outcome >= 0);
    match &world.db {
        None => {
            let db = rusqlite::Connection::open(world.data().join("mezame.db")).unwrap();
            let mut rows = db.prepare(sql).unwrap();
            let rows = rows.query_map([], |r| Ok(row(r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
            rows.map(|r| r.unwrap()).collect()
        }
        Some(url) => {
            let mut db = postgres::Client::connect(url, postgres::NoTls).unwrap();
            db.query(sql, &[]).unwrap().iter().map(|r| row(r.get(0), r.get(1), r.get(2))).collect()
        }
    }
}

fn holds(name: &str, f: &Figures) {
    eprintln!("{name}: {f}");
    assert_eq!(f.twice, 0, "{name}: accepted twice\n{f}");
    assert_eq!(f.lost, 0, "{name}: lost in silence\n{f}");
    let open = ["queued", "claimed", "attempted"].iter().filter_map(|s| f.states.get(*s)).sum::<usize>();
    assert_eq!(open, 0, "{name}: every touch ends\n{f}");
    assert!(f.by_kill <= f.kills * CONNECTIONS, "{name}: more doubts than open connections\n{f}");
    assert!(f.states["sent"] > f.mails / 2, "{name}: {f}");
}

#[test]
fn one_worker_on_sqlite() {
    holds("SQLite, one worker", &sweep(&World::sqlite(), 1));
}

#[test]
fn three_workers_on_postgresql() {
    holds("PostgreSQL, three workers", &sweep(&World::postgres(), 3));
}
