//! Coupon codes: lists from the cart or for it, who got which, and the orders that named one (M164).

use crate::App;
use anyhow::{Context, Result, bail, ensure};
use model::{Campaign, CampaignState, Codes, Money};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use store::{CodeStock, SharedCode};

/// Most codes of one list, and letters of one code.
const MOST: usize = 1_000_000;
const LONGEST: usize = 64;
/// Codes given longer ago than so many days are not looked for in orders any more.
const LOOKED_FOR: i64 = 400;
/// What the first cell of a header is called.
const HEADERS: [&str; 6] = ["code", "コード", "クーポンコード", "クーポン", "discount code", "coupon"];

/// A code that one of our campaigns gave a customer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct GivenCode {
    pub campaign: i64,
    pub campaign_name: String,
    pub code: String,
    /// Unix seconds.
    pub given: i64,
    pub used: Option<i64>,
}

/// A shared or spoken code with what it brought.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SpokenCode {
    pub code: String,
    /// Name of the step or variant it is of; empty: of the whole campaign.
    pub step: String,
    pub variant: String,
    pub orders: u64,
    pub sales: Money,
}

/// The codes of a campaign.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CodesView {
    /// Whether codes come from a list.
    pub listed: bool,
    /// On the list, and not given yet.
    pub stock: u64,
    pub left: u64,
    /// Given to a customer, and used of these.
    pub given: u64,
    pub used: u64,
    pub spoken: Vec<SpokenCode>,
}

/// What became of a list of codes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize)]
pub struct Listed {
    pub new: u64,
    /// On this list or another one already, or given out.
    pub known: u64,
}

impl App {
    /// Adds codes to a campaign's list: one a line, or a CSV whose first column holds them.
    pub fn import_codes(&self, campaign: i64, text: &str) -> Result<Listed> {
        let state = self.inner.store.campaign(campaign)?.state;
        ensure!(
            !matches!(state, CampaignState::Cancelled | CampaignState::Finished),
            "this campaign has ended: it gives no codes any more"
        );
        let codes = read_codes(text)?;
        let new = self.inner.store.add_cart_codes(campaign, &codes)?;
        Ok(Listed { new, known: codes.len() as u64 - new })
    }

    /// Makes so many codes that nobody can guess and puts them on a campaign's list, for the cart to load.
    pub fn make_codes(&self, campaign: i64, count: usize) -> Result<Listed> {
        let document = self.inner.store.campaign(campaign)?.campaign;
        ensure!((1..=MOST).contains(&count), "between 1 and {MOST} codes");
        let prefix = document.offer.map(|offer| offer.code).unwrap_or_default();
        self.keys()?;
        // The numbers of customers are above zero, so that these never meet codes made for somebody.
        let begun = self.inner.store.code_stock(campaign)?.all as i64;
        let number = |n: i64| -(begun + n);
        let make = |n| crate::campaigns::code(&self.inner.secrets, &prefix, campaign, number(n));
        let codes: Vec<String> = (1..=count as i64).map(make).collect();
        let new = self.inner.store.add_cart_codes(campaign, &codes)?;
        Ok(Listed { new, known: codes.len() as u64 - new })
    }

    /// Every code of a campaign that the cart must know, in no order: (code, customer, used).
    pub fn each_code(&self, campaign: i64, each: &mut dyn FnMut(&str, Option<i64>, bool)) -> Result<()> {
        let store = &self.inner.store;
        store.coupons(campaign, &mut |c| each(&c.code, Some(c.customer), c.redeemed.is_some()))?;
        store.codes_left(campaign, &mut |code| each(&code, None, false))?;
        let document = store.campaign(campaign)?.campaign;
        let spoken: BTreeSet<String> = shared_of(&document).into_iter().map(|(code, ..)| code).collect();
        spoken.iter().for_each(|code| each(code, None, false));
        Ok(())
    }

