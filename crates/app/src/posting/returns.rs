//! Pieces that came back: what their reasons close.

use crate::App;
use crate::hearing::Asker;
use anyhow::{Result, ensure};
use model::{Channel, Response, ResponseKind, StopReason, TouchState};
use outreach::post::{ReturnReason, Returned, read_returns};
use serde::Serialize;

/// The stamps in the order of their keys, 1 to 4: Japanese, English.
pub const RETURN_REASONS: [(&str, &str); 4] = [
    ReturnReason::ALL[0].names(),
    ReturnReason::ALL[1].names(),
    ReturnReason::ALL[2].names(),
    ReturnReason::ALL[3].names(),
];

/// One returned piece and what it did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ReturnedPiece {
    pub touch: i64,
    /// The person it went to.
    pub customer: i64,
    /// `not_known_there`, `moved`, `refused`, `not_collected`.
    pub reason: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    /// The address, or post to the person, is closed by it.
    pub closed: bool,
    /// It had been told before.
    pub known: bool,
}

/// What a list of returned pieces came to.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize)]
pub struct ReturnsTaken {
    pub pieces: Vec<ReturnedPiece>,
    /// Codes that are none of ours, or of pieces that nobody said were posted.
    pub unknown: Vec<String>,
    /// Lines that say nothing that can be used, in words.
    pub unread: Vec<String>,
}

impl App {
    /// Takes in what was keyed or scanned (`outreach::post::read_returns`). Told twice, nothing changes.
    pub fn take_returns(&self, text: &str, by: &str) -> Result<ReturnsTaken> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        let (returned, unread) = read_returns(text);
        let mut taken = ReturnsTaken {
            unread: unread.iter().map(ToString::to_string).collect(),
            ..ReturnsTaken::default()
        };
        for one in returned {
            match self.take_return(&one, by)? {
                Some(piece) => taken.pieces.push(piece),
                None => taken.unknown.push(one.token),
            }
        }
        Ok(taken)
    }

    fn take_return(&self, returned: &Returned, by: &str) -> Result<Option<ReturnedPiece>> {
        let store = &self.inner.store;
        let Some(touch) = self.returned_touch(&returned.token)? else { return Ok(None) };
        let Ok(stored) = store.touch(touch) else { return Ok(None) };
        if stored.touch.channel != Channel::Post || stored.touch.state != TouchState::Sent {
            return Ok(None);
        }
        let reason = returned.reason;
        let asker = Asker { at: self.now() * 1_000, ..Asker::default() };
        let said = reason.code().to_owned();
        let response = Response { said, ..self.response(touch, kind(reason), None, &asker) };
        let closes = self.closes(touch, reason)?;
        let proof = format!("post:{touch}:{}", reason.code());
        let (ja, en) = reason.names();
        let new = store.hear_return(&response, &proof, closes, (self.today()?, ja), by)?;
        let person = store.persons(&[stored.touch.customer])?.into_values().next();
        Ok(Some(ReturnedPiece {
            touch,
            customer: person.unwrap_or(stored.touch.customer),
            reason: reason.code(),
            ja,
            en,
            closed: closes.is_some(),
            known: !new,
        }))
    }

    /// The touch of a scanned code or of a keyed number (`12-0034`).
    fn returned_touch(&self, token: &str) -> Result<Option<i64>> {
        let keyed = token.split_once('-').and_then(|(batch, place)| {
            let place: u32 = place.parse().ok()?;
            Some((batch.parse::<i64>().ok()?, place.checked_sub(1)?))
        });
        match keyed {
            Some((batch, place)) => Ok(self.inner.store.touch_of_piece(batch, place)?),
            // Without a key nothing was ever signed.
            None => {
                let keys = self.inner.secrets.keys();
                Ok(keys.and_then(|keys| keys.read(&token.to_ascii_lowercase())).map(|token| token.touch()))
            }
        }
    }

    /// L-42: a dead address is closed; a refusal is the person's own word; one not collected counts, and
    /// closes with the second.
    fn closes(&self, touch: i64, reason: ReturnReason) -> Result<Option<StopReason>> {
        if reason.is_refusal() {
            return Ok(Some(StopReason::PostStop));
        }
        let before = self.inner.store.bounces_like(touch)?;
        let again =
            before.iter().any(|(other, kind, _)| *other != touch && *kind == ResponseKind::SoftBounce);
        Ok((reason.address_is_dead() || again).then_some(StopReason::BadAddress))
    }
}

const fn kind(reason: ReturnReason) -> ResponseKind {
    match reason {
        ReturnReason::NotKnownThere | ReturnReason::Moved => ResponseKind::HardBounce,
        ReturnReason::Refused => ResponseKind::OptOut,
        ReturnReason::NotCollected => ResponseKind::SoftBounce,
    }
}
