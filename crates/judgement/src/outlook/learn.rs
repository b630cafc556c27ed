//! Learns from a shop's own past how likely a return is, and says what it rests on.

use super::account;
use super::chance::Chance;
use super::forecaster::{Forecaster, Zone};
use super::level::Level;
use super::past::Past;
use super::rows::{Row, rows};
use super::signs::{Scale, Signs, fits, fitted, saying};
use super::trace::Trace;
use super::tried::{WAYS, Way, choose, figures, rfm, unseen};
use super::worth::Worth;
use model::{Candidate, Fitted, ModelCard, Saying, Sense};

/// Below this many returns (or stays away) among the quiet, only the rule is used.
const LEAST_RETURNS: usize = 30;

/// What the shop wants to be used.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Mode {
    /// The best on the shop's own past.
    #[default]
    Auto,
    /// The cycle-relative rule, whatever did better.
    Rule,
}

/// A forecaster, and the card that goes with it.
#[derive(Clone, PartialEq, Debug)]
pub struct Learned {
    pub forecaster: Forecaster,
    pub card: ModelCard,
}

/// Which candidate is used, how each did, and what it predicted of customers it did not know.
pub(crate) struct Trial {
    pub(crate) way: Way,
    pub(crate) why: Saying,
    pub(crate) sense: Sense,
    pub(crate) candidates: Vec<Candidate>,
    /// The chosen one's, for the quiet rows.
    pub(crate) p: Vec<f64>,
}

/// Learns from a past; `policy` and `version` are for the card.
pub fn learn(past: &Past, mode: Mode, policy: &str, version: u32) -> Learned {
    let plan = past.plan();
    let (all, scales) = rows(past);
    let (quiet, live): (Vec<&Row>, Vec<&Row>) = all.iter().partition(|r| r.quiet);
    let [mbg, bg] = fits(&past.now);
    let scale = Scale::of(&past.now, plan.horizon, 1.0, &mbg.params);
    let now: [Vec<Signs>; 2] = [true, false].map(|wanted| {
        let of = |t: &&Trace| (t.silent > plan.quiet) == wanted;
        past.now.iter().filter(of).map(|t| scale.signs(t)).collect()
    });

    let mut trial = try_all(&quiet, &scales, plan.ratio(), mode);
    let spends = worths(&[&quiet, &live], &scales);
    let enough = matches!(trial.sense, Sense::Short | Sense::Enough);
    let mut chances = [&quiet, &live].map(|rows| {
        let whole = trial.way.whole && enough;
        Chance::fit(trial.way.base, whole, rows.iter().map(|r| r.lesson()))
    });
    if enough {
        trial.p = chances[0].calibrate(&quiet, &trial.p);
    }
    let known: Vec<f64> = live.iter().map(|r| chances[1].p(&r.signs)).collect();
    let level = |rows: &[&Row], p: &[f64]| Level::new(rows, p, scales.len(), plan.same_season());
    let last_year = plan.same_season().and_then(|window| as_last_year(window, &quiet, &live, &now));
    let levels = [level(&quiet, &trial.p).beside(last_year), level(&live, &known)];
    for (i, rows) in [&quiet, &live].into_iter().enumerate() {
        set_level(&mut chances[i], &now[i], &levels[i], rows.is_empty());
    }
    let [of_quiet, of_live] = chances;
    let [worth_quiet, worth_live] = spends;
    let forecaster = Forecaster {
        as_of: plan.as_of,
        quiet: plan.quiet,
        scale,
        zones: [
            Zone::new(of_quiet, worth_quiet, &quiet, &trial.p, levels[0].doubt()),
            Zone::new(of_live, worth_live, &live, &known, levels[1].doubt()),
        ],
        peers: past.gaps.curves(),
    };
    let fits = vec![fitted("mbg_nbd", &mbg, &past.now), fitted("bg_nbd", &bg, &past.now)];
    let card = card(past, &quiet, trial, &forecaster, fits, (policy, version));
    Learned { forecaster, card }
}

/// Moves a chance to the level expected of those there are now; one that learned from nobody takes
/// the model's.
fn set_level(chance: &mut Chance, now: &[Signs], level: &Level, untaught: bool) {
    if now.is_empty() {
        return;
    }
    let mean = |of: &dyn Fn(&Signs) -> f64| now.iter().map(of).sum::<f64>() / now.len() as f64;
    let (learned, modelled) = (mean(&|s| chance.p(s)), mean(&Signs::by_model));
    chance.move_to(if untaught { modelled } else { level.of(learned, modelled) }, now);
}

/// The level at which as many of the quiet come back as did in a window, for as many live customers
/// as there are now.
fn as_last_year(window: usize, quiet: &[&Row], live: &[&Row], now: &[Vec<Signs>; 2]) -> Option<f64> {
    let returned = quiet.iter().filter(|r| r.window == window && r.returned()).count() as f64;
    let live_then = live.iter().filter(|r| r.window == window).count() as f64;
    let [quiet_now, live_now] = [now[0].len() as f64, now[1].len() as f64];
    (returned > 0.0 && live_then > 0.0 && live_now > 0.0)
        .then(|| returned * live_now / live_then / quiet_now.max(1.0))
}

