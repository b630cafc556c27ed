//! Events as columns in memory, and their Parquet files.

use crate::Error;
use model::{Day, Event, EventKind, Timeline};
use parquet::basic::{Compression, Encoding};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{DataType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::{parser::parse_message_type, types::ColumnPath};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

const SCHEMA: &str = "message events {
    required int64 customer;
    required int32 day (DATE);
    required int32 kind (INTEGER(8,false));
    required int64 value;
    required int32 categories (INTEGER(32,false));
}";

/// The kind of the one row that says: this customer has no events any more.
pub(crate) const GONE: u8 = u8::MAX;

/// Many events, column by column; sorted by customer, day and kind wherever a function says so.
#[derive(Default, Clone, PartialEq, Debug)]
pub(crate) struct Rows {
    pub(crate) customers: Vec<i64>,
    pub(crate) days: Vec<i32>,
    pub(crate) kinds: Vec<u8>,
    pub(crate) values: Vec<i64>,
    pub(crate) categories: Vec<u32>,
    /// Where 32-bit columns are decoded before they become narrower ones.
    scratch: Vec<i32>,
}

/// Where a shard a customer belongs; `shards` is a power of two. Stable, since files rest on it:
/// doubling the number of shards splits each one in two.
pub(crate) fn shard_of(customer: i64, shards: usize) -> usize {
    let mixed = (customer as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    mixed as usize & (shards - 1)
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.customers.len()
    }

    pub(crate) fn clear(&mut self) {
        self.customers.clear();
        self.days.clear();
        self.kinds.clear();
        self.values.clear();
        self.categories.clear();
    }

    pub(crate) fn push(&mut self, e: &Event) {
        self.push_raw(e.customer, e.day.0, e.kind as u8, e.value, e.categories);
    }

    pub(crate) fn push_gone(&mut self, customer: i64) {
        self.push_raw(customer, 0, GONE, 0, 0);
    }

    fn push_raw(&mut self, customer: i64, day: i32, kind: u8, value: i64, categories: u32) {
        self.customers.push(customer);
        self.days.push(day);
        self.kinds.push(kind);
        self.values.push(value);
        self.categories.push(categories);
    }

    pub(crate) fn extend(&mut self, t: &Timeline) {
        self.customers.resize(self.len() + t.days.len(), t.customer);
        self.days.extend_from_slice(t.days);
        self.kinds.extend_from_slice(t.kinds);
        self.values.extend_from_slice(t.values);
        self.categories.extend_from_slice(t.categories);
    }

    /// Rows `from..to`, which are all of one customer.
    pub(crate) fn timeline(&self, from: usize, to: usize) -> Timeline<'_> {
        Timeline {
            customer: self.customers.get(from).copied().unwrap_or_default(),
            days: &self.days[from..to],
            kinds: &self.kinds[from..to],
            values: &self.values[from..to],
            categories: &self.categories[from..to],
        }
    }

    /// Where the rows of the customer at `from` end.
    pub(crate) fn end_of_run(&self, from: usize) -> usize {
        let customer = self.customers[from];
        let rest = &self.customers[from..];
        from + rest.iter().position(|&c| c != customer).unwrap_or(rest.len())
    }

    /// Writes the rows durably.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Error> {
        let file = File::create(path).map_err(Error::io(path))?;
        let written = self.write_to(&file).map_err(Error::damaged(path));
        written.and_then(|()| file.sync_all().map_err(Error::io(path)))
    }

    fn write_to(&self, file: &File) -> parquet::errors::Result<()> {
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        // Plain pages are copied as they are: twice the size on disk, a third of the time to read.
        let plain = |b: parquet::file::properties::WriterPropertiesBuilder, name: &str| {
            let path = ColumnPath::from(name);
            b.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, Encoding::PLAIN)
        };
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::UNCOMPRESSED)
            .set_data_page_row_count_limit(1 << 20)
            .set_data_page_size_limit(4 << 20)
            .set_write_batch_size(1 << 16);
        for name in ["customer", "day", "value"] {
            properties = plain(properties, name);
        }
        let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties.build()))?;
        let mut group = writer.next_row_group()?;
        write_column::<Int64Type>(&mut group, &self.customers)?;
        write_column::<Int32Type>(&mut group, &self.days)?;
        write_column::<Int32Type>(&mut group, &self.kinds.iter().map(|&k| i32::from(k)).collect::<Vec<_>>())?;
        write_column::<Int64Type>(&mut group, &self.values)?;
        write_column::<Int32Type>(
            &mut group,
            &self.categories.iter().map(|&c| c as i32).collect::<Vec<_>>(),
        )?;
        group.close()?;
        writer.close()?;
        Ok(())
    }

    /// Appends the rows of a file.
    pub(crate) fn read(&mut self, path: &Path) -> Result<(), Error> {
        let file = File::open(path).map_err(Error::io(path))?;
        self.read_from(file).map_err(Error::damaged(path))
    }

    fn read_from(&mut self, file: File) -> parquet::errors::Result<()> {
        let reader = SerializedFileReader::new(file)?;
        for i in 0..reader.num_row_groups() {
            let group = reader.get_row_group(i)?;
            let n = group.metadata().num_rows() as usize;
            read_column::<Int64Type>(&*group, 0, n, &mut self.customers)?;
            read_column::<Int32Type>(&*group, 1, n, &mut self.days)?;
            self.scratch.clear();
            read_column::<Int32Type>(&*group, 2, n, &mut self.scratch)?;
            self.kinds.extend(self.scratch.iter().map(|&k| k as u8));
            read_column::<Int64Type>(&*group, 3, n, &mut self.values)?;
            self.scratch.clear();
            read_column::<Int32Type>(&*group, 4, n, &mut self.scratch)?;
            self.categories.extend(self.scratch.iter().map(|&c| c as u32));
        }
        Ok(())
    }
}

