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
    /// When the next order is expected, and when the goods at home run out.
    pub next: Option<Day>,
    pub stock: Option<Day>,
    pub lang: Lang,
}

/// Below the words: where the field begins, and from there the dots, the axis and the end.
const FIELD: f64 = 8.0;
const DOTS: f64 = 34.0;
const AXIS: f64 = 68.0;
const END: f64 = 106.0;
const ROW: f64 = 17.0;
/// Days ahead that are still drawn.
const AHEAD: i32 = 400;
const MOST_DOTS: usize = 240;

/// Where things lie: days to the right, and the top of the field.
struct Field<'a> {
    x: &'a dyn Fn(Day) -> f64,
    top: f64,
    width: Width,
}

/// The picture; empty for somebody who never ordered.
pub fn life(life: &Life<'_>, width: Width) -> String {
    let (Some(first), Some(last)) =
        (life.orders.iter().map(|o| o.0).min(), life.orders.iter().map(|o| o.0).max())
    else {
        return String::new();
    };
    let lang = life.lang;
    let line = last.plus(life.dormant);
    let marked = [(life.dormant > 0).then_some(line), life.next, life.stock];
    let near = |day: &Day| day.since(life.today) < AHEAD;
    let until = marked.into_iter().flatten().filter(near).fold(life.today, Day::max);
    let span = f64::from(until.since(first).max(30)) * 1.06;
    let right = 14.0;
    let x = |day: Day| 14.0 + f64::from(day.since(first)) / span * (width.px() - 14.0 - right);
    let marks = marks(life, last, first, until);
    let rows = rows(&marks, &x, width);
    let field = Field { x: &x, top: FIELD + ROW * rows.len() as f64, width };
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
        r#"<svg class="{} life" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{}">"#,
        width.class(),
        safe(&label),
        w = width.px(),
        h = field.top + END
    );
    years(&mut svg, first, until, &field, lang);
    let axis = field.top + AXIS;
    if let Some((low, high)) = life.usual {
        let (from, to) = (x(last.plus(low as i32)), x(last.plus(high.ceil() as i32)).min(width.px() - 2.0));
        let _ = write!(
            svg,
            r#"<rect class="usual" x="{from:.1}" y="{:.1}" width="{:.1}" height="{AXIS:.1}"><title>{}</title></rect>"#,
            field.top,
            (to - from).max(3.0),
            lang.t("次の注文が見込まれた時期", "when the next order was due")
        );
    }
    let _ = write!(svg, r#"<path class="axis" d="M14 {axis}H{}"/>"#, width.px() - right);
    let word = life.state.word();
    let y = field.top + DOTS;
    let _ =
        write!(svg, r#"<path class="silence fill-{word}" d="M{:.1} {y}H{:.1}"/>"#, x(last), x(life.today));
    dots(&mut svg, life, &field);
    draw(&mut svg, &rows, axis);
    svg.push_str("</svg>");
    svg
}

/// An upright line: class, day, word.
type Mark = (&'static str, Day, String);

/// The lines in the picture, the most telling first.
fn marks(life: &Life<'_>, last: Day, first: Day, until: Day) -> Vec<Mark> {
    let lang = life.lang;
    let silent = lang.days(life.today.since(last));
    let now = match lang {
        Lang::Ja => format!("今日({silent}ぶり)"),
        Lang::En => format!("today ({silent} silent)"),
    };
    let dated = |ja: &str, en: &str, day: Day| format!("{} {}", lang.t(ja, en), lang.date(day));
    let mut marks = vec![("now-line", life.today, now)];
    let together = life.next == life.stock;
    let next = match together {
        true => ("次の注文の見込み(商品がなくなる頃)", "next order expected, as goods run out:"),
        false => ("次の注文の見込み", "next order expected"),
    };
    marks.extend(life.next.map(|day| ("next-line", day, dated(next.0, next.1, day))));
    if life.dormant > 0 {
        let line = lang.t("休眠線", "dormant line").to_owned();
        marks.push(("dormant-line", last.plus(life.dormant), line));
    }
    let out = |day: Day| match day < life.today {
        true => dated("商品がなくなった頃", "goods ran out", day),
        false => dated("商品がなくなる頃", "goods run out", day),
    };
    marks.extend(life.stock.filter(|_| !together).map(|day| ("stock-line", day, out(day))));
    marks.retain(|(_, day, _)| (first..=until).contains(day));
    marks
}

/// A word's place: where it begins, where it ends, its line.
type Placed<'a> = (f64, f64, f64, &'a Mark);

/// Each word in the first row, from below, where it is clear of the others.
fn rows<'a>(marks: &'a [Mark], x: &dyn Fn(Day) -> f64, width: Width) -> Vec<Vec<Placed<'a>>> {
    let mut rows: Vec<Vec<Placed<'a>>> = vec![];
    for mark in marks {
        let (at, wide) = (x(mark.1), text_width(&mark.2));
        let from = (at - wide / 2.0).clamp(2.0, (width.px() - wide - 2.0).max(2.0));
        let placed = (from, from + wide, at, mark);
        let clear = |row: &Vec<Placed<'_>>| row.iter().all(|p| from > p.1 + 8.0 || placed.1 < p.0 - 8.0);
        match rows.iter_mut().find(|row| clear(row)) {
            Some(row) => row.push(placed),
            None => rows.push(vec![placed]),
        }
    }
    rows
}

