//! A mailbox over IMAP (RFC 3501): what is new is given out, and marked as seen only when that is asked for.
//!
//! A client of our own, of six commands: the crate `imap` (3.0.0-alpha) reads an answer as long as the
//! server likes into memory and parses it anew with every line, and cannot be stopped while it waits.

mod answer;
mod say;

use super::{Report, mail, scrub};
use crate::wire::{Failed, Place, Tls, Wire, lost};
use answer::{Answer, Said, Word};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;
use thiserror::Error;

/// Mails that are fetched at a time.
const BATCH: usize = 20;
/// Numbers of mails that are searched at a time, so that no answer is too long.
const WINDOW: u32 = 50_000;
/// Answers of one command, whatever the server has to tell besides.
const MOST_ANSWERS: usize = 10_000;

/// Where a mailbox lies.
#[derive(Clone)]
pub struct ImapDoor {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: String,
    pub password: String,
    /// Its folder; "INBOX" is every mailbox's first.
    pub folder: String,
    /// Longest wait for one answer.
    pub timeout: Duration,
    /// Own certificate authorities as PEM; empty: the public ones.
    pub authorities: String,
}

impl fmt::Debug for ImapDoor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ImapDoor({}:{}, {:?}, {})", self.host, self.port, self.tls, self.folder)
    }
}

/// Why a mailbox cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ImapError {
    /// To be tried again later.
    #[error(
        "バウンス用の受信箱(IMAP)に接続できません: {0} / the mailbox of bounces (IMAP) cannot be reached: {0}"
    )]
    Unreachable(String),
    /// Will not get better by itself: an operator must look.
    #[error(
        "バウンス用の受信箱(IMAP)に断られました。設定をご確認ください: {0} / the mailbox of bounces (IMAP) refuses us, check the settings: {0}"
    )]
    Refused(String),
}

impl From<Failed> for ImapError {
    fn from(failed: Failed) -> ImapError {
        match failed {
            Failed::Unreachable(what) => ImapError::Unreachable(what),
            Failed::Refused(what) => ImapError::Refused(what),
        }
    }
}

/// Up to where a folder was read: the server's number of its numbering, and the last mail's number in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    pub validity: u32,
    pub uid: u32,
}

/// Some mails that came, and how far one is after them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// The mail's number, and what it reports; `Report::id` is the same however often it is read.
    pub mails: Vec<(u32, Vec<Report>)>,
    pub position: Position,
}

/// An open folder.
pub struct Inbox<'a> {
    wire: Wire,
    going: &'a dyn Fn() -> bool,
    commands: u32,
    /// Says which mailbox a number is of.
    name: String,
    validity: u32,
    /// Only mails that nobody has read: the folder is looked at for the first time.
    unseen: bool,
    /// Everything up to here is searched.
    searched: u32,
    /// The last number given, where the server says it.
    last: Option<u32>,
    found: VecDeque<u32>,
}

