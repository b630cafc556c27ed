//! How fast pieces are printed on this machine: `print [PIECES] [FILE] [postcards|letters|labels-12]`.

use model::Day;
use outreach::post::address::Address;
use outreach::post::pdf::{Faces, Job, LabelSheet, Sides, Window, print};
use outreach::post::{Imprint, Message, Payment, Piece, PostageMark, PrintedOffer, Sender, Slack};
use std::error::Error;
use std::io::{Write, stdout};
use std::path::Path;
use std::time::Instant;

const FONTS: &str = "/usr/share/fonts/opentype/noto";

#[allow(clippy::disallowed_methods, reason = "a program of its own, of a few numbers")]
fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().collect();
    let count: usize = words.get(1).map_or(Ok(2_000), |n| n.parse())?;
    let file = words.get(2).map_or("print.pdf", String::as_str);
    let kind = words.get(3).map_or("postcards", String::as_str);
    let job = match kind.strip_prefix("labels-") {
        Some(id) => {
            Job::Labels { sheet: LabelSheet::of(id).ok_or("no such sheet")?, start: 0, offset: [0, 0] }
        }
        None if kind == "letters" => Job::Letters { window: &Window::all()[0] },
        None => Job::Postcards(Sides::Both),
    };
    let begun = Instant::now();
    let faces = Faces::open(
        &Path::new(FONTS).join("NotoSansCJK-Regular.ttc"),
        &Path::new(FONTS).join("NotoSansCJK-Bold.ttc"),
    )?;
    let opened = begun.elapsed();
    let pieces: Vec<Piece> = (0..count).map(piece).collect();
    let begun = Instant::now();
    let printed = print(&pieces, &imprint(), &job, &faces)?;
    let took = begun.elapsed().as_secs_f64();
    std::fs::write(file, &printed.pdf)?;
    writeln!(
        stdout(),
        "{count} pieces ({} held back), {} pages, {} KB in {took:.2} s: {:.0} pieces/s; fonts opened in {:.2} s",
        printed.held.len(),
        printed.pages,
        printed.pdf.len() / 1024,
        count as f64 / took,
        opened.as_secs_f64()
    )?;
    for held in printed.held.iter().take(3) {
        let faults: Vec<String> = held.faults.iter().map(ToString::to_string).collect();
        writeln!(stdout(), "piece {}: {}", held.piece, faults.join("; "))?;
    }
    Ok(())
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
        mark: Some(PostageMark {
            payment: Payment::Monthly,
            office: "銀座局".into(),
            slack: Slack::ThreeDays,
        }),
        code_boxes: true,
        accent: [0, 60, 90, 5],
        stop: "郵便でのご案内が不要の方は、お手数ですが下記までお知らせください。次回から停止いたします。"
            .into(),
        contact: "お問い合わせ：お客様係 03-0000-0000（平日10:00〜17:00） mail@shop.example.jp".into(),
    }
}

fn piece(n: usize) -> Piece {
    let family = ["見本", "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林"];
    let given = ["花子", "太郎", "美咲", "健一", "陽菜", "大翔", "結衣", "蓮", "葵", "翔太"];
    let places = [
        ("100-0013", "東京都", "千代田区霞が関1丁目3番2号 郵便プラザ503室"),
        ("263-0023", "千葉県", "千葉市稲毛区緑町3丁目30-8 郵便ビル403号"),
        ("650-0046", "兵庫県", "神戸市中央区港島中町9丁目7-6 郵便シティA棟1F1号"),
        ("060-0906", "北海道", "札幌市東区北六条東4丁目 郵便センター6号館"),
    ];
    let (code, prefecture, rest) = places[n % places.len()];
    let address = Address::split(code, prefecture, rest, None);
    let name = format!("{}　{}", family[n % 10], given[n / 10 % 10]);
    let business = n % 4 == 3;
    Piece {
        reference: format!("M-{:06}", n + 1),
        postal_code: code.into(),
        prefecture: address.prefecture.clone(),
        address: address.lines(),
        barcode: address.barcode(code).ok(),
        company: if business { "見本商事株式会社".into() } else { String::new() },
        department: if business { "営業本部 第一営業部".into() } else { String::new() },
        title: if business { "部長".into() } else { String::new() },
        name: name.clone(),
        qr_url: format!("https://shop.example.jp/r/aeaqcamyd4kq2v7nh3lw5xj6tzu{:08}", n),
        message: Message {
            headline: "秋の新茶が入荷しました".into(),
            paragraphs: vec![
                format!("{}様には、昨年の秋に「深蒸し煎茶」をお求めいただきました。その節は誠にありがとうございました。", name.replace('　', " ")),
                "今年の新茶は、朝晩の冷え込みがはっきりしていたおかげで、香りが高く、まろやかな味わいに仕上がっております。以前お選びいただいた「深蒸し煎茶」のほか、香ばしい「ほうじ茶」もご用意いたしました。".into(),
                "季節の変わり目のひとときに、あたたかい一杯をお楽しみいただければ幸いです。".into(),
            ],
            offer: Day::from_ymd(2026, 12, 31).map(|ends| PrintedOffer {
                text: "2,000円以上のお買い上げで、送料無料と「冬のほうじ茶」1袋をお付けいたします。".into(),
                ends,
            }),
            call: "右のコードから、ご注文ページをご覧いただけます。ご登録の住所の確認もこちらからどうぞ。".into(),
        },
        ..Piece::default()
    }
}
