//! One bit per row, and truth as SQL knows it.

/// Bits beyond the last row are always 0.
pub(crate) type Bits = Vec<u64>;

/// Bit `i` is `f(i)`.
#[inline]
pub(crate) fn pack(n: usize, f: impl Fn(usize) -> bool) -> Bits {
    let mut bits = Vec::with_capacity(n.div_ceil(64));
    let mut from = 0;
    while from < n {
        let to = (from + 64).min(n);
        let mut word = 0;
        for i in from..to {
            word |= u64::from(f(i)) << (i - from);
        }
        bits.push(word);
        from = to;
    }
    bits
}

/// All bits of `n` rows.
pub(crate) fn full(n: usize) -> Bits {
    let mut bits = vec![u64::MAX; n.div_ceil(64)];
    if let Some(last) = bits.last_mut().filter(|_| !n.is_multiple_of(64)) {
        *last = (1 << (n % 64)) - 1;
    }
    bits
}

pub(crate) fn none(n: usize) -> Bits {
    vec![0; n.div_ceil(64)]
}

pub(crate) fn is_set(bits: &[u64], row: usize) -> bool {
    bits[row / 64] >> (row % 64) & 1 == 1
}

pub(crate) fn count(bits: &[u64]) -> u64 {
    bits.iter().map(|w| u64::from(w.count_ones())).sum()
}

/// The rows whose bit is set.
pub(crate) fn ones(bits: &[u64]) -> impl Iterator<Item = usize> + '_ {
    bits.iter().enumerate().flat_map(|(i, &word)| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(i * 64 + bit)
        })
    })
}

fn zip(a: &[u64], b: &[u64], f: impl Fn(u64, u64) -> u64) -> Bits {
    a.iter().zip(b).map(|(&a, &b)| f(a, b)).collect()
}

pub(crate) fn and(a: &[u64], b: &[u64]) -> Bits {
    zip(a, b, |a, b| a & b)
}

pub(crate) fn or(a: &[u64], b: &[u64]) -> Bits {
    zip(a, b, |a, b| a | b)
}

pub(crate) fn without(a: &[u64], b: &[u64]) -> Bits {
    zip(a, b, |a, b| a & !b)
}

/// Three-valued truth of many rows: neither yes nor no is unknown.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Truth {
    pub(crate) yes: Bits,
    pub(crate) no: Bits,
}

impl Truth {
    pub(crate) fn constant(value: Option<bool>, n: usize) -> Truth {
        let (yes, no) = (value == Some(true), value == Some(false));
        let bits = |on| if on { full(n) } else { none(n) };
        Truth { yes: bits(yes), no: bits(no) }
    }

    /// Of rows that hold where `yes` and are known where `valid`; `None` is everywhere.
    pub(crate) fn known(yes: Bits, valid: Option<&Bits>, n: usize) -> Truth {
        match valid {
            None => Truth { no: without(&full(n), &yes), yes },
            Some(valid) => {
                let yes = and(&yes, valid);
                Truth { no: without(valid, &yes), yes }
            }
        }
    }

    pub(crate) fn and(&self, other: &Truth) -> Truth {
        Truth { yes: and(&self.yes, &other.yes), no: or(&self.no, &other.no) }
    }

    pub(crate) fn or(&self, other: &Truth) -> Truth {
        Truth { yes: or(&self.yes, &other.yes), no: and(&self.no, &other.no) }
    }

    pub(crate) fn not(self) -> Truth {
        Truth { yes: self.no, no: self.yes }
    }

    /// Whether both say the same; unknown where one of them is.
    pub(crate) fn equal(&self, other: &Truth) -> Truth {
        Truth {
            yes: or(&and(&self.yes, &other.yes), &and(&self.no, &other.no)),
            no: or(&and(&self.yes, &other.no), &and(&self.no, &other.yes)),
        }
    }
}
