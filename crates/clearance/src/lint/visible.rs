//! What people will read of a template or of HTML: placeholders, markup and addresses of links taken out.

use super::fold::FIELD;

/// The visible words of a template's text. A line break stands only between paragraphs, items and headings, where
/// a sentence cannot go on. What a field falls back to is read as well, on a line of its own.
pub(super) fn of_words(text: &str) -> String {
    let (text, fallbacks) = without_fields(text);
    let mut said = String::new();
    for line in text.lines().map(str::trim) {
        let (heading, item) = (line.strip_prefix("## "), line.strip_prefix("- "));
        if (line.is_empty() || heading.is_some() || item.is_some()) && !said.ends_with('\n') {
            said.push('\n');
        }
        said.push_str(&without_links(heading.or(item).unwrap_or(line)));
        if heading.is_some() {
            said.push('\n');
        }
    }
    for fallback in fallbacks {
        said.push('\n');
        said.push_str(&fallback);
    }
    said.trim().to_owned()
}

/// The text with one mark in place of each `{{ field }}`, and what the fields fall back to.
fn without_fields(text: &str) -> (String, Vec<String>) {
    let (mut said, mut fallbacks) = (String::new(), vec![]);
    let mut rest = text;
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).chain(rest.find("{#")).min() {
        said.push_str(&rest[..at]);
        let (end, field) = match &rest[at..at + 2] {
            "{{" => ("}}", true),
            "{%" => ("%}", false),
            _ => ("#}", false),
        };
        let inner = &rest[at + 2..];
        let length = inner.find(end).unwrap_or(inner.len());
        if field {
            said.push(FIELD);
            fallbacks.extend(quoted(&inner[..length]));
        }
        rest = inner.get(length + 2..).unwrap_or("");
    }
    said.push_str(rest);
    (said, fallbacks)
}

/// The texts between quotation marks of an expression.
fn quoted(expression: &str) -> Vec<String> {
    let mut found = vec![];
    let mut rest = expression;
    while let Some(at) = rest.find(['"', '\'']) {
        let mark = if rest[at..].starts_with('"') { '"' } else { '\'' };
        let inner = &rest[at + 1..];
        let Some(end) = inner.find(mark) else { break };
        found.push(inner[..end].to_owned());
        rest = &inner[end + 1..];
    }
    found.retain(|f| !f.is_empty());
    found
}

/// `[words](https://...)` as its words.
fn without_links(line: &str) -> String {
    let mut said = String::new();
    let mut rest = line;
    while let Some(middle) = rest.find("](") {
        let Some(open) = rest[..middle].rfind('[') else { break };
        let Some(close) = rest[middle..].find(')') else { break };
        said.push_str(&rest[..open]);
        said.push_str(&rest[open + 1..middle]);
        rest = &rest[middle + close + 1..];
    }
    said.push_str(rest);
    said
}

/// The text of HTML or MJML as lines: tags are left out, but a link's address follows its words in brackets, and
/// elements that begin a line do so.
pub(super) fn of_html(html: &str) -> String {
    const LINES: [&str; 13] =
        ["p", "br", "div", "tr", "td", "li", "h1", "h2", "h3", "table", "hr", "mj-text", "mj-button"];
    let mut said = String::new();
    let mut link = None;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        said.push_str(&entities(&rest[..at]));
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = after(rest, "-->");
            continue;
        }
        let tag = &rest[1..rest.find('>').unwrap_or(rest.len())];
        rest = after(rest, ">");
        let name = tag.split([' ', '\t', '\n', '\r']).next().unwrap_or("").to_ascii_lowercase();
        let element = name.trim_matches('/');
        match name.as_str() {
            "style" | "script" | "head" | "mj-head" => rest = after(rest, &format!("</{name}>")),
            "a" | "mj-button" => link = attribute(tag, "href"),
            "/a" | "/mj-button" => said.extend(link.take().map(|address| format!(" ({address})"))),
            _ => {}
        }
        if LINES.contains(&element) {
            said.push('\n');
        }
    }
    said.push_str(&entities(rest));
    said
}

/// What follows the next `mark`; nothing where there is none.
fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.find(mark).map_or("", |at| &text[at + mark.len()..])
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = after(tag, &format!("{name}="));
    let mark = value.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    value[1..].split(mark).next().map(entities)
}

/// The characters that `&amp;`, `&#33509;` and their like stand for.
fn entities(text: &str) -> String {
    let mut said = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        said.push_str(&rest[..at]);
        let end = rest[at..].find(';').filter(|end| *end <= 10);
        match end.and_then(|end| Some((entity(&rest[at + 1..at + end])?, end))) {
            Some((c, end)) => {
                said.push(c);
                rest = &rest[at + end + 1..];
            }
            None => {
                said.push('&');
                rest = &rest[at + 1..];
            }
        }
    }
    said.push_str(rest);
    said
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some(' '),
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']).map(|hex| u32::from_str_radix(hex, 16));
            char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_markup_are_taken_out_and_fallbacks_read() {
        for (words, said) in [
            ("{{ addressee }}、こんにちは", "\u{FFFC}、こんにちは"),
            ("{{ last | or(\"商品\") }}です", "\u{FFFC}です\n商品"),
            ("{% if points %}あり{% endif %}{# 覚え #}", "あり"),
            ("若\n返り\n\n次の段落", "若返り\n次の段落"),
            ("## 見出し\n本文\n- 一\n- 二", "見出し\n本文\n一\n二"),
            ("[お店へ](https://example.jp/?a=定価)どうぞ", "お店へどうぞ"),
            ("{{ open", "\u{FFFC}"),
        ] {
            assert_eq!(of_words(words), said, "{words}");
        }
    }

    #[test]
    fn html_is_read_as_people_see_it() {
        for (html, said) in [
            ("<p>若<b>返</b>り</p>", "\n若返り\n"),
            ("<style>p{}</style>&#33509;&#x8FD4;&amp;&nbsp;x", "若返& x"),
            ("<a href=\"https://example.jp/?a=1&amp;b=2\">停止</a>", "停止 (https://example.jp/?a=1&b=2)"),
            ("a<!-- [if mso]><p>x</p> -->b & c", "ab & c"),
            ("open <", "open "),
        ] {
            assert_eq!(of_html(html), said, "{html}");
        }
    }
}
