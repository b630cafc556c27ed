//! A mail server that keeps what it accepts, and can be made to fail in every phase.
//!
//! On loopback, without TLS, one thread per connection. What it says it accepted is the truth a
//! test holds a sender against.

mod phases;
mod talk;

pub use phases::{Fault, Keep, Phase, Temper, What};

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use talk::Talk;

/// One mail that was accepted, however often.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accepted {
    /// Without its angle brackets; empty where the mail has none.
    pub message_id: String,
    pub rcpt: String,
    pub mail_from: String,
    /// How often the same id was accepted for the same address: more than once is a mail sent twice.
    pub times: u64,
    /// As it came, dots undone, with `Keep::Bytes`; else empty.
    pub bytes: Vec<u8>,
}

/// A running mail server; it ends when it is dropped.
pub struct Sink {
    shared: Arc<Shared>,
    address: SocketAddr,
    listener: Option<JoinHandle<()>>,
}

pub(crate) struct Shared {
    pub temper: Temper,
    pub mails: AtomicU64,
    pub connections: AtomicU64,
    accepted: Mutex<BTreeMap<(String, String), Accepted>>,
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

impl Sink {
    /// Starts on a free port of the loopback address.
    pub fn start(temper: Temper) -> io::Result<Sink> {
        Sink::start_on(0, temper)
    }

    /// Starts on this port of the loopback address.
    pub fn start_on(port: u16, temper: Temper) -> io::Result<Sink> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            temper,
            mails: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            accepted: Mutex::default(),
            open: Mutex::default(),
            stopping: AtomicBool::new(false),
            stopped: Condvar::new(),
        });
        let theirs = Arc::clone(&shared);
        let listener = thread::spawn(move || listen(&listener, &theirs));
        Ok(Sink { shared, address, listener: Some(listener) })
    }

    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Every mail accepted so far, by id; empty with `Keep::Count`.
    pub fn accepted(&self) -> Vec<Accepted> {
        lock(&self.shared.accepted).values().cloned().collect()
    }

    /// How many mails were accepted so far, repetitions included.
    pub fn mails(&self) -> u64 {
        self.shared.mails.load(Ordering::Relaxed)
    }

    /// How many connections were taken so far.
    pub fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Sink {
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

impl Shared {
    /// Keeps an accepted mail as the temper says.
    pub fn accept(&self, mail_from: &str, rcpt: &str, mail: &[u8]) {
        self.mails.fetch_add(1, Ordering::Relaxed);
        if self.temper.keep == Keep::Count {
            return;
        }
        let id = talk::message_id(mail);
        let mut accepted = lock(&self.accepted);
        let entry = accepted.entry((id.clone(), rcpt.to_owned())).or_insert_with(|| Accepted {
            message_id: id,
            rcpt: rcpt.to_owned(),
            mail_from: mail_from.to_owned(),
            times: 0,
            bytes: if self.temper.keep == Keep::Bytes { talk::unstuffed(mail) } else { vec![] },
        });
        entry.times += 1;
    }

    /// Waits this long, or until the sink ends.
    pub fn stall(&self, time: Duration) {
        let waits = |_: &mut Open| !self.stopping.load(Ordering::Relaxed);
        drop(self.stopped.wait_timeout_while(lock(&self.open), time, waits));
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
        let full = open.streams.len() >= shared.temper.max_connections;
        if let Ok(ours) = stream.try_clone() {
            open.streams.insert(number, ours);
        }
        let theirs = Arc::clone(shared);
        open.threads.retain(|thread| !thread.is_finished());
        open.threads.push(thread::spawn(move || {
            // How a connection ends is the other side's affair.
            let _ = Talk::new(&stream, &theirs, number).run(full);
            let _ = stream.shutdown(Shutdown::Both);
            lock(&theirs.open).streams.remove(&number);
        }));
    }
}

/// A thread that panicked leaves counts that are still counts.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
