//! What people answer to an SMS, as the provider hands it on.

use super::hook::Hook;
use super::provider::{SmsProvider, text};
use crate::reports::Refused;
use std::fmt;

/// Longest answer that is kept, characters: ten parts of an SMS.
const MOST: usize = 1_000;

/// One answer. Its `Debug` names nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsAnswer {
    /// The provider's own name of it: the same when it is told again.
    pub id: String,
    /// Whose number, as a Japanese one is written: `09000000001`; of another country with its code.
    pub from: String,
    pub text: String,
}

impl fmt::Debug for SmsAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmsAnswer({})", self.id)
    }
}

/// Reads one call of a provider, as `sms_reports` does.
///
/// # Errors
/// `Signature` for a call that is not the provider's, `Malformed` where it hands on nothing.
pub fn sms_answers(
    provider: &SmsProvider,
    secret: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    url: &str,
) -> Result<Vec<SmsAnswer>, Refused> {
    let inbound = provider.inbound.as_ref().ok_or(Refused::Malformed)?;
    let items = Hook::of_inbound(inbound).items(secret, headers, body, url)?;
    let answer = |item| {
        let id: String = text(item, &inbound.id).chars().filter(|c| !c.is_control()).take(100).collect();
        let words: String =
            text(item, &inbound.text).chars().filter(|c| *c == '\n' || !c.is_control()).take(MOST).collect();
        let from = national(&text(item, &inbound.from));
        let whole = !id.is_empty() && !from.is_empty() && !words.trim().is_empty();
        whole.then(|| SmsAnswer { id, from, text: words.trim().to_owned() })
    };
    Ok(items.iter().filter_map(answer).collect())
}

/// `+819000000001` and `819000000001` as `09000000001`.
fn national(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).take(20).collect();
    match digits.strip_prefix("81") {
        Some(rest) if !digits.starts_with('0') && rest.len() >= 9 => format!("0{rest}"),
        _ => digits,
    }
}
