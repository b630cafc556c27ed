//! A letter to the shop's own mailboxes, an SMS to its own telephones, a LINE message to its own people.

use super::letters::Desk;
use super::lines::door;
use crate::App;
use crate::campaigns::{Letter, Trial, own_of};
use anyhow::{Context, Result, anyhow};
use clearance::ClearedTouch;
use model::{Channel, Delivery};
use outreach::{ChatButton, ChatWords, Line};

/// Sends a letter to one of the shop's own.
pub(crate) fn try_on(app: &App, desk: &Desk, channel: Channel, to: &str, letter: &Letter) -> Result<Trial> {
    let settings = app.settings()?;
    let cleared = clearance::clear_own(channel, to, own_of(channel, &settings).0)
        .context("this is none of the shop's own mailboxes or telephones")?;
    let delivery = match channel {
        Channel::Sms | Channel::Line => hand_over(app, desk, &cleared, letter)?,
        _ => {
            let (return_path, mail) = desk.trial(&cleared, letter, app.now())?;
            let mut line = Line::open(&door(app, desk))?;
            let handed = line.deliver(&cleared, &return_path, &mail, &mut || true);
            line.close();
            handed.delivery
        }
    };
    let (accepted, said) = match delivery {
        Delivery::Accepted { said } => (true, said),
        Delivery::Later { said } | Delivery::Refused { said, .. } | Delivery::Unknown { said } => {
            (false, said)
        }
    };
    Ok(Trial { to: to.to_owned(), accepted, said })
}

/// As it stands, without a mark: every character of an SMS counts.
fn hand_over(app: &App, desk: &Desk, to: &ClearedTouch, letter: &Letter) -> Result<Delivery> {
    let shut = || anyhow!("{} is not set up", to.channel().en());
    // Each try is a message of its own.
    let reference = format!("try-{}-{}", app.now(), to.destination());
    let (gates, text) = (&desk.gates, letter.text.as_str());
    if to.channel() == Channel::Sms {
        let door = gates.sms.as_ref().ok_or_else(shut)?;
        return Ok(door.send(to, text, &reference, &mut || true).delivery);
    }
    let shop = app.settings()?.shop;
    let button = letter.button.as_ref().map(|button| ChatButton {
        text: shop,
        label: button.label.clone(),
        url: button.url.clone(),
    });
    let words = ChatWords { text: text.to_owned(), button };
    Ok(gates.line.as_ref().ok_or_else(shut)?.push(to, &words, &reference, &mut || true).delivery)
}
