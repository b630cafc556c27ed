//! ARCHITECTURE.md says what the manifests and the sources do, and its absences are absent.

use crate::house::{Source, members, none, read, sources, table};
use std::collections::{BTreeMap, BTreeSet};

/// Crates that answer the same for the same arguments, wherever and whenever they are asked.
const PURE: [&str; 7] = ["model", "stats", "judgement", "clearance", "plan", "response", "measurement"];

/// Stages turn nouns of `model` into nouns of `model` and never see each other.
const STAGES: [&str; 8] =
    ["intake", "history", "judgement", "clearance", "plan", "outreach", "response", "measurement"];

/// Who alone may need a library; testkit is nobody's dependency and is not asked.
const KEEPERS: [(&str, &str); 11] = [
    ("rusqlite", "store"),
    ("postgres", "store"),
    ("sqlx", "store"),
    ("arrow", "history"),
    ("parquet", "history"),
    ("axum", "web"),
    ("askama", "web"),
    ("clap", "mezame"),
    ("indicatif", "mezame"),
    ("comfy-table", "mezame"),
    ("calamine", "intake"),
];

fn crate_table() -> BTreeMap<String, BTreeSet<String>> {
    let words = |cell: &str| cell.split(',').map(|w| w.trim().to_owned()).filter(|w| w != "-").collect();
    let rows = table(&read("ARCHITECTURE.md"), "## Crates");
    rows.iter().map(|row| (row[0].clone(), words(&row[2]))).collect()
}

#[test]
fn the_crate_table_is_what_the_manifests_say() {
    let members = members();
    let names: BTreeSet<String> = members.iter().map(|m| m.name.clone()).collect();
    let actual: BTreeMap<String, BTreeSet<String>> = members
        .iter()
        .map(|m| (m.name.clone(), m.needs.iter().filter(|n| names.contains(*n)).cloned().collect()))
        .collect();
    assert_eq!(crate_table(), actual, "ARCHITECTURE.md, then the manifests");
    let listed: Vec<String> =
        table(&read("ARCHITECTURE.md"), "## Crates").into_iter().map(|r| r[0].clone()).collect();
    let order: Vec<String> = members.into_iter().map(|m| m.name).collect();
    assert_eq!(listed, order, "the table stands in the order of the workspace's members");
}

#[test]
fn no_arrow_points_backwards() {
    let members = members();
    let order: Vec<&str> = members.iter().map(|m| m.name.as_str()).collect();
    let mut floors: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = vec![];
    for (place, member) in members.iter().enumerate() {
        let ours = member.needs.iter().filter_map(|n| Some((n, order.iter().position(|o| o == n)?)));
        let mut floor = 1;
        for (need, at) in ours {
            floor = floor.max(floors.get(need.as_str()).unwrap_or(&0) + 1);
            let stages = STAGES.contains(&member.name.as_str()) && STAGES.contains(&need.as_str());
            let exception = member.name == "outreach" && need == "clearance";
            if at >= place || need == "testkit" || (stages && !exception) {
                found.push(format!("{} -> {need}", member.name));
            }
        }
        floors.insert(&member.name, floor);
    }
    none("dependencies on a later member, on another stage or on testkit", &found);
    // Six: outreach stands on clearance, so that nothing leaves without its word (docs/decisions/0005).
    assert!(floors.values().max() <= Some(&6), "at most six floors: {floors:?}");
}

#[test]
fn libraries_stay_with_their_keepers() {
    let mut found = vec![];
    for member in members().iter().filter(|m| m.name != "testkit") {
        for need in &member.needs {
            let stray = KEEPERS.iter().find(|(library, keeper)| need == library && member.name != *keeper);
            found.extend(stray.map(|(library, keeper)| format!("{} uses {keeper}'s {library}", member.name)));
            // A keyed hash answers the same for the same key and text.
            let plain =
                ["model", "stats", "serde", "thiserror", "libm", "hmac", "sha2"].contains(&need.as_str());
            if PURE.contains(&member.name.as_str()) && !plain {
                found.push(format!("{} is pure and uses {need}", member.name));
            }
        }
    }
    none("libraries outside the crate that keeps them", &found);
}

