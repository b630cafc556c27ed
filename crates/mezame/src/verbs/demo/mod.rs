//! The main job on a made-up shop, in one go.

mod trial;
mod ways;

use super::{board, customers, import, rank, serve};
use crate::cli::{DemoArgs, ServeArgs};
use crate::out::Talk;
use crate::progress::Bar;
use anyhow::{Context, Result};
use app::{App, Clock, Config, ImportRequest, ListQuery, RankQuery};
use madeup::Shop;
use model::Channel;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Stands in the demo's folder, so that no other folder is ever emptied.
const MARK: &str = "made-up-shop.txt";

pub fn run(args: &DemoArgs, config: Config, talk: &Talk) -> Result<ExitCode> {
    // A made-up shop never mixes with a real one: it has a folder, and a database, of its own.
    let data = config.data.join("demo");
    anyhow::ensure!(config.db.is_none(), "the demo keeps its own database file: leave --db away");
    fresh(&data)?;
    let shift = trial::Shift(Arc::default());
    let (real, away) = (config.clock.clone(), shift.0.clone());
    let clock = Clock(Arc::new(move || (real.0)() + away.load(Ordering::SeqCst)));
    let mut secrets = crate::secrets::load(&data)?;
    // For the SMS gateway that the demo starts on this machine.
    secrets.sms_secret.get_or_insert("made-up".to_owned());
    let app = App::open(Config { data: data.clone(), clock, secrets, ..config })?;
    let settings = app::Settings { shop: "目覚め堂(架空の店)".to_owned(), ..app.settings()? };
    app.set_settings(&settings)?;

    let files = data.join("files");
    let shop = Shop { customers: args.customers, seed: args.seed, today: app.today()? };
    let written = shop
        .write_demo(&files)
        .with_context(|| format!("writing the made-up shop to {}", files.display()))?;
    if !talk.json {
        talk.line(&format!(
            "{} {}",
            talk.say("架空の店のファイルを作りました:", "Made up a shop's files in"),
            files.display()
        ))?;
    }
    let bar = Bar::new();
    let mut reports = Vec::new();
    for (paths, map) in written.batches() {
        let map = map
            .map(|m| std::fs::read_to_string(&m).with_context(|| format!("reading {}", m.display())))
            .transpose()?;
        let request = ImportRequest { paths, map, ..ImportRequest::default() };
        reports.extend(app.import(&request, &|step| bar.show(step))?);
    }
    bar.done();
    if !talk.json {
        import::show(&reports, talk)?;
    }
    board::show(&app, &app.board()?, talk)?;
    if !talk.json {
        talk.line("")?;
        talk.line(talk.say("休眠の方(累計金額の多い順)", "Dormant customers, by spend"))?;
        let query = ListQuery {
            condition: "state = 'dormant'".to_owned(),
            sort: "spend".to_owned(),
            descending: true,
            per_page: 10,
            ..ListQuery::default()
        };
        customers::show(&app.list(&query)?, &settings.currency, talk)?;
        talk.line("")?;
        talk.line(talk.say("だれから声をかけるか(mezame rank)", "Whom to wake first (mezame rank)"))?;
        let ask =
            RankQuery { channel: Channel::Mail, budget: None, reachable: true, condition: String::new() };
        let (ranking, rows) = app.rank(&ask, 0, 5)?;
        rank::show(&app, &ranking, &rows, talk)?;
    }
    let door = args.port.wrapping_add(1);
    let campaign = trial::run(&app, &shift, args.seed, &files, talk)?;
    let by_every_way = ways::run(&app, &shift, args.seed, &files, talk)?;
    if args.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("http://127.0.0.1:{}/campaigns/{campaign}/result", args.port);
    eprintln!("http://127.0.0.1:{}/campaigns/{by_every_way}", args.port);
    let host = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let serving = ServeArgs {
        port: args.port,
        host,
        door: Some(door),
        door_host: host,
        behind_proxy: false,
        work: false,
    };
    serve::run(&app, &serving, None, talk)
}

/// An empty folder for the demo; only one that an earlier demo made is emptied.
fn fresh(data: &Path) -> Result<()> {
    if data.exists() {
        anyhow::ensure!(
            data.join(MARK).exists(),
            "{} exists and is no demo's folder: choose another --data",
            data.display()
        );
        std::fs::remove_dir_all(data).with_context(|| format!("emptying {}", data.display()))?;
    }
    std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
    std::fs::write(
        data.join(MARK),
        "Everything here is made up by `mezame demo`, which empties this folder each time.\n",
    )?;
    Ok(())
}
