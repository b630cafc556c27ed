//! Lists of customers and the page of one.

use crate::{
    App, ChannelView, ListPage, ListQuery, ListRow, OrderView, PairView, PersonView, RecordView, StopView,
};
use anyhow::{Context, Result};
use clearance::Permission;
use history::{Row, Selection, Snapshot};
use judgement::{outlook::why, reason};
use model::{Channel, Membership, Money, Name, Standing};
use std::sync::Arc;
use store::{Label, Person, Stored};

/// People whom a search may find at most.
const FOUND: usize = 500;

impl App {
    /// One page of a list.
    pub fn list(&self, query: &ListQuery) -> Result<ListPage> {
        let snapshot = self.judged()?;
        let condition = self.whole_condition(query)?;
        let selection = self.selected(&snapshot, &condition, &query.search)?;
        let per_page = query.per_page.clamp(1, 500);
        let sort = if query.sort.is_empty() { "days_silent" } else { &query.sort };
        let offset = query.page.saturating_mul(per_page);
        let rows = snapshot.sorted(&selection, sort, query.descending, offset, per_page)?;
        Ok(ListPage {
            as_of: snapshot.as_of(),
            total: selection.len() as u64,
            spend: snapshot.spend(&selection),
            page: query.page,
            per_page,
            rows: self.dressed(&snapshot, rows)?,
            condition,
        })
    }

    /// How many customers a condition finds, and their spend.
    pub fn count(&self, condition: &str) -> Result<(u64, Money)> {
        let snapshot = self.judged()?;
        let selection = snapshot.select(condition)?;
        Ok((selection.len() as u64, snapshot.spend(&selection)))
    }

    /// One customer's page; `None` where there is no such customer.
    pub fn person(&self, customer: i64) -> Result<Option<PersonView>> {
        let snapshot = self.judged()?;
        let Some(row) = snapshot.row(customer) else { return Ok(None) };
        let Some(person) = self.inner.store.person(customer)? else { return Ok(None) };
        let scores = row.scores;
        let dressed = self.dressed(&snapshot, vec![row])?.pop().context("a customer without a label")?;
        let mut channels = Vec::new();
        self.reach_facts(Some(&[customer]), &mut |facts| {
            channels = clearance::reach(&facts).into_iter().map(channel_view).collect();
        })?;
        let pending = self.settings()?.pending_counts;
        let orders: Vec<OrderView> = person.orders.iter().map(|o| order_view(o, pending)).collect();
        let (timeline, engagement) = self.timeline(customer, &person, &orders)?;
        Ok(Some(PersonView {
            as_of: snapshot.as_of(),
            policy: snapshot.policy().clone(),
            own_cycle_mean: scores.own_cycle_mean,
            scores: (scores.r, scores.f, scores.m, scores.decile),
            channels,
            reachability: self.reachability(customer)?,
            own_words: self.inner.store.profile_changes(customer)?,
            orders,
            timeline,
            engagement,
            contacts: match dressed.company.is_some() {
                true => self.contacts_of(customer)?,
                false => vec![],
            },
            merges: person.merges.iter().map(|m| merge_view(m, &person.records)).collect(),
            suggestions: person.suggestions.iter().map(|s| suggestion_view(s, customer)).collect(),
            stops: stops(&person),
            records: person.records.into_iter().map(record_view).collect(),
            activities: person.activities,
            subscriptions: person.subscriptions,
            balances: person.balances,
            newsletter: self.cadence_view(customer)?,
            mournings: self.inner.store.mournings(customer)?,
            coupons: person.coupons,
            codes: self.codes_of_person(customer)?,
            row: dressed,
        }))
    }

    /// Saved segments: name, condition.
    pub fn segments(&self) -> Result<Vec<(String, String)>> {
        Ok(self.inner.store.segments()?)
    }

    /// Saves a segment under a name after checking its condition.
    pub fn save_segment(&self, name: &str, condition: &str) -> Result<()> {
        anyhow::ensure!(!name.trim().is_empty(), "a segment needs a name");
        history::check_condition(condition, false)?;
        Ok(self.inner.store.save_segment(name.trim(), condition, self.now())?)
    }

    /// Forgets a saved segment.
    pub fn delete_segment(&self, name: &str) -> Result<()> {
        anyhow::ensure!(self.inner.store.delete_segment(name)?, "there is no segment named '{name}'");
        Ok(())
    }

    /// The product master: how many, and a page of it by code.
    pub fn products(&self, offset: usize, limit: usize) -> Result<(u64, Vec<model::Product>)> {
        Ok(self.inner.store.products(offset, limit)?)
    }

    /// Pairs of records that may be one person, for a person to decide.
    pub fn suggestions(&self, offset: usize, limit: usize) -> Result<(u64, Vec<SuggestionView>)> {
        let (total, rows) = self.inner.store.suggestions(offset, limit)?;
        let view = |s: store::Suggestion| SuggestionView {
            id: s.id,
            facts_ja: facts_in(&s.facts, false),
            facts_en: facts_in(&s.facts, true),
            conflict: s.conflict,
            customers: (s.a.customer, s.b.customer),
            a: record_view(s.a),
            b: record_view(s.b),
        };
        Ok((total, rows.into_iter().map(view).collect()))
    }

