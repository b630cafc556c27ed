//! Who the shop is, as the law wants it said to customers.

use crate::words::words;
use serde::{Deserialize, Serialize};

/// What every advertising letter must be able to say of its sender, and what the shop sells.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct ShopProfile {
    /// As customers know it; kept apart from the rest, as the shop's own setting.
    #[serde(skip)]
    pub name: String,
    /// 送信者の氏名または名称 (L-06); empty: `name`.
    pub legal_name: String,
    /// 住所 (L-08).
    pub address: String,
    /// Where complaints and questions go: a telephone number, an address or a page (L-08).
    pub contact: String,
    /// The shop's own site: where links without a host lead.
    pub site: String,
    /// What customers reach: the public door's address, `https://...`; empty: not set up.
    pub public_url: String,
    pub trade: Trade,
    /// 利用目的 as published: must name advertising (L-16).
    pub purpose: String,
}

impl ShopProfile {
    /// The name the law wants.
    pub fn sender(&self) -> &str {
        if self.legal_name.is_empty() { &self.name } else { &self.legal_name }
    }
}

/// What the shop sells, as far as a law asks.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trade {
    #[default]
    General,
    HealthFood,
    Cosmetics,
    /// To companies only.
    Business,
}
words!(Trade {
    General = "general", "一般", "general";
    HealthFood = "health_food", "健康食品", "health food";
    Cosmetics = "cosmetics", "化粧品", "cosmetics";
    Business = "business", "法人向け", "to companies";
});
