//! A mailbox over IMAP that keeps what was put into it, and remembers what it was asked.
//!
//! On loopback, without TLS, one connection after the other; `talk` serves any other line.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// A running mailbox; it ends when it is dropped.
pub struct Postbox {
    shared: Arc<Shared>,
    address: SocketAddr,
    listener: Option<JoinHandle<()>>,
}

struct Shared {
    inside: Mutex<Inside>,
    stopping: AtomicBool,
    /// The connection in being, so that it can be ended.
    open: Mutex<Option<TcpStream>>,
}

struct Inside {
    password: String,
    validity: u32,
    mails: Vec<Kept>,
    next: u32,
    /// May be read and not changed.
    locked: bool,
    said: Vec<String>,
}

struct Kept {
    uid: u32,
    raw: Vec<u8>,
    seen: bool,
}

impl Postbox {
    /// Starts on a free port of the loopback address; whoever knows the password may come in.
    pub fn start(password: &str) -> io::Result<Postbox> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let inside = Inside {
            password: password.to_owned(),
            validity: 7,
            mails: vec![],
            next: 1,
            locked: false,
            said: vec![],
        };
        let shared = Arc::new(Shared {
            inside: Mutex::new(inside),
            stopping: AtomicBool::new(false),
            open: Mutex::default(),
        });
        let theirs = shared.clone();
        let listener = thread::spawn(move || {
            for stream in listener.incoming() {
                if theirs.stopping.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                *lock(&theirs.open) = stream.try_clone().ok();
                theirs.serve(stream);
            }
        });
        Ok(Postbox { shared, address, listener: Some(listener) })
    }

    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// A mail arrives; its number.
    pub fn put(&self, raw: &[u8]) -> u32 {
        let mut inside = lock(&self.shared.inside);
        let uid = inside.next;
        inside.next += 1;
        inside.mails.push(Kept { uid, raw: raw.to_vec(), seen: false });
        uid
    }

    /// Somebody else reads a mail.
    pub fn open(&self, uid: u32) {
        lock(&self.shared.inside)
            .mails
            .iter_mut()
            .filter(|mail| mail.uid == uid)
            .for_each(|mail| mail.seen = true);
    }

    /// The server numbers its mails anew, from 1.
    pub fn renumber(&self) {
        let mut inside = lock(&self.shared.inside);
        inside.validity += 1;
        (1..).zip(&mut inside.mails).for_each(|(uid, mail)| mail.uid = uid);
        inside.next = inside.mails.len() as u32 + 1;
    }

    /// From now on mails may be read and not marked.
    pub fn lock(&self) {
        lock(&self.shared.inside).locked = true;
    }

    /// From now on this is the password.
    pub fn change_password(&self, password: &str) {
        password.clone_into(&mut lock(&self.shared.inside).password);
    }

    /// Numbers of the mails that are marked as seen.
    pub fn seen(&self) -> Vec<u32> {
        lock(&self.shared.inside).mails.iter().filter(|mail| mail.seen).map(|mail| mail.uid).collect()
    }

    /// Every command so far, without its tag and without what a login says.
    pub fn said(&self) -> Vec<String> {
        lock(&self.shared.inside).said.clone()
    }

    /// Greets, if asked to, and answers until the other side leaves; `true` where that was STARTTLS.
    pub fn talk(&self, stream: impl Read + Write, greet: bool) -> bool {
        self.shared.talk(stream, greet).unwrap_or(false)
    }
}

