//! Proposes a column map for a file that no format fits, from its headers and its values.

use crate::error::Error;
use crate::field::Field;
use crate::input;
use crate::normal::date::{Style, stamp};
use crate::normal::text::key;
use crate::normal::{contact, money};
use crate::open::{Table, look};
use std::fmt::Write;
use std::path::Path;

/// Parts of headers and the field they point to; the first that fits wins, so the narrow ones
/// stand before the wide ones.
const HINTS: &[(&[&str], Field)] = &[
    (&["配送先", "送付先", "届け先", "shipping", "recipient"], Field::RecipientName),
    (
        &[
            "注文id",
            "注文番号",
            "受注id",
            "受注番号",
            "伝票番号",
            "オーダー番号",
            "売上id",
            "取引id",
            "orderid",
            "order_id",
            "ordernumber",
            "orderno",
        ],
        Field::Order,
    ),
    (
        &[
            "会員id",
            "会員番号",
            "顧客id",
            "顧客番号",
            "顧客コード",
            "会員コード",
            "お客様番号",
            "得意先コード",
            "customerid",
            "customer_id",
            "userid",
            "custid",
            "cust",
        ],
        Field::Customer,
    ),
    // Of points and coupons, before any other date or name.
    (&["使用ポイント", "利用ポイント", "ポイント利用", "ポイント値引"], Field::Points),
    (
        &["ポイント有効期限", "ポイント期限", "失効日", "失効予定", "有効期限", "expires", "expiry"],
        Field::Expires,
    ),
    (&["保有ポイント", "現在ポイント", "ポイント残高", "残高", "ポイント数", "balance"], Field::Balance),
    (&["時点", "基準日", "集計日", "as_of", "asof"], Field::AsOf),
    (
        &[
            "注文日時",
            "注文日",
            "受注日",
            "購入日",
            "売上日",
            "取引日",
            "オーダー日",
            "請求日",
            "orderdate",
            "orderedat",
            "purchasedate",
            "createdat",
            "date",
            "日付",
        ],
        Field::OrderedAt,
    ),
    (&["登録日", "入会日", "registered"], Field::Registered),
    (&["退会日"], Field::WithdrawnOn),
    (&["キャンセル日", "cancelledat"], Field::CancelledAt),
    (&["入金日", "paidat"], Field::PaidAt),
    (&["発送日", "出荷日", "shippedat"], Field::Shipped),
    (&["注文時間", "受注時間", "時刻"], Field::OrderedTime),
    (&["ステータス", "対応状況", "処理状況", "状態", "status"], Field::Status),
    (
        &[
            "支払合計",
            "請求金額",
            "請求合計",
            "合計金額",
            "総合計",
            "お支払い",
            "ご注文金額",
            "total",
            "amount",
            "合計",
            "売上金額",
            "金額",
        ],
        Field::Total,
    ),
    (&["小計", "商品計", "subtotal"], Field::Goods),
    (&["送料", "shippingfee", "postage"], Field::Shipping),
    (&["消費税", "税金", "tax"], Field::Tax),
    (&["クーポンコード", "couponcode", "discountcode"], Field::Medium),
    (&["値引", "割引", "クーポン", "discount"], Field::Discount),
    (&["メルマガ", "mailconsent", "acceptsmarketing", "newsletter"], Field::MailConsent),
    (&["dm"], Field::PostConsent),
    (&["メール", "email", "e-mail", "mail"], Field::Email),
    (&["電話", "tel", "携帯", "phone", "mobile"], Field::Phone),
    (&["郵便番号", "〒", "zip", "postal"], Field::Postal),
    (&["都道府県", "prefecture", "state", "province"], Field::Prefecture),
    (&["住所", "市区町村", "番地", "建物", "address", "city"], Field::Address),
    (&["生年月日", "誕生日", "birth"], Field::Birthday),
    (&["性別", "gender", "sex"], Field::Gender),
    (&["セイ", "姓カナ", "姓(カナ)", "姓フリガナ", "familykana"], Field::FamilyKana),
    (&["メイ", "名カナ", "名(カナ)", "名フリガナ", "givenkana"], Field::GivenKana),
    (&["フリガナ", "ふりがな", "カナ", "kana"], Field::NameKana),
    (&["商品名", "品名", "アイテム", "productname", "item", "product"], Field::Item),
    (&["商品コード", "品番", "商品番号", "sku"], Field::Sku),
    (&["カテゴリ", "部門", "category"], Field::Category),
    (&["数量", "個数", "quantity", "qty"], Field::Quantity),
    (&["単価", "販売価格", "価格", "price"], Field::Price),
    (&["会社", "法人", "取引先名", "company"], Field::Company),
    (&["部署", "department"], Field::Department),
    (&["役職"], Field::Title),
    (&["のし", "ギフト", "ラッピング", "gift"], Field::Gift),
    (&["媒体", "広告", "medium"], Field::Medium),
    (&["姓", "苗字", "名字", "lastname", "surname"], Field::Family),
    (
        &["氏名", "お名前", "顧客名", "会員名", "購入者名", "注文者名", "fullname", "name", "お客様名"],
        Field::Name,
    ),
    (&["名", "firstname"], Field::Given),
];

