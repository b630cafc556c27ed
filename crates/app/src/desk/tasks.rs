//! Next actions: what was promised, by whom, by when.

use super::named;
use crate::{App, Settings};
use anyhow::{Result, ensure};
use store::{NewTask, StoredTask};

/// A next action with whom it is for.
#[derive(Clone, PartialEq, Debug)]
pub struct TaskView {
    pub id: i64,
    pub person: i64,
    pub name: String,
    pub what: String,
    /// Unix seconds.
    pub due: i64,
    pub owner: String,
    pub overdue: bool,
}

impl App {
    /// Next actions due by the end of today, overdue first.
    pub fn tasks_due(&self) -> Result<Vec<TaskView>> {
        let (settings, now) = (self.settings()?, self.now());
        self.task_views(self.end_of_today(&settings, now), None, now)
    }

    /// Every open next action, the longest due first; of an owner, or everybody's.
    pub fn tasks(&self, owner: Option<&str>) -> Result<Vec<TaskView>> {
        self.task_views(i64::MAX, owner, self.now())
    }

    /// Adds a next action by hand; its number.
    pub fn add_task(&self, customer: i64, what: &str, due: i64, owner: &str, by: &str) -> Result<i64> {
        named(by)?;
        ensure!(!what.trim().is_empty(), "何をするかを入れてください / say what is to be done");
        let owner = if owner.trim().is_empty() { by } else { owner.trim() };
        let task = NewTask { customer, what: what.trim().to_owned(), due, owner: owner.to_owned() };
        Ok(self.inner.store.add_task(&task, by, self.now())?)
    }

    /// A next action is done.
    pub fn task_done(&self, id: i64, by: &str) -> Result<()> {
        named(by)?;
        Ok(self.inner.store.finish_task(id, by, self.now())?)
    }

    /// The first moment of tomorrow.
    pub(crate) fn end_of_today(&self, settings: &Settings, now: i64) -> i64 {
        settings.moment(settings.day_of(now).plus(1), 0)
    }

    fn task_views(&self, before: i64, owner: Option<&str>, now: i64) -> Result<Vec<TaskView>> {
        let tasks = self.inner.store.tasks(before, owner, 500)?;
        let names = self.named(tasks.iter().map(|t| t.task.customer))?;
        let view = |t: StoredTask| TaskView {
            name: names.get(&t.task.customer).map(|(_, name)| name.clone()).unwrap_or_default(),
            id: t.id,
            person: t.person,
            what: t.task.what,
            due: t.task.due,
            owner: t.task.owner,
            overdue: t.task.due < now,
        };
        Ok(tasks.into_iter().map(view).collect())
    }
}
