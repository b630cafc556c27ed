//! One touch handed to a gateway: an SMS or a LINE message, its attempt written down before it leaves.

use super::letters::{Desk, Ready, failed};
use super::lines::{AGAIN, Carrier};
use super::worker::Worked;
use model::{Channel, Delivery, ResponseKind};
use outreach::{ChatHanded, SmsHanded};
use store::{Ended, Entry, Handover};

/// What a gateway made of it, whichever it was.
struct Handed {
    delivery: Delivery,
    attempted: bool,
    usable: bool,
    wait: Option<u32>,
    again_within: Option<u32>,
    /// The gateway's own name of the message.
    name: String,
    parts: u32,
    price: i64,
}

impl Carrier<'_> {
    /// Carries one touch of SMS or LINE.
    pub(super) fn hand_over(&self, ready: &Ready, desk: &Desk) -> Worked {
        let touch = &ready.touch;
        let letter = match desk.letter(ready, self.app.now()) {
            Ok(letter) => letter,
            Err(why) => {
                self.clerk.tell(failed(touch, self.worker, &why.to_string(), self.app.now()));
                return Worked { failed: 1, ..Worked::default() };
            }
        };
        if touch.channel == Channel::Sms {
            self.sms_pace.wait("", self.shared);
        }
        let reference = desk.reference(touch.id);
        let (mut denied, mut at) = (false, self.app.now());
        let mut commit = || {
            let attempt = self.attempt(touch);
            at = attempt.at;
            denied = !self.clerk.attempt(attempt, self.worker);
            !denied
        };
        let gates = &desk.gates;
        let handed = match touch.channel {
            Channel::Sms => gates.sms.as_ref().map(|door| {
                let handed = door.send(&ready.cleared, &letter.text, &reference, &mut commit);
                of_sms(handed, gates.sms_price)
            }),
            _ => gates
                .line
                .as_ref()
                .map(|door| of_line(door.push(&ready.cleared, &letter.chat(), &reference, &mut commit))),
        };
        match handed {
            Some(handed) if !denied => self.heard(ready, handed, at),
            _ => self.back(ready, touch.due),
        }
    }

    /// Writes down what came of it.
    fn heard(&self, ready: &Ready, handed: Handed, at: i64) -> Worked {
        let (touch, now) = (&ready.touch, self.app.now());
        let mut waits = None;
        if !handed.usable {
            let until = self.shared.fares.close(touch.channel, handed.wait, now);
            if let Delivery::Later { said } = &handed.delivery {
                self.shared.trouble(&format!("{}: {said}", touch.channel.word()));
            }
            waits = Some(until);
        }
        self.watch(touch, &handed.delivery);
        let later = matches!(handed.delivery, Delivery::Later { .. });
        if later && !handed.attempted {
            // Not a byte has left: no try was made.
            return Worked { later: 1, ..self.back(ready, waits.unwrap_or(now).max(touch.due)) };
        }
        let again_until = handed.again_within.map(|hours| at + i64::from(hours) * 3_600);
        let open = ready.open_until.or(again_until);
        let (ended, said, worked) = self.ended(ready, handed.delivery, open, waits);
        if touch.channel == Channel::Sms || open.is_some() {
            let settled = !matches!(ended, Ended::Again(_));
            let Handed { name, parts, price, .. } = handed;
            let handover = Handover { touch: touch.id, name, parts, price, again_until: open, settled };
            self.clerk.tell(Entry::Handed(handover));
        }
        self.clerk.tell(match handed.attempted {
            true => Entry::Outcome { touch: touch.id, n: touch.tries + 1, ended, said, at: now },
            false => Entry::Closed { touch: touch.id, worker: self.worker.to_owned(), ended, said, at: now },
        });
        worked
    }

    /// `open`: it may have arrived, and may be asked for again up to then; `waits`: until when its channel is
    /// closed, which is no fault of the touch.
    fn ended(
        &self,
        ready: &Ready,
        delivery: Delivery,
        open: Option<i64>,
        waits: Option<i64>,
    ) -> (Ended, String, Worked) {
        let (touch, now, none) = (&ready.touch, self.app.now(), Worked::default());
        match delivery {
            Delivery::Accepted { said } => (Ended::Sent, said, Worked { sent: 1, ..none }),
            Delivery::Unknown { said } => (Ended::InDoubt, said, Worked { in_doubt: 1, ..none }),
            // This try is refused; an earlier one may have arrived all the same.
            Delivery::Refused { said, dead: false } if ready.open_until.is_some() => {
                (Ended::InDoubt, said, Worked { in_doubt: 1, ..none })
            }
            Delivery::Refused { said, dead } => {
                let mut worked = Worked { failed: 1, ..none };
                if dead
                    && let Err(why) = self.app.hear_report(touch.id, ResponseKind::HardBounce, &said, None)
                {
                    worked.trouble = Some(why.to_string());
                }
                (Ended::Failed(if dead { "L-40" } else { "refused" }), said, worked)
            }
            Delivery::Later { said } => {
                let minutes = AGAIN.get(touch.tries as usize).copied();
                let next = match (waits, minutes) {
                    (Some(until), minutes) => Some(until.max(now + minutes.unwrap_or(1) * 60)),
                    (None, Some(minutes)) => Some(now + minutes * 60),
                    (None, None) => None,
                };
                match (next, open) {
                    // Beyond that moment the gateway would take it for another message.
                    (Some(next), Some(until)) if next > until => {
                        (Ended::InDoubt, said, Worked { in_doubt: 1, ..none })
                    }
                    (None, Some(_)) => (Ended::InDoubt, said, Worked { in_doubt: 1, ..none }),
                    (Some(next), _) => (Ended::Again(next), said, Worked { later: 1, ..none }),
                    (None, None) => (Ended::Failed("gave_up"), said, Worked { failed: 1, ..none }),
                }
            }
        }
    }
}

fn of_sms(handed: SmsHanded, price: i64) -> Handed {
    let SmsHanded { delivery, id, parts, attempted, usable, wait, again_within } = handed;
    Handed { delivery, attempted, usable, wait, again_within, name: id, parts, price }
}

fn of_line(handed: ChatHanded) -> Handed {
    let ChatHanded { delivery, attempted, usable, wait, again_within } = handed;
    Handed { delivery, attempted, usable, wait, again_within, name: String::new(), parts: 1, price: 0 }
}
