//! A headless Chromium for tests: open a page, use it, look at it, ask axe-core about it.

use crate::webdriver::{Session, text_of};
use anyhow::{Context, Result, bail};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The two widths at which every page is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Screen {
    /// 1280 x 900 CSS pixels.
    Desktop,
    /// 390 x 844 CSS pixels, a touch screen.
    Phone,
}

/// A browser with a fresh profile; it and its driver end with this value.
///
/// Whatever names an element by CSS waits up to ten seconds for it, so a test never sleeps.
pub struct Browser {
    session: Session,
    // Dropped after the session: Chromium writes into it until it ends.
    _profile: TempDir,
}

impl Browser {
    /// Starts chromedriver and Chromium from the system, at desktop size, in Japanese.
    pub fn start() -> Result<Browser> {
        let profile = TempDir::new()?;
        let mut flags: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-proxy-server",
            "--hide-scrollbars",
            "--lang=ja",
        ]
        .map(str::to_owned)
        .to_vec();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        let browser = Browser { session: Session::start(&flags)?, _profile: profile };
        browser.screen(Screen::Desktop)?;
        Ok(browser)
    }

    /// Sets the size of the page itself, not of the window around it.
    pub fn screen(&self, screen: Screen) -> Result<()> {
        let (width, height, mobile) = match screen {
            Screen::Desktop => (1280, 900, false),
            Screen::Phone => (390, 844, true),
        };
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}),
        )
    }

    /// Dark or light, as the system would ask for it.
    pub fn dark(&self, dark: bool) -> Result<()> {
        let value = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": value}]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features}))
    }

    /// Lets the scripts of the next pages run, or not.
    pub fn page_scripts(&self, run: bool) -> Result<()> {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({"value": !run}))
    }

    /// Opens an address and waits until the page has loaded.
    pub fn open(&self, url: &str) -> Result<()> {
        self.session.post("url", &json!({"url": url})).map(drop)
    }

    /// The address the browser stands at.
    pub fn url(&self) -> Result<String> {
        text_of(&self.session.get("url")?)
    }

    /// The text of the first match, as a reader sees it.
    pub fn text(&self, css: &str) -> Result<String> {
        let id = self.element(css)?;
        text_of(&self.session.get(&format!("element/{id}/text"))?)
    }

    /// Waits until some element of the page shows this text (in one piece, no line break).
    pub fn wait_for_text(&self, text: &str) -> Result<()> {
        if text.contains('"') {
            bail!("wait_for_text takes no double quote");
        }
        let path = format!("//body//*[not(self::script)][contains(normalize-space(.), \"{text}\")]");
        self.session.element("xpath", &path).map(drop).with_context(|| format!("waiting for '{text}'"))
    }

    /// How many elements match right now.
    pub fn count(&self, css: &str) -> Result<u64> {
        let count = self.script("return document.querySelectorAll(arguments[0]).length", &[json!(css)])?;
        count.as_u64().context("a count")
    }

    /// Clicks the first match.
    pub fn click(&self, css: &str) -> Result<()> {
        let id = self.element(css)?;
        self.session.post(&format!("element/{id}/click"), &json!({})).map(drop)
    }

    /// Types into the first match after emptying it; for `input type=file`, `text` is the path.
    pub fn fill(&self, css: &str, text: &str) -> Result<()> {
        let id = self.element(css)?;
        let attribute = self.session.get(&format!("element/{id}/attribute/type"))?;
        if attribute != "file" {
            self.session.post(&format!("element/{id}/clear"), &json!({}))?;
        }
        self.keys_to(&id, text)
    }

    /// Types into whatever has the focus, for tests by keyboard; "\u{e004}" is Tab, "\u{e007}" Enter.
    pub fn keys(&self, text: &str) -> Result<()> {
        let id = self.session.get("element/active")?;
        let id = id.as_object().and_then(|o| o.values().next()).context("nothing has the focus")?;
        self.keys_to(&text_of(id)?, text)
    }

    /// Runs a script's body; `arguments[0]`.. are `args`, `return` gives the answer.
    pub fn script(&self, body: &str, args: &[Value]) -> Result<Value> {
        self.session.post("execute/sync", &json!({"script": body, "args": args}))
    }

    /// Saves what the window shows as PNG.
    pub fn screenshot(&self, path: &Path) -> Result<()> {
        let shot = self.devtools_answer(
            "Page.captureScreenshot",
            json!({"format": "png", "captureBeyondViewport": false}),
        )?;
        std::fs::write(path, BASE64_STANDARD.decode(text_of(&shot["data"])?)?)?;
        Ok(())
    }

    /// What axe-core finds on the open page that is serious or critical, one line each.
    pub fn serious_findings(&self) -> Result<Vec<String>> {
        let path = axe_path()?;
        let axe = std::fs::read_to_string(&path)
            .with_context(|| format!("{}: run ./test once, it fetches axe-core", path.display()))?;
        self.script(&axe, &[])?;
        let script = "const done = arguments[0];
            axe.run(document, {resultTypes: ['violations']}).then(
              r => done(r.violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
                .map(v => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`)),
              e => done('axe failed: ' + e))";
        let found = self.session.post("execute/async", &json!({"script": script, "args": []}))?;
        match found.as_array() {
            Some(lines) => lines.iter().map(text_of).collect(),
            None => bail!("{found}"),
        }
    }

    fn element(&self, css: &str) -> Result<String> {
        self.session.element("css selector", css).with_context(|| format!("looking for '{css}'"))
    }

    fn keys_to(&self, id: &str, text: &str) -> Result<()> {
        self.session.post(&format!("element/{id}/value"), &json!({"text": text})).map(drop)
    }

    fn devtools(&self, command: &str, parameters: Value) -> Result<()> {
        self.devtools_answer(command, parameters).map(drop)
    }

    fn devtools_answer(&self, command: &str, parameters: Value) -> Result<Value> {
        self.session.post("goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }
}

/// Where `./test` has put axe-core: `MEZAME_AXE`, else its place in the cache.
#[allow(clippy::disallowed_methods, reason = "testkit is where tests learn about their surroundings")]
fn axe_path() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("MEZAME_AXE") {
        return Ok(path.into());
    }
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    Ok(cache.context("neither MEZAME_AXE nor HOME is set")?.join("mezame-test/axe.min.js"))
}
