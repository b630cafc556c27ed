//! Records: what a file of customers says, and what the rows of orders say of their buyers.

use super::facts::{Voice, overlay};
use super::own::{Replaced, hold};
use super::seen::Seen;
use super::{Write, statements::Statement};
use crate::db::{Conn, Lookup, V, params};
use crate::{Result, bits, fold, hash, settings};
use model::{Day, MatchKey, Order, Record};
use std::collections::HashMap;

pub(super) const BY_EXT_ID: Lookup =
    Lookup { table: "records", number: "source", text: "ext_id", select: "t.id, t.bits, t.stated" };

/// A record that this chunk makes or changes.
struct Work<'i> {
    id: i64,
    ext_id: &'i str,
    fresh: bool,
    known: Day,
    bits: i64,
    /// Hash of what a file said last.
    stated: Option<i64>,
    facts: Option<Facts>,
}

/// What is known of a person beyond their id.
#[derive(Clone, Default)]
struct Facts {
    record: Record,
    from_file: bool,
    facts_at: Option<i64>,
    keys: Vec<MatchKey>,
    /// What the customer replaced themselves.
    own: Vec<Replaced>,
    changed: bool,
    /// Only `facts_at` is new.
    heard: bool,
}

/// The records of one chunk.
#[derive(Default)]
pub(super) struct People<'i> {
    work: Vec<Work<'i>>,
    place: HashMap<i64, usize>,
    statements: Vec<Statement>,
}

