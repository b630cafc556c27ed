//! Amazon SES, as it speaks through SNS: the envelope's signature, then bounces, complaints and deliveries.

use super::{Refused, Report, classify, json, scrub};
use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::ResponseKind;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde_json::Value;

/// What a call from SNS is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Heard {
    Reports(Vec<Report>),
    /// The topic asks whether it may send here: somebody has to open this address of Amazon's.
    Confirm {
        url: String,
    },
}

/// Reads one call from SNS. `topics` are the ARNs of the settings: Amazon signs for everybody's topics,
/// so a signature alone proves nothing. `certificate` gives the PEM at an address of Amazon's that was
/// checked before (it is fetched by HTTPS and may be kept: the address changes with the certificate);
/// `None`: it could not be had.
pub fn sns(
    body: &[u8],
    topics: &[String],
    certificate: impl FnOnce(&str) -> Option<Vec<u8>>,
) -> Result<Heard, Refused> {
    let call = json::parse(body)?;
    let kind = json::text(&call, &["Type"]);
    let confirms = match kind {
        "Notification" => false,
        "SubscriptionConfirmation" => true,
        _ => return Err(Refused::Malformed),
    };
    let named = json::text(&call, &["TopicArn"]);
    let topic = topics.iter().find(|topic| !topic.is_empty() && *topic == named).ok_or(Refused::Topic)?;
    let region = topic.split(':').nth(3).unwrap_or("");
    verify(&call, confirms, region, certificate)?;
    if confirms {
        let url = json::text(&call, &["SubscribeURL"]);
        let confirms =
            of_amazon(url, region).is_some_and(|path| path.starts_with("?Action=ConfirmSubscription&"));
        return if confirms { Ok(Heard::Confirm { url: url.to_owned() }) } else { Err(Refused::Malformed) };
    }
    let message = json::text(&call, &["Message"]);
    let message_id = json::text(&call, &["MessageId"]);
    // A topic carries other notes too (SES says "Successfully validated SNS topic" once): no report.
    let reports = json::parse(message.as_bytes()).map(|value| ses(&value, message, message_id));
    Ok(Heard::Reports(reports.unwrap_or_default()))
}

fn verify(
    call: &Value,
    confirms: bool,
    region: &str,
    certificate: impl FnOnce(&str) -> Option<Vec<u8>>,
) -> Result<(), Refused> {
    let url = json::text(call, &["SigningCertURL"]);
    let plain = |path: &str| path.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
    if !of_amazon(url, region).is_some_and(|path| path.ends_with(".pem") && plain(path)) {
        return Err(Refused::Certificate);
    }
    let signature =
        BASE64_STANDARD.decode(json::text(call, &["Signature"])).map_err(|_| Refused::Signature)?;
    let algorithm = match json::text(call, &["SignatureVersion"]) {
        "1" => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        "2" => &RSA_PKCS1_2048_8192_SHA256,
        _ => return Err(Refused::Signature),
    };
    let pem = certificate(url).ok_or(Refused::Unfetched)?;
    let der = CertificateDer::from_pem_slice(&pem).map_err(|_| Refused::Certificate)?;
    let parsed = webpki::EndEntityCert::try_from(&der).map_err(|_| Refused::Certificate)?;
    let key = UnparsedPublicKey::new(algorithm, parsed.subject_public_key_info());
    key.verify(signed_text(call, confirms).as_bytes(), &signature).map_err(|_| Refused::Signature)
}

/// What SNS signs: names and values line by line, in this order (Amazon SNS, "Verifying the signatures").
fn signed_text(call: &Value, confirms: bool) -> String {
    let names: &[&str] = if confirms {
        &["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    } else {
        &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    };
    let present = names.iter().filter_map(|name| Some((name, call.get(name)?.as_str()?)));
    present.map(|(name, value)| format!("{name}\n{value}\n")).collect()
}

/// What stands behind `https://sns.REGION.amazonaws.com/`, also in China; `None` for any other host,
/// whatever stands around it.
fn of_amazon<'a>(url: &'a str, region: &str) -> Option<&'a str> {
    let named = region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let rest =
        url.strip_prefix("https://sns.")?.strip_prefix(region).filter(|_| named && region.len() >= 3)?;
    let rest = rest.strip_prefix(".amazonaws.com")?;
    rest.strip_prefix(".cn").unwrap_or(rest).strip_prefix('/')
}

