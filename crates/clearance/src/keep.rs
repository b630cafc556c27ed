//! What a record of consent must say, and how long it is kept (L-01, L-04).

use crate::RuleInfo;
use crate::rules::named;
use model::{Consent, Day};

/// The last day on which a record of consent must still be there: three years after the last letter (特定商取引法),
/// or one month (特定電子メール法; one year under an order of the authorities), whichever is later.
pub fn keep_until(last_sent: Day, under_order: bool) -> Day {
    let months_of_mail_law = if under_order { 12 } else { 1 };
    months_later(last_sent, 36).max(months_later(last_sent, months_of_mail_law))
}

/// Whether a record of consent may be deleted on a day. `last_sent`: the last letter that rested on it, `None` where
/// there was none.
pub fn deletable(last_sent: Option<Day>, under_order: bool, today: Day) -> Result<(), &'static RuleInfo> {
    match last_sent {
        Some(sent) if today <= keep_until(sent, under_order) => Err(named("L-04")),
        _ => Ok(()),
    }
}

/// What a record of consent does not say of who, when, and how with which wording (L-01); Japanese and English.
pub fn gaps(consent: &Consent) -> Vec<(&'static str, &'static str)> {
    let lacks = [
        (consent.who.trim().is_empty(), ("誰が", "who")),
        (consent.on.is_none(), ("いつ", "when")),
        (consent.evidence.trim().is_empty(), ("どこで・どの文面で", "how and with which wording")),
    ];
    lacks.into_iter().filter(|(lacking, _)| *lacking).map(|(_, word)| word).collect()
}

/// The same day so many months later; the month's last day where it has no such day.
fn months_later(day: Day, months: i32) -> Day {
    let (_, _, date) = day.ymd();
    let index = day.month_index() + months;
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) as u32 + 1);
    let last = (1..=date).rev().find_map(|d| Day::from_ymd(year, month, d));
    last.unwrap_or(day.plus(31 * months)) // only beyond the calendar's last year
}
