//! Shopify's orders and customers: UTF-8, the columns of an order only on its first row.

use crate::dice::Dice;
use crate::eccube::addressee;
use crate::life::Life;
use crate::order::{Order, Payment};
use crate::person::{Home, Person};
use crate::places::PREFECTURES;
use crate::sheet::{Dialect, Row, Sheet};
use crate::truth::Identity;
use model::{Day, Standing};
use std::io;
use std::path::Path;

pub(crate) const SOURCE: &str = "shopify";

/// The 79 columns of the orders.
pub const ORDER_HEADER: &str = "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,\
Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,\
Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,\
Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,\
Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,\
Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,\
Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,\
Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,\
Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,\
Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,\
Billing Province Name,Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,\
Payment References";

/// The 20 columns of the customers.
pub const CUSTOMER_HEADER: &str = "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,\
Default Address Company,Default Address Address1,Default Address Address2,Default Address City,\
Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,\
Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags";

const UTF8: Dialect = Dialect::Plain;
const VENDOR: &str = "あさひ堂オンライン";

/// Both files in the making.
pub(crate) struct Shopify {
    seed: u64,
    today: Day,
    customers: Sheet,
    orders: Sheet,
    order: u64,
    malformed: u64,
    row: Row,
}

impl Shopify {
    pub fn create(out: &Path, seed: u64, today: Day) -> io::Result<Shopify> {
        let header = |text: &'static str| text.split(',').collect::<Vec<_>>();
        Ok(Shopify {
            seed,
            today,
            customers: Sheet::create(out, "customers_export.csv", UTF8, &header(CUSTOMER_HEADER))?,
            orders: Sheet::create(out, "orders_export.csv", UTF8, &header(ORDER_HEADER))?,
            order: 0,
            malformed: 0,
            row: Row::default(),
        })
    }

    /// Writes one customer and their orders; says by which mailboxes the files know them, the
    /// present one first.
    pub fn put(&mut self, person: &Person, life: &Life, orders: &[Order]) -> io::Result<Vec<Identity>> {
        let (home, mail) = person.at(self.today, self.today);
        let id = format!("{}", 7_210_448_000_000 + person.index);
        let mut known = vec![Identity::new(id.clone(), mail, Some(home))];
        for order in orders {
            let (home, mail) = person.at(order.day, self.today);
            self.write_order(person, order)?;
            let at = known.iter().position(|i| i.mail == mail).unwrap_or_else(|| {
                known.push(Identity::new(String::new(), mail, Some(home)));
                known.len() - 1
            });
            known[at].count(order, net(order));
        }
        self.write_customer(person, life, (&id, &known[0]))?;
        self.spoil(person, orders)?;
        Ok(known)
    }

    /// Orders written so far.
    pub fn orders(&self) -> u64 {
        self.order
    }

    /// Closes both files: name, rows, malformed rows.
    pub fn finish(self) -> io::Result<[((String, u64), u64); 2]> {
        Ok([(self.customers.finish()?, 0), (self.orders.finish()?, self.malformed)])
    }

    fn write_customer(&mut self, person: &Person, life: &Life, known: (&str, &Identity)) -> io::Result<()> {
        let (home, mail) = person.at(self.today, self.today);
        let (id, identity) = known;
        let street = Street::of(home, person.index);
        let phone = phone(person);
        let yes = |is: bool| if is { "yes" } else { "no" };
        self.row.clear();
        let spent = identity.counted.spend.to_string();
        let bought = identity.counted.orders.to_string();
        let id = format!("'{id}");
        let fields = [
            id.as_str(),
            person.given.0,
            person.family.0,
            mail,
            yes(person.accepts.0),
            person.firm.unwrap_or(""),
            &street.first,
            street.second,
            home.city,
            &street.province,
            "JP",
            &street.zip,
            &phone,
            &phone,
            yes(person.accepts.1),
            &spent,
            &bought,
            "",
            "no",
            if life.behaviour.subscribes() { "定期" } else { "" },
        ];
        UTF8.all(&mut self.row, &fields)?;
        self.customers.write(&self.row)
    }

    fn write_order(&mut self, person: &Person, order: &Order) -> io::Result<()> {
        self.order += 1;
        for n in 0..order.lines().count() {
            self.row.clear();
            cells(&mut self.row, (self.seed, self.order, self.today), person, order, (n, 9))?;
            self.orders.write(&self.row)?;
        }
        Ok(())
    }

    fn spoil(&mut self, person: &Person, orders: &[Order]) -> io::Result<()> {
        let mut dice = Dice::new(self.seed, person.index, 6);
        let sold = orders.iter().find(|o| o.standing == Standing::Completed);
        let Some(order) = sold.filter(|_| dice.chance(0.003)) else { return Ok(()) };
        self.order += 1;
        self.malformed += 1;
        self.row.clear();
        cells(&mut self.row, (self.seed, self.order, self.today), person, order, (0, dice.below(2)))?;
        self.orders.write(&self.row)
    }
}

/// What stays with the shop: nothing of what was sent back.
fn net(order: &Order) -> i64 {
    order.without_fee() - order.given_back
}

