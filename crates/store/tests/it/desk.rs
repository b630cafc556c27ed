//! The phone desk: a call is one caller's, and what came of it is written in one breath.

use crate::help::*;
use model::{
    ActivityKind, Arm, Assignment, CallResult, Campaign, Channel, Item, Kind, MatchKey, Money, Step,
    StopReason, Suppression, TouchState, Type,
};
use store::{CallStop, Ended, NewCall, NewTask, NewTouch, PlanRow, StopOf, Store};

const HELD: i64 = 1_800;

/// A campaign that runs, with a call for each of these (customer, number, value); the touches' numbers.
fn calls(store: &Store, name: &str, whom: &[(i64, &str, i64)]) -> Vec<i64> {
    let step = Step { name: "電話".into(), channel: Some(Channel::Phone), ..Step::default() };
    let campaign = Campaign { name: name.into(), steps: vec![step], ..Campaign::default() };
    let id = store.add_campaign(&campaign, 1, "山田", NOW).unwrap();
    let row = |&(customer, _, value): &(i64, &str, i64)| PlanRow {
        assignment: Assignment {
            customer,
            arm: Arm::Treated,
            variant: 0,
            stratum: 0,
            p_return: 0.1,
            profit: value,
            rule: String::new(),
        },
        kind: Type::B,
        entered: None,
    };
    let rows: Vec<PlanRow> = whom.iter().map(row).collect();
    let plan = store.write_plan(id, NOW, TODAY, 1, &rows, "{}").unwrap();
    store.approve_campaign(id, plan, NOW, "山田", NOW).unwrap();
    let touch = |&(customer, number, value): &(i64, &str, i64)| NewTouch {
        campaign: id,
        step: 0,
        customer,
        channel: Channel::Phone,
        destination: Some(MatchKey::phone(number).0),
        variant: 0,
        value,
        due: NOW,
        rule: String::new(),
    };
    let touches: Vec<NewTouch> = whom.iter().map(touch).collect();
    store.make_touches(&touches, NOW).unwrap();
    let made = store.touches_in(Some(id), None, TouchState::Queued, 0, 100).unwrap();
    made.into_iter().map(|t| t.touch.id).collect()
}

/// Three people with a number each; the first two live together and share theirs.
fn people(store: &Store) -> [i64; 3] {
    let all = [("1", "青木", "09000000001"), ("2", "青山", "09000000001"), ("3", "井上", "09000000003")];
    let records = all.map(|(id, family, phone)| person(id, family, &format!("k{id}@example.jp"), phone));
    import(store, "eccube", Kind::Customers, &crate::help::records(records));
    [the(store, "k1@example.jp"), the(store, "k2@example.jp"), the(store, "k3@example.jp")]
}

fn said(touch: i64, caller: &str, result: CallResult, ended: Ended) -> NewCall {
    NewCall {
        touch,
        caller: caller.into(),
        at: NOW + 60,
        day: TODAY,
        result,
        note: "メモ".into(),
        branch: String::new(),
        left_for: String::new(),
        minutes: 3,
        cost: Money(10_500),
        ended,
        stops: vec![],
        told: None,
        tasks: vec![],
    }
}

fn take(store: &Store, caller: &str, now: i64) -> Option<i64> {
    store.take_call(caller, now, now - HELD, None).unwrap().map(|t| t.id)
}

fn state(store: &Store, touch: i64) -> (TouchState, String) {
    let stored = store.touch(touch).unwrap();
    (stored.touch.state, stored.rule)
}

#[test]
fn two_callers_never_have_the_same_person_or_number() {
    on_both(|store| {
        let [aoki, aoyama, inoue] = people(store);
        let first = calls(
            store,
            "春",
            &[(aoki, "09000000001", 300), (aoyama, "09000000001", 200), (inoue, "09000000003", 100)],
        );
        assert_eq!(first.len(), 2, "one number gets one call a step");
        let second = calls(store, "夏", &[(aoyama, "09000000001", 900), (inoue, "09000000003", 50)]);
        assert_eq!(store.count_calls(NOW, None).unwrap(), 4);
        assert_eq!(take(store, "佐藤", NOW), Some(second[0]), "the most valuable first");
        assert_eq!(store.count_calls(NOW, None).unwrap(), 2, "nobody calls that number meanwhile");
        assert_eq!(take(store, "鈴木", NOW), Some(first[1]), "the number of the first is in a hand");
        assert_eq!(take(store, "高橋", NOW), None, "the person of the other is in a hand");
        assert_eq!(store.waiting_calls(NOW, None, 0, 10).unwrap(), vec![]);
        let held = |who| store.in_hand(who).unwrap().iter().map(|h| h.touch.id).collect::<Vec<_>>();
        assert_eq!((held("佐藤"), held("鈴木"), held("高橋")), (vec![second[0]], vec![first[1]], vec![]));
        assert_eq!(store.holder(second[0]).unwrap().as_deref(), Some("佐藤"));
        assert_eq!(
            store.claim("worker", NOW, 10, &[Channel::Mail, Channel::Sms, Channel::Line]).unwrap(),
            vec![],
            "no worker carries a call"
        );
        assert_eq!(store.sweep(NOW + 10_000, NOW + 10_000).unwrap(), (0, 0), "nor frees one");
        // Given back, it comes into line again when it is due.
        assert!(!store.put_back(second[0], "鈴木", NOW).unwrap(), "only who has it gives it back");
        assert!(store.put_back(second[0], "佐藤", NOW + 900).unwrap());
        assert_eq!(take(store, "高橋", NOW), Some(first[0]));
        assert_eq!(take(store, "佐藤", NOW + 900), None, "the number is in a hand");
    });
}

