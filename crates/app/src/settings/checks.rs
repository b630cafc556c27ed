//! What a setting may be. One place, for the command line and for the forms.

use super::{Settings, Tls};
use model::Channel;
use std::net::IpAddr;

/// A setting that cannot be meant.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{key}: {ja} / {en}")]
pub struct SettingFault {
    /// Its name: `sending.port`.
    pub key: String,
    pub ja: String,
    pub en: String,
}

impl SettingFault {
    pub(super) fn new(key: &str, ja: impl Into<String>, en: impl Into<String>) -> SettingFault {
        SettingFault { key: key.to_owned(), ja: ja.into(), en: en.into() }
    }
}

impl Settings {
    /// Every setting that cannot be meant, with what to write instead. What is merely missing is none.
    pub fn faults(&self) -> Vec<SettingFault> {
        let mut found = Faults(vec![]);
        self.figures(&mut found);
        self.sender(&mut found);
        self.mail(&mut found);
        if let Some(closure) = self.days_off.closures.iter().find(|c| c.until < c.from) {
            let (from, until) = (closure.from, closure.until);
            found.0.push(SettingFault::new(
                "days_off.closures",
                format!("{}: 終わりの日 {until} が始まりの日 {from} より前です", closure.name),
                format!("{}: it ends on {until}, before it begins on {from}", closure.name),
            ));
        }
        found.0.extend(self.reasons.faults());
        found.0.extend(self.post.faults());
        found.0.extend(self.inbox.faults());
        found.0.extend(self.sms.faults());
        found.0.extend(self.line.faults());
        found.0.extend(self.automatic.faults());
        found.between("visits.raise", self.visits.raise, 0.0, 5.0);
        found.between("visits.keep_days", f64::from(self.visits.keep_days), 1.0, 3_650.0);
        found.0
    }

    fn figures(&self, found: &mut Faults) {
        for (key, share, most) in [
            ("margin", self.margin, 1.0),
            ("lift_long", self.lift_long, 1.0),
            ("global_holdout", self.global_holdout, 0.2),
        ] {
            found.between(key, share, 0.0, most);
        }
        found.between("acquisition_cost", self.acquisition_cost, 0.0, 1e9);
        found.between("calls.wage", self.calls.wage, 0.0, 1e6);
        found.between("calls.rate", self.calls.rate, 0.0, 1e4);
        found.between("calls.price_days", f64::from(self.calls.price_days), 0.0, 730.0);
        for channel in Channel::ALL {
            let (word, lift) = (channel.word(), self.lift.of(*channel));
            found.between(&format!("cost.{word}"), self.cost.of(*channel), 0.0, 1e9);
            found.between(&format!("lift.{word}.regular"), lift.regular, 0.0, 100.0);
            found.between(&format!("lift.{word}.once"), lift.once, 0.0, 100.0);
        }
    }

    fn sender(&self, found: &mut Faults) {
        let profile = &self.profile;
        for (key, text) in [
            ("shop", &self.shop),
            ("profile.legal_name", &profile.legal_name),
            ("profile.address", &profile.address),
            ("profile.contact", &profile.contact),
        ] {
            if text.contains(char::is_control) {
                found.add(key, "改行を入れずに1行で入れてください", "write it on one line");
            }
        }
        for (key, text, example) in [
            ("profile.site", &profile.site, "https://shop.example.jp/"),
            ("profile.public_url", &profile.public_url, "https://mail.example.jp"),
        ] {
            if !text.is_empty() && !is_url(text) {
                found.add(
                    key,
                    format!("{example} のように https:// から入れてください"),
                    format!("an address as customers reach it, such as {example}"),
                );
            }
        }
    }

    fn mail(&self, found: &mut Faults) {
        let (sending, imap) = (&self.sending, &self.sending.imap);
        for (key, text) in [("sending.host", &sending.host), ("sending.imap.host", &imap.host)] {
            if !text.is_empty() && !is_host(text) {
                found.add(
                    key,
                    "サーバー名だけを入れてください(例: mail.example.jp)",
                    "the server's name alone, such as mail.example.jp",
                );
            }
        }
        for (key, port) in [("sending.port", sending.port), ("sending.imap.port", imap.port)] {
            if port == 0 {
                found.add(key, "1〜65535の番号を入れてください", "a number from 1 to 65535");
            }
        }
        let mut addresses =
            vec![("sending.from", sending.from.as_str()), ("sending.reply_to", &sending.reply_to)];
        addresses.extend(self.test_addresses.split(',').map(|a| ("test_addresses", a.trim())));
        for (key, text) in addresses {
            if !text.is_empty() && !is_address(text) {
                found.add(
                    key,
                    "メールアドレスを letter@example.jp のように入れてください",
                    "a mail address, such as letter@example.jp",
                );
            }
        }
        if !sending.bounce_domain.is_empty() && !is_host(&sending.bounce_domain) {
            found.add(
                "sending.bounce_domain",
                "ドメインだけを入れてください(例: bounce.example.jp)",
                "the domain alone, such as bounce.example.jp",
            );
        }
        if !sending.dkim_selector.is_empty() && !is_host(&sending.dkim_selector) {
            found.add(
                "sending.dkim_selector",
                "半角の英数字とハイフンで入れてください",
                "letters, digits and hyphens",
            );
        }
        found.between("sending.per_second", sending.per_second, 0.0, 1e6);
        found.between("sending.per_domain", sending.per_domain, 0.0, 1e6);
        found.between("sending.connections", f64::from(sending.connections), 1.0, 200.0);
        // A password would be read on its way.
        let logs_in = [
            ("sending.tls", sending.tls, &sending.host, !sending.login.is_empty()),
            ("sending.imap.tls", imap.tls, &imap.host, true),
        ];
        for (key, tls, host, logs_in) in logs_in {
            if tls == Tls::None && logs_in && !host.is_empty() && !is_here(host) {
                found.add(
                    key,
                    "暗号化なしで使えるのは、このマシンの中のサーバーだけです。TLSかSTARTTLSを選んでください",
                    "without encryption only a server on this machine may be used: choose TLS or STARTTLS",
                );
            }
        }
        if imap.folder.trim().is_empty() {
            found.add(
                "sending.imap.folder",
                "フォルダ名を入れてください(例: INBOX)",
                "name a folder, such as INBOX",
            );
        }
    }
}

