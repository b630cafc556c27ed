//! What happens to letters that wait in line: stops, conditions, codes and inquiries meanwhile.

use super::*;

/// M092: whoever stops the newsletter gets no issue that is in line either, from that moment on.
#[test]
fn m092_a_stop_empties_the_line_at_once() {
    on_both(|world| {
        shop(world, 2, "2026-01-10");
        sender(world, 1);
        let id = approved(world, "お便り", &newsletter(1));
        // Nobody listens: the issues stay in line.
        let next = world.on("2026-11-23");
        assert_eq!(next.json(&["work", "--once"])["sent"], 0);
        assert_eq!(fates(&next, id, 2)[&1], fates(&next, id, 2)[&2]);
        next.ok(&["newsletter", "set", &mail(1), "stopped", "--by", "山田"]);
        let fates = fates(&next, id, 2);
        assert!(fates[&1].contains("お便りの停止"), "{fates:?}");
        assert!(!fates[&2].contains("停止"), "{fates:?}");
    });
}

/// M115: a variant's own order may put a step days later: its conditions are judged when it leaves.
#[test]
fn m115_a_step_moved_by_an_order_is_judged_on_its_own_day() {
    let world = World::sqlite();
    shop(&world, 4, "2026-01-10");
    let sink = listening();
    sender(&world, sink.addr().port());
    let step = |name: &str, after: usize, only: &str| {
        format!(
            "[[steps]]\nname = \"{name}\"\nkind = \"reason\"\nafter_days = {after}\nat = \"10:00\"\nchannel = \"mail\"\nunless = []\n{only}\
             [steps.words]\nsubject = \"subject-{name}\"\nbody = \"{{{{ addressee }}}}\\n\\nいつもありがとうございます。\\n\\n[お店を見る](/)\"\n"
        )
    };
    let document = format!(
        "owner = \"山田\"\nholdout = 0.0\nno_holdout_because = \"試験\"\nwindow = 30\nstart = \"2026-11-23\"\n[goal]\nhypothesis = \"試験\"\n[whom]\ncondition = \"n_orders >= 1\"\n{}{}\
         [[variants]]\nname = \"A-B\"\nshare = 0.5\nchanges = []\n[[variants]]\nname = \"B-A\"\nshare = 0.5\norder = [\"B\", \"A\"]\nchanges = []\n",
        step("A", 0, ""),
        step("B", 8, "only = \"n_orders >= 2\"\n")
    );
    approved(&world, "順番", &document);
    let of = |name: &str| {
        let subject = format!("subject-{name}");
        sink.accepted().iter().filter(|m| String::from_utf8_lossy(&m.bytes).contains(&subject)).count()
    };
    world.on("2026-11-23").json(&["work", "--once"]);
    assert_eq!((of("A"), of("B")), (2, 0), "nobody has ordered twice");
    let later = world.on("2026-12-01");
    let again: Vec<(usize, String)> = (1..=4).map(|i| (i, format!("n{i},2026-11-28 10:00:00,"))).collect();
    order(&later, "again", &again);
    later.json(&["work", "--once"]);
    assert_eq!((of("A"), of("B")), (4, 2), "by then everybody has");
}

/// M164: a step that says a code of its own uses up none of the cart's list, and waits for none.
#[test]
fn m164_a_spoken_code_uses_up_none_of_the_list() {
    let world = World::sqlite();
    shop(&world, 2, "2026-01-10");
    let sink = listening();
    sender(&world, sink.addr().port());
    let file = world.file("campaign.toml", offered("listed", "code = \"OREI-M\"\n"));
    let id = world.json(&["campaign", "new", "コード", "--file", &file])["id"].to_string();
    let list = world.file("codes.csv", "クーポンコード,備考\nCart-a1,x\nCart-a2,x\n");
    world.json(&["codes", "import", &id, &list]);
    world.json(&["campaign", "plan", &id]);
    world.ok(&["campaign", "approve", &id, "--by", "山田", "--yes"]);
    let next = world.on("2026-11-23");
    assert_eq!(next.json(&["work", "--once"])["sent"], 2);
    let told = next.json(&["codes", "list", &id]);
    assert_eq!((&told["given"], &told["left"]), (&0.into(), &2.into()), "{told}");
    assert!(sink.accepted().iter().all(|m| String::from_utf8_lossy(&m.bytes).contains("OREI-M")));
}

/// An open inquiry puts a letter off, but not for weeks: the campaign comes to its end.
#[test]
fn an_open_inquiry_puts_a_letter_off_for_the_campaigns_patience_alone() {
    let world = World::sqlite();
    shop(&world, 2, "2026-01-10");
    let sink = listening();
    sender(&world, sink.addr().port());
    let id = approved(&world, "お便り", &newsletter(1));
    world.ok(&["inbox", "complaint", &mail(1), "none", "--said", "在庫はありますか", "--by", "山田"]);
    let fate = |day: &str| {
        world.on(day).json(&["work", "--once"]);
        let why = world.json(&["campaign", "why", &id.to_string(), &mail(1)]);
        why["steps"][0]["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(fate("2026-11-23"), "queued");
    assert_eq!(fate("2026-11-24"), "queued");
    assert_eq!(fate("2026-11-25"), "skipped");
    assert_eq!(sink.accepted().len(), 1, "the other one alone");
    let told = world.json(&["campaign", "show", &id.to_string()]);
    assert_eq!(told["state"], "finished", "{told}");
}
