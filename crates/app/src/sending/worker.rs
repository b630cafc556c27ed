//! A worker: makes what falls due, claims it, and has its connections carry it.

use super::gates::{CARRIED, Fares, Gates};
use super::letters::{Desk, Presses, Ready, Round};
use super::pace::Pace;
use super::{clerk, journal, lines};
use crate::App;
use anyhow::{Context, Result};
use model::{CampaignState, Channel};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Seconds without a beat after which a worker counts as gone.
const STALE: i64 = 15;
/// Between two beats.
const BEAT: Duration = Duration::from_secs(3);
/// Between two looks for work, where there is none.
const IDLE: Duration = Duration::from_millis(500);
/// Before a round that failed is tried again.
const PATIENCE: Duration = Duration::from_secs(2);
/// Seconds between two looks at what came back.
const WATCH: i64 = 10;
/// Letters ready per connection: enough that none waits, few enough that little is claimed.
const AHEAD: usize = 32;

/// What the clerk could not write, for whoever watches.
type Said = Mutex<Option<String>>;

/// How to work.
#[derive(Clone, Debug)]
pub struct Work {
    /// Unlike any other worker's that lives.
    pub name: String,
    /// End when nothing is due any more, instead of waiting for more.
    pub once: bool,
    /// In place of the setting.
    pub connections: Option<u16>,
}

/// What was done.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Worked {
    pub sent: u64,
    pub failed: u64,
    /// Put off, to be tried again.
    pub later: u64,
    pub in_doubt: u64,
    /// What went wrong last, if anything did.
    pub trouble: Option<String>,
}

impl Worked {
    fn add(&mut self, more: &Worked) {
        self.sent += more.sent;
        self.failed += more.failed;
        self.later += more.later;
        self.in_doubt += more.in_doubt;
        if more.trouble.is_some() {
            self.trouble.clone_from(&more.trouble);
        }
    }
}

/// What the connections and their foreman share.
pub(crate) struct Shared<'a> {
    stop: &'a AtomicBool,
    queue: Mutex<VecDeque<(Ready, Arc<Desk>)>>,
    filled: Condvar,
    emptied: Condvar,
    over: Condvar,
    closed: AtomicBool,
    /// Handed to the connections and not done yet.
    out: AtomicUsize,
    pub fares: Fares,
    sum: Mutex<Worked>,
    tell: &'a (dyn Fn(&Worked) + Sync),
}

impl Shared<'_> {
    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The next letter; `None` when there will be none any more.
    pub fn next(&self) -> Option<(Ready, Arc<Desk>)> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(next) = queue.pop_front() {
                self.emptied.notify_one();
                return Some(next);
            }
            if self.closed.load(Ordering::Acquire) {
                return None;
            }
            queue = self.filled.wait_timeout(queue, IDLE).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    pub fn done(&self, worked: &Worked) {
        let mut sum = self.sum.lock().unwrap_or_else(PoisonError::into_inner);
        sum.add(worked);
        (self.tell)(&sum);
        drop(sum);
        self.out.fetch_sub(1, Ordering::AcqRel);
        self.emptied.notify_one();
    }

    /// Tells what went wrong.
    pub fn trouble(&self, why: &str) {
        let mut sum = self.sum.lock().unwrap_or_else(PoisonError::into_inner);
        sum.trouble = Some(why.to_owned());
        (self.tell)(&sum);
    }

    /// Waits for so long, or until the work is stopped.
    pub fn rest(&self, how_long: Duration) {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.emptied.wait_timeout(queue, how_long));
    }

    fn put(&self, letters: Vec<Ready>, desk: &Arc<Desk>) {
        self.out.fetch_add(letters.len(), Ordering::AcqRel);
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.extend(letters.into_iter().map(|ready| (ready, desk.clone())));
        self.filled.notify_all();
    }

    /// Waits while so many letters are ready and unsent.
    fn wait_below(&self, most: usize) {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        while queue.len() >= most && !self.stopping() {
            queue = self.emptied.wait_timeout(queue, IDLE).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.filled.notify_all();
        self.over.notify_all();
    }

    /// Waits so long, or until there will be no more; says whether there may be.
    pub fn goes_on(&self, how_long: Duration) -> bool {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.closed.load(Ordering::Acquire) {
            drop(self.over.wait_timeout(queue, how_long));
        }
        !self.closed.load(Ordering::Acquire)
    }
}

/// What a foreman keeps from round to round.
#[derive(Default)]
struct Kept {
    presses: Presses,
    gates: Option<Arc<Gates>>,
    /// When it last looked at what came back.
    watched: i64,
}

