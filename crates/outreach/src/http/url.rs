//! Where a request goes: https, or this machine.

use std::fmt;

/// An address that may be asked. What follows the host can hold a secret, so it is not shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Url {
    pub tls: bool,
    pub host: String,
    pub port: u16,
    target: String,
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({})", self.authority())
    }
}

impl Url {
    /// `https://host[:port]/path?query`; `http` only to this machine itself. The error says what to change.
    pub fn parse(text: &str) -> Result<Url, &'static str> {
        let (tls, rest) = match text.split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            _ => return Err("https:// で始めてください / begin it with https://"),
        };
        let (authority, target) = match rest.find(['/', '?']) {
            Some(at) => rest.split_at(at),
            None => (rest, "/"),
        };
        let odd = "アドレスに使えない文字があります / the address holds what no address may";
        if !target.bytes().all(|b| b.is_ascii_graphic() && b != b'#') {
            return Err(odd);
        }
        let (host, port) = split_port(authority, if tls { 443 } else { 80 }).ok_or(odd)?;
        let ours = ["localhost", "127.0.0.1", "::1"].contains(&host);
        if !tls && !ours {
            return Err(
                "暗号化されない http:// は、同じマシンの中でしか使えません / http:// is for this machine only",
            );
        }
        let slash = if target.starts_with('/') { "" } else { "/" };
        Ok(Url { tls, host: host.to_ascii_lowercase(), port, target: format!("{slash}{target}") })
    }

    pub fn same_host(&self, other: &Url) -> bool {
        (self.tls, self.host.as_str(), self.port) == (other.tls, other.host.as_str(), other.port)
    }

    /// What the request line asks for.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The host as a header names it.
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        match (self.tls, self.port) {
            (true, 443) | (false, 80) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }
}

fn split_port(authority: &str, usual: u16) -> Option<(&str, u16)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(host, rest)| (host, rest.strip_prefix(':')))?,
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let v6 = authority.starts_with('[');
    let fine = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || if v6 { b == b':' } else { b == b'-' };
    let port = port.map_or(Some(usual), |port| port.parse().ok())?;
    (!host.is_empty() && host.bytes().all(fine)).then_some((host, port))
}

/// A text as it stands in a path, a query or a form.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Pairs as a form (`application/x-www-form-urlencoded`).
pub(crate) fn form(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_may_be_asked() {
        for (text, shown, target) in [
            ("https://api.example.jp", "api.example.jp", "/"),
            ("https://api.example.jp?a=1", "api.example.jp", "/?a=1"),
            ("https://API.example.jp:8443/a/b?c=%E3%81%82", "api.example.jp:8443", "/a/b?c=%E3%81%82"),
            ("http://127.0.0.1:8080/x", "127.0.0.1:8080", "/x"),
            ("http://[::1]:8080/x", "[::1]:8080", "/x"),
            ("http://localhost/x", "localhost", "/x"),
        ] {
            let url = Url::parse(text).expect(text);
            assert_eq!((url.authority().as_str(), url.target()), (shown, target), "{text}");
        }
        for text in [
            "http://api.example.jp/",
            "http://127.0.0.1.example.jp/",
            "http://127.0.0.1@example.jp/",
            "https://a@example.jp/",
            "https://example.jp\r\nX: y/",
            "https://example.jp/a b",
            "https://example.jp/あ",
            "https://example.jp/a#b",
            "https://example.jp:99999/",
            "https://[::1/",
            "https:///x",
            "ftp://example.jp",
            "example.jp",
            "",
        ] {
            assert!(Url::parse(text).is_err(), "{text}");
        }
        let url = Url::parse("https://example.jp/?key=secret").expect("an address");
        assert_eq!(format!("{url:?}"), "Url(example.jp)");
    }

    #[test]
    fn forms() {
        let pairs = [("a[0]", "&="), ("本文", "あ い+\n")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(form(&pairs), "a%5B0%5D=%26%3D&%E6%9C%AC%E6%96%87=%E3%81%82%20%E3%81%84%2B%0A");
    }
}
