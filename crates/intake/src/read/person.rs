//! Who a row speaks of: a record, and an id made from facts where the row has none.

use super::{Reader, Reject};
use crate::field::Field;
use crate::identity;
use crate::normal::contact;
use crate::normal::place;
use crate::normal::text::{fold_company, fold_name, fold_text, width};
use crate::row::Row;
use crate::words::{consent_channel, stop_of};
use model::{
    Balance, Basis, Channel, Consent, Day, Item, Kind, Membership, Mourner, Name, Phone, PhoneKind, Record,
    StopReason,
};

/// Fields any of which make a person.
pub(super) const FACTS: &[Field] = &[
    Field::Name,
    Field::Family,
    Field::Given,
    Field::Company,
    Field::Email,
    Field::Phone,
    Field::PhonePart,
    Field::Postal,
    Field::PostalPart,
    Field::Address,
    Field::LineId,
];
const CONSENTS: [Field; 6] = [
    Field::MailConsent,
    Field::SmsConsent,
    Field::LineConsent,
    Field::PostConsent,
    Field::PhoneConsent,
    Field::AdsConsent,
];

impl<'p> Reader<'p> {
    /// A row of a customer or contact file.
    pub(super) fn record(&mut self, row: &Row<'_>) -> Result<Vec<Item>, Reject> {
        if self.word(row, Field::Membership) == Some("drop") {
            return Ok(Vec::new());
        }
        let id = self.id(row, Field::Customer)?;
        let Some(mut record) = self.person(row) else {
            let id = id.ok_or_else(|| {
                self.reject(
                    row,
                    Field::Customer,
                    "neither an id nor a name, mail address, telephone number or company",
                )
            })?;
            let record = self.state(row, Record { ext_id: id, ..Record::default() });
            return Ok(vec![Item::Record(Box::new(record))]);
        };
        let contacts = self.plan.kind == Kind::Contacts;
        record.membership = match id {
            _ if contacts => Membership::Contact,
            Some(_) => Membership::Member,
            None => Membership::Guest,
        };
        let prefix = if contacts { "contact" } else { "guest" };
        record.ext_id = id.or_else(|| made_id(prefix, &record)).ok_or_else(|| {
            self.reject(row, Field::Name, "a name alone cannot tell customers apart: an id, mail address, telephone number or whole address is needed")
        })?;
        let record = self.state(row, record);
        let proof = self.day(row, Field::CardOn).map(|on| self.card(&record, on));
        let points = self.held(row, &record);
        let mourning = self.mourning(row, &record);
        let mut items = vec![Item::Record(Box::new(record))];
        items.extend(proof.unwrap_or_default());
        items.extend(points);
        items.extend(mourning);
        Ok(items)
    }

    /// The points that a list of members tells beside the person (会員CSV).
    fn held(&mut self, row: &Row<'_>, record: &Record) -> Option<Item> {
        let points = self.money(row, Field::Balance);
        let points = self.soft(row, Field::Balance, points)?;
        let (expires, as_of) = (self.day(row, Field::Expires), self.day(row, Field::AsOf));
        Some(Item::Balance(Balance { who: record.ext_id.clone(), points, expires, as_of }))
    }

    /// Whether the person is in mourning: a day says since when, any other word but no that they are.
    fn mourning(&mut self, row: &Row<'_>, record: &Record) -> Option<Item> {
        let cell = row.get(Field::Mourning).trim().to_lowercase();
        if matches!(cell.as_str(), "" | "0" | "-" | "no" | "false" | "いいえ" | "無" | "なし") {
            return None;
        }
        let since = self.moment(row, Field::Mourning, None).ok().flatten().map(|(_, day)| day);
        Some(Item::Mourning(Mourner { who: record.ext_id.clone(), since }))
    }

