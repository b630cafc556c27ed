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
