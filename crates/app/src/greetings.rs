//! Mourning, invitations and their answers, and what the season proposes (M099, M102).

use crate::App;
use crate::hearing::Asker;
use anyhow::{Context, Result, bail, ensure};
use model::{
    Attendance, Campaign, Channel, Day, Greeting, Occasion, Response, ResponseKind, SeasonKind, seasons,
};
use response::Token;
use serde::Serialize;
use store::{Mourning, StoredAttendance};

/// The word of the proposal of midwinter greetings to those in mourning.
const MOURNING: &str = "mourning";
/// Most who come with one invitation.
const MOST: u32 = 20;

/// A campaign that the season asks for, with how many it would be for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Proposal {
    /// A season's word, or `mourning`.
    pub word: &'static str,
    pub ja: String,
    pub en: String,
    pub people: u64,
    /// The season's days.
    pub from: Day,
    pub until: Day,
}

/// An invitation as its page shows it: nothing that names the customer.
#[derive(Clone, PartialEq, Debug)]
pub struct Invitation {
    pub occasion: Occasion,
    pub answer: Option<Attendance>,
    /// Answers are taken no more.
    pub over: bool,
}

/// One answer in an operator's list.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AttendanceRow {
    pub person: i64,
    pub name: String,
    pub answer: Attendance,
    pub people: u32,
    pub note: String,
    pub by: String,
    /// Unix seconds.
    pub at: i64,
}

impl App {
    /// Whom a New Year's card must not go to, ascending; nobody where the campaign is none.
    pub(crate) fn mourners_of(&self, campaign: &Campaign, on: Day) -> Result<Vec<i64>> {
        match campaign.greeting {
            Some(Greeting::Nengajo) => Ok(self.inner.store.mourners(on)?),
            _ => Ok(vec![]),
        }
    }

    /// Those in mourning on a day, and in the days of midwinter greetings those whom the New Year's card
    /// before was kept from; ascending.
    pub(crate) fn mourners_by(&self, day: Day) -> Result<Vec<i64>> {
        let mut all = self.inner.store.mourners(day)?;
        if let Some((from, _)) =
            Greeting::WinterGreeting.next_window(Channel::Post, day).filter(|w| w.0 <= day)
        {
            all.extend(self.inner.store.mourners(from.plus(-1))?);
        }
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    /// Somebody is in mourning: no New Year's card this season. `false`: that was on record.
    pub fn mourn(&self, customer: i64, since: Option<Day>, note: &str, by: &str) -> Result<bool> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        let today = self.today()?;
        let since = since.unwrap_or(today);
        ensure!(since <= today, "mourning is told of a day that has come");
        let until = Greeting::season_of_mourning(since);
        let note = note.trim().chars().filter(|c| !c.is_control()).take(200).collect();
        let new = Mourning { id: 0, since, until, note, by: by.trim().to_owned() };
        Ok(self.inner.store.mourn(customer, &new, self.now())?)
    }

