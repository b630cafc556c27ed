//! A line closed to others, and the login on it.

use crate::help::{letter, touch};
use model::Delivery;
use outreach::{Line, SmtpDoor, SmtpError, Tls, compose};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

/// A certificate of localhost and its key, made for this test and trusted by nobody else.
pub const LOCALHOST: &str = include_str!("tls.pem");

pub fn secured(stream: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
    let certificate = CertificateDer::from_pem_slice(LOCALHOST.as_bytes()).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(LOCALHOST.as_bytes()).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.expect("versions").with_no_client_auth();
    let config = builder.with_single_cert(vec![certificate], key).expect("a server");
    StreamOwned::new(ServerConnection::new(Arc::new(config)).expect("a connection"), stream)
}

/// Answers until the other side leaves, or until STARTTLS; what was said, and whether it was that.
fn talk(stream: impl Read + Write, login: &str, starttls: &[u8], said: &mut Vec<String>) -> bool {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).is_ok_and(|n| n > 0) {
        let command = std::mem::take(&mut line).trim_end().to_owned();
        let answer = match command.split(' ').next().unwrap_or("") {
            "EHLO" => format!("250-x\r\n250-STARTTLS\r\n250 AUTH {login}\r\n").into_bytes(),
            "STARTTLS" => starttls.to_vec(),
            "AUTH" if command.ends_with("LOGIN") => b"334 x\r\n".to_vec(),
            "AUTH" => b"235 2.7.0 welcome\r\n".to_vec(),
            "c2hvcA==" => b"334 x\r\n".to_vec(),
            "c2VjcmV0" => b"235 2.7.0 welcome\r\n".to_vec(),
            "DATA" => b"354 go on\r\n".to_vec(),
            _ if said.last().is_some_and(|s| s == "DATA") && command != "." => continue,
            _ => b"250 ok\r\n".to_vec(),
        };
        said.push(command);
        if stream.get_mut().write_all(&answer).and_then(|()| stream.get_mut().flush()).is_err() {
            break;
        }
        if said.last().is_some_and(|s| s == "STARTTLS") {
            return true;
        }
    }
    false
}

fn server(tls: Tls, login: &'static str, starttls: &'static [u8]) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let thread = spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut said = vec![];
        let mut go_on = true;
        if tls == Tls::StartTls {
            stream.write_all(b"220 x\r\n").expect("written");
            go_on = talk(&stream, "PLAIN", starttls, &mut said);
        }
        if go_on {
            let mut stream = secured(stream);
            // A client that does not trust us leaves here.
            if tls == Tls::StartTls || stream.write_all(b"220 x\r\n").is_ok() {
                talk(stream, login, b"", &mut said);
            }
        }
        said
    });
    (port, thread)
}

fn door(port: u16, tls: Tls) -> SmtpDoor {
    SmtpDoor {
        host: "localhost".into(),
        port,
        tls,
        user: "shop".into(),
        password: "secret".into(),
        helo: "mail.example.jp".into(),
        timeout: Duration::from_secs(5),
        authorities: LOCALHOST.into(),
    }
}

#[test]
fn mails_go_over_a_closed_line_after_the_login() {
    for (tls, login) in [(Tls::StartTls, "PLAIN LOGIN"), (Tls::Implicit, "PLAIN"), (Tls::Implicit, "LOGIN")] {
        let (port, server) = server(tls, login, b"220 go\r\n");
        let mut line = Line::open(&door(port, tls)).expect("a line");
        let touch = touch(1, "hanako@example.jp");
        let mail = compose(&touch, &crate::help::heading(), &letter());
        let handed = line.deliver(&touch, "bounce@example.jp", &mail, &mut || true);
        assert!(matches!(handed.delivery, Delivery::Accepted { .. }), "{handed:?}");
        line.close();
        let said = server.join().expect("what was said");
        let logged_in = said.iter().position(|s| s.starts_with("AUTH")).expect("a login");
        let before = said.iter().position(|s| s == "STARTTLS").map_or(0, |at| at + 1);
        assert!(before < logged_in && said[before].starts_with("EHLO"), "{said:?}");
        assert_eq!(said.last().map(String::as_str), Some("QUIT"));
    }
}

#[test]
fn a_line_that_others_could_read_is_none() {
    for (host, authorities, starttls) in [
        // Somebody else's name, nobody we trust, no TLS, and words slipped in before it.
        ("127.0.0.1", LOCALHOST, &b"220 go\r\n"[..]),
        ("localhost", "", b"220 go\r\n"),
        ("localhost", LOCALHOST, b"502 no\r\n"),
        ("localhost", LOCALHOST, b"220 go\r\n250 slipped in\r\n"),
    ] {
        let (port, server) = server(Tls::StartTls, "PLAIN", starttls);
        let door =
            SmtpDoor { host: host.into(), authorities: authorities.into(), ..door(port, Tls::StartTls) };
        let found = Line::open(&door).map(drop).expect_err("no line");
        assert!(matches!(found, SmtpError::Refused(_)), "{found}");
        assert!(!found.to_string().contains("secret"), "{found}");
        assert!(server.join().expect("what was said").iter().all(|s| !s.starts_with("AUTH")));
    }
}
