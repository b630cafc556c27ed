//! Platforms of social media: how long a post may be there and how it is counted. Each is a file of data.

use serde::Deserialize;

/// The platforms that come with Mezame.
const PLATFORMS: [&str; 4] = [
    include_str!("../data/social/x.toml"),
    include_str!("../data/social/instagram.toml"),
    include_str!("../data/social/threads.toml"),
    include_str!("../data/social/facebook.toml"),
];

/// A platform's file, as it is written.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SocialPlatform {
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Where its limits are described, and the day that was looked at.
    pub source: String,
    pub as_of: String,
    /// Whether the platform itself said so there.
    pub verified: bool,
    /// The longest post, in its own count.
    pub most: u32,
    /// Code points that count as one; empty: all do.
    #[serde(default)]
    light: Vec<(u32, u32)>,
    /// What the others count as.
    #[serde(default = "one")]
    heavy: u32,
    /// What any address counts as; 0: its letters.
    #[serde(default)]
    link: u32,
    /// Whether an address in a post can be opened.
    pub links_open: bool,
}

fn one() -> u32 {
    1
}

impl SocialPlatform {
    /// Every platform that is known.
    ///
    /// # Errors
    /// Where a file of this program is broken.
    pub fn all() -> Result<Vec<SocialPlatform>, toml::de::Error> {
        PLATFORMS.iter().map(|text| toml::from_str(text)).collect()
    }

    /// How long a post is there, its address counted as the platform counts addresses.
    pub fn length(&self, text: &str, address: &str) -> u32 {
        let (words, addresses) = match (self.link, address) {
            (0, _) | (_, "") => (text.to_owned(), 0),
            _ => (text.replace(address, ""), u32::try_from(text.matches(address).count()).unwrap_or(0)),
        };
        let weight = |c: char| match self.light.iter().any(|(from, to)| (*from..=*to).contains(&(c as u32))) {
            true => 1,
            false => self.heavy,
        };
        words.chars().map(weight).sum::<u32>() + addresses * self.link
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_platform_is_read_and_counts_in_its_own_way() {
        let all = SocialPlatform::all().unwrap();
        assert_eq!(
            all.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(),
            ["x", "instagram", "threads", "facebook"]
        );
        assert!(
            all.iter().all(|p| p.as_of.parse::<model::Day>().is_ok() && p.source.starts_with("https://"))
        );
        let address = "https://go.example.jp/go/abdefghijklmnopqrst";
        for (name, text, length) in [
            ("x", "緑茶".to_owned(), 4),
            ("x", "green tea".to_owned(), 9),
            ("x", format!("緑茶 {address}"), 4 + 1 + 23),
            ("x", "緑".repeat(141), 282),
            ("instagram", "緑茶".to_owned(), 2),
            ("threads", format!("緑茶 {address}"), 3 + u32::try_from(address.len()).unwrap()),
        ] {
            let platform = all.iter().find(|p| p.name == name).unwrap();
            assert_eq!(platform.length(&text, address), length, "{name} {text}");
        }
    }
}
