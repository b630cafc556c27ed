//! 取込: choose files, see them understood, run, and read what became of them.

use super::{Fields, back, signed};
use crate::download;
use crate::fault::Fault;
use crate::jobs::{Job, Reading, Standing, Step};
use crate::say::Count;
use crate::shell::{Shell, render};
use crate::site::Site;
use crate::upload;
use app::{ArrivalView, FileReport, ImportView, SourceInfo};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Multipart, Path, State as With};
use axum::response::{IntoResponse, Json, Redirect, Response};
use axum::routing::{get, post};
use model::Kind;
use std::collections::HashMap;
use std::sync::Arc;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/import", get(start).post(receive).layer(DefaultBodyLimit::disable()))
        .route("/import/jobs/{id}", get(show))
        .route("/import/jobs/{id}/progress", get(progress))
        .route("/import/jobs/{id}/run", post(run))
        .route("/import/jobs/{id}/again", post(again))
        .route("/import/jobs/{id}/map", get(suggested_map))
        .route("/import/jobs/{id}/discard", post(discard))
        .route("/import/{id}/rejects", get(rejects))
        .route("/import/arrivals/{id}/seen", post(seen))
}

#[derive(Template)]
#[template(path = "import.html")]
struct StartPage {
    s: Shell,
    past: Vec<ImportView>,
    /// What came by itself.
    arrivals: Vec<ArrivalView>,
    reading: Reading,
}

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage {
    s: Shell,
    id: String,
    reading: Reading,
    st: Standing,
    files: Vec<String>,
    now: i64,
    /// Of each file: the number of its import, where it has rejects.
    rejects: Vec<Option<i64>>,
}

async fn start(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let (past, arrivals) = site.ask(|app| Ok((app.imports(30)?, app.arrivals(20)?))).await?;
    render(&StartPage { s, past, arrivals, reading: Reading::default() })
}

/// Somebody has taken note of a file that could not be taken in by itself.
async fn seen(With(site): With<Site>, Path(id): Path<i64>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let named = by.clone();
    site.ask(move |app| app.see_arrival(id, &named)).await?;
    Ok(back("/import", "seen", Some(&by)))
}

async fn receive(With(site): With<Site>, form: Multipart) -> Result<Response, Fault> {
    let jobs = site.jobs.clone();
    let (id, folder) = site.ask(move |app| jobs.new_folder(app)).await?;
    let reading = match upload::save(form, &folder).await {
        Ok(reading) => reading,
        Err(why) => {
            // Half an upload is of no use to anybody; the reason is what the operator needs.
            let _ = std::fs::remove_dir_all(&folder);
            return Err(why);
        }
    };
    look(&site, id, reading).await
}

async fn look(site: &Site, id: String, reading: Reading) -> Result<Response, Fault> {
    let (jobs, to) = (site.jobs.clone(), format!("/import/jobs/{id}"));
    site.ask(move |app| jobs.look(app, &id, reading).map(drop)).await?;
    Ok(Redirect::to(&to).into_response())
}

async fn find(site: &Site, id: String) -> Result<Arc<Job>, Fault> {
    let jobs = site.jobs.clone();
    site.ask(move |app| Ok(jobs.find(app, &id))).await?
}

