//! What others claim that is usual, to stand beside the shop's own figures (M144).

use model::{Channel, ResponseKind};

/// The shop's own figure is used for advice from so many touches on; below, it only stands beside.
pub const ENOUGH: u64 = 200;

/// A range that somebody claims. A claim of its source, never a measurement of ours: it is shown with
/// the source's name, and nothing is computed from it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Benchmark {
    pub channel: Channel,
    pub kind: ResponseKind,
    /// Shares of what was sent, 0..=1.
    pub low: f64,
    pub high: f64,
    /// Who claims it.
    pub source_ja: &'static str,
    pub source_en: &'static str,
    /// The month in which we read it.
    pub read: &'static str,
}

pub const BENCHMARKS: &[Benchmark] = &[
    Benchmark {
        channel: Channel::Mail,
        kind: ResponseKind::Open,
        low: 0.10,
        high: 0.20,
        source_ja: "単品リピート通販のSMS活用に関する業界記事の主張",
        source_en: "claimed by a trade article on SMS for repeat mail order",
        read: "2026-11",
    },
    Benchmark {
        channel: Channel::Sms,
        kind: ResponseKind::Open,
        low: 0.80,
        high: 1.00,
        source_ja: "単品リピート通販のSMS活用に関する業界記事の主張",
        source_en: "claimed by a trade article on SMS for repeat mail order",
        read: "2026-11",
    },
];
