//! The rules as data: what pages and the doctor read of them.

use clearance::{Effect, RULES, rule};
use model::Channel;

#[test]
fn the_words_of_the_house_are_rules_too() {
    let words = "deceased withdrawn excluded no_address lost stale duplicate holdout global_holdout budget not_paying \
                 stocked merged late render quiet_hours M030 M061 M062 M066 M074 M076 M082 M083 M084 M170";
    for word in words.split_whitespace() {
        assert!(rule(word).is_some(), "{word}");
    }
}

#[test]
fn effects_and_channels_are_said() {
    for (id, effect, channels) in [
        ("L-01", Effect::Block, &[Channel::Mail, Channel::Sms][..]),
        ("L-12", Effect::Block, &[Channel::Phone]),
        ("L-16", Effect::Block, &[]),
        ("L-27", Effect::Warn, &[]),
        ("L-39", Effect::Pause, &[Channel::Mail]),
        ("L-20", Effect::Note, &[]),
    ] {
        let rule = rule(id).unwrap();
        assert_eq!((rule.effect, rule.channels), (effect, channels), "{id}");
    }
    assert!(RULES.iter().all(|r| r.as_of == "2026-11-21"));
}
