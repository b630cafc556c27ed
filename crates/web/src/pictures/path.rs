//! One customer's way through a campaign: what happened and when, what they did, what is next.

use super::ladder::lines;
use super::plot::text;
use super::{Width, safe, text_width};
use std::fmt::Write;

/// Something on the way.
pub struct Stop<'a> {
    /// The stylesheet knows `sent`, `waiting`, `failed`, `in_doubt`, `skipped`, `planned`, `none`, `heard`, `order`.
    pub kind: &'a str,
    /// The day and hour, or that it is not decided.
    pub when: String,
    /// The channel; empty for an order.
    pub by: &'a str,
    pub told: String,
    pub next: bool,
}

const SPINE: f64 = 12.0;

/// The picture; empty without anything. `now` stands above the stop at this place, with its word.
pub fn path(stops: &[Stop<'_>], now: (usize, &str), label: &str, width: Width) -> String {
    if stops.is_empty() {
        return String::new();
    }
    let left = if width == Width::Desk { 190.0 } else { 34.0 };
    let (mut body, mut marks, mut y) = (String::new(), String::new(), 4.0);
    let mut ends = (f64::MAX, 0.0);
    for (n, stop) in stops.iter().enumerate() {
        if n == now.0 {
            y = today(&mut body, now.1, y, width);
        }
        let at = y + 12.0;
        ends = (f64::min(ends.0, at), at);
        mark(&mut marks, stop.kind, at, stop.next);
        let class = if stop.next { "label" } else { "figure" };
        let mut base = at + 4.5;
        text(&mut body, class, 34.0, base, "start", &stop.when);
        if width == Width::Phone {
            base += 18.0;
        }
        let mut from = left;
        if !stop.by.is_empty() {
            let tag = text_width(stop.by) + 12.0;
            let top = base - 13.0;
            let _ = write!(
                body,
                r#"<rect class="by" x="{from}" y="{top:.1}" width="{tag:.1}" height="18" rx="4"/>"#
            );
            text(&mut body, "entry", from + 6.0, base, "start", stop.by);
            from += tag + 8.0;
        }
        for (i, line) in lines(&stop.told, width.px() - from - 4.0, 3).iter().enumerate() {
            let class = if stop.next { "label" } else { "entry" };
            text(&mut body, class, from, base + 18.0 * i as f64, "start", line);
            y = base + 18.0 * i as f64;
        }
        y = y.max(base) + 16.0;
    }
    if now.0 >= stops.len() {
        y = today(&mut body, now.1, y, width);
    }
    let high = y + 4.0;
    let (w, class) = (width.px(), width.class());
    let mut svg = format!(
        r#"<svg class="{class} path" viewBox="0 0 {w} {high:.0}" width="{w}" height="{high:.0}" role="img" aria-label="{}">"#,
        safe(label),
    );
    let _ = write!(svg, r#"<path class="axis" d="M{SPINE} {:.1}V{:.1}"/>"#, ends.0, ends.1);
    svg + &marks + &body + "</svg>"
}

/// The line between what was and what will be; says where it ends.
fn today(svg: &mut String, word: &str, y: f64, width: Width) -> f64 {
    let at = y + 9.0;
    let from = 34.0 + text_width(word) + 8.0;
    text(svg, "now", 34.0, at + 4.5, "start", word);
    let _ = write!(svg, r#"<path class="now-line" d="M0 {at:.1}H24M{from:.1} {at:.1}H{}"/>"#, width.px());
    y + 22.0
}

/// A shape of its own for each kind, so that colour alone says nothing.
fn mark(svg: &mut String, kind: &str, y: f64, next: bool) {
    let x = SPINE;
    let _ = match kind {
        "order" => {
            write!(svg, r#"<path class="mark order-mark" d="M{x} {:.1}l8 8l-8 8l-8 -8z"/>"#, y - 8.0)
        }
        "heard" => write!(
            svg,
            r#"<rect class="mark heard" x="{}" y="{:.1}" width="9" height="9"/>"#,
            x - 4.5,
            y - 4.5
        ),
        "skipped" | "failed" | "none" => write!(
            svg,
            r#"<circle class="mark {kind}" cx="{x}" cy="{y:.1}" r="7"/><path class="cross" d="M{} {:.1}l6 6m0 -6l-6 6"/>"#,
            x - 3.0,
            y - 3.0
        ),
        _ => write!(
            svg,
            r#"<circle class="mark {kind}" cx="{x}" cy="{y:.1}" r="{}"/>"#,
            if next { 9 } else { 7 }
        ),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;

    #[test]
    fn every_stop_is_told_in_its_place() {
        let kinds = ["sent", "heard", "order", "skipped", "planned"];
        let stop = |(n, kind): (usize, &'static str)| Stop {
            kind,
            when: format!("2026/12/0{}", n + 1),
            by: if kind == "order" { "" } else { "メール" },
            told: format!("お手紙{n}: <b>とても長い説明</b>が続いて、電話の幅では折り返されるはずの文です"),
            next: kind == "planned",
        };
        let stops: Vec<Stop<'_>> = kinds.into_iter().enumerate().map(stop).collect();
        for width in [Width::Desk, Width::Phone] {
            for now in [0, 4, 5] {
                let svg = path(&stops, (now, "今日"), "流れ", width);
                well_formed(&svg);
                assert_eq!((svg.matches("class=\"mark ").count(), svg.matches("今日").count()), (5, 1));
                let order: Vec<usize> =
                    (0..5).filter_map(|n| svg.find(&format!("2026/12/0{}", n + 1))).collect();
                assert!(order.is_sorted() && order.len() == 5 && !svg.contains("<b>"), "{svg}");
            }
        }
        assert_eq!(path(&[], (0, ""), "", Width::Desk), "");
    }
}