impl<'a> Inbox<'a> {
    /// Connects, closes the line to others as the door says, logs in and opens the folder. What is read
    /// then begins after `since`; without one, or where the server has numbered the folder anew, with
    /// every mail that nobody has read. `going` is asked while waiting: `false` breaks off.
    pub fn open(
        door: &ImapDoor,
        since: Option<Position>,
        going: &'a dyn Fn() -> bool,
    ) -> Result<Inbox<'a>, ImapError> {
        let place = Place {
            host: &door.host,
            port: door.port,
            tls: door.tls,
            timeout: door.timeout,
            authorities: &door.authorities,
        };
        let name = format!("{}:{}:{}", door.host, door.user, door.folder);
        let name = format!("{:016x}", name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, fnv));
        let wire = Wire::connect(&place)?;
        let mut inbox = Inbox {
            wire,
            going,
            commands: 0,
            name,
            validity: 0,
            unseen: true,
            searched: 0,
            last: None,
            found: VecDeque::new(),
        };
        match inbox.hear()? {
            Answer::Said(said) if said.tag == "*" && said.ok() => {}
            Answer::Said(said) => return Err(ImapError::Unreachable(words(&said))),
            _ => return Err(strange()),
        }
        if door.tls == Tls::StartTls {
            inbox.must("STARTTLS", None)?;
            inbox.wire = inbox.wire.secure(&place)?;
        }
        inbox.log_in(door)?;
        inbox.select(&door.folder, since)?;
        Ok(inbox)
    }

    fn log_in(&mut self, door: &ImapDoor) -> Result<(), ImapError> {
        if !self.wire.private() {
            let why = "a password is not sent over an open line: use TLS";
            return Err(ImapError::Refused(why.to_owned()));
        }
        let mut able: Vec<String> = vec![];
        self.ask("CAPABILITY", None, |words| {
            if words.first().is_some_and(|word| word.is("CAPABILITY")) {
                able.extend(words.into_iter().filter_map(|word| match word {
                    Word::Atom(atom) => Some(atom.to_ascii_uppercase()),
                    _ => None,
                }));
            }
        })
        .and_then(accepted)?;
        let can = |what: &str| able.iter().any(|ability| ability == what);
        let said = if can("AUTH=PLAIN") && !door.user.contains('\0') && !door.password.contains('\0') {
            let secret = BASE64_STANDARD.encode(format!("\0{}\0{}", door.user, door.password));
            self.ask("AUTHENTICATE PLAIN", Some(&secret), drop)?
        } else if let (false, Some(user), Some(password)) =
            (can("LOGINDISABLED"), say::quoted(&door.user), say::quoted(&door.password))
        {
            self.ask(&format!("LOGIN {user} {password}"), None, drop)?
        } else {
            return Err(ImapError::Refused("AUTH=PLAIN, LOGIN".to_owned()));
        };
        accepted(said).map(drop)
    }

    fn select(&mut self, folder: &str, since: Option<Position>) -> Result<(), ImapError> {
        let folder = say::quoted(&say::folder(folder)).ok_or_else(strange)?;
        let (mut validity, mut next) = (None, None);
        let said = self.exchange(&format!("SELECT {folder}"), None, &mut |answer| {
            if let Answer::Said(said) = answer {
                validity = validity.or(said.number("UIDVALIDITY"));
                next = next.or(said.number("UIDNEXT"));
            }
        })?;
        accepted(said)?;
        self.validity = validity.ok_or_else(strange)?;
        self.last = next.map(|next| next.saturating_sub(1));
        if let Some(since) = since.filter(|since| since.validity == self.validity) {
            self.unseen = false;
            self.searched = since.uid;
        }
        Ok(())
    }

    /// The next mails that came, in their order; `None` when there are no more.
    pub fn next_batch(&mut self) -> Result<Option<Batch>, ImapError> {
        if self.found.is_empty() && !self.searched_all() {
            self.search()?;
        } else if self.found.is_empty() {
            return Ok(None);
        }
        let uids: Vec<u32> = self.found.drain(..self.found.len().min(BATCH)).collect();
        let mails = if uids.is_empty() { vec![] } else { self.fetch(&uids)? };
        let at = if self.found.is_empty() { self.searched } else { uids.last().copied().unwrap_or(0) };
        Ok(Some(Batch { mails, position: Position { validity: self.validity, uid: at } }))
    }

    fn searched_all(&self) -> bool {
        self.searched >= self.last.unwrap_or(u32::MAX)
    }

    /// Looks for the mails of the next numbers.
    fn search(&mut self) -> Result<(), ImapError> {
        let from = self.searched + 1;
        let to = self.last.map(|last| last.min(self.searched.saturating_add(WINDOW)));
        let end = to.map_or("*".to_owned(), |to| to.to_string());
        let unseen = if self.unseen { "UNSEEN " } else { "" };
        let mut uids: Vec<u32> = vec![];
        let said = self.ask(&format!("UID SEARCH {unseen}UID {from}:{end}"), None, |words| {
            if words.first().is_some_and(|word| word.is("SEARCH")) {
                uids.extend(words.iter().filter_map(Word::number));
            }
        })?;
        accepted(said)?;
        // `7:*` finds the last mail even where its number is below 7.
        uids.retain(|uid| *uid >= from && to.is_none_or(|to| *uid <= to));
        uids.sort_unstable();
        uids.dedup();
        self.searched = to.or(uids.last().copied()).unwrap_or(self.searched);
        self.last = self.last.or(Some(self.searched));
        self.found = uids.into();
        Ok(())
    }

    fn fetch(&mut self, uids: &[u32]) -> Result<Vec<(u32, Vec<Report>)>, ImapError> {
        let mut mails: Vec<(u32, Vec<Report>)> = vec![];
        let command = format!("UID FETCH {} (UID BODY.PEEK[]<0.{}>)", set(uids), mail::MOST_READ);
        let (validity, name) = (self.validity, self.name.clone());
        let said = self.ask(&command, None, |words| {
            let Some((uid, raw)) = fetched(&words) else { return };
            // Only what was asked for, and once.
            if uids.contains(&uid) && mails.iter().all(|(known, _)| *known != uid) {
                let mut reports = mail::read_mail(raw);
                for (number, report) in reports.iter_mut().enumerate() {
                    report.id = format!("imap {name} {validity} {uid}/{number}");
                }
                mails.push((uid, reports));
            }
        })?;
        accepted(said)?;
        mails.sort_by_key(|(uid, _)| *uid);
        Ok(mails)
    }

    /// Marks mails as seen, for whoever else looks into the mailbox. A folder that may only be read
    /// stays as it is: `Position` is what Mezame goes by.
    pub fn mark_seen(&mut self, uids: &[u32]) -> Result<(), ImapError> {
        if uids.is_empty() {
            return Ok(());
        }
        self.ask(&format!("UID STORE {} +FLAGS.SILENT (\\Seen)", set(uids)), None, drop).map(drop)
    }

    /// Says goodbye; what the server says to that is of no interest.
    pub fn close(mut self) {
        let _ = self.ask("LOGOUT", None, drop);
    }

    /// A command that must go well.
    fn must(&mut self, command: &str, more: Option<&str>) -> Result<Said, ImapError> {
        self.ask(command, more, drop).and_then(accepted)
    }

    /// Says a command and hears what comes of it; `data` is given what the server tells besides.
    fn ask(
        &mut self,
        command: &str,
        more: Option<&str>,
        mut data: impl FnMut(Vec<Word>),
    ) -> Result<Said, ImapError> {
        self.exchange(command, more, &mut |answer| {
            if let Answer::Data(words) = answer {
                data(words);
            }
        })
    }

    fn exchange(
        &mut self,
        command: &str,
        mut more: Option<&str>,
        each: &mut dyn FnMut(Answer),
    ) -> Result<Said, ImapError> {
        self.commands += 1;
        let tag = format!("a{}", self.commands);
        self.wire.write(format!("{tag} {command}\r\n").as_bytes()).map_err(lost)?;
        for _ in 0..MOST_ANSWERS {
            match self.hear()? {
                Answer::Said(said) if said.tag == tag => return Ok(said),
                Answer::Said(said) if said.tag != "*" => return Err(strange()),
                Answer::Said(said) if said.state == "BYE" && command != "LOGOUT" => {
                    return Err(ImapError::Unreachable(words(&said)));
                }
                Answer::More => {
                    let rest = more.take().ok_or_else(strange)?;
                    self.wire.write(format!("{rest}\r\n").as_bytes()).map_err(lost)?;
                }
                other => each(other),
            }
        }
        Err(strange())
    }

    fn hear(&mut self) -> Result<Answer, ImapError> {
        answer::read(self.wire.incoming(), self.going).map_err(|error| lost(error).into())
    }
}

