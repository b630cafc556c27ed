//! Amazon SNS: signatures made by OpenSSL, whose key was thrown away; and calls that only look like it.

use super::{TOKEN, file, told};
use outreach::reports::{Heard, MOST_BODY, Refused, sns};

const TOPIC: &str = "arn:aws:sns:ap-northeast-1:123456789012:mezame";

fn hear(body: &[u8]) -> Result<Heard, Refused> {
    sns(body, &[TOPIC.to_owned()], |url| {
        assert!(url.starts_with("https://sns.ap-northeast-1.amazonaws.com/"), "asked for {url}");
        Some(file("sns.pem"))
    })
}

fn changed(name: &str, from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(file(name)).expect("UTF-8");
    assert!(text.contains(from), "{name} holds no {from}");
    text.replacen(from, to, 1).into_bytes()
}

#[test]
fn what_ses_says() {
    let table = [
        ("sns_bounce", "hard_bounce 5.1.1 General smtp; 550 5.1.1 *** User unknown"),
        ("sns_full", "soft_bounce MailboxFull"),
        ("sns_undetermined", "hard_bounce 5.1.1 Undetermined smtp; 550 5.1.1 *** User unknown"),
        ("sns_complaint", "complaint abuse"),
        ("sns_not_spam", ""),
        ("sns_delivery", "delivered"),
        ("sns_note", ""),
    ];
    for (name, expected) in table {
        let Ok(Heard::Reports(reports)) = hear(&file(&format!("{name}.json"))) else { panic!("{name}") };
        assert_eq!(told(&reports).join(" | "), expected, "{name}");
        for report in reports {
            assert_eq!(report.hints, [TOKEN], "{name}");
            assert_eq!(report.id, "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324");
            assert_eq!(report.at, Some(1_794_272_404_000), "{name}");
        }
    }
}

#[test]
fn a_subscription_is_confirmed_only_at_amazon() {
    let url = "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37";
    assert_eq!(hear(&file("sns_confirm.json")), Ok(Heard::Confirm { url: url.into() }));
    assert_eq!(hear(&file("sns_confirm_elsewhere.json")), Err(Refused::Malformed));
}

#[test]
fn a_changed_call_is_refused() {
    for (name, from, to) in [
        ("sns_bounce.json", "Permanent", "Transient"),
        ("sns_bounce.json", "22b80b92", "22b80b93"),
        ("sns_bounce.json", "01:00:05", "01:00:06"),
        ("sns_bounce.json", "Amazon SES Email", "Amazon SES email"),
        ("sns_bounce.json", "\"SignatureVersion\": \"2\"", "\"SignatureVersion\": \"1\""),
        ("sns_full.json", "\"SignatureVersion\": \"1\"", "\"SignatureVersion\": \"2\""),
        ("sns_full.json", "\"SignatureVersion\": \"1\"", "\"SignatureVersion\": \"3\""),
        ("sns_full.json", "MailboxFull", "General"),
        ("sns_confirm.json", "Token=2336412f37", "Token=2336412f38"),
        ("sns_confirm.json", "\"Signature\": \"", "\"Signature\": \"!"),
    ] {
        assert_eq!(hear(&changed(name, from, to)), Err(Refused::Signature), "{name}: {from} -> {to}");
    }
    let kind = changed("sns_confirm.json", "\"Type\": \"SubscriptionConfirmation\"", "\"Type\": \"Other\"");
    assert_eq!(hear(&kind), Err(Refused::Malformed));
}

#[test]
fn only_the_topic_of_the_settings() {
    let other = |topics: &[&str]| {
        let topics: Vec<String> = topics.iter().map(|t| (*t).to_owned()).collect();
        sns(&file("sns_bounce.json"), &topics, |_| panic!("no certificate is fetched"))
    };
    assert_eq!(other(&["arn:aws:sns:ap-northeast-1:999999999999:mezame"]), Err(Refused::Topic));
    assert_eq!(other(&[""]), Err(Refused::Topic));
    assert_eq!(other(&[]), Err(Refused::Topic));
}

#[test]
fn a_certificate_only_from_amazon() {
    let topics = [TOPIC.to_owned()];
    let elsewhere =
        changed("sns_bounce.json", "https://sns.ap-northeast-1.amazonaws.com", "https://sns.example.jp");
    let never = |_: &str| -> Option<Vec<u8>> { panic!("nothing is fetched from elsewhere") };
    assert_eq!(sns(&elsewhere, &topics, never), Err(Refused::Certificate));
    let body = file("sns_bounce.json");
    assert_eq!(sns(&body, &topics, |_| None), Err(Refused::Unfetched));
    for pem in [&b""[..], b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"\xff\x00"] {
        assert_eq!(sns(&body, &topics, |_| Some(pem.to_vec())), Err(Refused::Certificate));
    }
}

#[test]
fn hostile_bodies_are_refused() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for (body, refused) in [
        (vec![b' '; MOST_BODY + 1], Refused::TooLarge),
        (deep.into_bytes(), Refused::Malformed),
        (vec![], Refused::Malformed),
        (b"[]".to_vec(), Refused::Malformed),
        (b"{\"Type\":[]}".to_vec(), Refused::Malformed),
    ] {
        assert_eq!(hear(&body), Err(refused));
    }
}
