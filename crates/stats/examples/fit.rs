//! Fits BG/NBD and MBG/NBD on a file of lives and says how long it took; `bench/fits.py` reads the answer.
//!
//! `fit PATH [RUNS]`: the file holds x, t_x and T of each life as little-endian `f64`. Every run groups the
//! lives anew; reading the file is not timed.

use serde_json::{Value, json};
use stats::repeat::{BetaGeometric, Life, Lives};
use std::error::Error;
use std::io::Write;
use std::time::Instant;

#[allow(clippy::disallowed_methods, reason = "a program of its own, of two words")]
fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().collect();
    let path = words.get(1).ok_or("fit PATH [RUNS]")?;
    let runs = words.get(2).map_or(Ok(5), |runs| runs.parse::<usize>())?.max(1);
    let lives = read(&std::fs::read(path)?);
    let answer = json!({ "bg_nbd": fits(&lives, false, runs), "mbg_nbd": fits(&lives, true, runs) });
    writeln!(std::io::stdout(), "{answer}")?;
    Ok(())
}

fn read(bytes: &[u8]) -> Vec<Life> {
    let (numbers, _) = bytes.as_chunks::<8>();
    let (triples, _) = numbers.as_chunks::<3>();
    let life = |[x, t_x, t]: &[[u8; 8]; 3]| Life {
        x: f64::from_le_bytes(*x) as u32,
        t_x: f64::from_le_bytes(*t_x),
        t: f64::from_le_bytes(*t),
        litt: 0.0,
    };
    triples.iter().map(life).collect()
}

/// The same fit several times: seconds of each from the plain lives to the parameters, and of the grouping
/// in it.
#[allow(clippy::disallowed_methods, reason = "the answer is how long it took")]
fn fits(lives: &[Life], modified: bool, runs: usize) -> Value {
    let (mut seconds, mut grouping, mut found) = (vec![], vec![], Value::Null);
    for _ in 0..runs {
        let start = Instant::now();
        let grouped = Lives::group(lives.iter().copied());
        grouping.push(start.elapsed().as_secs_f64());
        let fit = BetaGeometric::fit(&grouped, 1, modified);
        seconds.push(start.elapsed().as_secs_f64());
        let m = fit.params;
        found = json!({
            "params": { "r": m.r, "alpha": m.alpha, "a": m.a, "b": m.b },
            "log_likelihood": fit.log_likelihood,
            "converged": fit.end.converged(),
            "evaluations": fit.evaluations,
            "lives": grouped.len(),
            "distinct": grouped.distinct(),
        });
    }
    found["runs"] = json!(seconds);
    found["grouping"] = json!(grouping);
    found
}
