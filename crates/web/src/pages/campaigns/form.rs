//! A campaign as the fields of a form, and back; steps and variants added, moved and taken out.

use app::campaign_to_toml;
use model::{
    Campaign, Change, Channel, Codes, Day, Happened, Money, Offer, OfferKind, Step, StepKind, TimeOfDay,
    Variant,
};
use std::collections::BTreeMap;
use std::str::FromStr;

/// Names and values of the fields, as a browser sends them.
#[derive(Clone, Default, Debug)]
pub struct Form(BTreeMap<String, String>);

/// A field that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    pub field: String,
    pub ja: &'static str,
    pub en: &'static str,
}

impl Form {
    /// As sent; lines end as they do everywhere else.
    pub fn sent(pairs: Vec<(String, String)>) -> Form {
        Form(pairs.into_iter().map(|(name, value)| (name, value.replace("\r\n", "\n"))).collect())
    }

    /// A field as it stands; empty when missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// How many rows of a kind there are: `steps`, `variants`, `variants-0-changes`.
    pub fn rows(&self, kind: &str) -> usize {
        let first = if kind.ends_with("changes") { "step" } else { "name" };
        (0..).take_while(|n| self.has(&format!("{kind}-{n}-{first}"))).count()
    }

    /// The fields of a document.
    pub fn of(c: &Campaign) -> Form {
        let mut form = Form::default();
        let mut put = |name: &str, value: String| {
            form.0.insert(name.to_owned(), value);
        };
        for (name, value) in [
            ("name", &c.name),
            ("owner", &c.owner),
            ("no_holdout_because", &c.no_holdout_because),
            ("predecessor", &c.predecessor),
            ("changed", &c.changed),
            ("goal-hypothesis", &c.goal.hypothesis),
            ("whom-segment", &c.whom.segment),
            ("whom-condition", &c.whom.condition),
            ("whom-reached_by", &c.whom.reached_by),
        ] {
            put(name, value.clone());
        }
        for (name, on) in [
            ("whom-paying", c.whom.paying),
            ("whom-spare_reasons", c.whom.spare_reasons),
            ("tracking-clicks", c.tracking.clicks),
            ("tracking-opens", c.tracking.opens),
        ] {
            if on {
                put(name, "on".to_owned());
            }
        }
        for (name, share) in [
            ("holdout", c.holdout),
            ("stop-bounces", c.stop.bounces),
            ("stop-complaints", c.stop.complaints),
            ("stop-opt_outs", c.stop.opt_outs),
        ] {
            put(name, percent(share));
        }
        let proof = |e: &model::Evidence| format!("{} {}", e.rule, e.name);
        put("evidence", c.evidence.iter().map(proof).collect::<Vec<_>>().join("\n"));
        if let Some(enter) = &c.enter {
            put("enter-when", enter.when.word().to_owned());
            put("enter-days", enter.days.to_string());
            put("enter-until", text(enter.until));
        }
        if let Some(newsletter) = &c.newsletter {
            put("newsletter", "on".to_owned());
            put("newsletter-monthly_after", newsletter.monthly_after.to_string());
            put("newsletter-rest_after", newsletter.rest_after.to_string());
        }
        if let Some(greeting) = c.greeting {
            put("greeting", greeting.word().to_owned());
        }
        if let Some(occasion) = &c.occasion {
            put("occasion", "on".to_owned());
            put("occasion-name", occasion.name.clone());
            put("occasion-day", text(occasion.day));
            put("occasion-begins", text(occasion.begins));
            put("occasion-place", occasion.place.clone());
            put("occasion-reply_until", text(occasion.reply_until));
        }
        put("whom-season", c.whom.season.clone());
        if c.whom.mourning {
            put("whom-mourning", "on".to_owned());
        }
        put("window", c.window.to_string());
        put("late_hours", c.late_hours.to_string());
        put("stop-after", c.stop.after.to_string());
        put("start", text(c.start));
        put("budget", text(c.budget));
        put("goal-profit", text(c.goal.profit));
        put("goal-reactivations", text(c.goal.reactivations));
        put("whom-top", text(c.whom.top));
        for reason in &c.whom.left_for {
            put(&format!("{LEFT_FOR}{reason}"), "on".to_owned());
        }
        if let Some(offer) = &c.offer {
            put("offer-kind", offer.kind.word().to_owned());
            put("offer-amount", number(offer.amount));
            put("offer-name", offer.name.clone());
            put("offer-ends", text(offer.ends));
            put("offer-codes", offer.codes.word().to_owned());
            put("offer-code", offer.code.clone());
            put("offer-order_value", text(offer.order_value));
        }
        for (n, step) in c.steps.iter().enumerate() {
            form.put_step(&format!("steps-{n}"), step);
        }
        for (n, variant) in c.variants.iter().enumerate() {
            form.put_variant(&format!("variants-{n}"), variant);
        }
        form
    }

