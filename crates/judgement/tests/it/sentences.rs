//! Every state and rule says why, with the customer's own figures.

use crate::life::{Life, by_category, clocks, fixed, with_segment};
use judgement::reason;
use model::{Clock, Day, EventKind as K, History, Policy, Rule, Timeline};

/// 2026-11-22.
const TODAY: i32 = 20_779;

fn ago(orders: &[i32]) -> Life {
    Life::orders(&orders.iter().map(|d| TODAY - d).collect::<Vec<_>>())
}

fn of(set: u32, ago: i32) -> Life {
    Life::new(vec![(TODAY - ago, K::Order, 100, set)])
}

#[track_caller]
fn check(policy: &Policy, segment: Option<u16>, life: Life, ja: &str, en: &str) {
    let j = life.judge(policy, segment, TODAY);
    let told = reason(&life.history(TODAY), &j, policy, Day(TODAY));
    assert_eq!((told.ja.as_str(), told.en.as_str()), (ja, en));
}

#[test]
fn fixed_days() {
    let p = fixed(90, 181);
    check(
        &p,
        None,
        ago(&[195]),
        "最後のご注文は2026/05/11で、195日経っています。181日以上で休眠としています。",
        "The last order was on 2026-05-11, 195 days ago. Dormant starts at 181 days.",
    );
    check(
        &p,
        None,
        ago(&[400]),
        "最後のご注文は2025/10/18で、400日経っています。181日以上で休眠としています。365日以上のため長期休眠です。",
        "The last order was on 2025-10-18, 400 days ago. Dormant starts at 181 days. From 365 days it is long dormant.",
    );
    check(
        &p,
        None,
        ago(&[113]),
        "最後のご注文は2026/08/01で、113日経っています。90日以上で休眠予兆、181日以上で休眠としています。",
        "The last order was on 2026-08-01, 113 days ago. Going quiet starts at 90 days, dormant at 181.",
    );
    check(
        &p,
        None,
        ago(&[1]),
        "最後のご注文は2026/11/21で、1日経っています。90日未満はアクティブとしています。",
        "The last order was on 2026-11-21, 1 day ago. Under 90 days counts as active.",
    );
    check(
        &p,
        None,
        ago(&[0]),
        "最後のご注文は2026/11/22、基準日当日です。90日未満はアクティブとしています。",
        "The last order was on 2026-11-22, the same day. Under 90 days counts as active.",
    );
}

#[test]
fn own_rhythm() {
    let own = Policy::own_cycle("own");
    check(
        &own,
        None,
        ago(&[97, 129, 161]),
        "ふだん32日ごとのご注文ですが、今回は97日空いています。休眠の目安は65日です。",
        "Usually orders every 32 days, but this time 97 days have passed. For this customer dormant starts at 65 days.",
    );
    check(
        &own,
        None,
        ago(&[60, 92, 125]),
        "ふだん32.5日ごとのご注文ですが、今回は60日空いています。休眠予兆の目安は53日、休眠の目安は66日です。",
        "Usually orders every 32.5 days, but this time 60 days have passed. For this customer going quiet starts at 53 days, dormant at 66.",
    );
    check(
        &own,
        None,
        ago(&[20, 52, 84]),
        "ふだん32日ごとのご注文で、最後のご注文から20日です。休眠予兆の目安は52日、休眠の目安は65日です。",
        "Usually orders every 32 days; the last order was 20 days ago. For this customer going quiet starts at 52 days, dormant at 65.",
    );
    check(
        &own,
        None,
        ago(&[195]),
        "ご注文が1回で、ふだんの間隔がまだ分かりません。最後のご注文は2026/05/11で、195日経っています。181日以上で休眠としています。",
        "1 order: the usual interval is not known yet. The last order was on 2026-05-11, 195 days ago. Dormant starts at 181 days.",
    );
    check(
        &own,
        None,
        ago(&[20, 20, 20]),
        "ご注文が3回で、ふだんの間隔がまだ分かりません。最後のご注文は2026/11/02で、20日経っています。145日未満はアクティブとしています。",
        "3 orders: the usual interval is not known yet. The last order was on 2026-11-02, 20 days ago. Under 145 days counts as active.",
    );
    check(
        &clocks(own, &[Clock::Login]),
        None,
        ago(&[20, 52, 84]).and(TODAY - 70, K::Login, 0),
        "ふだん32日ごとのご注文です。最後のログインは2026/09/13で、70日経っています。休眠の目安は65日です。最後のご注文は2026/11/02です。",
        "Usually orders every 32 days. The last login was on 2026-09-13, 70 days ago. For this customer dormant starts at 65 days. The last order was on 2026-11-02.",
    );
}

