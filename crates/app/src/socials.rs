//! Posts on social media: drafts of a campaign, their tracked links, and who followed them.

use crate::visiting::host_of;
use crate::{App, Asker};
use anyhow::{Context, Result, bail, ensure};
use clearance::{Remark, lint_post};
use model::Day;
use outreach::social::SocialPlatform;
use serde::Serialize;
use store::{SocialClicks, SocialDraft};

/// What stands in a draft for its link.
pub const SOCIAL_LINK: &str = "{link}";
/// Drafts listed.
const LISTED: usize = 200;
/// What programs that look at links call themselves.
const PROGRAMS: [&str; 11] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "facebookexternalhit",
    "embed",
    "curl",
    "wget",
    "python",
    "headless",
];

/// A draft as an operator asks for it.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct NewSocial {
    pub campaign: i64,
    /// The platform's name.
    pub platform: String,
    /// `{link}` for its link; empty: made of the campaign's first step.
    pub text: String,
    /// An address on the shop's own hosts, or a path there.
    pub target: String,
    /// utm_content; empty: named by its number.
    pub content: String,
    pub paid: bool,
    pub day: Option<Day>,
    pub by: String,
}

/// A draft with what is said of it.
#[derive(Clone, Debug, Serialize)]
pub struct SocialView {
    pub id: i64,
    pub campaign: i64,
    pub platform: String,
    pub label: String,
    /// As it is to be posted.
    pub text: String,
    /// Its own link, through the door.
    pub link: String,
    /// Where that leads.
    pub target: String,
    pub day: Option<Day>,
    pub paid: bool,
    pub length: u32,
    pub most: u32,
    /// Whether an address in a post can be opened there.
    pub links_open: bool,
    pub remarks: Vec<Remark>,
    /// Followed by people, from so many networks, and by programs. Contact, never returns.
    pub clicks: u64,
    pub networks: u64,
    pub programs: u64,
}

impl SocialView {
    /// Whether it may be posted as it stands.
    pub fn fits(&self) -> bool {
        self.length <= self.most && self.remarks.iter().all(|r| r.level != clearance::Level::Block)
    }
}

impl App {
    /// The platforms that are known.
    pub fn social_platforms(&self) -> Result<Vec<SocialPlatform>> {
        SocialPlatform::all().context("reading the platforms' files")
    }

