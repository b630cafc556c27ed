//! The settings of what runs by itself as fields of a form. Data, no code.

use super::fields::{Field, Group, Sheet, TEXT, WHOLE};

pub const AUTOMATIC: Sheet = Sheet {
    path: "/settings/automatic",
    ja: "自動の取込と判定",
    en: "What runs by itself",
    lead: (
        "mezame serve または mezame work が動いている間、下の設定で自動的に取り込み、毎晩判定し直します。",
        "While mezame serve or mezame work runs, files are taken in and everyone is judged anew as set here.",
    ),
    groups: &[
        Group {
            id: "automatic-folder",
            ja: "フォルダからの取込",
            en: "From a folder",
            about: (
                "置かれたファイルは、書き込みが終わってから取り込み、done か failed に移します。読めなかった行は .rejects.csv として隣に置きます。どの形式にも合わないファイルは、フォルダの map.toml のとおりに読みます。",
                "A file is taken in once it has stopped growing, then moved to done or failed, with its rejected rows beside it. What fits no known format is read by the folder's map.toml.",
            ),
            folded: false,
            fields: &[Field {
                key: "automatic.folder",
                kind: TEXT,
                ja: "見張るフォルダ",
                en: "Folder to watch",
                hint: (
                    "このマシンのフォルダ。例: /srv/mezame/in。空欄なら見張りません。",
                    "On this machine, such as /srv/mezame/in. Empty: none.",
                ),
                rules: &[],
                needed: false,
            }],
        },
        Group {
            id: "automatic-nightly",
            ja: "毎晩の判定",
            en: "Every night",
            about: (
                "cron は要りません。その時刻に止まっていたときは、次に動いたときに行います。",
                "No cron is needed. A machine that was off at that time does it when it is on again.",
            ),
            folded: false,
            fields: &[Field {
                key: "automatic.nightly",
                kind: TEXT,
                ja: "判定し直す時刻",
                en: "Time of judging anew",
                hint: ("例: 03:30。空欄なら行いません。", "Such as 03:30. Empty: never."),
                rules: &[],
                needed: false,
            }],
        },
        Group {
            id: "automatic-backup",
            ja: "毎晩のバックアップ",
            en: "A backup every night",
            about: (
                "毎晩の判定のあとに、全データを1つのファイルに書き出します。パスワードと署名鍵(secrets.toml)は入りません。",
                "After judging, everything is copied into one file; passwords and signing keys are not in it.",
            ),
            folded: false,
            fields: &[
                Field {
                    key: "automatic.backup_folder",
                    kind: TEXT,
                    ja: "保存先のフォルダ",
                    en: "Folder",
                    hint: (
                        "別のディスクのフォルダをおすすめします。例: /mnt/backup/mezame。空欄なら作りません。",
                        "Best on another disk, such as /mnt/backup/mezame. Empty: none.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "automatic.backup_keys",
                    kind: TEXT,
                    ja: "暗号化の公開鍵",
                    en: "Public keys that seal it",
                    hint: (
                        "age1 で始まる鍵。空欄なら暗号化しません。開くための秘密鍵は別の場所に保管してください。",
                        "Begins with age1; empty: not sealed. Keep the secret half elsewhere.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "automatic.backup_keep",
                    kind: WHOLE,
                    ja: "残す数",
                    en: "How many stay",
                    hint: ("古いものから消します。", "The oldest give way."),
                    rules: &[],
                    needed: false,
                },
            ],
        },
        Group {
            id: "automatic-record",
            ja: "閲覧の記録",
            en: "The record of who looked",
            about: ("", ""),
            folded: true,
            fields: &[Field {
                key: "automatic.access_days",
                kind: WHOLE,
                ja: "残す日数",
                en: "Days it is kept",
                hint: ("これより古い記録は毎晩消します。", "What is older is forgotten every night."),
                rules: &[],
                needed: false,
            }],
        },
    ],
    secrets: &[
        ("import_token", "ファイルを受け取るAPIのトークン", "token of calls with files"),
        ("order_secret", "受注を受け取るAPIの署名鍵", "secret that calls with orders are signed with"),
    ],
};
