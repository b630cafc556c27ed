//! Surveys as they were made, and what customers answered.

use crate::db::{Conn, Row, params};
use crate::settings::next_id;
use crate::statements::{NewStatement, add_statement, said_anew};
use crate::{Error, Result, Store, changes, responses};
use model::{Day, Response};

/// A survey as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredSurvey {
    pub id: i64,
    pub name: String,
    /// Its document, as JSON.
    pub body: String,
    pub by: String,
    /// Unix seconds.
    pub at: i64,
    /// Letters lead to it.
    pub in_force: bool,
    pub answers: u64,
}

/// What one customer answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SurveyAnswer {
    pub survey: i64,
    pub touch: i64,
    /// The customer's number; who they are now where it is read.
    pub customer: i64,
    pub day: Day,
    /// Unix seconds.
    pub at: i64,
    /// Every answer, as JSON: question -> what was said.
    pub body: String,
    /// The reason they chose; empty for none.
    pub reason: String,
    /// 1..=5.
    pub expected: Option<u8>,
    pub evaluated: Option<u8>,
    /// Days for which goods are left.
    pub stock_days: Option<i32>,
    pub may_contact: bool,
    /// Somebody has to look: it reads like a complaint.
    pub grave: bool,
}

/// Answers of a survey that say the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SurveySum {
    /// Empty for none.
    pub reason: String,
    pub expected: Option<u8>,
    pub evaluated: Option<u8>,
    pub may_contact: bool,
    pub grave: bool,
    pub answers: u64,
}

const ANSWER: &str =
    "a.survey, a.touch, r.customer, a.day, a.at, a.body, a.reason, a.expected, a.evaluated, a.stock_days,
    a.may_contact, a.grave";

impl Store {
    /// Keeps a new survey; its number. With `in_force`, letters lead to it from now on.
    ///
    /// # Errors
    /// Where there is one of that name: what was answered rests on it.
    pub fn add_survey(&self, name: &str, body: &str, by: &str, at: i64, in_force: bool) -> Result<i64> {
        self.db.write_now(|conn| {
            if conn.number("SELECT COUNT(*) FROM surveys WHERE name = ?1", params![name])? > 0 {
                return Err(Error::Refused(format!(
                    "「{name}」というアンケートはもうあります。回答がそれに基づくため、別の名前で作ってください / there is a survey of that name, on which answers rest: choose another"
                )));
            }
            if in_force {
                conn.exec("UPDATE surveys SET in_force = 0", &[])?;
            }
            let id = next_id(conn, "surveys")?;
            let sql = "INSERT INTO surveys (id, name, body, made_by, made_at, in_force) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            conn.exec(sql, params![id, name, body, by, at, in_force])?;
            Ok(id)
        })
    }

    /// Every survey, the newest first.
    pub fn surveys(&self) -> Result<Vec<StoredSurvey>> {
        let sql = "SELECT s.id, s.name, s.body, s.made_by, s.made_at, s.in_force,
                   (SELECT COUNT(*) FROM survey_answers a WHERE a.survey = s.id) FROM surveys s ORDER BY s.id DESC";
        self.db.read(|conn| {
            conn.all(sql, &[], |row| {
                Ok(StoredSurvey {
                    id: row.int(0)?,
                    name: row.text(1)?,
                    body: row.text(2)?,
                    by: row.text(3)?,
                    at: row.int(4)?,
                    in_force: row.bool(5)?,
                    answers: row.int(6)?.unsigned_abs(),
                })
            })
        })
    }

    /// Letters lead to this survey from now on; links that are out lead where they led.
    pub fn use_survey(&self, id: i64) -> Result<()> {
        self.db.write_now(|conn| {
            conn.exec("UPDATE surveys SET in_force = 0 WHERE id <> ?1", params![id])?;
            match conn.exec("UPDATE surveys SET in_force = 1 WHERE id = ?1", params![id])? {
                0 => Err(Error::Missing { what: "survey", id }),
                _ => Ok(()),
            }
        })
    }

    /// Whether the link of a touch to a survey is used up.
    pub fn is_answered(&self, survey: i64, touch: i64) -> Result<bool> {
        let sql = "SELECT COUNT(*) FROM survey_answers WHERE survey = ?1 AND touch = ?2";
        Ok(self.db.read(|conn| conn.number(sql, params![survey, touch]))? > 0)
    }

