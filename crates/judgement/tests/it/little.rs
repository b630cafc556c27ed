//! A shop of thirty customers: a sensible ranking, and a card that says how little is known.

use crate::books::{Books, TODAY, ago, every, of, sound};
use crate::life::Life;
use model::Sense;

const REGULARS: std::ops::RangeInclusive<i64> = 1..=10;
const SILENT: std::ops::RangeInclusive<i64> = 11..=18;

/// Ten regulars, eight long silent, eight who bought once, four who were away for months and came
/// back.
fn thirty() -> Books {
    let regular = |i: i32| every(25 + i % 3 * 10, 5 + i * 4, 6 + i % 4);
    let silent = |i: i32| every(30 + i % 4 * 15, 300 + i * 30, 2 + i % 4);
    let back = |i: i32| [every(40, 40 + i * 20, 2), every(40, 320 + i * 25, 3)].concat();
    let of = |n: i32, one: &dyn Fn(i32) -> Vec<i32>| (0..n).map(|i| ago(&one(i))).collect::<Vec<Life>>();
    Books::new(
        [of(10, &regular), of(8, &silent), of(8, &|i| vec![20 + i * 65]), of(4, &back)].into_iter().flatten(),
    )
}

#[test]
fn recent_regulars_stand_above_the_long_silent() {
    let books = thirty();
    let learned = books.learned(&books.plan(TODAY, 180, 89));
    let all = books.outlooks(&learned, TODAY);
    assert_eq!(all.len(), 30);
    for regular in REGULARS {
        for silent in SILENT {
            let (a, b) = (of(&all, regular), of(&all, silent));
            assert!(a.p_return > b.p_high && a.value() > b.value(), "{regular} {silent}: {a:?} {b:?}");
        }
    }
    // Of those who bought once, the later they did, the likelier.
    assert!((19..26).all(|i| of(&all, i).p_return > of(&all, i + 1).p_return), "{all:?}");
}

#[test]
fn intervals_are_wide_and_the_card_says_so() {
    let books = thirty();
    let learned = books.learned(&books.plan(TODAY, 180, 89));
    for (customer, o) in books.outlooks(&learned, TODAY) {
        sound("thirty", &o, TODAY);
        assert!(o.p_low < o.p_return && o.p_return < o.p_high, "{customer}: {o:?}");
        let odds = |p: f64| p / (1.0 - p);
        assert!(odds(o.p_high) > 2.5 * odds(o.p_low), "{customer}: {o:?}");
    }
    let card = learned.card;
    assert_eq!((card.sense, card.chosen.as_str(), card.buyers), (Sense::Little, "rule", 30));
    let says = |ja: &str, en: &str| card.limits.iter().any(|l| l.ja.contains(ja) && l.en.contains(en));
    assert!(says("顧客30人", "30 buyers") && says("幅が広い", "intervals are wide"), "{:?}", card.limits);
    assert!(card.why.en.contains("too few to choose by"), "{:?}", card.why);
    // A Japanese reader is told nothing in English but the models' names.
    for said in card.limits.iter().chain([&card.why]) {
        let letters = |word: &str| word.chars().filter(char::is_ascii_lowercase).count();
        assert!(said.ja.split(|c: char| !c.is_ascii()).all(|word| letters(word) < 4), "{}", said.ja);
    }
}

#[test]
fn in_a_shop_without_a_past_the_rhythm_alone_decides() {
    // Ten days of books: nothing to look back on.
    let books = Books::ago(&[&[1, 4, 7, 10], &[9], &[2], &[8, 10]]);
    let learned = books.learned(&books.plan(TODAY, 180, 89));
    let all = books.outlooks(&learned, TODAY);
    assert_eq!((learned.card.sense, learned.card.windows.len()), (Sense::None, 0));
    assert!(
        of(&all, 1).p_return > of(&all, 4).p_return && of(&all, 3).p_return > of(&all, 2).p_return,
        "{all:?}"
    );
    for (customer, o) in all {
        assert!(o.p_low < o.p_return && o.p_return < o.p_high, "{customer}: {o:?}");
        assert!(o.p_high - o.p_low > 0.1, "{customer}: {o:?}");
    }
}
