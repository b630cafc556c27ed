//! Which encoding a file is in, told from its bytes.

use super::SAMPLE;
use super::origin::Input;
use crate::error::Error;
use std::io::Read;

/// The encodings Japanese shop systems write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    Utf8,
    Utf8Bom,
    Cp932,
    EucJp,
    Utf16Le,
    Utf16Be,
    Excel,
}

impl Encoding {
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Bom => "UTF-8 BOM",
            Encoding::Cp932 => "CP932",
            Encoding::EucJp => "EUC-JP",
            Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
            Encoding::Excel => "xlsx",
        }
    }

    /// `None` for the two that need no decoding.
    pub fn decoder(self) -> Option<encoding_rs::Decoder> {
        let encoding = match self {
            Encoding::Utf8 | Encoding::Utf8Bom | Encoding::Excel => return None,
            Encoding::Cp932 => encoding_rs::SHIFT_JIS,
            Encoding::EucJp => encoding_rs::EUC_JP,
            Encoding::Utf16Le => encoding_rs::UTF_16LE,
            Encoding::Utf16Be => encoding_rs::UTF_16BE,
        };
        Some(encoding.new_decoder_with_bom_removal())
    }
}

/// Looks at the first MiB; where that is plain ASCII, at the first part that is not.
pub(crate) fn detect(input: &Input) -> Result<Encoding, Error> {
    let (mut reader, _) = input.open()?;
    let mut sample = Vec::new();
    let mut first = true;
    loop {
        sample.clear();
        let n =
            reader.by_ref().take(SAMPLE as u64).read_to_end(&mut sample).map_err(|e| input.unreadable(&e))?;
        if first {
            if n == 0 {
                return Err(Error::damaged(&input.label, None, "is empty", "Export it again."));
            }
            if let Some(known) = by_mark(input, &sample)? {
                return Ok(known);
            }
            first = false;
        }
        if n == 0 {
            return Ok(Encoding::Utf8);
        }
        if !sample.is_ascii() {
            // A character cut by the block's edge is no evidence: begin behind a line end.
            let from = sample.iter().position(|b| *b < 0x80).unwrap_or(0);
            return by_content(input, &sample[from..]);
        }
    }
}

fn by_mark(input: &Input, sample: &[u8]) -> Result<Option<Encoding>, Error> {
    if input.excel {
        return Ok(Some(Encoding::Excel));
    }
    let marks: [(&[u8], Encoding); 3] = [
        (&[0xef, 0xbb, 0xbf], Encoding::Utf8Bom),
        (&[0xff, 0xfe], Encoding::Utf16Le),
        (&[0xfe, 0xff], Encoding::Utf16Be),
    ];
    if let Some((_, known)) = marks.iter().find(|(mark, _)| sample.starts_with(mark)) {
        return Ok(Some(*known));
    }
    let Some(at) = sample.iter().take(4096).position(|b| *b == 0) else { return Ok(None) };
    // UTF-16 without a mark: every other byte of ASCII is NUL, on one side only.
    let head = &sample[..sample.len().min(512) & !1];
    let nuls = |side: usize| head.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
    match (nuls(0), nuls(1), head.len() / 2) {
        (0, odd, all) if odd * 2 > all => Ok(Some(Encoding::Utf16Le)),
        (even, 0, all) if even * 2 > all => Ok(Some(Encoding::Utf16Be)),
        _ => {
            let line = 1 + sample[..at].iter().filter(|b| **b == b'\n').count() as u64;
            let what = "holds NUL bytes: it is a binary file or a damaged one";
            Err(Error::damaged(&input.label, Some(line), what, "Export the table as CSV or .xlsx."))
        }
    }
}

fn by_content(input: &Input, sample: &[u8]) -> Result<Encoding, Error> {
    match std::str::from_utf8(sample) {
        Ok(_) => return Ok(Encoding::Utf8),
        // Only the last character is cut.
        Err(e) if e.error_len().is_none() => return Ok(Encoding::Utf8),
        // Mostly UTF-8 with damage further down: reading it says where.
        Err(e) if sample[..e.valid_up_to()].iter().filter(|b| **b >= 0x80).count() > 60 => {
            return Ok(Encoding::Utf8);
        }
        Err(_) => {}
    }
    let others = sample.iter().filter(|b| **b < 0x20 && !b"\t\r\n\x1b\x0c".contains(b)).count();
    let (cp932, euc) = (errors(encoding_rs::SHIFT_JIS, sample), errors(encoding_rs::EUC_JP, sample));
    let high = sample.iter().filter(|b| **b >= 0x80).count();
    if others * 20 > sample.len() || cp932.min(euc) * 20 > high {
        let what = "is neither UTF-8, CP932 (Shift_JIS), EUC-JP nor UTF-16: binary, or another encoding";
        return Err(Error::damaged(&input.label, None, what, "Export it again, or save it as UTF-8."));
    }
    match (cp932, euc) {
        (0, 0) => Ok(guess(sample)),
        _ if euc < cp932 => Ok(Encoding::EucJp),
        _ => Ok(Encoding::Cp932),
    }
}

/// Both decode without an error: EUC-JP often reads as half-width kana of CP932.
fn guess(sample: &[u8]) -> Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let found = detector.guess(Some(b"jp"), chardetng::Utf8Detection::Deny);
    if found == encoding_rs::EUC_JP { Encoding::EucJp } else { Encoding::Cp932 }
}

fn errors(encoding: &'static encoding_rs::Encoding, sample: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = vec![0_u8; 64 << 10];
    let (mut at, mut count) = (0, 0);
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(&sample[at..], &mut out, false);
        at += read;
        match result {
            encoding_rs::DecoderResult::InputEmpty => return count,
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(..) => count += 1,
        }
    }
}