    /// A number on a card counts like the address on it: SMS is 電子メール too (L-02).
    fn card(&self, record: &Record, on: Day) -> Vec<Item> {
        let mobile = record.phones.iter().any(|p| p.kind == PhoneKind::Mobile);
        let given = [(Channel::Mail, record.email.is_some()), (Channel::Sms, mobile)];
        let consent = |channel| Consent {
            who: record.ext_id.clone(),
            channel,
            basis: Basis::BusinessCard,
            given: true,
            on: Some(on),
            evidence: format!("{}: {}", self.plan.title, self.plan.header_of(Field::CardOn)),
        };
        given
            .into_iter()
            .filter(|(_, there)| *there)
            .map(|(channel, _)| Item::Consent(consent(channel)))
            .collect()
    }

    /// Who placed an order: the id, and the facts typed with it.
    pub(super) fn buyer(&mut self, row: &Row<'_>) -> Result<(Option<String>, Option<Box<Record>>), Reject> {
        let id = self.id(row, Field::Customer)?;
        if !self.has_person {
            return Ok((id, None));
        }
        let Some(mut record) = self.person(row) else { return Ok((id, None)) };
        record.membership = if id.is_some() { Membership::Member } else { Membership::Guest };
        let guest = || self.alias(row).or_else(|| made_id("guest", &record));
        record.ext_id = id.or_else(guest).unwrap_or_default();
        let record = self.state(row, record);
        let id = Some(record.ext_id.clone()).filter(|id| !id.is_empty());
        Ok((id, Some(Box::new(record))))
    }

    /// The facts of a row; `None` where it has none.
    fn person(&mut self, row: &Row<'_>) -> Option<Record> {
        let text = |field| Some(row.get(field).into_owned()).filter(|t| !t.is_empty());
        let or_whole = |part: Field, whole: Field| text(part).or_else(|| text(whole)).unwrap_or_default();
        let name = Name {
            family: text(Field::Family).unwrap_or_default(),
            given: or_whole(Field::Given, Field::Name),
            family_kana: text(Field::FamilyKana).unwrap_or_default(),
            given_kana: or_whole(Field::GivenKana, Field::NameKana),
        };
        let (prefecture, address) = place::split(&row.get(Field::Prefecture), &row.get(Field::Address));
        let record = Record {
            name,
            company: text(Field::Company),
            department: text(Field::Department),
            title: text(Field::Title),
            email: self.email(row),
            phones: self.phones(row),
            postal: self.postal(row),
            prefecture,
            address,
            line_id: text(Field::LineId),
            gender: text(Field::Gender),
            medium: text(Field::Medium).filter(|_| self.plan.kind != Kind::Orders),
            mall: self.plan.mall,
            ..Record::default()
        };
        let known = !record.name.full().is_empty()
            || record.company.is_some()
            || record.email.is_some()
            || !record.phones.is_empty()
            || record.address.is_some()
            || record.postal.is_some()
            || record.line_id.is_some();
        known.then_some(record)
    }

    /// Days, membership, permissions and what the record can be matched by.
    fn state(&mut self, row: &Row<'_>, mut record: Record) -> Record {
        record.mall = self.plan.mall;
        record.birthday = self.day(row, Field::Birthday);
        record.registered = self.day(row, Field::Registered);
        record.withdrawn = self.day(row, Field::WithdrawnOn);
        match self.word(row, Field::Membership) {
            Some("withdrawn") => record.membership = Membership::Withdrawn,
            Some("provisional") => record.membership = Membership::Provisional,
            Some("guest") => record.membership = Membership::Guest,
            Some("contact") => record.membership = Membership::Contact,
            _ => {}
        }
        if record.withdrawn.is_some() {
            record.membership = Membership::Withdrawn;
        }
        for field in CONSENTS {
            let Some(channel) = consent_channel(field) else { continue };
            match self.word(row, field) {
                Some("yes") => record.consents.push((channel, true)),
                Some("no") => record.consents.push((channel, false)),
                Some("stop") => record.stops.push(stop_of(Some(channel))),
                _ => {}
            }
        }
        // Any other text in such a column is no stop: 0, なし, 可.
        let stop = row.get(Field::Stop);
        let stop = self.plan.word(Field::Stop, &stop).and_then(StopReason::from_word);
        record.stops.extend(stop);
        record.keys = identity::keys(&record);
        record
    }

