//! Points and coupons held in the cart, as they stand at the moment of sending (L-25, M077).

use crate::campaigns::Surroundings;
use model::{Campaign, Day, HeldCoupon, Occasion, Trigger};
use outreach::Fields;
use store::Bought;

/// What a letter may tell of what somebody holds in the cart.
#[derive(Clone, Default, PartialEq, Debug)]
pub(crate) struct Told {
    /// What they are invited to.
    pub occasion: Option<Occasion>,
    /// A coupon's code and when it lapses.
    pub coupon: Option<(String, Option<Day>)>,
}

impl Told {
    /// The fields of a letter with what may be told.
    pub fn on(self, fields: Fields) -> Fields {
        let fields = Fields { occasion: self.occasion, ..fields };
        match self.coupon {
            Some((coupon, coupon_expire)) => Fields { coupon, coupon_expire, ..fields },
            None => fields,
        }
    }
}

/// The points that may be told today, or the rule why none may: nothing is left of them, or nobody can be
/// sure of the figure.
pub(crate) fn points(bought: &Bought, around: &Surroundings) -> Result<(i64, Option<Day>), &'static str> {
    let today = around.settings.day_of(around.now);
    let points = bought.points.filter(|p| p.0 >= 100).ok_or("balance_gone")?.0 / 100;
    if bought.points_expire.is_some_and(|day| day < today) {
        return Err("balance_gone");
    }
    let as_of = bought.points_as_of.filter(|day| fresh(*day, around)).ok_or("balance_old")?;
    // What was ordered since may have used or earned some.
    match bought.last.is_some_and(|last| last > as_of) {
        true => Err("balance_old"),
        false => Ok((points, bought.points_expire)),
    }
}

/// Of a later moment nobody asks: imports go on until then.
fn fresh(as_of: Day, around: &Surroundings) -> bool {
    if around.stale_hours.is_none() {
        return true;
    }
    let limit = i32::try_from(around.settings.points_days).unwrap_or(i32::MAX);
    around.settings.day_of(around.now).since(as_of) <= limit
}

/// What a letter of a campaign may tell somebody who entered it on a day, or the rule that keeps it from
/// them: whoever is let in by an end hears of that end as it stands now, or not at all.
pub(crate) fn told(
    campaign: &Campaign,
    entered: Option<Day>,
    bought: &Bought,
    held: &[HeldCoupon],
    around: &Surroundings,
) -> Result<Told, &'static str> {
    let occasion = campaign.occasion.clone();
    let ends = campaign.enter.as_ref().zip(entered).map(|(enter, day)| (enter.when, day.plus(-enter.days)));
    match ends {
        Some((Trigger::PointsEnd, end)) => {
            let (_, expires) = points(bought, around)?;
            if expires == Some(end) { Ok(Told { occasion, coupon: None }) } else { Err("balance_moved") }
        }
        Some((Trigger::CouponEnd, end)) => {
            let coupon = coupon(held, end, around)?;
            Ok(Told { occasion, coupon: Some((coupon.code.clone(), coupon.expires)) })
        }
        _ => Ok(Told { occasion, coupon: None }),
    }
}

/// The coupon that lapses on a day, if it may be told of.
fn coupon<'a>(
    held: &'a [HeldCoupon],
    end: Day,
    around: &Surroundings,
) -> Result<&'a HeldCoupon, &'static str> {
    let open = || held.iter().filter(|c| !c.used);
    if open().next().is_none() || end < around.settings.day_of(around.now) {
        return Err("balance_gone");
    }
    let found = open().find(|c| c.expires == Some(end)).ok_or("balance_moved")?;
    match found.as_of.is_some_and(|day| fresh(day, around)) {
        true => Ok(found),
        false => Err("balance_old"),
    }
}

/// The fields that nobody lacks whom a trigger lets in, or an invitation goes to.
pub(crate) fn certain(campaign: &Campaign) -> &'static [&'static str] {
    let whole = |o: &Occasion| o.day.is_some() && !o.name.trim().is_empty() && !o.place.trim().is_empty();
    if campaign.occasion.as_ref().is_some_and(whole) {
        return &["occasion", "occasion_day", "occasion_place"];
    }
    match campaign.enter.as_ref().map(|enter| enter.when) {
        Some(Trigger::PointsEnd) => &["points", "points_expire"],
        Some(Trigger::CouponEnd) => &["coupon", "coupon_expire"],
        _ => &[],
    }
}
