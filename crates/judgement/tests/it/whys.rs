//! Why somebody stands where they stand: the exact words, with the person's own figures.

use crate::books::{TODAY, ago};
use crate::life::Life;
use judgement::outlook::why;
use model::{Day, EventKind as K, Money, Outlook};

/// Due, or gone, so many days before today; negative for days to come.
fn due(late: i32) -> Outlook {
    Outlook {
        p_return: 0.124,
        p_low: 0.05,
        p_high: 0.3,
        value_if_returns: Money(300_000),
        next_order: Day(TODAY - late),
        stock_until: None,
        peers_back: 0.0,
    }
}

fn stocked(late: i32) -> Outlook {
    Outlook { stock_until: Some(Day(TODAY - late)), ..due(late) }
}

#[track_caller]
fn check(life: Life, o: Outlook, ja: &str, en: &str) {
    let told = why(&life.history(TODAY), &o, Day(TODAY), 180);
    assert_eq!((told.ja.as_str(), told.en.as_str()), (ja, en));
}

#[test]
fn by_what_somebody_has_bought_so_far() {
    check(
        ago(&[97]),
        Outlook { peers_back: 0.31, ..due(12) },
        "ご購入は一度で、それから97日空いています。一度購入された方の3割は、これだけ空く前に2回目のご注文をされています。何もしない場合、180日以内にご注文のある見込みは12%です。この店の平均的な間隔なら2026/11/10ごろに次のご注文がある計算で、そこから12日過ぎています。",
        "Bought once, 97 days ago. Of those who had bought once, about 30% had ordered again by then. If nothing is done, an order within 180 days has a probability of 12%. By the shop's mean gap the next order was due about 2026-11-10, 12 days ago.",
    );
    check(
        ago(&[97, 131]),
        Outlook { peers_back: 0.55, ..due(1) },
        "前回は34日後に再購入、今回は97日空いています。2回購入された方の6割は、これだけ空く前に3回目のご注文をされています。何もしない場合、180日以内にご注文のある見込みは12%です。ふだんどおりなら2026/11/21ごろに次のご注文がある計算で、そこから1日過ぎています。",
        "Came back after 34 days before; it has now been 97 days. Of those who had bought twice, about 60% had ordered again by then. If nothing is done, an order within 180 days has a probability of 12%. By the usual rhythm the next order was due about 2026-11-21, 1 day ago.",
    );
    check(
        ago(&[97, 129, 161, 193]),
        Outlook { peers_back: 0.82, ..due(60) },
        "ふだん32日ごとに購入、今回は97日空いています。同じくらいの間隔で買う方の8割は、これだけ空く前に次のご注文をされています。何もしない場合、180日以内にご注文のある見込みは12%です。ふだんどおりなら2026/09/23ごろに次のご注文がある計算で、そこから60日過ぎています。",
        "Usually buys every 32 days; it has now been 97 days. Of those with a like rhythm, about 80% had ordered again by then. If nothing is done, an order within 180 days has a probability of 12%. By the usual rhythm the next order was due about 2026-09-23, 60 days ago.",
    );
    check(
        Life::new([400, 60, 30].map(|d| (TODAY - d, K::Invoice, 100, 0)).to_vec()),
        Outlook { peers_back: 0.82, ..due(2) },
        "最後のお取引から30日空いています。何もしない場合、180日以内にご注文のある見込みは12%です。この店の平均的な間隔なら2026/11/20ごろに次のご注文がある計算で、そこから2日過ぎています。",
        "The last dealing was 30 days ago. If nothing is done, an order within 180 days has a probability of 12%. By the shop's mean gap the next order was due about 2026-11-20, 2 days ago.",
    );
    assert_eq!(why(&ago(&[]).history(TODAY), &due(0), Day(TODAY), 180).ja, "");
}

#[test]
fn before_it_is_due() {
    check(
        ago(&[20, 52, 85]),
        due(-13),
        "ふだん32.5日ごとに購入、今回は20日空いています。何もしない場合、180日以内にご注文のある見込みは12%です。ふだんどおりなら次のご注文は2026/12/05ごろです。",
        "Usually buys every 32.5 days; it has now been 20 days. If nothing is done, an order within 180 days has a probability of 12%. By the usual rhythm the next order is due about 2026-12-05.",
    );
    check(
        ago(&[1]),
        due(-60),
        "ご購入は一度で、それから1日空いています。何もしない場合、180日以内にご注文のある見込みは12%です。この店の平均的な間隔なら次のご注文は2027/01/21ごろです。",
        "Bought once, 1 day ago. If nothing is done, an order within 180 days has a probability of 12%. By the shop's mean gap the next order is due about 2027-01-21.",
    );
    check(
        ago(&[0]),
        due(-60),
        "初めてのご購入が基準日当日にありました。何もしない場合、180日以内にご注文のある見込みは12%です。この店の平均的な間隔なら次のご注文は2027/01/21ごろです。",
        "Bought for the first time on this very day. If nothing is done, an order within 180 days has a probability of 12%. By the shop's mean gap the next order is due about 2027-01-21.",
    );
    check(
        ago(&[0, 32, 64]),
        due(-32),
        "ふだん32日ごとに購入、最後のご注文は基準日当日です。何もしない場合、180日以内にご注文のある見込みは12%です。ふだんどおりなら次のご注文は2026/12/24ごろです。",
        "Usually buys every 32 days; the last order was on this very day. If nothing is done, an order within 180 days has a probability of 12%. By the usual rhythm the next order is due about 2026-12-24.",
    );
}

