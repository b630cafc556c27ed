//! A telephone number after its Excel damage is mended.

use serde::{Deserialize, Serialize};

/// What a number can be used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    /// 060/070/080/090 with 11 digits: can get an SMS (L-35).
    Mobile,
    /// Any other Japanese number.
    Landline,
    /// Outside Japan, in E.164 with `+`.
    Abroad,
}

/// Digits with the leading 0 (`09012345678`), or E.164 with `+` outside Japan.
/// Made by `intake`; never `000…0`, which means absent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Phone {
    pub digits: String,
    pub kind: PhoneKind,
}
