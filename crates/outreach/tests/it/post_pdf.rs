//! Postcards, letters and labels as they come out on paper: places within 0.3 mm, no letter lost.

use crate::post_paper::{Ink, Paper, blankless, text_of};
use model::Day;
use outreach::post::address::Address;
use outreach::post::barcode::{Bar, CustomerBarcode};
use outreach::post::pdf::{
    Faces, Fault, Field, FontError, Job, LabelSheet, Sides, Window, calibration, preflight, print,
};
use outreach::post::{Honorific, Imprint, Message, Payment, Piece, PostageMark, PrintedOffer, Sender, Slack};
use std::path::Path;
use std::sync::LazyLock;

const NOTO: &str = "/usr/share/fonts/opentype/noto";
/// What the issue allows, mm.
const NEAR: f32 = 0.3;

static FACES: LazyLock<Faces> = LazyLock::new(|| {
    let noto = |name: &str| Path::new(NOTO).join(name);
    Faces::open(&noto("NotoSansCJK-Regular.ttc"), &noto("NotoSansCJK-Bold.ttc")).expect("fonts-noto-cjk")
});

fn near(measured: f32, wanted: f32, what: &str) {
    assert!((measured - wanted).abs() <= NEAR, "{what}: {measured} mm, not {wanted} mm");
}

fn imprint() -> Imprint {
    Imprint {
        sender: Sender {
            name: "見本茶舗株式会社".into(),
            postal_code: "100-0013".into(),
            address: "東京都千代田区霞が関1丁目3番2号 見本ビル5階".into(),
            phone: "03-0000-0000".into(),
            site: "https://shop.example.jp/".into(),
        },
        mark: Some(PostageMark { payment: Payment::Monthly, office: "銀座局".into(), slack: Slack::None }),
        code_boxes: true,
        accent: [0, 60, 90, 5],
        stop: "郵便でのご案内が不要の方は、下記までお知らせください。".into(),
        contact: "お問い合わせ：03-0000-0000".into(),
    }
}

fn piece() -> Piece {
    let code = "100-0013";
    let address = Address::split(code, "東京都", "千代田区霞が関1丁目3番2号 郵便プラザ503室", None);
    Piece {
        reference: "M-000001".into(),
        postal_code: code.into(),
        prefecture: "東京都".into(),
        address: address.lines(),
        barcode: address.barcode(code).ok(),
        name: "見本　花子".into(),
        qr_url: "https://shop.example.jp/r/aeaqcamyd4kq2v7nh3lw5xj6tzu2".into(),
        message: Message {
            headline: "秋の新茶が入荷しました".into(),
            paragraphs: vec![
                "見本 花子様には、昨年の秋に「深蒸し煎茶」をお求めいただきました。".into(),
                "今年の新茶は、朝晩の冷え込みがはっきりしていたおかげで、香りが高く、まろやかな味わいに仕上がっております。".into(),
            ],
            offer: Day::from_ymd(2026, 12, 31)
                .map(|ends| PrintedOffer { text: "2,000円以上のお買い上げで送料無料".into(), ends }),
            call: "ご注文はこちらのコードからどうぞ。".into(),
        },
        ..Piece::default()
    }
}

/// The pages of pieces that can all be printed.
fn printed(pieces: &[Piece], imprint: &Imprint, job: &Job<'_>) -> Vec<u8> {
    let printed = print(pieces, imprint, job, &FACES).expect("a PDF");
    assert_eq!(printed.held, [], "nothing is held back");
    printed.pdf
}

fn window() -> Job<'static> {
    Job::Letters { window: &Window::all()[0] }
}

