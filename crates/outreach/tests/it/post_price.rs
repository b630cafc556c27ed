//! Postage with its discounts, the order of posting, the sheets that go with it, and returns.

use model::{Day, Money};
use outreach::post::address::Address;
use outreach::post::price::{Kind, NoPrice, Posting, PriceTable, Scheme};
use outreach::post::{
    Message, Pick, Piece, PostingSheet, PrintedOffer, ReturnReason, Returned, Slack, UnreadReturn, bundles,
    read_returns, sort_for_post, write_pick_list, write_print_shop,
};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn posting(pieces: u32, kind: Kind) -> Posting {
    Posting {
        pieces,
        kind,
        grams: 5,
        scheme: Scheme::Plain,
        slack: Slack::None,
        with_barcode: 0,
        official_cards: false,
    }
}

/// M097: the cost is the table's, for every kind, scheme and step.
#[test]
fn costs_are_those_of_the_table() {
    let table = PriceTable::known().unwrap();
    let ads = |pieces| Posting {
        scheme: Scheme::Advertising,
        with_barcode: pieces,
        ..posting(pieces, Kind::Postcard)
    };
    let sorted = |pieces, slack| Posting { scheme: Scheme::Sorted, slack, ..posting(pieces, Kind::Postcard) };
    // Posting, hundredths of a yen.
    let cases = [
        (posting(1, Kind::Postcard), 8_500),
        (posting(1_999, Kind::Postcard), 1_999 * 8_500),
        (posting(10, Kind::Letter), 110_000),
        (posting(3, Kind::ReplyPostcard), 51_000),
        (Posting { grams: 51, ..posting(1, Kind::LargeLetter) }, 18_000),
        (Posting { grams: 1_000, ..posting(1, Kind::LargeLetter) }, 75_000),
        (Posting { with_barcode: 999, ..posting(1_000, Kind::Postcard) }, 8_500_000),
        (Posting { with_barcode: 1_000, ..posting(1_000, Kind::Postcard) }, 8_245_000),
        // 8 % + 3 % and onwards: 89 % of 85 yen, as print shops publish the steps.
        (ads(2_000), 2_000 * 85 * 89),
        (ads(3_000), 3_000 * 85 * 86),
        (ads(5_000), 5_000 * 85 * 83),
        (ads(10_000), 10_000 * 85 * 80),
        (ads(100_000), 100_000 * 85 * 74),
        (ads(1_000_000), 1_000_000 * 85 * 64),
        (sorted(2_000, Slack::None), 2_000 * 85 * 97),
        (sorted(2_000, Slack::ThreeDays), 2_000 * 85 * 95),
        (sorted(50_000, Slack::SevenDays), 50_000 * 85 * 91),
        (Posting { slack: Slack::SevenDays, ..ads(50_000) }, 50_000 * 85 * 73),
        (
            Posting { scheme: Scheme::Advertising, with_barcode: 2_000, ..posting(2_000, Kind::Letter) },
            2_000 * 110 * 85,
        ),
        // Some codes end in 00: those pieces have no barcode and no 3 %.
        (Posting { with_barcode: 1_900, ..ads(2_000) }, 2_000 * 85 * 92 - 1_900 * 85 * 3),
        (Posting { official_cards: true, ..ads(2_000) }, 2_000 * 8_500),
    ];
    for (posting, total) in cases {
        let cost = table.cost(day("2026-11-22"), &posting).unwrap();
        assert_eq!(cost.total, Money(total), "{posting:?}");
        assert_eq!(cost.parts.iter().map(|part| part.amount).sum::<Money>(), cost.total);
    }
}

