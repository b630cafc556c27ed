//! How fast letters leave: over all, and towards one domain.

use super::worker::Shared;
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::time::Duration;

/// Longest wait before looking whether the work was stopped.
const LOOK: Duration = Duration::from_millis(200);

/// The limits of one worker.
pub(crate) struct Pace {
    all: Option<DefaultDirectRateLimiter>,
    domains: Option<RateLimiter<String, HashMapStateStore<String>, DefaultClock>>,
    clock: DefaultClock,
}

impl Pace {
    /// Mails a second over all and per domain; 0: without limit.
    pub fn new(all: f64, domain: f64) -> Pace {
        Pace {
            all: quota(all).map(RateLimiter::direct),
            domains: quota(domain).map(RateLimiter::hashmap),
            clock: DefaultClock::default(),
        }
    }

    /// Waits until a letter may leave for this address, or the work is stopped.
    pub fn wait(&self, address: &str, shared: &Shared) {
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain).to_ascii_lowercase();
        if let Some(domains) = &self.domains {
            while let Err(not_yet) = domains.check_key(&domain) {
                shared.rest(not_yet.wait_time_from(self.clock.now()).min(LOOK));
                if shared.stopping() {
                    return;
                }
            }
        }
        if let Some(all) = &self.all {
            while let Err(not_yet) = all.check() {
                shared.rest(not_yet.wait_time_from(self.clock.now()).min(LOOK));
                if shared.stopping() {
                    return;
                }
            }
        }
    }
}

/// One at a time, evenly.
fn quota(per_second: f64) -> Option<Quota> {
    (per_second > 0.0).then(|| Quota::with_period(Duration::from_secs_f64(1.0 / per_second)))?
}
