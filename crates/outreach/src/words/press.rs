//! A press: one step's words compiled, and the letters printed from it.

use super::brief::{self, Brief};
use super::links::{Targets, clickable};
use super::marks::{Marks, apart};
use super::values::{Common, number, one_line, value};
use super::{Fields, WordsError, fields, frame, markup};
use crate::{ChatButton, ChatWords};
use minijinja::value::{Object, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use model::{Channel, Day, Offer, ShopProfile, Words};
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Largest part of words as written, and of a letter as printed, bytes. Mail programs cut earlier.
const LARGEST_WORDS: usize = 200_000;
const LARGEST_LETTER: u64 = 500_000;
/// Steps of the template machine; an ordinary letter needs some hundred.
const FUEL: u64 = 20_000;
const DEPTH: usize = 50;

/// The four parts of a letter, as the errors name them.
pub(super) const SUBJECT: &str = "subject";
const PREHEADER: &str = "preheader";
pub(super) const BODY: &str = "body";
const MJML: &str = "MJML";

/// Placeholders that only the frame fills.
const SYSTEM: [&str; 7] = ["links", "unsubscribe", "preferences", "pixel", "trap", "sender", "address"];

/// What one letter's links are.
#[derive(Default)]
pub struct Links<'a> {
    /// The address that counts a click on link number n and leads on; `None`: links stay as written.
    pub click: Option<&'a dyn Fn(usize) -> String>,
    /// A picture of one point that says it was opened.
    pub pixel: Option<String>,
    /// A link that no person sees: who follows it is a program.
    pub trap: Option<String>,
    /// Where one stops these mails (L-07).
    pub unsubscribe: String,
    /// Where one chooses what to get.
    pub preferences: Option<String>,
    /// Where one confirms or corrects what the shop knows of them.
    pub refresh: Option<String>,
    /// The form by which one asks or tells us something.
    pub inquiry: Option<String>,
    /// Where one answers an invitation.
    pub rsvp: Option<String>,
    /// The survey.
    pub survey: Option<String>,
}

/// One customer's letter; of an SMS or a LINE message `text` is the whole of it.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// One line; empty where there is none. It is in `html` already.
    pub preheader: String,
    pub html: String,
    pub text: String,
    /// Of a LINE message.
    pub button: Option<ChatButton>,
}

impl Letter {
    /// As LINE takes it.
    pub fn chat(&self) -> ChatWords {
        ChatWords { text: self.text.clone(), button: self.button.clone() }
    }
}

/// One step's words, compiled. Shared by threads.
pub struct Press {
    env: Environment<'static>,
    common: Arc<Common>,
    targets: Vec<String>,
    has_preheader: bool,
    /// `None`: a mail.
    brief: Option<Brief>,
}

impl Press {
    /// Compiles one step's words for a channel.
    pub fn of(
        channel: Channel,
        words: &Words,
        shop: &ShopProfile,
        offer: Option<&Offer>,
        owner: &str,
    ) -> Result<Press, WordsError> {
        match channel {
            Channel::Sms | Channel::Line => Press::brief(channel, words, shop, offer, owner),
            _ => Press::new(words, shop, offer, owner),
        }
    }

    /// An SMS or a LINE message: its body alone, as plain text; of LINE a link alone on its line is the button.
    fn brief(
        channel: Channel,
        words: &Words,
        shop: &ShopProfile,
        offer: Option<&Offer>,
        owner: &str,
    ) -> Result<Press, WordsError> {
        if words.body.len() > LARGEST_WORDS {
            return Err(WordsError::TooLarge { part: BODY });
        }
        let mut marks = Marks::default();
        let mut targets = Targets { site: &shop.site, found: vec![] };
        let (brief, parts) = brief::compile(channel, &words.body, &mut targets, &mut marks)?;
        let mut env = environment();
        for (name, text) in parts {
            let text = marks.put_back(&apart(&text), str::to_owned);
            env.add_template_owned(name, text).map_err(|e| malformed(BODY, &e))?;
            known_fields(&env, BODY, name)?;
        }
        let common = Common { shop: shop.clone(), offer: offer.cloned(), owner: owner.to_owned() };
        Ok(Press {
            env,
            common: Arc::new(common),
            targets: targets.found,
            has_preheader: false,
            brief: Some(brief),
        })
    }

