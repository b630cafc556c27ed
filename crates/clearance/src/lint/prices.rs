//! A usual price may be named only where it was really charged (L-23).

use super::fold::{find, sentences};
use super::terms::{COMPARED, PRICES};
use super::{Known, Remark, Spoken};
use model::{Campaign, Day, Money, PricePeriod};

pub(super) fn remarks(letter: &Spoken, campaign: &Campaign, known: &Known) -> Vec<Remark> {
    let day = campaign.start.map_or(known.today, |start| start.plus(letter.after_days));
    let history = campaign.offer.as_ref().map_or(&[][..], |offer| offer.price_history.as_slice());
    let unproven = |text: &str| {
        let compared = sentences(text).filter(|s| !find(s, COMPARED).is_empty());
        let unproven = compared.filter(|s| !proven(history, named_price(s), day));
        unproven.flat_map(|s| find(s, COMPARED)).collect()
    };
    let remarks = letter.remarks("L-23", unproven);
    remarks.into_iter().map(|r| if history.is_empty() { without_history(r) } else { r }).collect()
}

fn without_history(remark: Remark) -> Remark {
    remark.saying(
        "比較に使う価格の販売実績（期間と価格）を特典に登録してください",
        "enter in the offer when the price compared with was charged",
    )
}

/// The dearest price of a sentence: the one that the other is held against.
fn named_price(sentence: &str) -> Option<Money> {
    let figures = find(sentence, PRICES).into_iter().filter_map(|typed| {
        let digits: String =
            typed.chars().filter_map(|c| c.to_digit(10).or(wide_digit(c))).map(|d| d.to_string()).collect();
        digits.parse::<i64>().ok().filter(|units| *units < 10_i64.pow(12))
    });
    figures.max().map(Money::units)
}

fn wide_digit(c: char) -> Option<u32> {
    ('０'..='９').contains(&c).then(|| c as u32 - '０' as u32)
}

/// 価格表示ガイドライン 第4の2(1): charged for more than half of the eight weeks before (of the time since it was first
/// sold, where that is shorter), for two weeks in all, and last within two weeks. `price`: `None` where the words
/// leave it to a field, which is then the dearest price of the history.
fn proven(history: &[PricePeriod], price: Option<Money>, day: Day) -> bool {
    let Some(price) = price.or_else(|| history.iter().map(|p| p.price).max()) else { return false };
    let Some(first) = history.iter().map(|p| p.from).min() else { return false };
    let since = first.max(day.plus(-56));
    let charged = |d: i32| history.iter().any(|p| p.price == price && p.from.0 <= d && d <= p.to.0);
    let days: Vec<i32> = (since.0..day.0).filter(|&d| charged(d)).collect();
    let span = day.since(since);
    let last = days.last().is_some_and(|&d| day.0 - d <= 14);
    2 * days.len() as i64 > i64::from(span) && days.len() >= 14 && last
}
