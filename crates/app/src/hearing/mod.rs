//! What came back: clicks, openings, opt-outs by signed links; bounces and complaints by reports.

mod ear;
mod gateways;
mod judging;

pub use ear::{Ear, EarState, Fetch};

use crate::App;
use anyhow::Result;
use model::{Channel, ReachFacts, Response, ResponseKind, StopReason, Verdict};
use response::{Effect, Keys, Past, Token, meaning};
use store::Closing;

/// Who asked, as far as the door can tell.
#[derive(Clone, Default, Debug)]
pub struct Asker {
    /// What the program calls itself.
    pub agent: String,
    /// The network it came from; kept as a salted hash only.
    pub network: String,
    /// The request asked for no content.
    pub head: bool,
    /// Unix milliseconds.
    pub at: i64,
}

/// What a signed link leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Leads {
    /// On to this address of the letter.
    To(String),
    /// The shop's own site: the link is the one nobody sees, or its letter is gone.
    Home(String),
}

/// What the page of preferences shows: nothing that names the customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preferences {
    /// The channel of the letter whose link was followed.
    pub channel: Channel,
    /// Every way by which the shop can reach this customer, and whether the customer closed it.
    pub channels: Vec<(Channel, bool)>,
    /// How often they asked to get the newsletter; `None` where the shop has none.
    pub newsletter: Option<model::Cadence>,
}

impl Preferences {
    /// Whether a channel is closed by the customer's own word.
    pub fn stopped(&self, channel: Channel) -> bool {
        self.channels.iter().any(|(c, stopped)| *c == channel && *stopped)
    }
}

/// What a customer's door says of the shop.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Sign {
    pub shop: String,
    /// The shop's own site; empty where there is none.
    pub site: String,
    /// Where questions go; empty where nothing is said.
    pub contact: String,
    /// The shop's own hosts whose visits are taken; none where visits are off.
    pub visits: Vec<String>,
}

impl App {
    /// A link of a letter was followed: keeps that, and says where it leads. `None`: no token of ours.
    pub fn hear_click(&self, token: &str, asker: &Asker) -> Result<Option<Leads>> {
        let Some(fetch) = Fetch::click(&self.keys()?, token) else { return Ok(None) };
        self.hear_fetch(fetch, asker)?;
        Ok(Some(self.leads(fetch)?))
    }

    fn hear_fetch(&self, fetch: Fetch, asker: &Asker) -> Result<()> {
        self.inner.store.hear_many(&[fetch.response(self, asker)])?;
        self.judge_touch(fetch.touch, asker.at, asker.at).map(drop)
    }

    /// Where a link leads, read anew.
    pub(crate) fn leads(&self, fetch: Fetch) -> Result<Leads> {
        let letter = self.inner.store.letters_of(&[fetch.touch])?.get(&fetch.touch).copied();
        let links = match letter {
            Some(letter) => self.links_of(letter)?,
            None => vec![],
        };
        Ok(fetch.leads(&links, &self.sign()?.site))
    }

    /// What the door says of the shop.
    pub fn sign(&self) -> Result<Sign> {
        let settings = self.settings()?;
        let profile = settings.shop_profile();
        let visits = if settings.visits.on { settings.own_hosts() } else { vec![] };
        Ok(Sign { shop: settings.shop, site: profile.site, contact: profile.contact, visits })
    }

    /// Whether a text is one of our tokens by which a customer leaves or chooses. Asks no database.
    pub fn knows_opt_out(&self, token: &str) -> bool {
        self.keys().is_ok_and(|keys| opt_out_of(&keys, token).is_some())
    }

    /// Where a customer can write to leave, by the token of their link: the mailbox that bounces go
    /// to, read by `mezame work`. `None`: no such mailbox, or no token of ours.
    pub fn opt_out_mail(&self, token: &str) -> Option<String> {
        let keys = self.keys().ok()?;
        let (touch, _) = opt_out_of(&keys, token)?;
        let sending = self.settings().ok()?.sending;
        let bounces = sending.bounces_to();
        (!bounces.is_empty()).then(|| format!("bounce+{}@{bounces}", keys.sign(Token::Bounce { touch })))
    }

    /// What a page of opting out or of preferences shows; `None`: no token of ours.
    pub fn preferences(&self, token: &str) -> Result<Option<Preferences>> {
        let Some((touch, channel)) = opt_out_of(&self.keys()?, token) else { return Ok(None) };
        let Ok(stored) = self.inner.store.touch(touch) else {
            // The letter is forgotten and with it whom it went to: there is nobody to write to.
            return Ok(Some(Preferences { channel, channels: vec![(channel, true)], newsletter: None }));
        };
        let people: Vec<i64> = self.inner.store.persons(&[stored.touch.customer])?.into_values().collect();
        let mut known = ReachFacts::default();
        self.inner.store.reach_facts(Some(&people), &mut |facts| known = facts)?;
        let by_word = |c: Channel| known.stops.contains(&(Some(c), leaving(c)));
        let ways = Channel::ALL.iter().copied().filter(|c| *c == channel || by_word(*c) || has(&known, *c));
        let newsletter = match people.first() {
            Some(person) => self.cadence_view(*person)?.map(|view| view.wish),
            None => None,
        };
        Ok(Some(Preferences { channel, channels: ways.map(|c| (c, by_word(c))).collect(), newsletter }))
    }

