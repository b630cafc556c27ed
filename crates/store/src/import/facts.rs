//! Which of two statements about one person holds, field by field. Pure.

use model::{Membership, Record};

/// Who speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Voice {
    /// A file of customers: what it says replaces what was known; what it leaves out stays.
    File,
    /// The rows of an order newer than every order heard so far, no file having spoken: as a file,
    /// but how the customer stands in the source is not an order's to say.
    NewerOrder,
    /// The rows of any other order: they fill gaps.
    Order,
}

/// What is known after `new` was said over `old`.
pub(super) fn overlay(old: &Record, new: &Record, voice: Voice) -> Record {
    let wins = voice != Voice::Order;
    let mut r = old.clone();
    macro_rules! take {
        ($($field:ident),*) => { $(
            if new.$field.is_some() && (wins || r.$field.is_none()) { r.$field = new.$field.clone(); }
        )* };
    }
    take!(company, department, title, email, line_id, birthday, gender, withdrawn);
    if new.medium.is_some() && (voice == Voice::File || r.medium.is_none()) {
        r.medium = new.medium.clone(); // where they came from: the first order, unless the file knows
    }
    if new.registered.is_some() && (voice == Voice::File || r.registered.is_none()) {
        r.registered = new.registered;
    }
    if !new.name.full().is_empty() && (wins || r.name.full().is_empty()) {
        r.name.family = new.name.family.clone();
        r.name.given = new.name.given.clone();
    }
    let kana = |record: &Record| record.name.family_kana.is_empty() && record.name.given_kana.is_empty();
    if !kana(new) && (wins || kana(&r)) {
        r.name.family_kana = new.name.family_kana.clone();
        r.name.given_kana = new.name.given_kana.clone();
    }
    if !new.phones.is_empty() && (wins || r.phones.is_empty()) {
        r.phones = new.phones.clone();
    }
    // A whole address or none of it: half of an old one would reach nobody.
    let place = |record: &Record| record.postal.is_some() || record.address.is_some();
    if place(new) && (wins || !place(&r)) {
        r.postal = new.postal.clone();
        r.prefecture = new.prefecture.clone().or_else(|| r.prefecture.filter(|_| new.postal == old.postal));
        r.address = new.address.clone();
    } else if r.prefecture.is_none() {
        r.prefecture = new.prefecture.clone();
    }
    for &(channel, given) in &new.consents {
        match r.consents.iter_mut().find(|(known, _)| *known == channel) {
            Some(known) if wins => known.1 = given,
            Some(_) => {}
            None => r.consents.push((channel, given)),
        }
    }
    r.stops.extend(new.stops.iter().filter(|stop| !old.stops.contains(stop)));
    r.mall = if voice == Voice::File { new.mall } else { old.mall };
    r.membership = membership(old.membership, new.membership, voice);
    r
}

fn membership(old: Membership, new: Membership, voice: Voice) -> Membership {
    let weak = |m| matches!(m, Membership::Guest | Membership::Contact);
    match (voice, new) {
        (_, Membership::Withdrawn) => new,
        (_, m) if weak(m) && !weak(old) => old, // a name card does not end a membership
        (Voice::File, _) => new,
        (_, Membership::Member) if weak(old) => new,
        _ => old,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Channel, Name, StopReason};

    fn known() -> Record {
        Record {
            name: Name { family: "山田".into(), given: "花子".into(), ..Name::default() },
            email: Some("hanako@example.jp".into()),
            postal: Some("1000001".into()),
            address: Some("千代田1-1".into()),
            prefecture: Some("東京都".into()),
            consents: vec![(Channel::Mail, true)],
            stops: vec![StopReason::PostStop],
            ..Record::default()
        }
    }

    #[test]
    fn an_order_fills_gaps_and_a_file_replaces() {
        let said = Record {
            email: Some("new@example.jp".into()),
            company: Some("例社".into()),
            postal: Some("5300001".into()),
            address: Some("北区2-2".into()),
            membership: Membership::Guest,
            consents: vec![(Channel::Mail, false), (Channel::Sms, true)],
            ..Record::default()
        };
        let shown = |voice| {
            let r = overlay(&known(), &said, voice);
            let place = (r.postal.unwrap_or_default(), r.prefecture);
            (r.email.unwrap_or_default(), r.company.is_some(), place, r.consents, r.stops.len(), r.membership)
        };
        let mail_no = vec![(Channel::Mail, false), (Channel::Sms, true)];
        let mail_yes = vec![(Channel::Mail, true), (Channel::Sms, true)];
        let old_place = ("1000001".to_owned(), Some("東京都".to_owned()));
        let new_place = ("5300001".to_owned(), None);
        let new = "new@example.jp".to_owned();
        assert_eq!(
            shown(Voice::File),
            (new.clone(), true, new_place.clone(), mail_no.clone(), 1, Membership::Member)
        );
        assert_eq!(shown(Voice::NewerOrder), (new, true, new_place, mail_no, 1, Membership::Member));
        assert_eq!(
            shown(Voice::Order),
            ("hanako@example.jp".to_owned(), true, old_place, mail_yes, 1, Membership::Member)
        );
    }

    #[test]
    fn what_was_said_once_changes_nothing_twice() {
        let said =
            Record { stops: vec![StopReason::PhoneRefusal], membership: Membership::Withdrawn, ..known() };
        for voice in [Voice::File, Voice::NewerOrder, Voice::Order] {
            let once = overlay(&Record::default(), &said, voice);
            assert_eq!(overlay(&once, &said, voice), once, "{voice:?}");
            assert_eq!(overlay(&once, &said, Voice::Order), once, "{voice:?}");
        }
    }
}
