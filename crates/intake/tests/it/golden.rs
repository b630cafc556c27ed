//! One golden file per source and kind: a made-up export with the real header, encoding and
//! line ends, and beside it what it must be understood as (`INSTA_UPDATE=always` rewrites).

use intake::{Entry, Options, Upload};
use model::{Day, Item, Order, OrderKind, Record};
use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::Path;

/// Every golden file with the source and kind that it must be recognised as, by itself.
const FILES: &[(&str, &str, &str)] = &[
    ("amazon_orders.txt", "amazon", "orders"),
    ("amazon_orders_prices.txt", "amazon", "orders"),
    ("base_orders.csv", "base", "orders"),
    ("colorme_orders.csv", "colorme", "orders"),
    ("colorme_orders_full.csv", "colorme", "orders"),
    ("eccube2_customers.csv", "eccube", "customers"),
    ("eccube2_orders.csv", "eccube", "orders"),
    ("eccube3_customers.csv", "eccube", "customers"),
    ("eccube3_orders.csv", "eccube", "orders"),
    ("eccube4_customers.csv", "eccube", "customers"),
    ("eccube4_orders.csv", "eccube", "orders"),
    ("eccube4_shipping.csv", "eccube", "orders"),
    ("ecforce_orders.csv", "ecforce", "orders"),
    ("ecforce_orders_status.csv", "ecforce", "orders"),
    ("eight_contacts.csv", "eight", "contacts"),
    ("futureshop_orders.csv", "futureshop", "orders"),
    ("hubspot_contacts.csv", "hubspot", "contacts"),
    ("kintone_records.csv", "kintone", "contacts"),
    ("makeshop_orders.csv", "makeshop", "orders"),
    ("moneyforward_invoices.csv", "moneyforward", "invoices"),
    ("nextengine_orders.csv", "nextengine", "orders"),
    ("rakuten_orders.csv", "rakuten", "orders"),
    ("salesforce_accounts.csv", "salesforce", "contacts"),
    ("salesforce_contacts.csv", "salesforce", "contacts"),
    ("shopify_customers.csv", "shopify", "customers"),
    ("shopify_orders.csv", "shopify", "orders"),
    ("smaregi_customers.csv", "smaregi", "customers"),
    ("smaregi_orders.csv", "smaregi", "orders"),
    ("stores_orders.csv", "stores", "orders"),
    ("stores_orders_old.csv", "stores", "orders"),
    ("yahoo_orders.csv", "yahoo", "orders"),
];

#[test]
fn every_source_is_understood() {
    for (file, source, kind) in FILES {
        let upload = open(file);
        assert_eq!((upload.source(), upload.kind().word()), (*source, *kind), "{file}");
        insta::with_settings!({
            snapshot_path => "../golden",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(*file, render(&upload)) });
    }
}

#[test]
fn no_golden_file_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .expect("the golden folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.contains(".snap"))
        .collect();
    found.sort();
    assert_eq!(found, FILES.iter().map(|(file, ..)| *file).collect::<Vec<_>>());
}

fn open(file: &str) -> Upload {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    let options = Options {
        source: None,
        kind: None,
        map: None,
        zone: jiff::tz::TimeZone::get("Asia/Tokyo").expect("a zone"),
        today: "2026-11-22".parse::<Day>().expect("a day"),
    };
    let mut uploads = intake::open(&path, &options).expect(file);
    assert_eq!(uploads.len(), 1, "{file}");
    uploads.remove(0)
}

/// The head line, the warnings, then every item and every reject in the order of the file.
fn render(upload: &Upload) -> String {
    let survey = upload.survey(&mut |_, _| {}).expect("survey");
    let mut out = format!(
        "{} {} {}: {} rows, {} items, {} orders, {} customers, {} rejected\n",
        upload.source(),
        upload.kind().word(),
        upload.encoding(),
        survey.rows,
        survey.items,
        survey.orders,
        survey.customers,
        survey.rejected
    );
    for warning in &survey.warnings {
        writeln!(out, "warning: {warning}").expect("text");
    }
    let mut each = |entry: Entry| {
        out.push_str(&match entry {
            Entry::Item(_, item) => show(&item),
            Entry::Reject(r) => {
                let lost = if r.row_lost { "ROW" } else { "CELL" };
                format!("REJECTED {lost} line {} {}={:?}: {}\n", r.line, r.column, r.value, r.reason)
            }
        });
        ControlFlow::Continue(())
    };
    upload.read(&survey, &mut each).expect("read");
    out
}