    /// Compiles one step's words in the shop's frame, or in their own. Nothing is loaded from
    /// anywhere; unknown fields, links that lead nowhere, and a shop profile without what the law
    /// wants are errors here, before anybody is written to.
    pub fn new(
        words: &Words,
        shop: &ShopProfile,
        offer: Option<&Offer>,
        owner: &str,
    ) -> Result<Press, WordsError> {
        allowed(words, shop)?;
        let mut marks = Marks::default();
        let mut targets = Targets { site: &shop.site, found: vec![] };
        let subject = one_line(&marks.take(SUBJECT, &words.subject)?);
        let preheader = one_line(&marks.take(PREHEADER, &words.preheader)?);
        let body = marks.take(BODY, &words.body)?;
        let blocks = markup::blocks(&body, &marks);
        let mjml = match words.mjml.is_empty() {
            true => frame::own_frame(&blocks, &mut marks),
            false => super::mjml::own(&words.mjml, &mut marks)?,
        };
        let mjml = frame::with_foot(&mjml, &preheader, &mut marks)?;
        let html = super::mjml::html(&mjml, &mut targets, &mut marks)?;
        let text = frame::text(&blocks, &mut targets, &mut marks)?;

        let html_part = if words.mjml.is_empty() { BODY } else { MJML };
        let parts = [
            (SUBJECT, "subject", subject.as_str()),
            (PREHEADER, "preheader", &preheader),
            (html_part, "html", &html),
            (BODY, "text", &text),
        ];
        let env = compiled(&parts, &marks)?;
        let common = Common { shop: shop.clone(), offer: offer.cloned(), owner: owner.to_owned() };
        let has_preheader = !preheader.is_empty();
        Ok(Press { env, common: Arc::new(common), targets: targets.found, has_preheader, brief: None })
    }

    /// The real targets of the links, by number.
    pub fn links(&self) -> &[String] {
        &self.targets
    }

    /// One customer's letter. An error where a field printed has no value and no fallback.
    pub fn print(&self, fields: &Fields, links: &Links<'_>) -> Result<Letter, WordsError> {
        self.letter(fields, links, BTreeSet::new())
    }

    /// The fields that lack a fallback: what stops the letter to a customer of whom nothing is
    /// known. Empty: everybody can get it. Sorted.
    pub fn gaps(&self, today: Day) -> Result<Vec<String>, WordsError> {
        let nobody = Fields::unknown(today);
        let link = "https://shop.example.jp/".to_owned();
        let links = Links {
            unsubscribe: link.clone(),
            refresh: Some(link.clone()),
            rsvp: Some(link.clone()),
            inquiry: Some(link.clone()),
            survey: Some(link),
            ..Links::default()
        };
        gaps(|filled| self.letter(&nobody, &links, filled).map(drop))
    }

    fn letter(
        &self,
        fields: &Fields,
        links: &Links<'_>,
        filled: BTreeSet<String>,
    ) -> Result<Letter, WordsError> {
        let target = |(number, target): (usize, &String)| match links.click {
            Some(click) if clickable(target) => Value::from(click(number)),
            _ => Value::from(target.as_str()),
        };
        let maybe = |link: &Option<String>| Value::from(link.as_deref().unwrap_or(""));
        let all: Vec<Value> = self.targets.iter().enumerate().map(target).collect();
        let brief = self.brief.as_ref();
        let scope = Arc::new(Scope {
            fields: fields.clone(),
            common: Arc::clone(&self.common),
            link: brief.and_then(|brief| all.get(brief.link?).cloned()),
            stop: brief.map(|_| Value::from(brief::stop(&links.unsubscribe))),
            refresh: links.refresh.as_deref().map(Value::from),
            inquiry: links.inquiry.as_deref().map(Value::from),
            rsvp: links.rsvp.as_deref().map(Value::from),
            survey: links.survey.as_deref().map(Value::from),
            links: all.into(),
            unsubscribe: Value::from(links.unsubscribe.as_str()),
            preferences: maybe(&links.preferences),
            pixel: maybe(&links.pixel),
            trap: maybe(&links.trap),
            filled,
            blank: AtomicUsize::new(usize::MAX),
        });
        if let Some(brief) = brief {
            return self.brief_letter(brief, &scope);
        }
        let preheader = match self.has_preheader {
            true => one_line(&self.part("preheader", PREHEADER, &scope)?),
            false => String::new(),
        };
        Ok(Letter {
            subject: one_line(&self.part("subject", SUBJECT, &scope)?),
            preheader,
            html: self.part("html", BODY, &scope)?,
            text: settled(&self.part("text", BODY, &scope)?),
            button: None,
        })
    }

