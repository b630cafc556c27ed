//! Subscriptions, visits, products, points, consents and suppressions: one row, one thing.

use super::{Reader, Reject};
use crate::field::Field;
use crate::normal::contact;
use crate::normal::text::width;
use crate::row::Row;
use crate::words::stop_of;
use model::{
    Activity, ActivityKind, Balance, Basis, Channel, Consent, HeldCoupon, Item, Product, Review, StopReason,
    Subscription, SubscriptionStatus, Suppression,
};

type Items = Result<Vec<Item>, Reject>;

impl<'p> Reader<'p> {
    /// The customer as the file names them: id, else mail address, else number.
    fn who(&mut self, row: &Row<'_>) -> Result<String, Reject> {
        if let Some(id) = self.id(row, Field::Customer)? {
            return Ok(id);
        }
        if let Some(email) = self.hard(row, Field::Email, contact::email(&row.get(Field::Email)))? {
            return Ok(email);
        }
        let phones = self.hard(row, Field::Phone, contact::phones(&row.get(Field::Phone)))?;
        let field = [Field::Customer, Field::Email].into_iter().find(|f| row.has(*f)).unwrap_or(Field::Phone);
        let first = phones.into_iter().next().map(|p| p.digits);
        first.ok_or_else(|| self.reject(row, field, "says nothing about whose it is"))
    }

    pub(super) fn subscription(&mut self, row: &Row<'_>) -> Items {
        if row.has(Field::Subscription) && row.get(Field::Subscription).is_empty() {
            return Ok(Vec::new()); // an order outside of any
        }
        let who = self.who(row)?;
        let product = row.get(Field::Item).into_owned();
        let ended = self.day(row, Field::Ended);
        let status = self.word(row, Field::SubscriptionStatus).and_then(SubscriptionStatus::from_word);
        let status = match (status, ended) {
            (Some(status), _) => status,
            (None, Some(_)) => SubscriptionStatus::Cancelled,
            (None, None) => SubscriptionStatus::Running,
        };
        let ext_id = self.id(row, Field::Subscription)?.unwrap_or_else(|| format!("{who}|{product}"));
        Ok(vec![Item::Subscription(Subscription {
            ext_id,
            who,
            status,
            started: self.day(row, Field::Started),
            ended,
            next_delivery: self.day(row, Field::NextDelivery),
            product,
        })])
    }

    pub(super) fn activity(&mut self, row: &Row<'_>) -> Items {
        let who = self.who(row)?;
        let on = self.moment(row, Field::On, None);
        let on = self.hard(row, Field::On, on)?;
        let day = on.ok_or_else(|| self.reject(row, Field::On, "the date is blank"))?.1;
        let kind = self.word(row, Field::Activity).and_then(ActivityKind::from_word);
        let note = row.get(Field::Note).into_owned();
        Ok(vec![Item::Activity(Activity { who, kind: kind.unwrap_or(ActivityKind::Contact), day, note })])
    }

    pub(super) fn product(&mut self, row: &Row<'_>) -> Items {
        let sku = self.id(row, Field::Sku)?;
        let sku = sku.ok_or_else(|| self.reject(row, Field::Sku, "the product code is blank"))?;
        let days = number(&row.get(Field::DaysPerUnit)).filter(|d| d.is_none_or(|d| d > 0.0));
        let days = days.ok_or("not a number of days");
        let margin = share(&row.get(Field::Margin)).ok_or("not a share (0.35 or 35%)");
        Ok(vec![Item::Product(Product {
            sku,
            name: row.get(Field::Item).into_owned(),
            category: row.get(Field::Category).into_owned(),
            days_per_unit: self.soft(row, Field::DaysPerUnit, days),
            margin: self.soft(row, Field::Margin, margin),
            successor: row.get(Field::Successor).into_owned(),
            sensitive: self.word(row, Field::Sensitive) == Some("yes"),
        })])
    }

    pub(super) fn balance(&mut self, row: &Row<'_>) -> Items {
        let who = self.who(row)?;
        let points = self.money(row, Field::Balance);
        let points = self.hard(row, Field::Balance, points)?;
        let points = points.ok_or_else(|| self.reject(row, Field::Balance, "the points are blank"))?;
        let (expires, as_of) = (self.day(row, Field::Expires), self.day(row, Field::AsOf));
        Ok(vec![Item::Balance(Balance { who, points, expires, as_of })])
    }

