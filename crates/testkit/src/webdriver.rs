//! WebDriver's dozen commands as blocking JSON over HTTP to one chromedriver that we started.

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The key under which WebDriver hides an element's id.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A running chromedriver with one session; both end with this value.
pub(crate) struct Session {
    driver: Child,
    port: u16,
    id: String,
}

impl Session {
    /// Starts chromedriver on a port of its own choice and a browser with these flags.
    pub(crate) fn start(flags: &[String]) -> Result<Session> {
        let driver = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0) // so that a browser which outlives its session can be ended with it
            .spawn()
            .context("chromedriver does not start; ./test installs it (Debian: chromium-driver)")?;
        let mut session = Session { driver, port: 0, id: String::new() };
        session.port = announced_port(session.driver.stdout.take().context("chromedriver has no output")?)?;
        let always = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {"args": flags},
            "timeouts": {"implicit": 10_000, "script": 60_000, "pageLoad": 60_000},
        });
        let body = json!({"capabilities": {"alwaysMatch": always}});
        let answer = session.http("POST", "/session", Some(&body))?;
        session.id = text_of(&answer["sessionId"])?;
        Ok(session)
    }

    pub(crate) fn post(&self, command: &str, body: &Value) -> Result<Value> {
        self.http("POST", &format!("/session/{}/{command}", self.id), Some(body))
    }

    pub(crate) fn get(&self, command: &str) -> Result<Value> {
        self.http("GET", &format!("/session/{}/{command}", self.id), None)
    }

    /// The id of the first element that matches, waited for as long as the implicit timeout says.
    pub(crate) fn element(&self, using: &str, value: &str) -> Result<String> {
        let found = self.post("element", &json!({"using": using, "value": value}))?;
        text_of(&found[ELEMENT])
    }

    fn http(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json; charset=utf-8\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let answer: Value = serde_json::from_slice(&response_body(stream)?)?;
        match answer["value"]["error"].as_str() {
            Some(error) => bail!("{method} {path}: {error}: {}", first_line(&answer["value"]["message"])),
            None => Ok(answer["value"].clone()),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let ended =
            !self.id.is_empty() && self.http("DELETE", &format!("/session/{}", self.id), None).is_ok();
        if !ended {
            let group = format!("-{}", self.driver.id());
            // Nothing is left to do where this fails: the group is gone already.
            let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Hears "ChromeDriver was started successfully on port 40123." and takes the number; goes on
/// reading for as long as chromedriver writes.
fn announced_port(stdout: ChildStdout) -> Result<u16> {
    let (tell, heard) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let port = line.split_once("started successfully on port ");
            if let Some(port) = port.and_then(|(_, tail)| tail.trim_end_matches('.').parse().ok()) {
                // Nobody listens any more where the wait was given up.
                let _ = tell.send(port);
            }
        }
    });
    heard.recv_timeout(Duration::from_secs(60)).context("chromedriver names no port it listens on")
}

fn response_body(stream: TcpStream) -> Result<Vec<u8>> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(body)
}

pub(crate) fn text_of(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| anyhow!("a text was expected, not {value}"))
}

fn first_line(message: &Value) -> &str {
    message.as_str().and_then(|m| m.lines().next()).unwrap_or("")
}
