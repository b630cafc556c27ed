//! Everything that passed between the shop and one customer, the newest first, and what it comes to (M024, M027).

use crate::{App, OrderView, Settings, rule_words};
use anyhow::Result;
use model::{ActivityKind, CallResult, Channel, Day, ResponseKind, Severity, TouchState, Verdict};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use store::{CameBack, EngagementSums, Person, StoredCall, StoredInquiry};

/// Most of one kind that are read: more than a life with a shop holds.
const MOST: usize = 20_000;

/// The kinds of a timeline: word, Japanese, English.
pub const DOINGS: &[(&str, &str, &str)] = &[
    ("order", "注文", "Orders"),
    ("mail", "メール", "Mail"),
    ("sms", "SMS", "SMS"),
    ("line", "LINE", "LINE"),
    ("post", "郵便", "Post"),
    ("phone", "電話", "Calls"),
    ("ads", "広告", "Ads"),
    ("inquiry", "問い合わせ", "Inquiries"),
    ("complaint", "クレーム", "Complaints"),
    ("note", "メモ", "Notes"),
    ("contact", "訪問・利用", "Visits and use"),
    ("refresh", "ご本人の確認・変更", "Own words"),
    ("consent", "同意・停止", "Consents and stops"),
    ("subscription", "定期", "Subscriptions"),
];

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Happening {
    /// One of `DOINGS`.
    pub kind: &'static str,
    pub day: Day,
    /// Unix seconds; of what is known by its day alone, that day's beginning.
    pub at: i64,
    /// Whether the hour is known.
    pub timed: bool,
    pub ja: String,
    pub en: String,
    /// What was said or noted.
    pub note: String,
    /// The operator who did it; empty where it was the customer or nobody.
    pub by: String,
    /// The campaign it belongs to.
    pub campaign: Option<i64>,
    /// The talk, and the note, it can be changed at.
    pub inquiry: Option<i64>,
    pub note_id: Option<i64>,
    #[serde(skip)]
    pub order: Option<OrderView>,
}

/// What one customer's answers by one channel come to: touches, each counted once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Engagement {
    pub channel: Channel,
    /// That left; of calls, those that were made.
    pub sent: u64,
    pub opened: u64,
    pub clicked: u64,
    /// Answered, or talked on the phone.
    pub answered: u64,
    /// By which they left.
    pub left: u64,
    /// That came back undelivered.
    pub bounced: u64,
}

impl App {
    /// Everything that happened between the shop and a customer, the newest first, and its sums.
    pub(crate) fn timeline(
        &self,
        customer: i64,
        person: &Person,
        orders: &[OrderView],
    ) -> Result<(Vec<Happening>, Vec<Engagement>)> {
        let (store, settings) = (&self.inner.store, self.settings()?);
        let mut all = Gathered { settings: &settings, all: vec![] };
        orders.iter().for_each(|o| all.order(o));
        let calls = store.calls_of(customer)?;
        all.touches(self, customer, &calls)?;
        let talks = store.inquiries_of(customer)?;
        let answered: BTreeSet<i64> = talks.iter().filter_map(|(talk, _)| talk.touch).collect();
        all.heard(store.responses_of(customer, MOST)?, &answered);
        calls.iter().for_each(|call| all.call(call));
        for (talk, words) in &talks {
            all.talk(talk, words);
        }
        let told = store.told_by_calls(customer)?;
        all.activities(person, &told);
        for n in store.notes_of(customer)? {
            let place = if n.place.is_empty() { String::new() } else { format!(" ({})", n.place) };
            let (ja, en) = (format!("{}{place}", n.kind.ja()), format!("{}{place}", n.kind.en()));
            let whole =
                Happening { note: n.said, by: n.by, note_id: Some(n.id), ..all.on(n.day, "note", &ja, &en) };
            all.all.push(whole);
        }
        all.own_words(store.profile_changes(customer)?);
        for m in store.mournings(customer)? {
            let ja = format!("喪中のご連絡({}まで年賀状を控えます)", m.until);
            let en = format!("told to be in mourning: no New Year's card until {}", m.until);
            let whole = all.on(m.since, "note", &ja, &en);
            all.all.push(Happening { note: m.note, by: m.by, ..whole });
        }
        for c in store.cadence_changes(customer)? {
            let ja = format!("お便りの頻度: {} → {}", c.was.ja(), c.cadence.ja());
            let en = format!("newsletter: {} -> {}", c.was.en(), c.cadence.en());
            let whole = all.at(c.at, "mail", &format!("{ja}({})", c.ja), &format!("{en} ({})", c.en));
            all.all.push(Happening { by: c.by, ..whole });
        }
        all.permissions(person);
        all.subscriptions(person);
        let mut all = all.all;
        all.sort_by_key(|x| std::cmp::Reverse((x.day, x.at)));
        Ok((all, engagement(&store.engagement(customer)?)))
    }
}

/// What was found so far.
struct Gathered<'a> {
    settings: &'a Settings,
    all: Vec<Happening>,
}

