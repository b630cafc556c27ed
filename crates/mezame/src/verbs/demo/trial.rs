//! One campaign to its end on the made-up shop, a hundred days ago, with customers whose truth is known.

use crate::out::Talk;
use crate::verbs::{measure, work};
use anyhow::{Context, Result};
use app::{App, Asker, ImportRequest, Settings, Tls, Work};
use madeup::{Accepted, Answers, Sink, Temper};
use model::{Arm, Day};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// The first letter left so many days ago: the window of 90 days is over.
const AGO: i32 = 100;
const DOCUMENT: &str = include_str!("campaign.toml");
/// Moved by the letters, following a link, leaving the list.
const TRUTH: (f64, f64, f64) = (0.09, 0.08, 0.004);

/// The demo's clock: the real one, so many seconds away from now.
pub struct Shift(pub std::sync::Arc<AtomicI64>);

impl Shift {
    /// Stands at a moment, Unix seconds.
    pub fn at(&self, app: &App, moment: i64) {
        self.0.fetch_add(moment - app.now(), Ordering::SeqCst);
    }

    pub fn back(&self) {
        self.0.store(0, Ordering::SeqCst);
    }
}

/// Runs the campaign and shows what it brought beside the truth; returns its number.
pub fn run(app: &App, shift: &Shift, seed: u64, files: &Path, talk: &Talk) -> Result<i64> {
    let sink = Sink::start(Temper::default()).context("starting a mail server on this machine")?;
    app.set_settings(&settings(app.settings()?, &sink))?;
    let start = Day(app.today()?.0 - AGO);
    let settings = app.settings()?;
    shift.at(app, settings.moment(Day(start.0 - 1), 12 * 60));
    let mut campaign = app::campaign_from_toml(DOCUMENT, "campaign.toml")?;
    campaign.name = "三か月のご様子伺い".to_owned();
    campaign.start = Some(start);
    let id = app.add_campaign(&campaign, &campaign.owner)?;
    let drafted = app.draft_plan(id)?;
    if !talk.json {
        talk.line("")?;
        talk.line(talk.say(
            "百日前の施策を、くじ引きの保留群つきで最後まで動かします(mezame campaign)",
            "One campaign of a hundred days ago, with a holdout drawn by lot, to its end (mezame campaign)",
        ))?;
        for sentence in if talk.english { &drafted.forecast.en } else { &drafted.forecast.ja } {
            talk.line(&format!("  {sentence}"))?;
        }
    }
    app.approve_campaign(id, &campaign.owner)?;
    let truth = Answers { seed, lift: TRUTH.0, click: TRUTH.1, leave: TRUTH.2 };
    let mut heard = 0;
    for step in &campaign.steps {
        let minute = step.at.map_or(600, model::TimeOfDay::minutes);
        shift.at(app, settings.moment(Day(start.0 + step.after_days), minute) + 60);
        let how = Work { name: work::name()?, once: true, connections: Some(4) };
        app.work(&how, &AtomicBool::new(false), &|_| ())?;
        let mails = sink.accepted();
        answer(app, &mails[heard.min(mails.len())..], &truth)?;
        heard = mails.len();
    }
    let orders = orders(app, id, &truth, start)?;
    shift.back();
    for (source, text) in orders.files {
        let path = files.join(format!("after-letters-{source}.csv"));
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        let map = format!(
            "source = \"{source}\"\nkind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nordered_at = \"ordered_at\"\ntotal = \"total\"\n"
        );
        let request = ImportRequest { paths: vec![path], map: Some(map), ..ImportRequest::default() };
        app.import(&request, &|_| ())?;
    }
    let result = app.measure(id)?;
    if !talk.json {
        measure::show(app, &result, talk)?;
        let lift = orders.true_lift * 100.0;
        let held = result
            .measurement
            .primary()
            .and_then(|w| w.lift)
            .is_some_and(|l| l.points.holds(orders.true_lift));
        talk.line(&match (talk.english, held) {
            (false, true) => format!("架空の客なので本当の増分が分かります: {lift:+.2}ポイント(区間の中)"),
            (false, false) => format!("架空の客なので本当の増分が分かります: {lift:+.2}ポイント(区間の外。20回に1回は起こります)"),
            (true, true) => format!("The customers are made up, so the true lift is known: {lift:+.2} points, within the interval"),
            (true, false) => format!("The customers are made up, so the true lift is known: {lift:+.2} points, outside the interval, as happens one time in 20"),
        })?;
    }
    Ok(id)
}