/// 郵便番号・バーコードマニュアル p5: inner edges, from the card's left and top.
#[test]
fn postal_code_boxes_stand_where_the_post_wants_them() {
    let paper = Paper::of(&printed(&[piece()], &imprint(), &Job::Postcards(Sides::Address)), 1);
    near(paper.size()[0], 100.0, "width");
    near(paper.size()[1], 148.0, "height");
    let strokes = paper.across(13.0, 40.0, 96.0, Ink::Red);
    assert_eq!(strokes.len(), 14, "two edges a box: {strokes:?}");
    for (at, left) in [44.3, 51.3, 58.3, 65.9, 72.7, 79.5, 86.3].into_iter().enumerate() {
        near(strokes[2 * at][1], left, "left edge");
        near(strokes[2 * at + 1][0], left + 5.7, "right edge");
        let thickness = strokes[2 * at][1] - strokes[2 * at][0];
        let allowed = if at < 3 { 0.4..=0.6 } else { 0.2..=0.4 };
        assert!(allowed.contains(&thickness), "box {at}: a line of {thickness} mm");
        let heights = paper.down(left + 0.4, 8.0, 24.0, Ink::Red);
        near(heights[0][1], 12.0, "top edge");
        near(heights[1][0], 20.0, "bottom edge");
        // The digit stands in its box and touches nothing.
        let digit = paper.across(16.0, left + 0.1, left + 5.6, Ink::Dark);
        let down = paper.down(left + 2.85, 12.1, 19.9, Ink::Dark);
        assert!(!digit.is_empty() || !down.is_empty(), "box {at} has a digit");
        assert!(digit.iter().all(|run| run[0] > left + 0.8 && run[1] < left + 4.9), "box {at}: {digit:?}");
    }
    let bare = Imprint { code_boxes: false, ..imprint() };
    let paper = Paper::of(&printed(&[piece()], &bare, &Job::Postcards(Sides::Address)), 1);
    assert!(paper.across(13.0, 40.0, 96.0, Ink::Red).is_empty(), "boxes that are printed already");
}

/// The bars of a page: the row with 67 of them, read back from the paper.
fn bars(paper: &Paper, rows: [f32; 2]) -> (Vec<[f32; 2]>, f32, Vec<Bar>) {
    let step = |n: usize| rows[0] + n as f32 * 0.1;
    let found = (0..((rows[1] - rows[0]) * 10.0) as usize).find_map(|n| {
        let bars = paper.across(step(n), 5.0, paper.size()[0] - 5.0, Ink::Dark);
        (bars.len() == CustomerBarcode::BARS).then(|| (step(n), bars))
    });
    let (first, bars) = found.expect("a row of 67 bars");
    let middle = first + 0.5;
    let read = bars.iter().map(|bar| {
        let x = (bar[0] + bar[1]) / 2.0;
        let run = paper.down(x, middle - 3.0, middle + 3.0, Ink::Dark);
        let run = run.iter().find(|run| run[0] < middle && run[1] > middle).expect("a bar");
        let (up, down) = (middle - run[0] > 1.0, run[1] - middle > 1.3);
        match (up, down) {
            (true, true) => Bar::Long,
            (true, false) => Bar::Upper,
            (false, true) => Bar::Lower,
            (false, false) => Bar::Timing,
        }
    });
    let read = read.collect();
    (bars, middle, read)
}

