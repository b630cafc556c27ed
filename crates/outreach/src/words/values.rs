//! A field's value as a letter says it.

use super::Fields;
use minijinja::Value;
use model::{Day, Offer, OfferKind, ShopProfile};

/// What is the same in every letter of a step.
#[derive(Debug)]
pub(super) struct Common {
    pub shop: ShopProfile,
    pub offer: Option<Offer>,
    pub owner: String,
}

/// The value of one field; `None` where it is not known.
pub(super) fn value(name: &str, fields: &Fields, common: &Common) -> Option<Value> {
    let offer = common.offer.as_ref();
    match name {
        "addressee" => text(&addressee(fields)),
        "family_name" => text(&fields.name.family),
        "company" => text(&fields.company),
        "last_product" => text(&fields.last_product),
        "last_order" => fields.last_order.map(date),
        "days_silent" => days_silent(fields).map(Value::from),
        "n_orders" => Some(fields.n_orders).filter(|n| *n > 0).map(Value::from),
        "first_order" => fields.first_order.map(date),
        "points" => fields.points.map(Value::from),
        "points_expire" => fields.points_expire.map(date),
        "coupon" => text(&fields.coupon),
        "coupon_expire" => fields.coupon_expire.map(date),
        "occasion" => text(&fields.occasion.as_ref()?.name),
        "occasion_day" => fields.occasion.as_ref()?.day.map(date_and_weekday),
        "occasion_place" => text(&fields.occasion.as_ref()?.place),
        "offer" => offer.and_then(|offer| text(&offer_name(offer))),
        "offer_ends" => offer.and_then(|offer| offer.ends).map(date_and_weekday),
        "offer_days_left" => days_left(fields, offer?).map(Value::from),
        "greeting" => Some(Value::from(greeting(days_silent(fields)))),
        "shop" => text(&common.shop.name),
        "contact" => text(&common.shop.contact),
        "owner" => text(&common.owner),
        "suggestion" => text(&fields.suggestion),
        "caller" => text(&fields.caller),
        "today" => Some(date(fields.today)),
        "sender" => text(common.shop.sender()),
        "address" => text(&common.shop.address),
        _ => None,
    }
}

/// Text on one line, without anything a screen would obey rather than show.
pub(super) fn one_line(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.collect::<String>().trim().to_owned()
}

fn text(text: &str) -> Option<Value> {
    Some(one_line(text)).filter(|t| !t.is_empty()).map(Value::from)
}

/// A number as people read it: 1,234.
pub(super) fn number(n: i128) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn date(day: Day) -> Value {
    let (y, m, d) = day.ymd();
    Value::from(format!("{y}年{m}月{d}日"))
}

fn date_and_weekday(day: Day) -> Value {
    let weekday = ["月", "火", "水", "木", "金", "土", "日"][day.weekday() as usize];
    Value::from(format!("{}({weekday})", date(day)))
}

fn days_silent(fields: &Fields) -> Option<i32> {
    fields.last_order.map(|last| fields.today.since(last).max(0))
}

fn days_left(fields: &Fields, offer: &Offer) -> Option<i32> {
    offer.ends.map(|ends| ends.since(fields.today)).filter(|days| *days >= 0)
}

/// Names stand as typed; only the honorific is ours, and never twice.
fn addressee(fields: &Fields) -> String {
    let name = one_line(&fields.name.full());
    let company = one_line(&fields.company);
    let person = || match ["様", "殿", "御中"].iter().any(|h| name.ends_with(h)) {
        true => name.clone(),
        false => format!("{name} 様"),
    };
    match (company.is_empty(), name.is_empty()) {
        (true, true) => "お客様".to_owned(),
        (true, false) => person(),
        (false, false) => format!("{company} {}", person()),
        (false, true) if company.ends_with("御中") => company,
        (false, true) => format!("{company} 御中"),
    }
}

fn greeting(days_silent: Option<i32>) -> &'static str {
    match days_silent {
        None | Some(..90) => "いつもありがとうございます",
        Some(90..365) => "ご無沙汰しております",
        Some(365..) => "大変ご無沙汰しております",
    }
}

/// The offer as the shop calls it, or what it is.
fn offer_name(offer: &Offer) -> String {
    if !offer.name.trim().is_empty() {
        return offer.name.clone();
    }
    let amount = number(offer.amount.round() as i128);
    match offer.kind {
        OfferKind::Yen => format!("{amount}円引き"),
        OfferKind::Percent => format!("{amount}%引き"),
        OfferKind::Shipping => "送料無料".to_owned(),
        OfferKind::Points => format!("{amount}ポイント進呈"),
        OfferKind::Gift => "プレゼント".to_owned(),
        OfferKind::Lottery => "抽選のご案内".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Name;

    #[test]
    fn addressees() {
        for (family, given, company, expected) in [
            ("山田", "花子", "", "山田 花子 様"),
            ("山田", "", "", "山田 様"),
            ("", "山田花子様", "", "山田花子様"),
            ("髙﨑", "𠮷", "", "髙﨑 𠮷 様"),
            ("山田", "花子", "株式会社見本", "株式会社見本 山田 花子 様"),
            ("", "", "株式会社見本", "株式会社見本 御中"),
            ("", "", "株式会社見本 御中", "株式会社見本 御中"),
            ("", "", "", "お客様"),
            (" ", "", "\t", "お客様"),
            ("山田\r\nBcc: x", "", "", "山田  Bcc: x 様"),
        ] {
            let name = Name { family: family.into(), given: given.into(), ..Name::default() };
            let fields = Fields { name, company: company.into(), ..Fields::unknown(Day(20_000)) };
            assert_eq!(addressee(&fields), expected);
        }
    }

    #[test]
    fn numbers_days_and_greetings() {
        for (n, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")] {
            assert_eq!(number(n), expected);
        }
        let day = "2026-12-25".parse().expect("a day");
        assert_eq!(date_and_weekday(day).to_string(), "2026年12月25日(金)");
        let said: Vec<&str> = [None, Some(89), Some(90), Some(365)].map(greeting).into();
        assert_eq!(said[0], said[1]);
        assert!(said[1] != said[2] && said[2] != said[3]);
    }

    #[test]
    fn an_offer_that_has_ended_has_no_days_left() {
        let today: Day = "2026-12-25".parse().expect("a day");
        let fields = Fields::unknown(today);
        for (ends, left) in [(None, None), (Some(0), Some(0)), (Some(3), Some(3)), (Some(-1), None)] {
            let offer = Offer { ends: ends.map(|n| today.plus(n)), amount: 1_500.0, ..Offer::default() };
            assert_eq!(days_left(&fields, &offer), left);
            assert_eq!(offer_name(&offer), "1,500円引き");
        }
    }
}
