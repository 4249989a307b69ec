//! The type sizes of a series: one or two for all cards of a template and size, so that they look like siblings.
//!
//! 1. Every card has a largest size that it can take; any smaller one it can take too.
//! 2. The smaller of the two sizes is the least of these: the card with most to say sets it.
//! 3. The larger is the one of these that costs least: a card that can take it does, all others take the smaller, and
//!    the cost of a card is the square of how far it is set under its own (as a ratio, on a logarithmic scale). The
//!    square weighs one card that is much too small more than many that are a little small.
//! 4. Two sizes that are nearer than [`APART`] would look like a mistake: then all take the smaller.

/// The larger size is at least so many times the smaller.
const APART: f32 = 1.15;
/// The larger size may be stepped down to this part of it where fewer cards are ragged then.
const LEAST: f32 = 0.9;

/// The sizes of a series, px per em on the master.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Siblings {
    /// What every card can take.
    pub smaller: f32,
    /// What some can; the same where one size serves all.
    pub larger: f32,
}

impl Siblings {
    /// The sizes for cards that can take these; see the module. `None` for no cards.
    #[must_use]
    pub fn of(own: &[f32]) -> Option<Self> {
        let smaller = own.iter().copied().reduce(f32::min)?;
        let cost = |larger: f32| -> f32 {
            let under = |&own: &f32| (own / Self { smaller, larger }.for_card(own)).ln();
            own.iter().map(under).map(|under| under * under).sum()
        };
        let mut sizes: Vec<f32> = own.iter().copied().filter(|own| *own >= smaller * APART).collect();
        sizes.sort_by(f32::total_cmp);
        sizes.dedup();
        // Of equal costs the larger size: the last one.
        let best = sizes.into_iter().rev().min_by(|&a, &b| cost(a).total_cmp(&cost(b)));
        Some(Self { smaller, larger: best.unwrap_or(smaller) })
    }

    /// The size of a card that can take `own`.
    #[must_use]
    pub fn for_card(self, own: f32) -> f32 {
        if own >= self.larger { self.larger } else { self.smaller }
    }

    /// The larger size and those that it may be stepped down to, from the largest.
    pub fn steps(self) -> impl Iterator<Item = f32> {
        let least = (self.larger * LEAST).max(self.smaller * APART);
        (1_u8..)
            .map(move |down| self.larger - f32::from(down) * super::fit::STEP)
            .take_while(move |&size| size >= least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(own: &[f32]) -> (f32, f32) {
        let sizes = Siblings::of(own).unwrap();
        (sizes.smaller, sizes.larger)
    }

    #[test]
    fn near_sizes_become_one_and_far_ones_two() {
        assert_eq!(Siblings::of(&[]), None);
        assert_eq!(of(&[68.0]), (68.0, 68.0));
        assert_eq!(of(&[68.0, 70.0, 75.0]), (68.0, 68.0));
        assert_eq!(of(&[40.0, 90.0, 92.0, 96.0]), (40.0, 90.0), "one long quote makes no other card small");
        assert_eq!(of(&[60.0, 62.0, 64.0, 128.0]), (60.0, 128.0));
    }

    #[test]
    fn no_card_is_asked_for_more_than_it_can_take() {
        for own in [vec![44.0, 51.0, 63.0, 64.0, 80.0, 101.0, 132.0], vec![38.0, 132.0], vec![50.0; 4]] {
            let sizes = Siblings::of(&own).unwrap();
            assert!(own.iter().all(|&own| sizes.for_card(own) <= own), "{sizes:?}");
            assert!(sizes.steps().all(|step| step < sizes.larger && step > sizes.smaller), "{sizes:?}");
        }
    }
}