/// Manual p12 and p13: 9 points, 2 mm of white on every side, 10 mm from the edges; read back.
#[test]
fn the_barcode_is_where_and_what_it_must_be() {
    for (imprint, least) in [(imprint(), 0.0), (Imprint { mark: None, ..imprint() }, 70.0)] {
        let paper = Paper::of(&printed(&[piece()], &imprint, &Job::Postcards(Sides::Address)), 1);
        let (bars, middle, read) = bars(&paper, [40.0, 115.0]);
        let length = 66.0 * 1.08 + 0.54;
        near(bars[0][0], (100.0 - length) / 2.0, "start");
        near(bars[66][1] - bars[0][0], length, "length");
        for (at, bar) in bars.iter().enumerate() {
            near(bar[0], bars[0][0] + at as f32 * 1.08, "bar");
            let width = bar[1] - bar[0];
            assert!((0.45..=0.63).contains(&width), "0.50 to 0.70 x 0.9 mm: {width}");
        }
        assert_eq!(CustomerBarcode::read(&read), piece().barcode, "what a machine reads");
        let tall = paper.down((bars[0][0] + bars[0][1]) / 2.0, middle - 3.0, middle + 3.0, Ink::Dark);
        let tall = tall.iter().find(|run| run[0] < middle && run[1] > middle).unwrap();
        assert!((3.06..=3.24 + 0.05).contains(&(tall[1] - tall[0])), "long bar: {tall:?}");
        for beside in [[8.0, tall[0] - 2.0, 92.0, tall[0] - 0.1], [8.0, tall[1] + 0.1, 92.0, tall[1] + 2.0]] {
            assert_eq!(paper.printed(beside), None, "2 mm stay white");
        }
        assert!(bars[0][0] > 12.0 && bars[66][1] < 88.0, "10 mm and 2 mm of white at the ends");
        assert!(tall[0] > least, "not where stamps are cancelled: {tall:?}");
    }
}

/// 日本郵便「料金別納 表示の方法」: 20 to 30 mm wide; one line, two 1 to 2 mm apart, three.
#[test]
fn the_mark_has_the_lines_of_its_slack() {
    for (slack, lines) in [(Slack::None, 1), (Slack::ThreeDays, 2), (Slack::SevenDays, 3)] {
        let mark = PostageMark { payment: Payment::AtOnce, office: "銀座局".into(), slack };
        let imprint = Imprint { mark: Some(mark), ..imprint() };
        let pdf = printed(&[piece()], &imprint, &Job::Postcards(Sides::Address));
        let paper = Paper::of(&pdf, 1);
        let [left, top, right, bottom] = paper.printed([3.0, 8.0, 40.0, 38.0]).unwrap();
        assert!((20.0..=30.0).contains(&(right - left)) && (20.0..=30.0).contains(&(bottom - top)));
        assert!(left >= 3.0 && right <= 35.0, "at the upper left");
        let across = paper.down(14.0, 14.3, 23.0, Ink::Dark);
        assert_eq!(across.len(), lines, "{slack:?}: {across:?}");
        if let [.., above, below] = across[..] {
            assert!(lines < 2 || (1.0..=2.0).contains(&(below[0] - above[1])), "{above:?} {below:?}");
        }
        let text = text_of(&pdf, 1);
        assert!(["郵便はがき", "銀座局", "料金別納郵便"].iter().all(|words| text.contains(words)), "{text}");
    }
}

#[test]
fn the_code_on_the_message_side_is_its_customers() {
    let paper = Paper::of(&printed(&[piece()], &imprint(), &Job::Postcards(Sides::Message)), 1);
    let code = qrcodegen::QrCode::encode_text(&piece().qr_url, qrcodegen::QrCodeEcc::Medium).unwrap();
    let module = 21.0 / code.size() as f32;
    // Its right edge is the text's: 91 mm; its top is found on the left finder pattern.
    let left = 91.0 - 21.0;
    let finder = paper.down(left + module / 2.0, 70.0, 140.0, Ink::Dark);
    let top = finder.iter().find(|run| (run[1] - run[0] - 7.0 * module).abs() < 0.2).expect("a finder")[0];
    for y in 0..code.size() {
        for x in 0..code.size() {
            let at = |n: i32, from: f32| from + (n as f32 + 0.5) * module;
            let dark = paper.at(at(x, left), at(y, top), Ink::Dark);
            assert_eq!(dark, code.get_module(x, y), "module {x}, {y}");
        }
    }
    let quiet = 4.0 * module - 0.1;
    let around = [left - quiet, top - quiet, 91.0 + quiet, top + 21.0 + quiet];
    let [l, t, r, b] = paper.printed(around).unwrap();
    near(l, left, "left");
    near(t, top, "top");
    near(r, 91.0, "right");
    near(b, top + 21.0, "bottom");
}

