//! A second campaign of a month ago, by every way: SMS to those whose mail is dead, a page on which they put it
//! right, a postcard, mail again, and a call to the most valuable.

use super::trial::Shift;
use crate::out::Talk;
use crate::verbs::work;
use anyhow::{Context, Result};
use app::{
    App, Asker, CallSaid, ImportRequest, ListQuery, MakePost, PersonView, PrintAs, Question, Refresh,
    Settings, Turn, Work,
};
use madeup::{Answers, Mishap, Mishaps, Sink, SmsGateway, SmsTemper, Temper};
use model::{CallResult, Channel, Day, TimeOfDay, TouchState};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// The SMS left so many days ago: the last step is over, the window is not.
const AGO: i32 = 30;
const DOCUMENT: &str = include_str!("ways.toml");
/// Of those who get the SMS: put their facts right; of those who do not, few leave.
const PUT_RIGHT: f64 = 0.35;
const LEAVE: f64 = 0.02;
const BY: &str = "山田";
/// Dormant customers looked at for dead mailboxes, the best first.
const TOWN: usize = 500;

/// Runs the campaign as far as it is today and says what became of it; returns its number.
pub fn run(app: &App, shift: &Shift, seed: u64, files: &Path, talk: &Talk) -> Result<i64> {
    let sink = Sink::start(Temper::default()).context("starting a mail server on this machine")?;
    // It loses a line before its answer now and then; asked again under the same key it takes nothing twice.
    let mishaps = Mishaps { seed, each: vec![(Mishap::DropAccepted, 0.01)] };
    let temper = SmsTemper { mishaps, once: "idempotency-key", ..SmsTemper::default() };
    let gateway = SmsGateway::start(temper).context("starting an SMS gateway on this machine")?;
    app.set_settings(&settings(app.settings()?, &sink, &gateway, files)?)?;

    let start = Day(app.today()?.0 - AGO);
    let settings = app.settings()?;
    let at = |day: i32, time: Option<TimeOfDay>| {
        let minute = time.map_or(600, TimeOfDay::minutes);
        shift.at(app, settings.moment(Day(start.0 + day), minute) + 60);
    };
    at(-2, None);
    dead_mailboxes(app, seed, files)?;
    at(-1, None);
    let mut campaign = app::campaign_from_toml(DOCUMENT, "ways.toml")?;
    campaign.start = Some(start);
    let id = app.add_campaign(&campaign, BY)?;
    app.draft_plan(id)?;
    app.approve_campaign(id, BY)?;

    let truth = Answers { seed: seed ^ 1, lift: 0.0, click: PUT_RIGHT, leave: LEAVE };
    let mut put_right = 0;
    for step in &campaign.steps {
        at(step.after_days, step.at);
        app.work(
            &Work { name: work::name()?, once: true, connections: Some(4) },
            &AtomicBool::new(false),
            &|_| (),
        )?;
        match step.channel {
            Some(Channel::Sms) => put_right = answer(app, &gateway, &truth)?,
            Some(Channel::Post) => post(app, id, files, Day(start.0 + step.after_days))?,
            Some(Channel::Phone) => call(app, id)?,
            _ => {}
        }
    }
    shift.back();
    if !talk.json {
        show(app, id, put_right, talk)?;
    }
    Ok(id)
}

fn settings(mut to: Settings, sink: &Sink, gateway: &SmsGateway, files: &Path) -> Result<Settings> {
    to.sending.port = sink.addr().port();
    let provider = files.join("sms-provider.toml");
    std::fs::write(&provider, include_str!("../../../../outreach/data/sms/generic.toml"))
        .with_context(|| format!("writing {}", provider.display()))?;
    to.sms.provider = provider.display().to_string();
    to.sms.account = format!("endpoint = {}; sender = MEZAMEDO", gateway.url());
    to.sms.price = 10.0;
    "100-0013".clone_into(&mut to.post.sender_postal);
    "銀座局".clone_into(&mut to.post.office);
    Ok(to)
}

/// The list of dead mailboxes that an old mail tool would give, and consents to SMS.
fn dead_mailboxes(app: &App, seed: u64, files: &Path) -> Result<()> {
    let query = ListQuery {
        condition: "state = 'dormant'".to_owned(),
        sort: "value".to_owned(),
        descending: true,
        per_page: TOWN,
        ..ListQuery::default()
    };
    let (mut dead, mut agreed) = ("mail,channel,reason\n".to_owned(), "mail,channel,agreed,on\n".to_owned());
    let on = Day(app.today()?.0 - 400);
    let dice = Answers { seed: seed ^ 2, lift: 0.0, click: 0.6, leave: 0.0 };
    for row in app.list(&query)?.rows {
        let Some(person) = app.person(row.customer)? else { continue };
        let Some(mail) = person.records.iter().find_map(|r| r.email.as_deref()) else { continue };
        if dice.of(row.customer as u64).clicks_after.is_some() {
            writeln!(dead, "{mail},mail,bad_address")?;
            writeln!(agreed, "{mail},sms,yes,{on}")?;
        }
    }
    let lists = [
        (
            "dead-mailboxes",
            dead,
            "kind = \"suppressions\"\n[columns]\ncustomer = \"mail\"\nchannel = \"channel\"\nreason = \"reason\"\n",
        ),
        (
            "sms-consents",
            agreed,
            "kind = \"consents\"\n[columns]\ncustomer = \"mail\"\nchannel = \"channel\"\nagreed = \"agreed\"\non = \"on\"\n",
        ),
    ];
    for (name, text, map) in lists {
        let path = files.join(format!("{name}.csv"));
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        let map = Some(map.to_owned());
        app.import(&ImportRequest { paths: vec![path], map, ..ImportRequest::default() }, &|_| ())?;
    }
    Ok(())
}

