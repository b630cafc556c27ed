//! Lists on their way out: CSV, xlsx, Parquet, JSON, safe in a spreadsheet.

use crate::{
    App, Board, Cell, ListQuery, ListRow, MonthRow, OrderView, PairView, PersonView, RecordView, StopView,
};
use anyhow::{Context, Result, bail};
use model::{Day, Money, Outlook};
use serde_json::{Map, Value, json};
use std::io::Write;

/// The file to write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExportFormat {
    /// UTF-8 with BOM, or CP932.
    Csv {
        cp932: bool,
    },
    Xlsx,
    Parquet,
    Json,
}

/// The published columns of a list file, in order.
const HEADER: [&str; 17] = [
    "customer",
    "source_ids",
    "name",
    "state",
    "stage",
    "first_order",
    "last_order",
    "days_silent",
    "n_orders",
    "spend",
    "own_cycle_days",
    "reason",
    "company",
    "prefecture",
    "dormant_line",
    "since",
    "silent_category",
];

/// Rows per page while a list streams out.
const PAGE: usize = 5_000;

impl App {
    /// Writes the whole list that `query` finds (its paging is ignored); returns the rows written.
    pub fn export(
        &self,
        query: &ListQuery,
        format: ExportFormat,
        english: bool,
        out: &mut (dyn Write + Send),
    ) -> Result<u64> {
        match format {
            ExportFormat::Parquet => self.export_parquet(query, out),
            ExportFormat::Xlsx => self.export_xlsx(query, english, out),
            ExportFormat::Csv { cp932 } => self.export_csv(query, english, cp932, out),
            ExportFormat::Json => {
                json_list(out, |item| self.each_row(query, &mut |row| item(&row_json(row, english))))
            }
        }
    }

    /// Every row of the list, page by page, so that memory does not grow with it.
    fn each_row(&self, query: &ListQuery, each: &mut dyn FnMut(&ListRow) -> Result<()>) -> Result<u64> {
        let mut found = self.find_rows(query)?;
        let mut written = 0;
        while let Some(rows) = found.next(PAGE)? {
            for row in &rows {
                each(row)?;
            }
            written += rows.len() as u64;
        }
        Ok(written)
    }

    fn export_csv(
        &self,
        query: &ListQuery,
        english: bool,
        cp932: bool,
        out: &mut (dyn Write + Send),
    ) -> Result<u64> {
        if !cp932 {
            out.write_all(b"\xEF\xBB\xBF")?;
        }
        let mut line = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        line.write_record(HEADER)?;
        let rows = self.each_row(query, &mut |row| {
            line.write_record(as_text(row, english).iter().map(|cell| inert(cell)))?;
            if line.get_ref().len() > 1 << 16 {
                line.flush()?;
                drain(&mut line, cp932, out)?;
            }
            Ok(())
        })?;
        line.flush()?;
        drain(&mut line, cp932, out)?;
        Ok(rows)
    }

    fn export_xlsx(&self, query: &ListQuery, english: bool, out: &mut (dyn Write + Send)) -> Result<u64> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name("customers")?.set_freeze_panes(1, 0)?;
        for (column, title) in HEADER.iter().enumerate() {
            sheet.write_string(0, column as u16, *title)?;
        }
        let mut line = 0u32;
        let rows = self.each_row(query, &mut |row| {
            line += 1;
            if line > 1_048_575 {
                bail!("an Excel sheet holds 1,048,575 rows: narrow the list, or export CSV or Parquet");
            }
            let cells = row_json(row, english);
            for (column, title) in HEADER.iter().enumerate() {
                match &cells[*title] {
                    Value::Number(n) => {
                        sheet.write_number(line, column as u16, n.as_f64().unwrap_or_default())?
                    }
                    Value::Null => sheet,
                    Value::String(text) => sheet.write_string(line, column as u16, text)?,
                    other => sheet.write_string(line, column as u16, joined(other))?,
                };
            }
            Ok(())
        })?;
        out.write_all(&book.save_to_buffer().context("writing the Excel file")?)?;
        Ok(rows)
    }

    fn export_parquet(&self, query: &ListQuery, out: &mut (dyn Write + Send)) -> Result<u64> {
        let snapshot = self.judged()?;
        let selection = self.selected(&snapshot, &self.whole_condition(query)?, &query.search)?;
        history::write_parquet(&snapshot, &selection, out)?;
        Ok(selection.len() as u64)
    }
}

