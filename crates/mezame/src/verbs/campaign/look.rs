//! Campaigns looked at: lists, checks, letters, one customer's answer.

use super::document;
use crate::cli::PreviewArgs;
use crate::out::{Talk, grouped, safe, table};
use crate::verbs::NEEDS_A_PERSON;
use anyhow::{Context, Result, ensure};
use app::{App, RemarkLevel, SCENARIOS, StepPlace, TouchSums};
use serde_json::json;
use std::process::ExitCode;

pub fn scenarios(talk: &Talk) -> Result<ExitCode> {
    if talk.json {
        let all = SCENARIOS.iter().map(|s| {
            json!({ "id": s.id, "ja": s.ja, "en": s.en, "description_ja": s.description_ja, "description_en": s.description_en })
        });
        talk.value(&all.collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    for s in SCENARIOS {
        talk.line(&format!("{:<22} {}", s.id, talk.say(s.ja, s.en)))?;
        talk.line(&format!("{:<22} {}", "", talk.say(s.description_ja, s.description_en)))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn fields(talk: &Talk) -> Result<ExitCode> {
    if talk.json {
        let all = app::FIELDS.iter().map(|(name, ja, en)| json!({ "name": name, "ja": ja, "en": en }));
        talk.value(&all.collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = app::FIELDS
        .iter()
        .map(|(name, ja, en)| vec![format!("{{{{ {name} }}}}"), talk.say(ja, en).to_owned()]);
    talk.line(&table(&[talk.say("書き方", "field"), talk.say("意味", "meaning")], &[], rows.collect()))?;
    talk.line(talk.say(
        "値がないことのある項目には代わりの言葉を: {{ last_product | or(\"ご愛用の商品\") }}",
        "Give a fallback where a value may be missing: {{ last_product | or(\"...\") }}",
    ))?;
    Ok(ExitCode::SUCCESS)
}

pub fn list(app: &App, talk: &Talk) -> Result<ExitCode> {
    let all = app.campaigns()?;
    let alerts = app.alerts()?;
    if talk.json {
        let one = |row: &app::CampaignRow| {
            let alerts: Vec<_> = alerts.iter().filter(|a| a.campaign == row.stored.id).collect();
            json!({
                "alerts": alerts,
                "id": row.stored.id, "name": row.stored.campaign.name, "state": row.stored.state.word(),
                "waits": row.stored.waits, "start": row.stored.campaign.start,
                "touches": TouchSums::of(&row.counts, None),
            })
        };
        talk.value(&all.iter().map(one).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    if all.is_empty() {
        talk.line(talk.say(
            "施策はまだありません。mezame campaign scenarios で見本を選び、mezame campaign new で始めます。",
            "No campaigns yet: choose with `mezame campaign scenarios`, begin with `mezame campaign new`.",
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |row: &app::CampaignRow| {
        let s = TouchSums::of(&row.counts, None);
        let state = &row.stored.state;
        vec![
            row.stored.id.to_string(),
            safe(&row.stored.campaign.name),
            talk.say(state.ja(), state.en()).to_owned(),
            row.stored.campaign.start.map(|d| d.to_string()).unwrap_or_default(),
            grouped(s.sent as i64),
            grouped((s.queued + s.under_way) as i64),
            grouped(s.failed as i64),
            grouped(s.in_doubt as i64),
        ]
    };
    let header = match talk.english {
        false => ["番号", "施策", "状態", "開始日", "送信済み", "待機", "失敗", "要確認"],
        true => ["id", "campaign", "state", "start", "sent", "queued", "failed", "in doubt"],
    };
    talk.line(&table(&header, &[0, 4, 5, 6, 7], all.iter().map(row).collect()))?;
    for alert in alerts {
        talk.line(&format!("! {}: {}", safe(&alert.name), talk.say(&alert.says.ja, &alert.says.en)))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn check(app: &App, campaign: &str, talk: &Talk) -> Result<ExitCode> {
    let campaign = document(app, campaign)?;
    let checked = app.check_campaign(&campaign)?;
    let code = if checked.passes() { ExitCode::SUCCESS } else { ExitCode::from(NEEDS_A_PERSON) };
    if talk.json {
        talk.value(
            &json!({ "passes": checked.passes(), "remarks": checked.remarks, "broken": checked.broken }),
        )?;
        return Ok(code);
    }
    let blocks = checked.blocks().count();
    talk.line(&match (blocks, talk.english) {
        (0, false) => "承認を妨げるものはありません。".to_owned(),
        (0, true) => "Nothing stands in the way of an approval.".to_owned(),
        (n, false) => format!("承認の前に直すところが{n}件あります。"),
        (n, true) => format!("{n} to mend before it can be approved."),
    })?;
    for b in &checked.broken {
        talk.line(&format!("× {:<6} {}", b.rule, safe(talk.say(&b.ja, &b.en))))?;
    }
    for r in &checked.remarks {
        let mark = match r.level {
            RemarkLevel::Block => "×",
            RemarkLevel::Warn => "!",
            RemarkLevel::Note => "・",
        };
        let place = r.step.as_deref().map(|s| format!("[{s}] ")).unwrap_or_default();
        let found = if r.found.is_empty() { String::new() } else { format!(" ({})", r.found.join("、")) };
        talk.line(&safe(&format!("{mark} {:<6} {place}{}{found}", r.rule, talk.say(&r.ja, &r.en))))?;
    }
    Ok(code)
}

pub fn preview(app: &App, args: &PreviewArgs, talk: &Talk) -> Result<ExitCode> {
    let campaign = document(app, &args.campaign)?;
    ensure!(args.step >= 1 && args.variant >= 1, "steps and variants are counted from 1");
    let letters = app.preview(&campaign, args.step - 1, args.variant - 1, args.many)?;
    let on_paper = letters.first().is_some_and(|p| p.channel == model::Channel::Post);
    if let Some(dir) = &args.html {
        std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
        if on_paper {
            let people: Vec<i64> = letters.iter().filter(|p| p.letter.is_ok()).map(|p| p.customer).collect();
            let kind = app::PrintAs::Postcards;
            let file = app.preview_post(&campaign, args.step - 1, args.variant - 1, &people, &kind)?;
            let path = dir.join(&file.name);
            std::fs::write(&path, &file.bytes).with_context(|| format!("writing {}", path.display()))?;
            eprintln!("{}", path.display());
        }
        for p in letters.iter().filter(|_| !on_paper) {
            if let Ok(letter) = &p.letter {
                let path = dir.join(format!("{}.html", p.customer));
                std::fs::write(&path, &letter.html).with_context(|| format!("writing {}", path.display()))?;
            }
        }
    }
    if talk.json {
        let one = |p: &app::Preview| {
            json!({
                "customer": p.customer,
                "letter": p.letter.as_ref().ok(),
                "error": p.letter.as_ref().err(),
                "channel": p.channel.word(),
                "parts": p.size.map(|size| size.parts),
                "price": p.size.map(|size| size.price as f64 / 100.0),
                "remarks": p.remarks,
            })
        };
        talk.value(&letters.iter().map(one).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    if on_paper && args.html.is_none() {
        talk.line(talk.say(
            "印刷のとおりのPDFは --html DIR で書き出します。",
            "--html DIR writes the PDF as it will print.",
        ))?;
    }
    for p in &letters {
        match &p.letter {
            Ok(letter) => {
                talk.line(&safe(&format!("── {} {}", p.customer, letter.subject)))?;
                let shown = if args.full { usize::MAX } else { 6 };
                for line in letter.text.lines().filter(|l| args.full || !l.trim().is_empty()).take(shown) {
                    talk.line(&safe(&format!("   {line}")))?;
                }
                if let Some(button) = &letter.button {
                    talk.line(&safe(&format!("   [{}] {}", button.label, button.url)))?;
                }
                if let Some(size) = p.size {
                    let (units, parts, price) = (size.units, size.parts, size.price as f64 / 100.0);
                    talk.line(&match talk.english {
                        false => format!("   ({units}文字、{parts}通分、{price}円)"),
                        true => format!("   ({units} characters, {parts} parts, {price} yen)"),
                    })?;
                }
            }
            Err(why) => talk.line(&format!("── {} × {}", p.customer, safe(why)))?,
        }
        for r in &p.remarks {
            talk.line(&safe(&format!("   ! {} {} {}", r.rule, talk.say(&r.ja, &r.en), r.found.join("、"))))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn try_letter(
    app: &App,
    campaign: &str,
    step: usize,
    variant: usize,
    customer: Option<i64>,
    talk: &Talk,
) -> Result<ExitCode> {
    let campaign = document(app, campaign)?;
    ensure!(step >= 1 && variant >= 1, "steps and variants are counted from 1");
    let customer = match customer {
        Some(customer) => customer,
        None => {
            let first = app.preview(&campaign, step - 1, variant - 1, 1)?;
            first.first().context("the campaign finds nobody to fill the letter in for")?.customer
        }
    };
    let tried = app.try_letter(&campaign, step - 1, variant - 1, customer)?;
    if talk.json {
        talk.value(&tried)?;
    } else {
        for t in &tried {
            let mark = if t.accepted { "○" } else { "×" };
            talk.line(&safe(&format!("{mark} {} {}", t.to, t.said)))?;
        }
    }
    Ok(if tried.iter().all(|t| t.accepted) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub fn show(app: &App, campaign: &str, talk: &Talk) -> Result<ExitCode> {
    let id = app.find_campaign(campaign)?;
    let row = app.campaign(id)?;
    let log = app.campaign_log(id)?;
    let path = app.campaign_path(&row)?;
    let stored = &row.stored;
    if talk.json {
        let log = log.iter().map(|l| json!({ "at": l.at, "by": l.by, "what": l.what, "note": l.note }));
        let steps = path.iter().map(|step| {
            let whole = TouchSums::of(&row.counts, Some(step.number));
            json!({
                "name": step.name, "channel": step.channel.word(), "else_channels": step.else_channels,
                "at": step.at, "when": step.when, "only": step.only, "words": step.words, "made": step.made,
                "queued": whole.queued, "under_way": whole.under_way, "counts": step.counts,
                "sent": whole.sent, "failed": whole.failed, "skipped": whole.skipped, "in_doubt": whole.in_doubt,
            })
        });
        let skips = row.counts.iter().filter(|c| !c.rule.is_empty());
        let skips = skips.map(
            |c| json!({ "step": c.step + 1, "state": c.state.word(), "rule": c.rule, "count": c.count }),
        );
        talk.value(&json!({
            "id": id, "name": stored.campaign.name, "state": stored.state.word(), "waits": stored.waits,
            "seed": stored.seed, "approved": stored.approved, "touches": TouchSums::of(&row.counts, None),
            "steps": steps.collect::<Vec<_>>(), "reasons": skips.collect::<Vec<_>>(), "log": log.collect::<Vec<_>>(),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let state = stored.state;
    talk.line(&safe(&format!("{id} {} ({})", stored.campaign.name, talk.say(state.ja(), state.en()))))?;
    if !stored.waits.is_empty() {
        let (ja, en) = app::rule_words(&stored.waits);
        talk.line(&format!("! {}: mezame campaign resume {id} --by …", talk.say(&ja, &en)))?;
    }
    let line = |step: &app::StepPath| {
        let when = talk.say(&step.when.ja, &step.when.en).to_owned();
        let channel = talk.say(step.channel.ja(), step.channel.en()).to_owned();
        let mut cells = vec![(step.number + 1).to_string(), safe(&step.name), channel, when];
        cells.extend(StepPlace::ALL.iter().map(|place| grouped(step.counts.at(*place) as i64)));
        cells
    };
    let mut header =
        vec!["", talk.say("ステップ", "step"), talk.say("手段", "channel"), talk.say("時期", "when")];
    header.extend(StepPlace::ALL.iter().map(|place| talk.say(place.ja(), place.en())));
    let right: Vec<usize> = [0].into_iter().chain(4..header.len()).collect();
    talk.line(&table(&header, &right, path.iter().map(line).collect()))?;
    for c in row.counts.iter().filter(|c| !c.rule.is_empty()) {
        let (ja, en) = app::rule_words(&c.rule);
        let state = talk.say(c.state.ja(), c.state.en());
        talk.line(&format!(
            "  {} {state} {}: {} [{}]",
            c.step + 1,
            talk.people(c.count),
            talk.say(&ja, &en),
            c.rule
        ))?;
    }
    for l in log.iter().take(10) {
        let at = app.local_time(l.at)?;
        talk.line(&safe(&format!("{at} {} {} {}", l.what, l.by, l.note)))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn why(app: &App, campaign: &str, customer: &str, talk: &Talk) -> Result<ExitCode> {
    let id = app.find_campaign(campaign)?;
    let customer = crate::verbs::customers::number(app, customer)?;
    let why = app.why(id, customer)?;
    let path = app.path_of(id, customer)?;
    if talk.json {
        let steps = why.steps.iter().map(|s| {
            json!({ "step": s.step, "state": s.touch.as_ref().map(|t| t.touch.state.word()), "touch": s.touch.as_ref().map(|t| t.touch.id), "ja": s.ja, "en": s.en })
        });
        let rows = why.rows.iter().map(|r| json!({ "customer": r.assignment.customer, "arm": r.assignment.arm.word(), "rule": r.assignment.rule }));
        talk.value(&json!({
            "customer": why.customer, "ja": why.ja, "en": why.en, "assigned": rows.collect::<Vec<_>>(),
            "steps": steps.collect::<Vec<_>>(), "path": path, "rules": why.rules,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    talk.line(talk.say(&why.ja, &why.en))?;
    for m in &path.marks {
        let at =
            m.at.map_or(Ok(talk.say("日時は未定", "not decided").to_owned()), |at| app.local_time(at))?;
        let by = m.channel.map_or(String::new(), |c| format!("[{}] ", talk.say(c.ja(), c.en())));
        let spend = match m.spend {
            Some(spend) => format!(" {}", talk.money(spend, talk.say(&app.settings()?.currency, ""))),
            None => String::new(),
        };
        talk.line(&safe(&format!("  {at} {by}{}{spend}", talk.say(&m.ja, &m.en))))?;
    }
    talk.line(&safe(talk.say(&path.ja, &path.en)))?;
    talk.line(talk.say("いまの規則ごとの判定:", "What each rule says now:"))?;
    for r in &why.rules {
        let mark = if r.allowed { "○" } else { "×" };
        talk.line(&format!("  {mark} {:<10} {}", r.rule, talk.say(&r.ja, &r.en)))?;
    }
    Ok(ExitCode::SUCCESS)
}
