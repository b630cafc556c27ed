//! One piece of post and what all pieces of a mailing share.

use super::barcode::CustomerBarcode;
use model::Day;
use serde::{Deserialize, Serialize};

/// What follows the addressee.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Honorific {
    /// 様, to a person.
    #[default]
    Sama,
    /// 御中, to a company or a department.
    Onchu,
}

impl Honorific {
    pub const fn text(self) -> &'static str {
        match self {
            Honorific::Sama => "様",
            Honorific::Onchu => "御中",
        }
    }
}

/// One piece: who gets it, where, and what it says.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Piece {
    /// The shop's own number of this piece, printed small beside the sender: a returned piece can be
    /// keyed by it. May be empty.
    pub reference: String,
    /// Seven digits, with a hyphen or without.
    pub postal_code: String,
    pub prefecture: String,
    /// The blocks between which a line may break, as `Address::lines` gives them.
    pub address: Vec<String>,
    pub company: String,
    pub department: String,
    /// 役職.
    pub title: String,
    /// May be empty if there is a company.
    pub name: String,
    pub honorific: Honorific,
    /// Printed if it is there; `Address::barcode` makes it.
    pub barcode: Option<CustomerBarcode>,
    /// The link of this one customer, for the QR code; empty: no code is printed.
    pub qr_url: String,
    pub message: Message,
}

impl Piece {
    /// The postal code as seven digits, if it is one.
    pub fn code(&self) -> Option<[char; 7]> {
        let digits: Vec<char> = self.postal_code.chars().filter(|c| *c != '-').collect();
        <[char; 7]>::try_from(digits).ok().filter(|code| code.iter().all(char::is_ascii_digit))
    }

    /// `100-0013`; as it was typed if it is no postal code.
    pub fn code_with_hyphen(&self) -> String {
        self.code().map_or(self.postal_code.clone(), |code| {
            let text: String = code.iter().collect();
            format!("{}-{}", &text[..3], &text[3..])
        })
    }
}

/// The words of one piece, already filled in for its customer.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Message {
    pub headline: String,
    pub paragraphs: Vec<String>,
    pub offer: Option<PrintedOffer>,
    /// Beside the QR code: what it is for.
    pub call: String,
}

/// An offer always says how long it holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PrintedOffer {
    pub text: String,
    /// The last day on which it holds.
    pub ends: Day,
}

/// Who sends, as printed and as pieces come back to it.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sender {
    pub name: String,
    pub postal_code: String,
    pub address: String,
    pub phone: String,
    pub site: String,
}

/// What all pieces of one mailing share.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Imprint {
    pub sender: Sender,
    /// None: stamps are put on, and their place stays free.
    pub mark: Option<PostageMark>,
    /// False for cards whose postal code boxes are printed already: then only the digits are set.
    pub code_boxes: bool,
    /// The shop's colour: cyan, magenta, yellow, black in percent.
    pub accent: [u8; 4],
    /// How to stop post from the shop: 今後ご案内が不要の方は…
    pub stop: String,
    /// Where questions go.
    pub contact: String,
}

/// 料金別納・料金後納の表示.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PostageMark {
    pub payment: Payment,
    /// 差出郵便局 (`銀座局`); may be empty, since the sender is printed (日本郵便「料金別納 表示の方法」).
    pub office: String,
    pub slack: Slack,
}

/// How postage is paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payment {
    /// 料金別納.
    AtOnce,
    /// 料金後納.
    Monthly,
}

/// How much later than usual the post may deliver (送達余裕承諾).
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slack {
    #[default]
    None,
    /// 3日程度 (特割).
    ThreeDays,
    /// 7日程度 (特特).
    SevenDays,
}
