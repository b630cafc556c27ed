//! Orders as a call tells them: JSON by our own words, checked, and made the rows of a file.

use super::calls::fault;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeSet;

/// What an order may say, and what each of its lines may: columns by our own words.
const ORDER_WORDS: [&str; 27] = [
    "order",
    "ordered_at",
    "status",
    "paid_at",
    "cancelled_at",
    "total",
    "goods",
    "shipping",
    "fees",
    "tax",
    "discount",
    "points",
    "refunded",
    "gift",
    "shipped",
    "refund_of",
    "medium",
    "customer",
    "name",
    "name_kana",
    "company",
    "email",
    "phone",
    "postal",
    "prefecture",
    "address",
    "mail_consent",
];
const LINE_WORDS: [&str; 7] = ["item", "variant", "sku", "category", "quantity", "price", "line_total"];

/// The orders of a call: one, a list, or a list under `orders`.
pub(super) fn orders_of(body: &[u8]) -> Result<Vec<Value>> {
    let told: Value = serde_json::from_slice(body)
        .map_err(|e| fault(format!("JSONとして読めません({e})"), format!("this is no JSON ({e})")))?;
    let orders = match told {
        Value::Array(all) => all,
        Value::Object(mut one) if one.len() == 1 && one.contains_key("orders") => {
            match one.remove("orders") {
                Some(Value::Array(all)) => all,
                _ => return Err(fault("orders は一覧です", "orders is a list")),
            }
        }
        one => vec![one],
    };
    for (n, order) in orders.iter().enumerate() {
        check(order).map_err(|(ja, en)| {
            fault(format!("{}件目の受注: {ja}", n + 1), format!("order {}: {en}", n + 1))
        })?;
    }
    if orders.is_empty() {
        return Err(fault("受注がありません", "there is no order in it"));
    }
    Ok(orders)
}

fn check(order: &Value) -> Result<(), (String, String)> {
    let Value::Object(order) = order else {
        return Err(("{…} の形ではありません".to_owned(), "it is no {…}".to_owned()));
    };
    for word in ["order", "ordered_at"] {
        if order.get(word).is_none_or(|v| text_of(v).trim().is_empty()) {
            return Err((format!("{word} がありません"), format!("{word} is missing")));
        }
    }
    let known = |word: &&String, words: &[&str]| words.contains(&word.as_str());
    let mut strange: BTreeSet<&String> =
        order.keys().filter(|w| *w != "lines" && !known(w, &ORDER_WORDS)).collect();
    match order.get("lines") {
        None | Some(Value::Null) => {}
        Some(Value::Array(lines)) if lines.iter().all(Value::is_object) => {
            let words = lines.iter().filter_map(Value::as_object).flat_map(|line| line.keys());
            strange.extend(words.filter(|w| !known(w, &LINE_WORDS)));
        }
        Some(_) => return Err(("lines は {…} の一覧です".to_owned(), "lines is a list of {…}".to_owned())),
    }
    match strange.first() {
        None => Ok(()),
        Some(word) => Err((
            format!(
                "「{word}」という項目はありません。受注: {}、lines: {}",
                ORDER_WORDS.join(", "),
                LINE_WORDS.join(", ")
            ),
            format!(
                "there is no field '{word}'; of an order {}, of lines {}",
                ORDER_WORDS.join(", "),
                LINE_WORDS.join(", ")
            ),
        )),
    }
}

/// Orders as the rows of a file whose headers are our own words: a row per line. Of an order told twice
/// the last telling counts.
pub(super) fn as_csv(orders: &[Value]) -> Result<Vec<u8>> {
    let mut seen = BTreeSet::new();
    let mut last: Vec<&Value> = orders.iter().rev().filter(|o| seen.insert(text_of(&o["order"]))).collect();
    last.reverse();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(ORDER_WORDS.iter().chain(&LINE_WORDS))?;
    for order in last {
        let bare = [Value::Null];
        let lines = order["lines"].as_array().filter(|l| !l.is_empty()).map_or(&bare[..], Vec::as_slice);
        for line in lines {
            let head = ORDER_WORDS.iter().map(|word| text_of(&order[*word]));
            out.write_record(head.chain(LINE_WORDS.iter().map(|word| text_of(&line[*word]))))?;
        }
    }
    out.into_inner().context("finishing the rows of orders")
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(n) => n.to_string(),
        Value::Bool(true) => "1".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn calls_with_orders_are_read_or_refused_with_the_place() {
        let one =
            json!({ "order": 7, "ordered_at": "2026-11-20", "lines": [{ "item": "茶", "quantity": 2 }] });
        for (body, said) in [
            (one.to_string(), Ok(1)),
            (json!([one, one]).to_string(), Ok(2)),
            (json!({ "orders": [one] }).to_string(), Ok(1)),
            ("{".to_owned(), Err("no JSON")),
            ("[]".to_owned(), Err("no order")),
            (json!([one, 3]).to_string(), Err("order 2: it is no")),
            (json!({ "order": "1" }).to_string(), Err("ordered_at is missing")),
            (json!({ "order": "1", "ordered_at": "x", "sum": 3 }).to_string(), Err("no field 'sum'")),
            (
                json!({ "order": "1", "ordered_at": "x", "lines": [{ "colour": 3 }] }).to_string(),
                Err("no field 'colour'"),
            ),
            (json!({ "order": "1", "ordered_at": "x", "lines": 3 }).to_string(), Err("lines is a list")),
        ] {
            let found = orders_of(body.as_bytes()).map(|all| all.len()).map_err(|e| e.to_string());
            match said {
                Ok(n) => assert_eq!(found.unwrap(), n, "{body}"),
                Err(part) => assert!(found.clone().is_err_and(|e| e.contains(part)), "{body}: {found:?}"),
            }
        }
    }

    #[test]
    fn of_an_order_told_twice_the_last_telling_counts() {
        let orders = [
            json!({ "order": "1", "ordered_at": "2026-11-20", "total": 5 }),
            json!({ "order": "2", "ordered_at": "2026-11-20", "lines": [{ "item": "a" }, { "item": "b" }] }),
            json!({ "order": "1", "ordered_at": "2026-11-20", "total": 6 }),
        ];
        let text = String::from_utf8(as_csv(&orders).unwrap()).unwrap();
        let rows: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(rows.len(), 3, "{text}");
        assert!(rows[0].starts_with("2,") && rows[2].starts_with("1,2026-11-20,,,,6,"), "{text}");
    }
}
