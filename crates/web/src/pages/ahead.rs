//! What a person's page says of what comes next: the steps ahead, and by which channel.

use anyhow::Result;
use app::{App, CustomerAdvice};
use model::{Saying, Visit};

/// What comes next for one customer.
pub struct Ahead {
    /// Campaign, its name, and what is next by it.
    pub next: Vec<(i64, String, Saying)>,
    pub advice: CustomerAdvice,
    /// Whether they agreed that visits to the site are kept, when, and to what.
    pub agreed: Option<(bool, i64, String)>,
    /// The newest first.
    pub visits: Vec<Visit>,
}

/// Visits shown.
const VISITS: usize = 20;

impl Ahead {
    pub fn of(app: &App, customer: i64) -> Result<Ahead> {
        let (agreed, visits) = app.visits_of(customer, VISITS)?;
        Ok(Ahead {
            next: app.next_for(customer)?,
            advice: app.advise(customer)?,
            agreed: agreed.map(|c| (c.given, c.at, c.wording)),
            visits,
        })
    }
}
