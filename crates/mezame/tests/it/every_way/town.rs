//! The people of the story, what each of them will do, and what the shop knows of them.

use crate::campaign::sender;
use crate::world::World;
use std::fmt::Write as _;

pub const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nemail = \"email\"\nphone = \"phone\"\npostal = \"postal\"\nprefecture = \"prefecture\"\naddress = \"address\"\nordered_at = \"ordered_at\"\ntotal = \"total\"\nitem = \"product\"\n";
pub const HEADER: &str =
    "order,customer,name,email,phone,postal,prefecture,address,ordered_at,total,product\n";
const CONSENTS: &str =
    "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n";

const STOPS: &str = "kind = \"suppressions\"\n[columns]\ncustomer = \"who\"\nreason = \"reason\"\n";

/// What a customer of this number is like: by remainders, so that every mixture occurs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Person(pub usize);

impl Person {
    pub fn mail(self) -> String {
        format!("customer{}@example.jp", self.0)
    }
    pub fn new_mail(self) -> String {
        format!("new{}@example.jp", self.0)
    }
    /// As gateways are told it.
    pub fn e164(self) -> String {
        format!("+8190{:08}", self.0)
    }
    fn phone(self) -> String {
        format!("090{:08}", self.0)
    }
    /// Their mailbox is gone, and only a letter that comes back says so.
    pub fn mail_is_dead(self) -> bool {
        !self.0.is_multiple_of(5)
    }
    /// Their number is somebody else's by now.
    pub fn number_is_dead(self) -> bool {
        self.0.is_multiple_of(11)
    }
    pub fn agreed_to_sms(self) -> bool {
        !self.0.is_multiple_of(13)
    }
    /// Angry: everything is closed.
    pub fn complains(self) -> bool {
        self.0.is_multiple_of(17)
    }
    /// Reads the SMS and corrects their own facts.
    pub fn refreshes(self) -> bool {
        self.0 % 7 == 1
    }
    /// Reads the SMS and asks for no more of them.
    pub fn stops_sms(self) -> bool {
        self.0 % 7 == 2
    }
    /// Orders two days after the SMS.
    pub fn orders(self) -> bool {
        self.0 % 7 == 3 && self.0 % 2 == 1
    }
    /// Worth a call.
    pub fn is_valuable(self) -> bool {
        self.0.is_multiple_of(4)
    }
    /// At home no more: the postcard comes back.
    pub fn moved(self) -> bool {
        self.0.is_multiple_of(8)
    }

    pub fn row(self, order: &str, day: &str) -> String {
        let i = self.0;
        let total = if self.is_valuable() { 30_000 } else { 3_000 };
        format!(
            "{i}-{order},{i},見本{i} 花子,{},{},1000013,東京都,千代田区霞が関1丁目3番2号 {i}号室,{day} 10:00:00,{total},お茶\n",
            self.mail(),
            self.phone()
        )
    }
}

/// Everybody's orders, consents and complaints, and all that a shop sets to reach them by every channel.
pub fn settled(world: &World, people: &[Person], ports: &Ports<'_>) {
    let mut orders = HEADER.to_owned();
    let mut consents = "who,channel,given\n".to_owned();
    for person in people {
        orders.push_str(&person.row("1", "2026-01-10"));
        writeln!(consents, "{},mail,yes", person.mail()).unwrap();
        if person.agreed_to_sms() {
            writeln!(consents, "{},sms,yes", person.mail()).unwrap();
        }
    }
    imported(world, "orders", &orders, ORDERS);
    imported(world, "consents", &consents, CONSENTS);
    let angry = people.iter().filter(|p| p.complains()).map(|p| format!("{},complaint\n", p.mail()));
    imported(world, "angry", &format!("who,reason\n{}", angry.collect::<String>()), STOPS);
    sender(world, ports.mail);
    let generic = include_str!("../../../../outreach/data/sms/generic.toml");
    let (proven, by_address) = (
        "proof = \"hmac_sha256\"\nname = \"X-Signature\"\nprefix = \"sha256=\"",
        "proof = \"url\"\nname = \"key\"",
    );
    assert!(generic.contains(proven));
    // Without a key under which a message is taken once: whatever is lost on the way is in doubt.
    let own = generic
        .replace(proven, by_address)
        .replace("[request.once]\nheader = \"Idempotency-Key\"\nhours = 24\n", "");
    for (key, value) in [
        ("stale_hours", "1000000"),
        ("caps", CAPS),
        ("sms.provider", &world.file("own.toml", own)),
        ("sms.account", &format!("endpoint = {}; sender = MIHONDO", ports.sms)),
        ("post.sender_postal", "100-0013"),
        ("post.payment", "monthly"),
        ("post.office", "銀座局"),
        ("post.print_cost", "25"),
    ] {
        world.ok(&["settings", "set", key, value]);
    }
    let path = world.data().join("secrets.toml");
    let keys = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("sms_secret = \"token\"\n{keys}")).unwrap();
}

