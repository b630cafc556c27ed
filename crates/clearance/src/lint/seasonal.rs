//! Cards of the season in their days, and invitations before theirs (M099).

use super::{Known, Remark};
use model::{Campaign, Channel, Day, Step};

pub(super) fn remarks(campaign: &Campaign, known: &Known) -> Vec<Remark> {
    let mut remarks = vec![];
    let steps = campaign.steps.iter();
    let dated: Vec<(&Step, Day)> =
        steps.filter_map(|step| Some((step, step.day(campaign.start?, &known.days_off)))).collect();
    for (step, day) in &dated {
        remarks.extend(out_of_season(campaign, step, *day));
    }
    remarks.extend(occasion(campaign, &dated));
    remarks
}

fn out_of_season(campaign: &Campaign, step: &Step, day: Day) -> Option<Remark> {
    let greeting = campaign.greeting?;
    let channel = step.channel.unwrap_or(Channel::Mail);
    if greeting.fits(channel, day) {
        return None;
    }
    let (from, until) = greeting.next_window(channel, day)?;
    Some(Remark::of("greeting_days", "start").at(&step.name).saying(
        format!("{}は{from}から{until}までにお送りします（予定: {day}）", greeting.ja()),
        format!("a {} goes out from {from} to {until}, not on {day}", greeting.en()),
    ))
}

fn occasion(campaign: &Campaign, dated: &[(&Step, Day)]) -> Vec<Remark> {
    let Some(occasion) = &campaign.occasion else { return vec![] };
    let remark = || Remark::of("occasion", "occasion");
    let Some(held) = occasion.day.filter(|_| !occasion.name.trim().is_empty()) else {
        return vec![
            remark()
                .saying("催しの名前と日にちを決めてください", "the occasion's name or day is not decided"),
        ];
    };
    let late = dated.iter().find(|(_, day)| *day >= held);
    let late = late.map(|(step, day)| {
        remark().at(&step.name).saying(
            format!("ご招待の日（{day}）が、催しの日（{held}）より後です"),
            format!("the invitation of {day} comes when the occasion of {held} is there or over"),
        )
    });
    late.into_iter().collect()
}
