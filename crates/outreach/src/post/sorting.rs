//! Pieces in the order in which the post wants them: by postal code, bundled by its first three digits.

use super::piece::Piece;
use std::ops::Range;

/// Pieces that go out under one band: their place in the sorted order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bundle {
    /// The first three digits of the postal code (郵便区番号's head); `---` for pieces without a code.
    pub head: String,
    pub pieces: Range<usize>,
}

/// Sorts by postal code, pieces of one code in the order they came; those without one come last.
pub fn sort_for_post(pieces: &mut [Piece]) {
    pieces.sort_by_key(|piece| (piece.code().is_none(), piece.code()));
}

/// The bundles of sorted pieces.
pub fn bundles(sorted: &[Piece]) -> Vec<Bundle> {
    let mut bundles: Vec<Bundle> = vec![];
    for (at, piece) in sorted.iter().enumerate() {
        let head = piece.code().map_or("---".to_owned(), |code| code[..3].iter().collect());
        match bundles.last_mut() {
            Some(bundle) if bundle.head == head => bundle.pieces.end = at + 1,
            _ => bundles.push(Bundle { head, pieces: at..at + 1 }),
        }
    }
    bundles
}
