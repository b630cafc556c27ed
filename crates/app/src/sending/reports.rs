//! Bounces, complaints and answers that mail systems send back, from a folder of kind Maildir.

use crate::App;
use anyhow::Result;
use outreach::reports::{Report, read_maildir, sendgrid};
use std::path::Path;

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

    /// Keeps what SendGrid reports; `false` where the call is not signed by the key we were given, is an
    /// old one, or there is no key.
    pub fn hear_sendgrid(&self, body: &[u8], signature: &str, timestamp: &str) -> Result<bool> {
        let Some(key) = &self.inner.secrets.sendgrid_key else { return Ok(false) };
        let Ok(reports) = sendgrid(body, signature, timestamp, key, self.now()) else { return Ok(false) };
        self.take_reports(&reports)?;
        Ok(true)
    }

    /// Keeps reports under their own names, so that a doubled one is one; returns how many belong
    /// to a letter of ours.
    pub fn take_reports(&self, reports: &[Report]) -> Result<u64> {
        let keys = self.keys()?;
        let mut known = 0;
        for report in reports {
            let Some(touch) = report.hints.iter().find_map(|hint| keys.touch_of_hint(hint)) else { continue };
            self.hear_report(touch, report.kind, &report.said, Some(&report.id))?;
            known += 1;
        }
        Ok(known)
    }
}
