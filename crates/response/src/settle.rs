//! Which response proves that a touch in doubt was sent after all.

use model::{Response, ResponseKind, TouchState, Verdict};

/// The state a response proves, or `None` where it proves nothing or nothing is in doubt. Whatever
/// could only come back from a letter that left proves it: also a bounce, since a letter has to be
/// taken before it can be sent back. Nothing ever proves that it was not sent.
pub fn settle(state: TouchState, response: &Response) -> Option<TouchState> {
    let open = matches!(state, TouchState::Attempted | TouchState::InDoubt);
    (open && proves_sending(response)).then_some(TouchState::Sent)
}

fn proves_sending(response: &Response) -> bool {
    match response.kind {
        ResponseKind::Delivered | ResponseKind::HardBounce | ResponseKind::SoftBounce => true,
        ResponseKind::Complaint | ResponseKind::Reply => true,
        // The tokens of these stand in the letter and nowhere else.
        ResponseKind::OptOut | ResponseKind::Preference => true,
        // A scanner may have looked on the way out, before the letter was handed over.
        ResponseKind::Open | ResponseKind::Click => response.verdict == Verdict::Person,
        // A code can be passed on, and customers order without a letter.
        ResponseKind::Redeemed | ResponseKind::Ordered => false,
    }
}
