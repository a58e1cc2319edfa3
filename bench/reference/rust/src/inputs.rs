//! What is given to the metrics: the same as in the questions.

use prometheus_client::encoding::EncodeLabelSet;

pub const CALLS: usize = 8192;
pub const LABEL_NAMES: [&str; 3] = ["method", "status", "route"];
pub const DEFAULT_BOUNDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// How many of them are scraped.
pub const COUNTERS: [usize; 3] = [1000, 10_000, 100_000];
pub const HISTOGRAMS: [usize; 3] = [100, 1000, 10_000];

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

/// Strings that stay, as constants of an application do: neither library has to copy them for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Labels {
    pub method: &'static str,
    pub status: &'static str,
    pub route: &'static str,
}

pub fn combinations(count: usize) -> Vec<Labels> {
    let statuses = if count <= 100 { 4 } else { 20 };
    let labels = |index: usize| {
        let rest = index / METHODS.len();
        Labels {
            method: METHODS[index % METHODS.len()],
            status: (200 + rest % statuses).to_string().leak(),
            route: format!("/api/v1/resource/{}", rest / statuses).leak(),
        }
    };
    (0..count).map(labels).collect()
}

/// A hundred combinations in an order that no branch predictor learns.
pub fn shuffled() -> Vec<Labels> {
    let all = combinations(100);
    random_numbers().map(|random| all[(random * all.len() as f64) as usize]).collect()
}

/// As of requests, from 2 ms to 40 s.
pub fn durations() -> Vec<f64> {
    random_numbers().map(|random| 0.002 * 20_000_f64.powf(random)).collect()
}

/// The ten observations of each histogram in a scrape.
pub fn observations(index: usize, durations: &[f64]) -> impl Iterator<Item = f64> {
    (0..10).map(move |at| durations[(index * 7 + at * 97) % CALLS])
}

/// From 0 to 1.
fn random_numbers() -> impl Iterator<Item = f64> {
    let mut state = 1_i32;
    (0..CALLS).map(move |_| {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7fff_ffff;
        f64::from(state) / 2_f64.powi(31)
    })
}
