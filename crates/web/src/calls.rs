//! What a cart or a script hands in: files by a token, orders by a signature. No browser's rights are
//! asked for or given, so neither the login nor the origin of a form has a say here.

use crate::caller::{Buckets, Network, Rate};
use crate::fault::Fault;
use crate::site::Site;
use crate::upload::safe_name;
use app::{CallFault, MOST_CALL_BYTES, MOST_ORDER_BYTES, Receiving, arrival_json};
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use futures_core::Stream;
use model::Kind;
use serde::Deserialize;
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::mpsc;

/// How often one network may come with a wrong token or signature.
const WRONG: Rate = Rate { burst: 20, per_second: 0.1 };
const SIGNATURE: &str = "x-mezame-signature";

type Wrong = Arc<Buckets<Network>>;

pub fn routes() -> Router<Site> {
    let wrong: Wrong = Arc::new(Buckets::new(WRONG));
    Router::new()
        .route("/api/import", post(file).layer(DefaultBodyLimit::disable()))
        .route("/api/import/{id}", get(outcome))
        .route("/api/orders", post(orders).layer(DefaultBodyLimit::max(MOST_ORDER_BYTES)))
        .layer(Extension(wrong))
        .layer(from_fn(sealed))
}

/// Nothing of an answer is kept or guessed at.
async fn sealed(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What a call says of its file.
#[derive(Deserialize)]
struct Told {
    name: Option<String>,
    source: Option<String>,
    kind: Option<String>,
}

/// Why there is no outcome, for a program: a code and a sentence in both languages.
struct No(StatusCode, String, String);

impl IntoResponse for No {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "ja": self.1, "error": self.2 }))).into_response()
    }
}

impl No {
    fn stranger() -> No {
        No(
            StatusCode::UNAUTHORIZED,
            "トークンまたは署名が正しくありません。secrets.toml の設定をご確認ください。".to_owned(),
            "The token or signature is not right: see secrets.toml.".to_owned(),
        )
    }

    fn large(most: u64) -> No {
        No(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("一度に送れるのは{}MBまでです。分けて送ってください。", most >> 20),
            format!("At most {} MB at a time: send it in parts.", most >> 20),
        )
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> No {
        if let Fault::Broken(why) = &fault
            && let Some(CallFault { ja, en }) = why.downcast_ref()
        {
            return No(StatusCode::BAD_REQUEST, ja.clone(), en.clone());
        }
        let text = |lang| match &fault {
            // What is ours alone stays in the house.
            Fault::Broken(_) => String::new(),
            told => told.text(lang),
        };
        No(fault.code(), text(crate::say::Lang::Ja), text(crate::say::Lang::En))
    }
}

/// Who calls, and whether somebody of there may try once more.
struct Caller(Network);

impl Caller {
    fn of(site: &Site, headers: &HeaderMap, peer: Option<ConnectInfo<SocketAddr>>) -> Caller {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
        Caller(Network::of(peer, headers, site.front.proxied))
    }

    fn stranger(self, wrong: &Wrong, now: i64) -> No {
        match wrong.take(self.0, now * 1_000) {
            true => No::stranger(),
            false => No(
                StatusCode::TOO_MANY_REQUESTS,
                "しばらく待ってからお試しください。".to_owned(),
                "Wait a while, then try again.".to_owned(),
            ),
        }
    }
}

fn bearer(headers: &HeaderMap) -> String {
    let given = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let token = given.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    token.map_or(String::new(), |(_, token)| token.trim().to_owned())
}

type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

async fn let_in(site: &Site, wrong: &Wrong, headers: &HeaderMap, peer: Peer) -> Result<(), No> {
    let token = bearer(headers);
    if site.ask(move |app| Ok(app.is_import_token(&token))).await? {
        return Ok(());
    }
    Err(Caller::of(site, headers, peer.map(|Extension(p)| p)).stranger(wrong, site.app.now()))
}

/// A file as the body: CSV, xlsx, or one of these in gz or zip.
async fn file(
    State(site): State<Site>,
    Extension(wrong): Extension<Wrong>,
    peer: Peer,
    headers: HeaderMap,
    Query(told): Query<Told>,
    body: Body,
) -> Result<Response, No> {
    let_in(&site, &wrong, &headers, peer).await?;
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MOST_CALL_BYTES) {
        return Err(No::large(MOST_CALL_BYTES));
    }
    let kind = match told.kind.as_deref().filter(|k| !k.is_empty() && *k != "auto") {
        None => None,
        Some(word) => Some(Kind::from_word(word).ok_or_else(|| {
            let words = Kind::ALL.iter().map(|k| k.word()).collect::<Vec<_>>().join(", ");
            No(
                StatusCode::BAD_REQUEST,
                format!("kind は次のどれかです: {words}"),
                format!("kind is one of {words}"),
            )
        })?),
    };
    let name = safe_name(told.name.as_deref().unwrap_or("file.csv"));
    let receiving = site.ask(move |app| app.receive_file(&name, told.source.as_deref(), kind)).await?;
    let id = keep(receiving, body).await?;
    Ok(accepted(&site, id))
}

