//! Connections taken, requests answered by a desk, mishaps on the way.

use super::http::{Asked, Reply};
use super::mishaps::{Mishap, Mishaps};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What a gateway does with a request that arrived.
pub(super) type Desk = Box<dyn Fn(&Asked) -> Reply + Send + Sync>;

/// A running server; it ends when it is dropped.
pub(super) struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    listener: Option<JoinHandle<()>>,
}

struct Shared {
    desk: Desk,
    mishaps: Mutex<Mishaps>,
    connections: AtomicU64,
    requests: AtomicU64,
    open: Mutex<Open>,
    stopping: AtomicBool,
    stopped: Condvar,
}

/// Connections in being, so that they can be ended.
#[derive(Default)]
struct Open {
    streams: BTreeMap<u64, TcpStream>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Starts on this port of the loopback address; 0: a free one.
    pub fn start(port: u16, mishaps: Mishaps, desk: Desk) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            desk,
            mishaps: Mutex::new(mishaps),
            connections: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            open: Mutex::default(),
            stopping: AtomicBool::new(false),
            stopped: Condvar::new(),
        });
        let theirs = Arc::clone(&shared);
        let listener = thread::spawn(move || listen(&listener, &theirs));
        Ok(Server { shared, address, listener: Some(listener) })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Connections taken, and requests read, so far.
    pub fn counts(&self) -> (u64, u64) {
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
        (count(&self.shared.connections), count(&self.shared.requests))
    }

    /// Fails otherwise from now on.
    pub fn set(&self, mishaps: Mishaps) {
        *lock(&self.shared.mishaps) = mishaps;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        {
            let _open = lock(&self.shared.open);
            self.shared.stopping.store(true, Ordering::Relaxed);
        }
        self.shared.stopped.notify_all();
        // The listener waits for somebody to come.
        drop(TcpStream::connect(self.address));
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
        let open = std::mem::take(&mut *lock(&self.shared.open));
        for stream in open.streams.values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        for thread in open.threads {
            let _ = thread.join();
        }
    }
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopping.load(Ordering::Relaxed) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let number = shared.connections.fetch_add(1, Ordering::Relaxed);
        let mut open = lock(&shared.open);
        if let Ok(ours) = stream.try_clone() {
            open.streams.insert(number, ours);
        }
        let theirs = Arc::clone(shared);
        open.threads.retain(|thread| !thread.is_finished());
        open.threads.push(thread::spawn(move || {
            // How a connection ends is the other side's affair.
            let _ = talk(&stream, &theirs, number);
            let _ = stream.shutdown(Shutdown::Both);
            lock(&theirs.open).streams.remove(&number);
        }));
    }
}

fn talk(mut stream: &TcpStream, shared: &Shared, connection: u64) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut from = BufReader::new(stream);
    for number in 0.. {
        let dropped = || io::Error::from(io::ErrorKind::ConnectionAborted);
        // What befalls a request is drawn when it begins to arrive.
        if from.fill_buf()?.is_empty() {
            return Ok(());
        }
        let mishap = lock(&shared.mishaps).of(connection, number);
        if mishap == Some(Mishap::DropUnread) {
            return Err(dropped());
        }
        let asked = Asked::read(&mut from)?;
        shared.requests.fetch_add(1, Ordering::Relaxed);
        match mishap {
            Some(Mishap::DropRead) => return Err(dropped()),
            Some(Mishap::Answer(code)) => {
                stream.write_all(&failing(code).bytes())?;
                continue;
            }
            _ => {}
        }
        let reply = (shared.desk)(&asked);
        let bytes = reply.bytes();
        match mishap {
            Some(Mishap::DropAccepted) => return Err(dropped()),
            Some(Mishap::CutAnswer) => {
                stream.write_all(&bytes[..bytes.len() - 1])?;
                return Err(dropped());
            }
            Some(Mishap::DropAnswered) => {
                stream.write_all(&bytes)?;
                return Err(dropped());
            }
            Some(Mishap::AnswerAccepted(code)) => stream.write_all(&failing(code).bytes())?,
            Some(Mishap::Stall(time)) => {
                shared.stall(time);
                stream.write_all(&bytes)?;
            }
            _ => stream.write_all(&bytes)?,
        }
    }
    Ok(())
}

fn failing(code: u16) -> Reply {
    let mut reply = Reply::json(code, r#"{"message":"as the test wishes","error":{"code":"wished"}}"#);
    if code == 429 {
        reply.headers.push(("Retry-After", "7".to_owned()));
    }
    reply
}

impl Shared {
    /// Waits this long, or until the server ends.
    fn stall(&self, time: Duration) {
        let waits = |_: &mut Open| !self.stopping.load(Ordering::Relaxed);
        drop(self.stopped.wait_timeout_while(lock(&self.open), time, waits));
    }
}

/// A thread that panicked leaves counts that are still counts.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
