//! The shop's settings, typed, with their defaults.

use crate::App;
use anyhow::{Context, Result, ensure};
use jiff::{Timestamp, tz::TimeZone};
use model::{Day, SpendRule};
use serde::{Deserialize, Serialize};
use store::Counting;

/// What the shop has decided about itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// As customers know it.
    pub shop: String,
    /// IANA name; days are days there.
    pub zone: String,
    /// What "spend" means.
    pub spend: SpendRule,
    /// Whether unpaid orders count.
    pub pending_counts: bool,
    /// Whether orders of zero yen count.
    pub zero_counts: bool,
    /// Written after amounts in Japanese.
    pub currency: String,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            shop: String::new(),
            zone: "Asia/Tokyo".to_owned(),
            spend: SpendRule::Paid,
            pending_counts: true,
            zero_counts: true,
            currency: "円".to_owned(),
        }
    }
}

impl Settings {
    /// The shop's zone; Japan's where the name is unknown here.
    pub fn tz(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(9)))
    }

    /// The day of a moment in the shop's zone.
    pub fn day_of(&self, unix_seconds: i64) -> Day {
        let date =
            Timestamp::from_second(unix_seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.tz()).date();
        Day::from_ymd(i32::from(date.year()), date.month() as u32, date.day() as u32).unwrap_or(Day(0))
    }

    /// Which orders count, and with what.
    pub fn counting(&self) -> Counting {
        Counting { spend: self.spend, pending: self.pending_counts, zero: self.zero_counts }
    }

    /// What "spend" means, for beside the figure: Japanese, English.
    pub fn spend_words(&self) -> (&'static str, &'static str) {
        match self.spend {
            SpendRule::Paid => {
                ("税込・送料込・ポイント値引後", "as paid: with tax and shipping, after points")
            }
            SpendRule::Goods => ("商品小計", "goods only"),
            SpendRule::BeforePoints => {
                ("税込・送料込・ポイント値引前", "with tax and shipping, before points")
            }
        }
    }
}

impl App {
    /// The settings in force.
    pub fn settings(&self) -> Result<Settings> {
        match self.inner.store.setting("shop")? {
            Some(text) => serde_json::from_str(&text).context("reading the shop's settings"),
            None => Ok(Settings::default()),
        }
    }

    /// Saves the settings. Where what counts changes, the next judging makes the columns anew.
    pub fn set_settings(&self, settings: &Settings) -> Result<()> {
        ensure!(
            TimeZone::get(&settings.zone).is_ok(),
            "'{}' is no time zone; write it as Asia/Tokyo",
            settings.zone
        );
        let old = self.settings()?;
        ensure!(
            old.zone == settings.zone || self.inner.store.latest_order()?.is_none(),
            "the zone can only be set before the first import: every order's day was read with {}",
            old.zone
        );
        Ok(self.inner.store.set_setting("shop", &serde_json::to_string(settings)?)?)
    }
}