fn show(item: &Item) -> String {
    match item {
        Item::Order(order) => show_order(order),
        Item::Record(record) => format!("record {}\n", show_record(record)),
        Item::Subscription(s) => {
            format!("subscription {} of {}: {} {}\n", s.ext_id, s.who, s.status.word(), s.product)
        }
        Item::Consent(c) => format!(
            "consent of {}: {} {} given={} on={} {}\n",
            c.who,
            c.channel.word(),
            c.basis.word(),
            c.given,
            c.on.map(|d| d.to_string()).unwrap_or_default(),
            c.evidence
        ),
        other => format!("{other:?}\n"),
    }
}

fn show_order(o: &Order) -> String {
    let time = jiff::Timestamp::from_second(o.at).expect("a time");
    let kind = if o.kind == OrderKind::Sale { String::new() } else { format!(" {:?}", o.kind) };
    let mut out = format!("order {} {} ({time}){kind} {:?} total {}", o.ext_id, o.day, o.standing, o.total);
    let money = [
        ("goods", o.goods),
        ("shipping", o.shipping),
        ("tax", o.tax),
        ("discount", o.discount),
        ("points", o.points),
        ("refunded", Some(o.refunded).filter(|m| m.0 != 0)),
    ];
    for (word, amount) in money {
        amount.iter().for_each(|a| write!(out, " {word} {a}").expect("text"));
    }
    let words = [("shipped", o.shipped.map(|d| d.to_string())), ("medium", o.medium.clone())];
    for (word, value) in words.into_iter().chain([("undoes", o.refund_of.clone())]) {
        value.iter().for_each(|v| write!(out, " {word} {v}").expect("text"));
    }
    out.push_str(if o.gift { " GIFT\n" } else { "\n" });
    let buyer = o.buyer.record.as_ref().map_or(o.buyer.ext_id.clone(), |r| show_record(r));
    writeln!(out, "  by {buyer}").expect("text");
    for l in &o.lines {
        let labels = [(" #", &l.sku), (" in ", &l.category)].map(|(mark, text)| match text.as_str() {
            "" => String::new(),
            text => format!("{mark}{text}"),
        });
        writeln!(out, "  {} x {}{} at {}", l.quantity, l.name, labels.concat(), l.price).expect("text");
    }
    out
}

/// Only what is there; the name with its typed blanks, the phones in order.
fn show_record(r: &Record) -> String {
    let day = |d: Option<Day>| d.map(|d| d.to_string());
    let kana = format!("{}/{}", r.name.family_kana, r.name.given_kana);
    let phones: Vec<&str> = r.phones.iter().map(|p| p.digits.as_str()).collect();
    let parts = [
        ("", Some(r.ext_id.clone())),
        ("", Some(r.membership).filter(|m| *m != model::Membership::Member).map(|m| format!("{m:?}"))),
        ("", Some(format!("{}|{}", r.name.family, r.name.given)).filter(|n| n != "|")),
        ("kana=", Some(kana).filter(|k| k != "/")),
        ("company=", r.company.clone()),
        ("department=", r.department.clone()),
        ("title=", r.title.clone()),
        ("", r.email.clone()),
        ("tel=", Some(phones.join("+")).filter(|p| !p.is_empty())),
        ("〒", r.postal.clone()),
        ("", r.prefecture.clone()),
        ("", r.address.clone()),
        ("born=", day(r.birthday)),
        ("gender=", r.gender.clone()),
        ("since=", day(r.registered)),
        ("left=", day(r.withdrawn)),
        ("medium=", r.medium.clone()),
        ("", r.mall.then(|| "MALL".to_owned())),
        ("consents=", Some(format!("{:?}", r.consents)).filter(|_| !r.consents.is_empty())),
        ("stops=", Some(format!("{:?}", r.stops)).filter(|_| !r.stops.is_empty())),
        ("keys=", Some(r.keys.len()).filter(|n| *n > 0).map(|n| n.to_string())),
    ];
    let words = parts.into_iter().filter_map(|(mark, text)| text.map(|t| format!("{mark}{t}")));
    words.collect::<Vec<_>>().join(" ")
}
