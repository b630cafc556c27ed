//! Operators' login: asked of every page once the pages can be reached from another machine.

mod page;

pub use page::routes;

use crate::caller::{Buckets, Network, Rate};
use crate::fault::Fault;
use crate::query::encoded;
use crate::site::Site;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use tokio::sync::Semaphore;

/// How often one network may try, and how often one name may be tried from anywhere: slow enough for
/// a guesser, and nobody is locked out for longer than a few minutes.
const PER_NETWORK: Rate = Rate { burst: 20, per_second: 0.1 };
const PER_NAME: Rate = Rate { burst: 10, per_second: 0.05 };
/// Passwords verified at a time: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;
/// A form that is signed, bytes at most.
const FORM: usize = 2 << 20;

/// Who is logged in: what a page signs with, in place of what anybody types.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Operator(pub String);

/// What the login needs to remember; none where the pages are for this machine only.
pub struct Gate {
    /// Behind the shop's own proxy, which closes the connection to others by TLS.
    proxied: bool,
    networks: Buckets<Network>,
    names: Buckets<String>,
    verifying: Semaphore,
}

impl Gate {
    pub fn new(proxied: bool) -> Gate {
        let (networks, names) = (Buckets::new(PER_NETWORK), Buckets::new(PER_NAME));
        Gate { proxied, networks, names, verifying: Semaphore::new(AT_ONCE) }
    }

    /// A name that a browser takes over TLS alone and from this very host, where TLS is.
    fn cookie(&self) -> &'static str {
        if self.proxied { "__Host-mezame" } else { "mezame" }
    }

    fn token<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
        let mut pairs = all.flat_map(|v| v.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.cookie()).map(|(_, token)| token)
    }

    /// The header that keeps a token for so many seconds.
    fn keep(&self, token: &str, seconds: i64) -> String {
        let secure = if self.proxied { "; Secure" } else { "" };
        format!("{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}", self.cookie())
    }

    /// Whether this network may try this name now.
    fn lets(&self, request: &Caller, name: &str, now: i64) -> bool {
        self.networks.take(request.0, now) && self.names.take(name.trim().to_lowercase(), now)
    }
}

/// The network a request came from.
pub struct Caller(Network);

impl Caller {
    fn of(gate: &Gate, headers: &HeaderMap, peer: Option<SocketAddr>) -> Caller {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip());
        Caller(Network::of(peer, headers, gate.proxied))
    }
}

/// Middleware: lets the logged in through, with their name; the others only to the login.
pub async fn admit(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let Some(gate) = site.gate.clone() else { return next.run(request).await };
    let path = request.uri().path();
    let open = path == "/login" || path == "/healthz" || path.starts_with("/static/");
    let operator = match gate.token(request.headers()).map(str::to_owned) {
        Some(token) => match site.ask(move |app| app.operator_of(&token)).await {
            Ok(operator) => operator,
            Err(why) => return why.into_response(),
        },
        None => None,
    };
    let Some(operator) = operator else {
        return if open { next.run(request).await } else { stranger(&request) };
    };
    request.extensions_mut().insert(Operator(operator.clone()));
    match signed(request, &operator).await {
        Ok(request) => next.run(request).await,
        Err(why) => why.into_response(),
    }
}

/// To the login, and back afterwards; a form or a script is told.
fn stranger(request: &Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
    let reads = matches!(*request.method(), Method::GET | Method::HEAD) && !path.starts_with("/api/");
    match reads {
        true => Redirect::to(&format!("/login?to={}", encoded(path))).into_response(),
        false => Fault::Refused(
            StatusCode::UNAUTHORIZED,
            "ログインが必要です。ログインしてから、もう一度操作してください。".to_owned(),
            "You are not logged in. Log in, then repeat the action.".to_owned(),
        )
        .into_response(),
    }
}

/// The request with its form signed by who is logged in, whatever `by` it came with.
async fn signed(request: Request, operator: &str) -> Result<Request, Fault> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if request.method() != Method::POST || !kind.starts_with("application/x-www-form-urlencoded") {
        return Ok(request);
    }
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, FORM).await.map_err(|_| {
        Fault::Refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "送信された内容が大きすぎます。".to_owned(),
            "What was sent is too large.".to_owned(),
        )
    })?;
    let form = String::from_utf8_lossy(&body);
    let others =
        form.split('&').filter(|pair| !pair.is_empty() && crate::query::decoded(name_of(pair)) != "by");
    let by = format!("by={}", encoded(operator));
    let form = others.chain([by.as_str()]).collect::<Vec<_>>().join("&");
    parts.headers.insert(header::CONTENT_LENGTH, form.len().into());
    Ok(Request::from_parts(parts, Body::from(form)))
}

fn name_of(pair: &str) -> &str {
    pair.split_once('=').map_or(pair, |(name, _)| name)
}

/// The peer of a connection, where there is one.
fn peer(request: &axum::http::request::Parts) -> Option<SocketAddr> {
    request.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| *address)
}
