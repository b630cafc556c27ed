//! What customers may say of themselves: which of their facts, and how one is compared and taken over.

use crate::{Channel, MatchKey, Name, PhoneKind, Record, words::words};
use serde::{Deserialize, Serialize};

/// A fact of a customer that they may confirm or correct themselves.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnFact {
    Name,
    Mail,
    Phone,
    /// Postal code, prefecture and address: a whole place or none.
    Place,
}
words!(OwnFact {
    Name = "name", "お名前", "name";
    Mail = "mail", "メールアドレス", "mail address";
    Phone = "phone", "電話番号", "telephone number";
    Place = "place", "ご住所", "postal address";
});

impl OwnFact {
    /// The fact as one record has it, in words; empty where it has none.
    pub fn of(self, record: &Record) -> String {
        match self {
            OwnFact::Name => record.name.full(),
            OwnFact::Mail => record.email.clone().unwrap_or_default(),
            OwnFact::Phone => {
                best_phone(record).map_or_else(String::new, |at| record.phones[at].digits.clone())
            }
            OwnFact::Place => match (&record.postal, &record.address) {
                (None, None) => String::new(),
                (postal, address) => {
                    let prefecture = record.prefecture.as_deref().unwrap_or_default();
                    let address = address.as_deref().unwrap_or_default();
                    format!("{} {prefecture}{address}", postal.as_deref().unwrap_or_default())
                }
            },
        }
    }

    /// A hash of the fact, so that two spellings of one value are one and none is kept to compare with;
    /// `None` where the record has none.
    pub fn print(self, record: &Record) -> Option<i64> {
        let said = self.of(record);
        let key = match self {
            _ if said.trim().is_empty() => return None,
            OwnFact::Name => {
                MatchKey::of("n", &[&said.chars().filter(|c| !c.is_whitespace()).collect::<String>()])
            }
            OwnFact::Mail => MatchKey::email(&said),
            OwnFact::Phone => MatchKey::phone(&said),
            OwnFact::Place => MatchKey::place("", &said),
        };
        Some(key.0)
    }

    /// Puts the fact as `from` has it into `to`, in place of what `to` had.
    pub fn copy(self, from: &Record, to: &mut Record) {
        match self {
            // A reading belongs to its name.
            OwnFact::Name if to.name.full() != from.name.full() => to.name = from.name.clone(),
            OwnFact::Name => {}
            OwnFact::Mail => to.email.clone_from(&from.email),
            OwnFact::Phone => {
                let Some(new) = best_phone(from).map(|at| from.phones[at].clone()) else { return };
                let old = OwnFact::Phone.of(to);
                to.phones.retain(|phone| phone.digits != new.digits && phone.digits != old);
                to.phones.insert(0, new);
                // The best first: a mobile number before any other.
                to.phones.sort_by_key(|phone| phone.kind != PhoneKind::Mobile);
            }
            OwnFact::Place => {
                to.postal.clone_from(&from.postal);
                to.prefecture.clone_from(&from.prefecture);
                to.address.clone_from(&from.address);
            }
        }
    }

    /// The channels that go by this fact.
    pub const fn channels(self) -> &'static [Channel] {
        match self {
            OwnFact::Name => &[],
            OwnFact::Mail => &[Channel::Mail],
            OwnFact::Phone => &[Channel::Sms, Channel::Phone],
            OwnFact::Place => &[Channel::Post],
        }
    }
}

/// The number that a person gives as theirs: a mobile number before any other.
fn best_phone(record: &Record) -> Option<usize> {
    let mobile = record.phones.iter().position(|phone| phone.kind == PhoneKind::Mobile);
    mobile.or((!record.phones.is_empty()).then_some(0))
}

impl Name {
    /// Of one field as people type it: the first space parts surname and given name.
    pub fn typed(text: &str) -> Name {
        let mut parts = text.split_whitespace();
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.collect::<Vec<_>>().join(" ");
        match rest.is_empty() {
            true => Name { given: first, ..Name::default() },
            false => Name { family: first, given: rest, ..Name::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Phone;

    fn phone(digits: &str) -> Phone {
        let kind = if digits.starts_with("090") { PhoneKind::Mobile } else { PhoneKind::Landline };
        Phone { digits: digits.to_owned(), kind }
    }

    #[test]
    fn a_new_number_takes_the_place_of_the_best_and_leaves_the_others() {
        for (had, said, left) in [
            (vec!["09000000001", "0300000001"], "09000000002", vec!["09000000002", "0300000001"]),
            (vec!["0300000001"], "09000000002", vec!["09000000002"]),
            (vec!["0300000001", "09000000001"], "0300000001", vec!["0300000001"]),
            (vec![], "0300000009", vec!["0300000009"]),
            (vec!["09000000001"], "09000000001", vec!["09000000001"]),
        ] {
            let mut record = Record { phones: had.iter().map(|d| phone(d)).collect(), ..Record::default() };
            let from = Record { phones: vec![phone(said)], ..Record::default() };
            OwnFact::Phone.copy(&from, &mut record);
            assert_eq!(record.phones.iter().map(|p| p.digits.as_str()).collect::<Vec<_>>(), left, "{had:?}");
        }
    }

    #[test]
    fn spellings_of_one_value_are_one_and_nothing_has_no_print() {
        let at = |postal: &str, prefecture: &str, address: &str| Record {
            postal: Some(postal.to_owned()),
            prefecture: (!prefecture.is_empty()).then(|| prefecture.to_owned()),
            address: Some(address.to_owned()),
            ..Record::default()
        };
        let print = |r: &Record| OwnFact::Place.print(r);
        assert_eq!(
            print(&at("1000001", "東京都", "千代田区 1-1")),
            print(&at("1000001", "", "東京都千代田区1-1"))
        );
        assert_ne!(
            print(&at("1000001", "東京都", "千代田区1-1")),
            print(&at("1000001", "東京都", "千代田区1-2"))
        );
        let named = |text: &str| Record { name: Name::typed(text), ..Record::default() };
        assert_eq!(OwnFact::Name.print(&named("山田 花子")), OwnFact::Name.print(&named("山田花子")));
        for fact in OwnFact::ALL {
            assert_eq!(fact.print(&Record::default()), None, "{fact:?}");
        }
    }

    #[test]
    fn a_name_that_changes_takes_its_reading_along() {
        let mut record = Record { name: Name::typed("山田 花子"), ..Record::default() };
        record.name.family_kana = "ヤマダ".to_owned();
        let same = Record { name: Name::typed("山田 花子"), ..Record::default() };
        OwnFact::Name.copy(&same, &mut record);
        assert_eq!(record.name.family_kana, "ヤマダ");
        let married = Record { name: Name::typed("佐藤 花子"), ..Record::default() };
        OwnFact::Name.copy(&married, &mut record);
        assert_eq!((record.name.family.as_str(), record.name.family_kana.as_str()), ("佐藤", ""));
    }
}
