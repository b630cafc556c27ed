//! Numbers drawn from a seed: the same seed gives the same numbers on every machine, for ever.

/// A stream of draws: xoshiro256++ (Blackman and Vigna, 2019), its state filled by splitmix64.
///
/// Logarithms come from `libm`, not from the platform, so that a seed means the same everywhere.
#[derive(Debug, Clone)]
pub struct Draw {
    lanes: [u64; 4],
}

impl Draw {
    /// A stream for this seed; any seed will do, zero too.
    pub fn new(seed: u64) -> Draw {
        let mut at = seed;
        Draw { lanes: std::array::from_fn(|_| splitmix(&mut at)) }
    }

    /// A stream of its own for one part of a job, so that parts can be computed in any order.
    pub fn part(seed: u64, part: u64) -> Draw {
        let mut at = seed ^ part.wrapping_mul(0xd134_2543_de82_ef95);
        Draw::new(splitmix(&mut at))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let s = &mut self.lanes;
        let drawn = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        drawn
    }

    /// Uniform on [0, 1), in steps of 2^-53.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform on (0, 1]: its logarithm is finite.
    fn positive(&mut self) -> f64 {
        1.0 - self.uniform()
    }

    /// Whether something of probability `p` happens.
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// A whole number below `n`, each equally likely (Lemire 2019, without bias); 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 {
            return 0;
        }
        let n = n as u64;
        let unfair = n.wrapping_neg() % n;
        loop {
            let wide = u128::from(self.bits()) * u128::from(n);
            if wide as u64 >= unfair {
                return (wide >> 64) as usize;
            }
        }
    }

    /// Standard normal (Marsaglia and Bray 1964, the polar method; the second value is not kept).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = u * u + v * v;
            if square > 0.0 && square < 1.0 {
                return u * (-2.0 * libm::log(square) / square).sqrt();
            }
        }
    }

    /// Exponential with this rate (mean 1 / rate); `rate` > 0.
    pub fn exponential(&mut self, rate: f64) -> f64 {
        -libm::log(self.positive()) / rate
    }

    /// Gamma with mean shape / rate (Marsaglia and Tsang 2000); both > 0.
    pub fn gamma(&mut self, shape: f64, rate: f64) -> f64 {
        libm::exp(self.ln_gamma_draw(shape)) / rate
    }

    /// Beta with mean a / (a + b); both > 0. Drawn on the log scale: tiny a and b are no trouble.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.ln_gamma_draw(a), self.ln_gamma_draw(b));
        1.0 / (1.0 + libm::exp(y - x))
    }

    /// The logarithm of a gamma draw of rate 1: a small shape would underflow otherwise.
    fn ln_gamma_draw(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boosted = self.ln_gamma_draw(shape + 1.0);
            return boosted + libm::log(self.positive()) / shape;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let root = 1.0 + c * x;
            let v = root * root * root;
            if v > 0.0 && libm::log(self.positive()) < 0.5 * x * x + d * (1.0 - v + libm::log(v)) {
                return libm::log(d * v);
            }
        }
    }

    /// How many of `n` tries of chance `p` come off. Below an expectation of 1,000, and so far from all, exact: the
    /// gaps between hits are geometric; beyond, the rounded normal, which differs from it by less than a draw shows.
    pub fn binomial(&mut self, n: usize, p: f64) -> usize {
        if p > 0.5 {
            return n - self.binomial(n, 1.0 - p);
        }
        if p <= 0.0 || p.is_nan() {
            return 0;
        }
        let mean = n as f64 * p;
        if mean > 1000.0 {
            let drawn = (mean + (mean * (1.0 - p)).sqrt() * self.normal()).round();
            return drawn.clamp(0.0, n as f64) as usize;
        }
        let missed = libm::log1p(-p);
        let (mut at, mut hits) = (0.0, 0);
        loop {
            at += (libm::log(self.positive()) / missed).floor() + 1.0;
            if at > n as f64 {
                return hits;
            }
            hits += 1;
        }
    }

    /// Puts a slice into a random order, each order equally likely (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// `n` places below `n`, drawn with replacement: one bootstrap sample.
    pub fn resample(&mut self, n: usize) -> Vec<usize> {
        (0..n).map(|_| self.below(n)).collect()
    }

    /// How often each of `n` places comes up in one bootstrap sample of `n`.
    pub fn resample_counts(&mut self, n: usize) -> Vec<f64> {
        let mut counts = vec![0.0; n];
        for _ in 0..n {
            counts[self.below(n)] += 1.0;
        }
        counts
    }

    /// The fold, 0..folds, of each of `n` rows: sizes differ by one at most; `folds` of 0 counts as 1.
    pub fn folds(&mut self, n: usize, folds: usize) -> Vec<usize> {
        let mut fold: Vec<usize> = (0..n).map(|i| i % folds.max(1)).collect();
        self.shuffle(&mut fold);
        fold
    }
}

fn splitmix(at: &mut u64) -> u64 {
    *at = at.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *at;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
