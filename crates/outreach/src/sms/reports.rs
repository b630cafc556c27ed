//! What a provider says of messages afterwards: delivered, not delivered, number dead, parts charged.

use super::hook::{Hook, parameter};
use super::provider::{Meanings, Reports, SmsProvider, SmsState, text};
use crate::reports::Refused;
use crate::said::said;
use serde_json::Value;

/// One thing a provider says of one message. The same thing may be said again, late or in another order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SmsReport {
    /// The provider's own name of the message, as `SmsHanded::id` was; empty where it gives none.
    pub id: String,
    /// The reference it was sent under; empty where the provider does not repeat it.
    pub reference: String,
    /// Never `Waiting`: what says nothing is left out.
    pub state: SmsState,
    /// Parts charged, where it is said.
    pub parts: Option<u32>,
    /// The provider's own words, without numbers.
    pub said: String,
    /// The same for the same thing said twice, another for anything else of the same message.
    pub proof: String,
}

/// Reads one call of a provider, which is believed only by its proof. `secret` is the webhook's: in
/// the address (`proof = "url"`), or the key of its signature. `url` is the whole address that was called,
/// as the provider knows it.
pub fn sms_reports(
    provider: &SmsProvider,
    secret: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    url: &str,
) -> Result<Vec<SmsReport>, Refused> {
    let reports = provider.reports.as_ref().ok_or(Refused::Malformed)?;
    let items = Hook::of_reports(reports).items(secret, headers, body, url)?;
    Ok(items.iter().filter_map(|item| report(provider, reports, item, url)).collect())
}

fn report(provider: &SmsProvider, reports: &Reports, item: &Value, url: &str) -> Option<SmsReport> {
    let short = |at: &str| {
        let found = match at.strip_prefix('?') {
            Some(name) => parameter(url, name).unwrap_or_default(),
            None => text(item, at),
        };
        found.chars().filter(|c| !c.is_control()).take(200).collect::<String>()
    };
    let (id, reference) = (short(&reports.id), short(&reports.reference));
    let rules = Meanings { id: String::new(), said: vec![], rules: reports.rules.clone() };
    let state = rules.of(0, item).filter(|state| *state != SmsState::Waiting)?;
    if id.is_empty() && reference.is_empty() {
        return None;
    }
    let words: Vec<String> = reports.said.iter().map(|at| text(item, at)).collect();
    let words = said(0, &words.join(" "));
    let proof = format!("sms:{}:{id}:{reference}:{state:?}", provider.name);
    let parts = text(item, &reports.parts).parse().ok();
    let said = words.trim_start_matches('0').trim_start().to_owned();
    Some(SmsReport { id, reference, state, parts, said, proof })
}
