//! A file of messages for a provider without an API: its columns as data, safe to open in a spreadsheet.

use super::provider::{Charset, SmsProvider};
use super::template::Filling;
use super::{SmsError, clean, is_mobile};
use clearance::{ClearedTouch, sms_size};
use encoding_rs::SHIFT_JIS;
use model::Channel;
use std::collections::BTreeMap;

/// One message of a file.
#[derive(Clone, Copy, Debug)]
pub struct SmsRow<'a> {
    pub touch: &'a ClearedTouch,
    pub text: &'a str,
    /// The same for every attempt at one touch.
    pub reference: &'a str,
}

/// The whole file, lines ended by CR LF. `settings`: a value for each setting the provider's columns use.
///
/// # Errors
/// `Row` (numbered from 1, the header not counted) for a number that takes no SMS, words that are too long, that the
/// charset has no characters for, or that a spreadsheet would read as a formula: nothing is changed on
/// its way, so such words must be changed by whoever wrote them.
pub fn sms_file(
    provider: &SmsProvider,
    settings: &BTreeMap<String, String>,
    rows: &[SmsRow<'_>],
) -> Result<Vec<u8>, SmsError> {
    let Some(file) = &provider.file else {
        return Err(SmsError::Provider { why: "it takes no files".to_owned() });
    };
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(vec![]);
    let broken = |row: usize, why: &str| SmsError::Row { row, why: why.to_owned() };
    if file.header {
        let names = file.columns.iter().map(|(name, _)| name.as_str());
        out.write_record(names).map_err(|_| broken(0, "header"))?;
    }
    for (at, row) in rows.iter().enumerate() {
        let bad = |why: &str| broken(at + 1, why);
        let national = row.touch.destination();
        if row.touch.channel() != Channel::Sms || !is_mobile(national) {
            return Err(bad("携帯電話の番号ではありません / not a mobile number"));
        }
        let (to, body) = (file.number.write(national), clean(row.text));
        let size = sms_size(&body, &provider.limits);
        if size.over || size.parts == 0 {
            return Err(bad("本文が空か、長すぎます / no words, or too long"));
        }
        let mut filling: Filling<'_> = settings.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        filling.extend([("to", to.as_str()), ("body", body.as_str()), ("reference", row.reference)]);
        let cells: Vec<String> = file.columns.iter().map(|(_, cell)| cell.fill(&filling)).collect();
        if cells.iter().any(|cell| formula(cell) && *cell != to) {
            return Err(bad(
                "表計算ソフトが数式と読む文字（= + - @）で始まっています / it begins as a formula does",
            ));
        }
        out.write_record(&cells).map_err(|_| bad("CSV"))?;
        // Row by row, so that the error can say which.
        if file.charset == Charset::Cp932 && cells.iter().any(|cell| SHIFT_JIS.encode(cell).2) {
            return Err(bad("Shift_JISにない文字があります / a character that Shift_JIS lacks"));
        }
    }
    let bytes = out.into_inner().map_err(|_| broken(rows.len(), "CSV"))?;
    Ok(match file.charset {
        Charset::Utf8 => bytes,
        Charset::Utf8Bom => [b"\xEF\xBB\xBF".as_slice(), &bytes].concat(),
        Charset::Cp932 => SHIFT_JIS.encode(&String::from_utf8_lossy(&bytes)).0.into_owned(),
    })
}

/// Whether a spreadsheet would take it for a formula.
fn formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}
