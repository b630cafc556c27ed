//! Subscriptions, activities, points, products, consents, suppressions: one by one.

use super::Write;
use super::statements::opt_out;
use super::who::Who;
use crate::Result;
use crate::db::params;
use crate::permission::{NewStop, add_stop};
use crate::settings::next_id;
use model::{
    Activity, ActivityKind, Balance, Consent, Day, Greeting, HeldCoupon, Item, Mourner, Product, Review,
    StopReason, Subscription, Suppression,
};

/// What became of one item.
enum Done {
    Inserted,
    Updated,
    Unchanged,
    Refused(&'static str),
}

/// Takes the record out of `who`, or ends with the refusal.
macro_rules! one {
    ($self:ident, $who:expr) => {
        match $self.one_record($who)? {
            Ok(record) => record,
            Err(why) => return Ok(Done::Refused(why)),
        }
    };
}

impl Write<'_> {
    pub(super) fn other(&mut self, place: usize, item: &Item) -> Result<()> {
        let done = match item {
            Item::Subscription(s) => self.subscription(s)?,
            Item::Activity(a) => self.activity(a)?,
            Item::Product(p) => self.product(p)?,
            Item::Balance(b) => self.balance(b)?,
            Item::Coupon(c) => self.coupon(c)?,
            Item::Review(r) => self.review(r)?,
            Item::Mourning(m) => self.mourning(m)?,
            Item::Consent(c) => self.consent(c)?,
            Item::Suppression(s) => self.suppression(s)?,
            Item::Order(_) | Item::Record(_) => return Ok(()), // taken in bulk
        };
        match done {
            Done::Inserted => self.tally.inserted += 1,
            Done::Updated => self.tally.updated += 1,
            Done::Unchanged => self.tally.unchanged += 1,
            Done::Refused(why) => self.tally.refused.push((place, why.to_owned())),
        }
        Ok(())
    }

    fn subscription(&mut self, s: &Subscription) -> Result<Done> {
        let record = one!(self, &s.who);
        let today = self.new.today;
        let sql = "SELECT id, record, standing, started, ended, next_delivery, product FROM subscriptions
                   WHERE source = ?1 AND ext_id = ?2";
        let known = self.conn.one(sql, params![self.memory.source, &s.ext_id], |row| {
            let rest = (row.opt_day(3)?, row.opt_day(4)?, row.opt_day(5)?, row.text(6)?);
            Ok((row.int(0)?, (row.int(1)?, row.int(2)?, rest)))
        })?;
        let standing = i64::from(s.status.code());
        let new = (record, standing, (s.started, s.ended, s.next_delivery, s.product.clone()));
        self.touched.push(record);
        let Some((id, old)) = known else {
            let id = next_id(self.conn, "subscriptions")?;
            self.conn.exec(
                "INSERT INTO subscriptions (id, source, ext_id, record, standing, started, ended, next_delivery, product, seen, changed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)",
                params![id, self.memory.source, &s.ext_id, record, standing, s.started, s.ended, s.next_delivery, &s.product, today],
            )?;
            return Ok(Done::Inserted);
        };
        if old == new {
            self.touched.pop();
            return Ok(Done::Unchanged);
        }
        self.touched.push(old.0);
        self.conn.exec(
            "UPDATE subscriptions SET changed = CASE WHEN standing = ?3 THEN changed ELSE ?8 END, record = ?2, standing = ?3,
             started = ?4, ended = ?5, next_delivery = ?6, product = ?7 WHERE id = ?1",
            params![id, record, standing, s.started, s.ended, s.next_delivery, &s.product, today],
        )?;
        Ok(Done::Updated)
    }

    fn activity(&mut self, a: &Activity) -> Result<Done> {
        let record = one!(self, &a.who);
        let new = self.conn.exec(
            "INSERT INTO activities (record, day, kind, note, import) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            params![record, a.day, i64::from(a.kind.code()), &a.note, self.import],
        )?;
        if new == 0 {
            return Ok(Done::Unchanged);
        }
        self.touched.push(record);
        if a.kind == ActivityKind::Withdrawn {
            self.stop(record, StopReason::Withdrawn, Some(a.day), &a.note)?;
        }
        Ok(Done::Inserted)
    }

