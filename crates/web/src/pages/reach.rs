//! 連絡できる人: per channel who may be reached, why the others may not, and the ways forward.

use super::{Fields, back, field, signed};
use crate::fault::Fault;
use crate::pictures::bar;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{Attestation, Reach, ReachRow};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use axum::routing::{get, post};
use model::{Basis, Channel, StopReason};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/reach", get(reach))
        .route("/reach/attestations", post(attest))
        .route("/reach/attestations/{id}/revoke", post(revoke))
}

#[derive(Template)]
#[template(path = "reach.html")]
struct Page {
    s: Shell,
    r: Reach,
    condition: String,
    attestations: Vec<Statement>,
    sources: Vec<String>,
}

/// An attestation as the page shows it.
struct Statement {
    id: i64,
    channel: Channel,
    basis: Basis,
    source: Option<String>,
    wording: String,
    by: String,
    at: i64,
    revoked: Option<(String, i64)>,
}

async fn reach(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let condition = s.query.get("where").to_owned();
    let question = condition.clone();
    let (r, attestations, imports) =
        site.ask(move |app| Ok((app.reach(&question)?, app.attestations()?, app.imports(1000)?))).await?;
    let mut sources: Vec<String> = imports.into_iter().map(|i| i.source).collect();
    sources.sort();
    sources.dedup();
    let attestations = attestations
        .into_iter()
        .map(|a| Statement {
            id: a.id,
            channel: a.attestation.channel,
            basis: a.attestation.basis,
            source: a.attestation.source,
            wording: a.attestation.wording,
            by: a.attestation.by,
            at: a.attestation.at,
            revoked: a.revoked,
        })
        .collect();
    render(&Page { s, r, condition, attestations, sources })
}

impl Page {
    fn bar(&self, row: &ReachRow) -> String {
        bar(row.reachable, self.r.customers, "fill")
    }

    /// The four stops that are kept apart (M161), then the others that somebody is under.
    fn stops(&self) -> Vec<(StopReason, u64)> {
        let count = |reason: StopReason| self.r.stops.iter().find(|s| s.0 == reason).map_or(0, |s| s.1);
        let four = &StopReason::ALL[..4];
        let others = StopReason::ALL[4..].iter().filter(|r| count(**r) > 0);
        four.iter().chain(others).map(|r| (*r, count(*r))).collect()
    }

    /// The page that does what a verb of the command line does.
    fn way_href(&self, verb: &str) -> Option<&'static str> {
        [("mezame import", "/import"), ("mezame reach attest", "#attest")]
            .into_iter()
            .find(|(start, _)| verb.starts_with(start))
            .map(|w| w.1)
    }

    fn channels(&self) -> &'static [Channel] {
        Channel::ALL
    }

    fn bases(&self) -> &'static [Basis] {
        Basis::ALL
    }
}

async fn attest(With(site): With<Site>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let channel = Channel::from_word(field(&fields, "channel"))
        .ok_or_else(|| Fault::bad("連絡の手段を選んでください。", "Choose the channel."))?;
    let basis = Basis::from_word(field(&fields, "basis"))
        .ok_or_else(|| Fault::bad("根拠を選んでください。", "Choose the basis."))?;
    let wording = field(&fields, "wording").to_owned();
    if wording.is_empty() {
        return Err(Fault::bad(
            "お客様に示した文言と、いつ・どこで示したかを入れてください。",
            "Enter the wording shown to customers, and when and where it was shown.",
        ));
    }
    let source = Some(field(&fields, "source").to_owned()).filter(|s| !s.is_empty());
    let name = by.clone();
    site.ask(move |app| {
        app.attest(&Attestation { channel, basis, source, wording, by: name, at: app.now() })
    })
    .await?;
    Ok(back("/reach", "attested", Some(&by)))
}

async fn revoke(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let name = by.clone();
    site.ask(move |app| app.revoke(id, &name)).await?;
    Ok(back("/reach", "revoked", Some(&by)))
}
