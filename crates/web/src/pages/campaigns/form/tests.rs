//! The form of a campaign: what survives it, and what it refuses.

use super::*;
use app::SCENARIOS;

#[test]
fn every_scenario_survives_the_form() {
    for s in SCENARIOS {
        let mut campaign = s.starting(Day(20_787)).expect("a campaign");
        campaign.name = "<b>\"秋\"".to_owned();
        campaign.budget = Some(Money(1_234_550));
        campaign.whom.top = Some(1200);
        campaign.holdout = 1.0 / 3.0;
        let (again, wrong) = Form::of(&campaign).read(&campaign);
        assert!(wrong.is_empty(), "{}: {wrong:?}", s.id);
        assert_eq!(again, campaign, "{}", s.id);
    }
}

#[test]
fn what_cannot_be_read_is_told_by_its_field() {
    let base = SCENARIOS[0].starting(Day(20_787)).expect("a campaign");
    for (field, value, wrong) in [
        ("holdout", "120", true),
        ("holdout", "12.5%", false),
        ("budget", "12,000円", false),
        ("budget", "たくさん", true),
        ("budget", "1e40", true),
        ("start", "2026-02-30", true),
        ("start", "2026/11/30", false),
        ("steps-0-at", "25:00", true),
        ("steps-1-after_days", "七日", true),
        ("whom-top", "-3", true),
    ] {
        let mut form = Form::of(&base);
        form.0.insert(field.to_owned(), value.to_owned());
        let (_, found) = form.read(&base);
        assert_eq!(found.iter().any(|w| w.field == field), wrong, "{field} = {value}: {found:?}");
    }
}

#[test]
fn steps_move_and_go_without_a_script() {
    let mut c = SCENARIOS[0].starting(Day(20_787)).expect("a campaign");
    let names = |c: &Campaign| c.steps.iter().map(|s| s.name.clone()).collect::<Vec<_>>();
    let before = names(&c);
    assert_eq!(act(&mut c, "step_up 1"), "steps-0");
    assert_eq!(act(&mut c, "step_down 0"), "steps-1");
    assert_eq!(names(&c), before);
    for nothing in ["step_up 0", "step_down 4", "drop_step 9", "drop_change 0.0", "add_change 3", "nonsense"]
    {
        act(&mut c, nothing);
        assert_eq!(names(&c), before, "{nothing}");
    }
    assert_eq!(act(&mut c, "add_step"), "steps-5");
    assert_eq!((c.steps[5].after_days, c.steps[5].at), (c.steps[4].after_days + 7, c.steps[4].at));
    act(&mut c, "drop_step 5");
    assert_eq!(names(&c), before);
    act(&mut c, "add_variant");
    assert_eq!((c.variants.len(), c.variants[0].changes.len(), c.variants[1].changes.len()), (2, 0, 1));
    act(&mut c, "drop_change 1.0");
    act(&mut c, "drop_variant 1");
    assert_eq!(c.variants.len(), 1);
}
