//! Addresses taken apart and checked against Japan Post's list, with the traps of its file.

use outreach::post::address::{Address, Checked, Directory, DirectoryError, check};
use outreach::post::tidy;

/// Rows as KEN_ALL.CSV has them: a town over two rows, whole cities, 一円 as a town, two prefectures.
const KEN_ALL: &str = r#"13101,"100  ","1000000","ﾄｳｷｮｳﾄ","ﾁﾖﾀﾞｸ","ｲｶﾆｹｲｻｲｶﾞﾅｲﾊﾞｱｲ","東京都","千代田区","以下に掲載がない場合",0,0,0,0,0,0
13101,"100  ","1000013","ﾄｳｷｮｳﾄ","ﾁﾖﾀﾞｸ","ｶｽﾐｶﾞｾｷ(ﾂｷﾞﾉﾋﾞﾙｦﾉｿﾞｸ)","東京都","千代田区","霞が関（次のビルを除く）",0,0,1,0,0,0
13101,"102  ","1020081","ﾄｳｷｮｳﾄ","ﾁﾖﾀﾞｸ","ﾖﾊﾞﾝﾁｮｳ","東京都","千代田区","四番町",0,0,0,0,0,0
01224,"066  ","0660005","ﾎｯｶｲﾄﾞｳ","ﾁﾄｾｼ","ｷｮｳﾜ(88-2､271-10､343-2､404-1､427-","北海道","千歳市","協和（８８−２、２７１−１０、３４３−２、４０４−１、４２７−",1,0,0,0,0,0
01224,"066  ","0660005","ﾎｯｶｲﾄﾞｳ","ﾁﾄｾｼ","3､431-12､443-6)","北海道","千歳市","３、４３１−１２、４４３−６）",1,0,0,0,0,0
25443,"52203","5220317","ｼｶﾞｹﾝ","ｲﾇｶﾐｸﾞﾝﾀｶﾞﾁｮｳ","ｲﾁｴﾝ","滋賀県","犬上郡多賀町","一円",0,0,0,0,0,0
13362,"10003","1000301","ﾄｳｷｮｳﾄ","ﾄｼﾏﾑﾗ","ﾄｼﾏﾑﾗｲﾁｴﾝ","東京都","利島村","利島村一円",0,0,0,0,0,0
47354,"90136","9013601","ｵｷﾅﾜｹﾝ","ｼﾏｼﾞﾘｸﾞﾝﾄﾅｷｿﾝ","ﾄﾅｷｿﾝﾉﾂｷﾞﾆﾊﾞﾝﾁｶﾞｸﾙﾊﾞｱｲ","沖縄県","島尻郡渡名喜村","渡名喜村の次に番地がくる場合",0,0,0,0,0,0
24303,"498  ","4980000","ﾐｴｹﾝ","ｸﾜﾅｸﾞﾝｷｿｻｷﾁｮｳ","ｲｶﾆｹｲｻｲｶﾞﾅｲﾊﾞｱｲ","三重県","桑名郡木曽岬町","以下に掲載がない場合",0,0,0,1,0,0
23235,"498  ","4980000","ｱｲﾁｹﾝ","ﾔﾄﾐｼ","ｲｶﾆｹｲｻｲｶﾞﾅｲﾊﾞｱｲ","愛知県","弥富市","以下に掲載がない場合",0,0,0,0,0,0
12224,"27301","2730102","ﾁﾊﾞｹﾝ","ｶﾏｶﾞﾔｼ","ｳｷｮｳﾂﾞｶ","千葉県","鎌ケ谷市","右京塚",0,0,1,0,0,0
03202,"02702","0270203","ｲﾜﾃｹﾝ","ﾐﾔｺｼ","ﾂｶﾞﾙｲｼﾀﾞｲ1ﾁﾜﾘ","岩手県","宮古市","津軽石第１地割〜第２１地割",0,1,0,0,0,0
24202,"510  ","5100075","ﾐｴｹﾝ","ﾖｯｶｲﾁｼ","ﾔｽｼﾞﾏ","三重県","四日市市","安島",0,0,1,0,0,0
"#;

fn directory() -> Directory {
    Directory::read(KEN_ALL.as_bytes()).expect("the list")
}