/// Streams a body to disk from a thread that may block; the number of the arrival.
async fn keep(mut receiving: Receiving, body: Body) -> Result<i64, No> {
    let (send, mut chunks) = mpsc::channel::<Option<Bytes>>(8);
    let writer = tokio::task::spawn_blocking(move || -> anyhow::Result<Option<i64>> {
        while let Some(chunk) = chunks.blocking_recv() {
            match chunk {
                Some(chunk) => receiving.write(&chunk)?,
                None => return receiving.finish().map(Some),
            }
        }
        Ok(None)
    });
    let mut stream = pin!(body.into_data_stream());
    let mut bytes = 0;
    while let Some(chunk) = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        let chunk = chunk.map_err(|_| {
            No(
                StatusCode::BAD_REQUEST,
                "送信が途中で切れました。もう一度送ってください。".to_owned(),
                "The upload was cut off: send it again.".to_owned(),
            )
        })?;
        bytes += chunk.len() as u64;
        if bytes > MOST_CALL_BYTES {
            return Err(No::large(MOST_CALL_BYTES));
        }
        if send.send(Some(chunk)).await.is_err() {
            break; // the writer failed and says why below
        }
    }
    if bytes == 0 {
        return Err(No(
            StatusCode::BAD_REQUEST,
            "本文が空です。".to_owned(),
            "The body is empty.".to_owned(),
        ));
    }
    // Only a body that came whole is finished; one that broke off leaves nothing.
    let _ = send.send(None).await;
    drop(send);
    let kept = writer.await.map_err(|gone| Fault::Broken(gone.into()))?.map_err(Fault::Broken)?;
    kept.ok_or_else(|| Fault::Broken(anyhow::anyhow!("the upload ended early")).into())
}

/// Orders as JSON, signed.
async fn orders(
    State(site): State<Site>,
    Extension(wrong): Extension<Wrong>,
    peer: Peer,
    headers: HeaderMap,
    Query(told): Query<Told>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, No> {
    let body = body.map_err(|_| No::large(MOST_ORDER_BYTES as u64))?;
    let signature = headers.get(SIGNATURE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let text = body.clone();
    if !site.ask(move |app| Ok(app.orders_proven(&text, &signature))).await? {
        let caller = Caller::of(&site, &headers, peer.map(|Extension(p)| p));
        return Err(caller.stranger(&wrong, site.app.now()));
    }
    let id = site.ask(move |app| app.receive_orders(&body, told.source.as_deref())).await?;
    Ok(accepted(&site, id))
}

/// Kept; taken in at once, and by the next keeper where this program ends before.
fn accepted(site: &Site, id: i64) -> Response {
    let taking = site.clone();
    drop(tokio::spawn(async move { taking.ask(|app| app.take_arrivals()).await }));
    (StatusCode::ACCEPTED, Json(json!({ "id": id, "outcome": format!("/api/import/{id}") }))).into_response()
}

async fn outcome(
    State(site): State<Site>,
    Extension(wrong): Extension<Wrong>,
    peer: Peer,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response, No> {
    let_in(&site, &wrong, &headers, peer).await?;
    match site.ask(move |app| app.call(id)).await? {
        Some(arrival) => Ok(Json(arrival_json(&arrival)).into_response()),
        None => Err(No(
            StatusCode::NOT_FOUND,
            "この番号の取込はありません。".to_owned(),
            "There is no import of this number.".to_owned(),
        )),
    }
}
