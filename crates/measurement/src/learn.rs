//! What campaigns teach: small ones pooled, and the lift that the next judgement believes.

use crate::Measurement;
use model::{Channel, Type};
use serde::{Deserialize, Serialize};
use stats::trial::{self, Interval, blend};

/// Several campaigns together.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Pooling {
    /// The mean lift over campaigns, -1..=1.
    pub lift: Interval,
    /// How much campaigns truly differ: a standard deviation.
    pub spread: f64,
    /// Per campaign, in the order given, its lift drawn towards the mean; `None` where it has nothing to say yet.
    pub campaigns: Vec<Option<Interval>>,
    /// Treated and holdout of those that have.
    pub customers: u64,
}

/// Pools campaigns whose primary window is over, by partial pooling (`stats::trial::pool`): many small ones
/// together say what none of them can. `None` where none has ended with a holdout.
pub fn pool(campaigns: &[&Measurement]) -> Option<Pooling> {
    let level = campaigns.first()?.level;
    let figure = |m: &&Measurement| {
        let lift = m.primary().filter(|w| w.over)?.lift?;
        Some((lift.points.value, lift.points.standard_error(m.level)))
    };
    let figures: Vec<Option<(f64, f64)>> = campaigns.iter().map(figure).collect();
    let known: Vec<(f64, f64)> = figures.iter().copied().flatten().collect();
    let pooled = trial::pool(&known, level)?;
    let mut groups = pooled.groups.into_iter();
    let ended = campaigns.iter().zip(&figures).filter(|(_, figure)| figure.is_some());
    Some(Pooling {
        lift: pooled.mean,
        spread: pooled.spread,
        customers: ended.map(|(m, _)| m.treated + m.holdout).sum(),
        campaigns: figures.iter().map(|figure| figure.and_then(|_| groups.next())).collect(),
    })
}

/// What one campaign says of the lift of a channel among customers of a type.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Evidence {
    pub channel: Channel,
    pub kind: Type,
    /// -1..=1.
    pub lift: f64,
    /// Its standard error.
    pub se: f64,
    /// Treated and holdout.
    pub n: u64,
}

/// The evidence of a campaign, one per type; nothing before its window is over, or without a holdout.
pub fn evidence(m: &Measurement) -> Vec<Evidence> {
    let ended = m.kinds.iter().filter(|_| m.over());
    let one = ended.filter_map(|k| {
        let points = k.lift?.points;
        let se = points.standard_error(m.level);
        Some(Evidence { channel: m.channel, kind: k.kind, lift: points.value, se, n: k.customers })
    });
    one.collect()
}

/// The lift to reckon with.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Belief {
    /// The lift expected of the next campaign, -1..=1, and its 95 % interval.
    pub lift: Interval,
    /// Its standard deviation.
    pub sd: f64,
    /// Campaigns and customers it rests on, beside the prior.
    pub campaigns: usize,
    pub customers: u64,
}

/// Standard errors between prior and evidence up to which chance explains it.
const CHANCE: f64 = 2.0;

/// The prior, as wide as it takes for the evidence not to contradict it.
fn yielding((mean, sd): (f64, f64), (value, se): (f64, f64)) -> (f64, f64) {
    let beyond = (value - mean).powi(2) - CHANCE.powi(2) * (sd * sd + se * se);
    // Without evidence the difference is no number.
    if beyond > 0.0 { (mean, (sd * sd + beyond).sqrt()) } else { (mean, sd) }
}

/// A prior (mean, standard deviation) and evidence of one channel and type give the belief about the next
/// campaign. Campaigns are pooled first; how much they differ among each other counts as doubt about the next one.
/// Evidence that lies farther from the prior than both their errors allow makes the prior give way: it was an
/// assumption, and the shop's own holdouts are not.
pub fn believe(prior: (f64, f64), evidence: &[Evidence]) -> Belief {
    const LEVEL: f64 = 0.95;
    let figures: Vec<(f64, f64)> = evidence.iter().map(|e| (e.lift, e.se)).collect();
    let pooled = trial::pool(&figures, LEVEL);
    let estimate =
        pooled.map_or((f64::NAN, f64::NAN), |p| (p.mean.value, p.mean.standard_error(LEVEL).hypot(p.spread)));
    let lift = blend(yielding(prior, estimate), estimate, LEVEL);
    Belief {
        lift,
        sd: lift.standard_error(LEVEL),
        campaigns: evidence.len(),
        customers: evidence.iter().map(|e| e.n).sum(),
    }
}
