//! What an expectation is made of: bars to both sides of nothing.

use super::Width;
use super::plot::{open, text};
use crate::say::Lang;
use std::fmt::Write;

const ROW: f64 = 40.0;
const TOP: f64 = 24.0;

/// Names with their weights, in their order. Empty without any that weighs.
pub fn parts(parts: &[(&str, f64)], width: Width, lang: Lang) -> String {
    let most = parts.iter().map(|p| p.1.abs()).fold(0.0, f64::max);
    if most <= 0.0 {
        return String::new();
    }
    let wide = if width == Width::Phone { 350.0 } else { 470.0 };
    let high = TOP + ROW * parts.len() as f64 + 4.0;
    let said: Vec<String> =
        parts.iter().map(|(name, weight)| format!("{name} {}", factor(*weight))).collect();
    let label = format!(
        "{} {}",
        lang.t("手がかりごとの効き方。", "How much each sign moves it:"),
        said.join(lang.t("、", ", "))
    );
    let mut svg = open(width, (wide, high), "parts", &label);
    let (middle, reach) = (wide / 2.0, wide / 2.0 - 52.0);
    text(&mut svg, "tick", middle - 8.0, 13.0, "end", lang.t("← 見込みを下げる", "← lowers it"));
    text(&mut svg, "tick", middle + 8.0, 13.0, "start", lang.t("見込みを上げる →", "raises it →"));
    for (i, (name, weight)) in parts.iter().enumerate() {
        let y = TOP + ROW * i as f64;
        let long = (weight.abs() / most * reach).max(1.0);
        let (class, from, at, anchor) = if *weight < 0.0 {
            ("down", middle - long, middle - long - 6.0, "end")
        } else {
            ("up", middle, middle + long + 6.0, "start")
        };
        text(&mut svg, "name", 0.0, y + 12.0, "start", name);
        let _ = write!(
            svg,
            r#"<rect class="{class}" x="{from:.1}" y="{}" width="{long:.1}" height="13"/>"#,
            y + 18.0
        );
        text(&mut svg, "label", at, y + 29.0, anchor, &factor(*weight));
    }
    let _ = write!(svg, r#"<path class="axis" d="M{middle} {TOP}V{high}"/></svg>"#);
    svg
}

/// By how much the odds change: ×2.7 for a weight of 1.
fn factor(weight: f64) -> String {
    let by = weight.exp();
    match by {
        9.95.. => format!("×{by:.0}"),
        0.1.. => format!("×{by:.2}"),
        _ => format!("×{by:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;

    #[test]
    fn bars_go_both_ways() {
        let all = [("リピート<回数>", 2.0), ("spend", -0.5), ("age", 0.0)];
        for width in [Width::Desk, Width::Phone] {
            let svg = parts(&all, width, Lang::Ja);
            well_formed(&svg);
            assert_eq!(
                (svg.matches(r#"class="up""#).count(), svg.matches(r#"class="down""#).count()),
                (2, 1)
            );
            assert!(svg.contains("×7.39") && svg.contains("×0.61"), "{svg}");
        }
        assert_eq!(parts(&[("none", 0.0)], Width::Desk, Lang::En), "");
    }
}
