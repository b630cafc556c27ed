//! The order of a scenario: thanks, care and reasons before any discount (M074, M076, M082..M084).

use super::fold::find;
use super::terms::{DISCOUNT, THANKS};
use super::{Remark, Spoken};
use model::{Campaign, StepKind, Trade, Trigger};

pub(super) fn remarks(campaign: &Campaign, letters: &[Spoken], trade: Trade) -> Vec<Remark> {
    let mut remarks = vec![];
    for variant in 0..campaign.variants.len().max(1) {
        let mut told: Vec<&Spoken> = letters.iter().filter(|l| l.variant == variant).collect();
        // An apology or correction is no part of winning back.
        told.retain(|l| l.kind != StepKind::Apology && !l.texts.is_empty());
        told.sort_by_key(|l| (l.after_days, l.place));
        remarks.extend(thanks(&told));
        // A word about a coupon that the customer holds already offers nothing new.
        if campaign.enter.as_ref().is_some_and(|enter| enter.when == Trigger::CouponEnd) {
            continue;
        }
        remarks.extend(discounts(&told));
        remarks.extend(reasons(&told, trade));
    }
    remarks
}

fn thanks(told: &[&Spoken]) -> Option<Remark> {
    let thanked = told.iter().any(|l| l.says(|text| find(text, THANKS)));
    (!told.is_empty() && !thanked).then(|| Remark::of("M074", "steps"))
}

fn discounts(told: &[&Spoken]) -> Vec<Remark> {
    let Some(first) = told.first().filter(|l| discounted(l)) else { return vec![] };
    let found = |r: Remark| r.found(first.texts.iter().flat_map(|(_, text)| find(text, DISCOUNT)).collect());
    let care = found(Remark::of("M076", "steps").at(&first.step));
    if told.iter().all(|l| discounted(l)) {
        return vec![care, Remark::of("M082", "steps")];
    }
    let reason_first = found(Remark::of("M082", "steps").at(&first.step)).saying(
        "最初のステップが値引きです。まず理由をお伝えすることをおすすめします",
        "the first step is a discount: give reasons first",
    );
    vec![care, reason_first]
}

fn discounted(letter: &Spoken) -> bool {
    let kind = matches!(letter.kind, StepKind::Offer | StepKind::Expiry);
    kind || ["{{ coupon", "{{coupon", "{{ offer", "{{offer"].iter().any(|f| letter.raw.contains(f))
        || letter.says(|text| find(text, DISCOUNT))
}

/// Health food and cosmetics: reasons to use them, and answers to doubts, stand before the offer.
fn reasons(told: &[&Spoken], trade: Trade) -> Vec<Remark> {
    if !matches!(trade, Trade::HealthFood | Trade::Cosmetics) {
        return vec![];
    }
    let Some(offer) = told.iter().position(|l| discounted(l)) else { return vec![] };
    let before = |kind: StepKind| told[..offer].iter().any(|l| l.kind == kind);
    let remark = |id| Remark::of(id, "steps").at(&told[offer].step);
    let mut remarks = vec![];
    remarks.extend((!before(StepKind::Reason)).then(|| remark("M084")));
    remarks.extend((!before(StepKind::Objection)).then(|| remark("M083")));
    remarks
}