/// What is kept of the list says the same as the list, and is much smaller.
#[test]
fn the_list_is_kept_small_and_read_back() {
    let whole = directory();
    let mut kept = vec![];
    whole.write(&mut kept).unwrap();
    assert!(kept.len() * 3 < KEN_ALL.len(), "{} of {}", kept.len(), KEN_ALL.len());
    let text = String::from_utf8(kept).unwrap();
    let again = Directory::read_kept(&text).unwrap();
    assert_eq!(again.len(), whole.len());
    for code in ["1000000", "1000013", "0660005", "5220317", "4980000", "9999999"] {
        let sorted = |directory: &Directory| {
            let mut places = directory.places(code).to_vec();
            places.sort_by(|a, b| a.prefecture.cmp(&b.prefecture));
            places
        };
        assert_eq!(sorted(&again), sorted(&whole), "{code}");
    }
    let town =
        |directory: &Directory| directory.code_of("東京都", "千代田区", "四番町4-9").map(str::to_owned);
    assert_eq!(town(&again), town(&whole));
    assert!(matches!(Directory::read_kept("1000013\t東京都"), Err(DirectoryError::Columns { line: 1 })));
    assert!(matches!(Directory::read_kept(""), Err(DirectoryError::Empty)));
}

#[test]
fn the_file_is_read_in_both_its_encodings() {
    let utf8 = directory();
    // CP932 has the wave dash and the minus of the real file under its own codes.
    let cp932 = encoding(&KEN_ALL.replace('−', "－").replace('〜', "～"));
    let other = Directory::read(&cp932).unwrap();
    for directory in [&utf8, &other] {
        assert_eq!(directory.len(), 11);
        let town = |code: &str| directory.places(code)[0].town.clone();
        assert_eq!(town("066-0005"), "協和", "a town over two rows, without its numbers");
        assert_eq!((town("1000013"), town("5220317")), ("霞が関".into(), "一円".into()));
        assert_eq!(town("0270203"), "津軽石", "地割 are counted, not named");
        for whole in ["1000000", "1000301", "9013601"] {
            assert!(directory.places(whole)[0].whole, "{whole}");
        }
        let both: Vec<_> = directory.places("4980000").iter().map(|p| p.prefecture.as_str()).collect();
        assert_eq!(both, ["三重県", "愛知県"]);
    }
}

fn encoding(text: &str) -> Vec<u8> {
    encoding_rs::SHIFT_JIS.encode(text).0.into_owned()
}

#[test]
fn what_is_no_list_is_refused_with_its_row() {
    let short = "a,b,c\n";
    assert_eq!(Directory::read(short.as_bytes()).unwrap_err(), DirectoryError::Columns { line: 1 });
    let code = KEN_ALL.replace("\"1000013\"", "\"10013\"");
    assert_eq!(Directory::read(code.as_bytes()).unwrap_err(), DirectoryError::Code { line: 2 });
    assert_eq!(Directory::read(b"").unwrap_err(), DirectoryError::Empty);
}

