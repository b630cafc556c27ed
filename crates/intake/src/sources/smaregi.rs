//! スマレジ: 取引明細CSV of the till (UTF-8 with BOM, one row per line of a receipt) and 会員CSV.

use crate::field::Field::*;
use crate::format::{Format, col};
use crate::row::Row;
use model::Kind;

const VOID: &str = "打消区分(0：通常、1：打消元レコード、2：打消レコード)";
const STATE: &str = "会員状態区分 (0:利用可, 1:利用停止, 2:紛失, 3:退会, 4:名寄せ)";

/// A receipt that voids another takes that one's number, so that the voided sale is
/// cancelled even where an earlier file brought it in; one that gives money back is a refund;
/// one without a member is nobody's.
fn standing(row: &mut Row<'_>) {
    let total = row.get(Total).into_owned();
    let back = total.starts_with(['-', '▲', '△']);
    let voids = row.column("打消取引ID").to_owned();
    let word = match row.column(VOID) {
        _ if matches!(&*row.get(Customer), "" | "0") => "drop",
        "1" => "cancelled",
        "2" if !voids.is_empty() => {
            row.set(Order, voids);
            row.set(Total, total.trim_start_matches(['-', '▲', '△']).to_owned());
            "cancelled"
        }
        "2" => "cancelled",
        _ if back => "refund",
        _ => "completed",
    };
    if word == "cancelled" {
        // Unlike a status, this holds for the whole order whichever row says it.
        let at = row.get(OrderedAt).into_owned();
        row.set(CancelledAt, at);
    }
    row.set(Status, word.to_owned());
}

pub static FORMATS: &[Format] = &[
    Format {
        source: "smaregi",
        title: "スマレジ 取引明細CSV",
        kind: Kind::Orders,
        signature: &["取引ID", "取引日時", "取引明細ID"],
        columns: &[
            col("取引ID", Order),
            col("取引日時", OrderedAt),
            col("会員ID", Customer),
            col("会員コード", Customer),
            col("合計", Total),
            col("小計", Goods),
            col("小計値引き", Discount),
            col("ポイント値引き", Points),
            col("商品名", Item),
            col("商品コード", Sku),
            col("品番", Sku),
            col("部門名", Category),
            col("販売単価", Price),
            col("商品単価", Price),
            col("数量", Quantity),
        ],
        hook: Some(standing),
        ..Format::PLAIN
    },
    Format {
        source: "smaregi",
        title: "スマレジ 会員CSV",
        kind: Kind::Customers,
        signature: &["会員ID", "会員コード", "入会日"],
        columns: &[
            col("会員ID", Customer),
            col("会員コード", Customer),
            col("姓", Family),
            col("名", Given),
            col("フリガナ(姓)", FamilyKana),
            col("フリガナ(名)", GivenKana),
            col("会社名", Company),
            col("部署名", Department),
            col("役職", Title),
            col("郵便番号", Postal),
            col("住所", Address),
            col("携帯電話番号", Phone),
            col("電話番号", Phone),
            col("メールアドレス", Email),
            col("メールアドレス2", Email),
            col("メールアドレス3", Email),
            col("生年月日", Birthday),
            col("性別", Gender),
            col("入会日", Registered),
            col("退会日", WithdrawnOn),
            col(STATE, Membership),
            col(STATE, Stop),
            col("案内メール受取許可フラグ (0:拒否, 1:許可)", MailConsent),
        ],
        values: &[
            (
                Membership,
                &[("0", "member"), ("1", "member"), ("2", "member"), ("3", "withdrawn"), ("4", "drop")],
            ),
            (Stop, &[("1", "excluded")]),
            (MailConsent, &[("0", "stop"), ("1", "yes")]),
        ],
        ..Format::PLAIN
    },
];
