//! A stranger's JSON, looked into without trusting its shape.

use super::{MOST_BODY, Refused};
use serde_json::Value;

/// The value of a body. Depth is bounded by the parser itself (128), size here.
pub(super) fn parse(body: &[u8]) -> Result<Value, Refused> {
    if body.len() > MOST_BODY {
        return Err(Refused::TooLarge);
    }
    serde_json::from_slice(body).map_err(|_| Refused::Malformed)
}

/// The text at a path of keys; empty for none.
pub(super) fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    let found = path.iter().try_fold(value, |at, key| at.get(key));
    found.and_then(Value::as_str).unwrap_or("")
}

/// The items at a path of keys; none where there is no list.
pub(super) fn items<'a>(value: &'a Value, path: &[&str]) -> &'a [Value] {
    let found = path.iter().try_fold(value, |at, key| at.get(key));
    found.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
