//! Amazon, asked in person: the certificate that a call from SNS names, and the yes that a topic waits for.

use super::{Heard, Refused, Report, sns::sns};
use crate::http::{Http, Request, Url};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Longest wait for a line, and for each piece of an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Certificates kept: a region signs with one at a time, and changes it about once a year.
const MOST_KEPT: usize = 16;

/// What an address of Amazon's answers; `None` where nothing good came.
type Fetch = Box<dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync>;

/// Whoever listens to SNS: verifies its calls with Amazon's own certificates.
///
/// Only addresses that `sns` has checked are ever asked: `https://sns.REGION.amazonaws.com`, in the
/// region of a topic of the settings.
pub struct Amazon {
    fetch: Fetch,
    /// Certificates that verified something, by their address.
    kept: Mutex<BTreeMap<String, Vec<u8>>>,
    /// One question at a time: strangers may make us ask, not keep us busy.
    asking: Mutex<()>,
}

impl Default for Amazon {
    /// Over HTTPS, with public authorities, bounded in time and size; a redirect is no answer.
    fn default() -> Amazon {
        let http = Http::new(PATIENCE, "");
        Amazon::over(move |url| get(&http, url))
    }
}

fn get(http: &Http, url: &str) -> Option<Vec<u8>> {
    let url = Url::parse(url).ok().filter(|url| url.tls)?;
    let request = Request { method: "GET", url: &url, headers: &[], body: &[] };
    let answer = http.ask(&request, &mut || true).ok()?;
    (answer.code == 200).then_some(answer.body)
}

impl Amazon {
    /// Asks by another way than HTTPS.
    pub fn over(fetch: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static) -> Amazon {
        Amazon { fetch: Box::new(fetch), kept: Mutex::default(), asking: Mutex::default() }
    }

    /// What one call from SNS reports, for one of these topics (their ARNs). A topic that asks whether
    /// it may send here is told yes and reports nothing. Blocks while Amazon is asked;
    /// `Refused::Unfetched` is worth another try, the rest is not.
    pub fn hear(&self, body: &[u8], topics: &[String]) -> Result<Vec<Report>, Refused> {
        let mut used = None;
        let heard = sns(body, topics, |url| {
            let pem = self.certificate(url)?;
            used = Some((url.to_owned(), pem.clone()));
            Some(pem)
        })?;
        // Kept only once it has verified something: nobody else's page takes its place.
        if let Some((url, pem)) = used {
            let mut kept = held(&self.kept);
            if kept.len() >= MOST_KEPT && !kept.contains_key(&url) {
                kept.clear();
            }
            kept.insert(url, pem);
        }
        match heard {
            Heard::Reports(reports) => Ok(reports),
            Heard::Confirm { url } => self.ask(&url).map(|_| vec![]).ok_or(Refused::Unfetched),
        }
    }

    fn certificate(&self, url: &str) -> Option<Vec<u8>> {
        let known = held(&self.kept).get(url).cloned();
        known.or_else(|| self.ask(url))
    }

    /// `None` at once where another question is under way.
    fn ask(&self, url: &str) -> Option<Vec<u8>> {
        let _turn = self.asking.try_lock().ok()?;
        (self.fetch)(url)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