    /// The customer leaves a channel by the link in a letter: at once, for every touch in line, for
    /// good. `channel`: another one than the link's own. Returns which was left; `None`: no token of ours.
    pub fn opt_out(&self, token: &str, channel: Option<Channel>, asker: &Asker) -> Result<Option<Channel>> {
        let Some((touch, own)) = opt_out_of(&self.keys()?, token) else { return Ok(None) };
        let channel = channel.unwrap_or(own);
        let said = if channel == own { String::new() } else { channel.word().to_owned() };
        let response = Response { said, ..self.response(touch, ResponseKind::OptOut, None, asker) };
        let now = Past { touch, kind: ResponseKind::OptOut, at: asker.at };
        let closings = closings(&meaning(channel, now, &[]), false);
        self.inner.store.hear(&response, None, &closings, "customer")?;
        self.proven(&response)?;
        Ok(Some(channel))
    }

    /// The customer opens a channel again on their own page of preferences; `wording` is what they
    /// agreed to, kept as proof. `false`: no token of ours.
    pub fn opt_in_again(&self, token: &str, channel: Channel, wording: &str, asker: &Asker) -> Result<bool> {
        let Some((touch, _)) = opt_out_of(&self.keys()?, token) else { return Ok(false) };
        let said = format!("again: {}", channel.word());
        let response = Response { said, ..self.response(touch, ResponseKind::Preference, None, asker) };
        self.inner.store.hear(&response, None, &[], "customer")?;
        self.inner.store.reopen(touch, channel, leaving(channel), wording, asker.at / 1_000)?;
        self.proven(&response)?;
        Ok(true)
    }

    /// A mail system reports on a letter. `proof` makes a doubled report one.
    pub fn hear_report(
        &self,
        touch: i64,
        kind: ResponseKind,
        said: &str,
        proof: Option<&str>,
    ) -> Result<bool> {
        let asker = Asker { at: self.now() * 1_000, ..Asker::default() };
        let response = Response { said: cut(said), ..self.response(touch, kind, None, &asker) };
        let Ok(stored) = self.inner.store.touch(touch) else { return Ok(false) };
        let history: Vec<Past> = self
            .inner
            .store
            .bounces_like(touch)?
            .into_iter()
            .map(|(touch, kind, at)| Past { touch, kind, at })
            .collect();
        let effects = meaning(stored.touch.channel, Past { touch, kind, at: response.at }, &history);
        // A dead address is dead for whoever has it; a complaint is the person's own word.
        let address_only = !matches!(kind, ResponseKind::Complaint | ResponseKind::OptOut);
        let new = self.inner.store.hear(&response, proof, &closings(&effects, address_only), "report")?;
        self.proven(&response)?;
        Ok(new)
    }

    /// Something came back from a touch in doubt: it was sent after all.
    pub(crate) fn proven(&self, response: &Response) -> Result<()> {
        let Ok(stored) = self.inner.store.touch(response.touch) else { return Ok(()) };
        if response::settle(stored.touch.state, response).is_some() {
            self.inner.store.prove(response.touch, true, response.at / 1_000)?;
        }
        Ok(())
    }

    pub(crate) fn response(
        &self,
        touch: i64,
        kind: ResponseKind,
        link: Option<i32>,
        asker: &Asker,
    ) -> Response {
        let network = match asker.network.is_empty() {
            true => 0,
            false => {
                let seal = self.inner.secrets.seal(&format!("network {}", asker.network));
                i64::from_be_bytes(seal[..8].try_into().unwrap_or_default())
            }
        };
        let said = if asker.head { response::HEAD.to_owned() } else { String::new() };
        let verdict = Verdict::Person;
        Response { id: 0, touch, kind, at: asker.at, link, agent: cut(&asker.agent), network, said, verdict }
    }
}

/// The touch and the channel of a token by which one leaves or chooses.
pub(crate) fn opt_out_of(keys: &Keys, token: &str) -> Option<(i64, Channel)> {
    match keys.read(token)? {
        Token::OptOut { touch, channel } => Some((touch, channel)),
        Token::Preferences { touch } => Some((touch, Channel::Mail)),
        _ => None,
    }
}

/// The stop by which a customer leaves this channel and no other (M161).
pub(crate) fn leaving(channel: Channel) -> StopReason {
    let own = StopReason::ALL.iter().copied().find(|reason| reason.channel() == Some(channel));
    own.unwrap_or(StopReason::MailOptOut)
}

/// Whether the shop has an address of this kind; audiences of ads are matched by mail addresses.
fn has(facts: &ReachFacts, channel: Channel) -> bool {
    match channel {
        Channel::Mail | Channel::Ads => facts.has_email,
        Channel::Sms => facts.has_mobile,
        Channel::Line => facts.has_line,
        Channel::Post => facts.has_post,
        Channel::Phone => facts.has_phone,
    }
}

pub(crate) fn closings(effects: &[Effect], address_only: bool) -> Vec<Closing> {
    let close = |effect: &Effect| match *effect {
        Effect::Close { channel, reason, rule } => {
            Some(Closing { channel: Some(channel), reason, rule, address_only })
        }
        Effect::Count(_) => None,
    };
    effects.iter().filter_map(close).collect()
}

/// Two hundred characters at most, on one line.
fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
