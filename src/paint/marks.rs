//! Where a card's items left marks: a bit for each pixel of the card.
//!
//! Bits are set many at a time, two items that meet in a pixel set the same one, and a row's bits are cheaply moved over
//! those of the next: so what a card changes need not be searched for, put in order or joined.

use std::ops::Range;

/// Pixels to a word of bits.
pub const WORD: u32 = u64::BITS;

/// Which pixels of a card are marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Words a row.
    words: usize,
    /// The leftmost pixel of a word has its lowest bit.
    bits: Vec<u64>,
}

impl Marks {
    /// Takes a card's size, without a mark.
    pub fn clear(&mut self, width: u32, height: u32) {
        self.words = width.div_ceil(WORD) as usize;
        self.bits.clear();
        self.bits.resize(self.words * height as usize, 0);
    }

    /// The bits of a row.
    #[must_use]
    pub fn row(&self, y: u32) -> &[u64] {
        &self.bits[y as usize * self.words..][..self.words]
    }

    /// Rows that have marks, from the top.
    pub fn rows(&self) -> impl Iterator<Item = u32> {
        let rows = (0_u32..).zip(self.bits.chunks_exact(self.words.max(1)));
        rows.filter(|(_, row)| row.iter().any(|word| *word != 0)).map(|(y, _)| y)
    }

    /// Marks columns of a row.
    pub fn add(&mut self, y: u32, columns: Range<u32>) {
        let row = self.row_mut(y);
        let mut x = columns.start;
        while x < columns.end {
            let (word, shift) = ((x / WORD) as usize, x % WORD);
            let count = (columns.end - x).min(WORD - shift);
            row[word] |= u64::MAX >> (WORD - count) << shift;
            x += count;
        }
    }

    /// Marks the columns from `x` on that are covered at all. `covered` are the eights of them in which any is.
    pub(super) fn add_covered(&mut self, y: u32, x: u32, coverage: &[u8], covered: Bits) {
        let (eights, rest) = coverage.as_chunks::<8>();
        for (x, _) in (x + 8 * eights.len() as u32..).zip(rest).filter(|(_, c)| **c > 0) {
            self.add(y, x..x + 1);
        }
        let row = self.row_mut(y);
        for i in covered {
            let bits = those_not_0(u64::from_le_bytes(eights[i]));
            let x = x + 8 * i as u32;
            let (word, shift) = ((x / WORD) as usize, x % WORD);
            row[word] |= bits << shift;
            if shift > WORD - 8 && bits >> (WORD - shift) != 0 {
                row[word + 1] |= bits >> (WORD - shift);
            }
        }
    }

    /// Takes all marks away; `had` is told of each stretch of whole words that had any: row and columns, of which the
    /// last may lie beyond the row.
    pub(super) fn take_away(&mut self, mut had: impl FnMut(u32, Range<u32>)) {
        for (y, row) in (0..).zip(self.bits.chunks_exact_mut(self.words.max(1))) {
            let mut x = 0;
            for words in row.chunk_by_mut(|a, b| (*a != 0) == (*b != 0)) {
                let end = x + words.len() as u32 * WORD;
                if words[0] != 0 {
                    had(y, x..end);
                    words.fill(0);
                }
                x = end;
            }
        }
    }

    fn row_mut(&mut self, y: u32) -> &mut [u64] {
        &mut self.bits[y as usize * self.words..][..self.words]
    }
}

/// The numbers of the bits that are set in a word.
#[derive(Clone, Copy)]
pub(super) struct Bits(pub(super) u64);

impl Iterator for Bits {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let lowest = (self.0 != 0).then(|| self.0.trailing_zeros() as usize)?;
        self.0 &= self.0 - 1;
        Some(lowest)
    }
}