    fn review(&mut self, r: &Review) -> Result<Done> {
        let record = one!(self, &r.who);
        let new = self.conn.exec(
            "INSERT INTO reviews (record, day, stars, words, import, looked_at) VALUES (?1, ?2, ?3, ?4, ?5, 0)
             ON CONFLICT DO NOTHING",
            params![record, r.day, r.stars.map(i64::from), &r.words, self.import],
        )?;
        Ok(if new == 0 { Done::Unchanged } else { Done::Inserted })
    }

    fn product(&mut self, p: &Product) -> Result<Done> {
        let sql =
            "SELECT name, category, days_per_unit, margin, successor, sensitive FROM products WHERE sku = ?1";
        let known = self.conn.one(sql, params![&p.sku], |row| {
            Ok(Product {
                sku: p.sku.clone(),
                name: row.text(0)?,
                category: row.text(1)?,
                days_per_unit: row.opt_real(2)?,
                margin: row.opt_real(3)?,
                successor: row.text(4)?,
                sensitive: row.bool(5)?,
            })
        })?;
        if known.as_ref() == Some(p) {
            return Ok(Done::Unchanged);
        }
        self.memory.products_changed |= known.as_ref().map_or("", |k| &k.category) != p.category;
        self.everyone |= known.as_ref().and_then(|k| k.days_per_unit) != p.days_per_unit;
        self.conn.exec(
            "INSERT INTO products (sku, name, category, days_per_unit, margin, successor, sensitive)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (sku) DO UPDATE SET name = excluded.name,
             category = excluded.category, days_per_unit = excluded.days_per_unit, margin = excluded.margin,
             successor = excluded.successor, sensitive = excluded.sensitive",
            params![&p.sku, &p.name, &p.category, p.days_per_unit, p.margin, &p.successor, p.sensitive],
        )?;
        Ok(if known.is_some() { Done::Updated } else { Done::Inserted })
    }

    fn balance(&mut self, b: &Balance) -> Result<Done> {
        let record = one!(self, &b.who);
        let as_of = b.as_of.unwrap_or(self.new.today);
        let sql = "SELECT points, expires, as_of FROM balances WHERE record = ?1";
        let known =
            self.conn.one(sql, params![record], |row| Ok((row.int(0)?, row.opt_day(1)?, row.opt_day(2)?)))?;
        // A list of members without an end does not say that there is none.
        let kept = known.filter(|(points, ..)| *points == b.points.0).and_then(|(_, expires, _)| expires);
        let expires = b.expires.or(kept);
        let older = known.is_some_and(|(.., told)| told.is_some_and(|told| told > as_of));
        if older || known == Some((b.points.0, expires, Some(as_of))) {
            return Ok(Done::Unchanged);
        }
        self.conn.exec(
            "INSERT INTO balances (record, points, expires, as_of) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (record) DO UPDATE SET points = excluded.points, expires = excluded.expires,
             as_of = excluded.as_of",
            params![record, b.points.0, expires, as_of],
        )?;
        Ok(if known.is_some() { Done::Updated } else { Done::Inserted })
    }

    fn coupon(&mut self, c: &HeldCoupon) -> Result<Done> {
        let record = one!(self, &c.who);
        let as_of = c.as_of.unwrap_or(self.new.today);
        let sql = "SELECT name, expires, used, as_of FROM held_coupons WHERE record = ?1 AND code = ?2";
        let known = self.conn.one(sql, params![record, &c.code], |row| {
            Ok((row.text(0)?, row.opt_day(1)?, row.bool(2)?, row.day(3)?))
        })?;
        let older = known.as_ref().is_some_and(|(.., told)| *told > as_of);
        if older || known == Some((c.name.clone(), c.expires, c.used, as_of)) {
            return Ok(Done::Unchanged);
        }
        self.conn.exec(
            "INSERT INTO held_coupons (record, code, name, expires, used, as_of) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (record, code) DO UPDATE SET name = excluded.name, expires = excluded.expires,
             used = excluded.used, as_of = excluded.as_of",
            params![record, &c.code, &c.name, c.expires, c.used, as_of],
        )?;
        Ok(if known.is_some() { Done::Updated } else { Done::Inserted })
    }

