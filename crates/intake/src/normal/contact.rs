//! Telephone numbers, postal codes, mail addresses, ids.

use super::{SCIENTIFIC, Why, is_scientific, text::width};
use model::{Phone, PhoneKind};

const NOT_PHONE: Why = "not a telephone number (10 or 11 digits, or + and a country code)";
const LETTERS: Why = "letters in a telephone number";

/// Every number in a cell; none where it is blank or `000-0000-0000`.
pub(crate) fn phones(cell: &str) -> Result<Vec<Phone>, Why> {
    let folded = width(cell);
    let mut found = Vec::new();
    for part in folded.split(['/', '、', ';', ',']) {
        found.extend(phone(part)?);
    }
    Ok(found)
}

fn phone(text: &str) -> Result<Option<Phone>, Why> {
    let text = text.trim().trim_start_matches("tel").trim_start_matches("TEL").trim_start_matches(':');
    let text = text.split("内線").next().unwrap_or_default().trim_end_matches('(').trim();
    if is_scientific(text) {
        return Err(SCIENTIFIC);
    }
    let plus = text.starts_with('+');
    let mut digits = String::with_capacity(12);
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            c if c.is_alphabetic() && c != 'ー' => return Err(LETTERS),
            _ => {}
        }
    }
    if digits.bytes().all(|b| b == b'0') {
        return Ok(None);
    }
    let (plus, digits) = abroad_prefix(plus, digits);
    if plus && !digits.starts_with("81") {
        return match (7..=15).contains(&digits.len()) {
            true => Ok(Some(Phone { digits: format!("+{digits}"), kind: PhoneKind::Abroad })),
            false => Err(NOT_PHONE),
        };
    }
    domestic(&digits, plus).map(Some).ok_or(NOT_PHONE)
}

/// `0081…` and `01081…` mean `+81…`.
fn abroad_prefix(plus: bool, digits: String) -> (bool, String) {
    for prefix in ["010", "00"] {
        if let Some(rest) = digits.strip_prefix(prefix)
            && rest.starts_with("81")
            && digits.len() > 11
        {
            return (true, rest.to_owned());
        }
    }
    (plus, digits)
}

/// Mends what Excel and +81 did: Japanese numbers begin with 0 and have 10 or 11 digits.
fn domestic(digits: &str, plus: bool) -> Option<Phone> {
    let lost_country = digits.starts_with("81") && (plus || digits.len() >= 11);
    let number = match digits {
        _ if lost_country => format!("0{}", digits[2..].trim_start_matches('0')),
        d if d.starts_with('0') => d.to_owned(),
        d if d.len() == 10 && is_mobile_start(&format!("0{d}")) => format!("0{d}"),
        d if d.len() == 9 => format!("0{d}"),
        d => d.to_owned(),
    };
    let kind = match number.len() {
        11 if is_mobile_start(&number) => PhoneKind::Mobile,
        11 if number.starts_with("050") || number.starts_with("0800") => PhoneKind::Landline,
        10 if number.starts_with('0') && !number.starts_with("090") && !number.starts_with("080") => {
            PhoneKind::Landline
        }
        _ => return None,
    };
    Some(Phone { digits: number, kind })
}

fn is_mobile_start(number: &str) -> bool {
    ["060", "070", "080", "090"].iter().any(|p| number.starts_with(p))
}

/// Seven digits; 6 are a lost 0. `Ok(None)` for blank or all zeros.
pub(crate) fn postal(cell: &str) -> Result<Option<String>, Why> {
    let folded = width(cell);
    if is_scientific(&folded) {
        return Err(SCIENTIFIC);
    }
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    let foreign = folded.chars().any(|c| c.is_alphabetic() && c != 'ー');
    match digits.len() {
        _ if digits.bytes().all(|b| b == b'0') && !foreign => Ok(None),
        7 if !foreign => Ok(Some(digits)),
        6 if !foreign => Ok(Some(format!("0{digits}"))),
        _ => Err("not a Japanese postal code (7 digits)"),
    }
}

/// 100 and 0001, of which Excel makes 100 and 1.
pub(crate) fn postal_of_parts(parts: &[&str]) -> String {
    match parts {
        [a, b] if is_number(a) && is_number(b) => format!("{a:0>3}{b:0>4}"),
        _ => parts.concat(),
    }
}

/// 090, 0000 and 0012, of which Excel makes 90, 0 and 12. The last part has four digits, and
/// the first two the rest of 10 or 11; what is whole is left as it is.
pub(crate) fn phone_of_parts(parts: &[&str]) -> String {
    let whole = parts.concat();
    let [area, middle, last] = parts else { return whole };
    if whole.len() >= 10 || ![area, middle, last].into_iter().all(|p| is_number(p)) {
        return whole;
    }
    let area = format!("0{}", area.trim_start_matches('0'));
    let digits: usize = if is_mobile_start(&area) { 11 } else { 10 };
    let left = digits.saturating_sub(area.len() + 4);
    format!("{area}{middle:0>left$}{last:0>4}")
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
}

