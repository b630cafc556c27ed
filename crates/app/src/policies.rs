//! The shop's dormancy policy: in force, past, compared, and said in one sentence.

use crate::{App, PolicySizes, judging, lock};
use anyhow::{Context, Result};
use history::Snapshot;
use model::{Clock, Policy, Rule, State};
use std::sync::Arc;
use store::SavedPolicy;

/// The comparison of every preset over one snapshot.
pub(crate) struct Compared {
    snapshot: Arc<Snapshot>,
    sizes: Vec<PolicySizes>,
}

impl App {
    /// The policy in force; R181 until the shop sets one.
    pub fn policy(&self) -> Result<Policy> {
        if let Some(policy) = self.inner.store.active_policy()? {
            return Ok(policy);
        }
        Ok(Policy { version: 1, ..Policy::presets().swap_remove(0) })
    }

    /// Every policy ever set, the newest first.
    pub fn policies(&self) -> Result<Vec<SavedPolicy>> {
        Ok(self.inner.store.policies()?)
    }

    /// Saves a policy as the next version of its name and puts it in force.
    pub fn set_policy(&self, policy: Policy, by: &str) -> Result<Policy> {
        policy.check()?;
        for rule in &policy.segments {
            history::check_condition(&rule.condition, true)
                .with_context(|| format!("the rule for segment '{}'", rule.name))?;
        }
        Ok(self.inner.store.save_policy(&policy, by, self.now())?)
    }

    /// How many customers every preset and the policy in force would put where (C1).
    pub fn compare(&self) -> Result<Vec<PolicySizes>> {
        let snapshot = self.judged()?;
        let mut held = lock(&self.inner.compared);
        if let Some(known) = held.as_ref().filter(|c| Arc::ptr_eq(&c.snapshot, &snapshot)) {
            return Ok(known.sizes.clone());
        }
        let in_force = snapshot.policy();
        let bare = in_force.segments.is_empty() && in_force.categories.is_empty();
        let same = |p: &Policy| bare && p.default == in_force.default && p.clock == in_force.clock;
        let others: Vec<Policy> = Policy::presets().into_iter().filter(|p| !same(p)).collect();
        let counted = judging::compare(
            &self.columns_dir(),
            &others,
            snapshot.categories(),
            snapshot.as_of(),
            crate::threads(),
        )?;
        let mut sizes = vec![in_force_sizes(&snapshot)?];
        sizes.extend(others.into_iter().zip(counted).map(|(policy, n)| {
            let state = |s: State| n.states[usize::from(s.code())];
            sized(
                policy,
                false,
                [state(State::Active), state(State::AtRisk), state(State::Dormant), n.long_dormant],
            )
        }));
        *held = Some(Compared { snapshot, sizes: sizes.clone() });
        Ok(sizes)
    }
}

fn sized(policy: Policy, in_force: bool, [active, at_risk, dormant, long_dormant]: [u64; 4]) -> PolicySizes {
    let (ja, en) = describe(&policy);
    PolicySizes { policy, ja, en, in_force, active, at_risk, dormant, long_dormant }
}

fn in_force_sizes(snapshot: &Snapshot) -> Result<PolicySizes> {
    let totals = snapshot.totals(&snapshot.select("")?);
    let state = |state: State| totals.states.iter().find(|s| s.0 == state).map_or(0, |s| s.1.customers);
    let sizes =
        [state(State::Active), state(State::AtRisk), state(State::Dormant), totals.long_dormant.customers];
    Ok(sized(snapshot.policy().clone(), true, sizes))
}

/// A policy written as TOML; says which line is wrong.
pub fn policy_from_toml(text: &str) -> Result<Policy> {
    let policy: Policy = toml::from_str(text).context("this is no policy")?;
    policy.check()?;
    Ok(policy)
}

/// The policy as TOML, as `policy_from_toml` reads it.
pub fn policy_to_toml(policy: &Policy) -> Result<String> {
    Ok(toml::to_string(policy)?)
}

/// The policy in one sentence: Japanese, English.
pub fn describe(policy: &Policy) -> (String, String) {
    let clock = |words: [&str; 4], joint: &str| {
        let word = |c: &Clock| words[*c as usize];
        policy.clock.iter().map(word).collect::<Vec<_>>().join(joint)
    };
    let ja = clock(["最後の注文", "最後の利用", "最後の接触", "最後のログイン"], "または");
    let en = clock(["the last order", "the last use", "the last contact", "the last login"], " or ");
    let (mut ja, mut en) = match policy.default {
        Rule::FixedDays { at_risk, dormant, long } => (
            format!("{ja}から{at_risk}日で予兆、{dormant}日で休眠、{long}日で長期休眠"),
            format!(
                "going quiet {at_risk} days after {en}, dormant after {dormant}, long dormant after {long}"
            ),
        ),
        Rule::OwnCycle { k, floor, ceiling, least_orders, fallback, .. } => (
            format!(
                "{ja}からの日数が、ふだんの間隔の{k}倍を超えたら休眠({floor}〜{ceiling}日の範囲、注文{least_orders}回未満は{fallback}日)"
            ),
            format!(
                "dormant when the days since {en} exceed {k} times the usual gap (within {floor} to {ceiling} days; {fallback} days below {least_orders} orders)"
            ),
        ),
    };
    let extra = policy.segments.len() + policy.categories.len();
    if extra > 0 {
        ja.push_str(&format!("、ほかにセグメント・カテゴリ別の定義{extra}件"));
        en.push_str(&format!("; {extra} more rules for segments and categories"));
    }
    (ja, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_survives_its_own_toml() {
        let text = "name = \"shop\"\nclock = [\"order\", \"contact\"]\n[default]\nkind = \"own_cycle\"\nk = 2.5\n\
                    [[segment]]\nname = \"VIP\"\nwhere = \"spend >= 100000\"\nkind = \"fixed_days\"\nat_risk = 60\ndormant = 120\n\
                    [[category]]\ncategory = \"食品\"\nat_risk = 60\ndormant = 120\n";
        let policy = policy_from_toml(text).expect("a policy");
        assert_eq!(policy_from_toml(&policy_to_toml(&policy).expect("toml")).expect("a policy"), policy);
        let wrong =
            policy_from_toml(&text.replace("at_risk = 60", "atrisk = 60")).expect_err("a misspelt key");
        assert!(format!("{wrong:#}").contains("atrisk"), "{wrong:#}");
    }

    #[test]
    fn a_policy_says_itself() {
        let (ja, en) = describe(&Policy::fixed("R181", 90, 181));
        assert_eq!(ja, "最後の注文から90日で予兆、181日で休眠、365日で長期休眠");
        assert_eq!(en, "going quiet 90 days after the last order, dormant after 181, long dormant after 365");
        let mut both = Policy::own_cycle("own");
        both.clock = vec![Clock::Order, Clock::Login];
        assert!(describe(&both).0.starts_with("最後の注文または最後のログインから"));
    }
}
