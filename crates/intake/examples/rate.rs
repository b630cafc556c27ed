//! Rows a second: `cargo run --release -p intake --example rate -- FILE`.
use std::ops::ControlFlow;
use std::time::Instant;
#[allow(clippy::unwrap_used, clippy::print_stdout)]
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let map =
        std::env::args().nth(2).map(|m| intake::Map::parse(&std::fs::read_to_string(m).unwrap()).unwrap());
    let options = intake::Options {
        source: None,
        kind: None,
        map,
        zone: jiff::tz::TimeZone::get("Asia/Tokyo").unwrap(),
        today: "2026-11-22".parse().unwrap(),
    };
    for upload in intake::open(path.as_ref(), &options).unwrap() {
        let t = Instant::now();
        let survey = upload.survey(&mut |_, _| {}).unwrap();
        let s = t.elapsed().as_secs_f64();
        let t = Instant::now();
        let mut sum = 0i64;
        upload
            .read(&survey, &mut |e| {
                if let intake::Entry::Item(model::Item::Order(o)) = e {
                    sum += o.total.0;
                }
                ControlFlow::Continue(())
            })
            .unwrap();
        let r = t.elapsed().as_secs_f64();
        println!(
            "{} {} rows {} orders {} customers {} rejected {} sum {}",
            upload.label(),
            upload.encoding(),
            survey.rows,
            survey.orders,
            survey.customers,
            survey.rejected,
            sum
        );
        println!(
            "survey {:.0} rows/s ({s:.2} s), read {:.0} rows/s ({r:.2} s)",
            survey.rows as f64 / s,
            survey.rows as f64 / r
        );
        let st = std::fs::read_to_string("/proc/self/status").unwrap();
        println!("{}", st.lines().find(|l| l.starts_with("VmHWM")).unwrap());
    }
}
