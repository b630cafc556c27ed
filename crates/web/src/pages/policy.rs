//! 休眠の定義: the rule in force, what every other would say, and a form to set one.

use super::{Fields, back, field, signed};
use crate::fault::Fault;
use crate::pictures::bar;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{PolicySizes, describe};
use askama::Template;
use axum::Router;
use axum::extract::{Form, State as With};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use model::{Clock, Policy, Rule};
use std::collections::HashMap;

pub fn routes() -> Router<Site> {
    Router::new().route("/policy", get(show).post(set))
}

#[derive(Template)]
#[template(path = "policy.html")]
struct Page {
    s: Shell,
    sizes: Vec<PolicySizes>,
    versions: Vec<Version>,
    /// What the forms start from.
    form: Policy,
    text: String,
}

struct Version {
    label: String,
    ja: String,
    en: String,
    by: String,
    at: i64,
    active: bool,
}

async fn show(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let (sizes, policies, policy) =
        site.ask(|app| Ok((app.compare()?, app.policies()?, app.policy()?))).await?;
    let versions = policies
        .into_iter()
        .map(|saved| {
            let (ja, en) = describe(&saved.policy);
            let label = format!("{} v{}", saved.policy.name, saved.policy.version);
            Version { label, ja, en, by: saved.by, at: saved.at, active: saved.active }
        })
        .collect();
    let preset = Policy::presets().into_iter().find(|p| p.name == s.query.get("preset"));
    let form = preset.unwrap_or(policy);
    let text = app::policy_to_toml(&Policy { version: 0, ..form.clone() })?;
    render(&Page { s, sizes, versions, form, text })
}

impl Page {
    fn bar(&self, row: &PolicySizes, count: &u64) -> String {
        bar(*count, row.active + row.at_risk + row.dormant, "fill")
    }

    /// at_risk, dormant, long: of the form's policy, or the usual ones.
    fn fixed(&self) -> (i32, i32, i32) {
        match self.form.default {
            Rule::FixedDays { at_risk, dormant, long } => (at_risk, dormant, long),
            Rule::OwnCycle { .. } => (90, 181, 365),
        }
    }

    /// k, floor, ceiling, least orders, fallback: of the form's policy, or the usual ones.
    fn own(&self) -> (f64, i32, i32, u32, i32) {
        match self.form.default {
            Rule::OwnCycle { k, floor, ceiling, least_orders, fallback, .. } => {
                (k, floor, ceiling, least_orders, fallback)
            }
            Rule::FixedDays { .. } => (2.0, 30, 730, 3, 181),
        }
    }

    fn by_cycle(&self) -> bool {
        matches!(self.form.default, Rule::OwnCycle { .. })
    }

    fn clocks(&self) -> [(&'static str, &'static str, bool); 4] {
        let s = &self.s;
        let on = |clock| self.form.clock.contains(&clock);
        [
            ("order", s.t("注文", "an order"), on(Clock::Order)),
            ("use", s.t("利用", "use"), on(Clock::Use)),
            ("contact", s.t("接触(電話・訪問)", "a contact (call, visit)"), on(Clock::Contact)),
            ("login", s.t("ログイン", "a login"), on(Clock::Login)),
        ]
    }
}

async fn set(With(site): With<Site>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let policy = read(&fields)?;
    if let Err(why) = policy.check() {
        return Err(Fault::bad(
            format!("この定義は使えません: {why}"),
            format!("This rule cannot be used: {why}"),
        ));
    }
    let name = by.clone();
    site.ask(move |app| app.set_policy(policy, &name)).await.map_err(|why| match why {
        Fault::Broken(e) => Fault::Refused(
            StatusCode::BAD_REQUEST,
            format!("定義を保存できません: {e:#}"),
            format!("The rule cannot be saved: {e:#}"),
        ),
        other => other,
    })?;
    Ok(back("/policy", "policy", Some(&by)))
}

/// The policy that a form describes: as text, or by its numbers.
fn read(fields: &HashMap<String, String>) -> Result<Policy, Fault> {
    if field(fields, "form") == "text" {
        return app::policy_from_toml(field(fields, "text")).map_err(|e| {
            Fault::bad(format!("定義を読み取れません: {e:#}"), format!("The rule cannot be read: {e:#}"))
        });
    }
    let name = field(fields, "name");
    let by_cycle = field(fields, "form") == "own_cycle";
    let mut policy = if by_cycle { Policy::own_cycle(name) } else { Policy::fixed(name, 90, 181) };
    policy.default = if by_cycle {
        Rule::OwnCycle {
            k: number(fields, "k")?,
            floor: number(fields, "floor")?,
            ceiling: number(fields, "ceiling")?,
            least_orders: number(fields, "least_orders")?,
            fallback: number(fields, "fallback")?,
            at_risk_share: 0.8,
            long: 365,
        }
    } else {
        Rule::FixedDays {
            at_risk: number(fields, "at_risk")?,
            dormant: number(fields, "dormant")?,
            long: number(fields, "long")?,
        }
    };
    policy.horizon = number(fields, "horizon")?;
    let clocks =
        [("order", Clock::Order), ("use", Clock::Use), ("contact", Clock::Contact), ("login", Clock::Login)];
    policy.clock = clocks
        .into_iter()
        .filter(|(word, _)| fields.contains_key(&format!("clock_{word}")))
        .map(|c| c.1)
        .collect();
    Ok(policy)
}

fn number<T: std::str::FromStr>(fields: &HashMap<String, String>, name: &str) -> Result<T, Fault> {
    field(fields, name).parse().map_err(|_| {
        Fault::bad(
            format!("「{}」を数字で入れてください。({name})", field(fields, name)),
            format!("'{}' is no number for {name}.", field(fields, name)),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn a_form_becomes_a_policy() {
        let fixed = fields(&[
            ("form", "fixed_days"),
            ("name", "mine"),
            ("at_risk", "60"),
            ("dormant", "120"),
            ("long", "365"),
            ("horizon", "60"),
            ("clock_order", "on"),
            ("clock_login", "on"),
        ]);
        let policy = read(&fixed).expect("a policy");
        assert_eq!(
            (policy.default, policy.clock, policy.horizon),
            (Rule::FixedDays { at_risk: 60, dormant: 120, long: 365 }, vec![Clock::Order, Clock::Login], 60)
        );
        let text = app::policy_to_toml(&Policy::own_cycle("o")).expect("text");
        assert_eq!(
            read(&fields(&[("form", "text"), ("text", &text)])).expect("a policy"),
            Policy::own_cycle("o")
        );
        assert!(read(&fields(&[("form", "own_cycle"), ("k", "two")])).is_err());
    }
}
