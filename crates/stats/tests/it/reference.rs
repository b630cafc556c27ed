//! Published and reference values: every model refitted on real shops, every quoted customer scored. The
//! data and `reference.json` stand outside of the project; where they are absent the tests say so and pass.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "deviations are worth reading, and helpers may fail"
)]

use flate2::read::GzDecoder;
use serde_json::Value;
use stats::repeat::{BetaGeometric, End, Fit, GammaGamma, Life, Lives, Nbd, ParetoNbd};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

/// (set in reference.json, order file, last day of the fit)
const SHOPS: [(&str, &str, [i64; 3]); 3] = [
    ("cdnow_sample (from event log, exact days/7)", "cdnow_sample.csv.gz", [1997, 9, 30]),
    ("grocery_elog", "grocery_elog.csv.gz", [2006, 12, 31]),
    ("cdnow_full", "cdnow_full.csv.gz", [1997, 9, 30]),
];

fn data(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("not present: ../shared/data/{name}");
    None
}

fn reference() -> Option<Value> {
    Some(serde_json::from_str(&std::fs::read_to_string(data("reference.json")?).unwrap()).unwrap())
}

/// Days since a fixed day of a proleptic Gregorian date (Hinnant's days_from_civil).
fn day([year, month, day]: [i64; 3]) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, month) = (year.div_euclid(400), (month + 9) % 12);
    let of_era = year - era * 400;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 + day
}

/// For each buyer the days with orders up to the cut, with what was spent.
fn order_days(file: &str, cut: i64) -> Option<Vec<BTreeMap<i64, f64>>> {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(data(file)?).unwrap()).read_to_string(&mut text).unwrap();
    let mut buyers: BTreeMap<u64, BTreeMap<i64, f64>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let date: Vec<i64> = cells[1].split('-').map(|part| part.parse().unwrap()).collect();
        let date = day([date[0], date[1], date[2]]);
        if date <= cut {
            *buyers.entry(cells[0].parse().unwrap()).or_default().entry(date).or_insert(0.0) +=
                cells[2].parse::<f64>().unwrap();
        }
    }
    Some(buyers.into_values().collect())
}

fn life(days: &BTreeMap<i64, f64>, cut: i64) -> Life {
    let days: Vec<i64> = days.keys().copied().collect();
    let weeks = |from: i64, to: i64| (to - from) as f64 / 7.0;
    Life {
        x: days.len() as u32 - 1,
        t_x: weeks(days[0], days[days.len() - 1]),
        t: weeks(days[0], cut),
        litt: days.windows(2).map(|gap| weeks(gap[0], gap[1]).ln()).sum(),
    }
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("no number {key} in {value}"))
}

/// Either family of models behind the names of reference.json.
enum Model {
    Beta(BetaGeometric),
    Pareto(ParetoNbd),
}

impl Model {
    fn named(name: &str, params: &Value) -> Model {
        let [r, alpha] = ["r", "alpha"].map(|key| number(params, key));
        if name == "Pareto/NBD" {
            return Model::Pareto(ParetoNbd {
                r,
                alpha,
                s: number(params, "s"),
                beta: number(params, "beta"),
            });
        }
        let k = name.rsplit_once("CNBD-").map_or(1, |(_, k)| k.parse().unwrap());
        let (a, b) = (number(params, "a"), number(params, "b"));
        Model::Beta(BetaGeometric { k, modified: name.starts_with("MBG"), r, alpha, a, b })
    }

    fn params(&self) -> [f64; 4] {
        match *self {
            Model::Beta(m) => [m.r, m.alpha, m.a, m.b],
            Model::Pareto(m) => [m.r, m.alpha, m.s, m.beta],
        }
    }

    fn refit(&self, lives: &Lives) -> (Model, f64, End) {
        fn parts<P>(fit: Fit<P>, wrap: fn(P) -> Model) -> (Model, f64, End) {
            (wrap(fit.params), fit.log_likelihood, fit.end)
        }
        match self {
            Model::Beta(m) => parts(BetaGeometric::fit(lives, m.k, m.modified), Model::Beta),
            Model::Pareto(_) => parts(ParetoNbd::fit(lives), Model::Pareto),
        }
    }

    fn log_likelihood(&self, lives: &Lives) -> f64 {
        match self {
            Model::Beta(m) => m.log_likelihood(lives),
            Model::Pareto(m) => m.log_likelihood(lives),
        }
    }

    /// ll, p_alive, p_buy, expected.
    fn score(&self, life: &Life, h: f64) -> [f64; 4] {
        match self {
            Model::Beta(m) => [m.ln_likelihood(life), m.p_alive(life), m.p_buy(life, h), m.expected(life, h)],
            Model::Pareto(m) => {
                [m.ln_likelihood(life), m.p_alive(life), m.p_buy(life, h), m.expected(life, h)]
            }
        }
    }
}

