//! How much people were written to, and what became of them afterwards (M037).

use crate::Interval;
use stats::trial::{Count, wilson};

/// Groups at most.
const TENTHS: u64 = 10;
const LEVEL: f64 = 0.95;

/// Everybody who got the same number of touches.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct PressureClass {
    /// In the days before.
    pub touches: u32,
    pub customers: u64,
    /// Of them, in the days after: closed a channel; became dormant.
    pub left: u64,
    pub lapsed: u64,
}

/// About a tenth of those who were touched, by how often.
#[derive(Clone, PartialEq, Debug)]
pub struct PressureTenth {
    /// Touches, from and to.
    pub from: u32,
    pub to: u32,
    pub customers: u64,
    /// Shares with their 95 % intervals (Wilson 1927).
    pub left: Interval,
    pub lapsed: Interval,
}

/// Tenths by the number of touches, the fewest first. Those with the same number stay together, so there may
/// be fewer than ten. This compares people who were chosen, not drawn by lot: it shows where to look, not what
/// touches do.
pub fn pressure(classes: &[PressureClass]) -> Vec<PressureTenth> {
    let mut classes: Vec<PressureClass> = classes.iter().copied().filter(|c| c.customers > 0).collect();
    classes.sort_by_key(|c| c.touches);
    let all: u64 = classes.iter().map(|c| c.customers).sum();
    let (mut tenths, mut open, mut from, mut seen) = (Vec::new(), PressureClass::default(), None, 0);
    for class in classes {
        from = from.or(Some(class.touches));
        open.touches = class.touches;
        open.customers += class.customers;
        open.left += class.left;
        open.lapsed += class.lapsed;
        let before = seen * TENTHS / all.max(1);
        seen += class.customers;
        // A boundary of tenths lies within this class, or at its end.
        if seen * TENTHS / all.max(1) > before {
            tenths.push(tenth(from.take().unwrap_or(class.touches), open));
            open = PressureClass::default();
        }
    }
    tenths
}

fn tenth(from: u32, of: PressureClass) -> PressureTenth {
    let share = |hits: u64| wilson(Count { hits: hits as f64, n: of.customers as f64 }, LEVEL);
    PressureTenth {
        from,
        to: of.touches,
        customers: of.customers,
        left: share(of.left),
        lapsed: share(of.lapsed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M037: ties stay together, nobody is lost, and the highest tenth has its interval.
    #[test]
    fn tenths_by_the_number_of_touches() {
        let class = |touches, customers, lapsed| PressureClass { touches, customers, left: 0, lapsed };
        assert_eq!(pressure(&[]), []);
        let even: Vec<PressureClass> = (1..=10).map(|n| class(n, 100, u64::from(n))).collect();
        let found = pressure(&even);
        assert_eq!(
            found.iter().map(|t| (t.from, t.to)).collect::<Vec<_>>(),
            (1..=10).map(|n| (n, n)).collect::<Vec<_>>()
        );
        let tied = pressure(&[class(1, 700, 7), class(2, 200, 4), class(3, 60, 3), class(9, 40, 12)]);
        assert_eq!(
            tied.iter().map(|t| (t.from, t.to, t.customers)).collect::<Vec<_>>(),
            [(1, 1, 700), (2, 2, 200), (3, 9, 100)]
        );
        let top = &tied[2].lapsed;
        assert_eq!((top.value, top.low < 0.15, top.high > 0.15), (0.15, true, true));
        assert!(top.low > 0.09 && top.high < 0.24, "Wilson's interval of 15 in 100: {top:?}");
        let one = pressure(&[class(4, 3, 1)]);
        assert_eq!((one.len(), one[0].customers), (1, 3));
    }
}
