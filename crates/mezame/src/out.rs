//! How answers look: tables for people, JSON for machines.

use comfy_table::{CellAlignment, Table, presets};
use model::{Day, Money};
use serde::Serialize;
use std::io::Write;

/// Whom the answer is for.
#[derive(Clone, Copy)]
pub struct Talk {
    pub json: bool,
    pub english: bool,
}

impl Talk {
    /// The Japanese, or the English beside it.
    pub fn say<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        if self.english { en } else { ja }
    }

    /// That it was done, where there is nothing else to tell.
    pub fn noted(&self, ja: &str, en: &str) -> anyhow::Result<()> {
        match self.json {
            true => self.value(&serde_json::json!({ "done": true })),
            false => self.line(self.say(ja, en)),
        }
    }

    /// A line on standard output.
    pub fn line(&self, text: &str) -> anyhow::Result<()> {
        Ok(writeln!(std::io::stdout().lock(), "{text}")?)
    }

    /// A value as JSON on standard output.
    pub fn value<T: Serialize>(&self, value: &T) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, value)?;
        Ok(writeln!(out)?)
    }

    /// An amount with its unit.
    pub fn money(&self, amount: Money, currency: &str) -> String {
        let (units, cents) = (amount.0 / 100, (amount.0 % 100).unsigned_abs());
        let cents = if cents == 0 { String::new() } else { format!(".{cents:02}") };
        let sign = if amount.0 < 0 && units == 0 { "-" } else { "" };
        format!("{sign}{}{cents}{currency}", grouped(units))
    }

    /// A count of people with its unit.
    pub fn people(&self, n: u64) -> String {
        if self.english { grouped(n as i64) } else { format!("{}人", grouped(n as i64)) }
    }
}

/// 1234567 -> 1,234,567.
pub fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if n < 0 { format!("-{text}") } else { text }
}

/// 2026/11/21, or - where there is none.
pub fn day(day: Option<Day>) -> String {
    day.map_or_else(
        || "-".to_owned(),
        |d| {
            let (y, m, d) = d.ymd();
            format!("{y}/{m:02}/{d:02}")
        },
    )
}

/// A plain table; `right` names the columns whose figures stand right.
pub fn table(header: &[&str], right: &[usize], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header.to_vec());
    for row in rows {
        table.add_row(row);
    }
    for &column in right {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

/// Terminal text without the characters that move the cursor or change colours:
/// a customer's name is whatever somebody typed.
pub fn safe(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_names() {
        let ja = Talk { json: false, english: false };
        assert_eq!(ja.money(Money::units(1_234_567), "円"), "1,234,567円");
        assert_eq!(ja.money(Money(-1_177), "円"), "-11.77円");
        assert_eq!(ja.money(Money(-5), "円"), "-0.05円");
        assert_eq!(ja.people(16_289), "16,289人");
        assert_eq!(safe("\u{1b}[31m赤"), "\u{FFFD}[31m赤");
    }
}