#[test]
fn other_clocks_categories_and_segments() {
    check(
        &clocks(fixed(90, 181), &[Clock::Contact]),
        None,
        ago(&[400]).and(TODAY - 10, K::Contact, 0),
        "最後の接触は2026/11/12で、10日経っています。90日未満はアクティブとしています。最後のご注文は2025/10/18です。",
        "The last contact was on 2026-11-12, 10 days ago. Under 90 days counts as active. The last order was on 2025-10-18.",
    );
    check(
        &clocks(fixed(90, 181), &[Clock::Use]),
        None,
        ago(&[400, 10]),
        "最初のご注文は2025/10/18で、400日経っています。その後のご利用の記録はありません。181日以上で休眠としています。365日以上のため長期休眠です。最後のご注文は2026/11/12です。",
        "The first order was on 2025-10-18, 400 days ago. No use on record since. Dormant starts at 181 days. From 365 days it is long dormant. The last order was on 2026-11-12.",
    );
    check(
        &by_category(Policy::own_cycle("own")),
        None,
        of(2, 365),
        "「appliance」の最後のご注文は2025/11/22で、365日経っています。「appliance」では365日以上で休眠としています。365日以上のため長期休眠です。",
        "The last order in appliance was on 2025-11-22, 365 days ago. In appliance, dormant starts at 365 days. From 365 days it is long dormant.",
    );
    check(
        &by_category(fixed(90, 181)),
        None,
        Life::new(vec![(TODAY - 170, K::Order, 100, 4), (TODAY - 130, K::Order, 100, 1)]),
        "その他の商品の最後のご注文は2026/06/05で、170日経っています。90日以上で休眠予兆、181日以上で休眠としています。最後のご注文は2026/07/15です。",
        "The last order of other goods was on 2026-06-05, 170 days ago. Going quiet starts at 90 days, dormant at 181. The last order was on 2026-07-15.",
    );
    check(
        &with_segment(fixed(90, 181), Rule::FixedDays { at_risk: 10, dormant: 20, long: 30 }),
        Some(1),
        of(0, 25),
        "最後のご注文は2026/10/28で、25日経っています。「法人」の基準では20日以上で休眠としています。",
        "The last order was on 2026-10-28, 25 days ago. By the rule for 法人, dormant starts at 20 days.",
    );
}

#[test]
fn subscriptions() {
    let p = fixed(90, 181);
    let next = |ahead: i32| of(0, 400).and(TODAY - 300, K::SubscriptionRunning, i64::from(TODAY + ahead));
    check(
        &p,
        None,
        next(9),
        "定期コースが継続中です(次回お届け2026/12/01)。",
        "A subscription is running (next delivery 2026-12-01).",
    );
    check(
        &p,
        None,
        next(-22),
        "定期コースが継続中です(お届け予定日2026/10/31)。",
        "A subscription is running (delivery was due on 2026-10-31).",
    );
    let unknown = of(0, 5).and(TODAY - 300, K::SubscriptionRunning, 0);
    check(&p, None, unknown, "定期コースが継続中です。", "A subscription is running.");
    let life = next(9);
    let firm = History { flags: Timeline::COMPANY as u8, ..life.history(TODAY) };
    let told = reason(&firm, &life.judge(&p, None, TODAY), &p, Day(TODAY));
    assert_eq!(told.ja, "定期・ご契約が継続中です(次回または期限2026/12/01)。");
}

#[test]
fn never_ordered_lost_and_withdrawn() {
    let p = fixed(90, 181);
    check(&p, None, ago(&[]), "まだご注文がありません。", "No order yet.");
    check(
        &p,
        None,
        ago(&[]).and(TODAY - 2, K::Interest, 0),
        "まだご注文がありません。最後のお問い合わせは2026/11/20です。",
        "No order yet. The last inquiry was on 2026-11-20.",
    );
    check(
        &p,
        None,
        ago(&[5]).and(TODAY - 2, K::Withdrawn, 0),
        "退会の記録があります(2026/11/20)。",
        "Left the membership on 2026-11-20.",
    );
    check(
        &p,
        None,
        ago(&[5]).and(TODAY - 2, K::Competitor, 0),
        "他社へ移られたとの記録があります(2026/11/20)。その後のご注文はありません。",
        "On record: went to a competitor (2026-11-20). No order since.",
    );
    check(
        &p,
        None,
        ago(&[5]).and(TODAY - 2, K::Dissatisfied, 0),
        "ご不満により離れたとの記録があります(2026/11/20)。その後のご注文はありません。",
        "On record: left dissatisfied (2026-11-20). No order since.",
    );
}