    /// What somebody wrote of what they bought.
    pub(super) fn review(&mut self, row: &Row<'_>) -> Items {
        let who = self.who(row)?;
        let on = self.moment(row, Field::On, None);
        let on = self.hard(row, Field::On, on)?;
        let day = on.ok_or_else(|| self.reject(row, Field::On, "the date is blank"))?.1;
        let written = row.get(Field::Stars);
        let stars = match width(written.trim()).as_ref() {
            "" => Ok(None),
            // 4.0 and 4/5 are four of five.
            text => match text.split(['.', '/']).next().and_then(|n| n.trim().parse::<u8>().ok()) {
                Some(n @ 1..=5) => Ok(Some(n)),
                _ => Err("not a number of stars from 1 to 5"),
            },
        };
        let stars = self.soft(row, Field::Stars, stars);
        Ok(vec![Item::Review(Review { who, day, stars, words: row.get(Field::Note).into_owned() })])
    }

    /// A coupon that somebody holds.
    pub(super) fn coupon(&mut self, row: &Row<'_>) -> Items {
        let who = self.who(row)?;
        let code = row.get(Field::Code).trim().to_owned();
        if code.is_empty() {
            return Err(self.reject(row, Field::Code, "the coupon code is blank"));
        }
        let name = row.get(Field::Item).into_owned();
        let used = !matches!(
            row.get(Field::Used).to_lowercase().as_str(),
            "" | "0" | "-" | "no" | "false" | "未使用" | "未利用" | "無" | "なし"
        );
        let (expires, as_of) = (self.day(row, Field::Expires), self.day(row, Field::AsOf));
        Ok(vec![Item::Coupon(HeldCoupon { who, code, name, expires, used, as_of })])
    }

    pub(super) fn consent(&mut self, row: &Row<'_>) -> Items {
        let who = self.who(row)?;
        let channels = self.channels(row)?;
        let basis = match (self.word(row, Field::Basis), row.get(Field::Basis).is_empty()) {
            (_, true) => Basis::OptIn,
            (word, false) => word.and_then(Basis::from_word).ok_or_else(|| {
                self.reject(
                    row,
                    Field::Basis,
                    "not a basis (opt_in, business_card, published_address, transaction_relation)",
                )
            })?,
        };
        let on = self.day(row, Field::On);
        let agreed = match (self.word(row, Field::Agreed), row.get(Field::Agreed).is_empty()) {
            (None, true) => "yes",
            (Some(word), _) => word,
            (None, false) => return Err(self.reject(row, Field::Agreed, "neither yes nor no")),
        };
        let evidence = row.get(Field::Evidence).into_owned();
        let item = |channel: Channel| match agreed {
            "stop" => Item::Suppression(Suppression {
                who: who.clone(),
                channel: Some(channel),
                reason: stop_of(Some(channel)),
                on,
                note: evidence.clone(),
            }),
            _ => Item::Consent(Consent {
                who: who.clone(),
                channel,
                basis,
                given: agreed == "yes",
                on,
                evidence: evidence.clone(),
            }),
        };
        Ok(channels.into_iter().map(item).collect())
    }

    fn channels(&mut self, row: &Row<'_>) -> Result<Vec<Channel>, Reject> {
        match self.word(row, Field::Channel) {
            Some("all") => Ok(Channel::ALL.to_vec()),
            word => word.and_then(Channel::from_word).map(|channel| vec![channel]).ok_or_else(|| {
                self.reject(row, Field::Channel, "not a channel (mail, sms, line, post, phone, ads, all)")
            }),
        }
    }

    /// What is not understood still stops: rather one touch too few.
    pub(super) fn suppression(&mut self, row: &Row<'_>) -> Items {
        let who = self.who(row)?;
        let named = self.word(row, Field::Channel).and_then(Channel::from_word);
        let reason = self.word(row, Field::Reason).and_then(StopReason::from_word);
        let reason = reason.unwrap_or_else(|| stop_of(named));
        let note = row.get(Field::Note);
        let note = if note.is_empty() { row.get(Field::Reason) } else { note };
        Ok(vec![Item::Suppression(Suppression {
            who,
            channel: named.or(reason.channel()),
            reason,
            on: self.day(row, Field::On),
            note: note.into_owned(),
        })])
    }
}

/// `None` where it is no number; `Some(None)` for blank.
fn number(cell: &str) -> Option<Option<f64>> {
    let folded = width(cell);
    let text = folded.trim().trim_end_matches('日').trim();
    if text.is_empty() {
        return Some(None);
    }
    text.parse().ok().filter(|n: &f64| n.is_finite()).map(Some)
}

fn share(cell: &str) -> Option<Option<f64>> {
    let folded = width(cell);
    let text = folded.trim();
    let (text, unit) = text.strip_suffix('%').map_or((text, 1.0), |t| (t, 100.0));
    let found = number(text)?.map(|n| n / unit);
    found.is_none_or(|n| (0.0..=1.0).contains(&n)).then_some(found)
}
