//! What follows from what came of a call: one table, without a clock or a database.

use model::{ActivityKind, CallResult, Channel, StopReason};
use store::{CallStop, Ended, StopOf};

/// The call that is not answered this time is the last (M107).
pub(crate) const CALLS: u32 = 3;
/// Hung up on so often, it is a refusal (L-12).
pub(crate) const HANG_UPS: u32 = 2;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// What a caller says of a call, and what was known before it.
pub(crate) struct Told<'a> {
    pub result: CallResult,
    pub company: bool,
    /// Calls of this touch that were not answered before.
    pub unanswered: u32,
    /// Times this person hung up before.
    pub hung_up: u32,
    pub now: i64,
    /// When they want to be called, or the next action is due.
    pub at: Option<i64>,
    /// The next action in the caller's own words; empty for none beside what the result asks for.
    pub next: &'a str,
}

/// Everything that follows.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Effects {
    pub ended: Ended,
    pub stops: Vec<CallStop>,
    /// What the timeline keeps it as; `None`: they were not spoken to.
    pub told: Option<ActivityKind>,
    /// What to do, by when.
    pub tasks: Vec<(String, i64)>,
}

/// What follows. `open` moves a moment into the hours in which this customer may be called.
///
/// # Errors
/// Japanese and English, where something is missing: a call back without its time.
pub(crate) fn effects(
    told: &Told<'_>,
    open: &dyn Fn(i64) -> i64,
) -> Result<Effects, (&'static str, &'static str)> {
    let refused = told.result == CallResult::HungUp && told.hung_up + 1 >= HANG_UPS;
    let mut effects = Effects {
        ended: ended(told, open)?,
        stops: stops(if refused { CallResult::Refused } else { told.result }, told.company),
        told: activity(told.result),
        tasks: vec![],
    };
    let asked = told.at.unwrap_or(told.now + DAY);
    if let Some((what, after)) = task(told.result, told.company) {
        // A next action of the caller's own has the date; what the law wants is not put off.
        let due = if after == 0 { asked } else { told.now + after };
        effects.tasks.push((what.to_owned(), due));
    }
    if !told.next.trim().is_empty() {
        effects.tasks.push((told.next.trim().to_owned(), asked));
    }
    Ok(effects)
}

fn ended(told: &Told<'_>, open: &dyn Fn(i64) -> i64) -> Result<Ended, (&'static str, &'static str)> {
    Ok(match told.result {
        CallResult::Absent | CallResult::Family if told.unanswered + 1 >= CALLS => Ended::Failed("no_answer"),
        // Another hour of the same day, then another day.
        CallResult::Absent | CallResult::Family if told.unanswered == 0 => {
            Ended::Again(open(told.now + 4 * HOUR))
        }
        CallResult::Absent | CallResult::Family => Ended::Again(open(told.now + DAY + 2 * HOUR)),
        CallResult::CallBack => match told.at.filter(|at| *at > told.now) {
            Some(at) => Ended::Again(open(at)),
            None => {
                return Err((
                    "折返しの日時を、これからの日時で入れてください",
                    "say when to call back, a time to come",
                ));
            }
        },
        CallResult::DeadNumber | CallResult::WrongPerson => Ended::Failed("bad_number"),
        _ => Ended::Sent,
    })
}

fn stops(result: CallResult, company: bool) -> Vec<CallStop> {
    let stop = |of, channel, reason, rule| CallStop { of, channel, reason, rule };
    match result {
        // L-48: a company's refusal counts like a person's.
        CallResult::Refused => {
            let rule = if company { "L-48" } else { "L-12" };
            [StopOf::Person, StopOf::Number]
                .map(|of| stop(of, Some(Channel::Phone), StopReason::PhoneRefusal, rule))
                .into()
        }
        CallResult::DeadNumber | CallResult::WrongPerson => [Channel::Phone, Channel::Sms]
            .map(|channel| stop(StopOf::Number, Some(channel), StopReason::BadAddress, "bad_number"))
            .into(),
        CallResult::Deceased => vec![stop(StopOf::Person, None, StopReason::Deceased, "deceased")],
        CallResult::Retired => vec![stop(StopOf::Person, None, StopReason::Excluded, "excluded")],
        CallResult::Complaint => vec![stop(StopOf::Person, None, StopReason::Complaint, "L-43")],
        _ => vec![],
    }
}

/// Only a talk is a contact: what nobody answered must not look like one.
fn activity(result: CallResult) -> Option<ActivityKind> {
    match result {
        CallResult::Reached
        | CallResult::CallBack
        | CallResult::Moved
        | CallResult::Retired
        | CallResult::Deal
        | CallResult::Surplus => Some(ActivityKind::Contact),
        CallResult::Complaint => Some(ActivityKind::ComplaintOpened),
        _ => None,
    }
}

