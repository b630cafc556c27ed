//! A selection with all published columns, as a Parquet file.

use crate::bits::{self, Bits};
use crate::published::{Kind, SPECS, Values};
use crate::snapshot::{Selection, Snapshot};
use arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::io::Write;
use std::sync::Arc;

/// Writes the customers of a selection, in the order of the snapshot.
pub fn write_parquet<W: Write + Send>(
    snapshot: &Snapshot,
    selection: &Selection,
    out: W,
) -> std::io::Result<()> {
    let fields = SPECS.iter().map(|spec| {
        let kind = match spec.kind {
            Kind::Integer => DataType::Int64,
            Kind::Number => DataType::Float64,
            Kind::Text => DataType::Utf8,
            Kind::Date => DataType::Date32,
            Kind::Boolean => DataType::Boolean,
        };
        Field::new(spec.name, kind, true)
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(out, schema.clone(), Some(properties))?;
    for (shard, words) in selection.words.iter().enumerate() {
        let (view, rows) = (snapshot.view(shard), bits::ones(words).collect::<Vec<usize>>());
        let arrays = SPECS.iter().map(|spec| array(&(spec.read)(&view), spec.kind, &rows)).collect();
        writer.write(&RecordBatch::try_new(schema.clone(), arrays).map_err(std::io::Error::other)?)?;
    }
    writer.close()?;
    Ok(())
}

fn array(values: &Values, kind: Kind, rows: &[usize]) -> ArrayRef {
    match values {
        Values::Ints(v, valid) if kind == Kind::Date => {
            Arc::new(Date32Array::from_iter(rows.iter().map(|&i| known(valid, i).then_some(v[i] as i32))))
        }
        Values::Ints(v, valid) => {
            Arc::new(Int64Array::from_iter(rows.iter().map(|&i| known(valid, i).then_some(v[i]))))
        }
        Values::Nums(v, valid) => {
            Arc::new(Float64Array::from_iter(rows.iter().map(|&i| known(valid, i).then_some(v[i]))))
        }
        Values::Texts(codes, names, valid) => {
            let text = |&i: &usize| names.get(codes[i] as usize).filter(|_| known(valid, i));
            Arc::new(StringArray::from_iter(rows.iter().map(text)))
        }
        Values::Bools(yes) => {
            Arc::new(BooleanArray::from_iter(rows.iter().map(|&i| Some(bits::is_set(yes, i)))))
        }
    }
}

fn known(valid: &Option<Bits>, row: usize) -> bool {
    valid.as_ref().is_none_or(|bits| bits::is_set(bits, row))
}
