//! One mail as bytes: headers that nobody can add to, a text part and an HTML part.

use crate::Letter;
use aws_lc_rs::digest::{SHA256, digest};
use clearance::ClearedTouch;
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::headers::url::URL;
use mail_builder::mime::MimePart;
use model::Day;

/// What stands at the head of a mail beside its subject. Any text is safe: what a header may not
/// hold is taken out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading<'a> {
    /// The sender's name as people see it.
    pub from_name: &'a str,
    /// The sender's address: of a domain that is the shop's own (L-10).
    pub from: &'a str,
    /// Where answers go; empty: to `from`.
    pub reply_to: &'a str,
    /// Without its angle brackets; the same for every attempt at one touch.
    pub message_id: &'a str,
    /// `https://...`, one click stops the mails (RFC 8058, L-37).
    pub unsubscribe_url: &'a str,
    /// An address where a mail does the same; empty: none.
    pub unsubscribe_mail: &'a str,
    /// Names the shop's mails to mail programs (RFC 2919), without angle brackets; empty: none.
    pub list_id: &'a str,
    /// What a mailbox provider's complaint rates are told apart by; empty: none.
    pub feedback_id: &'a str,
    /// Unix seconds.
    pub now: i64,
    /// Minutes by which the shop's zone is ahead of UTC.
    pub zone_minutes: i32,
}

/// The whole mail, ASCII, lines of at most 998 bytes that end in CR LF. Same arguments, same bytes.
pub fn compose(touch: &ClearedTouch, heading: &Heading<'_>, letter: &Letter) -> Vec<u8> {
    let boundary = boundary(heading.message_id);
    let mut mail = MessageBuilder::new()
        .header("Date", Raw::new(date(heading.now, heading.zone_minutes)))
        .from(Address::new_address(Some(plain(heading.from_name)), token(heading.from)))
        .to(Address::new_address(None::<&str>, token(touch.destination())))
        .header("Subject", Text::new(plain(&letter.subject)))
        .header("Message-ID", Raw::new(format!("<{}>", token(heading.message_id))));
    if !heading.reply_to.is_empty() {
        mail = mail.reply_to(Address::new_address(None::<&str>, token(heading.reply_to)));
    }
    let mut ways = vec![token(heading.unsubscribe_url)];
    if !heading.unsubscribe_mail.is_empty() {
        ways.push(format!("mailto:{}?subject=unsubscribe", token(heading.unsubscribe_mail)));
    }
    mail = mail
        .header("List-Unsubscribe", URL::new_list(ways.into_iter()))
        .header("List-Unsubscribe-Post", Raw::new("List-Unsubscribe=One-Click"));
    if !heading.list_id.is_empty() {
        mail = mail.header("List-Id", Raw::new(format!("<{}>", token(heading.list_id))));
    }
    if !heading.feedback_id.is_empty() {
        mail = mail.header("Feedback-ID", Raw::new(token(heading.feedback_id)));
    }
    let parts = vec![
        MimePart::new("text/plain", letter.text.as_str()),
        MimePart::new("text/html", letter.html.as_str()),
    ];
    let kind = ContentType::new("multipart/alternative").attribute("boundary", boundary);
    let mut out = Vec::with_capacity(2 * (letter.html.len() + letter.text.len()) + 2_000);
    mail.header("MIME-Version", Raw::new("1.0")).body(MimePart::new(kind, parts)).serialize(&mut out);
    out
}

/// Text for a header that may hold any character: on one line, and never what reads as a word
/// already encoded (RFC 2047), which would show as another.
fn plain(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().replace("=?", "= ?")
}

/// Text for a header with a grammar of its own: visible ASCII, and nothing that ends or adds an item.
fn token(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() && !['<', '>', '"', ','].contains(c)).collect()
}

/// A line that no part can contain: it begins with what neither transfer encoding leaves standing
/// (RFC 2045, 6.7) and goes on with what nobody can foretell without the mail's own id.
fn boundary(message_id: &str) -> String {
    let hash = digest(&SHA256, message_id.as_bytes());
    let hex: String = hash.as_ref().iter().take(12).map(|b| format!("{b:02x}")).collect();
    format!("=_{hex}")
}

/// RFC 5322, 3.3: `Sun, 22 Nov 2026 09:30:00 +0900`.
fn date(now: i64, zone_minutes: i32) -> String {
    let local = now + i64::from(zone_minutes) * 60;
    let day = Day(local.div_euclid(86_400) as i32);
    let (y, m, d) = day.ymd();
    let second = local.rem_euclid(86_400);
    let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day.weekday() as usize];
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months[m as usize - 1];
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let sign = if zone_minutes < 0 { '-' } else { '+' };
    let (ahead, minutes) = (zone_minutes.abs() / 60, zone_minutes.abs() % 60);
    format!("{weekday}, {d} {month} {y} {hour:02}:{minute:02}:{second:02} {sign}{ahead:02}{minutes:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (now, zone, expected) in [
            (1_795_341_600, 540, "Sun, 22 Nov 2026 19:00:00 +0900"),
            (0, 0, "Thu, 1 Jan 1970 00:00:00 +0000"),
            (0, -210, "Wed, 31 Dec 1969 20:30:00 -0330"),
        ] {
            assert_eq!(date(now, zone), expected);
        }
    }
}