    fn put(&mut self, row: &str, name: &str, value: String) {
        self.0.insert(format!("{row}-{name}"), value);
    }

    fn put_step(&mut self, row: &str, step: &Step) {
        self.put(row, "name", step.name.clone());
        self.put(row, "kind", step.kind.word().to_owned());
        self.put(row, "after_days", step.after_days.to_string());
        self.put(row, "after", text(step.after));
        self.put(row, "code", step.code.clone());
        self.put(row, "at", text(step.at));
        if step.own_hour {
            self.put(row, "own_hour", "on".to_owned());
        }
        self.put(row, "channel", step.channel.map_or(String::new(), |c| c.word().to_owned()));
        for happened in &step.unless {
            self.put(row, &format!("unless-{}", happened.word()), "on".to_owned());
        }
        let others: Vec<&str> = step.else_channels.iter().map(|channel| channel.word()).collect();
        self.put(row, "else_channels", others.join(" "));
        for channel in &step.without {
            self.put(row, &format!("without-{}", channel.word()), "on".to_owned());
        }
        self.put(row, "only", step.only.clone());
        let words = &step.words;
        for (name, value) in [
            ("subject", &words.subject),
            ("preheader", &words.preheader),
            ("body", &words.body),
            ("mjml", &words.mjml),
        ] {
            self.put(row, name, value.clone());
        }
    }

    fn put_variant(&mut self, row: &str, variant: &Variant) {
        self.put(row, "name", variant.name.clone());
        self.put(row, "share", percent(variant.share));
        self.put(row, "order", variant.order.join("、"));
        for (n, change) in variant.changes.iter().enumerate() {
            let row = format!("{row}-changes-{n}");
            self.put(&row, "step", change.step.clone());
            self.put(&row, "at", text(change.at));
            self.put(&row, "channel", change.channel.map_or(String::new(), |c| c.word().to_owned()));
            for (name, value) in [
                ("subject", &change.subject),
                ("preheader", &change.preheader),
                ("body", &change.body),
                ("code", &change.code),
            ] {
                self.put(&row, name, value.clone().unwrap_or_default());
            }
        }
    }

    /// The document of these fields over the one they were made from, which keeps what no field shows;
    /// and every field that cannot be read.
    pub fn read(&self, base: &Campaign) -> (Campaign, Vec<Wrong>) {
        let mut reader = Reader { form: self, wrong: vec![] };
        let mut c = base.clone();
        reader.head(&mut c);
        c.offer = reader.offer(base.offer.as_ref());
        c.steps = (0..self.rows("steps")).map(|n| reader.step(&format!("steps-{n}"))).collect();
        let old = |n: usize| base.variants.get(n).map_or(0.0, |v| v.share);
        c.variants =
            (0..self.rows("variants")).map(|n| reader.variant(&format!("variants-{n}"), old(n))).collect();
        (c, reader.wrong)
    }
}

struct Reader<'a> {
    form: &'a Form,
    wrong: Vec<Wrong>,
}

