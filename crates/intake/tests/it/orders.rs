//! Rows to orders: scattered, without ids, in both widths, by map, in every packing.

use crate::help::{entries, map_options, open, options, orders, shown};
use intake::{Entry, Map};
use model::{Item, Membership, Money, OrderKind, Standing};
use std::io::Write;

const PLAIN: &str = "order,customer,ordered_at,total\n";

#[test]
fn plain_orders_in_every_encoding_and_packing() {
    let text =
        "order,customer,ordered_at,total,item\n1,7,2024-01-05,\"1,200\",茶\n2,8,2024/1/6 10:00,¥500,海苔\n";
    let sjis = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    let euc = encoding_rs::EUC_JP.encode(text).0.into_owned();
    let bom = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let le: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&sjis).expect("memory");
    let tabs = text.replace("\"1,200\"", "1200").replace(',', "\t").into_bytes();
    let semicolons = text.replace("\"1,200\"", "1200").replace(',', ";").replace('\n', "\r\n").into_bytes();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), "UTF-8"),
        (bom, "UTF-8 BOM"),
        (sjis, "CP932"),
        (euc, "EUC-JP"),
        (le, "UTF-16"),
        (be, "UTF-16"),
        (gz.finish().expect("memory"), "CP932"),
        (tabs, "UTF-8"),
        (semicolons, "UTF-8"),
    ] {
        let upload = open(bytes);
        assert_eq!(upload.encoding(), encoding);
        let found: Vec<_> = orders(&upload)
            .into_iter()
            .map(|o| (o.ext_id, o.day.to_string(), o.total.0, o.lines[0].name.clone()))
            .collect();
        let expected = [("1", "2024-01-05", 120_000, "茶"), ("2", "2024-01-06", 50_000, "海苔")];
        assert_eq!(
            found,
            expected.map(|(a, b, c, d)| (a.to_owned(), b.to_owned(), c, d.to_owned())),
            "{encoding}"
        );
    }
}

#[test]
fn members_of_a_zip_and_a_worksheet() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [
        ("a.csv", "order,customer,ordered_at,total\n1,7,2024-01-05,100\n"),
        ("b/c.csv", "sku,item\nA-1,茶\n"),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory");
        zip.write_all(text.as_bytes()).expect("memory");
    }
    let bytes = zip.finish().expect("memory").into_inner();
    let uploads = intake::open_bytes("both.zip", bytes, &options()).expect("a zip");
    let found: Vec<_> = uploads.iter().map(|u| (u.label(), u.kind().word())).collect();
    assert_eq!(found, [("both.zip!a.csv", "orders"), ("both.zip!b/c.csv", "products")]);

    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("表紙").expect("a name");
    let sheet = book.add_worksheet();
    for (column, header) in ["order", "customer", "ordered_at", "total"].into_iter().enumerate() {
        sheet.write(2, column as u16, header).expect("a cell");
    }
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy/mm/dd");
    let serial = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 1, 5).expect("a date");
    sheet.write(0, 0, "売上一覧").expect("a cell");
    sheet.write(3, 0, 1001).expect("a cell").write(3, 1, "7,a").expect("a cell");
    sheet.write_with_format(3, 2, &serial, &date).expect("a cell").write(3, 3, 1234.5).expect("a cell");
    sheet.write(4, 0, 1002).expect("a cell").write(4, 1, 8).expect("a cell");
    sheet.write(4, 2, 45297).expect("a cell").write(4, 3, 99).expect("a cell");
    let upload = open(book.save_to_buffer().expect("memory"));
    let found: Vec<_> =
        orders(&upload).into_iter().map(|o| (o.ext_id, o.buyer.ext_id, o.day.to_string(), o.total)).collect();
    let row = |o: &str, c: &str, d: &str, t| (o.to_owned(), c.to_owned(), d.to_owned(), Money(t));
    assert_eq!(found, [row("1001", "7,a", "2024-01-05", 123_450), row("1002", "8", "2024-01-06", 9_900)]);
}

