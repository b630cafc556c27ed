//! An installation of its own for one story: a folder, a database, a set day.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::rc::Rc;
use tempfile::TempDir;

/// The day every story happens on unless it says otherwise.
pub const TODAY: &str = "2026-11-22";

pub struct World {
    pub dir: Rc<TempDir>,
    pub db: Option<String>,
    /// Empty: the clock as it is.
    pub today: String,
}

/// Runs one story on both databases.
pub fn on_both(story: impl Fn(&World)) {
    story(&World::sqlite());
    story(&World::postgres());
}

impl World {
    pub fn sqlite() -> World {
        World { dir: Rc::new(tempfile::tempdir().unwrap()), db: None, today: TODAY.to_owned() }
    }

    pub fn postgres() -> World {
        let db = Some(testkit::postgres::fresh_database().unwrap());
        let world = World { db, ..World::sqlite() };
        world.ok(&["migrate"]);
        world
    }

    /// The same installation on another day.
    pub fn on(&self, today: &str) -> World {
        World { dir: self.dir.clone(), db: self.db.clone(), today: today.to_owned() }
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mezame"));
        command.env_clear().current_dir(self.dir.path()).stdin(Stdio::null());
        command.arg("--data").arg(self.data());
        if !self.today.is_empty() {
            command.args(["--today", &self.today]);
        }
        if let Some(db) = &self.db {
            command.args(["--db", db]);
        }
        command.args(args);
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Standard output of a call that must succeed.
    pub fn ok(&self, args: &[&str]) -> String {
        let out = self.run(args);
        let error = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "mezame {args:?}: {:?}\n{error}", out.status);
        String::from_utf8(out.stdout).unwrap()
    }

    pub fn json(&self, args: &[&str]) -> Value {
        let mut with = args.to_vec();
        with.push("--json");
        serde_json::from_str(&self.ok(&with)).unwrap()
    }

    /// Standard output and error of a call that must fail with this code.
    pub fn fails(&self, code: i32, args: &[&str]) -> String {
        let out = self.run(args);
        let said =
            format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert_eq!(out.status.code(), Some(code), "mezame {args:?}\n{said}");
        said
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.dir.path().join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).unwrap();
        }
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// Imports and returns the reports, which must all have been accepted.
    pub fn import(&self, args: &[&str]) -> Vec<Value> {
        let mut with = vec!["import"];
        with.extend(args);
        self.json(&with).as_array().unwrap().clone()
    }

    /// All customers as the JSON list has them.
    pub fn customers(&self, condition: &str) -> Vec<Value> {
        let text = self.ok(&["customers", "--where", condition, "--format", "json"]);
        serde_json::from_str::<Value>(&text).unwrap().as_array().unwrap().clone()
    }
}

/// A file of the intake crate's golden set.
pub fn golden(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../intake/tests/golden").join(name).display().to_string()
}

/// The workspace's real data folder, where it stands beside the checkout.
pub fn real_data(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    path.exists().then_some(path)
}
