//! The terms of the ranking: margin, cost and lift, each with where it comes from.

use super::field;
use crate::fault::Fault;
use crate::shell::Shell;
use app::{LiftPrior, Settings};
use model::Channel;
use std::collections::HashMap;

/// The form's rows.
pub struct Terms<'a> {
    settings: &'a Settings,
    usual: Settings,
    s: &'a Shell,
}

/// One channel's figures as text, and whether they are still the ones every shop starts from.
pub struct Line {
    pub channel: Channel,
    pub cost: String,
    pub regular: String,
    pub once: String,
    pub usual_cost: bool,
    pub usual_lift: bool,
    pub source: &'static str,
}

impl<'a> Terms<'a> {
    pub fn new(settings: &'a Settings, s: &'a Shell) -> Terms<'a> {
        Terms { settings, usual: Settings::default(), s }
    }

    /// In percent.
    pub fn margin(&self) -> String {
        shown(self.settings.margin * 100.0)
    }

    pub fn usual_margin(&self) -> bool {
        self.settings.margin == self.usual.margin
    }

    /// In percent.
    pub fn long(&self) -> String {
        shown(self.settings.lift_long * 100.0)
    }

    pub fn usual_long(&self) -> bool {
        self.settings.lift_long == self.usual.lift_long
    }

    pub fn lines(&self) -> Vec<Line> {
        Channel::ALL.iter().map(|channel| self.line(*channel)).collect()
    }

    fn line(&self, channel: Channel) -> Line {
        let (cost, lift) = (self.settings.cost.of(channel), self.settings.lift.of(channel));
        let usual_lift = lift == self.usual.lift.of(channel);
        let s = self.s;
        let source = match (usual_lift, channel) {
            (false, _) => s.t("このお店で入れた値", "set by this shop"),
            (true, Channel::Mail) => s.t(
                "Hillstrom 2008の無作為化試験(0.38〜0.56ポイント。最終購入から1年まではほぼ一定)",
                "Hillstrom's randomised trial of 2008 (0.38 to 0.56 points, much the same for a silence of up to a year)",
            ),
            (true, _) => s.t("仮置き(公開された試験なし)", "assumed: no published trial"),
        };
        Line {
            channel,
            cost: shown(cost),
            regular: shown(lift.regular),
            once: shown(lift.once),
            usual_cost: cost == self.usual.cost.of(channel),
            usual_lift,
            source,
        }
    }
}

/// As few digits as say it.
fn shown(n: f64) -> String {
    let text = format!("{n:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What a form sent.
#[derive(PartialEq, Debug)]
pub struct Sent {
    margin: f64,
    long: f64,
    cost: Vec<(Channel, f64)>,
    lift: Vec<(Channel, LiftPrior)>,
}

/// Reads the form; says which field holds no number.
pub fn read(fields: &HashMap<String, String>) -> Result<Sent, Fault> {
    let share = |name: &str| number(fields, name).map(|percent| percent / 100.0);
    let mut sent = Sent { margin: share("margin")?, long: share("long")?, cost: vec![], lift: vec![] };
    for channel in Channel::ALL {
        let of = |name: &str| number(fields, &format!("{name}_{}", channel.word()));
        sent.cost.push((*channel, of("cost")?));
        sent.lift.push((*channel, LiftPrior { regular: of("regular")?, once: of("once")? }));
    }
    Ok(sent)
}

impl Sent {
    /// The settings with these terms, all else left alone.
    pub fn on(self, now: Settings) -> Settings {
        let Settings { mut cost, mut lift, .. } = now;
        self.cost.into_iter().for_each(|(channel, value)| *cost.of_mut(channel) = value);
        self.lift.into_iter().for_each(|(channel, value)| *lift.of_mut(channel) = value);
        Settings { margin: self.margin, lift_long: self.long, cost, lift, ..now }
    }
}

fn number(fields: &HashMap<String, String>, name: &str) -> Result<f64, Fault> {
    let text = field(fields, name).replace(',', "");
    text.parse().ok().filter(|n: &f64| n.is_finite()).ok_or_else(|| {
        Fault::bad(
            format!("「{text}」を数字で入れてください。({name})"),
            format!("'{text}' is no number for {name}."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_changes_the_terms_and_nothing_else() {
        let mut fields =
            HashMap::from([("margin".to_owned(), "35".to_owned()), ("long".to_owned(), "25".to_owned())]);
        for channel in Channel::ALL {
            for (name, value) in [("cost", "1,200.5"), ("regular", "2"), ("once", "0.25")] {
                fields.insert(format!("{name}_{}", channel.word()), value.to_owned());
            }
        }
        let now = Settings { shop: "店".into(), zero_counts: false, ..Settings::default() };
        let then = read(&fields).expect("terms").on(now.clone());
        assert_eq!((then.shop, then.zero_counts, then.margin), (now.shop, false, 0.35));
        assert_eq!(then.lift_long, 0.25);
        assert_eq!((then.cost.phone, then.lift.ads), (1200.5, LiftPrior { regular: 2.0, once: 0.25 }));
        fields.insert("cost_mail".into(), "NaN".into());
        assert!(read(&fields).is_err());
    }

    #[test]
    fn figures_are_shown_short() {
        assert_eq!([40.0, 0.5, 105.0, 0.0, 0.3].map(shown), ["40", "0.5", "105", "0", "0.3"]);
    }
}
