//! Plans, approvals and letters in doubt.

use crate::out::{Talk, safe, table};
use crate::verbs::NEEDS_A_PERSON;
use anyhow::{Result, bail};
use app::{App, Approved, Drafted};
use serde_json::json;
use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

pub fn plan(app: &App, campaign: &str, talk: &Talk) -> Result<ExitCode> {
    let id = app.find_campaign(campaign)?;
    let drafted = app.draft_plan(id)?;
    if talk.json {
        talk.value(
            &json!({ "plan": drafted.plan.id, "as_of": drafted.plan.as_of, "forecast": drafted.forecast }),
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    tell(app, &drafted, talk)?;
    talk.line(&match talk.english {
        false => format!("承認: mezame campaign approve {id} --by お名前"),
        true => format!("Approve: mezame campaign approve {id} --by NAME"),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn tell(app: &App, drafted: &Drafted, talk: &Talk) -> Result<()> {
    let f = &drafted.forecast;
    let currency = app.settings()?.currency;
    for sentence in if talk.english { &f.en } else { &f.ja } {
        talk.line(sentence)?;
    }
    let rows = [
        (talk.say("条件に当てはまる方", "found by the segment"), talk.people(f.found)),
        (talk.say("お送りする方(対象群)", "treated"), talk.people(f.treated)),
        (talk.say("お送りしない方(保留群)", "held out"), talk.people(f.holdout)),
        (talk.say("費用", "cost"), talk.money(f.cost, &currency)),
    ];
    let mut rows: Vec<Vec<String>> =
        rows.into_iter().map(|(a, b)| vec![a.to_owned(), b, String::new()]).collect();
    for (rule, n, ja, en) in &f.skipped {
        let label = format!("{} {}", talk.say("対象外", "skipped"), talk.say(ja, en));
        rows.push(vec![label, talk.people(*n), rule.clone()]);
    }
    talk.line(&table(&["", "", ""], &[1], rows))
}

pub fn approve(app: &App, campaign: &str, by: &str, yes: bool, talk: &Talk) -> Result<ExitCode> {
    let id = app.find_campaign(campaign)?;
    if !yes && !talk.json {
        let Some(drafted) = app.drafted(id)? else {
            bail!("there is no plan yet: mezame campaign plan {id}")
        };
        tell(app, &drafted, talk)?;
        let people = drafted.forecast.treated;
        if !std::io::stdin().is_terminal() {
            bail!("approving asks for a yes: say --yes where nobody can be asked");
        }
        print_ask(&match talk.english {
            false => format!("{people}人にお送りします。よろしければ人数を入力してください: "),
            true => format!("{people} will be written to. Type that number to approve: "),
        })?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer)?;
        if answer.trim() != people.to_string() {
            bail!("not approved");
        }
    }
    let approved = app.approve_campaign(id, by)?;
    if talk.json {
        talk.value(&json!({ "approved": approved }))?;
    } else {
        let (ja, en) = match approved {
            Approved::Frozen => (
                "承認しました。予定の時刻に送信が始まります(mezame work)。",
                "Approved: it is sent when its steps fall due (mezame work).",
            ),
            Approved::AwaitsSecond => (
                "一人目の承認を記録しました。もう一人の承認を待っています。",
                "Noted; a second operator's yes is needed.",
            ),
        };
        talk.line(talk.say(ja, en))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print_ask(text: &str) -> Result<()> {
    let mut err = std::io::stderr().lock();
    err.write_all(text.as_bytes())?;
    Ok(err.flush()?)
}

pub fn doubts(app: &App, campaign: Option<&str>, talk: &Talk) -> Result<ExitCode> {
    let campaign = campaign.map(|c| app.find_campaign(c)).transpose()?;
    let doubts = app.doubts(campaign, 0, 1_000)?;
    let code = if doubts.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(NEEDS_A_PERSON) };
    if talk.json {
        let one = |t: &app::StoredTouch| json!({ "touch": t.touch.id, "campaign": t.touch.campaign, "step": t.touch.step + 1, "customer": t.touch.customer, "attempted": t.attempted, "said": t.said });
        talk.value(&doubts.iter().map(one).collect::<Vec<_>>())?;
        return Ok(code);
    }
    if doubts.is_empty() {
        talk.line(talk.say("要確認の送信はありません。", "Nothing is in doubt."))?;
        return Ok(code);
    }
    talk.line(talk.say(
        "送信の途中で途切れ、届いたかどうか分からないものです。自動では送り直しません。",
        "Broken off while sending: nobody knows whether they arrived. Never resent on their own.",
    ))?;
    let rows = doubts.iter().map(|t| {
        let at = t.attempted.map(|at| app.local_time(at)).transpose()?.unwrap_or_default();
        let t2 = &t.touch;
        Ok(vec![
            t2.id.to_string(),
            t2.campaign.to_string(),
            (t2.step + 1).to_string(),
            t2.customer.to_string(),
            at,
            safe(&t.said),
        ])
    });
    let header = match talk.english {
        false => ["番号", "施策", "ステップ", "顧客番号", "送信", "最後の応答"],
        true => ["touch", "campaign", "step", "customer", "attempted", "last words"],
    };
    talk.line(&table(&header, &[0, 1, 2, 3], rows.collect::<Result<_>>()?))?;
    talk.line("mezame campaign settle TOUCH --sent|--not-sent --by …")?;
    Ok(code)
}
