//! One customer's life: orders as dots on time, the silence since, and when the next was due.

use super::{Width, safe, text_width};
use crate::say::Lang;
use model::{Day, Money, State};
use std::fmt::Write;

/// What the picture shows.
pub struct Life<'a> {
    /// Counted orders: day, spend, what to say of it. Any order.
    pub orders: &'a [(Day, Money, String)],
    pub today: Day,
    pub state: State,
    /// Days of silence that count as dormant; 0 without a line.
    pub dormant: i32,
    /// The middle half of the gaps in days; `None` with fewer than two gaps.
    pub usual: Option<(f64, f64)>,
    pub lang: Lang,
}

const HEIGHT: f64 = 150.0;
const AXIS: f64 = 112.0;
const MOST_DOTS: usize = 240;

/// The picture; empty for somebody who never ordered.
pub fn life(life: &Life<'_>, width: Width) -> String {
    let (Some(first), Some(last)) =
        (life.orders.iter().map(|o| o.0).min(), life.orders.iter().map(|o| o.0).max())
    else {
        return String::new();
    };
    let lang = life.lang;
    let line = last.plus(life.dormant);
    let until =
        if life.dormant > 0 && line.since(life.today) < 400 { life.today.max(line) } else { life.today };
    let span = f64::from(until.since(first).max(30)) * 1.06;
    let right = 14.0;
    let x = |day: Day| 14.0 + f64::from(day.since(first)) / span * (width.px() - 14.0 - right);
    let label = match lang {
        Lang::Ja => format!(
            "最初の注文 {} から今日まで、注文 {}回。最後の注文は {}。",
            lang.day(first),
            life.orders.len(),
            lang.day(last)
        ),
        Lang::En => format!(
            "From the first order on {} until today: {} orders, the last on {}.",
            lang.day(first),
            life.orders.len(),
            lang.day(last)
        ),
    };
    let mut svg = format!(
        r#"<svg class="{} life" viewBox="0 0 {w} {HEIGHT}" width="{w}" height="{HEIGHT}" role="img" aria-label="{}">"#,
        width.class(),
        safe(&label),
        w = width.px()
    );
    years(&mut svg, first, until, &x, width, lang);
    if let Some((low, high)) = life.usual {
        let (from, to) = (x(last.plus(low as i32)), x(last.plus(high.ceil() as i32)).min(width.px() - 2.0));
        let _ = write!(
            svg,
            r#"<rect class="usual" x="{from:.1}" y="44" width="{:.1}" height="{:.1}"><title>{}</title></rect>"#,
            (to - from).max(3.0),
            AXIS - 44.0,
            lang.t("次の注文が見込まれた時期", "when the next order was due")
        );
    }
    let _ = write!(svg, r#"<path class="axis" d="M14 {AXIS}H{}"/>"#, width.px() - right);
    let word = life.state.word();
    let _ = write!(svg, r#"<path class="silence fill-{word}" d="M{:.1} 78H{:.1}"/>"#, x(last), x(life.today));
    dots(&mut svg, life, &x, width);
    let silent = life.today.since(last);
    let now = format!(
        "{} {}",
        lang.t("今日", "today"),
        match lang {
            Lang::Ja => format!("({}ぶり)", lang.days(silent)),
            Lang::En => format!("({} silent)", lang.days(silent)),
        }
    );
    let clear = x(life.today);
    if life.dormant > 0 && line <= until {
        marker(&mut svg, "dormant-line", x(line), 32.0, lang.t("休眠線", "dormant line"), width, Some(clear));
    }
    marker(&mut svg, "now-line", clear, 14.0, &now, width, None);
    svg.push_str("</svg>");
    svg
}

fn years(svg: &mut String, first: Day, until: Day, x: &dyn Fn(Day) -> f64, width: Width, lang: Lang) {
    let (from, to) = (first.ymd().0, until.ymd().0);
    let every = ((to - from) / if width == Width::Phone { 4 } else { 10 }).max(0) + 1;
    for year in (from + 1)..=to {
        let Some(day) = Day::from_ymd(year, 1, 1) else { continue };
        let at = x(day);
        let _ = write!(svg, r#"<path class="grid" d="M{at:.1} 40V{AXIS}"/>"#);
        if (year - from) % every == 0 && at < width.px() - 30.0 {
            let _ = write!(
                svg,
                r#"<text class="tick" x="{at:.1}" y="{}" text-anchor="middle">{year}{}</text>"#,
                AXIS + 18.0,
                lang.t("年", "")
            );
        }
    }
    let start = lang.date(first);
    let _ = write!(svg, r#"<text class="tick" x="14" y="{}">{start}</text>"#, AXIS + 34.0);
}

fn dots(svg: &mut String, life: &Life<'_>, x: &dyn Fn(Day) -> f64, width: Width) {
    let mut orders: Vec<&(Day, Money, String)> = life.orders.iter().collect();
    orders.sort_by_key(|o| std::cmp::Reverse(o.0));
    orders.truncate(MOST_DOTS);
    let most = orders.iter().map(|o| o.1.0).max().unwrap_or(0).max(1) as f64;
    // Where dots crowd, smaller ones still show the rhythm.
    let largest = (width.px() * 2.0 / orders.len().max(1) as f64).clamp(3.0, 10.0);
    for (day, spend, told) in orders {
        // The area says the amount.
        let r = 2.5 + largest * (spend.0.max(0) as f64 / most).sqrt();
        let _ = match width {
            Width::Desk => write!(
                svg,
                r#"<circle class="order" cx="{:.1}" cy="78" r="{r:.1}"><title>{}</title></circle>"#,
                x(*day),
                safe(told)
            ),
            Width::Phone => write!(svg, r#"<circle class="order" cx="{:.1}" cy="78" r="{r:.1}"/>"#, x(*day)),
        };
    }
}

/// A line with its word above, moved so that the word stays inside the picture and off the line
/// at `clear`.
fn marker(svg: &mut String, class: &str, at: f64, y: f64, word: &str, width: Width, clear: Option<f64>) {
    let wide = text_width(word);
    let mut from = (at - wide / 2.0).clamp(2.0, width.px() - wide - 2.0);
    if let Some(line) = clear.filter(|line| from - 4.0 < *line && *line < from + wide + 4.0) {
        from = if line >= at { line - wide - 6.0 } else { line + 6.0 };
    }
    let _ = write!(
        svg,
        r#"<path class="{class}" d="M{at:.1} {}V{AXIS}"/><text class="label" x="{from:.1}" y="{y}">{}</text>"#,
        y + 5.0,
        safe(word)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;

    fn drawn(days: &[i32], today: i32, width: Width) -> String {
        let orders: Vec<_> = days
            .iter()
            .map(|d| (Day(20_000 + d), Money::units(1000), "</title><script>".to_owned()))
            .collect();
        let it = Life {
            orders: &orders,
            today: Day(20_000 + today),
            state: State::Dormant,
            dormant: 181,
            usual: Some((20.0, 40.0)),
            lang: Lang::Ja,
        };
        life(&it, width)
    }

    #[test]
    fn a_dot_per_order() {
        for (days, today) in [(vec![0], 0), (vec![0, 30, 61], 400), (vec![5; 300], 6), (vec![0, 9000], 9001)]
        {
            for width in [Width::Desk, Width::Phone] {
                let svg = drawn(&days, today, width);
                well_formed(&svg);
                assert!(!svg.contains("<script>"));
                assert_eq!(svg.matches(r#"class="order""#).count(), days.len().min(MOST_DOTS));
            }
        }
        assert_eq!(drawn(&[], 5, Width::Desk), "");
    }
}