    /// It was noted of the wrong person.
    pub fn lift_mourning(&self, id: i64, by: &str) -> Result<()> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        Ok(self.inner.store.lift_mourning(id, by.trim(), self.now())?)
    }

    /// Those whom a campaign's season means: who ordered in the weeks of the season a year before, ascending.
    pub(crate) fn bought_for(&self, campaign: &Campaign) -> Result<Vec<i64>> {
        let word = &campaign.whom.season;
        let kind = SeasonKind::from_word(word)
            .with_context(|| format!("there is no season '{word}' (mezame calendar)"))?;
        let start = campaign.start.map_or_else(|| self.today(), Ok)?;
        let (from, until) = last_of(kind, start).context("there was no such season")?;
        Ok(self.inner.store.buyers_of(from, until, self.settings()?.pending_counts)?)
    }

    /// The campaigns that the season asks for today: gifts from three weeks before, for those who bought in
    /// the last one; midwinter greetings for those in mourning. None for which there is a campaign.
    pub fn proposals(&self) -> Result<Vec<Proposal>> {
        let today = self.today()?;
        let (year, ..) = today.ymd();
        let pending = self.settings()?.pending_counts;
        let made: Vec<Campaign> =
            self.inner.store.campaigns()?.into_iter().map(|stored| stored.campaign).collect();
        let mut found = Vec::new();
        for season in seasons(year).into_iter().chain(seasons(year + 1)) {
            let begun = (season.begin()..=season.from).contains(&today);
            let near = |day: Day| (season.begin()..=season.until).contains(&day);
            let taken = |c: &Campaign| c.whom.season == season.kind.word() && c.start.is_none_or(near);
            if !begun || is_greeting(season.kind) || made.iter().any(taken) {
                continue;
            }
            let Some((from, until)) = last_of(season.kind, season.from) else { continue };
            let people = self.inner.store.buyers_of(from, until, pending)?.len() as u64;
            let (ja, en) = (season.kind.ja(), season.kind.en());
            found.extend((people > 0).then(|| Proposal {
                word: season.kind.word(),
                ja: format!("昨年の{ja}の頃にお買い上げの{people}人へ、{ja}のご案内をおすすめします"),
                en: format!("{people} bought around {en} last year: write to them about it"),
                people,
                from: season.from,
                until: season.until,
            }));
        }
        found.extend(self.mourning_proposal(today, &made)?);
        Ok(found)
    }

    /// From December on, while New Year's cards are kept from people, to the end of midwinter greetings.
    fn mourning_proposal(&self, today: Day, made: &[Campaign]) -> Result<Option<Proposal>> {
        let Some((from, until)) = Greeting::WinterGreeting.next_window(Channel::Post, today) else {
            return Ok(None);
        };
        if today < from.plus(-40) {
            return Ok(None);
        }
        let people = self.mourners_by(today)?.len() as u64;
        let near = |day: Day| (from.plus(-40)..=until).contains(&day);
        let taken = made.iter().any(|c| c.whom.mourning && c.start.is_none_or(near));
        Ok((people > 0 && !taken).then(|| Proposal {
            word: MOURNING,
            ja: format!("喪中の{people}人には年賀状をお送りしません。寒中見舞いをおすすめします"),
            en: format!("{people} in mourning get no New Year's card: send them a midwinter greeting"),
            people,
            from,
            until,
        }))
    }

    /// Makes the draft that a proposal is for; its number.
    pub fn take_proposal(&self, word: &str, name: &str, owner: &str) -> Result<i64> {
        let proposals = self.proposals()?;
        let Some(proposal) = proposals.iter().find(|p| p.word == word) else {
            let known: Vec<&str> = proposals.iter().map(|p| p.word).collect();
            bail!("'{word}' is not proposed today; there are: {}", known.join(", "));
        };
        let id = if word == MOURNING { "kanchu_mourning" } else { "season_gift" };
        let mut campaign = crate::scenario(id).context("the scenario of a proposal")?;
        let (year, ..) = proposal.from.ymd();
        let title = SeasonKind::from_word(word).map_or("喪中の方への寒中見舞い", |kind| kind.ja());
        let name = name.trim();
        campaign.name = if name.is_empty() { format!("{title} {year}") } else { name.to_owned() };
        owner.trim().clone_into(&mut campaign.owner);
        let tomorrow = self.today()?.plus(1);
        campaign.start = Some(if word == MOURNING { proposal.from.max(tomorrow) } else { tomorrow });
        if word != MOURNING {
            word.clone_into(&mut campaign.whom.season);
        }
        self.add_campaign(&campaign, owner.trim())
    }

    /// What the page of an invitation shows; `None`: no token of ours, or of no invitation.
    pub fn invitation(&self, token: &str) -> Result<Option<Invitation>> {
        let Some((_, customer, campaign, occasion)) = self.invited(token)? else { return Ok(None) };
        let store = &self.inner.store;
        let person = store.persons(&[customer])?.get(&customer).copied().unwrap_or(customer);
        let answer = store.attendance_of(campaign, person)?.map(|said| said.answer);
        let over = self.is_over(&occasion)?;
        Ok(Some(Invitation { occasion, answer, over }))
    }

    /// The touch of a token of an invitation; `None` for any other text. Asks no database.
    pub fn knows_invitation(&self, token: &str) -> Option<i64> {
        match self.keys().ok()?.read(token)? {
            Token::Invitation { touch } => Some(touch),
            _ => None,
        }
    }

    /// A customer answers an invitation. `false`: no token of ours, or too late.
    pub fn answer_invitation(&self, token: &str, coming: bool, people: u32, asker: &Asker) -> Result<bool> {
        let Some((touch, customer, campaign, occasion)) = self.invited(token)? else { return Ok(false) };
        if self.is_over(&occasion)? {
            return Ok(false);
        }
        let answer = if coming { Attendance::Coming } else { Attendance::NotComing };
        let (people, store) = (people.clamp(1, MOST), &self.inner.store);
        let person = store.persons(&[customer])?.get(&customer).copied().unwrap_or(customer);
        let before = store.attendance_of(campaign, person)?;
        if before.is_some_and(|b| (b.answer, b.people, b.by.as_str()) == (answer, people, "customer")) {
            // Pressed again, it says nothing new.
            return Ok(true);
        }
        let said = format!("{}: {}", occasion.name, answer.word());
        let response = Response { said, ..self.response(touch, ResponseKind::Reply, None, asker) };
        self.inner.store.hear(&response, None, &[], "customer")?;
        self.proven(&response)?;
        let (at, by) = (asker.at / 1_000, "customer".to_owned());
        let said = StoredAttendance { customer, answer, people, note: String::new(), by, at };
        self.inner.store.attend(campaign, &said)?;
        Ok(true)
    }

    fn is_over(&self, occasion: &Occasion) -> Result<bool> {
        let today = self.today()?;
        Ok(occasion.reply_until.or(occasion.day).is_some_and(|last| last < today))
    }

    /// Of a token: touch, customer as assigned, campaign, what it invites to.
    fn invited(&self, token: &str) -> Result<Option<(i64, i64, i64, Occasion)>> {
        let Some(Token::Invitation { touch }) = self.keys()?.read(token) else { return Ok(None) };
        let Ok(stored) = self.inner.store.touch(touch) else { return Ok(None) };
        let (customer, campaign) = (stored.touch.customer, stored.touch.campaign);
        let occasion = self.inner.store.campaign(campaign)?.campaign.occasion;
        Ok(occasion.map(|occasion| (touch, customer, campaign, occasion)))
    }

    /// An operator notes an answer by telephone, or who was there.
    pub fn attend(
        &self,
        campaign: i64,
        customer: i64,
        (answer, people): (Attendance, u32),
        note: &str,
        by: &str,
    ) -> Result<()> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        let document = self.inner.store.campaign(campaign)?.campaign;
        ensure!(document.occasion.is_some(), "this campaign invites to nothing: give it an [occasion]");
        let note = note.trim().chars().filter(|c| !c.is_control()).take(200).collect();
        let (people, by) = (people.clamp(1, MOST), by.trim().to_owned());
        let said = StoredAttendance { customer, answer, people, note, by, at: self.now() };
        Ok(self.inner.store.attend(campaign, &said)?)
    }

    /// Every answer to an invitation, by name.
    pub fn attendances(&self, campaign: i64) -> Result<Vec<AttendanceRow>> {
        let said = self.inner.store.attendances(campaign)?;
        let people: Vec<i64> = said.keys().copied().collect();
        let records = self.inner.store.records_of(&people)?;
        let row = |(person, said): (i64, StoredAttendance)| {
            let first = records.get(&person).and_then(|r| r.first());
            let name = first.map(|r| r.record.name.full()).unwrap_or_default();
            let StoredAttendance { answer, people, note, by, at, .. } = said;
            AttendanceRow { person, name, answer, people, note, by, at }
        };
        let mut rows: Vec<AttendanceRow> = said.into_iter().map(row).collect();
        rows.sort_by(|a, b| (a.answer, &a.name, a.person).cmp(&(b.answer, &b.name, b.person)));
        Ok(rows)
    }
}

/// The weeks of a season a year before the one that a day lies in or before: from when it is begun to its end.
fn last_of(kind: SeasonKind, day: Day) -> Option<(Day, Day)> {
    let (year, ..) = day.ymd();
    let of = |year: i32| seasons(year).into_iter().find(|s| s.kind == kind);
    let this = (year - 1..=year + 1).filter_map(of).find(|s| s.until >= day)?;
    let (year, ..) = this.from.ymd();
    of(year - 1).map(|last| (last.begin(), last.until))
}

/// Cards are no reason to buy.
fn is_greeting(kind: SeasonKind) -> bool {
    use SeasonKind::{LateSummerGreeting, Nengajo, SummerGreeting, WinterGreeting};
    matches!(kind, Nengajo | WinterGreeting | SummerGreeting | LateSummerGreeting)
}
