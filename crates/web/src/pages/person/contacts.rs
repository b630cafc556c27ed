//! Contact persons of a company: added, changed, and with one tap in place, moved or retired.

use super::PersonPage;
use crate::fault::Fault;
use crate::pages::{Fields, back, field, signed};
use crate::site::Site;
use app::{ContactPerson, TypedContact};
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use model::{Day, PostState};

pub async fn save(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let text = |name: &str| field(&fields, name).to_owned();
    let typed = TypedContact {
        name: text("name"),
        department: text("department"),
        title: text("title"),
        mail: text("mail"),
        phone: text("phone"),
        since: day(field(&fields, "since"))?,
        met_on: day(field(&fields, "met_on"))?,
        met_at: text("met_at"),
        interests: text("interests"),
    };
    if typed.name.is_empty() {
        return Err(Fault::bad("担当の方のお名前を入れてください。", "Enter the contact person's name."));
    }
    let (contact, name) = (field(&fields, "contact").parse().ok(), by.clone());
    let saved = site.ask(move |app| app.save_contact(id, contact, &typed, &name)).await;
    saved.map_err(|_| {
        Fault::bad(
            "メールアドレスか電話番号の形をご確認ください。",
            "Check the mail address and the telephone number.",
        )
    })?;
    Ok(back(&format!("/customers/{id}"), "contact", Some(&by)))
}

/// One tap: still there, moved or retired, as of today.
pub async fn state(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let state = PostState::from_word(field(&fields, "state")).ok_or_else(|| {
        Fault::bad("在籍・異動・退職から選んでください。", "Choose in place, moved or retired.")
    })?;
    let (contact, next, name) =
        (field(&fields, "contact").parse().ok(), field(&fields, "next").to_owned(), by.clone());
    site.ask(move |app| app.contact_state(id, contact, state, &next, &name)).await?;
    let desk = field(&fields, "from") == "desk";
    let to = if desk { "/desk".to_owned() } else { format!("/customers/{id}") };
    Ok(back(&to, "contact", Some(&by)))
}

fn day(typed: &str) -> Result<Option<Day>, Fault> {
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| Fault::bad("日付の形をご確認ください。", "Check the date."))
}

impl PersonPage {
    pub(super) fn post_states(&self) -> &'static [PostState] {
        PostState::ALL
    }

    pub(super) fn here(&self, c: &ContactPerson) -> bool {
        c.state == PostState::InPlace
    }

    /// What is known of one, and what is not.
    pub(super) fn known_of(&self, c: &ContactPerson) -> [(&'static str, &'static str, String); 8] {
        let day = |day: Option<Day>| day.map(|day| self.s.day(day)).unwrap_or_default();
        [
            ("部署", "Department", c.department.clone()),
            ("役職", "Title", c.title.clone()),
            ("メール", "Mail", c.mail.clone()),
            ("電話", "Phone", c.phone.clone()),
            ("着任", "Since", day(c.since)),
            ("出会った日", "First met", day(c.met_on)),
            ("出会った場所", "Where", c.met_at.clone()),
            ("ご興味", "Interests", c.interests.clone()),
        ]
    }

    /// The fields of a form: name, label, kind, value.
    pub(super) fn contact_fields(
        &self,
        c: &ContactPerson,
    ) -> [(&'static str, &'static str, &'static str, String); 9] {
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let values = [
            c.name.clone(),
            c.department.clone(),
            c.title.clone(),
            c.mail.clone(),
            c.phone.clone(),
            day(c.since),
            day(c.met_on),
            c.met_at.clone(),
            c.interests.clone(),
        ];
        self.fields(values)
    }

    /// The same, blank.
    pub(super) fn new_contact_fields(&self) -> [(&'static str, &'static str, &'static str, String); 9] {
        self.fields(Default::default())
    }

    fn fields(&self, values: [String; 9]) -> [(&'static str, &'static str, &'static str, String); 9] {
        let fields = [
            ("name", self.s.t("お名前", "Name"), "text"),
            ("department", self.s.t("部署", "Department"), "text"),
            ("title", self.s.t("役職", "Title"), "text"),
            ("mail", self.s.t("メール", "Mail"), "email"),
            ("phone", self.s.t("電話", "Phone"), "tel"),
            ("since", self.s.t("着任の日", "Since"), "date"),
            ("met_on", self.s.t("出会った日", "First met"), "date"),
            ("met_at", self.s.t("出会った場所", "Where"), "text"),
            ("interests", self.s.t("ご興味", "Interests"), "text"),
        ];
        let mut values = values.into_iter();
        fields.map(|(name, label, kind)| (name, label, kind, values.next().unwrap_or_default()))
    }
}
