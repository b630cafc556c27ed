//! The browser helper against a page served on loopback: it sees, types, clicks and finds faults.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use testkit::browser::{Browser, Screen};

const PAGE: &str = r#"<!doctype html><html lang="ja"><head><title>休眠</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{color:#222;background:#fff} @media (prefers-color-scheme:dark){body{color:#eee;background:#111}}</style>
</head><body><main><h1>休眠 16,289人</h1>
<form action="/found"><label>名前 <input name="q" value="old"></label>
<label>ファイル <input type="file" id="f"></label><button>探す</button></form>
<p id="late"></p></main>
<script>document.querySelector('#late').textContent = 'script ran'</script></body></html>"#;

const FAULTY: &str = "<!doctype html><html><head><title>x</title></head><body><main><h1>x</h1>\
<input><p style='color:#bbb;background:#fff'>pale</p></main></body></html>";

/// Answers every request with one page until the test's process ends; gives the address.
fn serve(page: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = BufReader::new(&stream).lines().map_while(Result::ok).find(String::is_empty);
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n{page}",
                page.len()
            );
        }
    });
    format!("http://{address}/")
}

#[test]
fn a_page_is_opened_used_and_looked_at() -> anyhow::Result<()> {
    let browser = Browser::start()?;
    let url = serve(PAGE);
    browser.open(&url)?;
    assert_eq!(browser.text("h1")?, "休眠 16,289人");
    assert_eq!(browser.text("#late")?, "script ran");
    assert_eq!((browser.count("input")?, browser.count("table")?), (2, 0));
    assert_eq!(browser.serious_findings()?, Vec::<String>::new());

    let folder = tempfile::tempdir()?;
    for (screen, size) in [(Screen::Desktop, (1280, 900)), (Screen::Phone, (390, 844))] {
        browser.screen(screen)?;
        browser.screenshot(&folder.path().join("page.png"))?;
        assert_eq!(png_size(&std::fs::read(folder.path().join("page.png"))?), size, "{screen:?}");
    }

    let file = folder.path().join("受注.csv");
    std::fs::write(&file, "a,b\n")?;
    browser.fill("#f", &file.display().to_string())?;
    let chosen = browser.script("return document.querySelector('#f').files[0].name", &[])?;
    assert_eq!(chosen, "受注.csv");
    browser.fill("input[name=q]", "new")?;
    browser.keys("\u{e007}")?; // Enter, with the focus where it was typed
    browser.wait_for_text("休眠 16,289人")?;
    assert_eq!(browser.url()?, format!("{url}found?q=new"));
    Ok(())
}

#[test]
fn dark_scriptless_and_faulty_pages_are_told_apart() -> anyhow::Result<()> {
    let browser = Browser::start()?;
    let url = serve(PAGE);
    let colour = "return getComputedStyle(document.body).backgroundColor";
    browser.dark(true)?;
    browser.open(&url)?;
    assert_eq!(browser.script(colour, &[])?, "rgb(17, 17, 17)");
    browser.page_scripts(false)?;
    browser.open(&url)?;
    assert_eq!(browser.text("#late")?, "");
    browser.page_scripts(true)?;

    browser.open(&serve(FAULTY))?;
    let findings = browser.serious_findings()?.join("\n");
    for rule in ["html-has-lang (serious)", "label (critical)", "color-contrast (serious)"] {
        assert!(findings.contains(rule), "{rule} is missing in:\n{findings}");
    }
    Ok(())
}

/// Width and height from a PNG's header.
fn png_size(png: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}
