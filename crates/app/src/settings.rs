//! The shop's settings, typed, with their defaults.

mod automatic;
mod calls;
mod checks;
mod gateways;
mod imap;
mod inbox;
mod post;
mod reasons;
mod typed;
mod visits;

pub use automatic::Automatic;
pub use calls::Calls;
pub use checks::SettingFault;
pub use gateways::{LineChannel, Sms, SmsStyle};
pub use imap::Imap;
pub use inbox::Inbox;
pub use post::{PaidBy, Post};
pub use reasons::{OwnReason, Reasons};
pub use visits::{Advice, Visits};

use crate::App;
use anyhow::{Context, Result, ensure};
use clearance::{Caps, Hours};
use jiff::{Timestamp, tz::TimeZone};
use model::{Campaign, Channel, Day, KeepOut, Money, ShopProfile, SpendRule, Type};
use serde::{Deserialize, Serialize};
use store::Counting;

/// What the shop has decided about itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// As customers know it.
    pub shop: String,
    /// IANA name; days are days there.
    pub zone: String,
    /// What "spend" means.
    pub spend: SpendRule,
    /// Whether unpaid orders count.
    pub pending_counts: bool,
    /// Whether orders of zero yen count.
    pub zero_counts: bool,
    /// Written after amounts in Japanese.
    pub currency: String,
    /// What expectations are made from.
    pub outlook: OutlookMode,
    /// Share of the spend that stays with the shop, 0..=1.
    pub margin: f64,
    /// What one touch costs, in units of the currency.
    pub cost: PerChannel<f64>,
    /// What one touch is believed to add to the probability of an order, in percentage points.
    pub lift: PerChannel<LiftPrior>,
    /// The share of it that is believed of the long dormant, 0..=1: the trial followed nobody for
    /// longer than a year, and those silent for less come first (M054).
    pub lift_long: f64,
    /// Who the shop is, for letters. Its name is `shop`.
    pub profile: ShopProfile,
    /// How mail leaves the house.
    pub sending: Sending,
    /// How SMS leave.
    pub sms: Sms,
    /// How LINE messages leave.
    pub line: LineChannel,
    /// How post leaves.
    pub post: Post,
    /// Most touches of one person per period (L-44).
    pub caps: Caps,
    /// The same for those who say that we write too often (M037).
    pub caps_few: Caps,
    /// When each channel may be used (L-13, L-34).
    pub hours: Hours,
    /// By what the shop's books keep somebody out (M165).
    pub keep_out: KeepOut,
    /// When nothing ships (M166).
    pub days_off: model::DaysOff,
    /// Nothing is sent when the newest import of orders is older than this many hours (M158).
    pub stale_hours: u32,
    /// Points and coupons held in the cart are told of while they were read no longer ago than so many
    /// days (L-25).
    pub points_days: u32,
    /// Whether a campaign needs a yes of two operators.
    pub second_approver: bool,
    /// Share of all customers that stays out of every campaign for a quarter, 0..=0.2.
    pub global_holdout: f64,
    /// What a new customer costs, in units of the currency; 0: not known (M059).
    pub acquisition_cost: f64,
    /// The phone desk.
    pub calls: Calls,
    /// What customers write to us.
    pub inbox: Inbox,
    /// Why customers go quiet.
    pub reasons: Reasons,
    /// Visits to the shop's site (M023).
    pub visits: Visits,
    /// By which channel is advised (M098, M100).
    pub advice: Advice,
    /// What runs by itself (M031).
    pub automatic: Automatic,
    /// The shop's own mailboxes for trying a letter, apart by commas.
    pub test_addresses: String,
}

/// How mail leaves the house. Passwords and keys are not here: see `Secrets`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sending {
    /// The SMTP server; empty: mail is not set up.
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    /// Empty: no login.
    pub login: String,
    /// The address letters come from; its domain must be the shop's own (L-10).
    pub from: String,
    /// Where answers go; empty: `from`.
    pub reply_to: String,
    /// Domain of return paths, whose mailbox is read for bounces; empty: `from`'s.
    pub bounce_domain: String,
    /// Selector of the DKIM key in DNS; empty: Mezame does not sign.
    pub dkim_selector: String,
    /// Mails a second, at most; 0: as fast as it goes.
    pub per_second: f64,
    /// The same towards one domain.
    pub per_domain: f64,
    /// Connections at a time.
    pub connections: u16,
    /// Certificates, as PEM, of a mail server that no public authority vouches for.
    pub authorities: String,
    /// A folder of kind Maildir in which bounces and complaints arrive; empty: none.
    pub maildir: String,
    /// A mailbox in which they arrive.
    pub imap: Imap,
}

