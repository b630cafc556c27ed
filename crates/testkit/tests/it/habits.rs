//! Size, first lines, and what is never written: the habits that no lint of the compiler knows.

use crate::house::{none, sources};

#[test]
fn every_file_says_what_it_is() {
    let mut found = vec![];
    for source in sources() {
        let mut lines = source.text.lines();
        let first = lines.next().unwrap_or("");
        if !first.starts_with("//! ") || first.len() < 14 {
            found.push(format!("{}: opens with '{first}'", source.path));
        }
        if source.path.ends_with("/src/lib.rs") {
            let heads = source.text.lines().zip(["//! In: ", "//! Out: ", "//! Never: "]);
            let missing = heads.filter(|(line, head)| !line.starts_with(head));
            found.extend(missing.map(|(_, head)| format!("{}: lacks '{head}'", source.path)));
        }
    }
    none("files that do not open with a line that says what they are", &found);
}

#[test]
fn files_stay_small() {
    let long = sources().into_iter().map(|s| (s.text.lines().count(), s.path)).filter(|(n, _)| *n > 600);
    let long: Vec<String> = long.map(|(n, path)| format!("{path}: {n} lines")).collect();
    none("files over 600 lines", &long);
}

/// The largest crate holds at most this share of the lines that ship.
const LARGEST_SHARE: f64 = 0.25;

#[test]
fn no_crate_is_the_house() {
    let mut sizes = std::collections::BTreeMap::<String, usize>::new();
    for source in sources().iter().filter(|s| s.ships()) {
        *sizes.entry(source.krate().to_owned()).or_default() += source.text.lines().count();
    }
    let all: usize = sizes.values().sum();
    let largest = sizes.iter().max_by_key(|(_, n)| **n).expect("crates");
    let share = *largest.1 as f64 / all as f64;
    assert!(share <= LARGEST_SHARE, "{} is {:.0} % of {all} lines: {sizes:?}", largest.0, share * 100.0);
}

#[test]
fn nothing_is_left_undone_or_hushed() {
    // Each is written in two pieces, so that this file is not its own finding.
    let anywhere = [
        concat!("#[ign", "ore"),
        concat!("to", "do!("),
        concat!("unimpl", "emented!("),
        concat!("allow(dead", "_code"),
        concat!("allow(unu", "sed"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
    ];
    let shipped = [concat!(".unw", "rap()"), concat!(".unw", "rap_err()")];
    let tests = [concat!("thread::sl", "eep"), concat!("time::sl", "eep")];
    let mut found = vec![];
    for source in sources() {
        let ships: std::collections::BTreeSet<usize> = match source.ships() {
            true => source.shipped().map(|(n, _)| n).collect(),
            false => [].into(),
        };
        for (n, line) in source.text.lines().enumerate().map(|(i, line)| (i + 1, line)) {
            let here = if ships.contains(&n) { &shipped[..] } else { &tests };
            if anywhere.iter().chain(here).any(|w| line.contains(w)) {
                found.push(format!("{}:{n}: {}", source.path, line.trim()));
            }
        }
    }
    none("things left undone, ignored, unwrapped, or slept over in a test", &found);
}

#[test]
fn a_ban_is_lifted_only_where_its_reason_allows() {
    let mut found = vec![];
    for source in sources().iter().filter(|s| s.ships()) {
        let lines: Vec<(usize, &str)> = source.shipped().collect();
        for (at, (n, line)) in lines.iter().enumerate() {
            // rustfmt may put the reason on a line of its own.
            let reasoned = lines[at..].iter().take(3).any(|(_, l)| l.contains("reason = "));
            let binary = ["mezame", "testkit"].contains(&source.krate());
            if line.contains("clippy::disallowed_methods") && !(binary && reasoned) {
                found.push(format!("{}:{n}: {}", source.path, line.trim()));
            }
        }
    }
    none("bans of clippy.toml lifted outside the binary and testkit, or without a reason", &found);
}

#[test]
fn people_in_examples_are_made_up() {
    let mut found = vec![];
    for source in sources() {
        for (n, line) in source.text.lines().enumerate() {
            for (at, _) in line.match_indices('@') {
                let domain: String = line[at + 1..].chars().take_while(|c| domain_char(*c)).collect();
                let named = line[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
                if named && real_looking(domain.trim_end_matches('.')) {
                    found.push(format!("{}:{}: @{domain}", source.path, n + 1));
                }
            }
        }
    }
    none("mail addresses outside example.jp, example.com and their like", &found);
    assert!(real_looking(concat!("gmail", ".com")) && !real_looking("mail.example.co.jp"));
}

fn domain_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '.' || c == '-'
}

/// Whether a domain could be somebody's: a real ending, and not one reserved for examples.
fn real_looking(domain: &str) -> bool {
    let domain = domain.to_lowercase();
    let real = domain.starts_with(|c: char| c.is_alphanumeric())
        && [".com", ".jp", ".net", ".org"].iter().any(|end| domain.ends_with(end));
    let reserved = domain.split('.').any(|part| ["example", "test", "invalid"].contains(&part));
    real && !reserved
}
