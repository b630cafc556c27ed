//! What a mail service reports of our letters: signed calls, kept before they are answered.

use super::Door;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

const SIGNATURE: &str = "x-twilio-email-event-webhook-signature";
const TIMESTAMP: &str = "x-twilio-email-event-webhook-timestamp";

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

/// Both services try again only after an answer that says so.
fn answer(heard: anyhow::Result<bool>) -> StatusCode {
    match heard {
        Ok(true) => StatusCode::NO_CONTENT,
        Ok(false) => StatusCode::FORBIDDEN,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
