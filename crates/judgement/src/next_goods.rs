//! What somebody may like next: what others bought beside what they have, or what took its place (M085).

use std::collections::HashMap;

/// Products that one customer counts with at most: whoever bought everything says nothing of anything.
const MOST: usize = 60;
/// Customers who bought both, at least.
pub const SUPPORT: u64 = 5;
/// How much likelier the one makes the other, at least.
pub const LIFT: f64 = 1.2;

/// Two products that the same customers bought.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pair {
    /// Whoever has this ...
    pub a: u32,
    /// ... may like this.
    pub b: u32,
    /// Customers who bought both.
    pub both: u64,
    /// Of those with `a`, the share that also bought `b`: 0..=1.
    pub confidence: f64,
    /// `confidence` over the share of all buyers who bought `b`.
    pub lift: f64,
}

/// Counts products and pairs, customer by customer.
#[derive(Default)]
pub struct Pairing {
    customers: u64,
    buyers: HashMap<u32, u64>,
    both: HashMap<(u32, u32), u64>,
}

impl Pairing {
    /// One customer's products, each once, in any order; without what they were bought with.
    pub fn meet(&mut self, products: &[u32]) {
        self.customers += 1;
        for product in products {
            *self.buyers.entry(*product).or_default() += 1;
        }
    }

    /// One customer's products, each once, in any order.
    pub fn add(&mut self, products: &[u32]) {
        self.meet(products);
        if products.len() > MOST {
            return;
        }
        for (at, a) in products.iter().enumerate() {
            for b in &products[at + 1..] {
                *self.both.entry((*a.min(b), *a.max(b))).or_default() += 1;
            }
        }
    }

    /// Customers who bought a product.
    pub fn buyers(&self, product: u32) -> u64 {
        self.buyers.get(&product).copied().unwrap_or(0)
    }

    /// Pairs in both directions that enough customers bought and that chance does not explain; by product, the
    /// likeliest first, `most` of each.
    pub fn pairs(&self, most: usize) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = Vec::new();
        for ((x, y), both) in self.both.iter().filter(|(_, both)| **both >= SUPPORT) {
            for (a, b) in [(*x, *y), (*y, *x)] {
                let confidence = *both as f64 / self.buyers(a).max(1) as f64;
                let share = self.buyers(b) as f64 / self.customers.max(1) as f64;
                let pair =
                    Pair { a, b, both: *both, confidence, lift: confidence / share.max(f64::MIN_POSITIVE) };
                if pair.lift >= LIFT {
                    pairs.push(pair);
                }
            }
        }
        pairs.sort_by(|p, q| p.a.cmp(&q.a).then(q.confidence.total_cmp(&p.confidence)).then(p.b.cmp(&q.b)));
        let mut of = (0, 0);
        pairs.retain(|pair| {
            of = if of.0 == pair.a { (pair.a, of.1 + 1) } else { (pair.a, 1) };
            of.1 <= most
        });
        pairs
    }
}

/// Why a product is proposed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum NextFor {
    /// It takes the place of this one, which they have.
    Successor(u32),
    /// Customers with this one bought it too.
    BoughtWith(Pair),
}

/// The product to propose, and why. `owned`: what they have, the latest first. What they have or refused is
/// never proposed, nor what `barred` says may not be; a successor of what they have goes before everything.
pub fn next_goods(
    owned: &[u32],
    refused: &[u32],
    pairs: &dyn Fn(u32) -> Vec<Pair>,
    successor: &dyn Fn(u32) -> Option<u32>,
    barred: &dyn Fn(u32) -> bool,
) -> Option<(u32, NextFor)> {
    let free = |product: &u32| !owned.contains(product) && !refused.contains(product) && !barred(*product);
    let followed =
        owned.iter().find_map(|old| Some((successor(*old).filter(free)?, NextFor::Successor(*old))));
    let of_pairs = || {
        let all = owned.iter().flat_map(|product| pairs(*product)).filter(|pair| free(&pair.b));
        let best = all.max_by(|p, q| {
            p.confidence.total_cmp(&q.confidence).then(p.lift.total_cmp(&q.lift)).then(q.b.cmp(&p.b))
        });
        best.map(|pair| (pair.b, NextFor::BoughtWith(pair)))
    };
    followed.or_else(of_pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten buy 1 and 2, five buy 1 and 3, twenty buy 4 alone, three buy 1 and 5.
    fn shop() -> Pairing {
        let mut shop = Pairing::default();
        (0..10).for_each(|_| shop.add(&[2, 1]));
        (0..5).for_each(|_| shop.add(&[1, 3]));
        (0..20).for_each(|_| shop.add(&[4]));
        (0..3).for_each(|_| shop.add(&[1, 5]));
        shop
    }

    /// M085: support, confidence and lift as they are defined.
    #[test]
    fn pairs_need_support_and_more_than_chance() {
        let shop = shop();
        let pairs = shop.pairs(9);
        let found: Vec<(u32, u32, u64)> = pairs.iter().map(|p| (p.a, p.b, p.both)).collect();
        assert_eq!(found, [(1, 2, 10), (1, 3, 5), (2, 1, 10), (3, 1, 5)], "three buyers are too few");
        assert!((pairs[0].confidence - 10.0 / 18.0).abs() < 1e-9);
        assert!((pairs[0].lift - (10.0 / 18.0) / (10.0 / 38.0)).abs() < 1e-9);
        assert_eq!(shop.pairs(1).iter().map(|p| (p.a, p.b)).collect::<Vec<_>>(), [(1, 2), (2, 1), (3, 1)]);
        // Bought by everybody, it goes with everything by chance alone.
        let mut chance = Pairing::default();
        (0..40).for_each(|n| chance.add(&[1, 2 + n % 2]));
        assert_eq!(chance.pairs(9), []);
    }

    /// M085: never what they have or refused; what took a product's place goes first.
    #[test]
    fn what_is_proposed_is_new_and_wanted() {
        let all = shop().pairs(9);
        let pairs = |a: u32| all.iter().copied().filter(|p| p.a == a).collect::<Vec<_>>();
        let next = |owned: &[u32], refused: &[u32], after: &[(u32, u32)], barred: &[u32]| {
            let successor = |old: u32| after.iter().find(|(o, _)| *o == old).map(|(_, new)| *new);
            next_goods(owned, refused, &pairs, &successor, &|p| barred.contains(&p))
                .map(|(product, why)| (product, matches!(why, NextFor::Successor(_))))
        };
        assert_eq!(next(&[1], &[], &[], &[]), Some((2, false)));
        assert_eq!(next(&[1, 2], &[], &[], &[]), Some((3, false)), "not what they have");
        assert_eq!(next(&[1], &[2], &[], &[]), Some((3, false)), "not what they refused");
        assert_eq!(next(&[1], &[], &[], &[2, 3]), None, "not what may not be named");
        assert_eq!(next(&[4], &[], &[], &[]), None, "nothing goes with it");
        assert_eq!(next(&[], &[], &[], &[]), None);
        assert_eq!(next(&[4, 1], &[], &[(4, 9)], &[]), Some((9, true)), "what took its place");
        assert_eq!(next(&[4, 9, 1], &[], &[(4, 9)], &[]), Some((2, false)), "which they have");
    }
}
