//! What to try next, each piece with the figures it rests on (M140).

use crate::words::{percent, saying};
use crate::{Measurement, Metric, Share, Sight, benchmarks};
use model::Saying;

/// Own figures are used from so many people on (M144).
const FROM: u64 = 200;
/// Lines beyond which something is wrong, whatever others do: shares of the delivered or the sent.
const BOUNCES: f64 = 0.02;
const OPT_OUTS: f64 = 0.01;
/// A tenth of a percent: Gmail's advice to stay below it, well before the 0.3 % of L-39.
const COMPLAINTS: f64 = 0.001;
/// Share of the holdout that others touched, from which on the lift is understated visibly.
const REACHED: f64 = 0.1;
/// Of those who clicked, fewer returns than this say that the page or the offer loses them.
const AFTER_CLICK: f64 = 0.05;

/// One piece of advice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Advice {
    /// What it is about; `None`: the measurement itself.
    pub metric: Option<Metric>,
    pub says: Saying,
}

/// What the figures say for sure, the most urgent first. A share gives advice only where its whole interval lies
/// beyond the line; nothing for certain is nothing said.
pub fn advice(m: &Measurement) -> Vec<Advice> {
    let mut all = vec![harm(m)];
    all.extend(HINTS.iter().map(|hint| hint.heard(m)));
    all.extend([openings(m), clicks(m), after_click(m), reached(m), one_customer(m)]);
    all.into_iter().flatten().collect()
}

/// Advice on a share that is too high.
struct Hint {
    metric: Metric,
    line: f64,
    ja: &'static str,
    en: &'static str,
}

const HINTS: &[Hint] = &[
    Hint {
        metric: Metric::Complained,
        line: COMPLAINTS,
        ja: "迷惑メール報告が多めです。宛先の根拠と頻度を見直してください",
        en: "Many complaints. Look again at the basis of these addresses and at the frequency",
    },
    Hint {
        metric: Metric::Bounced,
        line: BOUNCES,
        ja: "不達が多めです。宛先の確認や、別の連絡手段をご検討ください",
        en: "Many bounces. Check the addresses, or take another channel",
    },
    Hint {
        metric: Metric::OptedOut,
        line: OPT_OUTS,
        ja: "配信停止が多めです。回数を減らすか、対象を絞ってください",
        en: "Many opt-outs. Touch less often, or fewer customers",
    },
];

impl Hint {
    fn heard(&self, m: &Measurement) -> Option<Advice> {
        let people = usable(m, self.metric)?;
        let high = people.interval(m.level).low > self.line;
        high.then(|| advice_on(self.metric, people, m.level, (self.ja, self.en), (self.line, self.line)))
    }
}

/// The share of a metric, where it can be seen and rests on enough people.
fn usable(m: &Measurement, metric: Metric) -> Option<Share> {
    let row = m.row(metric)?;
    let seen = matches!(row.sight, Sight::Measured | Sight::Proxy);
    (seen && row.people.of >= FROM).then_some(row.people)
}

fn advice_on(metric: Metric, people: Share, level: f64, what: (&str, &str), range: (f64, f64)) -> Advice {
    let Share { hits, of } = people;
    let own = people.interval(level);
    let (rate, low, high) = (percent(own.value), percent(own.low), percent(own.high));
    let usual = match range.0 == range.1 {
        true => percent(range.0),
        false => format!("{}〜{}", percent(range.0), percent(range.1)),
    };
    let usual_en = usual.replace('〜', " to ");
    Advice {
        metric: Some(metric),
        says: saying(
            format!(
                "{}({}率 {rate}、{of}人中{hits}人、95%: {low}〜{high}。目安 {usual})。",
                what.0,
                metric.ja()
            ),
            format!(
                "{} ({} {rate}, {hits} of {of}, 95%: {low} to {high}; usual: {usual_en}).",
                what.1,
                metric.en()
            ),
        ),
    }
}

/// A share that lies below all that others measured, claims aside.
fn below_usual(m: &Measurement, metric: Metric, what: (&str, &str)) -> Option<Advice> {
    let people = usable(m, metric)?;
    let usual = benchmarks(m.channel, metric).filter(|b| !b.claim);
    let (low, high) = usual.fold((f64::INFINITY, 0.0_f64), |(l, h), b| (l.min(b.low), h.max(b.high)));
    let below = low.is_finite() && people.interval(m.level).high < low;
    below.then(|| advice_on(metric, people, m.level, what, (low, high)))
}

fn openings(m: &Measurement) -> Option<Advice> {
    below_usual(
        m,
        Metric::Opened,
        (
            "開封が少なめです。件名と送る時刻を変えて比べてみてください",
            "Few open it. Try another subject and another hour against this one",
        ),
    )
}

fn clicks(m: &Measurement) -> Option<Advice> {
    below_usual(
        m,
        Metric::Clicked,
        (
            "クリックが少なめです。本文の最初の案内と特典を見直してください",
            "Few click. Look again at the first call in the text and at the offer",
        ),
    )
}

fn after_click(m: &Measurement) -> Option<Advice> {
    let people = m.returned_after_click;
    let few = m.over() && people.of >= FROM && people.interval(m.level).high < AFTER_CLICK;
    let what = (
        "クリックされた方のご注文が少なめです。リンク先のページと在庫をご確認ください",
        "Few of those who click order. Look at the page they land on and at the stock",
    );
    few.then(|| advice_on(Metric::Returned, people, m.level, what, (AFTER_CLICK, AFTER_CLICK)))
}

/// Before the window is over the sequence may say already that it does harm.
fn harm(m: &Measurement) -> Option<Advice> {
    let window = m.primary().filter(|w| !w.over)?;
    let points = window.lift?.points;
    let says = saying(
        format!(
            "途中経過ですが、送った方の復帰が保留群を下回っています(差 {}ポイント、95%: {}〜{})。残りの送信の一時停止をご検討ください。",
            points_text(points.value),
            points_text(points.low),
            points_text(points.high),
        ),
        format!(
            "Provisional, but fewer return than in the holdout (difference {} points, 95%: {} to {}). Consider pausing what is not sent yet.",
            points_text(points.value),
            points_text(points.low),
            points_text(points.high),
        ),
    );
    (points.high < 0.0).then_some(Advice { metric: None, says })
}

fn points_text(lift: f64) -> String {
    format!("{:+.1}", 100.0 * lift)
}

fn reached(m: &Measurement) -> Option<Advice> {
    let Share { hits, of } = m.holdout_reached;
    let many = m.holdout_reached.interval(m.level).low > REACHED;
    let rate = percent(m.holdout_reached.rate());
    many.then(|| Advice {
        metric: None,
        says: saying(
            format!("保留群の{rate}({of}人中{hits}人)に他の施策が届いています。増分は実際より小さく出ている可能性があります。"),
            format!("{rate} of the holdout ({hits} of {of}) were reached by other campaigns: the lift may be understated."),
        ),
    })
}

/// One customer who spends very much decides nothing.
fn one_customer(m: &Measurement) -> Option<Advice> {
    let gains = m.gains?;
    let decides = gains.spend.value.signum() != gains.without_largest.signum()
        || (gains.spend.value - gains.without_largest).abs() > 0.5 * gains.spend.value.abs();
    decides.then(|| Advice {
        metric: None,
        says: saying(
            "金額の半分以上が1人のお客様のご購入によるものです。金額より人数で判断してください。".into(),
            "More than half of the amount is one customer's. Judge by customers rather than by money.".into(),
        ),
    })
}
