//! Whether two records are one person: two agreeing facts and nothing against it (M155). Pure.

pub use crate::normal::text::{fold_name, fold_text};
use model::{MatchKey, Membership, Name, Record};

/// Something on which two records agree.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Fact {
    Email,
    Phone,
    NameBirthday,
    NameAddress,
    /// Too little to count towards a merge: worth a person's look, no more.
    NamePostal,
}

impl Fact {
    /// For machines.
    pub const fn word(self) -> &'static str {
        match self {
            Fact::Email => "email",
            Fact::Phone => "phone",
            Fact::NameBirthday => "name_birthday",
            Fact::NameAddress => "name_address",
            Fact::NamePostal => "name_postal",
        }
    }
    pub const fn ja(self) -> &'static str {
        match self {
            Fact::Email => "メールアドレス",
            Fact::Phone => "電話番号",
            Fact::NameBirthday => "氏名と生年月日",
            Fact::NameAddress => "氏名と住所",
            Fact::NamePostal => "氏名と郵便番号",
        }
    }
    pub const fn en(self) -> &'static str {
        match self {
            Fact::Email => "mail address",
            Fact::Phone => "telephone number",
            Fact::NameBirthday => "name and date of birth",
            Fact::NameAddress => "name and address",
            Fact::NamePostal => "name and postal code",
        }
    }
}

/// What comparing two records came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Two facts agree, nothing speaks against it: merge.
    Same { facts: Vec<Fact> },
    /// One fact, or something speaks against it: a person decides.
    Maybe { facts: Vec<Fact>, conflict: Option<String> },
    /// They have nothing in common.
    Apart,
}

/// What a record can be found by. Two records that `compare` finds a fact in share a key.
pub fn keys(record: &Record) -> Vec<MatchKey> {
    let mut keys: Vec<MatchKey> = record.email.iter().map(|e| MatchKey::email(e)).collect();
    keys.extend(record.phones.iter().map(|p| MatchKey::phone(&p.digits)));
    if is_whole(&record.name) {
        for name in forms(&record.name) {
            keys.extend(record.birthday.map(|day| MatchKey::name_birthday(&name, day)));
            if let Some((postal, address)) = place(record) {
                keys.push(MatchKey::name_address(&name, postal, &address));
            }
            keys.extend(record.postal.iter().map(|postal| MatchKey::name_address(&name, postal, "")));
        }
    }
    keys
}

/// Compares two records; the sources tell whether two member ids can be one person's.
pub fn compare(a: &Record, a_source: &str, b: &Record, b_source: &str) -> Verdict {
    let names = names(&a.name, &b.name);
    let facts = facts(a, b, &names);
    if facts.is_empty() {
        return match names == Names::Same && is_whole(&a.name) && a.postal.is_some() && a.postal == b.postal {
            true => Verdict::Maybe { facts: vec![Fact::NamePostal], conflict: None },
            false => Verdict::Apart,
        };
    }
    match conflict(a, a_source, b, b_source, &names) {
        None if facts.len() >= 2 => Verdict::Same { facts },
        conflict => Verdict::Maybe { facts, conflict },
    }
}

/// Whether two names are one, whatever the order, width, kana or variant kanji.
pub(crate) fn same_name(a: &Name, b: &Name) -> bool {
    names(a, b) == Names::Same
}

fn facts(a: &Record, b: &Record, names: &Names) -> Vec<Fact> {
    let mut facts = Vec::new();
    if a.email.is_some() && a.email == b.email {
        facts.push(Fact::Email);
    }
    if a.phones.iter().any(|p| b.phones.iter().any(|q| p.digits == q.digits)) {
        facts.push(Fact::Phone);
    }
    if *names == Names::Same && is_whole(&a.name) && is_whole(&b.name) {
        if a.birthday.is_some() && a.birthday == b.birthday {
            facts.push(Fact::NameBirthday);
        }
        if place(a).is_some_and(|p| place(b) == Some(p)) {
            facts.push(Fact::NameAddress);
        }
    }
    facts
}

