//! Audience files against the published hashes and headers (M110, M111).

use outreach::{AdFile, AdPerson, ad_platform, ad_platforms};

fn taro() -> AdPerson {
    AdPerson {
        mail: Some("taro.yamada@example.jp".to_owned()),
        phone: Some("09012345678".to_owned()),
        family: "山田".to_owned(),
        given: "太郎".to_owned(),
        postal: Some("1000001".to_owned()),
    }
}

fn files(platform: &str, people: &[AdPerson]) -> Vec<AdFile> {
    ad_platform(platform).map(|platform| platform.files(people)).unwrap_or_default()
}

/// The vectors of the domain notes (Meta's and Google's own examples among them).
const MAIL: &str = "2e8c29fab63885b060cade2faefad2348b0b4fdf3379d4d5971015f01716c699";
const DIGITS: &str = "0ad07193350775c6d4377f8b039d32877e66c69a454ed886b05279771c0fca0b";
const E164: &str = "3d06a39d40790f11761295e053029378ae28c4b4f6f301693005e079f3d4ca64";
const META_PHONE: &str = "574f12b7409ae74d10bebbcb5e79ce749d76c37d2590d689043c73d1a8e162d0";

#[test]
fn m110_hashes_and_headers_are_those_of_the_platforms() {
    let meta = files("meta", &[taro()]);
    let mut lines = meta[0].text.lines();
    assert_eq!(lines.next(), Some("email,phone,fn,ln,zip,ct,country"));
    let cells: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!((cells[0], cells[1], cells[5], cells.len()), (MAIL, DIGITS, "", 7));
    assert!(cells[2..5].iter().all(|cell| cell.len() == 64), "{cells:?}");
    let tokyo = AdPerson { phone: Some("0344057597".to_owned()), ..AdPerson::default() };
    let row = files("meta", std::slice::from_ref(&tokyo))[0].text.lines().nth(1).unwrap().to_owned();
    assert_eq!(row.split(',').nth(1), Some(META_PHONE));

    let google = files("google", &[taro(), tokyo]);
    let mut lines: Vec<&str> = google[0].text.lines().collect();
    assert_eq!(lines.remove(0), "Email,Phone,First Name,Last Name,Country,Zip");
    assert!(lines.iter().any(|l| l.starts_with(&format!("{MAIL},{E164},")) && l.ends_with(",JP,1000001")));
    // Published shortened: the hash of +81344057597.
    let published =
        |l: &&str| l.split(',').nth(1).is_some_and(|h| h.starts_with("9fd8829f") && h.ends_with("8ecd"));
    assert!(lines.iter().any(published), "{lines:?}");

    for (platform, part, text) in [
        ("line", "mail", format!("{MAIL}\n")),
        ("line", "phone", format!("{E164}\n")),
        ("x", "mail", format!("{MAIL}\n")),
        ("x", "phone", format!("{E164}\n")),
        ("yahoo", "", format!("{MAIL}\n")),
    ] {
        let file = files(platform, &[taro()]).into_iter().find(|f| f.part == part).unwrap();
        assert_eq!(file.text, text, "{platform} {part}");
    }
}

#[test]
fn every_platform_reads_and_says_what_was_not_looked_up() {
    let all = ad_platforms();
    let names: Vec<&str> = all.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["meta", "google", "line", "x", "yahoo"]);
    for platform in all {
        assert!(
            platform.source.starts_with("https://") && platform.as_of.starts_with("2026-"),
            "{platform:?}"
        );
        assert!(platform.verified || !platform.unverified.is_empty(), "{}", platform.name);
        assert!(platform.least > 0 && platform.seed_least > 0);
    }
}

#[test]
fn what_a_platform_does_not_take_is_left_out_and_one_person_is_one_row() {
    let with = |mail: &str| AdPerson { mail: Some(mail.to_owned()), ..AdPerson::default() };
    let plus = with("taro+shop@example.jp");
    assert_eq!(files("line", std::slice::from_ref(&plus))[0].rows, 0, "LINE takes no plus");
    assert_eq!(files("yahoo", &[plus])[0].rows, 1);
    let long = with(&format!("{}@example.jp", "a".repeat(120)));
    assert_eq!(files("line", &[long])[0].rows, 0);
    let gmail = |name: &str| with(&format!("{name}@{}", "gmail.com"));
    let dotted = [gmail("taro.yamada+x"), gmail("taroyamada")];
    assert_eq!(files("google", &dotted)[0].rows, 1, "one mailbox at Gmail");
    assert_eq!(files("meta", &dotted)[0].rows, 2);
    let nobody =
        AdPerson { family: "山田".to_owned(), postal: Some("1000001".to_owned()), ..AdPerson::default() };
    assert_eq!(files("meta", &[nobody])[0].rows, 0, "a name alone is nobody");
    let (a, b) = (with("a@example.jp"), with("b@example.jp"));
    assert_eq!(
        files("meta", &[a.clone(), b.clone()]),
        files("meta", &[b, a.clone(), a]),
        "order tells nothing"
    );
}
