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

/// Reads one call from SNS. `topic` is the ARN in the settings: Amazon signs for everybody's topics, so
/// a signature alone proves nothing. `certificate` gives the PEM at an address of Amazon's that was
/// checked before (it is fetched by HTTPS and may be kept: the address changes with the certificate).
pub fn sns(
    body: &[u8],
    topic: &str,
    certificate: impl FnOnce(&str) -> Option<Vec<u8>>,
) -> Result<Heard, Refused> {
    let call = json::parse(body)?;
    let kind = json::text(&call, &["Type"]);
    let confirms = match kind {
        "Notification" => false,
        "SubscriptionConfirmation" => true,
        _ => return Err(Refused::Malformed),
    };
    if topic.is_empty() || json::text(&call, &["TopicArn"]) != topic {
        return Err(Refused::Topic);
    }
    verify(&call, confirms, certificate)?;
    if confirms {
        let url = json::text(&call, &["SubscribeURL"]);
        return if of_amazon(url) {
            Ok(Heard::Confirm { url: url.to_owned() })
        } else {
            Err(Refused::Malformed)
        };
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
    certificate: impl FnOnce(&str) -> Option<Vec<u8>>,
) -> Result<(), Refused> {
    let url = json::text(call, &["SigningCertURL"]);
    if !(of_amazon(url) && url.ends_with(".pem")) {
        return Err(Refused::Certificate);
    }
    let signature =
        BASE64_STANDARD.decode(json::text(call, &["Signature"])).map_err(|_| Refused::Signature)?;
    let algorithm = match json::text(call, &["SignatureVersion"]) {
        "1" => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        "2" => &RSA_PKCS1_2048_8192_SHA256,
        _ => return Err(Refused::Signature),
    };
    let pem = certificate(url).ok_or(Refused::Certificate)?;
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

/// `https://sns.REGION.amazonaws.com/...`, also in China; nothing else, whatever stands around it.
fn of_amazon(url: &str) -> bool {
    let host =
        url.strip_prefix("https://").and_then(|rest| rest.split_once('/')).map_or("", |(host, _)| host);
    let region = host.strip_suffix(".cn").unwrap_or(host);
    let region = region.strip_prefix("sns.").and_then(|rest| rest.strip_suffix(".amazonaws.com"));
    region.is_some_and(|r| {
        r.len() >= 3 && r.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    })
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
        let good = [
            "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-1.pem",
            "https://sns.cn-north-1.amazonaws.com.cn/x.pem",
        ];
        assert!(good.into_iter().all(of_amazon));
        for bad in [
            "http://sns.ap-northeast-1.amazonaws.com/x.pem",
            "https://sns.ap-northeast-1.amazonaws.com",
            "https://sns.ap-northeast-1.amazonaws.com:8443/x.pem",
            "https://sns.ap-northeast-1.amazonaws.com.example.jp/x.pem",
            "https://sns.ap-northeast-1.amazonaws.com@example.jp/x.pem",
            "https://example.jp/sns.ap-northeast-1.amazonaws.com/x.pem",
            "https://example.jp#.amazonaws.com/x.pem",
            "https://sns.x.y.amazonaws.com/x.pem",
            "https://sns..amazonaws.com/x.pem",
            "https://s3.ap-northeast-1.amazonaws.com/x.pem",
            "https://SNS.ap-northeast-1.amazonaws.com/x.pem",
            "",
        ] {
            assert!(!of_amazon(bad), "{bad}");
        }
    }
}
