//! One row of a card: which of its pixels have other bytes than on the ground, and those bytes, filtered.

use std::ops::Range;

use super::adler::Part;
use super::filter::Manner;
use super::huffman::Counts;
use super::splice::Raster;
use crate::paint::{Marks, WORD, runs};

/// Pixels that are filtered and summed together, as many as [`Marks`] have to a word.
pub(super) const PART: u32 = WORD;

/// Fewer pixels than this between two changes are encoded anew: to copy them would take longer.
const WORTH: u32 = 6;

/// A row, filtered; see the module.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// A bit for each pixel that has other bytes than on the ground.
    changed: Vec<u64>,
    this: Vec<u8>,
    /// The row above, where tokens may refer to it.
    above: Vec<u8>,
    refers_above: bool,
    depth: usize,
}

impl Line {
    /// Takes up row `y` of a card: all parts of it that have a change. Whether there are any; `told` is told of each:
    /// its first pixel and its sums.
    pub(super) fn fill(
        &mut self,
        manner: Manner,
        card: Raster<'_>,
        marks: &Marks,
        y: u32,
        mut told: impl FnMut(u32, Part),
    ) -> bool {
        let Self { changed, this, above, refers_above, depth } = self;
        manner.filter.spread(marks.row(y), y.checked_sub(1).map_or(&[], |y| marks.row(y)), changed);
        // No pixel comes after the last.
        if let (Some(last), rest @ 1..) = (changed.last_mut(), card.width % WORD) {
            *last &= (1 << rest) - 1;
        }
        *depth = card.depth();
        *refers_above = y > 0 && manner.refers_above(card.line());
        this.resize(card.width as usize * *depth, 0);
        above.resize(this.len(), 0);
        let mut is_changed = false;
        // Parts that follow one another are filtered at once.
        let mut first = 0;
        for parts in changed.chunk_by(|a, b| (*a != 0) == (*b != 0)) {
            let x = first as u32 * PART;
            first += parts.len();
            if parts[0] == 0 {
                continue;
            }
            let at = x as usize * *depth..(first as u32 * PART).min(card.width) as usize * *depth;
            manner.filter.apply(card.row(y), card.above(y), at.clone(), &mut this[at.clone()]);
            if *refers_above {
                manner.filter.apply(card.row(y - 1), &[], at.clone(), &mut above[at.clone()]);
            }
            for (x, part) in (x..).step_by(PART as usize).zip(this[at].chunks(PART as usize * *depth)) {
                told(x, Part::of(part));
            }
            is_changed = true;
        }
        is_changed
    }

    /// Bytes a pixel.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The stretches that have changed, from the left.
    pub(super) fn changes(&self) -> impl Iterator<Item = Range<u32>> {
        runs(&self.changed, WORTH)
    }

    /// The bytes of a stretch, and those above it, none where tokens cannot refer to them.
    pub(super) fn bytes(&self, columns: Range<u32>) -> (&[u8], &[u8]) {
        let at = columns.start as usize * self.depth..columns.end as usize * self.depth;
        (&self.this[at.clone()], if self.refers_above { &self.above[at] } else { &[] })
    }
}

/// How often tokens come in a ground.
pub(super) fn count_ground(ground: Raster<'_>, manner: Manner) -> Counts {
    let (mut counts, mut one) = (Counts::default(), Counts::default());
    let mut filtered = vec![0; ground.line() - 1];
    for y in 0..ground.height {
        if !ground.is_repeated(y) {
            one = Counts::default();
            manner.filter.apply(ground.row(y), ground.above(y), 0..filtered.len(), &mut filtered);
            one.0[usize::from(manner.filter.byte())] += 1;
            manner.cut(&filtered, &[], &mut one);
        }
        counts.0.iter_mut().zip(one.0).for_each(|(all, one)| *all += one);
    }
    counts
}

/// How often tokens come in what cards put on a ground: with the ground itself, what its code is made for.
pub(super) fn count_ink(counts: &mut Counts, card: Raster<'_>, marks: &Marks, manner: Manner) {
    let mut line = Line::default();
    for y in 0..card.height {
        if line.fill(manner, card, marks, y, |_, _| {}) {
            for change in line.changes() {
                let (bytes, above) = line.bytes(change);
                manner.cut(bytes, above, counts);
            }
        }
    }
}
