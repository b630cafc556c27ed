//! One scenario by every way over a town whose mailboxes are dead: SMS, a page to correct one's own facts, a
//! postcard, mail again, a call; other campaigns beside it, gateways that double, delay, drop and refuse, and
//! workers that are killed.

mod books;
mod town;

use crate::campaign::approved;
use crate::kill_sweep::looked_up;
use crate::world::World;
use books::Books;
use madeup::{Keep, Mishap, Mishaps, ReportTemper, Sink, SmsGateway, SmsTemper, Temper};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;
use town::{
    CAPPED, HEADER, MAIL, ORDERS, PHONE, POST, Person, Ports, SMS, imported, letter, scenario, settled,
};

/// The days on which something happens, each at noon.
const LETTER: &str = "2026-11-24";
const BY_SMS: &str = "2026-12-01";
const ANSWERS: &str = "2026-12-02";
const RETURNS: &str = "2026-12-03";
const BY_POST: &str = "2026-12-07";
const MORE_SMS: &str = "2026-12-09";
const BY_MAIL: &str = "2026-12-15";
const MORE_MAIL: &str = "2026-12-16";
const CALLS: &str = "2026-12-22";
/// When the caps leave room again for those who had three touches in thirty days.
const MORE_CALLS: &str = "2027-01-05";

/// How many live in the town: MEZAME_EVERY_WAY=5000 makes it large (bench/every_way.sh).
fn people() -> Vec<Person> {
    let asked = testkit::asked("MEZAME_EVERY_WAY").and_then(|n| n.parse().ok());
    (1..=asked.unwrap_or(420)).map(Person).collect()
}

