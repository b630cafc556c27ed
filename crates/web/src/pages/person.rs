//! One customer: the life as a picture, the state and why, what may be done.

mod cadence;
mod contacts;
mod notes;

use super::ahead::Ahead;
use super::customers::honoured;
use super::{Fields, back, field, signed};
use crate::fault::Fault;
use crate::pictures::{Life, Rhythm, Width, life, mark, range, ruler, track, usual};
use crate::record;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{Happening, NextGoods, PersonReasons, PersonTouch, PersonView};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use axum::routing::{get, post};
use model::{Channel, Day, Money, NoteKind, Outlook, ReasonSource, StopReason};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/customers/{id}", get(person))
        .route("/customers/{id}/stops", post(stop))
        .route("/customers/{id}/newsletter", post(cadence::newsletter))
        .route("/customers/{id}/mourning", post(cadence::mourn))
        .route("/customers/{id}/mourning/{mourning}/lift", post(cadence::lift))
        .route("/customers/{id}/stops/{stop}/lift", post(lift))
        .route("/customers/{id}/contacts", post(contacts::save))
        .route("/customers/{id}/contacts/state", post(contacts::state))
        .route("/customers/{id}/notes", post(notes::add))
        .route("/customers/{id}/notes/{note}/strike", post(notes::strike))
        .route("/customers/{id}/merges/{merge}/undo", post(undo))
}

/// Happenings on a page of the timeline.
const FIRST: usize = 40;
/// Letters shown, the newest first.
const LETTERS: usize = 20;

/// What can be chosen by hand: the four stops of M161, then the others.
const STOPS: [StopReason; 10] = [
    StopReason::MailOptOut,
    StopReason::PostStop,
    StopReason::PhoneRefusal,
    StopReason::Withdrawn,
    StopReason::SmsOptOut,
    StopReason::LineBlock,
    StopReason::AdsOptOut,
    StopReason::Complaint,
    StopReason::BadAddress,
    StopReason::Excluded,
];

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    s: Shell,
    p: PersonView,
    life: [String; 2],
    ruler: [String; 2],
    usual: Option<(f64, f64)>,
    timeline: Vec<Happening>,
    kinds: Vec<&'static (&'static str, &'static str, &'static str)>,
    page: usize,
    hidden: usize,
    letters: Vec<PersonTouch>,
    ahead: Ahead,
    reasons: PersonReasons,
    next: Option<NextGoods>,
}

async fn person(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let (found, letters, reasons) =
        site.ask(move |app| Ok((app.person(id)?, app.touches_of(id, LETTERS)?, app.reasons_of(id)?))).await?;
    let p = found.ok_or(Fault::Missing)?;
    record::looked(&site, &s, p.row.customer);
    let ahead = site.ask(move |app| Ahead::of(app, id)).await?;
    let next = site.ask(move |app| Ok(app.next_goods(&[id])?.remove(&id))).await?;
    let told: Vec<(Day, Money, String)> = p
        .orders
        .iter()
        .filter(|o| o.counts)
        .map(|o| (o.day, o.total - o.refunded, format!("{} {}", s.day(o.day), s.yen(o.total - o.refunded))))
        .collect();
    let gaps = gaps(told.iter().map(|o| o.0).collect());
    let usual = usual(&gaps);
    let (row, judged) = (&p.row, &p.row.judgement);
    let picture = Life {
        orders: &told,
        today: p.as_of,
        state: judged.state,
        dormant: judged.dormant_line,
        usual,
        next: row.outlook.map(|o| o.next_order),
        stock: row.outlook.and_then(|o| o.stock_until),
        lang: s.lang,
    };
    let rhythm = row.days_silent.map(|silent| Rhythm {
        gaps: &gaps,
        usual,
        median: row.history.gap_median,
        silent,
        at_risk: judged.at_risk_line,
        dormant: judged.dormant_line,
        state: judged.state,
        lang: s.lang,
    });
    let measured = |width| rhythm.as_ref().map(|r| ruler(r, width)).unwrap_or_default();
    let show = s.query.get("show");
    let kinds = app::DOINGS.iter().filter(|(kind, ..)| p.timeline.iter().any(|x| x.kind == *kind));
    let kinds: Vec<&'static (&str, &str, &str)> = kinds.collect();
    let of_kind = p.timeline.iter().filter(|x| show.is_empty() || x.kind == show);
    let total = of_kind.clone().count();
    let page = usize::try_from(s.query.number("page").unwrap_or(0)).unwrap_or(0);
    let timeline: Vec<Happening> = of_kind.skip(page.saturating_mul(FIRST)).take(FIRST).cloned().collect();
    let hidden = total.saturating_sub(page.saturating_add(1).saturating_mul(FIRST));
    render(&PersonPage {
        life: [life(&picture, Width::Desk), life(&picture, Width::Phone)],
        ruler: [measured(Width::Desk), measured(Width::Phone)],
        usual,
        timeline,
        kinds,
        page,
        hidden,
        letters,
        ahead,
        reasons,
        next,
        s,
        p,
    })
}

