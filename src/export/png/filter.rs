//! What is done to a row's bytes before they are compressed (PNG, 9).

use std::ops::Range;

use super::huffman::FARTHEST;
use super::splice::Raster;
use super::tokens::{self, Sink};

/// What is done to a row's bytes before they are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    /// Nothing: indexes are no quantities.
    None,
    /// The difference from the pixel to the left.
    Sub,
    /// The difference from that, the one above or the one above to the left, whichever is likeliest: an eighth smaller
    /// on a photograph. What a card changes in a row then changes the row below it too.
    Paeth,
}

impl Filter {
    /// Its number in the file.
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Sub => 1,
            Self::Paeth => 4,
        }
    }

    /// Of which pixels of a row bytes differ from the ground's: from those that differ in it and in the row above, none
    /// over the first row. A bit a pixel, as [`crate::paint::Marks`] has them.
    pub(super) fn spread(self, row: &[u64], above: &[u64], to: &mut Vec<u64>) {
        to.clear();
        to.extend_from_slice(row);
        if self == Self::None {
            return;
        }
        if self == Self::Paeth {
            to.iter_mut().zip(above).for_each(|(to, above)| *to |= above);
        }
        // What stands after a pixel that differs.
        let mut last = 0;
        for word in to {
            let shifted = *word << 1 | last;
            last = *word >> 63;
            *word |= shifted;
        }
    }

    /// Filters the bytes `at` of a row, whole pixels, and hands them over in `to`. `above` is the row above, nothing
    /// over the first.
    pub(super) fn apply(self, row: &[u8], above: &[u8], at: Range<usize>, to: &mut [u8]) {
        let Range { start, end } = at;
        if self == Self::None {
            return to.copy_from_slice(&row[start..end]);
        }
        // Over the first row all is 0, and the likeliest is the one to the left; before a row's first pixel all is 0,
        // and it is the one above.
        let has_above = self == Self::Paeth && !above.is_empty();
        let (first, rest) = to.split_at_mut(if start == 0 { 3.min(end) } else { 0 });
        first.copy_from_slice(&row[start..start + first.len()]);
        if has_above {
            first.iter_mut().zip(above).for_each(|(byte, above)| *byte = byte.wrapping_sub(*above));
        }
        // By slices alone: so it is done several bytes at a time.
        let start = start + first.len();
        if start == end {
            return;
        }
        let (here, left) = (&row[start..end], &row[start - 3..end - 3]);
        let guessed = rest.iter_mut().zip(here.iter().zip(left));
        if has_above {
            let above = above[start..end].iter().zip(&above[start - 3..end - 3]);
            for ((byte, (here, left)), (above, both)) in guessed.zip(above) {
                *byte = here.wrapping_sub(likeliest(*left, *above, *both));
            }
        } else {
            guessed.for_each(|(byte, (here, left))| *byte = here.wrapping_sub(*left));
        }
    }
}

/// How the rows of a ground, and what cards change of them, become tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    pub(super) filter: Filter,
    /// A photograph or grain, in which next to nothing repeats itself: all is told byte by byte.
    pub(super) is_rough: bool,
}

impl Manner {
    /// That of indexes.
    pub(super) const INDEXED: Self = Self { filter: Filter::None, is_rough: false };

    /// The one for a ground of colours: of two filters the one that makes it smaller.
    pub(super) fn of(ground: Raster<'_>) -> Self {
        let bits = |filter: Filter| {
            let mut counts = [0_u32; 256];
            let mut filtered = vec![0; ground.width as usize * ground.depth()];
            // A row in seven tells enough.
            for y in (0..ground.height).step_by(7) {
                filter.apply(ground.row(y), ground.above(y), 0..filtered.len(), &mut filtered);
                filtered.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
            }
            entropy(&counts)
        };
        let sub = bits(Filter::Sub);
        // In 64ths of a bit, as they are counted.
        let bytes =
            64 * u64::from(ground.height.div_ceil(7)) * u64::from(ground.width) * ground.depth() as u64;
        // Less than a bit a byte is flat: there is little to win, and the row above is lost for references.
        if sub <= bytes {
            return Self { filter: Filter::Sub, is_rough: false };
        }
        let paeth = bits(Filter::Paeth);
        // By whole percents, so that no machine's rounding decides.
        let filter = if paeth * 100 < sub * 98 { Filter::Paeth } else { Filter::Sub };
        Self { filter, is_rough: sub.min(paeth) > 2 * bytes }
    }

    /// Whether tokens may refer to the row above: one that is filtered alike, as long as it is near enough.
    pub(super) fn refers_above(self, line: usize) -> bool {
        self.filter != Filter::Paeth && !self.is_rough && line <= FARTHEST
    }

