//! What customers open: links, pictures, leaving, choosing. On a listener of its own, with nothing of
//! the operators' pages behind it; no login, no cookie, no script, and no name on any page.

mod fetch;
mod form;
mod hook;
mod invitation;
mod page;
mod refresh;
mod serve;
mod stop;
mod survey;
mod visit;

pub use serve::serve_door;

use crate::caller::{Buckets, Network, Rate};
use crate::say::Lang;
use app::{Amazon, App, Asker, Ear, Sign};
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// A request's body at most, bytes: a form of one button.
const BODY: usize = 4 * 1024;

/// A mail service's report at most, bytes.
const REPORTS: usize = 1024 * 1024;

/// How the door is held.
#[derive(Clone)]
pub struct DoorConfig {
    /// Unix milliseconds; only the binary knows the real time.
    pub clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Whether it stands behind the shop's own proxy, whose `X-Forwarded-For` is believed.
    pub proxied: bool,
    /// How often one network may come with a token that we signed. Not asked of who leaves.
    pub signed: Rate,
    /// How often with anything else.
    pub unsigned: Rate,
    /// How often one network may answer questions and send forms of the page of own facts.
    pub refresh_of_network: Rate,
    /// How often the page of one touch may be asked for, by whomever.
    pub refresh_of_touch: Rate,
    /// How often one network may send the form of questions.
    pub form_of_network: Rate,
    /// How often one network may tell visits to the shop's site, and how often one visitor may be told of.
    pub visit_of_network: Rate,
    pub visit_of_person: Rate,
    /// Connections at a time.
    pub connections: usize,
    /// Who is asked for the certificates of SNS.
    pub amazon: Arc<Amazon>,
}

impl DoorConfig {
    /// With the limits of a shop: a whole town may share the network of its telephone company, and a
    /// mail service fetches pictures for millions; a guesser of tokens gets tired.
    pub fn new(clock: Arc<dyn Fn() -> i64 + Send + Sync>) -> DoorConfig {
        DoorConfig {
            clock,
            proxied: false,
            signed: Rate { burst: 4_000, per_second: 400.0 },
            unsigned: Rate { burst: 60, per_second: 2.0 },
            refresh_of_network: Rate { burst: 60, per_second: 0.5 },
            refresh_of_touch: Rate { burst: 30, per_second: 0.1 },
            form_of_network: Rate { burst: 20, per_second: 0.05 },
            visit_of_network: Rate { burst: 300, per_second: 10.0 },
            visit_of_person: Rate { burst: 40, per_second: 0.2 },
            connections: 2_000,
            amazon: Arc::default(),
        }
    }
}

/// What every answer of the door is made from; cheap to clone.
#[derive(Clone)]
pub(crate) struct Door(Arc<Inner>);

pub(crate) struct Inner {
    pub app: App,
    pub ear: Ear,
    pub config: DoorConfig,
    signed: Buckets<Network>,
    unsigned: Buckets<Network>,
    refresh_of_network: Buckets<Network>,
    refresh_of_touch: Buckets<i64>,
    form_of_network: Buckets<Network>,
    visit_of_network: Buckets<Network>,
    visit_of_person: Buckets<String>,
    /// So many visits are written at a time.
    visits_at_once: Semaphore,
    /// What is said of the shop, and when it was read.
    sign: Mutex<Option<(i64, Sign)>>,
}

/// Visits that are written at a time: opt-outs and clicks never wait for a flood of them.
const VISITS_AT_ONCE: usize = 8;
/// How long the shop's name is believed, milliseconds.
const SIGN_FOR: i64 = 10_000;
/// How long a page waits for it.
const SIGN_PATIENCE: Duration = Duration::from_secs(1);

impl std::ops::Deref for Door {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Door {
    fn new(app: App, config: DoorConfig) -> anyhow::Result<Door> {
        let (signed, unsigned) = (Buckets::new(config.signed), Buckets::new(config.unsigned));
        let refresh_of_network = Buckets::new(config.refresh_of_network);
        let refresh_of_touch = Buckets::new(config.refresh_of_touch);
        let form_of_network = Buckets::new(config.form_of_network);
        let visit_of_network = Buckets::new(config.visit_of_network);
        let visit_of_person = Buckets::new(config.visit_of_person);
        let visits_at_once = Semaphore::new(VISITS_AT_ONCE);
        let (ear, sign) = (app.ear()?, Mutex::default());
        let inner = Inner {
            ear,
            app,
            config,
            signed,
            unsigned,
            refresh_of_network,
            refresh_of_touch,
            form_of_network,
            sign,
            visit_of_network,
            visit_of_person,
            visits_at_once,
        };
        Ok(Door(Arc::new(inner)))
    }

    fn now(&self) -> i64 {
        (self.config.clock)()
    }

    /// Whether this caller may come now, with a token of ours or without.
    fn lets(&self, caller: &Caller, ours: bool) -> bool {
        let buckets = if ours { &self.signed } else { &self.unsigned };
        buckets.take(caller.network, caller.at)
    }