/// One law of spending for the quiet and one for the others; where one of them has too few
/// returns, it takes the law of all.
fn worths(zones: &[&Vec<&Row>; 2], scales: &[Scale]) -> [Worth; 2] {
    let fit = |rows: &[&Row]| {
        let back = rows.iter().filter(|r| r.returned());
        Worth::fit(back.map(|r| (&scales[r.window], r.trace, r.sequel)))
    };
    zones.map(|rows| match rows.iter().filter(|r| r.returned()).count() {
        LEAST_RETURNS.. => fit(rows),
        _ => fit(&zones.iter().flat_map(|zone| zone.iter().copied()).collect::<Vec<_>>()),
    })
}

fn try_all(quiet: &[&Row], scales: &[Scale], ratio: f64, mode: Mode) -> Trial {
    let returned = quiet.iter().filter(|r| r.returned()).count();
    let rarer = returned.min(quiet.len() - returned);
    let (which_ja, which_en) = match rarer == returned {
        true => ("戻った", "came back"),
        false => ("戻らなかった", "stayed away"),
    };
    let sense = match (quiet.len(), rarer) {
        (0, _) => Sense::None,
        (_, ..LEAST_RETURNS) => Sense::Little,
        _ if ratio < 1.0 => Sense::Short,
        _ => Sense::Enough,
    };
    let p: Vec<Vec<f64>> = WAYS.iter().map(|way| unseen(*way, quiet)).collect();
    let mut candidates: Vec<Candidate> = WAYS
        .iter()
        .zip(&p)
        .map(|(way, p)| Candidate { eligible: true, ..figures(way.name, p, quiet, scales.len(), true) })
        .collect();
    let (chosen, why) = match (mode, sense) {
        (Mode::Rule, _) => (
            0,
            saying(
                "設定により、周期ルールだけを使っています。",
                "The settings say that only the cycle rule is used.",
            ),
        ),
        (_, Sense::None) => (
            0,
            saying(
                "この店の過去でまだ確かめられないため、周期ルールだけを使います。",
                "Nothing could be tried on this shop's own past yet, so only the cycle rule is used.",
            ),
        ),
        (_, Sense::Little) => (
            0,
            saying(
                format!(
                    "静かになってから{which_ja}方は{rarer}人で、方法を選ぶには足りません。周期ルールだけを使います。"
                ),
                format!(
                    "{rarer} of the quiet {which_en}: too few to choose by, so only the cycle rule is used."
                ),
            ),
        ),
        _ => choose(&p, &candidates, quiet),
    };
    candidates[chosen].chosen = true;
    candidates.extend(references(quiet, scales, ratio, &p[chosen]));
    Trial { way: WAYS[chosen], why, sense, candidates, p: p[chosen].clone() }
}

/// What people use today, on the same customers.
fn references(quiet: &[&Row], scales: &[Scale], ratio: f64, p: &[f64]) -> Vec<Candidate> {
    let of = |value: fn(&Trace) -> f64| -> Vec<f64> { quiet.iter().map(|r| value(r.trace)).collect() };
    let silent = of(|t| f64::from(t.silent));
    // 181 days on the windows' scale, as everything else: a shorter window would make it useless.
    let lists: [(&str, Vec<f64>); 3] = [
        ("recency", silent.iter().map(|days| -days).collect()),
        ("r181", silent.iter().map(|days| f64::from(u8::from(*days < 181.0 * ratio))).collect()),
        ("rfm", rfm(&silent, &of(|t| f64::from(t.orders)), &of(|t| t.spend))),
    ];
    let back: Vec<&Row> = quiet.iter().filter(|r| r.returned()).copied().collect();
    let worth = Worth::fit(back.iter().map(|r| (&scales[r.window], r.trace, r.sequel)));
    let value = quiet.iter().zip(p).map(|(r, p)| p * worth.of(&scales[r.window], r.trace)).collect();
    let bg: Vec<f64> = quiet.iter().map(|r| r.p_bg).collect();
    let mut all: Vec<Candidate> = lists
        .into_iter()
        .chain([("value", value)])
        .map(|(name, scores)| figures(name, &scores, quiet, scales.len(), false))
        .collect();
    all.push(figures("bg_nbd", &bg, quiet, scales.len(), true));
    all
}

fn card(
    past: &Past,
    quiet: &[&Row],
    trial: Trial,
    forecaster: &Forecaster,
    fits: Vec<Fitted>,
    (policy, version): (&str, u32),
) -> ModelCard {
    let plan = past.plan();
    let limits = account::limits(past, &trial, &fits);
    let (slope, calibration) = account::calibration(quiet, &trial.p);
    ModelCard {
        as_of: plan.as_of,
        policy: policy.to_owned(),
        version,
        horizon: plan.horizon,
        quiet: plan.quiet,
        buyers: past.buyers,
        orders: past.orders,
        first_order: past.first,
        last_order: past.last,
        windows: account::windows(past, quiet),
        rescaled: plan.ratio(),
        sense: trial.sense,
        chosen: trial.way.name.to_owned(),
        why: trial.why,
        candidates: trial.candidates,
        calibration,
        slope,
        level: account::level(quiet, trial.way),
        parts: account::parts(&forecaster.zones[0].chance),
        fits,
        limits,
    }
}
