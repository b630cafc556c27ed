//! SendGrid's event webhook: signed over its time and its raw body, many events to a call.

use super::{MOST_BODY, Refused, Report, classify, json, scrub};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::ResponseKind;
use serde_json::Value;

/// The name of the unique argument that carries a token of ours (`X-SMTPAPI: {"unique_args": {"mezame":
/// "..."}}`): openings and clicks come back without a Message-ID.
pub const SENDGRID_KEY: &str = "mezame";
/// Further from now than this, a signed call is a replay or a wrong clock. Seconds.
const FRESH: i64 = 600;

/// Reads one call. `signature` and `timestamp` are the headers X-Twilio-Email-Event-Webhook-Signature and
/// -Timestamp as they came, `public_key` the verification key of SendGrid's page (base64), `now` in Unix
/// seconds.
pub fn sendgrid(
    body: &[u8],
    signature: &str,
    timestamp: &str,
    public_key: &str,
    now: i64,
) -> Result<Vec<Report>, Refused> {
    if body.len() > MOST_BODY {
        return Err(Refused::TooLarge);
    }
    let decode = |text: &str| BASE64_STANDARD.decode(text.trim()).map_err(|_| Refused::Signature);
    let signed = [timestamp.as_bytes(), body].concat();
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, decode(public_key)?);
    key.verify(&signed, &decode(signature)?).map_err(|_| Refused::Signature)?;
    let signed_at: i64 = timestamp.trim().parse().map_err(|_| Refused::Stale)?;
    if now.saturating_sub(signed_at).saturating_abs() > FRESH {
        return Err(Refused::Stale);
    }
    match json::parse(body)? {
        Value::Array(events) => Ok(events.iter().filter_map(report).collect()),
        _ => Err(Refused::Malformed),
    }
}

fn report(event: &Value) -> Option<Report> {
    let reason = json::text(event, &["reason"]);
    let code = Some(classify::code(json::text(event, &["status"]))).filter(|code| !code.is_empty());
    let code = code.unwrap_or_else(|| classify::code(reason));
    let kind = match json::text(event, &["event"]) {
        "bounce" if json::text(event, &["type"]) == "blocked" => ResponseKind::SoftBounce,
        "bounce" => classify::bounce(&code, reason),
        "dropped" => dropped(reason),
        "delivered" => ResponseKind::Delivered,
        "spamreport" => ResponseKind::Complaint,
        "unsubscribe" | "group_unsubscribe" => ResponseKind::OptOut,
        "open" => ResponseKind::Open,
        "click" => ResponseKind::Click,
        // Deferred is still being tried, and ends as delivered or bounced; processed says nothing.
        _ => return None,
    };
    let people = scrub::addresses(json::text(event, &["email"]));
    let mut hints = scrub::hints([json::text(event, &["smtp-id"])]);
    scrub::push_hint(&mut hints, json::text(event, &[SENDGRID_KEY]));
    let seconds = event.get("timestamp").and_then(Value::as_i64);
    Some(Report {
        id: json::text(event, &["sg_event_id"]).chars().take(100).collect(),
        kind,
        hints,
        at: seconds.map(|seconds| seconds.saturating_mul(1000)),
        code,
        agent: agent(event),
        said: scrub::words(reason, &people),
        written: None,
    })
}

/// SendGrid did not even try, since it remembers something of the address.
fn dropped(reason: &str) -> ResponseKind {
    match reason.to_lowercase() {
        r if r.contains("bounced address") || r.contains("invalid") => ResponseKind::HardBounce,
        r if r.contains("unsubscribed") => ResponseKind::OptOut,
        r if r.contains("spam reporting") => ResponseKind::Complaint,
        _ => ResponseKind::SoftBounce,
    }
}

/// What the program called itself; Apple's own fetching, which SendGrid tells apart, in words that
/// `response::judge` knows.
fn agent(event: &Value) -> String {
    if event.get("sg_machine_open").and_then(Value::as_bool) == Some(true) {
        return "machine open".to_owned();
    }
    json::text(event, &["useragent"]).chars().filter(|c| !c.is_control()).take(200).collect()
}