#[test]
fn many_callers_at_once_get_different_calls() {
    on_both(|store| {
        let all: Vec<(String, String)> =
            (0..40).map(|i| (format!("m{i}"), format!("0900001{i:04}"))).collect();
        let records = all.iter().map(|(id, phone)| person(id, "見本", &format!("{id}@example.jp"), phone));
        import(store, "eccube", Kind::Customers, &crate::help::records(records));
        let whom: Vec<(i64, &str, i64)> = all
            .iter()
            .map(|(id, phone)| (the(store, &format!("{id}@example.jp")), phone.as_str(), 1))
            .collect();
        calls(store, "春", &whom);
        let taken: Vec<i64> = std::thread::scope(|scope| {
            let caller = |n: usize| {
                scope.spawn(move || {
                    (0..10).filter_map(|_| take(store, &format!("担当{n}"), NOW)).collect::<Vec<_>>()
                })
            };
            let callers: Vec<_> = (0..4).map(caller).collect();
            callers.into_iter().flat_map(|c| c.join().unwrap()).collect()
        });
        let mut once = taken.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!((taken.len(), once.len()), (40, 40), "each is one caller's");
    });
}

#[test]
fn what_is_held_too_long_is_anybodys_and_its_result_still_counts_until_then() {
    on_both(|store| {
        let [aoki, _, inoue] = people(store);
        let touches = calls(store, "春", &[(aoki, "09000000001", 300), (inoue, "09000000003", 100)]);
        assert_eq!(take(store, "佐藤", NOW), Some(touches[0]));
        assert_eq!(take(store, "鈴木", NOW + 60), Some(touches[1]));
        let late = NOW + HELD;
        assert_eq!(take(store, "高橋", late - 1), None, "a second too early");
        store.keep_in_hand("鈴木", late - 1).unwrap();
        assert_eq!(take(store, "高橋", late), Some(touches[0]));
        assert_eq!(take(store, "渡辺", late + 60), None, "held on purpose");
        let result = said(touches[0], "佐藤", CallResult::Reached, Ended::Sent);
        assert_eq!(store.close_call(&result).unwrap(), None, "somebody else has it");
        assert_eq!(state(store, touches[0]).0, TouchState::Claimed);
        // Back in line, but nobody has taken it: whoever had it may still say what came of it.
        store.put_back(touches[0], "高橋", NOW).unwrap();
        assert_eq!(take(store, "佐藤", late + 100), Some(touches[0]));
        assert_eq!(take(store, "伊藤", late + 100 + HELD), Some(touches[0]), "freed and taken in one");
        store.put_back(touches[0], "伊藤", NOW).unwrap();
        assert_eq!(take(store, "佐藤", late + 200 + HELD), Some(touches[0]));
        // 鈴木's was freed by that last look around.
        let result = said(touches[1], "鈴木", CallResult::Reached, Ended::Sent);
        assert!(store.close_call(&result).unwrap().is_some());
        assert_eq!(state(store, touches[1]), (TouchState::Sent, String::new()));
    });
}

fn refusal() -> Vec<CallStop> {
    [StopOf::Person, StopOf::Number]
        .map(|of| CallStop {
            of,
            channel: Some(Channel::Phone),
            reason: StopReason::PhoneRefusal,
            rule: "L-12",
        })
        .into()
}

