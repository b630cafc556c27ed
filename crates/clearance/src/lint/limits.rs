//! Words of an end, of points and of coupons: true of the offer, and never typed by hand (L-24, L-25).

use super::fold::{find, find_both, sentences};
use super::terms::{
    DISCOUNT, EXPIRY, HELD, LAPSING, LIMITED, TODAY_ONLY, TYPED_BALANCE, TYPED_EXPIRY, UNTIL,
};
use super::{Remark, Spoken};
use model::{Campaign, Day, StepKind, Trigger};

pub(super) fn remarks(letter: &Spoken, campaign: &Campaign) -> Vec<Remark> {
    let mut remarks = ends(letter, campaign);
    remarks.extend(letter.remarks("L-25", typed));
    remarks
}

/// Words of a limit.
fn limits(text: &str) -> Vec<String> {
    [find(text, LIMITED), find_both(text, UNTIL, DISCOUNT)].concat()
}

fn ends(letter: &Spoken, campaign: &Campaign) -> Vec<Remark> {
    let day = campaign.start.map(|start| start.plus(letter.after_days));
    match campaign.offer.as_ref().and_then(|offer| offer.ends) {
        None if own_end(letter, campaign) => vec![],
        None => without_end(letter),
        Some(end) => day.map_or(vec![], |day| with_end(letter, day, end)),
    }
}

/// Whether the end is each customer's own, known by the day that let them in and filled in from it.
fn own_end(letter: &Spoken, campaign: &Campaign) -> bool {
    let field = match campaign.enter.as_ref().map(|enter| enter.when) {
        Some(Trigger::PointsEnd) => "points_expire",
        Some(Trigger::CouponEnd) => "coupon_expire",
        _ => return false,
    };
    letter.raw.contains(field)
}

fn without_end(letter: &Spoken) -> Vec<Remark> {
    let remarks = letter.remarks("L-24", limits);
    if remarks.is_empty() && letter.kind == StepKind::Expiry {
        let remark = Remark::of("L-24", "kind").at(&letter.step);
        return vec![remark.saying(
            "期限をお知らせするステップですが、特典に終了日がありません",
            "a step about an end, and the offer has none",
        )];
    }
    remarks
}

fn with_end(letter: &Spoken, day: Day, end: Day) -> Vec<Remark> {
    let about_offer = matches!(letter.kind, StepKind::Offer | StepKind::Expiry) || letter.says(limits);
    if about_offer && end < day {
        let remark = Remark::of("L-24", "ends").at(&letter.step);
        return vec![remark.saying(
            format!("特典は{end}に終わりますが、このステップは{day}に送られます"),
            format!("the offer ends on {end}, this step goes on {day}"),
        )];
    }
    if end == day {
        return vec![];
    }
    let today = letter.remarks("L-24", |text| find(text, TODAY_ONLY));
    let said = |r: Remark| {
        r.saying(
            format!("「本日」までとありますが、特典は{end}まで続きます（送る日: {day}）"),
            format!("the words say today, the offer holds until {end} (sent on {day})"),
        )
    };
    today.into_iter().map(said).collect()
}

/// Figures of points and coupons that somebody typed: only fields are right when the letter goes.
fn typed(text: &str) -> Vec<String> {
    let lapsing = sentences(text).filter(|s| !find(s, LAPSING).is_empty());
    lapsing
        .flat_map(|s| {
            let day = if find(s, EXPIRY).is_empty() { vec![] } else { find(s, TYPED_EXPIRY) };
            let balance = if find(s, HELD).is_empty() { vec![] } else { find(s, TYPED_BALANCE) };
            [day, balance].concat()
        })
        .collect()
}