/// Writes a list of objects, one a line, as `tell` hands them over.
pub(crate) fn json_list<T>(
    out: &mut (dyn Write + Send),
    tell: impl FnOnce(&mut dyn FnMut(&Value) -> Result<()>) -> Result<T>,
) -> Result<T> {
    let mut before: &[u8] = b"[\n";
    let told = tell(&mut |value| {
        out.write_all(std::mem::replace(&mut before, b",\n"))?;
        Ok(serde_json::to_writer(&mut *out, value)?)
    })?;
    out.write_all(if before == b"[\n" { b"[\n]\n" } else { b"\n]\n" })?;
    Ok(told)
}

/// One customer as `customers --json` shows them.
pub fn row_json(row: &ListRow, english: bool) -> Value {
    let h = &row.history;
    let j = &row.judgement;
    let cycle = (h.n_gaps > 0).then_some(h.gap_median);
    json!({
        "customer": row.customer,
        "source_ids": row.source_ids.iter().map(|(s, id)| format!("{s}:{id}")).collect::<Vec<_>>(),
        "name": row.name,
        "state": j.state.word(),
        "stage": j.stage.word(),
        "first_order": h.first_order,
        "last_order": h.last_order,
        "days_silent": row.days_silent,
        "n_orders": h.n_orders,
        "spend": plain(h.spend),
        "own_cycle_days": cycle,
        "reason": if english { &row.reason_en } else { &row.reason_ja },
        "company": row.company,
        "prefecture": row.prefecture,
        "dormant_line": row.days_silent.map(|_| j.dormant_line),
        "since": j.since,
        "silent_category": j.silent_category.word(),
        "outlook": row.outlook.map(|o| outlook_json(&o, row.as_of)),
    })
}

/// Amounts in units of the currency; `stock_days` is null where nothing is known or left.
fn outlook_json(o: &Outlook, as_of: Day) -> Value {
    json!({
        "p_return": o.p_return,
        "p_low": o.p_low,
        "p_high": o.p_high,
        "value_if_returns": plain(o.value_if_returns),
        "value": plain(o.value()),
        "next_order": o.next_order,
        "overdue_days": o.overdue(as_of),
        "stock_days": o.stock_left(as_of),
    })
}

/// A list row as the lines of a file: the same columns, as text.
fn as_text(row: &ListRow, english: bool) -> Vec<String> {
    let cells = row_json(row, english);
    HEADER.iter().map(|title| joined(&cells[*title])).collect()
}

pub(crate) fn joined(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(joined).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    }
}

/// The board's published form.
pub fn board_json(board: &Board) -> Value {
    let counts =
        |cells: &[Cell]| cells.iter().map(|c| (c.word.clone(), json!(c.customers))).collect::<Map<_, _>>();
    let month = |m: &MonthRow| {
        let (year, month, _) = m.month.ymd();
        json!({
            "month": format!("{year:04}-{month:02}"), "opening": m.opening, "new": m.new,
            "reactivated": m.reactivated, "lapsed": m.lapsed, "closing": m.closing,
        })
    };
    json!({
        "as_of": board.as_of,
        "policy": { "name": board.policy, "version": board.policy_version },
        "customers": board.customers,
        "states": counts(&board.states),
        "stages": counts(&board.stages),
        "newly_dormant": board.newly_dormant.customers,
        "long_dormant": board.long_dormant.customers,
        "silent_categories": counts(&board.silent),
        "types": counts(&board.types),
        "cpm": counts(&board.cpm),
        "segments": board.segments.iter().map(|c| json!({ "name": c.word, "customers": c.customers })).collect::<Vec<_>>(),
        "movement": board.movement.iter().map(month).collect::<Vec<_>>(),
    })
}

