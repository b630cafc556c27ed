//! The customers' door for `bench/door.py`: makes a shop with letters out, holds its door, loads it, counts.
//!
//! `door make DIR TOUCHES`, `door serve DIR PORT`, `door load PORT PATHS SECONDS CONNECTIONS [SEEN]`,
//! `door count DIR SEEN`. What is answered is written to SEEN before the next request leaves.

use anyhow::{Context, Result, bail, ensure};
use app::{App, Clock, Config, ImportRequest, Secrets};
use model::{Channel, MatchKey};
use response::{Key, Keys, Token};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::{NewTouch, Store};
use tokio::net::{TcpListener, TcpStream};
use web::{DoorConfig, Rate};

const KEY: (u8, [u8; 32]) = (1, [7; 32]);
/// Customers of the made-up shop; touches are spread over as many steps as it takes.
const CUSTOMERS: i64 = 10_000;
const CAMPAIGN: &str = r#"
name = "bench"
owner = "架空 太郎"
[[steps]]
name = "1"
[steps.words]
subject = "s"
body = "[お茶](https://shop.example.jp/tea) [店舗](https://shop.example.jp/shops)"
"#;

#[allow(clippy::disallowed_methods, reason = "a program of the bench, called with words")]
fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["make", dir, touches] => make(Path::new(dir), touches.parse()?),
        ["serve", dir, port] => serve(Path::new(dir), port.parse()?),
        ["load", port, paths, seconds, connections] => {
            load(port.parse()?, paths, seconds.parse()?, connections.parse()?, None)
        }
        ["load", port, paths, seconds, connections, seen] => {
            load(port.parse()?, paths, seconds.parse()?, connections.parse()?, Some(seen))
        }
        ["count", dir, seen] => count(Path::new(dir), seen),
        _ => bail!("door make|serve|load|count ..."),
    }
}

#[allow(clippy::disallowed_methods, reason = "the bench measures real time")]
fn unix_ms() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_millis() as i64)
}

fn open(dir: &Path) -> Result<App> {
    let clock = Clock(Arc::new(|| unix_ms() / 1_000));
    let secrets = Secrets { signing: vec![KEY], ..Secrets::default() };
    App::open(Config { db: None, data: dir.to_owned(), clock, secrets })
}

/// A shop, a campaign and its touches; every path that its letters lead to in DIR/clicks and DIR/opens.
fn make(dir: &Path, touches: i64) -> Result<()> {
    let app = open(dir)?;
    let file = dir.join("orders.csv");
    let mut csv = "no,id,at,yen\n".to_owned();
    (0..CUSTOMERS).for_each(|i| csv.push_str(&format!("o{i},{i},2026-01-05 10:00:00,1000\n")));
    std::fs::write(&file, csv)?;
    let map = "kind = \"orders\"\n[columns]\norder = \"no\"\ncustomer = \"id\"\nordered_at = \"at\"\ntotal = \"yen\"\n";
    app.import(
        &ImportRequest { paths: vec![file], map: Some(map.to_owned()), ..ImportRequest::default() },
        &|_| (),
    )?;
    let mut settings = app.settings()?;
    settings.shop = "架空の店".to_owned();
    settings.profile.address = "架空の住所".to_owned();
    settings.profile.contact = "03-0000-0000".to_owned();
    settings.profile.site = "https://shop.example.jp/".to_owned();
    app.set_settings(&settings)?;
    let campaign = app.add_campaign(&app::campaign_from_toml(CAMPAIGN, "bench")?, "bench")?;
    let store = Store::open(&format!("sqlite:{}", dir.join("mezame.db").display()))?;
    let new: Vec<NewTouch> = (0..touches)
        .map(|i| NewTouch {
            campaign,
            step: 0,
            customer: 1 + i,
            channel: Channel::Mail,
            destination: Some(MatchKey::email(&format!("made{i}@example.jp")).0),
            variant: 0,
            value: 0,
            due: 0,
            rule: String::new(),
        })
        .collect();
    new.chunks(50_000).try_for_each(|some| store.make_touches(some, 0).map(drop))?;
    let keys = Keys::new(Key { id: KEY.0, secret: KEY.1 }, vec![]);
    let (mut clicks, mut opens) = (lines(dir.join("clicks"))?, lines(dir.join("opens"))?);
    for touch in 1..=touches {
        writeln!(clicks, "/c/{}", keys.sign(Token::Click { touch, link: (touch % 2) as u16 }))?;
        writeln!(opens, "/o/{}.gif", keys.sign(Token::Open { touch }))?;
    }
    Ok(())
}

fn lines(path: PathBuf) -> Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path)?))
}

fn serve(dir: &Path, port: u16) -> Result<()> {
    let app = open(dir)?;
    // One network asks for everything here.
    let all = Rate { burst: 1_000_000_000, per_second: 1e9 };
    let config = DoorConfig { signed: all, unsigned: all, ..DoorConfig::new(Arc::new(unix_ms)) };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        writeln!(std::io::stdout(), "open")?;
        web::serve_door(app, listener, config, std::future::pending()).await
    })
}

