//! A mail that came back, as it lies in a mailbox: a bounce in one of its dialects, a complaint, or an answer.

use super::written::Written;
use super::{Report, classify, fields, scrub};
use crate::chat::asks_otherwise;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use model::ResponseKind;

/// Bytes of a mail that are looked at: what a bounce says stands before the letter it gives back.
pub const MOST_READ: usize = 1024 * 1024;

/// What a raw mail says of our letters, or what a person wrote to us; empty for what says nothing: a warning
/// of delay, an automatic answer, a newsletter. `id` is left empty, the mailbox knows it better.
pub fn read_mail(raw: &[u8]) -> Vec<Report> {
    let raw = &raw[..raw.len().min(MOST_READ)];
    let Some(message) = MessageParser::default().parse(raw) else { return vec![] };
    let hints = hints(raw, &message);
    let at = message.date().map(|date| date.to_timestamp().saturating_mul(1000));
    let report = |kind, code: String, said| Report {
        id: String::new(),
        kind,
        hints: hints.clone(),
        at,
        code,
        agent: String::new(),
        said,
        written: None,
    };
    if let Some(feedback) = part(&message, "feedback-report") {
        return if complains(&feedback) {
            vec![report(ResponseKind::Complaint, String::new(), String::new())]
        } else {
            vec![]
        };
    }
    let said = match part(&message, "delivery-status").or_else(|| part(&message, "global-delivery-status")) {
        Some(status) => delivery_status(&status),
        None if is_bounce(&message) => plain_bounce(&body(&message)).into_iter().collect(),
        None => {
            let written = answer(&message).map(|kind| Report {
                written: Some(Box::new(written(&message))),
                ..report(kind, String::new(), String::new())
            });
            return written.into_iter().collect();
        }
    };
    said.into_iter().map(|(kind, code, said)| report(kind, code, said)).collect()
}

/// Who wrote what, as far as the mail says.
fn written(message: &Message) -> Written {
    let sender = message.from().and_then(|from| from.first());
    let part = |of: Option<&str>| of.unwrap_or("").to_owned();
    let from = part(sender.and_then(|s| s.address()));
    let name = part(sender.and_then(|s| s.name()));
    Written::new(&from, &name, message.subject().unwrap_or(""), &body(message))
}

type Said = (ResponseKind, String, String);

fn hints(raw: &[u8], message: &Message) -> Vec<String> {
    let whole = String::from_utf8_lossy(raw);
    let texts = message.parts.iter().filter_map(|part| match &part.body {
        PartType::Text(text) | PartType::Html(text) => Some(text.as_ref()),
        _ => None,
    });
    scrub::hints(std::iter::once(whole.as_ref()).chain(texts))
}

/// The text of the first part `message/SUBTYPE`, however its sender declared or encoded it.
fn part(message: &Message, subtype: &str) -> Option<String> {
    let found = message.parts.iter().find(|part| part.is_content_type("message", subtype))?;
    Some(match &found.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        _ => return None,
    })
}

/// Everything of RFC 5965 but "not spam" and reports of failed authentication is a complaint; so is a
/// feedback type nobody knows.
fn complains(feedback: &str) -> bool {
    let groups = fields::groups(feedback);
    let kind = groups.first().map_or("", |group| group.get("feedback-type")).to_lowercase();
    !["not-spam", "auth-failure"].contains(&kind.as_str())
}

/// One of each kind: a letter of ours has one addressee, whom an alias may have turned into several.
fn delivery_status(text: &str) -> Vec<Said> {
    let mut all: Vec<Said> = vec![];
    for group in fields::groups(text) {
        let diagnostic = group.get("diagnostic-code");
        let code = match classify::code(group.get("status")) {
            coarse if coarse.is_empty() || coarse.ends_with(".0.0") => {
                Some(classify::code(diagnostic)).filter(|finer| !finer.is_empty()).unwrap_or(coarse)
            }
            code => code,
        };
        let kind = match group.get("action").to_lowercase().as_str() {
            "failed" => classify::bounce(&code, diagnostic),
            "delivered" | "expanded" => ResponseKind::Delivered,
            // Delayed: still being tried. Relayed: handed on to a system that reports nothing.
            _ => continue,
        };
        let mut people = scrub::addresses(diagnostic);
        for name in ["final-recipient", "original-recipient"] {
            people.extend(scrub::addresses(group.get(name)));
        }
        if all.iter().all(|(known, ..)| *known != kind) {
            all.push((kind, code, scrub::words(diagnostic, &people)));
        }
    }
    all
}

/// Sent by a mail system and about a mail, as far as the headers tell.
fn is_bounce(message: &Message) -> bool {
    let from = header(message, "From").to_lowercase();
    let subject = message.subject().unwrap_or("").to_lowercase();
    let system = ["mailer-daemon", "mail delivery", "postmaster@", "mail administrator"];
    let about =
        ["undeliver", "undelivered", "failure notice", "returned mail", "delivery status", "delivery fail"];
    let japanese = ["配信不能", "配信できません", "送信できません", "エラーメール", "不達"];
    !header(message, "X-Failed-Recipients").is_empty()
        || system.iter().any(|sign| from.contains(sign))
        || (header(message, "Return-Path").trim() == "<>"
            && about.iter().chain(&japanese).any(|sign| subject.contains(sign)))
}

fn header<'a>(message: &'a Message, name: &'static str) -> &'a str {
    message.header_raw(name).unwrap_or("")
}