fn conflict(a: &Record, a_source: &str, b: &Record, b_source: &str, names: &Names) -> Option<String> {
    let text = match names {
        Names::OtherFamily => "姓が異なる (surnames differ)",
        Names::OtherGiven => "名が異なる (given names differ)",
        Names::Other => "氏名が異なる (names differ)",
        _ if a.birthday.is_some() && b.birthday.is_some() && a.birthday != b.birthday => {
            "生年月日が異なる (dates of birth differ)"
        }
        _ if a_source == b_source && is_member(a) && is_member(b) && a.ext_id != b.ext_id => {
            "同じ店の別の会員番号 (two member ids of one source)"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn is_member(record: &Record) -> bool {
    matches!(record.membership, Membership::Member | Membership::Provisional | Membership::Withdrawn)
        && !record.ext_id.starts_with("guest:")
}

fn place(record: &Record) -> Option<(&str, String)> {
    let address = fold_text(record.address.as_deref()?);
    Some((record.postal.as_deref()?, address)).filter(|(_, address)| !address.is_empty())
}

/// A surname alone does not name a person.
fn is_whole(name: &Name) -> bool {
    if !name.family.trim().is_empty() {
        return !name.given.trim().is_empty();
    }
    name.given.split_whitespace().count() >= 2 || fold_name(&name.given).chars().count() >= 3
}

#[derive(PartialEq, Eq, Debug)]
enum Names {
    Same,
    /// One is missing, a part of the other, or in another script.
    Unknown,
    OtherFamily,
    OtherGiven,
    Other,
}

fn names(a: &Name, b: &Name) -> Names {
    let (whole_a, whole_b) = (fold_name(&a.full()), fold_name(&b.full()));
    if whole_a.is_empty() || whole_b.is_empty() || script(&whole_a) != script(&whole_b) {
        return readings(a, b);
    }
    if overlap(&both_orders(a), &both_orders(b)) {
        return Names::Same;
    }
    parts(&fold_name(&a.family), &fold_name(&a.given), &fold_name(&b.family), &fold_name(&b.given))
}

/// Kana against kana, where the names themselves cannot be compared.
fn readings(a: &Name, b: &Name) -> Names {
    let (Some(a), Some(b)) = (reading(a), reading(b)) else { return Names::Unknown };
    match overlap(&both_orders(&a), &both_orders(&b)) {
        true => Names::Same,
        false => {
            parts(&fold_name(&a.family), &fold_name(&a.given), &fold_name(&b.family), &fold_name(&b.given))
        }
    }
}

/// The reading as a name: from its own fields, or the name itself where it is in kana.
fn reading(name: &Name) -> Option<Name> {
    if !name.family_kana.is_empty() || !name.given_kana.is_empty() {
        let (family, given) = (name.family_kana.clone(), name.given_kana.clone());
        return Some(Name { family, given, ..Name::default() });
    }
    (script(&fold_name(&name.full())) == Script::Kana).then(|| name.clone())
}

/// Which part differs, of two names that are not the same.
fn parts(fa: &str, ga: &str, fb: &str, gb: &str) -> Names {
    match (fa.is_empty(), fb.is_empty()) {
        (false, false) if fa != fb => Names::OtherFamily,
        (false, false) if ga.is_empty() || gb.is_empty() => Names::Unknown,
        (false, false) => Names::OtherGiven,
        (false, true) => against_whole(fa, ga, gb),
        (true, false) => against_whole(fb, gb, ga),
        // 山田 may be the 山田太郎 of the other file.
        (true, true) if ga.starts_with(gb) || gb.starts_with(ga) => Names::Unknown,
        (true, true) => Names::Other,
    }
}

fn against_whole(family: &str, given: &str, whole: &str) -> Names {
    if whole == family {
        return Names::Unknown;
    }
    match whole.starts_with(family) || whole.ends_with(family) {
        true if given.is_empty() => Names::Unknown,
        true => Names::OtherGiven,
        false => Names::OtherFamily,
    }
}

/// The folded name, and turned round where a whole name has two words (太郎 山田).
fn forms(name: &Name) -> Vec<String> {
    let whole = fold_name(&name.full());
    let words: Vec<&str> = name.given.split_whitespace().collect();
    match (name.family.is_empty(), words.as_slice()) {
        (true, [first, second]) => {
            let turned = fold_name(&format!("{second}{first}"));
            if turned == whole { vec![whole] } else { vec![whole, turned] }
        }
        _ => vec![whole],
    }
}

fn both_orders(name: &Name) -> Vec<String> {
    let mut all = forms(name);
    if !name.family.is_empty() && !name.given.is_empty() {
        all.push(fold_name(&format!("{}{}", name.given, name.family)));
    }
    all
}

fn overlap(a: &[String], b: &[String]) -> bool {
    a.iter().any(|x| !x.is_empty() && b.contains(x))
}

#[derive(PartialEq, Eq, Debug)]
enum Script {
    Kanji,
    Kana,
    Latin,
}

fn script(folded: &str) -> Script {
    let kana = |c: char| ('ァ'..='ヿ').contains(&c);
    if folded.chars().all(|c| c.is_ascii() || ('\u{c0}'..'\u{250}').contains(&c)) {
        Script::Latin
    } else if folded.chars().all(kana) {
        Script::Kana
    } else {
        Script::Kanji
    }
}
