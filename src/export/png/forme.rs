//! A card set from sorts: its letters are not painted, their bits are put one beside the other.
//!
//! A forme is what a printer locks up for the press: type, and furniture between it. Here it is the rows of an indexed
//! card: of each, what the ground has, as bits that are copied; the letters' rows, ready made ([`super::sorts`]); and
//! between two letters a run of the colour that they stand on. So a letter's pixels are neither painted, nor compared with
//! the ground, nor encoded. Boxes and rules of a card are painted before, and letters may stand on them.
//!
//! That holds where each letter stands on one colour. Where letters touch, their coverage is added up first. All else (a
//! letter half on another colour, letters of two inks over each other) is for [`Encoded::splice`], which takes anything.

use std::rc::Rc;

use super::adler::Sums;
use super::bits::{BitWriter, Pen};
use super::huffman::{Code, MATCH};
use super::sorts::{Case, FountKey, Print, Row, Rows, Sort};
use super::splice::{Encoded, Raster, Scratch, Stretch};
use super::tokens::{self, ROOM, Sink as _, Writer};
use crate::font::{Face, FontBook};
use crate::geom::Rect;
use crate::layout::{GlyphRun, Item, Layout};
use crate::paint::{Indexed, Inked, Ramp, Span, Spot, reach};

/// Runs of one index, by length: the bits of each.
#[derive(Debug)]
pub(super) struct Gaps {
    /// After any byte.
    bits: [(u64, u32); LONGEST_GAP + 1],
    /// After a byte of this index.
    more: [(u64, u32); *MATCH.end() + 1],
}

/// A literal, and the longest match.
const LONGEST_GAP: usize = 259;

impl Gaps {
    /// Writes a run, after another byte or not.
    #[inline(always)]
    fn write(&self, length: u32, pen: &mut Pen<'_>) {
        if let Some((bits, count)) = self.bits.get(length as usize) {
            pen.push(*bits, *count);
        } else {
            self.write_long(length, pen);
        }
    }

    #[cold]
    fn write_long(&self, length: u32, pen: &mut Pen<'_>) {
        let (bits, count) = self.bits[LONGEST_GAP];
        pen.push(bits, count);
        let mut rest = length as usize - LONGEST_GAP;
        while rest > 0 {
            let (bits, count) = self.more[rest.min(*MATCH.end())];
            pen.push(bits, count);
            rest -= rest.min(*MATCH.end());
        }
    }

    pub(super) fn new(code: &Code, index: u8) -> Self {
        let literal = code.literal(index);
        let literals = |n: u32| {
            (0..n).fold((0, 0), |(bits, count), _| {
                (bits | u64::from(literal.bits) << count, count + literal.count)
            })
        };
        let more = |length: usize| {
            let repeat = code.repeat(length);
            let (n, least) = (length as u32, *MATCH.start());
            if length < least || n * literal.count <= repeat.count {
                literals(n)
            } else {
                (u64::from(repeat.bits), repeat.count)
            }
        };
        let after_literal = |(bits, count): (u64, u32)| {
            (u64::from(literal.bits) | bits << literal.count, count + literal.count)
        };
        let more: [(u64, u32); *MATCH.end() + 1] = std::array::from_fn(more);
        let bits = std::array::from_fn(|length| match length {
            0 => (0, 0),
            length => after_literal(more[length - 1]),
        });
        Self { bits, more }
    }
}

/// A letter in its place.
#[derive(Debug)]
struct Placed<'a> {
    /// Its left column and top row.
    x: u32,
    y: u32,
    sort: Rc<Sort>,
    spot: Spot,
    face: &'a Face,
    ramp: &'a Ramp,
    /// Which item of the layout it belongs to.
    item: usize,
}

/// A letter that stands in the row at hand.
struct Standing<'s> {
    x: u32,
    right: u32,
    /// Those from the row at hand on.
    rows: Rows<'s>,
    under: u8,
    placed: &'s Placed<'s>,
    /// Whether no other one's box meets its own.
    is_apart: bool,
}

/// A letter's row.
#[derive(Clone, Copy)]
struct Slice<'s> {
    /// Columns with any coverage.
    x0: u32,
    x1: u32,
    /// Columns that are told.
    from: u32,
    to: u32,
    plain: i32,
    weighted: i32,
    below: Print<'s>,
    /// The index that the letter stands on.
    under: u8,
    is_apart: bool,
    placed: &'s Placed<'s>,
}

