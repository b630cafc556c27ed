//! The flow of the months: who came, came back and fell asleep, and how many were left awake.

use super::{Width, round_step, safe, text_width};
use crate::say::Lang;
use app::MonthRow;
use std::fmt::Write;

const TOP: f64 = 26.0;
const LINE: f64 = 92.0;
const GAP: f64 = 44.0;
const BARS: f64 = 150.0;
const BOTTOM: f64 = 24.0;
const LEFT: f64 = 52.0;

/// Above: how many were awake at each month's end. Below: the bars of what changed it.
/// `months` in order, the running one last; a phone shows the last twelve.
pub fn flow(months: &[MonthRow], width: Width, lang: Lang) -> String {
    let months = if width == Width::Phone { &months[months.len().saturating_sub(12)..] } else { months };
    let right = if width == Width::Phone { 14.0 } else { 96.0 };
    let Some(last) = months.last() else { return String::new() };
    let height = TOP + LINE + GAP + BARS + BOTTOM;
    let title = lang.t(
        "月ごとの稼働中の人数と、新規・復帰・休眠化の人数。表は下にあります。",
        "Customers awake per month, and those new, back and fallen asleep. The table is below.",
    );
    let mut svg = format!(
        r#"<svg class="{}" viewBox="0 0 {w} {height}" width="{w}" height="{height}" role="img" aria-label="{}">"#,
        width.class(),
        safe(title),
        w = width.px()
    );
    let plot = Plot { left: LEFT, step: (width.px() - LEFT - right) / months.len() as f64 };
    awake(&mut svg, months, &plot, width, lang);
    changes(&mut svg, months, &plot, width, lang);
    let axis = height - 6.0;
    for (i, month) in months.iter().enumerate() {
        let (_, number, _) = month.month.ymd();
        let newest = i + 1 == months.len();
        if newest || number == 1 || (number % 3 == 1 && i + 2 < months.len()) {
            let text = if number == 1 { lang.month(month.month) } else { lang.month_short(month.month) };
            let class = if newest { "tick now" } else { "tick" };
            let _ = write!(
                svg,
                r#"<text class="{class}" x="{:.1}" y="{axis}" text-anchor="middle">{text}</text>"#,
                plot.mid(i)
            );
        }
    }
    let _ = write!(svg, "<desc>{}</desc></svg>", lang.month(last.month));
    svg
}

struct Plot {
    left: f64,
    step: f64,
}

impl Plot {
    fn mid(&self, i: usize) -> f64 {
        self.left + self.step * (i as f64 + 0.5)
    }
}

fn grid(svg: &mut String, y: f64, width: Width, label: &str, class: &str) {
    let _ = write!(
        svg,
        r#"<path class="{class}" d="M{LEFT} {y:.1}H{}"/><text class="tick" x="{}" y="{:.1}" text-anchor="end">{label}</text>"#,
        width.px() - if width == Width::Phone { 14.0 } else { 96.0 },
        LEFT - 6.0,
        y + 4.0
    );
}