struct Faults(Vec<SettingFault>);

impl Faults {
    fn add(&mut self, key: &str, ja: impl Into<String>, en: impl Into<String>) {
        self.0.push(SettingFault::new(key, ja, en));
    }

    fn between(&mut self, key: &str, number: f64, least: f64, most: f64) {
        if !(least..=most).contains(&number) {
            self.add(
                key,
                format!("{least}〜{most}の数字を入れてください"),
                format!("a number from {least} to {most}, not {number}"),
            );
        }
    }
}

pub(super) fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    let plain = |c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c);
    host.is_some_and(|host| !host.is_empty()) && !text.contains(plain)
}

/// A name or a number of a machine.
fn is_host(text: &str) -> bool {
    text.len() <= 253 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
}

fn is_address(text: &str) -> bool {
    let fine = |c: char| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c);
    let parts = text.split_once('@');
    text.len() <= 254
        && text.chars().all(fine)
        && parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && is_host(domain))
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of what cannot be meant, after one setting was typed.
    fn after(pairs: &[(&str, &str)]) -> Vec<String> {
        let mut settings = Settings::default();
        for (key, text) in pairs {
            if let Err(fault) = settings.put(key, text) {
                return vec![fault.key];
            }
        }
        settings.faults().into_iter().map(|fault| fault.key).collect()
    }

    #[test]
    fn each_setting_is_refused_by_its_own_name() {
        assert_eq!(Settings::default().faults(), []);
        for (key, good, bad) in [
            ("margin", "0.4", "1.2"),
            ("global_holdout", "0.2", "0.3"),
            ("cost.post", "105", "-1"),
            ("lift.sms.once", "100", "101"),
            ("shop", "見本茶園", "見本\n茶園"),
            ("profile.address", "東京都千代田区見本1-2-3", "東京都\r\nBcc: x"),
            ("profile.site", "https://shop.example.jp/", "shop.example.jp"),
            ("profile.public_url", "https://mail.example.jp", "https://"),
            ("profile.public_url", "http://127.0.0.1:7879", "javascript:alert(1)"),
            ("profile.trade", "cosmetics", "pirate"),
            ("sending.host", "smtp.example.jp", "smtp://smtp.example.jp"),
            ("sending.port", "465", "0"),
            ("sending.port", "2,525", "70000"),
            ("sending.tls", "implicit", "ssl"),
            ("sending.from", "letter@example.jp", "見本茶園 <letter@example.jp>"),
            ("sending.reply_to", "", "a@b@c"),
            ("sending.bounce_domain", "b.example.jp", "@b.example.jp"),
            ("sending.dkim_selector", "m2026", "m 2026"),
            ("sending.per_second", "0.5", "-1"),
            ("sending.per_domain", "0", "many"),
            ("sending.connections", "200", "0"),
            ("sending.imap.host", "imap.example.jp", "imap.example.jp/INBOX"),
            ("sending.imap.port", "993", ""),
            ("sending.imap.folder", "不達", " "),
            ("test_addresses", "a@example.jp, b@example.jp", "a@example.jp b"),
            ("sms.provider", "karaden", "no such provider"),
            ("sms.account", "tenant = a\nservice = b", "tenant"),
            ("sms.price", "8.5", "-1"),
            ("sms.per_second", "5", "-1"),
            ("sms.style", "short20", "short"),
            ("sms.test_numbers", "09000000001, 07000000002", "090-0000-0001"),
            ("line.on", "yes", "perhaps"),
            ("line.base", "http://127.0.0.1:1", "api.line.me"),
        ] {
            assert_eq!(after(&[(key, good)]), Vec::<String>::new(), "{key} = {good}");
            assert_eq!(after(&[(key, bad)]), [key], "{key} = {bad}");
        }
        assert_eq!(after(&[("sending.port2", "1")]), ["sending.port2"]);
    }

    #[test]
    fn a_password_is_not_sent_in_the_clear() {
        for (host, fine) in
            [("127.0.0.1", true), ("localhost", true), ("::1", true), ("mail.example.jp", false)]
        {
            let imap = [("sending.imap.host", host), ("sending.imap.tls", "none")];
            assert_eq!(after(&imap).is_empty(), fine, "{host}");
            let smtp = [("sending.host", host), ("sending.tls", "none"), ("sending.login", "shop")];
            assert_eq!(after(&smtp).is_empty(), fine, "{host}");
            assert!(after(&smtp[..2]).is_empty(), "nobody logs in at {host}");
        }
    }
}