/// Line `n` of an order; the order's own columns only with the first. `damage`: 0 = a day that
/// is none, 1 = money that is none, else sound.
fn cells(
    row: &mut Row,
    (seed, id, today): (u64, u64, Day),
    person: &Person,
    order: &Order,
    (n, damage): (usize, u64),
) -> io::Result<()> {
    let (home, mail) = person.at(order.day, today);
    let first = n == 0;
    UTF8.all(row, &[&format!("#{}", 1_000 + id), mail])?;
    if first {
        money(row, person, order, damage)?
    } else {
        UTF8.all(row, &[""; 14])?
    }
    let Some(line) = order.lines().nth(n) else { return Ok(()) };
    let price = line.product.with_tax().to_string();
    UTF8.all(row, &[&line.quantity.to_string(), line.product.name, &price, "", line.product.sku])?;
    let sent = if order.shipped.is_some() { "fulfilled" } else { "pending" };
    UTF8.all(row, &["true", "true", sent])?;
    let to = (order.addressees > 0).then(|| addressee(seed, person.index, 0));
    if first {
        address(row, person, home)?;
        match &to {
            Some(other) => address(row, other, &other.home)?,
            None => address(row, person, home)?,
        }
        rest(row, order)?;
    } else {
        UTF8.all(row, &[""; 26])?;
    }
    UTF8.all(row, &[VENDOR])?;
    if !first {
        UTF8.all(row, &[""; 8])?;
        return UTF8.all(row, &["0"]).and_then(|()| UTF8.all(row, &[""; 19]));
    }
    UTF8.all(row, &["0", "", "", "", &format!("'{}", 5_400_000_000_000 + id)])?;
    UTF8.all(row, &[if order.subscription { "定期" } else { "" }, "Low", "web", "0"])?;
    let tax = order.tax().to_string();
    UTF8.all(row, &["消費税", &tax, "", "", "", "", "", "", "", ""])?;
    let province = PREFECTURES[home.prefecture].1;
    let there = to.as_ref().map_or(province, |o| PREFECTURES[o.home.prefecture].1);
    UTF8.all(
        row,
        &[&phone(person), "", "", province, there, &format!("r{id}.1"), "", "", &format!("r{id}.1")],
    )
}

/// From `Financial Status` to `Created at`.
fn money(row: &mut Row, person: &Person, order: &Order, damage: u64) -> io::Result<()> {
    let day = if damage == 0 { String::from("2023-02-30") } else { order.day.to_string() };
    let (h, m, s) = (order.second / 3_600, order.second / 60 % 60, order.second % 60);
    let at = format!("{day} {h:02}:{m:02}:{s:02} +0900");
    let total = if damage == 1 { String::from("####") } else { order.without_fee().to_string() };
    let paid = matches!(order.standing, Standing::Completed | Standing::Returned);
    let shipped = order.shipped.map(|d| format!("{d} 15:00:00 +0900")).unwrap_or_default();
    let off = order.coupon + order.points;
    let (off, code) = (off.to_string(), if order.coupon > 0 { "HAJIMETE500" } else { "" });
    let fields = [
        financial(order),
        if paid { &at } else { "" },
        if shipped.is_empty() { "unfulfilled" } else { "fulfilled" },
        &shipped,
        if person.accepts.0 { "yes" } else { "no" },
        "JPY",
        &(order.goods() - order.coupon - order.points).to_string(),
        &order.shipping_in_all().to_string(),
        &order.tax().to_string(),
        &total,
        code,
        &off,
        "通常配送",
        &at,
    ];
    UTF8.all(row, &fields)
}

fn financial(order: &Order) -> &'static str {
    match order.standing {
        Standing::Completed if order.given_back > 0 => "partially_refunded",
        Standing::Completed => "paid",
        Standing::Pending => "pending",
        Standing::Returned | Standing::Refused => "refunded",
        Standing::Cancelled | Standing::Checkout => "voided",
    }
}

/// From `Notes` to `Refunded Amount`.
fn rest(row: &mut Row, order: &Order) -> io::Result<()> {
    let cancelled = matches!(order.standing, Standing::Cancelled | Standing::Checkout);
    let at = if cancelled { format!("{} 23:59:59 +0900", order.day) } else { String::new() };
    let method = match order.payment {
        Payment::Card => "shopify_payments",
        Payment::CashOnDelivery => "Cash on Delivery (COD)",
        Payment::Later => "NP後払い",
        Payment::Bank => "Bank Deposit",
    };
    let refunded = match order.standing {
        Standing::Returned => order.without_fee(),
        Standing::Completed => order.given_back,
        _ => 0,
    };
    let note = if order.addressees > 0 { "のし希望" } else { "" };
    UTF8.all(row, &[note, "", &at, method, "", &refunded.to_string()])
}

/// The ten columns of one address.
fn address(row: &mut Row, person: &Person, home: &Home) -> io::Result<()> {
    let street = Street::of(home, person.index);
    let name = format!("{} {}", person.family.0, person.given.0);
    let both = format!("{}, {}", street.first, street.second);
    let whole = if street.second.is_empty() { &street.first } else { &both };
    UTF8.all(row, &[&name, whole, &street.first, street.second, person.firm.unwrap_or("")])?;
    UTF8.all(row, &[home.city, &street.zip, &street.province, "JP", &phone(person)])
}

/// An address as Shopify splits it.
struct Street<'a> {
    first: String,
    second: &'a str,
    zip: String,
    province: String,
}

impl Street<'_> {
    /// One in eight types full-width figures.
    fn of(home: &Home, index: u64) -> Street<'_> {
        let wide = |c: char| char::from_u32(c as u32 + 0xfee0).unwrap_or(c);
        let block = if index % 8 == 5 { home.block.chars().map(wide).collect() } else { home.block.clone() };
        Street {
            first: format!("{}{block}", home.town),
            second: &home.house,
            zip: format!("'{}-{}", &home.postal[..3], &home.postal[3..]),
            province: format!("JP-{:02}", home.prefecture + 1),
        }
    }
}

/// Three of the spellings met in such files.
fn phone(person: &Person) -> String {
    let digits = &person.phone;
    match person.index % 3 {
        0 => format!("'+81{}", &digits[1..]),
        1 if digits.len() == 11 => format!("{}-{}-{}", &digits[..3], &digits[3..7], &digits[7..]),
        _ => format!("'{digits}"),
    }
}
