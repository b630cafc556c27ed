//! What was predicted against what came, in groups of customers with about the same expectation.

use super::Width;
use super::plot::{Plot, open, text};
use crate::say::Lang;
use model::Bin;
use std::fmt::Write;

/// Whether the prediction lies within the interval of what came.
pub fn as_predicted(bin: &Bin) -> bool {
    (bin.low..=bin.high).contains(&bin.predicted)
}

const TICKS: [f64; 12] = [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0];

/// On axes of square roots, so that small probabilities do not lie on one heap. Empty without
/// groups.
pub fn calibration(bins: &[Bin], width: Width, lang: Lang) -> String {
    if bins.is_empty() {
        return String::new();
    }
    let (wide, high) = if width == Width::Phone { (350.0, 400.0) } else { (470.0, 440.0) };
    let plot = Plot { left: 44.0, top: 30.0, wide: wide - 56.0, high: high - 76.0 };
    let most = bins.iter().map(|b| b.high.max(b.predicted)).fold(0.0, f64::max);
    let end = TICKS.into_iter().find(|t| *t >= most && *t > 0.0).unwrap_or(1.0);
    let place = |p: f64| (p.clamp(0.0, end) / end).sqrt();
    let hits = bins.iter().filter(|b| as_predicted(b)).count();
    let label = match lang {
        Lang::Ja => {
            format!("見込みの割合と、実際に戻った割合。{}組のうち{hits}組で誤差の範囲内です。", bins.len())
        }
        Lang::En => {
            format!("Predicted and actual shares: {hits} of {} groups within the interval.", bins.len())
        }
    };
    let mut svg = open(width, (wide, high), "calibration", &label);
    text(&mut svg, "caption", 0.0, 13.0, "start", lang.t("実際に戻った割合(%)", "who came back (%)"));
    let mut free = [f64::MIN; 2];
    for tick in TICKS.into_iter().filter(|t| *t <= end) {
        let word = format!("{:.0}", tick * 100.0);
        let at = place(tick);
        if at * plot.wide - free[0] >= 28.0 {
            free[0] = at * plot.wide;
            plot.upright(&mut svg, at, &word);
        }
        if at * plot.high - free[1] >= 20.0 {
            free[1] = at * plot.high;
            plot.level(&mut svg, at, if tick == 0.0 { "axis" } else { "grid" }, &word);
        }
    }
    text(&mut svg, "tick", wide - 12.0, high - 12.0, "end", lang.t("見込みの割合(%)", "predicted (%)"));
    let _ = write!(svg, r#"<path class="chance" d="{}"/>"#, plot.path([(0.0, 0.0), (1.0, 1.0)]));
    legend(&mut svg, &plot, lang);
    for bin in bins {
        draw(&mut svg, bin, &plot, &place, lang);
    }
    svg.push_str("</svg>");
    svg
}

/// In the corner below the line, where only what came far short of its prediction would lie.
fn legend(svg: &mut String, plot: &Plot, lang: Lang) {
    let (x, y) = (plot.left + plot.wide - 150.0, plot.bottom() - 54.0);
    let _ = write!(
        svg,
        r#"<path class="chance" d="M{:.1} {:.1}h24"/><g class="bin"><circle cx="{x:.1}" cy="{:.1}" r="4.5"/></g><g class="bin off"><circle cx="{x:.1}" cy="{:.1}" r="4.5"/></g>"#,
        x - 12.0,
        y - 4.0,
        y + 15.0,
        y + 34.0
    );
    let words = [
        lang.t("見込みどおりの線", "as predicted"),
        lang.t("幅が線にかかる組", "interval on the line"),
        lang.t("線から外れた組", "interval off the line"),
    ];
    for (i, word) in words.into_iter().enumerate() {
        text(svg, "entry", x + 20.0, y + 19.0 * i as f64, "start", word);
    }
}

fn draw(svg: &mut String, bin: &Bin, plot: &Plot, place: &dyn Fn(f64) -> f64, lang: Lang) {
    let (x, y) = plot.at(place(bin.predicted), place(bin.actual));
    let (low, high) = (plot.at(0.0, place(bin.low)).1, plot.at(0.0, place(bin.high)).1);
    let off = if as_predicted(bin) { "" } else { " off" };
    let told = format!(
        "{} {}: {} {} ({}〜{}), {}",
        lang.t("見込み", "predicted"),
        lang.share(bin.predicted),
        lang.t("実際", "actual"),
        lang.share(bin.actual),
        lang.share(bin.low),
        lang.share(bin.high),
        lang.people(bin.customers),
    );
    let _ = write!(
        svg,
        r#"<g class="bin{off}"><title>{told}</title><path d="M{x:.1} {low:.1}V{high:.1}m-4 0h8M{:.1} {low:.1}h8"/><circle cx="{x:.1}" cy="{y:.1}" r="4.5"/></g>"#,
        x - 4.0
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;

    fn bin(predicted: f64, low: f64, actual: f64, high: f64) -> Bin {
        Bin { predicted, actual, low, high, customers: 590 }
    }

    #[test]
    fn a_group_outside_its_interval_looks_different() {
        let bins = [bin(0.001, 0.0, 0.0, 0.006), bin(0.02, 0.03, 0.05, 0.07), bin(1.0, 0.9, 1.0, 1.0)];
        for width in [Width::Desk, Width::Phone] {
            let svg = calibration(&bins, width, Lang::En);
            well_formed(&svg);
            let told = |class: &str| svg.matches(&format!("class=\"{class}\"><title>")).count();
            assert_eq!((told("bin"), told("bin off")), (2, 1));
            assert!(svg.contains("2 of 3 groups"), "{svg}");
        }
        well_formed(&calibration(&[bin(0.0, 0.0, 0.0, 0.0)], Width::Phone, Lang::Ja));
        assert_eq!(calibration(&[], Width::Desk, Lang::Ja), "");
    }
}
