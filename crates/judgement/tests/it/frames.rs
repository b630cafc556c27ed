//! Stage, CPM, silent category and type at their cuts (M047, M051, M053, M056).

use crate::life::{Life, fixed};
use model::EventKind as K;

const TODAY: i32 = 20_000;

/// Orders as (days ago, yen).
fn bought(orders: &[(i32, i64)]) -> Life {
    Life::new(orders.iter().map(|&(ago, yen)| (TODAY - ago, K::Order, yen * 100, 0)).collect())
}

#[test]
fn stages() {
    for (life, stage) in [
        (bought(&[]).and(TODAY - 9, K::Known, 0), "lead"),
        (bought(&[]).and(TODAY - 90, K::Interest, 0), "interested"),
        (bought(&[]).and(TODAY - 91, K::Interest, 0), "lead"),
        (bought(&[(9, 90_000)]), "first_time"),
        (bought(&[(9, 1), (8, 1), (7, 1), (6, 1)]), "repeater"),
        (bought(&[(9, 1), (8, 1), (7, 1), (6, 1), (5, 1)]), "fan"),
        (bought(&[(220, 40_000), (10, 30_000)]), "fan"),
        (bought(&[(220, 40_000), (10, 29_999)]), "repeater"),
        (bought(&[(9, 1)]).and(TODAY, K::Advocacy, 0), "ambassador"),
    ] {
        assert_eq!(life.judge(&fixed(90, 181), None, TODAY).stage.word(), stage, "{:?}", life.timeline());
    }
}

#[test]
fn cpm_ten_cells() {
    for (orders, cell, gone) in [
        (&[][..], "none", false),
        (&[(239, 99_999)], "first", false),
        (&[(240, 99_999)], "first", true),
        (&[(99, 99_999), (10, 1)], "young", false),
        (&[(100, 69_999), (10, 0)], "steady", false),
        (&[(100, 70_000), (10, 0)], "trend", false),
        (&[(219, 70_000), (10, 0)], "trend", false),
        (&[(220, 70_000), (10, 0)], "best", false),
        (&[(600, 70_000), (240, 0)], "best", true),
    ] {
        let j = bought(orders).judge(&fixed(90, 181), None, TODAY);
        assert_eq!((j.cpm.word(), j.cpm_gone), (cell, gone), "{orders:?}");
    }
}

#[test]
fn silent_categories_and_types() {
    let (running, paused, cancelled) =
        (K::SubscriptionRunning, K::SubscriptionPaused, K::SubscriptionCancelled);
    for (ago, subscription, category, kind) in [
        (&[][..], &[][..], "none", "none"),
        (&[180], &[], "none", "a"),
        (&[181], &[], "new", "a"),
        (&[300, 181], &[], "one_off", "b"),
        (&[300, 181], &[(300, running, 0), (190, paused, 0)], "paused", "b"),
        (&[181], &[(300, running, 0), (190, cancelled, 0)], "cancelled", "a"),
        (&[300, 5], &[(300, running, 0), (190, cancelled, 0)], "none", "b"),
        (&[300, 5], &[(300, running, 0)], "running", "b"),
        (&[300, 200], &[(300, running, 0)], "running", "b"),
        // Its delivery is long overdue: it runs on paper only.
        (&[300, 200], &[(300, running, TODAY - 100)], "paused", "b"),
    ] {
        let orders = bought(&ago.iter().map(|&d| (d, 1_000)).collect::<Vec<_>>());
        let add = |life: Life, &(day, kind, next): &(i32, K, i32)| life.and(TODAY - day, kind, next.into());
        let j = subscription.iter().fold(orders, add).judge(&fixed(90, 181), None, TODAY);
        assert_eq!((j.silent_category.word(), j.kind.word()), (category, kind), "{ago:?} {subscription:?}");
    }
}
