//! Real order histories, where they are there: what was learned before a cut against what came after.

use flate2::read::GzDecoder;
use judgement::outlook::{Backtest, Mode, Past, Plan, Test, learn};
use model::{Day, EventKind, Timeline};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// Orders by customer: day and amount in hundredths.
pub type Shop = BTreeMap<i64, Vec<(i32, i64)>>;

fn shop(name: &str) -> Option<Shop> {
    shop_at(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name))
}

pub fn shop_at(path: &Path) -> Option<Shop> {
    let Ok(file) = std::fs::File::open(path) else {
        eprintln!("not present: {}", path.display());
        return None;
    };
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).expect("reads");
    let mut shop = Shop::new();
    for line in text.lines().skip(1) {
        let mut cells = line.split(',');
        let mut cell = || cells.next().expect("three cells");
        let customer = cell().parse().expect("a number");
        let date: Vec<i32> = cell().split('-').map(|n| n.parse().expect("a number")).collect();
        let day = Day::from_ymd(date[0], date[1] as u32, date[2] as u32).expect("a day");
        let amount: f64 = cell().parse().expect("an amount");
        shop.entry(customer).or_default().push((day.0, (amount * 100.0).round() as i64));
    }
    shop.values_mut().for_each(|orders| orders.sort_unstable());
    Some(shop)
}

pub fn each(shop: &Shop, mut see: impl FnMut(&Timeline)) {
    for (customer, orders) in shop {
        let (days, values): (Vec<i32>, Vec<i64>) = orders.iter().copied().unzip();
        let (kinds, categories) = (vec![EventKind::Order as u8; days.len()], vec![0; days.len()]);
        see(&Timeline {
            customer: *customer,
            days: &days,
            kinds: &kinds,
            values: &values,
            categories: &categories,
        });
    }
}

pub fn tested(shop: &Shop, cut: Day, horizon: i32, quiet: i32, deep: i32) -> Backtest {
    let first = shop.values().filter_map(|orders| orders.first()).map(|o| o.0).min().expect("orders");
    let plan = Plan::new(cut, horizon, quiet, Day(first), shop.len() as u64);
    let (mut past, mut test) = (Past::new(&plan), Test::default());
    each(shop, |t| {
        past.see(t);
        test.see(t, cut, horizon);
    });
    Backtest::new(learn(&past, Mode::Auto, "R181", 1), &test, horizon, quiet, deep)
}

/// What `mezame` is held against.
const OTHERS: [&str; 6] = ["recency", "r181", "rfm", "rule", "bg_nbd", "mbg_nbd"];
/// It may stand so far below the best of them.
const WITHIN: f64 = 0.005;

fn held_against_the_others(name: &str, cut: (i32, u32, u32), horizon: i32, quiet: i32, deep: i32) {
    let Some(shop) = shop(name) else { return };
    let cut = Day::from_ymd(cut.0, cut.1, cut.2).expect("a day");
    let answer = tested(&shop, cut, horizon, quiet, deep);
    let scope = answer.scopes.iter().find(|s| s.scope == "quiet").expect("the quiet");
    let figure = |name: &str| scope.scorers.iter().find(|f| f.name == name).expect("a list");
    let auc = |name: &str| figure(name).auc.expect("some came, some did not");
    let best = OTHERS.into_iter().max_by(|a, b| auc(a).total_cmp(&auc(b))).expect("others");
    let (own, value) = (figure("mezame"), figure("mezame_value"));
    eprintln!(
        "{name}: {} quiet, {} returned; mezame ({}) AUC {:.3}, best of the others {:.3} ({best}); rev10 of \
         mezame_value {:.3}; predicted / actual {:.2}, slope {:.2}",
        scope.customers,
        scope.returned,
        answer.chosen,
        auc("mezame"),
        auc(best),
        value.top10_revenue.expect("spend"),
        own.level.expect("returns"),
        own.slope.expect("a slope"),
    );
    assert!(auc("mezame") >= auc(best) - WITHIN, "{name}: {} below {} of {best}", auc("mezame"), auc(best));
}

#[test]
fn the_quiet_are_ranked_as_well_as_by_the_best_of_the_others() {
    held_against_the_others("cdnow_full.csv.gz", (1997, 9, 30), 273, 90, 181);
    held_against_the_others("grocery_elog.csv.gz", (2006, 12, 31), 364, 90, 181);
    held_against_the_others("completejourney.csv.gz", (2017, 9, 30), 92, 30, 90);
}
