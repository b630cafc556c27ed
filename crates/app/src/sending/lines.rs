//! One connection to the mail server: letter after letter, each attempt written down before it leaves.

use super::clerk::Clerk;
use super::letters::{Desk, Ready, failed};
use super::pace::Pace;
use super::worker::{Shared, Worked};
use crate::{App, Tls};
use model::{CampaignState, Delivery, MatchKey, ResponseKind};
use outreach::{Line, SmtpDoor};
use store::{Attempted, Ended, Entry};

/// Minutes until a touch that was put off is tried again, by tries so far: over a day in all.
const AGAIN: [i64; 9] = [5, 10, 20, 40, 80, 160, 320, 480, 480];
/// Seconds without new connections after one failed.
const PAUSE: i64 = 30;

/// The door that the settings describe.
pub(crate) fn door(app: &App, desk: &Desk) -> SmtpDoor {
    let sending = &desk.sending;
    SmtpDoor {
        host: sending.host.clone(),
        port: sending.port,
        tls: match sending.tls {
            Tls::None => outreach::Tls::None,
            Tls::Starttls => outreach::Tls::StartTls,
            Tls::Implicit => outreach::Tls::Implicit,
        },
        user: sending.login.clone(),
        password: app.inner.secrets.smtp_password.clone().unwrap_or_default(),
        helo: sending.domain().to_owned(),
        timeout: std::time::Duration::from_secs(60),
        authorities: sending.authorities.clone(),
    }
}

/// Carries letters until there are no more.
pub(crate) fn carry(app: &App, shared: &Shared, clerk: &Clerk, pace: &Pace, worker: &str) {
    let mut line: Option<Line> = None;
    while let Some((ready, desk)) = shared.next() {
        let done = one(app, &ready, &desk, &mut line, clerk, pace, shared, worker);
        shared.done(&done);
    }
    if let Some(line) = line {
        line.close();
    }
}

#[allow(clippy::too_many_arguments, reason = "what a connection needs of its surroundings")]
fn one(
    app: &App,
    ready: &Ready,
    desk: &Desk,
    line: &mut Option<Line>,
    clerk: &Clerk,
    pace: &Pace,
    shared: &Shared,
    worker: &str,
) -> Worked {
    let touch = &ready.touch;
    let back = |due| Entry::Back { touch: touch.id, worker: worker.to_owned(), due };
    if shared.stopping() || shared.refusing() {
        clerk.tell(back(touch.due));
        return Worked::default();
    }
    let (return_path, mail) = match desk.mail(ready, app.now()) {
        Ok(made) => made,
        Err(why) => {
            clerk.tell(failed(touch, worker, &why.to_string(), app.now()));
            return Worked { failed: 1, ..Worked::default() };
        }
    };
    pace.wait(ready.cleared.destination(), shared);
    let mut open = match line.take() {
        Some(open) => open,
        None => match Line::open(&door(app, desk)) {
            Ok(open) => open,
            Err(why) => {
                shared.trouble(&why.to_string(), app.now() + PAUSE);
                clerk.tell(back(app.now() + PAUSE));
                return Worked { later: 1, ..Worked::default() };
            }
        },
    };
    let attempt = Attempted {
        touch: touch.id,
        n: touch.tries + 1,
        at: app.now(),
        campaign: touch.campaign,
        step: touch.step,
        customer: touch.customer,
        channel: touch.channel,
        destination: MatchKey::email(ready.cleared.destination()).0,
    };
    let mut denied = false;
    let mut commit = || {
        denied = !clerk.attempt(attempt, worker);
        !denied
    };
    let handed = open.deliver(&ready.cleared, &return_path, &mail, &mut commit);
    if handed.usable {
        *line = Some(open);
    }
    if denied {
        // Paused, opted out, taken by another or not to be written down: no try was made.
        clerk.tell(back(touch.due));
        return Worked::default();
    }
    watch(app, ready, &handed.delivery, shared);
    settle(app, ready, handed.delivery, handed.attempted, clerk, worker)
}

/// A server that refuses letter after letter refuses us (a sender it does not know, a relay it does not
/// allow): the campaign pauses before everybody's letter has failed.
fn watch(app: &App, ready: &Ready, delivery: &Delivery, shared: &Shared) {
    match delivery {
        Delivery::Accepted { .. } => shared.taken(),
        Delivery::Refused { said, dead: false } if shared.refused() => {
            let why = format!(
                "メールサーバーが続けて拒否しました / refused again and again by the mail server: {said}"
            );
            let (from, to) = ([CampaignState::Approved], CampaignState::Paused);
            let paused =
                app.inner.store.move_campaign(ready.touch.campaign, &from, to, "mezame", &why, app.now());
            let trouble = paused.err().map_or(why, |e| e.to_string());
            shared.trouble(&trouble, app.now());
        }
        _ => (),
    }
}

/// Writes down what came of it.
fn settle(
    app: &App,
    ready: &Ready,
    delivery: Delivery,
    attempted: bool,
    clerk: &Clerk,
    worker: &str,
) -> Worked {
    let (touch, now) = (&ready.touch, app.now());
    let none = Worked::default();
    let (ended, said, worked) = match delivery {
        Delivery::Accepted { said } => (Ended::Sent, said, Worked { sent: 1, ..none }),
        Delivery::Unknown { said } => (Ended::InDoubt, said, Worked { in_doubt: 1, ..none }),
        Delivery::Refused { said, dead } => {
            if dead && let Err(why) = app.hear_report(touch.id, ResponseKind::HardBounce, &said, None) {
                return Worked { trouble: Some(why.to_string()), ..none };
            }
            let rule = if dead { "L-40" } else { "refused" };
            (Ended::Failed(rule), said, Worked { failed: 1, ..none })
        }
        Delivery::Later { said } => match AGAIN.get(touch.tries as usize) {
            Some(minutes) => (Ended::Again(now + minutes * 60), said, Worked { later: 1, ..none }),
            None => (Ended::Failed("gave_up"), said, Worked { failed: 1, ..none }),
        },
    };
    let worker = worker.to_owned();
    clerk.tell(match attempted {
        true => Entry::Outcome { touch: touch.id, n: touch.tries + 1, ended, said, at: now },
        false => Entry::Closed { touch: touch.id, worker, ended, said, at: now },
    });
    worked
}
