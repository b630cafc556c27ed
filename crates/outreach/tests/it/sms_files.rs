//! Providers as files, what their reports say, and the file of messages for those without an API.

use crate::sms_help::{TO, cleared};
use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};
use madeup::{ReportTemper, SmsGateway, SmsTemper};
use model::Channel;
use outreach::reports::Refused;
use outreach::{SMS_PROVIDERS, SmsError, SmsProvider, SmsReport, SmsRow, SmsState, sms_file, sms_reports};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const SECRET: &str = "s3cret";

fn known(name: &str) -> SmsProvider {
    SmsProvider::known(name).expect(name)
}

fn signature(body: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), body);
    tag.as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

fn read(body: &str) -> Result<Vec<SmsReport>, Refused> {
    let signature = format!("sha256={}", signature(body.as_bytes()));
    sms_reports(&known("generic"), SECRET, &[("x-signature", &signature)], body.as_bytes(), "")
}

#[test]
fn m096_every_provider_is_in_order_and_says_where_it_comes_from() {
    for (name, text) in SMS_PROVIDERS {
        let provider = SmsProvider::parse(text).expect(name);
        assert_eq!(provider.name, *name);
        assert!(
            !provider.label.is_empty() && !provider.source.is_empty() && provider.as_of.len() == 10,
            "{name}"
        );
        assert_eq!((provider.limits.single, provider.limits.each), (70, 67), "{name}");
        assert!([660, 670].contains(&provider.limits.most), "{name}");
        assert_eq!(provider.asks(), *name != "file", "{name}");
    }
    // 1,320 bytes are 660 characters of two.
    assert_eq!(known("media_sms").limits.most, 660);
    assert_eq!((known("twilio").limits.ascii_single, known("twilio").limits.ascii_each), (160, 153));
    assert!(SmsProvider::known("nobody").is_none());
    assert!(known("generic").takes_once() && !known("twilio").takes_once());
}

#[test]
fn a_shops_own_file_is_told_what_is_wrong() {
    let good = SMS_PROVIDERS.iter().find(|(name, _)| *name == "generic").expect("a provider").1;
    for (from, to, why) in [
        ("{sender}", "{sendr}", "{sendr}"),
        ("{sender}", "{sender", "lacks"),
        ("to = \"{to}\"", "", "{to}"),
        ("text = \"{body}\"", "", "{body}"),
        ("means = \"accepted\"", "means = \"refused\"", "accepted"),
        ("means = \"accepted\"", "means = \"ok\"", "ok"),
        ("method = \"POST\"", "method = \"DELETE\"", "DELETE"),
        ("method = \"POST\"", "method = \"GET\"", "query"),
        ("name = \"X-Signature\"", "", "name"),
        ("id = \"/id\"\nreference = \"/reference\"", "", "id or reference"),
        ("single = 70", "single = 60", "limits"),
        ("most = 660", "most = 66", "limits"),
        ("ascii_each = 0", "ascii_each = 153", "limits"),
        ("price = 0", "prise = 0", "prise"),
        ("[request.fields]", "[request.feelds]", "feelds"),
        ("callback = \"{callback}\"", "callback = 1.5", "whole number"),
    ] {
        assert!(good.contains(from), "{from}");
        let found = SmsProvider::parse(&good.replace(from, to)).expect_err(to).to_string();
        assert!(found.contains(why), "{to}: {found}");
    }
    assert!(SmsProvider::parse(good).is_ok() && SmsProvider::parse("").is_err());
    // A file's columns never hold the secret.
    let file = SMS_PROVIDERS.iter().find(|(name, _)| *name == "file").expect("a provider").1;
    assert!(SmsProvider::parse(&file.replace("{reference}", "{secret}")).is_err());
}

