//! What a CRM is told of customers beside their facts: the next step, the last contact, cards exchanged.

use crate::{Result, Store};
use model::{Basis, Day, TouchState};
use std::collections::BTreeMap;

/// What was agreed or sent, by customer.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Dealings {
    /// The next action that is open: what, due (Unix seconds), by whom.
    pub next: BTreeMap<i64, (String, i64, String)>,
    /// When something of ours last reached them, Unix seconds.
    pub touched: BTreeMap<i64, i64>,
    /// The day on which a card was exchanged, by record.
    pub cards: BTreeMap<i64, Day>,
}

impl Store {
    /// The dealings with some customers.
    pub fn dealings(&self, people: &[i64]) -> Result<Dealings> {
        let mut found = Dealings::default();
        let card = Basis::BusinessCard.code();
        let sent = TouchState::Sent.code();
        self.db.read(|conn| {
            let next =
                "SELECT r.customer, k.what, k.due, k.owner FROM tasks k JOIN records r ON r.id = k.customer
                        WHERE k.done_at IS NULL AND r.customer IN ({ids}) ORDER BY k.due DESC, k.id DESC";
            conn.each_of(next, people, |row| {
                // The earliest comes last and stays.
                found.next.insert(row.int(0)?, (row.text(1)?, row.int(2)?, row.text(3)?));
                Ok(())
            })?;
            let touched = format!(
                "SELECT r.customer, MAX(a.at) FROM records r JOIN touches t ON t.customer = r.id
                 JOIN attempts a ON a.touch = t.id WHERE t.state = {sent} AND r.customer IN ({{ids}})
                 GROUP BY r.customer"
            );
            conn.each_of(&touched, people, |row| {
                found.touched.insert(row.int(0)?, row.int(1)?);
                Ok(())
            })?;
            let cards = format!(
                "SELECT c.record, c.given_on FROM consents c JOIN records r ON r.id = c.record
                 WHERE c.basis = {card} AND c.given = 1 AND c.given_on IS NOT NULL AND r.customer IN ({{ids}})
                 ORDER BY c.given_on"
            );
            conn.each_of(&cards, people, |row| {
                found.cards.insert(row.int(0)?, row.day(1)?);
                Ok(())
            })
        })?;
        Ok(found)
    }
}
