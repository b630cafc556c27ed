//! Verdicts: what happened, and by which rule who did it, as tables.

use model::{Response, ResponseKind, Verdict};
use proptest::prelude::*;
use response::{Counts, HEAD, RULES, TRAP, counts, judge, rule};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15";
const SENT: i64 = 1_700_000_000_000;

/// Seconds after sending, kind, link, agent, network.
type Row = (f64, ResponseKind, Option<i32>, &'static str, i64);

fn open(at: f64, agent: &'static str, network: i64) -> Row {
    (at, ResponseKind::Open, None, agent, network)
}

fn click(at: f64, link: i32, network: i64) -> Row {
    (at, ResponseKind::Click, Some(link), PHONE, network)
}

fn response(touch: i64, (at, kind, link, agent, network): Row) -> Response {
    Response {
        id: 0,
        touch,
        kind,
        at: SENT + (at * 1000.0) as i64,
        link,
        agent: agent.into(),
        network,
        said: String::new(),
        verdict: Verdict::Person,
    }
}

fn of_touch(rows: &[Row]) -> Vec<Response> {
    rows.iter().map(|row| response(1, *row)).collect()
}

/// The rules by which each response was judged; `-` is a person.
fn rules(responses: &[Response], neighbours: &[Response]) -> String {
    let named = |id: &'static str| if id.is_empty() { "-" } else { id };
    let rulings = judge(responses, Some(SENT), neighbours);
    rulings.iter().map(|r| named(r.rule)).collect::<Vec<_>>().join(" ")
}

#[test]
fn one_letter() {
    let apple = "Mozilla/5.0";
    let google = "Mozilla/5.0 (Windows NT 5.1) (via ggpht.com GoogleImageProxy)";
    let table: &[(&str, Vec<Row>, &str)] = &[
        ("somebody reads and clicks", vec![open(3600.0, PHONE, 1), click(3620.0, 0, 1)], "- -"),
        (
            "the trap within ten minutes",
            vec![click(5.0, TRAP, 1), click(604.0, 0, 1), open(605.0, PHONE, 1)],
            "B-01 B-01 B-01",
        ),
        ("the trap, eleven minutes away", vec![click(5.0, TRAP, 1), click(665.0, 0, 1)], "B-01 -"),
        ("the trap, after the click", vec![click(100.0, 0, 1), click(105.0, TRAP, 1)], "B-01 B-01"),
        ("the trap in another network", vec![click(5.0, TRAP, 1), click(6.0, 0, 2)], "B-01 -"),
        ("the trap, networks unknown", vec![click(5.0, TRAP, 0), click(6.0, 0, 0)], "B-01 -"),
        (
            "a scanner by its name",
            vec![(900.0, ResponseKind::Click, Some(0), "Barracuda Sentinel (EE)", 3)],
            "B-03",
        ),
        (
            "a robot by its page",
            vec![(900.0, ResponseKind::Click, Some(0), "Zeta/1.0 (+https://example.com/z)", 3)],
            "B-03",
        ),
        (
            "a CUBOT phone",
            vec![(900.0, ResponseKind::Click, Some(0), "Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG)", 3)],
            "-",
        ),
        ("Apple fetches always", vec![open(4000.0, apple, 4)], "B-04"),
        ("Apple's name is the whole name", vec![open(4000.0, "Mozilla/5.0 (X11)", 4)], "-"),
        ("a click by so short a name", vec![(4000.0, ResponseKind::Click, Some(0), apple, 4)], "-"),
        ("told apart by the mail service", vec![open(4000.0, "Machine Open", 4)], "B-04"),
        ("Google on arrival", vec![open(59.0, google, 5)], "B-05"),
        ("Google for a reader", vec![open(61.0, google, 5)], "-"),
        ("a click in the second second", vec![click(1.9, 0, 6)], "B-06"),
        ("a click before we knew it sent", vec![click(-1.0, 0, 6)], "B-06"),
        ("a click at two seconds", vec![click(2.0, 0, 6)], "-"),
        ("an opening in the second second", vec![open(1.0, PHONE, 6)], "-"),
        (
            "three links in two seconds",
            vec![click(50.0, 0, 7), click(51.0, 1, 7), click(52.0, 2, 7), click(55.0, 3, 7)],
            "B-07 B-07 B-07 -",
        ),
        (
            "three links in three seconds",
            vec![click(50.0, 0, 7), click(51.5, 1, 7), click(53.0, 2, 7)],
            "- - -",
        ),
        ("one link three times", vec![click(50.0, 0, 7), click(50.1, 0, 7), click(50.2, 0, 7)], "- - -"),
        (
            "three links, three networks",
            vec![click(50.0, 0, 7), click(50.1, 1, 8), click(50.2, 2, 9)],
            "- - -",
        ),
    ];
    for (what, rows, expected) in table {
        assert_eq!(rules(&of_touch(rows), &[]), *expected, "{what}");
    }
}

#[test]
fn a_request_for_no_content() {
    let mut responses = of_touch(&[click(900.0, 0, 1), click(901.0, 0, 1)]);
    responses[0].said = HEAD.into();
    assert_eq!(rules(&responses, &[]), "B-02 -");
    assert_eq!(judge(&responses, Some(SENT), &[])[0].verdict, Verdict::Prefetch);
}

#[test]
fn the_neighbourhood() {
    let mine = of_touch(&[click(900.0, 0, 1)]);
    let others = |n: i64, apart: f64| -> Vec<Response> {
        (0..n).map(|i| response(2 + i, click(900.0 + apart * i as f64, 0, 1))).collect()
    };
    assert_eq!(rules(&mine, &others(4, 10.0)), "B-08", "five letters in a minute");
    assert_eq!(rules(&mine, &others(3, 10.0)), "-", "four letters");
    assert_eq!(rules(&mine, &others(4, 21.0)), "-", "five letters in more than a minute");
    let mut people = others(4, 1.0);
    people.iter_mut().enumerate().for_each(|(i, r)| r.agent = format!("{PHONE} {i}"));
    assert_eq!(rules(&mine, &people), "-", "many people behind one network");
    let trapped = [response(8, click(1000.0, TRAP, 1))];
    assert_eq!(rules(&mine, &trapped), "B-01", "another letter's trap, the same network");
    let mut with_itself = others(3, 1.0);
    with_itself.extend(mine.clone());
    assert_eq!(rules(&mine, &with_itself), "-", "the response itself is no neighbour more");
}

#[test]
fn what_only_people_do_is_never_in_question() {
    for kind in ResponseKind::ALL.iter().copied() {
        let fetched = matches!(kind, ResponseKind::Open | ResponseKind::Click);
        let row = (0.5, kind, None, "Googlebot/2.1 (+http://example.com)", 1);
        let ruling = judge(&of_touch(&[row]), Some(SENT), &[])[0];
        assert_eq!(ruling.verdict == Verdict::Person, !fetched, "{kind:?}");
        assert_eq!(ruling.rule.is_empty(), !fetched);
    }
}

#[test]
fn without_a_time_of_sending_nothing_is_too_soon() {
    let rulings = judge(&of_touch(&[click(0.1, 0, 1)]), None, &[]);
    assert_eq!(rulings[0].verdict, Verdict::Person);
}

#[test]
fn both_figures() {
    let mut responses = of_touch(&[open(3600.0, PHONE, 1), open(4000.0, "Mozilla/5.0", 2)]);
    responses.push(response(2, open(30.0, "Mozilla/5.0", 2)));
    responses.push(response(2, click(900.0, 0, 1)));
    for touch in [1, 2] {
        let (mine, others): (Vec<Response>, _) = responses.iter().cloned().partition(|r| r.touch == touch);
        let mut rulings = judge(&mine, Some(SENT), &others).into_iter();
        for response in responses.iter_mut().filter(|r| r.touch == touch) {
            response.verdict = rulings.next().expect("one each").verdict;
        }
    }
    assert_eq!(counts(ResponseKind::Open, &responses), Counts { raw: 2, people: 1 });
    assert_eq!(counts(ResponseKind::Click, &responses), Counts { raw: 1, people: 1 });
    assert_eq!(counts(ResponseKind::Reply, &responses), Counts::default());
}

#[test]
fn every_rule_says_itself_in_both_languages() {
    for (at, info) in RULES.iter().enumerate() {
        assert_eq!(info.id, format!("B-{:02}", at + 1));
        assert!(info.ja.ends_with('。') && info.en.ends_with('.'), "{}", info.id);
        assert_eq!(rule(info.id), Some(info));
    }
    assert_eq!(rule("B-99"), None);
}

fn row() -> impl Strategy<Value = Row> {
    let agents = prop::sample::select(vec![PHONE, "Mozilla/5.0", "GoogleImageProxy", "curl/8.0", ""]);
    let kinds = prop::sample::select(vec![ResponseKind::Open, ResponseKind::Click, ResponseKind::Reply]);
    (-10.0..2000.0f64, kinds, prop::option::of(-1..4i32), agents, 0..3i64)
}

proptest! {
    /// The order in which responses arrive changes no verdict, and judging twice is judging once.
    #[test]
    fn order_and_repetition_change_nothing(rows in prop::collection::vec(row(), 0..12)) {
        let responses = of_touch(&rows);
        let rulings = judge(&responses, Some(SENT), &[]);
        prop_assert!(rulings.iter().all(|r| r.rule.is_empty() == (r.verdict == Verdict::Person)));
        let mut judged = responses.clone();
        judged.iter_mut().zip(&rulings).for_each(|(r, ruling)| r.verdict = ruling.verdict);
        prop_assert_eq!(&judge(&judged, Some(SENT), &judged), &rulings);
        let reversed: Vec<Response> = responses.iter().rev().cloned().collect();
        let mut back = judge(&reversed, Some(SENT), &[]);
        back.reverse();
        prop_assert_eq!(back, rulings);
    }
}
