//! HubSpot: contacts.

use crate::field::Field::*;
use crate::format::{Format, col};
use model::Kind;

pub static FORMATS: &[Format] = &[Format {
    source: "hubspot",
    title: "HubSpot コンタクトCSV",
    kind: Kind::Contacts,
    signature: &["Record ID", "First Name", "Last Name"],
    columns: &[
        col("Record ID", Customer),
        col("First Name", Given),
        col("Last Name", Family),
        col("Email", Email),
        col("Mobile Phone Number", Phone),
        col("Phone Number", Phone),
        col("Associated Company", Company),
        col("Company Name", Company),
        col("Job Title", Title),
        col("Postal Code", Postal),
        col("Create Date", Registered),
    ],
    ..Format::PLAIN
}];