    /// Keeps a draft; its link leads to the shop's own hosts and nowhere else.
    pub fn add_social(&self, new: &NewSocial) -> Result<SocialView> {
        ensure!(!new.by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        let campaign = self.inner.store.campaign(new.campaign)?.campaign;
        let names: Vec<String> = self.social_platforms()?.into_iter().map(|p| p.name).collect();
        ensure!(
            names.contains(&new.platform),
            "there is no platform '{}': {}",
            new.platform,
            names.join(", ")
        );
        let target = self.social_target(&new.target)?;
        let first = campaign.steps.first().map_or("", |step| step.words.subject.as_str());
        let text = match new.text.trim() {
            "" if first.contains("{{") || first.is_empty() => {
                format!("{}のご案内です。\n{SOCIAL_LINK}", campaign.name)
            }
            "" => format!("{first}\n{SOCIAL_LINK}"),
            text => text.to_owned(),
        };
        ensure!(text.chars().count() <= 70_000, "this is longer than any platform takes");
        let body = match text.contains(SOCIAL_LINK) {
            true => text,
            false => format!("{text}\n{SOCIAL_LINK}"),
        };
        let draft = SocialDraft {
            id: 0,
            campaign: new.campaign,
            platform: new.platform.clone(),
            body,
            target,
            content: new.content.trim().to_owned(),
            paid: new.paid,
            day: new.day,
            code: String::new(),
            by: new.by.trim().to_owned(),
            at: self.now(),
        };
        let code = |id: i64| {
            let seal = self.inner.secrets.seal(&format!("social {id} {}", draft.at));
            seal[..6].iter().map(|b| format!("{b:02x}")).collect()
        };
        let id = self.inner.store.add_social(&draft, &code)?;
        self.social(id)
    }

    /// One draft.
    pub fn social(&self, id: i64) -> Result<SocialView> {
        let draft = self.inner.store.social(id)?;
        let clicks = self.inner.store.social_clicks(draft.campaign)?;
        self.social_view(draft, &clicks)
    }

    /// Drafts of a campaign, the newest first.
    pub fn socials(&self, campaign: i64) -> Result<Vec<SocialView>> {
        let clicks = self.inner.store.social_clicks(campaign)?;
        let drafts = self.inner.store.socials(Some(campaign), LISTED)?;
        drafts.into_iter().map(|draft| self.social_view(draft, &clicks)).collect()
    }

    /// The drafts of a campaign for its result; none where no post can be shown.
    pub fn posts_followed(&self, campaign: i64) -> Result<Vec<SocialView>> {
        match self.inner.store.socials(Some(campaign), 1)?.is_empty() {
            true => Ok(vec![]),
            false => self.socials(campaign),
        }
    }

    /// Takes a draft away; its link leads home from then on.
    pub fn drop_social(&self, id: i64) -> Result<()> {
        Ok(self.inner.store.drop_social(id)?)
    }

    /// Somebody followed the link of a post: noted, and where it leads. `None`: no link of ours, or one that
    /// leads where the shop is no longer at home.
    pub fn follow_social(&self, code: &str, asker: &Asker) -> Result<Option<String>> {
        let Some(draft) = self.inner.store.social_of_code(code)? else { return Ok(None) };
        let hosts = self.settings()?.own_hosts();
        if !host_of(&draft.target).is_some_and(|host| hosts.contains(&host)) {
            return Ok(None);
        }
        let agent = asker.agent.to_ascii_lowercase();
        let program = asker.head || agent.is_empty() || PROGRAMS.iter().any(|word| agent.contains(word));
        let seal = self.inner.secrets.seal(&format!("network {}", asker.network));
        let network = i64::from_be_bytes(seal[..8].try_into().unwrap_or_default());
        // Whoever follows is led on, even where the click cannot be kept just now.
        let _ = self.inner.store.add_social_click(draft.id, asker.at / 1_000, network, program);
        Ok(Some(self.tagged(&draft)?))
    }

    /// The target with what the shop's own analytics know it by.
    fn tagged(&self, draft: &SocialDraft) -> Result<String> {
        let campaign = self.inner.store.campaign(draft.campaign)?.campaign.name;
        let (address, place) = match draft.target.split_once('#') {
            Some((address, place)) => (address, format!("#{place}")),
            None => (draft.target.as_str(), String::new()),
        };
        let mut joint = if address.contains('?') { '&' } else { '?' };
        let mut to = address.to_owned();
        for (name, value) in [
            ("utm_source", draft.platform.as_str()),
            ("utm_medium", "social"),
            ("utm_campaign", campaign.as_str()),
            ("utm_content", draft.content.as_str()),
        ] {
            to.push(joint);
            to.push_str(&format!("{name}={}", coded(value)));
            joint = '&';
        }
        Ok(to + &place)
    }

    fn social_target(&self, typed: &str) -> Result<String> {
        let settings = self.settings()?;
        let hosts = settings.own_hosts();
        let Some(home) = hosts.first() else {
            bail!("the shop's own site is not known: `mezame settings set profile.site https://...`");
        };
        let target = match typed.trim() {
            "" => format!("https://{home}/"),
            path if path.starts_with('/') && !path.starts_with("//") => format!("https://{home}{path}"),
            address => address.to_owned(),
        };
        let own = host_of(&target).is_some_and(|host| hosts.contains(&host));
        let plain = target.chars().all(|c| !c.is_control() && !c.is_whitespace() && c != '\\');
        ensure!(
            own && plain && target.len() <= 1_000,
            "a post's link leads to the shop's own hosts alone ({}), not to '{target}'",
            hosts.join(", ")
        );
        Ok(target)
    }

    fn social_view(&self, draft: SocialDraft, clicks: &[SocialClicks]) -> Result<SocialView> {
        let door = self.settings()?.profile.public_url.trim_end_matches('/').to_owned();
        ensure!(
            !door.is_empty(),
            "the customers' door has no address yet: `mezame settings set profile.public_url https://...`"
        );
        let platform = self.social_platforms()?.into_iter().find(|p| p.name == draft.platform);
        let platform = platform.context("the platform of this post is not known any more")?;
        let link = format!("{door}/go/{}", draft.code);
        let text = draft.body.replace(SOCIAL_LINK, &link);
        let clicks = clicks.iter().find(|c| c.draft == draft.id).copied().unwrap_or_default();
        Ok(SocialView {
            id: draft.id,
            campaign: draft.campaign,
            length: platform.length(&text, &link),
            most: platform.most,
            links_open: platform.links_open,
            label: platform.label,
            platform: draft.platform.clone(),
            remarks: lint_post(&draft.body, draft.paid),
            target: self.tagged(&draft)?,
            text,
            link,
            day: draft.day,
            paid: draft.paid,
            clicks: clicks.clicks,
            networks: clicks.networks,
            programs: clicks.programs,
        })
    }
}

/// A value as part of an address.
fn coded(value: &str) -> String {
    let one = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => (b as char).to_string(),
        _ => format!("%{b:02X}"),
    };
    value.bytes().map(one).collect()
}