/// Where the other sides listen.
pub struct Ports<'a> {
    pub mail: u16,
    pub sms: &'a str,
}

/// Tighter than the defaults, so that they bite: (channel, most, days).
const CAPS: &str = r#"[{"channel":"mail","most":1,"days":7},{"channel":"sms","most":1,"days":30},{"channel":"post","most":1,"days":60},{"channel":"phone","most":1,"days":90},{"most":3,"days":30}]"#;
pub const CAPPED: [(Option<i64>, usize, i64); 5] =
    [(Some(MAIL), 1, 7), (Some(SMS), 1, 30), (Some(POST), 1, 60), (Some(PHONE), 1, 90), (None, 3, 30)];

/// As the ledger numbers them.
pub const MAIL: i64 = model::Channel::Mail.code() as i64;
pub const SMS: i64 = model::Channel::Sms.code() as i64;
pub const POST: i64 = model::Channel::Post.code() as i64;
pub const PHONE: i64 = model::Channel::Phone.code() as i64;

pub fn imported(world: &World, name: &str, text: &str, map: &str) {
    let (text, map) = (world.file(&format!("{name}.csv"), text), world.file(&format!("{name}.toml"), map));
    world.import(&[&text, "--map", &map]);
}

/// One letter to everybody, by which dead mailboxes come to light, or one of another campaign meanwhile.
pub fn letter(start: &str, channel: &str, body: &str) -> String {
    let subject =
        if channel == "mail" { "subject = \"いつもありがとうございます\"\n" } else { "" };
    format!(
        r#"
owner = "山田"
holdout = 0.0
no_holdout_because = "試験"
window = 90
start = "{start}"
late_hours = 400
[whom]
condition = "n_orders >= 1"
{STOP}
[[steps]]
name = "letter"
kind = "thanks"
after_days = 0
at = "10:00"
channel = "{channel}"
[steps.words]
{subject}body = """
{body}
"""
"#
    )
}

/// A town with so many dead mailboxes would hold everything.
const STOP: &str = "[stop]\nbounces = 1.0\ncomplaints = 1.0\nopt_outs = 1.0\nafter = 100000000\n";

/// The scenario: SMS where mail is dead, a postcard five days later, then mail for whom it reaches by now, and
/// a call for the most valuable.
pub fn scenario(start: &str) -> String {
    let text = include_str!("../../../../app/scenarios/reach_again.toml");
    let text = text
        .replace(
            "scenario = \"reach_again\"\n",
            &format!("scenario = \"reach_again\"\nowner = \"山田\"\nstart = \"{start}\"\nlate_hours = 400\n"),
        )
        .replace("state = 'dormant' and days_silent >= 181", "state = 'dormant'")
        .replace("only = \"value >= 3000\"", "only = \"spend >= 20000\"")
        .replace("【近況やおすすめをここに】", "新茶の季節になりました。")
        .replace("【お使いいただく理由や、その後変わったところをここに】", "新茶の季節になりました。")
        .replace("【商品の種類をここに】", "お茶");
    let (head, steps) = text.split_once("[[steps]]").unwrap();
    format!("{head}{STOP}\n[[steps]]{steps}")
}
