//! What is looked at in a trace, on the scale of one shop and one horizon.
//!
//! Every time is divided by the horizon, so that what was learned on a shorter window can be used
//! on a longer one.

use super::trace::Trace;
use model::{Fitted, Saying};
use serde::{Deserialize, Serialize};
use stats::descent::End;
use stats::logistic::logit;
use stats::repeat::{BetaGeometric, Fit, Life, Lives};
use stats::special::sigmoid;

/// Signs beside the two bases.
pub(crate) const SIGNS: usize = 7;

/// What the signs are called: word, Japanese, English.
pub(crate) const SIGN_NAMES: [(&str, &str, &str); SIGNS] = [
    ("overdue", "ふだんの間隔をどれだけ超えたか", "how far beyond the usual gap"),
    ("recency", "最後の注文からの日数", "days since the last order"),
    ("age", "最初の注文からの日数", "days since the first order"),
    ("once", "一度だけの購入か", "bought only once"),
    ("repeats", "リピート回数", "repeat orders"),
    ("spend", "累計購入額", "spend so far"),
    ("spread", "間隔のばらつき", "how unsteady the gaps are"),
];

/// Days added to every stretch of time, so that somebody of today has no infinite rate.
const UNIT: f64 = 7.0;
/// The models write people off for ever after a long silence; people do come back.
const LEAST_P: f64 = 1e-4;
/// Gaps of the shop's mean that count beside a customer's own.
const SHOP_GAPS: f64 = 2.0;

/// The shop as of a day, and how far ahead is looked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Scale {
    /// Days.
    pub(crate) horizon: f64,
    unit: f64,
    /// The mean gap between occasions, in days.
    pub(crate) mean_gap: f64,
    /// The mean spend of a buyer, and of an order, in units.
    mean_spend: f64,
    pub(crate) mean_order: f64,
    /// MBG/NBD in days: r, alpha, a, b.
    mbg: [f64; 4],
}

/// The signs of one trace.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Signs {
    /// ln of the orders that the cycle-relative rule expects within the horizon.
    pub(crate) rule: f64,
    /// Log odds of an order within the horizon by MBG/NBD.
    pub(crate) mbg: f64,
    /// ln of what the customer's own seasons multiply the rate with.
    pub(crate) season: f64,
    pub(crate) rest: [f64; SIGNS],
}

impl Signs {
    /// The probability by MBG/NBD, in this season.
    pub(crate) fn by_model(&self) -> f64 {
        sigmoid(self.mbg + self.season)
    }
}

/// The trace as a repeat-purchase model wants it, in days.
pub(crate) fn life(t: &Trace) -> Life {
    Life { x: t.repeats, t_x: f64::from(t.span), t: f64::from(t.age()), litt: 0.0 }
}

/// Both models, fitted in days, MBG/NBD first.
pub(crate) fn fits(traces: &[Trace]) -> [Fit<BetaGeometric>; 2] {
    let lives = Lives::group(traces.iter().map(life));
    [BetaGeometric::fit(&lives, 1, true), BetaGeometric::fit(&lives, 1, false)]
}

/// A fit for the card: in weeks, as the literature has it.
pub(crate) fn fitted(name: &str, fit: &Fit<BetaGeometric>, traces: &[Trace]) -> Fitted {
    let p = &fit.params;
    // Densities of gaps in weeks, not in days.
    let gaps: f64 = traces.iter().map(|t| f64::from(t.repeats)).sum();
    let params = [("r", p.r), ("alpha", p.alpha / 7.0), ("a", p.a), ("b", p.b)];
    Fitted {
        model: name.to_owned(),
        params: params.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        log_likelihood: fit.log_likelihood + gaps * 7f64.ln(),
        converged: fit.end == End::Converged,
        reason: match &fit.end {
            End::Converged => String::new(),
            End::FellBack(why) => why.clone(),
        },
    }
}

impl Scale {
    /// The scale of a shop's traces. `ratio` is 1, or the share of the real horizon that `horizon`
    /// is where a window had to be shorter.
    pub(crate) fn of(traces: &[Trace], horizon: i32, ratio: f64, mbg: &BetaGeometric) -> Scale {
        let sum = |of: fn(&Trace) -> f64| traces.iter().map(of).sum::<f64>();
        let (gaps, spans) = (sum(|t| f64::from(t.repeats)), sum(|t| f64::from(t.span)));
        let (ages, buyers) = (sum(|t| f64::from(t.age())), traces.len().max(1) as f64);
        let spend = sum(|t| t.spend.max(0.0));
        let orders = sum(|t| f64::from(t.orders)).max(1.0);
        Scale {
            horizon: f64::from(horizon),
            unit: UNIT * ratio,
            // Nobody came twice: the gap is at least as long as everybody has been watched.
            mean_gap: if gaps > 0.0 { spans / gaps } else { ages / buyers }.max(1.0),
            mean_spend: (spend / buyers).max(1e-6),
            mean_order: (spend / orders).max(1e-6),
            mbg: [mbg.r, mbg.alpha, mbg.a, mbg.b],
        }
    }

