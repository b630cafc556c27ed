//! How fast letters are printed, signed and handed over on this machine: `speed [MAILS] [LINES]`.
//!
//! The mail server is madeup's sink in the same process, so that the two share the machine's
//! cores; its own limit is measured with a client that only writes and reads.

use clearance::{Caps, Case, ClearedTouch, Hours, clear};
use madeup::{Keep, Sink, Temper};
use model::{Basis, Channel, Day, Name, Offer, ReachFacts, ShopProfile, State, TimeOfDay, Words};
use outreach::{DkimKind, Fields, Heading, Letter, Line, Links, Press, Signer, SmtpDoor, Tls};
use outreach::{compose, generate_key, sign};
use std::error::Error;
use std::io::{Read, Write, stdout};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const BODY: &str = "{{ addressee }}\n\n{{ greeting }}。{{ shop }}の{{ owner }}です。\n\n前回お求めいただいた\
「{{ last_product | or(\"ご愛用の商品\") }}」はいかがでしたでしょうか。\n\n## 秋の新茶が入荷しました\n\n- 見本煎茶\n\
- 見本ほうじ茶\n\n{% if coupon %}\nクーポン **{{ coupon }}**（{{ offer_ends }}まで）をご用意しました。\n{% endif %}\n\n\
[お店を見る](https://shop.example.jp/tea)\n\n[商品の選び方](https://shop.example.jp/guide)もご覧ください。";

type Anything<T> = Result<T, Box<dyn Error>>;

#[allow(clippy::disallowed_methods, reason = "a program of its own, of two numbers")]
fn main() -> Anything<()> {
    let words: Vec<String> = std::env::args().collect();
    let mails: u64 = words.get(1).map_or(Ok(40_000), |n| n.parse())?;
    let lines: u64 = words.get(2).map_or(Ok(8), |n| n.parse())?;
    let press = press()?;
    let letter = letter(&press, 0)?;
    let touch = touch()?;
    let mail = compose(&touch, &heading("t0@mail.example.jp"), &letter);
    let rsa = [Signer::from_pem("example.jp", "rsa", &generate_key(DkimKind::Rsa)?)?];
    let ed = [Signer::from_pem("example.jp", "ed", &generate_key(DkimKind::Ed25519)?)?];

    say(&format!(
        "one letter: html {} B, text {} B, mail {} B",
        letter.html.len(),
        letter.text.len(),
        mail.len()
    ))?;
    let one = |what: &str, count: u64, work: &dyn Fn(u64) -> Anything<()>| -> Anything<()> {
        let seconds = timed(|| (0..count).try_for_each(work))?;
        let (rate, micros) = (count as f64 / seconds, seconds / count as f64 * 1e6);
        say(&format!("{what}: {rate:.0}/s, {micros:.1} us each, one thread"))
    };
    one("renders", mails, &|n| self::letter(&press, n).map(drop))?;
    one("composes", mails, &|_| {
        drop(compose(&touch, &heading("t@mail.example.jp"), &letter));
        Ok(())
    })?;
    one("RSA-2048 signatures", mails / 10, &|_| Ok(sign(&rsa, &mail, 0).map(drop)?))?;
    one("Ed25519 signatures", mails / 4, &|_| Ok(sign(&ed, &mail, 0).map(drop)?))?;

    for (what, signers) in [("without DKIM", &[][..]), ("with DKIM (RSA-2048)", &rsa[..])] {
        let sink = Sink::start(Temper { keep: Keep::Count, ..Temper::default() })?;
        let port = sink.addr().port();
        let seconds = timed(|| together(lines, mails, &|next| send(port, next, &press, signers)))?;
        let rate = sink.mails() as f64 / seconds;
        say(&format!("rendered and handed over {what}: {rate:.0} mails/s through {lines} lines"))?;
    }
    let small = b"Message-ID: <x@example.jp>\r\n\r\nsmall".to_vec();
    for (what, mail) in [("mails of this size", &mail), ("small mails", &small)] {
        let sink = Sink::start(Temper { keep: Keep::Count, ..Temper::default() })?;
        let port = sink.addr().port();
        let seconds = timed(|| together(lines, 2 * mails, &|next| flood(port, next, mail)))?;
        let rate = sink.mails() as f64 / seconds;
        say(&format!("the sink's own limit: {rate:.0} {what}/s through {lines} connections"))?;
    }
    Ok(())
}

fn say(line: &str) -> Anything<()> {
    Ok(writeln!(stdout(), "{line}")?)
}

#[allow(clippy::disallowed_methods, reason = "the answer is how long it took")]
fn timed(work: impl FnOnce() -> Anything<()>) -> Anything<f64> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}

/// Where threads take their next number, until there is none.
type Next<'a> = &'a dyn Fn() -> Option<u64>;

