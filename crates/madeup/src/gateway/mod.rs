//! Gateways that keep what they accepted, and can be made to fail at every moment of a request.
//!
//! One for SMS, one for LINE: HTTP/1.1 on loopback, one thread per connection. What they say they
//! accepted, and how often, is the truth a test holds a sender against.

mod http;
mod line;
mod mishaps;
mod reports;
mod serve;
mod sms;

pub use line::{LineGateway, LineTemper};
pub use mishaps::{Mishap, Mishaps};
pub use reports::ReportTemper;
pub use sms::{Counted, SmsGateway, SmsTemper};