#[test]
fn m096_reports_that_come_doubled_late_or_never_keep_their_proof() {
    let gateway = SmsGateway::start(SmsTemper::default()).expect("a gateway");
    let door = crate::sms_help::door(&crate::sms_help::generic(&gateway.url(), false));
    for number in 0..400 {
        let touch = cleared(number, Channel::Sms, TO);
        door.send(&touch, crate::sms_help::text(), &format!("r{number}"), &mut || true);
    }
    let temper = ReportTemper { seed: 3, failed: 0.1, dead: 0.05, doubled: 0.3, late: 0.2, dropped: 0.1 };
    let rounds = [gateway.reports(&temper), gateway.reports(&temper)];
    assert!(!rounds[1].is_empty() && gateway.reports(&temper).is_empty());
    let said: Vec<SmsReport> =
        rounds.iter().flatten().flat_map(|body| read(body).expect("a report")).collect();
    let mut by_proof: BTreeMap<&str, &SmsReport> = BTreeMap::new();
    for report in &said {
        // The same proof is the same thing, word by word.
        assert_eq!(*by_proof.entry(&report.proof).or_insert(report), report);
        assert_eq!((report.id.as_str(), report.parts), (format!("m-{}", report.reference).as_str(), Some(1)));
    }
    let told: BTreeSet<&str> = said.iter().map(|r| r.reference.as_str()).collect();
    assert_eq!(told.len(), by_proof.len(), "one thing is said of each");
    assert!(
        said.len() > told.len() + 50 && (330..390).contains(&told.len()),
        "{} {}",
        said.len(),
        told.len()
    );
    for state in [SmsState::Delivered, SmsState::Failed, SmsState::Dead] {
        assert!(by_proof.values().any(|r| r.state == state), "{state:?}");
    }
}

#[test]
fn a_gateway_posts_what_can_be_believed() {
    let gateway = SmsGateway::start(SmsTemper::default()).expect("a gateway");
    let door = crate::sms_help::door(&crate::sms_help::generic(&gateway.url(), false));
    door.send(&cleared(1, Channel::Sms, TO), "見本茶園です。", "r1", &mut || true);
    let (url, asked) = crate::sms_help::once("HTTP/1.1 204 x\r\n\r\n");
    let sign =
        |body: &str| vec![("X-Signature".to_owned(), format!("sha256={}", signature(body.as_bytes())))];
    let taken = gateway.post_reports(&format!("{url}/sms"), &ReportTemper::default(), &sign);
    assert_eq!(taken.expect("posted"), 1);
    let asked = asked.join().expect("what was posted");
    let (head, body) = asked.split_once("\r\n\r\n").expect("a head");
    let signed = head.lines().find_map(|line| line.strip_prefix("X-Signature: ")).expect("a signature");
    let reports = sms_reports(&known("generic"), SECRET, &[("X-Signature", signed)], body.as_bytes(), "");
    assert_eq!(reports.expect("reports")[0].proof, "sms:generic:m-r1:r1:Delivered");
}

