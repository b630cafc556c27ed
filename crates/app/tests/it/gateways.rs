//! SMS and LINE steps: they leave once, what comes back is heard once, and nobody else waits for them.

mod inbox;
mod timeline;
mod ways;

use app::{App, Clock, Config, ImportRequest, LineChannel, Secrets, Settings, Sms, Tls, Work, Worked};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use madeup::{LineGateway, LineTemper, Mishap, Mishaps, ReportTemper, Sink, SmsGateway, SmsTemper, Temper};
use model::{Channel, Day, ResponseKind, StopReason, TouchState};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store::Store;

/// Noon of 2026-11-22 in Japan, and the next day, an hour after the first step.
const NOON: i64 = 1_795_316_400;
const STEP: i64 = NOON + 86_400 - 3_600;
const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nemail = \"email\"\nphone = \"phone\"\nordered_at = \"ordered_at\"\ntotal = \"total\"\n";
const FRIENDS: &str = "kind = \"customers\"\n[columns]\ncustomer = \"who\"\nname = \"name\"\nemail = \"email\"\nline_id = \"line\"\n";
const CONSENTS: &str =
    "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n";

/// A provider of one's own: what it is asked and what it reports, proven by a secret in the address.
fn provider(url: &str, once: &str) -> String {
    format!(
        r#"
name = "own"
label = "試験"
source = "試験"
as_of = "2026-11-22"
verified = true
settings = ["sender"]
[limits]
most = 660
[request]
method = "POST"
url = "{url}"
body = "json"
number = "e164"
auth = "bearer"
{once}
[request.fields]
to = "{{to}}"
from = "{{sender}}"
text = "{{body}}"
reference = "{{reference}}"
[answer]
id = "/id"
said = ["/error/code", "/error/message"]
rules = [
    {{ code = [200, 202], at = "/id", means = "accepted" }},
    {{ at = "/error/code", is = ["invalid_number"], means = "dead" }},
]
[reports]
body = "json"
proof = "url"
name = "key"
items = "/reports"
id = "/id"
reference = "/reference"
parts = "/parts"
said = ["/state", "/reason"]
rules = [
    {{ at = "/reason", is = ["unknown_number"], means = "dead" }},
    {{ at = "/state", is = ["delivered"], means = "delivered" }},
    {{ at = "/state", is = ["failed"], means = "failed" }},
]
"#
    )
}

const ONCE: &str = "[request.once]\nheader = \"Idempotency-Key\"\nhours = 24";

struct Shop {
    app: App,
    store: Store,
    clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
    sink: Sink,
}

fn number(i: usize) -> String {
    format!("0900000{i:04}")
}

fn friend(i: usize) -> String {
    format!("U{i:032x}")
}

