//! Customers on their way to a CRM, under its own headers: its ids come back as they were.

use crate::export::{inert, joined, plain, to_cp932};
use crate::{App, ListQuery, ListRow};
use anyhow::Result;
use model::{Day, Phone, PhoneKind};
use std::io::Write;
use store::{Dealings, Stored};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Its own id of the contact; blank for one it does not know yet.
    Id,
    Family,
    Given,
    Whole,
    Company,
    Department,
    Title,
    Email,
    Mobile,
    /// The nth other number, from 0.
    Phone(usize),
    Postal,
    Prefecture,
    /// What follows the prefecture.
    Street,
    /// All of the address in one.
    Address,
    /// The day on which cards were exchanged.
    Card,
    Created,
    /// Theirs, and nothing of ours.
    Blank,
}

/// A CRM: word, label, whether its own files are CP932, and its columns in their order.
struct Crm {
    word: &'static str,
    label: &'static str,
    columns: &'static [(&'static str, Holds)],
}

/// The columns that say what Mezame knows, behind the CRM's own: for the shop to map.
const OURS: [&str; 10] = [
    "顧客番号(Mezame)",
    "状態(Mezame)",
    "段階(Mezame)",
    "理由(Mezame)",
    "次の予定(Mezame)",
    "次の予定日(Mezame)",
    "次の担当(Mezame)",
    "最終接触日(Mezame)",
    "最終注文日(Mezame)",
    "購入金額(Mezame)",
];

/// Headers as each CRM writes and reads them (see `crates/intake/src/sources/`).
const CRMS: [Crm; 4] = [
    Crm {
        word: "hubspot",
        label: "HubSpot",
        columns: &[
            ("Record ID", Holds::Id),
            ("First Name", Holds::Given),
            ("Last Name", Holds::Family),
            ("Email", Holds::Email),
            ("Mobile Phone Number", Holds::Mobile),
            ("Phone Number", Holds::Phone(0)),
            ("Associated Company", Holds::Company),
            ("Job Title", Holds::Title),
            ("Postal Code", Holds::Postal),
            ("Create Date", Holds::Created),
        ],
    },
    Crm {
        word: "salesforce",
        label: "Salesforce",
        columns: &[
            ("取引先責任者 ID", Holds::Id),
            ("姓", Holds::Family),
            ("名", Holds::Given),
            ("取引先名", Holds::Company),
            ("部署", Holds::Department),
            ("役職", Holds::Title),
            ("電話", Holds::Phone(0)),
            ("携帯", Holds::Mobile),
            ("メール", Holds::Email),
            ("郵便番号(郵送先)", Holds::Postal),
            ("都道府県(郵送先)", Holds::Prefecture),
            ("市区郡(郵送先)", Holds::Blank),
            ("町名・番地(郵送先)", Holds::Street),
            ("作成日", Holds::Created),
        ],
    },
    Crm {
        word: "kintone",
        label: "kintone",
        columns: &[
            ("レコード番号", Holds::Id),
            ("会社名", Holds::Company),
            ("部署名", Holds::Department),
            ("役職", Holds::Title),
            ("担当者名", Holds::Whole),
            ("メールアドレス", Holds::Email),
            ("携帯電話", Holds::Mobile),
            ("電話番号", Holds::Phone(0)),
            ("郵便番号", Holds::Postal),
            ("住所", Holds::Address),
            ("名刺交換日", Holds::Card),
            ("作成日時", Holds::Created),
        ],
    },
    Crm {
        word: "eight",
        label: "Eight",
        columns: &[
            ("会社名", Holds::Company),
            ("部署名", Holds::Department),
            ("役職", Holds::Title),
            ("姓", Holds::Family),
            ("名", Holds::Given),
            ("e-mail", Holds::Email),
            ("郵便番号", Holds::Postal),
            ("住所", Holds::Address),
            ("TEL会社", Holds::Phone(2)),
            ("TEL部門", Holds::Phone(1)),
            ("TEL直通", Holds::Phone(0)),
            ("Fax", Holds::Blank),
            ("携帯電話", Holds::Mobile),
            ("URL", Holds::Blank),
            ("名刺交換日", Holds::Card),
        ],
    },
];

/// Customers asked for at a time.
const PAGE: usize = 2_000;

/// The CRMs that lists are written for: word and label.
pub fn crms() -> impl Iterator<Item = (&'static str, &'static str)> {
    CRMS.iter().map(|crm| (crm.word, crm.label))
}

