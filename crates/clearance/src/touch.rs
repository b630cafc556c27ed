//! The one thing that may be sent, and the one place that makes it.

use crate::rules::named;
use crate::{Case, RuleInfo, trace};
use model::Channel;

/// A touch that every rule has let through a moment ago. Nothing is sent without one, and only
/// this crate makes one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClearedTouch {
    touch: i64,
    channel: Channel,
    destination: String,
}

impl ClearedTouch {
    /// The touch's number in the ledger.
    pub fn touch(&self) -> i64 {
        self.touch
    }
    pub fn channel(&self) -> Channel {
        self.channel
    }
    /// The address or number it goes to.
    pub fn destination(&self) -> &str {
        &self.destination
    }
}

/// Whether a refused touch may be asked about again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Again {
    /// Refused for good: this touch will not go.
    Never,
    /// Not now: ask again at this moment, Unix seconds.
    From(i64),
    /// Held until somebody has put something right (stale orders, the purpose of use).
    WhenMended,
}

/// Why a touch may not go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub rule: &'static RuleInfo,
    pub again: Again,
    /// The rule's sentence, with this case's own figures where it has any.
    pub ja: String,
    pub en: String,
}

impl Refusal {
    /// A refusal in the rule's own words.
    pub(crate) fn new(id: &str, again: Again) -> Refusal {
        let rule = named(id);
        Refusal { rule, again, ja: rule.ja.to_owned(), en: rule.en.to_owned() }
    }

    pub(crate) fn saying(self, ja: String, en: String) -> Refusal {
        Refusal { ja, en, ..self }
    }
}

/// Clears one touch, or says which rule refuses: the first that does, the gravest first.
pub fn clear(
    touch: i64,
    channel: Channel,
    destination: &str,
    case: &Case<'_>,
) -> Result<ClearedTouch, Refusal> {
    let refused = trace(channel, destination, case).into_iter().find_map(|said| said.answer.err());
    match refused {
        Some(refusal) => Err(refusal),
        None => Ok(ClearedTouch { touch, channel, destination: destination.to_owned() }),
    }
}

/// Clears a touch of one of the shop's own mailboxes, numbers or friends (M162), touch 0; `own` names them,
/// apart by commas.
pub fn clear_own(channel: Channel, destination: &str, own: &str) -> Option<ClearedTouch> {
    let known = own.split([',', ' ']).any(|a| !a.is_empty() && a == destination);
    known.then(|| ClearedTouch { touch: 0, channel, destination: destination.to_owned() })
}
