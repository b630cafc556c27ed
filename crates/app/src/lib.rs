//! In: what an operator asks for, from the command line or a page.
//! Out: the answer, put together from the stages: load, decide, save.
//! Never: SQL, HTTP, printing, or the wall clock (a `Clock` is handed in).

mod ads;
mod advising;
mod board;
mod cadence;
mod campaigns;
mod codes;
mod contacts;
mod desk;
mod doctor;
mod export;
mod greetings;
mod hearing;
mod importing;
mod improvements;
mod inbox;
mod judging;
mod keeping;
mod learning;
mod library;
mod matching;
mod next_goods;
mod notes;
mod operators;
mod paying;
mod people;
mod permissions;
mod policies;
mod posting;
mod ranked;
mod ranking;
mod reachability;
mod reasons;
mod refreshing;
mod scenarios;
mod seasons;
mod secrets;
mod sender;
mod sending;
mod settings;
mod socials;
mod surveys;
mod timeline;
mod views;
mod visiting;

pub use ads::{AdsExport, AdsWaiting};
pub use advising::{ChannelShare, ChannelWeighed, CustomerAdvice, SegmentAdvice};
pub use cadence::{CadenceCount, CadenceView};
pub use campaigns::*;
pub use clearance::{Level as RemarkLevel, RULES, Remark, RuleInfo};
pub use codes::{CodesView, GivenCode, Listed, SpokenCode};
pub use contacts::{ContactPerson, TypedContact};
pub use desk::*;
pub use doctor::{Finding, Level};
pub use export::{ExportFormat, board_json, person_json, row_json};
pub use greetings::{AttendanceRow, Invitation, Proposal};
pub use hearing::{Asker, Ear, EarState, Fetch, Leads, Preferences, Sign};
pub use history::{ColumnInfo, SegmentError, Snapshot, columns};
pub use importing::ImportRequest;
pub use improvements::ImprovementView;
pub use inbox::*;
pub use intake::{SourceInfo, sources, suggest_map};
pub use judgement::outlook::{Backtest, Figure, Scope};
pub use keeping::*;
pub use learning::{BacktestQuery, DEEP_DAYS, QUIET_DAYS};
pub use library::{NewContent, StoredContent};
pub use measurement::{Measurement, Verdict as CampaignVerdict};
pub use next_goods::NextGoods;
pub use notes::NotesTaken;
pub use operators::LONGEST_LOGIN;
pub use outreach::FIELDS;
pub use outreach::reports::Amazon;
pub use outreach::social::SocialPlatform;
pub use paying::{QUIET, STOCKED, UNKNOWN, paying};
pub use people::SuggestionView;
pub use policies::{describe, policy_from_toml, policy_to_toml};
pub use posting::*;
pub use ranked::{RANK_COLUMNS, RankFormat, backtest_json, rank_json};
pub use reachability::{Freshness, Reachability, Standing, StandingRow};
pub use reasons::{
    LeftFor, LikelyReason, PersonReasons, Pressure, ReasonReport, ReasonRow, SILENT_ONES, Stated,
    StatementView, UNKNOWN_REASON,
};
pub use refreshing::{
    Asking, FieldFault, Question, REFRESH_DAYS, REFRESH_TRIES, Refresh, RefreshForm, TypedFacts,
};
pub use scenarios::{SCENARIOS, Scenario, campaign_from_toml, campaign_to_toml, scenario};
pub use seasons::SeasonView;
pub use secrets::{SecretKept, Secrets};
pub use sending::{Held, Work, Worked};
pub use settings::{
    Advice, Automatic, Calls, Imap, Inbox, LiftPrior, LineChannel, OutlookMode, OwnReason, PaidBy,
    PerChannel, Post, Reasons, Sending, SettingFault, Settings, Sms, SmsStyle, Tls, Visits,
};
pub use socials::{NewSocial, SOCIAL_LINK, SocialView};
pub use store::{
    Attempted, Attestation, GoodsPair, Improvement, LogRow, PlanRow, SavedPolicy, StoredCampaign, StoredPlan,
    StoredTouch, TouchCount,
};
pub use surveys::{
    ChoiceSum, QuestionKind, RATED, SCALE, STOCK_LEFT, SURVEY_DAYS, SURVEY_VOICES, ScaleSum, Survey,
    SurveyChoice, SurveyForm, SurveyPage, SurveyQuestion, SurveyResult, SurveyRow, SurveyTyped, SurveyVoice,
    survey_from_toml, survey_to_toml,
};
pub use timeline::{DOINGS, Engagement, Happening};
pub use views::*;
pub use visiting::*;

