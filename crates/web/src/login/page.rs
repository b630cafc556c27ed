//! The login itself: a name, a password, and the way back to where one was going.

use super::{Caller, Gate, Operator, peer};
use crate::assets::{CSS, ICON};
use crate::fault::Fault;
use crate::say::Lang;
use crate::shell::render;
use crate::site::Site;
use askama::Template;
use axum::Router;
use axum::extract::{Form, FromRequestParts, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use std::sync::Arc;

pub fn routes() -> Router<Site> {
    Router::new().route("/login", get(show).post(enter)).route("/logout", post(leave))
}

#[derive(Template)]
#[template(path = "login.html")]
struct Page {
    l: Lang,
    css: &'static str,
    icon: &'static str,
    shop: String,
    /// Who is logged in already.
    operator: Option<String>,
    /// Where one was going.
    to: String,
    name: String,
    /// What was wrong with the last try.
    wrong: Option<&'static str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entering {
    to: String,
    name: String,
    password: String,
}

/// What a handler of the login is given of a request: nothing to see where there is no login.
struct Asked {
    gate: Arc<Gate>,
    caller: Caller,
    lang: Lang,
    operator: Option<String>,
}

impl FromRequestParts<Site> for Asked {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Asked, Fault> {
        let gate = site.gate.clone().ok_or(Fault::Missing)?;
        Ok(Asked {
            caller: Caller::of(&gate, &parts.headers, peer(parts)),
            lang: parts.extensions.get::<Lang>().copied().unwrap_or_default(),
            operator: parts.extensions.get::<Operator>().map(|o| o.0.clone()),
            gate,
        })
    }
}

async fn show(
    State(site): State<Site>,
    asked: Asked,
    Query(query): Query<Entering>,
) -> Result<Response, Fault> {
    page(&site, &asked, Entering { password: String::new(), ..query }, None).await
}

async fn page(
    site: &Site,
    asked: &Asked,
    entering: Entering,
    wrong: Option<&'static str>,
) -> Result<Response, Fault> {
    render(&Page {
        l: asked.lang,
        css: &CSS.href,
        icon: &ICON.href,
        shop: site.ask(|app| Ok(app.settings()?.shop)).await?,
        operator: asked.operator.clone(),
        to: own(&entering.to).to_owned(),
        name: entering.name,
        wrong,
    })
}

async fn enter(
    State(site): State<Site>,
    asked: Asked,
    Form(entering): Form<Entering>,
) -> Result<Response, Fault> {
    if !asked.gate.lets(&asked.caller, &entering.name, site.app.now() * 1_000) {
        let wrong = asked.lang.t(
            "続けて何度も試されています。数分おいてから、もう一度お試しください。",
            "Too many tries in a row. Wait a few minutes, then try again.",
        );
        let mut response = page(&site, &asked, entering, Some(wrong)).await?;
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("300"));
        return Ok(response);
    }
    let (name, password) = (entering.name.clone(), entering.password.clone());
    let token = {
        let _turn = asked.gate.verifying.acquire().await.map_err(|e| Fault::Broken(e.into()))?;
        site.ask(move |app| app.log_in(&name, &password)).await?
    };
    let Some(token) = token else {
        let wrong = asked.lang.t("お名前かパスワードが違います。", "The name or the password is wrong.");
        let mut response = page(&site, &asked, entering, Some(wrong)).await?;
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        return Ok(response);
    };
    let mut response = Redirect::to(own(&entering.to)).into_response();
    set(&mut response, &asked.gate.keep(&token, app::LONGEST_LOGIN));
    Ok(response)
}

async fn leave(State(site): State<Site>, asked: Asked, headers: HeaderMap) -> Result<Response, Fault> {
    if let Some(token) = asked.gate.token(&headers).map(str::to_owned) {
        site.ask(move |app| app.log_out(&token)).await?;
    }
    let mut response = Redirect::to("/login").into_response();
    set(&mut response, &asked.gate.keep("", 0));
    Ok(response)
}

fn set(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// An address of our own, else the first page: a login sends nobody to a stranger.
fn own(to: &str) -> &str {
    let plain = to.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let ours = to.starts_with('/') && !to.starts_with("//") && plain && !to.starts_with("/login");
    if ours { to } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn a_login_leads_to_our_own_pages_only() {
        for (to, leads) in [
            ("/customers?q=a&b=%E5%B1%B1", "/customers?q=a&b=%E5%B1%B1"),
            ("", "/"),
            ("//evil.example.com", "/"),
            ("/\\evil.example.com", "/"),
            ("https://evil.example.com", "/"),
            ("javascript:alert(1)", "/"),
            ("/a\r\nset-cookie: x", "/"),
            ("/login?to=/login", "/"),
        ] {
            assert_eq!(own(to), leads, "{to:?}");
        }
    }
}
