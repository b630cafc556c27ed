//! Why one customer went quiet, with everything that speaks for it.

use super::column::of_register;
use super::list::{LeftFor, answer, reason_words, reasons, weights};
use crate::App;
use anyhow::Result;
use judgement::{Hint, current, likely};
use model::{ActivityKind, Day, NoteKind, Statement, StopReason};

/// Days back in which touches are pressure, and how many of them are many.
const PRESSURE_DAYS: i64 = 90;
const MANY_TOUCHES: usize = 8;
/// Days without a touch after which somebody is unheard of.
const UNHEARD: i64 = 180;

/// A statement with the words of its reason.
#[derive(Clone, PartialEq, Debug)]
pub struct StatementView {
    pub statement: Statement,
    pub ja: String,
    pub en: String,
    /// They ordered since, so it says nothing any more.
    pub past: bool,
}

/// A reason that is only likely.
#[derive(Clone, PartialEq, Debug)]
pub struct LikelyReason {
    pub id: String,
    pub ja: String,
    pub en: String,
    /// 0..1.
    pub weight: f64,
    /// What was seen.
    pub because_ja: String,
    pub because_en: String,
}

/// Why one customer went quiet.
#[derive(Clone, PartialEq, Debug)]
pub struct PersonReasons {
    /// `None`: not known.
    pub current: Option<StatementView>,
    /// All of them, the newest first.
    pub statements: Vec<StatementView>,
    /// Only where the reason is not known; the likeliest first.
    pub likely: Vec<LikelyReason>,
    /// Why this is the reason, or that none is known, in a sentence.
    pub why_ja: String,
    pub why_en: String,
    /// What they expected and how it was, 1 to 5, as they last answered: with the day (M041).
    pub pair: Option<(u8, u8, Day)>,
    /// What operators heard in interviews and read on social media, the newest first (M043).
    pub notes: Vec<store::StoredNote>,
    /// What may be chosen.
    pub list: Vec<LeftFor>,
    /// The scenario that answers the reason: id, Japanese, English (M034).
    pub scenario: Option<(String, &'static str, &'static str)>,
}

impl App {
    /// Why a customer went quiet.
    pub fn reasons_of(&self, customer: i64) -> Result<PersonReasons> {
        let (settings, snapshot) = (self.settings()?, self.judged()?);
        let list = reasons(&settings)?;
        let row = snapshot.row(customer);
        let last = row.as_ref().and_then(|row| row.history.last_order);
        let mut statements = Vec::new();
        self.inner.store.statements(Some(&[customer]), snapshot.as_of(), &mut |_, s| statements.push(s))?;
        let quiet = row.as_ref().filter(|row| row.judgement.state != model::State::Active);
        statements.extend(quiet.and_then(|row| of_register(&row.history, &settings)));
        let view = |s: &Statement| {
            let (ja, en) = reason_words(&list, &s.reason);
            StatementView { past: last.is_some_and(|last| s.day < last), statement: s.clone(), ja, en }
        };
        let current = current(&statements, last).map(view);
        let likely = match &current {
            None => self.likely_reasons(customer, &list)?,
            Some(_) => vec![],
        };
        let mut views: Vec<StatementView> = statements.iter().map(view).collect();
        views.sort_by_key(|v| std::cmp::Reverse((v.statement.day, v.statement.at)));
        let (why_ja, why_en) = why(current.as_ref(), likely.is_empty());
        let scenario = current.as_ref().and_then(|c| answer(&list, &c.statement.reason));
        let answered = self.inner.store.answers_of(customer)?;
        let pair = answered.iter().find_map(|a| Some((a.expected?, a.evaluated?, a.day)));
        let list = list.into_iter().filter(|r| !r.hidden).collect();
        let heard = |note: &store::StoredNote| {
            matches!(note.kind, NoteKind::Interview | NoteKind::SnsMention | NoteKind::SnsReaction)
        };
        let notes = self.inner.store.notes_of(customer)?.into_iter().filter(heard).collect();
        Ok(PersonReasons { notes, pair, current, statements: views, likely, why_ja, why_en, list, scenario })
    }