use anyhow::{Context, Result};
use model::Day;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use store::Store;

/// Tells the time: Unix seconds. Only the binary knows the real one.
#[derive(Clone)]
pub struct Clock(pub Arc<dyn Fn() -> i64 + Send + Sync>);

/// Where everything lives.
pub struct Config {
    /// `postgres://...` or `sqlite:PATH`; `None` is `mezame.db` in the data folder.
    pub db: Option<String>,
    pub data: PathBuf,
    pub clock: Clock,
    /// Passwords and keys; without a signing key nothing is sent.
    pub secrets: Secrets,
}

/// The use cases. Cheap to clone; every call blocks.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    data: PathBuf,
    clock: Clock,
    secrets: Secrets,
    /// One import, and one judging, at a time.
    importing: Mutex<()>,
    judging: Mutex<Option<Judged>>,
    /// The day lists are read as of, where it is not today.
    held: Mutex<Option<Day>>,
    compared: Mutex<Option<policies::Compared>>,
    drawn: Mutex<Option<board::Drawn>>,
    ranked: Mutex<Option<Arc<ranking::Line>>>,
    learned: Mutex<Option<learning::Kept>>,
    paying: Mutex<Option<paying::Told>>,
    said: Mutex<Option<reasons::Dressed>>,
    shelf: Mutex<Option<Arc<next_goods::Shelf>>>,
    pressed: Mutex<Option<reasons::Pressed>>,
    /// Treated customers by approved plan.
    treated: Mutex<BTreeMap<i64, Arc<Vec<i64>>>>,
    /// Calls that could not be taken in yet.
    call_tries: Mutex<keeping::Tries>,
}

/// Everyone as judged, and the model that outlooks come from.
struct Judged {
    snapshot: Arc<Snapshot>,
    stamp: String,
}

impl App {
    /// Opens the store, migrating an embedded one; makes the data folder where missing.
    pub fn open(config: Config) -> Result<App> {
        let app = App::connect(config)?;
        let pending = app.inner.store.pending_migrations()?;
        if !pending.is_empty() {
            anyhow::bail!(
                "the database is not up to date ({} to run): run `mezame migrate`",
                pending.join(", ")
            );
        }
        Ok(app)
    }

    /// Opens the store and runs every pending migration; returns their names.
    pub fn migrate(config: Config) -> Result<Vec<String>> {
        let app = App::connect_as_is(config)?;
        Ok(app.inner.store.migrate()?)
    }

    fn connect(config: Config) -> Result<App> {
        let embedded = !is_server(config.db.as_deref());
        let app = App::connect_as_is(config)?;
        if embedded {
            app.inner.store.migrate().context("bringing the database file up to date")?;
        }
        Ok(app)
    }

    fn connect_as_is(config: Config) -> Result<App> {
        let data = config.data;
        std::fs::create_dir_all(&data)
            .with_context(|| format!("making the data folder {}", data.display()))?;
        let url = config.db.unwrap_or_else(|| format!("sqlite:{}", data.join("mezame.db").display()));
        let store = Store::open(&url)?;
        let inner = Inner {
            store,
            data,
            clock: config.clock,
            secrets: config.secrets,
            importing: Mutex::new(()),
            judging: Mutex::new(None),
            held: Mutex::new(None),
            compared: Mutex::new(None),
            drawn: Mutex::new(None),
            ranked: Mutex::new(None),
            learned: Mutex::new(None),
            paying: Mutex::new(None),
            said: Mutex::new(None),
            shelf: Mutex::new(None),
            pressed: Mutex::new(None),
            treated: Mutex::new(BTreeMap::new()),
            call_tries: Mutex::default(),
        };
        Ok(App { inner: Arc::new(inner) })
    }

