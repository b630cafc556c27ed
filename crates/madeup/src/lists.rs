//! Lists that a shop keeps beside its cart, each with its column map: products, 定期,
//! complaints, consents, suppressions.

use crate::dice::Dice;
use crate::eccube::SOURCE;
use crate::goods::PRODUCTS;
use crate::life::Life;
use crate::order::Order;
use crate::person::{Guest, Person};
use crate::sheet::{Dialect, Row, Sheet};
use model::{Day, StopReason, SubscriptionStatus};
use std::io;
use std::path::Path;

const UTF8: Dialect = Dialect::Plain;

/// A kind of file: its name, its `kind`, and per column our field and the header.
type List = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const PRODUCT_LIST: List = (
    "products",
    "products",
    &[
        ("sku", "商品コード"),
        ("item", "商品名"),
        ("category", "カテゴリ"),
        ("days_per_unit", "1個の日数"),
        ("margin", "粗利率"),
        ("successor", "後継品"),
        ("sensitive", "取扱注意"),
    ],
);
const SUBSCRIPTION_LIST: List = (
    "subscriptions",
    "subscriptions",
    &[
        ("subscription", "定期ID"),
        ("customer", "会員ID"),
        ("item", "商品名"),
        ("subscription_status", "定期ステータス"),
        ("started", "開始日"),
        ("ended", "停止日"),
        ("next_delivery", "次回お届け日"),
    ],
);
const COMPLAINT_LIST: List =
    ("contacts", "visits", &[("customer", "会員ID"), ("on", "日付"), ("activity", "種別"), ("note", "内容")]);
const CONSENT_LIST: List = (
    "consents",
    "consents",
    &[
        ("customer", "会員ID"),
        ("channel", "チャネル"),
        ("basis", "根拠"),
        ("agreed", "同意"),
        ("on", "取得日"),
        ("evidence", "証跡"),
    ],
);
const SUPPRESSION_LIST: List = (
    "suppressions",
    "suppressions",
    &[("customer", "会員ID"), ("reason", "理由"), ("on", "受付日"), ("note", "メモ")],
);

/// The five files in the making. They name EC-CUBE's members.
pub(crate) struct Lists {
    seed: u64,
    today: Day,
    products: Sheet,
    subscriptions: Sheet,
    complaints: Sheet,
    consents: Sheet,
    suppressions: Sheet,
    row: Row,
}

impl Lists {
    pub fn create(out: &Path, seed: u64, today: Day) -> io::Result<Lists> {
        let mut lists = Lists {
            seed,
            today,
            products: create(out, PRODUCT_LIST)?,
            subscriptions: create(out, SUBSCRIPTION_LIST)?,
            complaints: create(out, COMPLAINT_LIST)?,
            consents: create(out, CONSENT_LIST)?,
            suppressions: create(out, SUPPRESSION_LIST)?,
            row: Row::default(),
        };
        lists.all_products()?;
        Ok(lists)
    }

    /// What the shop has written down about this customer of EC-CUBE, if a member.
    pub fn put(&mut self, person: &Person, life: &Life, orders: &[Order]) -> io::Result<()> {
        if person.guest == Guest::Always {
            return Ok(());
        }
        let member = (person.index + 1).to_string();
        let mut dice = Dice::new(self.seed, person.index, 10);
        self.subscription(&member, life, orders)?;
        self.complaint(&mut dice, &member, orders)?;
        self.consent(&mut dice, &member, life)?;
        self.suppression(&mut dice, &member, life)
    }

    /// Closes the files: name and rows of each, products first.
    pub fn finish(self) -> io::Result<Vec<(String, u64)>> {
        [self.products, self.subscriptions, self.complaints, self.consents, self.suppressions]
            .into_iter()
            .map(Sheet::finish)
            .collect()
    }