impl Default for Sending {
    fn default() -> Sending {
        Sending {
            host: String::new(),
            port: 587,
            tls: Tls::Starttls,
            login: String::new(),
            from: String::new(),
            reply_to: String::new(),
            bounce_domain: String::new(),
            dkim_selector: String::new(),
            per_second: 0.0,
            per_domain: 0.0,
            connections: 8,
            authorities: String::new(),
            maildir: String::new(),
            imap: Imap::default(),
        }
    }
}

impl Sending {
    /// The domain of `from`; empty where there is none.
    pub fn domain(&self) -> &str {
        self.from.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether somebody reads what comes back by mail: bounces, complaints, answers.
    pub fn hears_mail(&self) -> bool {
        !self.maildir.is_empty() || !self.imap.host.is_empty()
    }

    /// The domain of return paths.
    pub fn bounces_to(&self) -> &str {
        if self.bounce_domain.is_empty() { self.domain() } else { &self.bounce_domain }
    }
}

/// How a connection is closed to others.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Plain; for a server on this machine.
    None,
    #[default]
    Starttls,
    Implicit,
}

/// What expectations are made from (M150).
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutlookMode {
    /// What did best on the shop's own past.
    #[default]
    Auto,
    /// The cycle-relative rule, whatever did better.
    Rule,
    /// No expectations at all.
    Off,
}

/// One value per channel.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerChannel<T> {
    pub mail: T,
    pub sms: T,
    pub line: T,
    pub post: T,
    pub phone: T,
    pub ads: T,
}

impl<T: Copy> PerChannel<T> {
    pub fn of(mut self, channel: Channel) -> T {
        *self.of_mut(channel)
    }

    pub fn of_mut(&mut self, channel: Channel) -> &mut T {
        match channel {
            Channel::Mail => &mut self.mail,
            Channel::Sms => &mut self.sms,
            Channel::Line => &mut self.line,
            Channel::Post => &mut self.post,
            Channel::Phone => &mut self.phone,
            Channel::Ads => &mut self.ads,
        }
    }
}

/// The lift believed before anything is measured, in percentage points: pooled over everybody of
/// a type. Mail is what Hillstrom's trial of 2008 found (0.38 to 0.56 points, alike for new and
/// old customers); the others are assumptions until the shop's own holdouts speak. Customers who
/// bought regularly before (type B) come first (M052).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftPrior {
    pub regular: f64,
    pub once: f64,
}

impl LiftPrior {
    const fn new(regular: f64, once: f64) -> LiftPrior {
        LiftPrior { regular, once }
    }

    /// The lift of a type, as a probability.
    pub fn of(&self, kind: Type) -> f64 {
        match kind {
            Type::B => self.regular / 100.0,
            Type::A | Type::None => self.once / 100.0,
        }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            shop: String::new(),
            zone: "Asia/Tokyo".to_owned(),
            spend: SpendRule::Paid,
            pending_counts: true,
            zero_counts: true,
            currency: "円".to_owned(),
            outlook: OutlookMode::Auto,
            margin: 0.4,
            cost: PerChannel { mail: 0.5, sms: 12.0, line: 3.0, post: 105.0, phone: 250.0, ads: 10.0 },
            lift: PerChannel {
                mail: LiftPrior::new(0.5, 0.3),
                sms: LiftPrior::new(0.8, 0.5),
                line: LiftPrior::new(0.7, 0.4),
                post: LiftPrior::new(1.5, 0.9),
                phone: LiftPrior::new(3.0, 1.8),
                ads: LiftPrior::new(0.2, 0.1),
            },
            lift_long: 0.5,
            profile: ShopProfile::default(),
            sending: Sending::default(),
            sms: Sms::default(),
            line: LineChannel::default(),
            post: Post::default(),
            caps: Caps::default(),
            caps_few: Caps::few(),
            hours: Hours::default(),
            keep_out: KeepOut::default(),
            days_off: model::DaysOff::default(),
            stale_hours: 48,
            points_days: 7,
            second_approver: false,
            global_holdout: 0.0,
            acquisition_cost: 0.0,
            calls: Calls::default(),
            inbox: Inbox::default(),
            reasons: Reasons::default(),
            visits: Visits::default(),
            advice: Advice::default(),
            automatic: Automatic::default(),
            test_addresses: String::new(),
        }
    }
}