/// The work of several threads.
fn together(threads: u64, count: u64, work: &(dyn Fn(Next<'_>) -> Anything<()> + Sync)) -> Anything<()> {
    let taken = AtomicU64::new(0);
    let next = || Some(taken.fetch_add(1, Ordering::Relaxed)).filter(|n| *n < count);
    std::thread::scope(|scope| {
        let run = || work(&next).map_err(|e| e.to_string());
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        all.into_iter().try_for_each(|thread| Ok(thread.join().map_err(|_| "a thread failed")??))
    })
}

fn send(port: u16, next: Next<'_>, press: &Press, signers: &[Signer]) -> Anything<()> {
    let mut line = Line::open(&door(port))?;
    let touch = touch()?;
    while let Some(number) = next() {
        let letter = letter(press, number)?;
        let id = format!("t{number}@mail.example.jp");
        let mail = sign(signers, &compose(&touch, &heading(&id), &letter), 0)?;
        let handed = line.deliver(&touch, "bounce@example.jp", &mail, &mut || true);
        if !handed.usable {
            return Err(format!("{handed:?}").into());
        }
    }
    Ok(())
}

/// A client that knows what the answers will be.
fn flood(port: u16, next: Next<'_>, mail: &[u8]) -> Anything<()> {
    let mail = [mail, b"\r\n.\r\n"].concat();
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.write_all(b"EHLO x\r\n")?;
    let mut answers = [0; 4_096];
    answered(&mut stream, &mut answers, "ENHANCEDSTATUSCODES")?;
    while next().is_some() {
        stream.write_all(b"MAIL FROM:<a@example.jp>\r\nRCPT TO:<b@example.jp>\r\nDATA\r\n")?;
        answered(&mut stream, &mut answers, "354")?;
        stream.write_all(&mail)?;
        answered(&mut stream, &mut answers, "accepted")?;
    }
    Ok(())
}

/// Reads until an answer holds this word.
fn answered(stream: &mut TcpStream, answers: &mut [u8], word: &str) -> Anything<()> {
    let mut filled = 0;
    loop {
        filled += match stream.read(&mut answers[filled..])? {
            0 => return Err("the sink left".into()),
            read => read,
        };
        if String::from_utf8_lossy(&answers[..filled]).contains(word) && answers[..filled].ends_with(b"\n") {
            return Ok(());
        }
    }
}

fn press() -> Anything<Press> {
    let words = Words {
        subject: "{{ addressee }}、秋の新茶が入荷しました".into(),
        preheader: "{{ offer }}は{{ offer_ends }}まで".into(),
        body: BODY.into(),
        ..Words::default()
    };
    let offer = Offer { amount: 500.0, ends: "2026-12-25".parse().ok(), ..Offer::default() };
    Ok(Press::new(&words, &shop(), Some(&offer), "佐藤")?)
}

fn shop() -> ShopProfile {
    ShopProfile {
        name: "見本茶園".into(),
        address: "静岡県静岡市葵区見本1-2-3".into(),
        contact: "support@example.jp".into(),
        site: "https://shop.example.jp".into(),
        purpose: "商品のご案内・広告の配信".into(),
        ..ShopProfile::default()
    }
}

fn letter(press: &Press, number: u64) -> Anything<Letter> {
    let today: Day = "2026-11-22".parse()?;
    let fields = Fields {
        name: Name { family: "山田".into(), given: "花子".into(), ..Name::default() },
        last_product: "見本煎茶 100g".into(),
        last_order: Some(today.plus(-(number as i32 % 900))),
        n_orders: 12,
        coupon: format!("AKI-{number}"),
        caller: String::new(),
        ..Fields::unknown(today)
    };
    let click = |link: usize| format!("https://mail.example.jp/c/{number}/{link}");
    let links = Links {
        click: Some(&click),
        pixel: None,
        trap: Some(format!("https://mail.example.jp/t/{number}")),
        unsubscribe: format!("https://mail.example.jp/u/{number}"),
        preferences: Some(format!("https://mail.example.jp/p/{number}")),
        ..Links::default()
    };
    Ok(press.print(&fields, &links)?)
}

fn heading(message_id: &str) -> Heading<'_> {
    Heading {
        from_name: "見本茶園",
        from: "news@example.jp",
        reply_to: "support@example.jp",
        message_id,
        unsubscribe_url: "https://mail.example.jp/u/0",
        unsubscribe_mail: "stop@example.jp",
        list_id: "news.example.jp",
        feedback_id: "c1:s0:news:mezame",
        now: 1_795_341_600,
        zone_minutes: 540,
    }
}

fn door(port: u16) -> SmtpDoor {
    SmtpDoor {
        host: "127.0.0.1".into(),
        port,
        tls: Tls::None,
        user: String::new(),
        password: String::new(),
        helo: "mail.example.jp".into(),
        timeout: Duration::from_secs(10),
        authorities: String::new(),
    }
}

fn touch() -> Anything<ClearedTouch> {
    let facts = ReachFacts {
        customer: 1,
        has_email: true,
        ordered: true,
        consents: vec![(Channel::Mail, Basis::OptIn)],
        ..ReachFacts::default()
    };
    let case = Case {
        facts: &facts,
        state: State::Dormant,
        held_out: false,
        contacts: &[],
        shop: &shop(),
        caps: &Caps::default(),
        hours: &Hours::default(),
        now: 1_795_341_600,
        clock: TimeOfDay::new(12, 0).ok_or("noon")?,
        newest_order: None,
        stale_hours: None,
        apology: false,
    };
    clear(1, Channel::Mail, "hanako@example.jp", &case).map_err(|refusal| refusal.en.into())
}
