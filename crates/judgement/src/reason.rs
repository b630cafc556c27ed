//! Why a customer counts as such, in plain words with their own figures.

use crate::{judge::FIRST_CATEGORY, lines::has_rhythm, walk::GRACE_DAYS};
use model::{Clock, Day, History, Judgement, LostReason, Policy, Rule, State, SubscriptionState, Timeline};

/// The same in Japanese and in English. Says what is, never what will be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    pub ja: String,
    pub en: String,
}

impl Reason {
    pub(crate) fn new(ja: impl Into<String>, en: impl Into<String>) -> Reason {
        Reason { ja: ja.into(), en: en.into() }
    }

    pub(crate) fn then(self, next: Reason) -> Reason {
        Reason { ja: self.ja + &next.ja, en: self.en + " " + &next.en }
    }
}

/// The reason for `j`, which `Judge::judge` made of `h` under `policy` as of `as_of`.
pub fn reason(h: &History, j: &Judgement, policy: &Policy, as_of: Day) -> Reason {
    match j.state {
        State::Withdrawn => withdrawn(j),
        State::Lost => lost(h, j),
        State::Prospect => prospect(h),
        State::Active | State::AtRisk | State::Dormant => {
            if delivering(h, j, as_of) {
                running(h, as_of)
            } else {
                Silence::of(h, j, policy, as_of).told(h, j)
            }
        }
    }
}

fn withdrawn(j: &Judgement) -> Reason {
    match j.since {
        Some(day) => Reason::new(
            format!("退会の記録があります({})。", slashes(day)),
            format!("Left the membership on {day}."),
        ),
        None => Reason::new("退会の記録があります。", "Left the membership."),
    }
}

fn lost(h: &History, j: &Judgement) -> Reason {
    let why = if h.competitor > h.dissatisfied { LostReason::Competitor } else { LostReason::Dissatisfied };
    let (ja, en) = match why {
        LostReason::Competitor => ("他社へ移られたとの記録があります", "went to a competitor"),
        LostReason::Dissatisfied => ("ご不満により離れたとの記録があります", "left dissatisfied"),
    };
    let on = j.since.map_or(String::new(), |day| format!("({})", slashes(day)));
    let dated = j.since.map_or(String::new(), |day| format!(" ({day})"));
    Reason::new(
        format!("{ja}{on}。その後のご注文はありません。"),
        format!("On record: {en}{dated}. No order since."),
    )
}

fn prospect(h: &History) -> Reason {
    let none = Reason::new("まだご注文がありません。", "No order yet.");
    match h.last_interest {
        Some(day) => none.then(Reason::new(
            format!("最後のお問い合わせは{}です。", slashes(day)),
            format!("The last inquiry was on {day}."),
        )),
        None => none,
    }
}

/// Whether a subscription is why the customer is active, or would be.
fn delivering(h: &History, j: &Judgement, as_of: Day) -> bool {
    let due = h.next_delivery.is_none_or(|next| as_of.since(next) <= GRACE_DAYS);
    let quiet = j.silent >= Some(j.at_risk_line);
    j.state == State::Active && (quiet || (h.subscription == SubscriptionState::Running && due))
}

fn running(h: &History, as_of: Day) -> Reason {
    let company = i64::from(h.flags) & Timeline::COMPANY != 0;
    let (what, runs) = match company {
        true => ("定期・ご契約", "A subscription or contract is running"),
        false => ("定期コース", "A subscription is running"),
    };
    let (ja, en) = match h.next_delivery {
        None => (String::new(), String::new()),
        Some(day) if day < as_of => {
            (format!("(お届け予定日{})", slashes(day)), format!(" (delivery was due on {day})"))
        }
        Some(day) if company => {
            (format!("(次回または期限{})", slashes(day)), format!(" (next or until {day})"))
        }
        Some(day) => (format!("(次回お届け{})", slashes(day)), format!(" (next delivery {day})")),
    };
    Reason::new(format!("{what}が継続中です{ja}。"), format!("{runs}{en}."))
}

