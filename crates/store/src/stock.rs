//! What customers said of the goods they have left (M038).

use crate::Result;
use crate::db::Conn;
use model::{CallResult, Day, Event, EventKind, ReasonSource};

/// Nobody said how much.
const SOME: i64 = -1;

/// One `Stock` for each time that somebody said so: on the phone, in a survey, to an operator; of all records
/// or of these. `owner` says whose a record is.
pub(crate) fn said(
    conn: &mut Conn,
    records: &Option<Vec<i64>>,
    mut owner: impl FnMut(i64, Day) -> i64,
    each: &mut dyn FnMut(Event),
) -> Result<()> {
    for (select, record) in sources() {
        let mut tell = |row: &crate::db::Row<'_>| {
            let (record, day) = (row.int(0)?, row.day(1)?);
            let value = row.opt_int(2)?.unwrap_or(SOME);
            let customer = owner(record, day);
            each(Event { customer, day, kind: EventKind::Stock, value, categories: 0 });
            Ok(())
        };
        match records {
            None => conn.each(&select, &[], tell)?,
            Some(records) => {
                conn.each_of(&format!("{select} AND {record} IN ({{ids}})"), records, &mut tell)?;
            }
        }
    }
    Ok(())
}

/// What is asked of each table, ending in a condition: record, day, days left; and its column of records. What
/// a survey said stands in its answer, not in the statement beside it.
fn sources() -> [(String, &'static str); 3] {
    let surplus = CallResult::Surplus.code();
    let survey = ReasonSource::Survey.code();
    [
        (
            format!(
                "SELECT c.customer, c.day, CAST(NULL AS BIGINT) FROM calls c
                 WHERE c.undone IS NULL AND (c.left_for <> '' OR c.result = {surplus})
                 AND (c.left_for = 'surplus' OR c.result = {surplus})"
            ),
            "c.customer",
        ),
        (
            "SELECT a.record, a.day, a.stock_days FROM survey_answers a
             WHERE (a.stock_days IS NOT NULL OR a.reason = 'surplus')"
                .to_owned(),
            "a.record",
        ),
        (
            format!(
                "SELECT s.record, s.day, CAST(NULL AS BIGINT) FROM statements s
                 WHERE s.dropped_at IS NULL AND s.reason = 'surplus' AND s.source <> {survey}"
            ),
            "s.record",
        ),
    ]
}
