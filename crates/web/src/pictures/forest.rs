//! Figures with their intervals, one below the other on one axis of percent.

use super::plot::{open, text};
use super::{Width, text_width};
use crate::say::Lang;
use std::fmt::Write;

const ROW: f64 = 30.0;
const GAP: f64 = 14.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 40.0;

/// One figure. Shares, not percent.
pub struct Bar {
    pub label: String,
    /// `treated`, `holdout`, `lift` or `pooled`: its colour and shape.
    pub class: &'static str,
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Set apart from the one above.
    pub apart: bool,
}

/// `unit` names the axis. With a line at nothing where figures go both ways. Empty without rows.
pub fn forest(bars: &[Bar], title: &str, unit: &str, width: Width, lang: Lang) -> String {
    if bars.is_empty() {
        return String::new();
    }
    let phone = width == Width::Phone;
    let wide = if phone { 350.0 } else { 920.0 };
    let row = if phone { ROW + 16.0 } else { ROW };
    let gaps = bars.iter().filter(|b| b.apart).count() as f64 * GAP;
    let high = TOP + row * bars.len() as f64 + gaps + BOTTOM;
    let label = bars.iter().map(|b| text_width(&b.label)).fold(0.0, f64::max).min(300.0);
    let left = if phone { 12.0 } else { label + 22.0 };
    let right = wide - if phone { 12.0 } else { 170.0 };
    let (from, to, step) = axis(bars, if phone { 4.0 } else { 8.0 });
    let x = |share: f64| left + (share.clamp(from, to) - from) / (to - from) * (right - left);
    let mut svg = open(width, (wide, high), "forest", &said(bars, title, lang));
    let bottom = high - BOTTOM;
    for n in (from / step).round() as i32..=(to / step).round() as i32 {
        let share = f64::from(n) * step;
        let class = if n == 0 { "axis" } else { "grid" };
        let _ = write!(svg, r#"<path class="{class}" d="M{:.1} {TOP}V{bottom:.1}"/>"#, x(share));
        text(&mut svg, "tick", x(share), bottom + 16.0, "middle", &percent(share, step));
    }
    text(&mut svg, "tick", right, bottom + 33.0, "end", unit);
    let mut y = TOP + row / 2.0;
    for bar in bars {
        y += if bar.apart { GAP } else { 0.0 };
        one(&mut svg, bar, y, &x, (phone, wide, lang));
        y += row;
    }
    svg.push_str("</svg>");
    svg
}

fn one(svg: &mut String, bar: &Bar, y: f64, x: &dyn Fn(f64) -> f64, (phone, wide, lang): (bool, f64, Lang)) {
    let (low, at, high) = (x(bar.low), x(bar.value), x(bar.high));
    let words = figures(bar, lang);
    let line = if phone { y + 9.0 } else { y };
    if phone {
        text(svg, "name", 12.0, y - 7.0, "start", &bar.label);
        text(svg, "figure", wide - 12.0, y - 7.0, "end", &words);
    } else {
        text(svg, "name", 0.0, y + 4.0, "start", &bar.label);
        text(svg, "figure", wide, y + 4.0, "end", &words);
    }
    let _ = write!(
        svg,
        r#"<g class="{}"><path d="M{low:.1} {line:.1}H{high:.1}M{low:.1} {:.1}v8M{high:.1} {:.1}v8"/>"#,
        bar.class,
        line - 4.0,
        line - 4.0
    );
    // A circle and a square stay apart without their colours.
    let _ = match bar.class {
        "holdout" => {
            write!(svg, r#"<rect x="{:.1}" y="{:.1}" width="10" height="10"/></g>"#, at - 5.0, line - 5.0)
        }
        _ => write!(svg, r#"<circle cx="{at:.1}" cy="{line:.1}" r="6"/></g>"#),
    };
}

/// The ends of the axis and its steps, with nothing among them.
fn axis(bars: &[Bar], parts: f64) -> (f64, f64, f64) {
    let low = bars.iter().map(|b| b.low).fold(0.0, f64::min);
    let high = bars.iter().map(|b| b.high).fold(0.0, f64::max);
    let raw = ((high - low) / parts).max(1e-4);
    let power = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= raw).unwrap_or(raw);
    ((low / step).floor() * step, ((high / step).ceil() * step).max(step), step)
}

fn percent(share: f64, step: f64) -> String {
    match step {
        ..0.001 => format!("{:.2}%", share * 100.0),
        ..0.01 => format!("{:.1}%", share * 100.0),
        _ => format!("{:.0}%", share * 100.0),
    }
}

/// 12.3%(10.1〜14.8)
fn figures(bar: &Bar, lang: Lang) -> String {
    let signed = matches!(bar.class, "lift" | "pooled");
    let n =
        |share: f64| if signed { format!("{:+.1}", share * 100.0) } else { format!("{:.1}", share * 100.0) };
    match lang {
        Lang::Ja => format!("{}%({}〜{})", n(bar.value), n(bar.low), n(bar.high)),
        Lang::En => format!("{}% ({} to {})", n(bar.value), n(bar.low), n(bar.high)),
    }
}

fn said(bars: &[Bar], title: &str, lang: Lang) -> String {
    let rows: Vec<String> = bars.iter().map(|b| format!("{} {}", b.label, figures(b, lang))).collect();
    format!("{title} {}", rows.join(lang.t("、", "; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;

    fn bar(class: &'static str, (value, low, high): (f64, f64, f64)) -> Bar {
        Bar { label: "30日 <対象群>".to_owned(), class, value, low, high, apart: class == "holdout" }
    }

    #[test]
    fn every_interval_is_drawn() {
        let bars = [
            bar("treated", (0.123, 0.101, 0.148)),
            bar("holdout", (0.09, 0.05, 0.14)),
            bar("lift", (0.03, -0.02, 0.08)),
        ];
        for width in [Width::Desk, Width::Phone] {
            let svg = forest(&bars, "題", "復帰率", width, Lang::Ja);
            well_formed(&svg);
            assert!(svg.contains("12.3%(10.1〜14.8)") && svg.contains("+3.0%(-2.0〜+8.0)"), "{svg}");
            assert_eq!(
                (svg.matches("<circle").count(), svg.matches(r#"width="10" height="10""#).count()),
                (2, 1)
            );
        }
        assert_eq!(forest(&[], "", "", Width::Desk, Lang::En), "");
    }

    #[test]
    fn the_axis_holds_all_of_them_and_nothing() {
        for (low, high) in [(0.0, 0.0), (0.02, 0.31), (-0.013, 0.004), (-1.0, 1.0), (0.0, 0.0003)] {
            let (from, to, step) = axis(&[bar("lift", (low, low, high))], 8.0);
            assert!(
                from <= low.min(0.0) && to >= high && step > 0.0 && (to - from) / step < 12.0,
                "{low} {high}"
            );
        }
    }
}