#[test]
fn an_order_is_one_however_its_rows_lie() {
    let text = "order,customer,ordered_at,total,item,quantity,price\n\
        1,7,2024-01-05,300,茶,1,100\n1,7,2024-01-05,300,海苔,2,100\n\
        2,8,2024-01-06,50,米,1,50\n\
        1,7,2024-01-05,300,味噌,1,0\n\
        3,8,2024-01-07,70,米,1,70\n";
    let upload = open(text.into());
    let survey = upload.survey(&mut |_, _| {}).expect("good");
    assert_eq!(
        (survey.rows, survey.orders, survey.items, survey.customers, survey.rejected),
        (5, 3, 3, 2, 0)
    );
    let mut found: Vec<_> =
        orders(&upload).into_iter().map(|o| (o.ext_id.clone(), o.total.0, o.lines.len())).collect();
    found.sort();
    assert_eq!(found, [("1".to_owned(), 30_000, 3), ("2".to_owned(), 5_000, 1), ("3".to_owned(), 7_000, 1)]);
}

#[test]
fn orders_without_ids_get_the_same_ones_again() {
    let map = Map::parse(
        "kind = 'orders'\nsource = 'cd'\n[columns]\ncustomer = 'cust'\nordered_at = 'date'\ntotal = 'amount'",
    )
    .expect("a map");
    let text =
        "cust,date,amount\n1,1997-01-01,11.77\n2,1997-01-12,12.0\n2,1997-01-12,77.0\n2,1997-01-13,1.0\n";
    let upload = intake::open_bytes("c.csv", text.into(), &map_options(map)).expect("known").remove(0);
    assert_eq!(upload.source(), "cd");
    let ids: Vec<_> = orders(&upload).into_iter().map(|o| (o.ext_id, o.total.0)).collect();
    let at = |day: i64| (9_862 + day) * 86_400 - 9 * 3_600;
    let expected = [
        (format!("1|{}|1", at(0)), 1_177),
        (format!("2|{}|1", at(11)), 1_200),
        (format!("2|{}|2", at(11)), 7_700),
        (format!("2|{}|1", at(12)), 100),
    ];
    assert_eq!(ids, expected);
    assert_eq!(orders(&upload), orders(&upload));
}

#[test]
fn a_map_adds_to_a_known_format() {
    let text = "注文ID,受注日,お名前(姓),支払合計,媒体\n1,2024-01-05,山田,100,DM7\n";
    let map = Map::parse("source = 'eccube'\n[columns]\nmedium = '媒体'").expect("a map");
    let upload = intake::open_bytes("o.csv", text.into(), &map_options(map)).expect("known").remove(0);
    let order = orders(&upload).remove(0);
    assert_eq!(
        (order.medium.as_deref(), order.total, upload.source()),
        (Some("DM7"), Money::units(100), "eccube")
    );
    let wrong =
        Map::parse("kind = 'orders'\n[columns]\ntotal = '金額'\nordered_at = '受注日'").expect("a map");
    let error =
        intake::open_bytes("o.csv", text.into(), &map_options(wrong)).err().expect("refused").to_string();
    assert!(error.contains("there is no column \"金額\"") && error.contains("媒体"), "{error}");
}