/// Lines that ship, in crates chosen by `asked`, that contain one of these.
fn lines_with(asked: impl Fn(&Source) -> bool, words: &[&str]) -> Vec<String> {
    let mut found = vec![];
    for source in sources().iter().filter(|s| s.ships() && asked(s)) {
        let bad = source.shipped().filter(|(_, line)| words.iter().any(|w| line.contains(w)));
        found.extend(bad.map(|(n, line)| format!("{}:{n}: {}", source.path, line.trim())));
    }
    found
}

#[test]
fn what_only_some_may_touch_is_touched_by_them_only() {
    let around = [
        "std::fs",
        "std::net",
        "std::env",
        "std::io",
        "std::thread",
        "std::process",
        "SystemTime",
        "Instant::now",
        "::now()",
        "rand::",
        "async fn",
        "static mut",
        "thread_local!",
        "Mutex<",
        "println!",
    ];
    none("side effects in pure crates", &lines_with(|s| PURE.contains(&s.krate()), &around));

    let binary = ["mezame", "testkit"];
    let web = ["web", "testkit"];
    let lines = ["web", "outreach", "madeup", "mezame", "testkit"];
    let clocks = ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "TimeZone::system"];
    let surroundings = ["env::var", "env::args", "env::current_dir", "env::temp_dir"];
    let http = ["axum::", "reqwest", "hyper::", "ureq"];
    for (what, keepers, words) in
        [("clocks", binary, &clocks[..]), ("readers of the environment", binary, &surroundings)]
    {
        let found = lines_with(|s| !keepers.contains(&s.krate()), words);
        none(&format!("{what} outside {}", keepers[0]), &found);
    }
    none("speakers of HTTP outside web", &lines_with(|s| !web.contains(&s.krate()), &http));
    // SMTP is spoken by outreach, and answered by the made-up sink.
    none("lines to the world", &lines_with(|s| !lines.contains(&s.krate()), &["TcpStream", "TcpListener"]));
}

#[test]
fn sql_is_spoken_in_store_only() {
    let found: Vec<String> = sources()
        .iter()
        .filter(|s| s.ships() && !["store", "testkit"].contains(&s.krate()))
        .flat_map(|s| {
            let bad = s.shipped().filter(|(_, line)| speaks_sql(line));
            bad.map(|(n, line)| format!("{}:{n}: {}", s.path, line.trim())).collect::<Vec<_>>()
        })
        .collect();
    none("SQL outside store", &found);
    assert!(
        speaks_sql("SELECT id FROM t") && speaks_sql("insert into t values") && !speaks_sql("select from")
    );
}

/// Statements in capitals, and those whose small letters cannot be prose.
fn speaks_sql(line: &str) -> bool {
    let ordered = |a: &str, b: &str| line.split_once(a).is_some_and(|(_, rest)| rest.contains(b));
    let statement =
        ["INSERT INTO ", "DELETE FROM ", "CREATE TABLE ", "CREATE INDEX ", "ALTER TABLE ", "PRAGMA "];
    statement.iter().any(|s| line.contains(s) || line.contains(&s.to_lowercase()))
        || ordered("SELECT ", " FROM ")
        || ordered("UPDATE ", " SET ")
}

#[test]
fn public_traits_are_the_three() {
    let mut found = vec![];
    for source in sources().iter().filter(|s| s.ships()) {
        for (n, line) in source.shipped() {
            let name = line.trim().strip_prefix("pub trait ").unwrap_or("");
            let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
            if !["", "Source", "Channel", "Job"].contains(&name) {
                found.push(format!("{}:{n}: trait {name}", source.path));
            }
        }
    }
    none("public traits beside Source, Channel and Job", &found);
}

#[test]
fn paths_in_the_docs_lead_somewhere() {
    let mut missing = vec![];
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md", "GLOSSARY.md"] {
        let text = read(page);
        let paths = text.split('`').skip(1).step_by(2).filter(|q| q.contains('/') && !q.contains(' '));
        let paths = paths.filter(|q| [".rs", ".md", "/"].iter().any(|end| q.ends_with(end)));
        let real = paths.filter(|q| !q.contains("NAME") && !q.contains("NNNN")); // the recipes' blanks
        let lost = real.filter(|q| !crate::house::root().join(q).exists());
        missing.extend(lost.map(|q| format!("{page}: {q}")));
    }
    none("paths in the docs that lead nowhere", &missing);
}
