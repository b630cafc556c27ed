//! Where the touches of a step stand, counted and listed alike, on either database.

use crate::help::{NOW, import, on_both, person, records};
use model::{Campaign, Channel, Kind, Response, ResponseKind, TouchState, Verdict};
use store::{AtStep, NewTouch};

#[test]
fn every_number_of_a_step_lists_exactly_its_touches() {
    on_both(|store| {
        let people = (1..=6).map(|i| person(&i.to_string(), "見本", &format!("k{i}@example.jp"), ""));
        import(store, "shop", Kind::Customers, &records(people));
        let campaign = Campaign { name: "お便り".to_owned(), ..Campaign::default() };
        let id = store.add_campaign(&campaign, 1, "佐藤", NOW).unwrap();
        let rules = ["", "", "ordered", "ordered", "clicked", ""];
        let touch = |(n, rule): (usize, &&str)| NewTouch {
            campaign: id,
            step: u16::from(n == 5),
            customer: n as i64 + 1,
            channel: Channel::Mail,
            destination: rule.is_empty().then_some(n as i64 + 100),
            variant: 0,
            value: 0,
            due: NOW,
            rule: (*rule).to_owned(),
        };
        let touches: Vec<NewTouch> = rules.iter().enumerate().map(touch).collect();
        store.make_touches(&touches, NOW).unwrap();
        let out = |touch: i64, kind: ResponseKind| Response {
            id: 0,
            touch,
            kind,
            at: NOW * 1_000,
            link: None,
            agent: String::new(),
            network: 0,
            said: String::new(),
            verdict: Verdict::Person,
        };
        for (touch, kind) in [(1, ResponseKind::OptOut), (1, ResponseKind::OptOut), (2, ResponseKind::Click)]
        {
            store.hear(&out(touch, kind), None, &[], "customer").unwrap();
        }
        let at = |step: u16, wanted: AtStep<'_>, after: i64, limit: usize| -> Vec<i64> {
            let found = store.touches_standing(id, step, wanted, after, limit).unwrap();
            found.into_iter().map(|t| t.touch.id).collect()
        };
        let (queued, skipped) = (&[TouchState::Queued][..], &[TouchState::Skipped][..]);
        for (wanted, expected) in [
            (AtStep::In(TouchState::ALL), vec![1, 2, 3, 4, 5]),
            (AtStep::In(queued), vec![1, 2]),
            (AtStep::By(skipped, "ordered"), vec![3, 4]),
            (AtStep::NotBy(skipped, "ordered"), vec![5]),
            (AtStep::OptedOut, vec![1]),
        ] {
            assert_eq!(at(0, wanted, 0, 100), expected, "{wanted:?}");
        }
        assert_eq!(at(0, AtStep::In(TouchState::ALL), 2, 2), [3, 4], "page by page");
        assert_eq!(at(1, AtStep::In(queued), 0, 100), [6]);
        assert_eq!(store.opt_outs_by_step(id).unwrap(), [(0, 1)], "said twice, left once");
        let counts: Vec<_> = store.response_counts(id).unwrap();
        let counts: Vec<_> = counts.iter().map(|c| (c.step, c.kind, c.raw, c.people)).collect();
        assert_eq!(counts, [(0, ResponseKind::Click, 1, 1), (0, ResponseKind::OptOut, 1, 1)]);
        store.judge_responses(&[(3, Verdict::Scanner)]).unwrap();
        let clicks = store.response_counts(id).unwrap()[0];
        assert_eq!((clicks.raw, clicks.people), (1, 0), "a program's click is raw alone");
        assert!(store.response_counts(id + 1).unwrap().is_empty());
        assert_eq!(store.paid().unwrap(), []);
    });
}
