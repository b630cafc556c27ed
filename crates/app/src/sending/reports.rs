//! Bounces, complaints and answers that mail systems send back: from a folder, a mailbox, or a webhook.

use super::lines::closed_by;
use super::worker::Shared;
use crate::{App, Imap};
use anyhow::{Result, anyhow};
use model::ResponseKind;
use outreach::reports::{
    Amazon, ImapDoor, ImapError, Inbox, Position, Refused, Report, read_maildir, sendgrid,
};
use std::path::Path;
use std::time::Duration;

/// Seconds between two looks into the mailbox; after it could not be reached; after it refused us, since
/// a server may close an account whose password is wrong too often.
const EVERY: i64 = 60;
const LOST: i64 = 120;
const REFUSED: i64 = 900;
/// Longest look, seconds: what is left then is for the next one.
const LONGEST: i64 = 600;
/// Between two thoughts about it.
const TICK: Duration = Duration::from_secs(2);
/// Longest wait for one answer of the mailbox's server.
const PATIENCE: Duration = Duration::from_secs(20);

impl App {
    /// Reads what came into the folder since; each mail once, whatever breaks off. Returns how many
    /// mails were read, and how many of their reports were of a letter of ours.
    pub fn read_reports(&self, folder: &Path) -> Result<(u64, u64)> {
        let mut known = 0;
        let swept = read_maildir(folder, |reports| -> Result<()> {
            known += self.take_reports(reports)?;
            Ok(())
        })?;
        Ok((swept.mails as u64, known))
    }

    /// Looks into the mailbox of the settings now and then, until the work ends; beside the sending, which
    /// never waits for it. What is wrong is said once, and tried again later or with other settings.
    pub(super) fn listen(&self, shared: &Shared<'_>) {
        let mut tried: Option<(Imap, i64)> = None;
        let mut said = String::new();
        loop {
            let now = self.now();
            // Settings that cannot be read are told by the sending.
            let imap = self.settings().map(|s| s.sending.imap).unwrap_or_default();
            let waits = tried.as_ref().is_some_and(|(of, until)| *of == imap && now < *until);
            if !imap.host.is_empty() && !waits && !shared.stopping() {
                let ends = now + LONGEST;
                let going = || !shared.stopping() && self.now() < ends;
                let until = match self.read_mailbox(&imap, &going) {
                    Ok(_) => {
                        said.clear();
                        EVERY
                    }
                    Err(_) if !going() => EVERY,
                    Err(why) => {
                        let text = format!("{why:#}");
                        if said != text {
                            shared.trouble(&text);
                            said = text;
                        }
                        let refused = matches!(why.downcast_ref(), Some(ImapError::Refused(_)));
                        if refused { REFUSED } else { LOST }
                    }
                };
                tried = Some((imap, self.now() + until));
            }
            if !shared.goes_on(TICK) {
                return;
            }
        }
    }

    /// Reads what came into the mailbox since; each mail once, whatever breaks off. What was ours is marked
    /// as seen; answers that a person wrote, and what is not about our letters, wait for a person. Returns
    /// how many mails were read, and how many of their reports were of a letter of ours.
    pub fn read_mailbox(&self, imap: &Imap, going: &dyn Fn() -> bool) -> Result<(u64, u64)> {
        let place = format!("imap {} {} {}", imap.host, imap.username, imap.folder);
        let kept = self.inner.store.setting(&place)?;
        let since = kept.and_then(|text| {
            let (validity, uid) = text.split_once(' ')?;
            Some(Position { validity: validity.parse().ok()?, uid: uid.parse().ok()? })
        });
        let mut inbox = Inbox::open(&self.imap_door(imap), since, going)?;
        let (mut read, mut known) = (0, 0);
        while let Some(batch) = inbox.next_batch()? {
            let mut done = vec![];
            for (uid, reports) in &batch.mails {
                let ours = self.take_reports(reports)?;
                if ours > 0 && reports.iter().all(|report| report.kind != ResponseKind::Reply) {
                    done.push(*uid);
                }
                known += ours;
            }
            read += batch.mails.len() as u64;
            let Position { validity, uid } = batch.position;
            self.inner.store.set_setting(&place, &format!("{validity} {uid}"))?;
            inbox.mark_seen(&done)?;
        }
        inbox.close();
        Ok((read, known))
    }

    fn imap_door(&self, imap: &Imap) -> ImapDoor {
        ImapDoor {
            host: imap.host.clone(),
            port: imap.port,
            tls: closed_by(imap.tls),
            user: imap.username.clone(),
            password: self.inner.secrets.imap_password.clone().unwrap_or_default(),
            folder: imap.folder.clone(),
            timeout: PATIENCE,
            authorities: imap.authorities.clone(),
        }
    }

    /// Keeps what SendGrid reports; `false` where the call is not signed by the key we were given, is an
    /// old one, or there is no key.
    pub fn hear_sendgrid(&self, body: &[u8], signature: &str, timestamp: &str) -> Result<bool> {
        let Some(key) = &self.inner.secrets.sendgrid_key else { return Ok(false) };
        let Ok(reports) = sendgrid(body, signature, timestamp, key, self.now()) else { return Ok(false) };
        self.take_reports(&reports)?;
        Ok(true)
    }

    /// Keeps what SES reports through SNS, and confirms a topic of ours that asks; `false` where the call
    /// is not Amazon's or of another topic. Fails where it is worth another try.
    pub fn hear_sns(&self, body: &[u8], amazon: &Amazon) -> Result<bool> {
        match amazon.hear(body, &self.inner.secrets.sns_topics) {
            Ok(reports) => self.take_reports(&reports).map(|_| true),
            Err(Refused::Unfetched) => Err(anyhow!(Refused::Unfetched)),
            Err(_) => Ok(false),
        }
    }

    /// Keeps reports under their own names, so that a doubled one is one, and what people wrote as
    /// inquiries; returns how many belong to a letter of ours or to a customer.
    pub fn take_reports(&self, reports: &[Report]) -> Result<u64> {
        let keys = self.keys()?;
        let mut known = 0;
        for report in reports {
            let touch = report.hints.iter().find_map(|hint| keys.touch_of_hint(hint));
            let anybodys = self.hear_mail(report, touch)?;
            if let Some(touch) = touch {
                self.hear_report(touch, report.kind, &report.said, Some(&report.id))?;
            }
            known += u64::from(anybodys || touch.is_some());
        }
        Ok(known)
    }
}
