//! Today's silence measured against the customer's own gaps and the shop's line.

use super::{Width, round_step, safe, text_width};
use crate::say::Lang;
use model::State;
use std::fmt::Write;

/// What the ruler shows, all in days.
pub struct Rhythm<'a> {
    pub gaps: &'a [i32],
    pub usual: Option<(f64, f64)>,
    pub median: f64,
    pub silent: i32,
    pub at_risk: i32,
    pub dormant: i32,
    pub state: State,
    pub lang: Lang,
}

/// The middle half of the gaps (first to third quartile), with at least two of them.
pub fn usual(gaps: &[i32]) -> Option<(f64, f64)> {
    let mut sorted = gaps.to_vec();
    sorted.sort_unstable();
    let at = |share: f64| {
        let place = share * (sorted.len() - 1) as f64;
        let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
        f64::from(low) + f64::from(high - low) * place.fract()
    };
    (sorted.len() >= 2).then(|| (at(0.25), at(0.75)))
}

const HEIGHT: f64 = 140.0;
const AXIS: f64 = 104.0;

/// The ruler; empty where there is neither a gap nor a line to measure against.
pub fn ruler(it: &Rhythm<'_>, width: Width) -> String {
    if it.dormant <= 0 && it.gaps.is_empty() {
        return String::new();
    }
    let lang = it.lang;
    let most = it.gaps.iter().copied().chain([it.silent, it.dormant, it.at_risk, 10]).max().unwrap_or(10);
    let end = f64::from(most) * 1.08;
    let x = |days: f64| 14.0 + days / end * (width.px() - 28.0);
    let label = match lang {
        Lang::Ja => format!(
            "今日で {}。休眠予兆は {}から、休眠は {}から。",
            lang.days(it.silent),
            lang.days(it.at_risk),
            lang.days(it.dormant)
        ),
        Lang::En => format!(
            "{} of silence today; going quiet from {}, dormant from {}.",
            lang.days(it.silent),
            lang.days(it.at_risk),
            lang.days(it.dormant)
        ),
    };
    let mut svg = format!(
        r#"<svg class="{} ruler" viewBox="0 0 {w} {HEIGHT}" width="{w}" height="{HEIGHT}" role="img" aria-label="{}">"#,
        width.class(),
        safe(&label),
        w = width.px()
    );
    let step = round_step(f64::from(most), if width == Width::Phone { 4.0 } else { 8.0 });
    let mut tick = 0.0;
    while tick <= f64::from(most) {
        let _ = write!(
            svg,
            r#"<path class="grid" d="M{at:.1} 66V{AXIS}"/><text class="tick" x="{at:.1}" y="{}" text-anchor="middle">{}</text>"#,
            AXIS + 18.0,
            lang.n(tick as i64),
            at = x(tick)
        );
        tick += step;
    }
    let _ = write!(
        svg,
        r#"<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>"#,
        width.px() - 2.0,
        AXIS + 34.0,
        lang.t("前の注文からの日数(日)", "days since the order before")
    );
    if let Some((low, high)) = it.usual {
        let _ = write!(
            svg,
            r#"<rect class="usual" x="{:.1}" y="66" width="{:.1}" height="38"/>"#,
            x(low),
            (x(high) - x(low)).max(3.0)
        );
    }
    let _ = write!(svg, r#"<path class="axis" d="M14 {AXIS}H{}"/>"#, width.px() - 14.0);
    for gap in it.gaps.iter().take(400) {
        let _ = write!(svg, r#"<path class="gap" d="M{:.1} 68v16"/>"#, x(f64::from(*gap)));
    }
    let _ = write!(
        svg,
        r#"<path class="silence fill-{}" d="M14 95H{:.1}"/>"#,
        it.state.word(),
        x(f64::from(it.silent))
    );
    marks(&mut svg, it, &x, width);
    svg.push_str("</svg>");
    svg
}

/// Words above their lines, each on the first row where it is clear of the others.
fn marks(svg: &mut String, it: &Rhythm<'_>, x: &dyn Fn(f64) -> f64, width: Width) {
    let lang = it.lang;
    let mut words: Vec<(&str, f64, String)> = vec![(
        "now-line",
        f64::from(it.silent),
        lang.t("今日 ", "today ").to_owned() + &lang.days(it.silent),
    )];
    if it.usual.is_some() {
        words.push((
            "usual-line",
            it.median,
            format!("{} {}", lang.t("ふだん", "usually"), lang.about_days(it.median)),
        ));
    }
    if it.dormant > 0 {
        words.push((
            "dormant-line",
            f64::from(it.dormant),
            lang.t("休眠 ", "dormant ").to_owned() + &lang.days(it.dormant),
        ));
        words.push((
            "risk-line",
            f64::from(it.at_risk),
            lang.t("予兆 ", "quiet ").to_owned() + &lang.days(it.at_risk),
        ));
    }
    let mut rows: [Vec<(f64, f64)>; 4] = Default::default();
    let mut labels = String::new();
    for (class, days, word) in words {
        let (at, wide) = (x(days), text_width(&word));
        let from = (at - wide / 2.0).clamp(2.0, width.px() - wide - 2.0);
        let clear = |row: &Vec<(f64, f64)>| row.iter().all(|(a, b)| from > b + 8.0 || from + wide < a - 8.0);
        let row = rows.iter().position(clear).unwrap_or(3);
        rows[row].push((from, from + wide));
        let y = 58.0 - 15.0 * row as f64;
        let _ = write!(svg, r#"<path class="{class}" d="M{at:.1} {:.1}V{AXIS}"/>"#, y + 4.0);
        let _ = write!(labels, r#"<text class="label" x="{from:.1}" y="{y:.1}">{}</text>"#, safe(&word));
    }
    svg.push_str(&labels); // above every line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;

    #[test]
    fn quartiles() {
        assert_eq!(usual(&[10, 30, 20, 40, 50]), Some((20.0, 40.0)));
        assert_eq!(usual(&[10, 20]), Some((12.5, 17.5)));
        assert_eq!((usual(&[10]), usual(&[])), (None, None));
    }

    #[test]
    fn a_stroke_per_gap_and_no_words_on_top_of_each_other() {
        for (gaps, silent) in [(vec![], 0), (vec![30, 31, 400], 181), (vec![1], 5000)] {
            let it = Rhythm {
                gaps: &gaps,
                usual: usual(&gaps),
                median: 31.0,
                silent,
                at_risk: 180,
                dormant: 181,
                state: State::Dormant,
                lang: Lang::Ja,
            };
            for width in [Width::Desk, Width::Phone] {
                let svg = ruler(&it, width);
                well_formed(&svg);
                assert_eq!(svg.matches(r#"class="gap""#).count(), gaps.len());
            }
        }
    }
}
