//! Numbers that look random and are the same for the same seed, so that a failure comes again.

/// A linear congruential generator with Knuth's constants (MMIX).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number from 0 to below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    /// One of these.
    pub(crate) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// True or false.
    pub(crate) fn toss(&mut self) -> bool {
        self.below(2) == 0
    }
}