/// What the values of a column look like.
#[derive(Clone, Copy, PartialEq)]
enum Looks {
    Blank,
    Mail,
    Date,
    Phone,
    Money,
    Text,
}

/// A proposed column map for a file, as TOML with comments.
///
/// # Errors
/// As `open`, but never for an unknown format.
pub fn suggest_map(path: &Path) -> Result<String, Error> {
    let mut inputs = input::inputs(path)?;
    let input = inputs.swap_remove(0);
    let table = look(&input)?;
    let at =
        table.rows.iter().position(|r| r.iter().filter(|c| !c.trim().is_empty()).count() >= 2).unwrap_or(0);
    let Some(headers) = table.rows.get(at) else {
        return Err(Error::damaged(&input.label, None, "holds no rows", "Export it again."));
    };
    let columns: Vec<Column> =
        headers.iter().enumerate().map(|(i, header)| Column::new(i, headers, header, &table, at)).collect();
    Ok(write(&input.label, columns))
}

struct Column {
    /// The header, with `#2` where it is the second of its name.
    name: String,
    header: String,
    field: Option<Field>,
    example: String,
    values: Vec<String>,
}

impl Column {
    fn new(index: usize, headers: &[String], header: &str, table: &Table, at: usize) -> Column {
        let cells = || {
            table
                .rows
                .iter()
                .skip(at + 1)
                .filter_map(|r| r.get(index))
                .map(|c| c.trim())
                .filter(|c| !c.is_empty())
        };
        let nth = headers[..=index].iter().filter(|h| key(h) == key(header)).count();
        let mut values: Vec<String> = Vec::new();
        for cell in cells() {
            if values.len() <= 12 && !values.iter().any(|v| v == cell) {
                values.push(cell.to_owned());
            }
        }
        Column {
            name: if nth > 1 { format!("{}#{nth}", header.trim()) } else { header.trim().to_owned() },
            header: key(header),
            field: field(&key(header), looks(cells())),
            example: cells().next().map(shorten).unwrap_or_default(),
            values,
        }
    }
}

fn looks<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Looks {
    let all = cells.clone().count();
    let most = |test: &dyn Fn(&str) -> bool| cells.clone().filter(|c| test(c)).count() * 10 > all * 8;
    let phone = |c: &str| matches!(contact::phones(c), Ok(p) if !p.is_empty()) && c.len() >= 9;
    match all {
        0 => Looks::Blank,
        _ if most(&|c| matches!(contact::email(c), Ok(Some(_)))) => Looks::Mail,
        _ if most(&|c| matches!(stamp(c, Style::default()), Ok(Some(_)))) => Looks::Date,
        _ if most(&phone) => Looks::Phone,
        _ if most(&|c| matches!(money::money(c, false), Ok(Some(_)))) => Looks::Money,
        _ => Looks::Text,
    }
}

/// By the header; values may contradict it, and speak where the header says nothing.
fn field(header: &str, looks: Looks) -> Option<Field> {
    let hinted = HINTS.iter().find(|(parts, _)| parts.iter().any(|p| header.contains(p))).map(|(_, f)| *f);
    let contradicted = |field: Field| match field {
        Field::OrderedAt | Field::Registered | Field::Birthday | Field::Shipped => {
            !matches!(looks, Looks::Date | Looks::Blank)
        }
        Field::Total | Field::Goods | Field::Price | Field::Quantity => {
            !matches!(looks, Looks::Money | Looks::Blank)
        }
        Field::Email => !matches!(looks, Looks::Mail | Looks::Blank),
        _ => false,
    };
    hinted.filter(|f| !contradicted(*f)).or(match looks {
        Looks::Mail => Some(Field::Email),
        Looks::Date if hinted.is_none() => Some(Field::OrderedAt),
        Looks::Phone if hinted.is_none() => Some(Field::Phone),
        _ => None,
    })
}

fn shorten(cell: &str) -> String {
    // The map is written to a file that people pass round: no whole addresses in it.
    let kept: String = cell.chars().take(4).collect();
    if cell.chars().count() > 4 { format!("{kept}…") } else { kept }
}

