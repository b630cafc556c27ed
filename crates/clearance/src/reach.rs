//! May this customer be reached by this channel, and if not, by which rule?

use crate::RuleInfo;
use crate::rules::named;
use model::{Basis, Channel, ReachFacts, StopReason};

/// What a permission rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Permission {
    /// A recorded basis (L-01, L-02).
    Consent(Basis),
    /// The channel needs none: post, phone and LINE friends until they say no.
    UntilRefused,
}

type Verdict = Result<Permission, &'static RuleInfo>;

/// The answer for every channel, in the order of `Channel::ALL`.
///
/// The first rule that refuses is named: what closes the person, then where they came
/// from, then the address, then their own stop, then the law's consent.
pub fn reach(facts: &ReachFacts) -> [(Channel, Verdict); 6] {
    let answer = |channel| (channel, verdict(facts, channel));
    [Channel::Mail, Channel::Sms, Channel::Line, Channel::Post, Channel::Phone, Channel::Ads].map(answer)
}

fn verdict(facts: &ReachFacts, channel: Channel) -> Verdict {
    if let Some(id) = closed_altogether(facts) {
        return refuse(id);
    }
    if facts.mall_only {
        return refuse("L-47");
    }
    if let Some(id) = without_address(facts, channel) {
        return refuse(id);
    }
    if let Some(id) = stopped(facts, channel) {
        return refuse(id);
    }
    consent(facts, channel)
}

fn refuse(id: &str) -> Verdict {
    Err(named(id))
}

/// The stops that close every channel, the gravest first, each with its rule.
pub(crate) const STOPS_OF_ALL: [(StopReason, &str); 4] = [
    (StopReason::Deceased, "deceased"),
    (StopReason::Withdrawn, "withdrawn"),
    (StopReason::Complaint, "L-43"),
    (StopReason::Excluded, "excluded"),
];

/// Whether a stop with this reason closes every channel.
pub(crate) fn closed_by(facts: &ReachFacts, reason: StopReason) -> bool {
    facts.stops.iter().any(|&(channel, r)| channel.is_none() && r == reason)
}

/// A file may close everything for a reason that usually closes one channel.
pub(crate) fn other_stop_of_all(facts: &ReachFacts) -> bool {
    let listed = |reason| STOPS_OF_ALL.iter().any(|&(r, _)| r == reason);
    facts.stops.iter().any(|&(channel, reason)| channel.is_none() && !listed(reason))
}

fn closed_altogether(facts: &ReachFacts) -> Option<&'static str> {
    let named = STOPS_OF_ALL.into_iter().find(|&(reason, _)| closed_by(facts, reason)).map(|(_, id)| id);
    let named = named.or_else(|| other_stop_of_all(facts).then_some("excluded"));
    named.or_else(|| facts.exclusions.first().map(|exclusion| exclusion.rule()))
}

pub(crate) fn without_address(facts: &ReachFacts, channel: Channel) -> Option<&'static str> {
    match channel {
        Channel::Mail => (!facts.has_email).then_some("no_address"),
        Channel::Sms if !facts.has_phone => Some("no_address"),
        Channel::Sms => (!facts.has_mobile).then_some("L-35"),
        Channel::Line => (!facts.has_line).then_some("L-46"),
        Channel::Post => (!facts.has_post).then_some("no_address"),
        Channel::Phone => (!facts.has_phone).then_some("no_address"),
        Channel::Ads => (!facts.has_email && !facts.has_phone).then_some("no_address"),
    }
}

pub(crate) fn stopped(facts: &ReachFacts, channel: Channel) -> Option<&'static str> {
    let reason = facts.stops.iter().find(|&&(c, _)| c == Some(channel))?.1;
    Some(match (channel, reason) {
        (Channel::Mail, StopReason::BadAddress) => "L-40",
        (Channel::Sms | Channel::Phone, StopReason::BadAddress) => "bad_number",
        (Channel::Mail | Channel::Sms, _) => "L-09",
        (Channel::Line, _) => "L-46",
        (Channel::Post, _) => "L-42",
        // L-48: the law does not protect a company from calls; its refusal counts all the same.
        (Channel::Phone, _) if facts.company => "L-48",
        (Channel::Phone, _) => "L-12",
        (Channel::Ads, _) => "L-17",
    })
}

