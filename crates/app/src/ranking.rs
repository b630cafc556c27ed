//! Whom to wake first: the quiet by expected profit of a touch, and where it stops paying.

use crate::visiting::visit_reason;
use crate::{App, QUIET, RankPoint, RankQuery, RankRow, RankTotals, Ranking, Settings, lock};
use anyhow::{Context, Result};
use history::Snapshot;
use judgement::outlook::{Profit, profit, why};
use model::{Money, Type};
use std::collections::HashSet;
use std::sync::Arc;

/// Points of the curve.
const POINTS: usize = 60;

/// One customer in line.
#[derive(Clone, Copy)]
struct Place {
    index: u32,
    profit: Profit,
    /// Bought regularly before (B), or once (A).
    kind: Type,
    p_return: f64,
}

/// Everybody in line for one question, whatever the budget.
pub(crate) struct Line {
    snapshot: Arc<Snapshot>,
    asked: RankQuery,
    settings: Settings,
    places: Vec<Place>,
    /// Who is left out; no sums yet.
    counted: Ranking,
}

impl App {
    /// The ranking for a question: its sums, its curve and a page of its rows.
    pub fn rank(&self, ask: &RankQuery, from: usize, rows: usize) -> Result<(Ranking, Vec<RankRow>)> {
        let line = self.line(ask)?;
        let ranking = line.ranking(ask.budget);
        let listed = &line.places[..ranking.listed().customers as usize];
        let some = listed.iter().enumerate().skip(from).take(rows);
        let rows = some.map(|(i, place)| line.row(place, i as u64 + 1)).collect::<Result<_>>()?;
        Ok((ranking, rows))
    }

    /// Tells every listed row, in order.
    pub fn each_ranked(
        &self,
        ask: &RankQuery,
        each: &mut dyn FnMut(RankRow) -> Result<()>,
    ) -> Result<Ranking> {
        let line = self.line(ask)?;
        let ranking = line.ranking(ask.budget);
        let listed = &line.places[..ranking.listed().customers as usize];
        for (i, place) in listed.iter().enumerate() {
            each(line.row(place, i as u64 + 1)?)?;
        }
        Ok(ranking)
    }

    fn line(&self, ask: &RankQuery) -> Result<Arc<Line>> {
        let snapshot = self.judged()?;
        let settings = self.settings()?;
        let mut held = lock(&self.inner.ranked);
        let whole = RankQuery { budget: None, ..ask.clone() };
        // Who may be reached changes without a new judgement.
        let same = |l: &&Arc<Line>| {
            Arc::ptr_eq(&l.snapshot, &snapshot)
                && l.asked == whole
                && l.settings == settings
                && !ask.reachable
        };
        if let Some(line) = held.as_ref().filter(same) {
            return Ok(line.clone());
        }
        let line = Arc::new(self.make_line(whole, snapshot, settings)?);
        *held = Some(line.clone());
        Ok(line)
    }

    fn make_line(&self, ask: RankQuery, snapshot: Arc<Snapshot>, settings: Settings) -> Result<Line> {
        let cost = settings.cost_of(ask.channel);
        let beliefs = self.beliefs(&settings)?;
        let condition = match ask.condition.trim() {
            "" => QUIET.to_owned(),
            own => {
                // By itself first: what is wrong is told where it was written, and no bracket of
                // its own ends ours.
                snapshot.select(own)?;
                format!("{QUIET} and ({own})")
            }
        };
        let selection = snapshot.select(&condition)?;
        let reachable = if ask.reachable { Some(self.reachable(&ask)?) } else { None };
        let (mut places, mut counted) = (Vec::new(), Ranking::new(&ask, &snapshot));
        for index in selection.iter() {
            let row = snapshot.row_at(index);
            counted.quiet += 1;
            let Some(outlook) = row.outlook else {
                counted.unknown += 1;
                continue;
            };
            if reachable.as_ref().is_some_and(|all| !all.contains(&row.history.customer)) {
                counted.unreachable += 1;
            } else if outlook.stock_left(snapshot.as_of()).is_some() {
                counted.stocked += 1;
            } else {
                let kind = row.judgement.kind;
                let lift = beliefs.of(ask.channel, kind, row.judgement.long_dormant);
                let raised = settings.raised(row.history.last_visit, snapshot.as_of());
                let profit = profit(&outlook, lift * raised, cost);
                places.push(Place { index, profit, kind, p_return: outlook.p_return });
            }
        }
        // Equal profits stand in the order of customers, as they came.
        places.sort_by_key(|place| std::cmp::Reverse(place.profit.profit));
        Ok(Line { snapshot, asked: ask, settings, places, counted })
    }

