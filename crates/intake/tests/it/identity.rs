//! Who is one person, and who only looks like one (M155).

use intake::identity::{Fact, Verdict, compare, keys};
use model::{Day, Membership, Name, Phone, PhoneKind, Record};

/// `name|email|phone|postal|address|birthday`; a name with a slash is surname and given name.
fn record(id: &str, text: &str) -> Record {
    let part = |n: usize| text.split('|').nth(n).map(str::to_owned).filter(|t| !t.is_empty());
    let name = part(0).unwrap_or_default();
    let (family, given) = name.split_once('/').unwrap_or(("", &name));
    let phones = part(2).map(|digits| Phone { digits, kind: PhoneKind::Mobile });
    let mut record = Record {
        ext_id: id.to_owned(),
        membership: if id.starts_with("guest:") { Membership::Guest } else { Membership::Member },
        name: Name { family: family.to_owned(), given: given.to_owned(), ..Name::default() },
        email: part(1),
        phones: phones.into_iter().collect(),
        postal: part(3),
        address: part(4),
        birthday: part(5).map(|d| d.parse::<Day>().expect("a day")),
        ..Record::default()
    };
    record.keys = keys(&record);
    record
}

fn verdict(a: &str, b: &str) -> String {
    let (a, b) = (record("1", a), record("2", b));
    let found = compare(&a, "eccube", &b, "shopify");
    assert_eq!(found, compare(&b, "shopify", &a, "eccube"), "either way round");
    if found != Verdict::Apart {
        assert!(a.keys.iter().any(|k| b.keys.contains(k)), "found by a key");
    }
    let words = |facts: Vec<Fact>| facts.into_iter().map(Fact::word).collect::<Vec<_>>().join("+");
    match found {
        Verdict::Same { facts } => format!("same {}", words(facts)),
        Verdict::Maybe { facts, conflict } => {
            let conflict = conflict.map(|c| format!(" but {}", c.split(" (").next().expect("a text")));
            format!("maybe {}{}", words(facts), conflict.unwrap_or_default())
        }
        Verdict::Apart => "apart".to_owned(),
    }
}

#[test]
fn facts_and_conflicts() {
    for (a, b, expected) in [
        ("山田/太郎|a@example.jp|09012345678", "山田/太郎|a@example.jp|09012345678", "same email+phone"),
        ("山田/太郎|a@example.jp|09012345678", "太郎 山田|a@example.jp|09012345678", "same email+phone"),
        (
            "髙橋/花子|a@example.jp||1000001|千代田区1丁目2番3号",
            "高橋 花子|a@example.jp||1000001|千代田区１−２−３",
            "same email+name_address",
        ),
        (
            "山田/太郎||09012345678||  |1980-01-02",
            "山田太郎||09012345678|||1980-01-02",
            "same phone+name_birthday",
        ),
        ("|a@example.jp|09012345678", "山田/太郎|a@example.jp|09012345678", "same email+phone"),
        ("John Smith|j@example.com|09012345678", "Smith/John|j@example.com|09012345678", "same email+phone"),
        // one fact
        ("山田/太郎|a@example.jp", "山田/太郎|a@example.jp", "maybe email"),
        ("山田/太郎||||  |1980-01-02", "山田/太郎||||  |1980-01-02", "maybe name_birthday"),
        // a couple with one phone
        ("山田/太郎||09012345678", "山田/花子||09012345678", "maybe phone but 名が異なる"),
        // parent and child with one mailbox, phone and address
        (
            "山田/太郎|a@example.jp|09012345678|1000001|千代田区1-1",
            "山田/一郎|a@example.jp|09012345678|1000001|千代田区1-1",
            "maybe email+phone but 名が異なる",
        ),
        (
            "山田太郎|a@example.jp|09012345678",
            "山田一郎|a@example.jp|09012345678",
            "maybe email+phone but 氏名が異なる",
        ),
        (
            "山田/太郎|a@example.jp|09012345678",
            "山田一郎|a@example.jp|09012345678",
            "maybe email+phone but 名が異なる",
        ),
        // 旧姓
        (
            "山田/花子|a@example.jp|09012345678",
            "佐藤/花子|a@example.jp|09012345678",
            "maybe email+phone but 姓が異なる",
        ),
        // father and son of one name
        (
            "山田/太郎||0300001234|1000001|千代田区1-1|1950-01-01",
            "山田/太郎||0300001234|1000001|千代田区1-1|1980-01-01",
            "maybe phone+name_address but 生年月日が異なる",
        ),
        // two of one name in one postal code
        (
            "山田/太郎||09012345678|1000001|千代田区1-1",
            "山田/太郎||08012345678|1000001|千代田区1-2",
            "maybe name_postal",
        ),
        // ... which never makes up for a second fact
        (
            "山田/太郎|a@example.jp||1000001|千代田区1-1",
            "山田/太郎|a@example.jp||1000001|千代田区1-2",
            "maybe email",
        ),
        ("山田/太郎|||1000001|千代田区1-1", "山田/太郎|||1000001|千代田区1-1", "maybe name_address"),
        // a surname is no name
        ("山田|||1000001|千代田区1-1", "山田|||1000001|千代田区1-1", "apart"),
        ("佐藤/花子|b@example.jp", "山田/太郎|a@example.jp", "apart"),
    ] {
        assert_eq!(verdict(a, b), expected, "{a} ~ {b}");
    }
}

#[test]
fn readings_speak_where_kanji_are_missing() {
    let mut a = record("1", "山田/太郎|a@example.jp|09012345678");
    (a.name.family_kana, a.name.given_kana) = ("ヤマダ".to_owned(), "タロウ".to_owned());
    for (name, same) in
        [("やまだ/たろう", true), ("ﾔﾏﾀﾞ ﾀﾛｳ", true), ("ヤマダ/ハナコ", false), ("Yamada Taro", true)]
    {
        let b = record("2", &format!("{name}|a@example.jp|09012345678"));
        let found = compare(&a, "eccube", &b, "shopify");
        assert_eq!(matches!(found, Verdict::Same { .. }), same, "{name}: {found:?}");
    }
}

#[test]
fn two_members_of_one_source_are_not_merged_unasked() {
    let facts = "山田/太郎|a@example.jp|09012345678";
    let (a, b) = (record("1", facts), record("2", facts));
    assert!(matches!(compare(&a, "eccube", &b, "eccube"), Verdict::Maybe { conflict: Some(_), .. }));
    let guest = record("guest:a@example.jp", facts);
    assert!(matches!(compare(&a, "eccube", &guest, "eccube"), Verdict::Same { .. }));
}
