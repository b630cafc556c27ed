//! What may be given: premiums, draws, and the page that an offer leads to (L-15, L-21, L-22, L-24).

use super::{Known, Level, Overlap, Remark, Spoken};
use model::{Campaign, Day, Offer, OfferKind, ShopProfile, Trade};

pub(super) fn remarks(
    campaign: &Campaign,
    letters: &[Spoken],
    shop: &ShopProfile,
    known: &Known,
) -> Vec<Remark> {
    let mut remarks = vec![];
    if let Some(offer) = &campaign.offer {
        remarks.extend(premium(offer));
        remarks.extend(draw(offer));
        remarks.extend(offer.ends.and_then(|_| again(known)));
        remarks.extend(offer.ends.and_then(|end| closed(end, known)));
    }
    let leads_on = letters.iter().any(|l| l.raw.contains("](http") || l.raw.contains("href="));
    if leads_on && shop.trade != Trade::Business && !known.proves("L-15") {
        remarks.push(Remark::of("L-15", "body"));
    }
    remarks
}

/// An offer that ends while nothing ships ends earlier for the customer than it says (M166).
fn closed(end: Day, known: &Known) -> Option<Remark> {
    let off = &known.days_off;
    let closure = off.closure(end).map_or(String::new(), |c| c.name.clone());
    off.is_off(end).then(|| {
        let next = off.next_open(end);
        Remark::of("offer_closed", "ends").saying(
            format!("特典の期限 {end} は出荷していない日です({closure})。{next}以降にしてください"),
            format!("nothing ships on {end}, when the offer ends ({closure}): let it end on {next} or later"),
        )
    })
}

/// 総付景品: 200 yen where the order is under 1,000, a fifth of it otherwise.
fn premium(offer: &Offer) -> Option<Remark> {
    if offer.kind != OfferKind::Gift {
        return None;
    }
    let Some(order) = offer.order_value.map(|m| m.as_f64()) else {
        return Some(Remark::of("L-21", "order_value").saying(
            "プレゼントの上限を確かめるため、いつもの注文金額を登録してください",
            "enter the usual order value, which the gift is held against",
        ));
    };
    let most = if order < 1_000.0 { 200.0 } else { order * 0.2 };
    let within = offer.amount.is_finite() && offer.amount <= most;
    (!within).then(|| {
        Remark::of("L-21", "amount").saying(
            format!("プレゼントの価額は{}円です。{order}円の注文では{most}円までです", offer.amount),
            format!("the gift is worth {}: at most {most} with an order of {order}", offer.amount),
        )
    })
}

/// 一般懸賞: the best prize at most twenty times the order (100,000 from 5,000 on), all prizes at most 2 % of the sales.
fn draw(offer: &Offer) -> Vec<Remark> {
    let Some(lottery) = offer.lottery else {
        let lacks = || {
            Remark::of("L-22", "lottery").saying(
                "抽選の賞品の総額・最高額と売上予定を登録してください",
                "enter the best prize, all prizes and the planned sales of the draw",
            )
        };
        return (offer.kind == OfferKind::Lottery).then(lacks).into_iter().collect();
    };
    let mut remarks = vec![];
    let best = lottery.best_prize.as_f64();
    match offer.order_value.map(|m| m.as_f64()) {
        None => remarks.push(Remark::of("L-22", "order_value").saying(
            "賞品の上限を確かめるため、いつもの注文金額を登録してください",
            "enter the usual order value, which the best prize is held against",
        )),
        Some(order) => {
            let most = if order < 5_000.0 { order * 20.0 } else { 100_000.0 };
            if best > most {
                remarks.push(Remark::of("L-22", "best_prize").saying(
                    format!("最高の賞品は{best}円です。{order}円の注文では{most}円までです"),
                    format!("the best prize is worth {best}: at most {most} with an order of {order}"),
                ));
            }
        }
    }
    let (all, most) = (lottery.all_prizes.as_f64(), lottery.planned_sales.as_f64() * 0.02);
    if all > most {
        remarks.push(Remark::of("L-22", "all_prizes").saying(
            format!("賞品の総額は{all}円です。売上予定の2%（{most}円）までです"),
            format!("all prizes are worth {all}: at most {most}, 2 % of the planned sales"),
        ));
    }
    remarks
}

/// A limit that comes back is no limit: the same people were told so before.
fn again(known: &Known) -> Option<Remark> {
    let found: Vec<String> =
        known.reissues.iter().filter(|o| o.customers > 0).map(|o| o.campaign.clone()).collect();
    let most = known.reissues.iter().map(|o: &Overlap| o.customers).max().unwrap_or(0);
    (!found.is_empty()).then(|| {
        let remark = Remark::of("L-24", "offer").level(Level::Warn).saying(
            format!("同じ期間限定の特典を、{most}人に以前もご案内しています。「限定」と言えなくなります"),
            format!(
                "{most} customers were given the same limited offer before: it is no longer a limited one"
            ),
        );
        remark.found(found)
    })
}
