//! How much of what could be tried is tried: everything with `EXHAUSTIVE=1`, else a sample that another seed draws
//! anew. The seed is `SEED` or the number of the day, and the run prints it; the same seed draws the same sample.

use std::sync::OnceLock;

/// How many rounds stand for one in a run that is not exhaustive.
const ROUNDS_FOR_ONE: usize = 50;

#[expect(
    clippy::disallowed_methods,
    reason = "a variable of the test run and not of the service"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Whether everything is tried.
pub(crate) fn is_exhaustive() -> bool {
    static SAID: OnceLock<bool> = OnceLock::new();
    *SAID.get_or_init(|| variable("EXHAUSTIVE").is_some_and(|value| value == "1"))
}

/// What all samples, and the random tests, begin with; never 0.
pub(crate) fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| match variable("SEED") {
        Some(text) => text.parse::<u64>().expect("SEED is a number").max(1),
        None => std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs() / 86_400,
    })
}

/// What was tried, for the first and the last lines of a run.
pub(crate) fn told() -> String {
    let seed = seed();
    if is_exhaustive() {
        format!("EXHAUSTIVE=1: everything is tried, with SEED={seed}")
    } else {
        format!("a sample is tried, drawn by SEED={seed}; EXHAUSTIVE=1 tries everything")
    }
}

/// `all` rounds of a random test, or a fiftieth.
pub(crate) fn rounds(all: usize) -> usize {
    if is_exhaustive() {
        all
    } else {
        all.div_ceil(ROUNDS_FOR_ONE)
    }
}

/// A number that depends on `name` and the seed alone (FNV-1a, mixed at its end as in SplitMix64).
pub(crate) fn rank(name: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64 ^ seed().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = name.bytes().fold(start, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Is what has this name in a sample of one in `share`? Everything is where the run is exhaustive.
pub(crate) fn takes(name: &str, share: u64) -> bool {
    is_exhaustive() || rank(name).is_multiple_of(share)
}

/// Those of `all` that a sample of one in `share` has; one at least.
pub(crate) fn some<'a>(all: &[&'a str], share: u64) -> Vec<&'a str> {
    let taken: Vec<&str> = all.iter().copied().filter(|name| takes(name, share)).collect();
    if taken.is_empty() {
        return all.iter().copied().min_by_key(|name| rank(name)).into_iter().collect();
    }
    taken
}