#[test]
fn a_cost_names_its_parts_and_what_was_not_granted() {
    let table = PriceTable::known().unwrap();
    let asked =
        Posting { scheme: Scheme::Advertising, with_barcode: 1_500, ..posting(1_500, Kind::Postcard) };
    let cost = table.cost(day("2026-11-22"), &asked).unwrap();
    let parts: Vec<&str> = cost.parts.iter().map(|part| part.ja.as_str()).collect();
    assert_eq!(parts, ["通常はがき 85円×1500通", "バーコード付郵便物 3%割引"]);
    assert_eq!(cost.not_granted[0].ja, "広告郵便物: 2000通以上で適用されます");
    assert_eq!(cost.prices_from, day("2024-10-01"));
    assert_eq!(table.cost(day("2024-09-30"), &asked), Err(NoPrice::Day));
    let heavy = Posting { grams: 51, ..posting(1, Kind::Letter) };
    assert_eq!(table.cost(day("2026-11-22"), &heavy), Err(NoPrice::Weight));
}

fn piece(code: &str, prefecture: &str, rest: &str, name: &str) -> Piece {
    let address = Address::split(code, prefecture, rest, None);
    Piece {
        postal_code: code.into(),
        prefecture: prefecture.into(),
        address: address.lines(),
        barcode: address.barcode(code).ok(),
        name: name.into(),
        ..Piece::default()
    }
}

fn pieces() -> Vec<Piece> {
    vec![
        piece("650-0046", "兵庫県", "神戸市中央区港島中町9丁目7-6", "見本 三郎"),
        piece("1000013", "東京都", "千代田区霞が関1-3-2", "見本 一郎"),
        piece("bad", "", "どこか", "見本 四郎"),
        piece("100-0000", "東京都", "千代田区", "見本 二郎"),
        piece("100-0013", "東京都", "千代田区霞が関1-3-9", "見本 五郎"),
    ]
}

#[test]
fn pieces_go_out_by_postal_code() {
    let mut pieces = pieces();
    sort_for_post(&mut pieces);
    let names: Vec<&str> = pieces.iter().map(|piece| piece.name.as_str()).collect();
    assert_eq!(names, ["見本 二郎", "見本 一郎", "見本 五郎", "見本 三郎", "見本 四郎"]);
    let bundles: Vec<(String, usize)> =
        bundles(&pieces).into_iter().map(|b| (b.head, b.pieces.len())).collect();
    assert_eq!(bundles, [("100".into(), 3), ("650".into(), 1), ("---".into(), 1)]);
}

