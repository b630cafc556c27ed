//! As much of HTTP/1.1 as a gateway of tests needs: requests with a length in, answers with a length out.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// Largest body that is read.
const MOST_BODY: usize = 1024 * 1024;

/// One request.
#[derive(Debug)]
pub(super) struct Asked {
    pub method: String,
    /// Path and query.
    pub target: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
    /// The first header of this name; empty for none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    /// The next request of a connection.
    pub fn read(from: &mut BufReader<&TcpStream>) -> io::Result<Asked> {
        let first = line(from)?;
        let mut words = first.split(' ').map(str::to_owned);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let mut asked = Asked { method, target, headers: vec![], body: String::new() };
        loop {
            let line = line(from)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            asked.headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
        let length: usize = asked.header("content-length").parse().unwrap_or(0);
        let mut body = vec![0; length.min(MOST_BODY)];
        from.read_exact(&mut body)?;
        asked.body = String::from_utf8_lossy(&body).into_owned();
        Ok(asked)
    }
}

fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    match from.read_line(&mut line)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub code: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Reply {
    pub fn json(code: u16, body: impl Into<String>) -> Reply {
        Reply { code, headers: vec![("Content-Type", "application/json".to_owned())], body: body.into() }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut text = format!("HTTP/1.1 {} x\r\nContent-Length: {}\r\n", self.code, self.body.len());
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        format!("{text}\r\n{}", self.body).into_bytes()
    }
}

/// Posts JSON to an address of this machine; the code of the answer.
pub(super) fn post(url: &str, headers: &[(String, String)], body: &str) -> io::Result<u16> {
    let bad = || io::Error::from(io::ErrorKind::InvalidInput);
    let rest = url.strip_prefix("http://").ok_or_else(bad)?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host)?;
    let mut head = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
    let mut answer = String::new();
    BufReader::new(&stream).read_line(&mut answer)?;
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(bad)
}

/// The value of a field of a form or of a flat JSON object; empty for none.
pub(super) fn field(body: &str, name: &str) -> String {
    if !body.trim_start().starts_with('{') {
        let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
        return pairs
            .into_iter()
            .find(|(n, _)| unescaped(n) == name)
            .map_or(String::new(), |(_, v)| unescaped(v));
    }
    let Some(at) = body.find(&format!("\"{name}\":")) else { return String::new() };
    text(&body[at + name.len() + 3..])
}

/// A JSON string's value at the beginning of a text, as far as gateways are sent any.
pub(super) fn text(json: &str) -> String {
    let mut out = String::new();
    let mut chars = json.trim_start().strip_prefix('"').unwrap_or("").chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('u') => {
                    let code = chars.by_ref().take(4).collect::<String>();
                    out.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
                }
                Some(c) => out.push(c),
                None => break,
            },
            c => out.push(c),
        }
    }
    out
}

/// A form's text without its escapes.
fn unescaped(text: &str) -> String {
    let mut bytes = vec![];
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let pair: Vec<u8> = rest.by_ref().take(2).collect();
                let pair = String::from_utf8_lossy(&pair).into_owned();
                bytes.extend(u8::from_str_radix(&pair, 16).ok());
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
