//! The candidates, tried on the quiet customers of every window, and which of them is used.

use super::chance::{Base, Chance};
use super::rows::{FOLDS, Row};
use super::signs::saying;
use model::{Candidate, Saying};
use stats::rank::{auc, auc_difference, brier, capture_curve, log_loss, quintiles, top_share};

/// A way to a probability that can be chosen.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Way {
    pub(crate) name: &'static str,
    pub(crate) base: Base,
    /// Whether the signs correct the base.
    pub(crate) whole: bool,
}

/// The simplest first.
pub(crate) const WAYS: [Way; 4] = [
    Way { name: "rule", base: Base::Rule, whole: false },
    Way { name: "learned", base: Base::Rule, whole: true },
    Way { name: "mbg_nbd", base: Base::Mbg, whole: false },
    Way { name: "learned_mbg", base: Base::Mbg, whole: true },
];

/// What a candidate must gain in AUC to take the place of a simpler one of its own family, and of
/// the other family; there it must also exceed one standard error of the difference.
const GAIN: f64 = 0.002;
const GAIN_OF_FAMILY: f64 = 0.005;
/// Points of a capture curve after the first.
const POINTS: usize = 20;

pub(crate) fn says(name: &str) -> Saying {
    let (ja, en) = match name {
        "rule" => ("周期ルール(ふだんの間隔に対する遅れ)", "cycle rule (lateness against the own rhythm)"),
        "learned" => ("周期ルール+学習した補正", "cycle rule with learned corrections"),
        "mbg_nbd" => ("MBG/NBD(購買回数モデル)", "MBG/NBD (repeat-purchase model)"),
        "learned_mbg" => ("MBG/NBD+学習した補正", "MBG/NBD with learned corrections"),
        "bg_nbd" => ("BG/NBD(購買回数モデル)", "BG/NBD (repeat-purchase model)"),
        "recency" => ("最終購入日が新しい順", "latest order first"),
        "r181" => ("R181(181日で区切る)", "R181 (a line at 181 days)"),
        "rfm" => ("RFM合計点", "RFM, sum of quintiles"),
        "value" => ("期待価値(復帰確率×復帰時の価値)", "value (p_return x value if returns)"),
        _ => ("", ""),
    };
    saying(ja, en)
}

/// Each way's probabilities for the rows, none told from the row's own customer.
pub(crate) fn unseen(way: Way, rows: &[&Row]) -> Vec<f64> {
    let mut p = vec![0.5; rows.len()];
    for fold in 0..FOLDS {
        let others = rows.iter().filter(|r| r.fold != fold).map(|r| r.lesson());
        let chance = Chance::fit(way.base, way.whole, others);
        for (p, row) in p.iter_mut().zip(rows).filter(|(_, row)| row.fold == fold) {
            *p = chance.p(&row.signs);
        }
    }
    p
}

/// Sum of the fifths of recency, frequency and money.
pub fn rfm(silent: &[f64], orders: &[f64], spend: &[f64]) -> Vec<f64> {
    let recent: Vec<f64> = silent.iter().map(|days| -days).collect();
    let [r, f, m] = [&recent[..], orders, spend].map(quintiles);
    r.iter().zip(&f).zip(&m).map(|((r, f), m)| f64::from(r + f + m)).collect()
}

/// How one list did: figures per window, then their mean.
pub(crate) fn figures(
    name: &str,
    scores: &[f64],
    rows: &[&Row],
    windows: usize,
    probability: bool,
) -> Candidate {
    let (mut aucs, mut tops, mut money) = (vec![], vec![], vec![]);
    let mut capture = vec![0.0; POINTS + 1];
    for window in 0..windows {
        let of = |i: &usize| rows[*i].window == window;
        let at: Vec<usize> = (0..rows.len()).filter(of).collect();
        let own: Vec<f64> = at.iter().map(|i| scores[*i]).collect();
        let hits: Vec<bool> = at.iter().map(|i| rows[*i].returned()).collect();
        let Some(value) = auc(&own, &hits) else { continue };
        let ones: Vec<f64> = hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
        let spend: Vec<f64> = at.iter().map(|i| rows[*i].sequel.spend.max(0.0)).collect();
        aucs.push(value);
        tops.push(top_share(&own, &ones, 0.1));
        money.push(top_share(&own, &spend, 0.1));
        let curve = capture_curve(&own, &ones, POINTS);
        capture.iter_mut().zip(curve).for_each(|(sum, (_, share))| *sum += share);
    }
    let n = aucs.len();
    let mean = |of: Vec<f64>| (n > 0).then(|| of.iter().sum::<f64>() / n as f64);
    capture.iter_mut().for_each(|share| *share /= n.max(1) as f64);
    let hits: Vec<bool> = rows.iter().map(|r| r.returned()).collect();
    Candidate {
        name: name.to_owned(),
        says: says(name),
        auc: mean(aucs),
        top10_returned: mean(tops),
        top10_revenue: mean(money),
        log_loss: if probability { log_loss(scores, &hits) } else { None },
        brier: if probability { brier(scores, &hits) } else { None },
        eligible: false,
        chosen: false,
        capture: if n > 0 { capture } else { vec![] },
    }
}

/// Which way to use: the simplest, until another does better by more than chance. The second is
/// why.
pub(crate) fn choose(all: &[Vec<f64>], tried: &[Candidate], rows: &[&Row]) -> (usize, Saying) {
    let hits: Vec<bool> = rows.iter().map(|r| r.returned()).collect();
    let auc = |i: usize| tried[i].auc.unwrap_or(0.5);
    let mut best = 0;
    for next in 1..WAYS.len() {
        let gain = auc(next) - auc(best);
        let family = WAYS[next].base == WAYS[best].base;
        let error = match auc_difference(&all[next], &all[best], &hits, 0.95) {
            Some(interval) if !family => interval.standard_error(0.95),
            _ => 0.0,
        };
        if gain > if family { GAIN } else { GAIN_OF_FAMILY.max(error) } {
            best = next;
        }
    }
    let (rule, own) = (auc(0), auc(best));
    let why = match best {
        0 => saying(
            format!(
                "ほかの方法は周期ルール(AUC {rule:.3})をはっきりとは上回らなかったため、最も単純な方法を使います。"
            ),
            format!(
                "No other way was clearly better than the cycle rule (AUC {rule:.3}), so the simplest is used."
            ),
        ),
        _ => saying(
            format!(
                "この店の過去で、静かになった方の並べ方が最も良かったためです(AUC {own:.3}、周期ルールのみでは {rule:.3})。"
            ),
            format!(
                "It ranked the quiet customers of this shop's past best (AUC {own:.3}; the cycle rule alone {rule:.3})."
            ),
        ),
    };
    (best, why)
}
