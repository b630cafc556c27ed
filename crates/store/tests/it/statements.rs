//! What speaks for a reason, and how much people were written to.

use crate::help::{ALL, NOW, TODAY, events, import, line, on_both, order, orders, person, records, the};
use model::{
    Activity, ActivityKind, Day, EventKind, Item, Kind, ReasonSource, Response, ResponseKind, Statement,
    StopReason, Verdict,
};
use store::{GoodsPair, NewStatement, Store, SurveyAnswer};

fn new(customer: i64, reason: &str, day: i32, proof: Option<&str>) -> NewStatement {
    let statement = Statement {
        id: None,
        reason: reason.to_owned(),
        source: ReasonSource::Survey,
        confidence: 0.9,
        day: Day(day),
        words: "高くなったので".to_owned(),
        by: "山田".to_owned(),
        at: NOW,
    };
    NewStatement { customer, statement, proof: proof.map(str::to_owned) }
}

fn told(store: &Store, of: Option<&[i64]>, until: Day) -> Vec<(i64, String, ReasonSource)> {
    let mut all = Vec::new();
    store.statements(of, until, &mut |who, s| all.push((who, s.reason, s.source))).unwrap();
    all
}

/// M033: statements are kept with their source; twice told is told once; taken back, they count no more.
#[test]
fn statements_are_kept_and_taken_back() {
    on_both(|store| {
        let people = [("a", "青木", "aoki@example.jp"), ("b", "馬場", "baba@example.jp")];
        import(
            store,
            "shop",
            Kind::Customers,
            &records(people.map(|(id, name, mail)| person(id, name, mail, ""))),
        );
        let (aoki, baba) = (the(store, "青木"), the(store, "馬場"));
        let before = store.said_seq().unwrap();
        let three = [
            new(baba, "price", TODAY.0, None),
            new(aoki, "forgot", TODAY.0, Some("p")),
            new(aoki, "forgot", TODAY.0, Some("p")),
        ];
        assert_eq!(store.add_statements(&three).unwrap(), 2, "one proof, one statement");
        assert!(store.said_seq().unwrap() > before);
        let survey = ReasonSource::Survey;
        let all = [(aoki, "forgot".to_owned(), survey), (baba, "price".to_owned(), survey)];
        assert_eq!(told(store, None, TODAY), all, "by customer");
        assert_eq!(told(store, Some(&[baba]), TODAY), all[1..]);
        assert_eq!(told(store, None, TODAY.plus(-1)), [], "not said yet");
        let mut kept = None;
        store.statements(Some(&[baba]), TODAY, &mut |_, s| kept = Some(s)).unwrap();
        let kept = kept.unwrap();
        assert_eq!((kept.confidence, kept.by.as_str(), kept.words.as_str()), (0.9, "山田", "高くなったので"));
        store.drop_statement(kept.id.unwrap(), "佐藤", NOW).unwrap();
        assert_eq!(told(store, None, TODAY), all[..1]);
        assert!(store.drop_statement(kept.id.unwrap(), "佐藤", NOW).is_err(), "once");
        assert!(store.add_statements(&[new(999, "price", 1, None)]).is_err(), "nobody");
        // What the shop's own files tell of a competitor speaks too.
        let left =
            Activity { who: "a".into(), kind: ActivityKind::Competitor, day: TODAY, note: String::new() };
        import(store, "shop", Kind::Visits, &[Item::Activity(left)]);
        let competitor = (aoki, "competitor".to_owned(), ReasonSource::Import);
        assert!(told(store, Some(&[aoki]), TODAY).contains(&competitor));
    });
}

/// M037: who closed a channel, by their own word, within a stretch of time.
#[test]
fn who_left_within_a_stretch_of_time() {
    on_both(|store| {
        import(store, "shop", Kind::Customers, &records([person("a", "青木", "aoki@example.jp", "")]));
        let aoki = the(store, "青木");
        store.suppress(aoki, None, StopReason::Excluded, "", "山田", NOW).unwrap();
        assert!(store.left_between(NOW - 10, NOW + 10).unwrap().is_empty(), "the shop's own word");
        store
            .suppress(aoki, StopReason::MailOptOut.channel(), StopReason::MailOptOut, "", "山田", NOW)
            .unwrap();
        assert_eq!(store.left_between(NOW - 10, NOW + 10).unwrap(), [aoki].into());
        assert!(store.left_between(NOW + 1, NOW + 10).unwrap().is_empty());
        let mut touched = Vec::new();
        store.touched_between(0, NOW, &mut |who, n| touched.push((who, n))).unwrap();
        assert_eq!(touched, []);
    });
}

