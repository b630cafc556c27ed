//! What touching one customer more is expected to bring, and where it stops paying.

use super::plot::{Plot, open, text};
use super::{Width, round_step, text_width};
use crate::say::Lang;
use app::{RankPoint, Ranking};
use model::Money;
use std::fmt::Write;

const HEAD: f64 = 34.0;
const ROW: f64 = 17.0;
const ALL: f64 = 130.0;
const GAP: f64 = 46.0;
const EACH: f64 = 130.0;
const BOTTOM: f64 = 40.0;

/// A point of both panels: customers so far, profit so far, profit of the last, in units.
type Point = (f64, f64, f64);

/// Above: the profit of all so far. Below: that of the last one. Empty without anybody in line.
pub fn gain(r: &Ranking, currency: &str, width: Width, lang: Lang) -> String {
    if r.all.customers == 0 {
        return String::new();
    }
    let wide = if width == Width::Phone { 350.0 } else { 920.0 };
    let points = points(r);
    let end = points.last().map_or(1.0, |p| p.0).max(1.0);
    let (pays, taken) = (r.pays.customers, r.taken.customers);
    let stop = pays as f64 / end;
    let mut marks = vec![("stop-line", stop, stop_word(r, lang))];
    if r.budget.is_some() && taken < pays {
        let word = format!("{} {}", lang.t("予算はここまで", "the budget ends here:"), lang.people(taken));
        marks.push(("budget-line", taken as f64 / end, word));
    }
    let top = HEAD + ROW * marks.len() as f64;
    let high = top + ALL + GAP + EACH + BOTTOM;
    let field = |top, high| Plot { left: 64.0, top, wide: wide - 80.0, high };
    let (above, below) = (field(top, ALL), field(top + ALL + GAP, EACH));
    let label = match lang {
        Lang::Ja => format!(
            "{}まで費用に見合い、利益の見込みの合計は{}になります。",
            lang.people(pays),
            lang.money_about(r.pays.profit, currency)
        ),
        Lang::En => format!(
            "It pays for {}; the expected profit then is {}.",
            lang.people(pays),
            lang.money_about(r.pays.profit, currency)
        ),
    };
    let mut svg = open(width, (wide, high), "gain", &label);
    if stop < 1.0 {
        let (from, _) = above.at(stop, 0.0);
        let (left, tall) = (above.left + above.wide - from, below.bottom() - top);
        let _ = write!(
            svg,
            r#"<rect class="beyond" x="{from:.1}" y="{top}" width="{left:.1}" height="{tall}"/>"#
        );
    }
    let bottom = below.bottom();
    for (row, (class, at, _)) in marks.iter().enumerate() {
        let (x, _) = above.at(*at, 0.0);
        let _ = write!(svg, r#"<path class="{class}" d="M{x:.1} {:.1}V{bottom:.1}"/>"#, word_at(row) + 5.0);
    }
    let sums = Range::of(points.iter().map(|p| p.1));
    let ones = Range::of(points.iter().map(|p| p.2));
    let unit = lang.t(currency, if currency == "円" { "¥" } else { currency });
    let caption = lang.t("利益の見込みの合計", "expected profit in all");
    panel(&mut svg, &above, &sums, &format!("{caption} ({unit})"), lang);
    let caption = lang.t("次の1人の利益の見込み", "expected profit of one more");
    panel(&mut svg, &below, &ones, &format!("{caption} ({unit})"), lang);
    curve(&mut svg, &above, points.iter().map(|p| (p.0 / end, sums.share(p.1))), sums.share(0.0));
    curve(&mut svg, &below, points.iter().map(|p| (p.0 / end, ones.share(p.2))), ones.share(0.0));
    people(&mut svg, &below, end, width, lang);
    words(&mut svg, &marks, &above);
    svg.push_str("</svg>");
    svg
}

/// The curve as far as it tells something: not all the way where only the first few pay.
fn points(r: &Ranking) -> Vec<Point> {
    let point = |p: &RankPoint| (p.totals.customers as f64, p.totals.profit.as_f64(), p.marginal.as_f64());
    let mut points: Vec<Point> = r.curve.iter().map(point).collect();
    // The top of the hill lies between two of the points.
    let pays = (r.pays.customers as f64, r.pays.profit.as_f64(), 0.0);
    if r.pays.customers < r.all.customers && points.iter().all(|p| p.0 != pays.0) {
        points.push(pays);
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    if r.pays.customers == 0 {
        return points;
    }
    let enough = (pays.0 * 3.0).max(points.get(6).map_or(0.0, |p| p.0));
    let far = points.iter().position(|p| p.0 >= enough).map_or(points.len(), |i| i + 1);
    points.truncate(far.max(2));
    points
}

fn stop_word(r: &Ranking, lang: Lang) -> String {
    let n = lang.people(r.pays.customers);
    match (r.pays.customers, lang) {
        (0, _) => lang.t("はじめから費用倒れです", "it does not pay from the first").to_owned(),
        (pays, _) if pays == r.all.customers => {
            lang.t("最後の方まで費用に見合います", "it pays down to the last").to_owned()
        }
        (_, Lang::Ja) => format!("{n}。ここから先は費用倒れ"),
        (_, Lang::En) => format!("{n}; beyond, a touch costs more than it brings"),
    }
}

/// From the least to the most of some figures, with zero among them.
struct Range {
    least: f64,
    most: f64,
}

impl Range {
    fn of(values: impl Iterator<Item = f64>) -> Range {
        let (least, most) = values.fold((0.0, 0.0), |(a, b): (f64, f64), v| (a.min(v), b.max(v)));
        Range { least, most: if most - least > 0.0 { most } else { least + 1.0 } }
    }

    fn share(&self, value: f64) -> f64 {
        (value - self.least) / (self.most - self.least)
    }
}

/// Level lines at round figures and at zero, and what they count.
fn panel(svg: &mut String, plot: &Plot, range: &Range, caption: &str, lang: Lang) {
    text(svg, "caption", 0.0, plot.top - 12.0, "start", caption);
    let span = range.most.max(-range.least);
    let step = if span < 3.0 { round_step(span * 100.0, 2.0) / 100.0 } else { round_step(span, 2.0) };
    let (from, to) = ((range.least / step).ceil() as i32, (range.most / step).floor() as i32);
    for n in from..=to {
        let value = f64::from(n) * step;
        let word = if n == 0 || step >= 1.0 { lang.n(value.round() as i64) } else { format!("{value:.1}") };
        plot.level(svg, range.share(value), if n == 0 { "axis" } else { "grid" }, &word);
    }
}

fn curve(svg: &mut String, plot: &Plot, points: impl Iterator<Item = (f64, f64)> + Clone, zero: f64) {
    let first = points.clone().next().map_or(0.0, |p| p.0);
    let last = points.clone().last().map_or(1.0, |p| p.0);
    let area = plot.path([(first, zero)].into_iter().chain(points.clone()).chain([(last, zero)]));
    let _ = write!(svg, r#"<path class="area" d="{area}z"/><path class="curve" d="{}"/>"#, plot.path(points));
}

/// Numbers of people below both panels.
fn people(svg: &mut String, plot: &Plot, end: f64, width: Width, lang: Lang) {
    let step = round_step(end, if width == Width::Phone { 3.0 } else { 8.0 });
    let mut n = 0.0;
    while n <= end {
        let (x, y) = plot.at(n / end, 0.0);
        let _ = write!(svg, r#"<path class="axis" d="M{x:.1} {y:.1}v4"/>"#);
        text(svg, "tick", x, y + 18.0, "middle", &lang.n(n as u64));
        n += step;
    }
    let (x, y) = plot.at(1.0, 0.0);
    text(svg, "tick", x + 12.0, y + 35.0, "end", lang.t("順位の上から(人)", "down the ranking (customers)"));
}

/// The base line of a row of words above the panels.
fn word_at(row: usize) -> f64 {
    13.0 + ROW * row as f64
}

/// The words of the upright lines, one row each.
fn words(svg: &mut String, marks: &[(&str, f64, String)], plot: &Plot) {
    for (row, (_, at, word)) in marks.iter().enumerate() {
        let (x, _) = plot.at(*at, 0.0);
        let (wide, right) = (text_width(word), plot.left + plot.wide);
        let from = (x - wide / 2.0).clamp(0.0, (right - wide).max(0.0));
        text(svg, "label", from, word_at(row), "start", word);
    }
}

/// Some of the points, for a table beside the picture: the last of each tenth, and the top.
pub fn steps(r: &Ranking) -> Vec<RankPoint> {
    let every = r.curve.len().div_ceil(10).max(1);
    let tenth =
        |(i, p): (usize, &RankPoint)| (i > 0 && (i % every == 0 || i + 1 == r.curve.len())).then_some(*p);
    let mut steps: Vec<RankPoint> = r.curve.iter().enumerate().filter_map(tenth).collect();
    if r.pays.customers > 0 && steps.iter().all(|p| p.totals.customers != r.pays.customers) {
        steps.push(RankPoint { totals: r.pays, marginal: Money::ZERO });
        steps.sort_by_key(|p| p.totals.customers);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;
    use app::RankTotals;

    fn totals(customers: u64, profit: i64) -> RankTotals {
        RankTotals { customers, profit: Money::units(profit), ..RankTotals::default() }
    }

    /// Nobody in line.
    fn nobody() -> Ranking {
        Ranking {
            as_of: model::Day(0),
            channel: model::Channel::Mail,
            horizon: 180,
            budget: None,
            quiet: 0,
            unreachable: 0,
            stocked: 0,
            unknown: 0,
            all: RankTotals::default(),
            pays: RankTotals::default(),
            taken: RankTotals::default(),
            curve: Vec::new(),
        }
    }

    /// A hundred customers in line, the first bringing `first`, each one yen less than the one before.
    fn ranking(first: i64, budget: Option<u64>) -> Ranking {
        let sum = |n: u64| totals(n, first * n as i64 - (n * n.saturating_sub(1) / 2) as i64);
        let pays = sum(first.clamp(0, 100) as u64);
        Ranking {
            all: sum(100),
            taken: budget.map_or(pays, sum),
            pays,
            budget: budget.map(|n| Money::units(n as i64)),
            curve: (0..=10)
                .map(|i| RankPoint { totals: sum(i * 10), marginal: Money::units(first - 10 * i as i64) })
                .collect(),
            ..nobody()
        }
    }

    #[test]
    fn the_stop_line_is_drawn_wherever_it_falls() {
        for (first, word, beyond) in [
            (57, "57人。ここから先は費用倒れ", 1),
            (-5, "はじめから費用倒れです", 1),
            (500, "最後の方まで", 0),
        ] {
            for width in [Width::Desk, Width::Phone] {
                let svg = gain(&ranking(first, None), "円", width, Lang::Ja);
                well_formed(&svg);
                assert!(svg.contains(word) && svg.matches("stop-line").count() == 1, "{first}: {svg}");
                assert_eq!(svg.matches(r#"class="beyond""#).count(), beyond);
                assert!(!svg.contains("budget-line"));
            }
        }
    }

    #[test]
    fn the_budget_is_drawn_only_where_it_cuts() {
        assert!(gain(&ranking(57, Some(30)), "円", Width::Desk, Lang::En).contains("budget-line"));
        assert!(!gain(&ranking(57, Some(57)), "円", Width::Desk, Lang::En).contains("budget-line"));
        assert_eq!(gain(&nobody(), "円", Width::Desk, Lang::Ja), "");
    }

    #[test]
    fn the_table_has_the_top_of_the_hill() {
        let customers: Vec<u64> = steps(&ranking(57, None)).iter().map(|p| p.totals.customers).collect();
        assert!(
            customers.contains(&57) && customers.contains(&100) && customers.len() <= 12,
            "{customers:?}"
        );
    }
}
