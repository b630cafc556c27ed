//! What people answer to an SMS: believed by the provider's proof alone, and read as it was typed.

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_STANDARD, Engine};
use outreach::reports::Refused;
use outreach::{SMS_PROVIDERS, SmsAnswer, SmsProvider, sms_answers};

const SECRET: &str = "s3cret";
const URL: &str = "https://mail.example.jp/hook/sms/reply";

fn known(name: &str) -> SmsProvider {
    SmsProvider::known(name).expect(name)
}

/// A call as Twilio signs it: the address, then the fields in their order.
fn twilio(fields: &[(&str, &str)], secret: &str) -> Result<Vec<SmsAnswer>, Refused> {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let text: String = sorted.iter().map(|(name, value)| format!("{name}{value}")).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
    let tag = BASE64_STANDARD.encode(hmac::sign(&key, format!("{URL}{text}").as_bytes()));
    let coded = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", coded(value))).collect();
    sms_answers(&known("twilio"), SECRET, &[("X-Twilio-Signature", &tag)], body.join("&").as_bytes(), URL)
}

/// M119: an answer by SMS is read as it was typed, whose number it is in the house's own writing; nobody else's
/// call is, and what says nothing is passed over.
#[test]
fn m119_answers_are_believed_by_their_proof() {
    let said = [("MessageSid", "SM1"), ("From", "+819000000001"), ("Body", "新茶は\nいつですか ")];
    let expected = SmsAnswer {
        id: "SM1".to_owned(),
        from: "09000000001".to_owned(),
        text: "新茶は\nいつですか".to_owned(),
    };
    assert_eq!(twilio(&said, SECRET), Ok(vec![expected.clone()]));
    assert_eq!(twilio(&said, "guess"), Err(Refused::Signature));
    for (field, value) in [("Body", "  "), ("From", ""), ("MessageSid", "")] {
        let lacking: Vec<(&str, &str)> =
            said.iter().map(|(name, v)| (*name, if *name == field { value } else { *v })).collect();
        assert_eq!(twilio(&lacking, SECRET), Ok(vec![]), "{field}");
    }
    let long = "あ".repeat(5_000);
    let answers = twilio(&[("MessageSid", "SM2"), ("From", "09000000001"), ("Body", &long)], SECRET);
    assert_eq!(answers.map(|all| all[0].text.chars().count()), Ok(1_000));
    assert!(!format!("{expected:?}").contains("0900"), "a log names nobody");

    let body = r#"{"messages":[{"id":"7","from":"+818000000002","text":"stop"},{"id":"8"}]}"#;
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = hmac::sign(&key, body.as_bytes());
    let tag: String = tag.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    let read = |tag: &str| {
        sms_answers(
            &known("generic"),
            SECRET,
            &[("x-signature", &format!("sha256={tag}"))],
            body.as_bytes(),
            URL,
        )
    };
    let found = read(&tag).expect("answers");
    assert_eq!((found.len(), found[0].from.as_str(), found[0].text.as_str()), (1, "08000000002", "stop"));
    assert_eq!(read(&tag.replace(&tag[..1], "g")), Err(Refused::Signature));
    // A provider that hands nothing on.
    for (name, _) in SMS_PROVIDERS.iter().filter(|(name, _)| !known(name).hears()) {
        assert_eq!(sms_answers(&known(name), SECRET, &[], b"{}", URL), Err(Refused::Malformed), "{name}");
    }
}
