//! How often one customer may be reached, across channels (L-44, M065).

use crate::{Again, Refusal};
use model::Channel;
use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;

/// At most so many touches within so many days.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// The channel it counts; none: all of them together.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub channel: Option<Channel>,
    pub most: usize,
    /// Any stretch of so many times 24 hours.
    pub days: u32,
}

/// Every cap at once; the shop may set them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Caps(pub Vec<Cap>);

impl Default for Caps {
    /// Two mails a week, one SMS a month, one letter in two months, one call in three; five touches
    /// of all kinds in thirty days (L-44).
    fn default() -> Caps {
        let cap = |channel, most, days| Cap { channel, most, days };
        Caps(vec![
            cap(Some(Channel::Mail), 2, 7),
            cap(Some(Channel::Sms), 1, 30),
            cap(Some(Channel::Post), 1, 60),
            cap(Some(Channel::Phone), 1, 90),
            cap(None, 5, 30),
        ])
    }
}

/// A touch that counts: its channel and when it went or will go, Unix seconds. Apologies do not
/// count and are left out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Contact {
    pub channel: Channel,
    pub at: i64,
}

/// A touch of one customer that wants to go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contender {
    pub id: i64,
    pub channel: Channel,
    /// Unix seconds.
    pub due: i64,
    /// Expected profit, hundredths: the highest goes first.
    pub value: i64,
    /// An apology or correction goes outside the caps (M162).
    pub apology: bool,
}

/// Which of one customer's touches may go, in the order given. The most valuable is asked first, then the
/// earlier, then the one with the smaller id, so that nobody gives way to a lesser one.
pub fn contend(contacts: &[Contact], wanted: &[Contender], caps: &Caps) -> Vec<(i64, Result<(), Refusal>)> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(wanted[i].value), wanted[i].due, wanted[i].id, i));
    let mut taken = contacts.to_vec();
    let mut answers: Vec<(i64, Result<(), Refusal>)> = wanted.iter().map(|w| (w.id, Ok(()))).collect();
    for i in order.into_iter().filter(|&i| !wanted[i].apology) {
        let contact = Contact { channel: wanted[i].channel, at: wanted[i].due };
        match caps.full(&taken, contact) {
            None => taken.push(contact),
            Some(full) => answers[i].1 = Err(full.refusal()),
        }
    }
    answers
}

/// A cap that leaves no room, and when there will be some.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Full {
    cap: Cap,
    again: i64,
}

impl Full {
    pub(crate) fn refusal(self) -> Refusal {
        let Cap { channel, most, days } = self.cap;
        let (ja, en) = channel.map_or(("すべての連絡", "touches of all kinds"), |c| (c.ja(), c.en()));
        Refusal::new("L-44", Again::From(self.again)).saying(
            format!("{ja}は{days}日に{most}回までです。上限に達しています"),
            format!("{en}: at most {most} in {days} days, which is reached"),
        )
    }
}

impl Caps {
    /// For those who say that they hear from us too often: one touch of any kind in ninety days (M037).
    pub fn few() -> Caps {
        Caps(vec![Cap { channel: None, most: 1, days: 90 }])
    }

    /// The cap with the longest wait that one more touch would break, if any.
    pub(crate) fn full(&self, contacts: &[Contact], more: Contact) -> Option<Full> {
        let broken = self.0.iter().filter(|cap| cap.channel.is_none_or(|c| c == more.channel));
        let broken = broken.filter_map(|&cap| {
            let again = cap.room(contacts, more.at);
            (again > more.at).then_some(Full { cap, again })
        });
        broken.max_by_key(|full| full.again)
    }
}

impl Cap {
    /// The first moment from `at` on at which one more touch keeps every stretch of days within the cap;
    /// `i64::MAX` where there is never room.
    fn room(self, contacts: &[Contact], at: i64) -> i64 {
        if self.most == 0 {
            return i64::MAX;
        }
        let length = i64::from(self.days) * DAY;
        let counted = contacts.iter().filter(|c| self.channel.is_none_or(|own| own == c.channel));
        let mut times: Vec<i64> = counted.map(|c| c.at).collect();
        times.sort_unstable();
        // Room can only begin where a touch leaves the stretch that would end with the new one.
        let ends = times.iter().map(|t| t.saturating_add(length)).filter(|&end| end > at);
        std::iter::once(at).chain(ends).find(|&moment| self.fits(&times, moment, length)).unwrap_or(i64::MAX)
    }

    /// Whether no stretch holds more than the cap once `at` has joined the sorted `times`.
    fn fits(self, times: &[i64], at: i64, length: i64) -> bool {
        let near: Vec<i64> = times
            .iter()
            .copied()
            .filter(|&t| t > at.saturating_sub(length) && t < at.saturating_add(length))
            .collect();
        let place = near.partition_point(|&t| t <= at);
        let mut joined = near;
        joined.insert(place, at);
        joined.windows(self.most + 1).all(|stretch| stretch[self.most] - stretch[0] >= length)
    }
}
