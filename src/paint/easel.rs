//! Painting only what a card changes: where a thread paints one card after the other.
//!
//! The ground stays on the easel. What one card has changed of it is laid anew for the next; letters tell where they left
//! ink, and within the box of any other item what then differs from the ground is what it changes.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::font::FontBook;
use crate::layout::{Item, Layout};

use super::marks::{Marks, runs};
use super::picture::PixelBox;
use super::{Ground, Pixels, blend_grains, glyphs, paint_items, reach};

/// Pixels of one row that a card changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The row.
    pub y: u32,
    /// The first column.
    pub x0: u32,
    /// The column after the last.
    pub x1: u32,
}

/// Fewer pixels than this between two marks are laid anew with them: a line of the cache has about as many.
const NEAR: u32 = 24;

/// Room to paint in, kept from card to card; see the module.
#[derive(Debug, Default)]
pub struct Easel {
    pub(super) canvas: Pixels,
    /// The same under the ground's grain, where it has any.
    grained: Pixels,
    pub(super) colors: Standing,
    /// Where the canvas may differ from its ground.
    marks: Marks,
    /// As [`Self::canvas`], one index a pixel.
    pub(super) indexes: Vec<u8>,
    pub(super) palette: Standing,
    pub(super) areas: Vec<PixelBox>,
}

/// What stands on the easel: a ground, all of it but for what the last card changed.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// The identity of the ground; `None` where there is nothing to rely on.
    ground: Option<u64>,
    pub(super) spans: Vec<Span>,
}

impl Standing {
    /// Puts a ground on the easel, `lay`ing what of it is not there: pixels of a row, or all. Until
    /// [`Self::painted`], nothing can be relied on.
    pub(super) fn take_up(&mut self, identity: u64, mut lay: impl FnMut(Option<Span>)) {
        if self.stands(identity) {
            self.spans.iter().for_each(|span| lay(Some(*span)));
        } else {
            lay(None);
        }
        self.spans.clear();
    }

    /// Whether this ground stands there; that is not relied on again until [`Self::painted`].
    fn stands(&mut self, identity: u64) -> bool {
        self.ground.take() == Some(identity)
    }

    /// Nothing but what is told differs from the ground.
    pub(super) fn painted(&mut self, identity: u64) {
        self.ground = Some(identity);
    }
}

/// A number that no other ground has or had.
pub(super) fn new_identity() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

/// A card's pixels as indexes.
#[derive(Debug, Clone, Copy)]
pub struct Inked<'a> {
    /// An index of each pixel, row after row.
    pub bytes: &'a [u8],
    /// Where they differ from the ground, in order; spans of a row do not meet.
    pub spans: &'a [Span],
}

/// A card's pixels in their colours.
#[derive(Debug, Clone, Copy)]
pub struct Painted<'a> {
    /// Red, green, blue of each pixel, row after row.
    pub rgb: &'a [u8],
    /// Where something was painted; all others are the ground's.
    pub marks: &'a Marks,
}

impl Easel {
    /// The canvas, of this size, for something else. What stood on it is gone; what is on it may be anything.
    pub(super) fn lend(&mut self, width: u32, height: u32) -> &mut Pixels {
        self.colors = Standing::default();
        self.canvas.fit(width, height);
        &mut self.canvas
    }

    /// Paints a card's own items on its ground: the pixels that [`super::paint`] would give them.
    ///
    /// # Panics
    /// Where the ground is of another size.
    pub fn paint(&mut self, layout: &Layout, ground: &Ground, fonts: &FontBook) -> Painted<'_> {
        let under = &ground.under;
        assert_eq!((layout.size.width(), layout.size.height()), (under.width, under.height), "sizes differ");
        let Self { canvas, grained, colors, marks, .. } = self;
        let mut lay = |span| {
            canvas.lay(under, span);
            if ground.is_grained() {
                grained.lay(ground.pixels(), span);
            }
        };
        if colors.stands(ground.identity) {
            for y in marks.rows() {
                runs(marks.row(y), NEAR)
                    .for_each(|Range { start: x0, end: x1 }| lay(Some(Span { y, x0, x1 })));
            }
        } else {
            lay(None);
        }
        marks.clear(under.width, under.height);
        for item in &layout.items {
            match item {
                Item::Glyphs(run) if !fonts.face(run.face).has_pictures() => {
                    glyphs::paint_marking(canvas, run, fonts.face(run.face), marks);
                }
                item => {
                    paint_items(canvas, std::slice::from_ref(item), fonts);
                    touched(item, under, fonts).for_each(|area| mark_changes(marks, canvas, under, area));
                }
            }
        }
        if ground.is_grained() {
            for y in marks.rows() {
                for Range { start: x0, end: x1 } in runs(marks.row(y), 1) {
                    grained.lay(canvas, Some(Span { y, x0, x1 }));
                    blend_grains(grained, &ground.grains, (0, 0), y..y + 1, |_| x0..x1);
                }
            }
        }
        colors.painted(ground.identity);
        let painted = if ground.is_grained() { grained } else { canvas };
        Painted { rgb: &painted.rgb, marks }
    }
}