/// The reports of one SES message, however the topic was set up: as notifications or as events.
fn ses(message: &Value, text: &str, id: &str) -> Vec<Report> {
    let said = ["notificationType", "eventType"].map(|key| json::text(message, &[key]));
    let said = if said[0].is_empty() { said[1] } else { said[0] };
    let (path, found) = match said {
        "Bounce" => ("bounce", bounced(message)),
        "Complaint" => ("complaint", complained(message)),
        "Delivery" => ("delivery", Some((ResponseKind::Delivered, String::new(), String::new()))),
        _ => return vec![],
    };
    let at = json::text(message, &[path, "timestamp"]);
    let report = |(kind, code, said)| Report {
        id: id.to_owned(),
        kind,
        hints: scrub::hints([text]),
        at: mail_parser::DateTime::parse_rfc3339(at).map(|date| date.to_timestamp().saturating_mul(1000)),
        code,
        agent: String::new(),
        said,
        written: None,
    };
    found.map(report).into_iter().collect()
}

fn bounced(message: &Value) -> Option<(ResponseKind, String, String)> {
    let first = json::items(message, &["bounce", "bouncedRecipients"]).first().unwrap_or(&Value::Null);
    let diagnostic = json::text(first, &["diagnosticCode"]);
    let sub_type = json::text(message, &["bounce", "bounceSubType"]);
    let code = Some(classify::code(json::text(first, &["status"]))).filter(|code| !code.is_empty());
    let code = code.unwrap_or_else(|| classify::code(diagnostic));
    let kind = match json::text(message, &["bounce", "bounceType"]) {
        "Permanent" => ResponseKind::HardBounce,
        "Transient" => ResponseKind::SoftBounce,
        _ => classify::bounce(&code, diagnostic),
    };
    let people = scrub::addresses(json::text(first, &["emailAddress"]));
    Some((kind, code, scrub::words(&format!("{sub_type} {diagnostic}"), &people)))
}

fn complained(message: &Value) -> Option<(ResponseKind, String, String)> {
    let kind = json::text(message, &["complaint", "complaintFeedbackType"]);
    (kind != "not-spam").then(|| (ResponseKind::Complaint, String::new(), scrub::words(kind, &[])))
}

#[cfg(test)]
mod tests {
    use super::of_amazon;

    #[test]
    fn only_hosts_of_sns() {
        let tokyo = |url| of_amazon(url, "ap-northeast-1");
        assert_eq!(tokyo("https://sns.ap-northeast-1.amazonaws.com/x.pem"), Some("x.pem"));
        assert_eq!(of_amazon("https://sns.cn-north-1.amazonaws.com.cn/x.pem", "cn-north-1"), Some("x.pem"));
        for bad in [
            "http://sns.ap-northeast-1.amazonaws.com/x.pem",
            "https://sns.ap-northeast-1.amazonaws.com",
            "https://sns.ap-northeast-1.amazonaws.com:8443/x.pem",
            "https://sns.ap-northeast-1.amazonaws.com.example.jp/x.pem",
            "https://sns.ap-northeast-1.amazonaws.com@example.jp/x.pem",
            "https://sns.ap-northeast-1.amazonaws.com\\@example.jp/x.pem",
            "https://example.jp/sns.ap-northeast-1.amazonaws.com/x.pem",
            "https://example.jp#.amazonaws.com/x.pem",
            "https://sns.us-east-1.amazonaws.com/x.pem",
            "https://sns.x.y.amazonaws.com/x.pem",
            "https://sns..amazonaws.com/x.pem",
            "https://s3.ap-northeast-1.amazonaws.com/x.pem",
            "https://SNS.ap-northeast-1.amazonaws.com/x.pem",
            "",
        ] {
            assert_eq!(tokyo(bad), None, "{bad}");
        }
        // A topic that names no region trusts no host.
        for region in ["", "x", "a.example.jp/", "A-1-2"] {
            assert_eq!(of_amazon(&format!("https://sns.{region}.amazonaws.com/x.pem"), region), None);
        }
    }
}
