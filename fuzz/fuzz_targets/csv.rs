//! Any bytes through the whole of intake: none may panic, hang or disagree between the two passes.
#![no_main]

use intake::{Entry, Options};
use libfuzzer_sys::fuzz_target;
use std::ops::ControlFlow;

fuzz_target!(|bytes: &[u8]| {
    let options = Options {
        source: None,
        kind: None,
        map: None,
        zone: jiff::tz::TimeZone::UTC,
        today: model::Day(20_779),
    };
    // Half of the runs get a header that is known, so that rows are reached.
    let table = match bytes.split_first() {
        Some((byte, rest)) if byte % 2 == 0 => {
            let head = "order,customer,ordered_at,total,name,email,phone,postal,address,status,quantity,price,item,birthday\n";
            [head.as_bytes(), rest].concat()
        }
        _ => bytes.to_vec(),
    };
    let Ok(uploads) = intake::open_bytes("fuzz", table, &options) else { return };
    for upload in uploads {
        let Ok(survey) = upload.survey(&mut |_, _| {}) else { continue };
        let mut orders = 0;
        let each = &mut |entry: Entry| {
            orders += u64::from(matches!(entry, Entry::Item(_, model::Item::Order(_))));
            ControlFlow::Continue(())
        };
        let read = upload.read(&survey, each);
        assert!(read.is_err() || orders == survey.orders, "{orders} read, {} surveyed", survey.orders);
    }
});