impl Reader<'_> {
    fn word(&self, name: &str) -> String {
        self.form.get(name).trim().to_owned()
    }

    fn refuse(&mut self, field: &str, ja: &'static str, en: &'static str) {
        self.wrong.push(Wrong { field: field.to_owned(), ja, en });
    }

    fn head(&mut self, c: &mut Campaign) {
        c.name = self.word("name");
        c.owner = self.word("owner");
        c.no_holdout_because = self.word("no_holdout_because");
        c.predecessor = self.word("predecessor");
        c.changed = self.word("changed");
        c.goal.hypothesis = self.word("goal-hypothesis");
        c.evidence = self.evidence();
        c.enter = self.enter();
        c.whom.segment = self.word("whom-segment");
        c.whom.condition = self.word("whom-condition");
        c.whom.reached_by = self.word("whom-reached_by");
        c.whom.paying = self.form.has("whom-paying");
        c.whom.season = self.word("whom-season");
        c.whom.mourning = self.form.has("whom-mourning");
        c.greeting = model::Greeting::from_word(&self.word("greeting"));
        c.newsletter = self.newsletter();
        c.occasion = self.occasion();
        c.whom.spare_reasons = self.form.has("whom-spare_reasons");
        self.reasons(&mut c.whom.left_for);
        c.tracking.clicks = self.form.has("tracking-clicks");
        c.tracking.opens = self.form.has("tracking-opens");
        c.holdout = self.percent("holdout", c.holdout);
        c.stop.bounces = self.percent("stop-bounces", c.stop.bounces);
        c.stop.complaints = self.percent("stop-complaints", c.stop.complaints);
        c.stop.opt_outs = self.percent("stop-opt_outs", c.stop.opt_outs);
        c.stop.after = self.number("stop-after").unwrap_or(c.stop.after);
        c.window = self.number("window").unwrap_or(c.window);
        c.late_hours = self.number("late_hours").unwrap_or(c.late_hours);
        c.start = self.day("start");
        c.budget = self.money("budget");
        c.goal.profit = self.money("goal-profit");
        c.goal.reactivations = self.number("goal-reactivations");
        c.whom.top = self.number("whom-top");
    }

    /// The reasons it is for, those that stay in their order.
    fn reasons(&self, chosen: &mut Vec<String>) {
        let marked: Vec<&str> = self.form.0.keys().filter_map(|name| name.strip_prefix(LEFT_FOR)).collect();
        chosen.retain(|reason| marked.contains(&reason.as_str()));
        for reason in marked {
            if !chosen.iter().any(|known| known == reason) {
                chosen.push(reason.to_owned());
            }
        }
    }

    fn newsletter(&mut self) -> Option<model::Newsletter> {
        let base = model::Newsletter::default();
        self.form.has("newsletter").then(|| model::Newsletter {
            monthly_after: self.number("newsletter-monthly_after").unwrap_or(base.monthly_after),
            rest_after: self.number("newsletter-rest_after").unwrap_or(base.rest_after),
        })
    }

    fn occasion(&mut self) -> Option<model::Occasion> {
        self.form.has("occasion").then(|| model::Occasion {
            name: self.word("occasion-name"),
            day: self.day("occasion-day"),
            begins: self.time("occasion-begins"),
            place: self.word("occasion-place"),
            reply_until: self.day("occasion-reply_until"),
        })
    }

    /// What lets customers in; nothing chosen: all at once.
    fn enter(&mut self) -> Option<model::Enter> {
        let when = model::Trigger::from_word(&self.word("enter-when"))?;
        Some(model::Enter {
            when,
            days: self.number("enter-days").unwrap_or(0),
            until: self.day("enter-until"),
        })
    }

    /// One document a line: the rule it answers, and its name.
    fn evidence(&mut self) -> Vec<model::Evidence> {
        let text = self.word("evidence");
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let read = |line: &str| {
            let (rule, name) = line.split_once([' ', '　', ':'])?;
            let name = name.trim().to_owned();
            (rule.starts_with("L-") && !name.is_empty())
                .then(|| model::Evidence { rule: rule.to_owned(), name })
        };
        let read: Vec<Option<model::Evidence>> = lines.into_iter().map(read).collect();
        if read.contains(&None) {
            self.refuse(
                "evidence",
                "「L-27 資料の名前」のように、ルールの番号と資料の名前を一行ずつ入れてください",
                "one line each: the rule's number and the document, such as `L-27 survey of 2026`",
            );
        }
        read.into_iter().flatten().collect()
    }

    fn offer(&mut self, base: Option<&Offer>) -> Option<Offer> {
        let kind = OfferKind::from_word(&self.word("offer-kind"))?;
        let base = base.cloned().unwrap_or_default();
        Some(Offer {
            kind,
            amount: self.number("offer-amount").unwrap_or(0.0),
            name: self.word("offer-name"),
            ends: self.day("offer-ends"),
            codes: Codes::from_word(&self.word("offer-codes")).unwrap_or(base.codes),
            code: self.word("offer-code"),
            order_value: self.money("offer-order_value"),
            ..base
        })
    }

    fn step(&mut self, row: &str) -> Step {
        let field = |name: &str| format!("{row}-{name}");
        let form = self.form;
        let happened = |h: &Happened| form.has(&field(&format!("unless-{}", h.word())));
        let unless = Happened::ALL.iter().copied().filter(happened).collect();
        let reached = |c: &Channel| form.has(&field(&format!("without-{}", c.word())));
        let without = Channel::ALL.iter().copied().filter(reached);
        Step {
            name: self.word(&field("name")),
            kind: StepKind::from_word(&self.word(&field("kind"))).unwrap_or(StepKind::News),
            after_days: self.number(&field("after_days")).unwrap_or(0),
            after: self.after(&field("after")),
            at: self.time(&field("at")),
            own_hour: form.has(&field("own_hour")),
            channel: Channel::from_word(&self.word(&field("channel"))),
            else_channels: self.channels(&field("else_channels")),
            unless,
            only: self.word(&field("only")),
            without: without.collect(),
            code: self.word(&field("code")),
            words: model::Words {
                subject: self.word(&field("subject")),
                preheader: self.word(&field("preheader")),
                body: self.form.get(&field("body")).to_owned(),
                mjml: self.form.get(&field("mjml")).to_owned(),
            },
        }
    }

    /// Channels by their words, apart by spaces or commas, in their order.
    fn channels(&mut self, field: &str) -> Vec<model::Channel> {
        let words = self.word(field);
        let words = words.split([' ', ',', '、', '\u{3000}']).filter(|word| !word.is_empty());
        let known = |word: &str| Channel::ALL.iter().copied().find(|c| c.word() == word || c.ja() == word);
        words.filter_map(known).collect()
    }

    fn variant(&mut self, row: &str, share: f64) -> Variant {
        let many = self.form.rows(&format!("{row}-changes"));
        let changes = (0..many).map(|n| self.change(&format!("{row}-changes-{n}"))).collect();
        Variant {
            name: self.word(&format!("{row}-name")),
            share: self.percent(&format!("{row}-share"), share),
            order: self
                .word(&format!("{row}-order"))
                .split(['、', ',', '→'])
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect(),
            changes,
        }
    }

    fn change(&mut self, row: &str) -> Change {
        let said = |name: &str| {
            Some(self.form.get(&format!("{row}-{name}")).to_owned()).filter(|t| !t.trim().is_empty())
        };
        let (subject, preheader, body) = (said("subject"), said("preheader"), said("body"));
        let code = said("code").map(|code| code.trim().to_owned());
        Change {
            step: self.word(&format!("{row}-step")),
            channel: Channel::from_word(&self.word(&format!("{row}-channel"))),
            at: self.time(&format!("{row}-at")),
            subject,
            preheader,
            body,
            code,
        }
    }

    /// Business days or months, as the document writes them or as people do: 3営業日, 1か月.
    fn after(&mut self, name: &str) -> Option<model::After> {
        let typed = self.word(name);
        if typed.is_empty() {
            return None;
        }
        let plain = typed.replace("営業日", " business days");
        let plain =
            ["か月", "ヶ月", "カ月", "ヵ月"].iter().fold(plain, |text, unit| text.replace(unit, " months"));
        let read = plain.trim_end_matches('後').parse().ok();
        if read.is_none() {
            self.refuse(
                name,
                "「3営業日」「1か月」のように入れてください",
                "write 3 business days, or 1 month",
            );
        }
        read
    }

    /// A number, `None` where the field is empty or wrong.
    fn number<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let plain: String =
            self.word(name).chars().filter(|c| !matches!(c, ',' | '人' | '円' | '日' | '%' | ' ')).collect();
        if plain.is_empty() {
            return None;
        }
        let read = plain.parse().ok();
        if read.is_none() {
            self.refuse(name, "数字で入れてください", "write a number");
        }
        read
    }

    /// A share typed in percent. One that was not touched stays as exact as it was.
    fn percent(&mut self, name: &str, before: f64) -> f64 {
        if self.word(name) == percent(before) {
            return before;
        }
        match self.number::<f64>(name) {
            Some(n) if (0.0..=100.0).contains(&n) => n / 100.0,
            Some(_) => {
                self.refuse(name, "0〜100の%で入れてください", "write a percentage from 0 to 100");
                before
            }
            None => 0.0,
        }
    }

    fn money(&mut self, name: &str) -> Option<Money> {
        let units: f64 = self.number(name)?;
        if !units.is_finite() || units.abs() > 1e13 {
            self.refuse(name, "金額を確かめてください", "check the amount");
            return None;
        }
        Some(Money((units * 100.0).round() as i64))
    }

    fn day(&mut self, name: &str) -> Option<Day> {
        let typed = self.word(name).replace('/', "-");
        let day = (!typed.is_empty()).then(|| typed.parse().ok());
        if day == Some(None) {
            self.refuse(name, "日付を 2026-11-30 のように入れてください", "write a day as 2026-11-30");
        }
        day.flatten()
    }

    fn time(&mut self, name: &str) -> Option<TimeOfDay> {
        let typed = self.word(name);
        let time = (!typed.is_empty()).then(|| typed.parse().ok());
        if time == Some(None) {
            self.refuse(name, "時刻を 10:00 のように入れてください", "write an hour as 10:00");
        }
        time.flatten()
    }
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or(String::new(), |v| v.to_string())
}

