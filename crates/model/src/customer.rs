//! What one source says about one customer.

use crate::{Channel, Day, Phone, PhoneKind, StopReason};
use serde::{Deserialize, Serialize};

/// A name as it was typed; folding is for matching only (M168).
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Name {
    /// Surname, empty where the source has one field for the whole name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// Given name, or the whole name where the source has one field.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub given: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub family_kana: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub given_kana: String,
}

impl Name {
    /// Surname and given name with one space between.
    pub fn full(&self) -> String {
        match (self.family.is_empty(), self.given.is_empty()) {
            (false, false) => format!("{} {}", self.family, self.given),
            (false, true) => self.family.clone(),
            _ => self.given.clone(),
        }
    }
}

/// How the customer stands in the source.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    /// Has a member id.
    #[default]
    Member,
    /// Ordered without one.
    Guest,
    /// 仮会員: registered, not confirmed.
    Provisional,
    /// 退会: deny all outreach.
    Withdrawn,
    /// A person met or asked, who may never have ordered (name card, lead).
    Contact,
}

/// What one source says about one customer. Several records can be one customer.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The member id in the source, or `guest:` and a key made from what the guest typed.
    #[serde(skip)]
    pub ext_id: String,
    pub membership: Membership,
    pub name: Name,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Lower case, half width, syntactically an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The best first (mobile before direct line before switchboard).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// Seven digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefecture: Option<String>,
    /// Everything after the prefecture, as typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered: Option<Day>,
    /// When they left, where the source says so; else the day of the import is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Day>,
    /// From a mall: analysis only (L-47).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub mall: bool,
    /// Permissions this record states: `true` consents, `false` is a plain "no".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<(Channel, bool)>,
    /// Must-nots this record states.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<StopReason>,
    /// What this record can be matched by; made by `intake` with the record.
    #[serde(skip)]
    pub keys: Vec<MatchKey>,
    /// 媒体コード: where the customer came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
}

/// Something two records of one person may share: a hash, so that no address is an index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MatchKey(pub i64);

impl MatchKey {
    /// Of a normalised mail address.
    pub fn email(address: &str) -> MatchKey {
        MatchKey::of("e", &[address])
    }
    /// Of a normalised telephone number.
    pub fn phone(digits: &str) -> MatchKey {
        MatchKey::of("p", &[digits])
    }
    /// Of a folded name and a birthday.
    pub fn name_birthday(folded: &str, birthday: Day) -> MatchKey {
        MatchKey::of("b", &[folded, &birthday.to_string()])
    }
    /// Of a folded name, a postal code and a folded address.
    pub fn name_address(folded: &str, postal: &str, address: &str) -> MatchKey {
        MatchKey::of("a", &[folded, postal, address])
    }

    /// Of an id at LINE.
    pub fn line(id: &str) -> MatchKey {
        MatchKey::of("l", &[id])
    }
    /// Of a place that mail is carried to: one household gets one piece.
    pub fn place(postal: &str, address: &str) -> MatchKey {
        let address: String = address.chars().filter(|c| !c.is_whitespace()).collect();
        MatchKey::of("h", &[postal, &address])
    }

    /// FNV-1a, 64 bits: stable over releases, since it is stored.
    pub(crate) fn of(kind: &str, parts: &[&str]) -> MatchKey {
        let bytes = parts.iter().flat_map(|p| [0x1f].into_iter().chain(p.bytes()));
        let hash = kind
            .bytes()
            .chain(bytes)
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
        MatchKey(hash as i64)
    }
}

impl Record {
    /// Where a touch by this channel would go: its key, and the address, number or id itself. `None` where
    /// this record has none, and for a record of a mall.
    pub fn destination(&self, channel: Channel) -> Option<(MatchKey, String)> {
        let phone = |p: &Phone| (MatchKey::phone(&p.digits), p.digits.clone());
        let mail = || self.email.as_ref().map(|e| (MatchKey::email(e), e.clone()));
        match channel {
            _ if self.mall => None,
            Channel::Mail => mail(),
            Channel::Sms => self.phones.iter().find(|p| p.kind == PhoneKind::Mobile).map(phone),
            Channel::Phone => self.phones.first().map(phone),
            Channel::Line => self.line_id.as_ref().map(|id| (MatchKey::line(id), id.clone())),
            Channel::Post => {
                let (postal, address) = (self.postal.as_ref()?, self.address.as_ref()?);
                let whole = format!("{}{address}", self.prefecture.as_deref().unwrap_or_default());
                Some((MatchKey::place(postal, &whole), format!("{postal} {whole}")))
            }
            Channel::Ads => mail().or_else(|| self.phones.first().map(phone)),
        }
    }
}

/// Who placed an order, as the order's rows say it.
#[derive(Clone, PartialEq, Debug)]
pub struct Buyer {
    /// As in `Record::ext_id`.
    pub ext_id: String,
    /// The facts typed with the order; `None` where the file names only an id.
    pub record: Option<Box<Record>>,
}

/// Somebody of whom a file says that they are in mourning (M099).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mourner {
    /// The customer as the file names them.
    pub who: String,
    /// Since when; `None`: the day the file was read.
    pub since: Option<Day>,
}
