//! By which gateways SMS and LINE messages leave.

use super::SettingFault;
use super::checks::is_url;
use clearance::SmsLimits;
use outreach::SmsProvider;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How SMS leave. The token or password is not here: see `Secrets`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sms {
    /// A provider that comes with Mezame by its name, or the path of a file of one's own (`.toml`); empty: SMS is
    /// not set up.
    pub provider: String,
    /// What the provider wants to know of the shop's account: `name = value`, one a line or apart by semicolons.
    pub account: String,
    /// Of one part, in units of the currency without tax; 0: not known.
    pub price: f64,
    /// Hosts of links that are the shop's beside its own domain, apart by commas (L-33).
    pub hosts: String,
    pub style: SmsStyle,
    /// SMS a second, at most; 0: as fast as it goes.
    pub per_second: f64,
    /// The shop's own telephones for trying an SMS, apart by commas.
    pub test_numbers: String,
    /// Certificates, as PEM, of a gateway that no public authority vouches for.
    pub authorities: String,
}

/// How short the shop wants its SMS.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmsStyle {
    #[default]
    Free,
    /// Twenty characters beside the links, fifteen in the first line (M087).
    Short20,
}

/// How LINE messages leave. The channel's token and secret are not here: see `Secrets`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LineChannel {
    /// Whether messages are sent by the shop's LINE official account.
    pub on: bool,
    /// Empty: LINE itself. Another address is for tests.
    pub base: String,
    /// Ids of the shop's own people for trying a message, apart by commas.
    pub test_ids: String,
}

impl Sms {
    /// The provider's file.
    ///
    /// # Errors
    /// What is wrong with it, in both languages.
    pub fn provider(&self) -> Result<SmsProvider, String> {
        if let Some(known) = SmsProvider::known(&self.provider) {
            return Ok(known);
        }
        if !self.provider.ends_with(".toml") {
            return Err(
                "karaden、media_sms、twilio のどれかか、定義ファイル(.toml)の場所を入れてください / \
                        karaden, media_sms or twilio, or the path of a file (.toml)"
                    .to_owned(),
            );
        }
        let unreadable = |why: std::io::Error| {
            format!(
                "SMSサービスの定義「{}」を読めません / the provider's file cannot be read: {why}",
                self.provider
            )
        };
        let text = std::fs::read_to_string(&self.provider).map_err(unreadable)?;
        SmsProvider::parse(&text).map_err(|why| why.to_string())
    }

    /// What was said of the account, by name.
    pub fn named(&self) -> BTreeMap<String, String> {
        let pairs = self.account.split(['\n', ';']).filter_map(|line| line.split_once('='));
        pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
    }

    /// The price of one part, hundredths; 0: not known.
    pub fn part_price(&self) -> i64 {
        (self.price * 100.0).round() as i64
    }

    /// How the provider counts, at the shop's price.
    pub fn limits(&self, provider: &SmsProvider) -> SmsLimits {
        let price = u32::try_from(self.part_price()).unwrap_or(0);
        SmsLimits { price: if price > 0 { price } else { provider.limits.price }, ..provider.limits }
    }

    pub fn link_hosts(&self) -> Vec<String> {
        self.hosts.split([',', ' ']).filter(|host| !host.is_empty()).map(str::to_owned).collect()
    }

    pub(super) fn faults(&self) -> Vec<SettingFault> {
        let mut found = vec![];
        for (key, number) in [("sms.price", self.price), ("sms.per_second", self.per_second)] {
            if !(0.0..=1e6).contains(&number) {
                found.push(SettingFault::new(key, "0以上の数字を入れてください", "a number from 0"));
            }
        }
        let unnamed = |line: &&str| !line.trim().is_empty() && !line.contains('=');
        if self.account.split(['\n', ';']).any(|line| unnamed(&line)) {
            found.push(SettingFault::new(
                "sms.account",
                "1行に1つ、「名前 = 値」で入れてください",
                "one a line, as name = value",
            ));
        }
        if !self.provider.is_empty()
            && let Err(why) = self.provider()
        {
            let (ja, en) = why.split_once(" / ").unwrap_or((&why, &why));
            found.push(SettingFault::new("sms.provider", ja, en));
        }
        let mobile = |number: &str| number.bytes().all(|b| b.is_ascii_digit()) && number.len() == 11;
        if self.test_numbers.split([',', ' ']).any(|number| !number.is_empty() && !mobile(number)) {
            found.push(SettingFault::new(
                "sms.test_numbers",
                "携帯電話の番号をハイフンなしの11桁で入れてください",
                "mobile numbers of eleven digits, without hyphens",
            ));
        }
        found
    }
}

impl LineChannel {
    pub(super) fn faults(&self) -> Option<SettingFault> {
        (!self.base.is_empty() && !is_url(&self.base)).then(|| {
            SettingFault::new(
                "line.base",
                "ふつうは空欄です。試験のときだけ http:// から入れてください",
                "empty as a rule; an address from http:// on for tests",
            )
        })
    }
}
