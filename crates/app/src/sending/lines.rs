//! One connection to the mail server: letter after letter, each attempt written down before it leaves.

use super::clerk::Clerk;
use super::letters::{Desk, Ready, failed};
use super::pace::Pace;
use super::worker::{Shared, Worked};
use crate::{App, Tls};
use model::{CampaignState, Channel, Delivery, ResponseKind, Touch};
use outreach::{Line, SmtpDoor};
use store::{Attempted, Ended, Entry};

/// Minutes until a touch that was put off is tried again, by tries so far: over a day in all.
pub(super) const AGAIN: [i64; 9] = [5, 10, 20, 40, 80, 160, 320, 480, 480];
/// The door that the settings describe.
pub(crate) fn door(app: &App, desk: &Desk) -> SmtpDoor {
    let sending = &desk.sending;
    SmtpDoor {
        host: sending.host.clone(),
        port: sending.port,
        tls: closed_by(sending.tls),
        user: sending.login.clone(),
        password: app.inner.secrets.smtp_password.clone().unwrap_or_default(),
        helo: sending.domain().to_owned(),
        timeout: std::time::Duration::from_secs(60),
        authorities: sending.authorities.clone(),
    }
}

/// The setting as a line knows it.
pub(crate) fn closed_by(tls: Tls) -> outreach::Tls {
    match tls {
        Tls::None => outreach::Tls::None,
        Tls::Starttls => outreach::Tls::StartTls,
        Tls::Implicit => outreach::Tls::Implicit,
    }
}

/// What a connection needs of its surroundings.
pub(crate) struct Carrier<'a> {
    pub app: &'a App,
    pub shared: &'a Shared<'a>,
    pub clerk: Clerk,
    pub pace: &'a Pace,
    pub sms_pace: &'a Pace,
    pub worker: &'a str,
}

impl Carrier<'_> {
    /// Carries letters until there are no more.
    pub fn carry(self) {
        let mut line: Option<Line> = None;
        while let Some((ready, desk)) = self.shared.next() {
            let done = self.one(&ready, &desk, &mut line);
            self.shared.done(&done);
        }
        if let Some(line) = line {
            line.close();
        }
    }

    fn one(&self, ready: &Ready, desk: &Desk, line: &mut Option<Line>) -> Worked {
        let (touch, fares) = (&ready.touch, &self.shared.fares);
        if self.shared.stopping() || fares.refusing(touch.channel) {
            return self.back(ready, touch.due);
        }
        if let Some(until) = fares.closed(touch.channel, self.app.now()) {
            return self.back(ready, touch.due.max(until));
        }
        match touch.channel {
            Channel::Sms | Channel::Line => self.hand_over(ready, desk),
            _ => self.mail(ready, desk, line),
        }
    }

    fn mail(&self, ready: &Ready, desk: &Desk, line: &mut Option<Line>) -> Worked {
        let touch = &ready.touch;
        let (return_path, mail) = match desk.mail(ready, self.app.now()) {
            Ok(made) => made,
            Err(why) => {
                self.clerk.tell(failed(touch, self.worker, &why.to_string(), self.app.now()));
                return Worked { failed: 1, ..Worked::default() };
            }
        };
        self.pace.wait(ready.cleared.destination(), self.shared);
        let mut open = match line.take() {
            Some(open) => open,
            None => match Line::open(&door(self.app, desk)) {
                Ok(open) => open,
                Err(why) => {
                    let until = self.shared.fares.close(Channel::Mail, None, self.app.now());
                    self.shared.trouble(&why.to_string());
                    return Worked { later: 1, ..self.back(ready, until) };
                }
            },
        };
        let mut denied = false;
        let mut commit = || {
            denied = !self.clerk.attempt(self.attempt(touch), self.worker);
            !denied
        };
        let handed = open.deliver(&ready.cleared, &return_path, &mail, &mut commit);
        if handed.usable {
            *line = Some(open);
        }
        if denied {
            // Paused, opted out, taken by another or not to be written down: no try was made.
            return self.back(ready, touch.due);
        }
        self.watch(touch, &handed.delivery);
        self.settle(ready, handed.delivery, handed.attempted)
    }

    /// The line of the journal for a try that is about to be made.
    pub(super) fn attempt(&self, touch: &Touch) -> Attempted {
        Attempted {
            touch: touch.id,
            n: touch.tries + 1,
            at: self.app.now(),
            campaign: touch.campaign,
            step: touch.step,
            customer: touch.customer,
            channel: touch.channel,
            destination: touch.destination,
        }
    }

    /// Puts a touch back in line that was not tried.
    pub(super) fn back(&self, ready: &Ready, due: i64) -> Worked {
        self.clerk.tell(Entry::Back { touch: ready.touch.id, worker: self.worker.to_owned(), due });
        Worked::default()
    }

    /// A server that refuses letter after letter refuses us (a sender it does not know, a relay it does not
    /// allow): the campaign pauses before everybody's letter has failed.
    pub(super) fn watch(&self, touch: &Touch, delivery: &Delivery) {
        let (channel, fares) = (touch.channel, &self.shared.fares);
        match delivery {
            Delivery::Accepted { .. } => fares.taken(channel),
            Delivery::Refused { said, dead: false } if fares.refused(channel) => {
                let why = match channel {
                    Channel::Mail => format!(
                        "メールサーバーが続けて拒否しました / refused again and again by the mail server: {said}"
                    ),
                    _ => format!(
                        "{}の送信サービスが続けて拒否しました / refused again and again by the {} gateway: {said}",
                        channel.ja(),
                        channel.en()
                    ),
                };
                let (from, to, now) = ([CampaignState::Approved], CampaignState::Paused, self.app.now());
                let store = &self.app.inner.store;
                let paused = store.move_campaign(touch.campaign, &from, to, "mezame", &why, now);
                self.shared.trouble(&paused.err().map_or(why, |e| e.to_string()));
            }
            _ => (),
        }
    }

    /// Writes down what came of it.
    fn settle(&self, ready: &Ready, delivery: Delivery, attempted: bool) -> Worked {
        let (touch, now) = (&ready.touch, self.app.now());
        let none = Worked::default();
        let (ended, said, worked) = match delivery {
            Delivery::Accepted { said } => (Ended::Sent, said, Worked { sent: 1, ..none }),
            Delivery::Unknown { said } => (Ended::InDoubt, said, Worked { in_doubt: 1, ..none }),
            Delivery::Refused { said, dead } => {
                let mut worked = Worked { failed: 1, ..none };
                if dead
                    && let Err(why) = self.app.hear_report(touch.id, ResponseKind::HardBounce, &said, None)
                {
                    worked.trouble = Some(why.to_string());
                }
                (Ended::Failed(if dead { "L-40" } else { "refused" }), said, worked)
            }
            Delivery::Later { said } => match AGAIN.get(touch.tries as usize) {
                Some(minutes) => (Ended::Again(now + minutes * 60), said, Worked { later: 1, ..none }),
                None => (Ended::Failed("gave_up"), said, Worked { failed: 1, ..none }),
            },
        };
        let worker = self.worker.to_owned();
        self.clerk.tell(match attempted {
            true => Entry::Outcome { touch: touch.id, n: touch.tries + 1, ended, said, at: now },
            false => Entry::Closed { touch: touch.id, worker, ended, said, at: now },
        });
        worked
    }
}