    /// Merges a suggested pair, or keeps it apart for good.
    pub fn decide(&self, suggestion: i64, merge: bool, by: &str) -> Result<()> {
        Ok(self.inner.store.decide(suggestion, merge, by, self.now())?)
    }

    /// Separates what a merge made one; stops stay with both.
    pub fn undo_merge(&self, merge: i64, by: &str) -> Result<()> {
        Ok(self.inner.store.undo_merge(merge, by, self.now())?)
    }

    /// The query's condition joined with its saved segment's.
    pub(crate) fn whole_condition(&self, query: &ListQuery) -> Result<String> {
        let own = query.condition.trim();
        let Some(name) = query.segment.as_deref().filter(|n| !n.is_empty()) else {
            return Ok(own.to_owned());
        };
        let saved = self.segments()?.into_iter().find(|(n, _)| n == name).map(|(_, c)| c);
        let saved =
            saved.with_context(|| format!("there is no segment named '{name}' (mezame segment list)"))?;
        Ok(if own.is_empty() { saved } else { format!("({saved}) AND ({own})") })
    }

    pub(crate) fn selected(&self, snapshot: &Snapshot, condition: &str, search: &str) -> Result<Selection> {
        let text = search.trim();
        if text.is_empty() {
            return Ok(snapshot.select(condition)?);
        }
        // The condition is checked by itself first, so that its errors speak of what was typed.
        snapshot.select(condition)?;
        let found: Vec<String> = self.inner.store.find(text, FOUND)?.iter().map(i64::to_string).collect();
        let among = if found.is_empty() {
            "customer < 0".to_owned()
        } else {
            format!("customer IN ({})", found.join(", "))
        };
        let both = if condition.trim().is_empty() { among } else { format!("({condition}) AND {among}") };
        Ok(snapshot.select(&both)?)
    }

    /// Everyone whom the query finds, to be taken page by page.
    pub(crate) fn find_rows(&self, query: &ListQuery) -> Result<FoundRows<'_>> {
        let snapshot = self.judged()?;
        let selection = self.selected(&snapshot, &self.whole_condition(query)?, &query.search)?;
        let rows = match query.sort.as_str() {
            "" => Found::AsTheyLie(selection.iter().collect()),
            column => Found::Sorted(snapshot.sorted(&selection, column, query.descending, 0, usize::MAX)?),
        };
        Ok(FoundRows { app: self, snapshot, rows, done: 0 })
    }

    /// Adds names and reasons to judged rows.
    fn dressed(&self, snapshot: &Snapshot, rows: Vec<Row>) -> Result<Vec<ListRow>> {
        let ids: Vec<i64> = rows.iter().map(|r| r.history.customer).collect();
        let labels = self.inner.store.labels(&ids)?;
        Ok(rows.into_iter().zip(labels).map(|(row, label)| dress(snapshot, row, label)).collect())
    }
}

/// A pair of records that may be one person.
#[derive(Clone, Debug)]
pub struct SuggestionView {
    pub id: i64,
    pub customers: (i64, i64),
    pub a: RecordView,
    pub b: RecordView,
    pub facts_ja: String,
    pub facts_en: String,
    pub conflict: Option<String>,
}

/// Found customers, handed out page by page.
pub(crate) struct FoundRows<'a> {
    app: &'a App,
    snapshot: Arc<Snapshot>,
    rows: Found,
    done: usize,
}

/// Unsorted lists hold four bytes a customer; only a sorted one holds its rows.
enum Found {
    AsTheyLie(Vec<u32>),
    Sorted(Vec<Row>),
}

impl FoundRows<'_> {
    /// The next rows, or `None` at the end.
    pub(crate) fn next(&mut self, limit: usize) -> Result<Option<Vec<ListRow>>> {
        let rows: Vec<Row> = match &self.rows {
            Found::AsTheyLie(order) => {
                order.iter().skip(self.done).take(limit).map(|&i| self.snapshot.row_at(i)).collect()
            }
            Found::Sorted(rows) => rows.iter().skip(self.done).take(limit).cloned().collect(),
        };
        if rows.is_empty() {
            return Ok(None);
        }
        self.done += rows.len();
        self.app.dressed(&self.snapshot, rows).map(Some)
    }
}

fn dress(snapshot: &Snapshot, row: Row, label: Label) -> ListRow {
    let (as_of, policy) = (snapshot.as_of(), snapshot.policy());
    let said = reason(&row.history, &row.judgement, policy, as_of);
    let told = row.outlook.map(|o| why(&row.history, &o, as_of, policy.horizon));
    let (why_ja, why_en) = told.map_or_else(Default::default, |w| (w.ja, w.en));
    ListRow {
        customer: row.history.customer,
        name: label.name,
        company: label.company,
        prefecture: label.prefecture,
        source_ids: label.source_ids,
        days_silent: row.history.days_silent(as_of),
        history: row.history,
        judgement: row.judgement,
        reason_ja: said.ja,
        reason_en: said.en,
        as_of,
        outlook: row.outlook,
        why_ja,
        why_en,
    }
}

