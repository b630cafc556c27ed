//! Lists of customers and one customer.

use crate::cli::{CustomersArgs, ListFormat};
use crate::out::{Talk, day, grouped, safe, table};
use anyhow::{Context, Result};
use app::{App, ExportFormat, ListPage, ListQuery, PersonView};
use std::io::{BufWriter, Write};
use std::process::ExitCode;

pub fn list(app: &App, args: &CustomersArgs, talk: &Talk) -> Result<ExitCode> {
    if let Some(as_of) = args.as_of {
        app.hold(as_of);
    }
    let (descending, sort) = match args.sort.strip_prefix('-') {
        Some(column) => (true, column),
        None => (false, args.sort.as_str()),
    };
    let query = ListQuery {
        condition: args.condition.clone(),
        segment: args.segment.clone(),
        search: args.search.clone(),
        sort: sort.to_owned(),
        descending,
        page: 0,
        per_page: args.limit,
    };
    let cp932 = args.encoding == "cp932";
    let format = match args.format.or(if talk.json { Some(ListFormat::Json) } else { None }) {
        Some(ListFormat::Csv) => Some(ExportFormat::Csv { cp932 }),
        Some(ListFormat::Xlsx) => Some(ExportFormat::Xlsx),
        Some(ListFormat::Parquet) => Some(ExportFormat::Parquet),
        Some(ListFormat::Json) => Some(ExportFormat::Json),
        None => None,
    };
    let write = |out: &mut (dyn Write + Send)| match (&args.crm, format) {
        (Some(crm), _) => app.export_crm(&query, crm, cp932, out),
        (None, Some(format)) => app.export(&query, format, talk.english, out),
        (None, None) => Ok(0),
    };
    if args.crm.is_none() && format.is_none() {
        show(&app.list(&query)?, &app.settings()?.currency, talk)?;
        return Ok(ExitCode::SUCCESS);
    }
    let act = if args.crm.is_some() { "crm" } else { "list" };
    app.note_list(&super::copies::who(""), act, &query)?;
    let mut out: BufWriter<Box<dyn Write + Send>> = BufWriter::new(match &args.out {
        None => Box::new(std::io::stdout()),
        Some(path) => {
            Box::new(std::fs::File::create(path).with_context(|| format!("making {}", path.display()))?)
        }
    });
    let rows = write(&mut out)?;
    out.flush()?;
    if let Some(path) = &args.out {
        eprintln!("{}: {} {}", path.display(), grouped(rows as i64), talk.say("行", "rows"));
    }
    Ok(ExitCode::SUCCESS)
}

/// A page of a list as a table, with how many there are in all.
pub fn show(page: &ListPage, currency: &str, talk: &Talk) -> Result<()> {
    let rows = page.rows.iter().map(|r| {
        let state = if talk.english { r.judgement.state.en() } else { r.judgement.state.ja() };
        let silent = r
            .days_silent
            .map_or("-".to_owned(), |d| if talk.english { d.to_string() } else { format!("{d}日") });
        let name = if r.name.is_empty() { r.company.as_deref().unwrap_or("-") } else { &r.name };
        vec![
            r.customer.to_string(),
            safe(name),
            state.to_owned(),
            day(r.history.last_order),
            silent,
            if talk.english { r.history.n_orders.to_string() } else { format!("{}回", r.history.n_orders) },
            talk.money(r.history.spend, currency),
            talk.say(&r.reason_ja, &r.reason_en).to_owned(),
        ]
    });
    let header = match talk.english {
        false => ["番号", "お名前", "状態", "最後の注文", "経過", "注文", "累計金額", "理由"],
        true => ["no.", "name", "state", "last order", "days", "orders", "spend", "reason"],
    };
    talk.line(&table(&header, &[0, 4, 5, 6], rows.collect()))?;
    let left = page.total.saturating_sub(page.rows.len() as u64);
    if left > 0 {
        talk.line(&match talk.english {
            false => format!("ほか{}(全{})", talk.people(left), talk.people(page.total)),
            true => format!("and {} more ({} in all)", grouped(left as i64), grouped(page.total as i64)),
        })?;
    }
    Ok(())
}

/// Whom people mean by a number, a mail address, a telephone number or the cart's id.
enum Meant {
    One(i64),
    Several(ListPage),
}

fn meant(app: &App, id: &str) -> Result<Meant> {
    if let Ok(number) = id.parse::<i64>()
        && app.person(number)?.is_some()
    {
        return Ok(Meant::One(number));
    }
    let query = ListQuery { search: id.to_owned(), per_page: 20, ..ListQuery::default() };
    let found = app.list(&query)?;
    match found.rows.as_slice() {
        [only] => Ok(Meant::One(only.customer)),
        [] => anyhow::bail!("「{id}」に当たるお客様はいません / no customer is found by '{id}'"),
        _ => Ok(Meant::Several(found)),
    }
}

/// The one customer who is meant.
pub fn number(app: &App, id: &str) -> Result<i64> {
    match meant(app, id)? {
        Meant::One(number) => Ok(number),
        Meant::Several(found) => anyhow::bail!("'{id}' finds {} customers: say which by number", found.total),
    }
}