/// Without a fraction where there is none.
fn number(n: f64) -> String {
    let text = format!("{n:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn percent(share: f64) -> String {
    number(share * 100.0)
}

/// What a button of the form asks for, besides keeping the rest.
pub fn act(campaign: &mut Campaign, what: &str) -> String {
    let (verb, place) = what.split_once(' ').unwrap_or((what, ""));
    let places: Vec<usize> = place.split('.').filter_map(|n| n.parse().ok()).collect();
    let (first, second) = (places.first().copied().unwrap_or(0), places.get(1).copied().unwrap_or(0));
    let steps = campaign.steps.len();
    match verb {
        "add_step" => {
            campaign.steps.push(next_step(campaign));
            format!("steps-{steps}")
        }
        "drop_step" if first < steps => {
            campaign.steps.remove(first);
            "steps".to_owned()
        }
        "step_up" if first > 0 && first < steps => {
            campaign.steps.swap(first, first - 1);
            format!("steps-{}", first - 1)
        }
        "step_down" if first + 1 < steps => {
            campaign.steps.swap(first, first + 1);
            format!("steps-{}", first + 1)
        }
        "add_variant" => {
            add_variant(campaign);
            format!("variants-{}", campaign.variants.len() - 1)
        }
        "drop_variant" if first < campaign.variants.len() => {
            campaign.variants.remove(first);
            "variants".to_owned()
        }
        "add_change" if first < campaign.variants.len() => {
            let step = campaign.steps.first().map(|s| s.name.clone()).unwrap_or_default();
            campaign.variants[first].changes.push(Change { step, ..Change::default() });
            format!("variants-{first}")
        }
        "drop_change" if campaign.variants.get(first).is_some_and(|v| second < v.changes.len()) => {
            campaign.variants[first].changes.remove(second);
            format!("variants-{first}")
        }
        _ => String::new(),
    }
}

/// A week after the last one, at its hour.
fn next_step(campaign: &Campaign) -> Step {
    let last = campaign.steps.last();
    let ten = TimeOfDay::new(10, 0);
    let names = |n: usize| format!("ステップ{n}");
    let free = |n: &usize| campaign.steps.iter().all(|s| s.name != names(*n));
    let number = (campaign.steps.len() + 1..).find(free).unwrap_or_default();
    Step {
        name: names(number),
        after_days: last.map_or(0, |s| s.after_days.saturating_add(7)),
        at: last.map_or(ten, |s| s.at.or(ten)),
        ..Step::default()
    }
}

/// The first is the letters as they stand, so that the second has something to be compared with.
fn add_variant(campaign: &mut Campaign) {
    let missing = if campaign.variants.is_empty() { 2 } else { 1 };
    for _ in 0..missing {
        let name = match campaign.variants.len() {
            0 => "もとの形".to_owned(),
            n => format!("案{n}"),
        };
        campaign.variants.push(Variant { name, ..Variant::default() });
    }
    let share = 1.0 / campaign.variants.len() as f64;
    campaign.variants.iter_mut().for_each(|v| v.share = share);
    let step = campaign.steps.first().map(|s| s.name.clone()).unwrap_or_default();
    if let Some(last) = campaign.variants.last_mut() {
        last.changes.push(Change { step, ..Change::default() });
    }
}

/// The document as text; what cannot be written is no document of ours.
pub fn document(campaign: &Campaign) -> String {
    campaign_to_toml(campaign).unwrap_or_else(|why| format!("# {why:#}"))
}

/// What the boxes of reasons are called, before the reason's word.
pub const LEFT_FOR: &str = "whom-left_for-";

#[cfg(test)]
mod tests;
