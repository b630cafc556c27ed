//! The model card's parts: what was looked at, how far it can be trusted, and what it cannot say.

use super::chance::{Base, Chance};
use super::learn::Trial;
use super::past::Past;
use super::rows::Row;
use super::signs::{SIGN_NAMES, saying};
use super::tried::{Way, says};
use model::{Bin, Fitted, Part, Saying, Sense, Window};
use stats::calibrate::{bins, slope_intercept};

/// Groups of the calibration picture.
const BINS: usize = 10;
/// Customers per group at least.
const IN_BIN: usize = 20;

pub(crate) fn windows(past: &Past, quiet: &[&Row]) -> Vec<Window> {
    let plan = past.plan();
    let one = |(i, origin): (usize, &model::Day)| {
        let own = || quiet.iter().filter(move |r| r.window == i);
        Window {
            origin: *origin,
            horizon: plan.ahead,
            customers: past.windows[i].len() as u64,
            quiet: own().count() as u64,
            returned: own().filter(|r| r.returned()).count() as u64,
        }
    };
    plan.origins.iter().enumerate().map(one).collect()
}

/// Slope and groups of probabilities given to customers nothing was known of.
pub(crate) fn calibration(quiet: &[&Row], p: &[f64]) -> (Option<f64>, Vec<Bin>) {
    let hits: Vec<bool> = quiet.iter().map(|r| r.returned()).collect();
    let parts = (quiet.len() / IN_BIN).clamp(1, BINS);
    let groups = bins(p, &hits, parts, 0.95).into_iter().map(|bin| Bin {
        predicted: bin.predicted,
        actual: bin.actual.value,
        low: bin.actual.low,
        high: bin.actual.high,
        customers: bin.n as u64,
    });
    (slope_intercept(p, &hits).map(|s| s.slope), groups.collect())
}

/// Predicted divided by actual returns of the newest window, by what the older ones would have
/// taught; `None` with one window alone.
pub(crate) fn level(quiet: &[&Row], way: Way) -> Option<f64> {
    let older = || quiet.iter().filter(|r| r.window > 0);
    let newest = || quiet.iter().filter(|r| r.window == 0);
    let returned = newest().filter(|r| r.returned()).count();
    if older().count() == 0 || returned == 0 {
        return None;
    }
    let chance = Chance::fit(way.base, way.whole, older().map(|r| r.lesson()));
    Some(newest().map(|r| chance.p(&r.signs)).sum::<f64>() / returned as f64)
}

/// What moves the probability of the quiet, the strongest first.
pub(crate) fn parts(chance: &Chance) -> Vec<Part> {
    let [base, other] = match chance.base() {
        Base::Rule => ["rule", "mbg_nbd"],
        Base::Mbg => ["mbg_nbd", "rule"],
    };
    let season = saying("毎年この時期に買っているか", "buys at this time of every year");
    let bases = [(base, says(base)), ("season", season), (other, says(other))];
    let signs = SIGN_NAMES.map(|(name, ja, en)| (name, saying(ja, en)));
    let all = bases.into_iter().chain(signs).zip(chance.weights());
    let mut parts: Vec<Part> =
        all.map(|((name, says), weight)| Part { name: name.to_owned(), says, weight }).collect();
    parts.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    parts
}

/// What to know before relying on it.
pub(crate) fn limits(past: &Past, trial: &Trial, fits: &[Fitted]) -> Vec<Saying> {
    let plan = past.plan();
    let mut limits = vec![saying(
        "復帰確率は「こちらから何もしなかったとき」の見込みです。声をかけた効果は、保留群との比較でしか分かりません。",
        "p_return is what to expect if nothing is done. What a touch adds can only be told against a holdout.",
    )];
    let books = past.first.map_or(0, |first| plan.as_of.since(first));
    match trial.sense {
        Sense::None => limits.push(saying(
            "この店の履歴では当たり外れを確かめられていません。順番の目安としてお使いください。",
            "Nothing could be checked on this shop's own past. Take it as a rough order.",
        )),
        Sense::Little => limits.push(saying(
            format!("顧客{}人、注文{}件の店です。確率の幅が広いので、順番の目安としてお使いください。", past.buyers, past.orders),
            format!("A shop of {} buyers and {} orders: intervals are wide. Take it as a rough order.", past.buyers, past.orders),
        )),
        Sense::Short => limits.push(saying(
            format!("履歴が{books}日分のため、{}日先の見込みを{}日の窓で学習し、長さを換算しています。人数の見込みは外れやすくなります。", plan.horizon, plan.ahead),
            format!("The books cover {books} days, so {} days ahead was learned from windows of {} days and rescaled. Counts may be off.", plan.horizon, plan.ahead),
        )),
        Sense::Enough => {}
    }
    if trial.sense != Sense::None && books < 365 + plan.horizon {
        limits.push(saying(
            "同じ季節を2回見ていないため、季節による違いは織り込まれていません。",
            "No season has been seen twice, so seasons are not allowed for.",
        ));
    }
    limits.push(saying(
        "一度だけ購入の方は手がかりが少なく、確率の差が小さく出ます。",
        "Somebody who bought once leaves few traces: their probabilities lie close together.",
    ));
    limits.extend(fits.iter().filter(|fit| !fit.converged).map(|fit| {
        saying(
            format!(
                "{}は最適な値に落ち着きませんでした。この方法の数値は参考程度にご覧ください。",
                says(&fit.model).ja
            ),
            format!("{} did not settle: {}.", says(&fit.model).en, fit.reason),
        )
    }));
    limits
}
