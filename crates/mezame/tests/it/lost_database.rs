//! The database server goes away while letters leave, and comes back.

use crate::campaign::{sender, shop};
use crate::kill_sweep::DOCUMENT;
use crate::world::World;
use madeup::{Fault, Keep, Phase, Sink, Temper, What};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;
use testkit::postgres::Server;

const MAILS: usize = 400;
const CONNECTIONS: u64 = 4;
/// Waits of 20 milliseconds before a story counts as stuck.
const PATIENCE: usize = 3_000;

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let held = (0..PATIENCE).any(|_| {
        std::thread::park_timeout(Duration::from_millis(20));
        holds()
    });
    assert!(held, "{what}");
}

#[test]
fn a_database_that_goes_away_stops_the_letters_and_nothing_leaves_twice() {
    let mut server = Server::start().unwrap();
    let world = World { db: Some(server.database().unwrap()), ..World::sqlite() }.on("2026-01-20");
    world.ok(&["migrate"]);
    shop(&world, MAILS + 1);
    // Slow enough that the server goes away in the middle.
    let slow = Fault { at: Phase::Dot, what: What::Stall(Duration::from_millis(15)), share: 1.0 };
    let sink = Sink::start(Temper { keep: Keep::Ids, faults: vec![slow], ..Temper::default() }).unwrap();
    sender(&world, sink.addr().port());
    world.ok(&["settings", "set", "stale_hours", "1000000"]);
    let file = world.file("lost.toml", DOCUMENT);
    let id = world.json(&["campaign", "new", "消える", "--file", &file])["id"].to_string();
    world.json(&["campaign", "plan", &id]);
    world.ok(&["campaign", "approve", &id, "--by", "山田", "--yes"]);

    let live = world.on("");
    let mut command = live.command(&["work", "--connections", &CONNECTIONS.to_string()]);
    let mut worker = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(worker.stderr.take().unwrap()).lines().map(Result::unwrap);
    until("letters leave", || sink.mails() > MAILS as u64 / 4);
    server.crash().unwrap();
    let gone = sink.mails();
    let said = stderr.find(|line| line.starts_with('!')).unwrap();
    assert!(said.contains("PostgreSQL") || said.contains("database"), "{said}");
    let quiet = sink.mails();
    assert!(quiet <= gone + CONNECTIONS, "only what was under way still left: {gone}, then {quiet}");
    std::thread::park_timeout(Duration::from_millis(700));
    assert_eq!(sink.mails(), quiet, "nothing leaves that cannot be written down");
    server.recover().unwrap();
    // Without a hand on it: the same worker goes on by itself.
    until("the campaign ends", || world.json(&["campaign", "show", &id])["state"] == "finished");
    worker.kill().unwrap();
    worker.wait().unwrap();
    let touches = world.json(&["campaign", "show", &id])["touches"].clone();
    let count = |state: &str| touches[state].as_u64().unwrap();
    assert_eq!(count("sent") + count("in_doubt"), MAILS as u64, "{touches}");
    assert!(count("in_doubt") <= CONNECTIONS, "{touches}");
    let accepted = sink.accepted();
    assert!(accepted.iter().all(|mail| mail.times == 1), "nobody twice");
    assert!(accepted.len() as u64 >= count("sent"), "nobody lost: {} of {touches}", accepted.len());
}
