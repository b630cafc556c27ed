//! What a refusal does not undo, and how another channel writes.

use super::*;

/// A try that may have arrived, and is refused when it is made again under its key, is in doubt and not failed.
#[test]
fn a_refusal_does_not_undo_what_may_have_arrived() {
    Shop::on_both(1, |shop| {
        let temper = SmsTemper {
            mishaps: Mishaps::always(Mishap::DropAccepted),
            once: "idempotency-key",
            ..SmsTemper::default()
        };
        let gateway = SmsGateway::start(temper).unwrap();
        shop.sms(&gateway, ONCE);
        let id = shop.approve("一", &[("sms", SMS)]);
        assert_eq!(shop.work(STEP).later, 1, "its answer was lost: asked again under the same key");
        gateway.fail(Mishaps::always(Mishap::Answer(400)));
        let worked = shop.work(STEP + 3_600);
        assert_eq!((worked.in_doubt, worked.failed), (1, 0));
        assert_eq!((shop.of(id, TouchState::InDoubt), gateway.accepted().len()), (1, 1));
    });
}

/// M109: whoever gets a step by another of its channels reads the words as that channel writes them, and its
/// link leads where they say; they are checked for every channel.
#[test]
fn another_channel_writes_in_its_own_way() {
    Shop::on_both(2, |shop| {
        let line = LineGateway::start(LineTemper::default()).unwrap();
        let sms = SmsGateway::start(SmsTemper::default()).unwrap();
        shop.line(&line);
        shop.sms(&sms, "");
        let mut campaign = document(
            "一",
            &[("line", "{{ shop }}です。新茶が届きました。\n\n[新茶を見る](/shincha)\n\n{{ stop }}")],
        );
        campaign.steps[0].else_channels = vec![Channel::Sms];
        let checked = shop.app.check_campaign(&campaign).unwrap();
        assert!(checked.broken.is_empty(), "{:?}", checked.broken);
        assert!(
            checked.remarks.iter().any(|r| r.rule == "L-31"),
            "its parts as an SMS are told: {:?}",
            checked.remarks
        );
        let search = app::ListQuery { search: number(2), per_page: 1, ..app::ListQuery::default() };
        let second = shop.app.list(&search).unwrap().rows[0].customer;
        shop.app.suppress(second, Some(Channel::Line), StopReason::LineBlock, "", "佐藤").unwrap();
        let id = shop.app.add_campaign(&campaign, "山田").unwrap();
        shop.app.draft_plan(id).unwrap();
        shop.app.approve_campaign(id, "山田").unwrap();
        shop.work(STEP);
        assert_eq!(line.got().iter().map(|(id, ..)| id.clone()).collect::<Vec<_>>(), [friend(1)]);
        let texts: Vec<String> = sms.accepted().into_iter().map(|m| m.text).collect();
        assert!(texts.len() == 1 && texts[0].starts_with("見本堂です。新茶が届きました。"), "{texts:?}");
        let link = texts[0].split_whitespace().find(|word| word.contains("/c/")).unwrap();
        let (_, token) = link.split_once("/c/").unwrap();
        let asker =
            app::Asker { agent: String::new(), network: "1".to_owned(), head: false, at: STEP * 1_000 };
        let leads = shop.app.hear_click(token, &asker).unwrap();
        assert_eq!(leads, Some(app::Leads::To("https://shop.example.jp/shincha".to_owned())));
    });
}
