//! A letter to the shop's own mailboxes.

use super::letters::Desk;
use super::lines::door;
use crate::App;
use crate::campaigns::{Letter, Trial};
use anyhow::{Context, Result};
use model::Delivery;
use outreach::Line;

/// Sends a letter to one of the shop's own mailboxes.
pub(crate) fn try_on(app: &App, desk: &Desk, to: &str, letter: &Letter) -> Result<Trial> {
    let own = app.settings()?.test_addresses;
    let cleared = clearance::clear_own(to, &own).context("this is none of the shop's own mailboxes")?;
    let (return_path, mail) = desk.trial(&cleared, letter, app.now())?;
    let mut line = Line::open(&door(app, desk))?;
    let handed = line.deliver(&cleared, &return_path, &mail, &mut || true);
    line.close();
    let (accepted, said) = match handed.delivery {
        Delivery::Accepted { said } => (true, said),
        Delivery::Later { said } | Delivery::Refused { said, .. } | Delivery::Unknown { said } => {
            (false, said)
        }
    };
    Ok(Trial { to: to.to_owned(), accepted, said })
}
