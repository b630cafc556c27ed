//! Figures in sentences. The verdict comes first and claims no more than its interval.

use crate::{Comparison, Measurement, Verdict};
use model::Saying;
use stats::trial::Interval;

pub(crate) fn saying(ja: String, en: String) -> Saying {
    Saying { ja, en }
}

/// The verdict of a campaign, as the result page opens. `currency` follows amounts in Japanese.
pub fn verdict(m: &Measurement, currency: &str) -> Saying {
    match m.verdict {
        Verdict::Nobody => saying("対象群の方がいません。".into(), "Nobody was treated.".into()),
        Verdict::NoHoldout => saying(
            "保留群がないため、効果は判断できません。".into(),
            "There is no holdout: what it brought cannot be said.".into(),
        ),
        Verdict::TooEarly { days_left } => saying(
            format!("まだ判断できません。判断できるのは{days_left}日後です。"),
            format!("Not decided yet: {} to go.", plural(days_left.unsigned_abs().into(), "day")),
        ),
        Verdict::Undecided { more: Some(more) } => saying(
            format!("まだ判断できません。あと約{}人", about(more)),
            format!("Not decided yet. About {} more customers needed", about(more)),
        ),
        Verdict::Undecided { more: None } => saying(
            "まだ判断できません。差があるとしても、ごくわずかです。".into(),
            "Not decided yet. If there is a difference, it is a very small one.".into(),
        ),
        Verdict::Lifted => gain(m, currency),
        Verdict::Costly => {
            let gain = gain(m, currency);
            saying(
                format!("{}。費用には見合っていません", gain.ja),
                format!("{}. It cost more than it brought", gain.en),
            )
        }
        Verdict::Harmful => {
            let gain = gain(m, currency);
            saying(
                format!("送らない方がよかった施策です。{}", gain.ja),
                format!("It would have been better not to send. {}", gain.en),
            )
        }
    }
}

/// 増分 +38人、+412,000円(95%: +9〜+67人): customers and profit beyond the holdout.
fn gain(m: &Measurement, currency: &str) -> Saying {
    let Some(customers) = m.customers else { return saying(String::new(), String::new()) };
    let profit = m.gains.map(|gains| gains.profit.value);
    let (ja, en) = (profit.map(|p| yen(p, currency)), profit.map(|p| yen_en(p, currency)));
    let [value, low, high] = [customers.value, customers.low, customers.high].map(signed);
    saying(
        format!("増分 {value}人{}(95%: {low}〜{high}人)", ja.map_or(String::new(), |p| format!("、{p}"))),
        format!(
            "Lift {value} customers{} (95%: {low} to {high} customers)",
            en.map_or(String::new(), |p| format!(", {p}"))
        ),
    )
}

/// The money with its own interval, or why there is none.
pub fn money(m: &Measurement, currency: &str) -> Saying {
    let Some(gains) = m.gains else {
        return match m.over() {
            false => saying(
                "金額は期間が終わってからお出しします。".into(),
                "Amounts are given when the window is over.".into(),
            ),
            true => saying(
                "購入された方が少ないため、金額の増分はお出しできません。".into(),
                "Too few customers spent anything to say what it brought in money.".into(),
            ),
        };
    };
    let range = |i: Interval| (yen(i.low, currency), yen(i.high, currency));
    let range_en = |i: Interval| (yen_en(i.low, currency), yen_en(i.high, currency));
    let ((low, high), (low_en, high_en)) = (range(gains.profit), range_en(gains.profit));
    let open = gains.profit.holds(0.0);
    saying(
        format!(
            "利益の増分は{}(95%: {low}〜{high})です。{}",
            yen(gains.profit.value, currency),
            if open { "金額で利益が出たとは、まだ言えません。" } else { "" }
        ),
        format!(
            "Profit beyond the holdout: {} (95%: {low_en} to {high_en}).{}",
            yen_en(gains.profit.value, currency),
            if open { " In money, a gain is not certain yet." } else { "" }
        ),
    )
}

/// The provisional figure while the window runs (M148); `None` once it is over, or without a holdout.
pub fn early(m: &Measurement) -> Option<Saying> {
    let lift = m.primary().filter(|w| !w.over)?.lift?;
    let [value, low, high] =
        [lift.points.value, lift.points.low, lift.points.high].map(|p| format!("{:+.1}", 100.0 * p));
    Some(saying(
        format!("途中経過(暫定): 差 {value}ポイント(95%: {low}〜{high})。期間が終わるまで変わります。"),
        format!("Provisional: {value} points (95%: {low} to {high}), until the window is over."),
    ))
}

/// Against the campaign before: no "doubled" where the interval does not say so (M147).
pub fn comparison(c: &Comparison) -> Saying {
    let times = |n: f64| format!("{n:.1}");
    let (value, low, high) = (times(c.ratio.value), times(c.ratio.low), times(c.ratio.high));
    if !c.differs {
        return saying(
            format!("前回と差があるとは言えません(95%: {low}〜{high}倍)。"),
            format!("No difference to the campaign before can be claimed (95%: {low} to {high} times)."),
        );
    }
    let (ja, en) = match c.ratio.low >= 2.0 {
        true => ("2倍以上になりました。", " At least doubled."),
        false => ("", ""),
    };
    saying(
        format!("前回の{value}倍です(95%: {low}〜{high}倍)。{ja}"),
        format!("{value} times the campaign before (95%: {low} to {high}).{en}"),
    )
}

/// Three figures are enough for "so many more".
fn about(n: u64) -> String {
    let step = 10_u64.pow(n.max(1).ilog10().saturating_sub(2));
    grouped(n.div_ceil(step) * step)
}

fn plural(n: u64, word: &str) -> String {
    format!("{} {word}{}", grouped(n), if n == 1 { "" } else { "s" })
}

pub(crate) fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

/// +1,240 or -38: a sign always, as it is a difference; ±0 has none.
pub(crate) fn signed(n: f64) -> String {
    let whole = n.round().abs() as u64;
    let sign = if whole == 0 {
        "±"
    } else if n < 0.0 {
        "-"
    } else {
        "+"
    };
    format!("{sign}{}", grouped(whole))
}

pub(crate) fn yen(n: f64, currency: &str) -> String {
    format!("{}{currency}", signed(n))
}

pub(crate) fn yen_en(n: f64, currency: &str) -> String {
    if currency != "円" {
        return format!("{} {currency}", signed(n));
    }
    let text = signed(n);
    let digits = text.trim_start_matches(['+', '-', '±']);
    format!("{}¥{digits}", &text[..text.len() - digits.len()])
}

pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