    fn brief_letter(&self, brief: &Brief, scope: &Arc<Scope>) -> Result<Letter, WordsError> {
        let text = settled(&self.part("text", BODY, scope)?).trim_end().to_owned();
        let button = match brief.button {
            true => Some(ChatButton {
                text: one_line(&self.common.shop.name),
                label: one_line(&self.part("label", BODY, scope)?),
                url: self.part("url", BODY, scope)?,
            }),
            false => None,
        };
        let letter = Letter { text, button, ..Letter::default() };
        if brief.channel == Channel::Line {
            let fits = letter.chat().check();
            fits.map_err(|why| WordsError::Malformed { part: "LINE", why: why.to_string() })?;
        }
        Ok(letter)
    }

    fn part(&self, name: &str, part: &'static str, scope: &Arc<Scope>) -> Result<String, WordsError> {
        rendered(&self.env, name, part, scope)
    }
}

/// Templates by name, each of the part that errors name; their fields must exist.
pub(super) fn compiled(
    parts: &[(&'static str, &'static str, &str)],
    marks: &Marks,
) -> Result<Environment<'static>, WordsError> {
    let mut env = environment();
    for (part, name, text) in parts {
        let text = marks.put_back(&apart(text), str::to_owned);
        env.add_template_owned(*name, text).map_err(|e| malformed(part, &e))?;
        known_fields(&env, part, name)?;
    }
    Ok(env)
}

/// One template filled in.
pub(super) fn rendered(
    env: &Environment<'_>,
    name: &str,
    part: &'static str,
    scope: &Arc<Scope>,
) -> Result<String, WordsError> {
    let template = env.get_template(name).map_err(|e| malformed(part, &e))?;
    let mut out = Capped(Vec::with_capacity(2 * template.source().len()));
    let printed = template.render_captured_to(Value::from_dyn_object(Arc::clone(scope)), &mut out);
    match printed.err() {
        None => String::from_utf8(out.0)
            .map_err(|e| WordsError::Malformed { part, why: e.utf8_error().to_string() }),
        Some(e) => Err(match e.kind() {
            ErrorKind::UndefinedError => WordsError::Missing { field: scope.missing().to_owned() },
            ErrorKind::OutOfFuel | ErrorKind::WriteFailure => WordsError::TooLarge { part },
            _ => malformed(part, &e),
        }),
    }
}

/// The fields without which nothing can be printed, where `print` is told which have some value. Sorted.
pub(super) fn gaps(
    print: impl Fn(BTreeSet<String>) -> Result<(), WordsError>,
) -> Result<Vec<String>, WordsError> {
    let mut gaps = BTreeSet::new();
    loop {
        match print(gaps.clone()) {
            Err(WordsError::Missing { field }) if fields::exists(&field) && gaps.insert(field.clone()) => {}
            other => {
                other?;
                break;
            }
        }
    }
    // Where two fields stand in one expression, the wrong one may have been named first.
    let needed = |gap: &String| {
        let others = gaps.iter().filter(|g| *g != gap).cloned().collect();
        print(others).is_err()
    };
    Ok(gaps.iter().filter(|gap| needed(gap)).cloned().collect())
}

/// Text without the empty lines that blocks left out leave behind: one between two paragraphs.
fn settled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.trim_start().lines() {
        if !(line.is_empty() && out.ends_with("\n\n")) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Words short enough to work with, and a shop that says who it is.
pub(super) fn allowed(words: &Words, shop: &ShopProfile) -> Result<(), WordsError> {
    profile(shop)?;
    let parts =
        [(SUBJECT, &words.subject), (PREHEADER, &words.preheader), (BODY, &words.body), (MJML, &words.mjml)];
    match parts.into_iter().find(|(_, text)| text.len() > LARGEST_WORDS) {
        Some((part, _)) => Err(WordsError::TooLarge { part }),
        None => Ok(()),
    }
}

/// What the law wants of the sender (L-06, L-08).
fn profile(shop: &ShopProfile) -> Result<(), WordsError> {
    for (value, ja, en) in [
        (shop.sender(), "店舗名", "name"),
        (&shop.name, "店舗名", "name"),
        (&shop.address, "住所", "address"),
        (&shop.contact, "お問い合わせ先", "contact"),
    ] {
        if value.trim().is_empty() {
            return Err(WordsError::Profile { ja, en });
        }
    }
    Ok(())
}

/// A template machine that knows two filters, prints only what has a value, and stops.
fn environment() -> Environment<'static> {
    let mut env = Environment::empty();
    env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    env.set_auto_escape_callback(|name| match name {
        "html" => AutoEscape::Html,
        _ => AutoEscape::None,
    });
    env.set_fuel(Some(FUEL));
    env.set_recursion_limit(DEPTH);
    env.set_formatter(print_value);
    env.add_filter("or", |value: Value, other: Value| if blank(&value) { other } else { value });
    env.add_filter("url", |value: Value| match blank(&value) {
        true => Err(Error::from(ErrorKind::UndefinedError)),
        false => Ok(encoded(&value.to_string())),
    });
    env
}

