//! Columns of the judged table in memory: Arrow buffers, or one value where all rows agree.

use crate::Error;
use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray, RecordBatch, RecordBatchOptions};
use arrow::buffer::{Buffer, MutableBuffer, ScalarBuffer};
use arrow::datatypes::{ArrowNativeType, Field, Schema};
use arrow::ipc::{reader::StreamDecoder, writer::StreamWriter};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Stands for "none" in columns of days and of days of silence.
pub(crate) const NONE: i32 = i32::MIN;

/// A column: most shops never use most facts, so a column in which every row says the same is
/// one value.
#[derive(Clone, Debug)]
pub(crate) enum Col<T: ArrowNativeType> {
    Same(T),
    Each(ScalarBuffer<T>),
}

impl<T: ArrowNativeType> Col<T> {
    #[inline]
    pub(crate) fn at(&self, row: usize) -> T {
        match self {
            Col::Same(value) => *value,
            Col::Each(values) => values[row],
        }
    }

    /// Every value, made into something else.
    pub(crate) fn map<U: Clone>(&self, len: usize, f: impl Fn(T) -> U) -> Vec<U> {
        match self {
            Col::Same(value) => vec![f(*value); len],
            Col::Each(values) => values.iter().map(|&v| f(v)).collect(),
        }
    }
}

impl Col<i64> {
    /// Of rows in ascending order, the first in `rows` that is not below.
    pub(crate) fn lower_bound(&self, rows: Range<usize>, wanted: i64) -> usize {
        let Range { start: mut from, end: mut to } = rows;
        while from < to {
            let middle = from.midpoint(to);
            match self.at(middle) < wanted {
                true => from = middle + 1,
                false => to = middle,
            }
        }
        from
    }
}

/// A column while it is written.
#[derive(Default)]
pub(crate) struct Growing<T> {
    same: T,
    len: usize,
    each: Vec<T>,
}

impl<T: ArrowNativeType> Growing<T> {
    #[inline]
    pub(crate) fn push(&mut self, value: T) {
        if self.each.is_empty() {
            if self.len == 0 || value == self.same {
                self.same = value;
                self.len += 1;
                return;
            }
            self.unfold();
        }
        self.each.push(value);
        self.len += 1;
    }

    #[cold]
    fn unfold(&mut self) {
        self.each.reserve(self.len.max(1 << 14));
        self.each.resize(self.len, self.same);
    }

    /// Appends rows of another column.
    pub(crate) fn copy(&mut self, from: &Col<T>, rows: Range<usize>) {
        match from {
            Col::Each(values) => {
                if self.each.is_empty() && self.len > 0 {
                    self.unfold();
                }
                self.each.extend_from_slice(&values[rows.clone()]);
                self.len += rows.len();
            }
            Col::Same(value) if self.each.is_empty() && (self.len == 0 || *value == self.same) => {
                self.same = *value;
                self.len += rows.len();
            }
            Col::Same(value) => {
                if self.each.is_empty() {
                    self.unfold();
                }
                self.each.resize(self.len + rows.len(), *value);
                self.len += rows.len();
            }
        }
    }

    pub(crate) fn finish(self) -> Col<T> {
        if self.each.is_empty() { Col::Same(self.same) } else { Col::Each(self.each.into()) }
    }
}

/// A table of columns of the same length, its builder, and its way to disk and back.
macro_rules! table {
    ($(#[$doc:meta])* $table:ident, $builder:ident { $($field:ident: $native:ty => $arrow:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(crate) struct $table {
            pub(crate) len: usize,
            $(pub(crate) $field: $crate::table::Col<$native>,)+
        }

        /// Rows on their way into the table of the same name.
        #[derive(Default)]
        pub(crate) struct $builder {
            pub(crate) len: usize,
            $($field: $crate::table::Growing<$native>,)+
        }

        impl $builder {
            #[allow(clippy::too_many_arguments)]
            #[inline]
            pub(crate) fn append(&mut self, $($field: $native),+) {
                self.len += 1;
                $(self.$field.push($field);)+
            }
            pub(crate) fn copy(&mut self, from: &$table, rows: std::ops::Range<usize>) {
                self.len += rows.len();
                $(self.$field.copy(&from.$field, rows.clone());)+
            }
            pub(crate) fn finish(self) -> $table {
                $table { len: self.len, $($field: self.$field.finish()),+ }
            }
        }

        impl $table {
            /// Writes the table; returns the file's size.
            pub(crate) fn save(&self, path: &std::path::Path) -> Result<u64, $crate::Error> {
                let mut out = $crate::table::Parts::default();
                $(out.add::<$arrow>(stringify!($field), &self.$field);)+
                out.save(self.len, path)
            }
            /// Reads a file of `save`, without copying what it holds.
            pub(crate) fn load(path: &std::path::Path, size: u64) -> Result<$table, $crate::Error> {
                let parts = $crate::table::Loaded::load(path, size)?;
                Ok($table { len: parts.len, $($field: parts.take::<$arrow>(stringify!($field), path)?),+ })
            }
        }
    };
}
pub(crate) use table;