/// The largest deviations seen.
#[derive(Default, Clone, Copy)]
struct Worst {
    parameter: f64,
    likelihood: f64,
    sum: f64,
    each: f64,
}

impl Worst {
    fn with(self, other: Worst) -> Worst {
        Worst {
            parameter: self.parameter.max(other.parameter),
            likelihood: self.likelihood.max(other.likelihood),
            sum: self.sum.max(other.sum),
            each: self.each.max(other.each),
        }
    }

    fn said(&self) -> String {
        format!(
            "parameters {:.1e} relative, log-likelihood {:.1e}, sums {:.1e} relative, single lives {:.1e}",
            self.parameter, self.likelihood, self.sum, self.each
        )
    }
}

fn relative(found: f64, wanted: f64) -> f64 {
    (found / wanted - 1.0).abs()
}

/// The quoted customers of a set at the reference parameters, to 1e-6.
fn check_single_lives(what: &str, model: &Model, reference: &Value, h: f64) -> f64 {
    let mut worst: f64 = 0.0;
    for quoted in reference["customers"].as_array().map_or(&[][..], |all| all) {
        let [x, t_x, t, litt] = ["x", "tx", "T", "litt"].map(|key| number(quoted, key));
        let scored = model.score(&Life { x: x as u32, t_x, t, litt }, h);
        for (found, key) in scored.into_iter().zip(["ll", "p_alive", "p_buy_h", "cet_h"]) {
            let off = (found - number(quoted, key)).abs();
            assert!(off < 1e-6, "{what}, buyer {}: {key} {found}, not {}", quoted["cust"], quoted[key]);
            worst = worst.max(off);
        }
    }
    worst
}

/// Refits a model: parameters, log-likelihood, sums over all lives.
fn check_fit(what: &str, model: &Model, reference: &Value, lives: &[Life], h: f64) -> Worst {
    let (refit, log_likelihood, end) = model.refit(&Lives::group(lives.iter().copied()));
    assert_eq!(end, End::Converged, "{what}");
    let close = if matches!(model, Model::Pareto(_)) { 1e-3 } else { 1e-4 };
    let mut worst =
        Worst { likelihood: (log_likelihood - number(reference, "ll")).abs(), ..Worst::default() };
    for (found, wanted) in refit.params().into_iter().zip(model.params()) {
        worst.parameter = worst.parameter.max(relative(found, wanted));
    }
    let at_reference = model.log_likelihood(&Lives::group(lives.iter().copied()));
    worst.likelihood = worst.likelihood.max((at_reference - number(reference, "ll")).abs());
    for (column, key) in ["sum_p_alive", "sum_p_buy_h", "sum_cet_h"].into_iter().enumerate() {
        let Some(wanted) = reference[key].as_f64() else { continue };
        let sum: f64 = lives.iter().map(|life| model.score(life, h)[column + 1]).sum();
        worst.sum = worst.sum.max(relative(sum, wanted));
    }
    assert!(worst.parameter < close, "{what}: {:?}, not {:?}", refit.params(), model.params());
    assert!(
        worst.likelihood < 1e-3,
        "{what}: {log_likelihood}, {at_reference} at the reference's parameters"
    );
    assert!(worst.sum < 1e-8, "{what}: {}", worst.said());
    worst
}

#[test]
fn fits_and_scores_agree_with_the_reference() {
    let Some(reference) = reference() else { return };
    let mut all = Worst::default();
    let mut models = 0;
    for (set, held) in reference.as_object().unwrap() {
        let Some(h) = held["horizon_weeks"].as_f64() else { continue };
        let shop = SHOPS.iter().find(|(name, ..)| name == set);
        let lives = shop.and_then(|(_, file, cut)| {
            let cut = day(*cut);
            Some(order_days(file, cut)?.iter().map(|days| life(days, cut)).collect::<Vec<Life>>())
        });
        if let Some(lives) = &lives {
            let sum = |part: fn(&Life) -> f64| lives.iter().map(part).sum::<f64>();
            assert_eq!(lives.len() as f64, number(held, "n"), "{set}");
            let sums = [sum(|l| f64::from(l.x)), sum(|l| l.t_x), sum(|l| l.t), sum(|l| l.litt)];
            for (found, key) in sums.into_iter().zip(["sum_x", "sum_tx", "sum_T", "sum_litt"]) {
                assert!(
                    relative(found, number(held, key)) < 1e-10,
                    "{set}: {key} {found}, not {}",
                    held[key]
                );
            }
        }
        let mut worst = Worst::default();
        for (name, held) in held.as_object().unwrap().iter().filter(|(_, held)| held["params"].is_object()) {
            let (what, model) = (format!("{set}, {name}"), Model::named(name, &held["params"]));
            worst.each = worst.each.max(check_single_lives(&what, &model, held, h));
            if let Some(lives) = &lives {
                worst = worst.with(check_fit(&what, &model, held, lives, h));
            }
            models += 1;
        }
        let refitted = if lives.is_some() { "refitted" } else { "single lives only" };
        println!("{set} ({refitted}): {}", worst.said());
        all = all.with(worst);
    }
    println!("largest deviation: {} ({models} models)", all.said());
    assert!(models >= 36, "only {models} models in the reference");
}

