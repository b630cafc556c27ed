//! カスタマバーコード: the address number taken from an address, its symbols, its 67 bars.
//!
//! Source: 日本郵便「郵便番号・バーコードマニュアル」p10-p21 and the worked examples of p25
//! (post.japanpost.jp/zipcode/zipmanual/), as of 2026-11.

mod code;
mod extract;

pub use code::{Bar, CustomerBarcode, NoBarcode};
pub use extract::address_number;
