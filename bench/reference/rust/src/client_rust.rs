//! The crate `prometheus-client`. Labels are a type, so none are given by position. There are no summaries; the only
//! text is OpenMetrics.

use std::hint::black_box;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, NativeHistogramConfig};
use prometheus_client::registry::{Metric, Registry};

use crate::benchmark::{Benchmark, Library, Work};
use crate::inputs::{
    CALLS, COUNTERS, DEFAULT_BOUNDS, HISTOGRAMS, Labels, combinations, durations, observations, shuffled,
};

const LIBRARY: Library = Library("client_rust");
/// One and the same to this library.
const FORMATS: [(&str, &str); 2] =
    [("counters, text", "histograms, text"), ("counters, OpenMetrics", "histograms, OpenMetrics")];

pub fn benchmarks() -> Vec<Benchmark> {
    let mut all = vec![
        LIBRARY.call("hot-path", "counter.inc()", inc),
        LIBRARY.call("hot-path", "counter child.inc()", inc_child),
        LIBRARY.call("labels", "inc({ 3 labels }), 100 children, shared strings", inc_by_name),
        LIBRARY.call("hot-path", "histogram, 11 buckets: observe(v)", observe),
        LIBRARY.call("hot-path", "histogram, 11 buckets: observe({ 3 labels }, v)", observe_by_name),
        LIBRARY.call("hot-path", "native histogram: observe(v)", observe_native),
    ];
    for (counters, histograms) in FORMATS {
        all.extend(LIBRARY.scrapes(COUNTERS, counters, scrape_counters));
        all.extend(LIBRARY.scrapes(HISTOGRAMS, histograms, scrape_histograms));
    }
    all
}

fn histograms() -> Family<Labels, Histogram> {
    Family::new_with_constructor(|| Histogram::new(DEFAULT_BOUNDS))
}

fn inc() -> Work {
    let counter: Counter = Counter::default();
    Box::new(move || {
        for _ in 0..CALLS {
            black_box(&counter).inc();
        }
    })
}

fn inc_child() -> Work {
    let counters = Family::<Labels, Counter>::default();
    let children: Vec<Counter> = shuffled().iter().map(|labels| counters.get_or_create_owned(labels)).collect();
    Box::new(move || {
        for child in &children {
            child.inc();
        }
    })
}

fn inc_by_name() -> Work {
    let counters = Family::<Labels, Counter>::default();
    let order = shuffled();
    Box::new(move || {
        for &Labels { method, status, route } in &order {
            counters.get_or_create(&Labels { method, status, route }).inc();
        }
    })
}

fn observe() -> Work {
    observe_all(Histogram::new(DEFAULT_BOUNDS))
}

fn observe_native() -> Work {
    observe_all(Histogram::new_native(NativeHistogramConfig::new(1.1)))
}

fn observe_all(histogram: Histogram) -> Work {
    let values = durations();
    Box::new(move || {
        for &value in &values {
            histogram.observe(value);
        }
    })
}

fn observe_by_name() -> Work {
    let histograms = histograms();
    let (order, values) = (shuffled(), durations());
    Box::new(move || {
        for (&Labels { method, status, route }, &value) in order.iter().zip(&values) {
            histograms.get_or_create(&Labels { method, status, route }).observe(value);
        }
    })
}

fn scrape_counters(count: usize) -> Work {
    let counters = Family::<Labels, Counter>::default();
    for (index, labels) in combinations(count).iter().enumerate() {
        counters.get_or_create(labels).inc_by(index as u64 * 3);
    }
    scrape("http_requests", "Requests that were answered", counters)
}

fn scrape_histograms(count: usize) -> Work {
    let histograms = histograms();
    let values = durations();
    for (index, labels) in combinations(count).iter().enumerate() {
        for value in observations(index, &values) {
            histograms.get_or_create(labels).observe(value);
        }
    }
    scrape("http_request_duration_seconds", "How long requests took", histograms)
}

/// Name and help get their endings, `_total` and a full stop, from the library.
fn scrape(name: &str, help: &str, metric: impl Metric) -> Work {
    let mut registry = Registry::default();
    registry.register(name, help, metric);
    let mut output = String::new();
    Box::new(move || {
        output.clear();
        encode(&mut output, &registry).expect("a String takes all");
        black_box(&output);
    })
}