/// The lines, then the words above every line.
fn draw(svg: &mut String, rows: &[Vec<Placed<'_>>], axis: f64) {
    let mut words = String::new();
    for (i, row) in rows.iter().enumerate() {
        let y = ROW * (rows.len() - i) as f64 - 3.0;
        for (from, _, at, (class, _, word)) in row {
            let _ = write!(svg, r#"<path class="{class}" d="M{at:.1} {:.1}V{axis}"/>"#, y + 4.0);
            let _ = write!(words, r#"<text class="label" x="{from:.1}" y="{y:.1}">{}</text>"#, safe(word));
        }
    }
    svg.push_str(&words);
}

fn years(svg: &mut String, first: Day, until: Day, field: &Field<'_>, lang: Lang) {
    let (width, axis) = (field.width, field.top + AXIS);
    let (from, to) = (first.ymd().0, until.ymd().0);
    let every = ((to - from) / if width == Width::Phone { 4 } else { 10 }).max(0) + 1;
    for year in (from + 1)..=to {
        let Some(day) = Day::from_ymd(year, 1, 1) else { continue };
        let at = (field.x)(day);
        let _ = write!(svg, r#"<path class="grid" d="M{at:.1} {}V{axis}"/>"#, field.top);
        if (year - from) % every == 0 && at < width.px() - 30.0 {
            let _ = write!(
                svg,
                r#"<text class="tick" x="{at:.1}" y="{}" text-anchor="middle">{year}{}</text>"#,
                axis + 18.0,
                lang.t("年", "")
            );
        }
    }
    let start = lang.date(first);
    let _ = write!(svg, r#"<text class="tick" x="14" y="{}">{start}</text>"#, axis + 34.0);
}

fn dots(svg: &mut String, life: &Life<'_>, field: &Field<'_>) {
    let (x, y, width) = (field.x, field.top + DOTS, field.width);
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
                r#"<circle class="order" cx="{:.1}" cy="{y:.1}" r="{r:.1}"><title>{}</title></circle>"#,
                x(*day),
                safe(told)
            ),
            Width::Phone => {
                write!(svg, r#"<circle class="order" cx="{:.1}" cy="{y:.1}" r="{r:.1}"/>"#, x(*day))
            }
        };
    }
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
            next: days.iter().max().map(|last| Day(20_000 + last + 31)),
            stock: Some(Day(20_000 + today + 20)),
            lang: Lang::Ja,
        };
        life(&it, width)
    }

    #[test]
    fn what_is_expected_is_marked_and_words_stand_apart() {
        for width in [Width::Desk, Width::Phone] {
            let svg = drawn(&[0, 30, 61], 100, width);
            for line in ["now-line", "next-line", "dormant-line", "stock-line"] {
                assert_eq!(svg.matches(line).count(), 1, "{line}");
            }
            let places: std::collections::BTreeSet<&str> = svg
                .split(r#"class="label" "#)
                .skip(1)
                .map(|t| t.split('>').next().unwrap_or_default())
                .collect();
            assert_eq!(places.len(), 4, "{svg}");
        }
        assert!(!drawn(&[0], 9000, Width::Desk).contains("<path class=\"next-line\" d=\"M-"));
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