/// The number and the bytes of a mail in an answer to FETCH.
fn fetched(words: &[Word]) -> Option<(u32, &[u8])> {
    let [_, fetch, Word::Open, items @ ..] = words else { return None };
    if !fetch.is("FETCH") {
        return None;
    }
    let value =
        |wanted: &dyn Fn(&Word) -> bool| items.iter().position(wanted).and_then(|at| items.get(at + 1));
    let uid = value(&|word| word.is("UID"))?.number()?;
    let body =
        |word: &Word| matches!(word, Word::Atom(atom) if atom.to_ascii_uppercase().starts_with("BODY["));
    match value(&body)? {
        Word::Text(raw) => Some((uid, raw)),
        _ => None,
    }
}

/// A yes, or why not. What a server cannot do just now it may do later (RFC 5530).
fn accepted(said: Said) -> Result<Said, ImapError> {
    let later = ["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"];
    match said.state.as_str() {
        "OK" => Ok(said),
        "NO" if later.contains(&said.code.as_str()) => Err(ImapError::Unreachable(words(&said))),
        _ => Err(ImapError::Refused(words(&said))),
    }
}

/// The server's own words, without addresses.
fn words(said: &Said) -> String {
    scrub::words(&format!("{} {} {}", said.state, said.code, said.words), &[])
}

fn strange() -> ImapError {
    ImapError::Unreachable("the server does not speak IMAP".to_owned())
}

fn set(uids: &[u32]) -> String {
    uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// One step of FNV-1a: a name for a mailbox, which guards nothing.
fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}