impl Shop {
    /// Customers with a mailbox, a mobile number and an id at LINE, who said yes to all three.
    fn new(customers: usize, db: Option<String>) -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(NOON));
        let told = clock.clone();
        let secrets = Secrets {
            signing: vec![(1, [7; 32])],
            sms_secret: Some("token".to_owned()),
            sms_hook_secret: Some("hook".to_owned()),
            line_token: Some("token".to_owned()),
            line_secret: Some("secret".to_owned()),
            ..Secrets::default()
        };
        let data = folder.path().join("data");
        let url = db.clone().unwrap_or_else(|| format!("sqlite:{}", data.join("mezame.db").display()));
        let config = || Config {
            db: db.clone(),
            data: data.clone(),
            clock: Clock(Arc::new({
                let told = told.clone();
                move || told.load(Ordering::SeqCst)
            })),
            secrets: secrets.clone(),
        };
        App::migrate(config()).unwrap();
        let app = App::open(config()).unwrap();
        let store = Store::open(&url).unwrap();
        let shop = Shop { app, store, clock, folder, sink: Sink::start(Temper::default()).unwrap() };
        shop.change(|s| {
            s.shop = "見本堂".to_owned();
            s.profile.address = "東京都千代田区見本1-2-3".to_owned();
            s.profile.contact = "info@example.jp".to_owned();
            s.profile.site = "https://shop.example.jp/".to_owned();
            s.profile.public_url = "https://m.example.jp".to_owned();
            s.profile.purpose = "商品の発送と新商品のご案内のため".to_owned();
            s.sending.host = "127.0.0.1".to_owned();
            s.sending.port = shop.sink.addr().port();
            s.sending.tls = Tls::None;
            s.sending.from = "shop@example.jp".to_owned();
        });
        let mut orders = "order,customer,name,email,phone,ordered_at,total\n".to_owned();
        let mut friends = "who,name,email,line\n".to_owned();
        let mut consents = "who,channel,given\n".to_owned();
        for i in 1..=customers {
            let mail = format!("box{i}@example.jp");
            let who = format!("c{i},見本{i} 花子,{mail}");
            writeln!(orders, "o{i},{who},{},2026-01-{:02} 10:00:00,3000", number(i), i % 28 + 1).unwrap();
            writeln!(friends, "{who},{}", friend(i)).unwrap();
            for channel in ["mail", "sms", "line"] {
                writeln!(consents, "{mail},{channel},yes").unwrap();
            }
        }
        shop.import("orders.csv", &orders, ORDERS);
        shop.import("friends.csv", &friends, FRIENDS);
        shop.import("consents.csv", &consents, CONSENTS);
        shop
    }

    fn on_both(customers: usize, story: impl Fn(&Shop)) {
        story(&Shop::new(customers, None));
        story(&Shop::new(customers, Some(testkit::postgres::fresh_database().unwrap())));
    }

    fn change(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.app.settings().unwrap();
        change(&mut settings);
        self.app.set_settings(&settings).unwrap();
    }

    fn import(&self, name: &str, text: &str, map: &str) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let request =
            ImportRequest { paths: vec![path], map: Some(map.to_owned()), ..ImportRequest::default() };
        self.app.import(&request, &|_| ()).unwrap();
    }

    fn sms(&self, gateway: &SmsGateway, once: &str) {
        let path = self.folder.path().join("own.toml");
        std::fs::write(&path, provider(&gateway.url(), once)).unwrap();
        self.change(|s| {
            s.sms = Sms {
                provider: path.display().to_string(),
                account: "sender = MIHONDO".to_owned(),
                price: 8.5,
                ..Sms::default()
            };
        });
    }

    fn line(&self, gateway: &LineGateway) {
        self.change(|s| s.line = LineChannel { on: true, base: gateway.url(), ..LineChannel::default() });
    }

    /// Approves a campaign of these steps (channel, body), all due at the same moment; its number.
    fn approve(&self, name: &str, steps: &[(&str, &str)]) -> i64 {
        self.clock.store(NOON, Ordering::SeqCst);
        let id = self.app.add_campaign(&document(name, steps), "山田").unwrap();
        self.app.draft_plan(id).unwrap();
        self.app.approve_campaign(id, "山田").unwrap();
        id
    }

    fn work(&self, at: i64) -> Worked {
        self.clock.store(at, Ordering::SeqCst);
        let how = Work { name: "w".to_owned(), once: true, connections: Some(3) };
        self.app.work(&how, &AtomicBool::new(false), &|_| ()).unwrap()
    }

    /// Touches of a campaign: (state, rule) -> how many.
    fn touches(&self, campaign: i64) -> BTreeMap<(TouchState, String), u64> {
        let mut all = BTreeMap::new();
        for count in self.store.touch_counts(campaign).unwrap() {
            *all.entry((count.state, count.rule)).or_default() += count.count;
        }
        all
    }

    fn of(&self, campaign: i64, state: TouchState) -> u64 {
        self.touches(campaign).iter().filter(|((s, _), _)| *s == state).map(|(_, n)| n).sum()
    }

    /// Responses of a campaign by kind: all that are kept.
    fn responses(&self, campaign: i64) -> BTreeMap<ResponseKind, u64> {
        let mut all = BTreeMap::new();
        self.store.each_response(campaign, &mut |r| *all.entry(r.kind).or_default() += 1).unwrap();
        all
    }

    /// What LINE tells, signed as it signs.
    fn tell(&self, events: &str) -> bool {
        let body = format!(r#"{{"destination":"U0","events":[{events}]}}"#);
        let mut mac = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(b"secret").unwrap();
        mac.update(body.as_bytes());
        let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        self.app.hear_line(body.as_bytes(), &signature).unwrap()
    }
}

