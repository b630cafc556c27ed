//! A cut in the shop's past: what was learned before it, against what came after.

use super::forecaster::Forecaster;
use super::signs::{fits, life};
use super::trace::{Sequel, Trace};
use super::tried::rfm;
use super::{Learned, past::has_left};
use model::{Day, Fitted, ModelCard, Timeline};
use serde::Serialize;
use stats::calibrate::slope_intercept;
use stats::rank::{auc, brier, log_loss, top_share};

/// Everybody at the cut, and what they did after it.
#[derive(Clone, Default)]
pub struct Test {
    rows: Vec<(Trace, Sequel)>,
}

impl Test {
    /// Takes in one customer.
    pub fn see(&mut self, t: &Timeline, cut: Day, horizon: i32) {
        if let Some(trace) = Trace::of(t, cut, horizon).filter(|_| !has_left(t, cut)) {
            self.rows.push((trace, Sequel::of(t, cut, cut.plus(horizon))));
        }
    }

    /// Takes in what another has seen.
    pub fn join(&mut self, other: Test) {
        self.rows.extend(other.rows);
    }
}

/// How one list did.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Figure {
    pub name: &'static str,
    pub auc: Option<f64>,
    /// Shares of the returning customers, and of their spend, in the top tenth.
    pub top10_returned: Option<f64>,
    pub top10_revenue: Option<f64>,
    /// Of probabilities only.
    pub log_loss: Option<f64>,
    pub brier: Option<f64>,
    /// Mean predicted divided by actual, and the slope of the log odds; of probabilities only.
    pub level: Option<f64>,
    pub slope: Option<f64>,
}

/// Every list on some of the customers.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Scope {
    /// `all`, `quiet` or `deep`.
    pub scope: &'static str,
    pub customers: u64,
    pub returned: u64,
    pub scorers: Vec<Figure>,
}

/// The answer of a back-test.
#[derive(Clone, PartialEq, Debug)]
pub struct Backtest {
    pub cut: Day,
    pub horizon_days: i32,
    pub quiet_days: i32,
    pub deep_days: i32,
    pub chosen: String,
    pub scopes: Vec<Scope>,
    /// In weeks.
    pub fit: Vec<Fitted>,
    pub card: ModelCard,
}

impl Backtest {
    /// Holds what was learned on a past that ends at the cut against what came after it.
    pub fn new(learned: Learned, test: &Test, horizon: i32, quiet: i32, deep: i32) -> Backtest {
        let Learned { forecaster, card } = learned;
        let lists = lists(&forecaster, test, horizon);
        let silent = |over: i32| move |(t, _): &(Trace, Sequel)| t.silent > over;
        let scopes = [("all", i32::MIN), ("quiet", quiet), ("deep", deep)];
        let scopes = scopes.map(|(name, over)| scope(name, test, &lists, silent(over)));
        Backtest {
            cut: card.as_of,
            horizon_days: horizon,
            quiet_days: quiet,
            deep_days: deep,
            chosen: card.chosen.clone(),
            scopes: scopes.to_vec(),
            fit: card.fits.clone(),
            card,
        }
    }
}

/// A list's name, its order, and whether it consists of probabilities.
type List = (&'static str, Vec<f64>, bool);

fn lists(forecaster: &Forecaster, test: &Test, horizon: i32) -> Vec<List> {
    let traces: Vec<Trace> = test.rows.iter().map(|(trace, _)| *trace).collect();
    let of = |value: &dyn Fn(&Trace) -> f64| -> Vec<f64> { traces.iter().map(value).collect() };
    let silent = of(&|t| f64::from(t.silent));
    let p = of(&|t| forecaster.p_return(t));
    let value = traces.iter().zip(&p).map(|(t, p)| p * forecaster.spend_if_returns(t)).collect();
    let [mbg, bg] = fits(&traces);
    let h = f64::from(horizon);
    vec![
        ("mezame", p, true),
        ("mezame_value", value, false),
        ("recency", of(&|t| -f64::from(t.silent)), false),
        ("r181", of(&|t| f64::from(u8::from(t.silent < 181))), false),
        ("rfm", rfm(&silent, &of(&|t| f64::from(t.orders)), &of(&|t| t.spend)), false),
        ("rule", of(&|t| forecaster.scale.rule(t)), false),
        ("bg_nbd", of(&|t| bg.params.p_buy(&life(t), h)), true),
        ("mbg_nbd", of(&|t| mbg.params.p_buy(&life(t), h)), true),
    ]
}

fn scope(
    name: &'static str,
    test: &Test,
    lists: &[List],
    within: impl Fn(&(Trace, Sequel)) -> bool,
) -> Scope {
    let at: Vec<usize> = (0..test.rows.len()).filter(|i| within(&test.rows[*i])).collect();
    let hits: Vec<bool> = at.iter().map(|i| test.rows[*i].1.returned()).collect();
    let ones: Vec<f64> = hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
    let spend: Vec<f64> = at.iter().map(|i| test.rows[*i].1.spend.max(0.0)).collect();
    let returned = hits.iter().filter(|hit| **hit).count();
    let share = |own: &[f64], weights: &[f64]| {
        (weights.iter().sum::<f64>() > 0.0).then(|| top_share(own, weights, 0.1))
    };
    let figure = |(name, scores, probability): &List| {
        let own: Vec<f64> = at.iter().map(|i| scores[*i]).collect();
        let sure = |figure: Option<f64>| figure.filter(|_| *probability);
        let told = own.iter().sum::<f64>();
        Figure {
            name,
            auc: auc(&own, &hits),
            top10_returned: share(&own, &ones),
            top10_revenue: share(&own, &spend),
            log_loss: sure(log_loss(&own, &hits)),
            brier: sure(brier(&own, &hits)),
            level: sure((returned > 0).then(|| told / returned as f64)),
            slope: sure(slope_intercept(&own, &hits).map(|s| s.slope)),
        }
    };
    Scope {
        scope: name,
        customers: at.len() as u64,
        returned: returned as u64,
        scorers: lists.iter().map(figure).collect(),
    }
}