    /// Unix seconds.
    pub fn now(&self) -> i64 {
        (self.inner.clock.0)()
    }

    /// Today in the shop's zone.
    pub fn today(&self) -> Result<Day> {
        Ok(self.settings()?.day_of(self.now()))
    }

    /// The folder of everything that is not in the database.
    pub fn data_dir(&self) -> &Path {
        &self.inner.data
    }

    /// Whether nobody has been imported yet.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.judged()?.customers() == 0)
    }

    /// Everyone as judged today (or on the held day) by the policy in force, made anew where stale.
    pub fn judged(&self) -> Result<Arc<Snapshot>> {
        let held = *lock(&self.inner.held);
        self.judged_as_of(held.map_or_else(|| self.today(), Ok)?)
    }

    /// From now on every list and page is read as of this day.
    pub fn hold(&self, as_of: Day) {
        *lock(&self.inner.held) = Some(as_of);
    }

    /// Everyone as judged on a day by the policy in force.
    pub fn judged_as_of(&self, as_of: Day) -> Result<Arc<Snapshot>> {
        self.with_said(self.judged_alone(as_of)?)
    }

    /// Without what customers said.
    fn judged_alone(&self, as_of: Day) -> Result<Arc<Snapshot>> {
        let mut held = lock(&self.inner.judging);
        let dir = self.columns_dir();
        let policy = self.policy()?;
        let same = |j: &Judged| j.snapshot.as_of() == as_of && *j.snapshot.policy() == policy;
        // While an import runs every look would judge another half of it: the last whole one stands.
        let importing = matches!(self.inner.importing.try_lock(), Err(TryLockError::WouldBlock));
        if let Some(judged) = held.as_ref().filter(|j| importing && same(j)) {
            return Ok(judged.snapshot.clone());
        }
        let changed = judging::refresh(&self.inner.store, &dir, &self.settings()?.counting())?;
        let model = self.in_force(&policy, as_of)?;
        let stamp = model.as_ref().map_or(String::new(), |m| m.stamp.clone());
        if let Some(judged) = held.as_ref().filter(|j| !changed && same(j) && j.stamp == stamp) {
            return Ok(judged.snapshot.clone());
        }
        let categories = self.inner.store.category_sets()?;
        let snapshot = Arc::new(judging::judge(&dir, &policy, categories, as_of, model.as_ref(), threads())?);
        *held = Some(Judged { snapshot: snapshot.clone(), stamp });
        Ok(snapshot)
    }

    /// Makes every history anew and keeps none: customers and orders seen.
    pub fn pass(&self, as_of: Day) -> Result<(u64, u64)> {
        judging::pass(&self.columns_dir(), as_of, threads())
    }

    /// Brings the columns up to date with the store; says whether anything had changed.
    pub fn refresh(&self) -> Result<bool> {
        let mut held = lock(&self.inner.judging);
        let changed = judging::refresh(&self.inner.store, &self.columns_dir(), &self.settings()?.counting())?;
        if changed {
            *held = None;
        }
        Ok(changed)
    }

    fn columns_dir(&self) -> PathBuf {
        self.inner.data.join("columns")
    }
}

/// Whether the address names a database server rather than a file.
pub fn is_server(db: Option<&str>) -> bool {
    db.is_some_and(|url| url.starts_with("postgres:") || url.starts_with("postgresql:"))
}

/// As many as the machine has cores.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A mutex guards a cache or an order of work here, so a panic elsewhere leaves nothing broken.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
