//! The lines "Name: value" of a delivery status (RFC 3464) or a feedback report (RFC 5965).

/// One group of fields; groups are apart by blank lines.
#[derive(Default, Debug)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of a name (lower case); empty for none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

/// The groups of a text; folded lines are joined, anything that is no field is passed over.
pub(super) fn groups(text: &str) -> Vec<Fields> {
    let mut groups = vec![Fields::default()];
    for line in text.lines() {
        let Some(Fields(group)) = groups.last_mut() else { break };
        if line.trim().is_empty() {
            if !group.is_empty() {
                groups.push(Fields::default());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            group.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    groups.retain(|group| !group.0.is_empty());
    groups
}
