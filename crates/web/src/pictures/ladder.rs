//! The steps of a campaign one under the other: when, by what, to whom, and how many stand where.

use super::plot::text;
use super::{Width, safe, text_width};
use crate::say::Lang;
use std::fmt::Write;

/// One step.
pub struct Rung<'a> {
    pub name: &'a str,
    pub channel: &'a str,
    pub when: String,
    pub words: &'a str,
    /// For whom alone; empty: everybody.
    pub only: &'a str,
    pub stage: Stage,
    /// Of the bar: class and size, in the order in which they are drawn.
    pub parts: Vec<(&'a str, u64)>,
    /// What is counted, how many, and where exactly those are listed.
    pub figures: Vec<(&'a str, u64, String)>,
}

/// How far a step has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    Over,
    Now,
    ToCome,
}

/// Where the line of steps runs, and where words begin.
const SPINE: f64 = 12.0;
const LEFT: f64 = 34.0;
const BAR: f64 = 12.0;

/// The picture; empty without a step. `label` says what it shows.
pub fn ladder(rungs: &[Rung<'_>], label: &str, width: Width, lang: Lang) -> String {
    if rungs.is_empty() {
        return String::new();
    }
    let most = rungs.iter().map(|r| r.parts.iter().map(|p| p.1).sum()).max().unwrap_or(0).max(1);
    let (mut body, mut y, mut dots) = (String::new(), 6.0, vec![]);
    for (n, rung) in rungs.iter().enumerate() {
        dots.push((y + 11.0, rung.stage));
        y = draw(&mut body, rung, n + 1, y, most, width, lang) + 22.0;
    }
    let high = y - 14.0;
    let mut svg = format!(
        r#"<svg class="{} ladder" viewBox="0 0 {w} {high:.0}" width="{w}" height="{high:.0}" role="group" aria-label="{}">"#,
        width.class(),
        safe(label),
        w = width.px(),
    );
    if let (Some(first), Some(last)) = (dots.first(), dots.last()) {
        let _ = write!(svg, r#"<path class="axis" d="M{SPINE} {:.1}V{:.1}"/>"#, first.0, last.0);
    }
    for (at, stage) in dots {
        let (class, r) = match stage {
            Stage::Over => ("over", 6.0),
            Stage::Now => ("present", 8.0),
            Stage::ToCome => ("to-come", 6.0),
        };
        let _ = write!(svg, r#"<circle class="{class}" cx="{SPINE}" cy="{at:.1}" r="{r}"/>"#);
    }
    svg + &body + "</svg>"
}

/// One rung from `y` on; says where it ends.
fn draw(svg: &mut String, rung: &Rung<'_>, n: usize, mut y: f64, most: u64, width: Width, lang: Lang) -> f64 {
    let wide = width.px() - LEFT - 2.0;
    let name = format!("{n}. {}", rung.name);
    y += 15.0;
    match width {
        Width::Desk => {
            text(svg, "figure", width.px() - 2.0, y, "end", &rung.when);
            text(svg, "label", LEFT, y, "start", &cut(&name, wide - text_width(&rung.when) - 20.0));
        }
        Width::Phone => {
            text(svg, "label", LEFT, y, "start", &cut(&name, wide));
            y += 18.0;
            text(svg, "figure", LEFT, y, "start", &cut(&rung.when, wide));
        }
    }
    y += 20.0;
    let tag = text_width(rung.channel) + 12.0;
    let _ = write!(
        svg,
        r#"<rect class="by" x="{LEFT}" y="{:.1}" width="{tag:.1}" height="18" rx="4"/>"#,
        y - 13.0
    );
    text(svg, "entry", LEFT + 6.0, y, "start", rung.channel);
    text(svg, "entry", LEFT + tag + 8.0, y, "start", &cut(rung.words, wide - tag - 8.0));
    for line in lines(rung.only, wide, 2) {
        y += 18.0;
        text(svg, "caption", LEFT, y, "start", &line);
    }
    if rung.figures.is_empty() {
        return y;
    }
    y += 9.0;
    let mut x = LEFT;
    for (class, size) in rung.parts.iter().filter(|p| p.1 > 0) {
        let long = (*size as f64 / most as f64 * wide).max(2.0);
        let _ = write!(
            svg,
            r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{:.1}" height="{BAR}"/>"#,
            (long - 1.0).max(1.5)
        );
        x += long;
    }
    figures(svg, rung, y + BAR + 2.0, wide, width, lang)
}

/// The figures as links, side by side as far as there is room; says where they end.
fn figures(svg: &mut String, rung: &Rung<'_>, top: f64, wide: f64, width: Width, lang: Lang) -> f64 {
    let (row, column) = match width {
        Width::Desk => (30.0, None),
        // A finger needs room.
        Width::Phone => (44.0, Some(wide / 2.0)),
    };
    let (mut x, mut y) = (LEFT, top);
    for (word, count, href) in &rung.figures {
        let told = lang.people(*count);
        let need = column.unwrap_or(text_width(word) + text_width(&told) + 30.0);
        if x + need > LEFT + wide + 1.0 {
            (x, y) = (LEFT, y + row);
        }
        let _ = write!(
            svg,
            r#"<a href="{}" aria-label="{}"><rect class="hit" x="{x:.1}" y="{y:.1}" width="{:.1}" height="{row}"/>"#,
            safe(href),
            safe(&format!("{} {word} {told}", rung.name)),
            need - 8.0,
        );
        let base = y + row / 2.0 + 4.5;
        text(svg, "what", x, base, "start", word);
        text(svg, "count", x + text_width(word) + 6.0, base, "start", &told);
        svg.push_str("</a>");
        x += need;
    }
    y + row
}

/// The text, or as much of it as there is room for.
pub(super) fn cut(text: &str, room: f64) -> String {
    if text_width(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = text_width("…");
    for c in text.chars() {
        used += text_width(c.encode_utf8(&mut [0; 4]));
        if used > room {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// The text in at most so many lines; what does not fit is cut off the last.
pub(super) fn lines(text: &str, room: f64, most: usize) -> Vec<String> {
    let mut all = vec![];
    let mut rest = text;
    while !rest.is_empty() {
        if all.len() + 1 == most {
            all.push(cut(rest, room));
            break;
        }
        let mut used = 0.0;
        let end = rest
            .char_indices()
            .find(|(_, c)| {
                used += text_width(c.encode_utf8(&mut [0; 4]));
                used > room
            })
            .map_or(rest.len(), |(at, c)| at.max(c.len_utf8()));
        let (line, after) = rest.split_at(end);
        all.push(line.to_owned());
        rest = after.trim_start();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;

    fn rung(name: &str) -> Rung<'_> {
        Rung {
            name,
            channel: "メール",
            when: "開始から3日後 10:00".to_owned(),
            words: "<b>お元気ですか</b>とてもとても長い件名がここに入りますので途中で切られるはずです、きっと",
            only: "「注文した」方を除く",
            stage: Stage::Now,
            parts: vec![("sent", 900), ("skipped", 0), ("failed", 3)],
            figures: vec![
                ("送信済み", 900, "/campaigns/1/steps/0?at=sent".to_owned()),
                ("失敗", 3, "/campaigns/1/steps/0?at=failed&x=\"".to_owned()),
            ],
        }
    }

    #[test]
    fn every_number_is_a_link_and_stays_inside() {
        let long = "とても長い名前の".repeat(12);
        let rungs: Vec<Rung<'_>> = [long.as_str(), "二通目", "<script>"].into_iter().map(rung).collect();
        for width in [Width::Desk, Width::Phone] {
            let svg = ladder(&rungs, "流れ", width, Lang::Ja);
            well_formed(&svg);
            assert_eq!((svg.matches("<a href=").count(), svg.matches("900人").count()), (6, 6));
            assert!(!svg.contains("<script>") && !svg.contains("<b>"));
            for x in svg.split(r#"<rect class="hit" x=""#).skip(1) {
                let x: f64 = x.split('"').next().and_then(|x| x.parse().ok()).expect("a place");
                assert!(x < width.px() - 40.0, "{x} leaves the picture");
            }
        }
        assert_eq!(ladder(&[], "", Width::Desk, Lang::Ja), "");
    }

    #[test]
    fn texts_are_cut_to_their_room() {
        for (whole, room, told) in [("あいう", 36.0, "あいう"), ("あいう", 30.0, "あ…"), ("", 5.0, "")]
        {
            assert_eq!(cut(whole, room), told);
        }
        assert_eq!(lines("あいうえおか", 24.0, 2), ["あい", "う…"]);
        assert_eq!(lines("あいうえ", 24.0, 2), ["あい", "うえ"]);
        assert!(lines("", 24.0, 2).is_empty());
        assert_eq!(lines("漢字", 1.0, 9).len(), 2, "a letter wider than the room still ends");
    }
}