#[test]
fn a_letter_shows_its_address_in_the_window_and_nothing_else_there() {
    let business = Piece {
        company: "見本商事株式会社".into(),
        department: "営業本部 第一営業部".into(),
        title: "代表取締役社長".into(),
        ..piece()
    };
    let window_area = &Window::all()[0];
    for piece in [piece(), business] {
        let pdf = printed(&[piece], &imprint(), &window());
        let paper = Paper::of(&pdf, 1);
        near(paper.size()[0], 210.0, "width");
        near(paper.size()[1], 297.0, "height");
        let [left, top, right, bottom] = paper.printed([10.0, 5.0, 110.0, 57.0]).unwrap();
        assert!(left >= window_area.left - NEAR && top >= window_area.top - NEAR, "{left} {top}");
        let (most_right, most_low) =
            (window_area.left + window_area.width, window_area.top + window_area.height);
        assert!(right <= most_right + NEAR && bottom <= most_low + NEAR, "{right} {bottom}");
        let (_, _, read) = bars(&paper, [window_area.top, most_low]);
        assert!(CustomerBarcode::read(&read).is_some());
    }
}

/// Every sheet, moved by 0.3 mm to the right and 0.2 mm up: its lines are where the data say.
#[test]
fn label_corners_are_where_the_sheet_has_them() {
    let ids: Vec<&str> = LabelSheet::all().iter().map(|sheet| sheet.id.as_str()).collect();
    assert_eq!(ids, ["10", "12", "18", "21", "24", "44", "65"]);
    for sheet in LabelSheet::all() {
        assert_eq!(sheet.labels().to_string(), sheet.id);
        let paper = Paper::of(&calibration(sheet, [3, -2], &FACES).unwrap(), 1);
        let (last, [left, top, width, height]) = (sheet.labels() - 1, sheet.place(sheet.labels() - 1));
        let row = top - 0.2 + height / 2.0;
        let across = paper.across(row, 0.0, 210.0, Ink::Dark);
        let column = left + 0.3 + width / 2.0;
        let down = paper.down(column, 0.0, 297.0, Ink::Dark);
        for label in
            (0..=last).filter(|label| label / sheet.columns as usize == last / sheet.columns as usize)
        {
            let [left, _, width, _] = sheet.place(label);
            edges(&across, [left + 0.3, left + width + 0.3], 210.0, &sheet.id);
        }
        for label in (0..=last).filter(|label| label % sheet.columns as usize == sheet.columns as usize - 1) {
            let [_, top, _, height] = sheet.place(label);
            edges(&down, [top - 0.2, top + height - 0.2], 297.0, &sheet.id);
        }
        assert!(left + width <= 210.05 && top + height <= 297.05, "{} lies on the sheet", sheet.id);
    }
}

fn edges(runs: &[[f32; 2]], wanted: [f32; 2], end: f32, sheet: &str) {
    for edge in wanted.into_iter().filter(|edge| *edge < end) {
        let middle = |run: &[f32; 2]| (run[0] + run[1]) / 2.0;
        let found = runs.iter().any(|run| (middle(run) - edge).abs() <= NEAR);
        assert!(found, "sheet {sheet}: no line at {edge} mm in {runs:?}");
    }
}

