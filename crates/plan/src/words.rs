//! A forecast in sentences, before approval.

use crate::Forecast;
use model::{Money, Saying};

fn saying(ja: String, en: String) -> Saying {
    Saying { ja, en }
}

/// What an operator should have read before approving, in the order in which it matters. `currency` follows
/// amounts in Japanese. Until a holdout of this shop has spoken, a lift is called an assumption (M170).
pub fn sayings(f: &Forecast, currency: &str) -> Vec<Saying> {
    let mut said = vec![people(f, currency)];
    if f.treated > 0 {
        said.push(returns(f));
    }
    match f.holdout {
        0 => said.push(saying(
            "保留群がないため、この施策で何人戻られたかは後からも分かりません。".into(),
            "Without a holdout nothing can be said later about what this campaign brought.".into(),
        )),
        _ => said.extend([price(f, currency), sight(f)]),
    }
    said
}

fn people(f: &Forecast, currency: &str) -> Saying {
    let (treated, holdout) = (grouped(f.treated as i64), grouped(f.holdout as i64));
    saying(
        format!(
            "{treated}人にお送りし、{holdout}人は比較のため送りません。費用は{}{currency}です。",
            amount(f.cost)
        ),
        format!(
            "{treated} are touched and {holdout} held out to compare. It costs {}.",
            yen(f.cost, currency)
        ),
    )
}

fn returns(f: &Forecast) -> Saying {
    let days = f.window;
    let whole = |n: f64| grouped(n.round() as i64);
    let (alone, low, high) = (whole(f.alone.value), whole(f.alone.low), whole(f.alone.high));
    let (touched, least, most) = (whole(f.touched.value), whole(f.touched.low), whole(f.touched.high));
    let (ja, en) = match f.measured {
        true => ("これまでの施策の実測によります", "as measured in earlier campaigns"),
        false => ("増分はまだ測っていない仮定です", "the lift is an assumption, not measured yet"),
    };
    saying(
        format!(
            "{days}日以内に戻られる方は、何もしなければ約{alone}人({low}〜{high}人)、お送りすると約{touched}人({least}〜{most}人)の見込みです。{ja}。"
        ),
        format!(
            "Within {days} days about {alone} would return by themselves ({low} to {high}), about {touched} with the touch ({least} to {most}); {en}."
        ),
    )
}

fn price(f: &Forecast, currency: &str) -> Saying {
    saying(
        format!(
            "保留群のために見送る利益は約{}{currency}です。これで効果を言い切れるようになります。",
            amount(f.forgone)
        ),
        format!(
            "The holdout costs you about {} of profit; it is what makes the effect provable.",
            yen(f.forgone, currency)
        ),
    )
}

fn sight(f: &Forecast) -> Saying {
    let points = |lift: f64| format!("{:.2}", 100.0 * lift);
    let Some(smallest) = f.detectable else {
        return saying(
            "この人数では、どれほど効果があっても差は確認できません。".into(),
            "With so few customers no effect, however large, would be seen.".into(),
        );
    };
    let (seen, believed, customers) = (points(smallest), points(f.lift), f.treated + f.holdout);
    match f.needed {
        Some(needed) if f.too_small() => saying(
            format!(
                "この人数で確認できる差は{seen}ポイント以上です。仮定した{believed}ポイントの確認には約{}人必要なため、結果は他の施策と合わせて判断します。合わせる施策がなければ、全員に送る選択もあります。",
                about(needed)
            ),
            format!(
                "A lift of {seen} points or more can be seen. The {believed} points believed need about {} customers: this result will be pooled with other campaigns. Where there are none, sending to all is an option.",
                about(needed)
            ),
        ),
        Some(needed) if needed > customers => saying(
            format!(
                "この人数で確認できる差は{seen}ポイント以上です。仮定した{believed}ポイントの確認には約{}人必要です。",
                about(needed)
            ),
            format!(
                "A lift of {seen} points or more can be seen. The {believed} points believed need about {} customers.",
                about(needed)
            ),
        ),
        _ => saying(
            format!("この人数で{seen}ポイント以上の差を確認できます(仮定は{believed}ポイント)。"),
            format!("A lift of {seen} points or more can be seen; {believed} are believed."),
        ),
    }
}

/// Two figures are enough for a size.
fn about(n: u64) -> String {
    let step = 10_u64.pow(n.max(1).ilog10().saturating_sub(1));
    grouped((n.div_ceil(step) * step) as i64)
}

/// Whole units, thousands separated.
fn amount(amount: Money) -> String {
    grouped(amount.as_f64().round() as i64)
}

fn yen(money: Money, currency: &str) -> String {
    if currency == "円" { format!("¥{}", amount(money)) } else { format!("{} {currency}", amount(money)) }
}

fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "-" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
