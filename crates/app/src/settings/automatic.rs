//! What Mezame does by itself: files it takes in, and the hour at which it judges anew.

use super::SettingFault;
use model::TimeOfDay;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What runs without anybody's click, while `mezame serve` or `mezame work` runs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Automatic {
    /// The folder whose files are taken in; empty: none.
    pub folder: String,
    /// Time of day, `03:30`, at which everyone is judged and the past is learned from anew; empty: never.
    pub nightly: String,
    /// The folder for a copy of everything each night; empty: none.
    pub backup_folder: String,
    /// Public keys (`age1...`, apart by commas) that seal it; empty: whoever can read the file can open it.
    pub backup_keys: String,
    /// How many nights' copies stay.
    pub backup_keep: u32,
    /// Days for which it is kept who looked at or took out what about people.
    pub access_days: u32,
}

impl Default for Automatic {
    fn default() -> Automatic {
        Automatic {
            folder: String::new(),
            nightly: "03:30".to_owned(),
            backup_folder: String::new(),
            backup_keys: String::new(),
            backup_keep: 7,
            access_days: 1_095,
        }
    }
}

impl Automatic {
    /// The hour of the nightly round.
    pub fn hour(&self) -> Option<TimeOfDay> {
        self.nightly.parse().ok()
    }

    /// The public keys that seal each night's copy.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.backup_keys.split(',').map(str::trim).filter(|key| !key.is_empty())
    }

    pub(super) fn faults(&self) -> Vec<SettingFault> {
        let mut found = Vec::new();
        for (key, folder) in
            [("automatic.folder", &self.folder), ("automatic.backup_folder", &self.backup_folder)]
        {
            if !folder.is_empty() && !Path::new(folder).is_absolute() {
                found.push(SettingFault::new(
                    key,
                    "/srv/mezame/in のように、/ から始まるフォルダ名を入れてください",
                    "name the folder from the root, such as /srv/mezame/in",
                ));
            }
        }
        if self.keys().any(|key| crate::keeping::public_key(key).is_err()) {
            found.push(SettingFault::new(
                "automatic.backup_keys",
                "age1 で始まる公開鍵を入れてください(age-keygen で作れます)。複数ならカンマで区切ります",
                "public keys that begin with age1 (made by age-keygen), apart by commas",
            ));
        }
        if !(1..=3_650).contains(&self.backup_keep) {
            found.push(SettingFault::new(
                "automatic.backup_keep",
                "1〜3650の数を入れてください",
                "a number from 1 to 3650",
            ));
        }
        if !(30..=36_500).contains(&self.access_days) {
            found.push(SettingFault::new(
                "automatic.access_days",
                "30〜36500の日数を入れてください",
                "a number of days from 30 to 36500",
            ));
        }
        if !self.nightly.is_empty() && self.hour().is_none() {
            found.push(SettingFault::new(
                "automatic.nightly",
                "03:30 のように入れてください。空欄なら行いません",
                "a time such as 03:30; empty: never",
            ));
        }
        found
    }
}