fn write(file: &str, columns: Vec<Column>) -> String {
    let has = |field| columns.iter().any(|c| c.field == Some(field));
    let kind = match (has(Field::OrderedAt), has(Field::Total) || has(Field::Price)) {
        (true, true) => "orders",
        (false, false) if has(Field::Balance) && has(Field::Expires) => "points",
        _ if has(Field::Email) || has(Field::Name) || has(Field::Family) => "customers",
        _ => "orders",
    };
    let mut toml = format!(
        "# A proposal for {file}: look it over, correct it, then\n# mezame import --map THIS {file}\n"
    );
    let _ = writeln!(
        toml,
        "# The shop system this came from: the same word for all files of that system.\nsource = \"file\"\n# {}",
        kinds()
    );
    let _ = writeln!(
        toml,
        "kind = \"{kind}\"\n\n[columns]\n# our field = \"their header\"; several headers: [\"住所1\", \"住所2\"]; the second of a name: \"送料#2\""
    );
    let mut left: Vec<&Column> = Vec::new();
    for field in Field::ALL {
        let theirs: Vec<&Column> = columns.iter().filter(|c| c.field == Some(*field)).collect();
        let several = matches!(field, Field::Address | Field::Phone);
        let Some(first) = theirs.first() else { continue };
        let names: Vec<String> =
            theirs.iter().take(if several { 9 } else { 1 }).map(|c| quoted(&c.name)).collect();
        left.extend(theirs.iter().skip(names.len()));
        let value = if names.len() > 1 { format!("[{}]", names.join(", ")) } else { names.concat() };
        let _ = writeln!(toml, "{} = {value}  # {}; here: {}", field.word(), field.about(), first.example);
    }
    left.extend(columns.iter().filter(|c| c.field.is_none() && !c.header.is_empty()));
    if !left.is_empty() {
        toml.push_str("# Not used:\n");
    }
    for column in left {
        let _ = writeln!(toml, "# ? = {}  # here: {}", quoted(&column.name), column.example);
    }
    toml.push_str("\n[formats]\n# date = \"%d/%m/%Y\"      # only where dates are not understood by themselves\n# zone = \"Asia/Tokyo\"    # of times without an offset; default: the shop's\n# decimal = \",\"          # for 1.234,50\n");
    let coded = |c: &&Column| c.field == Some(Field::Status) && c.values.len() <= 12;
    if let Some(status) = columns.iter().find(coded) {
        let _ = writeln!(toml, "\n[values.status]\n# {}", Field::Status.about());
        for value in &status.values {
            let word = crate::words::common(Field::Status, value);
            let mark = if word.is_some() { "" } else { "  # not known: correct this" };
            let _ = writeln!(toml, "{} = \"{}\"{mark}", quoted(value), word.unwrap_or("completed"));
        }
    }
    toml
}

fn kinds() -> String {
    model::Kind::ALL.iter().map(|k| k.word()).collect::<Vec<_>>().join(", ")
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::Map;

    fn proposal(text: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.csv");
        std::fs::write(&path, text).expect("written");
        suggest_map(&path).expect("a table").replace(&path.display().to_string(), "x.csv")
    }

    #[test]
    fn a_proposal_is_a_map() {
        let map = proposal(
            "伝票番号,お客様番号,受注日,ご注文金額,処理状況,連絡先,住所1,住所2,色\n1,7,2024/1/5,\"1,200\",配送,090-1234-5678,東京都,千代田区,赤\n2,8,2024/1/6,500,謎,03-0000-1234,東京都,港区,青\n",
        );
        insta::assert_snapshot!(map);
        assert!(Map::parse(&map).is_ok());
    }

    #[test]
    fn values_speak_where_headers_do_not() {
        let map = proposal("a,b,c\n1,x@example.jp,2024-01-05\n2,y@example.jp,2024-01-06\n");
        assert!(map.contains("email = \"b\"") && map.contains("ordered_at = \"c\""), "{map}");
        assert!(map.contains("# ? = \"a\""), "{map}");
        let map = proposal("cust,date,amount\n1,1997-01-01,11.77\n");
        for line in
            ["kind = \"orders\"", "customer = \"cust\"", "ordered_at = \"date\"", "total = \"amount\""]
        {
            assert!(map.contains(line), "{map}");
        }
    }

    /// M164: a list of points is proposed as one, its end and its day told apart.
    #[test]
    fn m164_a_list_of_points_is_proposed_as_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("points.csv");
        let text =
            "会員番号,氏名,保有ポイント,ポイント有効期限,基準日\n1,見本 花子,1500,2026/12/31,2026/11/20\n";
        std::fs::write(&file, text).unwrap();
        let map = suggest_map(&file).unwrap();
        for line in [
            "kind = \"points\"",
            "customer = \"会員番号\"",
            "balance = \"保有ポイント\"",
            "expires = \"ポイント有効期限\"",
            "as_of = \"基準日\"",
        ] {
            assert!(map.contains(line), "{line}\n{map}");
        }
    }
}