fn awake(svg: &mut String, months: &[MonthRow], plot: &Plot, width: Width, lang: Lang) {
    let most = months.iter().map(|m| m.closing).max().unwrap_or(0).max(1) as f64;
    let y = |n: u64| TOP + LINE * (1.0 - n as f64 / most);
    let base = TOP + LINE;
    let caption = lang.t("稼働中の人数(月末、人)", "Awake at month's end (customers)");
    let _ = write!(svg, r#"<text class="caption" x="0" y="13">{caption}</text>"#);
    grid(svg, base, width, "0", "axis");
    grid(svg, y(most as u64), width, &lang.n(most as u64), "grid");
    let points: Vec<String> =
        months.iter().enumerate().map(|(i, m)| format!("{:.1} {:.1}", plot.mid(i), y(m.closing))).collect();
    let (first, last) = (plot.mid(0), plot.mid(months.len() - 1));
    let path = points.join("L");
    let _ = write!(
        svg,
        r#"<path class="area" d="M{first:.1} {base}L{path}L{last:.1} {base}z"/><path class="curve" d="M{path}"/>"#
    );
    let newest = months[months.len() - 1].closing;
    let label = match lang {
        Lang::Ja => lang.people(newest),
        Lang::En => lang.n(newest),
    };
    let _ = write!(svg, r#"<circle class="end" cx="{last:.1}" cy="{:.1}" r="4"/>"#, y(newest));
    match width {
        Width::Desk => text(svg, "label", last + 10.0, y(newest) + 4.0, "start", &label),
        Width::Phone => text(svg, "label", width.px() - 2.0, 13.0, "end", &label),
    }
}

fn changes(svg: &mut String, months: &[MonthRow], plot: &Plot, width: Width, lang: Lang) {
    let up = months.iter().map(|m| m.new + m.reactivated).max().unwrap_or(0);
    let down = months.iter().map(|m| m.lapsed).max().unwrap_or(0);
    let scale = BARS / (up + down).max(1) as f64;
    let top = TOP + LINE + GAP;
    let zero = top + up as f64 * scale;
    let caption = lang.t("増えた人数と休眠化した人数(人)", "Came and fell asleep (customers)");
    let _ = write!(svg, r#"<text class="caption" x="0" y="{:.1}">{caption}</text>"#, top - 14.0);
    let step = round_step(up.max(down) as f64, 2.0);
    let mut n = step;
    while n <= up.max(down) as f64 {
        if n <= up as f64 {
            grid(svg, zero - n * scale, width, &format!("+{}", lang.n(n as u64)), "grid");
        }
        if n <= down as f64 {
            grid(svg, zero + n * scale, width, &format!("−{}", lang.n(n as u64)), "grid");
        }
        n += step;
    }
    grid(svg, zero, width, "0", "axis");
    let wide = (plot.step * 0.62).min(22.0);
    for (i, m) in months.iter().enumerate() {
        let x = plot.mid(i) - wide / 2.0;
        let running = if i + 1 == months.len() { " running" } else { "" };
        let (new, back, gone) = (m.new as f64 * scale, m.reactivated as f64 * scale, m.lapsed as f64 * scale);
        let _ = write!(svg, "<g class=\"month{running}\"><title>{}</title>", told(m, lang));
        for (class, y, h) in
            [("new", zero - new, new), ("back", zero - new - back, back), ("gone", zero, gone)]
        {
            if h > 0.0 {
                let _ = write!(
                    svg,
                    r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{wide:.1}" height="{h:.1}"/>"#
                );
            }
        }
        svg.push_str("</g>");
    }
    legend(svg, months, zero, scale, top, width, lang);
}

/// Direct labels: beside the last bar on a desk, above the bars on a phone.
fn legend(svg: &mut String, months: &[MonthRow], zero: f64, scale: f64, top: f64, width: Width, lang: Lang) {
    let words = [
        ("back", lang.t("復帰", "back")),
        ("new", lang.t("新規", "new")),
        ("gone", lang.t("休眠化", "asleep")),
    ];
    if width == Width::Phone {
        let mut x = width.px() - 2.0;
        for (class, word) in words.into_iter().rev() {
            x -= text_width(word);
            text(svg, "small", x, top - 14.0, "start", word);
            let _ = write!(
                svg,
                r#"<rect class="{class}" x="{:.1}" y="{:.1}" width="9" height="9"/>"#,
                x - 13.0,
                top - 23.0
            );
            x -= 22.0;
        }
        return;
    }
    let last = &months[months.len().saturating_sub(2)];
    let (new, back, gone) =
        (last.new as f64 * scale, last.reactivated as f64 * scale, last.lapsed as f64 * scale);
    let x = width.px() - 82.0;
    let low = zero - new / 2.0 + 4.0;
    let high = (zero - new - back / 2.0 + 4.0).min(low - 16.0);
    let places = [high, low.min(zero - 2.0), (zero + gone / 2.0 + 4.0).max(zero + 14.0)];
    for ((class, word), y) in words.into_iter().zip(places) {
        let _ = write!(
            svg,
            r#"<rect class="{class}" x="{:.1}" y="{:.1}" width="9" height="9"/>"#,
            x - 13.0,
            y - 9.0
        );
        text(svg, "label", x, y, "start", word);
    }
}

fn told(m: &MonthRow, lang: Lang) -> String {
    let (new, back, gone, end) =
        (lang.n(m.new), lang.n(m.reactivated), lang.n(m.lapsed), lang.people(m.closing));
    match lang {
        Lang::Ja => format!("{} 新規 {new}、復帰 {back}、休眠化 {gone}、月末 {end}", lang.month(m.month)),
        Lang::En => {
            format!("{}: {new} new, {back} back, {gone} asleep; {end} at the end", lang.month(m.month))
        }
    }
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, anchor: &str, text: &str) {
    let _ = write!(
        svg,
        r#"<text class="{class}" x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{}</text>"#,
        safe(text)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;
    use model::Day;

    fn months(n: i32) -> Vec<MonthRow> {
        let at = |i| Day::first_of_month(2024 * 12 + i).expect("a month");
        (0..n)
            .map(|i| MonthRow {
                month: at(i),
                opening: 100,
                new: i as u64,
                reactivated: 2,
                lapsed: 3,
                closing: 99 + i as u64,
            })
            .collect()
    }

    #[test]
    fn every_month_is_drawn() {
        for n in [1, 2, 12, 24] {
            for (width, most) in [(Width::Desk, 24), (Width::Phone, 12)] {
                let svg = flow(&months(n), width, Lang::Ja);
                well_formed(&svg);
                assert_eq!(svg.matches("<g class=\"month").count(), (n as usize).min(most));
                assert_eq!(svg.matches(" running").count(), 1);
            }
        }
    }

    #[test]
    fn an_empty_shop_has_no_broken_picture() {
        assert_eq!(flow(&[], Width::Desk, Lang::En), "");
        let quiet =
            MonthRow { month: Day(20_000), opening: 0, new: 0, reactivated: 0, lapsed: 0, closing: 0 };
        well_formed(&flow(&[quiet; 24], Width::Desk, Lang::En));
    }
}