    /// The customer's usual gap in days: their own mean, with two gaps of the shop's beside it.
    pub fn cycle(&self, t: &Trace) -> f64 {
        let own = f64::from(t.span) + SHOP_GAPS * self.mean_gap;
        (own / (f64::from(t.repeats) + SHOP_GAPS)).max(1.0)
    }

    /// Cycles by which the silence is longer than usual; 0 while it is not.
    fn overdue(&self, t: &Trace) -> f64 {
        (f64::from(t.silent) / self.cycle(t) - 1.0).max(0.0)
    }

    /// ln of the orders that the rule expects: rate / (1 + overdue), over the horizon.
    pub(crate) fn rule(&self, t: &Trace) -> f64 {
        (self.rate(t) / (1.0 + self.overdue(t))).ln()
    }

    fn rate(&self, t: &Trace) -> f64 {
        (f64::from(t.repeats) + 0.5) / (f64::from(t.age()) + self.unit) * self.horizon
    }

    fn model(&self) -> BetaGeometric {
        let [r, alpha, a, b] = self.mbg;
        BetaGeometric { k: 1, modified: true, r, alpha, a, b }
    }

    /// The probability of an order within the horizon by MBG/NBD.
    pub(crate) fn mbg(&self, t: &Trace) -> f64 {
        self.model().p_buy(&life(t), self.horizon).clamp(LEAST_P, 1.0 - LEAST_P)
    }

    pub(crate) fn signs(&self, t: &Trace) -> Signs {
        let silent = (f64::from(t.silent) + self.unit) / self.horizon;
        let age = (f64::from(t.age()) + self.unit) / self.horizon;
        let rest = [
            self.overdue(t).ln_1p(),
            silent.ln(),
            age.ln(),
            f64::from(u8::from(t.repeats == 0)),
            f64::from(t.repeats).ln_1p(),
            (t.spend.max(0.0) / self.mean_spend + 0.01).ln(),
            t.spread().ln(),
        ];
        Signs { rule: self.rule(t), mbg: logit(self.mbg(t)), season: t.season, rest }
    }

    /// What an order of this customer is worth in units: their mean with one order of the shop's
    /// beside it.
    pub(crate) fn order_value(&self, t: &Trace) -> f64 {
        let own = t.spend.max(0.0) + self.mean_order;
        (own / (f64::from(t.orders) + 1.0)).max(self.mean_order * 1e-3)
    }

    /// What the spend after a return is told from: own order value, rate, spend, repeats, age; all
    /// in the shop's means.
    pub(crate) fn worth(&self, t: &Trace) -> [f64; 5] {
        [
            (self.order_value(t) / self.mean_order).ln(),
            self.rate(t).ln(),
            (t.spend.max(0.0) / self.mean_order + 0.1).ln(),
            f64::from(t.repeats).ln_1p(),
            ((f64::from(t.age()) + self.unit) / self.horizon).ln(),
        ]
    }
}

/// Words for a reader of the card.
pub(crate) fn saying(ja: impl Into<String>, en: impl Into<String>) -> Saying {
    Saying { ja: ja.into(), en: en.into() }
}

#[cfg(test)]
mod tests {
    use super::{Scale, UNIT};
    use crate::outlook::trace::Trace;
    use proptest::prelude::*;

    fn trace(repeats: u32, span: i32, silent: i32) -> Trace {
        let (orders, spend) = (repeats + 1, 0.0);
        Trace { customer: 1, repeats, span, silent, orders, spend, season: 0.0, squares: 0.0 }
    }

    prop_compose! {
        fn scale()(horizon in 1.0..800.0f64, ratio in 0.01..=1.0f64, mean_gap in 1.0..1_000.0f64) -> Scale {
            let mbg = [0.8, 60.0, 0.6, 2.0];
            Scale { horizon, unit: UNIT * ratio, mean_gap, mean_spend: 1.0, mean_order: 1.0, mbg }
        }
    }

    proptest! {
        #[test]
        fn more_silence_never_raises_the_rule_s_expectation(
            scale in scale(),
            repeats in 0..200u32,
            gap in 1..400i32,
            silent in 0..3_000i32,
            more in 1..3_000i32,
        ) {
            let span = repeats as i32 * gap;
            let [before, after] = [silent, silent + more].map(|days| scale.rule(&trace(repeats, span, days)));
            prop_assert!(after < before, "{before} {after}");
        }

        #[test]
        fn every_sign_is_a_number(
            scale in scale(),
            repeats in 0..5_000u32,
            gap in 1..400i32,
            silent in 0..30_000i32,
            spend in -1e12..1e12f64,
        ) {
            let squares = f64::from(repeats) * f64::from(gap).powi(2);
            let t = Trace { spend, squares, ..trace(repeats, repeats as i32 * gap, silent) };
            let signs = scale.signs(&t);
            prop_assert!(signs.rule.is_finite() && signs.mbg.is_finite(), "{signs:?}");
            prop_assert!(signs.rest.iter().chain(&scale.worth(&t)).all(|sign| sign.is_finite()), "{signs:?}");
            prop_assert!(scale.order_value(&t) > 0.0 && scale.cycle(&t) >= 1.0, "{signs:?}");
        }
    }
}
