//! The bytes of a line to a mail server: open or closed to others, one write per command, every wait bounded.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{self, BufReader, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

/// How the line is kept from being read on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tls {
    /// Not at all: for a mail server on the same machine.
    None,
    /// Begins in the clear and must then be closed to others (port 587 or 25; 143).
    StartTls,
    /// From the first byte (port 465; 993).
    Implicit,
}

/// Where a line leads.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub host: &'a str,
    pub port: u16,
    pub tls: Tls,
    /// Longest wait for one answer.
    pub timeout: Duration,
    /// Own certificate authorities as PEM; empty: the public ones.
    pub authorities: &'a str,
}

/// Why there is no line, in words that cannot hold an address of a person.
pub(crate) enum Failed {
    /// To be tried again later.
    Unreachable(String),
    /// Will not get better by itself.
    Refused(String),
}

enum Stream {
    Open(TcpStream),
    Closed(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Open(stream) => stream.read(into),
            Stream::Closed(stream) => stream.read(into),
        }
    }
}

impl Stream {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Stream::Open(stream) => stream.write_all(bytes),
            Stream::Closed(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        }
    }
}

/// A line's bytes, both ways.
pub(crate) struct Wire {
    stream: BufReader<Stream>,
    /// Closed to others, or never leaves this machine.
    private: bool,
}

impl Wire {
    /// Connects to the first of the host's addresses that answers.
    pub fn connect(place: &Place) -> Result<Wire, Failed> {
        let none = || io::Error::from(io::ErrorKind::AddrNotAvailable);
        let addresses = (place.host, place.port).to_socket_addrs().map_err(lost)?;
        let mut tried = Err(none());
        for address in addresses {
            tried = TcpStream::connect_timeout(&address, place.timeout);
            if tried.is_ok() {
                break;
            }
        }
        let stream = tried.and_then(|stream| {
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(place.timeout))?;
            stream.set_write_timeout(Some(place.timeout))?;
            Ok(stream)
        });
        let stream = stream.map_err(lost)?;
        let private = stream.peer_addr().is_ok_and(|peer| peer.ip().is_loopback());
        let wire = Wire { stream: BufReader::new(Stream::Open(stream)), private };
        match place.tls {
            Tls::Implicit => wire.secure(place),
            Tls::StartTls | Tls::None => Ok(wire),
        }
    }

    /// Closes the line to others. What the server said before it in excess is refused: somebody
    /// else may have said it.
    pub fn secure(self, place: &Place) -> Result<Wire, Failed> {
        let refused = |what: String| Failed::Refused(format!("TLS: {what}"));
        if !self.stream.buffer().is_empty() {
            return Err(refused("bytes before the handshake".to_owned()));
        }
        let Stream::Open(mut stream) = self.stream.into_inner() else {
            return Err(refused("twice".to_owned()));
        };
        let name = ServerName::try_from(place.host.to_owned()).map_err(|e| refused(e.to_string()))?;
        let config = config(place.authorities).map_err(refused)?;
        let mut tls = ClientConnection::new(Arc::new(config), name).map_err(|e| refused(e.to_string()))?;
        while tls.is_handshaking() {
            tls.complete_io(&mut stream).map_err(|e| match e.kind() {
                io::ErrorKind::InvalidData => refused(e.to_string()),
                _ => lost(e),
            })?;
        }
        let stream = Stream::Closed(Box::new(StreamOwned::new(tls, stream)));
        Ok(Wire { stream: BufReader::new(stream), private: true })
    }

    pub fn private(&self) -> bool {
        self.private
    }

    /// Whether a line that nobody used for a while is still open: a closed one has something to read.
    pub fn alive(&self) -> bool {
        let stream = match self.stream.get_ref() {
            Stream::Open(stream) => stream,
            Stream::Closed(stream) => &stream.sock,
        };
        let quiet = |e: io::Error| e.kind() == io::ErrorKind::WouldBlock;
        self.stream.buffer().is_empty()
            && stream.set_nonblocking(true).is_ok()
            && stream.peek(&mut [0]).is_err_and(quiet)
            && stream.set_nonblocking(false).is_ok()
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// What the other side says.
    pub fn incoming(&mut self) -> &mut impl io::BufRead {
        &mut self.stream
    }
}

/// A line that broke, or never was.
pub(crate) fn lost(error: io::Error) -> Failed {
    Failed::Unreachable(broken(&error))
}

/// What broke, in words that cannot hold an address.
pub(crate) fn broken(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => "timed out".to_owned(),
        kind => format!("connection lost: {kind}"),
    }
}

fn config(authorities: &str) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    if authorities.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    for certificate in CertificateDer::pem_slice_iter(authorities.as_bytes()) {
        let certificate = certificate.map_err(|e| e.to_string())?;
        roots.add(certificate).map_err(|e| e.to_string())?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(builder.map_err(|e| e.to_string())?.with_root_certificates(roots).with_no_client_auth())
}
