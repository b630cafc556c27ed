//! Just enough of a fact for its owner to recognise it, and nothing for anybody else. Pure.

use model::{OwnFact, Record};

/// A fact with stars; empty where the record has none. `whole`: not even the last digits of a number,
/// since the page asks for them.
pub(super) fn masked(fact: OwnFact, record: &Record, whole: bool) -> String {
    let said = fact.of(record);
    match fact {
        _ if said.is_empty() => String::new(),
        OwnFact::Name => name(&said),
        OwnFact::Mail => mail(&said),
        OwnFact::Phone => phone(&said, whole),
        OwnFact::Place => place(record),
    }
}

/// `山田 花子` as `山*`.
fn name(said: &str) -> String {
    let letters = said.chars().filter(|c| !c.is_whitespace()).count();
    match said.chars().next() {
        Some(first) if letters > 1 => format!("{first}*"),
        _ => "*".to_owned(),
    }
}

/// `hanako@example.jp` as `h***@e***.jp`.
fn mail(said: &str) -> String {
    let (local, domain) = said.split_once('@').unwrap_or((said, ""));
    let (host, top) = domain.rsplit_once('.').unwrap_or((domain, ""));
    // Two letters with one of them shown are no secret.
    let part = |text: &str| match text.chars().next() {
        Some(first) if text.chars().count() > 2 => format!("{first}***"),
        _ => "***".to_owned(),
    };
    format!("{}@{}.{top}", part(local), part(host))
}

/// `09000001234` as `090-****-1234`.
fn phone(said: &str, whole: bool) -> String {
    let last = said.get(said.len().saturating_sub(4)..).unwrap_or_default();
    let head = said.get(..3).filter(|_| said.len() >= 10).unwrap_or("***");
    format!("{head}-****-{}", if whole { "****" } else { last })
}

/// `〒100-**** 東京都…`
fn place(record: &Record) -> String {
    let postal = record.postal.as_deref().and_then(|p| p.get(..3)).unwrap_or("***");
    let prefecture = record.prefecture.as_deref().unwrap_or_default();
    format!("〒{postal}-**** {prefecture}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Name, Phone, PhoneKind};

    #[test]
    fn a_mask_shows_its_owner_and_nobody_else() {
        let record = |name: &str, mail: &str, digits: &str| Record {
            name: Name::typed(name),
            email: Some(mail.to_owned()),
            phones: vec![Phone { digits: digits.to_owned(), kind: PhoneKind::Mobile }],
            postal: Some("1000001".to_owned()),
            prefecture: Some("東京都".to_owned()),
            address: Some("千代田区千代田1-1".to_owned()),
            ..Record::default()
        };
        let yamada = record("山田 花子", "hanako@example.jp", "09000001234");
        let shown = OwnFact::ALL.iter().map(|fact| masked(*fact, &yamada, false)).collect::<Vec<_>>();
        assert_eq!(shown, ["山*", "h***@e***.jp", "090-****-1234", "〒100-**** 東京都…"]);
        assert_eq!(masked(OwnFact::Phone, &yamada, true), "090-****-****");
        // A domain too short to show a letter of; nobody is written to here.
        let short = "bc.jp";
        for (record, fact, expected) in [
            (record("林", &format!("a@{short}"), "09000001234"), OwnFact::Name, "*"),
            (record("林", &format!("a@{short}"), "09000001234"), OwnFact::Mail, "***@***.jp"),
            (record("林", "a@mail.example.co.jp", "+1202555"), OwnFact::Mail, "***@m***.jp"),
            (record("林", &format!("a@{short}"), "+1202555"), OwnFact::Phone, "***-****-2555"),
        ] {
            assert_eq!(masked(fact, &record, false), expected);
        }
        assert_eq!(masked(OwnFact::Place, &Record::default(), false), "");
    }
}
