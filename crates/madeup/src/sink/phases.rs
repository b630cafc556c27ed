//! What a sink does wrong, and when.

use crate::dice::Dice;
use std::time::Duration;

/// A moment of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// In place of the greeting.
    Connect,
    Ehlo,
    Mail,
    Rcpt,
    /// In place of the 354.
    Data,
    /// After the 354 was given.
    Ready,
    /// After some of the mail was read; what a reply would be is given at its end.
    Body,
    /// After the final dot, in place of the answer.
    Dot,
    /// After the answer.
    Answered,
}

/// What happens then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// The connection is dropped. At `Phase::Dot` the mail was accepted all the same.
    Drop,
    /// This answer, code and words, in place of the usual one; the mail is not accepted.
    Reply(String),
    /// A pause before it goes on.
    Stall(Duration),
}

/// One thing that goes wrong in a share of all mails (of all connections before the first mail).
#[derive(Clone, PartialEq, Debug)]
pub struct Fault {
    pub at: Phase,
    pub what: What,
    /// 0..=1.
    pub share: f64,
}

/// What is kept of accepted mails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    /// Only how many: the fastest.
    Count,
    /// Ids and addresses.
    Ids,
    /// Everything.
    Bytes,
}

/// How a sink behaves.
#[derive(Clone, PartialEq, Debug)]
pub struct Temper {
    /// The same seed fails at the same mails of the same connections.
    pub seed: u64,
    pub keep: Keep,
    pub faults: Vec<Fault>,
    /// Addresses answered with 550 5.1.1.
    pub unknown: Vec<String>,
    /// Most connections at once; one more is greeted with 421.
    pub max_connections: usize,
    /// Whether PIPELINING is offered.
    pub pipelining: bool,
}

impl Default for Temper {
    fn default() -> Temper {
        Temper {
            seed: 1,
            keep: Keep::Bytes,
            faults: vec![],
            unknown: vec![],
            max_connections: 1_000,
            pipelining: true,
        }
    }
}

impl Temper {
    /// Fails once in a while in every phase, as no real server is so unlucky to do.
    pub fn nasty(seed: u64, share: f64) -> Temper {
        let fault = |at, what| Fault { at, what, share };
        let later = || What::Reply("451 4.3.0 try again later".to_owned());
        let never = || What::Reply("554 5.7.1 not accepted".to_owned());
        let faults = vec![
            fault(Phase::Connect, What::Drop),
            fault(Phase::Ehlo, What::Drop),
            fault(Phase::Mail, later()),
            fault(Phase::Rcpt, later()),
            fault(Phase::Rcpt, What::Drop),
            fault(Phase::Data, later()),
            fault(Phase::Ready, What::Drop),
            fault(Phase::Body, What::Drop),
            fault(Phase::Dot, What::Drop),
            fault(Phase::Dot, later()),
            fault(Phase::Dot, never()),
            fault(Phase::Answered, What::Drop),
        ];
        Temper { seed, keep: Keep::Ids, faults, ..Temper::default() }
    }

    /// What goes wrong at this phase of this mail of this connection, if anything.
    pub(super) fn fault(&self, at: Phase, connection: u64, mail: u64) -> Option<&What> {
        let drawn = |(number, fault): &(usize, &Fault)| {
            let mut dice = Dice::new(self.seed, connection, (mail << 8) | *number as u64);
            fault.at == at && dice.chance(fault.share)
        };
        self.faults.iter().enumerate().find(drawn).map(|(_, fault)| &fault.what)
    }
}
