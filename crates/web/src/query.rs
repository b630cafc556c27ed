//! The part of an address after the question mark: read, changed, written.

use std::fmt;

/// Names and values in their order; a name may come more than once.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Query(pub Vec<(String, String)>);

impl Query {
    /// The first value of a name, trimmed; empty when missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    /// Every value of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| v.trim())
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name).parse().ok()
    }

    /// The same with one value for this name.
    pub fn with(&self, name: &str, value: &str) -> Query {
        let mut other = self.without(&[name]);
        other.0.push((name.to_owned(), value.to_owned()));
        other
    }

    /// The same without these names, and without empty values.
    pub fn without(&self, names: &[&str]) -> Query {
        let kept = self.0.iter().filter(|(n, v)| !names.contains(&n.as_str()) && !v.is_empty());
        Query(kept.cloned().collect())
    }

    /// `path?query`, or the path alone.
    pub fn on(&self, path: &str) -> String {
        if self.0.is_empty() { path.to_owned() } else { format!("{path}?{self}") }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.0.iter().enumerate() {
            let and = if i == 0 { "" } else { "&" };
            write!(f, "{and}{}={}", encoded(name), encoded(value))?;
        }
        Ok(())
    }
}

/// Percent-encoded for a query value (RFC 3986 unreserved characters stay).
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Undoes `encoded`; what is no UTF-8 or no code stays as it is.
pub fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let code = text.get(i + 1..i + 3).filter(|_| bytes[i] == b'%');
        match code.and_then(|c| u8::from_str_radix(c, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                i += 3;
            }
            None => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// The list of exactly these people.
pub fn people_href(condition: &str) -> String {
    if condition.is_empty() {
        "/customers".to_owned()
    } else {
        format!("/customers?where={}", encoded(condition))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for text in ["state = 'dormant'", "休眠 & <b>", "100%", "", "a+b"] {
            assert_eq!(decoded(&encoded(text)), text);
            assert!(encoded(text).bytes().all(|b| b.is_ascii_alphanumeric() || b"%-_.~".contains(&b)));
        }
        assert_eq!(decoded("%zz%F"), "%zz%F");
        assert_eq!(decoded("%FF"), "%FF");
        assert_eq!(decoded("%あ"), "%あ");
    }

    #[test]
    fn one_value_replaced_the_others_kept() {
        let query = Query(vec![
            ("state".into(), "lost".into()),
            ("page".into(), "3".into()),
            ("q".into(), "".into()),
        ]);
        assert_eq!(query.with("page", "4").on("/customers"), "/customers?state=lost&page=4");
        assert_eq!(query.without(&["state", "page"]).on("/customers"), "/customers");
        assert_eq!((query.get("state"), query.number("page"), query.get("none")), ("lost", Some(3), ""));
    }
}
