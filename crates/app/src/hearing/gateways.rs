//! What gateways tell: an SMS delivered or its number dead, a LINE friend who blocks, comes back or writes.

use super::{Asker, closings, cut};
use crate::App;
use crate::inbox::Said;
use anyhow::Result;
use model::{Channel, InquiryWay, MatchKey, Response, ResponseKind};
use outreach::{
    ChatEvent, ChatKind, SmsProvider, SmsReport, SmsState, asks_to_stop, chat_events, sms_reports,
};
use response::{Past, meaning};

impl App {
    /// Keeps what the SMS provider reports: each thing once, however often and late it is said. `url`: the address
    /// as the provider called it. `false` where it is not the provider's.
    pub fn hear_sms(&self, headers: &[(&str, &str)], body: &[u8], path_and_query: &str) -> Result<bool> {
        let Some((provider, secret, url)) = self.sms_caller(path_and_query)? else { return Ok(false) };
        let Ok(reports) = sms_reports(&provider, secret, headers, body, &url) else { return Ok(false) };
        reports.iter().try_for_each(|report| self.hear_sms_report(report))?;
        Ok(true)
    }

    /// By what a call of the SMS provider is proven: its file, the secret, and the address as it called it. `None`
    /// where there is no provider.
    pub(crate) fn sms_caller(&self, path_and_query: &str) -> Result<Option<(SmsProvider, &str, String)>> {
        let settings = self.settings()?;
        if settings.sms.provider.is_empty() {
            return Ok(None);
        }
        let Ok(provider) = settings.sms.provider() else { return Ok(None) };
        let secrets = &self.inner.secrets;
        let secret = secrets.sms_hook_secret.as_ref().or(secrets.sms_secret.as_ref());
        let url = format!("{}{path_and_query}", settings.profile.public_url.trim_end_matches('/'));
        Ok(Some((provider, secret.map_or("", String::as_str), url)))
    }

    fn hear_sms_report(&self, report: &SmsReport) -> Result<()> {
        let store = &self.inner.store;
        let touch = match self.keys()?.touch_of_hint(&report.reference) {
            Some(touch) => Some(touch),
            None => store.touch_named(&report.id)?,
        };
        let Some(stored) = touch.and_then(|touch| store.touch(touch).ok()) else { return Ok(()) };
        if stored.touch.channel != Channel::Sms {
            return Ok(());
        }
        let kind = match report.state {
            SmsState::Delivered => ResponseKind::Delivered,
            SmsState::Dead => ResponseKind::HardBounce,
            SmsState::Failed => ResponseKind::SoftBounce,
            SmsState::Waiting => return Ok(()),
        };
        if let Some(parts) = report.parts {
            store.charged(stored.touch.id, parts)?;
        }
        self.hear_report(stored.touch.id, kind, &report.said, Some(&report.proof)).map(drop)
    }

    /// Keeps what LINE tells of friends. `false` where the call is not LINE's.
    pub fn hear_line(&self, body: &[u8], signature: &str) -> Result<bool> {
        let secret = self.inner.secrets.line_secret.as_deref().unwrap_or_default();
        let Ok(events) = chat_events(body, signature, secret) else { return Ok(false) };
        events.iter().try_for_each(|event| self.hear_friend(event))?;
        Ok(true)
    }

    fn hear_friend(&self, event: &ChatEvent) -> Result<()> {
        let (store, key) = (&self.inner.store, MatchKey::line(&event.line_id));
        match &event.kind {
            ChatKind::Follow { .. } => store.friend(key, false, event.at).map(drop)?,
            ChatKind::Unfollow => {
                store.friend(key, true, event.at)?;
                // What they left after, where anything was sent: the campaign's own figure.
                self.hear_from_friend(event, key, ResponseKind::OptOut, "unfollow")?;
            }
            ChatKind::Message { what, text } => {
                let kind = if asks_to_stop(text) { ResponseKind::OptOut } else { ResponseKind::Reply };
                let said = if text.is_empty() { what } else { text };
                self.hear_from_friend(event, key, kind, said)?;
            }
            // No message of ours has a button that only tells us; whose id it is, the customer's own page says.
            ChatKind::Postback { .. } | ChatKind::Linked { .. } => {}
        }
        Ok(())
    }

    /// Keeps it with the newest message that this friend got, and their words as an inquiry; a sticker or a
    /// picture is for LINE's own console. Who asks to be left alone is, message or not.
    fn hear_from_friend(
        &self,
        event: &ChatEvent,
        key: MatchKey,
        kind: ResponseKind,
        said: &str,
    ) -> Result<()> {
        let store = &self.inner.store;
        let touch = store.last_touch_to(Channel::Line, key)?;
        if let ChatKind::Message { text, .. } = &event.kind {
            self.hear_said(&Said {
                way: InquiryWay::Line,
                touch,
                key: Some(key),
                at: event.at.div_euclid(1_000),
                subject: "",
                text,
                contact: "",
                proof: Some(format!("line:{}", event.id)),
                left: kind == ResponseKind::OptOut,
            })?;
        }
        let Some(touch) = touch else {
            if kind == ResponseKind::OptOut {
                store.friend(key, true, event.at)?;
            }
            return Ok(());
        };
        let asker = Asker { at: event.at, ..Asker::default() };
        let response = Response { said: cut(said), ..self.response(touch, kind, None, &asker) };
        let closings = match kind {
            // A block is LINE's to tell and to take back; a word is the person's own.
            ResponseKind::OptOut if event.kind != ChatKind::Unfollow => {
                closings(&meaning(Channel::Line, Past { touch, kind, at: event.at }, &[]), false)
            }
            _ => vec![],
        };
        let proof = format!("line:{}", event.id);
        // Nothing is proven by it: whoever writes or leaves need not have got the newest message.
        store.hear(&response, Some(&proof), &closings, "customer").map(drop)?;
        Ok(())
    }
}
