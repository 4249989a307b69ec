//! A card's letters in their places, and which of them stand in a row.

use std::sync::Arc;

use super::sorts::{Case, FountKey, Mold, Rows, Sort};
use super::splice::Encoded;
use crate::font::{Face, FontBook};
use crate::geom::Rect;
use crate::layout::{GlyphRun, Item, Layout};
use crate::paint::{Indexed, Inked, Ramp, Span, Spot, reach};

/// A letter in its place.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    /// Its left column and top row.
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) sort: Arc<Sort>,
    pub(super) spot: Spot,
    pub(super) face: &'a Face,
    pub(super) ramp: &'a Ramp,
    /// Which item of the layout it belongs to.
    pub(super) item: usize,
}

/// A letter that stands in the row at hand.
pub(super) struct Standing<'s> {
    /// Its left column, and the one after its right.
    pub(super) x: u32,
    pub(super) right: u32,
    /// Those from the row at hand on.
    pub(super) rows: Rows<'s>,
    /// The index that it stands on.
    pub(super) under: u8,
    /// Whether in no row it meets another one.
    pub(super) is_apart: bool,
    pub(super) placed: &'s Placed<'s>,
}

/// All letters.
pub(super) fn line_up<'a>(
    encoded: &Encoded,
    layout: &Layout,
    indexed: &'a Indexed,
    painted: Inked<'_>,
    fonts: &'a FontBook,
    case: &mut Case,
) -> Option<Vec<Placed<'a>>> {
    case.tidy();
    let (width, height) = (i64::from(layout.size.width()), i64::from(layout.size.height()));
    let mut all = Vec::with_capacity(400);
    for (item, run) in runs(layout) {
        let face = fonts.face(run.face);
        if run.color.a != 255 || face.has_pictures() {
            return None;
        }
        let mut glyphs = run.glyphs.iter().peekable();
        while let Some(first) = glyphs.peek() {
            let (scale, under) = (first.scale, under(indexed, painted, &Spot::new(first, run.size), width)?);
            let (number, ramp) = indexed.ramp(run.color, under)?;
            let size = (run.size * scale).to_bits();
            let key = FountKey { plate: encoded.identity(), ramp: number, face: face.identity(), size };
            let mold = Mold { ramp, code: encoded.code(), line: encoded.line() };
            let mut fount = case.fount(key, encoded.foundry(), mold);
            while let Some(glyph) = glyphs.peek() {
                let spot = Spot::new(glyph, run.size);
                let is_same = glyph.scale.to_bits() == scale.to_bits()
                    && self::under(indexed, painted, &spot, width) == Some(under);
                if !is_same {
                    break;
                }
                glyphs.next();
                let sort = fount.sort(spot.id, spot.bin, || spot.ink(face));
                if sort.width == 0 {
                    continue;
                }
                let (x, y) = (spot.x + i64::from(sort.left), spot.y + i64::from(sort.top));
                let (right, bottom) = (x + i64::from(sort.width), y + i64::from(sort.height));
                if x < 0 || y < 0 || right > width || bottom > height {
                    return None;
                }
                all.push(Placed { x: x as u32, y: y as u32, sort, spot, face, ramp, item });
            }
        }
    }
    is_on_top(layout, &all, fonts).then_some(())?;
    Some(all)
}

fn runs(layout: &Layout) -> impl Iterator<Item = (usize, &GlyphRun)> {
    layout.items.iter().enumerate().filter_map(|(i, item)| match item {
        Item::Glyphs(run) => Some((i, run)),
        _ => None,
    })
}

/// The index of what a letter stands on: at the pixel above its origin, which is in no letter's way.
fn under(indexed: &Indexed, painted: Inked<'_>, spot: &Spot, width: i64) -> Option<u8> {
    let (x, y) = (spot.x.clamp(0, width - 1), (spot.y - 1).max(0));
    let at = (y * width + x) as usize;
    let ground = *indexed.indexes().get(at)?;
    if painted.spans.is_empty() {
        return Some(ground);
    }
    let (x, y) = (x as u32, y as u32);
    let next = painted.spans.partition_point(|span| (span.y, span.x1) <= (y, x));
    let is_painted = painted.spans.get(next).is_some_and(|span| span.y == y && span.x0 <= x);
    Some(if is_painted { painted.bytes[at] } else { ground })
}