/// The next action that a result asks for, and within how many seconds; 0: when the caller says, else a day.
fn task(result: CallResult, company: bool) -> Option<(&'static str, i64)> {
    Some(match result {
        CallResult::CallBack => ("折返しのお電話", 0),
        CallResult::Deal if company => ("案件の次の一手（見積・日程）", 0),
        // L-14: without delay; the eight days of cooling-off begin with the papers.
        CallResult::Deal => {
            ("書面の交付と、クーリング・オフ（8日間）のご案内（特商法18条・19条・24条）", DAY)
        }
        CallResult::Complaint => ("苦情への対応", 4 * HOUR),
        CallResult::Moved => ("異動先の部署と連絡先を確かめて登録", 0),
        CallResult::Retired => ("後任の方を確かめて登録", 0),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000_000;

    fn told(result: CallResult) -> Told<'static> {
        Told { result, company: false, unanswered: 0, hung_up: 0, now: NOW, at: None, next: "" }
    }

    /// A line for a result: what becomes of the touch, what is closed, what the timeline keeps, what is to do.
    fn shown(told: &Told<'_>) -> String {
        let Ok(e) = effects(told, &|at| at) else { return "?".to_owned() };
        let ended = match e.ended {
            Ended::Sent => "done".to_owned(),
            Ended::Failed(rule) => rule.to_owned(),
            Ended::Again(at) => format!("+{}h", (at - NOW) / HOUR),
            Ended::InDoubt => "doubt".to_owned(),
        };
        let stop = |s: &CallStop| {
            let of = if s.of == StopOf::Person { "person" } else { "number" };
            format!("{of}/{}/{}/{}", s.channel.map_or("all", Channel::word), s.reason.word(), s.rule)
        };
        let stops: Vec<String> = e.stops.iter().map(stop).collect();
        let tasks: Vec<String> = e
            .tasks
            .iter()
            .map(|(w, at)| format!("{}+{}h", w.chars().take(2).collect::<String>(), (at - NOW) / HOUR))
            .collect();
        format!("{ended} | {} | {} | {}", stops.join(" "), e.told.map_or("-", |k| k.word()), tasks.join(" "))
    }

    /// M107, M156, L-12, L-14, L-48: every result with all that follows.
    #[test]
    fn every_result_and_what_follows() {
        use CallResult::*;
        let refusal = "person/phone/phone_refusal/L-12 number/phone/phone_refusal/L-12";
        let dead =
            "bad_number | number/phone/bad_address/bad_number number/sms/bad_address/bad_number | - | ";
        let table: Vec<(Told<'_>, String)> = vec![
            (told(Reached), "done |  | contact | ".into()),
            (Told { next: "カタログを送る", ..told(Reached) }, "done |  | contact | カタ+24h".into()),
            (
                Told { next: "見積", at: Some(NOW + 7_200), ..told(Reached) },
                "done |  | contact | 見積+2h".into(),
            ),
            (told(Absent), "+4h |  | - | ".into()),
            (Told { unanswered: 1, ..told(Absent) }, "+26h |  | - | ".into()),
            (Told { unanswered: 2, ..told(Absent) }, "no_answer |  | - | ".into()),
            (Told { unanswered: 2, ..told(Family) }, "no_answer |  | - | ".into()),
            (told(CallBack), "?".into()),
            (Told { at: Some(NOW - 1), ..told(CallBack) }, "?".into()),
            (Told { at: Some(NOW + 3 * HOUR), ..told(CallBack) }, "+3h |  | contact | 折返+3h".into()),
            (told(Moved), "done |  | contact | 異動+24h".into()),
            (told(Retired), "done | person/all/excluded/excluded | contact | 後任+24h".into()),
            (told(Refused), format!("done | {refusal} | - | ")),
            (
                Told { company: true, ..told(Refused) },
                format!("done | {} | - | ", refusal.replace("L-12", "L-48")),
            ),
            (told(HungUp), "done |  | - | ".into()),
            (Told { hung_up: 1, ..told(HungUp) }, format!("done | {refusal} | - | ")),
            (told(DeadNumber), dead.into()),
            (told(WrongPerson), dead.into()),
            (told(Deal), "done |  | contact | 書面+24h".into()),
            (Told { company: true, ..told(Deal) }, "done |  | contact | 案件+24h".into()),
            (told(Deceased), "done | person/all/deceased/deceased | - | ".into()),
            (told(Family), "+4h |  | - | ".into()),
            (told(Surplus), "done |  | contact | ".into()),
            (told(Complaint), "done | person/all/complaint/L-43 | complaint_opened | 苦情+4h".into()),
        ];
        for (told, expected) in &table {
            assert_eq!(shown(told), *expected, "{:?}", told.result);
            let stops = effects(told, &|at| at).map_or(vec![], |e| e.stops);
            assert!(stops.iter().all(|s| clearance::rule(s.rule).is_some()), "a rule without words");
        }
        let all = CallResult::ALL.iter().all(|r| table.iter().any(|(t, _)| t.result == *r));
        assert!(all, "every result has a row");
    }

    #[test]
    fn what_is_tried_again_is_tried_in_open_hours() {
        let late = Told { at: Some(NOW + 60), ..told(CallResult::CallBack) };
        for told in [&told(CallResult::Absent), &late] {
            assert_eq!(
                effects(told, &|at| at.max(NOW + 50 * HOUR)).expect("effects").ended,
                Ended::Again(NOW + 50 * HOUR)
            );
        }
    }
}
