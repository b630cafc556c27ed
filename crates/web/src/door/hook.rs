//! What mail services and gateways report of our messages: proven calls, kept before they are answered.

use super::Door;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};

const SIGNATURE: &str = "x-twilio-email-event-webhook-signature";
const TIMESTAMP: &str = "x-twilio-email-event-webhook-timestamp";
const LINE_SIGNATURE: &str = "x-line-signature";

/// SendGrid's events. Answered well only when they are kept: it tries again otherwise.
pub async fn sendgrid(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let (signature, timestamp) = (text(SIGNATURE), text(TIMESTAMP));
    answer(door.ask(move |app| app.hear_sendgrid(&body, &signature, &timestamp)).await)
}

/// What SES reports through a topic of SNS, and the topic's own question whether it may.
pub async fn sns(State(door): State<Door>, body: Bytes) -> StatusCode {
    let amazon = door.config.amazon.clone();
    answer(door.ask(move |app| app.hear_sns(&body, &amazon)).await)
}

/// What the SMS provider reports, proven as its file says.
pub async fn sms(State(door): State<Door>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    let path = uri.path_and_query().map_or(String::new(), ToString::to_string);
    let heard = door.ask(move |app| {
        let named = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        app.hear_sms(&named.collect::<Vec<_>>(), &body, &path)
    });
    answer(heard.await)
}

/// What people answer to SMS, as the provider hands it on.
pub async fn sms_answers(State(door): State<Door>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    let path = uri.path_and_query().map_or(String::new(), ToString::to_string);
    let heard = door.ask(move |app| {
        let named = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        app.hear_sms_answers(&named.collect::<Vec<_>>(), &body, &path)
    });
    answer(heard.await)
}

/// What LINE tells of friends.
pub async fn line(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get(LINE_SIGNATURE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let heard = door.ask(move |app| app.hear_line(&body, &signature)).await;
    match answer(heard) {
        // LINE wants this one.
        StatusCode::NO_CONTENT => StatusCode::OK,
        other => other,
    }
}

/// The services try again only after an answer that says so.
fn answer(heard: anyhow::Result<bool>) -> StatusCode {
    match heard {
        Ok(true) => StatusCode::NO_CONTENT,
        Ok(false) => StatusCode::FORBIDDEN,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
