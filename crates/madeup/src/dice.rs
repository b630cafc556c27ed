//! Chance that can be repeated: one stream of numbers per customer and purpose.

/// xoshiro256++ seeded by SplitMix64. Source: Blackman and Vigna, "Scrambled Linear
/// Pseudorandom Number Generators", 2021.
pub(crate) struct Dice([u64; 4]);

impl Dice {
    /// The stream of customer `index` for one `purpose`: the same whoever was drawn before.
    pub fn new(seed: u64, index: u64, purpose: u64) -> Dice {
        let mut state = mix(seed) ^ mix(index.wrapping_mul(0x9e37_79b9) ^ mix(purpose));
        Dice([(); 4].map(|()| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mix(state)
        }))
    }

    fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// 0 <= x < 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// 0 <= x < n; n must not be 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// lo <= x <= hi.
    pub fn between(&mut self, lo: i32, hi: i32) -> i32 {
        lo + self.below((hi - lo + 1).max(1) as u64) as i32
    }

    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Mean 0, variance 1, within -6..6: twelve uniforms, so that no platform's `ln` matters.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// One of the values, by its weight.
    pub fn weighted<T: Copy>(&mut self, from: &[(u32, T)]) -> T {
        let mut at = self.below(from.iter().map(|(w, _)| u64::from(*w)).sum());
        for (weight, value) in from {
            match at.checked_sub(u64::from(*weight)) {
                Some(rest) => at = rest,
                None => return *value,
            }
        }
        from[0].1
    }
}

fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn fair_and_repeatable() {
        let mut a = Dice::new(1, 2, 3);
        let mut b = Dice::new(1, 2, 3);
        assert!((0..100).all(|_| a.next() == b.next()));
        assert_ne!(Dice::new(1, 2, 3).next(), Dice::new(1, 3, 3).next());
        let mean = (0..10_000).map(|_| a.unit()).sum::<f64>() / 10_000.0;
        let normal = (0..10_000).map(|_| a.normal().powi(2)).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02 && (normal - 1.0).abs() < 0.05, "{mean} {normal}");
        let heavy = (0..1_000).filter(|_| a.weighted(&[(9, true), (1, false)])).count();
        assert!((850..950).contains(&heavy), "{heavy}");
    }
}
