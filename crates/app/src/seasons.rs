//! The seasons of a year, with how many bought in the last one and when to begin (M101, M102).

use crate::App;
use anyhow::Result;
use model::{Day, Holiday, Season, SeasonKind, holidays, seasons};

/// A season, when a campaign for it begins, and who bought in the last one.
#[derive(Clone, Debug)]
pub struct SeasonView {
    pub season: Season,
    pub begin: Day,
    /// Customers who ordered in the weeks from that begin to the end of last year's season.
    pub bought_last_year: u64,
}

impl App {
    /// The holidays of a year, and its seasons with last year's buyers. Reads every order of that year once.
    pub fn calendar(&self, year: i32) -> Result<(Vec<Holiday>, Vec<SeasonView>)> {
        let last: Vec<(Day, Day)> =
            seasons(year - 1).iter().map(|season| (season.begin(), season.until)).collect();
        let bought = self.inner.store.buyers_between(&last, self.settings()?.pending_counts)?;
        let of = |kind: SeasonKind| {
            let place = seasons(year - 1).iter().position(|season| season.kind == kind);
            place.and_then(|place| bought.get(place).copied()).unwrap_or(0)
        };
        let views = seasons(year).into_iter().map(|season| SeasonView {
            begin: season.begin(),
            bought_last_year: of(season.kind),
            season,
        });
        Ok((holidays(year), views.collect()))
    }

    /// The next season whose campaign is still to begin, or begins today.
    pub fn next_season(&self) -> Result<Option<Season>> {
        let today = self.today()?;
        let (year, ..) = today.ymd();
        let both = seasons(year).into_iter().chain(seasons(year + 1));
        Ok(both.filter(|season| season.begin() >= today).min_by_key(|season| (season.begin(), season.kind)))
    }
}