#[test]
fn bad_rows_and_cells_are_told_apart() {
    let text = "order,customer,ordered_at,total,phone,name\n\
        1,7,2023-02-30,100,,a\n2,8,2024-01-06,abc,,b\n3,9,2024-01-06,10,9.01E+09,山田太郎\n\
        4,9,2024-01-06,10,090-1234-5678,山田太郎\n5,7.2E+12,2024-01-06,1,,\n6,1,2024-01-06,1,,\n7,1,2024-01-06,1,,\n8,1,,1,,\n";
    let upload = open(text.into());
    let survey = upload.survey(&mut |_, _| {}).expect("good enough");
    assert_eq!((survey.rows, survey.orders, survey.rejected, survey.refused_cells), (8, 4, 4, 1));
    let mut told = Vec::new();
    for entry in entries(&upload) {
        if let Entry::Reject(r) = entry {
            told.push(format!(
                "{} {} '{}' {} {}",
                r.line,
                r.column,
                r.value,
                r.row_lost,
                r.reason.chars().take(17).collect::<String>()
            ));
        }
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    2 ordered_at '2023-02-30' true the calendar has 
    3 total 'abc' true not an amount of 
    4 phone '9.01E+09' false Excel turned this
    6 customer '7.2E+12' true Excel turned this
    9 ordered_at '' true the date is blank
    ");
}

#[test]
fn a_file_of_bad_rows_is_refused_with_the_likely_cause() {
    let text = format!("{PLAIN}1,7,31/12/2024,1\n2,7,30/12/2024,1\n3,7,2024-01-01,1\n");
    let error = open(text.into()).survey(&mut |_, _| {}).err().expect("refused").to_string();
    insta::assert_snapshot!(error, @r#"test.csv: refused, since 2 of 3 rows are bad. Most of them (2): day or month first? say which in a map: [formats] date = "%d/%m/%Y" or "%m/%d/%Y" (column ordered_at, first in line 2). If the column is another one, or written in another way, say so in a map (`mezame import --suggest-map`)."#);
    let two = format!("{PLAIN}1,7,x,1\n2,7,y,1\n");
    assert!(open(two.into()).survey(&mut |_, _| {}).is_ok());
}

#[test]
fn statuses_decide() {
    let text = "order,customer,ordered_at,total,status,paid_at,cancelled_at,refunded\n\
        1,7,2024-01-05,100,完了,,,\n2,7,2024-01-05,100,未入金,,,\n3,7,2024-01-05,100,未入金,2024-01-06,,\n\
        4,7,2024-01-05,100,キャンセル,,,\n5,7,2024-01-05,100,返品,,,\n6,7,2024-01-05,100,完了,,2024-01-07,\n\
        7,7,2024-01-05,100,謎,,,\n8,7,2024-01-05,-30,,,,\n9,7,2024-01-05,100,返金,,,\n10,7,2024-01-05,100,完了,,,-40\n\
        11,7,2024-01-05,100,下書き,,,\n";
    let upload = open(text.into());
    let found: Vec<_> = orders(&upload)
        .into_iter()
        .map(|o| (o.standing, o.kind, o.total.0 / 100, o.refunded.0 / 100))
        .collect();
    use OrderKind::{Refund, Sale};
    use Standing::{Cancelled, Completed, Pending, Returned};
    let expected = [
        (Completed, Sale, 100, 0),
        (Pending, Sale, 100, 0),
        (Completed, Sale, 100, 0),
        (Cancelled, Sale, 100, 0),
        (Returned, Sale, 100, 0),
        (Cancelled, Sale, 100, 0),
        (Completed, Sale, 100, 0),
        (Completed, Refund, -30, 0),
        (Completed, Refund, -100, 0),
        (Completed, Sale, 100, 40),
    ];
    assert_eq!(found, expected);
    let survey = upload.survey(&mut |_, _| {}).expect("good");
    assert!(
        survey.warnings.iter().any(|w| w.contains("\"謎\" is not known (1 times): counted as completed")),
        "{:?}",
        survey.warnings
    );
}

#[test]
fn guests_gifts_and_addressees() {
    let head = "order,customer,ordered_at,total,name,email,phone,postal,address,recipient_name,gift\n";
    let rows = "1,,2024-01-05,1,山田 太郎,Taro@example.jp,,,,山田太郎,\n\
        2,,2024-01-06,1,山田太郎,taro@EXAMPLE.jp,,,,佐藤花子,\n\
        3,0,2024-01-06,1,鈴木一,,090-1234-5678,,,,のし\n\
        4,ゲスト,2024-01-06,1,鈴木一,,,100-0001,千代田区1-1,鈴木　一,なし\n\
        5,,2024-01-06,1,,,,,,,\n6,77,2024-01-06,1,髙橋花子,,,,,高橋 花子,0\n";
    let upload = open(format!("{head}{rows}").into());
    let found: Vec<_> =
        orders(&upload).into_iter().map(|o| format!("{} {} {}", o.ext_id, o.buyer.ext_id, o.gift)).collect();
    insta::assert_snapshot!(found.join("\n"), @r"
    1 guest:taro@example.jp/山田太郎 false
    2 guest:taro@example.jp/山田太郎 true
    3 guest:09012345678/鈴木一 true
    4 guest:1000001/千代田区1-1/鈴木一 false
    5 guest:order:5 false
    6 77 false
    ");
    let last = orders(&upload).remove(5).buyer.record.expect("facts");
    assert_eq!((last.membership, last.name.given.as_str()), (Membership::Member, "髙橋花子"));
    assert_eq!(upload.survey(&mut |_, _| {}).expect("good").customers, 5);
}

#[test]
fn other_kinds() {
    for (text, expected) in [
        (
            "customer,name,email,mail_consent,post_consent,membership,withdrawn_on\n1,山田太郎,a@example.jp,希望する,不要,,\n2,佐藤花子,,,,退会,2024-01-05\n",
            "record 1 Member [(Mail, true), (Post, false)] [] None; record 2 Withdrawn [] [] Some(2024-01-05)",
        ),
        (
            "customer,phone_consent,mail_consent\n1,不可,配信停止\n",
            "record 1 Member [] [MailOptOut, PhoneRefusal] None",
        ),
        (
            "email,channel,basis,on,agreed\nA@example.jp,メール,,2024/1/5,\nb@example.jp,dm,business_card,,no\nc@example.jp,sms,,,stop\n",
            "consent a@example.jp Mail OptIn true; consent b@example.jp Post BusinessCard false; suppression c@example.jp Some(Sms) SmsOptOut",
        ),
        (
            "customer,reason,channel\n1,退会,\n2,電話不可,\n3,謎,mail\n",
            "suppression 1 None Withdrawn; suppression 2 Some(Phone) PhoneRefusal; suppression 3 Some(Mail) MailOptOut",
        ),
        (
            "customer,subscription_status,next_delivery,item\n1,休止,,茶\n2,,2024-02-01,茶\n",
            "subscription 1|茶 Paused None; subscription 2|茶 Running Some(2024-02-01)",
        ),
        (
            "customer,balance,expires,as_of\n1,\"1,500\",2024-12-31,2024-11-20\n",
            "balance 1 150000 Some(2024-12-31) Some(2024-11-20)",
        ),
        (
            "customer,name,mourning\n1,見本 花子,2024-10-02\n2,見本 太郎,はい\n3,見本 次郎,\n",
            "record 1 Member [] [] None; mourning 1 Some(2024-10-02); record 2 Member [] [] None; mourning 2 None; record 3 Member [] [] None",
        ),
        (
            "customer,code,expires,used\n1,SPRING,2024-12-31,\n2,SPRING,2024-12-31,2024-11-02\n",
            "coupon 1 SPRING Some(2024-12-31) false; coupon 2 SPRING Some(2024-12-31) true",
        ),
        (
            "customer,on,activity,note\n1,2024-01-05,クレーム,電話\n2,2024-01-06,,\n",
            "activity 1 ComplaintOpened 2024-01-05; activity 2 Contact 2024-01-06",
        ),
        (
            "sku,item,days_per_unit,margin,sensitive\nA,茶,30,35%,はい\n",
            "product A Some(30.0) Some(0.35) true",
        ),
    ] {
        let items = entries(&open(text.into())).into_iter().map(|e| match e {
            Entry::Item(_, item) => shown(&item),
            Entry::Reject(r) => format!("! {}", r.reason),
        });
        assert_eq!(items.collect::<Vec<_>>().join("; "), expected);
    }
}

#[test]
fn the_sample_says_how_rows_are_understood() {
    let text = "order,customer,ordered_at,total,status,phone,memo\n1,7,2024/1/5 10:00,\"¥1,200\",発送済,9012345678,x\n";
    let survey = open(text.into()).survey(&mut |_, _| {}).expect("good");
    let row: Vec<String> = survey.sample[0].iter().map(|(f, v)| format!("{f}={v}")).collect();
    assert_eq!(
        row.join(" "),
        "customer=7 phone=09012345678 order=1 ordered_at=2024-01-05 10:00 status=completed total=1200"
    );
    assert_eq!(survey.columns[6], ("memo".to_owned(), None));
    assert_eq!(survey.columns[3], ("total".to_owned(), Some("total".to_owned())));
}

#[test]
fn reading_stops_when_told() {
    let upload = open(format!("{PLAIN}1,7,2024-01-05,1\n2,7,2024-01-05,1\n3,7,2024-01-05,1\n").into());
    let survey = upload.survey(&mut |_, _| {}).expect("good");
    let mut seen = 0;
    upload
        .read(&survey, &mut |entry| {
            assert!(matches!(entry, Entry::Item(_, Item::Order(_))));
            seen += 1;
            std::ops::ControlFlow::Break(())
        })
        .expect("read");
    assert_eq!(seen, 1);
}
