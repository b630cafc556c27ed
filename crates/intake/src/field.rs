//! Our words for what a column can hold: the left side of a column map.

/// How several columns that go to one field become one value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Combine {
    /// The first cell that is not blank, in the order in which the format lists the columns.
    First,
    /// All of them, one after the other (住所1 住所2; 03 0000 0000).
    Join,
    /// Their sum (two kinds of coupon).
    Sum,
    /// Each by itself (several telephone numbers).
    Each,
}

macro_rules! fields {
    ($($variant:ident = $word:literal, $combine:ident, $doc:literal;)+) => {
        /// What a cell means. `word` is its name in a map file and in a sample.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        pub enum Field { $(#[doc = $doc] $variant),+ }

        impl Field {
            /// Every field.
            pub const ALL: &'static [Field] = &[$(Field::$variant),+];
            /// Name in a map file.
            pub const fn word(self) -> &'static str {
                match self { $(Field::$variant => $word),+ }
            }
            /// One line for the comments of a proposed map.
            pub const fn about(self) -> &'static str {
                match self { $(Field::$variant => $doc),+ }
            }
            /// What happens when several columns go to this field.
            pub const fn combine(self) -> Combine {
                match self { $(Field::$variant => Combine::$combine),+ }
            }
            /// The field of a word, as `word` writes it.
            pub fn from_word(word: &str) -> Option<Field> {
                Field::ALL.iter().copied().find(|f| f.word() == word)
            }
        }
    };
}

fields! {
    // who
    Customer = "customer", First, "the customer's id in the source (会員ID)";
    Name = "name", First, "whole name in one column";
    Family = "family", First, "surname (姓)";
    Given = "given", First, "given name (名)";
    NameKana = "name_kana", First, "whole reading in one column";
    FamilyKana = "family_kana", First, "reading of the surname (セイ)";
    GivenKana = "given_kana", First, "reading of the given name (メイ)";
    Company = "company", First, "company";
    Department = "department", First, "department";
    Title = "title", First, "title in the company (役職)";
    Email = "email", First, "mail address";
    Phone = "phone", Each, "telephone number; several columns: the preferred first";
    PhonePart = "phone_part", Join, "one part of a number split over columns (TEL1, TEL2, TEL3)";
    Postal = "postal", First, "postal code";
    PostalPart = "postal_part", Join, "one part of a postal code split over columns";
    Prefecture = "prefecture", First, "prefecture (都道府県)";
    Address = "address", Join, "what follows the prefecture; several columns are joined";
    LineId = "line_id", First, "LINE user id";
    Birthday = "birthday", First, "date of birth";
    Gender = "gender", First, "gender, as the source writes it";
    Registered = "registered", First, "day of registration";
    WithdrawnOn = "withdrawn_on", First, "day on which the customer left; blank = did not";
    Membership = "membership", First, "values: member, guest, provisional, withdrawn, contact, drop";
    MailConsent = "mail_consent", First, "values: yes, no, stop";
    SmsConsent = "sms_consent", First, "values: yes, no, stop";
    LineConsent = "line_consent", First, "values: yes, no, stop";
    PostConsent = "post_consent", First, "values: yes, no, stop";
    PhoneConsent = "phone_consent", First, "values: yes, no, stop";
    AdsConsent = "ads_consent", First, "values: yes, no, stop";
    Stop = "stop", First, "a must-not; values: words of the stop reasons; others are no stop";
    CardOn = "card_on", First, "day on which business cards were exchanged: proof for mail";
    Medium = "medium", First, "media code or coupon (媒体コード)";
    // an order
    Order = "order", First, "order id; rows with the same id are one order";
    OrderedAt = "ordered_at", First, "date, or date and time, of the order";
    OrderedTime = "ordered_time", First, "time of day, where it has a column of its own";
    Status = "status", First, "values: completed, pending, cancelled, returned, refused, checkout, refund, drop";
    PaidAt = "paid_at", First, "a value here makes a pending order a completed one";
    CancelledAt = "cancelled_at", First, "a value here makes the order a cancelled one";
    Total = "total", First, "what was paid for the whole order; blank: lines, shipping and fees, less discounts and points";
    Refunded = "refunded", First, "given back later of this order's total";
    Goods = "goods", First, "goods alone (商品小計)";
    Shipping = "shipping", Sum, "shipping of the order";
    Fees = "fees", Sum, "fees of the order, such as 代引手数料; may be negative";
    Tax = "tax", Sum, "tax of the order";
    Discount = "discount", Sum, "discounts and coupons of the order";
    Points = "points", Sum, "worth of the points used";
    Gift = "gift", First, "のし, wrapping, gift flag: anything but blank, 0, no, なし, 無";
    Shipped = "shipped", First, "day on which it was sent";
    RefundOf = "refund_of", First, "the order that this row undoes";
    RecipientName = "recipient_name", First, "addressee's whole name: only to see a gift";
    RecipientFamily = "recipient_family", First, "addressee's surname: only to see a gift";
    RecipientGiven = "recipient_given", First, "addressee's given name: only to see a gift";
    // a line of an order
    LineKind = "line_kind", First, "values: product; rows of any other kind give no line";
    Item = "item", First, "product name";
    Variant = "variant", Join, "variety of the product, put behind its name";
    Sku = "sku", First, "product code";
    Category = "category", First, "product category";
    Quantity = "quantity", First, "pieces; blank = 1";
    Price = "price", First, "price of one piece";
    LineTotal = "line_total", First, "price of all pieces of the line";
    // a subscription
    Subscription = "subscription", First, "subscription id (定期受注番号)";
    SubscriptionStatus = "subscription_status", First, "values: running, paused, cancelled";
    Started = "started", First, "day on which the subscription began";
    Ended = "ended", First, "day on which it was paused or cancelled";
    NextDelivery = "next_delivery", First, "next delivery, or last day of the contract's term";
    // anything else
    Activity = "activity", First, "values: words of the activity kinds (contact, visit, login ...)";
    On = "on", First, "day of the visit, consent or suppression";
    Note = "note", First, "free text";
    DaysPerUnit = "days_per_unit", First, "how many days one piece lasts";
    Margin = "margin", First, "share of the price that stays with the shop: 0.35 or 35%";
    Successor = "successor", First, "code of the product that takes its place";
    Sensitive = "sensitive", First, "yes = never named on an open card";
    Balance = "balance", First, "points the customer holds";
    Expires = "expires", First, "day on which they expire";
    AsOf = "as_of", First, "day of which the balance or coupon is told; blank = the day of the import";
    Mourning = "mourning", First, "in mourning (喪中): since which day, or yes";
    Stars = "stars", First, "stars of a review, 1 to 5";
    Code = "code", First, "coupon code that the customer holds";
    Used = "used", First, "a value here (but 0, no, 未使用): the coupon was used";
    Channel = "channel", First, "values: mail, sms, line, post, phone, ads, all";
    Basis = "basis", First, "values: opt_in, business_card, published_address, transaction_relation";
    Agreed = "agreed", First, "values: yes, no; blank = yes";
    Evidence = "evidence", First, "how, where and to which wording the consent was given";
    Reason = "reason", First, "values: words of the stop reasons";
}

impl Field {
    /// How many there are.
    pub const COUNT: usize = Field::ALL.len();
}
