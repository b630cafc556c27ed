//! What is simply kept and found again.

use crate::help::*;
use model::{Day, Kind, ModelCard, Name, Part, Policy, Record, Saying, Sense};
use store::{Changed, Error, Store};

#[test]
fn policies_have_versions_and_one_is_in_force() {
    on_both(|store| {
        assert_eq!(store.active_policy().unwrap(), None);
        let saved = store.save_policy(&Policy::fixed("R181", 90, 181), "佐藤", NOW).unwrap();
        store.save_policy(&Policy::own_cycle("own"), "鈴木", NOW + 1).unwrap();
        let again = store.save_policy(&Policy::fixed("R181", 60, 181), "佐藤", NOW + 2).unwrap();
        assert_eq!((saved.version, again.version), (1, 2));
        assert_eq!(store.active_policy().unwrap(), Some(again));
        let shown =
            |p: &store::SavedPolicy| (p.policy.name.clone(), p.policy.version, p.active, p.by.clone());
        let all: Vec<_> = store.policies().unwrap().iter().map(shown).collect();
        let expected = [("R181", 2, true, "佐藤"), ("own", 1, false, "鈴木"), ("R181", 1, false, "佐藤")];
        assert_eq!(
            all,
            expected.map(|(name, version, active, by)| (name.to_owned(), version, active, by.to_owned()))
        );
    });
}

fn card(day: i32) -> ModelCard {
    let says = Saying { ja: "間隔".into(), en: "gap".into() };
    ModelCard {
        as_of: Day(day),
        policy: "R181".into(),
        version: 1,
        horizon: 90,
        quiet: 90,
        buyers: 30,
        orders: 70,
        first_order: None,
        last_order: Some(Day(day)),
        windows: vec![],
        rescaled: 1.0,
        sense: Sense::Little,
        chosen: "rule".into(),
        why: says.clone(),
        candidates: vec![],
        calibration: vec![],
        slope: None,
        level: Some(0.5),
        parts: vec![Part { name: "gap".into(), says, weight: -0.25 }],
        fits: vec![],
        limits: vec![],
    }
}

#[test]
fn the_newest_models_are_kept_and_the_last_one_is_found() {
    on_both(|store| {
        assert_eq!((store.latest_model().unwrap(), store.models(5).unwrap()), (None, vec![]));
        for day in 1..=403 {
            let body = format!("{{\"day\":{day},\"味\":1}}");
            assert_eq!(store.save_model(NOW + i64::from(day), &card(day), &body).unwrap(), i64::from(day));
        }
        let last = store.latest_model().unwrap().unwrap();
        assert_eq!((last.id, last.at, last.as_of, last.card), (403, NOW + 403, Day(403), card(403)));
        assert_eq!(last.body, "{\"day\":403,\"味\":1}");
        let all = store.models(1_000).unwrap();
        assert_eq!((all.len(), all[399].0, all[399].1), (400, 4, NOW + 4));
        assert_eq!(store.models(2).unwrap(), [(403, NOW + 403, card(403)), (402, NOW + 402, card(402))]);
        store.save_model(NOW, &card(401), "again").unwrap();
        for (from, to, found) in
            [(1, 403, Some(403)), (1, 402, Some(402)), (400, 401, Some(404)), (404, 500, None), (1, 3, None)]
        {
            let model = store.model_between(Day(from), Day(to)).unwrap();
            assert_eq!(model.map(|m| m.id), found, "{from} to {to}");
        }
        let broken = ModelCard { rescaled: f64::NAN, ..card(404) };
        assert!(matches!(store.save_model(NOW, &broken, ""), Err(Error::Refused(_))));
        assert_eq!(store.latest_model().unwrap().unwrap().id, 404);
    });
}

#[test]
fn an_older_database_is_brought_up_to_date_and_its_columns_anew() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shop.db");
    let store = Store::open(&format!("sqlite:{}", path.display())).unwrap();
    store.migrate().unwrap();
    store.forget_changes(store.changed().unwrap().0).unwrap();
    let sql = "DROP TABLE models; DELETE FROM migrations WHERE name = '0002_models'";
    rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    assert_eq!(
        (store.changed().unwrap().1, store.pending_migrations().unwrap().len()),
        (Changed::Nothing, 1)
    );
    assert_eq!(store.migrate().unwrap(), ["0002_models"]);
    assert_eq!(store.changed().unwrap().1, Changed::Everything, "how long goods last is not in them yet");
    assert_eq!(store.models(1).unwrap(), []);
}

#[test]
fn segments_and_settings_are_replaced_by_name() {
    on_both(|store| {
        store.save_segment("b", "spend > 1", NOW).unwrap();
        store.save_segment("a", "n_orders > 1", NOW).unwrap();
        store.save_segment("b", "spend > 2", NOW).unwrap();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(store.segments().unwrap(), [pair("a", "n_orders > 1"), pair("b", "spend > 2")]);
        assert_eq!((store.delete_segment("a").unwrap(), store.delete_segment("a").unwrap()), (true, false));
        store.set_setting("change_seq", "mine").unwrap();
        store.set_setting("shop", "1").unwrap();
        store.set_setting("shop", "2").unwrap();
        assert_eq!(store.setting("shop").unwrap().as_deref(), Some("2"));
        assert_eq!(store.changed().unwrap().0, 1, "the store's own numbers are out of reach");
    });
}

#[test]
fn people_are_found_by_what_an_operator_has_at_hand() {
    on_both(|store| {
        let kana = |family: &str| Name {
            family_kana: family.into(),
            given_kana: "ハナコ".into(),
            family: "山田".into(),
            given: "花子".into(),
        };
        let file = [
            Record { name: kana("ヤマダ"), ..person("7", "", "hanako@example.jp", "09000001234") },
            Record { company: Some("株式会社ヤマト".into()), ..person("8", "大和", "", "") },
            person("9", "山本", "", ""),
        ];
        import(store, "eccube", Kind::Customers, &records(file));
        import(store, "shopify", Kind::Customers, &records([person("S-7", "山田", "hanako@example.jp", "")]));
        let find = |store: &Store, text: &str| store.find(text, 9).unwrap();
        for (text, expected) in [
            ("S-7", vec![4]),
            ("HANAKO@example.jp", vec![1, 4]),
            ("090-0000-1234", vec![1]),
            ("やまだ", vec![1]),
            ("山田 花", vec![1, 4]),
            ("株式会社ﾔﾏﾄ", vec![2]),
            ("大和", vec![2]),
            ("3", vec![3]),
            ("9", vec![3]),
            ("", vec![]),
            ("%", vec![]),
        ] {
            assert_eq!(find(store, text), expected, "{text}");
        }
        assert_eq!(store.find("山", 2).unwrap().len(), 2);
        let labels = store.labels(&[3, 99, 2]).unwrap();
        let shown: Vec<_> =
            labels.iter().map(|l| (l.customer, l.name.as_str(), l.company.as_deref())).collect();
        assert_eq!(shown, [(3, "山本 花子", None), (99, "", None), (2, "大和 花子", Some("株式会社ヤマト"))]);
        assert_eq!(labels[0].source_ids, [("eccube".to_owned(), "9".to_owned())]);
    });
}
