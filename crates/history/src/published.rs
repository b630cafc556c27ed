//! The published columns: what segments may ask for and exports contain.

use crate::bits::{self, Bits};
use crate::outlooks::Outlooks;
use crate::scores::Scale;
use crate::shard::{CPM_GONE, Histories, Judged, LONG_DORMANT};
use crate::table::{Col, NONE};
use crate::told;
use arrow::datatypes::ArrowNativeType;
use model::{Cpm, Day, LostReason, Outlook, Silent, Stage, State, SubscriptionState, Timeline, Type};
use std::borrow::Cow;
use std::sync::LazyLock;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Integer,
    Number,
    Text,
    Date,
    Boolean,
}

impl Kind {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Text => "text",
            Kind::Date => "date",
            Kind::Boolean => "boolean",
        }
    }
}

/// A published column, for people.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ColumnInfo {
    pub name: &'static str,
    /// "integer", "number", "text", "date" or "boolean".
    pub kind: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    /// Whether a dormancy policy may use it.
    pub history: bool,
}

/// The rows of one shard, as far as they are known: without judgements while a policy's own
/// segments are asked, without outlooks until somebody looks ahead.
pub(crate) struct View<'a> {
    pub(crate) h: &'a Histories,
    pub(crate) j: Option<&'a Judged>,
    pub(crate) o: Option<&'a Outlooks>,
    pub(crate) as_of: i32,
    pub(crate) scale: Option<&'a Scale>,
    pub(crate) sets: &'a [String],
    /// What customers said: rows of the shard, and the reasons' names.
    pub(crate) told: Option<told::Rows<'a>>,
}

/// Words by number.
pub(crate) type Names<'a> = Cow<'a, [String]>;

/// A column's values; where `valid` (absent: everywhere) says no, the value means nothing.
pub(crate) enum Values<'a> {
    /// Integers, and days.
    Ints(Vec<i64>, Option<Bits>),
    Nums(Vec<f64>, Option<Bits>),
    Texts(Vec<u32>, Names<'a>, Option<Bits>),
    /// Never unknown.
    Bools(Bits),
}

/// One published column and how to get at it.
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    ja: &'static str,
    en: &'static str,
    pub(crate) history: bool,
    /// The only words it holds, where there are only some.
    pub(crate) words: fn() -> &'static [String],
    pub(crate) read: for<'a> fn(&View<'a>) -> Values<'a>,
}

static COLUMNS: LazyLock<Vec<ColumnInfo>> = LazyLock::new(|| {
    let info =
        |s: &Spec| ColumnInfo { name: s.name, kind: s.kind.word(), ja: s.ja, en: s.en, history: s.history };
    SPECS.iter().map(info).collect()
});

/// Every published column, in the order of exports.
pub fn columns() -> &'static [ColumnInfo] {
    &COLUMNS
}

macro_rules! word_lists {
    ($($list:ident: $enum:ident),+) => {$(
        static $list: LazyLock<Vec<String>> = LazyLock::new(|| by_code($enum::ALL.iter().map(|w| (w.code(), w.word()))));
    )+};
}
word_lists!(STATES: State, STAGES: Stage, SILENT: Silent, TYPES: Type, CPM: Cpm, LOST: LostReason, SUBSCRIPTIONS: SubscriptionState);
static RFM: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..125).map(|i| format!("{}-{}-{}", i / 25 + 1, i / 5 % 5 + 1, i % 5 + 1)).collect());

fn by_code(words: impl Iterator<Item = (u8, &'static str)>) -> Vec<String> {
    let mut list = vec![];
    for (code, word) in words {
        list.resize(list.len().max(usize::from(code) + 1), String::new());
        list[usize::from(code)] = word.to_owned();
    }
    list
}

fn any() -> &'static [String] {
    &[]
}

fn valid_where(n: usize, known: impl Fn(usize) -> bool) -> Option<Bits> {
    let bits = bits::pack(n, known);
    (bits::count(&bits) < n as u64).then_some(bits)
}

fn days<'a>(column: &Col<i32>, n: usize) -> Values<'a> {
    let valid = match column {
        Col::Same(NONE) => Some(bits::none(n)),
        Col::Same(_) => None,
        Col::Each(values) => valid_where(n, |i| values[i] != NONE),
    };
    Values::Ints(column.map(n, i64::from), valid)
}

fn ints<'a, T: ArrowNativeType + Into<i64>>(column: &Col<T>, n: usize) -> Values<'a> {
    Values::Ints(column.map(n, Into::into), None)
}

