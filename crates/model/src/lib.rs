//! In: nothing but values that a stage has already understood.
//! Out: every noun that travels between two stages, with its invariants in its constructor.
//! Never: a database, a file, the clock, a random number, or a verb of the business.

mod activity;
mod after;
mod calendar;
mod call;
mod campaign;
mod card;
mod channel;
mod contact_person;
mod content;
mod customer;
mod day;
mod greeting;
mod history;
mod inquiry;
mod item;
mod judgement;
mod money;
mod newsletter;
mod note;
mod offer;
mod order;
mod outlook;
mod own_word;
mod phone;
mod place;
mod policy;
mod product;
mod reach;
mod response;
mod shop;
mod statement;
mod subscription;
mod time_of_day;
mod timeline;
mod touch;
mod visit;
mod words;

pub use activity::{Activity, ActivityKind, Review};
pub use after::After;
pub use calendar::{BusinessTime, Closure, DaysOff, Holiday, Season, SeasonKind, holiday, holidays, seasons};
pub use call::CallResult;
pub use campaign::{
    Campaign, CampaignState, Change, Enter, Evidence, Goal, Happened, Step, StepKind, StopRules, Tracking,
    Trigger, Variant, Whom, Words,
};
pub use card::{Bin, Candidate, Fitted, ModelCard, Part, Saying, Sense, Window};
pub use channel::{Basis, Channel, Consent, StopReason, Suppression};
pub use contact_person::PostState;
pub use content::{ContentKind, Marking};
pub use customer::{Buyer, MatchKey, Membership, Mourner, Name, Record};
pub use day::{Day, DayError};
pub use greeting::{Attendance, Greeting, Occasion};
pub use history::{History, SubscriptionState};
pub use inquiry::{InquiryWay, Leaving, Severity};
pub use item::{Item, Kind};
pub use judgement::{Cpm, Judgement, LostReason, Silent, Stage, State, Type};
pub use money::Money;
pub use newsletter::{Cadence, Newsletter};
pub use note::NoteKind;
pub use offer::{Codes, Lottery, Offer, OfferKind, PricePeriod};
pub use order::{Line, Order, OrderKind, SpendRule, Standing};
pub use outlook::Outlook;
pub use own_word::OwnFact;
pub use phone::{Phone, PhoneKind};
pub use place::PREFECTURES;
pub use policy::{CategoryRule, Clock, Policy, PolicyError, Rule, SegmentRule};
pub use product::{Balance, HeldCoupon, Product};
pub use reach::{Disaster, Exclusion, KeepOut, ReachFacts};
pub use response::{Response, ResponseKind, Verdict};
pub use shop::{ShopProfile, Trade};
pub use statement::{ReasonSource, Statement};
pub use subscription::{Subscription, SubscriptionStatus};
pub use time_of_day::TimeOfDay;
pub use timeline::{Event, EventKind, Timeline};
pub use touch::{Arm, Assignment, Delivery, Touch, TouchState};
pub use visit::{Visit, VisitKind};
