//! From a rule of the policy to the lines that hold for one customer.

use model::{CategoryRule, Rule};

/// Days of silence, inclusive, from which a customer counts as such.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Lines {
    pub(crate) at_risk: i32,
    pub(crate) dormant: i32,
    pub(crate) long: i32,
}

/// Keeps 0.8 * 35 from becoming 29 and 1.15 * 100 from becoming 114.
const ROUNDING: f64 = 1e-9;

/// Whether the rhythm can be told: enough orders, and at least one gap between two days.
pub(crate) fn has_rhythm(n_orders: u32, least_orders: u32, has_gap: bool) -> bool {
    has_gap && n_orders >= least_orders
}

/// The dormant line alone. `median` is the customer's median gap in days; `None` without a gap.
pub(crate) fn dormant_line(rule: &Rule, n_orders: u32, median: Option<f64>) -> i32 {
    match *rule {
        Rule::FixedDays { dormant, .. } => dormant,
        Rule::OwnCycle { k, floor, ceiling, least_orders, fallback, .. } => match median {
            // Silence must exceed k gaps, so the first such day is the next whole one.
            Some(gap) if has_rhythm(n_orders, least_orders, true) => {
                ((k * gap + ROUNDING) as i32).saturating_add(1).min(ceiling).max(floor)
            }
            _ => fallback,
        },
    }
}

impl Lines {
    /// The lines of a rule whose dormant line is already known.
    pub(crate) fn of(rule: &Rule, dormant: i32) -> Lines {
        match *rule {
            Rule::FixedDays { at_risk, long, .. } => Lines { at_risk, dormant, long },
            Rule::OwnCycle { at_risk_share, long, .. } => {
                let at_risk = (at_risk_share * f64::from(dormant) - ROUNDING).ceil() as i32;
                Lines { at_risk: at_risk.max(1), dormant, long: long.max(dormant) }
            }
        }
    }

    /// A category has no long-dormant line of its own and takes the default rule's.
    pub(crate) fn of_category(rule: &CategoryRule, default: &Rule) -> Lines {
        let (Rule::FixedDays { long, .. } | Rule::OwnCycle { long, .. }) = *default;
        Lines { at_risk: rule.at_risk, dormant: rule.dormant, long: long.max(rule.dormant) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, dormant_line};
    use model::Rule;

    #[test]
    fn own_cycle_lines() {
        let rule = |k, share| Rule::OwnCycle {
            k,
            floor: 30,
            ceiling: 730,
            least_orders: 3,
            at_risk_share: share,
            fallback: 181,
            long: 365,
        };
        for (k, share, n, median, at_risk, dormant, long) in [
            (2.0, 0.8, 3, Some(32.0), 52, 65, 365),
            (2.0, 0.8, 3, Some(32.5), 53, 66, 365),
            (2.0, 0.8, 60, Some(7.0), 24, 30, 365),
            (2.0, 0.8, 5, Some(365.0), 584, 730, 730),
            (2.0, 0.8, 2, Some(7.0), 145, 181, 365),
            (2.0, 0.8, 9, None, 145, 181, 365),
            (1.15, 0.8, 3, Some(100.0), 93, 116, 365),
            (1.0, 1.0, 3, Some(34.0), 35, 35, 365),
            (1.0, 0.8, 3, Some(34.0), 28, 35, 365),
            (1.0, 0.001, 3, Some(34.0), 1, 35, 365),
        ] {
            let rule = rule(k, share);
            let lines = Lines::of(&rule, dormant_line(&rule, n, median));
            assert_eq!(lines, Lines { at_risk, dormant, long }, "k {k} share {share} n {n} {median:?}");
        }
    }
}
