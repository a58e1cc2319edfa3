use std::time::{Duration, Instant};

use crate::inputs::CALLS;

const WARM_UP: Duration = Duration::from_millis(100);
const BATCH: Duration = Duration::from_millis(5);
const BATCHES: usize = 80;
const AT_MOST: Duration = Duration::from_secs(3);

/// What is measured, again and again.
pub type Work = Box<dyn FnMut()>;

pub struct Benchmark {
    pub question: &'static str,
    pub case: String,
    pub library: &'static str,
    units: usize,
    set_up: Box<dyn Fn() -> Work>,
}

/// A client library, by what it is called in the tables.
pub struct Library(pub &'static str);

impl Library {
    /// A question about one of the calls that the work makes.
    pub fn call(&self, question: &'static str, case: &str, set_up: fn() -> Work) -> Benchmark {
        Benchmark { question, case: case.to_string(), library: self.0, units: CALLS, set_up: Box::new(set_up) }
    }

    /// Scrapes of each of these numbers of metrics, in a format.
    pub fn scrapes(&self, counts: [usize; 3], what: &str, set_up: fn(usize) -> Work) -> [Benchmark; 3] {
        counts.map(|count| {
            let case = format!("{} {what}", thousands(count));
            Benchmark { question: "scrape", case, library: self.0, units: 1, set_up: Box::new(move || set_up(count)) }
        })
    }
}

impl Benchmark {
    /// For a unit of the work: the best of some batches, after a warm-up.
    pub fn nanoseconds(&self) -> f64 {
        let mut work = (self.set_up)();
        time_of(&mut work, WARM_UP);
        let began = Instant::now();
        let mut best = time_of(&mut work, BATCH);
        for _ in 1..BATCHES {
            if began.elapsed() >= AT_MOST {
                break;
            }
            best = best.min(time_of(&mut work, BATCH));
        }
        best / self.units as f64
    }
}

fn time_of(work: &mut Work, at_least: Duration) -> f64 {
    let began = Instant::now();
    for count in 1.. {
        work();
        let elapsed = began.elapsed();
        if elapsed >= at_least {
            return elapsed.as_nanos() as f64 / count as f64;
        }
    }
    unreachable!()
}

fn thousands(count: usize) -> String {
    if count < 1000 { count.to_string() } else { format!("{},{:03}", count / 1000, count % 1000) }
}
