//! What each channel leaves by: which are set up, and which wait a while because their side asked for it.

use crate::{App, LineChannel, Sending, Settings, Sms};
use anyhow::{Result, anyhow};
use model::{Campaign, Channel};
use outreach::{ChatDoor, SmsAccount, SmsDoor};
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

/// What a worker carries.
pub(crate) const CARRIED: [Channel; 3] = [Channel::Mail, Channel::Sms, Channel::Line];
/// Longest wait for a gateway's line, and for each piece of its answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Seconds for which a channel waits that was refused as a whole, by times in a row.
const PAUSES: [i64; 6] = [30, 60, 120, 300, 900, 3_600];
/// So many touches refused one after the other, and the campaign pauses: the fault is on our side.
const IN_A_ROW: u32 = 10;

/// What settings open: SMTP lines belong to the connections, the doors to all of them.
pub(crate) struct Gates {
    pub sms: Option<SmsDoor>,
    pub line: Option<ChatDoor>,
    /// Of one part of an SMS, hundredths.
    pub sms_price: i64,
    /// Channels that cannot leave, with why in both languages.
    shut: Vec<(Channel, String)>,
    made_of: (Sending, Sms, LineChannel, String),
}

impl Gates {
    pub fn of(app: &App, settings: &Settings) -> Gates {
        let mut shut = vec![];
        let mut told = |channel, why| shut.push((channel, why));
        if let Err(why) = mail(&settings.sending) {
            told(Channel::Mail, why);
        }
        let sms = sms(app, settings).map_err(|why| told(Channel::Sms, why)).ok();
        let line = line(app, settings).map_err(|why| told(Channel::Line, why)).ok();
        Gates { sms, line, sms_price: price(&settings.sms), shut, made_of: made_of(settings) }
    }

    /// Whether the settings are those it was made of: doors keep their lines open meanwhile.
    pub fn fits(&self, settings: &Settings) -> bool {
        self.made_of == made_of(settings)
    }

    pub fn is_open(&self, channel: Channel) -> bool {
        CARRIED.contains(&channel) && self.shut.iter().all(|(shut, _)| *shut != channel)
    }

    /// Why some channels of this campaign's steps cannot leave: its touches wait.
    pub fn shut_for(&self, campaign: &Campaign) -> Vec<(Channel, String)> {
        let uses = |channel| campaign.steps.iter().any(|s| crate::campaigns::channel_of(s) == channel);
        self.shut.iter().filter(|(channel, _)| uses(*channel)).cloned().collect()
    }

    /// # Errors
    /// Where nothing at all is set up.
    pub fn any(&self) -> Result<()> {
        match CARRIED.iter().any(|channel| self.is_open(*channel)) {
            true => Ok(()),
            false => {
                Err(anyhow!(self.shut.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>().join("\n")))
            }
        }
    }
}

impl App {
    /// The channels of a campaign's steps that are not set up, with why in both languages: their touches
    /// wait in line, the others go.
    pub fn shut_channels(&self, campaign: &Campaign) -> Result<Vec<(Channel, String)>> {
        Ok(Gates::of(self, &self.settings()?).shut_for(campaign))
    }
}

fn made_of(settings: &Settings) -> (Sending, Sms, LineChannel, String) {
    let (sms, line) = (settings.sms.clone(), settings.line.clone());
    (settings.sending.clone(), sms, line, settings.profile.public_url.clone())
}

fn price(sms: &Sms) -> i64 {
    match (sms.part_price(), sms.provider()) {
        (0, Ok(provider)) => i64::from(provider.limits.price),
        (price, _) => price,
    }
}

fn mail(sending: &Sending) -> Result<(), String> {
    if sending.host.is_empty() {
        return Err("メールの送信サーバーが未設定です / mail is not set up: mezame settings set \
                    sending.host HOST, and sending.from"
            .to_owned());
    }
    match sending.from.contains('@') {
        true => Ok(()),
        false => Err("差出人のメールアドレスが未設定です / there is no sender: mezame settings set \
                      sending.from ADDRESS"
            .to_owned()),
    }
}

fn sms(app: &App, settings: &Settings) -> Result<SmsDoor, String> {
    let sms = &settings.sms;
    if sms.provider.is_empty() {
        return Err(
            "SMSの送信サービスが未設定です / SMS is not set up: mezame settings set sms.provider NAME"
                .to_owned(),
        );
    }
    let account = SmsAccount {
        settings: sms.named(),
        secret: app.inner.secrets.sms_secret.clone().unwrap_or_default(),
        callback: match settings.profile.public_url.trim_end_matches('/') {
            "" => String::new(),
            door => format!("{door}/hook/sms"),
        },
        timeout: PATIENCE,
        authorities: sms.authorities.clone(),
    };
    SmsDoor::open(sms.provider()?, account).map_err(|why| why.to_string())
}

fn line(app: &App, settings: &Settings) -> Result<ChatDoor, String> {
    if !settings.line.on {
        return Err("LINEの送信が有効になっていません / LINE is not set up: mezame settings set line.on yes"
            .to_owned());
    }
    let token = app.inner.secrets.line_token.as_deref().unwrap_or_default();
    ChatDoor::open(token, &settings.line.base, PATIENCE, "")
}

/// How each channel fares: closed until when, refused how often in a row.
#[derive(Default)]
pub(crate) struct Fares([Fare; CARRIED.len()]);

#[derive(Default)]
struct Fare {
    until: AtomicI64,
    closings: AtomicU32,
    refusals: AtomicU32,
}

impl Fares {
    fn of(&self, channel: Channel) -> &Fare {
        &self.0[usize::from(channel.code()).min(CARRIED.len() - 1)]
    }

    /// The channel's side took nothing, for a reason that holds for every touch: it waits as long as was asked, or
    /// longer each time. Returns until when.
    pub fn close(&self, channel: Channel, asked: Option<u32>, now: i64) -> i64 {
        let fare = self.of(channel);
        if fare.until.load(Ordering::Acquire) > now {
            return fare.until.load(Ordering::Acquire);
        }
        let times = fare.closings.fetch_add(1, Ordering::AcqRel) as usize;
        let pause = asked.map_or(PAUSES[times.min(PAUSES.len() - 1)], i64::from).max(1);
        fare.until.fetch_max(now + pause, Ordering::AcqRel).max(now + pause)
    }

    /// Until when nothing of this channel leaves, if later than `now`.
    pub fn closed(&self, channel: Channel, now: i64) -> Option<i64> {
        Some(self.of(channel).until.load(Ordering::Acquire)).filter(|until| *until > now)
    }

    /// A touch was refused that had a fine address; says whether so many in a row were that it must be us.
    pub fn refused(&self, channel: Channel) -> bool {
        self.of(channel).refusals.fetch_add(1, Ordering::AcqRel) + 1 == IN_A_ROW
    }

    /// Whether touches in line go back unsent: they would be refused like those before.
    pub fn refusing(&self, channel: Channel) -> bool {
        self.of(channel).refusals.load(Ordering::Acquire) >= IN_A_ROW
    }

    /// The other side took a touch, or everything in line went back.
    pub fn taken(&self, channel: Channel) {
        let fare = self.of(channel);
        fare.refusals.store(0, Ordering::Release);
        fare.closings.store(0, Ordering::Release);
    }
}
