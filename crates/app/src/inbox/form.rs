//! The form on the customers' door: by a link that says whose it is, or open to everybody.

use super::Said;
use crate::{App, Asker};
use anyhow::Result;
use model::{InquiryWay, MatchKey, Response, ResponseKind};
use response::Token;

/// Longest question, characters.
pub const LONGEST_QUESTION: usize = 4_000;

/// What was typed, as it was typed.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct TypedInquiry {
    pub name: String,
    pub mail: String,
    pub phone: String,
    pub words: String,
}

/// What becomes of a form. The same for whom we know and whom we do not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InquiryForm {
    /// Nothing of ours at this address.
    Unknown,
    /// To be typed; what is wrong with it: field, Japanese, English.
    Ask(Vec<crate::FieldFault>),
    /// Taken.
    Taken,
}

impl App {
    /// Whether a token leads to the form; asks no database.
    pub fn knows_inquiry(&self, token: &str) -> Option<i64> {
        match self.keys().ok()?.read(token)? {
            Token::Inquiry { touch } => Some(touch),
            _ => None,
        }
    }

    /// The form of a link, or the open one (`None`).
    pub fn inquiry_form(&self, token: Option<&str>) -> Result<InquiryForm> {
        let open = match token {
            Some(token) => self.knows_inquiry(token).is_some(),
            None => self.settings()?.inbox.open_form,
        };
        Ok(if open { InquiryForm::Ask(vec![]) } else { InquiryForm::Unknown })
    }

    /// Takes what was typed. By a link it is the customer's own; else it is theirs whose mail address it
    /// names, where that is one customer's alone, and somebody unknown's otherwise; nobody proved that address.
    pub fn take_inquiry(
        &self,
        token: Option<&str>,
        typed: &TypedInquiry,
        asker: &Asker,
    ) -> Result<InquiryForm> {
        if self.inquiry_form(token)? == InquiryForm::Unknown {
            return Ok(InquiryForm::Unknown);
        }
        let touch = token.and_then(|token| self.knows_inquiry(token));
        let mail = intake::typed::mail(typed.mail.trim());
        let phone = intake::typed::phone(typed.phone.trim());
        let words = typed.words.trim();
        let faults = faults(
            words,
            touch.is_some(),
            &mail.as_ref().map(Option::is_some),
            &phone.as_ref().map(Option::is_some),
        );
        if !faults.is_empty() {
            return Ok(InquiryForm::Ask(faults));
        }
        let (mail, phone) = (mail.ok().flatten(), phone.ok().flatten());
        let parts = [Some(typed.name.trim().to_owned()), mail.clone(), phone.map(|p| p.digits)];
        let contact = parts.into_iter().flatten().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" / ");
        let contact: String = contact.chars().filter(|c| !c.is_control()).take(200).collect();
        // Pressed twice, it is one.
        let whose = touch.map_or(contact.clone(), |touch| touch.to_string());
        let seal = self.inner.secrets.seal(&format!("form {} {whose} {words}", asker.at / 86_400_000));
        let proof: String = seal[..12].iter().map(|b| format!("{b:02x}")).collect();
        let proof = format!("form:{proof}");
        if let Some(touch) = touch {
            let response = Response {
                said: "form".to_owned(),
                ..self.response(touch, ResponseKind::Reply, None, asker)
            };
            if self.inner.store.touch(touch).is_ok() {
                self.inner.store.hear(&response, Some(&proof), &[], "customer")?;
            }
        }
        self.hear_said(&Said {
            way: InquiryWay::Form,
            touch,
            key: mail.as_deref().map(MatchKey::email),
            at: asker.at / 1_000,
            subject: "",
            text: words,
            contact: &contact,
            proof: Some(proof),
            left: false,
        })?;
        Ok(InquiryForm::Taken)
    }
}

fn faults(
    words: &str,
    known: bool,
    mail: &Result<bool, &&'static str>,
    phone: &Result<bool, &&'static str>,
) -> Vec<crate::FieldFault> {
    let mut faults = vec![];
    if words.is_empty() {
        faults.push((
            "words",
            "お問い合わせの内容を入れてください。",
            "Please write what you would like to ask.",
        ));
    } else if words.chars().count() > LONGEST_QUESTION {
        faults.push(("words", "4,000文字までで入れてください。", "Please keep it within 4,000 characters."));
    }
    if mail.is_err() {
        faults.push(("mail", "メールアドレスの形をご確認ください。", "Please check the mail address."));
    }
    if phone.is_err() {
        faults.push(("phone", "電話番号をご確認ください。", "Please check the telephone number."));
    }
    if !known && *mail == Ok(false) && *phone == Ok(false) {
        let ja = "お返事先として、メールアドレスか電話番号を入れてください。";
        faults.push(("mail", ja, "Please give a mail address or a telephone number for the answer."));
    }
    faults
}