    pub(super) fn cut(self, filtered: &[u8], above: &[u8], sink: &mut impl Sink) {
        match self.filter {
            _ if self.is_rough => sink.literals(0, filtered),
            Filter::None => tokens::cut::<1>(filtered, above, sink),
            Filter::Sub | Filter::Paeth => tokens::cut::<3>(filtered, above, sink),
        }
    }
}

/// Paeth's guess (PNG, 9.4), in bytes and without a branch, so that sixteen are made at a time.
#[inline]
fn likeliest(left: u8, above: u8, both: u8) -> u8 {
    let (more_left, less_left) = (left.saturating_sub(both), both.saturating_sub(left));
    let (more_above, less_above) = (above.saturating_sub(both), both.saturating_sub(above));
    let (from_left, from_above) = (more_above | less_above, more_left | less_left);
    // The guess is `left + above - both`: further from `both` than from either, unless they lie on two sides of it.
    let on_two_sides = more_left.min(less_above) | less_left.min(more_above);
    let from_both = if on_two_sides == 0 { 255 } else { from_left.abs_diff(from_above) };
    let other = if from_above <= from_both { above } else { both };
    if from_left <= from_above.min(from_both) { left } else { other }
}

/// About how many bits bytes take that come so often, in 64ths.
fn entropy(counts: &[u32; 256]) -> u64 {
    let all: u32 = counts.iter().sum();
    // The logarithm by its whole part and a straight line between: whole numbers are the same on every machine.
    let log = |n: u32| {
        let whole = n.ilog2();
        u64::from(whole) * 64 + ((u64::from(n) - (1 << whole)) << 6 >> whole)
    };
    counts.iter().filter(|count| **count > 0).map(|&count| u64::from(count) * (log(all) - log(count))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_those_of_the_format() {
        let (above, row) = ([10, 20, 30, 40, 50, 60, 9, 8, 7], [11, 22, 33, 41, 49, 66, 200, 8, 90]);
        let at = |row: &[u8], i: usize, back: usize| i.checked_sub(back).map_or(0, |i| i16::from(row[i]));
        // By the book: the guess of PNG's specification, 9.4.
        let paeth = |i: usize| {
            let (a, b, c) = (at(&row, i, 3), at(&above, i, 0), at(&above, i, 3));
            let p = a + b - c;
            let (pa, pb, pc) = ((p - a).abs(), (p - b).abs(), (p - c).abs());
            if pa <= pb && pa <= pc {
                a
            } else if pb <= pc {
                b
            } else {
                c
            }
        };
        let by = |guess: &dyn Fn(usize) -> i16| -> Vec<u8> {
            (0..row.len()).map(|i| row[i].wrapping_sub(guess(i) as u8)).collect()
        };
        for (filter, number, expected) in [
            (Filter::None, 0, row.to_vec()),
            (Filter::Sub, 1, by(&|i| at(&row, i, 3))),
            (Filter::Paeth, 4, by(&paeth)),
        ] {
            assert_eq!(filter.byte(), number);
            // From any pixel to any other: what stands before and above is that of the whole row.
            for (from, to) in [(0, 9), (0, 3), (3, 9), (3, 6), (6, 9)] {
                let mut got = vec![0; to - from];
                filter.apply(&row, &above, from..to, &mut got);
                assert_eq!(got, expected[from..to], "{filter:?}, {from} to {to}");
            }
        }
        // Over the first row there is nothing.
        let mut got = vec![0; 9];
        Filter::Paeth.apply(&row, &[], 0..9, &mut got);
        assert_eq!(got, by(&|i| at(&row, i, 3)));
    }

    #[test]
    fn any_three_pixels_give_the_guess_of_the_format() {
        for (a, b, c) in (0..=255_u8)
            .flat_map(|a| (0..=255_u8).map(move |b| (a, b)))
            .flat_map(|(a, b)| (0..=255).step_by(3).map(move |c| (a, b, c)))
        {
            let [l, o, d] = [a, b, c].map(i16::from);
            let p = l + o - d;
            let (pa, pb, pc) = ((p - l).abs(), (p - o).abs(), (p - d).abs());
            let guess = if pa <= pb && pa <= pc {
                a
            } else if pb <= pc {
                b
            } else {
                c
            };
            assert_eq!(likeliest(a, b, c), guess, "{a} {b} {c}");
        }
    }

    #[test]
    fn a_change_spreads_to_the_right_and_by_paeth_below() {
        let (row, above) = ([1 << 63 | 0b100, 0, 0b1], [0b1_0000, 1 << 63, 0]);
        for (filter, expected) in [
            (Filter::None, row),
            (Filter::Sub, [1 << 63 | 0b1100, 1, 0b11]),
            (Filter::Paeth, [1 << 63 | 0b11_1100, 1 << 63 | 1, 0b11]),
        ] {
            let mut got = Vec::new();
            filter.spread(&row, &above, &mut got);
            assert_eq!(got, expected, "{filter:?}");
        }
    }
}
