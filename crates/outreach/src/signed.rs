//! Keyed hashes of what strangers send, compared without telling how much of them was right.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hash {
    /// Only where a provider signs so.
    Sha1,
    Sha256,
}

pub(crate) fn signed(hash: Hash, key: &[u8], text: &[u8]) -> Vec<u8> {
    let kind = match hash {
        Hash::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => hmac::HMAC_SHA256,
    };
    hmac::sign(&hmac::Key::new(kind, key), text).as_ref().to_vec()
}

/// Whether two texts are the same, in a time that says nothing of where they differ.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    verify_slices_are_equal(one, other).is_ok()
}
