//! Orders that followed a touch: what they may say of why somebody had stayed away (M036).

use crate::db::params;
use crate::{Counting, Result, Store};
use model::Day;

/// An order that came within some days of a touch, and that no statement speaks of yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Return {
    /// Who they are now.
    pub person: i64,
    pub order: i64,
    pub ordered: Day,
    /// Unix seconds.
    pub touched: i64,
    /// The last order before the touch; `None`: there was none.
    pub before: Option<Day>,
}

impl Store {
    /// Orders within so many days of a touch of these steps of a campaign that went out since a moment.
    pub fn returns_after(
        &self,
        campaign: i64,
        steps: &[u16],
        (since, days): (i64, i64),
        counting: &Counting,
    ) -> Result<Vec<Return>> {
        if steps.is_empty() {
            return Ok(vec![]);
        }
        let counts = |o: &str| {
            let zero = if counting.zero { String::new() } else { format!("AND {o}.total > 0") };
            format!("{o}.kind = 0 AND {o}.standing <= {} {zero}", i64::from(counting.pending))
        };
        let steps: Vec<String> = steps.iter().map(u16::to_string).collect();
        let sql = format!(
            "SELECT r.customer, o.id, o.day, COALESCE(t.settled, t.due),
             (SELECT MAX(b.day) FROM orders b JOIN records q ON q.id = b.record
              WHERE q.customer = r.customer AND b.at < COALESCE(t.settled, t.due) AND {})
             FROM touches t JOIN records r ON r.id = t.customer JOIN records a ON a.customer = r.customer
             JOIN orders o ON o.record = a.id
             WHERE t.campaign = ?1 AND t.step IN ({}) AND t.state IN (2, 3, 6) AND COALESCE(t.settled, t.due) >= ?2
             AND o.at > COALESCE(t.settled, t.due) AND o.at <= COALESCE(t.settled, t.due) + ?3 AND {}
             AND NOT EXISTS (SELECT 1 FROM statements s WHERE s.proof = 'return:' || CAST(o.id AS TEXT))
             ORDER BY o.id, 4 DESC",
            counts("b"),
            steps.join(","),
            counts("o")
        );
        self.db.read(|conn| {
            conn.all(&sql, params![campaign, since, days * 86_400], |row| {
                Ok(Return {
                    person: row.int(0)?,
                    order: row.int(1)?,
                    ordered: row.day(2)?,
                    touched: row.int(3)?,
                    before: row.opt_day(4)?,
                })
            })
        })
    }
}
