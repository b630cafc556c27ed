//! What is true of the made-up shop, written beside its files.

use crate::life::{Behaviour, Life};
use crate::order::Order;
use crate::person::{Home, Person};
use crate::sheet::{Dialect, Row, Sheet};
use model::{Day, Standing};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

const HEADER: [&str; 13] = [
    "source",
    "customer",
    "email",
    "person",
    "behaviour",
    "traits",
    "rhythm_days",
    "alive_until",
    "first_order",
    "last_order",
    "orders",
    "spend",
    "link",
];

/// What counts: orders that happened, and yen paid for them less what was given back.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Tally {
    pub orders: u64,
    pub spend: i64,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.orders += other.orders;
        self.spend += other.spend;
    }
}

/// One customer as one source knows them.
pub(crate) struct Identity {
    /// The member id, or `guest:` and the mailbox.
    pub customer: String,
    pub mail: String,
    pub home: Option<Home>,
    pub counted: Tally,
    /// Of these, ordered but not paid yet.
    pending: Tally,
    first: Option<Day>,
    last: Option<Day>,
}

impl Identity {
    pub fn new(customer: String, mail: &str, home: Option<&Home>) -> Identity {
        Identity {
            customer,
            mail: mail.to_owned(),
            home: home.cloned(),
            counted: Tally::default(),
            pending: Tally::default(),
            first: None,
            last: None,
        }
    }

    /// Counts an order if it counts; `paid` in yen.
    pub fn count(&mut self, order: &Order, paid: i64) {
        if !order.standing.counts(true) {
            return;
        }
        let tally = Tally { orders: 1, spend: paid };
        self.counted.add(tally);
        if order.standing == Standing::Pending {
            self.pending.add(tally);
        }
        self.first = Some(self.first.map_or(order.day, |d| d.min(order.day)));
        self.last = Some(self.last.map_or(order.day, |d| d.max(order.day)));
    }

    pub fn span(&self) -> (Option<Day>, Option<Day>) {
        (self.first, self.last)
    }
}

/// Sums of one source.
#[derive(Default)]
struct Source {
    customers: u64,
    counted: Tally,
    pending: Tally,
}

/// `truth.csv` in the making, and the sums for `truth.json`.
pub(crate) struct Truth {
    sheet: Sheet,
    row: Row,
    sources: BTreeMap<&'static str, Source>,
    behaviours: [u64; Behaviour::ALL.len()],
    persons: u64,
    buyers: u64,
    identities: u64,
    links: [u64; 2],
    overlap: u64,
    files: Vec<(String, u64, u64)>,
}

impl Truth {
    pub fn create(out: &Path) -> io::Result<Truth> {
        Ok(Truth {
            sheet: Sheet::create(out, "truth.csv", Dialect::Plain, &HEADER)?,
            row: Row::default(),
            sources: BTreeMap::new(),
            behaviours: [0; Behaviour::ALL.len()],
            persons: 0,
            buyers: 0,
            identities: 0,
            links: [0; 2],
            overlap: 0,
            files: Vec::new(),
        })
    }