/// Columns as Arrow wants them; those of one value travel in the schema's metadata.
#[derive(Default)]
pub(crate) struct Parts {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
    same: HashMap<String, String>,
}

impl Parts {
    pub(crate) fn add<A: ArrowPrimitiveType>(&mut self, name: &str, column: &Col<A::Native>)
    where
        A::Native: Text,
    {
        match column {
            Col::Same(value) => {
                self.same.insert(name.to_owned(), value.write());
            }
            Col::Each(values) => self.push(name, Arc::new(PrimitiveArray::<A>::new(values.clone(), None))),
        }
    }

    pub(crate) fn push(&mut self, name: &str, array: ArrayRef) {
        self.fields.push(Field::new(name, array.data_type().clone(), false));
        self.arrays.push(array);
    }

    pub(crate) fn save(mut self, len: usize, path: &Path) -> Result<u64, Error> {
        self.same.insert("rows".to_owned(), len.to_string());
        let schema = Arc::new(Schema::new(self.fields).with_metadata(self.same));
        let rows = self.arrays.first().map_or(len, |a| a.len());
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let file = BufWriter::with_capacity(1 << 18, File::create(path).map_err(Error::io(path))?);
        let write = || -> Result<u64, arrow::error::ArrowError> {
            let batch = RecordBatch::try_new_with_options(schema.clone(), self.arrays, &options)?;
            let mut writer = StreamWriter::try_new(file, &schema)?;
            writer.write(&batch)?;
            writer.finish()?;
            let file = writer.into_inner()?.into_inner().map_err(|e| e.into_error())?;
            Ok(file.metadata()?.len())
        };
        write().map_err(Error::damaged(path))
    }
}

/// A file of `Parts`, read into one buffer of which the columns are slices.
pub(crate) struct Loaded {
    pub(crate) len: usize,
    same: HashMap<String, String>,
    batch: RecordBatch,
}

impl Loaded {
    /// A file of another size was cut short, as by a power cut.
    pub(crate) fn load(path: &Path, size: u64) -> Result<Loaded, Error> {
        let mut file = File::open(path).map_err(Error::io(path))?;
        if file.metadata().map_err(Error::io(path))?.len() != size {
            return Err(Error::damaged(path)("its size is wrong"));
        }
        let mut bytes = MutableBuffer::from_len_zeroed(size as usize);
        file.read_exact(&mut bytes).map_err(Error::io(path))?;
        let mut buffer = Buffer::from(bytes);
        let batch = StreamDecoder::new().decode(&mut buffer).map_err(Error::damaged(path))?;
        let batch = batch.ok_or("it is empty").map_err(Error::damaged(path))?;
        let same: HashMap<String, String> = batch.schema_ref().metadata().clone().into();
        let len = same.get("rows").and_then(|n| n.parse().ok());
        let len = len.ok_or("it does not say how many rows it has").map_err(Error::damaged(path))?;
        Ok(Loaded { len, same, batch })
    }

    pub(crate) fn array<A: Array + Clone + 'static>(&self, name: &str) -> Option<A> {
        self.batch.column_by_name(name)?.as_any().downcast_ref::<A>().cloned()
    }

    pub(crate) fn take<A: ArrowPrimitiveType>(&self, name: &str, path: &Path) -> Result<Col<A::Native>, Error>
    where
        A::Native: Text,
    {
        let each = self.array::<PrimitiveArray<A>>(name).filter(|a| a.len() == self.len);
        let each = each.map(|a| Col::Each(a.values().clone()));
        let same = || self.same.get(name).and_then(|v| A::Native::read(v)).map(Col::Same);
        let missing = || Error::damaged(path)(format!("column {name} is missing"));
        each.or_else(same).ok_or_else(missing)
    }
}

/// A value as exact text.
pub(crate) trait Text: Sized {
    fn write(&self) -> String;
    fn read(text: &str) -> Option<Self>;
}

macro_rules! text {
    ($($int:ty),+) => {$(
        impl Text for $int {
            fn write(&self) -> String {
                self.to_string()
            }
            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )+};
}
text!(i64, i32, u32, u16, u8);

impl Text for f64 {
    fn write(&self) -> String {
        self.to_bits().to_string()
    }
    fn read(text: &str) -> Option<f64> {
        text.parse().ok().map(f64::from_bits)
    }
}