#[test]
fn a_report_that_is_not_the_providers_is_not_believed() {
    let body = r#"{"reports":[{"id":"m-1","state":"delivered"}]}"#;
    let sign = format!("sha256={}", signature(body.as_bytes()));
    let base64 = format!("sha256={}", BASE64_STANDARD.encode(hex(&signature(body.as_bytes()))));
    let generic = known("generic");
    for (header, value, secret, fine) in [
        ("X-Signature", sign.as_str(), SECRET, true),
        ("x-signature", &sign.to_uppercase().replace("SHA256", "sha256"), SECRET, true),
        ("X-Signature", &base64, SECRET, true),
        ("X-Signature", sign.strip_prefix("sha256=").expect("a prefix"), SECRET, false),
        ("X-Signature", &sign[..sign.len() - 1], SECRET, false),
        ("X-Signature", "", SECRET, false),
        ("X-Other", &sign, SECRET, false),
        ("X-Signature", &sign, "other", false),
        ("X-Signature", &sign, "", false),
    ] {
        let found = sms_reports(&generic, secret, &[(header, value)], body.as_bytes(), "");
        assert_eq!(found.is_ok(), fine, "{header}: {value}");
        assert!(fine || found == Err(Refused::Signature));
    }
    // A secret that was never set proves nothing, though anybody could sign with it.
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"");
    let unset = format!("sha256={}", BASE64_STANDARD.encode(hmac::sign(&key, body.as_bytes())));
    let found = sms_reports(&generic, "", &[("X-Signature", &unset)], body.as_bytes(), "");
    assert_eq!(found, Err(Refused::Signature));
    let karaden = known("karaden");
    let url = "https://mail.example.jp/sms?key=";
    assert_eq!(sms_reports(&karaden, "", &[], body.as_bytes(), url), Err(Refused::Signature));
    let body = r#"{"id":"82b9","result":"done","status":"done","sent_result":"received","tags":["c1.s0.t42"],
        "carrier":"docomo","charged_count_per_sent":2}"#;
    for (url, fine) in [
        ("https://mail.example.jp/sms?key=s3cret", true),
        ("https://mail.example.jp/sms?a=1&key=s3%63ret", true),
        ("https://mail.example.jp/sms?key=s3cre", false),
        ("https://mail.example.jp/sms?key=", false),
        ("https://mail.example.jp/s3cret", false),
    ] {
        let found = sms_reports(&karaden, SECRET, &[], body.as_bytes(), url);
        assert_eq!(found.is_ok(), fine, "{url}");
        let Ok(reports) = found else { continue };
        let [report] = reports.as_slice() else { panic!("{reports:?}") };
        assert_eq!(
            (report.state, report.parts, report.reference.as_str()),
            (SmsState::Delivered, Some(2), "c1.s0.t42")
        );
        assert_eq!(report.said, "received docomo");
    }
}

/// Karaden's states, as its page names them.
#[test]
fn what_karaden_says_of_a_message() {
    for (result, status, sent, state) in [
        ("processing", "waiting", "none", None),
        ("processing", "done", "none", None),
        ("done", "done", "received", Some(SmsState::Delivered)),
        ("done", "done", "unconnected", Some(SmsState::Failed)),
        ("done", "done", "error", Some(SmsState::Failed)),
        ("done", "done", "unknown", None),
        ("done", "error", "none", Some(SmsState::Failed)),
        ("done", "canceled", "none", Some(SmsState::Failed)),
    ] {
        let body = format!(r#"{{"id":"x","result":"{result}","status":"{status}","sent_result":"{sent}"}}"#);
        let url = "https://mail.example.jp/sms?key=s3cret";
        let reports = sms_reports(&known("karaden"), SECRET, &[], body.as_bytes(), url).expect("reports");
        assert_eq!(reports.first().map(|r| r.state), state, "{body}");
    }
}

/// Twilio's published example of a signature (security documentation), and its reports.
#[test]
fn twilio_signs_address_and_fields() {
    let twilio = known("twilio");
    let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    let body =
        "CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&From=%2B12349013030&To=%2B18005551212";
    let read = |signature: &str, body: &str, url: &str, token: &str| {
        sms_reports(&twilio, token, &[("X-Twilio-Signature", signature)], body.as_bytes(), url)
    };
    assert_eq!(read("0/KCTR6DLpKmkAf8muzZqo1nDgQ=", body, url, "12345"), Ok(vec![]));
    assert_eq!(read("0/KCTR6DLpKmkAf8muzZqo1nDgQ=", body, url, "12346"), Err(Refused::Signature));
    assert_eq!(
        read("0/KCTR6DLpKmkAf8muzZqo1nDgQ=", body, "https://mycompany.com/myapp.php", "12345"),
        Err(Refused::Signature)
    );
    let url = "https://mail.example.jp/sms?touch=c1.s0.t42";
    for (fields, state) in [
        (vec![("MessageSid", "SM1"), ("MessageStatus", "delivered")], Some(SmsState::Delivered)),
        (vec![("MessageSid", "SM1"), ("MessageStatus", "sent")], None),
        (
            vec![("ErrorCode", "30003"), ("MessageSid", "SM1"), ("MessageStatus", "undelivered")],
            Some(SmsState::Failed),
        ),
        (
            vec![("ErrorCode", "30005"), ("MessageSid", "SM1"), ("MessageStatus", "undelivered")],
            Some(SmsState::Dead),
        ),
    ] {
        let body = fields.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("&");
        let signed: String =
            url.to_owned() + &fields.iter().map(|(n, v)| format!("{n}{v}")).collect::<String>();
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, SECRET.as_bytes());
        let signature = BASE64_STANDARD.encode(hmac::sign(&key, signed.as_bytes()));
        let reports = read(&signature, &body, url, SECRET).expect("reports");
        assert_eq!(reports.first().map(|r| r.state), state, "{body}");
        assert!(reports.iter().all(|r| r.id == "SM1" && r.reference == "c1.s0.t42"), "{reports:?}");
    }
}