    /// Who may be reached by the channel.
    fn reachable(&self, ask: &RankQuery) -> Result<HashSet<i64>> {
        let mut all = HashSet::new();
        self.reach_facts(None, &mut |facts| {
            let open =
                clearance::reach(&facts).iter().any(|(c, verdict)| *c == ask.channel && verdict.is_ok());
            if open {
                all.insert(facts.customer);
            }
        })?;
        Ok(all)
    }
}

impl Line {
    fn ranking(&self, budget: Option<Money>) -> Ranking {
        let mut ranking = Ranking { budget, ..self.counted.clone() };
        ranking.sum_up(&self.places, budget);
        ranking
    }

    fn row(&self, place: &Place, rank: u64) -> Result<RankRow> {
        let (as_of, horizon) = (self.snapshot.as_of(), self.snapshot.policy().horizon);
        let row = self.snapshot.row_at(place.index);
        let outlook = row.outlook.context("a ranked customer has an outlook")?;
        let mut why = why(&row.history, &outlook, as_of, horizon);
        if let Some(visit) = visit_reason(&self.settings, row.history.last_visit, as_of) {
            why.ja += &visit.ja;
            why.en = format!("{} {}", why.en, visit.en);
        }
        Ok(RankRow {
            rank,
            customer: row.history.customer,
            state: row.judgement.state,
            kind: place.kind,
            outlook,
            expected_lift: place.profit.lift,
            cost: place.profit.cost,
            expected_profit: place.profit.profit,
            reason_ja: why.ja,
            reason_en: why.en,
        })
    }
}

impl Ranking {
    fn new(ask: &RankQuery, snapshot: &Snapshot) -> Ranking {
        Ranking {
            as_of: snapshot.as_of(),
            channel: ask.channel,
            horizon: snapshot.policy().horizon,
            budget: None,
            quiet: 0,
            unreachable: 0,
            stocked: 0,
            unknown: 0,
            all: RankTotals::default(),
            pays: RankTotals::default(),
            taken: RankTotals::default(),
            curve: vec![],
        }
    }

    /// The rows of the list: as far as it pays and the budget reaches; without a budget everybody,
    /// the line being drawn after `pays`.
    pub fn listed(&self) -> RankTotals {
        if self.budget.is_some() { self.taken } else { self.all }
    }

    fn sum_up(&mut self, places: &[Place], budget: Option<Money>) {
        let step = places.len().div_ceil(POINTS).max(1);
        let mut sum = RankTotals::default();
        self.curve.push(RankPoint {
            totals: sum,
            marginal: places.first().map_or(Money::ZERO, |p| p.profit.profit),
        });
        let mut open = true;
        for (i, place) in places.iter().enumerate() {
            let Profit { lift, cost, profit } = place.profit;
            open &= budget.is_none_or(|budget| sum.cost + cost <= budget);
            sum.customers += 1;
            sum.regular += u64::from(place.kind == Type::B);
            sum.cost += cost;
            sum.added_orders += lift;
            sum.returns_anyway += place.p_return;
            sum.profit += profit;
            if profit > Money::ZERO {
                self.pays = sum;
            }
            if open {
                self.taken = sum;
            }
            if (i + 1) % step == 0 || i + 1 == places.len() {
                self.curve.push(RankPoint { totals: sum, marginal: profit });
            }
        }
        self.all = sum;
        // Beyond the line a touch costs more than it brings, whatever the budget.
        if self.taken.customers > self.pays.customers {
            self.taken = self.pays;
        }
    }
}
