//! What a response closes, and which figure of the stop rules it counts towards.

use model::{Channel, ResponseKind, StopReason};

/// So many letters that did not arrive (L-40) ...
pub const SOFT_TIMES: usize = 3;
/// ... within so many days, and the address counts as dead.
pub const SOFT_DAYS: i64 = 14;

/// Something that came back from a destination earlier, to whichever touch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Past {
    pub touch: i64,
    pub kind: ResponseKind,
    /// Unix milliseconds.
    pub at: i64,
}

/// What has to be done, at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// The channel is closed to this destination, and every touch that waits for it is skipped. An
    /// import never opens it again.
    Close { channel: Channel, reason: StopReason, rule: &'static str },
    /// One more of this rate, for the campaign of the touch.
    Count(Rate),
}

/// The shares that pause a campaign.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rate {
    /// L-40.
    Bounces,
    /// L-39.
    Complaints,
    OptOuts,
}

/// What `now` means for a destination of a channel, given what was kept before it of the same
/// destination, in any order. Reports come late and come twice: closing is said again each time, since
/// closing twice does nothing; a rate is counted once per touch, by the report that came first.
pub fn meaning(channel: Channel, now: Past, history: &[Past]) -> Vec<Effect> {
    let first = !history.iter().any(|past| past.touch == now.touch && past.kind == now.kind);
    let close = |reason, rule| Effect::Close { channel, reason, rule };
    let closes = match now.kind {
        ResponseKind::HardBounce => Some(close(StopReason::BadAddress, "L-40")),
        ResponseKind::SoftBounce if keeps_bouncing(now, history) => {
            Some(close(StopReason::BadAddress, "L-40"))
        }
        ResponseKind::Complaint => Some(close(leaving(channel), "L-39")),
        ResponseKind::OptOut => Some(close(leaving(channel), "L-09")),
        _ => None,
    };
    let rate = match now.kind {
        ResponseKind::HardBounce => Some(Rate::Bounces),
        ResponseKind::Complaint => Some(Rate::Complaints),
        ResponseKind::OptOut => Some(Rate::OptOuts),
        _ => None,
    };
    closes.into_iter().chain(rate.filter(|_| first).map(Effect::Count)).collect()
}

/// The stop of one channel and no other (M161). Complaining about a letter is leaving its channel
/// too; an open complaint about the shop is for an operator to enter.
fn leaving(channel: Channel) -> StopReason {
    match channel {
        Channel::Mail => StopReason::MailOptOut,
        Channel::Sms => StopReason::SmsOptOut,
        Channel::Line => StopReason::LineBlock,
        Channel::Post => StopReason::PostStop,
        Channel::Phone => StopReason::PhoneRefusal,
        Channel::Ads => StopReason::AdsOptOut,
    }
}

/// Whether some fourteen days that hold `now` hold so many touches that did not arrive. One touch
/// counts once, however often its mail system tried and said so.
fn keeps_bouncing(now: Past, history: &[Past]) -> bool {
    let within = SOFT_DAYS * 24 * 60 * 60 * 1000;
    let mut soft: Vec<Past> =
        history.iter().copied().filter(|p| p.kind == ResponseKind::SoftBounce).chain([now]).collect();
    soft.retain(|past| (past.at - now.at).abs() <= within);
    soft.iter().filter(|first| first.at <= now.at).any(|first| {
        let inside = soft.iter().filter(|p| (first.at..=first.at + within).contains(&p.at));
        let touches: std::collections::BTreeSet<i64> = inside.map(|p| p.touch).collect();
        touches.len() >= SOFT_TIMES
    })
}
