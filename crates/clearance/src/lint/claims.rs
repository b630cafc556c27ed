//! What words may claim: voices, superlatives, illness and beauty (L-26..L-30).

use super::fold::{find, find_both};
use super::terms::{
    BEYOND_COSMETICS, BODY, CURES, EXAGGERATED, ILLNESSES, MARKS, QUASI_DRUGS, SUPERLATIVES, VOICES,
};
use super::{Known, Level, Remark, Spoken};
use model::Trade;

pub(super) fn remarks(letter: &Spoken, trade: Trade, known: &Known) -> Vec<Remark> {
    let mut remarks = vec![];
    // One mark says it for the whole letter.
    if !letter.says(|text| find(text, MARKS)) {
        remarks.extend(letter.remarks("L-26", |text| find(text, VOICES)));
    }
    if !known.proves("L-27") {
        remarks.extend(letter.remarks("L-27", |text| find(text, SUPERLATIVES)));
    }
    match trade {
        Trade::HealthFood => {
            // What a 機能性表示食品 or トクホ may say is its notification: with it, an operator looks.
            let food =
                letter.remarks("L-28", |text| [find(text, BODY), find_both(text, ILLNESSES, CURES)].concat());
            remarks.extend(lessened(food, known));
            remarks.extend(letter.remarks("L-30", |text| find(text, EXAGGERATED)));
        }
        Trade::Cosmetics => {
            let beyond = letter.remarks("L-29", |text| {
                [find(text, BEYOND_COSMETICS), find_both(text, ILLNESSES, CURES)].concat()
            });
            remarks.extend(lessened(beyond, known));
            if !known.proves("L-29") {
                remarks.extend(
                    letter.remarks("L-29", |text| find(text, QUASI_DRUGS)).into_iter().map(approved_only),
                );
            }
        }
        Trade::General | Trade::Business => {}
    }
    remarks
}

/// A refusal that an attached approval turns into a warning.
fn lessened(remarks: Vec<Remark>, known: &Known) -> Vec<Remark> {
    let level = |r: Remark| if known.proves(r.rule) { r.level(Level::Warn) } else { r };
    remarks.into_iter().map(level).collect()
}

fn approved_only(remark: Remark) -> Remark {
    remark.level(Level::Warn).saying(
        "医薬部外品として承認された商品だけに使える表現です。承認の資料を添えてください",
        "only an approved quasi-drug may say so: attach the approval",
    )
}
