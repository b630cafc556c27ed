//! By which channel somebody is best written to, from what each would bring less what it costs, and why.

use crate::outlook::profit;
use model::{Channel, Money, Outlook, Saying};

/// One channel of one customer, as far as it is known.
#[derive(Clone, PartialEq, Debug)]
pub struct Open {
    pub channel: Channel,
    /// What one contact costs.
    pub cost: Money,
    /// Whether that cost is what the shop's own books say, not what was set.
    pub paid: bool,
    /// Added probability of an order, as believed: the shop's own measurements, drawn to the prior while few.
    pub lift: f64,
    /// Measured campaigns behind it; 0: the prior alone.
    pub measured: u32,
}

/// What is known of the customer besides.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Known {
    /// `None` where nothing can be expected of them.
    pub outlook: Option<Outlook>,
    /// In whole years; `None` where the birthday is not known.
    pub age: Option<i32>,
    /// From this age on post is suggested first where it pays; `None`: never by age.
    pub post_from: Option<i32>,
}

/// Why a channel is advised.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Because {
    /// It brings the most, its cost taken off.
    Brings,
    /// Post, by age.
    Age,
    /// Nothing is expected of them yet, so the cheapest.
    Cheapest,
    /// No channel brings what it costs.
    NonePays,
    /// No channel may reach them.
    NoneReaches,
}

/// The advice for one customer.
#[derive(Clone, PartialEq, Debug)]
pub struct Advised {
    /// `None`: none is worth it, or none reaches them.
    pub channel: Option<Channel>,
    pub because: Because,
    /// What each open channel brings, its cost taken off, the best first.
    pub brings: Vec<(Channel, Money)>,
}

/// The channel for one customer, of those that may reach them. Ads are left out: nobody is addressed by them.
pub fn advise(open: &[Open], known: &Known) -> Advised {
    let open: Vec<&Open> = open.iter().filter(|o| o.channel != Channel::Ads).collect();
    let Some(outlook) = known.outlook else {
        let cheapest = open.iter().min_by_key(|o| (o.cost, o.channel));
        let because = if cheapest.is_some() { Because::Cheapest } else { Because::NoneReaches };
        return Advised { channel: cheapest.map(|o| o.channel), because, brings: vec![] };
    };
    let brought = |o: &&Open| (o.channel, profit(&outlook, o.lift, o.cost).profit);
    let mut brings: Vec<(Channel, Money)> = open.iter().map(brought).collect();
    brings.sort_by_key(|(channel, profit)| (std::cmp::Reverse(*profit), *channel));
    let old = known.post_from.zip(known.age).is_some_and(|(from, age)| age >= from);
    let by_age = brings.iter().find(|(channel, profit)| old && *channel == Channel::Post && profit.0 > 0);
    let (channel, because) = match (by_age, brings.first()) {
        (Some(_), _) => (Some(Channel::Post), Because::Age),
        (None, None) => (None, Because::NoneReaches),
        (None, Some((channel, profit))) if profit.0 > 0 => (Some(*channel), Because::Brings),
        (None, Some(_)) => (None, Because::NonePays),
    };
    Advised { channel, because, brings }
}

/// The advice in one sentence, with the figures it rests on.
pub fn advised(a: &Advised, open: &[Open], known: &Known, currency: &str) -> Saying {
    let yen = |m: Money| format!("{}{currency}", grouped(m.0));
    let en = |m: Money| format!("{}{}", grouped(m.0), if currency == "円" { " yen" } else { currency });
    let of = |channel: Channel| open.iter().find(|o| o.channel == channel);
    let Some((channel, one)) = a.channel.and_then(|c| Some((c, of(c)?))) else {
        return nothing(a, &yen, &en);
    };
    let brings = a.brings.iter().find(|(c, _)| *c == channel).map_or(Money::ZERO, |b| b.1);
    let (from_ja, from_en) = basis(one);
    let (name_ja, name_en) = (channel.ja(), channel.en());
    let (cost_ja, cost_en) = (yen(one.cost), en(one.cost));
    if a.because == Because::Cheapest {
        return Saying {
            ja: format!(
                "{name_ja}をおすすめします。見込みがまだ分からないため、費用の最も低い手段(1回{cost_ja})です。"
            ),
            en: format!("{name_en}: nothing can be expected of them yet, so the cheapest, {cost_en} each."),
        };
    }
    let (why_ja, why_en) = match (a.because, known.age) {
        (Because::Age, Some(age)) => (
            format!("{age}歳で郵便を読まれることの多い世代であり、"),
            format!("at {age} post is often what is read; "),
        ),
        _ => (String::new(), String::new()),
    };
    let (next_ja, next_en) = match a.brings.iter().find(|(c, _)| *c != channel) {
        Some((c, m)) => {
            (format!("(次点は{}で{})", c.ja(), yen(*m)), format!(" (next: {}, {})", c.en(), en(*m)))
        }
        None => {
            ("(ほかに連絡できる手段はありません)".to_owned(), " (no other channel reaches them)".to_owned())
        }
    };
    Saying {
        ja: format!(
            "{name_ja}をおすすめします。{why_ja}1回{cost_ja}の費用を引いて{}が見込めます{next_ja}。{from_ja}",
            yen(brings)
        ),
        en: format!(
            "{name_en}: {why_en}expected to bring {} after its cost of {cost_en}{next_en}. {from_en}",
            en(brings)
        ),
    }
}

/// What the figures of a channel rest on.
fn basis(o: &Open) -> (String, String) {
    let (ja, en) = match o.measured {
        0 => ("反応は想定値".to_owned(), "response as assumed".to_owned()),
        n => (format!("反応は自店の計測{n}回"), format!("response measured in {n} of the shop's campaigns")),
    };
    let (cost_ja, cost_en) = match o.paid {
        true => ("費用は実績です。", "cost as paid."),
        false => ("費用は設定値です。", "cost as set."),
    };
    (format!("{ja}、{cost_ja}"), format!("{en}, {cost_en}"))
}

fn nothing(a: &Advised, yen: &dyn Fn(Money) -> String, en: &dyn Fn(Money) -> String) -> Saying {
    match a.brings.first() {
        Some((channel, brings)) => Saying {
            ja: format!(
                "いまはどの手段でも費用に見合いません。最もよい{}でも{}の見込みです。",
                channel.ja(),
                yen(*brings)
            ),
            en: format!("No channel brings what it costs now; the best, {}, {}.", channel.en(), en(*brings)),
        },
        None => Saying {
            ja: "連絡してよい手段がありません。".to_owned(),
            en: "No channel may reach them.".to_owned(),
        },
    }
}

/// 123,456 hundredths as 1,235; what is below ten keeps one decimal.
fn grouped(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let all = hundredths.unsigned_abs();
    if all < 1_000 && !all.is_multiple_of(100) {
        return format!("{sign}{:.1}", all as f64 / 100.0);
    }
    let digits = ((all + 50) / 100).to_string();
    let mut text = String::from(sign);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
