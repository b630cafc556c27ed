//! A shape for every state, so that no colour stands alone.

use model::State;

/// The state's shape, 16 x 16, coloured by its class.
pub fn mark(state: State) -> String {
    let shape = match state {
        State::Prospect => r#"<circle cx="8" cy="8" r="5.5" class="line"/>"#,
        State::Active => r#"<circle cx="8" cy="8" r="6.5"/>"#,
        State::AtRisk => r#"<path d="M8 1.5 15 14H1z"/>"#,
        State::Dormant => r#"<path d="M13.8 10.8A6.5 6.5 0 1 1 6 1.8a5.2 5.2 0 0 0 7.8 9z"/>"#,
        State::Lost => r#"<path class="line" d="M3 3l10 10M13 3 3 13"/>"#,
        State::Withdrawn => r#"<path d="M2 5.5h12v5H2z"/>"#,
    };
    format!(r#"<svg class="mark fill-{}" viewBox="0 0 16 16" aria-hidden="true">{shape}</svg>"#, state.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_states_look_alike() {
        let shapes: std::collections::BTreeSet<String> = State::ALL
            .iter()
            .map(|s| {
                crate::pictures::tests::well_formed(&mark(*s));
                mark(*s).replace(s.word(), "")
            })
            .collect();
        assert_eq!(shapes.len(), State::ALL.len());
    }

    /// Colour difference (CIE76) of every two states as seen by three kinds of colour-blind eyes.
    /// Matrices: Machado, Oliveira, Fernandes 2009, severity 1.0.
    #[test]
    fn state_colours_stay_apart_for_colour_blind_eyes() {
        const EYES: [[[f64; 3]; 3]; 4] = [
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            [
                [0.152286, 1.052583, -0.204868],
                [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ],
            [
                [0.367322, 0.860646, -0.227968],
                [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ],
            [
                [1.255528, -0.076749, -0.178779],
                [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900],
            ],
        ];
        for theme in themes() {
            for eye in EYES {
                for (i, a) in theme.iter().enumerate() {
                    for b in &theme[i + 1..] {
                        let (x, y) = (lab(seen(a.1, eye)), lab(seen(b.1, eye)));
                        let apart = x.iter().zip(y).map(|(p, q)| (p - q).powi(2)).sum::<f64>().sqrt();
                        assert!(apart > 25.0, "{} and {} are only {apart:.0} apart", a.0, b.0);
                    }
                }
            }
        }
    }

    /// The colours as the stylesheet has them: light, then dark.
    fn themes() -> [Vec<(String, [f64; 3])>; 2] {
        let css = include_str!("../../static/app.css");
        let found = |nth: usize| {
            let of = |state: &State| {
                let name = format!("--{}:", state.word().replace('_', "-"));
                let hex = css.split(&name).nth(nth).expect("a colour in each theme").trim();
                let part = |at| i64::from_str_radix(&hex[at..at + 2], 16).expect("#rrggbb") as f64 / 255.0;
                (state.word().to_owned(), [part(1), part(3), part(5)])
            };
            State::ALL.iter().skip(1).map(of).collect()
        };
        [found(1), found(2)]
    }

    fn seen(rgb: [f64; 3], eye: [[f64; 3]; 3]) -> [f64; 3] {
        let linear = rgb.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
        eye.map(|row| row.iter().zip(linear).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0))
    }

    fn lab([r, g, b]: [f64; 3]) -> [f64; 3] {
        let f = |t: f64| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
        let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
        let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.0890);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }
}
