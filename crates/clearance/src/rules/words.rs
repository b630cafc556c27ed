//! What an offer may be, and what its words may claim.

use super::Effect::{Block, Warn};
use super::{ALL, RuleInfo, known, read};

pub(super) const RULES: &[RuleInfo] = &[
    read(
        "L-21",
        Block,
        ALL,
        ("プレゼントの価額が、景品の上限を超えています", "the gift is worth more than a premium may be"),
        "景品表示法4条、総付景品告示",
    ),
    read(
        "L-22",
        Block,
        ALL,
        ("抽選の賞品が、懸賞の上限を超えています", "the prizes are worth more than a draw may give"),
        "景品表示法4条、懸賞景品告示",
    ),
    read(
        "L-23",
        Block,
        ALL,
        (
            "比較に使う価格の販売実績が確かめられません",
            "the price compared with cannot be shown to have been charged",
        ),
        "消費者庁 価格表示ガイドライン（二重価格表示）",
    ),
    known(
        "L-24",
        Block,
        ALL,
        (
            "期限や残りをうたう文面に、特典の本当の終了日がありません",
            "the words speak of an end, the offer has none",
        ),
        "景品表示法5条2号（有利誤認）、M073",
    ),
    read(
        "L-25",
        Block,
        ALL,
        (
            "ポイントやクーポンの期限・残高が、差し込みではなく手で書かれています",
            "the expiry or balance of points or coupons is typed instead of filled in",
        ),
        "景品表示法5条、M077",
    ),
    known(
        "L-26",
        Warn,
        ALL,
        (
            "お客様の声やレビューには「広告」「PR」の表示が要ることがあります",
            "customers' voices and reviews may need the mark 広告 or PR",
        ),
        "令和5年内閣府告示19号",
    ),
    known(
        "L-27",
        Warn,
        ALL,
        ("最上級や断定の言葉には、裏付けの資料が要ります", "superlatives and certainties need evidence"),
        "景品表示法5条1号・7条2項",
    ),
    read(
        "L-28",
        Block,
        ALL,
        (
            "健康食品では、病気の治療・予防や身体の機能の増強をうたえません",
            "health food may not claim to cure, prevent or strengthen the body",
        ),
        "薬機法68条",
    ),
    read(
        "L-29",
        Block,
        ALL,
        ("化粧品の効能の範囲（56項目）を超えています", "beyond the 56 effects that cosmetics may claim"),
        "薬機法66条、昭和36年薬発44号別表",
    ),
    read(
        "L-30",
        Block,
        ALL,
        (
            "健康の保持増進について、著しく誤認させる表示はできません",
            "a gross exaggeration of what food does for health",
        ),
        "健康増進法65条",
    ),
];
