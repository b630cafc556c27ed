//! Who may be reached, by which channel and when.

use super::Effect::{Block, Note, Warn};
use super::{ADS, ALL, LINE, MAIL, MAIL_SMS, PHONE, POST, RuleInfo, SMS, known, read};

pub(super) const RULES: &[RuleInfo] = &[
    read(
        "L-01",
        Block,
        MAIL_SMS,
        ("広告メール・SMSの同意の記録がありません", "no record of consent to advertising"),
        "特定電子メール法3条1項",
    ),
    read(
        "L-02",
        Block,
        MAIL_SMS,
        (
            "公表されたアドレスは、事業者のものだけが根拠になります",
            "a published address is a basis only where it is a business's own",
        ),
        "特定電子メール法3条1項2号～4号",
    ),
    read(
        "L-03",
        Block,
        MAIL_SMS,
        (
            "取引関係だけでは、通信販売の広告を消費者に送れません",
            "a business relation alone does not allow mail-order advertising to a consumer",
        ),
        "特定商取引法12条の3",
    ),
    read(
        "L-04",
        Block,
        MAIL,
        (
            "同意の記録は、最後に送ってから3年間は消せません",
            "a record of consent is kept for three years after the last letter",
        ),
        "特定商取引法12条の3第3項、特定電子メール法施行規則4条",
    ),
    read(
        "L-05",
        Note,
        ALL,
        (
            "FAX広告には事前の同意が要ります（この製品ではFAXを送りません）",
            "advertising by fax needs consent first (nothing is sent by fax here)",
        ),
        "特定商取引法12条の5",
    ),
    read(
        "L-09",
        Block,
        MAIL_SMS,
        ("配信停止の申し出があります", "has asked not to be written to"),
        "特定電子メール法3条3項",
    ),
    read(
        "L-11",
        Note,
        PHONE,
        (
            "電話の冒頭で、社名・担当者名・商品・勧誘であることを伝えてください",
            "a call opens with the company, the caller, the goods and that it is a sales call",
        ),
        "特定商取引法16条",
    ),
    read("L-12", Block, PHONE, ("電話を断られています", "has refused telephone calls"), "特定商取引法17条"),
    known(
        "L-13",
        Block,
        PHONE,
        ("電話をかけてよい時間ではありません", "not an hour at which people may be called"),
        "特定商取引法施行規則（迷惑を覚えさせるような仕方）",
    ),
    known(
        "L-14",
        Note,
        PHONE,
        (
            "電話で注文を受けたら、書面の交付とクーリング・オフの案内が要ります",
            "an order taken by telephone needs its papers and the notice of cooling-off",
        ),
        "特定商取引法18条・19条・24条",
    ),
    read(
        "L-16",
        Block,
        ALL,
        (
            "公表している利用目的に、広告や販売促進のご案内が含まれていません",
            "the published purpose of use does not name advertising",
        ),
        "個人情報保護法17条・18条・21条",
    ),
    read(
        "L-17",
        Block,
        ADS,
        ("広告配信へのデータ利用の同意がありません", "no consent to the use for ads"),
        "個人情報保護法27条",
    ),
    known(
        "L-18",
        Note,
        ADS,
        (
            "海外の広告サービスに渡すときは、その国の制度などの情報提供が要ります",
            "data handed to a platform abroad needs information on that country",
        ),
        "個人情報保護法28条",
    ),
    known(
        "L-19",
        Note,
        ALL,
        (
            "開示・訂正・利用停止・消去の求めには、期限を決めて応じてください",
            "requests for disclosure, correction or erasure are answered by a date",
        ),
        "個人情報保護法33条～35条",
    ),
    known(
        "L-20",
        Note,
        ALL,
        (
            "漏えいなどが起きたときは、3～5日以内の速報と30日以内の確報が要ります",
            "a leak is reported within 3 to 5 days, and in full within 30",
        ),
        "個人情報保護法26条、施行規則7条・8条",
    ),
    read(
        "L-34",
        Block,
        SMS,
        ("SMSを送ってよい時間ではありません", "not an hour at which SMS may go"),
        "Twilio 日本向けガイドライン",
    ),
    read(
        "L-35",
        Block,
        SMS,
        ("SMSを受け取れる携帯番号がありません", "no mobile number that takes SMS"),
        "各社SMS API仕様",
    ),
    known(
        "L-40",
        Block,
        MAIL,
        ("メールアドレスが届かないと分かっています", "the mail address is known to be dead"),
        "送信事業者の基準",
    ),
    known(
        "L-42",
        Block,
        POST,
        ("DM停止、または宛先不明です", "no post wanted, or the address is known to be wrong"),
        "JADMA・JDMAの実務",
    ),
    read("L-43", Block, ALL, ("クレーム対応が終わっていません", "a complaint is still open"), "業界の実務"),
    read(
        "L-44",
        Block,
        ALL,
        (
            "ご連絡が続いています。期間あたりの上限に達しています",
            "reached as often as the cap allows already",
        ),
        "M065（上限はお店の設定）",
    ),
    known(
        "L-45",
        Block,
        ADS,
        (
            "18歳未満の方や、病歴の分かる方は広告サービスに渡せません",
            "minors, and those whose illness could be told, are not handed to ad platforms",
        ),
        "個人情報保護法2条3項、各社の規約",
    ),
    read(
        "L-46",
        Block,
        LINE,
        ("LINEの友だちではないか、ブロックされています", "not a LINE friend, or has blocked the account"),
        "LINE Developers",
    ),
    known(
        "L-47",
        Block,
        ALL,
        (
            "モールの購入者です。モールの外から連絡できません",
            "bought on a mall: may not be contacted outside it",
        ),
        "各モールの規約",
    ),
    read(
        "L-48",
        Block,
        PHONE,
        (
            "お断りがあります。法人のお客様の断りも同じに守ります",
            "has refused calls, and a company's refusal counts like a person's",
        ),
        "特定商取引法26条1項1号（営業のための取引）",
    ),
    read(
        "L-41",
        Warn,
        MAIL,
        (
            "ドコモのメールで「なりすましの疑い」と表示されるおそれがあります",
            "docomo may show the mail as possibly forged",
        ),
        "ドコモメールの警告表示（SPF・DKIM・DMARC）",
    ),
];