/// Of customers with an order; unknown for the others.
fn ordered<'a>(v: &View, of: impl Fn(&Scale, &Histories, usize) -> u8) -> Values<'a> {
    let n = v.h.len;
    let Some(scale) = v.scale else { return Values::Ints(vec![0; n], Some(bits::none(n))) };
    let values = (0..n).map(|i| i64::from(of(scale, v.h, i))).collect();
    Values::Ints(values, valid_where(n, |i| v.h.n_orders.at(i) > 0))
}

fn silent(v: &View, i: usize) -> i64 {
    i64::from(v.as_of) - i64::from(v.h.last_order.at(i))
}

/// Half days, or anything else that needs a gap.
fn of_gaps<'a>(v: &View, least: u32, value: impl Fn(usize) -> f64) -> Values<'a> {
    let n = v.h.len;
    Values::Nums((0..n).map(value).collect(), valid_where(n, |i| v.h.n_gaps.at(i) >= least))
}

fn flag<'a>(v: &View, bit: i64) -> Values<'a> {
    Values::Bools(bits::pack(v.h.len, |i| i64::from(v.h.flags.at(i)) & bit != 0))
}

/// A column of judgements: unknown while nobody is judged yet.
fn judged<'a>(v: &View<'a>, of: impl Fn(&Judged) -> Values<'a>) -> Values<'a> {
    match v.j {
        Some(j) => of(j),
        None => Values::Ints(vec![0; v.h.len], Some(bits::none(v.h.len))),
    }
}

fn words<'a>(v: &View<'a>, names: &'static [String], of: fn(&Judged) -> &Col<u8>) -> Values<'a> {
    judged(v, |j| Values::Texts(of(j).map(j.len, u32::from), Cow::Borrowed(names), None))
}

fn mark<'a>(v: &View<'a>, on: impl Fn(&Judged, usize) -> bool) -> Values<'a> {
    judged(v, |j| Values::Bools(bits::pack(j.len, |i| on(j, i))))
}

/// A number of each outlook: unknown where there is none.
fn expected<'a>(v: &View, of: fn(&Outlook) -> f64) -> Values<'a> {
    let n = v.h.len;
    let Some(o) = v.o else { return Values::Nums(vec![0.0; n], Some(bits::none(n))) };
    let values = (0..n).map(|i| o.get(i).as_ref().map_or(0.0, of)).collect();
    Values::Nums(values, valid_where(n, |i| o.is_known(i)))
}

/// A day, or a number of days, of each outlook: unknown where there is none.
fn expected_day<'a>(v: &View, of: impl Fn(&Outlook) -> Option<i64>) -> Values<'a> {
    let n = v.h.len;
    let Some(o) = v.o else { return Values::Ints(vec![0; n], Some(bits::none(n))) };
    let days: Vec<Option<i64>> = (0..n).map(|i| o.get(i).as_ref().and_then(&of)).collect();
    let valid = valid_where(n, |i| days[i].is_some());
    Values::Ints(days.into_iter().map(Option::unwrap_or_default).collect(), valid)
}

fn lost_reason<'a>(v: &View<'a>) -> Values<'a> {
    judged(v, |j| {
        let reason = |i: usize| {
            let newer = v.h.competitor.at(i) > v.h.dissatisfied.at(i);
            u32::from(if newer { LostReason::Competitor } else { LostReason::Dissatisfied }.code())
        };
        let lost = valid_where(j.len, |i| j.state.at(i) == State::Lost.code());
        Values::Texts((0..j.len).map(reason).collect(), Cow::Borrowed(&**LOST), lost)
    })
}

fn last_category<'a>(v: &View<'a>) -> Values<'a> {
    let valid = valid_where(v.h.len, |i| (1..v.sets.len()).contains(&(v.h.last_categories.at(i) as usize)));
    let last = v.sets.len().saturating_sub(1) as u32;
    Values::Texts(v.h.last_categories.map(v.h.len, |s| s.min(last)), Cow::Borrowed(v.sets), valid)
}

fn rfm<'a>(v: &View<'a>) -> Values<'a> {
    let n = v.h.len;
    let Some(scale) = v.scale else {
        return Values::Texts(vec![0; n], Cow::Borrowed(&**RFM), Some(bits::none(n)));
    };
    let code = |i: usize| {
        let s = scale.scores(v.h, i, v.as_of);
        let digit = |score: u8| u32::from(score.saturating_sub(1));
        digit(s.r) * 25 + digit(s.f) * 5 + digit(s.m)
    };
    let valid = valid_where(n, |i| v.h.n_orders.at(i) > 0);
    Values::Texts((0..n).map(code).collect(), Cow::Borrowed(&**RFM), valid)
}