/// One customer's page as `customer --json` shows it.
pub fn person_json(person: &PersonView, english: bool) -> Value {
    let mut all = row_json(&person.row, english);
    let pair = |p: &PairView| {
        json!({
            "id": p.id, "customer": p.other_customer, "record": p.other_record, "source": p.other_source,
            "name": p.other_name, "facts": p.facts_en, "conflict": p.conflict, "by": p.by, "at": p.at,
        })
    };
    let order = |o: &OrderView| {
        let line = |l: &(String, String, i64, Money)| json!({ "name": l.0, "category": l.1, "quantity": l.2, "price": plain(l.3) });
        json!({
            "source": o.source, "order": o.ext_id, "day": o.day, "total": plain(o.total), "refunded": plain(o.refunded),
            "standing": o.standing_en, "counts": o.counts, "gift": o.gift, "lines": o.lines.iter().map(line).collect::<Vec<_>>(),
        })
    };
    let record = |r: &RecordView| {
        json!({
            "record": r.id, "source": r.source, "id": r.ext_id, "name": r.name, "kana": r.kana, "company": r.company,
            "email": r.email, "phones": r.phones, "postal": r.postal, "address": r.address, "birthday": r.birthday, "mall": r.mall,
        })
    };
    let stop = |s: &StopView| json!({ "id": s.id, "channel": s.channel, "reason": s.reason, "on": s.on, "source": s.source, "note": s.note });
    let activity = |a: &model::Activity| json!({ "kind": a.kind, "day": a.day, "note": a.note });
    all["as_of"] = json!(person.as_of);
    all["channels"] = json!(person.channels);
    all["records"] = person.records.iter().map(record).collect();
    all["orders"] = person.orders.iter().map(order).collect();
    all["activities"] = person.activities.iter().map(activity).collect();
    all["contacts"] = json!(person.contacts);
    all["timeline"] = json!(person.timeline);
    all["engagement"] = json!(person.engagement);
    let address = |r: &crate::Reachability| json!({ "channel": r.channel, "standing": r.standing, "at": r.at, "evidence": r.evidence_en });
    all["reachability"] = person.reachability.iter().map(address).collect();
    all["subscriptions"] = json!(person.subscriptions);
    all["stops"] = person.stops.iter().map(stop).collect();
    all["merges"] = person.merges.iter().map(pair).collect();
    all["suggestions"] = person.suggestions.iter().map(pair).collect();
    all
}

/// Whole units as an integer, cents as a fraction.
pub(crate) fn plain(amount: Money) -> Value {
    if amount.0 % 100 == 0 { json!(amount.0 / 100) } else { json!(amount.as_f64()) }
}

/// The cell with a quote in front where a spreadsheet would run it as a formula (CWE-1236).
pub(crate) fn inert(cell: &str) -> String {
    let risky = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠');
    let number = cell.parse::<f64>().is_ok();
    if !number && cell.starts_with(risky) { format!("'{cell}") } else { cell.to_owned() }
}

/// Sends the lines written so far on, in the asked encoding, and empties the buffer.
fn drain(line: &mut csv::Writer<Vec<u8>>, cp932: bool, out: &mut (dyn Write + Send)) -> Result<()> {
    let fresh = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let bytes = std::mem::replace(line, fresh).into_inner().context("finishing a line")?;
    if !cp932 {
        return Ok(out.write_all(&bytes)?);
    }
    let text = String::from_utf8(bytes)?;
    out.write_all(&to_cp932(&text))?;
    Ok(())
}

/// CP932; what it cannot write becomes 〓, the trade's mark for a missing glyph, never a silent "?".
pub(crate) fn to_cp932(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(text);
    if !lossy {
        return bytes.into_owned();
    }
    let one = |c: char| {
        let mut buffer = [0; 4];
        let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(c.encode_utf8(&mut buffer));
        if lossy { vec![0x81, 0xAC] } else { bytes.into_owned() }
    };
    text.chars().flat_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_inert_and_numbers_stay() {
        for (cell, shown) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("@SUM", "'@SUM"),
            ("+81", "+81"),
            ("-12.5", "-12.5"),
            ("-x", "'-x"),
            ("＝1+1", "'＝1+1"),
            ("山田 太郎", "山田 太郎"),
        ] {
            assert_eq!(inert(cell), shown);
        }
    }

    #[test]
    fn an_outlook_is_in_units_of_money_and_days_from_the_list() {
        let outlook = Outlook {
            p_return: 0.25,
            p_low: 0.125,
            p_high: 0.5,
            value_if_returns: Money(1_000_150),
            next_order: Day(20_000),
            stock_until: Some(Day(20_006)),
            peers_back: 0.75,
        };
        let expected = json!({
            "p_return": 0.25, "p_low": 0.125, "p_high": 0.5, "value_if_returns": 10001.5, "value": 2500.38,
            "next_order": "2024-10-04", "overdue_days": 4, "stock_days": 2,
        });
        assert_eq!(outlook_json(&outlook, Day(20_004)), expected);
        assert_eq!(outlook_json(&outlook, Day(20_006))["stock_days"], Value::Null, "all used up");
    }

    #[test]
    fn cp932_marks_what_it_cannot_write() {
        let bytes = to_cp932("髙﨑𠮷");
        let (text, _, broken) = encoding_rs::SHIFT_JIS.decode(&bytes);
        assert_eq!((text.as_ref(), broken), ("髙﨑〓", false));
    }
}
