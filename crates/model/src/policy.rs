//! The shop's rule for who is going quiet and who is dormant.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Which happening starts the clock anew (M002, C12).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    Order,
    Use,
    Contact,
    Login,
}

/// When silence becomes at_risk and dormant. All lines are inclusive days of silence.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// The same days for everyone.
    FixedDays {
        at_risk: i32,
        dormant: i32,
        #[serde(default = "year")]
        long: i32,
    },
    /// By the customer's own rhythm: dormant when silence exceeds `k` times the median gap.
    OwnCycle {
        #[serde(default = "two")]
        k: f64,
        /// The dormant line is never below this.
        #[serde(default = "thirty")]
        floor: i32,
        /// ... nor above this.
        #[serde(default = "two_years")]
        ceiling: i32,
        /// With fewer orders than this, `fallback` days decide.
        #[serde(default = "three")]
        least_orders: u32,
        /// at_risk begins at this share of the dormant line, 0..1.
        #[serde(default = "four_fifths")]
        at_risk_share: f64,
        #[serde(default = "half_year")]
        fallback: i32,
        #[serde(default = "year")]
        long: i32,
    },
}

fn year() -> i32 {
    365
}
fn two() -> f64 {
    2.0
}
fn thirty() -> i32 {
    30
}
fn two_years() -> i32 {
    730
}
fn three() -> u32 {
    3
}
fn four_fifths() -> f64 {
    0.8
}
fn half_year() -> i32 {
    181
}

/// A rule for a segment over history columns.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SegmentRule {
    pub name: String,
    /// SQL `WHERE` text over history columns.
    #[serde(rename = "where")]
    pub condition: String,
    #[serde(flatten)]
    pub rule: Rule,
}

/// A rule for the purchases of one product category: its own clock and its own lines (M005).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryRule {
    pub category: String,
    pub at_risk: i32,
    pub dormant: i32,
}

/// A dormancy policy. The first segment rule that holds decides; else the category rules,
/// of which the liveliest answer counts; else `default`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub name: String,
    /// Set by the store when the policy is saved; 0 before.
    #[serde(default)]
    pub version: u32,
    /// Any of these starts the clock anew; the latest counts.
    #[serde(default = "order_clock")]
    pub clock: Vec<Clock>,
    /// Days over which a return is expected and valued.
    #[serde(default = "quarter")]
    pub horizon: i32,
    pub default: Rule,
    #[serde(default, rename = "segment", skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<SegmentRule>,
    #[serde(default, rename = "category", skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryRule>,
}

fn quarter() -> i32 {
    90
}

fn order_clock() -> Vec<Clock> {
    vec![Clock::Order]
}

/// Why a policy cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyError(pub String);

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for PolicyError {}

impl Policy {
    /// A policy of plain days, long-dormant from a year.
    pub fn fixed(name: &str, at_risk: i32, dormant: i32) -> Policy {
        Policy::of(name, Rule::FixedDays { at_risk, dormant, long: 365.max(dormant) })
    }

    /// A policy by own rhythm with the usual numbers.
    pub fn own_cycle(name: &str) -> Policy {
        let rule = Rule::OwnCycle {
            k: two(),
            floor: thirty(),
            ceiling: two_years(),
            least_orders: three(),
            at_risk_share: four_fifths(),
            fallback: half_year(),
            long: year(),
        };
        Policy::of(name, rule)
    }

    fn of(name: &str, default: Rule) -> Policy {
        Policy {
            name: name.to_owned(),
            version: 0,
            clock: order_clock(),
            horizon: quarter(),
            default,
            segments: vec![],
            categories: vec![],
        }
    }

    /// The presets that `policy compare` shows side by side (C1). The first is the default.
    pub fn presets() -> Vec<Policy> {
        vec![
            Policy::fixed("R181", 90, 181),
            Policy::fixed("1year", 181, 365),
            Policy::fixed("3months", 60, 90),
            Policy::fixed("240days", 120, 240),
            Policy::own_cycle("own_cycle"),
        ]
    }

    /// Whether its numbers make sense; says which do not.
    pub fn check(&self) -> Result<(), PolicyError> {
        let bad = |text: String| Err(PolicyError(text));
        if self.name.trim().is_empty() || self.clock.is_empty() {
            return bad("a policy needs a name and at least one clock".into());
        }
        if !(1..=3650).contains(&self.horizon) {
            return bad(format!("a policy's horizon is 1 to 3650 days, not {}", self.horizon));
        }
        for rule in self.segments.iter().map(|s| &s.rule).chain([&self.default]) {
            match *rule {
                Rule::FixedDays { at_risk, dormant, long }
                    if !(1 <= at_risk && at_risk <= dormant && dormant <= long) =>
                {
                    return bad(format!(
                        "fixed_days needs 1 <= at_risk ({at_risk}) <= dormant ({dormant}) <= long ({long})"
                    ));
                }
                Rule::OwnCycle { k, floor, ceiling, at_risk_share, fallback, .. }
                    if !(k > 0.0 && k < 100.0 && 1 <= floor && floor <= ceiling && fallback >= 1)
                        || !(at_risk_share > 0.0 && at_risk_share <= 1.0) =>
                {
                    return bad(format!(
                        "own_cycle needs 0 < k ({k}) < 100, 1 <= floor ({floor}) <= ceiling ({ceiling}), 0 < at_risk_share ({at_risk_share}) <= 1, fallback ({fallback}) >= 1"
                    ));
                }
                _ => {}
            }
        }
        match self.categories.iter().find(|c| c.at_risk < 1 || c.dormant < c.at_risk) {
            Some(c) => bad(format!(
                "category {}: needs 1 <= at_risk ({}) <= dormant ({})",
                c.category, c.at_risk, c.dormant
            )),
            None => Ok(()),
        }
    }
}
