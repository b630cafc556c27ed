//! The board: every count that answers "who is asleep", each with the segment that finds its people.

use crate::{App, Board, Cell, MonthRow, describe, lock, state_condition};
use anyhow::Result;
use history::{Count, Snapshot, Totals};
use model::{Cpm, Day, Silent, State, Type};
use std::sync::Arc;

/// Months of flow on the board.
const MONTHS: usize = 24;

/// People silent this long are in one of the four categories (M053).
const SILENT_DAYS: i32 = 181;

/// The board of one snapshot, kept while the snapshot is.
pub(crate) struct Drawn {
    snapshot: Arc<Snapshot>,
    board: Board,
}

impl App {
    /// The board as of today (or the held day).
    pub fn board(&self) -> Result<Board> {
        let snapshot = self.judged()?;
        let mut board = self.drawn(&snapshot)?;
        // These change without a new judgement.
        for (name, condition) in self.segments()? {
            let selection = snapshot.select(&condition)?;
            let (customers, spend) = (selection.len() as u64, snapshot.spend(&selection));
            board.segments.push(Cell {
                ja: name.clone(),
                en: name.clone(),
                word: name,
                customers,
                spend,
                condition,
            });
        }
        board.latest_order = self.inner.store.latest_order()?;
        board.suggestions = self.inner.store.suggestions(0, 0)?.0;
        Ok(board)
    }

    /// The part of the board that follows from the snapshot alone.
    fn drawn(&self, snapshot: &Arc<Snapshot>) -> Result<Board> {
        let mut held = lock(&self.inner.drawn);
        if let Some(known) = held.as_ref().filter(|d| Arc::ptr_eq(&d.snapshot, snapshot)) {
            return Ok(known.board.clone());
        }
        let board = self.draw(snapshot)?;
        *held = Some(Drawn { board: board.clone(), snapshot: snapshot.clone() });
        Ok(board)
    }

    fn draw(&self, snapshot: &Snapshot) -> Result<Board> {
        let totals = |condition: &str| Ok::<_, anyhow::Error>(snapshot.totals(&snapshot.select(condition)?));
        let all = totals("")?;
        let silent = totals(&format!("days_silent >= {SILENT_DAYS}"))?;
        let dormant = totals(&state_condition(State::Dormant))?;
        let policy = snapshot.policy();
        let (policy_ja, policy_en) = describe(policy);
        let (spend_ja, spend_en) = self.settings()?.spend_words();
        let month = |m: history::Month| MonthRow {
            month: Day::first_of_month(m.index).unwrap_or(snapshot.as_of()),
            opening: m.opening,
            new: m.new,
            reactivated: m.reactivated,
            lapsed: m.lapsed,
            closing: m.closing,
        };
        Ok(Board {
            as_of: snapshot.as_of(),
            policy: policy.name.clone(),
            policy_version: policy.version,
            policy_ja,
            policy_en,
            customers: all.customers,
            spend: all.spend,
            spend_ja: spend_ja.to_owned(),
            spend_en: spend_en.to_owned(),
            newly_dormant: cell(
                all.newly_dormant,
                "newly_dormant",
                "今日新たに休眠",
                "newly dormant today",
                "newly_dormant = true",
            ),
            long_dormant: cell(
                all.long_dormant,
                "long_dormant",
                "長期休眠",
                "long dormant",
                "long_dormant = true",
            ),
            states: states(&all),
            stages: stages(&all),
            silent: silent_categories(&silent),
            types: types(&dormant),
            cpm: cpm(&all),
            rfm: rfm(&all),
            deciles: deciles(&all),
            movement: snapshot.movement(MONTHS).into_iter().map(month).collect(),
            segments: Vec::new(),
            latest_order: None,
            suggestions: 0,
        })
    }
}

fn cell(count: Count, word: &str, ja: &str, en: &str, condition: &str) -> Cell {
    Cell {
        word: word.to_owned(),
        ja: ja.to_owned(),
        en: en.to_owned(),
        customers: count.customers,
        spend: count.spend,
        condition: condition.to_owned(),
    }
}

fn states(t: &Totals) -> Vec<Cell> {
    t.states.iter().map(|&(s, n)| cell(n, s.word(), s.ja(), s.en(), &state_condition(s))).collect()
}

fn stages(t: &Totals) -> Vec<Cell> {
    t.stages
        .iter()
        .map(|&(s, n)| cell(n, s.word(), s.ja(), s.en(), &format!("stage = '{}'", s.word())))
        .collect()
}

fn silent_categories(t: &Totals) -> Vec<Cell> {
    let named = t.silent.iter().filter(|(s, _)| *s != Silent::None);
    let one = |&(s, n): &(Silent, Count)| {
        let condition = format!("silent_category = '{}' AND days_silent >= {SILENT_DAYS}", s.word());
        cell(n, s.word(), s.ja(), s.en(), &condition)
    };
    named.map(one).collect()
}

fn types(t: &Totals) -> Vec<Cell> {
    let named = t.types.iter().filter(|(t, _)| *t != Type::None);
    named
        .map(|&(t, n)| {
            cell(n, t.word(), t.ja(), t.en(), &format!("state = 'dormant' AND type = '{}'", t.word()))
        })
        .collect()
}

fn cpm(t: &Totals) -> Vec<Cell> {
    let one = |&(c, gone, n): &(Cpm, bool, Count)| {
        let (word, ja, en) = match gone {
            false => (c.word().to_owned(), format!("{}現役", c.ja()), format!("{}, current", c.en())),
            true => (format!("{}_gone", c.word()), format!("{}離脱", c.ja()), format!("{}, gone", c.en())),
        };
        cell(n, &word, &ja, &en, &format!("cpm = '{}' AND cpm_gone = {gone}", c.word()))
    };
    t.cpm.iter().filter(|(c, _, _)| *c != Cpm::None).map(one).collect()
}

fn rfm(t: &Totals) -> Vec<Vec<Cell>> {
    let one = |r: usize, f: usize| {
        let count = Count { customers: t.rfm[r - 1][f - 1].iter().sum(), ..Count::default() };
        cell(
            count,
            &format!("r{r}f{f}"),
            &format!("R{r}・F{f}"),
            &format!("R{r}, F{f}"),
            &format!("r = {r} AND f = {f}"),
        )
    };
    (1..=5).rev().map(|r| (1..=5).map(|f| one(r, f)).collect()).collect()
}

fn deciles(t: &Totals) -> Vec<Cell> {
    let one = |d: usize| {
        cell(
            t.deciles[d],
            &d.to_string(),
            &format!("第{d}デシル"),
            &format!("decile {d}"),
            &format!("decile = {d}"),
        )
    };
    (1..=10).map(one).collect()
}