    /// How the codes of a campaign stand.
    pub fn codes_view(&self, campaign: i64) -> Result<CodesView> {
        let store = &self.inner.store;
        let document = store.campaign(campaign)?.campaign;
        let CodeStock { all, left } = store.code_stock(campaign)?;
        let (mut given, mut used) = (0, 0);
        store.coupons(campaign, &mut |c| {
            given += 1;
            used += u64::from(c.redeemed.is_some());
        })?;
        let counting = self.settings()?.counting();
        let brought: BTreeMap<String, (u64, Money)> = store
            .code_orders(campaign, &counting)?
            .into_iter()
            .map(|found| (found.code, (found.orders, found.sales)))
            .collect();
        let spoken = shared_of(&document).into_iter().map(|(code, step, variant)| {
            let (orders, sales) = brought.get(&code).copied().unwrap_or_default();
            let step = step.and_then(|n| document.steps.get(usize::from(n)));
            let variant = variant.and_then(|n| document.variants.get(usize::from(n)));
            SpokenCode {
                code,
                step: step.map(|s| s.name.clone()).unwrap_or_default(),
                variant: variant.map(|v| v.name.clone()).unwrap_or_default(),
                orders,
                sales,
            }
        });
        Ok(CodesView {
            listed: document.offer.as_ref().is_some_and(|o| o.codes == Codes::Listed),
            stock: all,
            left,
            given,
            used,
            spoken: spoken.collect(),
        })
    }

    /// Ties new orders to the codes they name. Returns how many were new.
    pub(crate) fn tie_codes(&self) -> Result<u64> {
        let store = &self.inner.store;
        let mut new = store.tie_unique_codes(self.now() - LOOKED_FOR * 86_400)?;
        for shared in self.shared_codes()? {
            new += store.tie_shared_code(&shared)?;
        }
        Ok(new)
    }

    /// The shared and spoken codes of campaigns that were approved, each until the next campaign begins
    /// that uses it again.
    fn shared_codes(&self) -> Result<Vec<SharedCode>> {
        let mut all: Vec<SharedCode> = Vec::new();
        for stored in self.inner.store.campaigns()? {
            let Some(from) = stored.rooted.filter(|_| stored.plan.is_some()) else { continue };
            all.extend(shared_of(&stored.campaign).into_iter().map(|(code, step, variant)| SharedCode {
                campaign: stored.id,
                code,
                step,
                variant,
                // An order of which only the day is known counts from that day's midnight.
                from: from - 86_400,
                until: i64::MAX,
            }));
        }
        let begins: Vec<(i64, String, i64)> =
            all.iter().map(|s| (s.campaign, s.code.to_ascii_uppercase(), s.from)).collect();
        for shared in &mut all {
            let (own, code) = (shared.campaign, shared.code.to_ascii_uppercase());
            let later = begins.iter().filter(|(other, same, from)| {
                *other != own && *same == code && (*from, *other) > (shared.from, own)
            });
            shared.until = later.map(|(.., from)| *from).min().unwrap_or(i64::MAX);
        }
        Ok(all)
    }

    /// The codes our campaigns gave a person, the newest first.
    pub(crate) fn codes_of_person(&self, person: i64) -> Result<Vec<GivenCode>> {
        let store = &self.inner.store;
        let given = store.codes_of_person(person)?;
        let campaigns: BTreeSet<i64> = given.iter().map(|g| g.campaign).collect();
        let mut names: BTreeMap<i64, String> = BTreeMap::new();
        for campaign in campaigns {
            names.insert(campaign, store.campaign(campaign)?.campaign.name);
        }
        let with_name = |g: store::Given| GivenCode {
            campaign_name: names.get(&g.campaign).cloned().unwrap_or_default(),
            campaign: g.campaign,
            code: g.code,
            given: g.given,
            used: g.used,
        };
        Ok(given.into_iter().map(with_name).collect())
    }
}