#[test]
fn goods_at_home() {
    check(
        ago(&[30, 62, 94]),
        stocked(-90),
        "ふだん32日ごとに購入、今回は30日空いています。何もしない場合、180日以内にご注文のある見込みは12%です。手元の商品はあと90日分ほど残っている見込みです。",
        "Usually buys every 32 days; it has now been 30 days. If nothing is done, an order within 180 days has a probability of 12%. The goods at home should last 90 days more.",
    );
    check(
        ago(&[70]),
        stocked(10),
        "ご購入は一度で、それから70日空いています。何もしない場合、180日以内にご注文のある見込みは12%です。手元の商品は2026/11/12ごろに使い切った見込みで、そこから10日過ぎています。",
        "Bought once, 70 days ago. If nothing is done, an order within 180 days has a probability of 12%. The goods at home should have run out about 2026-11-12, 10 days ago.",
    );
    check(
        ago(&[70]),
        stocked(0),
        "ご購入は一度で、それから70日空いています。何もしない場合、180日以内にご注文のある見込みは12%です。手元の商品はちょうど使い切るころの見込みです。",
        "Bought once, 70 days ago. If nothing is done, an order within 180 days has a probability of 12%. The goods at home should be running out about now.",
    );
}

/// The part of the sentences that a probability, or a share of peers, makes.
#[test]
fn figures_are_rounded_and_never_certain() {
    for (p, ja, en) in [
        (0.0, "0.1%未満", "less than 0.1%"),
        (0.000_9, "0.1%未満", "less than 0.1%"),
        (0.001, "0.1%", "0.1%"),
        (0.034, "3.4%", "3.4%"),
        (0.099_4, "9.9%", "9.9%"),
        (0.099_6, "10%", "10%"),
        (0.994, "99%", "99%"),
        (0.996, "99%以上", "at least 99%"),
        (1.0, "99%以上", "at least 99%"),
    ] {
        let told = why(&ago(&[97]).history(TODAY), &Outlook { p_return: p, ..due(0) }, Day(TODAY), 1);
        assert!(told.ja.contains(&format!("1日以内にご注文のある見込みは{ja}です。")), "{p}: {}", told.ja);
        assert!(
            told.en.contains(&format!("an order within 1 day has a probability of {en}.")),
            "{p}: {}",
            told.en
        );
    }
    for (share, ja, en) in [
        (0.049, None, None),
        (0.05, Some("方の1割は"), Some("about 10% had")),
        (0.949, Some("方の9割は"), Some("about 90% had")),
        (0.95, Some("方のほとんどは"), Some("nearly all had")),
    ] {
        let told = why(&ago(&[97]).history(TODAY), &Outlook { peers_back: share, ..due(0) }, Day(TODAY), 180);
        assert_eq!(told.ja.contains("これだけ空く前に"), ja.is_some(), "{share}: {}", told.ja);
        assert!(ja.is_none_or(|ja| told.ja.contains(ja)), "{share}: {}", told.ja);
        assert!(en.is_none_or(|en| told.en.contains(en)), "{share}: {}", told.en);
    }
}

#[test]
fn nothing_is_said_of_what_a_touch_would_do() {
    let lives = [ago(&[97]), ago(&[97, 131]), ago(&[97, 129, 161]), ago(&[0])];
    for life in lives {
        for o in [due(5), due(-5), stocked(5), stocked(-5)] {
            let told = why(&life.history(TODAY), &o, Day(TODAY), 180);
            for word in ["効果", "呼び戻", "声をかけ", "送れば", "確実", "必ず", "touch", "bring", "will "]
            {
                assert!(!told.ja.contains(word) && !told.en.contains(word), "{word}: {told:?}");
            }
            let polite = |s: &str| s.ends_with("です") || s.ends_with("ます") || s.ends_with("ました");
            assert!(told.ja.split_terminator('。').all(polite), "{}", told.ja);
        }
    }
}
