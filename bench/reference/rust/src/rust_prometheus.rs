//! The crate `prometheus`, with counters of whole numbers, its fastest. It has no native histograms and no summaries.

use std::collections::HashMap;
use std::hint::black_box;

use prometheus::core::Collector;
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry, TextEncoder,
};

use crate::benchmark::{Benchmark, Library, Work};
use crate::inputs::{
    CALLS, COUNTERS, DEFAULT_BOUNDS, HISTOGRAMS, LABEL_NAMES, Labels, combinations, durations, observations, shuffled,
};

const LIBRARY: Library = Library("rust-prometheus");

pub fn benchmarks() -> Vec<Benchmark> {
    let mut all = vec![
        LIBRARY.call("hot-path", "counter.inc()", inc),
        LIBRARY.call("hot-path", "counter child.inc()", inc_child),
        LIBRARY.call("hot-path", "counter.labels(3 values).inc()", inc_by_position),
        LIBRARY.call("labels", "inc({ 3 labels }), 100 children, shared strings", inc_by_name),
        LIBRARY.call("hot-path", "histogram, 11 buckets: observe(v)", observe),
        LIBRARY.call("hot-path", "histogram, 11 buckets: observe({ 3 labels }, v)", observe_by_name),
    ];
    all.extend(LIBRARY.scrapes(COUNTERS, "counters, text", scrape_counters));
    all.extend(LIBRARY.scrapes(HISTOGRAMS, "histograms, text", scrape_histograms));
    all
}

fn counters(name: &str, help: &str) -> IntCounterVec {
    IntCounterVec::new(Opts::new(name, help), &LABEL_NAMES).expect("a valid metric")
}

fn histograms(name: &str, help: &str) -> HistogramVec {
    HistogramVec::new(options(name, help), &LABEL_NAMES).expect("a valid metric")
}

fn options(name: &str, help: &str) -> HistogramOpts {
    HistogramOpts::new(name, help).buckets(DEFAULT_BOUNDS.to_vec())
}

fn inc() -> Work {
    let counter = IntCounter::new("c_total", "Help.").expect("a valid metric");
    Box::new(move || {
        for _ in 0..CALLS {
            black_box(&counter).inc();
        }
    })
}

fn inc_child() -> Work {
    let counters = counters("c_total", "Help.");
    let child = |labels: &Labels| counters.with_label_values(&[labels.method, labels.status, labels.route]);
    let children: Vec<IntCounter> = shuffled().iter().map(child).collect();
    Box::new(move || {
        for child in &children {
            child.inc();
        }
    })
}

fn inc_by_position() -> Work {
    let counters = counters("c_total", "Help.");
    let order = shuffled();
    Box::new(move || {
        for &Labels { method, status, route } in &order {
            counters.with_label_values(&[method, status, route]).inc();
        }
    })
}

fn inc_by_name() -> Work {
    let counters = counters("c_total", "Help.");
    let order = shuffled();
    Box::new(move || {
        for labels in &order {
            counters.with(&by_name(labels)).inc();
        }
    })
}

fn observe() -> Work {
    let histogram = Histogram::with_opts(options("h", "Help.")).expect("a valid metric");
    let values = durations();
    Box::new(move || {
        for &value in &values {
            histogram.observe(value);
        }
    })
}

fn observe_by_name() -> Work {
    let histograms = histograms("h", "Help.");
    let (order, values) = (shuffled(), durations());
    Box::new(move || {
        for (labels, &value) in order.iter().zip(&values) {
            histograms.with(&by_name(labels)).observe(value);
        }
    })
}

fn by_name(&Labels { method, status, route }: &Labels) -> HashMap<&'static str, &'static str> {
    HashMap::from([("method", method), ("status", status), ("route", route)])
}

fn scrape_counters(count: usize) -> Work {
    let counters = counters("http_requests_total", "Requests that were answered.");
    for (index, &Labels { method, status, route }) in combinations(count).iter().enumerate() {
        counters.with_label_values(&[method, status, route]).inc_by(index as u64 * 3);
    }
    scrape(counters)
}

fn scrape_histograms(count: usize) -> Work {
    let histograms = histograms("http_request_duration_seconds", "How long requests took.");
    let values = durations();
    for (index, &Labels { method, status, route }) in combinations(count).iter().enumerate() {
        for value in observations(index, &values) {
            histograms.with_label_values(&[method, status, route]).observe(value);
        }
    }
    scrape(histograms)
}

fn scrape(collector: impl Collector + 'static) -> Work {
    let registry = Registry::new();
    registry.register(Box::new(collector)).expect("a registry that is empty");
    let mut output = Vec::new();
    Box::new(move || {
        output.clear();
        TextEncoder::new().encode(&registry.gather(), &mut output).expect("a Vec takes all");
        black_box(&output);
    })
}