impl App {
    /// Writes the customers that `query` finds under a CRM's own headers: a row for each of its contacts
    /// that they are, or one without its id for whom it does not know. Returns the rows written.
    pub fn export_crm(
        &self,
        query: &ListQuery,
        crm: &str,
        cp932: bool,
        out: &mut (dyn Write + Send),
    ) -> Result<u64> {
        let Some(crm) = CRMS.iter().find(|known| known.word == crm) else {
            let words = crms().map(|(word, _)| word).collect::<Vec<_>>().join(", ");
            anyhow::bail!("there is no CRM '{crm}'; there are {words}");
        };
        if !cp932 {
            out.write_all(b"\xEF\xBB\xBF")?;
        }
        let head = crm.columns.iter().map(|(header, _)| (*header).to_owned());
        out.write_all(&line(head.chain(OURS.map(str::to_owned)), cp932)?)?;
        let settings = self.settings()?;
        let mut found = self.find_rows(query)?;
        let mut written = 0;
        while let Some(rows) = found.next(PAGE)? {
            let people: Vec<i64> = rows.iter().map(|row| row.customer).collect();
            let records = self.inner.store.records_of(&people)?;
            let dealings = self.inner.store.dealings(&people)?;
            let day = |at: i64| settings.day_of(at);
            for row in &rows {
                let all = records.get(&row.customer).map_or(&[][..], Vec::as_slice);
                let ours = ours(row, &dealings, &day);
                let own: Vec<&Stored> = all.iter().filter(|r| r.source == crm.word).collect();
                let told = if own.is_empty() { all.first().into_iter().collect() } else { own };
                for record in told {
                    let cells =
                        crm.columns.iter().map(|(_, holds)| cell(*holds, crm.word, record, &dealings));
                    out.write_all(&line(cells.chain(ours.clone()), cp932)?)?;
                    written += 1;
                }
            }
        }
        Ok(written)
    }
}

/// One line of the file; what a spreadsheet would run is made inert.
fn line(cells: impl Iterator<Item = String>, cp932: bool) -> Result<Vec<u8>> {
    let mut line = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    line.write_record(cells.map(|cell| inert(&cell)))?;
    let bytes = line.into_inner().map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(if cp932 { to_cp932(&String::from_utf8(bytes)?) } else { bytes })
}

fn cell(holds: Holds, crm: &str, stored: &Stored, dealings: &Dealings) -> String {
    let record = &stored.record;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let parts = [&record.prefecture, &record.address].map(text);
    let mobile = |phone: &&Phone| phone.kind == PhoneKind::Mobile;
    match holds {
        // An id that we made of a contact's facts is none of the CRM's.
        Holds::Id if stored.source == crm && !record.ext_id.contains(':') => record.ext_id.clone(),
        Holds::Id | Holds::Blank => String::new(),
        Holds::Family => record.name.family.clone(),
        Holds::Given => record.name.given.clone(),
        Holds::Whole => record.name.full(),
        Holds::Company => text(&record.company),
        Holds::Department => text(&record.department),
        Holds::Title => text(&record.title),
        Holds::Email => text(&record.email),
        Holds::Mobile => record.phones.iter().find(mobile).map_or(String::new(), |p| p.digits.clone()),
        Holds::Phone(n) => {
            // The first mobile number has a column of its own; a second one is a number like others.
            let first = record.phones.iter().position(|p| p.kind == PhoneKind::Mobile);
            let others = record.phones.iter().enumerate().filter(|(i, _)| Some(*i) != first);
            others.map(|(_, p)| p.digits.clone()).nth(n).unwrap_or_default()
        }
        Holds::Postal => text(&record.postal),
        Holds::Prefecture => text(&record.prefecture),
        Holds::Street => text(&record.address),
        Holds::Address => parts.concat(),
        Holds::Card => dealings.cards.get(&stored.id).map_or(String::new(), Day::to_string),
        Holds::Created => record.registered.map_or(String::new(), |day| day.to_string()),
    }
}

fn ours(row: &ListRow, dealings: &Dealings, day: &dyn Fn(i64) -> Day) -> Vec<String> {
    let date = |day: Option<Day>| day.map_or(String::new(), |day| day.to_string());
    let next = dealings.next.get(&row.customer);
    let touched = dealings.touched.get(&row.customer).map(|at| day(*at));
    vec![
        row.customer.to_string(),
        row.judgement.state.ja().to_owned(),
        row.judgement.stage.ja().to_owned(),
        row.reason_ja.clone(),
        next.map_or(String::new(), |(what, ..)| what.clone()),
        date(next.map(|(_, due, _)| day(*due))),
        next.map_or(String::new(), |(.., owner)| owner.clone()),
        date(touched.max(row.history.last_contact)),
        date(row.history.last_order),
        joined(&plain(row.history.spend)),
    ]
}
