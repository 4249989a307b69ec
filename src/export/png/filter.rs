//! What is done to a row's bytes before they are compressed (PNG, 9).

use super::splice::Raster;
use super::tokens::{self, Sink};
use crate::paint::Span;

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
    /// The one for a ground; of colours the one that makes it smaller, by what [`Counts`] promise.
    pub(super) fn of(ground: Raster<'_>) -> Self {
        if ground.depth() == 1 {
            return Self::None;
        }
        let bits = |filter: Self| {
            let mut counts = [0_u32; 256];
            let mut filtered = Vec::new();
            // A row in seven tells enough.
            for y in (0..ground.height).step_by(7) {
                let row = |y: u32| ground.stretch(y, 0, ground.width);
                filter.apply(row(y), y.checked_sub(1).map_or(&[], row), None, &mut filtered);
                filtered.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
            }
            entropy(&counts)
        };
        let sub = bits(Self::Sub);
        // Flat: a letter takes less than a bit (of 64 parts), so there is little to win, and the row above is lost for references.
        let letters = ground.height.div_ceil(7) as usize * ground.width as usize * ground.depth();
        if sub <= 64 * letters as u64 {
            return Self::Sub;
        }
        let paeth = bits(Self::Paeth);
        // By whole percents, so that no machine's rounding decides.
        if paeth * 100 < sub * 98 { Self::Paeth } else { Self::Sub }
    }

    /// Its number in the file.
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Sub => 1,
            Self::Paeth => 4,
        }
    }

    /// How many pixels after a changed one have other bytes than on the ground.
    pub(super) fn reach(self) -> u32 {
        u32::from(self != Self::None)
    }

    /// Where bytes differ from the ground's when pixels differ in `spans`: those, and where each row has an effect on
    /// the next, what lies below them.
    pub(super) fn spread(self, spans: &[Span], ground: Raster<'_>, to: &mut Vec<Span>) {
        to.clear();
        if self != Self::Paeth {
            to.extend_from_slice(spans);
            return;
        }
        let mut above: &[Span] = &[];
        let mut rows = spans.chunk_by(|a, b| a.y == b.y).peekable();
        while rows.peek().is_some() || !above.is_empty() {
            let next = above.first().map_or(u32::MAX, |span| span.y + 1);
            let own = rows.next_if(|row| row[0].y <= next).unwrap_or_default();
            let y = own.first().map_or(next, |span| span.y);
            let over = if y == next { above } else { &[] };
            if y < ground.height {
                let start = to.len();
                let (mut a, mut b) = (own.iter().peekable(), over.iter().peekable());
                while let Some(next) = match (a.peek(), b.peek()) {
                    (Some(own), Some(over)) if own.x0 <= over.x0 => a.next(),
                    (_, Some(_)) => b.next(),
                    (_, None) => a.next(),
                } {
                    match to[start..].last_mut() {
                        Some(last) if next.x0 <= last.x1 => last.x1 = last.x1.max(next.x1),
                        _ => to.push(Span { y, ..*next }),
                    }
                }
            }
            above = own;
        }
    }

    /// Filters a stretch and hands it over in `to`. `above` is what stands above it, nothing over the first row;
    /// `corner` the pixels before both, none at the start of a row.
    pub(super) fn apply(
        self,
        stretch: &[u8],
        above: &[u8],
        corner: Option<(&[u8], &[u8])>,
        to: &mut Vec<u8>,
    ) {
        to.clear();
        to.extend_from_slice(stretch);
        if self == Self::None {
            return;
        }
        // Into a place of known length and by slices alone: so it is done several bytes at a time.
        let (first, rest) = stretch.split_at(stretch.len().min(3));
        let (to_first, to_rest) = to.split_at_mut(first.len());
        let (left, left_above) = corner.unwrap_or((&[0; 3], &[0; 3]));
        if self == Self::Sub || above.is_empty() {
            // Over the first row all is 0, and the likeliest is the one to the left.
            to_first.iter_mut().zip(left).for_each(|(byte, left)| *byte = byte.wrapping_sub(*left));
            to_rest.iter_mut().zip(stretch).for_each(|(byte, left)| *byte = byte.wrapping_sub(*left));
            return;
        }
        for (byte, (left, (above, both))) in
            to_first.iter_mut().zip(left.iter().zip(above.iter().zip(left_above)))
        {
            *byte = byte.wrapping_sub(likeliest(*left, *above, *both));
        }
        let (over, over_left) = (&above[first.len()..], above);
        for (byte, (left, (above, both))) in
            to_rest.iter_mut().zip(stretch[..rest.len()].iter().zip(over.iter().zip(over_left)))
        {
            *byte = byte.wrapping_sub(likeliest(*left, *above, *both));
        }
    }

    pub(super) fn cut(self, filtered: &[u8], above: &[u8], sink: &mut impl Sink) {
        match self {
            Self::None => tokens::cut::<1>(filtered, above, sink),
            Self::Sub | Self::Paeth => tokens::cut::<3>(filtered, above, sink),
        }
    }
}

/// Paeth's guess (PNG, 9.4), without a branch, so that several are made at a time.
#[inline]
fn likeliest(left: u8, above: u8, left_above: u8) -> u8 {
    let [l, a, c] = [left, above, left_above].map(i16::from);
    let (from_left, from_above, from_both) = ((a - c).abs(), (l - c).abs(), (l + a - c - c).abs());
    let other = if from_above <= from_both { above } else { left_above };
    if (from_left <= from_above) & (from_left <= from_both) { left } else { other }
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
            let mut got = Vec::new();
            filter.apply(&row, &above, None, &mut got);
            assert_eq!((filter.byte(), &got), (number, &expected), "{filter:?}");
            // From the second pixel on, what stands before it is told.
            filter.apply(&row[3..], &above[3..], Some((&row[..3], &above[..3])), &mut got);
            assert_eq!(got, expected[3..], "{filter:?}");
        }
    }
}
