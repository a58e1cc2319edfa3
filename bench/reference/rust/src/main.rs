//! Prints what the questions of the benchmarks cost with Rust's client libraries, as JSON: {question, case, library,
//! figures}.

mod benchmark;
mod client_rust;
mod inputs;
mod rust_prometheus;

use benchmark::Benchmark;

fn main() {
    // A question and a case on the command line limit what is run.
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |one: &Benchmark| asked.is_empty() || asked == [one.question, &one.case];
    let all = [client_rust::benchmarks(), rust_prometheus::benchmarks()];
    let rows: Vec<String> = all.iter().flatten().filter(|one| is_asked(one)).map(row).collect();
    println!("[{}]", rows.join(","));
}

/// Rust quotes what is printable in ASCII as JSON does.
fn row(one: &Benchmark) -> String {
    let Benchmark { question, case, library, .. } = one;
    let ns = one.nanoseconds();
    format!(r#"{{"question":{question:?},"case":{case:?},"library":{library:?},"figures":{{"ns":{ns}}}}}"#)
}
