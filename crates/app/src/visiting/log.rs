//! Visits read from the log of the shop's own web server.

use super::{MOST_A_DAY, VISIT_PARAMETER, page, plain};
use crate::App;
use anyhow::{Context, Result, ensure};
use flate2::read::MultiGzDecoder;
use intake::{Hit, hit};
use model::{Visit, VisitKind};
use response::Token;
use serde::Serialize;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Visits written together.
const CHUNK: usize = 500;
/// So long (seconds) a machine is believed to be the same visitor's after its last page.
const SESSION: i64 = 1_800;
/// Visitors remembered at a time.
const REMEMBERED: usize = 100_000;
/// Longest line that is read, bytes; what is longer is skipped.
const LONGEST: u64 = 64 * 1024;
/// What is no page.
const FILES: [&str; 13] = [
    ".css", ".js", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".woff", ".woff2", ".map",
    ".xml",
];
/// What programs call themselves.
const PROGRAMS: [&str; 6] = ["bot", "crawl", "spider", "slurp", "preview", "monitor"];

/// What a log came to.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize)]
pub struct LogTaken {
    pub lines: u64,
    /// Lines that are none in the combined format.
    pub unread: u64,
    /// Pages of nobody whom we or the shop know.
    pub nobody: u64,
    pub kept: u64,
    /// Kept before, by the same log or the script.
    pub known: u64,
    /// Of customers who did not agree.
    pub without_consent: u64,
    /// Of customers of whom a day's worth is kept already.
    pub over: u64,
}

/// Who a machine's pages are of, and when it was last heard of.
type Sessions = HashMap<(String, String), (i64, i64)>;

impl App {
    /// Reads a web server's log from a file, also in `.gz`: see `import_visits`.
    pub fn import_visit_log(&self, path: &Path, source: &str, wording: &str, by: &str) -> Result<LogTaken> {
        let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
        let mut lines: Box<dyn BufRead> = match path.extension().is_some_and(|end| end == "gz") {
            true => Box::new(BufReader::new(MultiGzDecoder::new(file))),
            false => Box::new(BufReader::new(file)),
        };
        self.import_visits(&mut lines, source, wording, by)
    }

    /// Reads a web server's log in the combined format: whoever came by a link of ours, or was logged in with
    /// a number that `source` (empty: any) knows, and agreed. `wording`: what those who are logged in agreed
    /// to, stated by `by`; empty: only those whose consent is known already.
    pub fn import_visits(
        &self,
        log: &mut dyn BufRead,
        source: &str,
        wording: &str,
        by: &str,
    ) -> Result<LogTaken> {
        let settings = self.settings()?;
        ensure!(settings.visits.on, "visits are off: `mezame settings set visits.on true`");
        ensure!(
            wording.is_empty() || !by.trim().is_empty(),
            "a statement of consent needs the name of who states it: --by NAME"
        );
        let statement = if wording.is_empty() { String::new() } else { format!("{wording} ({by})") };
        let (mut taken, mut sessions, mut visits) = (LogTaken::default(), Sessions::new(), Vec::new());
        let mut logins: HashMap<String, Option<i64>> = HashMap::new();
        let mut line = Vec::new();
        while next_line(log, &mut line)? {
            taken.lines += 1;
            let text = String::from_utf8_lossy(&line);
            let Some(hit) = hit(text.trim_end()) else {
                taken.unread += 1;
                continue;
            };
            if !is_page(&hit) {
                continue;
            }
            let Some((customer, by_login)) = self.whose(&hit, source, &mut sessions, &mut logins)? else {
                taken.nobody += 1;
                continue;
            };
            // What the shop states, it states of those who are logged in.
            if by_login && !statement.is_empty() && self.inner.store.visit_consent(customer)?.is_none() {
                self.inner.store.state_visits(customer, true, &plain(&statement, 300), hit.at)?;
            }
            visits.push(self.visit_of(&hit, customer));
            if visits.len() == CHUNK {
                self.keep_visits(&mut visits, &mut taken)?;
            }
        }
        self.keep_visits(&mut visits, &mut taken)?;
        Ok(taken)
    }

    fn keep_visits(&self, visits: &mut Vec<Visit>, taken: &mut LogTaken) -> Result<()> {
        let settings = self.settings()?;
        let tally = self.inner.store.add_visits(visits, MOST_A_DAY, &|at| settings.day_of(at))?;
        taken.kept += tally.kept;
        taken.known += tally.known;
        taken.without_consent += tally.refused;
        taken.over += tally.over;
        visits.clear();
        Ok(())
    }