pub(crate) fn consent(facts: &ReachFacts, channel: Channel) -> Verdict {
    let bases = || facts.consents.iter().filter(|(c, _)| *c == channel).map(|&(_, basis)| basis);
    // Whose behalf a platform works on says nothing of writing to anybody.
    let own = || bases().filter(|basis| *basis != Basis::Entrusted);
    match channel {
        Channel::Line | Channel::Post | Channel::Phone => Ok(Permission::UntilRefused),
        Channel::Ads if bases().any(|b| b == Basis::OptIn) => Ok(Permission::Consent(Basis::OptIn)),
        Channel::Ads if bases().any(|b| b == Basis::Entrusted) => Ok(Permission::Consent(Basis::Entrusted)),
        Channel::Ads => refuse("L-17"),
        Channel::Mail | Channel::Sms => match own().min() {
            None => refuse("L-01"),
            // L-03: mail order to consumers needs a request or consent, whatever L-02 allows.
            Some(Basis::TransactionRelation) if !facts.company => refuse("L-03"),
            // L-02: only a business's own published address is a basis.
            Some(Basis::PublishedAddress) if !facts.company => refuse("L-02"),
            Some(basis) => Ok(Permission::Consent(basis)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn someone() -> ReachFacts {
        ReachFacts {
            has_email: true,
            has_mobile: true,
            has_phone: true,
            has_line: true,
            has_post: true,
            ordered: true,
            ..ReachFacts::default()
        }
    }

    fn shown(facts: &ReachFacts) -> String {
        let word = |v: &Verdict| match v {
            Ok(Permission::Consent(basis)) => basis.word(),
            Ok(Permission::UntilRefused) => "ok",
            Err(rule) => rule.id,
        };
        reach(facts).iter().map(|(c, v)| format!("{}={}", c.word(), word(v))).collect::<Vec<_>>().join(" ")
    }

    /// Facts that differ from `someone`, and what every channel answers.
    type Case = (fn(&mut ReachFacts), &'static str);

    #[test]
    fn every_rule_refuses_where_it_should() {
        let cases: &[Case] = &[
            (|_| (), "mail=L-01 sms=L-01 line=ok post=ok phone=ok ads=L-17"),
            (
                |f| f.consents = vec![(Channel::Mail, Basis::OptIn)],
                "mail=opt_in sms=L-01 line=ok post=ok phone=ok ads=L-17",
            ),
            (
                |f| f.consents = vec![(Channel::Mail, Basis::TransactionRelation)],
                "mail=L-03 sms=L-01 line=ok post=ok phone=ok ads=L-17",
            ),
            (
                |f| {
                    f.company = true;
                    f.consents = vec![(Channel::Mail, Basis::TransactionRelation)];
                },
                "mail=transaction_relation sms=L-01 line=ok post=ok phone=ok ads=L-17",
            ),
            (
                |f| {
                    f.consents = vec![(Channel::Mail, Basis::OptIn)];
                    f.stops = vec![(Some(Channel::Mail), StopReason::MailOptOut)];
                },
                "mail=L-09 sms=L-01 line=ok post=ok phone=ok ads=L-17",
            ),
            (
                |f| f.consents = vec![(Channel::Mail, Basis::PublishedAddress)],
                "mail=L-02 sms=L-01 line=ok post=ok phone=ok ads=L-17",
            ),
            (
                |f| {
                    f.company = true;
                    f.stops = vec![(Some(Channel::Phone), StopReason::PhoneRefusal)];
                },
                "mail=L-01 sms=L-01 line=ok post=ok phone=L-48 ads=L-17",
            ),
            (
                |f| f.consents = vec![(Channel::Ads, Basis::Entrusted), (Channel::Mail, Basis::Entrusted)],
                "mail=L-01 sms=L-01 line=ok post=ok phone=ok ads=entrusted",
            ),
            (
                |f| f.consents = vec![(Channel::Ads, Basis::TransactionRelation)],
                "mail=L-01 sms=L-01 line=ok post=ok phone=ok ads=L-17",
            ),
            (
                |f| f.stops = vec![(Some(Channel::Phone), StopReason::PhoneRefusal)],
                "mail=L-01 sms=L-01 line=ok post=ok phone=L-12 ads=L-17",
            ),
            (
                |f| f.stops = vec![(Some(Channel::Post), StopReason::PostStop)],
                "mail=L-01 sms=L-01 line=ok post=L-42 phone=ok ads=L-17",
            ),
            (
                |f| f.stops = vec![(None, StopReason::Withdrawn), (None, StopReason::Complaint)],
                "mail=withdrawn sms=withdrawn line=withdrawn post=withdrawn phone=withdrawn ads=withdrawn",
            ),
            (|f| f.mall_only = true, "mail=L-47 sms=L-47 line=L-47 post=L-47 phone=L-47 ads=L-47"),
            (
                |f| {
                    (f.has_email, f.has_mobile, f.has_line, f.has_post) = (false, false, false, false);
                },
                "mail=no_address sms=L-35 line=L-46 post=no_address phone=ok ads=L-17",
            ),
        ];
        for (change, expected) in cases {
            let mut facts = someone();
            change(&mut facts);
            assert_eq!(shown(&facts), *expected, "{facts:?}");
        }
    }

    #[test]
    fn a_stop_of_one_channel_closes_only_its_own() {
        for &reason in StopReason::ALL {
            let Some(own) = reason.channel() else { continue };
            let mut facts = someone();
            facts.consents = Channel::ALL.iter().map(|&c| (c, Basis::OptIn)).collect();
            facts.stops = vec![(Some(own), reason)];
            let closed: Vec<Channel> =
                reach(&facts).iter().filter(|(_, v)| v.is_err()).map(|(c, _)| *c).collect();
            assert_eq!(closed, [own], "{reason:?}");
        }
    }
}