#[test]
fn labels_begin_on_a_used_sheet_and_stay_within_their_edges() {
    let long = Piece {
        address: vec![
            "北海道札幌市中央区南四条西29丁目1524番地の23".into(),
            "見本第二郵便ハウス東館501号室".into(),
        ],
        company: "株式会社見本商事札幌支店".into(),
        ..piece()
    };
    for sheet in LabelSheet::all() {
        let start = sheet.labels() - 2;
        let job = Job::Labels { sheet, start, offset: [2, -1] };
        let pieces = [piece(), long.clone(), piece()];
        let out = print(&pieces, &imprint(), &job, &FACES).unwrap();
        assert_eq!((out.pages, out.held), (2, vec![]), "sheet {}", sheet.id);
        let papers = [Paper::of(&out.pdf, 1), Paper::of(&out.pdf, 2)];
        for (paper, labels) in papers.iter().zip([start..start + 2, 0..1]) {
            for label in 0..sheet.labels() {
                let [left, top, width, height] = sheet.place(label);
                let moved = [left + 0.2, top - 0.1, left + width + 0.2, top + height - 0.1];
                let ink = paper.printed(moved);
                assert_eq!(ink.is_some(), labels.contains(&label), "sheet {} label {label}", sheet.id);
                let Some([l, t, r, b]) = ink else { continue };
                let free = [l - moved[0], t - moved[1], moved[2] - r, moved[3] - b];
                assert!(free.iter().all(|mm| *mm >= 1.0), "sheet {} label {label}: {free:?}", sheet.id);
            }
        }
    }
}

/// Addressees that strain every line; all of them can be printed on a card and in a letter.
fn strained() -> Vec<Piece> {
    let with = |change: fn(&mut Piece)| {
        let mut piece = piece();
        change(&mut piece);
        piece
    };
    vec![
        piece(),
        with(|p| {
            p.address = vec![
                "鹿児島県熊毛郡屋久島町宮之浦字見本原一二三四番地の五六七八".into(),
                "グランドシティタワーズ見本ガーデンヒルズレジデンス弐番館アネックス東棟1234号室".into(),
            ]
        }),
        with(|p| {
            p.address = vec![
                "東京都千代田区霞が関1-3-2".into(),
                "SAMPLE INTERNATIONAL BUSINESS CENTER TOWER EAST WING 12F ROOM 1201".into(),
            ]
        }),
        with(|p| p.name = "マリア・アントニア・ホセファ・デ・ラ・クルス・サンチェス".into()),
        with(|p| {
            p.company = "一般社団法人見本地域産業振興会連合協議会南関東支部".into();
            p.department = "総務本部 経営企画室 デジタル推進担当".into();
            p.title = "代表取締役社長執行役員".into();
        }),
        with(|p| {
            (p.name, p.company, p.honorific) = (String::new(), "見本商事株式会社".into(), Honorific::Onchu);
        }),
        with(|p| p.name = "𠮷野家　﨑子".into()),
        with(|p| p.name = "葛\u{E0101}城　辻\u{E0101}子".into()),
        with(|p| {
            p.message.headline =
                "いつもご愛顧いただいている皆さまへ、秋の新茶と冬の贈り物のご案内を申し上げます".into()
        }),
        with(|p| {
            p.message.paragraphs = vec![
                "季節の変わり目、いかがお過ごしでしょうか。".repeat(8),
                "（「お茶」と『菓子』）、".repeat(6),
                "https://shop.example.jp/".repeat(3),
            ];
        }),
    ]
}

#[test]
fn no_text_is_cut_or_lost() {
    let pieces = strained();
    for (job, pages, size) in
        [(Job::Postcards(Sides::Both), 2, [100.0, 148.0]), (window(), 1, [210.0, 297.0])]
    {
        let pdf = printed(&pieces, &imprint(), &job);
        for (at, piece) in pieces.iter().enumerate() {
            let first = at * pages + 1;
            let text: String = (first..first + pages).map(|page| text_of(&pdf, page)).collect();
            let message = &piece.message;
            let whole = [
                piece.address.concat(),
                piece.company.clone(),
                piece.department.clone(),
                piece.title.clone(),
            ];
            let words =
                [&message.headline, &message.call, &imprint().stop, &imprint().contact].map(Clone::clone);
            let offer = message.offer.as_ref().map(|offer| offer.text.clone());
            let ends = Some("2026年12月31日（木）まで".to_owned());
            let name = Some(format!("{}{}", piece.name, if piece.name.is_empty() { "" } else { "様" }));
            let all = whole
                .into_iter()
                .chain(words)
                .chain(message.paragraphs.clone())
                .chain(offer)
                .chain(ends)
                .chain(name);
            for part in all.map(|part| blankless(&part)) {
                assert!(text.contains(&part), "piece {at}: {part} is not whole in {text}");
            }
            for page in first..first + pages {
                let ink = Paper::of(&pdf, page).printed([0.0, 0.0, size[0], size[1]]).unwrap();
                let free = [ink[0], ink[1], size[0] - ink[2], size[1] - ink[3]];
                assert!(free.iter().all(|mm| *mm >= 3.9), "piece {at} page {page}: margins {free:?}");
            }
        }
    }
}