    /// For the season; what an operator took back of it stays so.
    fn mourning(&mut self, m: &Mourner) -> Result<Done> {
        let record = one!(self, &m.who);
        let since = m.since.unwrap_or(self.new.today);
        let until = Greeting::season_of_mourning(since);
        let known = "SELECT COUNT(*) FROM mournings WHERE record = ?1 AND until = ?2";
        if self.conn.number(known, params![record, until])? > 0 {
            return Ok(Done::Unchanged);
        }
        self.conn.exec(
            "INSERT INTO mournings (record, since, until, note, made_by, at) VALUES (?1, ?2, ?3, '', ?4, ?5)",
            params![record, since, until, &self.new.source, self.new.at],
        )?;
        Ok(Done::Inserted)
    }

    fn consent(&mut self, c: &Consent) -> Result<Done> {
        let record = one!(self, &c.who);
        let (channel, basis) = (i64::from(c.channel.code()), i64::from(c.basis.code()));
        let same = self.conn.number(
            "SELECT COUNT(*) FROM consents WHERE record = ?1 AND channel = ?2 AND basis = ?3 AND given = ?4
             AND COALESCE(given_on, -1000000) = ?5 AND evidence = ?6",
            params![record, channel, basis, c.given, c.on.unwrap_or(Day(-1_000_000)), &c.evidence],
        )?;
        if same > 0 {
            return Ok(Done::Unchanged);
        }
        let day = c.on.unwrap_or(self.new.today);
        if let Some(reason) = opt_out(c.channel).filter(|_| !c.given) {
            let sql = "SELECT given FROM consents WHERE record = ?1 AND channel = ?2 AND day <= ?3 ORDER BY day DESC, id DESC LIMIT 1";
            if self.conn.number(sql, params![record, channel, day])? == 1 {
                self.stop(record, reason, Some(day), &c.evidence)?;
            }
        }
        self.add_consent(record, c, day)?;
        Ok(Done::Inserted)
    }

    fn suppression(&mut self, s: &Suppression) -> Result<Done> {
        let stop = NewStop { channel: s.channel, ..self.new_stop(s.reason, s.on, &s.note) };
        let (stop, holders) = match self.who(&s.who)? {
            Who::Nobody(why) => return Ok(Done::Refused(why)),
            Who::Record(record) => (NewStop { record: Some(record), ..stop }, vec![record]),
            // Of the address itself: it holds for whoever has it, now or later.
            Who::Key(key, holders) => {
                (NewStop { key: Some(key.0), ..stop }, holders.iter().map(|h| h.record).collect())
            }
        };
        if self.older_than_lifting(&stop)? || !add_stop(self.conn, &stop)? {
            return Ok(Done::Unchanged);
        }
        if s.reason == StopReason::Withdrawn {
            for record in holders {
                super::statements::withdrawn_event(
                    self.conn,
                    record,
                    s.on.unwrap_or(self.new.today),
                    self.import,
                )?;
                self.touched.push(record);
            }
        }
        Ok(Done::Inserted)
    }

    /// A dated must-not that an operator has lifted since is old news.
    fn older_than_lifting(&mut self, stop: &NewStop) -> Result<bool> {
        let Some(since) = stop.since else { return Ok(false) };
        let (column, of) =
            if stop.record.is_some() { ("record", stop.record) } else { ("match_key", stop.key) };
        let sql = format!(
            "SELECT COUNT(*) FROM suppressions WHERE {column} = ?1 AND COALESCE(channel, -1) = ?2 AND reason = ?3
             AND since = ?4 AND lifted_at IS NOT NULL"
        );
        let channel = stop.channel.map_or(-1, |c| i64::from(c.code()));
        let lifted = self.conn.number(&sql, params![of, channel, i64::from(stop.reason.code()), since])?;
        Ok(lifted > 0)
    }
}
