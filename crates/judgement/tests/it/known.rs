//! Shops of which the truth is known: as many come as was said, as likely as was said.

use crate::books::{Books, TODAY};
use crate::life::Life;
use madeup::{Format, Shop};
use model::Day;
use stats::calibrate::slope_intercept;
use stats::draw::Draw;
use stats::rank::auc;
use std::collections::BTreeMap;

const CUSTOMERS: usize = 4_000;
const YEARS: i32 = 3;
const HORIZON: i32 = 180;
const QUIET: i32 = 89;
const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

/// A buyer as of today: their orders, and the probability of another one within the horizon, given
/// all that is true of them.
struct Buyer {
    life: Life,
    p: f64,
}

/// MBG/NBD (Batislam, Denizel, Filiztekin 2007): a rate of one's own, and a coin of one's own after
/// every order, the first too, that ends it.
fn buyer(draw: &mut Draw) -> Buyer {
    let rate = draw.gamma(0.9, 70.0);
    let stops = draw.beta(0.7, 2.5);
    let mut day = f64::from(TODAY) - draw.uniform() * f64::from(YEARS * 365);
    let mut days = vec![];
    loop {
        days.push(day as i32);
        if draw.chance(stops) {
            return Buyer { life: Life::orders(&days), p: 0.0 };
        }
        day += draw.exponential(rate);
        if day >= f64::from(TODAY + 1) {
            return Buyer { life: Life::orders(&days), p: 1.0 - (-rate * f64::from(HORIZON)).exp() };
        }
    }
}

/// How a shop's quiet customers did.
#[derive(Default)]
struct Figures {
    /// Mean predicted divided by the mean of the truth, and by what was drawn from it.
    level: f64,
    level_drawn: f64,
    slope: f64,
    auc: f64,
    /// Bins whose interval held what was drawn, and the truth; and how many bins.
    held: usize,
    held_truth: usize,
    bins: usize,
}

fn figures(seed: u64) -> Figures {
    let mut draw = Draw::new(seed);
    let buyers: Vec<Buyer> = (0..CUSTOMERS).map(|_| buyer(&mut draw)).collect();
    let truth: Vec<f64> = buyers.iter().map(|b| b.p).collect();
    let books = Books::new(buyers.into_iter().map(|b| b.life));
    let learned = books.learned(&books.plan(TODAY, HORIZON, QUIET));
    let silent = |customer: i64| {
        let (_, life) = &books.people[customer as usize - 1];
        life.history(TODAY).days_silent(Day(TODAY)).expect("an order")
    };
    let mut quiet = books.outlooks(&learned, TODAY);
    quiet.retain(|(customer, _)| silent(*customer) > QUIET);
    quiet.sort_by(|a, b| a.1.p_return.total_cmp(&b.1.p_return));
    let truth: Vec<f64> = quiet.iter().map(|(customer, _)| truth[*customer as usize - 1]).collect();
    let hits: Vec<bool> = truth.iter().map(|p| draw.chance(*p)).collect();
    let p: Vec<f64> = quiet.iter().map(|(_, o)| o.p_return).collect();
    let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
    let rate = |of: &[bool]| of.iter().filter(|hit| **hit).count() as f64 / of.len() as f64;
    let mut found = Figures {
        level: mean(&p) / mean(&truth),
        level_drawn: mean(&p) / rate(&hits),
        slope: slope_intercept(&p, &hits).expect("a slope").slope,
        auc: auc(&p, &hits).expect("an area"),
        ..Figures::default()
    };
    let size = p.len().div_ceil(10);
    for (i, group) in quiet.chunks(size).enumerate() {
        let at = i * size..i * size + group.len();
        let low = mean(&group.iter().map(|(_, o)| o.p_low).collect::<Vec<_>>());
        let high = mean(&group.iter().map(|(_, o)| o.p_high).collect::<Vec<_>>());
        let holds = |rate: f64| usize::from(low <= rate && rate <= high);
        found.held += holds(rate(&hits[at.clone()]));
        found.held_truth += holds(mean(&truth[at]));
        found.bins += 1;
    }
    eprintln!(
        "seed {seed}: chosen {}, {} quiet, {:.1}% came; predicted / truth {:.3}, / drawn {:.3}, slope {:.2}, AUC \
         {:.3} (knowing all {:.3}); of {} bins {} held what was drawn, {} the truth",
        learned.card.chosen,
        p.len(),
        100.0 * rate(&hits),
        found.level,
        found.level_drawn,
        found.slope,
        found.auc,
        auc(&truth, &hits).expect("an area"),
        found.bins,
        found.held,
        found.held_truth
    );
    found
}

