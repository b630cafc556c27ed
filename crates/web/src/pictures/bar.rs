//! Bars that stand beside figures: one share, or the whole split into its parts.

use super::safe;

/// One share of a whole as a bar; the figure beside it says the number.
pub fn bar(part: u64, whole: u64, class: &str) -> String {
    let share = if whole == 0 { 0.0 } else { part as f64 / whole as f64 * 100.0 };
    // A little that is not nothing stays visible.
    let width = if part > 0 { share.clamp(0.8, 100.0) } else { 0.0 };
    format!(
        r#"<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="{class}" width="{width:.1}" height="8"/></svg>"#
    )
}

/// A part of a stack: class, label, address, size.
pub struct Part<'a> {
    pub class: &'a str,
    pub label: String,
    pub href: String,
    pub size: u64,
}

/// The whole as one bar, each part a link. `title` says what it shows.
pub fn stack(title: &str, parts: &[Part<'_>]) -> String {
    let whole: u64 = parts.iter().map(|p| p.size).sum();
    let mut svg = format!(
        r#"<svg class="stack" viewBox="0 0 1000 44" preserveAspectRatio="none" role="group" aria-label="{}">"#,
        safe(title)
    );
    let mut x = 0.0;
    for part in parts.iter().filter(|p| p.size > 0) {
        let width = part.size as f64 / whole as f64 * 1000.0;
        svg.push_str(&format!(
            r#"<a href="{}" aria-label="{label}"><rect class="{}" x="{x:.2}" width="{:.2}" height="44"/><title>{label}</title></a>"#,
            safe(&part.href),
            part.class,
            (width - 2.0).max(1.5),
            label = safe(&part.label),
        ));
        x += width;
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;

    #[test]
    fn shares_never_leave_the_track() {
        for (part, whole, width) in [(0, 0, "0.0"), (5, 10, "50.0"), (1, 1_000_000, "0.8"), (20, 10, "100.0")]
        {
            let svg = bar(part, whole, "fill");
            well_formed(&svg);
            assert!(svg.contains(&format!(r#"class="fill" width="{width}""#)), "{svg}");
        }
    }

    #[test]
    fn hostile_labels_stay_text() {
        let part = |size| Part { class: "a", label: "\"><script>".into(), href: "/x?a='b'&c".into(), size };
        let svg = stack("<b>", &[part(3), part(0), part(7)]);
        well_formed(&svg);
        assert_eq!((svg.contains("<script>"), svg.matches("<a ").count()), (false, 2));
    }
}
