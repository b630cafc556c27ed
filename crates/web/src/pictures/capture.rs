//! How many of those who came back stood how far up in each list.

use super::Width;
use super::plot::{Plot, open, text};
use crate::say::Lang;
use std::fmt::Write;

/// One list. `shares` are of the returning customers, in the top 0, 5, 10 .. 100 % of it.
pub struct Curve<'a> {
    /// The stylesheet knows how to draw `chosen`, `recency`, `r181`, `rfm`.
    pub class: &'a str,
    pub name: &'a str,
    pub shares: &'a [f64],
}

impl Curve<'_> {
    /// The share in the top `x` of the list, between the points on a straight line.
    fn at(&self, x: f64) -> f64 {
        let place = x * self.shares.len().saturating_sub(1) as f64;
        let of = |i: f64| self.shares.get(i as usize).copied().unwrap_or(1.0);
        of(place.floor()) + (of(place.ceil()) - of(place.floor())) * place.fract()
    }
}

const TOP: f64 = 0.1;

/// The first curve is drawn last, above the others. Empty without any.
pub fn capture(curves: &[Curve<'_>], width: Width, lang: Lang) -> String {
    let drawn: Vec<&Curve<'_>> = curves.iter().filter(|c| c.shares.len() > 1).collect();
    if drawn.is_empty() {
        return String::new();
    }
    let (wide, high) = if width == Width::Phone { (350.0, 400.0) } else { (470.0, 440.0) };
    let plot = Plot { left: 44.0, top: 30.0, wide: wide - 56.0, high: high - 76.0 };
    let said: Vec<String> = drawn.iter().map(|c| format!("{} {}", c.name, lang.share(c.at(TOP)))).collect();
    let label = format!(
        "{} {}",
        lang.t(
            "リストの上から順に見たとき、戻った方がどこまで含まれたか。上位1割では",
            "How many of those who came back stood how far up. In the top tenth:"
        ),
        said.join(lang.t("、", ", "))
    );
    let mut svg = open(width, (wide, high), "capture", &label);
    text(
        &mut svg,
        "caption",
        0.0,
        13.0,
        "start",
        lang.t("戻った方のうち、含まれた割合(%)", "of those who came back (%)"),
    );
    for n in [0, 20, 40, 60, 80, 100] {
        let share = f64::from(n) / 100.0;
        plot.upright(&mut svg, share, &n.to_string());
        plot.level(&mut svg, share, if n == 0 { "axis" } else { "grid" }, &n.to_string());
    }
    text(&mut svg, "tick", wide - 12.0, high - 12.0, "end", lang.t("リストの上位(%)", "top of the list (%)"));
    let _ = write!(svg, r#"<path class="chance" d="{}"/>"#, plot.path([(0.0, 0.0), (1.0, 1.0)]));
    let tenth = plot.path([(TOP, 0.0), (TOP, 1.0)]);
    let _ = write!(svg, r#"<path class="tenth" d="{tenth}"/>"#);
    for curve in drawn.iter().rev() {
        let last = (curve.shares.len() - 1) as f64;
        let points = curve.shares.iter().enumerate().map(|(i, share)| (i as f64 / last, *share));
        let (x, y) = plot.at(TOP, curve.at(TOP));
        let _ = write!(
            svg,
            r#"<path class="list {class}" d="{}"/><circle class="dot {class}" cx="{x:.1}" cy="{y:.1}" r="4"/>"#,
            plot.path(points),
            class = curve.class,
        );
    }
    legend(&mut svg, &drawn, &plot, lang);
    svg.push_str("</svg>");
    svg
}

/// Names and figures in the corner below the diagonal, where no good list comes.
fn legend(svg: &mut String, curves: &[&Curve<'_>], plot: &Plot, lang: Lang) {
    let chance = [0.0, 1.0];
    let chance = Curve { class: "chance", name: lang.t("無作為", "by chance"), shares: &chance };
    let rows: Vec<&Curve<'_>> = curves.iter().copied().chain([&chance]).collect();
    let right = plot.left + plot.wide - 8.0;
    let mut y = plot.bottom() - 12.0 - 19.0 * rows.len() as f64;
    text(svg, "label", right, y, "end", lang.t("上位1割に入った割合", "in the top tenth"));
    for curve in rows {
        y += 19.0;
        let from = right - 152.0;
        let style = if curve.class == "chance" { "chance" } else { "list" };
        let _ = write!(svg, r#"<path class="{style} {}" d="M{from:.1} {:.1}h26"/>"#, curve.class, y - 4.0);
        text(svg, "entry", from + 34.0, y, "start", curve.name);
        text(svg, "entry", right, y, "end", &lang.share(curve.at(TOP)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;

    #[test]
    fn every_list_is_drawn_and_told() {
        let good: Vec<f64> = (0..=20).map(|i| (f64::from(i) / 20.0).sqrt()).collect();
        let flat: Vec<f64> = (0..=20).map(|i| f64::from(i) / 20.0).collect();
        let curves = [
            Curve { class: "chosen", name: "<Mezame>", shares: &good },
            Curve { class: "rfm", name: "RFM", shares: &flat },
            Curve { class: "r181", name: "R181", shares: &[] },
        ];
        for width in [Width::Desk, Width::Phone] {
            let svg = capture(&curves, width, Lang::Ja);
            well_formed(&svg);
            assert_eq!(svg.matches(r#"class="dot "#).count(), 2, "a list without figures is left out");
            assert!(svg.contains("32%") && svg.contains("10%") && !svg.contains("<Mezame>"), "{svg}");
        }
        assert_eq!(capture(&curves[2..], Width::Desk, Lang::En), "");
    }
}