fn channel_view(
    (channel, verdict): (Channel, Result<Permission, &'static clearance::RuleInfo>),
) -> ChannelView {
    let (allowed, rule, ja, en) = match verdict {
        Ok(Permission::Consent(basis)) => (true, basis.word(), basis.ja(), basis.en()),
        Ok(Permission::UntilRefused) => (true, "", "断りの申し出はありません", "has not refused"),
        Err(rule) => (false, rule.id, rule.ja, rule.en),
    };
    ChannelView { channel, allowed, rule: rule.to_owned(), ja: ja.to_owned(), en: en.to_owned() }
}

fn order_view(stored: &store::StoredOrder, pending: bool) -> OrderView {
    let order = &stored.order;
    let (standing_ja, standing_en) = match (order.kind, order.standing) {
        (model::OrderKind::Refund, _) => ("返金", "refund"),
        (model::OrderKind::Invoice, Standing::Completed) => ("請求", "invoice"),
        (_, Standing::Completed) => ("完了", "completed"),
        (_, Standing::Pending) => ("入金待ち", "awaiting payment"),
        (_, Standing::Cancelled) => ("キャンセル", "cancelled"),
        (_, Standing::Returned) => ("返品", "returned"),
        (_, Standing::Refused) => ("受取拒否", "refused at the door"),
        (_, Standing::Checkout) => ("購入処理中", "in checkout"),
    };
    OrderView {
        source: stored.source.clone(),
        ext_id: order.ext_id.clone(),
        at: order.at,
        day: order.day,
        total: order.total,
        refunded: order.refunded,
        standing_ja,
        standing_en,
        counts: order.standing.counts(pending),
        gift: order.gift,
        lines: order
            .lines
            .iter()
            .map(|l| (l.name.clone(), l.category.clone(), l.quantity, l.price))
            .collect(),
    }
}

pub(crate) fn record_view(stored: Stored) -> RecordView {
    let record = stored.record;
    let Name { family_kana, given_kana, .. } = &record.name;
    RecordView {
        id: stored.id,
        source: stored.source,
        ext_id: record.ext_id,
        membership_ja: match record.membership {
            Membership::Member => "会員",
            Membership::Guest => "非会員",
            Membership::Provisional => "仮会員",
            Membership::Withdrawn => "退会",
            Membership::Contact => "名刺・リード",
        },
        kana: format!("{family_kana} {given_kana}").trim().to_owned(),
        name: record.name.full(),
        company: record.company,
        email: record.email,
        phones: record.phones.into_iter().map(|p| p.digits).collect(),
        postal: record.postal,
        address: format!("{}{}", record.prefecture.unwrap_or_default(), record.address.unwrap_or_default()),
        birthday: record.birthday,
        mall: record.mall,
    }
}

/// 電話番号・メールアドレス / phone and mail.
fn facts_in(words: &[String], english: bool) -> String {
    let known = [
        ("email", "メールアドレス", "mail address"),
        ("phone", "電話番号", "phone number"),
        ("name_birthday", "氏名と生年月日", "name and birthday"),
        ("name_address", "氏名と住所", "name and address"),
        ("name_postal", "氏名と郵便番号", "name and postal code"),
    ];
    let said = words.iter().map(|word| match known.iter().find(|k| k.0 == word) {
        Some(k) if english => k.2,
        Some(k) => k.1,
        None => word,
    });
    said.collect::<Vec<_>>().join(if english { ", " } else { "・" })
}

/// The record that joined another is the later one; it is what an undo takes away.
fn merge_view(merge: &store::Merge, records: &[Stored]) -> PairView {
    let joined = merge.a.max(merge.b);
    let record = records.iter().find(|r| r.id == joined);
    PairView {
        id: merge.id,
        other_record: joined,
        other_customer: joined,
        other_name: record.map(|r| r.record.name.full()).unwrap_or_default(),
        other_source: record.map(|r| r.source.clone()).unwrap_or_default(),
        facts_ja: facts_in(&merge.facts, false),
        facts_en: facts_in(&merge.facts, true),
        conflict: None,
        by: merge.by.clone(),
        at: merge.at,
    }
}

fn suggestion_view(suggestion: &store::Suggestion, customer: i64) -> PairView {
    let other = if suggestion.a.customer == customer { &suggestion.b } else { &suggestion.a };
    PairView {
        id: suggestion.id,
        other_record: other.id,
        other_customer: other.customer,
        other_name: other.record.name.full(),
        other_source: other.source.clone(),
        facts_ja: facts_in(&suggestion.facts, false),
        facts_en: facts_in(&suggestion.facts, true),
        conflict: suggestion.conflict.clone(),
        by: String::new(),
        at: suggestion.at,
    }
}

fn stops(person: &Person) -> Vec<StopView> {
    let view = |s: &store::StoredSuppression| StopView {
        id: s.id,
        channel: s.channel,
        reason: s.reason,
        source: s.source.clone(),
        on: s.on,
        note: s.note.clone(),
    };
    person.suppressions.iter().filter(|s| s.lifted.is_none()).map(view).collect()
}
