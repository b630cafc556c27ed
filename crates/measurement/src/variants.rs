//! Variants against each other: a winner only where the intervals name one (M153).

use crate::lift::strata;
use crate::{Ask, Outcome, Share};
use model::Arm;
use serde::{Deserialize, Serialize};
use stats::trial::{Interval, difference_in_strata};

/// What became of the treated who got one variant.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct VariantResult {
    /// Number of the variant from 0.
    pub variant: u8,
    pub returned: Share,
    pub clicked: Share,
    /// Returns beyond the holdout's, its level shared among all variants; `None` without a holdout.
    #[serde(default)]
    pub lift: Option<Interval>,
    /// How far ahead the best is of this one in returns, its level shared among all pairs (Bonferroni);
    /// `None` for the best itself.
    pub behind: Option<Interval>,
}

/// All variants of a campaign, by number; fewer than two are none.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Variants {
    pub results: Vec<VariantResult>,
    /// Ahead of every other for sure; `None`: not decided, or the window is not over.
    pub winner: Option<u8>,
}

pub(crate) fn variants(outcomes: &[Outcome], ask: &Ask) -> Variants {
    let returned = |o: &Outcome| o.returned(ask.window, ask.as_of_day);
    let mut counts = [(Share::default(), 0_u64); 256];
    for o in outcomes.iter().filter(|o| o.arm == Arm::Treated) {
        let (share, clicked) = &mut counts[usize::from(o.variant)];
        *share = Share { hits: share.hits + u64::from(returned(o)), of: share.of + 1 };
        *clicked += u64::from(o.answers.clicked);
    }
    let counts = (0..=u8::MAX).zip(counts).filter(|(_, (share, _))| share.of > 0);
    let mut results: Vec<VariantResult> = counts
        .map(|(variant, (returned, clicked))| VariantResult {
            variant,
            returned,
            clicked: Share { hits: clicked, of: returned.of },
            lift: None,
            behind: None,
        })
        .collect();
    let rate = |r: &&VariantResult| r.returned.rate();
    let Some(best) = results.iter().max_by(|a, b| rate(a).total_cmp(&rate(b))).map(|r| r.variant) else {
        return Variants::default();
    };
    let n = results.len() as f64;
    if n < 2.0 {
        return Variants::default();
    }
    if outcomes.iter().any(|o| o.arm == Arm::Holdout) {
        let level = 1.0 - (1.0 - ask.level) / n;
        for result in &mut results {
            let own = |o: &&Outcome| o.arm == Arm::Treated && o.variant == result.variant;
            let both = outcomes.iter().filter(|o| o.arm == Arm::Holdout || own(o));
            let strata = strata(both, |o| o.arm == Arm::Treated, returned);
            result.lift = Some(difference_in_strata(&strata, level));
        }
    }
    let level = 1.0 - (1.0 - ask.level) / (0.5 * n * (n - 1.0));
    for result in results.iter_mut().filter(|r| r.variant != best) {
        let two = outcomes
            .iter()
            .filter(|o| o.arm == Arm::Treated && (o.variant == best || o.variant == result.variant));
        let strata = strata(two, |o| o.variant == best, returned);
        result.behind = Some(difference_in_strata(&strata, level));
    }
    let over = ask.as_of_day >= ask.window;
    let ahead = results.iter().filter_map(|r| r.behind).all(|behind| behind.low > 0.0);
    Variants { results, winner: (over && ahead).then_some(best) }
}