#[test]
fn the_posting_sheet_counts_everything() {
    let mut pieces = pieces();
    sort_for_post(&mut pieces);
    let cost = PriceTable::known().unwrap().cost(day("2026-11-22"), &posting(5, Kind::Postcard)).unwrap();
    let sheet = PostingSheet { title: "=秋の新茶", day: day("2026-11-25"), pieces: &pieces, cost: &cost };
    let text = sheet.to_text();
    for line in [
        "通数 / Pieces: 5",
        "うちバーコード付 / With barcode: 3",
        "東京都: 3通",
        "都道府県不明: 1通",
        "100: 3通",
        "Total: 425円",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let mut csv = vec![];
    sheet.write_csv(&mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(
        csv.starts_with("\u{FEFF}what,name,pieces,yen\r\nposting,'=秋の新茶,5,425\r\nbarcode,,3,\r\n"),
        "{csv}"
    );
    assert!(csv.contains("prefecture,東京都,3,\r\n") && csv.contains("bundle,650,1,\r\n"), "{csv}");
}

#[test]
fn the_print_shop_gets_every_column_and_no_formula() {
    let mut piece = piece("1000013", "東京都", "千代田区霞が関1-3-2 見本ビル", "=cmd|' /C calc'!A0");
    piece.company = "＋見本商事".into();
    piece.message = Message {
        headline: "秋の新茶".into(),
        paragraphs: vec!["一段落目,「引用」".into(), "二段落目".into()],
        offer: Some(PrintedOffer { text: "10%引き".into(), ends: day("2026-12-31") }),
        call: String::new(),
    };
    let mut out = vec![];
    write_print_shop(&[piece], &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let body = text.strip_prefix('\u{FEFF}').expect("a BOM, or Excel reads it as CP932");
    let mut rows = csv::Reader::from_reader(body.as_bytes());
    let header = rows.headers().unwrap().clone();
    let row = rows.records().next().unwrap().unwrap();
    let cell = |name: &str| row[header.iter().position(|h| h == name).unwrap()].to_owned();
    assert_eq!(cell("postal_code"), "100-0013");
    assert_eq!(
        (cell("address_1"), cell("address_2")),
        ("東京都千代田区霞が関1-3-2".into(), "見本ビル".into())
    );
    assert_eq!(cell("name"), "'=cmd|' /C calc'!A0");
    assert_eq!(cell("company"), "'＋見本商事");
    assert_eq!(cell("barcode"), "STC10000131-3-2CC4CC4CC4CC4CC4CC4CC4CC49SPC");
    assert_eq!(
        (cell("body"), cell("offer_ends")),
        ("一段落目,「引用」\n二段落目".into(), "2026-12-31".into())
    );
}

/// L-42: what each stamp says of the address and of the customer's will.
#[test]
fn returns_are_read_as_keyed_and_as_scanned() {
    let text = "\u{FEFF}https://shop.example.jp/r/AEAQCAMY?x=1,2\n\
                3\tM-000007\n\
                M-000007 3\n\
                転居先不明\n\
                https://shop.example.jp/r/tok2/\n\
                tok3\n\
                tok4,受取を拒絶されました\n\
                tok5,あて所に尋ねあたりません\n\
                tok3,保管期間が経過しました\n\
                tok6,なぜか\n\
                https://shop.example.jp,1\n";
    let (returned, unread) = read_returns(text);
    let one = |token: &str, reason| Returned { token: token.into(), reason };
    assert_eq!(
        returned,
        [
            one("aeaqcamy", ReturnReason::Moved),
            one("M-000007", ReturnReason::Refused),
            one("tok2", ReturnReason::Moved),
            one("tok4", ReturnReason::Refused),
            one("tok5", ReturnReason::NotKnownThere),
            one("tok3", ReturnReason::NotCollected),
        ]
    );
    let lines = [
        UnreadReturn::Reason { line: 2 },
        UnreadReturn::Reason { line: 10 },
        UnreadReturn::Token { line: 11 },
    ];
    assert_eq!(unread, lines);
    let meaning: Vec<(bool, bool)> =
        ReturnReason::ALL.iter().map(|reason| (reason.address_is_dead(), reason.is_refusal())).collect();
    assert_eq!(meaning, [(true, false), (true, false), (false, true), (false, false)]);
    for (at, reason) in ReturnReason::ALL.into_iter().enumerate() {
        assert_eq!(ReturnReason::read(&(at + 1).to_string()), Some(reason));
        assert_eq!(ReturnReason::read(reason.code()), Some(reason));
        assert_eq!(ReturnReason::read(reason.names().0), Some(reason));
    }
    assert_eq!(ReturnReason::read("5"), None);
}

/// M120: the pick list of a day has the orders up to its cut-off, leaflet by leaflet.
#[test]
fn leaflets_are_picked_up_to_the_cut_off() {
    let pick = |order: &str, ordered_at, leaflet: &str| Pick {
        order: order.into(),
        ordered_at,
        leaflet: leaflet.into(),
        stage: "リピーター".into(),
        why: "2回目のご注文".into(),
    };
    let picks =
        [pick("1003", 50, "b"), pick("1002", 100, "a"), pick("1001", 99, "a"), pick("1004", 101, "a")];
    let mut out = vec![];
    assert_eq!(write_pick_list(day("2026-11-25"), 100, &picks, &mut out).unwrap(), 3);
    let text = String::from_utf8(out).unwrap();
    let orders: Vec<&str> = text.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(orders, ["1001", "1002", "1003"]);
}