    /// Takes an answer with what it says of the reason, in one transaction; `false`, and nothing is written,
    /// where the link is used up.
    pub fn take_answer(
        &self,
        answer: &SurveyAnswer,
        statement: Option<&NewStatement>,
        response: &Response,
    ) -> Result<bool> {
        self.db.write_now(|conn| {
            if insert(conn, answer)? == 0 {
                return Ok(false);
            }
            if let Some(statement) = statement {
                add_statement(conn, statement)?;
            }
            said_anew(conn)?;
            responses::insert(conn, response, None)?;
            changes::note_records(conn, &[answer.customer])?;
            Ok(true)
        })
    }

    /// Answers to a survey, the newest first.
    pub fn survey_answers(&self, survey: i64, offset: usize, limit: usize) -> Result<Vec<SurveyAnswer>> {
        let sql = format!(
            "SELECT {ANSWER} FROM survey_answers a JOIN records r ON r.id = a.record WHERE a.survey = ?1
             ORDER BY a.id DESC LIMIT ?2 OFFSET ?3"
        );
        self.db.read(|conn| conn.all(&sql, params![survey, limit, offset], answer))
    }

    /// What a customer answered, the newest first.
    pub fn answers_of(&self, customer: i64) -> Result<Vec<SurveyAnswer>> {
        let sql = format!(
            "SELECT {ANSWER} FROM survey_answers a JOIN records r ON r.id = a.record
             WHERE r.customer = (SELECT customer FROM records WHERE id = ?1) ORDER BY a.id DESC LIMIT 50"
        );
        self.db.read(|conn| conn.all(&sql, params![customer], answer))
    }

    /// How often a survey was answered alike.
    pub fn survey_sums(&self, survey: i64) -> Result<Vec<SurveySum>> {
        let sql = "SELECT reason, expected, evaluated, may_contact, grave, COUNT(*) FROM survey_answers WHERE survey = ?1
                   GROUP BY reason, expected, evaluated, may_contact, grave";
        self.db.read(|conn| {
            conn.all(sql, params![survey], |row| {
                Ok(SurveySum {
                    reason: row.text(0)?,
                    expected: small(row.opt_int(1)?),
                    evaluated: small(row.opt_int(2)?),
                    may_contact: row.bool(3)?,
                    grave: row.bool(4)?,
                    answers: row.int(5)?.unsigned_abs(),
                })
            })
        })
    }

    /// What was expected less what came, as each customer last answered up to a day, ascending by customer.
    pub fn expectation_gaps(&self, until: Day, each: &mut dyn FnMut(i64, i8)) -> Result<()> {
        let sql = "SELECT r.customer, a.expected - a.evaluated FROM survey_answers a JOIN records r ON r.id = a.record
                   WHERE a.expected IS NOT NULL AND a.evaluated IS NOT NULL AND a.day <= ?1 ORDER BY r.customer, a.id";
        let mut last: Option<(i64, i8)> = None;
        self.db.read(|conn| {
            conn.each(sql, params![until], |row| {
                let (customer, gap) = (row.int(0)?, i8::try_from(row.int(1)?).unwrap_or(0));
                if let Some((of, gap)) = last.filter(|(of, _)| *of != customer) {
                    each(of, gap);
                }
                last = Some((customer, gap));
                Ok(())
            })
        })?;
        if let Some((of, gap)) = last {
            each(of, gap);
        }
        Ok(())
    }
}

fn insert(conn: &mut Conn, a: &SurveyAnswer) -> Result<u64> {
    let sql = "INSERT INTO survey_answers (survey, touch, record, day, at, body, reason, expected, evaluated, stock_days, may_contact, grave)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (survey, touch) DO NOTHING";
    let row = params![
        a.survey,
        a.touch,
        a.customer,
        a.day,
        a.at,
        &a.body,
        &a.reason,
        a.expected.map(i64::from),
        a.evaluated.map(i64::from),
        a.stock_days.map(i64::from),
        a.may_contact,
        a.grave
    ];
    conn.exec(sql, row)
}

fn small(number: Option<i64>) -> Option<u8> {
    number.and_then(|n| u8::try_from(n).ok())
}

fn answer(row: &Row<'_>) -> Result<SurveyAnswer> {
    Ok(SurveyAnswer {
        survey: row.int(0)?,
        touch: row.int(1)?,
        customer: row.int(2)?,
        day: row.day(3)?,
        at: row.int(4)?,
        body: row.text(5)?,
        reason: row.text(6)?,
        expected: small(row.opt_int(7)?),
        evaluated: small(row.opt_int(8)?),
        stock_days: row.opt_int(9)?.and_then(|n| i32::try_from(n).ok()),
        may_contact: row.bool(10)?,
        grave: row.bool(11)?,
    })
}