/// Days between different days with an order.
fn gaps(mut days: Vec<Day>) -> Vec<i32> {
    days.sort_unstable();
    days.dedup();
    days.windows(2).map(|pair| pair[1].since(pair[0])).collect()
}

impl PersonPage {
    fn name(&self) -> String {
        honoured(&self.p.row, &self.s)
    }

    fn mark(&self) -> String {
        mark(self.p.row.judgement.state)
    }

    /// When a letter left, or is due.
    fn when(&self, letter: &PersonTouch) -> String {
        self.s.moment(letter.stored.settled.unwrap_or(letter.stored.touch.due))
    }

    fn note_kinds(&self) -> &'static [NoteKind] {
        NoteKind::ALL
    }

    /// Where a customer may have said why.
    fn sources(&self) -> &'static [ReasonSource] {
        &[
            ReasonSource::Note,
            ReasonSource::Call,
            ReasonSource::Inquiry,
            ReasonSource::Survey,
            ReasonSource::Review,
        ]
    }

    fn stop_reasons(&self) -> &'static [StopReason] {
        &STOPS
    }

    fn show(&self, kind: &str) -> String {
        self.s.query.with("show", kind).without(&["page", "done"]).on(&self.s.path) + "#timeline"
    }

    /// The timeline's page that many further on, or back.
    fn at_page(&self, page: usize) -> String {
        self.s.query.with("page", &page.to_string()).without(&["done"]).on(&self.s.path) + "#timeline"
    }

    fn shows(&self, kind: &str) -> bool {
        self.s.query.get("show") == kind
    }

    /// The mean order in hundredths.
    fn mean_order(&self) -> Option<Money> {
        let h = &self.p.row.history;
        (h.n_orders > 0).then(|| Money(h.spend.0 / i64::from(h.n_orders) / 100 * 100))
    }

    /// The probability with its interval as a bar, and the share at the right end of it.
    fn chance(&self, o: &Outlook) -> (String, f64) {
        let end = track([o.p_high].into_iter());
        (range((o.p_low, o.p_return, o.p_high), end), end)
    }

    /// How late the next order is as of today; negative before it is due.
    fn overdue(&self, o: &Outlook) -> i32 {
        o.overdue(self.p.as_of)
    }

    fn stock_left(&self, o: &Outlook) -> Option<i32> {
        o.stock_left(self.p.as_of)
    }

    /// What somebody may ask for.
    fn cadences(&self) -> &'static [model::Cadence] {
        use model::Cadence::{Monthly, Stopped, Weekly};
        &[Weekly, Monthly, Stopped]
    }

    /// What a stop closes.
    fn closes(&self, stop: &Option<Channel>) -> &'static str {
        match stop {
            Some(channel) => self.s.t(channel.ja(), channel.en()),
            None => self.s.t("すべての連絡", "every channel"),
        }
    }
}

async fn stop(With(site): With<Site>, Path(id): Path<i64>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let reason = StopReason::from_word(field(&fields, "reason"))
        .ok_or_else(|| Fault::bad("停止の理由を選んでください。", "Choose the reason of the stop."))?;
    let note = field(&fields, "note").to_owned();
    let name = by.clone();
    site.ask(move |app| app.suppress(id, reason.channel(), reason, &note, &name)).await?;
    Ok(back(&format!("/customers/{id}"), "stopped", Some(&by)))
}

async fn lift(
    With(site): With<Site>,
    Path((id, stop)): Path<(i64, i64)>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let why = field(&fields, "why").to_owned();
    if why.is_empty() {
        return Err(Fault::bad(
            "解除の理由を入れてください。たとえば「本人から再開の申し出 11/21」。",
            "Enter why it is lifted, such as \"asked for it on 21 Nov\".",
        ));
    }
    let name = by.clone();
    site.ask(move |app| app.lift(stop, &name, &why)).await?;
    Ok(back(&format!("/customers/{id}"), "lifted", Some(&by)))
}

async fn undo(
    With(site): With<Site>,
    Path((id, merge)): Path<(i64, i64)>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let name = by.clone();
    site.ask(move |app| app.undo_merge(merge, &name)).await?;
    Ok(back(&format!("/customers/{id}"), "undone", Some(&by)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_of_one_day_make_no_gap() {
        assert_eq!(gaps([10, 0, 10, 40].map(Day).to_vec()), [10, 30]);
        assert_eq!(gaps(vec![Day(3)]), Vec::<i32>::new());
    }
}
