//! The workspace as the tests of its habits read it: crates, sources, tables in Markdown.

use std::path::{Path, PathBuf};

/// One Rust file of the workspace.
pub struct Source {
    /// From the root, with slashes: "crates/model/src/day.rs".
    pub path: String,
    pub text: String,
}

impl Source {
    /// The crate it belongs to.
    pub fn krate(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or("")
    }

    /// Whether it ships: under `src`, and not a file of tests.
    pub fn ships(&self) -> bool {
        self.path.split('/').nth(2) == Some("src") && !self.path.ends_with("tests.rs")
    }

    /// What ships of it, line by line with its number: without comments and without the tests at its end.
    pub fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self.text.find("#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        let lines = self.text[..end].lines().enumerate().map(|(i, line)| (i + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//") && !line.trim_start().starts_with("--"))
    }
}

/// One member of the workspace.
pub struct Member {
    pub name: String,
    /// Normal dependencies, ours and others'.
    pub needs: Vec<String>,
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A text file by its path from the root.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The members in the order in which the root lists them.
pub fn members() -> Vec<Member> {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("Cargo.toml is TOML");
    let paths = manifest["workspace"]["members"].as_array().expect("members");
    paths.iter().map(|path| member(path.as_str().expect("a path"))).collect()
}

fn member(path: &str) -> Member {
    let manifest: toml::Table = read(&format!("{path}/Cargo.toml")).parse().expect("TOML");
    let needs = manifest.get("dependencies").and_then(|d| d.as_table());
    Member {
        name: manifest["package"]["name"].as_str().expect("a name").to_owned(),
        needs: needs.map(|d| d.keys().cloned().collect()).unwrap_or_default(),
    }
}

/// Every Rust file of every crate, tests too, in a steady order.
pub fn sources() -> Vec<Source> {
    texts("crates", ".rs")
}

/// Every file below a folder whose name ends so; at least one.
pub fn texts(folder: &str, end: &str) -> Vec<Source> {
    let mut found = vec![];
    collect(&root().join(folder), folder, end, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no {end} below {folder}");
    found
}

fn collect(folder: &Path, name: &str, end: &str, found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() && !path.ends_with("/target") {
            collect(&entry.path(), &path, end, found);
        } else if path.ends_with(end) {
            let text = std::fs::read_to_string(entry.path()).expect("a source file is UTF-8");
            found.push(Source { path, text });
        }
    }
}

/// The rows of the Markdown table under a heading, cells trimmed and without backticks.
pub fn table(markdown: &str, heading: &str) -> Vec<Vec<String>> {
    let (_, below) = markdown.split_once(&format!("{heading}\n")).unwrap_or_else(|| panic!("no '{heading}'"));
    let rows = below.lines().skip_while(|l| !l.starts_with('|')).take_while(|l| l.starts_with('|'));
    let rows: Vec<Vec<String>> = rows.skip(2).map(cells).collect();
    assert!(!rows.is_empty(), "an empty table under '{heading}'");
    rows
}

fn cells(row: &str) -> Vec<String> {
    let inner = row.trim().trim_matches('|');
    inner.split('|').map(|cell| cell.trim().replace('`', "")).collect()
}

/// Fails with everything that was found, not only the first.
pub fn none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}: {} found\n  {}", found.len(), found.join("\n  "));
}