    /// Writes one customer with all the identities the files know them by.
    pub fn put(
        &mut self,
        person: Option<&Person>,
        index: u64,
        life: &Life,
        known: &[(&'static str, Identity)],
    ) -> io::Result<()> {
        if known.is_empty() {
            return Ok(());
        }
        self.persons += 1;
        self.behaviours[life.behaviour as usize] += 1;
        self.buyers += u64::from(known.iter().any(|(_, i)| i.counted.orders > 0));
        self.overlap += u64::from(known.iter().any(|(source, _)| *source != known[0].0));
        let traits = person.map(Person::traits).unwrap_or_default();
        for (n, (source, identity)) in known.iter().enumerate() {
            let link = if n == 0 { "" } else { self.link(&known[0].1, identity) };
            self.add(source, identity);
            self.line(source, identity, (index, life), (&traits, link))?;
        }
        Ok(())
    }

    /// Two facts merge; one alone is a question for a person (M155). The telephone never changes.
    fn link(&mut self, first: &Identity, other: &Identity) -> &'static str {
        let two = first.mail == other.mail || first.home == other.home;
        self.links[usize::from(!two)] += 1;
        if two { "two_facts" } else { "one_fact" }
    }

    fn add(&mut self, source: &'static str, identity: &Identity) {
        self.identities += 1;
        let sums = self.sources.entry(source).or_default();
        sums.customers += 1;
        sums.counted.add(identity.counted);
        sums.pending.add(identity.pending);
    }

    fn line(
        &mut self,
        source: &str,
        identity: &Identity,
        (index, life): (u64, &Life),
        (traits, link): (&str, &str),
    ) -> io::Result<()> {
        let day = |d: Option<Day>| d.map(|d| d.to_string()).unwrap_or_default();
        let rhythm = if life.rhythm > 0.0 { format!("{:.0}", life.rhythm) } else { String::new() };
        self.row.clear();
        let fields = [
            source,
            &identity.customer,
            &identity.mail,
            &(index + 1).to_string(),
            life.behaviour.word(),
            traits,
            &rhythm,
            &day(life.alive_until),
            &day(identity.first),
            &day(identity.last),
            &identity.counted.orders.to_string(),
            &identity.counted.spend.to_string(),
            link,
        ];
        Dialect::Plain.all(&mut self.row, &fields)?;
        self.sheet.write(&self.row)
    }

    /// Notes a finished file: its name, its data rows, and how many of them are malformed.
    pub fn file(&mut self, (name, rows): (String, u64), malformed: u64) {
        self.files.push((name, rows, malformed));
    }

    pub fn persons(&self) -> u64 {
        self.persons
    }

    /// Everything that counts, over all sources.
    pub fn total(&self) -> Tally {
        self.sources.values().fold(Tally::default(), |mut sum, s| {
            sum.add(s.counted);
            sum
        })
    }

    /// Closes `truth.csv` and writes `truth.json`.
    pub fn finish(self, out: &Path, seed: u64, today: Day) -> io::Result<()> {
        let json = self.json(seed, today).unwrap_or_default();
        self.sheet.finish()?;
        std::fs::write(out.join("truth.json"), json)
    }

    fn json(&self, seed: u64, today: Day) -> Result<String, std::fmt::Error> {
        let mut text = String::from("{\n");
        let total = self.total();
        writeln!(text, "  \"seed\": {seed},\n  \"today\": \"{today}\",")?;
        writeln!(text, "  \"persons\": {},\n  \"buyers\": {},", self.persons, self.buyers)?;
        writeln!(text, "  \"identities\": {},\n  \"in_two_sources\": {},", self.identities, self.overlap)?;
        writeln!(
            text,
            "  \"links\": {{\"two_facts\": {}, \"one_fact\": {}}},",
            self.links[0], self.links[1]
        )?;
        writeln!(text, "  \"orders\": {},\n  \"spend\": {},", total.orders, total.spend)?;
        let behaviours = Behaviour::ALL.map(|b| format!("\"{}\": {}", b.word(), self.behaviours[b as usize]));
        writeln!(text, "  \"behaviours\": {{{}}},", behaviours.join(", "))?;
        let sources = self.sources.iter().map(|(name, s)| {
            format!(
                "\"{name}\": {{\"customers\": {}, \"orders\": {}, \"spend\": {}, \"pending_orders\": {}, \
                 \"pending_spend\": {}}}",
                s.customers, s.counted.orders, s.counted.spend, s.pending.orders, s.pending.spend
            )
        });
        writeln!(text, "  \"sources\": {{{}}},", sources.collect::<Vec<_>>().join(", "))?;
        let files = self.files.iter().map(|(name, rows, bad)| {
            format!("\n    {{\"name\": \"{name}\", \"rows\": {rows}, \"malformed\": {bad}}}")
        });
        writeln!(text, "  \"files\": [{}\n  ]\n}}", files.collect::<Vec<_>>().join(","))?;
        Ok(text)
    }
}