/// L-12, L-48: whatever is imported or planned afterwards.
#[test]
fn a_refusal_closes_the_number_and_the_person_for_good() {
    on_both(|store| {
        let [aoki, aoyama, _] = people(store);
        let first = calls(store, "春", &[(aoki, "09000000001", 300)]);
        let other = calls(store, "夏", &[(aoyama, "09000000001", 100)]);
        assert_eq!(take(store, "佐藤", NOW), Some(first[0]));
        let result =
            NewCall { stops: refusal(), ..said(first[0], "佐藤", CallResult::Refused, Ended::Sent) };
        let attempted = store.close_call(&result).unwrap().unwrap();
        assert_eq!((attempted.touch, attempted.n, attempted.customer), (first[0], 1, aoki));
        assert_eq!(state(store, other[0]), (TouchState::Skipped, "L-12".into()), "the same number");
        let closed = [(Some(Channel::Phone), StopReason::PhoneRefusal)];
        assert_eq!(stops(store, aoki), closed);
        assert_eq!(stops(store, aoyama), closed, "whoever has the number");
        // The shop's files come again, and say that calls are welcome.
        let mut again = person("1", "青木", "k1@example.jp", "09000000001");
        again.consents = vec![(Channel::Phone, true)];
        import(store, "eccube", Kind::Customers, &records([again]));
        assert_eq!(stops(store, aoki), closed);
    });
}

#[test]
fn a_death_closes_every_channel_of_the_person_alone() {
    on_both(|store| {
        let [aoki, aoyama, _] = people(store);
        let touches = calls(store, "春", &[(aoki, "09000000001", 300)]);
        take(store, "佐藤", NOW);
        let stop =
            CallStop { of: StopOf::Person, channel: None, reason: StopReason::Deceased, rule: "deceased" };
        let result =
            NewCall { stops: vec![stop], ..said(touches[0], "佐藤", CallResult::Deceased, Ended::Sent) };
        store.close_call(&result).unwrap().unwrap();
        assert_eq!(stops(store, aoki), [(None, StopReason::Deceased)]);
        assert_eq!(stops(store, aoyama), [], "the family's number is not the person");
        let late = calls(store, "夏", &[(aoki, "09000000001", 1)]);
        assert_eq!(late.len(), 1, "clearance keeps it back: see the app");
    });
}

#[test]
fn a_result_writes_everything_or_nothing() {
    on_both(|store| {
        let [aoki, ..] = people(store);
        let touches = calls(store, "春", &[(aoki, "09000000001", 300)]);
        take(store, "佐藤", NOW);
        let task =
            NewTask {
                customer: aoki, what: "折返しのお電話".into(), due: NOW + 7_200, owner: "佐藤".into()
            };
        let talked = NewCall {
            told: Some((ActivityKind::Contact, "12:01 電話・折返し".into())),
            tasks: vec![task.clone()],
            left_for: "price".into(),
            ..said(touches[0], "佐藤", CallResult::CallBack, Ended::Again(NOW + 7_200))
        };
        store.close_call(&talked).unwrap().unwrap();
        let stored = store.touch(touches[0]).unwrap();
        assert_eq!(
            (stored.touch.state, stored.touch.due, stored.touch.tries),
            (TouchState::Queued, NOW + 7_200, 1)
        );
        assert_eq!(stored.said, "call_back", "the attempt stands");
        let person = store.person(aoki).unwrap().unwrap();
        assert_eq!(person.activities.iter().map(|a| a.kind).collect::<Vec<_>>(), [ActivityKind::Contact]);
        let open = store.tasks(i64::MAX, None, 10).unwrap();
        assert_eq!(open.iter().map(|t| t.task.clone()).collect::<Vec<_>>(), [task]);
        assert_eq!(store.tasks(i64::MAX, Some("鈴木"), 10).unwrap(), vec![]);
        assert_eq!((store.count_tasks(NOW).unwrap(), store.count_tasks(NOW + 7_201).unwrap()), (0, 1));
        let mut left_for = Vec::new();
        store.statements(Some(&[aoki]), model::Day(i32::MAX), &mut |_, s| left_for.push(s.reason)).unwrap();
        assert_eq!(left_for, ["price"], "what was said on the phone speaks by itself");
        assert_eq!(take(store, "鈴木", NOW + 100), None, "not before it was promised");
        let waiting = store.waiting_calls(NOW + 7_200, None, 0, 10).unwrap();
        assert!(waiting.len() == 1 && waiting[0].promised);
        // The call that was promised settles its task.
        assert_eq!(take(store, "鈴木", NOW + 7_200), Some(touches[0]));
        let done =
            NewCall { at: NOW + 7_300, ..said(touches[0], "鈴木", CallResult::Reached, Ended::Sent) };
        store.close_call(&done).unwrap().unwrap();
        assert_eq!(store.tasks(i64::MAX, None, 10).unwrap(), vec![]);
        assert_eq!(
            store.calls_of(aoki).unwrap().iter().map(|c| c.result).collect::<Vec<_>>(),
            [CallResult::Reached, CallResult::CallBack]
        );
        let campaign = store.touch(touches[0]).unwrap().touch.campaign;
        assert_eq!(store.call_sums(campaign).unwrap(), (2, 6, Money(21_000)));
    });
}