/// Half width, lower case, and syntactically an address; `Ok(None)` for blank.
pub(crate) fn email(cell: &str) -> Result<Option<String>, Why> {
    const BAD: Why = "not a mail address";
    let folded = width(cell.trim());
    let mut text = folded.trim();
    if let Some((_, inner)) = text.split_once('<') {
        text = inner.strip_suffix('>').ok_or(BAD)?;
    }
    let text = text.strip_prefix("mailto:").unwrap_or(text).to_lowercase();
    if matches!(text.as_str(), "" | "-" | "なし" | "無し") {
        return Ok(None);
    }
    let (local, domain) = text.split_once('@').ok_or(BAD)?;
    // Mobile carriers gave out addresses with dots in a row and at the end: they are real.
    let local_ok = (1..=64).contains(&local.len())
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b));
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let last = domain.rsplit('.').next().unwrap_or_default();
    let domain_ok = domain.contains('.')
        && domain.len() <= 253
        && domain.split('.').all(label)
        && last.len() >= 2
        && !last.bytes().all(|b| b.is_ascii_digit());
    if local_ok && domain_ok { Ok(Some(text)) } else { Err(BAD) }
}

/// An id as it stands, half width. What stands for "none" is `Ok(None)`.
pub(crate) fn id(cell: &str) -> Result<Option<String>, Why> {
    let folded = width(cell.trim());
    let text = folded.trim();
    if is_scientific(text) {
        return Err(SCIENTIFIC);
    }
    match text.len() {
        0 => Ok(None),
        1..=255 => Ok(Some(text.to_owned())),
        _ => Err("an id of more than 255 bytes"),
    }
}

/// Whether the cell of a customer id says "no member".
pub(crate) fn is_no_member(id: &str) -> bool {
    matches!(id, "0" | "-" | "ゲスト" | "非会員" | "未登録" | "guest" | "Guest" | "GUEST" | "NULL" | "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    // M026: one number however it is written.
    #[test]
    fn numbers_mended() {
        for (cell, digits, kind) in [
            ("８１-90-1234-5678", "09012345678", PhoneKind::Mobile),
            ("9012345678", "09012345678", PhoneKind::Mobile),
            ("090 1234 5678", "09012345678", PhoneKind::Mobile),
            ("+81 90-1234-5678", "09012345678", PhoneKind::Mobile),
            ("+81 (0)90-1234-5678", "09012345678", PhoneKind::Mobile),
            ("0081 90 1234 5678", "09012345678", PhoneKind::Mobile),
            ("０９０ー１２３４ー５６７８", "09012345678", PhoneKind::Mobile),
            ("312345678", "0312345678", PhoneKind::Landline),
            ("03(0000)1234", "0300001234", PhoneKind::Landline),
            ("+81-3-0000-1234", "0300001234", PhoneKind::Landline),
            ("03-0000-1234 内線 5", "0300001234", PhoneKind::Landline),
            ("050-1234-5678", "05012345678", PhoneKind::Landline),
            ("+1 212-555-0100", "+12125550100", PhoneKind::Abroad),
        ] {
            let expected = vec![Phone { digits: digits.to_owned(), kind }];
            assert_eq!(phones(cell), Ok(expected), "{cell}");
        }
        assert_eq!(phones("03-0000-1234 / 090-0000-1234").map(|p| p.len()), Ok(2));
        for absent in ["", "000-0000-0000", "00000000000", "-"] {
            assert_eq!(phones(absent), Ok(vec![]), "{absent}");
        }
        for (bad, why) in [
            ("9.01E+09", SCIENTIFIC),
            ("090-1234", NOT_PHONE),
            ("なし", LETTERS),
            ("0901234567", NOT_PHONE),
            ("12345678901234567", NOT_PHONE),
        ] {
            assert_eq!(phones(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn split_numbers_mended() {
        for (parts, whole) in [
            (["90", "0", "12"], "09000000012"),
            (["3", "0", "12"], "0300000012"),
            (["11", "0", "12"], "0110000012"),
            (["0120", "123", "456"], "0120123456"),
            (["090", "0000", "0012"], "09000000012"),
            (["", "", ""], ""),
        ] {
            assert_eq!(phone_of_parts(&parts), whole);
        }
        assert_eq!(postal_of_parts(&["60", "1"]), "0600001");
    }

    #[test]
    fn postal_codes() {
        for (cell, code) in [("100-0001", "1000001"), ("〒０６０-００００", "0600000"), ("600000", "0600000")]
        {
            assert_eq!(postal(cell), Ok(Some(code.to_owned())), "{cell}");
        }
        assert_eq!(postal("000-0000"), Ok(None));
        assert!(postal("1234").is_err() && postal("SW1A 1AA").is_err() && postal("1.00E+06").is_err());
    }

    #[test]
    fn addresses() {
        for (cell, address) in [
            ("Ａｂｃ＠ｅｘａｍｐｌｅ．ｊｐ", "abc@example.jp"),
            (" Hanako <HANAKO@Example.com> ", "hanako@example.com"),
            ("a..b.@docomo.example.jp", "a..b.@docomo.example.jp"),
        ] {
            assert_eq!(email(cell), Ok(Some(address.to_owned())), "{cell}");
        }
        for bad in [
            "a@b",
            "a b@example.jp",
            "a@@example.jp",
            "@example.jp",
            "a@-x.jp",
            "山田@example.jp",
            "a@1.2.3.4",
        ] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ids() {
        assert_eq!(id("7210448301122"), Ok(Some("7210448301122".to_owned())));
        assert_eq!(id("7.21045E+12"), Err(SCIENTIFIC));
        assert_eq!(id("12E5"), Ok(Some("12E5".to_owned())));
    }
}
