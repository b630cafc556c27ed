//! What a campaign must have decided, and whether its parts fit together (M061, M062, M148, M153, M170).

use super::fold::{find, sentences};
use super::seasonal;
use super::terms::{ADVERTISING, CLAIMS_OF_EFFECT, DENIED};
use super::{Known, Level, Remark};
use model::{Campaign, Channel, Step, Whom};

/// Holdouts below this share are remarked on.
const SMALL_HOLDOUT: f64 = 0.05;
/// So many campaigns may reach the same customers before one more is remarked on (M062).
const OVERLAPS: usize = 2;
const WINDOWS: [i32; 3] = [30, 90, 180];

pub(super) fn remarks(campaign: &Campaign, known: &Known) -> Vec<Remark> {
    let mut remarks = undecided(campaign);
    remarks.extend(campaign.steps.iter().flat_map(undecided_step));
    remarks.extend(holdout(campaign));
    if !WINDOWS.contains(&campaign.window) {
        remarks.push(Remark::of("window", "window"));
    }
    remarks.extend(names(campaign));
    remarks.extend(variants(campaign));
    remarks.extend(orders(campaign));
    remarks.extend(issues(campaign));
    remarks.extend(seasonal::remarks(campaign, known));
    remarks.extend(stop_rules(campaign));
    remarks.extend(overlaps(known));
    for (field, text) in
        [("name", &campaign.name), ("hypothesis", &campaign.goal.hypothesis), ("changed", &campaign.changed)]
    {
        let found = find(text, CLAIMS_OF_EFFECT);
        remarks.extend((!found.is_empty()).then(|| Remark::of("M170", field).found(found)));
    }
    remarks
}

/// Whether a published purpose of use covers advertising (L-16).
pub(crate) fn names_advertising(purpose: &str) -> bool {
    // Asked for every customer of a plan: as it stands, without folding.
    let says = |sentence: &str, words: &[&str]| words.iter().any(|word| sentence.contains(word));
    sentences(purpose).any(|sentence| says(sentence, &ADVERTISING) && !says(sentence, &DENIED))
}

fn lacks(field: &'static str, ja: &str, en: &str) -> Remark {
    Remark::of("M061", field).saying(ja, en)
}

/// What the whole campaign must say before it can be approved.
fn undecided(campaign: &Campaign) -> Vec<Remark> {
    let blank = |text: &str| text.trim().is_empty();
    let mut remarks = vec![];
    if blank(&campaign.name) {
        remarks.push(lacks("name", "施策の名前を入れてください", "the campaign has no name"));
    }
    if blank(&campaign.owner) {
        remarks.push(lacks("owner", "責任者を決めてください", "nobody answers for it: name an owner"));
    }
    if campaign.whom == Whom::default() {
        remarks.push(lacks("whom", "誰に送るかを決めてください", "whom it is for is not decided"));
    }
    if campaign.steps.is_empty() {
        remarks.push(lacks(
            "steps",
            "何を送るか（ステップ）を決めてください",
            "it has no step: nothing would be said",
        ));
    }
    if campaign.start.is_none() {
        remarks.push(lacks("start", "いつ始めるかを決めてください", "the day it starts is not decided"));
    }
    remarks
}

fn undecided_step(step: &Step) -> Vec<Remark> {
    let blank = |text: &str| text.trim().is_empty();
    let mut remarks = vec![];
    // What has no subject: an SMS, a LINE message, a call, an audience. Paper has a headline, or none.
    if blank(&step.words.subject) && step.channel.is_none_or(|channel| channel == Channel::Mail) {
        remarks.push(lacks("subject", "件名を入れてください", "the step has no subject"));
    }
    if blank(&step.words.body) && step.channel != Some(Channel::Ads) {
        remarks.push(lacks("body", "本文を入れてください", "the step has no words"));
    }
    if step.channel.is_none() {
        remarks.push(lacks("channel", "どの手段で送るかを決めてください", "the channel is not decided"));
    }
    if step.at.is_none() {
        remarks.push(lacks("at", "何時に送るかを決めてください", "the hour is not decided"));
    }
    remarks.into_iter().map(|r| r.at(&step.name)).collect()
}

fn holdout(campaign: &Campaign) -> Option<Remark> {
    let share = campaign.holdout;
    if !(0.0..1.0).contains(&share) {
        return Some(Remark::of("no_holdout", "holdout").saying(
            "保留群の割合は0%以上100%未満にしてください",
            "the share held out is from 0 to below 1",
        ));
    }
    if share == 0.0 && campaign.no_holdout_because.trim().is_empty() {
        return Some(Remark::of("no_holdout", "holdout").saying(
            "保留群を置かない理由を書いてください。置かないと、効果を測れなくなります",
            "say why nobody is held out: without a holdout nothing can be measured",
        ));
    }
    if share == 0.0 {
        return Some(Remark::of("no_holdout", "holdout").level(Level::Warn));
    }
    (share < SMALL_HOLDOUT).then(|| Remark::of("small_holdout", "holdout"))
}