fn settings(now: Settings, sink: &Sink) -> Settings {
    let mut to = now;
    "東京都千代田区架空町1-2-3".clone_into(&mut to.profile.address);
    "0120-000-000 / info@example.jp".clone_into(&mut to.profile.contact);
    "https://shop.example.jp/".clone_into(&mut to.profile.site);
    "https://mail.example.jp".clone_into(&mut to.profile.public_url);
    "商品の発送、ならびに新商品・催しのご案内(メール、郵便)のため".clone_into(&mut to.profile.purpose);
    "127.0.0.1".clone_into(&mut to.sending.host);
    to.sending.port = sink.addr().port();
    to.sending.tls = Tls::None;
    "mezamedo@example.jp".clone_into(&mut to.sending.from);
    to.acquisition_cost = 3_000.0;
    to
}

/// Customers read their letters: some follow the link, some leave.
fn answer(app: &App, mails: &[Accepted], truth: &Answers) -> Result<()> {
    for mail in mails {
        // Everybody answers by their mailbox: that is all a letter knows of them.
        let who = mail.rcpt.bytes().fold(0_u64, |h, b| h.wrapping_mul(131).wrapping_add(u64::from(b)));
        let answer = truth.of(who);
        let links = madeup::links(&mail.bytes);
        let token = |place: &str| {
            let at = links.iter().find_map(|l| l.split_once(place))?;
            Some(at.1.to_owned())
        };
        let asker = |minutes: i32| Asker {
            agent: "Mozilla/5.0 (iPhone) made-up".to_owned(),
            network: format!("192.0.2.{}", who % 250),
            head: false,
            at: (app.now() + i64::from(minutes) * 60) * 1_000,
        };
        if let (Some(minutes), Some(token)) = (answer.clicks_after, token("/c/")) {
            app.hear_click(&token, &asker(minutes))?;
        }
        if let (true, Some(token)) = (answer.leaves, token("/u/")) {
            app.opt_out(&token, None, &asker(30))?;
        }
    }
    Ok(())
}

/// Orders that only the letters brought, by source, and what is true of the whole campaign.
struct Brought {
    files: BTreeMap<String, String>,
    true_lift: f64,
}

fn orders(app: &App, id: i64, truth: &Answers, start: Day) -> Result<Brought> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let (mut assigned, mut added) = (0_u32, 0_u32);
    for (customer, arm) in app.assigned(id)? {
        let Some(person) = app.person(customer)? else { continue };
        assigned += 1;
        let within = |day: Day| (start.0..start.0 + 90).contains(&day.0);
        let alone = person.orders.iter().any(|o| o.counts && within(o.day));
        let Some(after) = truth.of(customer as u64).orders_after else { continue };
        added += u32::from(!alone);
        if arm != Arm::Treated {
            continue;
        }
        let Some(record) = person.records.iter().find(|r| !r.ext_id.starts_with("guest:")) else { continue };
        let file = files
            .entry(record.source.clone())
            .or_insert_with(|| "order,customer,ordered_at,total\n".to_owned());
        let day = Day(start.0 + after + 1);
        writeln!(file, "letter-{customer},{},{day} 12:00:00,{}", record.ext_id, 3_200 + customer % 40 * 100)?;
    }
    Ok(Brought { files, true_lift: f64::from(added) / f64::from(assigned.max(1)) })
}