/// A campaign's shared and spoken codes, each with the step and variant it is of alone. One that stands
/// in several places is of what these have in common.
fn shared_of(campaign: &Campaign) -> Vec<(String, Option<u16>, Option<u8>)> {
    let mut found: Vec<(String, Option<u16>, Option<u8>)> = Vec::new();
    let offered = campaign.offer.as_ref().filter(|o| o.codes == Codes::Shared).map(|o| o.code.clone());
    found.extend(offered.filter(|code| !code.is_empty()).map(|code| (code, None, None)));
    for (n, step) in (0_u16..).zip(&campaign.steps) {
        let mut add = |code: &str, variant: Option<u8>| {
            if code.is_empty() {
                return;
            }
            match found.iter_mut().find(|(known, ..)| known == code) {
                Some((_, step, own)) => {
                    *step = step.filter(|s| *s == n);
                    *own = own.filter(|v| Some(*v) == variant);
                }
                None => found.push((code.to_owned(), Some(n), variant)),
            }
        };
        add(&step.code, None);
        for (v, variant) in (0_u8..).zip(&campaign.variants) {
            let changes = variant.changes.iter().filter(|c| c.step == step.name);
            changes.filter_map(|c| c.code.as_deref()).for_each(|code| add(code, Some(v)));
        }
    }
    found
}

/// The codes of a list, each once, in their order.
fn read_codes(text: &str) -> Result<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut codes = Vec::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    for (n, row) in reader.records().enumerate() {
        let row = row.with_context(|| format!("line {}", n + 1))?;
        let code = row.get(0).unwrap_or("").trim().trim_start_matches('\u{feff}').trim();
        let header = n == 0 && HEADERS.contains(&code.to_lowercase().as_str());
        if code.is_empty() || header {
            continue;
        }
        // What a table would take for a formula or for two cells is no code: the cart gets the list as it is.
        let odd = code.chars().any(|c| c.is_control() || c.is_whitespace() || ",\"".contains(c))
            || code.starts_with(['=', '+', '-', '@']);
        ensure!(
            !odd && code.len() <= LONGEST,
            "line {}: a code has no blanks, commas or quotes, does not begin with = + - @, and has at most {LONGEST} \
             letters",
            n + 1
        );
        if seen.insert(code.to_owned()) {
            codes.push(code.to_owned());
        }
        ensure!(codes.len() <= MOST, "more than {MOST} codes: cut the list");
    }
    if codes.is_empty() {
        bail!("there is no code in it: one a line, or in the first column");
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Change, Offer, Step, Variant};

    #[test]
    fn codes_are_read_from_lines_and_from_the_first_column() {
        for (text, codes) in [
            ("A1\nB2\n\nA1\n", vec!["A1", "B2"]),
            ("\u{feff}クーポンコード,割引\r\nA1,10%\r\nB2,10%\r\n", vec!["A1", "B2"]),
            ("\"Discount Code\"\n\"A-1\"\n", vec!["A-1"]),
        ] {
            assert_eq!(read_codes(text).unwrap(), codes, "{text}");
        }
        for text in ["", "code\n", "A 1\n", &"x".repeat(65)] {
            assert!(read_codes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn m164_a_spoken_code_is_of_its_step_or_variant() {
        let step = |name: &str, code: &str| Step { name: name.into(), code: code.into(), ..Step::default() };
        let change = |step: &str, code: &str| Change {
            step: step.into(),
            code: Some(code.into()),
            ..Change::default()
        };
        let campaign = Campaign {
            offer: Some(Offer { codes: Codes::Shared, code: "ALL".into(), ..Offer::default() }),
            steps: vec![step("はがき", "HAGAKI"), step("電話", ""), step("またはがき", "HAGAKI")],
            variants: vec![
                Variant::default(),
                Variant { changes: vec![change("電話", "DENWA-B")], ..Variant::default() },
            ],
            ..Campaign::default()
        };
        assert_eq!(
            shared_of(&campaign),
            [
                ("ALL".to_owned(), None, None),
                ("HAGAKI".to_owned(), None, None),
                ("DENWA-B".to_owned(), Some(1), Some(1))
            ]
        );
        assert_eq!(
            (campaign.code_of(1, 1), campaign.code_of(1, 0), campaign.code_of(0, 1)),
            ("DENWA-B", "", "HAGAKI")
        );
    }
}
