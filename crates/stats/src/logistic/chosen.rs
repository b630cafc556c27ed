//! The penalty chosen by how well it does on rows held out.

use super::design::Design;
use super::newton::{Fit, fit, held_out, hopeless, newton, start};
use crate::descent::End;
use crate::draw::Draw;

/// A fit whose penalty was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The fit on all rows with the chosen penalty. It fell back if the choice could not be made.
    pub fit: Fit,
    /// (penalty, mean log loss on the rows held out), from the heaviest penalty down; empty where no fold
    /// could be judged.
    pub tried: Vec<(f64, f64)>,
}

/// Fits with the penalty of `grid` that has the least log loss over `folds` random folds. Arguments else as
/// for `fit`.
pub fn fit_chosen(
    x: &[f64],
    p: usize,
    y: &[f64],
    w: Option<&[f64]>,
    grid: &[f64],
    folds: usize,
    seed: u64,
) -> Chosen {
    fit_chosen_in(x, p, y, w, grid, &Draw::new(seed).folds(y.len(), folds))
}

/// The same with the fold of each row given, for rows that belong together (one window, one life): those go
/// into one fold, or the choice is too bold. Equal losses: the heavier penalty.
pub fn fit_chosen_in(
    x: &[f64],
    p: usize,
    y: &[f64],
    w: Option<&[f64]>,
    grid: &[f64],
    fold: &[usize],
) -> Chosen {
    let mut grid: Vec<f64> = grid.iter().copied().filter(|l2| l2.is_finite() && *l2 >= 0.0).collect();
    grid.sort_by(|a, b| b.total_cmp(a));
    let heaviest = grid.first().copied().unwrap_or(1.0);
    let folds = fold.iter().max().map_or(0, |most| most + 1);
    let mut sums = vec![(0.0, 0.0); grid.len()];
    for part in 0..folds {
        let losses = losses_of(x, p, y, w, &grid, fold, part);
        sums.iter_mut().zip(losses).for_each(|(sum, add)| *sum = (sum.0 + add.0, sum.1 + add.1));
    }
    let judged = grid.iter().zip(&sums).filter(|(_, (_, weight))| *weight > 0.0);
    let tried: Vec<(f64, f64)> = judged.map(|(l2, (loss, weight))| (*l2, loss / weight)).collect();
    let best = tried.iter().min_by(|a, b| a.1.total_cmp(&b.1)).map(|(l2, _)| *l2);
    let mut fit = fit(x, p, y, w, best.unwrap_or(heaviest));
    if best.is_none() && fit.end.converged() {
        fit.end = End::FellBack("the penalty could not be chosen: the heaviest was taken".into());
    }
    Chosen { fit, tried }
}

/// Summed loss and weight on one fold, per penalty; each penalty starts from the answer of the one before.
fn losses_of(
    x: &[f64],
    p: usize,
    y: &[f64],
    w: Option<&[f64]>,
    grid: &[f64],
    fold: &[usize],
    part: usize,
) -> Vec<(f64, f64)> {
    let weight = |i: usize| w.map_or(1.0, |w| w.get(i).copied().unwrap_or(0.0));
    let held = |i: usize| fold.get(i) == Some(&part);
    let masked = |keep: bool| -> Vec<f64> {
        (0..y.len()).map(|i| if held(i) == keep { weight(i) } else { 0.0 }).collect()
    };
    let (inside, outside) = (masked(true), masked(false));
    let design = Design::new(x, p, y, Some(&outside));
    if hopeless(&design, 0.0).is_some() {
        return vec![(0.0, 0.0); grid.len()];
    }
    let mut at = start(&design);
    let judge = |l2: &f64| {
        at = newton(&design, *l2, &at, 1e-7).at;
        held_out(&design.line(&at), x, p, y, &inside)
    };
    grid.iter().map(judge).collect()
}
