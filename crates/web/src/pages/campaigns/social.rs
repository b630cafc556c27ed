//! SNS: a campaign's posts on social media, drafted here and posted by hand, and who followed their links.

use super::{Head, find, refusal, to};
use crate::fault::Fault;
use crate::pages::{Fields, field, signed};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{NewSocial, SocialPlatform, SocialView};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use axum::routing::{get, post};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/campaigns/{id}/social", get(show).post(add))
        .route("/campaigns/{id}/social/{post}/drop", post(drop_draft))
}

#[derive(Template)]
#[template(path = "campaign_social.html")]
struct Page {
    s: Shell,
    head: Head,
    posts: Vec<SocialView>,
    platforms: Vec<SocialPlatform>,
}

async fn show(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let head = Head::of(&find(&site, id).await?.stored, "/social");
    let asked = site.ask(move |app| Ok((app.socials(id)?, app.social_platforms()?))).await;
    let (posts, platforms) = asked.map_err(refusal("投稿を表示できません", "The posts cannot be shown"))?;
    render(&Page { s, head, posts, platforms })
}

async fn add(With(site): With<Site>, Path(id): Path<i64>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let text = |name: &str| field(&fields, name).to_owned();
    let new = NewSocial {
        campaign: id,
        platform: text("platform"),
        text: text("text").replace("\r\n", "\n"),
        target: text("to"),
        content: text("content"),
        paid: !text("paid").is_empty(),
        day: text("on").parse().ok(),
        by: by.clone(),
    };
    let done = site.ask(move |app| app.add_social(&new)).await;
    done.map_err(refusal("下書きを作れません", "The draft cannot be made"))?;
    Ok(to(&format!("/campaigns/{id}/social"), "post_drafted", "", Some(&by)))
}

async fn drop_draft(
    With(site): With<Site>,
    Path((id, post)): Path<(i64, i64)>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let done = site
        .ask(move |app| {
            anyhow::ensure!(app.social(post)?.campaign == id, "this post is of another campaign");
            app.drop_social(post)
        })
        .await;
    done.map_err(refusal("消せません", "It cannot be taken away"))?;
    Ok(to(&format!("/campaigns/{id}/social"), "post_dropped", "", Some(&by)))
}