impl Write<'_> {
    /// A run of statements by a file of customers; no id twice.
    pub(super) fn records(&mut self, records: &[&Record]) -> Result<()> {
        let ids: Vec<&str> = records.iter().map(|r| r.ext_id.as_str()).collect();
        let mut known: Vec<Option<(i64, i64, Option<i64>)>> = vec![None; ids.len()];
        self.conn.lookup(&BY_EXT_ID, self.memory.source, &ids, |place, row| {
            known[place] = Some((row.int(0)?, row.int(1)?, row.opt_int(2)?));
            Ok(())
        })?;
        let stated = records.iter().map(|r| Ok(hash::record(r, &serde_json::to_string(r)?)));
        let stated: Vec<i64> = stated.collect::<Result<_>>()?;
        let mut people = People::default();
        let changed = known.iter().zip(&stated).filter_map(|(k, s)| k.filter(|k| k.2 != Some(*s)));
        let changed: Vec<(i64, i64)> = changed.map(|(id, bits, _)| (id, bits)).collect();
        self.load(&mut people, &changed)?;
        let mut next = settings::next_id(self.conn, "records")?;
        for ((record, known), stated) in records.iter().zip(known).zip(stated) {
            match known {
                Some((_, _, before)) if before == Some(stated) => self.tally.unchanged += 1,
                Some((id, ..)) => {
                    let place = people.place[&id];
                    let work = &mut people.work[place];
                    (work.ext_id, work.stated) = (&record.ext_id, Some(stated));
                    let new = work.say(record, Voice::File, None, self.new.today, &mut people.statements);
                    *if new { &mut self.tally.updated } else { &mut self.tally.unchanged } += 1;
                }
                None => {
                    let mut work = Work::fresh(next, &record.ext_id, self.new.today);
                    next += 1;
                    work.stated = Some(stated);
                    work.say(record, Voice::File, None, self.new.today, &mut people.statements);
                    people.add(work);
                    self.tally.inserted += 1;
                }
            }
        }
        self.store_people(people)
    }

    /// The records of the buyers of these orders, made where they are unknown, their facts taken.
    pub(super) fn buyers<'i>(&mut self, orders: &[&'i Order]) -> Result<Vec<i64>> {
        let mut found = self.known_buyers(orders)?;
        let mut people = People::default();
        let with_facts = orders.iter().zip(&found).filter(|(o, _)| o.buyer.record.is_some());
        let mut old: Vec<i64> = with_facts.filter_map(|(_, f)| f.map(|seen| seen.record)).collect();
        old.sort_unstable();
        old.dedup();
        let old_bits: HashMap<i64, i64> = self.bits_of(&old)?;
        self.load(&mut people, &old.iter().map(|id| (*id, old_bits[id])).collect::<Vec<_>>())?;

        let mut next = settings::next_id(self.conn, "records")?;
        let mut newly_ordered = Vec::new();
        let mut new_ids: HashMap<&'i str, i64> = HashMap::new();
        let mut records = Vec::with_capacity(orders.len());
        for (order, seen) in orders.iter().zip(&mut found) {
            let ext_id = order.buyer.ext_id.as_str();
            let counts = super::orders::counts(order);
            let id = match seen.map(|s| s.record).or_else(|| new_ids.get(ext_id).copied()) {
                Some(id) => id,
                None => {
                    people.add(Work::fresh(next, ext_id, order.day.min(self.new.today)));
                    new_ids.insert(ext_id, next);
                    next += 1;
                    next - 1
                }
            };
            records.push(id);
            if let Some(said) = &order.buyer.record {
                let work = &mut people.work[people.place[&id]];
                work.ext_id = ext_id;
                work.hear(said, order.at, order.day, &mut people.statements);
            }
            match seen {
                Some(seen) if counts && !seen.ordered => {
                    newly_ordered.push(id);
                    self.memory.people.put(ext_id, Seen { record: id, ordered: true });
                }
                None if counts => people.work[people.place[&id]].bits |= bits::ORDERED,
                _ => {}
            }
        }
        self.store_people(people)?;
        newly_ordered.sort_unstable();
        newly_ordered.dedup();
        let set = format!("UPDATE records SET bits = bits | {} WHERE id IN ({{ids}})", bits::ORDERED);
        self.conn.exec_of(&set, &newly_ordered)?;
        Ok(records)
    }

    fn known_buyers(&mut self, orders: &[&Order]) -> Result<Vec<Option<Seen>>> {
        let mut found: Vec<Option<Seen>> =
            orders.iter().map(|o| self.memory.people.get(&o.buyer.ext_id)).collect();
        let mut missing: Vec<&str> = orders
            .iter()
            .zip(&found)
            .filter(|(_, f)| f.is_none())
            .map(|(o, _)| o.buyer.ext_id.as_str())
            .collect();
        missing.sort_unstable();
        missing.dedup();
        let people = &mut self.memory.people;
        self.conn.lookup(&BY_EXT_ID, self.memory.source, &missing, |place, row| {
            let ordered = row.int(1)? & bits::ORDERED != 0;
            people.put(missing[place], Seen { record: row.int(0)?, ordered });
            Ok(())
        })?;
        for (order, place) in orders.iter().zip(&mut found).filter(|(_, f)| f.is_none()) {
            *place = people.get(&order.buyer.ext_id);
        }
        Ok(found)
    }

    fn bits_of(&mut self, records: &[i64]) -> Result<HashMap<i64, i64>> {
        let mut all = HashMap::new();
        self.conn.each_of("SELECT id, bits FROM records WHERE id IN ({ids})", records, |row| {
            all.insert(row.int(0)?, row.int(1)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// Takes up records (id, bits) with what is known of them.
    fn load(&mut self, people: &mut People<'_>, records: &[(i64, i64)]) -> Result<()> {
        for &(id, bits) in records {
            let known = Day(i32::MAX); // lowered by what is said; the table keeps the lower one
            people.add(Work { id, ext_id: "", fresh: false, known, bits, stated: None, facts: None });
        }
        let ids: Vec<i64> = records.iter().map(|r| r.0).collect();
        let mut own = self.own_words(&ids)?;
        let sql = "SELECT record, profile, from_file, facts_at FROM profiles WHERE record IN ({ids})";
        self.conn.each_of(sql, &ids, |row| {
            let record = serde_json::from_str(&row.text(1)?)?;
            let own = own.remove(&row.int(0)?).unwrap_or_default();
            let facts =
                Facts { record, from_file: row.bool(2)?, facts_at: row.opt_int(3)?, own, ..Facts::default() };
            people.work[people.place[&row.int(0)?]].facts = Some(facts);
            Ok(())
        })
    }

    fn store_people(&mut self, people: People<'_>) -> Result<()> {
        let People { work, statements, .. } = people;
        let (fresh, old): (Vec<Work<'_>>, Vec<Work<'_>>) = work.into_iter().partition(|w| w.fresh);
        self.insert_people(&fresh)?;
        for one in &old {
            self.update_person(one)?;
        }
        self.set_facts_at(&old)?;
        self.statements(statements)
    }

    /// Those who typed the same as ever with a newer order.
    fn set_facts_at(&mut self, old: &[Work<'_>]) -> Result<()> {
        let heard = old.iter().filter_map(|w| {
            let facts = w.facts.as_ref().filter(|f| f.heard && !f.changed)?;
            Some(format!("({},{})", w.id, facts.facts_at?))
        });
        for some in heard.collect::<Vec<_>>().chunks(500) {
            self.conn.batch(&format!(
                "UPDATE profiles SET facts_at = said.column2 FROM (VALUES {}) AS said WHERE record = said.column1",
                some.join(",")
            ))?;
        }
        Ok(())
    }

    fn insert_people(&mut self, fresh: &[Work<'_>]) -> Result<()> {
        let Some(first) = fresh.first().map(|w| w.id) else { return Ok(()) };
        self.tally.customers += fresh.len() as u64;
        let (source, import) = (self.memory.source, self.import);
        let mut rows = Vec::with_capacity(fresh.len() * 8);
        for w in fresh {
            rows.extend_from_slice(params![w.id, w.id, w.known, w.bits, source, w.ext_id, w.stated, import]);
            self.touched.push(w.id);
            self.memory.people.put(w.ext_id, Seen { record: w.id, ordered: w.bits & bits::ORDERED != 0 });
        }
        let columns = ["id", "customer", "known", "bits", "source", "ext_id", "stated", "import"];
        self.conn.insert_many("records", &columns, &rows)?;
        let told: Vec<(&Work<'_>, &Facts)> =
            fresh.iter().filter_map(|w| Some((w, w.facts.as_ref()?))).collect();
        if told.is_empty() {
            return Ok(());
        }
        let texts: Vec<String> =
            told.iter().map(|(_, f)| Ok(serde_json::to_string(&f.record)?)).collect::<Result<_>>()?;
        let names: Vec<(i64, Vec<String>)> =
            told.iter().map(|(w, f)| (w.id, fold::names(&f.record))).collect();
        let mut rows: Vec<V<'_>> = Vec::with_capacity(told.len() * 4);
        for ((w, f), text) in told.iter().zip(&texts) {
            rows.extend_from_slice(params![w.id, text, f.from_file, f.facts_at]);
        }
        self.conn.insert_many("profiles", &["record", "profile", "from_file", "facts_at"], &rows)?;
        let rows: Vec<V<'_>> = names
            .iter()
            .flat_map(|(id, names)| names.iter().flat_map(|n| [V::from(n), V::from(*id)]))
            .collect();
        self.conn.insert_many("names", &["folded", "record"], &rows)?;
        let rows: Vec<V<'_>> = told
            .iter()
            .flat_map(|(w, f)| f.all_keys().into_iter().flat_map(|key| [V::from(key), V::from(w.id)]))
            .collect();
        self.conn.insert_many("match_keys", &["key", "record"], &rows)?;
        self.conn.exec(
            "INSERT INTO match_queue (record) SELECT DISTINCT k.record FROM match_keys k WHERE k.record >= ?1
             AND EXISTS (SELECT 1 FROM match_keys o WHERE o.key = k.key AND o.record < k.record)
             ON CONFLICT (record) DO NOTHING",
            params![first],
        )?;
        Ok(())
    }

    fn update_person(&mut self, w: &Work<'_>) -> Result<()> {
        if w.stated.is_some() {
            self.conn.exec("UPDATE records SET stated = ?2 WHERE id = ?1", params![w.id, w.stated])?;
        }
        let Some(facts) = w.facts.as_ref().filter(|f| f.changed) else { return Ok(()) };
        let text = serde_json::to_string(&facts.record)?;
        self.conn.exec(
            "INSERT INTO profiles (record, profile, from_file, facts_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (record)
             DO UPDATE SET profile = excluded.profile, from_file = excluded.from_file, facts_at = excluded.facts_at",
            params![w.id, text.as_str(), facts.from_file, facts.facts_at],
        )?;
        let known = w.known.min(facts.record.registered.unwrap_or(w.known));
        self.conn.exec(
            "UPDATE records SET bits = ?2, known = CASE WHEN known > ?3 THEN ?3 ELSE known END WHERE id = ?1",
            params![w.id, w.bits, known],
        )?;
        known_by(self.conn, w.id, &facts.record, &facts.keys)?;
        for key in destination_keys(&facts.record).filter(|_| !facts.own.is_empty()) {
            // A file that knows better may lead back to where the customer had left.
            self.conn.exec("DELETE FROM former_keys WHERE key = ?1 AND record = ?2", params![key, w.id])?;
        }
        self.touched.push(w.id);
        Ok(())
    }
}

impl<'i> People<'i> {
    fn add(&mut self, work: Work<'i>) {
        self.place.insert(work.id, self.work.len());
        self.work.push(work);
    }
}

impl Facts {
    fn all_keys(&self) -> Vec<i64> {
        all_keys(&self.record, &self.keys)
    }
}

/// The keys that `intake` made, and mail, phones and the id at LINE for searching and for suppressions.
fn all_keys(record: &Record, keys: &[MatchKey]) -> Vec<i64> {
    let mut keys: Vec<i64> = keys.iter().map(|k| k.0).chain(destination_keys(record)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn destination_keys(record: &Record) -> impl Iterator<Item = i64> + '_ {
    let own = record.email.iter().map(|e| MatchKey::email(e));
    let own = own.chain(record.phones.iter().map(|p| MatchKey::phone(&p.digits)));
    own.chain(record.line_id.iter().map(|id| MatchKey::line(id))).map(|key| key.0)
}

/// Lets a record that was known before be found by what it says now; where a key is new and shared,
/// it is looked at whether two are one person.
pub(crate) fn known_by(conn: &mut Conn, id: i64, record: &Record, keys: &[MatchKey]) -> Result<()> {
    for name in fold::names(record) {
        let sql = "INSERT INTO names (folded, record) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        conn.exec(sql, params![&name, id])?;
    }
    let mut new_keys = 0;
    for key in all_keys(record, keys) {
        let sql = "INSERT INTO match_keys (key, record) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        new_keys += conn.exec(sql, params![key, id])?;
    }
    if new_keys > 0 {
        conn.exec(
            "INSERT INTO match_queue (record) SELECT DISTINCT k.record FROM match_keys k WHERE k.record = ?1
             AND EXISTS (SELECT 1 FROM match_keys o WHERE o.key = k.key AND o.record <> k.record)
             ON CONFLICT (record) DO NOTHING",
            params![id],
        )?;
    }
    Ok(())
}

impl<'i> Work<'i> {
    fn fresh(id: i64, ext_id: &'i str, known: Day) -> Work<'i> {
        let bits = if ext_id.starts_with("guest:") { bits::GUEST } else { bits::MEMBER };
        Work { id, ext_id, fresh: true, known, bits, stated: None, facts: None }
    }

    /// What an order's rows say of its buyer.
    fn hear(&mut self, said: &Record, at: i64, day: Day, statements: &mut Vec<Statement>) {
        let before = self.facts.as_ref();
        let file = before.is_some_and(|f| f.from_file);
        let newer = before.is_none_or(|f| f.facts_at.is_none_or(|known| at > known));
        let voice = if newer && !file { Voice::NewerOrder } else { Voice::Order };
        self.say(said, voice, Some(at), day, statements);
    }

    /// Lets one voice speak; says whether it changed anything.
    fn say(
        &mut self,
        said: &Record,
        voice: Voice,
        at: Option<i64>,
        day: Day,
        statements: &mut Vec<Statement>,
    ) -> bool {
        let first = self.facts.is_none();
        let facts = self.facts.get_or_insert_default();
        let mut after = overlay(&facts.record, said, voice);
        hold(&facts.own, said, at, &facts.record, &mut after);
        if first {
            // Nothing was known: not even that they are a member.
            (after.membership, after.mall) = (said.membership, said.mall);
        }
        let from_file = facts.from_file || voice == Voice::File;
        let changed = first || after != facts.record || from_file != facts.from_file;
        Statement::between(self.id, &facts.record, &after, day, statements);
        facts.changed |= changed;
        if changed || voice != Voice::Order {
            facts.keys.extend(&said.keys);
        }
        facts.from_file = from_file;
        if voice != Voice::File && !from_file {
            facts.heard |= at > facts.facts_at;
            facts.facts_at = facts.facts_at.max(at);
        }
        self.bits = bits::of(&after) | (self.bits & bits::ORDERED);
        self.known = self.known.min(after.registered.unwrap_or(self.known));
        facts.record = after;
        changed
    }
}
