//! Posts on social media: drafted, counted as the platform counts, marked, and followed by a link that leads home.

use crate::campaign::{approved, letter, sender, shop};
use crate::world::{World, on_both};

// M108, M113: drafts of a campaign with UTM links, each by its own code.
#[test]
fn a_post_is_drafted_with_a_link_of_its_own() {
    on_both(|world| {
        shop(world, 3);
        sender(world, 1);
        let document = letter(0.0, false).replace("owner =", "no_holdout_because = \"試験\"\nowner =");
        let id = approved(world, "冬のお便り", &document).to_string();
        let new = |platform: &str, more: &[&str]| {
            let mut args = vec!["social", "new", &id, "--platform", platform, "--by", "山田"];
            args.extend(more);
            world.json(&args)
        };
        let x =
            new("x", &["--text", "新茶が入りました {link}", "--to", "/tea?a=1#top", "--on", "2026-12-01"]);
        let target = x["target"].as_str().unwrap();
        assert_eq!(
            target,
            "https://shop.example.jp/tea?a=1&utm_source=x&utm_medium=social&utm_campaign=%E5%86%AC%E3%81%AE%E3%81%8A%E4%BE%BF%E3%82%8A&utm_content=post-1#top"
        );
        assert_eq!((x["length"].as_u64(), x["most"].as_u64()), (Some(16 + 1 + 23), Some(280)), "{x}");
        let link = x["link"].as_str().unwrap();
        assert!(
            link.starts_with("https://mail.example.jp/go/") && x["text"].as_str().unwrap().ends_with(link)
        );
        let other = new("instagram", &[]);
        assert_ne!(other["link"], x["link"]);
        assert!(other["text"].as_str().unwrap().contains("冬のお便り"), "made of the campaign: {other}");
        assert_eq!(world.json(&["social", "list", &id]).as_array().unwrap().len(), 2);
        world.ok(&["social", "drop", "2"]);
        assert_eq!(world.json(&["social", "list", &id]).as_array().unwrap().len(), 1);
    });
}

#[test]
fn links_lead_home_and_marks_are_asked_for() {
    let world = World::sqlite();
    shop(&world, 3);
    sender(&world, 1);
    let document = letter(0.0, false).replace("owner =", "no_holdout_because = \"試験\"\nowner =");
    let id = approved(&world, "冬のお便り", &document).to_string();
    let new = |code: i32, more: &[&str]| {
        let mut args = vec!["social", "new", &id, "--platform", "x", "--by", "山田"];
        args.extend(more);
        world.fails(code, &args)
    };
    for to in [
        "https://evil.example.com/",
        "//evil.example.com/",
        "https://shop.example.jp@evil.example.com/",
        "https://evil.example.com\\@shop.example.jp/",
        "javascript://shop.example.jp/%0aalert(1)",
    ] {
        assert!(new(1, &["--to", to]).contains("own hosts"), "{to}");
    }
    // Too long, and without the mark that what is paid for must bear (L-26): a person has to look.
    let long = "あ".repeat(141);
    assert!(new(3, &["--text", &long]).contains("上限"));
    assert!(new(3, &["--text", "新茶 {link}", "--paid"]).contains("L-26"));
    assert!(
        world
            .ok(&[
                "social",
                "new",
                &id,
                "--platform",
                "x",
                "--by",
                "山田",
                "--paid",
                "--text",
                "【PR】新茶 {link}"
            ])
            .contains("x")
    );
    assert!(
        world
            .fails(1, &["social", "new", &id, "--platform", "nonsense", "--by", "山田"])
            .contains("instagram")
    );
}
