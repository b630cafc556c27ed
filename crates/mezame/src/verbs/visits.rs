//! Visits to the shop's site.

use crate::cli::VisitsVerb;
use crate::out::{Talk, grouped, safe, table};
use anyhow::{Result, ensure};
use app::App;
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub fn run(app: &App, what: VisitsVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        VisitsVerb::List { days, limit } => list(app, days, limit, talk)?,
        VisitsVerb::Show { customer } => show(app, &customer, talk)?,
        VisitsVerb::Import { log, source, wording, by } => import(app, &log, &source, &wording, &by, talk)?,
        VisitsVerb::Consent { customer, yes, wording, by, .. } => {
            let id = super::customers::number(app, &customer)?;
            app.state_visits(id, yes, &wording, &by)?;
            talk.line(match (yes, talk.english) {
                (true, false) => "サイトでの行動の記録への同意を登録しました。",
                (true, true) => "Noted: visits of this customer are kept from now on.",
                (false, false) => "同意の取り消しを登録し、これまでの記録を消しました。",
                (false, true) => "Noted: nothing is kept any more, and what was kept is gone.",
            })?;
        }
        VisitsVerb::Tag => tag(app, talk)?,
        VisitsVerb::Forget => {
            let gone = app.forget_visits()?;
            match talk.json {
                true => talk.value(&json!({ "forgotten": gone }))?,
                false => talk.line(&match talk.english {
                    false => format!("{}件を消しました。", grouped(gone as i64)),
                    true => format!("{} forgotten.", grouped(gone as i64)),
                })?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, days: u32, limit: usize, talk: &Talk) -> Result<()> {
    let rows = app.visitors(days, limit)?;
    if talk.json {
        return talk.value(&rows);
    }
    if let Some(alert) = app.visit_alert()? {
        talk.line(talk.say(&alert.says.ja, &alert.says.en))?;
    }
    if rows.is_empty() {
        return talk.line(talk.say(
            "この期間の訪問はありません。mezame visits tag でサイトに貼るタグを確かめられます。",
            "Nobody came. `mezame visits tag` shows the tag for the site's pages.",
        ));
    }
    let header = match talk.english {
        false => ["番号", "お名前", "状態", "最後の訪問", "件数"],
        true => ["id", "name", "state", "last visit", "events"],
    };
    let cells = |row: &app::VisitorRow| -> Result<Vec<String>> {
        Ok(vec![
            row.customer.to_string(),
            safe(&row.name),
            row.state.map_or(String::new(), |s| talk.say(s.ja(), s.en()).to_owned()),
            app.local_time(row.last)?,
            grouped(row.visits as i64),
        ])
    };
    talk.line(&table(&header, &[0, 4], rows.iter().map(cells).collect::<Result<_>>()?))
}

fn show(app: &App, customer: &str, talk: &Talk) -> Result<()> {
    let id = super::customers::number(app, customer)?;
    let (consent, visits) = app.visits_of(id, 100)?;
    if talk.json {
        let rows =
            visits.iter().map(|v| json!({ "at": v.at, "kind": v.kind, "page": v.page, "said": v.said }));
        let consent = consent.map(|c| json!({ "given": c.given, "at": c.at, "wording": c.wording }));
        return talk
            .value(&json!({ "customer": id, "consent": consent, "visits": rows.collect::<Vec<_>>() }));
    }
    talk.line(&safe(&match consent {
        None => talk.say("同意の記録はありません。", "No consent is known.").to_owned(),
        Some(c) => {
            let what = if c.given { ("同意", "agreed") } else { ("同意の取り消し", "taken back") };
            format!("{} {} {}", app.local_time(c.at)?, talk.say(what.0, what.1), c.wording)
        }
    }))?;
    for v in visits {
        let said = if v.said.is_empty() { String::new() } else { format!(" 「{}」", v.said) };
        let what = talk.say(v.kind.ja(), v.kind.en());
        talk.line(&safe(&format!("{} {what} {}{said}", app.local_time(v.at)?, v.page)))?;
    }
    Ok(())
}

fn import(app: &App, log: &Path, source: &str, wording: &str, by: &str, talk: &Talk) -> Result<()> {
    let taken = match log == Path::new("-") {
        true => app.import_visits(&mut std::io::stdin().lock(), source, wording, by)?,
        false => app.import_visit_log(log, source, wording, by)?,
    };
    if talk.json {
        return talk.value(&taken);
    }
    let n = |n: u64| grouped(n as i64);
    talk.line(&match talk.english {
        false => format!(
            "{}行を読み、訪問{}件を記録しました(記録済み {}、同意なし {}、どなたか分からない {}、多すぎる {}、読めない行 {})。",
            n(taken.lines), n(taken.kept), n(taken.known), n(taken.without_consent), n(taken.nobody), n(taken.over), n(taken.unread)
        ),
        true => format!(
            "{} lines, {} visits kept ({} known, {} without consent, {} of nobody known, {} too many, {} lines unread).",
            n(taken.lines), n(taken.kept), n(taken.known), n(taken.without_consent), n(taken.nobody), n(taken.over), n(taken.unread)
        ),
    })
}

fn tag(app: &App, talk: &Talk) -> Result<()> {
    let settings = app.settings()?;
    let door = settings.profile.public_url.trim_end_matches('/').to_owned();
    ensure!(
        !door.is_empty(),
        "the customers' door has no address yet: `mezame settings set profile.public_url https://...`"
    );
    let tag = format!(
        r#"<script src="{door}/visit.js" data-consent="yes" data-wording="サイトでの閲覧履歴をご案内に利用することに同意しました" async></script>"#
    );
    let hosts = settings.own_hosts();
    if talk.json {
        return talk.value(&json!({ "tag": tag, "on": settings.visits.on, "hosts": hosts }));
    }
    talk.line(&tag)?;
    talk.line(talk.say(
        "同意された方のページにだけ data-consent=\"yes\" を付けてください。同意の画面からは mezame(\"agree\")、取り消しは mezame(\"disagree\") を呼びます。",
        "Only pages shown to those who agreed carry data-consent=\"yes\". A banner calls mezame(\"agree\"), and mezame(\"disagree\") takes it back.",
    ))?;
    if !settings.visits.on {
        talk.line(talk.say(
            "まだ受け付けていません: mezame settings set visits.on true",
            "Visits are off: mezame settings set visits.on true",
        ))?;
    }
    if hosts.is_empty() {
        talk.line(talk.say(
            "お店のサイトのホスト名がありません: mezame settings set visits.hosts shop.example.jp",
            "The site's hosts are not named: mezame settings set visits.hosts shop.example.jp",
        ))?;
    }
    Ok(())
}
