//! What a change in a record says about permissions: consents, refusals, leaving.

use super::Write;
use crate::Result;
use crate::db::{Conn, params};
use crate::permission::{NewStop, add_stop};
use crate::settings::next_id;
use model::{ActivityKind, Basis, Channel, Consent, Day, Membership, Record, StopReason};

/// One thing that became known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Statement {
    record: i64,
    day: Day,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    /// A consent that was not known, or one taken back.
    Consent(Channel, bool),
    Stop(StopReason),
    Withdrawn(Option<Day>),
}

impl Statement {
    /// What `after` says that `before` did not. What it no longer says is not news: a refusal
    /// is never undone by silence.
    pub fn between(record: i64, before: &Record, after: &Record, day: Day, to: &mut Vec<Statement>) {
        let mut say = |what| to.push(Statement { record, day, what });
        for &(channel, given) in &after.consents {
            let was = before.consents.contains(&(channel, true));
            if was != given {
                say(What::Consent(channel, given));
            }
        }
        after.stops.iter().filter(|s| !before.stops.contains(s)).for_each(|&s| say(What::Stop(s)));
        if after.membership == Membership::Withdrawn && before.membership != Membership::Withdrawn {
            say(What::Withdrawn(after.withdrawn));
        }
    }
}

/// The refusal that a taken-back consent is.
pub(super) fn opt_out(channel: Channel) -> Option<StopReason> {
    match channel {
        Channel::Mail => Some(StopReason::MailOptOut),
        Channel::Sms => Some(StopReason::SmsOptOut),
        _ => None,
    }
}

impl Write<'_> {
    pub(super) fn statements(&mut self, statements: Vec<Statement>) -> Result<()> {
        for Statement { record, day, what } in statements {
            match what {
                What::Consent(channel, given) => {
                    let evidence = format!("{} ({})", self.new.source, self.new.path);
                    let consent = Consent {
                        who: String::new(),
                        channel,
                        basis: Basis::OptIn,
                        given,
                        on: None,
                        evidence,
                    };
                    self.add_consent(record, &consent, day)?;
                    if let Some(reason) = opt_out(channel).filter(|_| !given) {
                        self.stop(record, reason, Some(day), "")?;
                    }
                }
                What::Stop(StopReason::Withdrawn) => self.withdraw(record, self.new.today)?,
                What::Stop(reason) => {
                    self.stop(record, reason, None, "")?;
                }
                What::Withdrawn(on) => self.withdraw(record, on.unwrap_or(self.new.today))?,
            }
        }
        Ok(())
    }

    /// Keeps the proof; every one is a row of its own for good.
    pub(super) fn add_consent(&mut self, record: i64, c: &Consent, day: Day) -> Result<()> {
        let id = next_id(self.conn, "consents")?;
        self.conn.exec(
            "INSERT INTO consents (id, record, channel, basis, given, given_on, day, evidence, source, import)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                id,
                record,
                i64::from(c.channel.code()),
                i64::from(c.basis.code()),
                c.given,
                c.on,
                day,
                &c.evidence,
                self.memory.source,
                self.import
            ],
        )?;
        Ok(())
    }

    /// Closes what `reason` closes, unless it is closed already.
    pub(super) fn stop(
        &mut self,
        record: i64,
        reason: StopReason,
        since: Option<Day>,
        note: &str,
    ) -> Result<bool> {
        let stop = NewStop { record: Some(record), ..self.new_stop(reason, since, note) };
        add_stop(self.conn, &NewStop { channel: reason.channel(), ..stop })
    }

    pub(super) fn new_stop(&self, reason: StopReason, since: Option<Day>, note: &str) -> NewStop {
        NewStop {
            record: None,
            key: None,
            channel: None,
            reason,
            since,
            note: note.to_owned(),
            source: self.new.source.clone(),
            by: format!("import {}", self.import),
            at: self.new.at,
        }
    }

    /// Left the membership: an event, and everything closed.
    pub(super) fn withdraw(&mut self, record: i64, on: Day) -> Result<()> {
        withdrawn_event(self.conn, record, on, self.import)?;
        self.touched.push(record);
        self.stop(record, StopReason::Withdrawn, Some(on), "")?;
        Ok(())
    }
}

/// `import` is 0 for an operator's act.
pub(crate) fn withdrawn_event(conn: &mut Conn, record: i64, on: Day, import: i64) -> Result<u64> {
    conn.exec(
        "INSERT INTO activities (record, day, kind, note, import) VALUES (?1, ?2, ?3, '', ?4) ON CONFLICT DO NOTHING",
        params![record, on, i64::from(ActivityKind::Withdrawn.code()), import],
    )
}