fn document(name: &str, steps: &[(&str, &str)]) -> model::Campaign {
    let mut text = "owner = \"山田\"\nholdout = 0.0\nno_holdout_because = \"試験\"\n[whom]\ncondition = \"n_orders >= 1\"\n[stop]\nafter = 1000000\n".to_owned();
    for (n, (channel, body)) in steps.iter().enumerate() {
        let subject =
            if *channel == "mail" { "subject = \"いつもありがとうございます\"\n" } else { "" };
        write!(
            text,
            "[[steps]]\nname = \"{n}\"\nkind = \"thanks\"\nat = \"10:00\"\nchannel = \"{channel}\"\n[steps.words]\n{subject}body = \"\"\"\n{body}\n\"\"\"\n"
        )
        .unwrap();
    }
    let mut campaign = app::campaign_from_toml(&text, "test").unwrap();
    campaign.name = name.to_owned();
    campaign.start = Some(Day(20_780));
    campaign
}

const SMS: &str = "{{ shop }}です。新茶が届きました。\n{{ link }}\n{{ stop }}";
const LINE: &str = "{{ shop }}です。新茶が届きました。\n\n[新茶を見る](/shincha)";
const MAIL: &str = "{{ addressee }}\n\nご利用ありがとうございます。\n\n[お店を見る](/)";

fn event(kind: &str, id: &str, who: usize, at: i64, more: &str) -> String {
    format!(
        r#"{{"type":"{kind}","webhookEventId":"{id}","timestamp":{at},"source":{{"type":"user","userId":"{}"}},"deliveryContext":{{"isRedelivery":false}}{more}}}"#,
        friend(who)
    )
}

