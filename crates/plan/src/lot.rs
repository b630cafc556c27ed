//! The lot: who of those that are in is held out, and which variant the others get.

use stats::draw::Draw;

/// Most strata: tenths of the candidates by p_return.
const STRATA: usize = 10;
/// Of each arm at least so many in a stratum, or there are fewer strata.
const LEAST: usize = 5;

/// One who is in.
#[derive(Clone, Copy)]
pub(crate) struct Ticket {
    pub index: u32,
    pub customer: i64,
    pub p_return: f64,
}

/// What the lot says of one.
#[derive(Clone, Copy)]
pub(crate) struct Drawn {
    pub index: u32,
    pub held_out: bool,
    pub stratum: u16,
    pub variant: u8,
}

/// How many of `n` are held out: the share, rounded, but with any share at all nobody is an arm of its own:
/// one at least is held out and one treated. Of one customer nobody is held out.
pub(crate) fn held(n: usize, share: f64) -> usize {
    if n < 2 || share.is_nan() || share <= 0.0 {
        return 0;
    }
    ((share.min(1.0) * n as f64).round() as usize).clamp(1, n - 1)
}

/// Draws within strata of like p_return and like size. A customer's number comes from the seed and the
/// customer alone, so the order of the tickets is nothing. Everybody has the same chance of the holdout: a
/// stratum's part of it is its share rounded at random, all parts together are exact.
pub(crate) fn draw(mut tickets: Vec<Ticket>, share: f64, variants: &[f64], seed: u64) -> Vec<Drawn> {
    let n = tickets.len();
    let held = held(n, share);
    let scarce = if held == 0 { n } else { held.min(n - held) };
    let strata = (scarce / LEAST).clamp(1, STRATA);
    // Equal probabilities fall to strata by lot, too.
    let number = |t: &Ticket| Draw::part(seed, t.customer as u64).bits();
    tickets.sort_by_cached_key(|t| (ordered(t.p_return), number(t), t.customer));
    let parts = rounded((1..=strata).map(|s| (s * n / strata) as f64 / n.max(1) as f64), held, seed);
    let mut drawn = Vec::with_capacity(n);
    for (s, part) in parts.into_iter().enumerate() {
        let stratum = &mut tickets[s * n / strata..(s + 1) * n / strata];
        // A second number: the first has already had its say on who belongs here.
        stratum.sort_by_cached_key(|t| (Draw::part(!seed, t.customer as u64).bits(), t.customer));
        let treated = stratum.len() - part;
        let lots = rounded(cumulated(variants).into_iter(), treated, seed.wrapping_add(1 + s as u64));
        let mut lots = lots.into_iter().enumerate().flat_map(|(variant, n)| std::iter::repeat_n(variant, n));
        drawn.extend(stratum.iter().enumerate().map(|(place, ticket)| {
            let held_out = place < part;
            let variant = if held_out { 0 } else { lots.next().unwrap_or(0) as u8 };
            Drawn { index: ticket.index, held_out, stratum: s as u16, variant }
        }));
    }
    drawn
}

/// A probability as a number that sorts as it does.
fn ordered(p: f64) -> u64 {
    if p > 0.0 { p.to_bits() } else { 0 }
}

/// `total` parted by cumulated shares that end in 1, each part rounded up or down by one throw for all, so
/// that its expectation is exact and the parts sum to the total (systematic sampling).
fn rounded(cumulated: impl Iterator<Item = f64>, total: usize, seed: u64) -> Vec<usize> {
    let throw = Draw::new(seed).uniform();
    // Sums of shares come out a hair short: 0.3 * 10 + 0 must be 3.
    let at = |share: f64| (share * total as f64 + throw + 1e-9).floor() as usize;
    let mut before = at(0.0);
    let next = |share| {
        let here = at(share).max(before);
        let part = here - before;
        before = here;
        part
    };
    cumulated.map(next).collect()
}

/// Shares as running sums that end in 1; shares that make no sense are alike. No share is one share.
pub(crate) fn cumulated(shares: &[f64]) -> Vec<f64> {
    let whole: f64 = shares.iter().sum();
    let usable = shares.iter().all(|s| *s >= 0.0) && whole.is_finite() && whole > 0.0;
    let shares = if usable { shares.to_vec() } else { vec![1.0; shares.len().max(1)] };
    let whole: f64 = shares.iter().sum();
    let mut sum = 0.0;
    let mut sums: Vec<f64> = shares.iter().map(|share| (sum += share / whole, sum).1).collect();
    // Rounding must not lose the last of a part.
    sums.last_mut().into_iter().for_each(|last| *last = 1.0);
    sums
}
