//! Which reasons a campaign answers, and who is left to the scenario of their own reason (M034).

use super::list::{UNKNOWN_REASON, reasons};
use crate::App;
use anyhow::Result;
use model::Campaign;

/// Whom a campaign is for by their reason.
pub(crate) struct Aim {
    left_for: Vec<String>,
    /// Reasons that another scenario answers.
    spared: Vec<String>,
}

impl Aim {
    /// The rule by which somebody with this reason is skipped; `None`: they are meant.
    pub fn refuses(&self, reason: Option<&str>) -> Option<&'static str> {
        let reason = reason.unwrap_or(UNKNOWN_REASON);
        if !self.left_for.is_empty() && !self.left_for.iter().any(|meant| meant == reason) {
            return Some("other_reason");
        }
        self.spared.iter().any(|spared| spared == reason).then_some("own_scenario")
    }
}

impl App {
    /// Whom a campaign is for by their reason, by the list in force.
    pub(crate) fn aim(&self, campaign: &Campaign) -> Result<Aim> {
        let whom = &campaign.whom;
        let mut spared = Vec::new();
        if whom.spare_reasons {
            let other = |r: &super::LeftFor| {
                !r.scenario.is_empty() && r.scenario != campaign.scenario && !whom.left_for.contains(&r.id)
            };
            spared.extend(reasons(&self.settings()?)?.into_iter().filter(other).map(|r| r.id));
        }
        Ok(Aim { left_for: whom.left_for.clone(), spared })
    }

    /// A campaign just made from a scenario, aimed at the reasons that the shop has given to that scenario.
    pub fn aimed(&self, mut campaign: Campaign) -> Result<Campaign> {
        if campaign.scenario.is_empty() {
            return Ok(campaign);
        }
        for reason in reasons(&self.settings()?)?.into_iter().filter(|r| r.scenario == campaign.scenario) {
            if !campaign.whom.left_for.contains(&reason.id) {
                campaign.whom.left_for.push(reason.id);
                campaign.whom.spare_reasons = false;
            }
        }
        Ok(campaign)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_meant_spared_or_another() {
        let words = |all: &[&str]| all.iter().map(|w| (*w).to_owned()).collect::<Vec<String>>();
        let aim =
            |left_for: &[&str], spared: &[&str]| Aim { left_for: words(left_for), spared: words(spared) };
        for (aim, reason, expected) in [
            (aim(&[], &[]), None, None),
            (aim(&[], &[]), Some("price"), None),
            (aim(&["price"], &[]), Some("price"), None),
            (aim(&["price"], &[]), Some("forgot"), Some("other_reason")),
            (aim(&["price"], &[]), None, Some("other_reason")),
            (aim(&["unknown"], &[]), None, None),
            (aim(&[], &["price"]), Some("price"), Some("own_scenario")),
            (aim(&[], &["price"]), None, None),
        ] {
            assert_eq!(aim.refuses(reason), expected, "{reason:?}");
        }
    }
}
