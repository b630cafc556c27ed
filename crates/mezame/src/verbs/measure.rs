//! What a campaign brought.

use crate::out::{Talk, table};
use anyhow::Result;
use app::{App, CampaignResult};
use std::process::ExitCode;

pub fn run(app: &App, campaign: &str, talk: &Talk) -> Result<ExitCode> {
    let result = app.measure(app.find_campaign(campaign)?)?;
    if talk.json {
        talk.value(&result.measurement)?;
        return Ok(ExitCode::SUCCESS);
    }
    show(app, &result, talk)?;
    Ok(ExitCode::SUCCESS)
}

/// The verdict first, then the figures.
pub fn show(app: &App, result: &CampaignResult, talk: &Talk) -> Result<()> {
    let m = &result.measurement;
    for said in app.result_words(result)? {
        talk.line(talk.say(&said.ja, &said.en))?;
    }
    let percent = |share: f64| format!("{:.2}%", share * 100.0);
    let rows = m.windows.iter().map(|w| {
        let lift = w.lift.map(|l| {
            let points = |x: f64| format!("{:+.2}", x * 100.0);
            format!("{} ({} … {})", points(l.points.value), points(l.points.low), points(l.points.high))
        });
        let mark = match (w.primary, w.over) {
            (true, true) => talk.say("主", "primary"),
            (true, false) => talk.say("主(途中)", "primary, not over"),
            (false, true) => "",
            (false, false) => talk.say("途中", "not over"),
        };
        vec![
            format!("{}{}", w.days, talk.say("日", " d")),
            format!("{}/{}", w.treated.hits, w.treated.of),
            percent(w.treated.rate()),
            format!("{}/{}", w.holdout.hits, w.holdout.of),
            percent(w.holdout.rate()),
            lift.unwrap_or_else(|| "-".to_owned()),
            mark.to_owned(),
        ]
    });
    let header = match talk.english {
        false => ["期間", "対象群の復帰", "", "保留群の復帰", "", "差(ポイント、95%)", ""],
        true => ["window", "treated", "", "holdout", "", "difference (points, 95 %)", ""],
    };
    talk.line(&table(&header, &[0, 1, 2, 3, 4, 5], rows.collect()))?;
    let funnel = m.funnel.iter().map(|row| {
        let share = format!("{}/{}", row.people.hits, row.people.of);
        let sight = talk.say(row.sight.ja(), row.sight.en()).to_owned();
        vec![
            talk.say(row.metric.ja(), row.metric.en()).to_owned(),
            share,
            percent(row.people.rate()),
            row.raw.to_string(),
            sight,
        ]
    });
    let header = match talk.english {
        false => ["", "人数", "", "自動取得を含む", ""],
        true => ["", "people", "", "with programs", ""],
    };
    talk.line(&table(&header, &[1, 2, 3], funnel.collect()))?;
    if !m.variants.results.is_empty() {
        variants(result, talk)?;
    }
    for advice in app.advice(m) {
        talk.line(&format!("・{}", talk.say(&advice.ja, &advice.en)))?;
    }
    Ok(())
}

/// Each variant against the holdout and against the best of them.
fn variants(result: &CampaignResult, talk: &Talk) -> Result<()> {
    let m = &result.measurement.variants;
    let name = |n: u8| result.campaign.campaign.variants.get(usize::from(n)).map(|v| v.name.clone());
    let points = |i: &app::Interval| {
        let one = |x: f64| format!("{:+.2}", x * 100.0);
        format!("{} ({} … {})", one(i.value), one(i.low), one(i.high))
    };
    let rows = m.results.iter().map(|v| {
        vec![
            name(v.variant).unwrap_or_default(),
            format!("{}/{}", v.returned.hits, v.returned.of),
            format!("{:.2}%", v.returned.rate() * 100.0),
            v.lift.as_ref().map_or_else(|| "-".to_owned(), points),
            v.behind.as_ref().map_or_else(|| talk.say("首位", "best").to_owned(), points),
        ]
    });
    let header = match talk.english {
        false => ["案", "復帰", "", "保留群との差(ポイント)", "首位との差(ポイント)"],
        true => ["variant", "returned", "", "beyond the holdout (points)", "behind the best (points)"],
    };
    talk.line(&table(&header, &[1, 2], rows.collect()))?;
    talk.line(&match (m.winner.and_then(name), talk.english) {
        (Some(winner), false) => format!("「{winner}」が、ほかのすべての案を95%の幅で上回りました。"),
        (None, false) => "どの案が良いかは、まだ言えません。".to_owned(),
        (Some(winner), true) => format!("'{winner}' is ahead of every other beyond its interval."),
        (None, true) => "No variant can be called better yet.".to_owned(),
    })
}