fn write_column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, &File>,
    values: &[T::T],
) -> parquet::errors::Result<()> {
    let missing = || parquet::errors::ParquetError::General("a column too many".into());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(values, None, None)?;
    column.close()
}

fn read_column<T: ReadColumn>(
    group: &dyn RowGroupReader,
    column: usize,
    n: usize,
    out: &mut Vec<T::T>,
) -> parquet::errors::Result<()> {
    let mut reader = T::reader(group.get_column_reader(column)?)?;
    out.reserve(n);
    let (mut rows, wrong) = (0, || parquet::errors::ParquetError::General("rows are missing".into()));
    while rows < n {
        let (read, _, _) = reader.read_records(n - rows, None, None, out)?;
        rows += if read == 0 { return Err(wrong()) } else { read };
    }
    Ok(())
}

/// The two physical types events are made of.
trait ReadColumn: DataType + Sized {
    fn reader(any: ColumnReader) -> parquet::errors::Result<ColumnReaderImpl<Self>>;
}

fn other_type<T>() -> parquet::errors::Result<T> {
    Err(parquet::errors::ParquetError::General("a column has another type".into()))
}

impl ReadColumn for Int32Type {
    fn reader(any: ColumnReader) -> parquet::errors::Result<ColumnReaderImpl<Self>> {
        match any {
            ColumnReader::Int32ColumnReader(reader) => Ok(reader),
            _ => other_type(),
        }
    }
}

impl ReadColumn for Int64Type {
    fn reader(any: ColumnReader) -> parquet::errors::Result<ColumnReaderImpl<Self>> {
        match any {
            ColumnReader::Int64ColumnReader(reader) => Ok(reader),
            _ => other_type(),
        }
    }
}

/// The events of a timeline, one by one.
pub(crate) fn events(t: &Timeline) -> Vec<Event> {
    let event = |i: usize| {
        let kind = EventKind::from_code(t.kinds[i])?;
        let (day, value) = (Day(t.days[i]), t.values[i]);
        Some(Event { customer: t.customer, day, kind, value, categories: t.categories[i] })
    };
    (0..t.days.len()).filter_map(event).collect()
}
