//! EC-CUBE 4's 会員CSV and 受注CSV: CP932, line feeds, one row per item of an order.

use crate::dice::Dice;
use crate::life::Life;
use crate::names::JOBS;
use crate::order::{Line, Order};
use crate::person::{Guest, Home, Person};
use crate::places::PREFECTURES;
use crate::sheet::{Dialect, Row, Sheet};
use crate::truth::Identity;
use model::{Day, Standing};
use std::io;
use std::path::Path;

pub(crate) const SOURCE: &str = "eccube";

/// The 27 columns of the members.
pub const CUSTOMER_HEADER: &str = "会員ID,お名前(姓),お名前(名),お名前(セイ),お名前(メイ),会社名,郵便番号,\
都道府県(ID),都道府県(名称),住所1,住所2,メールアドレス,TEL,性別(ID),性別(名称),職業(ID),職業(名称),誕生日,\
初回購入日,最終購入日,購入回数,ショップ用メモ欄,会員ステータス(ID),会員ステータス(名称),登録日,更新日,ポイント";

/// The 70 columns of the orders, two of them called 送料.
pub const ORDER_HEADER: &str = "注文ID,注文番号,会員ID,お名前(姓),お名前(名),お名前(セイ),お名前(メイ),会社名,\
郵便番号,都道府県(ID),都道府県(名称),住所1,住所2,メールアドレス,TEL,性別(ID),性別(名称),職業(ID),職業(名称),\
誕生日,ショップ用メモ欄,小計,値引き,送料,税金,合計,支払合計,対応状況(ID),対応状況(名称),支払方法(ID),\
支払方法(名称),受注日,入金日,注文詳細ID,商品ID,商品規格ID,商品名,商品コード,規格名1,規格名2,規格分類名1,\
規格分類名2,価格,個数,税率,税率ルール(ID),明細区分(ID),明細区分(名称),出荷ID,配送先_お名前(姓),\
配送先_お名前(名),配送先_お名前(セイ),配送先_お名前(メイ),配送先_会社名,配送先_郵便番号,配送先_都道府県(ID),\
配送先_都道府県(名称),配送先_住所1,配送先_住所2,配送先_TEL,配送業者(ID),配送業者(名称),お届け時間ID,\
お届け時間(名称),お届け希望日,送料,発送日,出荷伝票番号,配達用メモ,出荷メール送信日";

const PHP: Dialect = Dialect::Php;
/// The shipping columns of an item that is not shipped (手数料, 割引, ポイント).
const NOT_SHIPPED: [&str; 22] = [""; 22];

/// Both files in the making.
pub(crate) struct Eccube {
    seed: u64,
    today: Day,
    customers: Sheet,
    orders: Sheet,
    order: u64,
    item: u64,
    shipping: u64,
    malformed: (u64, u64),
    rows: Rows,
}

/// Buffers used again and again: what all rows of an order begin and end with, and one row.
#[derive(Default)]
struct Rows {
    head: Row,
    tail: Row,
    row: Row,
}

impl Eccube {
    pub fn create(out: &Path, seed: u64, today: Day) -> io::Result<Eccube> {
        let (y, m, d) = today.ymd();
        let stamp = format!("{y:04}{m:02}{d:02}235959");
        let header = |text: &'static str| text.split(',').collect::<Vec<_>>();
        Ok(Eccube {
            seed,
            today,
            customers: Sheet::create(out, &format!("customer_{stamp}.csv"), PHP, &header(CUSTOMER_HEADER))?,
            orders: Sheet::create(out, &format!("order_{stamp}.csv"), PHP, &header(ORDER_HEADER))?,
            order: 0,
            item: 0,
            shipping: 0,
            malformed: (0, 0),
            rows: Rows::default(),
        })
    }