/// Marks where two pictures differ in a part of them.
fn mark_changes(marks: &mut Marks, new: &Pixels, old: &Pixels, area: PixelBox) {
    for y in area.rows() {
        let [new, old] = [new, old].map(|pixels| pixels.row(y, area.x0..area.x1).as_flattened());
        changes::<24>(new, old, |from, to| marks.add(y, area.x0 + from..area.x0 + to));
    }
}

impl Pixels {
    /// Takes this size; what is on it may be anything. New room is not written to, so that the system need give only
    /// what is painted on.
    pub(super) fn fit(&mut self, width: u32, height: u32) {
        let bytes = 3 * width as usize * height as usize;
        if self.rgb.len() != bytes {
            self.rgb = vec![0; bytes];
        }
        (self.width, self.height) = (width, height);
    }

    /// Takes a span of another picture of its size over, or all of it.
    pub(super) fn lay(&mut self, from: &Self, span: Option<Span>) {
        match span {
            Some(Span { y, x0, x1 }) => self.run(y, x0, x1).copy_from_slice(from.row(y, x0..x1)),
            None => {
                (self.width, self.height) = (from.width, from.height);
                self.rgb.clear();
                self.rgb.extend_from_slice(&from.rgb);
            }
        }
    }
}

/// The boxes in which an item may leave a mark.
pub(super) fn touched<'a>(
    item: &Item,
    on: &'a Pixels,
    fonts: &FontBook,
) -> impl Iterator<Item = PixelBox> + use<'a> {
    reach(item, fonts).into_iter().filter_map(|area| on.outwards(area))
}

/// Each row of these boxes, from the top, and in it the columns of any, from the left, none twice.
pub(super) fn each_row(areas: &[PixelBox], mut row: impl FnMut(u32, Range<u32>)) {
    let mut edges: Vec<u32> = areas.iter().flat_map(|area| [area.y0, area.y1]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut stretches: Vec<Range<u32>> = Vec::new();
    for band in edges.windows(2) {
        stretches.clear();
        stretches
            .extend(areas.iter().filter(|area| area.y0 <= band[0] && band[1] <= area.y1).map(|a| a.x0..a.x1));
        stretches.sort_unstable_by_key(|stretch| stretch.start);
        stretches.dedup_by(|next, last| {
            let meets = next.start <= last.end;
            if meets {
                last.end = last.end.max(next.end);
            }
            meets
        });
        for y in band[0]..band[1] {
            stretches.iter().for_each(|columns| row(y, columns.clone()));
        }
    }
}

/// Tells the pixels at which two stretches differ, which are looked at `N` bytes at a time: 8 pixels of 3 bytes, or
/// 16 of one. Of what lies between two of them, fewer pixels than that count too.
pub(super) fn changes<const N: usize>(new: &[u8], old: &[u8], mut tell: impl FnMut(u32, u32)) {
    let depth = if N == 24 { 3 } else { 1 };
    let mut open: Option<(usize, usize)> = None;
    let mut look = |at: usize, new: &[u8], old: &[u8]| {
        let Some((first, last)) = differing(new, old) else { return };
        let (from, to) = ((at + first) / depth, (at + last) / depth + 1);
        match &mut open {
            Some((_, end)) if from < *end + N / depth => *end = to,
            _ => {
                if let Some((from, to)) = open.replace((from, to)) {
                    tell(from as u32, to as u32);
                }
            }
        }
    };
    let ((new_parts, new_rest), (old_parts, old_rest)) = (new.as_chunks::<N>(), old.as_chunks::<N>());
    for (i, (new, old)) in new_parts.iter().zip(old_parts).enumerate() {
        if new != old {
            look(i * N, new, old);
        }
    }
    look(new.len() - new_rest.len(), new_rest, old_rest);
    if let Some((from, to)) = open {
        tell(from as u32, to as u32);
    }
}

/// The first and the last byte that differ.
#[inline]
fn differing(new: &[u8], old: &[u8]) -> Option<(usize, usize)> {
    let ((new_words, new_rest), (old_words, old_rest)) = (new.as_chunks::<8>(), old.as_chunks::<8>());
    let words =
        || new_words.iter().zip(old_words).map(|(a, b)| u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b));
    let rest = || new_rest.iter().zip(old_rest).map(|(a, b)| a != b);
    let whole = new.len() - new_rest.len();
    let first = words().enumerate().find(|(_, word)| *word != 0);
    let first = match first {
        Some((i, word)) => i * 8 + (word.trailing_zeros() / 8) as usize,
        None => whole + rest().position(|differs| differs)?,
    };
    let last = rest().rposition(|differs| differs).map(|i| whole + i).or_else(|| {
        let (i, word) = words().enumerate().rfind(|(_, word)| *word != 0)?;
        Some(i * 8 + 7 - (word.leading_zeros() / 8) as usize)
    });
    Some((first, last?))
}