/// Whether nothing is painted over a letter.
fn is_on_top(layout: &Layout, letters: &[Placed<'_>], fonts: &FontBook) -> bool {
    let first = layout.items.iter().position(|item| matches!(item, Item::Glyphs(_)));
    let later = layout.items.iter().enumerate().skip(first.unwrap_or(layout.items.len()));
    let is_over = |i: usize, area: &Rect| {
        letters.iter().any(|letter| {
            let size = (letter.sort.width as f32, letter.sort.height as f32);
            letter.item < i && area.touches(&Rect::new(letter.x as f32, letter.y as f32, size.0, size.1))
        })
    };
    later
        .filter(|(_, item)| !matches!(item, Item::Glyphs(_)))
        .all(|(i, item)| !reach(item, fonts).iter().any(|area| is_over(i, area)))
}

/// Hands over each row in which letters stand or something is painted, from the top, until one cannot be taken. Whoever
/// takes it takes each letter's row too.
pub(super) fn each_row<'p, 's>(
    placed: &'p [Placed<'p>],
    height: u32,
    mut spans: &'s [Span],
    mut row: impl FnMut(u32, &mut [Standing<'p>], &'s [Span]) -> Option<()>,
) -> Option<()> {
    // By their first rows; a word for each, for a text is hundreds of them.
    let mut order: Vec<u64> = (0..).zip(placed).map(|(i, letter)| u64::from(letter.y) << 32 | i).collect();
    order.sort_unstable();
    let mut waiting = order.into_iter().map(|next| &placed[next as u32 as usize]).peekable();
    let mut standing = Lineup::default();
    let mut y = 0;
    loop {
        if standing.letters.is_empty() {
            let next = waiting.peek().map(|placed| placed.y).into_iter().chain(spans.first().map(|s| s.y));
            match next.min() {
                Some(next) => y = next,
                None => return Some(()),
            }
            standing.widest = 0;
        }
        if y == height {
            return Some(()); // only what is below the last letters
        }
        while let Some(placed) = waiting.next_if(|placed| placed.y == y) {
            standing.put_up(placed);
        }
        let (own, others) = spans.split_at(spans.iter().take_while(|span| span.y == y).count());
        spans = others;
        row(y, &mut standing.letters, own)?;
        y += 1;
        standing.take_down(y);
    }
}

/// Letters that stand in a row, from the left.
#[derive(Default)]
struct Lineup<'p> {
    letters: Vec<Standing<'p>>,
    /// Columns that the widest of them takes.
    widest: u32,
    /// The first row in which one of them no longer stands.
    until: u32,
}

impl<'p> Lineup<'p> {
    /// Puts a letter up among those that stand, and finds out which of them it meets.
    fn put_up(&mut self, placed: &'p Placed<'p>) {
        let Placed { x, y, sort, .. } = placed;
        let (x, right, rows) = (*x, x + sort.width, sort.rows());
        self.widest = self.widest.max(sort.width);
        let at = self.letters.partition_point(|other| other.x <= x);
        let mut is_apart = true;
        for other in self.letters[at..].iter_mut().take_while(|other| other.x < right) {
            if !rows.is_left_of(other.rows, i64::from(other.x) - i64::from(x)) {
                (is_apart, other.is_apart) = (false, false);
            }
        }
        let widest = self.widest;
        for other in self.letters[..at].iter_mut().rev().take_while(|other| other.x + widest > x) {
            if other.right > x && !other.rows.is_left_of(rows, i64::from(x) - i64::from(other.x)) {
                (is_apart, other.is_apart) = (false, false);
            }
        }
        let end = y + sort.height + 1; // with the row in which it is gone
        self.until = if self.letters.is_empty() { end } else { self.until.min(end) };
        let under = placed.ramp.under();
        self.letters.insert(at, Standing { x, right, rows, under, is_apart, placed });
    }

    /// Takes down what does not stand in row `y`.
    fn take_down(&mut self, y: u32) {
        if self.until <= y {
            self.letters.retain(|letter| !letter.rows.is_over());
            let ends = self.letters.iter().map(|letter| letter.placed.y + letter.placed.sort.height + 1);
            self.until = ends.min().unwrap_or(y);
        }
    }
}
