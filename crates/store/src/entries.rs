//! Campaigns that customers enter one by one, on the day something happens to them.

use crate::db::{V, params};
use crate::plans::PlanRow;
use crate::{Result, Store};
use model::{ActivityKind, Day};
use std::collections::BTreeMap;

/// Somebody whose step has fallen due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// As assigned.
    pub customer: i64,
    pub variant: u8,
    /// Expected profit, hundredths.
    pub value: i64,
    /// Who they are now.
    pub person: i64,
    pub entered: Day,
}

impl Store {
    /// Adds to an approved plan those who enter it on a day; whoever is in it stays as they were.
    /// Returns how many were new.
    pub fn enter(&self, plan: i64, rows: &[PlanRow], day: Day) -> Result<u64> {
        let sql = "INSERT INTO assignments (plan, customer, arm, variant, stratum, p_return, profit, kind, rule, entered)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING";
        let mut new = 0;
        for some in rows.chunks(1_000) {
            new += self.db.write(|conn| {
                let mut new = 0;
                for row in some {
                    let a = &row.assignment;
                    let values: [V<'_>; 10] = [
                        plan.into(),
                        a.customer.into(),
                        i64::from(a.arm.code()).into(),
                        i64::from(a.variant).into(),
                        i64::from(a.stratum).into(),
                        Some(a.p_return).into(),
                        a.profit.into(),
                        i64::from(row.kind.code()).into(),
                        a.rule.as_str().into(),
                        i64::from(day.0).into(),
                    ];
                    new += conn.exec(sql, &values)?;
                }
                Ok(new)
            })?;
        }
        Ok(new)
    }

    /// Treated customers, by number after `after`, who entered up to a day and have no touch of the step yet.
    pub fn due_entries(
        &self,
        campaign: i64,
        plan: i64,
        step: u16,
        up_to: Day,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Due>> {
        let sql = "SELECT a.customer, a.variant, a.profit, r.customer, a.entered FROM assignments a JOIN records r ON r.id = a.customer
                   WHERE a.plan = ?2 AND a.arm = 0 AND a.entered IS NOT NULL AND a.entered <= ?4 AND a.customer > ?5
                   AND NOT EXISTS (SELECT 1 FROM touches t WHERE t.campaign = ?1 AND t.step = ?3 AND t.customer = a.customer)
                   ORDER BY a.customer LIMIT ?6";
        let (step, up_to) = (i64::from(step), i64::from(up_to.0));
        self.db.read(|conn| {
            conn.all(sql, params![campaign, plan, step, up_to, after, limit], |row| {
                Ok(Due {
                    customer: row.int(0)?,
                    variant: u8::try_from(row.int(1)?).unwrap_or(0),
                    value: row.int(2)?,
                    person: row.int(3)?,
                    entered: row.day(4)?,
                })
            })
        })
    }

    /// Who of these people is in a plan already, under whatever number they had then.
    pub fn inside(&self, plan: i64, people: &[i64]) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT DISTINCT r.customer FROM assignments a JOIN records r ON r.id = a.customer
             WHERE a.plan = {plan} AND r.customer IN ({{ids}})"
        );
        let mut all = Vec::new();
        self.db.read(|conn| {
            conn.each_of(&sql, people, |row| {
                all.push(row.int(0)?);
                Ok(())
            })
        })?;
        Ok(all)
    }

    /// On which day these customers entered a plan; those drawn at once are left out.
    pub fn entered(&self, plan: i64, customers: &[i64]) -> Result<BTreeMap<i64, Day>> {
        let sql = format!(
            "SELECT customer, entered FROM assignments WHERE plan = {plan} AND entered IS NOT NULL AND customer IN ({{ids}})"
        );
        let mut all = BTreeMap::new();
        self.db.read(|conn| {
            conn.each_of(&sql, customers, |row| {
                all.insert(row.int(0)?, row.day(1)?);
                Ok(())
            })
        })?;
        Ok(all)
    }

    /// Persons born on this day of a year, month and day counted from 1; ascending.
    pub fn born_on(&self, month: u32, day: u32) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT DISTINCT r.customer FROM profiles p JOIN records r ON r.id = p.record
             WHERE p.profile LIKE '%\"birthday\":\"____-{month:02}-{day:02}\"%' ORDER BY 1"
        );
        self.ids(&sql, &[])
    }

    /// Persons whose points lapse on a day; ascending.
    pub fn points_end_on(&self, day: Day) -> Result<Vec<i64>> {
        let sql = "SELECT DISTINCT r.customer FROM balances b JOIN records r ON r.id = b.record
                   WHERE b.expires = ?1 AND b.points > 0 ORDER BY 1";
        self.ids(sql, params![day])
    }

    /// Persons who had an order shipped on a day, or, where no day of shipping is known, made on it
    /// (M152: what is counted from is that the goods are there); ascending.
    pub fn shipped_on(&self, day: Day) -> Result<Vec<i64>> {
        let sql = "SELECT DISTINCT r.customer FROM orders o JOIN records r ON r.id = o.record
                   WHERE COALESCE(o.shipped, o.day) = ?1 AND o.kind = 0 AND o.standing <= 1 ORDER BY 1";
        self.ids(sql, params![day])
    }

    /// Persons of whom something is on record for a day; ascending.
    pub fn did_on(&self, kind: ActivityKind, day: Day) -> Result<Vec<i64>> {
        // The kind in the words of the index `activities_visits`, so that it is used.
        let sql = format!(
            "SELECT DISTINCT r.customer FROM activities a JOIN records r ON r.id = a.record
             WHERE a.kind = {} AND a.day = ?1 ORDER BY 1",
            kind.code()
        );
        self.ids(&sql, params![day])
    }

    fn ids(&self, sql: &str, of: &[V<'_>]) -> Result<Vec<i64>> {
        self.db.read(|conn| conn.all(sql, of, |row| row.int(0)))
    }
}
