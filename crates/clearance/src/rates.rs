//! When a running campaign must pause by itself.

use crate::RuleInfo;
use crate::rules::named;
use model::StopRules;

/// A campaign that must not go on before an operator has looked.
#[derive(Clone, PartialEq, Debug)]
pub struct Pause {
    pub rule: &'static RuleInfo,
    /// The sentence with the campaign's own figures.
    pub ja: String,
    pub en: String,
}

/// Whether what came back makes a campaign pause: complaints first (L-39), then hard bounces (L-40), then opt-outs.
/// Nothing is judged before `after` mails were sent.
pub fn rates(
    sent: u64,
    hard_bounces: u64,
    complaints: u64,
    opt_outs: u64,
    stop: &StopRules,
) -> Option<Pause> {
    if sent == 0 || sent < stop.after {
        return None;
    }
    let share = |count: u64| count as f64 / sent as f64;
    // Gmail's line is reached at 0.30 %, not beyond it.
    if complaints > 0 && share(complaints) >= stop.complaints {
        return Some(pause("L-39", ("迷惑メール報告", "complaints"), complaints, sent, stop.complaints));
    }
    if share(hard_bounces) > stop.bounces {
        return Some(pause("L-40", ("宛先不明", "hard bounces"), hard_bounces, sent, stop.bounces));
    }
    (share(opt_outs) > stop.opt_outs)
        .then(|| pause("opt_outs", ("配信停止", "opt-outs"), opt_outs, sent, stop.opt_outs))
}

/// The share of complaints that mailbox providers ask to stay below (L-39).
const COMPLAINTS: f64 = 0.001;

/// Complaints at or above a tenth of a percent: nothing pauses yet, and somebody should look (L-39).
pub fn warning(sent: u64, complaints: u64, stop: &StopRules) -> Option<Pause> {
    let share = complaints as f64 / sent.max(1) as f64;
    let noted = complaints > 0 && sent >= stop.after && share >= COMPLAINTS && share < stop.complaints;
    let (percents, line) = (percent(share), percent(COMPLAINTS));
    noted.then(|| Pause {
        rule: named("L-39"),
        ja: format!(
            "迷惑メール報告が{sent}通中{complaints}件（{percents}）です。目安の{line}を超えています。宛先と文面を見直してください"
        ),
        en: format!("{complaints} complaints in {sent} mails ({percents}); the line to stay below is {line}: look at whom it reaches and what it says"),
    })
}

fn pause(id: &str, (ja, en): (&str, &str), count: u64, sent: u64, limit: f64) -> Pause {
    let (share, limit) = (percent(count as f64 / sent as f64), percent(limit));
    Pause {
        rule: named(id),
        ja: format!(
            "{ja}が{sent}通中{count}件（{share}）になり、基準の{limit}に達したため一時停止しました。原因を確かめてから再開してください"
        ),
        en: format!(
            "paused: {count} {en} in {sent} mails ({share}), the line is {limit}; find the cause before going on"
        ),
    }
}

fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}
