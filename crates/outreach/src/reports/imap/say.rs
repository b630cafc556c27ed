//! Words of ours as IMAP wants them: quoted, and folders in its own kind of UTF-7.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// In quotes; `None` for what cannot stand there: other letters than ASCII's, control characters.
pub(super) fn quoted(text: &str) -> Option<String> {
    let plain = text.chars().all(|c| c.is_ascii() && !c.is_control());
    plain.then(|| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// The name of a folder (RFC 3501, 5.1.3): 日本語 is `&ZeVnLIqe-`.
pub(super) fn folder(name: &str) -> String {
    let mut out = String::new();
    let mut foreign = String::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            close(&mut foreign, &mut out);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            foreign.push(c);
        }
    }
    close(&mut foreign, &mut out);
    out
}

fn close(foreign: &mut String, out: &mut String) {
    if !foreign.is_empty() {
        let bytes: Vec<u8> = foreign.encode_utf16().flat_map(u16::to_be_bytes).collect();
        out.push('&');
        out.push_str(&STANDARD_NO_PAD.encode(bytes).replace('/', ","));
        out.push('-');
        foreign.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_in_every_language() {
        for (name, told) in [
            ("INBOX", "INBOX"),
            ("Bounces & co", "Bounces &- co"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("☺!", "&Jjo-!"),
            ("𠮷", "&2ELftw-"),
            ("a\r\nb", "a&AA0ACg-b"),
        ] {
            assert_eq!(folder(name), told);
        }
    }

    #[test]
    fn quotes_cannot_be_left() {
        assert_eq!(quoted("a\"b\\c").as_deref(), Some("\"a\\\"b\\\\c\""));
        assert_eq!(quoted("x\r\na1 LOGOUT"), None);
        assert_eq!(quoted("パスワード"), None);
    }
}
