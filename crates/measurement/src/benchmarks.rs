//! What others report, dated and with its source: to stand beside one's own figures, never in their place (M144).

use crate::Metric;
use crate::Metric::{Bounced, Clicked, Opened, Returned};
use model::Channel;
use model::Channel::{Mail, Post, Sms};

/// One reported range.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Benchmark {
    pub channel: Channel,
    pub metric: Metric,
    /// Shares, 0..=1; `low` equals `high` where one figure was given.
    pub low: f64,
    pub high: f64,
    /// Of what.
    pub ja: &'static str,
    pub en: &'static str,
    /// Where it was read.
    pub source: &'static str,
    /// The month in which it was read there.
    pub read: &'static str,
    /// A figure without a method behind it, such as that of somebody who sells the channel.
    pub claim: bool,
}

macro_rules! rows {
    ($($channel:ident $metric:ident $low:literal..$high:literal $ja:literal $en:literal $source:literal $claim:literal;)+) => {
        &[$(Benchmark {
            channel: $channel, metric: $metric, low: $low, high: $high, ja: $ja, en: $en,
            source: $source, read: "2026-11", claim: $claim,
        }),+]
    };
}

/// All of them. A claim is shown as the claim it is, and no advice rests on one.
pub const BENCHMARKS: &[Benchmark] = rows![
    Mail Opened 0.15..0.20 "全業種" "all trades" "media.river-lll.com" false;
    Mail Opened 0.1566..0.1566 "EC" "online shops" "benchmarkemail.com/jp (2019)" false;
    Mail Opened 0.10..0.20 "メールマーケティングの記事" "a trade article" "M144, 001" true;
    Mail Clicked 0.02..0.03 "全業種" "all trades" "media.river-lll.com" false;
    Mail Clicked 0.0207..0.0207 "EC" "online shops" "benchmarkemail.com/jp (2019)" false;
    Mail Bounced 0.0019..0.0019 "EC" "online shops" "benchmarkemail.com/jp (2019)" false;
    Sms Opened 0.80..0.98 "配信会社の公称値(SMSの開封は測れません)" "claimed by vendors; opens of SMS cannot be measured" "splan.jp, onamae.com, leafnet.jp" true;
    Post Opened 0.676..0.676 "開封・閲読(アンケート)" "opened or read, by survey" "JDMA DMメディア実態調査2021" false;
    Post Returned 0.01..0.03 "化粧品通販の離脱顧客" "lapsed customers of cosmetics by mail order" "tsuhan-marketing.com" true;
    Post Returned 0.005..0.01 "不特定の宛先" "unaddressed" "dmplus.jp" true;
];

/// Those for one channel and metric.
pub fn benchmarks(channel: Channel, metric: Metric) -> impl Iterator<Item = &'static Benchmark> {
    BENCHMARKS.iter().filter(move |b| b.channel == channel && b.metric == metric)
}