/// Some of those who got the SMS put their mailbox right, a few leave; how many did the former.
fn answer(app: &App, gateway: &SmsGateway, truth: &Answers) -> Result<u64> {
    let mut put_right = 0;
    for message in gateway.accepted() {
        let number: u64 =
            message.to.bytes().filter(u8::is_ascii_digit).fold(0, |n, b| n * 10 + u64::from(b - b'0'));
        let answer = truth.of(number);
        let token = |place: &str| {
            let at = message.text.split_whitespace().find_map(|link| Some(link.split_once(place)?.1));
            at.unwrap_or_default().to_owned()
        };
        let asker = Asker {
            agent: "Mozilla/5.0 (iPhone) made-up".to_owned(),
            network: format!("192.0.2.{}", number % 250),
            head: false,
            at: (app.now() + 1_800) * 1_000,
        };
        if answer.leaves {
            app.opt_out(&token("/u/"), None, &asker)?;
        } else if answer.clicks_after.is_some() {
            // As a person would write it: 090...
            let search = message.to.replacen("+81", "0", 1);
            let found = app.list(&ListQuery { search, per_page: 1, ..ListQuery::default() })?.rows;
            let person = found.first().map(|row| app.person(row.customer)).transpose()?.flatten();
            let Some(person) = person else { continue };
            put_right += u64::from(refresh(app, &token("/r/"), &person, number, &asker)?);
        }
    }
    Ok(put_right)
}

/// Opens the page, answers its question as its owner would, and types another mailbox.
fn refresh(app: &App, token: &str, person: &PersonView, number: u64, asker: &Asker) -> Result<bool> {
    let now = asker.at / 1_000;
    let Refresh::Ask(asked) = app.refresh_page(token, now)? else { return Ok(false) };
    let known = known(person, asked.question);
    let Refresh::Form(form) = app.refresh_answer(token, &known, now)? else { return Ok(false) };
    let mut typed = form.typed;
    typed.mail = format!("again{number}@example.jp");
    let wording = "商品やお得な情報のご案内を、メールで受け取ることに同意します。".to_owned();
    let done = app.refresh_save(token, &form.pass, &typed, &[(Channel::Mail, wording)], asker)?;
    Ok(done == Refresh::Done)
}

/// What the owner of these records would answer.
fn known(person: &PersonView, question: Question) -> String {
    let last_four = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits[digits.len().saturating_sub(4)..].to_owned()
    };
    let records = || person.records.iter();
    match question {
        Question::Birthday => records().find_map(|r| r.birthday).map_or(String::new(), |day| {
            let (_, month, date) = day.ymd();
            format!("{month:02}{date:02}")
        }),
        Question::Postal => records().find_map(|r| r.postal.as_deref()).map_or(String::new(), last_four),
        Question::Phone => records().find_map(|r| r.phones.first()).map_or(String::new(), |p| last_four(p)),
        Question::Nothing => String::new(),
    }
}

/// Postcards: printed, and posted the same day.
fn post(app: &App, campaign: i64, files: &Path, on: Day) -> Result<()> {
    let ask = MakePost { campaign, step: None, print: PrintAs::Postcards, start_at: 1, offset: [0, 0] };
    for made in app.make_post(&ask, BY, &|_, _| ())? {
        if let Some(batch) = made.batch {
            app.write_post(batch, &files.join("post"))?;
            app.posted(batch, on, BY)?;
        }
    }
    Ok(())
}

/// A caller works through the list.
fn call(app: &App, campaign: i64) -> Result<()> {
    let results =
        [CallResult::Reached, CallResult::Absent, CallResult::Surplus, CallResult::Reached, CallResult::Deal];
    for result in results.into_iter().cycle() {
        let Turn::Call(touch) = app.desk_next("佐藤", Some(campaign))? else { return Ok(()) };
        app.desk_result("佐藤", &CallSaid { minutes: Some(3), ..CallSaid::of(touch, result) })?;
    }
    Ok(())
}

fn show(app: &App, id: i64, put_right: u64, talk: &Talk) -> Result<()> {
    let row = app.campaign(id)?;
    talk.line("")?;
    talk.line(talk.say(
        "三十日前の施策: メールの届かない方へSMS、届け先の確認、はがき、メール、お電話(mezame campaign show)",
        "A campaign of thirty days ago: SMS to those whom mail does not reach, their facts, post, mail, calls (mezame campaign show)",
    ))?;
    for (n, step) in row.stored.campaign.steps.iter().enumerate() {
        let sent = row.counts.iter().filter(|c| usize::from(c.step) == n && c.state == TouchState::Sent);
        let sent: u64 = sent.map(|c| c.count).sum();
        let channel = step.channel.map_or("", |c| if talk.english { c.en() } else { c.ja() });
        talk.line(&format!(
            "  {:>2}{} {channel} {}  {sent}{}",
            step.after_days,
            talk.say("日目", " days"),
            step.name,
            talk.say("人", "")
        ))?;
        if n == 0 {
            talk.line(&format!(
                "      {} {put_right}{}",
                talk.say("ご登録を直していただけた方", "who put their facts right"),
                talk.say("人", "")
            ))?;
        }
    }
    Ok(())
}