    fn email(&mut self, row: &Row<'_>) -> Option<String> {
        let mut result = Ok(None);
        for cell in row.cells(Field::Email) {
            result = contact::email(cell);
            if let Ok(Some(_)) = result {
                break;
            }
        }
        let address = self.soft(row, Field::Email, result)?;
        (!self.is_alias(&address)).then_some(address)
    }

    fn is_alias(&self, address: &str) -> bool {
        self.plan.alias_domains.iter().any(|d| address.ends_with(d.as_str()))
    }

    /// A mall's alias reaches nobody, but tells that two orders are of one buyer.
    fn alias(&self, row: &Row<'_>) -> Option<String> {
        let address = contact::email(&row.get(Field::Email)).ok().flatten()?;
        self.is_alias(&address).then(|| join("guest", &address, ""))
    }

    fn phones(&mut self, row: &Row<'_>) -> Vec<Phone> {
        let mut found: Vec<Phone> = Vec::new();
        let cells = row.cells(Field::Phone).map(|cell| (Field::Phone, contact::phones(cell)));
        let parts = row
            .has(Field::PhonePart)
            .then(|| (Field::PhonePart, contact::phones(&row.get(Field::PhonePart))));
        for (field, numbers) in cells.chain(parts) {
            for phone in self.soft(row, field, numbers.map(Some)).unwrap_or_default() {
                if !found.contains(&phone) {
                    found.push(phone);
                }
            }
        }
        found.sort_by_key(|p| p.kind != PhoneKind::Mobile);
        found
    }

    fn postal(&mut self, row: &Row<'_>) -> Option<String> {
        let field = if row.has(Field::Postal) { Field::Postal } else { Field::PostalPart };
        let code = contact::postal(&row.get(field));
        self.soft(row, field, code)
    }
}

/// An id from what a guest typed: the same guest gets it again, two people in one mailbox do not.
fn made_id(prefix: &str, record: &Record) -> Option<String> {
    let name = fold_name(&record.name.full());
    if let Some(email) = &record.email {
        return Some(join(prefix, email, &name));
    }
    if let Some(phone) = record.phones.first() {
        return Some(join(prefix, &phone.digits, &name));
    }
    if let Some(line) = &record.line_id {
        return Some(join(prefix, line, ""));
    }
    let company = record.company.as_deref().map(fold_company).unwrap_or_default();
    match &record.address {
        Some(address) if !name.is_empty() || !company.is_empty() => {
            let place = format!("{}/{}", record.postal.as_deref().unwrap_or_default(), fold_text(address));
            Some(join(prefix, &format!("{company}{place}"), &name))
        }
        _ if !company.is_empty() => Some(join(prefix, &company, &name)),
        _ => None,
    }
}

fn join(prefix: &str, fact: &str, name: &str) -> String {
    match name {
        "" => format!("{prefix}:{fact}"),
        _ => format!("{prefix}:{fact}/{name}"),
    }
}

/// Whether a gift's addressee is somebody else than the buyer.
pub(super) fn is_other_person(row: &Row<'_>, buyer: Option<&Record>) -> bool {
    let whole = row.get(Field::RecipientName);
    let (family, given) = (row.get(Field::RecipientFamily), row.get(Field::RecipientGiven));
    let Some(buyer) = buyer.map(|b| &b.name) else { return false };
    if whole.is_empty() && family.is_empty() && given.is_empty() {
        return false;
    }
    if family == buyer.family && given == buyer.given && whole.is_empty() {
        return false;
    }
    let name = match whole.is_empty() {
        true => Name { family: family.into_owned(), given: given.into_owned(), ..Name::default() },
        false => Name { given: width(&whole).into_owned(), ..Name::default() },
    };
    let known = !buyer.full().is_empty();
    known && !identity::same_name(&name, buyer)
}