/// Steps are told apart by their names, and none comes before the start.
fn names(campaign: &Campaign) -> Vec<Remark> {
    let mut remarks = vec![];
    for (at, step) in campaign.steps.iter().enumerate() {
        let remark = || Remark::of("steps", "name").at(&step.name);
        if step.name.trim().is_empty() {
            remarks.push(remark().saying("ステップに名前を付けてください", "a step has no name"));
        } else if campaign.steps[..at].iter().any(|s| s.name == step.name) {
            remarks.push(remark().saying("同じ名前のステップがあります", "two steps have this name"));
        }
        if step.days() < 0 {
            let remark = Remark::of("steps", "after_days").at(&step.name);
            remarks.push(remark.saying("開始日より前のステップです", "the step comes before the start"));
        }
    }
    remarks
}

fn variants(campaign: &Campaign) -> Vec<Remark> {
    let variants = &campaign.variants;
    let remark = |field, ja: String, en: String| Remark::of("variants", field).saying(ja, en);
    let mut remarks = vec![];
    let shares = || variants.iter().map(|v| v.share);
    if shares().any(|s| !s.is_finite() || s < 0.0) || (!variants.is_empty() && shares().sum::<f64>() <= 0.0) {
        remarks.push(remark(
            "share",
            "文面の割合は0以上で、合計が0より大きくなるようにしてください".to_owned(),
            "shares of the variants are not below 0 and add up to more than 0".to_owned(),
        ));
    }
    for (at, variant) in variants.iter().enumerate() {
        let name = &variant.name;
        if name.trim().is_empty() || variants[..at].iter().any(|v| v.name == *name) {
            remarks.push(remark(
                "name",
                format!("文面の名前「{name}」が空か、重なっています"),
                format!("the variant's name '{name}' is empty or taken"),
            ));
        }
        for change in variant.changes.iter().filter(|c| campaign.steps.iter().all(|s| s.name != c.step)) {
            remarks.push(remark(
                "changes",
                format!("文面「{name}」が変えるステップ「{}」がありません", change.step),
                format!("variant '{name}' changes a step '{}' that is not there", change.step),
            ));
        }
    }
    remarks
}

/// The order of a variant names steps that are there, each once, and two of them at least (M115).
fn orders(campaign: &Campaign) -> Vec<Remark> {
    let steps: Vec<&str> = campaign.steps.iter().map(|s| s.name.as_str()).collect();
    let wrong = |order: &[String]| {
        let twice = order.iter().enumerate().any(|(at, name)| order[..at].contains(name));
        let unknown = order.iter().any(|name| !steps.contains(&name.as_str()));
        !order.is_empty() && (order.len() < 2 || twice || unknown)
    };
    let variants = campaign.variants.iter().filter(|v| wrong(&v.order));
    variants
        .map(|v| {
            Remark::of("variants", "order").saying(
                format!(
                    "文面「{}」の順番には、この施策のステップの名前を二つ以上、一度ずつ並べてください",
                    v.name
                ),
                format!(
                    "the order of variant '{}' names two steps of the campaign or more, each once",
                    v.name
                ),
            )
        })
        .collect()
}

/// A newsletter's step goes by mail, or by other channels to those who rest from mail (M093): not both.
fn issues(campaign: &Campaign) -> Vec<Remark> {
    let changes = || campaign.variants.iter().flat_map(|v| &v.changes);
    let mixed = |step: &&Step| {
        let changed = changes().filter(|c| c.step == step.name).filter_map(|c| c.channel);
        let channels = step.channel.into_iter().chain(step.else_channels.iter().copied()).chain(changed);
        let (mails, others): (Vec<Channel>, Vec<Channel>) = channels.partition(|c| *c == Channel::Mail);
        !mails.is_empty() && !others.is_empty()
    };
    let steps = campaign.steps.iter().filter(|_| campaign.newsletter.is_some()).filter(mixed);
    steps
        .map(|step| {
            Remark::of("steps", "channel").at(&step.name).saying(
                "お便り（ニュースレター）のステップでは、メールとほかの手段を一緒に使えません。メールを休んでいる方へのほかの手段は、別のステップに分けてください",
                "a step of a newsletter does not mix mail with other channels: put those for people who rest from mail into a step of their own",
            )
        })
        .collect()
}

/// Stop rules looser than what the receiving side bears (L-39, L-40).
fn stop_rules(campaign: &Campaign) -> Vec<Remark> {
    let loose = |id, field, set: f64, most: f64| {
        // A share that is no number never pauses anything.
        let within = (0.0..=most).contains(&set);
        (!within).then(|| {
            Remark::of(id, field).level(Level::Warn).saying(
                format!("自動停止の基準が緩すぎます（{:.1}%以下にしてください）", most * 100.0),
                format!("the line at which it pauses is too high: at most {:.1} %", most * 100.0),
            )
        })
    };
    let complaints = loose("L-39", "complaints", campaign.stop.complaints, 0.003);
    complaints.into_iter().chain(loose("L-40", "bounces", campaign.stop.bounces, 0.05)).collect()
}

fn overlaps(known: &Known) -> Option<Remark> {
    let running: Vec<_> = known.overlaps.iter().filter(|o| o.customers > 0).collect();
    (running.len() >= OVERLAPS).then(|| {
        let most = running.iter().map(|o| o.customers).max().unwrap_or(0);
        let n = running.len();
        Remark::of("M062", "whom")
            .saying(
                format!("実施中の{n}件の施策と対象が重なっています（最大{most}人）。一つずつ進めることをおすすめします"),
                format!("{n} running campaigns reach some of the same customers (up to {most}): better one by one"),
            )
            .found(running.iter().map(|o| o.campaign.clone()).collect())
    })
}
