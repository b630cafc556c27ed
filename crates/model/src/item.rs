//! One thing read from a file, whatever it is.

use crate::{
    Activity, Balance, Consent, HeldCoupon, Mourner, Order, Product, Record, Review, Subscription,
    Suppression, words::words,
};
use serde::{Deserialize, Serialize};

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Orders,
    Customers,
    Subscriptions,
    Invoices,
    Contacts,
    Visits,
    Products,
    Points,
    Coupons,
    Reviews,
    Consents,
    Suppressions,
}
words!(Kind {
    Orders = "orders", "受注", "orders";
    Customers = "customers", "顧客", "customers";
    Subscriptions = "subscriptions", "定期", "subscriptions";
    Invoices = "invoices", "請求", "invoices";
    Contacts = "contacts", "名刺・リード", "contacts";
    Visits = "visits", "訪問・接触履歴", "visits";
    Products = "products", "商品", "products";
    Points = "points", "ポイント", "points";
    Coupons = "coupons", "クーポン", "coupons";
    Reviews = "reviews", "レビュー", "reviews";
    Consents = "consents", "同意", "consents";
    Suppressions = "suppressions", "配信停止", "suppressions";
});

/// One thing read from a file.
#[derive(Clone, PartialEq, Debug)]
pub enum Item {
    Record(Box<Record>),
    Order(Box<Order>),
    Subscription(Subscription),
    Activity(Activity),
    Product(Product),
    Balance(Balance),
    Coupon(HeldCoupon),
    Review(Review),
    Mourning(Mourner),
    Consent(Consent),
    Suppression(Suppression),
}
