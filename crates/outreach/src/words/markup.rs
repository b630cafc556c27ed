//! The body's own light markup, read once into blocks.

use super::marks::Marks;

/// One block of a letter.
#[derive(Debug, PartialEq)]
pub(super) enum Block {
    Heading(Vec<Span>),
    /// Lines of one paragraph.
    Paragraph(Vec<Vec<Span>>),
    Items(Vec<Vec<Span>>),
    /// A link alone on its line.
    Button {
        words: String,
        url: String,
    },
    /// A line of `{% %}` alone.
    Statement(String),
}

/// Words of one kind within a line.
#[derive(Debug, PartialEq)]
pub(super) struct Span {
    pub words: String,
    pub bold: bool,
    pub url: Option<String>,
}

/// Reads the body; there is no text that cannot be read.
pub(super) fn blocks(body: &str, marks: &Marks) -> Vec<Block> {
    let mut found = vec![];
    for line in body.lines().map(str::trim_end) {
        match line_kind(line, marks) {
            Some(block) => push(&mut found, block),
            None if line.trim().is_empty() => found.push(None),
            None => push(&mut found, Block::Paragraph(vec![spans(line)])),
        }
    }
    found.into_iter().flatten().collect()
}

/// Adds a block; lines of one paragraph and items of one list grow together. `None` is a blank line.
fn push(found: &mut Vec<Option<Block>>, block: Block) {
    match (found.last_mut(), block) {
        (Some(Some(Block::Paragraph(lines))), Block::Paragraph(more)) => lines.extend(more),
        (Some(Some(Block::Items(items))), Block::Items(more)) => items.extend(more),
        (_, block) => found.push(Some(block)),
    }
}

fn line_kind(line: &str, marks: &Marks) -> Option<Block> {
    if marks.only_statements(line) {
        return Some(Block::Statement(line.trim().to_owned()));
    }
    if let Some(words) = line.strip_prefix("## ") {
        return Some(Block::Heading(spans(words)));
    }
    if let Some(words) = line.strip_prefix("- ") {
        return Some(Block::Items(vec![spans(words)]));
    }
    let (words, url, rest) = link(line.trim())?;
    rest.is_empty().then(|| Block::Button { words: words.to_owned(), url: url.to_owned() })
}

/// `[words](url)` at the beginning of `text`: words, url, and what follows.
pub(super) fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (url, rest) = rest.split_once(')')?;
    let plain = !words.is_empty() && !words.contains(['[', ']']) && !url.is_empty();
    plain.then_some((words, url.trim(), rest))
}

/// Bold words, links and the plain words between them.
pub(super) fn spans(line: &str) -> Vec<Span> {
    let mut found: Vec<Span> = vec![];
    let mut bold = false;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if let Some((words, url, after)) = link(rest) {
            found.push(Span { words: words.to_owned(), bold, url: Some(url.to_owned()) });
            rest = after;
        } else if let Some(after) = rest.strip_prefix("**").filter(|after| bold || after.contains("**")) {
            bold = !bold;
            rest = after;
        } else {
            match found.last_mut() {
                Some(span) if span.url.is_none() && span.bold == bold => span.words.push(c),
                _ => found.push(Span { words: c.into(), bold, url: None }),
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str) -> String {
        let mut marks = Marks::default();
        let body = marks.take("body", body).expect("words");
        let line = |spans: &[Span]| {
            let one = |s: &Span| match (&s.url, s.bold) {
                (Some(url), _) => format!("<{}|{url}>", s.words),
                (None, true) => format!("*{}*", s.words),
                (None, false) => s.words.clone(),
            };
            spans.iter().map(one).collect::<String>()
        };
        let block = |block: &Block| match block {
            Block::Heading(spans) => format!("H {}", line(spans)),
            Block::Paragraph(lines) => {
                format!("P {}", lines.iter().map(|l| line(l)).collect::<Vec<_>>().join("/"))
            }
            Block::Items(items) => {
                format!("I {}", items.iter().map(|l| line(l)).collect::<Vec<_>>().join("/"))
            }
            Block::Button { words, url } => format!("B {words}|{url}"),
            Block::Statement(words) => format!("S {}", marks.put_back(words, str::to_owned)),
        };
        blocks(&body, &marks).iter().map(block).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn bodies_as_blocks() {
        for (body, expected) in [
            ("一行目\n二行目\n\n次の段落", "P 一行目/二行目\nP 次の段落"),
            ("## 見出し\n本文", "H 見出し\nP 本文"),
            ("- 一つ\n- 二つ\n\n- 別", "I 一つ/二つ\nI 別"),
            ("[見る](https://shop.example.jp/)", "B 見る|https://shop.example.jp/"),
            ("こちら[見る](https://a.example.jp/)へ", "P こちら<見る|https://a.example.jp/>へ"),
            ("**大切**なこと ** 片方", "P *大切*なこと ** 片方"),
            ("{% if coupon %}\nあります\n{% endif %}", "S {% if coupon %}\nP あります\nS {% endif %}"),
            ("[閉じない](https://a.example.jp/", "P [閉じない](https://a.example.jp/"),
            ("[](x) [ [二重](y)", "P [](x) [ <二重|y>"),
            ("\r\n\r\n改行\r\n", "P 改行"),
            ("", ""),
        ] {
            assert_eq!(said(body), expected, "{body}");
        }
    }
}
