//! The preset `short20` (M087), and what the law leaves of it.

use super::super::fold::find;
use super::super::terms::OPT_OUT;
use super::{Remark, SmsWords};
use model::ShopProfile;

/// Characters of all words beside the links, and of the first line's.
const SHORT: usize = 20;
const HEADLINE: usize = 15;
/// Characters of the shortest words that say how to opt out: 配信停止.
const SHORTEST_OPT_OUT: usize = 4;

/// The preset of twenty characters beside the links (M087).
pub(super) fn short(links: &[&str], words: &SmsWords<'_>, shop: &ShopProfile) -> Vec<Remark> {
    let bare = |text: &str| {
        let mut text = text.replace(words.opt_out, " ");
        for link in links {
            text = text.replace(link, " ");
        }
        text.chars().filter(|c| !c.is_whitespace()).count()
    };
    let remark = |ja: String, en: String| Remark::of("M087", "text").saying(ja, en);
    let mut remarks = vec![];
    let said: usize = find(words.text, OPT_OUT).iter().map(|w| w.chars().count()).max().unwrap_or(0);
    let (name, stop) = (shop.name.trim().chars().count(), said.max(SHORTEST_OPT_OUT));
    let (required, count) = (name + stop, bare(words.text));
    if required >= SHORT {
        remarks.push(remark(
            format!(
                "店名（{name}文字）と配信停止の案内（{stop}文字）だけで{required}文字になり、{SHORT}文字には収まりません。法律上の表示（L-07）を優先してください"
            ),
            format!(
                "the shop's name ({name}) and the words on opting out ({stop}) take {required} of {SHORT} \
                 characters: what the law wants shown (L-07) comes first"
            ),
        ));
    } else if count > SHORT {
        let room = SHORT - required;
        remarks.push(remark(
            format!(
                "リンクを除いて{count}文字あります（{SHORT}文字まで）。店名と配信停止の案内が{required}文字を使うため、ご用件には{room}文字までです"
            ),
            format!(
                "{count} characters beside the links, {SHORT} at most: name and opting out take {required}, \
                 {room} are left"
            ),
        ));
    }
    let first = words.text.lines().map(bare).find(|n| *n > 0).unwrap_or(0);
    if first > HEADLINE {
        remarks.push(remark(
            format!("見出し（1行目）が{first}文字あります。{HEADLINE}文字までにしてください"),
            format!("the headline (first line) has {first} characters: {HEADLINE} at most"),
        ));
    }
    if links.iter().all(|link| *link == words.opt_out) {
        remarks.push(remark("リンク先がありません".to_owned(), "there is no link".to_owned()));
    }
    remarks
}