pub fn one(app: &App, id: &str, talk: &Talk) -> Result<ExitCode> {
    let number = match meant(app, id)? {
        Meant::One(number) => number,
        Meant::Several(found) => {
            show(&found, &app.settings()?.currency, talk)?;
            return Ok(ExitCode::from(super::NEEDS_A_PERSON));
        }
    };
    let person = app.person(number)?.with_context(|| format!("no customer has the number {number}"))?;
    app.note_access(&super::copies::who(""), "person", Some(number), None, "")?;
    if talk.json {
        talk.value(&app::person_json(&person, talk.english))?;
    } else {
        describe(&person, &app.settings()?.currency, talk)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn describe(p: &PersonView, currency: &str, talk: &Talk) -> Result<()> {
    let (h, j) = (&p.row.history, &p.row.judgement);
    let (state, stage) = match talk.english {
        false => (j.state.ja(), j.stage.ja()),
        true => (j.state.en(), j.stage.en()),
    };
    let sama = if talk.english { "" } else { " 様" };
    talk.line(&format!("{}{sama}  {state} / {stage}", safe(&p.row.name)))?;
    talk.line(talk.say(&p.row.reason_ja, &p.row.reason_en))?;
    talk.line(&match talk.english {
        false => format!(
            "注文 {}回、{}、初回 {}、最後 {}",
            h.n_orders,
            talk.money(h.spend, currency),
            day(h.first_order),
            day(h.last_order)
        ),
        true => format!(
            "{} orders, {}, first {}, last {}",
            h.n_orders,
            talk.money(h.spend, currency),
            day(h.first_order),
            day(h.last_order)
        ),
    })?;
    talk.line("")?;
    for c in &p.channels {
        let name = if talk.english { c.channel.en() } else { c.channel.ja() };
        let rule = if c.rule.is_empty() { String::new() } else { format!(" [{}]", c.rule) };
        talk.line(&format!(
            "{} {name}: {}{rule}",
            if c.allowed { "○" } else { "×" },
            talk.say(&c.ja, &c.en)
        ))?;
    }
    for r in &p.reachability {
        let (name, standing) = match talk.english {
            false => (r.channel.ja(), r.standing.ja()),
            true => (r.channel.en(), r.standing.en()),
        };
        talk.line(&format!("{name}: {standing} ({})", talk.say(&r.evidence_ja, &r.evidence_en)))?;
    }
    engagement(p, talk)?;
    talk.line("")?;
    let records = p
        .records
        .iter()
        .map(|r| vec![r.source.clone(), safe(&r.ext_id), r.membership_ja.to_owned(), safe(&r.name)]);
    talk.line(&table(
        &[talk.say("取込元", "source"), "id", talk.say("区分", "kind"), talk.say("お名前", "name")],
        &[],
        records.collect(),
    ))?;
    for m in &p.merges {
        talk.line(&format!(
            "{} {}: {} {} ({})",
            talk.say("名寄せ", "merge"),
            m.id,
            m.other_source,
            safe(&m.other_name),
            talk.say(&m.facts_ja, &m.facts_en)
        ))?;
    }
    for s in &p.stops {
        let reason = if talk.english { s.reason.en() } else { s.reason.ja() };
        talk.line(&format!("{} {}: {reason} {}", talk.say("停止", "stop"), s.id, day(s.on)))?;
    }
    talk.line("")?;
    let orders = p.orders.iter().map(|o| {
        let goods: Vec<String> = o.lines.iter().map(|l| format!("{}×{}", safe(&l.0), l.2)).collect();
        let standing = if talk.english { o.standing_en } else { o.standing_ja };
        vec![
            day(Some(o.day)),
            safe(&o.ext_id),
            standing.to_owned(),
            talk.money(o.total, currency),
            goods.join("、"),
        ]
    });
    let header = match talk.english {
        false => ["日付", "注文", "状況", "金額", "商品"],
        true => ["date", "order", "standing", "amount", "goods"],
    };
    talk.line(&table(&header, &[3], orders.collect()))?;
    happenings(p, talk)
}

/// Happenings shown beside the orders.
const SHOWN: usize = 30;

/// What they answered to, by channel.
fn engagement(p: &PersonView, talk: &Talk) -> Result<()> {
    for e in &p.engagement {
        talk.line(&match talk.english {
            false => format!(
                "{} {}件: 開封 {}、クリック {}、返信・通話 {}、停止 {}、不達 {}",
                e.channel.ja(),
                e.sent,
                e.opened,
                e.clicked,
                e.answered,
                e.left,
                e.bounced
            ),
            true => format!(
                "{} {}: opened {}, clicked {}, answered {}, left {}, bounced {}",
                e.channel.en(),
                e.sent,
                e.opened,
                e.clicked,
                e.answered,
                e.left,
                e.bounced
            ),
        })?;
    }
    Ok(())
}

fn happenings(p: &PersonView, talk: &Talk) -> Result<()> {
    // Orders stand above; the newest of the rest here, all of it in --json.
    let others = p.timeline.iter().filter(|x| x.kind != "order").take(SHOWN).map(|x| {
        let note: String = x.note.chars().take(60).collect();
        vec![day(Some(x.day)), talk.say(&x.ja, &x.en).to_owned(), safe(&note.replace('\n', " ")), safe(&x.by)]
    });
    let header = match talk.english {
        false => ["日付", "できごと", "内容", "担当"],
        true => ["date", "what", "words", "by"],
    };
    talk.line(&table(&header, &[], others.collect()))
}