/// The text of the mail: its own words, not a letter given back as a part of its own.
fn body(message: &Message) -> String {
    let mut text = String::new();
    let own = |part: &&MessagePart| !part.is_content_type("text", "rfc822-headers");
    for part in message.text_bodies().filter(own).take(4) {
        match &part.body {
            PartType::Text(plain) => text.push_str(plain),
            PartType::Html(html) => text.push_str(&mail_parser::decoders::html::html_to_text(html)),
            _ => {}
        }
        text.push('\n');
    }
    text
}

/// Where the words of a bounce end and the letter given back begins.
const COPIES: &[&str] = &[
    "below this line is a copy",
    "this is a copy of the message",
    "original message",
    "message header follows",
    "unsent message follows",
    "returned message",
    "元のメッセージ",
    "以下は送信されたメール",
];

/// Words of a mail system that goes on trying.
const DELAYS: &[&str] =
    &["will keep trying", "will continue to", "do not need to resend", "遅延", "再送を続け"];

/// A bounce in its own words: qmail, older Exim and Exchange, the Japanese carriers.
fn plain_bounce(text: &str) -> Option<Said> {
    let starts_copy = |line: &&str| COPIES.iter().any(|sign| line.to_lowercase().contains(sign));
    let lines: Vec<&str> = text.lines().take_while(|line| !starts_copy(line)).collect();
    let told = lines.join("\n");
    let people = scrub::addresses(&told);
    let spoken = lines.iter().find_map(|line| Some((*line, spoken(line)?)));
    match spoken {
        Some((line, (kind, code))) => Some((kind, code, scrub::words(line, &people))),
        None if DELAYS.iter().any(|sign| told.to_lowercase().contains(sign)) => None,
        None => Some((ResponseKind::SoftBounce, classify::code(&told), scrub::words(&told, &people))),
    }
}

/// What one line of a bounce says: with a code, or in known words.
fn spoken(line: &str) -> Option<(ResponseKind, String)> {
    let code = classify::code(line);
    let refusal = code.starts_with(['4', '5']);
    match classify::of_words(line) {
        None if !refusal => None,
        _ => Some((classify::bounce(&code, line), code)),
    }
}

/// First words of an answer by which its writer leaves. Short, since a sentence may say the opposite.
const LEAVING: &[&str] =
    &["配信停止", "配信を停止", "メール不要", "退会", "停止希望", "unsubscribe", "remove me"];

/// Whether this line is a plain wish to leave.
fn leaves(line: &str) -> bool {
    let line = line.to_lowercase();
    // "Stop by today": alone it is a wish, before other words any verb.
    let alone = line.trim_end_matches(['.', '!', '。', '！', ' ']) == "stop";
    line.chars().count() <= 20
        && (alone || LEAVING.iter().any(|sign| line.starts_with(sign)))
        && !asks_otherwise(&line)
}

/// Whether a subject is an absence's: a delivery that was missed is what people write to a shop about.
fn is_away(subject: &str) -> bool {
    let signs = ["out of office", "automatic reply", "auto:", "自動返信", "自動応答", "休暇中"];
    let absent = subject.strip_prefix("不在");
    signs.iter().any(|sign| subject.starts_with(sign))
        || absent.is_some_and(|rest| !["票", "連絡", "配達"].iter().any(|word| rest.starts_with(word)))
}

/// Whether nobody reads what is sent to this sender, so that nobody wrote it either.
fn machine(from: &str) -> bool {
    let from = from.to_lowercase();
    ["noreply@", "no-reply@", "no_reply@", "donotreply@", "do-not-reply@"]
        .iter()
        .any(|sign| from.contains(sign))
}

/// What a person wrote to us, whether or not it answers a letter of ours; never an automatic answer.
fn answer(message: &Message) -> Option<ResponseKind> {
    let automatic = header(message, "Auto-Submitted").trim().to_lowercase();
    let precedence = header(message, "Precedence").trim().to_lowercase();
    let subject = message.subject().unwrap_or("").trim().to_lowercase();
    let marks = ["X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id"];
    let bare = subject.trim_start_matches(['【', '[', '［', '(', '（', '<', ' ']);
    if !(automatic.is_empty() || automatic == "no")
        || ["bulk", "auto_reply", "junk", "list"].contains(&precedence.as_str())
        || marks.iter().any(|name| message.header_raw(*name).is_some())
        || is_away(bare)
        || header(message, "Return-Path").trim() == "<>"
        || machine(header(message, "From"))
    {
        return None;
    }
    let text = body(message);
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('>'));
    let left = [subject.as_str(), first.unwrap_or("")].into_iter().any(leaves);
    Some(if left { ResponseKind::OptOut } else { ResponseKind::Reply })
}

#[cfg(test)]
mod tests {
    use super::{is_away, leaves};

    #[test]
    fn a_question_about_leaving_is_no_wish_to_leave() {
        for (line, wish) in [
            ("配信停止をお願いします。", true),
            ("退会したいです", true),
            ("STOP", true),
            ("Stop.", true),
            ("unsubscribe", true),
            ("Stop by today?", false),
            ("stop by tomorrow", false),
            ("配信停止を解除したい", false),
            ("退会方法を教えてください", false),
            ("配信停止はできますか？", false),
        ] {
            assert_eq!(leaves(line), wish, "{line}");
        }
    }

    #[test]
    fn a_missed_delivery_is_no_absence() {
        for (subject, away) in [
            ("不在", true),
            ("不在のお知らせ", true),
            ("不在にしております", true),
            ("自動返信: ご連絡", true),
            ("不在票が入っていました", false),
            ("不在連絡の件", false),
            ("不在配達について", false),
        ] {
            assert_eq!(is_away(subject), away, "{subject}");
        }
    }
}