    /// Writes one customer and their orders; says by which identities the files know them.
    pub fn put(&mut self, person: &Person, life: &Life, orders: &[Order]) -> io::Result<Vec<Identity>> {
        let mut known: Vec<Identity> = Vec::new();
        let member = (person.index + 1).to_string();
        if person.guest != Guest::Always {
            let (home, mail) = person.at(self.today, self.today);
            known.push(Identity::new(member.clone(), mail, Some(home)));
        }
        for (n, order) in orders.iter().enumerate() {
            let guest = person.guest == Guest::Always || (person.guest == Guest::Once && n == 0);
            let (home, mail) = person.at(order.day, self.today);
            self.write_order(person, if guest { "" } else { &member }, order)?;
            let key = if guest { format!("guest:{mail}") } else { member.clone() };
            let at = known.iter().position(|i| i.customer == key).unwrap_or_else(|| {
                known.push(Identity::new(key, mail, Some(home)));
                known.len() - 1
            });
            known[at].count(order, order.with_fee());
        }
        if person.guest != Guest::Always {
            self.write_customer(person, life, &known[0])?;
        }
        self.spoil(person, orders)?;
        Ok(known)
    }

    /// Orders written so far.
    pub fn orders(&self) -> u64 {
        self.order
    }

    /// Closes both files: name, rows, malformed rows.
    pub fn finish(self) -> io::Result<[((String, u64), u64); 2]> {
        Ok([(self.customers.finish()?, self.malformed.0), (self.orders.finish()?, self.malformed.1)])
    }

    fn write_customer(&mut self, person: &Person, life: &Life, as_known: &Identity) -> io::Result<()> {
        let (home, mail) = person.at(self.today, self.today);
        let row = &mut self.rows.row;
        row.clear();
        PHP.put(row, &as_known.customer)?;
        names(row, person)?;
        address(row, home, person.excel)?;
        PHP.all(row, &[mail, &damaged(&person.phone, person.excel)])?;
        profile(row, person)?;
        let at = |day: Option<Day>| day.map(|d| format!("{d} 10:00:00")).unwrap_or_default();
        let (first, last) = as_known.span();
        let bought = as_known.counted.orders.to_string();
        PHP.all(row, &[&at(first), &at(last), &bought, ""])?;
        let (id, name) = if life.withdrawn.is_some() { ("3", "退会") } else { ("2", "本会員") };
        let updated = at(life.withdrawn.or(last).or(Some(life.registered)));
        let points = person.points.to_string();
        PHP.all(row, &[id, name, &at(Some(life.registered)), &updated, &points])?;
        self.customers.write(row)
    }

    fn write_order(&mut self, person: &Person, member: &str, order: &Order) -> io::Result<()> {
        self.order += 1;
        self.rows.head.clear();
        head(&mut self.rows.head, (self.order, self.today), person, member, order)?;
        for share in 0..order.addressees.max(1) {
            self.shipping += 1;
            self.rows.tail.clear();
            let to =
                if order.addressees > 0 { Some(addressee(self.seed, person.index, share)) } else { None };
            tail(&mut self.rows.tail, self.shipping, person, to, (order, self.today))?;
            for line in order.lines() {
                let shares = order.addressees.max(1);
                let extra = if share == 0 { line.quantity % shares } else { 0 };
                self.product(Line { quantity: line.quantity / shares + extra, ..line })?;
            }
            self.item(("送料", "", order.shipping, 1, 10), (2, "送料"))?;
        }
        self.rows.tail.clear();
        PHP.all(&mut self.rows.tail, &NOT_SHIPPED)?;
        let rest = [
            ("手数料", order.fee, (3, "手数料"), 10),
            ("割引", -order.coupon, (4, "割引"), 0),
            ("ポイント", -order.points, (6, "ポイント"), 0),
        ];
        for (name, price, class, tax) in rest {
            if price != 0 {
                self.item((name, "", price, 1, tax), class)?;
            }
        }
        Ok(())
    }