#[test]
fn the_last_result_is_taken_back_and_nothing_opens_silently() {
    on_both(|store| {
        let [aoki, aoyama, inoue] = people(store);
        let touches = calls(store, "春", &[(aoki, "09000000001", 300), (inoue, "09000000003", 100)]);
        let other = calls(store, "夏", &[(aoyama, "09000000001", 10)]);
        take(store, "佐藤", NOW);
        let task =
            NewTask {
                customer: aoki, what: "書面の交付".into(), due: NOW + 7_200, owner: "佐藤".into()
            };
        let told = Some((ActivityKind::Contact, "12:01 電話・受注".into()));
        let deal =
            NewCall { told, tasks: vec![task], ..said(touches[0], "佐藤", CallResult::Deal, Ended::Sent) };
        store.close_call(&deal).unwrap().unwrap();
        assert_eq!(store.last_call("佐藤", NOW).unwrap().map(|c| c.result), Some(CallResult::Deal));
        let undo = |touch, who, why, since| store.undo_call(touch, who, why, since, NOW + 120);
        assert!(undo(touches[0], "鈴木", "", NOW).is_err(), "another caller's");
        assert!(undo(touches[0], "佐藤", "", NOW + 61).is_err(), "too late");
        undo(touches[0], "佐藤", "", NOW).unwrap();
        assert_eq!(state(store, touches[0]).0, TouchState::Claimed);
        assert_eq!(store.tasks(i64::MAX, None, 10).unwrap(), vec![]);
        assert_eq!(store.person(aoki).unwrap().unwrap().activities, vec![]);
        assert!(undo(touches[0], "佐藤", "", NOW).is_err(), "once");
        // What closed a channel opens only with a reason, on record.
        let result =
            NewCall { stops: refusal(), ..said(touches[0], "佐藤", CallResult::Refused, Ended::Sent) };
        assert_eq!(store.close_call(&result).unwrap().unwrap().n, 2);
        assert!(undo(touches[0], "佐藤", " ", NOW).is_err());
        assert_eq!(stops(store, aoki).len(), 1);
        undo(touches[0], "佐藤", "押し間違い", NOW).unwrap();
        assert_eq!((stops(store, aoki), stops(store, aoyama)), (vec![], vec![]));
        let kept = store.person(aoki).unwrap().unwrap().suppressions;
        let whys: Vec<&str> = kept.iter().filter_map(|s| s.lifted.as_ref().map(|l| l.1.as_str())).collect();
        assert_eq!(whys, ["押し間違い", "押し間違い"]);
        assert_eq!(state(store, other[0]), (TouchState::Skipped, "L-12".into()), "what was skipped stays so");
    });
}

#[test]
fn what_is_stopped_in_a_hand_is_shown_and_its_result_still_counts() {
    on_both(|store| {
        let [aoki, ..] = people(store);
        let touches = calls(store, "春", &[(aoki, "09000000001", 300)]);
        take(store, "佐藤", NOW);
        store.skip_campaign(store.touch(touches[0]).unwrap().touch.campaign, "cancelled", NOW).unwrap();
        let held = store.in_hand("佐藤").unwrap();
        assert_eq!(held.iter().map(|h| h.stopped.as_str()).collect::<Vec<_>>(), ["cancelled"]);
        // It was being made: not answered, it does not come back.
        let absent = said(touches[0], "佐藤", CallResult::Absent, Ended::Again(NOW + 100));
        assert!(store.close_call(&absent).unwrap().is_some());
        assert_eq!(state(store, touches[0]), (TouchState::Skipped, "cancelled".into()));
        assert_eq!(store.touch(touches[0]).unwrap().touch.tries, 1);
        store.keep_in_hand("佐藤", NOW).unwrap();
        assert_eq!(store.in_hand("佐藤").unwrap(), vec![]);
    });
}

/// M011: a refusal by telephone leaves the other channels alone; an import of the same adds nothing.
#[test]
fn a_refused_number_is_refused_once() {
    on_both(|store| {
        let [aoki, ..] = people(store);
        let touches = calls(store, "春", &[(aoki, "09000000001", 300)]);
        take(store, "佐藤", NOW);
        let result =
            NewCall { stops: refusal(), ..said(touches[0], "佐藤", CallResult::Refused, Ended::Sent) };
        store.close_call(&result).unwrap().unwrap();
        let stop = Suppression {
            who: "09000000001".into(),
            channel: Some(Channel::Phone),
            reason: StopReason::PhoneRefusal,
            on: None,
            note: String::new(),
        };
        import(store, "eccube", Kind::Suppressions, &[Item::Suppression(stop)]);
        assert_eq!(stops(store, aoki), [(Some(Channel::Phone), StopReason::PhoneRefusal)]);
    });
}
