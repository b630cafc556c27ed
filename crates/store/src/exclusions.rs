//! Whom the shop's own books keep out today (M165), and whoever waits for our answer (M045, M046).

use crate::db::Conn;
use crate::fold::fold;
use crate::inquiries::{COMPLAINT, WAITING};
use crate::{Result, Store};
use model::{ActivityKind, Day, Exclusion, KeepOut, OrderKind, Standing};
use std::collections::{BTreeMap, BTreeSet};

/// The condition of the index `orders_astray`, word for word, so that it is used.
const ASTRAY: &str = "(o.standing IN (1, 3, 5) OR o.kind = 1)";

impl Store {
    /// Whom the books keep out by these rules on a day, ascending by customer, each reason once; of
    /// some customers, or of everybody.
    pub fn exclusions(
        &self,
        of: Option<&[i64]>,
        rules: &KeepOut,
        today: Day,
    ) -> Result<BTreeSet<(i64, Exclusion)>> {
        let mut found = BTreeSet::new();
        self.db.read(|conn| {
            let mut look = |sql: &str, each: &mut dyn FnMut([i64; 4])| look(conn, sql, of, each);
            let orders = format!(
                "SELECT r.customer, o.standing, o.kind, o.day FROM orders o JOIN records r ON r.id = o.record
                 WHERE {ASTRAY}"
            );
            look(&orders, &mut |[customer, standing, kind, day]| {
                if let Some((exclusion, days)) = astray(standing, kind, rules)
                    && i64::from(today.0) - day < i64::from(days)
                {
                    found.insert((customer, exclusion));
                }
            })?;
            complaints_told(&mut look, &mut found)?;
            for (condition, exclusion) in others(rules, today) {
                let sql = format!("SELECT r.customer, r.id, r.id, r.id FROM {condition}");
                look(&sql, &mut |[customer, ..]| {
                    found.insert((customer, exclusion));
                })?;
            }
            Ok(())
        })?;
        Ok(found)
    }
}

/// Why an order keeps its buyer out, and for how many days.
fn astray(standing: i64, kind: i64, rules: &KeepOut) -> Option<(Exclusion, i32)> {
    const PENDING: i64 = Standing::Pending as i64;
    const RETURNED: i64 = Standing::Returned as i64;
    const REFUSED: i64 = Standing::Refused as i64;
    Some(match (standing, kind) {
        (REFUSED, _) => (Exclusion::RefusedDelivery, rules.refused_days),
        (RETURNED, _) => (Exclusion::Returning, rules.returning_days),
        (_, kind) if kind == OrderKind::Refund as i64 => (Exclusion::Returning, rules.returning_days),
        (PENDING, _) => (Exclusion::Unpaid, rules.unpaid_days),
        _ => return None,
    })
}

/// Reads rows of four numbers, of some customers or of everybody.
type Look<'a> = dyn FnMut(&str, &mut dyn FnMut([i64; 4])) -> Result<()> + 'a;

/// Whoever has more complaints opened than settled, as files told it. What an operator of ours notes has a
/// talk or a must-not of its own.
fn complaints_told(look: &mut Look<'_>, found: &mut BTreeSet<(i64, Exclusion)>) -> Result<()> {
    // In the words of the index `activities_complaints`, so that it is used.
    let sql = "SELECT r.customer, a.kind, r.id, r.id FROM activities a JOIN records r ON r.id = a.record
               WHERE a.kind IN (6, 7) AND a.import > 0";
    let mut open: BTreeMap<i64, i64> = BTreeMap::new();
    look(sql, &mut |[customer, kind, ..]| {
        let opened = kind == i64::from(ActivityKind::ComplaintOpened.code());
        *open.entry(customer).or_default() += if opened { 1 } else { -1 };
    })?;
    found.extend(
        open.into_iter().filter(|(_, n)| *n > 0).map(|(customer, _)| (customer, Exclusion::Complaint)),
    );
    Ok(())
}

/// What follows FROM for every other rule that is in use: ends in a condition.
fn others(rules: &KeepOut, today: Day) -> Vec<(String, Exclusion)> {
    let talks = |which: &str| format!("inquiries i JOIN records r ON r.id = i.record WHERE {which}");
    let mut all = vec![(talks(WAITING), Exclusion::Inquiry), (talks(COMPLAINT), Exclusion::Complaint)];
    if rules.resale_pieces > 0 {
        let from = "lines l JOIN orders o ON o.id = l.order_id JOIN records r ON r.id = o.record";
        all.push((format!("{from} WHERE l.quantity >= {}", rules.resale_pieces), Exclusion::Reseller));
    }
    let profiles = |like: String| {
        let from = "profiles p JOIN records r ON r.id = p.record WHERE p.profile LIKE";
        format!("{from} {} ESCAPE '!'", quoted(&like))
    };
    for domain in rules.staff_domains.iter().map(|d| d.trim().trim_start_matches('@')) {
        if !domain.is_empty() {
            let like = format!("%\"email\":\"%@{}\"%", literal(&domain.to_lowercase()));
            all.push((profiles(like), Exclusion::Staff));
        }
    }
    for name in rules.test_names.iter().map(|name| fold(name)).filter(|name| !name.is_empty()) {
        // Names are sorted by their bytes: those that begin so stand together.
        let (from, to) = (quoted(&name), quoted(&format!("{name}\u{10FFFF}")));
        let condition = format!("n.folded >= {from} AND n.folded < {to}");
        all.push((format!("names n JOIN records r ON r.id = n.record WHERE {condition}"), Exclusion::Staff));
    }
    for disaster in rules.disasters.iter().filter(|d| d.until >= today) {
        for postal in disaster.postal.iter().map(|p| digits(p)).filter(|p| !p.is_empty()) {
            all.push((profiles(format!("%\"postal\":\"{postal}%")), Exclusion::Disaster));
        }
    }
    all
}

fn look(conn: &mut Conn, sql: &str, of: Option<&[i64]>, each: &mut dyn FnMut([i64; 4])) -> Result<()> {
    let mut row = |row: &crate::db::Row<'_>| {
        each([row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?]);
        Ok(())
    };
    match of {
        None => conn.each(sql, &[], row),
        Some(of) => conn.each_of(&format!("{sql} AND r.customer IN ({{ids}})"), of, &mut row),
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A text inside a pattern of LIKE, meaning itself.
fn literal(text: &str) -> String {
    text.chars().flat_map(|c| if matches!(c, '%' | '_' | '!') { vec!['!', c] } else { vec![c] }).collect()
}

/// A text as both databases read one in a statement.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', "''"))
}
