//! Single facts as a person types them on a page, cleaned as a file's cells are.

use crate::normal::{contact, place, text};
use model::Phone;

/// A mail address; `Ok(None)` for blank. Fails with what is wrong with it.
pub fn mail(typed: &str) -> Result<Option<String>, &'static str> {
    contact::email(typed)
}

/// The first telephone number; `Ok(None)` for blank.
pub fn phone(typed: &str) -> Result<Option<Phone>, &'static str> {
    Ok(contact::phones(typed)?.into_iter().next())
}

/// Seven digits; `Ok(None)` for blank.
pub fn postal(typed: &str) -> Result<Option<String>, &'static str> {
    contact::postal(typed)
}

/// An address as prefecture and what follows it.
pub fn place(typed: &str) -> (Option<String>, Option<String>) {
    place::split("", typed.trim())
}

/// The digits alone, half width.
pub fn digits(typed: &str) -> String {
    text::width(typed).chars().filter(char::is_ascii_digit).collect()
}
