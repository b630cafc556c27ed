//! SQL's LIKE.

/// `%` is any text, `_` any one character; ASCII letters match in either case.
pub(crate) fn like(text: &str, pattern: &str) -> bool {
    let fold = |s: &str| s.chars().map(|c| c.to_ascii_lowercase()).collect::<Vec<char>>();
    let (text, pattern) = (fold(text), fold(pattern));
    let (mut t, mut p) = (0, 0);
    // Where to go on when what follows the last `%` does not fit here.
    let mut again: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('%') => {
                again = Some((t, p + 1));
                p += 1;
            }
            Some(&c) if c == '_' || c == text[t] => {
                t += 1;
                p += 1;
            }
            _ => {
                let Some((from, after)) = again else { return false };
                again = Some((from + 1, after));
                (t, p) = (from + 1, after);
            }
        }
    }
    pattern[p..].iter().all(|&c| c == '%')
}
