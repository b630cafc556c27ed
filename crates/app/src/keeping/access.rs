//! The record of who looked at or took out what about people.

use crate::{App, ListQuery};
use anyhow::Result;
use store::{Access, AccessQuery};

/// What can be done with people's facts: word, Japanese, English.
const ACTS: [(&str, &str, &str); 7] = [
    ("person", "お客様の画面を見た", "looked at a customer"),
    ("call", "電話の台本を開いた", "opened a call card"),
    ("list", "名簿を書き出した", "took out a list"),
    ("crm", "CRM用に書き出した", "took out a list for a CRM"),
    ("backup", "バックアップを作った", "made a backup"),
    ("export", "全データを書き出した", "took out everything"),
    ("file", "施策のファイルを書き出した", "took out a campaign's file"),
];

/// One entry as it is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessView {
    /// Unix seconds.
    pub at: i64,
    pub who: String,
    pub act: String,
    pub act_ja: &'static str,
    pub act_en: &'static str,
    pub customer: Option<i64>,
    pub people: Option<i64>,
    /// The condition or the campaign.
    pub what: String,
}

impl App {
    /// Notes that somebody looks at or takes out what is about people: `act` is a word of ours.
    pub fn note_access(
        &self,
        who: &str,
        act: &str,
        customer: Option<i64>,
        people: Option<u64>,
        what: &str,
    ) -> Result<()> {
        let access = Access {
            at: self.now(),
            who: who.trim().to_owned(),
            act: act.to_owned(),
            customer,
            people: people.map(|n| i64::try_from(n).unwrap_or(i64::MAX)),
            what: what.chars().take(500).collect(),
        };
        Ok(self.inner.store.note_accesses(&[access])?)
    }

    /// Notes that somebody is about to take out a list, with how many are in it.
    pub fn note_list(&self, who: &str, act: &str, query: &ListQuery) -> Result<()> {
        let found = self.list(&ListQuery { per_page: 1, page: 0, ..query.clone() })?.total;
        let mut what = vec![query.condition.clone()];
        what.extend(query.segment.clone());
        if !query.search.is_empty() {
            // What was looked for may be a name.
            what.push("…".to_owned());
        }
        what.retain(|part| !part.is_empty());
        self.note_access(who, act, None, Some(found), &what.join(" / "))
    }

    /// What was looked at and taken out, the newest first.
    pub fn accesses(&self, ask: &AccessQuery) -> Result<Vec<AccessView>> {
        let views = self.inner.store.accesses(ask)?.into_iter().map(|a| {
            let (_, act_ja, act_en) =
                ACTS.iter().find(|(w, ..)| *w == a.act).copied().unwrap_or(("", "", ""));
            let Access { at, who, act, customer, people, what } = a;
            AccessView { at, who, act, act_ja, act_en, customer, people, what }
        });
        Ok(views.collect())
    }

    /// Forgets entries older than the shop's limit.
    pub(super) fn forget_accesses(&self) -> Result<()> {
        let days = i64::from(self.settings()?.automatic.access_days);
        self.inner.store.forget_accesses(self.now() - days * 86_400)?;
        Ok(())
    }
}