/// Whether touches of a channel are claimed now.
fn may_leave(channel: Channel, gates: &Gates, shared: &Shared<'_>, now: i64) -> bool {
    if !gates.is_open(channel) || shared.fares.closed(channel, now).is_some() {
        return false;
    }
    if shared.fares.refusing(channel) {
        if shared.out.load(Ordering::Acquire) > 0 {
            return false;
        }
        // Everything in line went back; the campaign is paused, another may fare better.
        shared.fares.taken(channel);
    }
    true
}

impl App {
    /// Whether a running campaign has a step that people carry.
    fn carried_by_people(&self) -> Result<bool> {
        let by_people = |step| !CARRIED.contains(&crate::campaigns::channel_of(step));
        let mut running = self.inner.store.campaigns()?;
        running.retain(|stored| stored.state == CampaignState::Approved);
        Ok(running.iter().flat_map(|stored| &stored.campaign.steps).any(by_people))
    }

    /// Works until `stop`, or until nothing is due. Several may work at once on PostgreSQL; on SQLite
    /// too, though one is enough. `tell` hears the sums as they grow.
    pub fn work(&self, how: &Work, stop: &AtomicBool, tell: &(dyn Fn(&Worked) + Sync)) -> Result<Worked> {
        let settings = self.settings()?;
        // A shop that only posts or calls sends nothing by itself, and its steps fall due all the same.
        if !self.carried_by_people()? {
            Gates::of(self, &settings).any()?;
        }
        self.keys()?;
        self.compare_journal()?;
        let journal = journal::Journal::open(self.data_dir(), self.generation()?)?;
        let connections = how.connections.unwrap_or(settings.sending.connections).clamp(1, 200);
        let pace = Pace::new(settings.sending.per_second, settings.sending.per_domain);
        let sms_pace = Pace::new(settings.sms.per_second, 0.0);
        let shared = Shared {
            stop,
            queue: Mutex::new(VecDeque::new()),
            filled: Condvar::new(),
            emptied: Condvar::new(),
            over: Condvar::new(),
            closed: AtomicBool::new(false),
            out: AtomicUsize::new(0),
            fares: Fares::default(),
            sum: Mutex::new(Worked::default()),
            tell,
        };
        self.inner.store.beat(&how.name, self.now())?;
        let said: Arc<Said> = Arc::default();
        let says = said.clone();
        let trouble = move |why: &str| *crate::lock(&says) = Some(why.to_owned());
        let (clerk, desk) = clerk::open(self.inner.store.clone(), journal, Box::new(trouble));
        let foreman = std::thread::scope(|threads| {
            for _ in 0..connections {
                let clerk = clerk.clone();
                let (shared, worker) = (&shared, how.name.as_str());
                let (pace, sms_pace) = (&pace, &sms_pace);
                let carrier = lines::Carrier { app: self, shared, clerk, pace, sms_pace, worker };
                threads.spawn(move || carrier.carry());
            }
            // However long a round takes: who does not beat counts as gone.
            threads.spawn(|| {
                while shared.goes_on(BEAT) {
                    if let Err(why) = self.inner.store.beat(&how.name, self.now()) {
                        shared.trouble(&why.to_string());
                    }
                }
            });
            threads.spawn(|| self.listen(&shared));
            let done = self.oversee(how, &shared, &clerk, usize::from(connections) * AHEAD, &said);
            shared.close();
            done
        });
        drop(clerk);
        let closed = desk.close();
        self.inner.store.retire(&how.name)?;
        // What this worker had claimed and not attempted is free at once.
        self.inner.store.sweep(self.now() - STALE, self.now())?;
        foreman?;
        closed.map_err(anyhow::Error::msg)?;
        // The last outcomes were written only now.
        self.finish_all(self.now())?;
        let mut sum = shared.sum.into_inner().unwrap_or_else(PoisonError::into_inner);
        sum.trouble = crate::lock(&said).take().or(sum.trouble);
        Ok(sum)
    }

    /// Claims and prepares, round after round. A round that fails (a database that is locked or lost)
    /// is said and tried again; only work that is to end by itself gives up.
    fn oversee(
        &self,
        how: &Work,
        shared: &Shared<'_>,
        clerk: &clerk::Clerk,
        ahead: usize,
        said: &Said,
    ) -> Result<()> {
        let mut kept = Kept::default();
        while !shared.stopping() {
            if let Some(why) = crate::lock(said).take() {
                shared.trouble(&why);
            }
            let busy = match self.round(how, shared, clerk, ahead, &mut kept) {
                Ok(busy) => busy,
                Err(why) if how.once => return Err(why),
                Err(why) => {
                    shared.trouble(&format!("{why:#}"));
                    shared.rest(PATIENCE);
                    continue;
                }
            };
            if !busy {
                if how.once && shared.out.load(Ordering::Acquire) == 0 {
                    break;
                }
                shared.rest(IDLE);
            }
        }
        Ok(())
    }

