//! The running median of the gaps between orders.

const INLINE: usize = 32;

/// Gaps in days, kept sorted; allocates only beyond 32 of them.
pub(crate) struct Gaps {
    few: [i32; INLINE],
    len: usize,
    many: Vec<i32>,
}

impl Gaps {
    pub(crate) const fn new() -> Gaps {
        Gaps { few: [0; INLINE], len: 0, many: Vec::new() }
    }

    pub(crate) fn insert(&mut self, gap: i32) {
        if self.many.is_empty() && self.len < INLINE {
            let mut at = self.len;
            while at > 0 && self.few[at - 1] > gap {
                self.few[at] = self.few[at - 1];
                at -= 1;
            }
            self.few[at] = gap;
            self.len += 1;
            return;
        }
        if self.many.is_empty() {
            self.many = self.few.to_vec();
        }
        let at = self.many.partition_point(|&g| g <= gap);
        self.many.insert(at, gap);
    }

    /// Days; the mean of the middle two when even; `None` without a gap.
    pub(crate) fn median(&self) -> Option<f64> {
        let sorted = if self.many.is_empty() { &self.few[..self.len] } else { &self.many };
        let half = sorted.len() / 2;
        match sorted {
            [] => None,
            _ if sorted.len() % 2 == 1 => Some(f64::from(sorted[half])),
            _ => Some((f64::from(sorted[half - 1]) + f64::from(sorted[half])) / 2.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Gaps;

    proptest::proptest! {
        #[test]
        fn equals_the_median_of_a_sorted_list(gaps in proptest::collection::vec(1i32..400, 0..80)) {
            let (mut running, mut seen) = (Gaps::new(), Vec::new());
            for gap in gaps {
                running.insert(gap);
                seen.push(gap);
                seen.sort_unstable();
                let middle = [seen[(seen.len() - 1) / 2], seen[seen.len() / 2]];
                let median = f64::from(middle[0] + middle[1]) / 2.0;
                proptest::prop_assert_eq!(running.median(), Some(median));
            }
        }
    }
}