/// M041, M042: an answer lands once, with its reason and its gap, and the last answer's gap counts.
#[test]
fn an_answer_lands_once_with_all_it_says() {
    on_both(|store| {
        import(store, "shop", Kind::Customers, &records([person("a", "青木", "aoki@example.jp", "")]));
        let aoki = the(store, "青木");
        let survey = store.add_survey("秋", "{}", "山田", NOW, true).unwrap();
        assert!(store.add_survey("秋", "{}", "山田", NOW, true).is_err(), "answers rest on it");
        let other = store.add_survey("冬", "{}", "山田", NOW, true).unwrap();
        store.use_survey(survey).unwrap();
        let in_force: Vec<i64> =
            store.surveys().unwrap().iter().filter(|s| s.in_force).map(|s| s.id).collect();
        assert_eq!(in_force, [survey]);
        let answer = SurveyAnswer {
            survey,
            touch: 7,
            customer: aoki,
            day: TODAY,
            at: NOW,
            body: "{}".to_owned(),
            reason: "surplus".to_owned(),
            expected: Some(5),
            evaluated: Some(2),
            stock_days: Some(60),
            may_contact: true,
            grave: false,
        };
        let response = Response {
            id: 0,
            touch: 7,
            kind: ResponseKind::Preference,
            at: NOW * 1_000,
            link: None,
            agent: String::new(),
            network: 0,
            said: String::new(),
            verdict: Verdict::Person,
        };
        let statement = new(aoki, "surplus", TODAY.0, Some("survey:1:7"));
        assert!(store.take_answer(&answer, Some(&statement), &response).unwrap());
        assert!(!store.take_answer(&answer, Some(&statement), &response).unwrap(), "a link answers once");
        assert!(store.is_answered(survey, 7).unwrap() && !store.is_answered(other, 7).unwrap());
        let later = SurveyAnswer {
            survey: other,
            expected: Some(3),
            evaluated: Some(3),
            stock_days: None,
            reason: String::new(),
            ..answer.clone()
        };
        assert!(store.take_answer(&later, None, &response).unwrap());
        let mut gaps = Vec::new();
        store.expectation_gaps(TODAY, &mut |who, gap| gaps.push((who, gap))).unwrap();
        assert_eq!(gaps, [(aoki, 0)], "as they last answered");
        assert_eq!(store.answers_of(aoki).unwrap().len(), 2);
        let sums = store.survey_sums(survey).unwrap();
        assert_eq!((sums.len(), sums[0].answers, sums[0].expected), (1, 1, Some(5)));
        assert_eq!(told(store, None, TODAY), [(aoki, "surplus".to_owned(), ReasonSource::Survey)]);
        // What is left reaches the columns once, from the answer and not from the statement beside it.
        let stock = |events: Vec<(i64, i32, EventKind, i64, u32)>| -> Vec<i64> {
            events.into_iter().filter(|e| e.2 == EventKind::Stock).map(|e| e.3).collect()
        };
        assert_eq!(stock(events(store, None, &ALL)), [60]);
        assert_eq!(stock(events(store, Some(&[aoki]), &ALL)), [60]);
        store
            .add_statements(&[NewStatement {
                statement: Statement { source: ReasonSource::Note, ..statement.statement },
                proof: None,
                ..statement
            }])
            .unwrap();
        assert_eq!(stock(events(store, None, &ALL)), [-1, 60], "and what an operator heard");
    });
}

/// M044, M085: improvements, and what goes with what.
#[test]
fn improvements_and_pairs_are_kept() {
    on_both(|store| {
        import(store, "shop", Kind::Customers, &records([person("a", "青木", "aoki@example.jp", "")]));
        let aoki = the(store, "青木");
        let id = store.add_improvement("返信を早く", "support_slow", "早くしました", "山田", NOW).unwrap();
        store.fix_improvement(id, TODAY, "佐藤").unwrap();
        store.tell_improvement(id, 9).unwrap();
        assert!(store.fix_improvement(99, TODAY, "佐藤").is_err());
        let [kept] = store.improvements().unwrap().try_into().unwrap();
        assert_eq!((kept.fixed, kept.campaign), (Some((TODAY, "佐藤".to_owned())), Some(9)));
        let mut bought = order("o1", "a", TODAY.0, 1_000);
        bought.lines = vec![line("TEA", ""), line("POT", "")];
        import(store, "shop", Kind::Orders, &orders([bought]));
        let mut seen = Vec::new();
        store
            .each_product_bought(&mut |who, sku, name| seen.push((who, sku.to_owned(), name.to_owned())))
            .unwrap();
        assert_eq!(seen.len(), 2);
        assert!(seen.contains(&(aoki, "TEA".to_owned(), "品TEA".to_owned())));
        let pair = GoodsPair { a: "TEA".into(), b: "POT".into(), both: 6, confidence: 0.5, lift: 2.0 };
        let names = [("TEA".to_owned(), "緑茶".to_owned())].into();
        for _ in 0..2 {
            store.keep_pairs(std::slice::from_ref(&pair), &names, NOW).unwrap();
        }
        assert_eq!(store.goods_pairs().unwrap(), (vec![pair], names));
        store.refuse_goods(aoki, "CUP", "山田", NOW).unwrap();
        let own = store.goods_of(&[aoki]).unwrap().remove(&aoki).unwrap();
        assert_eq!((own.had.len(), own.unwanted), (2, ["CUP".to_owned()].into()));
        assert!(store.returns_after(1, &[0], (0, 14), &ALL).unwrap().is_empty(), "nobody was touched");
    });
}
