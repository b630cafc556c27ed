//! `mezame post`: what is due becomes paper, and somebody says when it was posted.

use crate::cli::{PostMakeArgs, PostVerb};
use crate::out::{Talk, grouped, safe, table};
use crate::progress::Bar;
use crate::verbs::NEEDS_A_PERSON;
use anyhow::{Context, Result, ensure};
use app::{
    AlertKind, App, BatchRow, BatchView, HeldPiece, MakePost, PostCost, PostFiles, PrintAs, Progress, Pulled,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// Batches listed.
const BATCHES: usize = 20;

pub fn run(app: &App, what: PostVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        PostVerb::List { print } => list(app, &print, talk),
        PostVerb::Make(args) => make(app, &args, talk),
        PostVerb::Print { batch, out } => {
            let files = app.write_post(batch, &out)?;
            if talk.json {
                talk.value(&files_json(batch, &files, &out))?;
            } else {
                say_files(&files, &out, talk)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        PostVerb::Show { batch } => show(app, batch, talk),
        PostVerb::Posted { batch, on, by } => {
            let done = app.posted(batch, on, &by)?;
            if talk.json {
                let json = json!({ "batch": done.batch, "on": done.on, "pieces": done.pieces, "new": done.new,
                                   "cost": done.cost.as_f64(), "pulled": done.pulled });
                talk.value(&json)?;
                return Ok(ExitCode::SUCCESS);
            }
            let (pieces, cost) = (grouped(done.pieces as i64), yen(app, done.cost, talk)?);
            talk.line(&match (done.new, talk.english) {
                (0, false) => format!("記録済みです: {} に {pieces}通、{cost}。", done.on),
                (0, true) => format!("Known already: {pieces} pieces on {}, {cost}.", done.on),
                (_, false) => format!("{} に投函した{pieces}通を記録しました。費用 {cost}。", done.on),
                (_, true) => format!("{pieces} pieces are down as posted on {}, {cost}.", done.on),
            })?;
            say_pulled(&done.pulled, talk)?;
            Ok(ExitCode::SUCCESS)
        }
        PostVerb::Cancel { batch, by } => {
            let back = app.cancel_post(batch, &by)?;
            if talk.json {
                talk.value(&json!({ "batch": batch, "back": back }))?;
            } else {
                let n = grouped(back as i64);
                talk.line(&format!(
                    "{n}{}",
                    talk.say(
                        "通を待ち行列に戻しました。印刷したものは廃棄してください。",
                        " pieces wait in line again. Destroy what was printed."
                    )
                ))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        PostVerb::Returned { file, by } => returned(app, &file, &by, talk),
        PostVerb::Suggest { campaign } => suggest(app, &campaign, talk),
        PostVerb::Leaflets { day, cut_off, since, out } => {
            let mut file =
                std::fs::File::create(&out).with_context(|| format!("writing {}", out.display()))?;
            let rows = app.pick_leaflets(day, since, cut_off, &mut file)?;
            if talk.json {
                talk.value(&json!({ "orders": rows, "file": out }))?;
            } else {
                let n = grouped(rows as i64);
                talk.line(&format!(
                    "{} {n} {}",
                    talk.say("同梱する受注:", "orders with a leaflet:"),
                    out.display()
                ))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        PostVerb::Codes { file } => {
            let known = app.load_postal_codes(&file)?;
            if talk.json {
                talk.value(&json!({ "codes": known.codes, "loaded": known.loaded }))?;
            } else {
                let n = grouped(known.codes as i64);
                talk.line(&format!("{} {n}", talk.say("郵便番号を読み込みました:", "Postal codes loaded:")))?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn suggest(app: &App, campaign: &str, talk: &Talk) -> Result<ExitCode> {
    let fit = app.suggest_post(app.find_campaign(campaign)?)?;
    if talk.json {
        talk.value(&fit)?;
        return Ok(ExitCode::SUCCESS);
    }
    let [suited, reachable] = [fit.suited, fit.reachable].map(|n| talk.people(n));
    talk.line(&match talk.english {
        false => format!("郵便で連絡できる{reachable}のうち、郵便が向く方は{suited}です。"),
        true => format!("Of {reachable} whom post may reach it suits {suited}."),
    })?;
    let age = app::ELDERLY;
    let rows = [
        (format!("{age}歳以上"), format!("{age} or older"), fit.elderly),
        ("メール不達".to_owned(), "no mail that reaches them".to_owned(), fit.unmailable),
        ("高額(購入金額の上位1割)".to_owned(), "the tenth that spent most".to_owned(), fit.valuable),
    ];
    for (ja, en, n) in rows {
        talk.line(&format!("  {}: {}", talk.say(&ja, &en), talk.people(n)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, print: &PrintAs, talk: &Talk) -> Result<ExitCode> {
    app.make_due()?;
    let due = app.post_due(print)?;
    let batches = app.post_batches(BATCHES)?;
    let mut looks = vec![];
    for row in &due {
        looks.push(match row.due.due {
            0 => None,
            _ => Some(app.look_at_post(row.due.campaign, row.due.step, print, usize::MAX)?),
        });
    }
    if talk.json {
        let rows = due.iter().zip(&looks).map(|(row, look)| {
            json!({
                "campaign": row.due.campaign, "name": row.campaign, "step": row.due.step + 1, "step_name": row.step,
                "due": row.due.due, "later": row.due.later, "in_hand": row.due.in_hand,
                "ready": look.as_ref().map(|l| l.ready), "held": look.as_ref().map(|l| &l.held),
                "cost": look.as_ref().and_then(|l| l.cost.as_ref()).map(cost_json),
                "codes_checked": look.as_ref().map(|l| l.codes_checked),
            })
        });
        talk.value(&json!({ "due": rows.collect::<Vec<_>>(), "batches": batches.iter().map(batch_json).collect::<Vec<_>>() }))?;
        return Ok(ExitCode::SUCCESS);
    }
    if due.is_empty() {
        talk.line(talk.say("発送を待っているものはありません。", "Nothing waits to be posted."))?;
        // A campaign that is held makes nothing fall due.
        for held in app.alerts()?.iter().filter(|a| matches!(a.kind, AlertKind::Waits | AlertKind::Paused)) {
            talk.line(&format!("! {}: {}", safe(&held.name), talk.say(&held.says.ja, &held.says.en)))?;
        }
    }
    for (row, look) in due.iter().zip(&looks) {
        let due = row.due;
        talk.line(&safe(&format!("{} {} / {}. {}", due.campaign, row.campaign, due.step + 1, row.step)))?;
        let counts = [due.due, due.later, due.in_hand].map(|n| grouped(n as i64));
        talk.line(&match talk.english {
            false => format!(
                "  期日が来たもの {}通、これから {}通、束ねたもの {}通",
                counts[0], counts[1], counts[2]
            ),
            true => format!("  {} due, {} later, {} in hand", counts[0], counts[1], counts[2]),
        })?;
        let Some(look) = look else { continue };
        let ready = grouped(look.ready as i64);
        talk.line(&format!("  {} {ready}", talk.say("いま作れるもの(通):", "ready:")))?;
        if let Some(cost) = &look.cost {
            say_cost(app, cost, talk)?;
        }
        say_held(&look.held, talk)?;
        if !look.codes_checked {
            talk.line(talk.say(
                "  郵便番号は確かめていません: mezame post codes utf_ken_all.zip",
                "  postal codes are unchecked: mezame post codes utf_ken_all.zip",
            ))?;
        }
    }
    if !batches.is_empty() {
        talk.line(&batch_table(app, &batches, talk)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn make(app: &App, args: &PostMakeArgs, talk: &Talk) -> Result<ExitCode> {
    let campaign = app.find_campaign(&args.campaign)?;
    ensure!(args.step != Some(0), "steps are counted from 1");
    let step = args.step.map(|step| step - 1);
    std::fs::create_dir_all(&args.out).with_context(|| format!("making {}", args.out.display()))?;
    // A making that was killed after its batch was whole left it without files.
    let mut written = vec![];
    for batch in app.unprinted_post(campaign, step)? {
        written.push((batch, app.write_post(batch, &args.out)?, true));
    }
    let ask =
        MakePost { campaign, step, print: args.print.clone(), start_at: args.start_at, offset: args.offset };
    let bar = Bar::new();
    let tell =
        |done, total| bar.show(Progress { phase: "post", file: String::new(), done, total, rows: done });
    let made = app.make_post(&ask, &args.by, &tell)?;
    bar.done();
    let mut held: Vec<HeldPiece> = vec![];
    for one in made {
        held.extend(one.held);
        if let Some(batch) = one.batch {
            written.push((batch, app.write_post(batch, &args.out)?, false));
        }
    }
    let code = if written.is_empty() && !held.is_empty() {
        ExitCode::from(NEEDS_A_PERSON)
    } else {
        ExitCode::SUCCESS
    };
    if talk.json {
        let batches: Vec<Value> = written
            .iter()
            .map(|(batch, files, completed)| {
                let mut json = files_json(*batch, files, &args.out);
                json["completed"] = (*completed).into();
                json
            })
            .collect();
        talk.value(&json!({ "batches": batches, "held": held }))?;
        return Ok(code);
    }
    if written.is_empty() {
        talk.line(talk.say("作れるものがありません。", "There is nothing to make."))?;
    }
    for (batch, files, completed) in &written {
        let view = app.post_batch(*batch)?;
        let n = grouped(files.pieces as i64);
        let cost = yen(app, model::Money(view.row.batch.cost), talk)?;
        talk.line(&match (completed, talk.english) {
            (false, false) => format!("束 {batch}: {n}通、{cost}。"),
            (false, true) => format!("Batch {batch}: {n} pieces, {cost}."),
            (true, false) => format!(
                "束 {batch} は前回の途中で止まっていました。ファイルを作り終えました: {n}通、{cost}。"
            ),
            (true, true) => {
                format!("Batch {batch} was broken off last time and is complete now: {n} pieces, {cost}.")
            }
        })?;
        say_files(files, &args.out, talk)?;
        talk.line(&format!(
            "  {} mezame post posted {batch} --on {} --by {}",
            talk.say("投函したら:", "once posted:"),
            app.today()?,
            safe(&args.by)
        ))?;
    }
    say_held(&held, talk)?;
    Ok(code)
}

fn show(app: &App, batch: i64, talk: &Talk) -> Result<ExitCode> {
    let view = app.post_batch(batch)?;
    if talk.json {
        let mut json = batch_json(&view.row);
        json["in_hand"] = view.in_hand.into();
        json["pulled"] = serde_json::to_value(&view.pulled)?;
        talk.value(&json)?;
        return Ok(ExitCode::SUCCESS);
    }
    say_pulled(&view.pulled, talk)?;
    talk.line(&batch_table(app, std::slice::from_ref(&view.row), talk)?)?;
    say_in_hand(&view, talk)?;
    Ok(ExitCode::SUCCESS)
}

fn say_in_hand(view: &BatchView, talk: &Talk) -> Result<()> {
    if view.in_hand > 0 {
        let n = grouped(view.in_hand as i64);
        talk.line(&format!("{n}{}", talk.say("通を投函できます。", " pieces may be posted.")))?;
    }
    Ok(())
}

fn returned(app: &App, file: &Path, by: &str, talk: &Talk) -> Result<ExitCode> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).context("reading standard input")?;
    } else {
        text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    }
    let taken = app.take_returns(&text, by)?;
    let code = if taken.unknown.is_empty() && taken.unread.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NEEDS_A_PERSON)
    };
    if talk.json {
        talk.value(&taken)?;
        return Ok(code);
    }
    let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for piece in taken.pieces.iter().filter(|p| !p.known) {
        let count = counts.entry(talk.say(piece.ja, piece.en)).or_default();
        *count = (count.0 + 1, count.1 + u64::from(piece.closed));
    }
    for (reason, (n, closed)) in counts {
        talk.line(&match talk.english {
            false => format!("{reason}: {n}通(うち停止 {closed}件)"),
            true => format!("{reason}: {n} ({closed} closed)"),
        })?;
    }
    let known = taken.pieces.iter().filter(|p| p.known).count();
    if known > 0 {
        talk.line(&format!("{} {known}", talk.say("登録済み:", "known already:")))?;
    }
    for token in &taken.unknown {
        talk.line(&safe(&format!(
            "? {token} {}",
            talk.say(
                "当店が投函したものではないか、投函の登録がまだです",
                "none of ours, or not said to be posted yet"
            )
        )))?;
    }
    for line in &taken.unread {
        talk.line(&safe(&format!("? {line}")))?;
    }
    Ok(code)
}

fn say_files(files: &PostFiles, out: &Path, talk: &Talk) -> Result<()> {
    // Read first: the pile is sorted before it is carried away.
    say_pulled(&files.pulled, talk)?;
    for file in [&files.print, &files.sheet, &files.rows] {
        talk.line(&format!("  {}", out.join(&file.name).display()))?;
    }
    Ok(())
}

fn say_pulled(pulled: &[Pulled], talk: &Talk) -> Result<()> {
    if pulled.is_empty() {
        return Ok(());
    }
    let n = pulled.len();
    talk.line(&match talk.english {
        false => format!("抜き取り {n}通: 投函せずに抜いてください。"),
        true => format!("Pull out {n}: these must not be posted."),
    })?;
    let rows = pulled.iter().map(|p| {
        vec![
            p.position.to_string(),
            p.reference.clone(),
            safe(&p.name),
            p.postal_code.clone(),
            talk.say(&p.ja, &p.en).to_owned(),
        ]
    });
    let header = match talk.english {
        false => ["位置", "番号", "お名前", "郵便番号", "理由"],
        true => ["position", "number", "name", "postal code", "why"],
    };
    talk.line(&table(&header, &[0], rows.collect()))
}

fn say_held(held: &[HeldPiece], talk: &Talk) -> Result<()> {
    let mut counts: BTreeMap<(bool, &str), u64> = BTreeMap::new();
    for piece in held {
        *counts.entry((piece.skipped, talk.say(&piece.ja, &piece.en))).or_default() += 1;
    }
    for ((skipped, why), n) in counts {
        let what = match skipped {
            true => talk.say("見送り", "skipped"),
            false => talk.say("保留", "held back"),
        };
        talk.line(&safe(&format!("  {what} {n}: {why}")))?;
    }
    Ok(())
}

fn say_cost(app: &App, cost: &PostCost, talk: &Talk) -> Result<()> {
    for part in &cost.parts {
        talk.line(&format!("    {}: {}", talk.say(&part.ja, &part.en), yen(app, part.amount, talk)?))?;
    }
    talk.line(&format!("    {}: {}", talk.say("合計", "total"), yen(app, cost.total, talk)?))?;
    for refused in &cost.not_granted {
        talk.line(&format!(
            "    {} {}",
            talk.say("適用なし", "not granted"),
            talk.say(&refused.ja, &refused.en)
        ))?;
    }
    Ok(())
}

fn yen(app: &App, amount: model::Money, talk: &Talk) -> Result<String> {
    Ok(talk.money(amount, &app.settings()?.currency))
}

fn cost_json(cost: &PostCost) -> Value {
    let parts = cost.parts.iter().map(|p| json!({ "ja": p.ja, "en": p.en, "amount": p.amount.as_f64() }));
    let refused = cost.not_granted.iter().map(|p| json!({ "ja": p.ja, "en": p.en }));
    json!({
        "total": cost.total.as_f64(), "parts": parts.collect::<Vec<_>>(),
        "not_granted": refused.collect::<Vec<_>>(), "prices_from": cost.prices_from,
    })
}

fn batch_json(row: &BatchRow) -> Value {
    let b = &row.batch;
    json!({
        "batch": b.id, "campaign": b.campaign, "name": row.campaign, "step": b.step + 1, "step_name": row.step,
        "as": b.kind, "state": b.state.word(), "pieces": b.pieces, "cost": model::Money(b.cost).as_f64(),
        "made_by": b.made_by, "posted_on": b.posted.as_ref().map(|p| p.0), "posted_by": b.posted.as_ref().map(|p| &p.1),
    })
}

fn files_json(batch: i64, files: &PostFiles, out: &Path) -> Value {
    let paths =
        [&files.print, &files.sheet, &files.rows].map(|file| out.join(&file.name).display().to_string());
    json!({ "batch": batch, "pieces": files.pieces, "pages": files.pages, "files": paths, "pulled": files.pulled })
}

fn batch_table(app: &App, batches: &[BatchRow], talk: &Talk) -> Result<String> {
    let mut rows = vec![];
    for row in batches {
        let b = &row.batch;
        let (ja, en) = app::batch_words(b);
        rows.push(vec![
            b.id.to_string(),
            safe(&row.campaign),
            safe(&row.step),
            b.kind.clone(),
            grouped(b.pieces as i64),
            yen(app, model::Money(b.cost), talk)?,
            talk.say(ja, en).to_owned(),
            b.posted.as_ref().map(|p| p.0.to_string()).unwrap_or_default(),
        ]);
    }
    let header = match talk.english {
        false => ["束", "施策", "ステップ", "形", "通数", "費用", "状態", "投函日"],
        true => ["batch", "campaign", "step", "as", "pieces", "cost", "state", "posted on"],
    };
    Ok(table(&header, &[0, 4, 5], rows))
}