impl Gathered<'_> {
    /// Something of a day whose hour nobody knows.
    fn on(&self, day: Day, kind: &'static str, ja: &str, en: &str) -> Happening {
        let at = self.settings.moment(day, 0);
        Happening { timed: false, ..happening(day, at, kind, ja, en) }
    }

    /// Something of a moment.
    fn at(&self, at: i64, kind: &'static str, ja: &str, en: &str) -> Happening {
        happening(self.settings.day_of(at), at, kind, ja, en)
    }

    fn order(&mut self, o: &OrderView) {
        let order = Some(o.clone());
        self.all.push(Happening { order, ..happening(o.day, o.at, "order", o.standing_ja, o.standing_en) });
    }

    fn touches(&mut self, app: &App, customer: i64, calls: &[StoredCall]) -> Result<()> {
        let called: BTreeSet<i64> = calls.iter().map(|c| c.touch).collect();
        for t in app.touches_of(customer, MOST)? {
            let (touch, channel) = (&t.stored.touch, t.stored.touch.channel);
            // A call is told by what came of it.
            if called.contains(&touch.id) {
                continue;
            }
            let (why_ja, why_en) = rule_words(&t.stored.rule);
            let (ja, en) = match touch.state {
                TouchState::Queued | TouchState::Claimed => ("予定".to_owned(), "due".to_owned()),
                TouchState::Attempted | TouchState::InDoubt => {
                    ("到達を確認中".to_owned(), "in doubt".to_owned())
                }
                TouchState::Sent => ("送付".to_owned(), "sent".to_owned()),
                TouchState::Failed => (format!("不達({why_ja})"), format!("failed ({why_en})")),
                TouchState::Skipped => (format!("見送り({why_ja})"), format!("skipped ({why_en})")),
            };
            let name = format!("{} {}", t.campaign, t.step);
            let (ja, en) =
                (format!("{} {ja}: {name}", channel.ja()), format!("{} {en}: {name}", channel.en()));
            let at = t.stored.settled.unwrap_or(touch.due);
            let campaign = Some(touch.campaign);
            let whole = Happening { campaign, ..self.at(at, channel.word(), &ja, &en) };
            self.all.push(whole);
        }
        Ok(())
    }

    fn heard(&mut self, heard: Vec<CameBack>, answered: &BTreeSet<i64>) {
        for h in heard {
            let (r, channel) = (&h.response, h.channel);
            // The words themselves are told with their talk.
            if r.kind == ResponseKind::Reply && answered.contains(&r.touch) {
                continue;
            }
            let (program_ja, program_en) = match r.verdict {
                Verdict::Person => (String::new(), String::new()),
                other => (format!("({})", other.ja()), format!(" ({})", other.en())),
            };
            let ja = format!("{} {}{program_ja}", channel.ja(), r.kind.ja());
            let en = format!("{} {}{program_en}", channel.en(), r.kind.en());
            let campaign = Some(h.campaign);
            let whole = Happening { campaign, ..self.at(r.at.div_euclid(1_000), channel.word(), &ja, &en) };
            self.all.push(whole);
        }
    }

    fn call(&mut self, call: &StoredCall) {
        let (ja, en) = (format!("電話 {}", call.result.ja()), format!("call: {}", call.result.en()));
        let kind = if call.result == CallResult::Complaint { "complaint" } else { "phone" };
        let whole = Happening {
            note: call.note.clone(),
            by: call.caller.clone(),
            ..self.at(call.at, kind, &ja, &en)
        };
        self.all.push(whole);
    }

    fn talk(&mut self, talk: &StoredInquiry, words: &[store::InquiryWords]) {
        let complaint = talk.severity != Severity::None;
        let kind = if complaint { "complaint" } else { "inquiry" };
        let (way_ja, way_en) = (talk.way.ja(), talk.way.en());
        let grave = if complaint { format!(" {}", talk.severity.ja()) } else { String::new() };
        for w in words {
            let (ja, en) = match w.by.is_empty() {
                true if complaint => (format!("クレーム{grave}({way_ja})"), format!("complaint ({way_en})")),
                true => (format!("お問い合わせ({way_ja})"), format!("wrote to us ({way_en})")),
                false => ("お答え".to_owned(), "our answer".to_owned()),
            };
            let whole = Happening {
                note: w.said.clone(),
                by: w.by.clone(),
                inquiry: Some(talk.id),
                ..self.at(w.at, kind, &ja, &en)
            };
            self.all.push(whole);
        }
        if let Some((by, at)) = talk.closed.as_ref().filter(|_| complaint) {
            let (ja, en) = ("クレームの対応を終了", "complaint settled");
            let whole =
                Happening { by: by.clone(), inquiry: Some(talk.id), ..self.at(*at, "complaint", ja, en) };
            self.all.push(whole);
        }
    }

    fn activities(&mut self, person: &Person, told: &[(Day, ActivityKind, String)]) {
        // An activity is kept once a day, kind and note: so is what calls told.
        let told: BTreeSet<(Day, ActivityKind, &str)> =
            told.iter().map(|(day, kind, note)| (*day, *kind, note.as_str())).collect();
        for a in &person.activities {
            if told.contains(&(a.day, a.kind, a.note.as_str())) {
                continue;
            }
            let kind = match a.kind {
                ActivityKind::ComplaintOpened | ActivityKind::ComplaintClosed => "complaint",
                ActivityKind::PostReturned => "post",
                ActivityKind::Interest => "inquiry",
                _ => "contact",
            };
            let whole = Happening { note: a.note.clone(), ..self.on(a.day, kind, a.kind.ja(), a.kind.en()) };
            self.all.push(whole);
        }
    }

    fn own_words(&mut self, words: Vec<store::ProfileChange>) {
        for w in words {
            let (ja, en) = match w.confirmed {
                true => (format!("{}を変更なしと確認", w.fact.ja()), format!("{} confirmed", w.fact.en())),
                false => (format!("{}を変更", w.fact.ja()), format!("{} corrected", w.fact.en())),
            };
            let whole = self.at(w.at, "refresh", &ja, &en);
            self.all.push(whole);
        }
    }

    fn permissions(&mut self, person: &Person) {
        for c in &person.consents {
            let (channel_ja, channel_en) = (c.channel.ja(), c.channel.en());
            let (ja, en) = match c.given {
                true => (format!("{channel_ja}の同意({})", c.basis.ja()), format!("agreed to {channel_en}")),
                false => (format!("{channel_ja}の同意なし"), format!("did not agree to {channel_en}")),
            };
            let whole = Happening { note: c.evidence.clone(), ..self.on(c.day, "consent", &ja, &en) };
            self.all.push(whole);
        }
        for s in &person.suppressions {
            let what = s.channel.map_or(("すべての連絡", "every channel"), |c| (c.ja(), c.en()));
            let ja = format!("停止: {}({})", s.reason.ja(), what.0);
            let en = format!("stopped: {} ({})", s.reason.en(), what.1);
            let told = match s.on {
                Some(day) => self.on(day, "consent", &ja, &en),
                None => self.at(s.at, "consent", &ja, &en),
            };
            self.all.push(Happening { note: s.note.clone(), by: s.by.clone(), ..told });
            if let Some((by, why, at)) = &s.lifted {
                let ja = format!("停止の解除: {}({})", s.reason.ja(), what.0);
                let en = format!("stop lifted: {} ({})", s.reason.en(), what.1);
                let lifted = self.at(*at, "consent", &ja, &en);
                self.all.push(Happening { note: why.clone(), by: by.clone(), ..lifted });
            }
        }
    }

    fn subscriptions(&mut self, person: &Person) {
        for sub in &person.subscriptions {
            let ends = (sub.ended, sub.status.ja(), sub.status.en());
            for (day, ja, en) in [(sub.started, "開始", "started"), ends] {
                let Some(day) = day else { continue };
                let ja = format!("定期「{}」{ja}", sub.product);
                let en = format!("subscription \"{}\" {en}", sub.product);
                let whole = self.on(day, "subscription", &ja, &en);
                self.all.push(whole);
            }
        }
    }
}

