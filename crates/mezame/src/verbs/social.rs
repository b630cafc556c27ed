//! Posts on social media.

use crate::cli::SocialVerb;
use crate::out::{Talk, day, grouped, safe, table};
use crate::verbs::NEEDS_A_PERSON;
use anyhow::Result;
use app::{App, NewSocial, SocialView};
use serde_json::json;
use std::process::ExitCode;

pub fn run(app: &App, what: SocialVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        SocialVerb::Platforms => platforms(app, talk)?,
        SocialVerb::New(args) => {
            let campaign = app.find_campaign(&args.campaign)?;
            let (platform, text, target) = (args.platform, args.text.replace("\\n", "\n"), args.to);
            let (content, paid, by) = (args.content, args.paid, args.by);
            let new = NewSocial { campaign, platform, text, target, content, paid, day: args.on, by };
            return show(&app.add_social(&new)?, talk);
        }
        SocialVerb::Show { post } => return show(&app.social(post)?, talk),
        SocialVerb::List { campaign } => list(&app.socials(app.find_campaign(&campaign)?)?, talk)?,
        SocialVerb::Drop { post } => {
            app.drop_social(post)?;
            talk.noted("下書きを消しました。", "The draft is gone.")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn platforms(app: &App, talk: &Talk) -> Result<()> {
    let all = app.social_platforms()?;
    if talk.json {
        let one = |p: &app::SocialPlatform| json!({ "name": p.name, "label": p.label, "most": p.most, "source": p.source, "as_of": p.as_of, "verified": p.verified });
        return talk.value(&all.iter().map(one).collect::<Vec<_>>());
    }
    let row = |p: &app::SocialPlatform| {
        let sure = talk.say(
            if p.verified { "確認済み" } else { "要確認" },
            if p.verified { "read there" } else { "to be checked" },
        );
        vec![
            p.name.clone(),
            p.label.clone(),
            grouped(i64::from(p.most)),
            p.as_of.clone(),
            sure.to_owned(),
            p.source.clone(),
        ]
    };
    let header = match talk.english {
        false => ["名前", "媒体", "上限", "調べた日", "確かさ", "出典"],
        true => ["name", "platform", "most", "as of", "sure", "source"],
    };
    talk.line(&table(&header, &[2], all.iter().map(row).collect()))
}

fn show(post: &SocialView, talk: &Talk) -> Result<ExitCode> {
    let code = if post.fits() { ExitCode::SUCCESS } else { ExitCode::from(NEEDS_A_PERSON) };
    if talk.json {
        talk.value(post)?;
        return Ok(code);
    }
    let on = post.day.map_or(String::new(), |on| format!(" {}", day(Some(on))));
    talk.line(&format!("{} {}{on} ({}/{})", post.id, post.label, post.length, post.most))?;
    for line in post.text.lines() {
        talk.line(&safe(&format!("  {line}")))?;
    }
    talk.line(&format!("{} {}", talk.say("リンク先", "leads to"), safe(&post.target)))?;
    if post.length > post.most {
        talk.line(talk.say("× 文字数の上限を超えています。", "× Longer than the platform takes."))?;
    }
    if !post.links_open {
        talk.line(talk.say(
            "! この媒体では本文のリンクを開けません。プロフィールかストーリーズにリンクを置いてください。",
            "! Links in a post cannot be opened there: put it into the profile or a story.",
        ))?;
    }
    for r in &post.remarks {
        talk.line(&safe(&format!("! {} {} {}", r.rule, talk.say(&r.ja, &r.en), r.found.join("、"))))?;
    }
    talk.line(&match talk.english {
        false => format!(
            "クリック {}件({}回線)、プログラム {}件。接触の数で、ご注文ではありません。",
            post.clicks, post.networks, post.programs
        ),
        true => format!(
            "{} clicks from {} networks, {} by programs: contact, not orders.",
            post.clicks, post.networks, post.programs
        ),
    })?;
    Ok(code)
}

fn list(posts: &[SocialView], talk: &Talk) -> Result<()> {
    if talk.json {
        return talk.value(&posts);
    }
    if posts.is_empty() {
        return talk.line(talk.say(
            "投稿の下書きはまだありません: mezame social new 施策 --platform x --by 名前",
            "No drafts yet: mezame social new CAMPAIGN --platform x --by NAME",
        ));
    }
    let row = |p: &SocialView| {
        let n = |n: u64| grouped(n as i64);
        let first = p.text.lines().next().unwrap_or_default();
        vec![
            p.id.to_string(),
            p.label.clone(),
            day(p.day),
            safe(first),
            n(p.clicks),
            n(p.networks),
            n(p.programs),
        ]
    };
    let header = match talk.english {
        false => ["番号", "媒体", "予定日", "文面", "クリック", "回線", "プログラム"],
        true => ["id", "platform", "day", "words", "clicks", "networks", "programs"],
    };
    talk.line(&table(&header, &[0, 4, 5, 6], posts.iter().map(row).collect()))
}