async fn show(With(site): With<Site>, Path(id): Path<String>, s: Shell) -> Result<Response, Fault> {
    let job = find(&site, id).await?;
    let st = job.standing();
    let paths: Vec<String> = st.reports.iter().filter(|r| r.rejected > 0).map(|r| r.path.clone()).collect();
    let (now, past) = site
        .ask(move |app| Ok((app.now(), if paths.is_empty() { vec![] } else { app.imports(200)? })))
        .await?;
    let import = |r: &FileReport| {
        past.iter()
            .find(|i| i.path == r.path && i.source == r.source && r.rejects_file.is_some())
            .map(|i| i.id)
    };
    let rejects = st.reports.iter().map(import).collect();
    let files = job
        .files()
        .iter()
        .map(|p| p.file_name().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    render(&JobPage { s, id: job.id.clone(), reading: job.reading.clone(), st, files, now, rejects })
}

/// For the script: how far it is, in numbers and in words.
async fn progress(With(site): With<Site>, Path(id): Path<String>, s: Shell) -> Result<Response, Fault> {
    let job = find(&site, id).await?;
    let st = job.standing();
    let now = site.app.now();
    let (share, words) = told(&st, now, &s);
    Ok(Json(serde_json::json!({ "step": st.step, "share": share, "words": words })).into_response())
}

/// The share done (0..=1, where known) and a sentence with rate and remaining time.
fn told(st: &Standing, now: i64, s: &Shell) -> (Option<f64>, String) {
    let Some(p) = &st.progress else {
        return (None, s.t("準備しています", "Getting ready").to_owned());
    };
    let phase = match p.phase {
        "survey" => s.t("ファイルを読んでいます", "Reading the file"),
        "write" => s.t("書き込んでいます", "Writing"),
        "match" => s.t("同じ方をまとめています", "Matching people"),
        "columns" => s.t("履歴を集計しています", "Summing up histories"),
        _ => s.t("全員の状態を判定しています", "Judging everybody"),
    };
    let share = (p.total > 0).then(|| (p.done as f64 / p.total as f64).clamp(0.0, 1.0));
    let mut words = phase.to_owned();
    let seconds = (now - st.since).max(1);
    if p.rows > 0 {
        words.push_str(&format!(
            "  {} ({}/{})",
            s.rows(p.rows),
            s.rows(p.rows as i64 / seconds),
            s.t("秒", "s")
        ));
    }
    if let Some(share) = share.filter(|share| *share > 0.05 && seconds >= 3) {
        let left = (seconds as f64 * (1.0 - share) / share).ceil() as i64;
        words.push_str(&format!("  {} {}", s.t("残り約", "about"), s.lasting(left)));
        words.push_str(s.t("", " left"));
    }
    (share, words)
}

async fn run(With(site): With<Site>, Path(id): Path<String>) -> Result<Response, Fault> {
    let job = find(&site, id.clone()).await?;
    job.run(&site.app);
    Ok(Redirect::to(&format!("/import/jobs/{id}")).into_response())
}

/// Looks again with other settings.
async fn again(
    With(site): With<Site>,
    Path(id): Path<String>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let job = find(&site, id.clone()).await?;
    if !matches!(job.standing().step, Step::Understood | Step::Failed) {
        return Err(Fault::bad("読み取りが終わるまでお待ちください。", "Wait until reading has ended."));
    }
    look(&site, id, reading_of(&fields)).await
}

fn reading_of(fields: &HashMap<String, String>) -> Reading {
    Reading {
        source: super::field(fields, "source").to_owned(),
        kind: Kind::from_word(super::field(fields, "kind")),
        map: super::field(fields, "map").to_owned(),
    }
}

/// A column map proposed from the first file, as text to take away and mend.
async fn suggested_map(With(site): With<Site>, Path(id): Path<String>) -> Result<Response, Fault> {
    let job = find(&site, id).await?;
    let first = job.files().into_iter().next().ok_or(Fault::Missing)?;
    let text =
        site.ask(move |_| app::suggest_map(&first).map_err(Into::into)).await.map_err(|why| match why {
            Fault::Broken(e) => Fault::bad(
                format!("列の対応を提案できません: {e:#}"),
                format!("No map can be proposed: {e:#}"),
            ),
            other => other,
        })?;
    Ok(([(axum::http::header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

async fn discard(With(site): With<Site>, Path(id): Path<String>) -> Result<Response, Fault> {
    let jobs = site.jobs.clone();
    site.ask(move |app| Ok(jobs.discard(app, &id))).await??;
    Ok(back("/import", "discarded", None))
}

async fn rejects(With(site): With<Site>, Path(id): Path<i64>) -> Result<Response, Fault> {
    let path = site.ask(move |app| app.rejects(id)).await?.ok_or(Fault::Missing)?;
    Ok(download::file(&site, &format!("rejects-{id}.csv"), "text/csv; charset=utf-8", move |_, out| {
        std::io::copy(&mut std::fs::File::open(path)?, out)?;
        Ok(())
    }))
}

/// The name a person gave the file, without the folder it lies in.
fn file_name(path: &str) -> String {
    let (outer, member) = path.split_once('!').map_or((path, None), |(o, m)| (o, Some(m)));
    let last = outer.rsplit(['/', '\\']).next().unwrap_or(outer);
    member.map_or_else(|| last.to_owned(), |m| format!("{last} › {m}"))
}

/// Our words for columns in Japanese; a word without an entry is shown as the column map has it.
const FIELDS: [(&str, &str); 42] = [
    ("customer", "顧客番号"),
    ("name", "氏名"),
    ("family", "姓"),
    ("given", "名"),
    ("name_kana", "フリガナ"),
    ("family_kana", "セイ"),
    ("given_kana", "メイ"),
    ("company", "会社名"),
    ("email", "メール"),
    ("phone", "電話"),
    ("postal", "郵便番号"),
    ("prefecture", "都道府県"),
    ("address", "住所"),
    ("birthday", "生年月日"),
    ("registered", "登録日"),
    ("membership", "会員区分"),
    ("order", "注文番号"),
    ("ordered_at", "注文日時"),
    ("status", "対応状況"),
    ("total", "支払額"),
    ("goods", "商品小計"),
    ("shipping", "送料"),
    ("fees", "手数料"),
    ("tax", "税"),
    ("discount", "値引"),
    ("points", "ポイント"),
    ("shipped", "発送日"),
    ("item", "商品名"),
    ("sku", "商品コード"),
    ("category", "カテゴリ"),
    ("quantity", "数量"),
    ("price", "単価"),
    ("line_total", "小計"),
    ("mail_consent", "メール同意"),
    ("post_consent", "DM同意"),
    ("phone_consent", "電話同意"),
    ("medium", "媒体コード"),
    ("paid_at", "入金日"),
    ("refunded", "返金額"),
    ("recipient_name", "お届け先"),
    ("gift", "ギフト"),
    ("withdrawn_on", "退会日"),
];

impl StartPage {
    fn sources(&self) -> Vec<SourceInfo> {
        app::sources()
    }

    fn kinds(&self) -> &'static [Kind] {
        Kind::ALL
    }

    fn name(&self, path: &str) -> String {
        file_name(path)
    }
}

impl JobPage {
    fn sources(&self) -> Vec<SourceInfo> {
        app::sources()
    }

    fn kinds(&self) -> &'static [Kind] {
        Kind::ALL
    }

    fn name(&self, path: &str) -> String {
        file_name(path)
    }

    /// The import whose rejects belong to the nth file.
    fn rejects_of(&self, nth: impl Count) -> Option<i64> {
        self.rejects.get(nth.number() as usize).copied().flatten()
    }

    /// What a column means, in the reader's language.
    fn field<'a>(&self, word: &'a str) -> &'a str {
        let ja = FIELDS.iter().find(|f| f.0 == word).map_or(word, |f| f.1);
        self.s.t(ja, word)
    }

    fn working(&self) -> bool {
        matches!(self.st.step, Step::Looking | Step::Running)
    }

    fn step(&self) -> &'static str {
        match self.st.step {
            Step::Looking => "looking",
            Step::Understood => "understood",
            Step::Running => "running",
            Step::Done => "done",
            Step::Failed => "failed",
        }
    }

    fn share(&self) -> Option<String> {
        told(&self.st, self.now, &self.s).0.map(|share| format!("{share:.3}"))
    }

    fn words(&self) -> String {
        told(&self.st, self.now, &self.s).1
    }

    fn total(&self, of: &str) -> i64 {
        let sum = |f: fn(&FileReport) -> u64| self.st.reports.iter().map(f).sum::<u64>().number();
        match of {
            "rows" => sum(|r| r.rows),
            "orders" => sum(|r| r.orders),
            "customers" => sum(|r| r.customers),
            "inserted" => sum(|r| r.inserted),
            "updated" => sum(|r| r.updated),
            "unchanged" => sum(|r| r.unchanged),
            _ => sum(|r| r.rejected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_its_own_name() {
        for (path, name) in [
            ("/var/data/uploads/17-1/受注.csv", "受注.csv"),
            ("a.zip!orders/1.csv", "a.zip › orders/1.csv"),
            ("C:\\x\\b.csv", "b.csv"),
            ("plain.csv", "plain.csv"),
        ] {
            assert_eq!(file_name(path), name);
        }
    }
}
