//! A Parquet file of a selection says what the snapshot says.

use crate::helper::{build, foresee, judge, policy};
use arrow::array::{Array, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use history::{columns, write_parquet};
use model::{Day, Event, EventKind};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn column<'a, A: 'static>(batch: &'a RecordBatch, name: &str) -> &'a A {
    batch.column_by_name(name).and_then(|c| c.as_any().downcast_ref()).expect(name)
}

#[test]
fn what_is_written_can_be_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let of = |customer, kind, day, value| Event { customer, day: Day(day), kind, value, categories: 1 };
    let life =
        [of(1, EventKind::Order, 5, 1250), of(2, EventKind::Known, 6, 1), of(3, EventKind::Order, 7, 10)];
    build(dir.path(), &life);
    let s = foresee(dir.path(), &judge(dir.path(), &policy(), Day(30)), "a");
    let path = dir.path().join("out.parquet");
    let chosen = s.select("customer < 3").expect("selects");
    write_parquet(&s, &chosen, std::fs::File::create(&path).expect("creates")).expect("writes");
    let file = std::fs::File::open(&path).expect("opens");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("reads").build().expect("reads");
    let batch = reader.map(|b| b.expect("a batch")).next().expect("one");
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    assert_eq!(names, columns().iter().map(|c| c.name).collect::<Vec<_>>());
    assert_eq!(column::<Int64Array>(&batch, "customer").values(), &[1, 2]);
    assert_eq!(column::<Float64Array>(&batch, "spend").values(), &[12.5, 0.0]);
    let last = column::<Date32Array>(&batch, "last_order");
    assert_eq!((last.value(0), last.is_null(1)), (5, true));
    let next = column::<Date32Array>(&batch, "next_order");
    assert_eq!((next.value(0), next.is_null(1)), (35, true));
    let value = column::<Float64Array>(&batch, "value");
    assert_eq!((value.value(0), value.is_null(1)), (4.17, true), "a third of 12.51");
    let states: Vec<Option<&str>> = column::<StringArray>(&batch, "state").iter().collect();
    assert_eq!(states, [Some("dormant"), Some("prospect")]);
    let category = column::<StringArray>(&batch, "last_category");
    assert_eq!((category.value(0), category.is_null(1)), ("tea", true));
}