fn blank(value: &Value) -> bool {
    value.is_undefined() || value.is_none() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn print_value(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if blank(value) {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    match i128::try_from(value.clone()) {
        Ok(n) if value.is_integer() => out.write_str(&number(n)).map_err(Error::from),
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// A value as a part of an address: everything but letters, digits and `-._~` encoded (RFC 3986, 2.3).
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn known_fields(env: &Environment<'_>, part: &'static str, name: &str) -> Result<(), WordsError> {
    let template = env.get_template(name).map_err(|e| malformed(part, &e))?;
    let mut names: Vec<String> = template.undeclared_variables(false).into_iter().collect();
    names.sort();
    match names.into_iter().find(|n| !fields::exists(n) && !SYSTEM.contains(&n.as_str())) {
        Some(field) => Err(WordsError::Unknown { field }),
        None => Ok(()),
    }
}

fn malformed(part: &'static str, error: &Error) -> WordsError {
    let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    WordsError::Malformed { part, why }
}

/// Everything a template may ask for. It remembers the last field that had no value: the one that
/// stands in the expression that fails next.
#[derive(Debug)]
pub(super) struct Scope {
    fields: Fields,
    common: Arc<Common>,
    /// Of an SMS or a LINE message: to the shop's site, and the words on opting out with their address.
    link: Option<Value>,
    stop: Option<Value>,
    refresh: Option<Value>,
    inquiry: Option<Value>,
    rsvp: Option<Value>,
    survey: Option<Value>,
    links: Value,
    unsubscribe: Value,
    preferences: Value,
    pixel: Value,
    trap: Value,
    /// Fields that are to have some value.
    filled: BTreeSet<String>,
    /// Its place in `FIELDS`.
    blank: AtomicUsize,
}

impl Scope {
    /// Of words on paper, where nothing can be clicked.
    pub fn bare(fields: &Fields, common: &Arc<Common>, filled: BTreeSet<String>) -> Arc<Scope> {
        let nothing = || Value::from("");
        Arc::new(Scope {
            fields: fields.clone(),
            common: Arc::clone(common),
            link: None,
            stop: None,
            refresh: None,
            inquiry: None,
            rsvp: None,
            survey: None,
            links: Value::from(Vec::<Value>::new()),
            unsubscribe: nothing(),
            preferences: nothing(),
            pixel: nothing(),
            trap: nothing(),
            filled,
            blank: AtomicUsize::new(usize::MAX),
        })
    }

    fn missing(&self) -> &'static str {
        fields::FIELDS.get(self.blank.load(Ordering::Relaxed)).map_or("-", |(name, ..)| name)
    }
}

impl Object for Scope {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        match name {
            "links" => return Some(self.links.clone()),
            "unsubscribe" => return Some(self.unsubscribe.clone()),
            "preferences" => return Some(self.preferences.clone()),
            "pixel" => return Some(self.pixel.clone()),
            "trap" => return Some(self.trap.clone()),
            _ => {}
        }
        let known = match name {
            "link" => self.link.clone(),
            "stop" => self.stop.clone(),
            "refresh" => self.refresh.clone(),
            "inquiry" => self.inquiry.clone(),
            "rsvp" => self.rsvp.clone(),
            "survey" => self.survey.clone(),
            _ => value(name, &self.fields, &self.common),
        };
        if known.is_none() && self.filled.contains(name) {
            return Some(Value::from("—"));
        }
        if let (None, Some(at)) = (&known, fields::FIELDS.iter().position(|(field, ..)| *field == name)) {
            self.blank.store(at, Ordering::Relaxed);
        }
        known
    }
}

/// Takes no more than a letter may hold.
struct Capped(Vec<u8>);

impl io::Write for &mut Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.0.len() + bytes.len()) as u64 > LARGEST_LETTER {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