/// Asks for the paths one after the other on so many connections, and says how many answers a second.
#[allow(clippy::disallowed_methods, reason = "the bench measures real time")]
fn load(port: u16, paths: &str, seconds: f64, connections: usize, seen: Option<&str>) -> Result<()> {
    let paths: Arc<Vec<String>> =
        Arc::new(BufReader::new(File::open(paths)?).lines().collect::<Result<_, _>>()?);
    ensure!(!paths.is_empty(), "no paths");
    let (next, answered) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let began = Instant::now();
    let until = began + Duration::from_secs_f64(seconds);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let tasks: Vec<_> = (0..connections)
            .map(|n| {
                let (paths, next, answered) = (paths.clone(), next.clone(), answered.clone());
                let seen = seen.map(|to| format!("{to}.{n}"));
                tokio::spawn(async move { one(port, &paths, &next, &answered, until, seen).await })
            })
            .collect();
        for task in tasks {
            // A killed server ends them all; what was answered is counted.
            let _ = task.await?;
        }
        anyhow::Ok(())
    })?;
    let rate = answered.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64();
    writeln!(std::io::stdout(), "{rate:.0}")?;
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "the bench measures real time")]
async fn one(
    port: u16,
    paths: &[String],
    next: &AtomicU64,
    answered: &AtomicU64,
    until: Instant,
    seen: Option<String>,
) -> Result<()> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut seen = seen.map(File::create).transpose()?;
    let (mut request, mut buffer) = (String::new(), vec![0u8; 8_192]);
    while Instant::now() < until {
        let path = &paths[(next.fetch_add(1, Ordering::Relaxed) as usize) % paths.len()];
        request.clear();
        request.push_str("GET ");
        request.push_str(path);
        request.push_str(" HTTP/1.1\r\nHost: go.example.jp\r\nUser-Agent: Mozilla/5.0 (bench)\r\n\r\n");
        write_all(&stream, request.as_bytes()).await?;
        let status = read_answer(&stream, &mut buffer).await?;
        ensure!(matches!(status, 200 | 204 | 302), "an answer of {status}");
        answered.fetch_add(1, Ordering::Relaxed);
        if let Some(seen) = &mut seen {
            // Straight to the system: it outlives whoever is killed.
            seen.write_all(format!("{path}\n").as_bytes())?;
        }
    }
    Ok(())
}

async fn write_all(stream: &TcpStream, mut bytes: &[u8]) -> Result<()> {
    while !bytes.is_empty() {
        match stream.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(why) if why.kind() == ErrorKind::WouldBlock => stream.writable().await?,
            Err(why) => return Err(why.into()),
        }
    }
    Ok(())
}

async fn read(stream: &TcpStream, buffer: &mut [u8]) -> Result<usize> {
    loop {
        stream.readable().await?;
        match stream.try_read(buffer) {
            Err(why) if why.kind() == ErrorKind::WouldBlock => {}
            done => return Ok(done?),
        }
    }
}

/// Reads one answer, its body by Content-Length; its status.
async fn read_answer(stream: &TcpStream, buffer: &mut [u8]) -> Result<u16> {
    let mut filled = 0;
    loop {
        let more = read(stream, &mut buffer[filled..]).await?;
        ensure!(more > 0, "closed");
        filled += more;
        let Some(end) = buffer[..filled].windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end])?;
        let status = head.get(9..12).context("a status line")?.parse()?;
        let length = head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        while filled < end + 4 + length.unwrap_or(0) {
            let more = read(stream, &mut buffer[filled..]).await?;
            ensure!(more > 0, "closed");
            filled += more;
        }
        return Ok(status);
    }
}

/// Fails unless everything that was answered is in the database, as often as it was.
fn count(dir: &Path, seen: &str) -> Result<()> {
    let folder = Path::new(seen).parent().context("a folder")?;
    let stem = Path::new(seen).file_name().and_then(|n| n.to_str()).context("a name")?.to_owned();
    let mut wanted: HashMap<i64, u64> = HashMap::new();
    let keys = Keys::new(Key { id: KEY.0, secret: KEY.1 }, vec![]);
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(&format!("{stem}.")) {
            continue;
        }
        for line in BufReader::new(File::open(entry.path())?).lines() {
            let line = line?;
            let token = line.rsplit('/').next().unwrap_or_default().trim_end_matches(".gif").to_owned();
            *wanted.entry(keys.read(&token).context("a token of ours")?.touch()).or_default() += 1;
        }
    }
    let store = Store::open(&format!("sqlite:{}", dir.join("mezame.db").display()))?;
    let mut kept: HashMap<i64, u64> = HashMap::new();
    store.each_response(1, &mut |r| *kept.entry(r.touch).or_default() += 1)?;
    let answered: u64 = wanted.values().sum();
    let lost: u64 =
        wanted.iter().map(|(touch, n)| n.saturating_sub(kept.get(touch).copied().unwrap_or(0))).sum();
    writeln!(std::io::stdout(), "answered {answered}, kept {}, lost {lost}", kept.values().sum::<u64>())?;
    ensure!(lost == 0, "{lost} answered and not kept");
    Ok(())
}