/// The customers' door on a set day.
struct Open {
    child: Child,
    address: String,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Open {
    fn on(world: &World) -> Open {
        let args = ["serve", "--port", "0", "--door", "0", "--behind-proxy"];
        let mut child = world.command(&args).stderr(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap());
        let mut lines = said.lines().map_while(Result::ok);
        let door = lines.find(|line| line.contains("door: http://")).unwrap();
        let address = door.split("http://").nth(1).unwrap().trim_end_matches('/').to_owned();
        std::thread::spawn(move || lines.for_each(|line| eprintln!("door: {line}")));
        Open { child, address }
    }

    /// What the door answers to this person's browser.
    fn ask(&self, who: Person, method: &str, path: &str, form: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let (high, low) = (who.0 / 250, who.0 % 250);
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: mail.example.jp\r\nx-forwarded-for: 10.{high}.{low}.1\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{form}",
            form.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }

    /// Opens the page of one's own facts, answers its question and types another mailbox.
    fn refresh(&self, who: Person, path: &str) {
        let (code, asked) = self.ask(who, "GET", path, "");
        assert_eq!(code, 200, "{asked}");
        assert!(!asked.contains(&who.mail()) && !asked.contains("霞が関"), "masks only: {asked}");
        let (code, form) = self.ask(who, "POST", path, "answer=0013");
        assert_eq!(code, 200, "{form}");
        let pass = form.split("name=\"pass\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let kept = |name: &str| {
            let field = form.split(&format!("name=\"{name}\"")).nth(1).unwrap();
            let value = field.split('>').next().unwrap().split("value=\"").nth(1).unwrap_or_default();
            coded(value.split('"').next().unwrap())
        };
        let typed = format!(
            "pass={}&name={}&mail={}&phone={}&postal={}&address={}&agree=mail",
            coded(pass),
            kept("name"),
            coded(&who.new_mail()),
            kept("phone"),
            kept("postal"),
            kept("address")
        );
        let (code, done) = self.ask(who, "POST", path, &typed);
        assert_eq!(code, 200, "{done}");
    }
}

fn coded(text: &str) -> String {
    let one = |b: u8| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(one).collect()
}

/// Everything that can go wrong with a request, each once in a while.
fn mishaps() -> Mishaps {
    let each = [
        Mishap::DropUnread,
        Mishap::DropRead,
        Mishap::DropAccepted,
        Mishap::CutAnswer,
        Mishap::DropAnswered,
        Mishap::Answer(500),
        Mishap::Answer(400),
        Mishap::AnswerAccepted(502),
    ];
    Mishaps { seed: 3, each: each.into_iter().map(|mishap| (mishap, 0.006)).collect() }
}

/// Sends what is due today with workers that are killed; what the last of them held in hand waits for tomorrow.
fn killed(world: &World, gateway: &SmsGateway, kills: u64, due: u64) {
    let start = || world.command(&["work"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    for kill in 1..=kills {
        let (mut worker, until) = (start(), due * kill / (kills + 1));
        let mut patience = 3_000;
        while gateway.counts().1 < until && patience > 0 {
            std::thread::park_timeout(Duration::from_millis(1));
            patience -= 1;
        }
        worker.kill().unwrap();
        worker.wait().unwrap();
    }
}

/// Whose a number is, as the gateway was told it.
fn by_number(people: &[Person]) -> BTreeMap<String, Person> {
    people.iter().map(|p| (p.e164(), *p)).collect()
}

struct Story {
    world: World,
    people: Vec<Person>,
    sink: Sink,
    gateway: SmsGateway,
    /// The scenario.
    id: i64,
    /// The campaigns by SMS and by mail that run beside it.
    beside: [i64; 2],
}

impl Story {
    fn begin(world: World) -> Story {
        let people = people();
        let unknown = people.iter().filter(|p| p.mail_is_dead()).map(|p| p.mail()).collect();
        let sink = Sink::start(Temper { keep: Keep::Ids, unknown, ..Temper::default() }).unwrap();
        let dead = people.iter().filter(|p| p.number_is_dead()).map(|p| p.e164()).collect();
        let temper = SmsTemper { mishaps: mishaps(), unknown: dead, ..SmsTemper::default() };
        let gateway = SmsGateway::start(temper).unwrap();
        settled(&world, &people, &Ports { mail: sink.addr().port(), sms: &gateway.url() });
        looked_up(&world);
        // Behind a proxy, where every caller has a network of their own, pages ask for a login.
        let mut add = world.command(&["operator", "add", "山田"]);
        let quiet = add.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut add = quiet.spawn().unwrap();
        add.stdin.take().unwrap().write_all("合言葉ではない長い言葉\n".as_bytes()).unwrap();
        assert!(add.wait().unwrap().success());
        Story { world, people, sink, gateway, id: 0, beside: [0; 2] }
    }

    fn works(&self, on: &str) -> World {
        let day = self.world.on(on);
        day.run(&["work", "--once"]);
        day
    }

    /// A letter to everybody: what bounces is known to be dead from then on (M025).
    fn finds_dead_mailboxes(&self) {
        approved(
            &self.world,
            "お便り",
            &letter(LETTER, "mail", "{{ addressee }}\n\nいつもありがとうございます。"),
        );
        let day = self.works(LETTER);
        let dead = self.people.iter().find(|p| p.mail_is_dead() && !p.complains()).unwrap();
        let said = day.json(&["customer", &dead.mail()]);
        assert_eq!(said["stops"][0]["reason"], "bad_address", "{said}");
        assert_eq!(self.sink.accepted().iter().filter(|m| m.times > 1).count(), 0);
    }

    /// SMS to those whom mail does not reach, by workers that die.
    fn by_sms(&mut self) {
        self.id = approved(&self.world, "もう一度", &scenario(BY_SMS));
        killed(&self.world.on(BY_SMS), &self.gateway, 5, self.people.len() as u64 / 2);
        self.works(ANSWERS);
    }

    /// What comes of it: reports of the gateway, doubled, late and lost; facts put right; a stop; orders.
    fn answers(&self) {
        let people = by_number(&self.people);
        let told = ReportTemper { seed: 5, failed: 0.05, doubled: 0.2, late: 0.2, dropped: 0.1, dead: 0.0 };
        let day = self.world.on(ANSWERS);
        let open = Open::on(&day);
        let hook = format!("http://{}/hook/sms?key=token", open.address);
        let kept = self.gateway.post_reports(&hook, &told, &|_| vec![]).unwrap();
        assert!(kept > 0);
        for message in self.gateway.accepted() {
            let who = people[&message.to];
            let path = |mark: &str| {
                let link = message.text.split_whitespace().find(|word| word.contains(mark))?;
                Some(link.split_once("mail.example.jp")?.1.to_owned())
            };
            if who.refreshes() {
                open.refresh(who, &path("/r/").unwrap());
            } else if who.stops_sms() {
                assert_eq!(open.ask(who, "POST", &path("/u/").unwrap(), "").0, 200);
            }
        }
        drop(open);
        let orders = self.people.iter().filter(|p| p.orders()).map(|p| p.row("2", RETURNS));
        let orders = format!("{HEADER}{}", orders.collect::<String>());
        let day = self.world.on(RETURNS);
        imported(&day, "later", &orders, ORDERS);
        self.works(RETURNS);
        let open = Open::on(&day);
        let hook = format!("http://{}/hook/sms?key=token", open.address);
        self.gateway.post_reports(&hook, &told, &|_| vec![]).unwrap();
    }

    /// Postcards, of which some come back.
    fn by_post(&self) {
        let day = self.works(BY_POST);
        let (id, out) = (self.id.to_string(), day.dir.path().join("out").display().to_string());
        let made = day.json(&["post", "make", &id, "--as", "csv", "--out", &out, "--by", "山田"]);
        let batch = &made["batches"][0];
        let csv = batch["files"].as_array().unwrap().iter().filter_map(|f| f.as_str());
        let csv = csv.clone().find(|f| f.ends_with(".csv")).unwrap().to_owned();
        day.ok(&["post", "posted", &batch["batch"].to_string(), "--on", BY_POST, "--by", "山田"]);
        let text = std::fs::read_to_string(csv).unwrap();
        let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
        let mut back = String::new();
        for row in rows.records().map(Result::unwrap) {
            let name = row.iter().find(|cell| cell.contains("見本") && cell.contains("花子")).unwrap();
            let digits: String = name.chars().filter(char::is_ascii_digit).collect();
            if Person(digits.parse().unwrap()).moved() {
                back.push_str(&format!("{},1\n", &row[12]));
            }
        }
        assert!(!back.is_empty());
        day.ok(&["post", "returned", &day.file("back.txt", back), "--by", "山田"]);
    }

    /// Two more campaigns to everybody, approved before anybody was touched: the caps part them when they leave.
    fn others_beside(&mut self) {
        let sms = "{{ shop }}です。新茶が届きました。\n{{ link }}\n{{ stop }}";
        let mail = "{{ addressee }}\n\nいつもありがとうございます。新茶が届きました。";
        let sms = approved(&self.world, "新茶のSMS", &letter(MORE_SMS, "sms", sms));
        let mail = approved(&self.world, "新茶のお便り", &letter(MORE_MAIL, "mail", mail));
        self.beside = [sms, mail];
    }

    /// Mail to whom it reaches by now, and what the others want meanwhile.
    fn by_mail(&self) {
        for day in [MORE_SMS, "2026-12-10", BY_MAIL, MORE_MAIL, "2026-12-17"] {
            self.works(day);
        }
    }

    /// A caller works through the list until it is empty.
    fn calls(&self) {
        for day in [CALLS, MORE_CALLS].map(|day| self.works(day)) {
            for result in ["reached", "refused", "deal", "surplus", "complaint"].iter().cycle() {
                let next = day.json(&["desk", "next", "--by", "佐藤"]);
                if next["call"].is_null() {
                    break;
                }
                let call = next["call"].to_string();
                day.ok(&["desk", "result", &call, result, "--by", "佐藤", "--minutes", "3"]);
            }
        }
    }
}

/// The customers that some touch of this campaign and channel may have reached.
fn reached(books: &Books, campaign: i64, channel: i64) -> BTreeSet<Person> {
    let of = books.contacts.iter().filter(|c| (c.campaign, c.channel) == (campaign, channel));
    of.map(|c| c.who).collect()
}

/// What the other sides hold is what the ledger says: nobody twice, nobody lost, nobody who was not to be reached.
fn nobody_twice_or_lost(story: &Story, books: &Books) {
    let people = by_number(&story.people);
    let accepted = story.gateway.accepted();
    assert!(accepted.iter().all(|m| m.times == 1), "an SMS was taken twice");
    let mut by_sms: BTreeMap<Person, usize> = BTreeMap::new();
    accepted.iter().for_each(|m| *by_sms.entry(people[&m.to]).or_default() += 1);
    assert!(by_sms.values().all(|n| *n == 1), "one SMS in thirty days, whoever sends it");
    assert!(by_sms.keys().all(|p| p.agreed_to_sms() && !p.complains() && !p.number_is_dead()));
    let sms = |doubted: bool| {
        let of = books.contacts.iter().filter(move |c| c.channel == SMS && (doubted || !c.doubted));
        of.map(|c| c.who).collect::<BTreeSet<Person>>()
    };
    assert!(sms(false).iter().all(|p| by_sms.contains_key(p)), "sent and never arrived");
    assert!(by_sms.keys().all(|p| sms(true).contains(p)), "arrived and called something else");
    let mails = story.sink.accepted();
    assert!(mails.iter().all(|m| m.times == 1), "a mail was taken twice");
    let mailed = books.contacts.iter().filter(|c| c.channel == MAIL).count();
    assert_eq!(mails.len(), mailed, "every mail of the ledger, and no other");
    for touch in &books.touches {
        assert!(![0, 1, 2].contains(&touch.4), "every touch ends: {touch:?}");
    }
    assert!(books.delivered.iter().all(|n| *n == 1), "a report counts once");
    for contact in &books.contacts {
        assert!(!contact.who.complains(), "{contact:?}");
        assert!(!books.held_out.contains(&(contact.who, contact.campaign)), "{contact:?}");
        let noon =
            |day: &str| day.parse::<model::Day>().map(|d| i64::from(d.0) * 86_400 + 3 * 3_600).unwrap();
        let late = contact.at > noon(RETURNS) && contact.campaign == story.id;
        assert!(!(late && contact.who.orders()), "ordered, and touched again: {contact:?}");
    }
}

fn same(what: &str, expected: &BTreeSet<Person>, got: &BTreeSet<Person>) {
    assert!(!expected.is_empty());
    let (missing, others) = (expected - got, got - expected);
    assert!(missing.is_empty() && others.is_empty(), "{what}: missing {missing:?}, not expected {others:?}");
}

/// Each went the way that works for them, and only that.
fn each_by_their_way(story: &Story, books: &Books) {
    let id = story.id;
    let treated = |p: &&Person| !p.complains() && !books.held_out.contains(&(**p, id));
    let of = |wanted: &dyn Fn(Person) -> bool| {
        story.people.iter().filter(treated).copied().filter(|p| wanted(*p)).collect::<BTreeSet<Person>>()
    };
    let sms = reached(books, id, SMS);
    let never = |p: Person| p.mail_is_dead() && p.agreed_to_sms() && !p.number_is_dead();
    // A gateway that refused for no reason of the customer's may fail a touch; nobody else is left out.
    let failed: BTreeSet<Person> =
        books.touches.iter().filter(|t| (t.1, t.3, t.4) == (id, SMS, 4)).map(|t| t.0).collect();
    // A line that was lost leaves a dead number in doubt, too.
    let sms: BTreeSet<Person> = sms.into_iter().filter(|p| !p.number_is_dead()).collect();
    same("SMS to those without mail", &(&of(&never) - &failed), &sms);
    let arrived: BTreeSet<Person> = {
        let people = by_number(&story.people);
        story.gateway.accepted().iter().map(|m| people[&m.to]).collect()
    };
    let put_right = |p: Person| p.refreshes() && sms.contains(&p) && arrived.contains(&p);
    let dead = |p: Person| p.mail_is_dead() && !put_right(p) && !p.orders();
    same("a postcard to those without mail", &of(&dead), &reached(books, id, POST));
    let alive = |p: Person| (!p.mail_is_dead() || put_right(p)) && !p.orders();
    same("mail to whom it reaches, old and new", &of(&alive), &reached(books, id, MAIL));
    for mail in story.sink.accepted() {
        let who = Person(mail.rcpt.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap());
        let own = if put_right(who) { who.new_mail() } else { who.mail() };
        assert_eq!(mail.rcpt, own, "to the mailbox that works");
    }
    // A number that takes no SMS may still be somebody's telephone. Who had three touches by then is left alone.
    let called = reached(books, id, PHONE);
    let capped = books.touches.iter().filter(|t| (t.1, t.3) == (id, PHONE) && t.5 == "L-44");
    let capped: BTreeSet<Person> = capped.map(|t| t.0).collect();
    assert!(capped.iter().all(|p| p.is_valuable() && !called.contains(p)) && !capped.is_empty());
    let worth_it = |p: Person| p.is_valuable() && !p.orders();
    same("a call to the most valuable", &of(&worth_it), &(&called | &capped));
}

fn holds(name: &str, world: World) {
    let mut story = Story::begin(world);
    story.others_beside();
    story.finds_dead_mailboxes();
    story.by_sms();
    story.answers();
    story.by_post();
    story.by_mail();
    story.calls();
    let books = Books::of(&story.world);
    let mut said = format!("{name}: {} customers", story.people.len());
    for (step, what) in ["SMS", "post", "mail", "calls"].iter().enumerate() {
        said.push_str(&format!("; {what} {:?}", books.states(story.id, step as i64)));
    }
    eprintln!("{said} (queued, claimed, attempted, sent, failed, skipped, in doubt)");
    eprintln!("  reasons {:?}; beside {:?}", books.rules(story.id), story.beside.map(|id| books.rules(id)));
    nobody_twice_or_lost(&story, &books);
    each_by_their_way(&story, &books);
    let fullest = books.capped();
    eprintln!("  caps hold for everybody; fullest {fullest:?}");
    assert_eq!(fullest, CAPPED.map(|(_, most, _)| most), "and each of them was reached");
}

/// M025, M114, M117, M118, M065: bad mail and a mobile number, SMS first; whoever answers gets mail again.
#[test]
fn on_sqlite() {
    holds("SQLite", World::sqlite());
}

#[test]
fn on_postgresql() {
    holds("PostgreSQL", World::postgres());
}
