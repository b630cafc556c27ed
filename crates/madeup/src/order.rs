//! What is in one order: goods, money, and what became of it.

use crate::dice::Dice;
use crate::goods::{GIFTS, PRODUCTS, Product};
use crate::life::{Behaviour, Life};
use model::{Day, Standing};

/// How it was or will be paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Payment {
    Card,
    CashOnDelivery,
    Later,
    Bank,
}

impl Payment {
    /// The number and the name in EC-CUBE.
    pub fn eccube(self) -> (u32, &'static str) {
        match self {
            Payment::Card => (5, "クレジットカード決済"),
            Payment::CashOnDelivery => (4, "代金引換"),
            Payment::Later => (6, "NP後払い"),
            Payment::Bank => (3, "銀行振込"),
        }
    }
}

/// Some pieces of one product.
#[derive(Clone, Copy)]
pub(crate) struct Line {
    pub product: &'static Product,
    pub quantity: i64,
}

/// One order. Money is yen.
#[derive(Clone)]
pub(crate) struct Order {
    pub day: Day,
    /// Seconds after midnight.
    pub second: u32,
    pub standing: Standing,
    lines: [Option<Line>; 3],
    pub payment: Payment,
    /// Other people it goes to; 0 = to the buyer.
    pub addressees: i64,
    /// For one address.
    pub shipping: i64,
    pub fee: i64,
    pub coupon: i64,
    pub points: i64,
    /// Part of it given back later.
    pub given_back: i64,
    pub subscription: bool,
    pub shipped: Option<Day>,
}

impl Order {
    pub fn lines(&self) -> impl Iterator<Item = Line> + '_ {
        self.lines.iter().flatten().copied()
    }

    /// Goods with tax.
    pub fn goods(&self) -> i64 {
        self.lines().map(|l| l.product.with_tax() * l.quantity).sum()
    }

    /// Tax within the goods.
    pub fn tax(&self) -> i64 {
        self.lines().map(|l| (l.product.with_tax() - l.product.price) * l.quantity).sum()
    }

    pub fn shipping_in_all(&self) -> i64 {
        self.shipping * self.addressees.max(1)
    }

    /// What is paid where the cart adds its own fee (EC-CUBE).
    pub fn with_fee(&self) -> i64 {
        self.without_fee() + self.fee
    }

    /// What is paid where there is no such fee (Shopify).
    pub fn without_fee(&self) -> i64 {
        self.goods() + self.shipping_in_all() - self.coupon - self.points
    }
}

/// The orders of one life, in its order.
pub(crate) fn orders(seed: u64, index: u64, life: &Life, today: Day, out: &mut Vec<Order>) {
    let mut dice = Dice::new(seed, index, 4);
    let favourite = favourite(&mut dice, life.behaviour);
    out.clear();
    for (n, day) in life.days.iter().enumerate() {
        out.push(draw(&mut dice, life, favourite, (n, *day), today));
    }
}

/// Most keep to one product; a third of the one-timers only tried a sample.
fn favourite(dice: &mut Dice, behaviour: Behaviour) -> usize {
    let ordinary = PRODUCTS.len() - GIFTS;
    let sample = PRODUCTS.iter().position(|p| p.sku == *dice.pick(&["H016", "C012"]));
    match (behaviour, sample) {
        (Behaviour::OneTimer, Some(sample)) if dice.chance(0.33) => sample,
        (Behaviour::Gift, _) => ordinary + dice.below(GIFTS as u64) as usize,
        _ => dice.below(ordinary as u64) as usize,
    }
}

fn draw(dice: &mut Dice, life: &Life, favourite: usize, (n, day): (usize, Day), today: Day) -> Order {
    let gift = life.behaviour == Behaviour::Gift;
    let mut lines = lines(dice, favourite, gift, life.behaviour.subscribes());
    let payment = dice.weighted(&[
        (70, Payment::Card),
        (10, Payment::CashOnDelivery),
        (15, Payment::Later),
        (5, Payment::Bank),
    ]);
    let addressees = if gift { i64::from(dice.between(1, 2)) } else { 0 };
    for line in lines.iter_mut().flatten() {
        line.quantity = line.quantity.max(addressees);
    }
    let standing = standing(dice, payment, day, today);
    let mut order = Order {
        day,
        second: dice.between(7 * 3_600, 24 * 3_600 - 1) as u32,
        standing,
        lines,
        payment,
        addressees,
        shipping: 0,
        fee: if payment == Payment::CashOnDelivery { 330 } else { 0 },
        coupon: if n == 0 && dice.chance(0.2) { 500 } else { 0 },
        points: if n > 1 && dice.chance(0.12) { i64::from(dice.between(1, 10)) * 50 } else { 0 },
        given_back: 0,
        subscription: life.plan.is_some_and(|p| p.ended.is_none_or(|end| day <= end)),
        shipped: None,
    };
    order.shipping = if order.goods() < 5_500 { 550 } else { 0 };
    let partly = dice.chance(0.01) && standing == Standing::Completed;
    order.given_back = if partly { order.goods() / 4 } else { 0 };
    let arrives = day.plus(dice.between(1, 3));
    let done = matches!(standing, Standing::Completed | Standing::Returned);
    order.shipped = (done && arrives <= today).then_some(arrives);
    order
}

fn lines(dice: &mut Dice, favourite: usize, gift: bool, subscribes: bool) -> [Option<Line>; 3] {
    let ordinary = PRODUCTS.len() - GIFTS;
    let many = dice.weighted(&[(80, 1), (15, 2), (5, 3)]);
    let loyal = gift || subscribes || dice.chance(0.75);
    let first = if loyal { favourite } else { dice.below(ordinary as u64) as usize };
    let mut lines = [Some(Line { product: &PRODUCTS[first], quantity: many }), None, None];
    let more = if subscribes { 0.1 } else { 0.3 };
    for line in &mut lines[1..] {
        if !gift && dice.chance(more) {
            let product = &PRODUCTS[dice.below(ordinary as u64) as usize];
            *line = Some(Line { product, quantity: 1 });
        }
    }
    lines
}

fn standing(dice: &mut Dice, payment: Payment, day: Day, today: Day) -> Standing {
    let drawn = dice.weighted(&[
        (950, Standing::Completed),
        (28, Standing::Cancelled),
        (10, Standing::Returned),
        (12, Standing::Checkout),
    ]);
    let unpaid = today.since(day) <= 5 && payment == Payment::Bank;
    if drawn == Standing::Completed && unpaid { Standing::Pending } else { drawn }
}
