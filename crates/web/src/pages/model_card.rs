//! 見込みの根拠: what the expectations rest on, what was tried, how well it did, how to switch it off.

use super::settings::change;
use super::{Fields, back, field};
use crate::fault::Fault;
use crate::pictures::{Curve, Width, as_predicted, bar, calibration, capture, parts};
use crate::say::Lang;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{OutlookMode, Settings};
use askama::Template;
use axum::Router;
use axum::extract::{Form, State as With};
use axum::response::Response;
use axum::routing::{get, post};
use model::{Candidate, Fitted, ModelCard, Saying, Sense};

pub fn routes() -> Router<Site> {
    Router::new().route("/model", get(show)).route("/model/mode", post(save))
}

/// Lists that people use today, as the pictures name them.
const BESIDE: [(&str, &str, &str); 3] =
    [("rfm", "RFM", "RFM"), ("recency", "新しい順", "newest first"), ("r181", "R181", "R181")];

#[derive(Template)]
#[template(path = "model.html")]
struct Page {
    s: Shell,
    mode: OutlookMode,
    card: Option<Card>,
}

/// The card with its pictures, for a desk and for a phone.
struct Card {
    c: ModelCard,
    capture: [String; 2],
    calibration: [String; 2],
    parts: [String; 2],
}

async fn show(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let (mode, card) = site.ask(|app| Ok((app.settings()?.outlook, app.model()?))).await?;
    let card = card.map(|c| {
        let both = |draw: &dyn Fn(Width) -> String| [draw(Width::Desk), draw(Width::Phone)];
        Card {
            capture: both(&|width| captured(&c, width, s.lang)),
            calibration: both(&|width| calibration(&c.calibration, width, s.lang)),
            parts: both(&|width| {
                let all: Vec<(&str, f64)> =
                    c.parts.iter().map(|p| (s.t(&p.says.ja, &p.says.en), p.weight)).collect();
                parts(&all, width, s.lang)
            }),
            c,
        }
    });
    render(&Page { s, mode, card })
}

fn captured(c: &ModelCard, width: Width, lang: Lang) -> String {
    let own = c.candidates.iter().find(|x| x.chosen);
    let own =
        own.map(|x| Curve { class: "chosen", name: lang.t("この見込み", "Mezame"), shares: &x.capture });
    let others = BESIDE.iter().filter_map(|(name, ja, en)| {
        let found = c.candidates.iter().find(|x| x.name == *name)?;
        Some(Curve { class: name, name: lang.t(ja, en), shares: &found.capture })
    });
    capture(&own.into_iter().chain(others).collect::<Vec<_>>(), width, lang)
}