/// M096, L-09, L-31, L-35: taken once, the dead number suppressed, doubled and late reports heard once, the parts
/// charged are the cost (M069), and whoever left by the link of one SMS gets no other.
#[test]
fn an_sms_goes_once_and_its_reports_are_heard_once() {
    Shop::on_both(60, |shop| {
        let unknown = vec!["+819000000003".to_owned()];
        let gateway = SmsGateway::start(SmsTemper {
            unknown,
            authorization: "Bearer token".into(),
            ..SmsTemper::default()
        });
        let gateway = gateway.unwrap();
        shop.sms(&gateway, "");
        let id = shop.approve("一", &[("sms", SMS)]);
        assert_eq!(shop.work(NOON + 3_600).sent, 0, "not due yet");
        let worked = shop.work(STEP);
        assert_eq!((worked.sent, worked.failed), (59, 1), "{worked:?}");
        assert_eq!(shop.work(STEP + 60).sent, 0, "a second run does nothing");
        let accepted = gateway.accepted();
        assert!(accepted.len() == 59 && accepted.iter().all(|m| m.times == 1 && m.to.starts_with("+8190")));
        let text = &accepted[0].text;
        assert!(
            text.starts_with("見本堂です") && text.contains("配信停止 https://m.example.jp/u/"),
            "{text}"
        );
        assert!(
            text.encode_utf16().count() <= 134,
            "two parts with both links: {}",
            text.encode_utf16().count()
        );
        assert_eq!(shop.touches(id)[&(TouchState::Failed, "L-40".to_owned())], 1);

        // Doubled, late, out of order, some never.
        let temper = ReportTemper { seed: 5, failed: 0.1, dead: 0.1, doubled: 0.4, late: 0.4, dropped: 0.1 };
        let path = "/hook/sms?key=hook";
        let (mut told, mut last) = (BTreeMap::new(), vec![]);
        for _ in 0..3 {
            for body in gateway.reports(&temper) {
                assert!(!shop.app.hear_sms(&[], body.as_bytes(), "/hook/sms?key=other").unwrap());
                assert!(shop.app.hear_sms(&[], body.as_bytes(), path).unwrap());
                let kind = match body.as_str() {
                    body if body.contains("unknown_number") => ResponseKind::HardBounce,
                    body if body.contains("delivered") => ResponseKind::Delivered,
                    _ => ResponseKind::SoftBounce,
                };
                told.insert(body.clone(), kind);
                last.push(body);
            }
        }
        assert!(last.len() > told.len(), "some were doubled");
        let of = |kind| told.values().filter(|k| **k == kind).count() as u64;
        let heard = shop.responses(id);
        assert!(of(ResponseKind::HardBounce) > 0 && of(ResponseKind::SoftBounce) > 0);
        for kind in [ResponseKind::Delivered, ResponseKind::SoftBounce] {
            assert_eq!(heard[&kind], of(kind), "{kind:?}");
        }
        assert_eq!(
            heard[&ResponseKind::HardBounce],
            of(ResponseKind::HardBounce) + 1,
            "and the one at the door"
        );

        // What it cost is what was charged: two parts each, 8.5 yen a part.
        let costs = shop.store.costs_of(id).unwrap();
        let parts = text.encode_utf16().count().div_ceil(67) as i64;
        assert!(parts == 2 && costs.values().filter(|cost| cost.0 == 850 * parts).count() >= 59, "{costs:?}");

        // One leaves by their link; the dead and they get no second SMS, whose month is over.
        let token = text.split("/u/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        assert_eq!(token.len(), 20, "of a shop's first touches: {token}");
        let asker = app::Asker { at: (STEP + 600) * 1_000, ..app::Asker::default() };
        assert_eq!(shop.app.opt_out(&token, None, &asker).unwrap(), Some(Channel::Sms));
        let link = text.split("/c/").nth(1).unwrap().split_whitespace().next().unwrap();
        let leads = shop.app.hear_click(link, &asker).unwrap();
        assert_eq!(leads, Some(app::Leads::To("https://shop.example.jp/".to_owned())));
        shop.change(|s| s.caps.0.clear());
        let next = shop.approve("二", &[("sms", SMS)]);
        let again = shop.work(STEP);
        let dead = of(ResponseKind::HardBounce) + 1;
        assert_eq!(again.sent, 60 - 1 - dead, "{:?} {again:?}", shop.touches(next));
        let gone = gateway.accepted().iter().filter(|m| m.to == accepted[0].to).count();
        assert_eq!(gone, 1, "who left is left alone");
    });
}

/// M108, L-46: under its key a message goes once, however the line breaks; a block stops the id until it is taken
/// back, an answer is kept, a wish to be left alone is heeded.
#[test]
fn a_line_message_goes_once_under_its_key_and_friends_are_heard() {
    Shop::on_both(40, |shop| {
        let mishaps = Mishaps { seed: 3, each: vec![(Mishap::DropAccepted, 0.3)] };
        let gateway = LineGateway::start(LineTemper { mishaps, ..LineTemper::default() }).unwrap();
        shop.line(&gateway);
        let id = shop.approve("一", &[("line", LINE)]);
        let first = shop.work(STEP);
        assert!(first.later > 0 && first.sent > 0 && first.in_doubt == 0, "{first:?}");
        gateway.fail(Mishaps::default());
        let at = STEP + 3_600;
        shop.work(at);
        assert_eq!(shop.of(id, TouchState::Sent), 40, "{:?}", shop.touches(id));
        let got = gateway.got();
        assert_eq!(got.len(), 40);
        assert!(
            got.iter().all(|(_, words, times)| *times == 1 && words.starts_with("見本堂です")),
            "{got:?}"
        );
        assert!(gateway.conflicts() > 0, "what had arrived was asked for again under the same key");

        let ms = |n: i64| (at + n) * 1_000;
        assert!(!shop.app.hear_line(b"{\"events\":[]}", "nonsense").unwrap(), "not LINE's");
        let unfollow = event("unfollow", "e1", 1, ms(1), "");
        let said = |text: &str| format!(r#","message":{{"type":"text","id":"1","text":"{text}"}}"#);
        let reply = event("message", "e2", 2, ms(2), &said("まだ余っています"));
        let stop = event("message", "e3", 3, ms(3), &said("配信停止してください"));
        let (gone, back) = (event("unfollow", "e4", 4, ms(4), ""), event("follow", "e5", 4, ms(5), ""));
        for _ in 0..2 {
            // The whole call comes twice, the block that was taken back after its taking back.
            assert!(shop.tell(&[&*unfollow, &reply, &stop, &gone, &back].join(",")));
        }
        let heard = shop.responses(id);
        assert_eq!((heard[&ResponseKind::Reply], heard[&ResponseKind::OptOut]), (1, 3), "{heard:?}");
        // What was written waits for an answer, and its writer with it (M119).
        let waiting = shop.app.inbox(app::InquiryFilter::Waiting, 0, 9).unwrap().1;
        assert_eq!(waiting.iter().map(|x| x.said.as_str()).collect::<Vec<_>>(), ["まだ余っています"]);
        shop.app.answer_inquiry(waiting[0].inquiry.id, "", "佐藤").unwrap();
        let next = shop.approve("二", &[("line", LINE)]);
        shop.work(STEP);
        assert_eq!(shop.of(next, TouchState::Sent), 38, "{:?}", shop.touches(next));
        let twice: Vec<String> =
            gateway.got().into_iter().filter(|(_, _, times)| *times == 2).map(|(id, ..)| id).collect();
        assert!(twice.contains(&friend(2)) && twice.contains(&friend(4)));
        assert!(!twice.contains(&friend(1)) && !twice.contains(&friend(3)));
    });
}

/// A channel that is not set up, or whose side refuses us, holds its own touches and no others; set up later, they go.
#[test]
fn a_channel_that_is_not_set_up_holds_only_its_own() {
    let shop = Shop::new(12, None);
    let id = shop.approve("一", &[("mail", MAIL), ("sms", SMS), ("line", LINE)]);
    let campaign = shop.app.campaign(id).unwrap().stored.campaign;
    let shut = shop.app.shut_channels(&campaign).unwrap();
    let channels: Vec<Channel> = shut.iter().map(|(channel, _)| *channel).collect();
    assert_eq!(channels, [Channel::Sms, Channel::Line]);
    let worked = shop.work(STEP);
    assert_eq!((worked.sent, shop.sink.mails()), (12, 12), "{worked:?}");
    assert!(worked.trouble.is_some_and(|why| why.contains("sms.provider")), "it is said");
    assert_eq!(shop.of(id, TouchState::Queued), 24);

    // LINE is set up with a token that is refused: it waits as a whole, and SMS go.
    let (sms, line) = (
        SmsGateway::start(SmsTemper::default()).unwrap(),
        LineTemper { token: "other".into(), ..LineTemper::default() },
    );
    let line = LineGateway::start(line).unwrap();
    shop.sms(&sms, "");
    shop.line(&line);
    let worked = shop.work(STEP + 3_600);
    assert_eq!((worked.sent, worked.failed), (12, 0), "{worked:?}");
    assert!(worked.trouble.is_some_and(|why| why.contains("line: 401")));
    assert!(line.counts().1 <= 3, "after the first refusal nothing more is asked: {:?}", line.counts());
    assert_eq!(shop.of(id, TouchState::Queued), 12);
    let line = LineGateway::start(LineTemper::default()).unwrap();
    shop.line(&line);
    shop.work(STEP + 2 * 3_600);
    assert_eq!((shop.of(id, TouchState::Sent), line.got().len()), (36, 12), "{:?}", shop.touches(id));
}

/// What may have arrived is never called skipped, and never asked for again beyond the gateway's memory.
#[test]
fn what_may_have_arrived_ends_in_doubt() {
    let shop = Shop::new(6, None);
    let temper = SmsTemper {
        mishaps: Mishaps::always(Mishap::DropAccepted),
        once: "idempotency-key",
        ..SmsTemper::default()
    };
    let gateway = SmsGateway::start(temper).unwrap();
    shop.sms(&gateway, ONCE);
    let late = shop.approve("一", &[("sms", SMS)]);
    assert_eq!(shop.work(STEP).later, 6);
    assert_eq!(shop.of(late, TouchState::Queued), 6);
    gateway.fail(Mishaps::default());
    shop.work(STEP + 25 * 3_600);
    assert_eq!(shop.of(late, TouchState::InDoubt), 6, "{:?}", shop.touches(late));
    assert!(gateway.accepted().iter().all(|m| m.times == 1));
    // A report settles it, however late.
    for body in gateway.reports(&ReportTemper::default()) {
        assert!(shop.app.hear_sms(&[], body.as_bytes(), "/hook/sms?key=hook").unwrap());
    }
    assert_eq!(shop.of(late, TouchState::Sent), 6);

    shop.change(|s| s.caps.0.clear());
    gateway.fail(Mishaps::always(Mishap::DropAccepted));
    let ended = shop.approve("二", &[("sms", SMS)]);
    shop.work(STEP);
    shop.app.cancel_campaign(ended, "山田", "試験").unwrap();
    shop.work(STEP + 60);
    assert_eq!(shop.of(ended, TouchState::InDoubt), 6, "{:?}", shop.touches(ended));
}

/// L-44: the caps count mail, SMS and LINE together.
#[test]
fn caps_hold_across_mail_sms_and_line() {
    Shop::on_both(20, |shop| {
        let (sms, line) = (
            SmsGateway::start(SmsTemper::default()).unwrap(),
            LineGateway::start(LineTemper::default()).unwrap(),
        );
        shop.sms(&sms, "");
        shop.line(&line);
        shop.change(|s| s.caps.0.iter_mut().filter(|cap| cap.channel.is_none()).for_each(|cap| cap.most = 2));
        let one = shop.approve("一", &[("mail", MAIL), ("sms", SMS), ("line", LINE)]);
        let two = shop.approve("二", &[("sms", SMS), ("line", LINE)]);
        for day in 0..3 {
            shop.work(STEP + day * 86_400);
        }
        let mut reached: BTreeMap<usize, u64> = BTreeMap::new();
        for mail in shop.sink.accepted() {
            *reached.entry(mail.rcpt[3..].split('@').next().unwrap().parse().unwrap()).or_default() +=
                mail.times;
        }
        for message in sms.accepted() {
            *reached.entry(message.to[9..].parse().unwrap()).or_default() += message.times;
        }
        for (id, _, times) in line.got() {
            *reached.entry(usize::from_str_radix(&id[1..], 16).unwrap()).or_default() += times;
        }
        assert_eq!(reached.len(), 20);
        assert!(reached.values().all(|n| *n == 2), "two touches of all kinds in thirty days: {reached:?}");
        assert_eq!(shop.of(one, TouchState::Sent) + shop.of(two, TouchState::Sent), 40);
    });
}

/// M061, M086, M087, M163, L-07, L-31, L-33: a step is checked by what its channel needs, and the SMS as it will read.
#[test]
fn an_sms_step_is_checked_as_it_will_read() {
    let shop = Shop::new(2, None);
    shop.change(|s| s.sms.price = 8.5);
    let said = |body: &str| -> Vec<(&'static str, String)> {
        let checked = shop.app.check_campaign(&document("一", &[("sms", body)])).unwrap();
        assert!(checked.broken.is_empty(), "{:?}", checked.broken);
        checked
            .remarks
            .into_iter()
            .filter(|r| r.field == "text" || r.field == "subject")
            .map(|r| (r.rule, r.ja))
            .collect()
    };
    let rules = |body: &str| -> Vec<&str> { said(body).into_iter().map(|(rule, _)| rule).collect() };
    assert_eq!(rules(SMS), ["L-31"], "only its parts and price: no subject is asked for");
    assert!(said(SMS)[0].1.contains("2通分、料金は17円"), "{:?}", said(SMS));
    assert!(rules("新茶が届きました。\n{{ link }}\n{{ stop }}").contains(&"M086"));
    assert!(rules("{{ shop }}です。\n{{ link }}").contains(&"L-07"));
    assert!(rules("{{ shop }}です。{{ addressee }}\n{{ link }}\n{{ stop }}").contains(&"M163"));
    assert!(rules("{{ shop }}です。https://bit.ly/x\n{{ stop }}").contains(&"L-33"));
    shop.change(|s| s.sms.style = app::SmsStyle::Short20);
    assert!(
        rules("{{ shop }}です。お久しぶりの新茶が今年も届きました。\n{{ link }}\n{{ stop }}")
            .contains(&"M087")
    );
    assert!(!rules("{{ shop }} 新茶です\n{{ link }}\n{{ stop }}").contains(&"M087"));
    let previews = shop.app.preview(&document("一", &[("sms", SMS)]), 0, 0, 2).unwrap();
    assert!(previews.iter().all(|p| p.size.is_some_and(|size| size.parts == 2 && size.price == 1_700)));
    let line = shop.app.preview(&document("一", &[("line", LINE)]), 0, 0, 1).unwrap();
    let button = line[0].letter.as_ref().unwrap().button.as_ref().unwrap();
    assert!(button.label == "新茶を見る" && button.url.starts_with("https://m.example.jp/c/"), "{button:?}");
    let mail = shop.app.check_campaign(&document("一", &[("line", "")])).unwrap();
    assert!(mail.remarks.iter().any(|r| r.rule == "M061" && r.field == "body"));
}

/// M162: a try goes to the shop's own telephones and friends, and nowhere else.
#[test]
fn a_try_goes_to_the_shops_own() {
    let shop = Shop::new(3, None);
    let (sms, line) = (
        SmsGateway::start(SmsTemper::default()).unwrap(),
        LineGateway::start(LineTemper::default()).unwrap(),
    );
    shop.sms(&sms, "");
    shop.line(&line);
    let (text, chat) = (document("一", &[("sms", SMS)]), document("二", &[("line", LINE)]));
    let customer = shop.app.preview(&text, 0, 0, 1).unwrap()[0].customer;
    assert!(shop.app.try_letter(&text, 0, 0, customer).is_err(), "nobody is named");
    shop.change(|s| {
        s.sms.test_numbers = "09000009999".to_owned();
        s.line.test_ids = friend(999);
    });
    assert!(shop.app.try_letter(&text, 0, 0, customer).unwrap().iter().all(|t| t.accepted));
    assert!(shop.app.try_letter(&chat, 0, 0, customer).unwrap().iter().all(|t| t.accepted));
    assert_eq!(sms.accepted().iter().map(|m| m.to.as_str()).collect::<Vec<_>>(), ["+819000009999"]);
    assert_eq!(line.got().iter().map(|(id, ..)| id.clone()).collect::<Vec<_>>(), [friend(999)]);
}

/// A stop that an operator made is not lifted by LINE.
#[test]
fn a_friend_who_follows_again_lifts_only_what_line_had_told() {
    let shop = Shop::new(2, None);
    let line = LineGateway::start(LineTemper::default()).unwrap();
    shop.line(&line);
    let query = app::ListQuery { per_page: 10, ..app::ListQuery::default() };
    let rows = shop.app.list(&query).unwrap().rows;
    let one = rows.iter().find(|r| r.source_ids.iter().any(|(_, id)| id == "c1")).unwrap().customer;
    shop.app.suppress(one, Some(Channel::Line), StopReason::LineBlock, "電話で", "山田").unwrap();
    assert!(shop.tell(&event("follow", "e1", 1, NOON * 1_000, "")));
    let id = shop.approve("一", &[("line", LINE)]);
    shop.work(STEP);
    assert_eq!(shop.of(id, TouchState::Sent), 1);
    assert_eq!(line.got()[0].0, friend(2));
}