    /// What is said of the shop; what was last known where it cannot be read.
    async fn sign(&self) -> Sign {
        let known = self.sign.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let now = self.now();
        match known {
            Some((at, sign)) if (0..SIGN_FOR).contains(&(now - at)) => sign,
            known => match timeout(SIGN_PATIENCE, self.ask(App::sign)).await {
                Ok(Ok(sign)) => {
                    *self.sign.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, sign.clone()));
                    sign
                }
                _ => known.map(|(_, sign)| sign).unwrap_or_default(),
            },
        }
    }

    /// Runs a use case on a thread that may block.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&App) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let app = self.app.clone();
        tokio::task::spawn_blocking(move || question(&app)).await?
    }
}

/// The door as a service: see `serve_door` for one with a listener. Fails without a signing key.
pub fn door(app: App, config: DoorConfig) -> anyhow::Result<Router> {
    Ok(routes(Door::new(app, config)?))
}

fn routes(door: Door) -> Router {
    Router::new()
        .route("/c/{token}", get(fetch::click))
        .route("/o/{token}", get(fetch::open))
        .route("/u/{token}", get(stop::ask).post(stop::leave))
        .route("/i/{token}", get(invitation::ask).post(invitation::answer))
        .route("/p/{token}", get(stop::choices).post(stop::choose))
        .route(
            "/r/{token}",
            get(refresh::ask).post(refresh::save).layer(DefaultBodyLimit::max(refresh::FORM)),
        )
        .route("/s/{token}", get(survey::ask).post(survey::save).layer(DefaultBodyLimit::max(survey::FORM)))
        .route("/form", get(form::open).post(form::send_open).layer(DefaultBodyLimit::max(form::FORM)))
        .route("/form/{token}", get(form::ask).post(form::send).layer(DefaultBodyLimit::max(form::FORM)))
        .route("/hook/sendgrid", post(hook::sendgrid).layer(DefaultBodyLimit::max(REPORTS)))
        .route("/hook/sms", get(hook::sms).post(hook::sms).layer(DefaultBodyLimit::max(REPORTS)))
        .route("/hook/sms/reply", post(hook::sms_answers).layer(DefaultBodyLimit::max(REPORTS)))
        .route("/hook/line", post(hook::line).layer(DefaultBodyLimit::max(REPORTS)))
        .route("/hook/sns", post(hook::sns).layer(DefaultBodyLimit::max(REPORTS)))
        .route("/go/{code}", get(fetch::social))
        .route("/visit", post(visit::tell).layer(DefaultBodyLimit::max(visit::TOLD)))
        .route("/visit.js", get(visit::script))
        .route("/health", get(fetch::health))
        .route("/robots.txt", get(async || "User-agent: *\nDisallow: /\n"))
        .route(&page::CSS.href, get(|headers: HeaderMap| async move { page::CSS.send(&headers) }))
        .fallback(page::nowhere)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state(door.clone(), watch))
        .with_state(door)
}

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_INDEX: HeaderValue = HeaderValue::from_static("noindex, nofollow");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Middleware: what whoever gets an answer may do with it.
async fn watch(State(door): State<Door>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let lang = parts.lang();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| !kind.as_bytes().starts_with(b"text/html"));
    // What axum itself refuses is said in our words.
    if plain
        && matches!(
            status,
            StatusCode::METHOD_NOT_ALLOWED | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::BAD_REQUEST
        )
    {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = page::refused(&door, lang, status).await;
        allow.into_iter().for_each(|allow| drop(response.headers_mut().insert(header::ALLOW, allow)));
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::REFERRER_POLICY, NO_REFERRER);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
    headers.insert("x-robots-tag", NO_INDEX);
    headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
    response
}

/// Who asks, and in which language they are answered.
pub(crate) struct Caller {
    pub network: Network,
    /// Unix milliseconds.
    pub at: i64,
    pub lang: Lang,
    agent: String,
    head: bool,
}

impl Caller {
    pub fn asker(&self) -> Asker {
        Asker { agent: self.agent.clone(), network: self.network.word(), head: self.head, at: self.at }
    }
}

impl FromRequestParts<Door> for Caller {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Caller, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
        let agent = parts.headers.get(header::USER_AGENT).map(|v| String::from_utf8_lossy(v.as_bytes()));
        Ok(Caller {
            network: Network::of(peer, &parts.headers, door.config.proxied),
            at: door.now(),
            lang: parts.lang(),
            agent: agent.map(|a| a.chars().take(200).collect()).unwrap_or_default(),
            head: parts.method == Method::HEAD,
        })
    }
}

/// The language of an answer: the one chosen on the page, else the first the browser asks for.
trait Speaks {
    fn lang(&self) -> Lang;
}

impl Speaks for Parts {
    fn lang(&self) -> Lang {
        let query = self.uri.query().unwrap_or_default();
        match query.split('&').find_map(|pair| pair.strip_prefix("lang=")) {
            Some("en") => return Lang::En,
            Some("ja") => return Lang::Ja,
            _ => {}
        }
        let asked =
            self.headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let words = asked.split([',', ';', '-', ' ']);
        let first = words.map(str::trim).find(|word| matches!(*word, "ja" | "en"));
        if first == Some("en") { Lang::En } else { Lang::Ja }
    }
}
