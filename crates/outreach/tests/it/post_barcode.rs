//! カスタマバーコード: the manual's examples symbol by symbol, published bars bar by bar, and the way back.

use outreach::post::address::Address;
use outreach::post::barcode::{Bar, CustomerBarcode, NoBarcode, address_number};
use proptest::prelude::*;

/// Postal code, address and barcode of every example of the manual (p25; p17 and p20 for the last).
const MANUAL: [(&str, &str, &str); 17] = [
    ("263-0023", "千葉市稲毛区緑町3丁目30-8　郵便ビル403号", "26300233-30-8-403CC4CC4CC45"),
    ("014-0113", "秋田県大仙市堀見内　南田茂木　添60-1", "014011360-1CC4CC4CC4CC4CC4CC4CC4CC4CC4CC8"),
    ("110-0016", "東京都台東区台東5-6-3　ABCビル10F", "11000165-6-3-10CC4CC4CC4CC4CC49"),
    (
        "060-0906",
        "北海道札幌市東区北六条東4丁目　郵便センター6号館",
        "06009064-6CC4CC4CC4CC4CC4CC4CC4CC4CC4CC49",
    ),
    (
        "065-0006",
        "北海道札幌市東区北六条東8丁目　郵便センター10号館",
        "06500068-10CC4CC4CC4CC4CC4CC4CC4CC4CC49",
    ),
    ("407-0033", "山梨県韮崎市龍岡町下條南割　韮崎400", "4070033400CC4CC4CC4CC4CC4CC4CC4CC4CC4CC4-"),
    ("273-0102", "千葉県鎌ケ谷市右京塚　東3丁目-20-5　郵便・A&bコーポB604号", "27301023-20-5CC11604CC4CC40"),
    ("198-0036", "東京都青梅市河辺町十一丁目六番地一号　郵便タワー601", "198003611-6-1-601CC4CC4CC4CC8"),
    ("027-0203", "岩手県宮古市大字津軽石第二十一地割大淵川480", "027020321-480CC4CC4CC4CC4CC4CC4CC4CC5"),
    ("590-0016", "大阪府堺市堺区中田出井町四丁六番十九号", "59000164-6-19CC4CC4CC4CC4CC4CC4CC4CC2"),
    ("080-0831", "北海道帯広市稲田町南七線　西28", "08008317-28CC4CC4CC4CC4CC4CC4CC4CC4CC4CC7"),
    ("317-0055", "茨城県日立市宮田町6丁目7-14　ABCビル2F", "31700556-7-14-2CC4CC4CC4CC4CC4CC1"),
    ("650-0046", "神戸市中央区港島中町9丁目7-6　郵便シティA棟1F1号", "65000469-7-6CC101-1CC4CC4CC45"),
    ("623-0011", "京都府綾部市青野町綾部6-7　LプラザB106", "62300116-7CC21CC11106CC4CC4CC44"),
    ("064-0804", "札幌市中央区南四条西29丁目1524-23　第2郵便ハウス501", "064080429-1524-23-2-3"),
    ("910-0067", "福井県福井市新田塚3丁目80-25　J1ビル2-B", "91000673-80-25CC191-2CC19"),
    ("100-0013", "東京都千代田区霞が関1丁目3番2号　郵便プラザ503室", "10000131-3-2-503CC4CC4CC4CC49"),
];

#[test]
fn every_example_of_the_manual_gives_its_symbols() {
    for (code, address, symbols) in MANUAL {
        let split = Address::split(code, "", address, None);
        let barcode = split.barcode(code).map(|barcode| barcode.to_string());
        assert_eq!(barcode, Ok(format!("STC{symbols}SPC")), "{address}: {split:?}");
    }
}

/// Postal code, address number, check digit as a value, bars (published by the manual and by bwip-js).
#[test]
fn published_bars_come_out_bar_by_bar() {
    let bars = "1311414414414414411431211441431241413241414114431243243243243241131";
    let code = CustomerBarcode::new("1000013", "1-3-2-503").unwrap();
    assert_eq!(written(&code), bars);
    let digits = [
        ("1000013", "1-3-2-503", 9),
        ("1000014", "1-11-32", 15),
        ("3170055", "6-7-14-2", 11),
        ("0640804", "29-1524-23-2-501", 3),
        ("9100067", "3-80-25J1-2B", 9),
    ];
    for (postal, number, check) in digits {
        let code = CustomerBarcode::new(postal, number).unwrap();
        assert_eq!(code.check_digit(), check, "{postal} {number}");
        assert_eq!(CustomerBarcode::read(&code.bars()), Some(code));
    }
    // 東京都千代田区永田町1丁目11-32, as written out at zae/post/p-barkaidoku.html.
    let code = CustomerBarcode::new("100-0014", "1-11-32").unwrap();
    assert_eq!(code.to_string(), "STC10000141-11-32CC4CC4CC4CC4CC4CC4CC5SPC");
}

