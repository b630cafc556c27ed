//! Who looked at whom: written down beside the answer, so that no page waits for it.

use crate::shell::Shell;
use crate::site::Site;

/// Notes that a customer's page was opened.
pub fn looked(site: &Site, s: &Shell, customer: i64) {
    let (site, who) = (site.clone(), s.operator.clone());
    // A look that cannot be noted is no reason to take the page back that was sent.
    drop(tokio::spawn(async move {
        site.ask(move |app| app.note_access(&who, "person", Some(customer), None, "")).await
    }));
}
