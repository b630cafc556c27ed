//! What was typed on the page, understood: an answer to its question, and facts.

use intake::typed;
use model::{Day, Name, OwnFact, Record};
use store::{Stored, shown};

/// What the page asks before it shows or takes anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Question {
    /// Month and day of the birthday.
    Birthday,
    /// The last four digits of the postal code.
    Postal,
    /// The last four digits of the telephone number.
    Phone,
    /// Nothing is known that could be asked for.
    Nothing,
}

/// What was typed, as it was typed.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct TypedFacts {
    pub name: String,
    pub mail: String,
    pub phone: String,
    pub postal: String,
    pub address: String,
}

/// What is wrong with one field: its name, Japanese, English.
pub type FieldFault = (&'static str, &'static str, &'static str);

impl Question {
    /// Whether an answer is right.
    pub(super) fn is_met(self, answer: &str, records: &[Stored]) -> bool {
        let last_four = |fact: OwnFact| {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            let known = shown(records, fact).map(|r| match fact {
                OwnFact::Place => r.record.postal.clone().unwrap_or_default(),
                _ => digits(&fact.of(&r.record)),
            });
            let typed = typed::digits(answer);
            known.is_some_and(|known| typed.len() == 4 && known.len() >= 4 && known.ends_with(&typed))
        };
        match self {
            Question::Birthday => birthday(records).is_some_and(|day| month_and_day(answer) == Some(day)),
            Question::Postal => last_four(OwnFact::Place),
            Question::Phone => last_four(OwnFact::Phone),
            Question::Nothing => true,
        }
    }
}

/// Month and day of the first birthday known.
pub(super) fn birthday(records: &[Stored]) -> Option<(u32, u32)> {
    let own = records.iter().filter(|r| !r.record.mall);
    let day: Day = own.filter_map(|r| r.record.birthday).next()?;
    let (_, month, date) = day.ymd();
    Some((month, date))
}

/// `0214`, `2/14`, `２月１４日`.
fn month_and_day(answer: &str) -> Option<(u32, u32)> {
    let folded: String =
        answer.chars().map(|c| typed::digits(&c.to_string()).chars().next().unwrap_or(' ')).collect();
    let parts: Vec<&str> = folded.split_whitespace().collect();
    match parts[..] {
        [both] if matches!(both.len(), 3 | 4) => {
            let (month, day) = both.split_at(both.len() - 2);
            Some((month.parse().ok()?, day.parse().ok()?))
        }
        [month, day] => Some((month.parse().ok()?, day.parse().ok()?)),
        _ => None,
    }
}

impl TypedFacts {
    /// What is known, as the form shows it.
    pub(super) fn known(records: &[Stored]) -> TypedFacts {
        let of = |fact: OwnFact| shown(records, fact).map(|r| fact.of(&r.record)).unwrap_or_default();
        let place = shown(records, OwnFact::Place).map(|r| &r.record);
        let address = place.map(|r| {
            format!(
                "{}{}",
                r.prefecture.as_deref().unwrap_or_default(),
                r.address.as_deref().unwrap_or_default()
            )
        });
        TypedFacts {
            name: of(OwnFact::Name),
            mail: of(OwnFact::Mail),
            phone: of(OwnFact::Phone),
            postal: place.and_then(|r| r.postal.clone()).unwrap_or_default(),
            address: address.unwrap_or_default(),
        }
    }

    /// The facts that were said; a field left blank says nothing. Or what is wrong with them.
    pub(super) fn read(&self) -> Result<(Record, Vec<OwnFact>), Vec<FieldFault>> {
        let mut faults: Vec<FieldFault> = Vec::new();
        let mut said = Record { name: Name::typed(&cut(&self.name, 60)), ..Record::default() };
        match typed::mail(&self.mail) {
            Ok(mail) => said.email = mail,
            Err(_) => faults.push((
                "mail",
                "メールアドレスの形をご確認ください(例: name@example.jp)。",
                "Please check the mail address (such as name@example.jp).",
            )),
        }
        match typed::phone(&self.phone) {
            Ok(phone) => said.phones = phone.into_iter().collect(),
            Err(_) => faults.push((
                "phone",
                "電話番号は、10桁か11桁の数字で入れてください。",
                "Please give the telephone number with its 10 or 11 digits.",
            )),
        }
        self.read_place(&mut said, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let facts = OwnFact::ALL.iter().copied().filter(|fact| fact.print(&said).is_some()).collect();
        Ok((said, facts))
    }

    fn read_place(&self, said: &mut Record, faults: &mut Vec<FieldFault>) {
        let postal = typed::postal(&self.postal);
        let (prefecture, address) = typed::place(&cut(&self.address, 120));
        match (postal, address) {
            (Ok(Some(postal)), Some(address)) => {
                (said.postal, said.prefecture, said.address) = (Some(postal), prefecture, Some(address));
            }
            (Ok(None), None) => {}
            (Ok(Some(_)), None) => {
                faults.push(("address", "ご住所も続けて入れてください。", "Please give the address as well."))
            }
            (Ok(None), Some(_)) | (Err(_), _) => faults.push((
                "postal",
                "郵便番号は、7桁の数字で入れてください。",
                "Please give the postal code with its seven digits.",
            )),
        }
    }
}

/// On one line, and no longer than a form of paper would take.
fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_is_understood_however_it_is_typed() {
        for (typed, read) in [
            ("0214", Some((2, 14))),
            ("214", Some((2, 14))),
            ("2/14", Some((2, 14))),
            ("２月１４日", Some((2, 14))),
            ("02-14", Some((2, 14))),
            ("1990-02-14", None),
            ("", None),
            ("誕生日", None),
        ] {
            assert_eq!(month_and_day(typed), read, "{typed}");
        }
    }

    #[test]
    fn what_was_typed_is_read_or_refused_field_by_field() {
        let typed = |mail: &str, phone: &str, postal: &str, address: &str| TypedFacts {
            name: "山田　花子".to_owned(),
            mail: mail.to_owned(),
            phone: phone.to_owned(),
            postal: postal.to_owned(),
            address: address.to_owned(),
        };
        let (said, facts) =
            typed("Hanako@Example.JP", "０９０-0000-0001", "〒100-0001", "東京都千代田区1-1").read().unwrap();
        assert_eq!(facts, OwnFact::ALL);
        assert_eq!(said.email.as_deref(), Some("hanako@example.jp"));
        assert_eq!((said.postal.as_deref(), said.prefecture.as_deref()), (Some("1000001"), Some("東京都")));
        assert_eq!((said.name.family.as_str(), said.phones[0].digits.as_str()), ("山田", "09000000001"));
        let (_, facts) = typed("", "", "", "").read().unwrap();
        assert_eq!(facts, [OwnFact::Name]);
        for (bad, field) in [
            (typed("hanako", "", "", ""), "mail"),
            (typed("", "12", "", ""), "phone"),
            (typed("", "", "100", "東京都千代田区1-1"), "postal"),
            (typed("", "", "", "東京都千代田区1-1"), "postal"),
            (typed("", "", "1000001", ""), "address"),
        ] {
            assert_eq!(bad.read().unwrap_err().iter().map(|f| f.0).collect::<Vec<_>>(), [field]);
        }
    }
}
