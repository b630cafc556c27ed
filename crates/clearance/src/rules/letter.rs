//! What every letter must carry, and how its sender is known to be genuine.

use super::Effect::{Block, Pause, Warn};
use super::{ALL, MAIL, MAIL_SMS, RuleInfo, SMS, known, read};

pub(super) const RULES: &[RuleInfo] = &[
    known(
        "L-06",
        Block,
        MAIL,
        ("送信者の氏名または名称の表示がありません", "the sender's name is not shown"),
        "特定電子メール法4条",
    ),
    known(
        "L-07",
        Block,
        MAIL_SMS,
        (
            "配信停止ができることと、その手続き先の表示がありません",
            "nothing says that and where one may opt out",
        ),
        "特定電子メール法4条、施行規則",
    ),
    known(
        "L-08",
        Block,
        MAIL,
        (
            "送信者の住所と、苦情・問い合わせ先の表示がありません",
            "the sender's address and contact are not shown",
        ),
        "特定電子メール法4条、施行規則9条",
    ),
    known(
        "L-10",
        Block,
        MAIL,
        (
            "差出人のアドレスが、お店のものと確かめられません",
            "the From address cannot be shown to be the shop's own",
        ),
        "特定電子メール法5条",
    ),
    known(
        "L-15",
        Warn,
        ALL,
        (
            "リンク先の最終確認画面に、分量・価格・支払・引渡し・申込期間・解除の表示があるか確かめてください",
            "see that the linked page's final confirmation shows quantity, price, payment, delivery, period \
             and cancellation",
        ),
        "特定商取引法12条の6",
    ),
    read(
        "L-31",
        Block,
        SMS,
        (
            "SMSは70文字を超えると複数通として課金され、上限を超えると送れません",
            "an SMS over 70 characters is charged as several, and over the provider's limit cannot go",
        ),
        "各社SMSの料金表",
    ),
    read(
        "L-32",
        Warn,
        SMS,
        (
            "SMSでは環境依存文字・絵文字・半角カナを避けてください",
            "an SMS avoids emoji, half-width kana and characters some phones lack",
        ),
        "メディアSMS API仕様",
    ),
    known(
        "L-33",
        Block,
        SMS,
        (
            "SMSは社名から始め、短縮リンクや本人確認の言葉を避けてください",
            "an SMS opens with the shop's name and avoids short links and words of fraud",
        ),
        "携帯各社の迷惑SMS対策",
    ),
    read(
        "L-36",
        Block,
        MAIL,
        (
            "SPF・DKIM・DMARCの設定が、送る通数に足りません",
            "SPF, DKIM and DMARC do not suffice for that many mails",
        ),
        "Gmail 送信者のガイドライン",
    ),
    read(
        "L-37",
        Block,
        MAIL,
        (
            "ワンクリックの配信停止（List-Unsubscribe）の受け口がありません",
            "nothing answers a one-click opt-out (List-Unsubscribe)",
        ),
        "RFC 8058",
    ),
    read(
        "L-38",
        Block,
        MAIL,
        (
            "配信停止の申し出が48時間以内に処理されていません",
            "an opt-out has waited for longer than 48 hours",
        ),
        "Gmail 送信者のガイドライン",
    ),
    read(
        "L-39",
        Pause,
        MAIL,
        ("迷惑メールとして報告された割合が高くなっています", "too many of the mails were reported as spam"),
        "Gmail 送信者のガイドライン",
    ),
];
