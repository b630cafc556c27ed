//! The list of reasons why customers go quiet: data that ships, with what the shop has changed.

use crate::Settings;
use anyhow::{Context, Result};
use judgement::Hint;
use serde::Deserialize;
use std::sync::LazyLock;

/// The reason that nobody knows.
pub const UNKNOWN_REASON: &str = "unknown";
/// What is said by customers whom we write to too often (M037).
pub(crate) const TOO_MANY: &str = "too_many_messages";
pub(crate) const PRICE: &str = "price";
pub(crate) const FORGOT: &str = "forgot";

/// One reason of the shop's list.
#[derive(Clone, Default, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftFor {
    /// Statements are kept under it.
    pub id: String,
    pub ja: String,
    pub en: String,
    /// The scenario that answers it; empty for none (M034).
    #[serde(default)]
    pub scenario: String,
    /// Made by the shop, or in its own words.
    #[serde(skip)]
    pub own: bool,
    /// Not offered any more.
    #[serde(skip)]
    pub hidden: bool,
}

/// Its date and source are for whoever reads the file.
#[derive(Deserialize)]
struct File {
    reason: Vec<LeftFor>,
    likely: Vec<Weight>,
    words: Vec<Signs>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weight {
    hint: String,
    reason: String,
    weight: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signs {
    reason: String,
    words: Vec<String>,
}

/// The list that ships, the weights of hints, and what words of reviews say.
type Shipped = (Vec<LeftFor>, Vec<(Hint, String, f64)>, Vec<(String, Vec<String>)>);

/// An error is a fault of the release, which the suite rules out.
static SHIPPED: LazyLock<Result<Shipped, String>> =
    LazyLock::new(|| read(include_str!("../../data/reasons.toml")).map_err(|why| format!("{why:#}")));

fn read(text: &str) -> Result<Shipped> {
    let file: File = toml::from_str(text).context("reading the list of reasons")?;
    let weight = |w: Weight| {
        let hint = Hint::ALL.into_iter().find(|hint| hint.words().0 == w.hint);
        Ok((hint.with_context(|| format!("there is no hint '{}'", w.hint))?, w.reason, w.weight))
    };
    let words = file.words.into_iter().map(|signs| (signs.reason, signs.words)).collect();
    Ok((file.reason, file.likely.into_iter().map(weight).collect::<Result<_>>()?, words))
}

fn shipped() -> Result<&'static Shipped> {
    SHIPPED.as_ref().map_err(|why| anyhow::anyhow!(why.clone()))
}

/// The weights of hints.
pub(crate) fn weights() -> Result<&'static [(Hint, String, f64)]> {
    Ok(&shipped()?.1)
}

/// What words of reviews say: the reason, and its words in small letters.
pub(crate) fn review_words() -> &'static [(String, Vec<String>)] {
    SHIPPED.as_ref().map_or(&[], |shipped| &shipped.2)
}

/// Every reason of the shop's list, hidden ones too, the shop's own last.
pub(crate) fn reasons(settings: &Settings) -> Result<Vec<LeftFor>> {
    let changed = &settings.reasons;
    let mut all = shipped()?.0.clone();
    for own in &changed.own {
        let words = LeftFor { ja: own.ja.clone(), en: own.en.clone(), own: true, ..LeftFor::default() };
        match all.iter_mut().find(|r| r.id == own.id) {
            Some(known) => *known = LeftFor { id: own.id.clone(), scenario: known.scenario.clone(), ..words },
            None => all.push(LeftFor { id: own.id.clone(), ..words }),
        }
    }
    for reason in &mut all {
        reason.hidden = changed.hidden.contains(&reason.id);
        if let Some(scenario) = changed.scenarios.get(&reason.id) {
            reason.scenario.clone_from(scenario);
        }
        // A scenario that is not there answers nothing.
        if crate::scenario(&reason.scenario).is_none() {
            reason.scenario.clear();
        }
    }
    Ok(all)
}

/// The scenario that answers a reason: id, Japanese, English.
pub(crate) fn answer(list: &[LeftFor], id: &str) -> Option<(String, &'static str, &'static str)> {
    let wanted = &list.iter().find(|r| r.id == id)?.scenario;
    let found = crate::SCENARIOS.iter().find(|s| s.id == wanted)?;
    Some((found.id.to_owned(), found.ja, found.en))
}

/// Japanese and English of a reason; its id where the shop has dropped it from its list.
pub(crate) fn reason_words(list: &[LeftFor], id: &str) -> (String, String) {
    match list.iter().find(|r| r.id == id) {
        Some(known) => (known.ja.clone(), known.en.clone()),
        None if id == UNKNOWN_REASON => ("不明".to_owned(), "not known".to_owned()),
        None => (id.to_owned(), id.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{OwnReason, Reasons};

    /// M033, M035: the list ships with what the sources name, and a shop changes it.
    #[test]
    fn the_list_ships_and_a_shop_changes_it() {
        let mut settings = Settings::default();
        let ids = |settings: &Settings| -> Vec<String> {
            reasons(settings).expect("a list").into_iter().filter(|r| !r.hidden).map(|r| r.id).collect()
        };
        let shipped = ids(&settings);
        for id in [
            PRICE,
            TOO_MANY,
            "surplus",
            "forgot",
            "disliked",
            "not_needed",
            "habit_not_formed",
            "expectation_gap",
            "site_hard_to_use",
            "too_many_screens",
            "support_slow",
            "contact_hidden",
            "delivery",
            "life_change",
            "competitor",
        ] {
            assert!(shipped.iter().any(|known| known == id), "{id}");
        }
        assert!(weights().expect("weights").iter().all(|(_, reason, _)| shipped.contains(reason)));
        assert!(
            review_words().len() > 3 && review_words().iter().all(|(reason, _)| shipped.contains(reason))
        );
        let own = |id: &str, ja: &str| OwnReason { id: id.into(), ja: ja.into(), en: "taste".into() };
        settings.reasons = Reasons {
            own: vec![own("taste", "味"), own("price", "お値段")],
            hidden: vec!["competitor".into()],
            scenarios: [("taste".to_owned(), "letter_181".to_owned()), ("forgot".to_owned(), "x".to_owned())]
                .into(),
        };
        let list = reasons(&settings).expect("a list");
        assert_eq!(reason_words(&list, "price").0, "お値段");
        assert_eq!(list.iter().find(|r| r.id == "taste").map(|r| r.scenario.as_str()), Some("letter_181"));
        assert_eq!(list.iter().find(|r| r.id == "forgot").map(|r| r.scenario.as_str()), Some(""));
        assert!(!ids(&settings).contains(&"competitor".to_owned()));
        assert_eq!(reason_words(&list, "gone"), ("gone".to_owned(), "gone".to_owned()));
        assert!(settings.faults().is_empty());
        settings.reasons.own.push(own("Bad id", "味"));
        assert_eq!(settings.faults()[0].key, "reasons");
    }
}
