//! A cleared touch, a provider on this machine, and a server that answers once.

use crate::help::{heading, shop};
use clearance::{Caps, Case, ClearedTouch, Hours, clear};
use model::{Basis, Channel, Delivery, ReachFacts, ShopProfile, State, TimeOfDay};
use outreach::{SMS_PROVIDERS, SmsAccount, SmsDoor, SmsProvider};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

pub const TO: &str = "09000000001";
pub const REFERENCE: &str = "c1.s0.t42";

pub fn text() -> &'static str {
    "見本茶園です。新茶が届きました。\nhttps://mail.example.jp/c/x"
}

/// A touch of somebody who agreed to this channel.
pub fn cleared(number: i64, channel: Channel, to: &str) -> ClearedTouch {
    let facts = ReachFacts {
        customer: number,
        has_phone: true,
        has_mobile: true,
        has_line: true,
        ordered: true,
        consents: vec![(channel, Basis::OptIn)],
        ..ReachFacts::default()
    };
    let shop = ShopProfile { purpose: "商品のご案内・広告の配信".into(), ..shop() };
    let case = Case {
        facts: &facts,
        state: State::Dormant,
        held_out: false,
        contacts: &[],
        shop: &shop,
        caps: &Caps::default(),
        hours: &Hours::default(),
        now: heading().now,
        clock: TimeOfDay::new(12, 0).expect("noon"),
        newest_order: None,
        stale_hours: None,
        apology: false,
    };
    clear(number, channel, to, &case).expect("may be reached")
}

/// The example of a provider, asked at this address, with or without its key.
pub fn generic(url: &str, once: bool) -> SmsProvider {
    let file = SMS_PROVIDERS.iter().find(|(name, _)| *name == "generic").expect("a provider").1;
    let file = file.replace("{endpoint}", url);
    let key = "[request.once]\nheader = \"Idempotency-Key\"\nhours = 24\n";
    assert!(file.contains(key));
    SmsProvider::parse(&if once { file } else { file.replace(key, "") }).expect("a provider")
}

pub fn account() -> SmsAccount {
    let settings = [("endpoint", "https://api.example.jp"), ("sender", "05000000000")];
    SmsAccount {
        settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        secret: "s3cret".into(),
        callback: "https://mail.example.jp/sms".into(),
        timeout: Duration::from_millis(400),
        authorities: String::new(),
    }
}

pub fn door(provider: &SmsProvider) -> SmsDoor {
    SmsDoor::open(provider.clone(), account()).expect("a door")
}

pub fn kind(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Accepted { .. } => "accepted",
        Delivery::Later { .. } => "later",
        Delivery::Refused { dead: true, .. } => "dead",
        Delivery::Refused { dead: false, .. } => "refused",
        Delivery::Unknown { .. } => "unknown",
    }
}

/// Answers one request with these bytes; what was asked.
pub fn once(answer: &str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("its number"));
    let answer = answer.to_owned();
    let asked = spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let asked = request(&mut stream);
        stream.write_all(answer.as_bytes()).expect("written");
        asked
    });
    (url, asked)
}

/// One request, head and body.
pub fn request(stream: &mut (impl Read + ?Sized)) -> String {
    let mut bytes = vec![];
    loop {
        let mut some = [0; 4096];
        let n = stream.read(&mut some).expect("read");
        bytes.extend_from_slice(&some[..n]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|l| l.strip_prefix("Content-Length: ")).expect("a length");
        if body.len() >= length.parse().expect("a number") {
            return text;
        }
    }
}
