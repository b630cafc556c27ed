//! What a gateway does wrong, and how often.

use crate::dice::Dice;
use std::time::Duration;

/// One thing that goes wrong with a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mishap {
    /// The connection is dropped before the request was read whole.
    DropUnread,
    /// It is dropped when the request was read, and nothing was accepted.
    DropRead,
    /// It is dropped when the message was accepted, in place of the answer.
    DropAccepted,
    /// It is dropped in the middle of the answer of a message that was accepted.
    CutAnswer,
    /// It is dropped after a whole answer that promised more.
    DropAnswered,
    /// This code, and nothing was accepted.
    Answer(u16),
    /// This code, though the message was accepted.
    AnswerAccepted(u16),
    /// The message is accepted, and the answer waits.
    Stall(Duration),
}

/// Mishaps and the share of requests each befalls.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Mishaps {
    /// The same seed fails at the same requests of the same connections.
    pub seed: u64,
    pub each: Vec<(Mishap, f64)>,
}

impl Mishaps {
    /// Always this one.
    pub fn always(mishap: Mishap) -> Mishaps {
        Mishaps { seed: 1, each: vec![(mishap, 1.0)] }
    }

    /// Everything but stalls once in a while, as no real gateway is so unlucky to do.
    pub fn nasty(seed: u64, share: f64) -> Mishaps {
        let all = [
            Mishap::DropUnread,
            Mishap::DropRead,
            Mishap::DropAccepted,
            Mishap::CutAnswer,
            Mishap::DropAnswered,
            Mishap::Answer(429),
            Mishap::Answer(500),
            Mishap::Answer(400),
            Mishap::AnswerAccepted(502),
        ];
        Mishaps { seed, each: all.into_iter().map(|mishap| (mishap, share)).collect() }
    }

    /// What befalls this request of this connection, if anything.
    pub(super) fn of(&self, connection: u64, request: u64) -> Option<Mishap> {
        let drawn = |(number, (_, share)): &(usize, &(Mishap, f64))| {
            Dice::new(self.seed, connection, (request << 8) | *number as u64).chance(*share)
        };
        self.each.iter().enumerate().find(drawn).map(|(_, (mishap, _))| *mishap)
    }
}