    /// Makes what fell due, claims some and has it carried; says whether there was anything.
    fn round(
        &self,
        how: &Work,
        shared: &Shared<'_>,
        clerk: &clerk::Clerk,
        ahead: usize,
        kept: &mut Kept,
    ) -> Result<bool> {
        let now = self.now();
        self.inner.store.beat(&how.name, now)?;
        let around = self.surroundings(now, false)?;
        self.inner.store.sweep(now - STALE, now)?;
        self.fire(&around)?;
        if (now - kept.watched).abs() >= WATCH {
            kept.watched = now;
            self.watch_rates(now)?;
            let folder = &around.settings.sending.maildir;
            if !folder.is_empty() {
                self.read_reports(std::path::Path::new(folder))?;
            }
        }
        let gates = self.gates(&around.settings, shared, kept)?;
        let open: Vec<Channel> = CARRIED.into_iter().filter(|c| may_leave(*c, &gates, shared, now)).collect();
        let claimed = self.inner.store.claim(&how.name, now, ahead, &open)?;
        if claimed.is_empty() {
            return Ok(false);
        }
        let back: Vec<(i64, i64)> = claimed.iter().map(|t| (t.id, t.due)).collect();
        let prepared = (|| {
            let desk = Arc::new(Desk::open(self, &around, gates)?);
            let round = Round { around, snapshot: self.judged()?, clerk, worker: &how.name };
            Ok((self.ready(claimed, &round, &mut kept.presses)?, desk))
        })();
        match prepared {
            Ok((ready, desk)) => {
                shared.put(ready, &desk);
                shared.wait_below(ahead);
                Ok(true)
            }
            Err(why) => {
                // Nobody else may take what a living worker has claimed: it goes back in line.
                for (touch, due) in back {
                    clerk.tell(store::Entry::Back { touch, worker: how.name.clone(), due });
                }
                Err(why)
            }
        }
    }

    /// The doors of the settings as they are now; where they are new, says which running campaigns wait for one.
    fn gates(&self, settings: &crate::Settings, shared: &Shared<'_>, kept: &mut Kept) -> Result<Arc<Gates>> {
        if let Some(gates) = kept.gates.as_ref().filter(|gates| gates.fits(settings)) {
            return Ok(gates.clone());
        }
        let gates = Arc::new(Gates::of(self, settings));
        let running = self.inner.store.running_campaigns()?;
        let mut shut: Vec<_> = running.iter().flat_map(|stored| gates.shut_for(&stored.campaign)).collect();
        shut.dedup();
        if let Some((_, why)) = shut.first() {
            shared.trouble(why);
        }
        kept.gates = Some(gates.clone());
        Ok(gates)
    }

    /// Pauses campaigns whose bounces, complaints or opt-outs have passed the line (L-39, L-40).
    fn watch_rates(&self, now: i64) -> Result<()> {
        use model::{CampaignState, ResponseKind};
        for stored in self.inner.store.running_campaigns()? {
            let progress = crate::campaigns::TouchSums::of(&self.inner.store.touch_counts(stored.id)?, None);
            let counts = self.inner.store.response_counts(stored.id)?;
            let of = |kind| counts.iter().filter(|c| c.kind == kind).map(|c| c.raw).sum::<u64>();
            let (hard, complaints, left) =
                (of(ResponseKind::HardBounce), of(ResponseKind::Complaint), of(ResponseKind::OptOut));
            // A mail refused at the door because the mailbox is dead was sent for this purpose.
            let tried = progress.sent + progress.failed;
            if let Some(pause) = clearance::rates(tried, hard, complaints, left, &stored.campaign.stop) {
                let why = format!("{}: {} / {}", pause.rule.id, pause.ja, pause.en);
                let from = [CampaignState::Approved];
                self.inner.store.move_campaign(
                    stored.id,
                    &from,
                    CampaignState::Paused,
                    "mezame",
                    &why,
                    now,
                )?;
            }
        }
        Ok(())
    }

    /// The number by which this store is told from others, made when first asked for.
    pub(crate) fn generation(&self) -> Result<u64> {
        if let Some(text) = self.inner.store.setting("generation")? {
            return u64::from_str_radix(&text, 16).context("reading the store's generation");
        }
        let seal =
            self.inner.secrets.seal(&format!("generation {} {}", self.now(), self.data_dir().display()));
        let number = u64::from_be_bytes(seal[..8].try_into().unwrap_or_default());
        self.inner.store.set_setting("generation", &format!("{number:016x}"))?;
        Ok(number)
    }
}
