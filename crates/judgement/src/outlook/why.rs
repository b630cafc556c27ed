//! Why somebody stands where they stand in the ranking, in one sentence with their own figures.

use crate::reason::{Reason, counted, slashes};
use model::{Day, History, Outlook};

/// Below this share of like customers the comparison says nothing.
const LEAST_SHARE: f64 = 0.05;

/// The figures behind an outlook, in Japanese and in English. It tells what was and what is likely
/// if nothing is done, never what a touch would do (M170).
pub fn why(h: &History, o: &Outlook, as_of: Day, horizon: i32) -> Reason {
    let Some(last) = h.last_order else { return Reason::new("", "") };
    let told = rhythm(h, o, as_of.since(last)).then(chance(o, horizon));
    match o.stock_left(as_of) {
        Some(days) => told.then(Reason::new(
            format!("手元の商品はあと{days}日分ほど残っている見込みです。"),
            format!("The goods at home should last {} more.", counted(days, "day")),
        )),
        None => told.then(due(h, o, as_of)),
    }
}

/// 「ふだん32日ごとに購入、今回は97日空いています。同じくらいの間隔で買う方の8割は…」
fn rhythm(h: &History, o: &Outlook, silent: i32) -> Reason {
    let (own, like, next) = match h.n_gaps {
        0 if h.first_order != h.last_order => return invoiced(silent),
        0 => (once(silent), ("一度購入された方", "those who had bought once"), "2回目"),
        1 => (
            Reason::new(
                format!("前回は{}日後に再購入、{}。", h.gap_mean, so_far(silent).0),
                format!("Came back after {} days before; {}.", h.gap_mean, so_far(silent).1),
            ),
            ("2回購入された方", "those who had bought twice"),
            "3回目",
        ),
        _ => (
            Reason::new(
                format!("ふだん{}日ごとに購入、{}。", h.gap_median, so_far(silent).0),
                format!("Usually buys every {} days; {}.", h.gap_median, so_far(silent).1),
            ),
            ("同じくらいの間隔で買う方", "those with a like rhythm"),
            "次",
        ),
    };
    if o.peers_back < LEAST_SHARE {
        return own;
    }
    let share = tenths(o.peers_back);
    own.then(Reason::new(
        format!("{}の{}は、これだけ空く前に{next}のご注文をされています。", like.0, share.0),
        format!("Of {}, {} had ordered again by then.", like.1, share.1),
    ))
}

/// The silence of somebody with invoices, which make no gaps.
fn invoiced(silent: i32) -> Reason {
    match silent {
        0 => Reason::new("最後のお取引は基準日当日です。", "The last dealing was on this very day."),
        _ => Reason::new(
            format!("最後のお取引から{silent}日空いています。"),
            format!("The last dealing was {} ago.", counted(silent, "day")),
        ),
    }
}

fn once(silent: i32) -> Reason {
    match silent {
        0 => Reason::new(
            "初めてのご購入が基準日当日にありました。",
            "Bought for the first time on this very day.",
        ),
        _ => Reason::new(
            format!("ご購入は一度で、それから{silent}日空いています。"),
            format!("Bought once, {} ago.", counted(silent, "day")),
        ),
    }
}

/// The gap that is still open.
fn so_far(silent: i32) -> (String, String) {
    match silent {
        0 => ("最後のご注文は基準日当日です".to_owned(), "the last order was on this very day".to_owned()),
        _ => (format!("今回は{silent}日空いています"), format!("it has now been {}", counted(silent, "day"))),
    }
}

/// 「8割」, "about 80%".
fn tenths(share: f64) -> (String, String) {
    match (share * 10.0).round() as i32 {
        10 => ("ほとんど".to_owned(), "nearly all".to_owned()),
        n => (format!("{n}割"), format!("about {}%", n * 10)),
    }
}

fn chance(o: &Outlook, horizon: i32) -> Reason {
    let (ja, en) = percent(o.p_return);
    let days = counted(horizon, "day");
    Reason::new(
        format!("何もしない場合、{horizon}日以内にご注文のある見込みは{ja}です。"),
        format!("If nothing is done, an order within {days} has a probability of {en}."),
    )
}

/// Whole percents, and tenths where a whole one would hide the difference; nobody is certain.
fn percent(p: f64) -> (String, String) {
    let both = |text: String| (text.clone(), text);
    match p * 100.0 {
        p if p < 0.1 => ("0.1%未満".to_owned(), "less than 0.1%".to_owned()),
        p if p < 9.95 => both(format!("{p:.1}%")),
        p if p < 99.5 => both(format!("{p:.0}%")),
        _ => ("99%以上".to_owned(), "at least 99%".to_owned()),
    }
}

/// When the next order would come, and what that is told by: the own rhythm, the shop's for
/// somebody without one, or the goods at home.
fn due(h: &History, o: &Outlook, as_of: Day) -> Reason {
    let (day, late) = (o.next_order, o.overdue(as_of));
    let ago = counted(late, "day");
    let (ja, en) = match h.n_gaps {
        _ if o.stock_until == Some(day) => {
            return match late {
                0 => Reason::new(
                    "手元の商品はちょうど使い切るころの見込みです。",
                    "The goods at home should be running out about now.",
                ),
                _ => Reason::new(
                    format!(
                        "手元の商品は{}ごろに使い切った見込みで、そこから{late}日過ぎています。",
                        slashes(day)
                    ),
                    format!("The goods at home should have run out about {day}, {ago} ago."),
                ),
            };
        }
        0 => ("この店の平均的な間隔", "shop's mean gap"),
        _ => ("ふだんどおり", "usual rhythm"),
    };
    match late {
        1.. => Reason::new(
            format!("{ja}なら{}ごろに次のご注文がある計算で、そこから{late}日過ぎています。", slashes(day)),
            format!("By the {en} the next order was due about {day}, {ago} ago."),
        ),
        _ => Reason::new(
            format!("{ja}なら次のご注文は{}ごろです。", slashes(day)),
            format!("By the {en} the next order is due about {day}."),
        ),
    }
}
