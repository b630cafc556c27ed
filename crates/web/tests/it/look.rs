//! The door and the login as a browser shows them: both widths, both languages, no script, nothing serious for axe.

use crate::door::Front;
use crate::login::Board;
use app::Preferences;
use model::Channel;
use response::Token;
use std::path::Path;
use testkit::browser::{Browser, Screen};
use tokio::net::TcpListener;

/// Looks at a page in both widths, languages and schemes; its pictures are for whoever wants to see them.
fn look(browser: &Browser, address: &str, name: &str, folder: &Path) -> anyhow::Result<()> {
    for (screen, dark, lang) in
        [(Screen::Phone, false, "ja"), (Screen::Phone, true, "en"), (Screen::Desktop, false, "ja")]
    {
        browser.screen(screen)?;
        browser.dark(dark)?;
        browser.open(&format!("{address}?lang={lang}"))?;
        assert_eq!(browser.serious_findings()?, Vec::<String>::new(), "{name} {screen:?} {lang}");
        let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        assert_eq!(browser.script(wide, &[])?, true, "{name} {screen:?}: nothing sticks out");
        browser.screenshot(&folder.join(format!("{name}-{screen:?}-{lang}.png")))?;
    }
    browser.screen(Screen::Phone)?;
    browser.dark(false)
}

#[test]
fn a_customer_leaves_and_comes_back_on_a_phone() -> anyhow::Result<()> {
    let door = Front::open();
    let folder = tempfile::tempdir()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let listener = door.runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let host = format!("http://{}", listener.local_addr()?);
    let config = door.config();
    let serving = door
        .runtime
        .spawn(web::serve_door(door.app.clone(), listener, config, async { drop(stopped.await) }));
    let (leave, choose) = (door.leave(1), door.keys.sign(Token::Preferences { touch: 1 }));
    let browser = Browser::start()?;
    let now = |channel| -> bool {
        let known: Preferences = door.app.preferences(&choose).unwrap().unwrap();
        known.stopped(channel)
    };
    browser.page_scripts(false)?;
    browser.screen(Screen::Phone)?;
    browser.open(&format!("{host}/u/{leave}?lang=ja"))?;
    assert!(!now(Channel::Mail), "looking is not leaving");
    browser.click("main form button")?;
    browser.wait_for_text("停止しました")?;
    assert!(now(Channel::Mail));
    browser.click("button.plain")?;
    browser.wait_for_text("受け取る設定にしました。")?;
    assert!(!now(Channel::Mail));
    browser.click("button[value=ads]")?;
    browser.wait_for_text("広告: 停止しました。")?;
    assert!(now(Channel::Ads) && !now(Channel::Mail));
    browser.page_scripts(true)?;
    look(&browser, &format!("{host}/u/{leave}"), "stop", folder.path())?;
    look(&browser, &format!("{host}/p/{choose}"), "choices", folder.path())?;
    look(&browser, &format!("{host}/c/nonsense"), "unknown", folder.path())?;
    browser.open("about:blank")?;
    stop.send(()).ok();
    door.runtime.block_on(serving)??;
    Ok(())
}

#[test]
fn an_operator_logs_in_with_a_browser() -> anyhow::Result<()> {
    let board = Board::network();
    let folder = tempfile::tempdir()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let listener = board.runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let host = format!("http://{}", listener.local_addr()?);
    let front = web::Front { network: true, ..web::Front::this_machine() };
    let app = board.app.clone();
    let serving = board.runtime.spawn(web::serve_as(app, listener, front, async { drop(stopped.await) }));
    let browser = Browser::start()?;
    browser.screen(Screen::Phone)?;
    browser.open(&format!("{host}/settings"))?;
    browser.fill("#name", "佐藤")?;
    browser.fill("#password", "a wrong password")?;
    browser.click("form button")?;
    browser.wait_for_text("お名前かパスワードが違います。")?;
    browser.screenshot(&folder.path().join("login-wrong.png"))?;
    assert_eq!(browser.serious_findings()?, Vec::<String>::new());
    browser.fill("#password", crate::login::PASSWORD)?;
    browser.click("form button")?;
    browser.wait_for_text("お店の名前")?;
    assert_eq!(browser.url()?, format!("{host}/settings"), "where one was going");
    look(&browser, &format!("{host}/login"), "inside", folder.path())?;
    browser.open(&format!("{host}/login?lang=ja"))?;
    browser.click("form button.plain")?;
    browser.wait_for_text("パスワード")?;
    look(&browser, &format!("{host}/login"), "login", folder.path())?;
    browser.open("about:blank")?;
    stop.send(()).ok();
    board.runtime.block_on(serving)??;
    Ok(())
}
