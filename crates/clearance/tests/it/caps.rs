//! Never more than the cap in any window, and nobody gives way to a lesser touch.

use clearance::{Again, Cap, Caps, Contact, Contender, contend};
use model::Channel;
use proptest::prelude::*;

const DAY: i64 = 86_400;

fn wanted(id: i64, channel: Channel, due: i64, value: i64) -> Contender {
    Contender { id, channel, due, value, apology: false }
}

fn who_goes(contacts: &[Contact], wanted: &[Contender]) -> Vec<i64> {
    let answers = contend(contacts, wanted, &Caps::default());
    answers.into_iter().filter(|(_, answer)| answer.is_ok()).map(|(id, _)| id).collect()
}

#[test]
fn the_most_valuable_wins() {
    use Channel::{Mail, Sms};
    let three = [wanted(1, Mail, 0, 100), wanted(2, Mail, 10, 300), wanted(3, Mail, 20, 200)];
    assert_eq!(who_goes(&[], &three), [2, 3]);
    // Equal values: the earlier one, then the smaller id.
    let ties = [wanted(9, Mail, 5, 1), wanted(8, Mail, 5, 1), wanted(7, Mail, 6, 1)];
    assert_eq!(who_goes(&[], &ties), [9, 8]);
    // Channels have their own caps.
    let mixed = [wanted(1, Mail, 0, 5), wanted(2, Sms, 0, 1), wanted(3, Sms, DAY, 2)];
    assert_eq!(who_goes(&[], &mixed), [1, 3]);
    // A touch that is not due yet counts as well.
    let later = [Contact { channel: Sms, at: 29 * DAY }];
    assert_eq!(who_goes(&later, &[wanted(1, Sms, 0, 1)]), [0_i64; 0]);
    assert_eq!(who_goes(&later, &[wanted(1, Sms, -DAY, 1)]), [1]);
}

#[test]
fn an_apology_goes_and_takes_nobodys_place() {
    let mut all = [1, 2, 3].map(|id| wanted(id, Channel::Mail, 0, 100 - id));
    all[0].apology = true;
    assert_eq!(who_goes(&[], &all), [1, 2, 3]);
}

#[test]
fn a_loser_is_told_the_rule_and_when() {
    let past = [Contact { channel: Channel::Sms, at: 0 }];
    let answers = contend(&past, &[wanted(1, Channel::Sms, DAY, 1)], &Caps::default());
    let refusal = answers[0].1.clone().unwrap_err();
    assert_eq!((refusal.rule.id, refusal.again), ("L-44", Again::From(30 * DAY)));
}

fn channel() -> impl Strategy<Value = Channel> {
    prop::sample::select(Channel::ALL)
}

fn contacts() -> impl Strategy<Value = Vec<Contact>> {
    let one = (channel(), 0..120 * DAY).prop_map(|(channel, at)| Contact { channel, at });
    prop::collection::vec(one, 0..8)
}

fn contenders() -> impl Strategy<Value = Vec<Contender>> {
    let one = (channel(), 0..120 * DAY, 0i64..5, prop::bool::weighted(0.1));
    let many = prop::collection::vec(one, 0..14);
    let numbered = |(id, (channel, due, value, apology)): (usize, _)| Contender {
        id: id as i64,
        channel,
        due,
        value,
        apology,
    };
    many.prop_map(move |all| all.into_iter().enumerate().map(numbered).collect())
}

fn caps() -> impl Strategy<Value = Caps> {
    let one = (prop::option::of(channel()), 0usize..4, 1u32..60);
    let cap = |(channel, most, days)| Cap { channel, most, days };
    prop::collection::vec(one.prop_map(cap), 0..4).prop_map(Caps)
}

/// Touches in the fullest stretch of a cap's days that holds one of `within`; counted the plain way.
fn fullest(all: &[Contact], within: &[Contact], cap: Cap) -> usize {
    let counts = |c: &&Contact| cap.channel.is_none_or(|own| own == c.channel);
    let length = i64::from(cap.days) * DAY;
    let starts = all.iter().filter(counts).map(|c| c.at);
    let stretch = |from: i64| {
        let inside = |c: &Contact| (from..from + length).contains(&c.at);
        let touched = within.iter().filter(counts).any(inside);
        if touched { all.iter().filter(counts).filter(|c| inside(c)).count() } else { 0 }
    };
    starts.map(stretch).max().unwrap_or(0)
}

proptest! {
    #[test]
    fn never_more_than_the_cap_in_any_window(past in contacts(), wanted in contenders(), caps in caps()) {
        let answers = contend(&past, &wanted, &caps);
        let won: Vec<Contact> = wanted.iter().zip(&answers)
            .filter(|(w, (_, answer))| !w.apology && answer.is_ok())
            .map(|(w, _)| Contact { channel: w.channel, at: w.due })
            .collect();
        let all: Vec<Contact> = past.iter().chain(&won).copied().collect();
        for &cap in &caps.0 {
            prop_assert!(fullest(&all, &won, cap) <= cap.most, "{cap:?}");
        }
        prop_assert!(wanted.iter().zip(&answers).all(|(w, (id, answer))| w.id == *id && (answer.is_ok() || !w.apology)));
    }

    #[test]
    fn nobody_gives_way_to_a_lesser_one(past in contacts(), wanted in contenders(), caps in caps()) {
        let answers = contend(&past, &wanted, &caps);
        for (loser, _) in wanted.iter().zip(&answers).filter(|(_, (_, answer))| answer.is_err()) {
            // Beside the past and those at least as valuable alone, there was no room either.
            let better = wanted.iter().zip(&answers)
                .filter(|(w, (_, answer))| !w.apology && answer.is_ok() && w.value >= loser.value)
                .map(|(w, _)| Contact { channel: w.channel, at: w.due });
            let one = Contact { channel: loser.channel, at: loser.due };
            let all: Vec<Contact> = past.iter().copied().chain(better).chain([one]).collect();
            prop_assert!(caps.0.iter().any(|&cap| fullest(&all, &[one], cap) > cap.most), "{loser:?}");
        }
    }

    #[test]
    fn the_order_in_which_they_are_given_does_not_matter(past in contacts(), wanted in contenders(), caps in caps()) {
        let mut backwards: Vec<Contender> = wanted.clone();
        backwards.reverse();
        let mut turned = contend(&past, &backwards, &caps);
        turned.reverse();
        prop_assert_eq!(contend(&past, &wanted, &caps), turned);
    }

    #[test]
    fn at_the_moment_named_there_is_room(past in contacts(), at in 0..120 * DAY, channel in channel(), caps in caps()) {
        let one = |due| [Contender { id: 1, channel, due, value: 1, apology: false }];
        if let (_, Err(refusal)) = &contend(&past, &one(at), &caps)[0] {
            let Again::From(moment) = refusal.again else { panic!("a cap says when") };
            prop_assert!(moment > at);
            if moment != i64::MAX {
                let alone = Caps(caps.0.iter().copied().filter(|cap| {
                    // The cap named has room then; another may still be full, and says so when asked.
                    contend(&past, &one(at), &Caps(vec![*cap]))[0].1.as_ref().err() == Some(refusal)
                }).collect());
                prop_assert!(contend(&past, &one(moment), &alone)[0].1.is_ok());
            }
        }
    }
}
