//! Drawings: who is treated, held out or skipped, drafted in chunks and frozen by one row.

use crate::db::{Row, V, params};
use crate::{Error, Result, Store, settings::next_id};
use model::{Arm, Assignment, Day, Type};

/// Rows of one transaction: an opt-out waits for one of these at most.
const CHUNK: usize = 5_000;

/// A plan as it is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredPlan {
    pub id: i64,
    pub campaign: i64,
    /// Unix seconds.
    pub at: i64,
    pub as_of: Day,
    /// A hash of the document it was drawn for.
    pub print: i64,
    /// The caller's own JSON.
    pub body: String,
}

/// A candidate in a plan, with what kind of buyer they are.
#[derive(Clone, PartialEq, Debug)]
pub struct PlanRow {
    pub assignment: Assignment,
    pub kind: Type,
    /// The day on which they entered by the campaign's trigger; `None` in a plan drawn at once.
    pub entered: Option<Day>,
}

const ROW: &str = "customer, arm, variant, stratum, p_return, profit, rule, kind, entered";

fn plan_row(row: &Row<'_>) -> Result<PlanRow> {
    let small = |i| Ok::<u16, Error>(u16::try_from(row.int(i)?).unwrap_or(u16::MAX));
    Ok(PlanRow {
        assignment: Assignment {
            customer: row.int(0)?,
            arm: row.known(1, Arm::from_code)?,
            variant: u8::try_from(small(2)?).unwrap_or(u8::MAX),
            stratum: small(3)?,
            p_return: row.opt_real(4)?.unwrap_or(0.0),
            profit: row.int(5)?,
            rule: row.text(6)?,
        },
        kind: row.known(7, Type::from_code)?,
        entered: row.opt_day(8)?,
    })
}

impl Store {
    /// Writes a plan in chunks that let others in between, in place of earlier drafts of the
    /// campaign. It holds for nothing until the campaign names it; one whose writing was broken
    /// off has no body and can never be named.
    pub fn write_plan(
        &self,
        campaign: i64,
        at: i64,
        as_of: Day,
        print: i64,
        rows: &[PlanRow],
        body: &str,
    ) -> Result<i64> {
        self.drop_drafts(campaign)?;
        let id = self.db.write(|conn| {
            let id = next_id(conn, "plans")?;
            conn.exec(
                "INSERT INTO plans (id, campaign, at, as_of, print) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, campaign, at, as_of, print],
            )?;
            Ok(id)
        })?;
        let columns = ["plan", "customer", "arm", "variant", "stratum", "p_return", "profit", "kind", "rule"];
        for some in rows.chunks(CHUNK) {
            let mut values = Vec::with_capacity(some.len() * columns.len());
            for row in some {
                let a = &row.assignment;
                values.extend([
                    V::from(id),
                    V::from(a.customer),
                    V::from(i64::from(a.arm.code())),
                    V::from(i64::from(a.variant)),
                    V::from(i64::from(a.stratum)),
                    V::from(Some(a.p_return)),
                    V::from(a.profit),
                    V::from(i64::from(row.kind.code())),
                    V::from(&a.rule),
                ]);
            }
            self.db.write(|conn| conn.insert_many("assignments", &columns, &values))?;
        }
        self.db.write(|conn| conn.exec("UPDATE plans SET body = ?2 WHERE id = ?1", params![id, body]))?;
        Ok(id)
    }

    /// Takes away plans of a campaign that were never approved, some rows at a time.
    fn drop_drafts(&self, campaign: i64) -> Result<()> {
        let sql = "SELECT p.id FROM plans p JOIN campaigns c ON c.id = p.campaign
                   WHERE p.campaign = ?1 AND (c.plan IS NULL OR c.plan <> p.id)";
        let old = self.db.read(|conn| conn.all(sql, params![campaign], |row| row.int(0)))?;
        for plan in old {
            let some = "DELETE FROM assignments WHERE plan = ?1 AND customer IN
                        (SELECT customer FROM assignments WHERE plan = ?1 ORDER BY customer LIMIT ?2)";
            while self.db.write(|conn| conn.exec(some, params![plan, CHUNK]))? > 0 {}
            self.db.write(|conn| conn.exec("DELETE FROM plans WHERE id = ?1", params![plan]))?;
        }
        Ok(())
    }

    /// The approved plan of a campaign, else its newest draft that is whole.
    pub fn plan_of(&self, campaign: i64) -> Result<Option<StoredPlan>> {
        let sql = "SELECT p.id, p.campaign, p.at, p.as_of, p.print, p.body FROM plans p JOIN campaigns c ON c.id = p.campaign
                   WHERE p.campaign = ?1 AND p.body IS NOT NULL AND (c.plan IS NULL OR c.plan = p.id) ORDER BY p.id DESC";
        self.db.read(|conn| {
            conn.one(sql, params![campaign], |row| {
                Ok(StoredPlan {
                    id: row.int(0)?,
                    campaign: row.int(1)?,
                    at: row.int(2)?,
                    as_of: row.day(3)?,
                    print: row.int(4)?,
                    body: row.text(5)?,
                })
            })
        })
    }

    /// Hands over every row of a plan, by customer.
    pub fn plan_rows(&self, plan: i64, each: &mut dyn FnMut(PlanRow)) -> Result<()> {
        let sql = format!("SELECT {ROW} FROM assignments WHERE plan = ?1 ORDER BY customer");
        self.db.read(|conn| {
            conn.each(&sql, params![plan], |row| {
                each(plan_row(row)?);
                Ok(())
            })
        })
    }

    /// Some rows of a plan: those of an arm (and of one rule), by customer after `after`.
    pub fn plan_page(
        &self,
        plan: i64,
        arm: Option<Arm>,
        rule: &str,
        after: i64,
        limit: usize,
    ) -> Result<Vec<PlanRow>> {
        let sql = format!(
            "SELECT {ROW} FROM assignments WHERE plan = ?1 AND customer > ?2 AND (arm = ?3 OR ?3 < 0)
             AND (?4 = '' OR rule = ?4) ORDER BY customer LIMIT ?5"
        );
        let arm = arm.map_or(-1, |a| i64::from(a.code()));
        self.db.read(|conn| conn.all(&sql, params![plan, after, arm, rule, limit], plan_row))
    }

    /// One person's rows in a plan: more than one where records were merged since.
    pub fn plan_rows_of(&self, plan: i64, customer: i64) -> Result<Vec<PlanRow>> {
        let sql = format!(
            "SELECT {ROW} FROM assignments WHERE plan = ?1 AND customer IN
             (SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?2)) ORDER BY customer"
        );
        self.db.read(|conn| conn.all(&sql, params![plan, customer], plan_row))
    }
}
