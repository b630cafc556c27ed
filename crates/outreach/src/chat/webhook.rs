//! What LINE tells of friends: added, blocked, wrote, pressed, linked.

use crate::reports::{MOST_BODY, Refused};
use crate::signed::{Hash, same, signed};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

/// Longest text that is kept of one event.
const MOST_TEXT: usize = 5_000;

/// One thing that a friend did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChatEvent {
    /// LINE's own id of the event: the same when it is told again.
    pub id: String,
    /// When, Unix milliseconds.
    pub at: i64,
    /// Told again after we did not answer in time.
    pub again: bool,
    /// Whose: the id that touches go to.
    pub line_id: String,
    pub kind: ChatKind,
}

/// What was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChatKind {
    /// Became a friend, or took the block back (L-46).
    Follow { unblocked: bool },
    /// Blocked the account: nothing may go there (L-46).
    Unfollow,
    /// Wrote. Empty text: a picture, a sticker or the like, named in `what`.
    Message { what: String, text: String },
    /// Pressed a button that carries data.
    Postback { data: String },
    /// Said on our page who they are; the nonce is the one given there.
    Linked { nonce: String, done: bool },
}

/// Reads one call. `signature` is the header x-line-signature as it came, `secret` the channel's. Events of
/// groups, of nobody, and those we have no use for are passed over.
///
/// # Errors
/// `Signature` for a call that is not LINE's, `Malformed` and `TooLarge`.
pub fn chat_events(body: &[u8], signature: &str, secret: &str) -> Result<Vec<ChatEvent>, Refused> {
    if body.len() > MOST_BODY {
        return Err(Refused::TooLarge);
    }
    let expected = BASE64_STANDARD.encode(signed(Hash::Sha256, secret.as_bytes(), body));
    if secret.is_empty() || !same(signature.trim().as_bytes(), expected.as_bytes()) {
        return Err(Refused::Signature);
    }
    let call: Value = serde_json::from_slice(body).map_err(|_| Refused::Malformed)?;
    let events = call.pointer("/events").and_then(Value::as_array).ok_or(Refused::Malformed)?;
    Ok(events.iter().filter_map(event).collect())
}

fn event(event: &Value) -> Option<ChatEvent> {
    let text = |at: &str| event.pointer(at).and_then(Value::as_str).unwrap_or("");
    let long = |at: &str| text(at).chars().take(MOST_TEXT).collect::<String>();
    let truth = |at: &str| event.pointer(at).and_then(Value::as_bool).unwrap_or(false);
    let kind = match text("/type") {
        "follow" => ChatKind::Follow { unblocked: truth("/follow/isUnblocked") },
        "unfollow" => ChatKind::Unfollow,
        "message" => ChatKind::Message { what: long("/message/type"), text: long("/message/text") },
        "postback" => ChatKind::Postback { data: long("/postback/data") },
        "accountLink" => ChatKind::Linked { nonce: long("/link/nonce"), done: text("/link/result") == "ok" },
        _ => return None,
    };
    let (id, line_id) = (text("/webhookEventId"), text("/source/userId"));
    let alone = text("/source/type") == "user" && !line_id.is_empty() && !id.is_empty();
    alone.then(|| ChatEvent {
        id: id.chars().take(100).collect(),
        at: event.pointer("/timestamp").and_then(Value::as_i64).unwrap_or(0),
        again: truth("/deliveryContext/isRedelivery"),
        line_id: line_id.chars().take(100).collect(),
        kind,
    })
}