impl Encoded {
    /// The file of a card whose letters stand on what is `painted`; `None` where one does not stand on one colour.
    pub(super) fn set(
        &self,
        layout: &Layout,
        indexed: &Indexed,
        painted: Inked<'_>,
        fonts: &FontBook,
        scratch: &mut Scratch,
    ) -> Option<()> {
        let Scratch { out, case, .. } = scratch;
        let raster = |bytes| Raster { width: self.width, height: layout.size.height(), bytes };
        let (ground, card) = (raster(indexed.indexes()), raster(painted.bytes));
        let placed = line_up(self, layout, indexed, painted, fonts, case)?;
        out.start(self.head());
        let mut forme =
            Forme { encoded: self, ground, card, out, copied: 0, sums: self.sums(), above: (u32::MAX, &[]) };
        each_row(&placed, painted.spans, |y, slices, spans| forme.row(y, slices, spans))?;
        let Forme { copied, sums, out, .. } = forme;
        self.finish(copied, sums, out);
        Some(())
    }
}

/// All letters, from the top and in a row from the left.
fn line_up<'a>(
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
            let mut fount = case.fount(key, ramp, encoded.code());
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
    all.sort_unstable_by_key(|placed| (placed.y, placed.x));
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

/// Hands over each row that has letters or something painted, from the top, until one cannot be taken.
fn each_row<'p, 's>(
    placed: &'p [Placed<'p>],
    mut spans: &'s [Span],
    mut row: impl FnMut(u32, &[Slice<'p>], &'s [Span]) -> Option<()>,
) -> Option<()> {
    let mut waiting = placed.iter().peekable();
    // From the left; the widest of them.
    let (mut standing, mut widest): (Vec<Standing<'_>>, u32) = (Vec::with_capacity(128), 0);
    let mut slices: Vec<Slice<'_>> = Vec::with_capacity(128);
    let mut y = 0;
    loop {
        if standing.is_empty() {
            let next = waiting.peek().map(|placed| placed.y).into_iter().chain(spans.first().map(|s| s.y));
            match next.min() {
                Some(next) => y = next,
                None => return Some(()),
            }
            widest = 0;
        }
        while let Some(placed) = waiting.next_if(|placed| placed.y == y) {
            widest = widest.max(placed.sort.width);
            put_up(&mut standing, placed, widest);
        }
        let (own, others) = spans.split_at(spans.iter().take_while(|span| span.y == y).count());
        spans = others;
        slices.clear();
        let (mut is_last, mut is_in_order, mut last) = (false, true, 0);
        for letter in &mut standing {
            let Some((row, below)) = letter.rows.next() else { continue };
            is_last |= letter.rows.is_over();
            let Standing { x, under, is_apart, placed, .. } = *letter;
            let (from, to) = (x + row.from, x + row.to);
            let (x0, x1) = (from - row.before, to + row.after);
            if x0 < x1 {
                is_in_order &= last <= x0;
                last = x0;
                let Row { plain, weighted, .. } = row;
                slices.push(Slice { x0, x1, from, to, plain, weighted, below, under, is_apart, placed });
            }
        }
        if !is_in_order {
            slices.sort_by_key(|slice| slice.x0);
        }
        if !(slices.is_empty() && own.is_empty()) {
            row(y, &slices, own)?;
        }
        y += 1;
        if is_last {
            standing.retain(|letter| !letter.rows.is_over());
        }
    }
}

/// A card being set.
struct Forme<'a> {
    encoded: &'a Encoded,
    ground: Raster<'a>,
    /// To be read only within spans.
    card: Raster<'a>,
    out: &'a mut BitWriter,
    /// Bits of the ground that are done with.
    copied: usize,
    sums: Sums,
    /// The last row that was set, and what is painted in it.
    above: (u32, &'a [Span]),
}

impl<'a> Forme<'a> {
    /// A row with these letters and what is painted in these spans.
    fn row(&mut self, y: u32, mut slices: &[Slice<'_>], spans: &'a [Span]) -> Option<()> {
        let Self { encoded, ground, card, above, .. } = *self;
        let start = encoded.row_start(y);
        self.out.copy(encoded.bits(), self.copied..start);
        self.out.reserve(ROOM * (ground.width as usize + 32));
        let painted_above = if above.0.wrapping_add(1) == y { above.1 } else { &[] };
        self.above = (y, spans);
        let mut line = Line {
            encoded,
            y,
            ground: ground.stretch(y, 0, ground.width),
            pen: self.out.pen(),
            copied: start,
            stretches: encoded.stretches(y),
            open: None,
            x: 0,
            stretches_above: y.checked_sub(1).map_or(&[], |y| encoded.stretches(y)),
            painted_above,
            like_above: (0, 0),
            sums: (0, 0),
        };
        for (i, span) in spans.iter().enumerate() {
            let (before, rest) = slices.split_at(slices.partition_point(|slice| slice.x0 < span.x0));
            line.letters(before, span.x0)?;
            let (inside, rest) = rest.split_at(rest.partition_point(|slice| slice.x0 < span.x1));
            slices = rest;
            line.enter(span.x0)?;
            let columns = |y: u32| card.stretch(y, span.x0, span.x1);
            let is_like_above = painted_above.get(i).is_some_and(|above| {
                (above.x0, above.x1) == (span.x0, span.x1) && columns(y) == columns(y - 1)
            });
            line.like_above = if is_like_above { (span.x0, span.x1) } else { (0, 0) };
            line.painted(inside, span, columns(y))?;
            line.leave(span.x1);
            let at = y as usize * (1 + ground.width as usize) + 1 + span.x0 as usize;
            self.sums.replace(at, ground.stretch(y, span.x0, span.x1), columns(y));
        }
        line.letters(slices, ground.width)?;
        line.close();
        let (plain, weighted) = line.sums;
        self.copied = line.copied;
        drop(line);
        self.sums.put(y as usize * (1 + ground.width as usize) + 1, plain, weighted);
        Some(())
    }
}

/// Puts a letter up among those that stand, none of them wider than `widest`.
fn put_up<'s>(standing: &mut Vec<Standing<'s>>, placed: &'s Placed<'s>, widest: u32) {
    let Placed { x, sort, .. } = placed;
    let (x, right) = (*x, x + sort.width);
    let at = standing.partition_point(|other| other.x <= x);
    let mut is_apart = true;
    for other in standing[at..].iter_mut().take_while(|other| other.x < right) {
        (is_apart, other.is_apart) = (false, false);
    }
    for other in standing[..at].iter_mut().rev().take_while(|other| other.x + widest > x) {
        if other.right > x {
            (is_apart, other.is_apart) = (false, false);
        }
    }
    standing
        .insert(at, Standing { x, right, rows: sort.rows(), under: placed.ramp.under(), placed, is_apart });
}

/// A row being set, from the left.
struct Line<'a, 'p> {
    encoded: &'a Encoded,
    y: u32,
    /// The row of the ground.
    ground: &'a [u8],
    pen: Pen<'p>,
    /// Bits of the ground that are done with, unless a stretch is open.
    copied: usize,
    /// Those not gone past yet.
    stretches: &'a [Stretch],
    /// The stretch of one index in which the row has been left and is to be taken up again, and runs of that.
    open: Option<(Stretch, &'a Gaps)>,
    /// The next column, while one is open.
    x: u32,
    /// The row above: its stretches that are not gone past yet, and what is painted in it.
    stretches_above: &'a [Stretch],
    painted_above: &'a [Span],
    /// From which column to which all that letters stand on is as in the row above.
    like_above: (u32, u32),
    /// What letters change, from the row's first pixel on: see [`Sums::put`].
    sums: (i64, i64),
}

impl<'a> Line<'a, '_> {
    /// Goes to a column; `None` where what is left of the ground's bits begins after it.
    fn enter(&mut self, x: u32) -> Option<()> {
        if let Some((stretch, gaps)) = self.open {
            if x <= stretch.x1 {
                gaps.write(x - self.x, &mut self.pen);
                self.x = x;
                return Some(());
            }
            self.close();
        }
        match self.stretch_at(x) {
            Some(stretch) => {
                self.copy_to(stretch.bit0)?;
                let gaps = self.open(stretch, x);
                gaps.write(x - stretch.x0, &mut self.pen);
            }
            None => {
                let from = self.encoded.stop_before(self.y, x);
                self.copy_to(from.bit)?;
                self.fresh(&self.ground[from.x as usize..x as usize]);
            }
        }
        Some(())
    }

    /// Takes the ground up again at a column.
    fn leave(&mut self, x: u32) {
        self.x = x;
        if self.open.is_some_and(|(stretch, _)| x <= stretch.x1) {
            return;
        }
        match self.stretch_at(x) {
            Some(stretch) => {
                self.open(stretch, x);
            }
            None => {
                let to = self.encoded.stop_after(self.y, x);
                self.fresh(&self.ground[x as usize..to.x as usize]);
                self.copied = to.bit as usize;
                self.open = None;
            }
        }
    }

    /// Stands in a stretch, at column `x`.
    fn open(&mut self, stretch: Stretch, x: u32) -> &'a Gaps {
        let gaps = self.encoded.gaps(stretch.index).expect("every index of a stretch has its runs");
        (self.open, self.x) = (Some((stretch, gaps)), x);
        while self.stretches_above.first().is_some_and(|above| above.x1 <= stretch.x0) {
            self.stretches_above = &self.stretches_above[1..];
        }
        // Of several stretches above this one, the first counts: what lies farther right is set in a few more bits.
        let is_bare = |above: &&Stretch| {
            let is_over = |span: &Span| span.x0 < above.x1 && above.x0 < span.x1;
            above.index == stretch.index && !self.painted_above.iter().any(is_over)
        };
        self.like_above =
            self.stretches_above.first().filter(is_bare).map_or((0, 0), |above| (above.x0, above.x1));
        gaps
    }

    fn close(&mut self) {
        if let Some((stretch, gaps)) = self.open.take() {
            gaps.write(stretch.x1 - self.x, &mut self.pen);
            self.copied = stretch.bit1 as usize;
        }
    }

    fn copy_to(&mut self, bit: u32) -> Option<()> {
        (self.copied <= bit as usize).then(|| {
            self.pen.copy(self.encoded.bits(), self.copied..bit as usize);
            self.copied = bit as usize;
        })
    }

    fn stretch_at(&mut self, x: u32) -> Option<Stretch> {
        while self.stretches.first().is_some_and(|stretch| stretch.x1 <= x) {
            self.stretches = &self.stretches[1..];
        }
        self.stretches.first().copied().filter(|stretch| stretch.x0 <= x)
    }

    /// Encodes a run of one index.
    fn run(&mut self, index: u8, length: u32) {
        if let Some(gaps) = self.encoded.gaps(index) {
            gaps.write(length, &mut self.pen);
        } else if length > 0 {
            Writer { code: self.encoded.code(), to: &mut self.pen }.run(0, index, length as usize);
        }
    }

    /// Encodes pixels of the row.
    fn fresh(&mut self, pixels: &[u8]) {
        let code = self.encoded.code();
        tokens::cut::<1>(pixels, &[], &mut Writer { code, to: &mut self.pen });
    }

    /// Letters on the ground, all of them left of `end`.
    fn letters(&mut self, mut slices: &[Slice<'_>], end: u32) -> Option<()> {
        loop {
            if let Some((stretch, gaps)) = self.open {
                slices = self.plain_letters(slices, &stretch, gaps, end);
            }
            if slices.is_empty() {
                return Some(());
            }
            let group = Group::first_of(&mut slices);
            if group.x0 == group.x1 {
                continue;
            }
            self.enter(group.x0)?;
            let (stretch, _) = self.open?;
            if group.x1 > stretch.x1.min(end) || stretch.index != group.under() {
                return None;
            }
            self.print(&group)?;
            self.x = group.x1;
        }
    }

    /// Letters in the open stretch, up to the first that is no plain case; what is left. This is where a text is set,
    /// so nothing is looked up or stored here that need not be.
    #[inline(always)]
    fn plain_letters<'g, 's>(
        &mut self,
        mut slices: &'g [Slice<'s>],
        stretch: &Stretch,
        gaps: &Gaps,
        end: u32,
    ) -> &'g [Slice<'s>] {
        let (mut pen, mut x, mut sums) = (self.pen.pen(), self.x, self.sums);
        let end = stretch.x1.min(end).min(self.like_above.1);
        let is_plain = |slice: &Slice<'_>| {
            slice.is_apart
                && self.like_above.0 <= slice.from
                && slice.to <= end
                && slice.under == stretch.index
        };
        while let [first, rest @ ..] = slices
            && is_plain(first)
            && rest.first().is_none_or(|next| first.x1 <= next.x0)
        {
            // Where nothing is told the run goes on.
            if first.from < first.to {
                gaps.write(first.from - x, &mut pen);
                pen.words(first.below.words, first.below.bits);
                let plain = i64::from(first.plain);
                sums.0 += plain;
                sums.1 += i64::from(first.from) * plain + i64::from(first.weighted);
                x = first.to;
            }
            slices = rest;
        }
        drop(pen);
        (self.x, self.sums) = (x, sums);
        slices
    }

    /// What is painted in a span, and letters on it.
    fn painted(&mut self, mut slices: &[Slice<'_>], span: &Span, card: &[u8]) -> Option<()> {
        let columns = |x0: u32, x1: u32| &card[(x0 - span.x0) as usize..(x1 - span.x0) as usize];
        let mut x = span.x0;
        while !slices.is_empty() {
            let group = Group::first_of(&mut slices);
            if group.x0 == group.x1 {
                continue;
            }
            let is_under = |x0: u32, x1: u32| columns(x0, x1).iter().all(|index| *index == group.under());
            if group.x1 > span.x1 || !is_under(group.x0, group.x1) {
                return None;
            }
            if is_under(x, group.x0) {
                self.run(group.under(), group.x0 - x);
            } else {
                self.fresh(columns(x, group.x0));
            }
            self.print(&group)?;
            x = group.x1;
        }
        self.fresh(columns(x, span.x1));
        Some(())
    }

    /// Sets letters at the column at which the row has arrived. `None` where those that meet are not of one ink.
    #[inline]
    fn print(&mut self, group: &Group<'_, '_>) -> Option<()> {
        let [Slice { plain, weighted, below, is_apart, placed, .. }] = group.slices else {
            return self.add_up(group);
        };
        let is_below = *is_apart && self.like_above.0 <= group.x0 && group.x1 <= self.like_above.1;
        let print = if is_below {
            *below
        } else {
            let (row, ink) = (self.y - placed.y, || placed.spot.ink(placed.face));
            placed.sort.alone(row, ink, placed.ramp, self.encoded.code())
        };
        self.pen.words(print.words, print.bits);
        let plain = i64::from(*plain);
        self.sums.0 += plain;
        self.sums.1 += i64::from(group.x0) * plain + i64::from(*weighted);
        Some(())
    }

    /// See [`Self::print`]: several.
    #[cold]
    fn add_up(&mut self, group: &Group<'_, '_>) -> Option<()> {
        let Placed { item, ramp, .. } = group.slices[0].placed;
        let is_alike =
            |slice: &Slice<'_>| slice.placed.item == *item && std::ptr::eq(slice.placed.ramp, *ramp);
        if !group.slices.iter().all(is_alike) {
            return None;
        }
        let mut coverage = vec![0_u8; (group.x1 - group.x0) as usize];
        for Slice { x0, x1, placed, .. } in group.slices {
            let ink = placed.spot.ink(placed.face);
            let own = (self.y - placed.y) as usize * ink.width as usize;
            let own = own + (x0 - placed.x) as usize..own + (x1 - placed.x) as usize;
            for (sum, c) in coverage[(x0 - group.x0) as usize..].iter_mut().zip(&ink.coverage[own]) {
                *sum = sum.saturating_add(*c);
            }
        }
        let bytes: Vec<u8> = coverage.iter().map(|c| ramp.step(*c)).collect();
        for (x, byte) in (i64::from(group.x0)..).zip(&bytes) {
            let more = i64::from(*byte) - i64::from(ramp.under());
            self.sums.0 += more;
            self.sums.1 += x * more;
        }
        self.fresh(&bytes);
        Some(())
    }
}

/// Letters whose coverage meets in a row, mostly one.
struct Group<'g, 's> {
    slices: &'g [Slice<'s>],
    /// The columns that they take: of one letter those that are seen, of several all.
    x0: u32,
    x1: u32,
}

impl<'g, 's> Group<'g, 's> {
    /// Takes the first one from what is left of a row.
    #[inline]
    fn first_of(slices: &mut &'g [Slice<'s>]) -> Self {
        let first = &slices[0];
        let (mut right, mut count) = (first.x1, 1);
        while let Some(next) = slices.get(count).filter(|next| next.x0 < right) {
            right = right.max(next.x1);
            count += 1;
        }
        let (group, rest) = slices.split_at(count);
        *slices = rest;
        if count == 1 {
            return Self { slices: group, x0: first.from, x1: first.to };
        }
        Self { slices: group, x0: first.x0, x1: right }
    }

    /// The index that they stand on.
    fn under(&self) -> u8 {
        self.slices[0].under
    }
}