fn written(code: &CustomerBarcode) -> String {
    code.bars().iter().map(|bar| bar.number().to_string()).collect()
}

/// What is taken from what follows the town: the manual's rules, one by one.
#[test]
fn rules_of_the_extraction() {
    let cases = [
        ("3丁目30-8 郵便ビル403号", "3-30-8-403"),            // rules 3 to 6
        ("３丁目３０－８　郵便ビル４０３号", "3-30-8-403"),   // full width
        ("1ー2ー3", "1-2-3"),                                 // long vowels typed for hyphens
        ("5-6-3 コーポー201", "5-6-3-201"),                   // a long vowel of a name is none
        ("1−2‐3–4", "1-2-3-4"),                               // minus, hyphen, dash
        ("東3丁目-20-5 郵便・A&bコーポB604号", "3-20-5B604"), // rule 2, supplement 4
        ("6-7 LプラザB106", "6-7LB106"),                      // supplements 4 and 5
        ("二十一地割480", "21-480"),                          // supplement 1
        ("百二十番地", "120"),
        ("一〇三番", "103"),
        ("四丁六番十九号", "4-6-19"),
        ("三の五", "3"),             // 五 stands before nothing that counts
        ("一番館", "1"),             // 番 counts whatever follows it
        ("ABCビル2F201号", "2-201"), // supplement 3
        ("ABCビル2F", "2"),          // supplement 2
        ("F棟2", "F2"),              // an F that follows no number is a letter
        ("2FA", "2"),                // two letters are a word
        ("1-2-A-3", "1-2A3"),
        ("12-", "12"),
        ("無番地", ""),
        ("", ""),
    ];
    for (address, number) in cases {
        assert_eq!(address_number(address), number, "{address}");
    }
}

#[test]
fn some_codes_get_none() {
    assert_eq!(CustomerBarcode::new("100-0000", "1"), Err(NoBarcode::WholeDistrict));
    assert_eq!(CustomerBarcode::new("5300100", "1"), Err(NoBarcode::WholeDistrict));
    for code in ["", "100-001", "100-00133", "10A-0013", "１００００１３"] {
        assert_eq!(CustomerBarcode::new(code, "1"), Err(NoBarcode::NotSevenDigits), "{code}");
    }
    // The code of a single office is all it needs (manual p22).
    let office = CustomerBarcode::new("100-8792", "").unwrap();
    assert_eq!((office.number(), office.postal_code()), (String::new(), "1008792".to_owned()));
}

#[test]
fn a_wrong_bar_is_seen() {
    let code = CustomerBarcode::new("1000013", "1-3-2-503").unwrap();
    let bars = code.bars();
    for at in 0..bars.len() {
        for other in [Bar::Long, Bar::Upper, Bar::Lower, Bar::Timing].into_iter().filter(|b| *b != bars[at]) {
            let mut wrong = bars;
            wrong[at] = other;
            assert_eq!(CustomerBarcode::read(&wrong), None, "bar {at} as {other:?}");
        }
    }
    assert_eq!(CustomerBarcode::read(&bars[1..]), None);
    assert_eq!(CustomerBarcode::read(&[]), None);
}

proptest! {
    /// Bars say what was put in, as far as it finds place: thirteen places, a letter takes two.
    #[test]
    fn bars_read_back(code in "[0-9]{3}-?[0-9]{3}[1-9]", number in "[0-9A-Z-]{0,16}") {
        let barcode = CustomerBarcode::new(&code, &number).unwrap();
        let read = CustomerBarcode::read(&barcode.bars()).unwrap();
        let mut places = 13;
        let fits: String = number.chars().take_while(|c| {
            places -= if c.is_ascii_uppercase() { 2 } else { 1 };
            places >= 0
        }).collect();
        prop_assert_eq!(read.number(), fits);
        prop_assert_eq!(read.postal_code(), code.replace('-', ""));
    }

    /// No address breaks the extraction, and what it gives is always fit for a barcode.
    #[test]
    fn extraction_keeps_its_form(address in "\\PC{0,40}") {
        let number = address_number(&address);
        prop_assert!(number.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '-'));
        prop_assert!(!number.starts_with('-') && !number.ends_with('-') && !number.contains("--"), "{}", number);
        let beside = number.as_bytes().windows(2).any(|two| {
            (two[0] == b'-' && two[1].is_ascii_uppercase()) || (two[1] == b'-' && two[0].is_ascii_uppercase())
        });
        prop_assert!(!beside, "{}", number);
        prop_assert!(CustomerBarcode::new("1000013", &number).is_ok());
    }
}
