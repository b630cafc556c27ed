//! MJML to HTML, once per press: what may not be in it, and the links found in what came out.

use super::WordsError;
use super::links::Targets;
use super::marks::Marks;
use mrml::prelude::parser::ParserOptions;
use mrml::prelude::render::RenderOptions;

/// What would load something from elsewhere, or run it. Pictures over https are a letter's own affair.
const REFUSED: [&str; 12] = [
    "<mj-include",
    "<mj-font",
    "<mj-social",
    "<script",
    "<link",
    "<iframe",
    "<object",
    "<embed",
    "<form",
    "<base",
    "@import",
    "url(",
];

/// Own MJML with its placeholders marked, or what may not be in it.
pub(super) fn own(mjml: &str, marks: &mut Marks) -> Result<String, WordsError> {
    let marked = marks.take("MJML", mjml)?;
    let small = marked.to_lowercase();
    match REFUSED.iter().find(|word| small.contains(**word)) {
        Some(word) => Err(malformed(format!("「{word}」は使えません / may not be used"))),
        None => Ok(marked),
    }
}

/// The HTML of MJML, with a placeholder for every link.
pub(super) fn html(mjml: &str, targets: &mut Targets<'_>, marks: &mut Marks) -> Result<String, WordsError> {
    let parsed = mrml::parse_with_options(mjml, &ParserOptions::default());
    let parsed = parsed.map_err(|e| malformed(e.to_string()))?.element;
    // Without fonts from elsewhere and without icons from elsewhere.
    let options = RenderOptions { fonts: Default::default(), ..RenderOptions::default() };
    let html = parsed.render(&options).map_err(|e| malformed(e.to_string()))?;
    let html = each_value(&html, "src=\"", |url| {
        let safe = url.starts_with("https://") || marks.within(url).eq(["{{ pixel }}"]);
        if safe { Ok(url.to_owned()) } else { Err(WordsError::Link { target: url.to_owned() }) }
    })?;
    each_value(&html, "href=\"", |url| targets.place(&unescape(url), marks))
}

/// The text with the value of each attribute changed.
fn each_value(
    html: &str,
    attribute: &str,
    mut change: impl FnMut(&str) -> Result<String, WordsError>,
) -> Result<String, WordsError> {
    let mut pieces = html.split(attribute);
    let mut out = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        let (value, rest) = piece.split_once('"').unwrap_or((piece, ""));
        out.push_str(attribute);
        out.push_str(&change(value)?);
        out.push('"');
        out.push_str(rest);
    }
    Ok(out)
}

fn unescape(url: &str) -> String {
    url.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn malformed(why: String) -> WordsError {
    WordsError::Malformed { part: "MJML", why }
}
