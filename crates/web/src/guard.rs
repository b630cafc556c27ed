//! The front of the pages: which names we answer to, whose forms we accept, and what a browser may do with a page.

use crate::fault::{self, Fault};
use crate::say::Lang;
use crate::site::Site;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use std::net::IpAddr;

/// The names in a `Host` header that we answer to. A page of a stranger can point its own name
/// at this machine (DNS rebinding); it cannot change the name the browser sends.
#[derive(Clone, Debug)]
pub struct Hosts {
    loopback: bool,
    any: bool,
    names: Vec<String>,
}

impl Hosts {
    /// `localhost` and the loopback addresses.
    pub fn this_machine() -> Hosts {
        Hosts { loopback: true, any: false, names: vec![] }
    }

    /// Whatever the browser calls us: for pages that were opened to the network on purpose.
    pub fn any() -> Hosts {
        Hosts { loopback: true, any: true, names: vec![] }
    }

    /// This name too, without a port.
    pub fn and(mut self, name: &str) -> Hosts {
        self.names.push(name.trim().to_ascii_lowercase());
        self
    }

    fn know(&self, host: &str) -> bool {
        let name = without_port(host).to_ascii_lowercase();
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        let here = name == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        self.any || (self.loopback && here) || self.names.contains(&name)
    }
}

/// How the pages are reached.
#[derive(Clone, Debug)]
pub struct Front {
    pub hosts: Hosts,
    /// Behind the shop's own proxy that speaks TLS: cookies are for TLS alone, and the network of a
    /// caller is what the proxy's `X-Forwarded-For` says.
    pub proxied: bool,
    /// Bound to an address that other machines can reach.
    pub network: bool,
}

impl Front {
    /// For this machine only, without a login.
    pub fn this_machine() -> Front {
        Front { hosts: Hosts::this_machine(), proxied: false, network: false }
    }

    /// Whether somebody at another machine may come: only with a login.
    pub fn open(&self) -> bool {
        self.network || self.proxied || self.hosts.any || !self.hosts.names.is_empty()
    }
}

/// `[::1]:80` -> `[::1]`, `localhost:80` -> `localhost`.
fn without_port(host: &str) -> &str {
    match (host.starts_with('['), host.find(']'), host.rfind(':')) {
        (true, Some(end), _) => &host[..=end],
        (false, _, Some(colon)) => &host[..colon],
        _ => host,
    }
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Middleware: refuses strangers, then says what the browser may do with the answer.
pub async fn watch(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&site.front, request.method(), request.headers()) {
        Some(why) => fault::page(&why, Lang::Ja),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A letter shown in a frame has a stricter policy of its own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    // Pages hold personal data: no copy stays behind in the browser.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
    response
}

fn refusal(front: &Front, method: &Method, headers: &HeaderMap) -> Option<Fault> {
    let host = text(headers, &header::HOST).unwrap_or_default();
    if !front.hosts.know(host) {
        let name = without_port(host);
        return Some(Fault::Refused(
            StatusCode::MISDIRECTED_REQUEST,
            format!(
                "「{name}」という名前ではお応えできません。http://localhost で開くか、この名前を serve に許可してください。"
            ),
            format!(
                "This address does not answer to '{name}'. Open it as http://localhost, or allow the name when serving."
            ),
        ));
    }
    let reading = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    (!reading && !from_our_page(headers, host, front.open())).then(|| {
        Fault::Refused(
            StatusCode::FORBIDDEN,
            "ほかのサイトから送られた操作は受け付けません。この画面を開きなおして、もう一度操作してください。".to_owned(),
            "An action sent from another site is not accepted. Open this page again and repeat it.".to_owned(),
        )
    })
}

/// A browser says where a form came from, by `Sec-Fetch-Site` or else by `Origin`; a script that
/// says neither is no browser. On this machine it carries nobody's rights; from another one it comes
/// with a login, so there it has to say.
fn from_our_page(headers: &HeaderMap, host: &str, open: bool) -> bool {
    if let Some(site) = text(headers, &HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin" || site == "none";
    }
    match text(headers, &header::ORIGIN) {
        Some(origin) => origin.split_once("://").is_some_and(|(_, theirs)| theirs == host),
        None => !open,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn only_our_own_names() {
        let here = Hosts::this_machine().and("Board.Example.JP");
        for (host, known) in [
            ("localhost:8080", true),
            ("LOCALHOST", true),
            ("127.0.0.1:80", true),
            ("[::1]:80", true),
            ("board.example.jp", true),
            ("evil.example.com", false),
            ("localhost.example.com:80", false),
            ("192.168.0.2", false),
            ("", false),
        ] {
            assert_eq!(here.know(host), known, "{host}");
        }
        assert!(Hosts::any().know("evil.example.com"));
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        let here = Front::this_machine();
        for (pairs, refused) in [
            (vec![("host", "localhost:1"), ("sec-fetch-site", "same-origin")], None),
            (vec![("host", "localhost:1"), ("sec-fetch-site", "cross-site")], Some(403)),
            (vec![("host", "localhost:1"), ("sec-fetch-site", "same-site")], Some(403)),
            (vec![("host", "localhost:1"), ("origin", "http://localhost:1")], None),
            (vec![("host", "localhost:1"), ("origin", "http://localhost:2")], Some(403)),
            (vec![("host", "localhost:1"), ("origin", "null")], Some(403)),
            (vec![("host", "localhost:1")], None),
            (vec![("host", "evil.example.com")], Some(421)),
        ] {
            let found = refusal(&here, &Method::POST, &headers(&pairs)).map(|f| f.code().as_u16());
            assert_eq!(found, refused, "{pairs:?}");
        }
        let cross = headers(&[("host", "localhost"), ("sec-fetch-site", "cross-site")]);
        assert!(refusal(&here, &Method::GET, &cross).is_none(), "a link from elsewhere may be followed");
        let open = Front { network: true, hosts: Hosts::any(), ..here };
        for (pairs, refused) in [
            (vec![("host", "192.0.2.1")], true),
            (vec![("host", "192.0.2.1"), ("origin", "http://192.0.2.1")], false),
            (vec![("host", "192.0.2.1"), ("sec-fetch-site", "same-origin")], false),
            (vec![("host", "192.0.2.1"), ("origin", "https://evil.example.com")], true),
        ] {
            assert_eq!(refusal(&open, &Method::POST, &headers(&pairs)).is_some(), refused, "{pairs:?}");
        }
    }

    #[test]
    fn whoever_may_come_from_elsewhere_logs_in() {
        let here = Front::this_machine();
        assert!(!here.open());
        assert!(Front { proxied: true, ..here.clone() }.open(), "a proxy on this machine opens it to others");
        assert!(Front { hosts: Hosts::this_machine().and("board.example.jp"), ..here.clone() }.open());
        assert!(Front { network: true, ..here }.open());
    }
}
