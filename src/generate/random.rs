//! Numbers that look random and are the same for the same seed on every machine and in every build (SplitMix64: Steele,
//! Lea and Flood, "Fast splittable pseudorandom number generators", 2014). Not for secrets.

/// What SplitMix64 adds in each step.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A source of numbers.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The source for one record. Each record has its own, so that it stays the same when there are more of another kind.
    pub(super) fn of(seed: u64, kind: &str, number: usize) -> Self {
        let mut source = Self(seed);
        for byte in kind.bytes() {
            source.0 ^= u64::from(byte);
            source.0 = source.next();
        }
        source.0 ^= u64::try_from(number).unwrap_or_default();
        source.0 = source.next();
        source
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `end`; 0 where `end` is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or_default()
    }

    /// A number from `from` to `to`, both included.
    pub(super) fn between(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// `true` in so many of a hundred cases.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these, or the default where there are none.
    pub(super) fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        let place = self.below(from.len());
        from.get(place).copied().unwrap_or_default()
    }

    /// `least` to `most` different ones of these, in no order.
    pub(super) fn several<T: Copy + Default + PartialEq>(&mut self, from: &[T], least: usize, most: usize) -> Vec<T> {
        let wanted = self.between(least, most).min(from.len());
        let mut found: Vec<T> = Vec::new();
        while found.len() < wanted {
            let one = self.pick(from);
            if !found.contains(&one) {
                found.push(one);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let numbers = |seed, kind, number| {
            let mut random = Random::of(seed, kind, number);
            (0..8).map(|_| random.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(7, "a", 1), numbers(7, "a", 1));
        for other in [numbers(8, "a", 1), numbers(7, "b", 1), numbers(7, "a", 2)] {
            assert_ne!(numbers(7, "a", 1), other);
        }
        assert_eq!(Random(0).next(), 0xe220_a839_7b1d_cdaf, "the published first number");
    }

    #[test]
    fn choices_stay_among_what_there_is() {
        let mut random = Random::of(1, "", 0);
        for _ in 0..1_000 {
            assert!((3..=5).contains(&random.between(3, 5)));
            assert!(["x", "y"].contains(&random.pick(&["x", "y"])));
        }
        assert_eq!(random.several(&[1, 2, 3], 3, 9).len(), 3);
        assert_eq!(random.pick::<usize>(&[]), 0);
        assert!(!random.chance(0) && random.chance(100));
    }
}
