//! Who may be reached, why the others may not, and the ways forward.

use crate::cli::{ReachArgs, ReachVerb, SuppressArgs};
use crate::out::{Talk, day, safe, table};
use anyhow::Result;
use app::{App, Attestation, Freshness, Reach};
use serde_json::json;
use std::process::ExitCode;

pub fn run(app: &App, args: ReachArgs, talk: &Talk) -> Result<ExitCode> {
    match args.verb {
        None => {
            let freshness = args.condition.is_empty().then(|| app.freshness()).transpose()?;
            show(&app.reach(&args.condition)?, freshness.as_ref(), talk)?;
        }
        Some(ReachVerb::Attest { channel, basis, source, wording, by }) => {
            let id = app.attest(&Attestation { channel, basis, source, wording, by, at: app.now() })?;
            talk.line(&format!("{} {id}", talk.say("宣言を記録しました。番号:", "Recorded as attestation")))?;
            show(&app.reach("")?, None, talk)?;
        }
        Some(ReachVerb::Attestations) => attestations(app, talk)?,
        Some(ReachVerb::Revoke { id, by }) => app.revoke(id, &by)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn show(reach: &Reach, freshness: Option<&Freshness>, talk: &Talk) -> Result<()> {
    if talk.json {
        let stops: serde_json::Map<_, _> =
            reach.stops.iter().map(|(r, n)| (r.word().to_owned(), json!(n))).collect();
        return talk.value(&json!({
            "customers": reach.customers, "channels": reach.channels, "stops": stops, "freshness": freshness,
        }));
    }
    talk.line(&match talk.english {
        false => format!("{}のうち、連絡できる方", talk.people(reach.customers)),
        true => format!("Of {} customers, who may be reached", reach.customers),
    })?;
    for row in &reach.channels {
        let name = if talk.english { row.channel.en() } else { row.channel.ja() };
        talk.line(&format!("\n{name}: {}", talk.people(row.reachable)))?;
        for r in &row.refused {
            talk.line(&format!("  × {}  {} [{}]", talk.people(r.customers), talk.say(&r.ja, &r.en), r.rule))?;
        }
        for way in &row.ways {
            talk.line(&format!("  → {}: {}", talk.say(&way.ja, &way.en), way.verb))?;
        }
    }
    if !reach.stops.is_empty() {
        talk.line("")?;
        let word = |r: &model::StopReason| if talk.english { r.en() } else { r.ja() };
        let rows = reach.stops.iter().map(|(r, n)| vec![word(r).to_owned(), talk.people(*n)]).collect();
        talk.line(&table(&[talk.say("停止の理由", "stop"), talk.say("人数", "customers")], &[1], rows))?;
    }
    freshness.map_or(Ok(()), |freshness| fresh(freshness, talk))
}

/// Whether addresses reach anybody, and how fresh the list is.
fn fresh(freshness: &Freshness, talk: &Talk) -> Result<()> {
    talk.line("")?;
    let rows = freshness.rows.iter().map(|row| {
        let name = if talk.english { row.channel.en() } else { row.channel.ja() };
        vec![name.to_owned(), talk.people(row.valid), talk.people(row.unknown), talk.people(row.bad)]
    });
    let header = match talk.english {
        false => ["連絡先", "届く", "未確認", "届かない"],
        true => ["address", "valid", "unknown", "bad"],
    };
    talk.line(&table(&header, &[1, 2, 3], rows.collect()))?;
    let share = freshness.score * 100.0;
    talk.line(&match talk.english {
        false => format!(
            "名簿の鮮度: {share:.1}% ({}。1年以内に、いまの連絡先のどれか一つに届いたか、ご本人が確認された方の割合)",
            talk.people(freshness.fresh)
        ),
        true => format!(
            "freshness of the list: {share:.1}% ({} customers reached, or confirming, at one of their present addresses within a year)",
            freshness.fresh
        ),
    })
}

fn attestations(app: &App, talk: &Talk) -> Result<()> {
    let all = app.attestations()?;
    if talk.json {
        return talk.value(&all.iter().map(|a| {
            json!({
                "id": a.id, "channel": a.attestation.channel, "basis": a.attestation.basis, "source": a.attestation.source,
                "wording": a.attestation.wording, "by": a.attestation.by, "at": a.attestation.at,
                "revoked_by": a.revoked.as_ref().map(|r| &r.0), "revoked_at": a.revoked.as_ref().map(|r| r.1),
            })
        }).collect::<Vec<_>>());
    }
    let settings = app.settings()?;
    let rows = all.iter().map(|a| {
        let s = &a.attestation;
        let (channel, basis) =
            if talk.english { (s.channel.en(), s.basis.en()) } else { (s.channel.ja(), s.basis.ja()) };
        let revoked = a.revoked.as_ref().map(|(by, at)| {
            format!("{} {} {}", talk.say("取消", "revoked"), day(Some(settings.day_of(*at))), safe(by))
        });
        vec![
            a.id.to_string(),
            day(Some(settings.day_of(s.at))),
            channel.into(),
            basis.into(),
            safe(&s.by),
            safe(&s.wording),
            revoked.unwrap_or_default(),
        ]
    });
    let header = match talk.english {
        false => ["番号", "日付", "チャネル", "根拠", "宣言者", "文面", ""],
        true => ["no.", "date", "channel", "basis", "by", "wording", ""],
    };
    talk.line(&table(&header, &[0], rows.collect()))
}

pub fn suppress(app: &App, args: &SuppressArgs, talk: &Talk) -> Result<ExitCode> {
    match (&args.why, args.reason) {
        (Some(why), _) if args.lift => app.lift(args.id, &args.by, why)?,
        (_, Some(reason)) => {
            app.suppress(args.id, args.channel.or(reason.channel()), reason, &args.note, &args.by)?;
        }
        _ => anyhow::bail!("give --reason, or --lift with --why"),
    }
    talk.line(talk.say("記録しました。", "Recorded."))?;
    Ok(ExitCode::SUCCESS)
}