    fn all_products(&mut self) -> io::Result<()> {
        for p in &PRODUCTS {
            let (days, margin) = (p.days.to_string(), format!("{}%", p.margin));
            let secret = if p.sensitive { "yes" } else { "no" };
            let fields = [p.sku, p.name, p.category, &days, &margin, p.successor, secret];
            write(&mut self.products, &mut self.row, &fields)?;
        }
        Ok(())
    }

    fn subscription(&mut self, member: &str, life: &Life, orders: &[Order]) -> io::Result<()> {
        let (Some(plan), Some(first)) = (life.plan, life.days.first()) else { return Ok(()) };
        let product = orders.first().and_then(|o| o.lines().next()).map_or("", |l| l.product.name);
        let status = match plan.status {
            SubscriptionStatus::Running => "running",
            SubscriptionStatus::Paused => "paused",
            SubscriptionStatus::Cancelled => "cancelled",
        };
        let day = |d: Option<Day>| d.map(|d| d.to_string()).unwrap_or_default();
        let (started, ended, next) = (first.to_string(), day(plan.ended), day(plan.next));
        let id = format!("T{member}");
        let fields = [&id, member, product, status, &started, &ended, &next];
        write(&mut self.subscriptions, &mut self.row, &fields)
    }

    /// One in forty complained about the last order; two in five of these are still open.
    fn complaint(&mut self, dice: &mut Dice, member: &str, orders: &[Order]) -> io::Result<()> {
        let Some(last) = orders.last().filter(|_| dice.chance(0.025)) else { return Ok(()) };
        let opened = last.day.plus(dice.between(1, 10)).min(self.today);
        let fields = [member, &opened.to_string(), "complaint_opened", "商品に不満"];
        write(&mut self.complaints, &mut self.row, &fields)?;
        let closed = opened.plus(dice.between(1, 30));
        if closed > self.today || dice.chance(0.4) {
            return Ok(());
        }
        let fields = [member, &closed.to_string(), "complaint_closed", "交換で了承"];
        write(&mut self.complaints, &mut self.row, &fields)
    }

    fn consent(&mut self, dice: &mut Dice, member: &str, life: &Life) -> io::Result<()> {
        let on = life.registered.to_string();
        for (channel, share) in [("mail", 0.6), ("post", 0.4), ("sms", 0.2), ("phone", 0.15)] {
            if dice.chance(share) {
                let agreed = if dice.chance(0.95) { "yes" } else { "no" };
                let fields = [member, channel, "opt_in", agreed, &on, "会員登録フォームのチェック"];
                write(&mut self.consents, &mut self.row, &fields)?;
            }
        }
        Ok(())
    }

    fn suppression(&mut self, dice: &mut Dice, member: &str, life: &Life) -> io::Result<()> {
        let stops = [
            (StopReason::MailOptOut, 0.06),
            (StopReason::PostStop, 0.03),
            (StopReason::PhoneRefusal, 0.02),
            (StopReason::Deceased, 0.003),
        ];
        for (reason, share) in stops {
            if dice.chance(share) {
                let on = life.registered.plus(dice.between(10, 900)).min(self.today).to_string();
                write(&mut self.suppressions, &mut self.row, &[member, reason.word(), &on, ""])?;
            }
        }
        Ok(())
    }
}

fn write(sheet: &mut Sheet, row: &mut Row, fields: &[&str]) -> io::Result<()> {
    row.clear();
    UTF8.all(row, fields)?;
    sheet.write(row)
}

/// The file with its header, and beside it the map.
fn create(out: &Path, (name, kind, columns): List) -> io::Result<Sheet> {
    let mapped: String = columns.iter().map(|(ours, theirs)| format!("{ours} = \"{theirs}\"\n")).collect();
    let map = format!("kind = \"{kind}\"\nsource = \"{SOURCE}\"\n\n[columns]\n{mapped}");
    std::fs::write(out.join(name).with_extension("toml"), map)?;
    let header: Vec<&str> = columns.iter().map(|(_, theirs)| *theirs).collect();
    Sheet::create(out, &format!("{name}.csv"), UTF8, &header)
}