impl Page {
    fn modes(&self) -> [(&'static str, &'static str, &'static str, bool); 3] {
        let (s, on) = (&self.s, |mode| self.mode == mode);
        [
            (
                "auto",
                s.t("自動で選ぶ", "Choose by itself"),
                s.t(
                    "このお店の過去で最もよく当たった方法を使います。",
                    "What did best on this shop's own past.",
                ),
                on(OutlookMode::Auto),
            ),
            (
                "rule",
                s.t("周期ルールだけ", "The cycle rule only"),
                s.t(
                    "ふだんの間隔に対する遅れだけで見ます。学習した補正は使いません。",
                    "Lateness against the own rhythm, without anything learned.",
                ),
                on(OutlookMode::Rule),
            ),
            (
                "off",
                s.t("使わない", "Off"),
                s.t(
                    "見込みも順位も出しません。状態と休眠の判定はそのままです。",
                    "No expectations and no ranking. States stay as they are.",
                ),
                on(OutlookMode::Off),
            ),
        ]
    }

    fn said(&self, saying: &Saying) -> String {
        self.s.t(&saying.ja, &saying.en).to_owned()
    }

    /// What is used, by its name for people.
    fn chosen(&self, c: &ModelCard) -> String {
        c.candidates.iter().find(|x| x.chosen).map_or_else(|| c.chosen.clone(), |x| self.said(&x.says))
    }

    /// How little is known, where it is little.
    fn little(&self, c: &ModelCard) -> Option<String> {
        let (s, buyers, orders) = (&self.s, self.s.people(c.buyers), self.s.items(c.orders, "order"));
        match (c.sense, s.lang) {
            (Sense::None, Lang::Ja) => Some(format!(
                "このお店の過去({buyers}、注文{orders})では、見込みが当たるかどうかを一度も確かめられていません。ふだんの間隔から計算した目安だけをお見せしています。注文の記録が増えると、自動で確かめ直します。"
            )),
            (Sense::None, Lang::En) => Some(format!(
                "Nothing could be checked on this shop's own past ({buyers}, {orders}). What you see is a rule of thumb from usual gaps. As orders come in, it is checked anew by itself."
            )),
            (Sense::Little, Lang::Ja) => Some(format!(
                "このお店の過去({buyers}、注文{orders})から分かることは、まだわずかです。静かになってから戻った方が少なく、方法の良し悪しは決められません。順番の目安としてお使いください。"
            )),
            (Sense::Little, Lang::En) => Some(format!(
                "This shop's own past ({buyers}, {orders}) tells little yet: too few came back after a silence to say which way is better. Take the order as a rough one."
            )),
            (Sense::Short | Sense::Enough, _) => None,
        }
    }

    fn capture_finding(&self, c: &ModelCard) -> String {
        let top = |found: Option<&Candidate>| found.and_then(|x| x.top10_returned);
        let own = top(c.candidates.iter().find(|x| x.chosen));
        let r181 = top(c.candidates.iter().find(|x| x.name == "r181"));
        let s = &self.s;
        let returned: u64 = c.windows.iter().map(|w| w.returned).sum();
        match (own, r181, s.lang) {
            (Some(_), _, Lang::Ja) if c.sense == Sense::Little => {
                format!("戻った方はまだ{}だけで、並べ方の良し悪しは言えません", s.people(returned))
            }
            (Some(_), _, Lang::En) if c.sense == Sense::Little => {
                format!("Only {} came back so far: too few to say which order is better", s.people(returned))
            }
            (Some(own), Some(line), Lang::Ja) => {
                format!("上位1割に、戻った方の{}が入っていました(R181では{})", s.share(own), s.share(line))
            }
            (Some(own), Some(line), Lang::En) => {
                format!(
                    "The top tenth held {} of those who came back (R181: {})",
                    s.share(own),
                    s.share(line)
                )
            }
            _ => s
                .t(
                    "戻った方がいないため、まだ確かめられません",
                    "Nobody came back, so nothing can be checked",
                )
                .to_owned(),
        }
    }

    fn calibration_finding(&self, c: &ModelCard) -> String {
        let (all, right) = (c.calibration.len(), c.calibration.iter().filter(|b| as_predicted(b)).count());
        match self.s.lang {
            Lang::Ja => format!("{all}組のうち{right}組で、見込みが実際の割合の誤差の範囲に入りました"),
            Lang::En => {
                format!("In {right} of {all} groups the prediction lay within the interval of what came")
            }
        }
    }

    /// How the newest window would have been told from the older ones.
    fn level_words(&self, c: &ModelCard) -> Option<String> {
        let (level, newest, s) = (c.level?, c.windows.first()?, &self.s);
        let (from, days) = (s.date(newest.origin), s.days(newest.horizon));
        Some(match s.lang {
            Lang::Ja => format!(
                "いちばん新しい期間({from}から{days})を、それより前の期間だけで見込むと、人数は実際の{level:.2}倍でした(1.00が理想)。"
            ),
            Lang::En => format!(
                "The newest window ({days} from {from}), told from the older ones alone, was predicted at {level:.2} times what came (1.00 is right)."
            ),
        })
    }

    fn parts_finding(&self, c: &ModelCard) -> String {
        let first = c.parts.first().map(|p| self.said(&p.says)).unwrap_or_default();
        match self.s.lang {
            Lang::Ja => format!("いちばん効いている手がかりは「{first}」です"),
            Lang::En => format!("What counts most: {first}"),
        }
    }

    /// Whether any window told something.
    fn tried(&self, c: &ModelCard) -> bool {
        c.candidates.iter().any(|x| x.auc.is_some())
    }

    /// From chance (0.5) to perfect (1).
    fn auc_bar(&self, auc: &f64) -> String {
        bar(((auc - 0.5).max(0.0) * 1000.0).round() as u64, 500, "fill")
    }

    fn figure(&self, value: &Option<f64>) -> String {
        value.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"))
    }

    fn share_or_dash(&self, value: &Option<f64>) -> String {
        value.map_or_else(|| "–".to_owned(), |v| self.s.share(v))
    }

    /// r 0.274 · alpha 3.784 ...
    fn params(&self, fit: &Fitted) -> String {
        fit.params.iter().map(|(name, value)| format!("{name} {value:.3}")).collect::<Vec<_>>().join(" · ")
    }

    fn likelihood(&self, fit: &Fitted) -> String {
        format!("{:.1}", fit.log_likelihood)
    }

    fn fit_name(&self, fit: &Fitted) -> &'static str {
        match fit.model.as_str() {
            "mbg_nbd" => "MBG/NBD",
            "bg_nbd" => "BG/NBD",
            _ => "",
        }
    }
}

async fn save(With(site): With<Site>, Form(fields): Fields) -> Result<Response, Fault> {
    let outlook = match field(&fields, "mode") {
        "auto" => OutlookMode::Auto,
        "rule" => OutlookMode::Rule,
        "off" => OutlookMode::Off,
        _ => return Err(Fault::bad("見込みの出し方を選んでください。", "Choose how expectations are made.")),
    };
    change(&site, move |now| Settings { outlook, ..now }).await?;
    Ok(back("/model", "outlook", None))
}
