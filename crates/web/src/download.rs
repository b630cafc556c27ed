//! Files on their way out: written by a blocking thread, sent as they grow.

use crate::query::encoded;
use crate::site::Site;
use app::App;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc::{Receiver, Sender, channel};

const PIECE: usize = 64 * 1024;

/// Sends what `fill` writes as a file called `name`. An error on the way cuts the file short, so
/// that the browser reports a failed download instead of showing half a list as a whole one.
pub fn file<F>(site: &Site, name: &str, kind: &'static str, fill: F) -> Response
where
    F: FnOnce(&App, &mut (dyn Write + Send)) -> anyhow::Result<()> + Send + 'static,
{
    let (send, receive) = channel(4);
    let app = site.app.clone();
    drop(tokio::task::spawn_blocking(move || {
        let mut pipe = Pipe { send, held: Vec::with_capacity(PIECE) };
        let ended = fill(&app, &mut pipe).and_then(|()| Ok(pipe.flush()?));
        if let Err(why) = ended {
            // Nobody listens any more when the reader went away: that is no failure of ours.
            let _ = pipe.send.blocking_send(Err(io::Error::other(format!("{why:#}"))));
        }
    }));
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_graphic() && c != '"' { c } else { '_' }).collect();
    let disposition = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", encoded(name));
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, Body::from_stream(Pieces(receive))).into_response()
}

struct Pipe {
    send: Sender<io::Result<Bytes>>,
    held: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.held, Vec::with_capacity(PIECE));
        self.send.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

struct Pieces(Receiver<io::Result<Bytes>>);

impl Stream for Pieces {
    type Item = io::Result<Bytes>;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx)
    }
}
