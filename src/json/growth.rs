//! How the work of a function grows with its input, for tests that hold it to linear growth.

use std::time::{Duration, Instant};

/// Processor time of this thread so far, where the system tells it; else the time that has passed since `start`.
fn spent(start: Instant) -> Duration {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// The least time that the work takes once, of several runs: what disturbs a run only makes it longer. The system counts
/// in steps of some milliseconds, so a run is as many rounds as fill many steps.
pub(crate) fn least_time(runs: usize, work: impl Fn()) -> Duration {
    let start = Instant::now();
    let run = |rounds: u32| {
        let before = spent(start);
        (0..rounds).for_each(|_| work());
        spent(start).saturating_sub(before)
    };
    let mut rounds = 1;
    while run(rounds) < Duration::from_millis(50) && rounds < 1 << 12 {
        rounds *= 2;
    }
    let times = (0..runs).map(|_| run(rounds) / rounds);
    times.min().unwrap_or_default()
}

/// How many times the work takes as long for an input four times as large: 4 where it is linear, 16 where it is
/// quadratic.
pub(crate) fn growth_of_fourfold<I>(size: usize, make: impl Fn(usize) -> I, work: impl Fn(&I)) -> f64 {
    let (small, large) = (make(size), make(size * 4));
    let small = least_time(2, || work(&small));
    let large = least_time(2, || work(&large));
    large.as_secs_f64() / small.as_secs_f64().max(1e-6)
}

/// Between linear and quadratic growth of [`growth_of_fourfold`].
pub(crate) const NEARLY_LINEAR: f64 = 8.0;