fn happening(day: Day, at: i64, kind: &'static str, ja: &str, en: &str) -> Happening {
    Happening {
        kind,
        day,
        at,
        timed: true,
        ja: ja.to_owned(),
        en: en.to_owned(),
        note: String::new(),
        by: String::new(),
        campaign: None,
        inquiry: None,
        note_id: None,
        order: None,
    }
}

/// One line per channel by which anything passed.
fn engagement(sums: &EngagementSums) -> Vec<Engagement> {
    let mut all: BTreeMap<Channel, Engagement> = BTreeMap::new();
    let nothing =
        |channel| Engagement { channel, sent: 0, opened: 0, clicked: 0, answered: 0, left: 0, bounced: 0 };
    for (channel, n) in sums.left.iter().filter(|(channel, _)| *channel != Channel::Phone) {
        all.entry(*channel).or_insert_with(|| nothing(*channel)).sent += n;
    }
    for (channel, kind, n) in &sums.heard {
        let of = all.entry(*channel).or_insert_with(|| nothing(*channel));
        match kind {
            ResponseKind::Open => of.opened += n,
            ResponseKind::Click => of.clicked += n,
            ResponseKind::Reply => of.answered += n,
            ResponseKind::OptOut | ResponseKind::Complaint => of.left += n,
            ResponseKind::HardBounce | ResponseKind::SoftBounce => of.bounced += n,
            ResponseKind::Delivered
            | ResponseKind::Preference
            | ResponseKind::Redeemed
            | ResponseKind::Ordered => {}
        }
    }
    for (result, n) in &sums.calls {
        let of = all.entry(Channel::Phone).or_insert_with(|| nothing(Channel::Phone));
        of.sent += n;
        match result {
            CallResult::Absent | CallResult::Family => {}
            CallResult::DeadNumber | CallResult::WrongPerson => of.bounced += n,
            CallResult::Refused => {
                of.answered += n;
                of.left += n;
            }
            _ => of.answered += n,
        }
    }
    all.into_values().collect()
}