#[test]
fn what_cannot_be_printed_is_held_back_and_says_why() {
    let with = |change: fn(&mut Piece)| {
        let mut piece = piece();
        change(&mut piece);
        piece
    };
    let cases: [(Piece, Vec<Fault>); 9] = [
        (piece(), vec![]),
        (with(|p| p.name = "見本😀花子\u{1F375}".into()), vec![Fault::MissingGlyphs("😀🍵".into())]),
        (with(|p| p.name = "寿限無".repeat(20)), vec![Fault::DoesNotFit(Field::Name)]),
        (with(|p| p.address = vec!["長い住所".repeat(60)]), vec![Fault::DoesNotFit(Field::Address)]),
        (
            with(|p| p.message.paragraphs = vec!["長い本文です。".repeat(200)]),
            vec![Fault::DoesNotFit(Field::Message)],
        ),
        (with(|p| p.message.headline = "長い見出し".repeat(30)), vec![Fault::DoesNotFit(Field::Headline)]),
        (
            with(|p| p.qr_url = format!("https://shop.example.jp/{}", "a".repeat(900))),
            vec![Fault::QrTooDense],
        ),
        (with(|p| p.postal_code = "100-001".into()), vec![Fault::PostalCode]),
        (with(|p| p.name = String::new()), vec![Fault::NoAddressee]),
    ];
    let pieces: Vec<Piece> = cases.iter().map(|(piece, _)| piece.clone()).collect();
    let job = Job::Postcards(Sides::Both);
    let out = print(&pieces, &imprint(), &job, &FACES).unwrap();
    assert_eq!(out.pages, 2, "only the first is printed");
    for (at, (_, faults)) in cases.iter().enumerate() {
        let held = out.held.iter().find(|held| held.piece == at).map(|held| held.faults.clone());
        assert_eq!(held.unwrap_or_default(), *faults, "piece {at}");
    }
    assert_eq!(preflight(&pieces, &imprint(), &job, &FACES), out.held);
    let none = print(&pieces[1..], &imprint(), &job, &FACES).unwrap();
    assert_eq!((none.pdf.len(), none.pages, none.held.len()), (0, 0, 8));
    let said = Fault::DoesNotFit(Field::Address).to_string();
    assert_eq!(said, "住所が収まりません。短くしてください / the address does not fit: please shorten it");
}

#[test]
fn the_same_pieces_give_the_same_bytes() {
    let job = Job::Postcards(Sides::Both);
    let once = printed(&strained(), &imprint(), &job);
    assert!(once == printed(&strained(), &imprint(), &job));
}

#[test]
fn a_missing_font_is_a_clear_error() {
    let nowhere = Path::new("/nowhere/font.ttc");
    let Err(missing) = Faces::open(nowhere, nowhere) else { panic!("no font there") };
    assert!(
        missing.to_string().contains("/nowhere/font.ttc") && missing.to_string().contains("fonts-noto-cjk")
    );
    let text = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(text.path(), "no font").unwrap();
    assert!(matches!(Faces::open(text.path(), text.path()), Err(FontError::NotAFont { .. })));
}