/// What the deciding clock last saw, and how long ago.
struct Silence<'a> {
    day: Day,
    days: i32,
    /// The category whose rule decides.
    category: Option<&'a str>,
    segment: Option<&'a str>,
    rule: &'a Rule,
    what: (&'static str, &'static str),
    clocks: &'a [Clock],
}

impl<'a> Silence<'a> {
    fn of(h: &History, j: &Judgement, policy: &'a Policy, as_of: Day) -> Silence<'a> {
        let days = j.silent.unwrap_or_default();
        let day = as_of.plus(-days);
        let nth = |first: u16| j.rule.checked_sub(first).map(usize::from);
        let category =
            nth(FIRST_CATEGORY).and_then(|i| policy.categories.get(i)).map(|c| c.category.as_str());
        let segment = nth(1).and_then(|i| policy.segments.get(i)).filter(|_| category.is_none());
        let what = if category.is_some() { ORDER } else { event(h, &policy.clock, day) };
        Silence {
            day,
            days,
            category,
            segment: segment.map(|s| s.name.as_str()),
            rule: segment.map_or(&policy.default, |s| &s.rule),
            what,
            clocks: &policy.clock,
        }
    }

    fn told(&self, h: &History, j: &Judgement) -> Reason {
        let told = match *self.rule {
            Rule::OwnCycle { least_orders, .. } if self.category.is_none() => {
                if has_rhythm(h.n_orders, least_orders, h.n_gaps > 0) {
                    self.rhythm(h, j)
                } else {
                    self.no_rhythm(h).then(self.last()).then(self.lines(j))
                }
            }
            _ => self.last().then(self.lines(j)),
        };
        let told = if j.long_dormant { told.then(long(self.rule, j)) } else { told };
        match h.last_order.filter(|_| self.what != ORDER) {
            Some(day) => told.then(Reason::new(
                format!("最後のご注文は{}です。", slashes(day)),
                format!("The last order was on {day}."),
            )),
            None => told,
        }
    }

    /// 「最後のご注文は2026/05/11で、195日経っています。」
    fn last(&self) -> Reason {
        let (day, days, (ja, en)) = (self.day, self.days, self.what);
        let (of_ja, of_en) = match self.category {
            Some(category) => (format!("「{category}」の"), format!(" in {category}")),
            None => (String::new(), String::new()),
        };
        let (ago_ja, ago_en) = match days {
            0 => ("、基準日当日です".to_owned(), "the same day".to_owned()),
            _ => (format!("で、{days}日経っています"), format!("{} ago", counted(days, "day"))),
        };
        let told = Reason::new(
            format!("{of_ja}{ja}は{}{ago_ja}。", slashes(day)),
            format!("The {en}{of_en} was on {day}, {ago_en}."),
        );
        if self.what == FIRST { told.then(never_since(self.clocks)) } else { told }
    }

    /// 「181日以上で休眠としています。」
    fn lines(&self, j: &Judgement) -> Reason {
        let (ja, en) = match (self.category, self.segment) {
            (Some(category), _) => (format!("「{category}」では"), format!("In {category}, ")),
            (None, Some(segment)) => {
                (format!("「{segment}」の基準では"), format!("By the rule for {segment}, "))
            }
            (None, None) => (String::new(), String::new()),
        };
        let (at_risk, dormant) = (j.at_risk_line, j.dormant_line);
        let (rule_ja, rule_en) = match j.state {
            State::Dormant => (
                format!("{dormant}日以上で休眠としています。"),
                format!("dormant starts at {}.", counted(dormant, "day")),
            ),
            State::AtRisk => (
                format!("{at_risk}日以上で休眠予兆、{dormant}日以上で休眠としています。"),
                format!("going quiet starts at {}, dormant at {dormant}.", counted(at_risk, "day")),
            ),
            _ => (
                format!("{at_risk}日未満はアクティブとしています。"),
                format!("under {} counts as active.", counted(at_risk, "day")),
            ),
        };
        Reason::new(ja + &rule_ja, if en.is_empty() { capital(&rule_en) } else { en + &rule_en })
    }

    /// 「ふだん32日ごとのご注文ですが、今回は97日空いています。休眠の目安は65日です。」
    fn rhythm(&self, h: &History, j: &Judgement) -> Reason {
        let usual = format!("ふだん{}日ごとのご注文", h.gap_median);
        let usually = match h.gap_median {
            1.0 => "Usually orders every day".to_owned(),
            days => format!("Usually orders every {days} days"),
        };
        let days = self.days;
        let told = match j.state {
            _ if self.what != ORDER => {
                Reason::new(format!("{usual}です。"), format!("{usually}.")).then(self.last())
            }
            State::Active => Reason::new(
                format!("{usual}で、最後のご注文から{days}日です。"),
                format!("{usually}; the last order was {} ago.", counted(days, "day")),
            ),
            _ => Reason::new(
                format!("{usual}ですが、今回は{days}日空いています。"),
                format!("{usually}, but this time {} have passed.", counted(days, "day")),
            ),
        };
        let (at_risk, dormant) = (j.at_risk_line, j.dormant_line);
        told.then(match j.state {
            State::Dormant => Reason::new(
                format!("休眠の目安は{dormant}日です。"),
                format!("For this customer dormant starts at {dormant} days."),
            ),
            _ => Reason::new(
                format!("休眠予兆の目安は{at_risk}日、休眠の目安は{dormant}日です。"),
                format!("For this customer going quiet starts at {at_risk} days, dormant at {dormant}."),
            ),
        })
    }

    fn no_rhythm(&self, h: &History) -> Reason {
        let n = h.n_orders;
        Reason::new(
            format!("ご注文が{n}回で、ふだんの間隔がまだ分かりません。"),
            format!("{}: the usual interval is not known yet.", capital(&counted(n as i32, "order"))),
        )
    }
}

fn long(rule: &Rule, j: &Judgement) -> Reason {
    let (Rule::FixedDays { long, .. } | Rule::OwnCycle { long, .. }) = *rule;
    let long = long.max(j.dormant_line);
    Reason::new(format!("{long}日以上のため長期休眠です。"), format!("From {long} days it is long dormant."))
}

const ORDER: (&str, &str) = ("最後のご注文", "last order");
const FIRST: (&str, &str) = ("最初のご注文", "first order");
/// Under category rules: the last order of goods that no rule names.
const OTHER: (&str, &str) = ("その他の商品の最後のご注文", "last order of other goods");

/// What the default's clock saw on `day`, orders first.
fn event(h: &History, clocks: &[Clock], day: Day) -> (&'static str, &'static str) {
    let hit = |clock: &Clock| last(h, *clock) == Some(day);
    let order = clocks.contains(&Clock::Order);
    match clocks.iter().find(|c| **c != Clock::Order && hit(c)) {
        _ if order && h.last_order == Some(day) => ORDER,
        Some(Clock::Use) => ("最後のご利用", "last use"),
        Some(Clock::Contact) => ("最後の接触", "last contact"),
        Some(Clock::Login) => ("最後のログイン", "last login"),
        _ if order => OTHER,
        _ => FIRST,
    }
}

fn last(h: &History, clock: Clock) -> Option<Day> {
    match clock {
        Clock::Order => h.last_order,
        Clock::Use => h.last_use,
        Clock::Contact => h.last_contact,
        Clock::Login => h.last_login,
    }
}

/// Said when the first order stands in for a clock that has not started since.
fn never_since(clocks: &[Clock]) -> Reason {
    let names =
        |of: fn(&Clock) -> &'static str, and: &str| clocks.iter().map(of).collect::<Vec<_>>().join(and);
    let ja = |c: &Clock| match c {
        Clock::Order => "ご注文",
        Clock::Use => "ご利用",
        Clock::Contact => "接触",
        Clock::Login => "ログイン",
    };
    let en = |c: &Clock| match c {
        Clock::Order => "order",
        Clock::Use => "use",
        Clock::Contact => "contact",
        Clock::Login => "login",
    };
    Reason::new(
        format!("その後の{}の記録はありません。", names(ja, "・")),
        format!("No {} on record since.", names(en, " or ")),
    )
}

/// `2026/05/11`, as a Japanese page has it.
pub(crate) fn slashes(day: Day) -> String {
    let (y, m, d) = day.ymd();
    format!("{y}/{m:02}/{d:02}")
}

pub(crate) fn counted(n: i32, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