    fn product(&mut self, line: Line) -> io::Result<()> {
        let p = line.product;
        self.item((p.name, p.sku, p.price, line.quantity, p.tax_rate()), (1, "商品"))
    }

    /// One row: `(name, code, price, pieces, tax rate)` and the kind of item.
    fn item(
        &mut self,
        (name, code, price, pieces, tax): (&str, &str, i64, i64, i64),
        (class, class_name): (u32, &str),
    ) -> io::Result<()> {
        self.item += 1;
        let Rows { head, tail, row } = &mut self.rows;
        row.clear();
        row.append(head);
        let product = if code.is_empty() { String::new() } else { number_of(code).to_string() };
        PHP.all(row, &[&self.item.to_string(), &product, &product, name, code, "", "", "", ""])?;
        PHP.all(row, &[&yen(price), &pieces.to_string(), &tax.to_string(), "1"])?;
        PHP.all(row, &[&class.to_string(), class_name])?;
        self.orders.write(row.append(tail))
    }

    /// Now and then a row that no program can read: a day that is none, money that is none, or
    /// a row cut short. Each is an order, or a member, of its own.
    fn spoil(&mut self, person: &Person, orders: &[Order]) -> io::Result<()> {
        let mut dice = Dice::new(self.seed, person.index, 5);
        let row = &mut self.rows.row;
        if dice.chance(0.001) {
            row.clear();
            PHP.all(row, &[&(900_000_000 + person.index).to_string(), "途中", "切れ"])?;
            self.customers.write(row)?;
            self.malformed.0 += 1;
        }
        let sold = orders.iter().find(|o| o.standing == Standing::Completed);
        let Some(order) = sold.filter(|_| dice.chance(0.01)) else { return Ok(()) };
        self.order += 1;
        self.malformed.1 += 1;
        let head = &mut self.rows.head;
        head.clear();
        head_with(head, (self.order, self.today), person, "", order, dice.below(3))?;
        self.orders.write(head)
    }
}

/// The 33 columns that every row of an order repeats.
fn head(row: &mut Row, at: (u64, Day), person: &Person, member: &str, order: &Order) -> io::Result<()> {
    head_with(row, at, person, member, order, 9)
}

/// `damage`: 0 = a day that is none, 1 = money that is none, 2 = cut short after the name, else
/// sound. The first two are filled up to the full width.
fn head_with(
    row: &mut Row,
    (id, today): (u64, Day),
    person: &Person,
    member: &str,
    order: &Order,
    damage: u64,
) -> io::Result<()> {
    let (home, mail) = person.at(order.day, today);
    PHP.all(row, &[&id.to_string(), &id.to_string(), member])?;
    names(row, person)?;
    if damage == 2 {
        return Ok(());
    }
    address(row, home, person.excel)?;
    PHP.all(row, &[mail, &damaged(&person.phone, person.excel)])?;
    if member.is_empty() {
        PHP.all(row, &[""; 5])?
    } else {
        profile(row, person)?
    }
    PHP.put(row, if order.addressees > 0 { "のし希望" } else { "" })?;
    let paid = if damage == 1 { String::from("####") } else { yen(order.with_fee()) };
    let off = yen(order.coupon + order.points);
    PHP.all(
        row,
        &[&yen(order.goods()), &off, &yen(order.shipping_in_all()), &yen(order.tax()), &paid, &paid],
    )?;
    let (state, state_name) = standing(order, id);
    let (pay, pay_name) = order.payment.eccube();
    PHP.all(row, &[state, state_name, &pay.to_string(), pay_name])?;
    let day = if damage == 0 { String::from("2023-02-30") } else { order.day.to_string() };
    let (h, m, s) = (order.second / 3_600, order.second / 60 % 60, order.second % 60);
    let at = format!("{day} {h:02}:{m:02}:{s:02}");
    let settled = matches!(order.standing, Standing::Completed | Standing::Returned);
    PHP.all(row, &[&at, if settled { &at } else { "" }])?;
    if damage < 2 { PHP.all(row, &[""; 37]) } else { Ok(()) }
}

