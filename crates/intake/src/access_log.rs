//! One line of a web server's log in the combined format (Apache `%h %l %u %t "%r" %>s %b "%{Referer}i"
//! "%{User-agent}i"`, nginx `combined`).

/// What a line says of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// Who asked, as the log names the machine: only to tell that two lines are of one visitor; never kept.
    pub from: String,
    /// Who was logged in; empty for nobody.
    pub login: String,
    /// Unix seconds.
    pub at: i64,
    pub method: String,
    /// Path and query as asked for.
    pub target: String,
    pub status: u16,
    /// What the program called itself.
    pub agent: String,
}

/// Longest line that is looked at, bytes.
const LONGEST: usize = 16 * 1024;

/// A line as a hit; `None` where it is none in this format.
pub fn hit(line: &str) -> Option<Hit> {
    if line.len() > LONGEST {
        return None;
    }
    let (from, rest) = line.split_once(' ')?;
    let (_, rest) = rest.split_once(' ')?;
    // A login may hold blanks; the time's bracket ends it.
    let (login, rest) = rest.split_once(" [")?;
    let (at, rest) = rest.split_once("] ")?;
    let (request, rest) = quoted(rest)?;
    let mut numbers = rest.trim_start().splitn(3, ' ');
    let status = numbers.next()?.parse().ok()?;
    let _bytes = numbers.next()?;
    let (_, rest) = quoted(numbers.next().unwrap_or_default()).unwrap_or_default();
    let (agent, _) = quoted(rest.trim_start()).unwrap_or_default();
    let mut words = request.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let login = if login == "-" { String::new() } else { login.to_owned() };
    Some(Hit { from: from.to_owned(), login, at: moment(at)?, method, target, status, agent })
}

/// The text in quotes at the beginning, a backslash sparing what follows it; and what comes after.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let (mut said, mut spared) = (String::new(), false);
    for (at, c) in inner.char_indices() {
        match c {
            _ if spared => {
                said.push(c);
                spared = false;
            }
            '\\' => spared = true,
            '"' => return Some((said, &inner[at + 1..])),
            _ => said.push(c),
        }
    }
    None
}

/// `10/Oct/2000:13:55:36 -0700` as Unix seconds.
fn moment(text: &str) -> Option<i64> {
    let at = jiff::fmt::strtime::parse("%d/%b/%Y:%H:%M:%S %z", text).ok()?;
    at.to_timestamp().ok().map(|at| at.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"192.0.2.7 - 42 [22/Nov/2026:12:00:05 +0900] "GET /tea/green?mz=abc HTTP/1.1" 200 512 "https://shop.example.jp/" "Mozilla/5.0 (\"x\")""#;

    #[test]
    fn a_line_is_read_whole() {
        let read = hit(LINE).unwrap();
        assert_eq!((read.from.as_str(), read.login.as_str(), read.at), ("192.0.2.7", "42", 1_795_316_405));
        assert_eq!(
            (read.target.as_str(), read.status, read.method.as_str()),
            ("/tea/green?mz=abc", 200, "GET")
        );
        assert_eq!(read.agent, "Mozilla/5.0 (\"x\")");
        let common = LINE.split(r#" "https"#).next().unwrap();
        assert_eq!(hit(common).unwrap().agent, "", "the shorter common format is read too");
    }

    #[test]
    fn what_is_no_line_is_none() {
        let long = LINE.replace("/tea", &"x".repeat(LONGEST));
        for line in [
            "",
            "nonsense",
            "192.0.2.7 - - [32/Foo/2026] \"GET / HTTP/1.1\" 200 1",
            "192.0.2.7 - - [22/Nov/2026:12:00:05 +0900] \"\" 200 1",
            "192.0.2.7 - - [22/Nov/2026:12:00:05 +0900] \"GET / HTTP/1.1 200 1",
            "192.0.2.7 - - [22/Nov/2026:12:00:05 +0900] \"GET / HTTP/1.1\" abc 1",
            &long,
        ] {
            assert_eq!(hit(line), None, "{line:.80}");
        }
    }
}