    fn likely_reasons(&self, customer: i64, list: &[LeftFor]) -> Result<Vec<LikelyReason>> {
        let hints = self.hints(customer)?;
        let words = |(id, weight, hint): (&str, f64, Hint)| {
            let ((ja, en), (_, because_ja, because_en)) = (reason_words(list, id), hint.words());
            let (because_ja, because_en) = (because_ja.to_owned(), because_en.to_owned());
            LikelyReason { id: id.to_owned(), ja, en, weight, because_ja, because_en }
        };
        Ok(likely(&hints, weights()?).into_iter().map(words).collect())
    }

    /// What is seen of a customer that proves nothing.
    fn hints(&self, customer: i64) -> Result<Vec<Hint>> {
        let (snapshot, now) = (self.judged()?, self.now());
        let (Some(row), Some(person)) = (snapshot.row(customer), self.inner.store.person(customer)?) else {
            return Ok(vec![]);
        };
        let mut touched: Vec<i64> = Vec::new();
        self.inner.store.past_touches(Some(&[customer]), now - UNHEARD * 86_400, &mut |_, _, at| {
            touched.push(at);
        })?;
        let (h, as_of) = (&row.history, snapshot.as_of());
        let lately = touched.iter().filter(|at| **at >= now - PRESSURE_DAYS * 86_400).count();
        let gone =
            |stop: &store::StoredSuppression| stop.reason == StopReason::BadAddress && stop.lifted.is_none();
        let returned = person.activities.iter().any(|a| a.kind == ActivityKind::PostReturned);
        let answered = self.inner.store.answers_of(customer)?;
        let gap = answered.iter().find_map(|a| Some(i32::from(a.expected?) - i32::from(a.evaluated?)));
        let last = person.orders.iter().max_by_key(|o| (o.order.day, o.order.at));
        let hints = [
            (Hint::GoodsLeft, row.outlook.is_some_and(|o| o.stock_left(as_of).is_some())),
            (Hint::Once, h.n_orders == 1),
            (Hint::ManyTouches, lately >= MANY_TOUCHES),
            (Hint::Unheard, touched.is_empty() && h.n_orders > 1 && !spoken(h.last_contact, as_of)),
            (Hint::Returned, last.is_some_and(|o| o.order.refunded.0 > 0)),
            (Hint::ComplaintOpen, h.complaints_open > 0),
            (Hint::BelowExpectation, gap.is_some_and(|gap| gap > 0)),
            (Hint::AddressGone, returned || person.suppressions.iter().any(gone)),
        ];
        Ok(hints.into_iter().filter_map(|(hint, seen)| seen.then_some(hint)).collect())
    }
}

/// Whether somebody talked to them of late.
fn spoken(contact: Option<Day>, as_of: Day) -> bool {
    contact.is_some_and(|day| i64::from(as_of.since(day)) < UNHEARD)
}

/// Why this is the reason, in a sentence.
fn why(current: Option<&StatementView>, nothing: bool) -> (String, String) {
    let Some(view) = current else {
        return match nothing {
            true => (
                "理由は分かっていません。お電話かアンケートでお尋ねください。".to_owned(),
                "The reason is not known. Ask, by a call or a survey.".to_owned(),
            ),
            false => (
                "理由は分かっていません。次のことが考えられますが、ご本人の言葉ではありません。".to_owned(),
                "The reason is not known. What follows is likely, but nobody has said so.".to_owned(),
            ),
        };
    };
    let s = &view.statement;
    let (y, m, d) = s.day.ymd();
    let (said_ja, said_en) =
        if s.source.is_said() { ("による", "by") } else { ("からの推定", "inferred from") };
    let by = if s.by.is_empty() { String::new() } else { format!("、{}", s.by) };
    let sure = (s.confidence * 100.0).round();
    (
        format!("{}{said_ja}({y}/{m:02}/{d:02}{by}、確かさ{sure}%)", s.source.ja()),
        format!(
            "{said_en} {} ({y}-{m:02}-{d:02}{by}, {sure}% sure)",
            s.source.en(),
            by = by.replace('、', ", ")
        ),
    )
}