fn hex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(byte).collect()
}

#[test]
fn a_file_holds_what_was_written_and_nothing_that_calculates() {
    let touch = cleared(1, Channel::Sms, TO);
    let row = |text| SmsRow { touch: &touch, text, reference: "c1.s0.t1" };
    let file = |rows: &[SmsRow<'_>]| sms_file(&known("file"), &BTreeMap::new(), rows);
    let bytes = file(&[row("見本茶園です。\n\"新茶\"、①"), row("二通目")]).expect("a file");
    let (text, _, odd) = encoding_rs::SHIFT_JIS.decode(&bytes);
    assert!(
        !odd && text
            .starts_with("電話番号,本文,管理番号\r\n09000000001,\"見本茶園です。\n\"\"新茶\"\"、①\","),
        "{text}"
    );
    assert!(text.ends_with("09000000001,二通目,c1.s0.t1\r\n"), "{text}");
    let landline = cleared(1, Channel::Sms, "0300000001");
    for (rows, at) in [
        (vec![row("見本"), row("=HYPERLINK(\"https://x.example.jp\")")], 2),
        (vec![row("+81")], 1),
        (vec![row("-1")], 1),
        (vec![row("@SUM")], 1),
        (vec![row("＝1")], 1),
        (vec![row("見本😀")], 1),
        (vec![row("")], 1),
        (vec![row("見本"), SmsRow { touch: &landline, ..row("見本") }], 2),
    ] {
        let found = file(&rows).expect_err("a fault");
        assert!(matches!(&found, SmsError::Row { row, .. } if *row == at), "{found}");
        assert!(!found.to_string().contains("0900"), "{found}");
    }
    // A number that begins with + is a number; UTF-8 takes every character.
    let text = SMS_PROVIDERS.iter().find(|(name, _)| *name == "file").expect("a provider").1;
    let text =
        text.replace("cp932", "utf8_bom").replace("\"national\"", "\"e164\"").replace("header = true", "");
    let provider = SmsProvider::parse(&text).expect("a provider");
    let bytes = sms_file(&provider, &BTreeMap::new(), &[row("見本😀")]).expect("a file");
    assert_eq!(String::from_utf8_lossy(&bytes), "\u{FEFF}+819000000001,見本😀,c1.s0.t1\r\n");
}

proptest! {
    /// Whatever a stranger sends is read or refused, and never more is believed than was signed.
    #[test]
    fn hostile_reports(body in "\\PC{0,200}", url in "\\PC{0,80}", header in "\\PC{0,80}") {
        for (name, _) in SMS_PROVIDERS {
            let provider = known(name);
            let found = sms_reports(&provider, SECRET, &[("X-Signature", &header)], body.as_bytes(), &url);
            prop_assert!(found.is_err() || url.contains(SECRET));
        }
    }

    /// Signed nonsense is nonsense still.
    #[test]
    fn signed_nonsense(body in "(\\{\"reports\":)?\\PC{0,200}") {
        if let Ok(reports) = read(&body) {
            prop_assert!(reports.iter().all(|r| !r.proof.is_empty()));
        }
    }
}