    /// Whose page it is: by our link, by their login, or by the machine that was just theirs; and whether the
    /// login itself says so.
    fn whose(
        &self,
        hit: &Hit,
        source: &str,
        sessions: &mut Sessions,
        logins: &mut HashMap<String, Option<i64>>,
    ) -> Result<Option<(i64, bool)>> {
        let store = &self.inner.store;
        let machine = (hit.from.clone(), hit.agent.clone());
        let by_link =
            parameter(&hit.target, VISIT_PARAMETER).and_then(|token| self.link_in_log(&token, hit.at));
        let by_login = by_link.is_none() && !hit.login.is_empty();
        let found = match (by_link, hit.login.is_empty()) {
            (Some(touch), _) => match store.touch(touch) {
                Ok(stored) => store.persons(&[stored.touch.customer])?.into_values().next(),
                Err(_) => None,
            },
            (None, false) => match logins.get(&hit.login) {
                Some(known) => *known,
                None => {
                    let known = store.named_by_shop(source, &hit.login)?;
                    if logins.len() < REMEMBERED {
                        logins.insert(hit.login.clone(), known);
                    }
                    known
                }
            },
            (None, true) => {
                let last = sessions.get(&machine).filter(|(_, at)| (0..=SESSION).contains(&(hit.at - at)));
                last.map(|(customer, _)| *customer)
            }
        };
        if let Some(customer) = found {
            if sessions.len() >= REMEMBERED {
                sessions.retain(|_, (_, at)| hit.at - *at <= SESSION);
            }
            if sessions.len() < REMEMBERED {
                sessions.insert(machine, (customer, hit.at));
            }
        }
        Ok(found.map(|customer| (customer, by_login)))
    }

    fn link_in_log(&self, token: &str, at: i64) -> Option<i64> {
        let Some(Token::Visit { touch, until }) = self.keys().ok()?.read(token) else { return None };
        let day = self.settings().ok()?.day_of(at).0;
        u32::try_from(day).is_ok_and(|day| day <= until).then_some(touch)
    }

    fn visit_of(&self, hit: &Hit, customer: i64) -> Visit {
        let searched =
            ["q", "keyword", "name", "search"].iter().find_map(|name| parameter(&hit.target, name));
        let page = page(&hit.target);
        let kind = match (&searched, page.to_ascii_lowercase().contains("cart")) {
            (Some(_), _) => VisitKind::Search,
            (None, true) => VisitKind::Cart,
            (None, false) => VisitKind::View,
        };
        let said = searched.map_or(String::new(), |words| plain(&words, super::LONGEST_SAID));
        let proof = self.proof(&format!("log {customer} {} {}", hit.at, hit.target));
        Visit { customer, at: hit.at, kind, page, said, proof }
    }
}

/// The next line, cut where it is too long; `false` at the end.
fn next_line(log: &mut dyn BufRead, line: &mut Vec<u8>) -> Result<bool> {
    line.clear();
    let mut some = std::io::Read::take(&mut *log, LONGEST);
    if some.read_until(b'\n', line).context("reading the log")? == 0 {
        return Ok(false);
    }
    while !line.ends_with(b"\n") {
        let rest = log.fill_buf().context("reading the log")?;
        let Some(end) = rest.iter().position(|b| *b == b'\n') else {
            let all = rest.len();
            log.consume(all);
            if all == 0 {
                break;
            }
            continue;
        };
        log.consume(end + 1);
        break;
    }
    Ok(true)
}

/// Whether a person looked at a page, and got it.
fn is_page(hit: &Hit) -> bool {
    let path = hit.target.split('?').next().unwrap_or_default().to_ascii_lowercase();
    let agent = hit.agent.to_ascii_lowercase();
    hit.method == "GET"
        && (200..400).contains(&hit.status)
        && !FILES.iter().any(|end| path.ends_with(end))
        && !PROGRAMS.iter().any(|word| agent.contains(word))
}

/// The value of a parameter of an address, decoded.
fn parameter(target: &str, name: &str) -> Option<String> {
    let query = target.split_once('?')?.1.split('#').next()?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let coded = (*first == b'%').then(|| after.get(..2)).flatten();
        let coded = coded.and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        rest = match coded {
            Some(byte) => {
                bytes.push(byte);
                &after[2..]
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                after
            }
        };
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded() {
        for (target, value) in [
            ("/a?q=%E7%B7%91%E8%8C%B6+tea&x=1", Some("緑茶 tea")),
            ("/a?x=1&q=a", Some("a")),
            ("/a?q=", None),
            ("/a", None),
            ("/a?q=%zz%", Some("%zz%")),
            ("/a?qq=1", None),
        ] {
            assert_eq!(parameter(target, "q").as_deref(), value, "{target}");
        }
    }

    #[test]
    fn long_lines_are_cut_and_skipped() {
        let text = format!("{}\nshort\nlast", "x".repeat(200_000));
        let mut log = std::io::BufReader::with_capacity(1_000, text.as_bytes());
        let (mut line, mut lengths) = (vec![], vec![]);
        while next_line(&mut log, &mut line).unwrap() {
            lengths.push(line.len());
        }
        assert_eq!(lengths, [65_536, 6, 4]);
    }
}
