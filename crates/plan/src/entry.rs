//! The lot of one who enters a campaign alone, on their own day.

use crate::lot::cumulated;
use model::Arm;
use stats::draw::Draw;

/// Where the lot puts a customer who enters: held out with the campaign's share, else the number of their
/// variant. A hash of seed and customer alone, so nobody can be drawn twice, and no day favours anybody.
pub fn entry(seed: u64, customer: i64, holdout: f64, variants: &[f64]) -> (Arm, u8) {
    let mut draw = Draw::part(seed, customer as u64);
    if draw.chance(holdout) {
        return (Arm::Holdout, 0);
    }
    let throw = draw.uniform();
    let variant = cumulated(variants).iter().position(|share| throw < *share).unwrap_or(0);
    (Arm::Treated, u8::try_from(variant).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_with_the_shares_asked_for() {
        let all: Vec<(Arm, u8)> = (0..20_000).map(|c| entry(7, c, 0.2, &[1.0, 3.0])).collect();
        assert_eq!(all[..50], (0..50).map(|c| entry(7, c, 0.2, &[1.0, 3.0])).collect::<Vec<_>>()[..]);
        let share = |arm, variant| all.iter().filter(|a| **a == (arm, variant)).count() as f64 / 20_000.0;
        for (found, asked) in
            [(share(Arm::Holdout, 0), 0.2), (share(Arm::Treated, 0), 0.2), (share(Arm::Treated, 1), 0.6)]
        {
            assert!((found - asked).abs() < 0.015, "{found} of {asked}");
        }
        assert!((0..500).all(|c| entry(1, c, 0.0, &[]) == (Arm::Treated, 0)));
    }
}
