//! The shop's own frame around a letter, and the foot that every letter has, as MJML and as text.

use super::WordsError;
use super::links::Targets;
use super::marks::Marks;
use super::markup::{Block, Span};

const BODY: &str = "@BODY@";

/// One column, 600 px, one accent; `light dark` and the style let dark screens stay dark.
const FRAME: &str = r##"<mjml lang="ja"><mj-head><mj-title>@SHOP@</mj-title>
<mj-attributes>
<mj-all font-family="'Hiragino Sans','Yu Gothic',Meiryo,sans-serif" />
<mj-text font-size="16px" line-height="1.8" color="#1f2933" padding="8px 24px" />
<mj-button background-color="#0b6e69" color="#ffffff" font-size="16px" font-weight="bold" border-radius="6px" inner-padding="14px 28px" padding="16px 24px" />
</mj-attributes>
<mj-style>
ul { margin: 0; padding-left: 1.4em; } a { color: #0b6e69; }
@media (prefers-color-scheme: dark) {
body, .page { background-color: #16191d !important; }
.sheet, .sheet > table { background: #20252b !important; background-color: #20252b !important; }
.sheet div, .shop div, .foot div { color: #e4e7eb !important; }
.sheet .words a, .foot a { color: #6fd3cd !important; }
}
</mj-style>
<mj-raw><meta name="color-scheme" content="light dark" /><meta name="supported-color-schemes" content="light dark" /></mj-raw>
</mj-head>
<mj-body width="600px" background-color="#f4f5f7" css-class="page">
<mj-section padding="24px 0 8px"><mj-column><mj-text css-class="shop" font-weight="bold" color="#0b6e69">@SHOP@</mj-text></mj-column></mj-section>
<mj-section css-class="sheet" background-color="#ffffff" border-top="4px solid #0b6e69" padding="20px 0"><mj-column>
@BODY@
</mj-column></mj-section>
</mj-body></mjml>"##;

/// Why they get it, how to end it right beside (L-07), who sends it (L-06, L-08).
const FOOT: &str = r##"<mj-section css-class="foot" padding="16px 0 32px"><mj-column>
<mj-text font-size="13px" line-height="1.7" color="#52606d">@WHY@<br />@STOP@<a href="@UNSUBSCRIBE@">配信停止のお手続き</a>@PREFERENCES@<br /><br />
@SENDER@<br />@ADDRESS@<br />お問い合わせ：@CONTACT@</mj-text></mj-column></mj-section>
<mj-raw>@HIDDEN@</mj-raw>"##;

const FOOT_TEXT: &str = "\n--------------------------------\n@WHY@\n@STOP@配信停止のお手続き\n@UNSUBSCRIBE@\n\
                         @PREFERENCES@\n@SENDER@\n@ADDRESS@\nお問い合わせ：@CONTACT@\n";

const WHY: &str = "このメールは、@SHOP@からのご案内の受け取りに同意いただいた方、またはお取引のあるお客様にお送りしています。";
const STOP: &str = "ご案内が不要な場合は、こちらからいつでも停止できます：";

/// What stands in for the names with `@`; each becomes a placeholder that is filled per letter.
const SLOTS: [(&str, &str); 5] = [
    ("@SHOP@", "{{ shop }}"),
    ("@SENDER@", "{{ sender }}"),
    ("@ADDRESS@", "{{ address }}"),
    ("@CONTACT@", "{{ contact }}"),
    ("@UNSUBSCRIBE@", "{{ unsubscribe }}"),
];

const PREFERENCES: &str =
    r#"{% if preferences %}<br /><a href="{{ preferences }}">配信内容の変更</a>{% endif %}"#;
const PREFERENCES_TEXT: &str = "{% if preferences %}配信内容の変更\n{{ preferences }}\n{% endif %}";

/// The link that no person sees, and the picture of one point.
const HIDDEN: &str = r#"{% if trap %}<div style="display:none" aria-hidden="true"><a href="{{ trap }}" tabindex="-1">&#8203;</a></div>{% endif %}{% if pixel %}<img src="{{ pixel }}" width="1" height="1" alt="" style="display:block" />{% endif %}"#;

/// The body in the shop's own frame, as MJML.
pub(super) fn own_frame(blocks: &[Block], marks: &mut Marks) -> String {
    let body: Vec<String> = blocks.iter().map(mjml).collect();
    fill(FRAME, marks, "").replace(BODY, &body.join("\n"))
}

/// The MJML with the preheader before everything else and the foot after it.
pub(super) fn with_foot(mjml: &str, preheader: &str, marks: &mut Marks) -> Result<String, WordsError> {
    let bad = || WordsError::Malformed {
        part: "MJML",
        why: "<mj-body>と</mj-body>が必要です / it needs <mj-body> and </mj-body>".to_owned(),
    };
    let open = mjml.find("<mj-body").ok_or_else(bad)?;
    let start = open + mjml[open..].find('>').ok_or_else(bad)? + 1;
    let end = mjml.rfind("</mj-body>").filter(|end| *end >= start).ok_or_else(bad)?;
    let lead = match preheader.is_empty() {
        true => String::new(),
        false => format!(
            r#"<mj-raw><div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;">{}</div></mj-raw>"#,
            escape(preheader)
        ),
    };
    let preferences = marks.take("foot", PREFERENCES)?;
    let hidden = marks.take("foot", HIDDEN)?;
    let foot = fill(&FOOT.replace("@HIDDEN@", &hidden), marks, &preferences);
    Ok([&mjml[..start], &lead, &mjml[start..end], &foot, &mjml[end..]].concat())
}

/// The text part, its links placed.
pub(super) fn text(
    blocks: &[Block],
    targets: &mut Targets<'_>,
    marks: &mut Marks,
) -> Result<String, WordsError> {
    let mut parts = vec![];
    for block in blocks {
        parts.push(match block {
            Block::Heading(spans) => format!("■ {}\n", line_text(spans, targets, marks)?),
            Block::Paragraph(lines) => lines_text("", lines, targets, marks)?,
            Block::Items(items) => lines_text("・", items, targets, marks)?,
            Block::Button { words, url } => format!("▼ {words}\n{}\n", targets.place(url, marks)?),
            Block::Statement(words) => words.clone(),
        });
    }
    let preferences = marks.take("foot", PREFERENCES_TEXT)?;
    Ok(parts.join("\n") + &fill(FOOT_TEXT, marks, &preferences))
}

fn lines_text(
    lead: &str,
    lines: &[Vec<Span>],
    targets: &mut Targets<'_>,
    marks: &mut Marks,
) -> Result<String, WordsError> {
    let line = |spans: &Vec<Span>| Ok(format!("{lead}{}\n", line_text(spans, targets, marks)?));
    lines.iter().map(line).collect()
}

fn line_text(spans: &[Span], targets: &mut Targets<'_>, marks: &mut Marks) -> Result<String, WordsError> {
    let mut out = String::new();
    for span in spans {
        out.push_str(&span.words);
        if let Some(url) = &span.url {
            out.push_str(&format!(" <{}> ", targets.place(url, marks)?));
        }
    }
    Ok(out)
}

fn mjml(block: &Block) -> String {
    match block {
        Block::Heading(spans) => format!(
            r#"<mj-text css-class="words" font-size="20px" line-height="1.5" font-weight="bold">{}</mj-text>"#,
            line_html(spans)
        ),
        Block::Paragraph(lines) => {
            let lines: Vec<String> = lines.iter().map(|l| line_html(l)).collect();
            format!(r#"<mj-text css-class="words">{}</mj-text>"#, lines.join("<br />"))
        }
        Block::Items(items) => {
            let items: String = items.iter().map(|l| format!("<li>{}</li>", line_html(l))).collect();
            format!(r#"<mj-text css-class="words"><ul>{items}</ul></mj-text>"#)
        }
        Block::Button { words, url } => {
            format!(r#"<mj-button href="{}">{}</mj-button>"#, escape(url), escape(words))
        }
        Block::Statement(words) => format!("<mj-raw>{words}</mj-raw>"),
    }
}

fn line_html(spans: &[Span]) -> String {
    let span = |span: &Span| {
        let words = match span.bold {
            true => format!("<strong>{}</strong>", escape(&span.words)),
            false => escape(&span.words),
        };
        match &span.url {
            Some(url) => format!(r#"<a href="{}">{words}</a>"#, escape(url)),
            None => words,
        }
    };
    spans.iter().map(span).collect()
}

fn fill(text: &str, marks: &mut Marks, preferences: &str) -> String {
    let mut out = text.replace("@WHY@", WHY).replace("@STOP@", STOP).replace("@PREFERENCES@", preferences);
    for (slot, tag) in SLOTS {
        if out.contains(slot) {
            out = out.replace(slot, &marks.mark(tag.to_owned()));
        }
    }
    out
}

/// Text as HTML shows it.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