/// Postal code, prefecture column, address column, and the five parts.
#[test]
fn addresses_come_apart() {
    let directory = directory();
    let cases: [(&str, &str, &str, [&str; 5]); 11] = [
        (
            "1000013",
            "東京都",
            "千代田区霞が関1丁目3番2号 見本プラザ503室",
            ["東京都", "千代田区", "霞が関", "1丁目3番2号", "見本プラザ503室"],
        ),
        (
            "1000013",
            "",
            "〒100-0013 東京都千代田区霞が関１−３−２　見本プラザ５０３",
            ["東京都", "千代田区", "霞が関", "1-3-2", "見本プラザ503"],
        ),
        ("1000013", "東京都", "東京都千代田区霞ヶ関1-3-2", ["東京都", "千代田区", "霞ヶ関", "1-3-2", ""]),
        (
            "1020081",
            "東京都",
            "千代田区四番町5-6見本ビル",
            ["東京都", "千代田区", "四番町", "5-6", "見本ビル"],
        ),
        (
            "2730102",
            "千葉県",
            "鎌ヶ谷市右京塚 東3丁目20-5 ｺｰﾎﾟB604号",
            ["千葉県", "鎌ヶ谷市", "右京塚", "", "東3丁目20-5 コーポB604号"],
        ),
        (
            "0270203",
            "岩手県",
            "宮古市大字津軽石第二十一地割大淵川480",
            ["岩手県", "宮古市", "大字津軽石", "", "第二十一地割大淵川480"],
        ),
        (
            "5100075",
            "三重県",
            "四日市市安島三丁目5番地 B棟",
            ["三重県", "四日市市", "安島", "三丁目5番地", "B棟"],
        ),
        // Nothing known of the code: by the shape of the text.
        (
            "6500046",
            "兵庫県",
            "神戸市中央区港島中町9丁目 7-6 見本シティA棟",
            ["兵庫県", "神戸市中央区", "港島中町", "9丁目 7-6", "見本シティA棟"],
        ),
        (
            "7700000",
            "徳島県",
            "海部郡美波町奥河内字本村1",
            ["徳島県", "海部郡美波町", "奥河内字本村", "1", ""],
        ),
        ("2720021", "千葉県", "市川市八幡1-1-1東横ビル", ["千葉県", "市川市", "八幡", "1-1-1", "東横ビル"]),
        ("", "", "見本", ["", "", "見本", "", ""]),
    ];
    for (code, prefecture, rest, parts) in cases {
        let got = Address::split(code, prefecture, rest, Some(&directory));
        let [prefecture, city, town, block, building] = parts.map(str::to_owned);
        assert_eq!(got, Address { prefecture, city, town, block, building }, "{rest}");
    }
}

#[test]
fn a_directory_knows_a_town_from_a_number() {
    let directory = directory();
    let with = Address::split("1020081", "東京都", "千代田区四番町5-6", Some(&directory));
    assert_eq!(with.barcode("1020081").unwrap().number(), "5-6");
    let whole =
        Address::split("0270203", "岩手県", "宮古市大字津軽石第二十一地割大淵川480", Some(&directory));
    assert_eq!(whole.barcode("0270203").unwrap().number(), "21-480");
}

#[test]
fn codes_are_checked() {
    let directory = directory();
    let checked = |code: &str, prefecture: &str, rest: &str| {
        check(code, &Address::split(code, prefecture, rest, Some(&directory)), &directory)
    };
    let elsewhere = |expected: &[&str], suggestion: Option<&str>| Checked::TownDiffers {
        expected: expected.iter().map(|s| (*s).to_owned()).collect(),
        suggestion: suggestion.map(str::to_owned),
    };
    assert_eq!(checked("100-0013", "東京都", "千代田区霞ヶ関1-3-2"), Checked::Match { town: true });
    assert_eq!(checked("5220317", "滋賀県", "犬上郡多賀町一円1"), Checked::Match { town: true });
    assert_eq!(checked("1000000", "東京都", "千代田区霞が関1-3-2"), Checked::Match { town: false });
    assert_eq!(checked("4980000", "愛知県", "弥富市見本1"), Checked::Match { town: false });
    assert_eq!(checked("1000301", "東京都", "利島村1"), Checked::Match { town: false });
    assert_eq!(
        checked("1020081", "東京都", "千代田区霞が関1-3-2"),
        elsewhere(&["東京都千代田区四番町"], Some("1000013"))
    );
    assert_eq!(checked("1000013", "大阪府", "大阪市北区見本1"), elsewhere(&["東京都千代田区霞が関"], None));
    assert_eq!(
        checked("9999999", "千葉県", "鎌ケ谷市右京塚1"),
        Checked::UnknownCode { suggestion: Some("2730102".into()) }
    );
    assert_eq!(checked("", "", ""), Checked::UnknownCode { suggestion: None });
}

#[test]
fn widths_and_dashes_take_one_form() {
    let cases = [
        ("ｺｰﾎﾟ　ﾐﾎﾝ１０１", "コーポ ミホン101"),
        ("１ー２−３", "1-2-3"),
        ("スーパー2", "スーパー2"),
        ("  a\u{3000} b\t", "a b"),
        ("か\u{3099}", "が"),
        ("葛\u{E0100}城", "葛\u{E0100}城"),
        ("①Ⅱ㈱", "①Ⅱ㈱"),
    ];
    for (typed, form) in cases {
        assert_eq!(tidy(typed), form);
        assert_eq!(tidy(form), form, "tidy of tidy");
    }
}
