//! The sender's domain: what DNS says of it, and the key its letters are signed with.

use crate::{App, Finding, Level};
use anyhow::{Result, ensure};
use outreach::{DkimKind, Signer, domain};

impl App {
    /// What DNS says of a sender's domain, with the lines to publish; kept, so that the check of a
    /// campaign knows it.
    pub fn doctor_mail(&self, domain: &str) -> Result<Vec<Finding>> {
        let sending = self.settings()?.sending;
        let record = match &self.inner.secrets.dkim_key {
            Some(pem) if sending.domain() == domain && !sending.dkim_selector.is_empty() => {
                Signer::from_pem(domain, &sending.dkim_selector, pem)?.record()?
            }
            _ => String::new(),
        };
        let selectors = [(sending.dkim_selector.as_str(), record.as_str())];
        let asked = domain::Sending {
            domain,
            return_path: &sending.bounce_domain,
            selectors: if sending.dkim_selector.is_empty() { &[] } else { &selectors },
            ..domain::Sending::default()
        };
        let facts = domain::facts(&asked, &domain::resolver()?)?;
        self.keep_dns(
            domain,
            [facts.spf.is_some(), facts.dkim.is_some(), facts.dmarc.is_some(), facts.aligned],
        )?;
        let told = facts.findings.into_iter().map(|f| {
            let level = match f.level {
                domain::Level::Good => Level::Good,
                domain::Level::Warn => Level::Note,
                domain::Level::Stop => Level::Problem,
            };
            let publish = if f.publish.is_empty() { String::new() } else { format!("\n    {}", f.publish) };
            Finding {
                level,
                ja: format!("{} {}{publish}", f.rule, f.ja),
                en: format!("{} {}{publish}", f.rule, f.en),
            }
        });
        Ok(told.collect())
    }

    /// A new DKIM key of the sender's domain: (PEM, name in DNS, text of the record).
    pub fn new_dkim_key(&self, selector: &str) -> Result<(String, String, String)> {
        let domain = self.settings()?.sending.domain().to_owned();
        ensure!(!domain.is_empty(), "there is no sender yet: mezame settings set sending.from ADDRESS");
        let pem = outreach::generate_key(DkimKind::Rsa)?;
        let signer = Signer::from_pem(&domain, selector, &pem)?;
        Ok((pem, signer.record_name(), signer.record()?))
    }
}
