//! Files from a form to a folder, chunk by chunk: never a whole file in memory.

use crate::fault::Fault;
use crate::jobs::Reading;
use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use model::Kind;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;

/// All files of one form together.
pub const MOST_BYTES: u64 = 2 << 30;
const MOST_FILES: usize = 20;
const MOST_TEXT: usize = 64 * 1024;

/// Saves every file of the form into `folder`; returns how to read them.
pub async fn save(mut form: Multipart, folder: &Path) -> Result<Reading, Fault> {
    let mut reading = Reading::default();
    let (mut files, mut bytes) = (0, 0);
    while let Some(field) = form.next_field().await.map_err(torn)? {
        match field.name().unwrap_or_default() {
            "file" => {
                let Some(name) = field.file_name().map(safe_name).filter(|n| !n.is_empty()) else { continue };
                files += 1;
                if files > MOST_FILES {
                    return Err(Fault::bad(
                        "一度に選べるファイルは20個までです。",
                        "At most 20 files at a time.",
                    ));
                }
                bytes = save_file(field, &free(folder, &name), bytes).await?;
            }
            "source" => reading.source = text(field).await?,
            "kind" => reading.kind = Kind::from_word(&text(field).await?),
            "map" => reading.map = text(field).await?,
            _ => {}
        }
    }
    match files {
        0 => Err(Fault::bad(
            "ファイルが選ばれていません。CSV か Excel のファイルを選んでください。",
            "No file was chosen. Choose a CSV or Excel file.",
        )),
        _ => Ok(reading),
    }
}

/// Streams one file to disk from a thread that may block; returns the bytes so far.
async fn save_file(mut field: Field<'_>, path: &Path, mut bytes: u64) -> Result<u64, Fault> {
    let (send, mut chunks) = mpsc::channel::<Bytes>(8);
    let path = path.to_owned();
    let writer = tokio::task::spawn_blocking(move || -> std::io::Result<()> {
        let mut file = File::create(path)?;
        while let Some(chunk) = chunks.blocking_recv() {
            file.write_all(&chunk)?;
        }
        file.flush()
    });
    while let Some(chunk) = field.chunk().await.map_err(torn)? {
        bytes += chunk.len() as u64;
        if bytes > MOST_BYTES {
            return Err(Fault::Refused(
                StatusCode::PAYLOAD_TOO_LARGE,
                "2GBを超えるファイルはこの画面から取り込めません。コマンド mezame import をお使いください。"
                    .to_owned(),
                "Files over 2 GB do not fit through this page. Use the command `mezame import`.".to_owned(),
            ));
        }
        if send.send(chunk).await.is_err() {
            break; // the writer failed and says why below
        }
    }
    drop(send);
    writer.await.map_err(anyhow::Error::new)?.map_err(anyhow::Error::new)?;
    Ok(bytes)
}

async fn text(mut field: Field<'_>) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(torn)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_TEXT {
            return Err(Fault::bad("入力が長すぎます。", "The text is too long."));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}

fn torn(why: MultipartError) -> Fault {
    Fault::bad(
        format!("アップロードが途中で切れました。もう一度お試しください。({why})"),
        format!("The upload was cut off. Try again. ({why})"),
    )
}

/// The last part of a name without anything that means something to a file system or a terminal.
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let allowed = |c: char| c.is_alphanumeric() || " ._-()[]【】()・〜+".contains(c);
    let clean: String = last.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
    let clean = clean.trim().trim_start_matches(['.', '~']);
    // The ending says what it is, so the front gives way.
    let skip = clean.chars().count().saturating_sub(80);
    clean.chars().skip(skip).collect()
}

/// A name in the folder that nothing has yet.
fn free(folder: &Path, name: &str) -> PathBuf {
    let taken = |path: &PathBuf| path.exists() || path.ends_with("options.json");
    let numbered = (2..).map(|n| folder.join(format!("{n}-{name}")));
    std::iter::once(folder.join(name))
        .chain(numbered)
        .find(|p| !taken(p))
        .unwrap_or_else(|| folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_the_folder() {
        for (name, safe) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\orders\\受注 2026.csv", "受注 2026.csv"),
            ("..", ""),
            (".hidden.csv", "hidden.csv"),
            ("a\u{202e}vsc.exe\0\n<b>.csv", "a_vsc.exe___b_.csv"),
            ("", ""),
        ] {
            assert_eq!(safe_name(name), safe, "{name:?}");
        }
        let long = format!("{}.csv", "長".repeat(300));
        assert!(safe_name(&long).ends_with("長.csv") && safe_name(&long).chars().count() == 80);
    }

    #[test]
    fn two_files_of_one_name_both_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.csv"), "x").expect("written");
        assert_eq!(free(folder.path(), "a.csv"), folder.path().join("2-a.csv"));
        assert_eq!(free(folder.path(), "options.json"), folder.path().join("2-options.json"));
    }
}