/// A bit for each byte that is not 0.
#[inline]
fn those_not_0(bytes: u64) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let highest = ((bytes & LOW) + LOW | bytes) & !LOW;
    // Each of the eight bits is moved to its place in the highest byte.
    (highest >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// The columns whose bits are set, from the left; those with fewer than `near` between them are told together.
pub fn runs(row: &[u64], near: u32) -> impl Iterator<Item = Range<u32>> {
    let mut single = Runs { row, word: 0, bits: row.first().copied().unwrap_or(0) };
    let mut next = single.next();
    std::iter::from_fn(move || {
        let mut run = next.take()?;
        for other in single.by_ref() {
            if other.start - run.end >= near {
                next = Some(other);
                break;
            }
            run.end = other.end;
        }
        Some(run)
    })
}

/// See [`runs`].
struct Runs<'r> {
    row: &'r [u64],
    word: usize,
    /// What is left of that word.
    bits: u64,
}

impl Iterator for Runs<'_> {
    type Item = Range<u32>;

    #[inline]
    fn next(&mut self) -> Option<Range<u32>> {
        while self.bits == 0 {
            self.word += 1;
            self.bits = *self.row.get(self.word)?;
        }
        let first = self.bits.trailing_zeros();
        let start = self.word as u32 * WORD + first;
        let mut count = (self.bits >> first).trailing_ones();
        // Adding to the lowest bit that is set clears all that follow it without a gap.
        self.bits &= self.bits.wrapping_add(1 << first);
        while (start + count).is_multiple_of(WORD) {
            let Some(word) = self.row.get(self.word + 1) else { break };
            let more = word.trailing_ones();
            if more == 0 {
                break;
            }
            count += more;
            self.word += 1;
            self.bits = word & word.wrapping_add(1);
        }
        Some(start..start + count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits that are set, one by one.
    fn listed(marks: &Marks, y: u32) -> Vec<u32> {
        let row = marks.row(y);
        (0..row.len() as u32 * WORD).filter(|x| row[(x / WORD) as usize] >> (x % WORD) & 1 == 1).collect()
    }

    #[test]
    fn marks_stand_where_they_were_made() {
        let mut marks = Marks::default();
        marks.clear(300, 3);
        for columns in [3..4, 60..70, 128..256, 299..300, 20..20] {
            marks.add(1, columns);
        }
        let expected: Vec<u32> = (3..4).chain(60..70).chain(128..256).chain(299..300).collect();
        assert_eq!(listed(&marks, 1), expected);
        assert_eq!(marks.rows().collect::<Vec<_>>(), [1]);
        // By coverage, at every place in a word and up to the last column.
        for x in (0..70).chain(270..287) {
            marks.clear(300, 3);
            let coverage = [0, 1, 0, 128, 255, 0, 0, 0, 0, 7, 0, 0, 127];
            marks.add_covered(2, x, &coverage, Bits(0b1));
            let expected: Vec<u32> = [1, 3, 4, 9, 12].map(|i| x + i).to_vec();
            assert_eq!(listed(&marks, 2), expected, "from {x}");
        }
        let mut had = Vec::new();
        marks.add(2, 0..100);
        marks.take_away(|y, columns| had.push((y, columns)));
        assert_eq!(had, [(2, 0..128), (2, 256..320)]);
        assert_eq!(marks.rows().count(), 0);
    }

    #[test]
    fn runs_are_those_of_the_bits() {
        let mut marks = Marks::default();
        marks.clear(512, 1);
        for columns in [0..1, 5..9, 60..192, 200..201, 256..320, 384..512] {
            marks.add(0, columns);
        }
        let runs = |near| runs(marks.row(0), near).collect::<Vec<_>>();
        assert_eq!(runs(1), [0..1, 5..9, 60..192, 200..201, 256..320, 384..512]);
        assert_eq!(runs(4), runs(1));
        assert_eq!(runs(5), [0..9, 60..192, 200..201, 256..320, 384..512]);
        assert_eq!(runs(56), [0..320, 384..512]);
        assert_eq!(super::runs(&[], 1).count(), 0);
        assert_eq!(super::runs(&[0, 0], 1).count(), 0);
    }
}
