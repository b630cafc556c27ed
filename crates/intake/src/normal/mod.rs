//! Spellings made one: what a cell says, whatever hands it went through.

pub(crate) mod contact;
pub(crate) mod date;
pub(crate) mod money;
pub(crate) mod place;
pub(crate) mod text;

/// Why a cell cannot be understood: a constant text, so that equal reasons can be counted.
pub(crate) type Why = &'static str;

/// The reason for `1.23E+10`, wherever it turns up.
pub(crate) const SCIENTIFIC: Why = "Excel turned this number into scientific notation and its digits are lost; export again without opening it in Excel";

/// `1.23E+10`, and nothing else that contains an E.
pub(crate) fn is_scientific(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e']) else { return false };
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let number = number.strip_prefix('-').unwrap_or(number);
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    // `12E5` without a point or sign is as well a product code.
    digits(whole) && digits(part) && digits(power) && (number.contains('.') || text.contains("E+"))
}
