//! Who speaks for a company: asked first, said with one tap; and calls that belong to a day.

use super::*;
use app::TypedContact;
use model::PostState;

/// M028: the card and the list of calls to companies show when and where a contact person was met and what they
/// like, and name what is not known. M124: whether they are still there is one tap, with its day.
#[test]
fn m028_m124_a_company_card_begins_with_who_is_still_there() {
    let desk = Desk::new(0, 1);
    desk.campaign("秋", "2026-11-24");
    desk.fire(MORNING);
    desk.next("佐藤").unwrap();
    let card = desk.card("佐藤");
    let customer = card.customer;
    assert_eq!(card.contacts.len(), 1, "whom the file names");
    assert_eq!((card.contacts[0].id, card.contacts[0].state_on), (None, None), "not confirmed yet");
    let missing = |desk: &Desk| -> Vec<&'static str> {
        let list = desk.app.desk_list(&DeskQuery::default()).unwrap();
        let row = list.rows.iter().find(|r| r.person == customer);
        row.map_or_else(|| desk.card("佐藤").missing, |row| row.missing.clone()).iter().map(|m| m.1).collect()
    };
    assert!(missing(&desk).contains(&"department") && missing(&desk).contains(&"interests"));

    // One tap: gone, and who has the post now.
    assert!(desk.app.contact_state(customer, None, PostState::Retired, "", " ").is_err(), "by nobody");
    let old = desk.app.contact_state(customer, None, PostState::Retired, "架空 次郎", "佐藤").unwrap();
    let today = desk.app.today().unwrap();
    let contacts = desk.card("佐藤").contacts;
    let gone = contacts.iter().find(|c| c.id == Some(old)).unwrap();
    assert_eq!((gone.state, gone.state_on), (PostState::Retired, Some(today)));
    assert_eq!((gone.by.as_str(), gone.successor.as_str()), ("佐藤", "架空 次郎"));
    let new = contacts.iter().find(|c| c.name == "架空 次郎").unwrap();
    assert_eq!((new.state, new.since), (PostState::InPlace, Some(today)));
    assert!(
        missing(&desk).contains(&"mail address"),
        "the one who left does not count: {:?}",
        missing(&desk)
    );

    let typed = TypedContact {
        name: "架空 次郎".to_owned(),
        department: "購買部".to_owned(),
        title: "課長".to_owned(),
        mail: "JIRO@example.jp".to_owned(),
        phone: "０９０-0000-7777".to_owned(),
        since: Some(today),
        met_on: "2026-10-05".parse().ok(),
        met_at: "東京の展示会".to_owned(),
        interests: "水出し茶".to_owned(),
    };
    desk.app.save_contact(customer, new.id, &typed, "佐藤").unwrap();
    let card = desk.card("佐藤");
    let kept = card.contacts.iter().find(|c| c.id == new.id).unwrap();
    assert_eq!((kept.mail.as_str(), kept.phone.as_str()), ("jiro@example.jp", "09000007777"));
    assert_eq!(card.met, Some(("2026-10-05".parse().unwrap(), "東京の展示会".to_owned())));
    let left = missing(&desk);
    for known in ["department", "title", "mail address", "when first met", "where first met", "interests"] {
        assert!(!left.contains(&known), "{known} in {left:?}");
    }
    assert!(left.contains(&"what was talked about last"), "{left:?}");
    let other = Desk::new(1, 0);
    let nobody = other.app.contact_state(1, new.id, PostState::Moved, "", "佐藤");
    assert!(nobody.is_err(), "of another customer");
    assert!(
        desk.app.save_contact(customer, new.id, &TypedContact { mail: "?".into(), ..typed }, "佐藤").is_err()
    );
}

/// M027: a call is told once on the timeline, as a call.
#[test]
fn m027_a_call_is_told_once() {
    let desk = Desk::new(1, 0);
    desk.campaign("秋", "2026-11-24");
    desk.fire(MORNING);
    desk.next("佐藤").unwrap();
    let who = desk.said("佐藤", CallResult::Reached).person;
    let p = desk.app.person(who).unwrap().unwrap();
    let of = |kind: &str| p.timeline.iter().filter(|x| x.kind == kind).count();
    assert_eq!((of("phone"), of("contact"), p.activities.len()), (1, 0, 1), "{:#?}", p.timeline);
    let phone = p.engagement.iter().find(|e| e.channel == Channel::Phone).unwrap();
    assert_eq!((phone.sent, phone.answered), (1, 1));
}

/// M105: a call for a birthday or an anniversary is there on that day, in office hours, and on no other.
#[test]
fn m105_calls_come_on_the_day_itself_in_office_hours() {
    const BORN: &str = "kind = \"customers\"\n[columns]\ncustomer = \"who\"\nname = \"name\"\nemail = \"mail\"\nbirthday = \"born\"\n";
    for (when, person) in [("birthday", 0), ("anniversary", 1)] {
        let desk = Desk::new(2, 0);
        desk.change(|s| s.stale_hours = 24 * 400);
        // The one is born on 26 November; the other's first order gets the same day.
        desk.import("who,name,mail,born\nc0,見本0,k0@example.jp,1980-11-26\n", BORN);
        let order = "order,customer,name,phone,mail,company,at,total,item\nfirst,c1,見本1,09000000001,k1@example.jp,,2024-11-26 10:00:00,500,お茶\n";
        desk.import(order, ORDERS);
        let text = DOCUMENT
            .replace("[whom]", &format!("[enter]\nwhen = \"{when}\"\n[whom]"))
            .replace("start = \"2026-11-24\"", "start = \"2026-11-23\"\nlate_hours = 200");
        let step = text.find("[[steps]]\nname = \"お便り\"").unwrap();
        let campaign = app::campaign_from_toml(&text[..step], "test").unwrap();
        let campaign = Campaign { name: when.to_owned(), ..campaign };
        desk.at(MORNING - 30 * HOUR);
        let id = desk.app.add_campaign(&campaign, "山田").unwrap();
        desk.app.draft_plan(id).unwrap();
        desk.app.approve_campaign(id, "山田").unwrap();
        // The day before nobody; on the day, not before the hour; then that customer alone.
        desk.fire(MORNING + 24 * HOUR);
        assert_eq!(desk.next("佐藤"), None, "{when}: on 25 November");
        let early = MORNING + 44 * HOUR;
        desk.fire(early);
        let closed = desk.app.desk_next("佐藤", None).unwrap();
        assert!(!matches!(closed, Turn::Call(_)), "{when}: at half past six in the morning: {closed:?}");
        desk.fire(MORNING + 48 * HOUR);
        assert!(desk.next("佐藤").is_some(), "{when}: on 26 November");
        let card = desk.card("佐藤");
        assert!(card.person.unwrap().row.name.contains(&format!("見本{person}")), "{when}");
        assert_eq!(desk.next("鈴木"), None, "{when}: nobody else's day");
    }
}