#[test]
fn as_many_come_as_was_said() {
    let all = SEEDS.map(figures);
    let mean = |of: fn(&Figures) -> f64| all.iter().map(of).sum::<f64>() / all.len() as f64;
    for level in [mean(|f| f.level), mean(|f| f.level_drawn)] {
        assert!((0.9..=1.1).contains(&level), "{level}");
    }
    assert!((0.8..=1.2).contains(&mean(|f| f.slope)), "{}", mean(|f| f.slope));
    let sum = |of: fn(&Figures) -> usize| all.iter().map(of).sum::<usize>() as f64;
    let (bins, held, truth) = (sum(|f| f.bins), sum(|f| f.held), sum(|f| f.held_truth));
    assert!(held >= 0.6 * bins && truth >= 0.7 * bins, "{held} and {truth} of {bins}");
}

/// The made-up shop: rhythms, gift givers, people who left and people who came back.
fn made_up(seed: u64) -> Books {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = Shop { customers: CUSTOMERS as u64, seed, today: Day(TODAY) };
    let written = shop.write(Format::OrdersCsv, folder.path()).expect("written");
    let text = std::fs::read_to_string(&written.files[0]).expect("orders");
    let mut orders = BTreeMap::<&str, Vec<i32>>::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        orders.entry(cells[1]).or_default().push(cells[2].parse::<Day>().expect("a day").0);
    }
    Books::new(orders.values().map(|days| Life::orders(days)))
}

/// Half a year, a year and a year and a half before the end, of one shop: mean predicted divided by
/// actual, and the slope.
fn made_up_figures(seed: u64) -> Vec<(f64, f64)> {
    let books = made_up(seed);
    let at = |back: i32| {
        let answer = books.tested(TODAY - back, HORIZON, QUIET);
        let quiet = answer.scopes.into_iter().find(|s| s.scope == "quiet").expect("the quiet");
        let own = quiet.scorers.into_iter().find(|f| f.name == "mezame").expect("mezame");
        let (level, slope) = (own.level.expect("returns"), own.slope.expect("a slope"));
        eprintln!(
            "made up, seed {seed}, {back} days back: chosen {}, {} of {} quiet came; predicted / actual {level:.3}, \
             slope {slope:.2}, AUC {:.3}",
            answer.chosen,
            quiet.returned,
            quiet.customers,
            own.auc.expect("an area")
        );
        (level, slope)
    };
    [180, 360, 540].map(at).to_vec()
}

/// Not one law but eleven kinds of people: the quiet are ever more who bought once and never come
/// again, and those who come back after long do so early in the books. So a little too many are
/// expected. The aim is a tenth; the bounds are what is reached, with room.
#[test]
fn about_as_many_come_in_the_made_up_shop() {
    let figures: Vec<(f64, f64)> = SEEDS.into_iter().flat_map(made_up_figures).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| figures.iter().map(of).sum::<f64>() / figures.len() as f64;
    let (level, slope) = (mean(|f| f.0), mean(|f| f.1));
    eprintln!("made up, all: predicted / actual {level:.3}, slope {slope:.2}");
    assert!((0.9..=1.1).contains(&level), "{level}");
    assert!((0.8..=1.2).contains(&slope), "{slope}");
}
