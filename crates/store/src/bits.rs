//! What is worth knowing of a record without reading its profile, as bits of one number.

use model::{Membership, PhoneKind, Record, Timeline};

pub(crate) const MEMBER: i64 = 1;
pub(crate) const GUEST: i64 = 2;
pub(crate) const MALL: i64 = 4;
pub(crate) const COMPANY: i64 = 8;
pub(crate) const EMAIL: i64 = 16;
pub(crate) const MOBILE: i64 = 32;
pub(crate) const PHONE: i64 = 64;
pub(crate) const LINE: i64 = 128;
pub(crate) const POST: i64 = 256;
/// Has an order that counts (completed or pending sale or invoice).
pub(crate) const ORDERED: i64 = 512;

/// Bits that hold for a customer only when they hold for every record.
const ALL_OF: i64 = GUEST | MALL;

/// The bits of what a record says; `ORDERED` is not among them.
pub(crate) fn of(record: &Record) -> i64 {
    let bit = |holds: bool, bit: i64| if holds { bit } else { 0 };
    bit(matches!(record.membership, Membership::Member | Membership::Provisional), MEMBER)
        | bit(record.membership == Membership::Guest, GUEST)
        | bit(record.mall, MALL)
        | bit(record.company.is_some(), COMPANY)
        | bit(record.email.is_some(), EMAIL)
        | bit(record.phones.iter().any(|p| p.kind == PhoneKind::Mobile), MOBILE)
        | bit(!record.phones.is_empty(), PHONE)
        | bit(record.line_id.is_some(), LINE)
        | bit(record.postal.is_some() && record.address.is_some(), POST)
}

/// The bits of two records that are one customer.
pub(crate) fn unite(a: i64, b: i64) -> i64 {
    ((a | b) & !ALL_OF) | (a & b & ALL_OF)
}

/// As `EventKind::Known` carries them.
pub(crate) fn for_timeline(bits: i64) -> i64 {
    [
        (MEMBER, Timeline::MEMBER),
        (MALL, Timeline::MALL_ONLY),
        (COMPANY, Timeline::COMPANY),
        (GUEST, Timeline::GUEST),
    ]
    .iter()
    .filter(|(ours, _)| bits & ours != 0)
    .fold(0, |all, (_, theirs)| all | theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_who_is_also_a_member_is_no_guest_and_bought_outside_the_mall() {
        let united = unite(GUEST | MALL | EMAIL, MEMBER | ORDERED);
        assert_eq!(united, MEMBER | EMAIL | ORDERED);
        assert_eq!(for_timeline(united), Timeline::MEMBER);
        assert_eq!(for_timeline(unite(GUEST | MALL, GUEST | MALL)), Timeline::GUEST | Timeline::MALL_ONLY);
    }
}
