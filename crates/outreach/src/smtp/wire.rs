//! The bytes of a line: open or closed to others, one write per command, every wait bounded.

use super::reply::Reply;
use super::{SmtpDoor, SmtpError, Tls, lost};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{self, BufReader, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;

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
pub(super) struct Wire {
    stream: BufReader<Stream>,
    /// Closed to others, or never leaves this machine.
    private: bool,
}

impl Wire {
    /// Connects to the first of the host's addresses that answers.
    pub fn connect(door: &SmtpDoor) -> Result<Wire, SmtpError> {
        let none = || io::Error::from(io::ErrorKind::AddrNotAvailable);
        let addresses = (door.host.as_str(), door.port).to_socket_addrs().map_err(lost)?;
        let mut tried = Err(none());
        for address in addresses {
            tried = TcpStream::connect_timeout(&address, door.timeout);
            if tried.is_ok() {
                break;
            }
        }
        let stream = tried.and_then(|stream| {
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(door.timeout))?;
            stream.set_write_timeout(Some(door.timeout))?;
            Ok(stream)
        });
        let stream = stream.map_err(lost)?;
        let private = stream.peer_addr().is_ok_and(|peer| peer.ip().is_loopback());
        let wire = Wire { stream: BufReader::new(Stream::Open(stream)), private };
        match door.tls {
            Tls::Implicit => wire.secure(door),
            Tls::StartTls | Tls::None => Ok(wire),
        }
    }

    /// Closes the line to others. What the server said before it in excess is refused: somebody
    /// else may have said it.
    pub fn secure(self, door: &SmtpDoor) -> Result<Wire, SmtpError> {
        let refused = |what: String| SmtpError::Refused(format!("TLS: {what}"));
        if !self.stream.buffer().is_empty() {
            return Err(refused("bytes before the handshake".to_owned()));
        }
        let Stream::Open(mut stream) = self.stream.into_inner() else {
            return Err(refused("twice".to_owned()));
        };
        let name = ServerName::try_from(door.host.clone()).map_err(|e| refused(e.to_string()))?;
        let config = config(&door.authorities).map_err(refused)?;
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

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    pub fn read(&mut self) -> io::Result<Reply> {
        Reply::read(&mut self.stream)
    }

    pub fn ask(&mut self, command: &str) -> io::Result<Reply> {
        self.write(command.as_bytes())?;
        self.read()
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
