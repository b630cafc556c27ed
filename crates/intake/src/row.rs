//! One row of a file, asked by field instead of by column.

use crate::field::{Combine, Field};
use crate::input::Record;
use crate::normal::contact;
use crate::plan::Plan;
use std::borrow::Cow;

/// A row under the plan of its file. A format's hook may overwrite fields.
pub struct Row<'a> {
    record: &'a Record<'a>,
    plan: &'a Plan,
    set: Vec<(Field, String)>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(record: &'a Record<'a>, plan: &'a Plan) -> Row<'a> {
        let mut row = Row { record, plan, set: Vec::new() };
        if let Some(hook) = plan.hook {
            hook(&mut row);
        }
        row
    }

    /// The cell of a field, without surrounding blanks and Excel's apostrophe; "" where there is none.
    pub fn get(&self, field: Field) -> Cow<'_, str> {
        if let Some((_, text)) = self.set.iter().rev().find(|(f, _)| *f == field) {
            return Cow::Borrowed(text);
        }
        let slots = self.plan.slots(field);
        match (slots, field.combine()) {
            ([], _) => Cow::Borrowed(""),
            ([one], _) => Cow::Borrowed(clean(self.record.get(*one))),
            (_, Combine::Join) => Cow::Owned(self.joined(field, slots)),
            _ => Cow::Borrowed(self.cells(field).next().unwrap_or_default()),
        }
    }

    /// Overwrites a field for this row, whatever its columns say.
    pub fn set(&mut self, field: Field, text: String) {
        self.set.push((field, text));
    }

    /// The cell under a header (as the source writes it, first of that name), mapped or not.
    pub fn column(&self, header: &str) -> &str {
        self.plan.index_of(header).map(|i| clean(self.record.get(i))).unwrap_or_default()
    }

    /// Whether the file has a column for this field.
    pub fn has(&self, field: Field) -> bool {
        !self.plan.slots(field).is_empty() || self.set.iter().any(|(f, _)| *f == field)
    }

    /// Line in the file, counted from 1.
    pub fn line(&self) -> u64 {
        self.record.line
    }

    /// Every cell of a field that is not blank.
    pub(crate) fn cells(&self, field: Field) -> impl Iterator<Item = &str> {
        let set = self.set.iter().rev().find(|(f, _)| *f == field);
        let slots = if set.is_some() { &[][..] } else { self.plan.slots(field) };
        set.map(|(_, text)| text.as_str())
            .into_iter()
            .chain(slots.iter().map(|i| clean(self.record.get(*i))))
            .filter(|cell| !cell.is_empty())
    }

    fn joined(&self, field: Field, slots: &[usize]) -> String {
        let parts = || slots.iter().map(|i| clean(self.record.get(*i))).collect::<Vec<_>>();
        match field {
            Field::PostalPart => return contact::postal_of_parts(&parts()),
            Field::PhonePart => return contact::phone_of_parts(&parts()),
            _ => {}
        }
        let gap = matches!(field, Field::Address | Field::Variant);
        let mut text = String::new();
        for cell in slots.iter().map(|i| clean(self.record.get(*i))).filter(|c| !c.is_empty()) {
            if gap && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(cell);
        }
        text
    }
}

/// Without surrounding blanks, and without what Excel puts around text: `'0123`, `="0123"`.
fn clean(cell: &str) -> &str {
    let cell = cell.trim();
    if let Some(rest) = cell.strip_prefix('\'') {
        return rest.trim_start();
    }
    cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell)
}
