//! In: what is known of one customer, one campaign's words, and the shop.
//! Out: a cleared touch or the rule that refuses it; and remarks on the words, each with its rule.
//! Never: a database, the clock, or a permission nobody can point to.

mod caps;
mod case;
mod hours;
mod keep;
mod lint;
mod parts;
mod rates;
mod reach;
mod rules;
mod touch;
mod trace;

pub use caps::{Cap, Caps, Contact, Contender, contend};
pub use case::Case;
pub use hours::{Hours, Open};
pub use keep::{deletable, gaps, keep_until};
pub use lint::{
    Dns, Known, Letter, Level, Overlap, Quote, Remark, SmsSample, SmsWords, lint, lint_letter, lint_post,
    lint_sms,
};
pub use parts::{SmsLimits, SmsSize, sms_size};
pub use rates::{Pause, rates, warning};
pub use reach::{Permission, reach};
pub use rules::{Effect, RULES, RuleInfo, rule};
pub use touch::{Again, ClearedTouch, Refusal, clear, clear_own};
pub use trace::{Passed, Said, trace};