macro_rules! specs {
    ($($name:literal $kind:ident $from:ident $ja:literal $en:literal $words:expr, $read:expr;)+) => {
        /// In the order of exports.
        pub(crate) static SPECS: &[Spec] = &[$(Spec {
            name: $name,
            kind: Kind::$kind,
            ja: $ja,
            en: $en,
            history: specs!(@ $from),
            words: $words,
            read: $read,
        }),+];
    };
    (@ history) => { true };
    (@ judged) => { false };
}

specs! {
    "customer" Integer history "顧客番号" "customer" any, |v| ints(&v.h.customer, v.h.len);
    "state" Text judged "状態" "state" || &STATES, |v| words(v, &STATES, |j| &j.state);
    "since" Date judged "状態の開始日" "state since" any, |v| judged(v, |j| days(&j.since, j.len));
    "stage" Text judged "ステージ" "stage" || &STAGES, |v| words(v, &STAGES, |j| &j.stage);
    "days_silent" Integer history "最終注文からの日数" "days since the last order" any, |v| {
        let valid = valid_where(v.h.len, |i| v.h.last_order.at(i) != NONE);
        Values::Ints((0..v.h.len).map(|i| silent(v, i)).collect(), valid)
    };
    "first_order" Date history "初回注文日" "first order" any, |v| days(&v.h.first_order, v.h.len);
    "last_order" Date history "最終注文日" "last order" any, |v| days(&v.h.last_order, v.h.len);
    "n_orders" Integer history "注文回数" "orders" any, |v| ints(&v.h.n_orders, v.h.len);
    "spend" Number history "累計購入額" "spend" any, |v| {
        Values::Nums(v.h.spend.map(v.h.len, |s| s as f64 / 100.0), None)
    };
    "own_cycle_days" Number history "購入間隔(中央値・日)" "own cycle in days (median)" any, |v| {
        of_gaps(v, 1, |i| f64::from(v.h.gap_median2.at(i)) / 2.0)
    };
    "own_cycle_mean" Number judged "購入間隔(補正平均・日)" "own cycle in days (mean, shrunk)" any, |v| {
        let mean = |s: &Scale, i: usize| s.own_cycle_mean(v.h.n_gaps.at(i), v.h.gap_sum.at(i));
        of_gaps(v, 1, |i| v.scale.and_then(|s| mean(s, i)).unwrap_or_default())
    };
    "gap_sd" Number history "購入間隔の標準偏差(日)" "spread of the gaps in days" any, |v| {
        of_gaps(v, 2, |i| v.h.gap_sd.at(i))
    };
    "n_gaps" Integer history "購入間隔の数" "gaps" any, |v| ints(&v.h.n_gaps, v.h.len);
    "at_risk_line" Integer judged "予兆になる日数" "going quiet from day" any, |v| judged(v, |j| ints(&j.at_risk_line, j.len));
    "dormant_line" Integer judged "休眠になる日数" "dormant from day" any, |v| judged(v, |j| ints(&j.dormant_line, j.len));
    "long_dormant" Boolean judged "長期休眠" "dormant for long" any, |v| mark(v, |j, i| j.marks.at(i) & LONG_DORMANT != 0);
    "newly_dormant" Boolean judged "本日休眠入り" "dormant since today" any, |v| {
        let (dormant, today) = (State::Dormant.code(), v.as_of);
        mark(v, move |j, i| j.state.at(i) == dormant && j.since.at(i) == today)
    };
    "p_return" Number judged "復帰確率" "probability of return" any, |v| expected(v, |o| o.p_return);
    "p_low" Number judged "復帰確率の下限" "probability of return, low end" any, |v| expected(v, |o| o.p_low);
    "p_high" Number judged "復帰確率の上限" "probability of return, high end" any, |v| expected(v, |o| o.p_high);
    "value_if_returns" Number judged "復帰時の価値" "value if they return" any, |v| {
        expected(v, |o| o.value_if_returns.as_f64())
    };
    "value" Number judged "期待価値" "expected value" any, |v| expected(v, |o| o.value().as_f64());
    "next_order" Date judged "次回注文の見込み日" "next order expected" any, |v| {
        expected_day(v, |o| Some(o.next_order.0.into()))
    };
    "overdue_days" Integer judged "見込み日からの超過日数" "days overdue (negative: not due yet)" any, |v| {
        let as_of = Day(v.as_of);
        expected_day(v, |o| Some(o.overdue(as_of).into()))
    };
    "stock_until" Date judged "手元の商品がなくなる日" "goods at home last until" any, |v| {
        expected_day(v, |o| o.stock_until.map(|until| until.0.into()))
    };
    "stock_days" Integer judged "手元の商品の残り日数" "days the goods at home still last" any, |v| {
        let as_of = Day(v.as_of);
        expected_day(v, |o| o.stock_left(as_of).map(i64::from))
    };
    "silent_category" Text judged "休眠の区分" "kind of silence" || &SILENT, |v| words(v, &SILENT, |j| &j.silent_category);
    "type" Text judged "A/B区分" "A or B" || &TYPES, |v| words(v, &TYPES, |j| &j.kind);
    "cpm" Text judged "CPM区分" "CPM kind" || &CPM, |v| words(v, &CPM, |j| &j.cpm);
    "cpm_gone" Boolean judged "CPM離脱" "CPM gone" any, |v| mark(v, |j, i| j.marks.at(i) & CPM_GONE != 0);
    "r" Integer judged "Rスコア" "recency score" any, |v| ordered(v, |s, _, i| s.r(silent(v, i)));
    "f" Integer judged "Fスコア" "frequency score" any, |v| ordered(v, |s, h, i| s.f(h.n_orders.at(i)));
    "m" Integer judged "Mスコア" "money score" any, |v| ordered(v, |s, h, i| s.m(h.spend.at(i)));
    "rfm" Text judged "RFM" "RFM" || &RFM, rfm;
    "decile" Integer judged "デシル" "decile by spend" any, |v| {
        ordered(v, |s, h, i| s.decile(h.spend.at(i), h.customer.at(i)))
    };
    "rule" Integer judged "適用ルール番号" "number of the rule" any, |v| judged(v, |j| ints(&j.rule, j.len));
    "last_contact" Date history "最終接触日" "last contact" any, |v| days(&v.h.last_contact, v.h.len);
    "last_visit" Date history "最終サイト訪問日" "last site visit" any, |v| days(&v.h.last_visit, v.h.len);
    "last_login" Date history "最終ログイン日" "last login" any, |v| days(&v.h.last_login, v.h.len);
    "last_use" Date history "最終利用日" "last use" any, |v| days(&v.h.last_use, v.h.len);
    "last_interest" Date history "最終問い合わせ日" "last inquiry" any, |v| days(&v.h.last_interest, v.h.len);
    "known_since" Date history "登録日" "known since" any, |v| days(&v.h.known_since, v.h.len);
    "member" Boolean history "会員" "member" any, |v| flag(v, Timeline::MEMBER);
    "guest" Boolean history "ゲストのみ" "guest only" any, |v| flag(v, Timeline::GUEST);
    "mall_only" Boolean history "モールのみ" "from malls only" any, |v| flag(v, Timeline::MALL_ONLY);
    "company" Boolean history "法人" "company" any, |v| flag(v, Timeline::COMPANY);
    "complaints_open" Integer history "未解決クレーム" "open complaints" any, |v| ints(&v.h.complaints_open, v.h.len);
    "advocacy" Integer history "紹介・口コミの数" "referrals and reviews" any, |v| ints(&v.h.advocacy, v.h.len);
    "withdrawn_on" Date history "退会日" "left on" any, |v| days(&v.h.withdrawn, v.h.len);
    "lost_reason" Text judged "離反の理由" "why lost" || &LOST, lost_reason;
    "subscription" Text history "定期" "subscription" || &SUBSCRIPTIONS, |v| {
        Values::Texts(v.h.subscription.map(v.h.len, u32::from), Cow::Borrowed(&**SUBSCRIPTIONS), None)
    };
    "subscription_since" Date history "定期の状態の開始日" "subscription so since" any, |v| days(&v.h.subscription_since, v.h.len);
    "next_delivery" Date history "次回お届け日" "next delivery" any, |v| days(&v.h.next_delivery, v.h.len);
    "left_for" Text judged "休眠理由" "why they went quiet (unknown where not known)" any, told::left_for;
    "left_for_basis" Text judged "休眠理由の根拠" "what that reason rests on" || &told::BASES, told::basis;
    "left_for_on" Date judged "休眠理由が分かった日" "day that reason was said or seen" any, told::on;
    "expectation_gap" Integer judged "期待と評価の差(プラスは期待以下)" "expected less what came (answers from 1 to 5)" any, told::gap;
    "last_category" Text history "直近の商品分類" "last category" any, last_category;
}