#[test]
fn gamma_gamma_agrees_with_the_reference() {
    let Some(reference) = reference() else { return };
    let sources = [
        ("cdnow sample (event log, repeat purchase-day means)", "cdnow_sample.csv.gz"),
        ("cdnow full", "cdnow_full.csv.gz"),
    ];
    for (set, held) in reference["GammaGamma"].as_object().unwrap() {
        let [p, q, gamma] = ["p", "q", "gamma"].map(|key| number(held, key));
        let model = GammaGamma { p, q, gamma };
        let mut worst: f64 = 0.0;
        for (row, wanted) in held["xm"].as_array().unwrap().iter().zip(held["first3"].as_array().unwrap()) {
            let found = model.expected_mean(row[0].as_f64().unwrap() as u32, row[1].as_f64().unwrap());
            worst = worst.max((found - wanted.as_f64().unwrap()).abs());
        }
        assert!(worst < 1e-6, "{set}: expected means off by {worst}");
        let Some((_, file)) = sources.iter().find(|(name, _)| name == set) else { continue };
        let Some(buyers) = order_days(file, day([1997, 9, 30])) else { continue };
        let rows: Vec<(u32, f64)> = buyers
            .iter()
            .map(|days| {
                (days.len() as u32 - 1, days.values().skip(1).sum::<f64>() / (days.len() as f64 - 1.0))
            })
            .filter(|&(x, mean)| x > 0 && mean > 0.0)
            .collect();
        assert_eq!(rows.len() as f64, number(held, "n"), "{set}");
        let fit = GammaGamma::fit(&rows);
        assert_eq!(fit.end, End::Converged, "{set}");
        let off = [(fit.params.p, p), (fit.params.q, q), (fit.params.gamma, gamma)];
        let parameter = off.iter().fold(0.0_f64, |most, &(found, wanted)| most.max(relative(found, wanted)));
        let likelihood = (fit.log_likelihood - number(held, "ll")).abs();
        println!("Gamma-Gamma, {set}: parameters {parameter:.1e} relative, log-likelihood {likelihood:.1e}");
        assert!(parameter < 1e-4 && likelihood < 1e-3, "{set}: {:?} {}", fit.params, fit.log_likelihood);
    }
}

/// R's BTYDplus 1.2.0 on its grocery data: r 0.420320, alpha 5.245107, log-likelihood -16376.8639.
#[test]
fn nbd_agrees_with_btydplus() {
    let cut = day([2006, 12, 31]);
    let Some(buyers) = order_days("grocery_elog.csv.gz", cut) else { return };
    let fit = Nbd::fit(&Lives::group(buyers.iter().map(|days| life(days, cut))));
    assert_eq!(fit.end, End::Converged);
    println!("NBD on grocery: {:?}, log-likelihood {:.4}", fit.params, fit.log_likelihood);
    assert!(relative(fit.params.r, 0.420320) < 1e-4, "{fit:?}");
    assert!(relative(fit.params.alpha, 5.245107) < 1e-4, "{fit:?}");
    assert!((fit.log_likelihood + 16_376.863_9).abs() < 1e-3, "{fit:?}");
}

/// Fader, Hardie & Lee (2005) as printed: BG/NBD on CDNOW 0.243, 4.414, 0.793, 2.426, log-likelihood
/// -9582.4; customer 4 (x 2, t.x 30.43, T 38.86) is expected to buy 1.226 times in the next 39 weeks.
#[test]
fn the_published_example_holds() {
    let model = BetaGeometric { k: 1, modified: false, r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    let life = Life { x: 2, t_x: 30.43, t: 38.86, litt: 0.0 };
    assert!((model.expected(&life, 39.0) - 1.226).abs() < 1e-3, "{}", model.expected(&life, 39.0));
    assert!((model.p_alive(&life) - 0.7266).abs() < 1e-3, "{}", model.p_alive(&life));
}
