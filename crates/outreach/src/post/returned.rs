//! Pieces that came back: why, and which, as keyed in or scanned.

use super::text::fold_ascii;

/// Why the post brought a piece back (the stamp on it).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReturnReason {
    /// あて所に尋ねあたりません.
    NotKnownThere,
    /// 転居先不明で配達できません.
    Moved,
    /// 受取を拒絶されました.
    Refused,
    /// 保管期間が経過しました.
    NotCollected,
}

impl ReturnReason {
    /// In the order of their keys, 1 to 4.
    pub const ALL: [ReturnReason; 4] =
        [ReturnReason::NotKnownThere, ReturnReason::Moved, ReturnReason::Refused, ReturnReason::NotCollected];

    /// The code that is stored.
    pub const fn code(self) -> &'static str {
        match self {
            ReturnReason::NotKnownThere => "not_known_there",
            ReturnReason::Moved => "moved",
            ReturnReason::Refused => "refused",
            ReturnReason::NotCollected => "not_collected",
        }
    }

    /// As stamped, and in English.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            ReturnReason::NotKnownThere => ("宛所に尋ねあたりません", "not known at this address"),
            ReturnReason::Moved => ("転居先不明", "moved, new address unknown"),
            ReturnReason::Refused => ("受取拒絶", "refused"),
            ReturnReason::NotCollected => ("保管期間経過", "not collected in time"),
        }
    }

    /// Whether the address is dead (L-42). One not collected in time is only doubtful.
    pub const fn address_is_dead(self) -> bool {
        matches!(self, ReturnReason::NotKnownThere | ReturnReason::Moved)
    }

    /// Whether the customer said no to post.
    pub const fn is_refusal(self) -> bool {
        matches!(self, ReturnReason::Refused)
    }

    /// Of what an operator keys: 1 to 4, the code, or the words of the stamp.
    pub fn read(text: &str) -> Option<ReturnReason> {
        let text = fold_ascii(text).trim().to_lowercase();
        let keyed = text.parse::<usize>().ok().and_then(|key| ReturnReason::ALL.get(key.checked_sub(1)?));
        let stamped = |reason: &&ReturnReason| {
            let words: &[&str] = match reason {
                ReturnReason::NotKnownThere => &["宛所", "あて所", "宛名不完全", "あて名不完全"],
                ReturnReason::Moved => &["転居"],
                ReturnReason::Refused => &["拒絶", "拒否"],
                ReturnReason::NotCollected => &["保管期間", "留置期間"],
            };
            text == reason.code() || words.iter().any(|word| text.contains(word))
        };
        keyed.or_else(|| ReturnReason::ALL.iter().find(stamped)).copied()
    }
}

/// A piece that came back.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Returned {
    /// The token of its QR code, or its reference.
    pub token: String,
    pub reason: ReturnReason,
}

/// A line that says nothing that can be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UnreadReturn {
    #[error(
        "{line}行目: 理由がわかりません（1〜4か、付箋の文言） / line {line}: no reason (1 to 4, or the words of the stamp)"
    )]
    Reason { line: usize },
    #[error("{line}行目: QRコードか番号がありません / line {line}: no code and no reference")]
    Token { line: usize },
}

/// Reads what was keyed or scanned, one piece a line: a code or reference, then, after a comma, tab or
/// blank, its reason. A line with a reason alone (`2`, `転居先不明`) holds for the pieces scanned
/// after it, since pieces come back sorted by their stamps. A piece scanned twice counts once, with
/// its last reason.
pub fn read_returns(text: &str) -> (Vec<Returned>, Vec<UnreadReturn>) {
    let (mut returned, mut unread): (Vec<Returned>, Vec<UnreadReturn>) = (vec![], vec![]);
    let mut standing = None;
    let lines = text.trim_start_matches('\u{FEFF}').lines().map(str::trim).enumerate();
    for (line, text) in lines.filter(|(_, text)| !text.is_empty()).map(|(at, text)| (at + 1, text)) {
        let (head, tail) = text.split_once([',', '\t', ' ', '　', '、']).unwrap_or((text, ""));
        let (head, tail) = (head.trim().trim_matches('"'), tail.trim().trim_matches('"'));
        if tail.is_empty() && !head.contains("://") && ReturnReason::read(head).is_some() {
            standing = ReturnReason::read(head);
            continue;
        }
        let token = token(head);
        let reason = if tail.is_empty() { standing } else { ReturnReason::read(tail) };
        match (token.is_empty(), reason) {
            (true, _) => unread.push(UnreadReturn::Token { line }),
            (false, None) => unread.push(UnreadReturn::Reason { line }),
            (false, Some(reason)) => {
                returned.retain(|known| known.token != token);
                returned.push(Returned { token, reason });
            }
        }
    }
    (returned, unread)
}

/// The last part of a link's path, or the text itself; scanners type full-width or capitals at times.
fn token(scanned: &str) -> String {
    let text = fold_ascii(scanned);
    match text.split_once("://") {
        None => text.trim().to_owned(),
        Some((_, rest)) => {
            let path = rest.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
            path.split_once('/')
                .map_or("", |(_, path)| path.rsplit('/').next().unwrap_or_default())
                .to_lowercase()
        }
    }
}
