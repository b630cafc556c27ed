//! Amounts: `¥1,234`, `1,234円`, `(1,234)`, `△500`, `11.77`.

use super::{SCIENTIFIC, Why, is_scientific, text::width};
use model::Money;

const NOT_MONEY: Why = "not an amount of money";
const COMMAS: Why =
    "commas do not stand between thousands; if they are decimal, say so in a map: [formats] decimal = \",\"";

/// `Ok(None)` for blank. Beyond hundredths it is rounded, half away from zero.
pub(crate) fn money(cell: &str, decimal_comma: bool) -> Result<Option<Money>, Why> {
    if let Some(amount) = plain(cell.as_bytes()) {
        return Ok(Some(amount));
    }
    let folded = width(cell.trim());
    let mut text = folded.trim();
    if matches!(text, "" | "-" | "--" | "―" | "ー") {
        return Ok(None);
    }
    if is_scientific(text) {
        return Err(SCIENTIFIC);
    }
    let mut negative = false;
    loop {
        let before = text;
        for unit in ["¥", "￥", "\\", "$", "€", "£", "JPY", "USD", "EUR", "円", "税込", "+", " "] {
            text = text.strip_prefix(unit).unwrap_or(text);
            text = text.strip_suffix(unit).unwrap_or(text);
        }
        for sign in ["-", "−", "△", "▲", "‐", "–"] {
            if let Some(rest) = text.strip_prefix(sign) {
                (text, negative) = (rest, true);
            }
        }
        if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
            (text, negative) = (inner, true);
        }
        if text == before {
            break;
        }
    }
    let (comma, point) = if decimal_comma { ('.', ',') } else { (',', '.') };
    let amount = number(text, comma, point)?;
    Ok(Some(Money(if negative { -amount } else { amount })))
}

/// The way almost every row is written: digits, perhaps a point and one or two more.
fn plain(bytes: &[u8]) -> Option<Money> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    let (mut value, mut decimals) = (0_i64, None);
    if digits.is_empty() || digits.len() > 15 || digits[0] == b'.' {
        return None;
    }
    for byte in digits {
        match (byte, decimals) {
            (b'0'..=b'9', Some(2)) => return None,
            (b'0'..=b'9', _) => {
                value = value * 10 + i64::from(byte - b'0');
                decimals = decimals.map(|n| n + 1);
            }
            (b'.', None) => decimals = Some(0),
            _ => return None,
        }
    }
    let value = match decimals {
        None | Some(0) => value * 100,
        Some(1) => value * 10,
        _ => value,
    };
    // `1.` and decimal commas are looked at closely by the long way.
    (decimals != Some(0)).then_some(Money(if negative { -value } else { value }))
}

fn number(text: &str, comma: char, point: char) -> Result<i64, Why> {
    let (whole, part) = text.split_once(point).unwrap_or((text, ""));
    let groups: Vec<&str> = whole.split(comma).collect();
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !groups.iter().all(|g| digits(g)) || !digits(part) {
        return Err(NOT_MONEY);
    }
    let grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3));
    if !grouped || groups[0].is_empty() {
        return Err(COMMAS);
    }
    let units: i64 = groups.concat().parse().map_err(|_| NOT_MONEY)?;
    let digit = |n: usize| part.as_bytes().get(n).map_or(0, |b| i64::from(b - b'0'));
    let cents = digit(0) * 10 + digit(1) + i64::from(digit(2) >= 5);
    units.checked_mul(100).and_then(|n| n.checked_add(cents)).ok_or("an amount too large to be one")
}

/// A whole number of pieces; `None` for blank. `2.0` is 2.
pub(crate) fn quantity(cell: &str) -> Result<Option<i64>, Why> {
    match money(cell, false).map_err(|_| "not a number of pieces")? {
        None => Ok(None),
        Some(Money(n)) => Ok(Some(if n % 100 == 0 { n / 100 } else { (n as f64 / 100.0).ceil() as i64 })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        for (cell, hundredths) in [
            ("1234", 123_400),
            ("11.77", 1_177),
            ("12.0", 1_200),
            ("-3", -300),
            ("¥1,234", 123_400),
            ("￥１，２３４", 123_400),
            ("1,234円", 123_400),
            ("(1,234)", -123_400),
            ("△500", -50_000),
            ("-¥1,000", -100_000),
            ("¥-1,000", -100_000),
            ("$1,234,567.8", 123_456_780),
            ("0.005", 1),
            ("1.", 100),
            ("100,000", 10_000_000),
        ] {
            assert_eq!(money(cell, false), Ok(Some(Money(hundredths))), "{cell}");
        }
        assert_eq!(money("1.234,50", true), Ok(Some(Money(123_450))));
        for blank in ["", " ", "-", "　"] {
            assert_eq!(money(blank, false), Ok(None));
        }
        for (bad, why) in [
            ("12,34", COMMAS),
            ("1.2E+05", SCIENTIFIC),
            ("abc", NOT_MONEY),
            ("1-2", NOT_MONEY),
            (".", NOT_MONEY),
        ] {
            assert_eq!(money(bad, false), Err(why), "{bad}");
        }
        assert!(money("99999999999999999999", false).is_err());
    }

    #[test]
    fn pieces() {
        assert_eq!(quantity("2.0"), Ok(Some(2)));
        assert_eq!(quantity("０３"), Ok(Some(3)));
        assert_eq!(quantity("many"), Err("not a number of pieces"));
    }
}
