//! PostgreSQL's binary COPY, both ways, for BIGINT, TEXT and DOUBLE PRECISION.
//! Format: PostgreSQL manual, "COPY", section "Binary Format".

use super::V;
use super::value::without_nul;
use crate::{Error, Result};
use postgres::{CopyInWriter, CopyOutReader};
use std::io::{BufRead, Read, Write};

const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";

/// Sends rows of `width` values.
pub(super) fn write(mut to: CopyInWriter<'_>, width: usize, values: &[V]) -> Result<()> {
    let mut buffer = Vec::with_capacity(1 << 16);
    buffer.extend_from_slice(SIGNATURE);
    buffer.extend_from_slice(&[0; 8]); // flags, header extension
    for row in values.chunks_exact(width) {
        buffer.extend_from_slice(&(width as i16).to_be_bytes());
        for value in row {
            push(&mut buffer, value);
        }
        if buffer.len() > 1 << 16 {
            to.write_all(&buffer)?;
            buffer.clear();
        }
    }
    buffer.extend_from_slice(&(-1i16).to_be_bytes());
    to.write_all(&buffer)?;
    to.finish()?;
    Ok(())
}

fn push(buffer: &mut Vec<u8>, value: &V) {
    let mut sized = |bytes: &[u8]| {
        buffer.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
        buffer.extend_from_slice(bytes);
    };
    match value {
        V::Int(Some(v)) => sized(&v.to_be_bytes()),
        V::Real(Some(v)) => sized(&v.to_be_bytes()),
        V::Text(Some(v)) => sized(without_nul(v).as_bytes()),
        V::Int(None) | V::Real(None) | V::Text(None) => buffer.extend_from_slice(&(-1i32).to_be_bytes()),
    }
}

/// Reads rows of `N` BIGINT columns; NULL is `None`.
pub(super) fn read_ints<const N: usize>(
    from: CopyOutReader<'_>,
    mut each: impl FnMut(&[Option<i64>; N]) -> Result<()>,
) -> Result<()> {
    let mut from = std::io::BufReader::with_capacity(1 << 16, from);
    let mut head = [0; 19];
    from.read_exact(&mut head)?;
    let bad = || Error::Content("an answer of COPY".to_owned());
    if !head.starts_with(SIGNATURE) {
        return Err(bad());
    }
    let mut row = [None; N];
    loop {
        let width = i16::from_be_bytes(take(&mut from)?);
        if width == -1 {
            // The rest must be read, or the connection stays in COPY.
            while !from.fill_buf()?.is_empty() {
                let seen = from.buffer().len();
                from.consume(seen);
            }
            return Ok(());
        }
        if width as usize != N {
            return Err(bad());
        }
        for value in &mut row {
            *value = match i32::from_be_bytes(take(&mut from)?) {
                -1 => None,
                8 => Some(i64::from_be_bytes(take(&mut from)?)),
                _ => return Err(bad()),
            };
        }
        each(&row)?;
    }
}

fn take<const N: usize>(from: &mut impl Read) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}