/// The 22 columns of where the goods go.
fn tail(
    row: &mut Row,
    id: u64,
    person: &Person,
    to: Option<Person>,
    (order, today): (&Order, Day),
) -> io::Result<()> {
    let receiver = to.as_ref().unwrap_or(person);
    let home = if to.is_some() { &receiver.home } else { person.at(order.day, today).0 };
    PHP.put(row, &id.to_string())?;
    names(row, receiver)?;
    address(row, home, false)?;
    PHP.all(row, &[&receiver.phone, "1", "ヤマト運輸", "", "", "", &yen(order.shipping)])?;
    let sent = order.shipped.map(|d| format!("{d} 15:00:00")).unwrap_or_default();
    let slip = if sent.is_empty() { String::new() } else { format!("{:012}", id) };
    PHP.all(row, &[&sent, &slip, if to.is_some() { "のし：内のし" } else { "" }, &sent])
}

/// Somebody who gets a gift: not a customer by that. The same person every season.
pub(crate) fn addressee(seed: u64, index: u64, which: i64) -> Person {
    let mut other = Person::of(seed ^ 0x5eed, index * 2 + which as u64 + (1 << 40), Day(20_000));
    other.firm = None;
    other
}

fn names(row: &mut Row, person: &Person) -> io::Result<()> {
    // CP932 has no 𠮷: people type 吉 into such a shop.
    let family = person.family.0.replace('𠮷', "吉");
    PHP.all(row, &[&family, person.given.0, person.family.1, person.given.1, person.firm.unwrap_or("")])
}

fn address(row: &mut Row, home: &Home, excel: bool) -> io::Result<()> {
    let (id, name) = (home.prefecture + 1, PREFECTURES[home.prefecture].1);
    PHP.all(row, &[&damaged(&home.postal, excel), &id.to_string(), name])?;
    let rest =
        if home.house.is_empty() { home.block.clone() } else { format!("{} {}", home.block, home.house) };
    PHP.all(row, &[&format!("{}{}", home.city, home.town), &rest])
}

/// Sex, occupation, birthday.
fn profile(row: &mut Row, person: &Person) -> io::Result<()> {
    PHP.all(row, if person.female { &["2", "女性"] } else { &["1", "男性"] })?;
    match person.job {
        Some(job) => PHP.all(row, &[&(job + 1).to_string(), JOBS[job]])?,
        None => PHP.all(row, &["", ""])?,
    }
    PHP.put(row, &person.birthday.map(|d| format!("{d} 00:00:00")).unwrap_or_default())
}

/// What Excel leaves of a number that begins with 0.
fn damaged(digits: &str, excel: bool) -> String {
    if excel { digits.trim_start_matches('0').to_owned() } else { digits.to_owned() }
}

/// 対応状況.
fn standing(order: &Order, id: u64) -> (&'static str, &'static str) {
    match order.standing {
        Standing::Completed if order.shipped.is_some() => ("5", "発送済み"),
        Standing::Completed if id.is_multiple_of(2) => ("6", "入金済み"),
        Standing::Completed => ("4", "対応中"),
        Standing::Pending => ("1", "新規受付"),
        Standing::Cancelled => ("3", "注文取消し"),
        // A shop without a state of its own for what nobody took in keeps it as sent back.
        Standing::Returned | Standing::Refused => ("9", "返品"),
        Standing::Checkout if id.is_multiple_of(2) => ("8", "購入処理中"),
        Standing::Checkout => ("7", "決済処理中"),
    }
}

fn yen(amount: i64) -> String {
    format!("{amount}.00")
}

/// A number for a product code: 商品ID.
fn number_of(code: &str) -> u32 {
    crate::goods::PRODUCTS.iter().position(|p| p.sku == code).map_or(0, |n| n as u32 + 1)
}
