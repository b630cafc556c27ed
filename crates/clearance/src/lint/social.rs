//! What a post on social media must not say or lack (L-26, L-27).

use super::fold::find;
use super::terms::{MARKS, SUPERLATIVES, VOICES};
use super::{Level, Remark};

/// The remarks on a post. `paid`: somebody else was asked or paid to say it, so that it must bear a mark.
pub fn lint_post(text: &str, paid: bool) -> Vec<Remark> {
    let mut remarks = vec![];
    let voices = find(text, VOICES);
    if find(text, MARKS).is_empty() && (paid || !voices.is_empty()) {
        let remark = Remark::of("L-26", "body").found(voices);
        remarks.push(match paid {
            true => remark.level(Level::Block).saying(
                "依頼した投稿には「広告」「PR」の表示が必要です",
                "what was asked or paid for must bear the mark 広告 or PR",
            ),
            false => remark,
        });
    }
    let best = find(text, SUPERLATIVES);
    if !best.is_empty() {
        remarks.push(Remark::of("L-27", "body").found(best));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    // L-26: what was asked or paid for needs its mark; a voice may.
    #[test]
    fn what_was_paid_for_needs_its_mark() {
        for (text, paid, expected) in [
            ("新茶が入りました", false, vec![]),
            ("新茶が入りました", true, vec![("L-26", Level::Block)]),
            ("【PR】新茶が入りました", true, vec![]),
            ("【広告】新茶が入りました", true, vec![]),
            ("お客様の声をご紹介します", false, vec![("L-26", Level::Warn)]),
            ("お客様の声をご紹介します #PR", false, vec![]),
            ("業界No.1の新茶", false, vec![("L-27", Level::Warn)]),
        ] {
            let found: Vec<(&str, Level)> = lint_post(text, paid).iter().map(|r| (r.rule, r.level)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