impl Settings {
    /// The shop's zone; Japan's where the name is unknown here.
    pub fn tz(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(9)))
    }

    /// The shop as letters name it.
    pub fn shop_profile(&self) -> ShopProfile {
        ShopProfile { name: self.shop.clone(), ..self.profile.clone() }
    }

    /// Unix seconds of a day's minute in the shop's zone; an hour that a clock change leaves out is
    /// the next one.
    pub fn moment(&self, day: Day, minute: i64) -> i64 {
        let (year, month, date) = day.ymd();
        let (hour, minute) = (minute.div_euclid(60), minute.rem_euclid(60));
        let civil =
            jiff::civil::date(year as i16, month as i8, date as i8).at(hour as i8, minute as i8, 0, 0);
        civil.to_zoned(self.tz()).map_or(i64::from(day.0) * 86_400, |z| z.timestamp().as_second())
    }

    /// When a campaign's step is due for a variant, Unix seconds; `None` where its day or hour is not decided.
    pub(crate) fn due(&self, campaign: &Campaign, step: usize, variant: usize) -> Option<i64> {
        self.due_from(campaign, step, variant, campaign.start?)
    }

    /// The same for whoever it begins for on a day: that on which they entered.
    pub(crate) fn due_from(
        &self,
        campaign: &Campaign,
        step: usize,
        variant: usize,
        start: Day,
    ) -> Option<i64> {
        let step = campaign.step_for(step, variant)?;
        Some(self.moment(step.day(start, &self.days_off), step.at?.minutes()))
    }

    /// The moment of somebody's own hour within the day that begins at `due`.
    pub(crate) fn own_due(&self, seen: &[u16], due: i64) -> i64 {
        let start = self.minute_of(due);
        let hour = i64::from(plan::own_hour(seen, u16::try_from(start).unwrap_or(0)));
        due + (hour - start).rem_euclid(24 * 60) * 60
    }

    /// When the first letter of a campaign would leave; `None` where no step's day and hour are decided.
    pub(crate) fn first_due(&self, campaign: &Campaign) -> Option<i64> {
        (0..campaign.steps.len()).filter_map(|step| self.dues(campaign, step)?.into_iter().min()).min()
    }

    /// The same for every variant, in their order; one where there are none.
    pub(crate) fn dues(&self, campaign: &Campaign, step: usize) -> Option<Vec<i64>> {
        campaign.variant_numbers().map(|variant| self.due(campaign, step, variant)).collect()
    }

    /// Minutes after midnight of a moment in the shop's zone.
    pub fn minute_of(&self, unix_seconds: i64) -> i64 {
        let time = Timestamp::from_second(unix_seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.tz());
        i64::from(time.hour()) * 60 + i64::from(time.minute())
    }

    /// The day of a moment in the shop's zone.
    pub fn day_of(&self, unix_seconds: i64) -> Day {
        let date =
            Timestamp::from_second(unix_seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.tz()).date();
        Day::from_ymd(i32::from(date.year()), date.month() as u32, date.day() as u32).unwrap_or(Day(0))
    }

    /// Which orders count, and with what.
    pub fn counting(&self) -> Counting {
        Counting { spend: self.spend, pending: self.pending_counts, zero: self.zero_counts }
    }

    /// What a touch through a channel costs.
    pub fn cost_of(&self, channel: Channel) -> Money {
        Money((self.cost.of(channel) * 100.0).round() as i64)
    }

    /// The lift believed of a touch, as a probability.
    pub fn lift_of(&self, channel: Channel, kind: Type, long_dormant: bool) -> f64 {
        self.lift.of(channel).of(kind) * if long_dormant { self.lift_long } else { 1.0 }
    }

    /// What "spend" means, for beside the figure: Japanese, English.
    pub fn spend_words(&self) -> (&'static str, &'static str) {
        match self.spend {
            SpendRule::Paid => {
                ("税込・送料込・ポイント値引後", "as paid: with tax and shipping, after points")
            }
            SpendRule::Goods => ("商品小計", "goods only"),
            SpendRule::BeforePoints => {
                ("税込・送料込・ポイント値引前", "with tax and shipping, before points")
            }
        }
    }
}

impl App {
    /// The settings in force.
    pub fn settings(&self) -> Result<Settings> {
        match self.inner.store.setting("shop")? {
            Some(text) => serde_json::from_str(&text).context("reading the shop's settings"),
            None => Ok(Settings::default()),
        }
    }

    /// Saves the settings. Where what counts changes, the next judging makes the columns anew.
    pub fn set_settings(&self, settings: &Settings) -> Result<()> {
        ensure!(
            TimeZone::get(&settings.zone).is_ok(),
            "'{}' is no time zone; write it as Asia/Tokyo",
            settings.zone
        );
        if let Some(fault) = settings.faults().into_iter().next() {
            return Err(fault.into());
        }
        let old = self.settings()?;
        ensure!(
            old.zone == settings.zone || self.inner.store.latest_order()?.is_none(),
            "the zone can only be set before the first import: every order's day was read with {}",
            old.zone
        );
        Ok(self.inner.store.set_setting("shop", &serde_json::to_string(settings)?)?)
    }
}