impl Drop for Postbox {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        if let Some(stream) = lock(&self.shared.open).take() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // The listener waits for somebody to come.
        drop(TcpStream::connect(self.address));
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) {
        // A line that breaks is the other side's affair.
        let _ = self.talk(stream, true);
    }

    fn talk(&self, stream: impl Read + Write, greet: bool) -> io::Result<bool> {
        let mut stream = BufReader::new(stream);
        if greet {
            say(&mut stream, b"* OK made-up mailbox\r\n")?;
        }
        let mut line = String::new();
        let mut welcome = false;
        loop {
            line.clear();
            if stream.read_line(&mut line)? == 0 {
                return Ok(false);
            }
            let Some((tag, command)) = line.trim_end().split_once(' ') else { return Ok(false) };
            let verb = command.split(' ').next().unwrap_or("").to_ascii_uppercase();
            let mut inside = lock(&self.inside);
            inside.said.push(if verb == "LOGIN" { verb.clone() } else { command.to_owned() });
            let answer = match verb.as_str() {
                "STARTTLS" => Ok(b"".to_vec()),
                "CAPABILITY" => Ok(b"* CAPABILITY IMAP4rev1 STARTTLS\r\n".to_vec()),
                "LOGIN" => {
                    welcome = command.ends_with(&format!(" \"{}\"", inside.password));
                    if welcome { Ok(vec![]) } else { Err("NO [AUTHENTICATIONFAILED] wrong password") }
                }
                "LOGOUT" => Ok(b"* BYE see you\r\n".to_vec()),
                _ if welcome => inside.answer(command),
                _ => Err("NO log in first"),
            };
            drop(inside);
            let (mut bytes, end) = match answer {
                Ok(bytes) => (bytes, "OK done"),
                Err(no) => (vec![], no),
            };
            bytes.extend(format!("{tag} {end}\r\n").into_bytes());
            say(&mut stream, &bytes)?;
            match verb.as_str() {
                "STARTTLS" => return Ok(true),
                "LOGOUT" => return Ok(false),
                _ => {}
            }
        }
    }
}

fn say(stream: &mut BufReader<impl Read + Write>, bytes: &[u8]) -> io::Result<()> {
    stream.get_mut().write_all(bytes)?;
    stream.get_mut().flush()
}

impl Inside {
    fn answer(&mut self, command: &str) -> Result<Vec<u8>, &'static str> {
        let words: Vec<&str> = command.split(' ').collect();
        match words[..] {
            ["SELECT", "\"INBOX\""] => Ok(format!(
                "* {} EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY {}] numbered\r\n* OK [UIDNEXT {}] next\r\n",
                self.mails.len(),
                self.validity,
                self.next
            )
            .into_bytes()),
            ["SELECT", ..] => Err("NO [NONEXISTENT] no such folder"),
            ["UID", "SEARCH", ref asked @ .., "UID", range] => {
                let (from, to) = range.split_once(':').unwrap_or((range, range));
                let (from, to) = (from.parse().unwrap_or(0), to.parse().unwrap_or(u32::MAX));
                let unread = asked == ["UNSEEN"];
                let found = |m: &&Kept| (from..=to).contains(&m.uid) && !(unread && m.seen);
                let found: String = self.mails.iter().filter(found).map(|m| format!(" {}", m.uid)).collect();
                Ok(format!("* SEARCH{found}\r\n").into_bytes())
            }
            ["UID", "FETCH", set, "(UID", "BODY.PEEK[]<0.1048576>)"] => Ok(self.fetch(set)),
            ["UID", "STORE", set, "+FLAGS.SILENT", "(\\Seen)"] if !self.locked => {
                self.mails.iter_mut().filter(|m| named(set, m.uid)).for_each(|m| m.seen = true);
                Ok(vec![])
            }
            ["UID", "STORE", ..] => Err("NO [NOPERM] read only"),
            _ => Err("BAD what"),
        }
    }

    fn fetch(&self, set: &str) -> Vec<u8> {
        let mut bytes = vec![];
        for (n, mail) in self.mails.iter().enumerate().filter(|(_, mail)| named(set, mail.uid)) {
            let part = &mail.raw[..mail.raw.len().min(1_048_576)];
            let head = format!("* {} FETCH (UID {} BODY[]<0> {{{}}}\r\n", n + 1, mail.uid, part.len());
            bytes.extend([head.as_bytes(), part, b")\r\n"].concat());
        }
        bytes
    }
}

fn named(set: &str, uid: u32) -> bool {
    set.split(',').any(|number| number.parse() == Ok(uid))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
