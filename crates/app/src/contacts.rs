//! Contact persons of companies: known, missing, moved on (M028, M124).

use crate::App;
use anyhow::{Context, Result, ensure};
use model::{Day, PostState};
use serde::Serialize;
use store::{ContactFacts, Stored, StoredContact};

/// A contact person of a company.
#[derive(Clone, Debug, Serialize)]
pub struct ContactPerson {
    /// `None`: a file names them, and nobody has said anything of them yet.
    pub id: Option<i64>,
    pub name: String,
    pub department: String,
    pub title: String,
    pub mail: String,
    pub phone: String,
    pub since: Option<Day>,
    pub met_on: Option<Day>,
    pub met_at: String,
    pub interests: String,
    pub state: PostState,
    /// The day that was last said, and by whom.
    pub state_on: Option<Day>,
    pub by: String,
    /// Who has the post now.
    pub successor: String,
}

/// What was typed of a contact person.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct TypedContact {
    pub name: String,
    pub department: String,
    pub title: String,
    pub mail: String,
    pub phone: String,
    pub since: Option<Day>,
    pub met_on: Option<Day>,
    pub met_at: String,
    pub interests: String,
}

/// Longest fact, characters.
const LONGEST: usize = 300;

impl App {
    /// Contact persons of a company: those whom somebody noted; where nobody did, whom the files name.
    pub fn contacts_of(&self, customer: i64) -> Result<Vec<ContactPerson>> {
        let kept = self.inner.store.contacts_of(customer)?;
        if !kept.is_empty() {
            return Ok(kept.iter().map(|c| view(c, &kept)).collect());
        }
        let records = self.inner.store.person(customer)?.map(|p| p.records).unwrap_or_default();
        Ok(named_by_files(&records))
    }

    /// Adds a contact person, or changes one; their number.
    pub fn save_contact(
        &self,
        customer: i64,
        id: Option<i64>,
        typed: &TypedContact,
        by: &str,
    ) -> Result<i64> {
        let facts = facts(typed)?;
        let now = self.now();
        Ok(match id {
            Some(id) => {
                self.of(customer, id)?;
                self.inner.store.change_contact(id, &facts, by.trim(), now)?;
                id
            }
            None => self.inner.store.add_contact(customer, &facts, by.trim(), now)?,
        })
    }

    /// One tap says whether somebody is still there; as of today. Whom a file names is kept with it. `next`:
    /// the name of whoever has the post now.
    pub fn contact_state(
        &self,
        customer: i64,
        id: Option<i64>,
        state: PostState,
        next: &str,
        by: &str,
    ) -> Result<i64> {
        let (store, by, now) = (&self.inner.store, by.trim(), self.now());
        let known = store.contacts_of(customer)?;
        let id = match (id, &known[..]) {
            (Some(id), _) => {
                self.of(customer, id)?;
                id
            }
            (None, [only]) => only.id,
            (None, many) => {
                let names: Vec<String> = many.iter().map(|c| format!("{} {}", c.id, c.facts.name)).collect();
                let names = names.join(", ");
                ensure!(
                    many.is_empty(),
                    "担当の方が{}人います。番号で選んでください / choose which contact person is meant: {names}",
                    many.len()
                );
                let named = self.contacts_of(customer)?.into_iter().next();
                let named =
                    named.context("担当の方のお名前がまだありません / no contact person is known yet")?;
                let facts = ContactFacts {
                    name: named.name,
                    department: named.department,
                    title: named.title,
                    mail: named.mail,
                    phone: named.phone,
                    met_on: named.met_on,
                    met_at: named.met_at,
                    ..ContactFacts::default()
                };
                store.add_contact(customer, &facts, by, now)?
            }
        };
        let today = self.today()?;
        let post = store.contacts_of(customer)?.into_iter().find(|c| c.id == id).map(|c| c.facts);
        let next = (!next.trim().is_empty()).then(|| ContactFacts {
            name: next.trim().chars().take(LONGEST).collect(),
            department: post.map(|p| p.department).unwrap_or_default(),
            since: Some(today),
            ..ContactFacts::default()
        });
        store.contact_state(id, (state, today), next.as_ref(), by, now)?;
        Ok(id)
    }

    /// Whether this contact person is this customer's.
    fn of(&self, customer: i64, id: i64) -> Result<()> {
        let known = self.inner.store.contacts_of(customer)?.iter().any(|c| c.id == id);
        ensure!(known, "この番号の担当の方はいません / customer {customer} has no contact person {id}");
        Ok(())
    }
}

fn facts(typed: &TypedContact) -> Result<ContactFacts> {
    let line =
        |text: &str| -> String { text.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect() };
    let name = line(&typed.name);
    ensure!(!name.is_empty(), "担当の方のお名前を入れてください / the contact person's name is missing");
    let mail = intake::typed::mail(typed.mail.trim()).map_err(anyhow::Error::msg)?;
    let phone = intake::typed::phone(typed.phone.trim()).map_err(anyhow::Error::msg)?;
    Ok(ContactFacts {
        name,
        department: line(&typed.department),
        title: line(&typed.title),
        mail: mail.unwrap_or_default(),
        phone: phone.map(|p| p.digits).unwrap_or_default(),
        since: typed.since,
        met_on: typed.met_on,
        met_at: line(&typed.met_at),
        interests: line(&typed.interests),
    })
}

fn view(c: &StoredContact, all: &[StoredContact]) -> ContactPerson {
    let successor = all.iter().find(|other| Some(other.id) == c.successor);
    let f = &c.facts;
    ContactPerson {
        id: Some(c.id),
        name: f.name.clone(),
        department: f.department.clone(),
        title: f.title.clone(),
        mail: f.mail.clone(),
        phone: f.phone.clone(),
        since: f.since,
        met_on: f.met_on,
        met_at: f.met_at.clone(),
        interests: f.interests.clone(),
        state: c.state,
        state_on: c.state_on,
        by: c.by.clone(),
        successor: successor.map(|s| s.facts.name.clone()).unwrap_or_default(),
    }
}

/// The people whom records of a company name, each once.
pub(crate) fn named_by_files(records: &[Stored]) -> Vec<ContactPerson> {
    let mut all: Vec<ContactPerson> = vec![];
    for r in records.iter().map(|r| &r.record).filter(|r| r.company.is_some()) {
        let name = r.name.full();
        if name.is_empty() || all.iter().any(|known| known.name == name) {
            continue;
        }
        all.push(ContactPerson {
            id: None,
            name,
            department: r.department.clone().unwrap_or_default(),
            title: r.title.clone().unwrap_or_default(),
            mail: r.email.clone().unwrap_or_default(),
            phone: r.phones.first().map(|p| p.digits.clone()).unwrap_or_default(),
            since: None,
            met_on: r.registered,
            met_at: r.medium.clone().unwrap_or_default(),
            interests: String::new(),
            state: PostState::InPlace,
            state_on: None,
            by: String::new(),
            successor: String::new(),
        });
    }
    all
}
