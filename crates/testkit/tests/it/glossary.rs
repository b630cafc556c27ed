//! GLOSSARY.md's right-hand column never names a type, a table, a route or a field that others read.

use crate::house::{Source, none, read, sources, table, texts};
use std::collections::BTreeMap;

/// A name that others read, and where it stands.
struct Name {
    text: String,
    place: String,
}

#[test]
fn no_name_carries_a_refused_word() {
    let glossary = read("GLOSSARY.md");
    let refused = refused(&glossary);
    let allowed = table(&glossary, "## Allowed all the same");
    let mut used = vec![false; allowed.len()];
    let mut found = vec![];
    let migrations = texts("crates/store/migrations", ".sql");
    for name in sources().iter().filter(|s| s.ships()).chain(&migrations).flat_map(names) {
        let Some((word, instead)) = carried(&name.text, &refused) else { continue };
        let pardon = allowed.iter().position(|row| row[0] == name.text && name.place.starts_with(&row[1]));
        match pardon {
            Some(row) => used[row] = true,
            None => found.push(format!("{}: '{}' carries '{word}'; say {instead}", name.place, name.text)),
        }
    }
    none("names with refused words", &found);
    let idle: Vec<String> =
        allowed.iter().zip(used).filter(|(_, used)| !used).map(|(row, _)| row.join(" | ")).collect();
    none("allowances in GLOSSARY.md that nothing needs", &idle);
    assert!(allowed.iter().all(|row| row[2].len() > 10), "every allowance says why");
}

#[test]
fn the_scan_sees_names() {
    let text = "pub struct UserList;\npub(crate) enum E {}\nmod sync;\n#[derive(Debug, Serialize)]\nstruct S {\n    \
                pub days: i32,\n    #[serde(rename = \"audience\")]\n    hidden: i32,\n}\nstruct Private {\n    quiet: \
                i32,\n}\n\"CREATE TABLE IF NOT EXISTS subscribers (id)\";\n.route(\"/users/{id}\", get(x))\n\
                json!({\"member\": 1})\n// struct Comment;\n#[cfg(test)]\nmod tests {\nstruct T;\n";
    let source = Source { path: "crates/x/src/a.rs".into(), text: text.into() };
    let seen: Vec<String> = names(&source).into_iter().map(|n| n.text).collect();
    let expected =
        ["UserList", "E", "sync", "S", "days", "audience", "Private", "subscribers", "users", "id", "member"];
    assert_eq!(seen, expected);
    let refused = refused(
        "## Words\n\n| word | ja | meaning | not |\n|---|---|---|---|\n| x | y | z | user, blocklist |\n",
    );
    for (name, word) in [
        ("UserList", Some("user")),
        ("users", Some("user")),
        ("block_list", Some("blocklist")),
        ("reuse", None),
    ] {
        assert_eq!(carried(name, &refused).map(|(word, _)| word.as_str()), word, "{name}");
    }
}

/// Refused word -> the words to say instead.
fn refused(glossary: &str) -> BTreeMap<String, String> {
    let mut refused = BTreeMap::new();
    for row in table(glossary, "## Words") {
        for word in row[3].split(',').map(str::trim).filter(|w| !w.is_empty() && *w != "-") {
            refused.insert(word.replace(' ', "").to_lowercase(), row[0].clone());
        }
    }
    refused
}

/// The refused word among the words of a name, alone, in the plural or as two words.
fn carried<'a>(name: &str, refused: &'a BTreeMap<String, String>) -> Option<(&'a String, &'a String)> {
    let words = words(name);
    let pairs = words.windows(2).map(|pair| pair.concat());
    let candidates: Vec<String> = words.iter().cloned().chain(pairs).collect();
    let singular = candidates.iter().filter_map(|w| w.strip_suffix('s').map(str::to_owned));
    let all: Vec<String> = candidates.iter().cloned().chain(singular).collect();
    refused.iter().find(|(word, _)| all.contains(word))
}

/// "SavedPolicy2" and "saved-policy_2" as saved, policy, 2.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if c.is_uppercase() || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("never empty").extend(c.to_lowercase());
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

fn names(source: &Source) -> Vec<Name> {
    let mut found = vec![];
    let mut fields = Fields::default();
    for (number, line) in source.shipped() {
        let mut see = |text: &str| {
            found.push(Name { text: text.to_owned(), place: format!("{}:{number}", source.path) });
        };
        if let Some(name) = item_name(line.trim()) {
            see(name);
        }
        if let Some(name) = fields.field(line) {
            see(&name);
        }
        for table in after(line, "CREATE TABLE ") {
            see(identifier(table.trim_start_matches("IF NOT EXISTS ")));
        }
        for route in after(line, ".route(\"") {
            let path = route.split('"').next().unwrap_or("");
            path.split('/')
                .map(|part| part.trim_matches(['{', '}', '*']))
                .filter(|p| !p.is_empty())
                .for_each(&mut see);
        }
        json_keys(line).into_iter().for_each(&mut see);
    }
    found
}

/// The name that a line gives to a type, a trait or a module.
fn item_name(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
    let kinds = ["struct ", "enum ", "trait ", "type ", "mod ", "union "];
    let name = identifier(kinds.iter().find_map(|kind| line.strip_prefix(kind))?);
    (!name.is_empty()).then_some(name)
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

fn after<'a>(line: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(mark).map(move |(at, _)| &line[at + mark.len()..])
}

/// Keys of `json!`: a string right before a single colon.
fn json_keys(line: &str) -> Vec<&str> {
    let parts: Vec<&str> = line.split('"').collect();
    let keys = parts.windows(2).skip(1).step_by(2);
    let keys = keys.filter(|pair| pair[1].starts_with(':') && !pair[1].starts_with("::")).map(|pair| pair[0]);
    keys.filter(|key| !key.is_empty() && identifier(key) == *key).collect()
}

/// Follows derives and braces to tell the fields that serde writes or reads.
#[derive(Default)]
struct Fields {
    derived: bool,
    inside: bool,
    renamed: Option<String>,
}

impl Fields {
    fn field(&mut self, line: &str) -> Option<String> {
        let text = line.trim();
        if !self.inside {
            self.derived |= text.starts_with("#[derive(") && text.contains("erialize");
            if item_name(text).is_some() {
                self.inside = self.derived && text.ends_with('{') && text.contains("struct ");
                self.derived = false;
            }
            return None;
        }
        if text == "}" {
            self.inside = false;
        } else if text.starts_with("#[serde(") {
            let name = after(text, "rename = \"").next().and_then(|rest| rest.split('"').next());
            self.renamed = name.map(str::to_owned).or(self.renamed.take());
        } else {
            let name = text.strip_prefix("pub(crate) ").or_else(|| text.strip_prefix("pub ")).unwrap_or(text);
            let name = name.split_once(':').map(|(name, _)| name).filter(|n| identifier(n) == *n)?;
            return Some(self.renamed.take().unwrap_or_else(|| name.to_owned()));
        }
        None
    }
}
