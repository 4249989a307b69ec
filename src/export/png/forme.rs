//! A card set from sorts: its letters are not painted, their bits are put one beside the other.
//!
//! A forme is what a printer locks up for the press: type, and furniture between it. Here it is the rows of an indexed
//! card: of each, what the ground has, as bits that are copied; the letters' rows, ready made ([`super::sorts`]); and
//! between two letters a run of the colour that they stand on. So a letter's pixels are neither painted, nor compared with
//! the ground, nor encoded. Boxes and rules of a card are painted before, and letters may stand on them.
//!
//! That holds where each letter stands on one colour. Where letters touch, their coverage is added up first. All else (a
//! letter half on another colour, letters of two inks over each other) is for [`Encoded::splice`], which takes anything.

use super::adler::Sums;
use super::bits::{BitWriter, Pen, Told};
use super::huffman::{Code, MATCH};
use super::lineup::{self, Placed, Standing, line_up};
use super::sorts::Row;
use super::splice::{Encoded, Raster, Scratch, Stretch};
use super::tokens::{self, ROOM, Writer};
use crate::font::FontBook;
use crate::layout::Layout;
use crate::paint::{Indexed, Inked, Span};

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
        let (bits, count) = self.write_all_but_the_last(length, pen);
        pen.push(bits, count);
    }

    /// Writes what of a run does not go into one push, and hands over what does.
    #[inline(always)]
    fn write_all_but_the_last(&self, length: u32, pen: &mut Pen<'_>) -> (u64, u32) {
        if let Some(bits) = self.bits.get(length as usize) {
            return *bits;
        }
        let mut last = self.bits[LONGEST_GAP];
        let mut rest = length as usize - LONGEST_GAP;
        while rest > 0 {
            pen.push(last.0, last.1);
            last = self.more[rest.min(*MATCH.end())];
            rest -= rest.min(*MATCH.end());
        }
        last
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

/// A letter's row, to be set with care.
#[derive(Clone, Copy)]
struct Slice<'s> {
    row: Row,
    below: Told<'s>,
    /// The column of its sort's left.
    x: u32,
    is_apart: bool,
    placed: &'s Placed<'s>,
}

impl Slice<'_> {
    /// The columns with any coverage, or where it is bare, with any above.
    fn x0(&self) -> u32 {
        self.x + self.row.from - self.row.before
    }

    fn x1(&self) -> u32 {
        self.x + self.row.to + self.row.after
    }
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
        let height = layout.size.height();
        let raster = |bytes| Raster { width: self.width, height, bytes };
        let placed = line_up(self, layout, indexed, painted, fonts, case)?;
        let mut sums = self.sums();
        for letter in &placed {
            let (plain, weighted) = letter.sort.change;
            sums.put(letter.y as usize * self.line() + 1 + letter.x as usize, plain, weighted);
        }
        out.start(self.head());
        let mut forme = Forme {
            encoded: self,
            ground: raster(indexed.indexes()),
            card: raster(painted.bytes),
            out,
            copied: 0,
            sums,
            above: (u32::MAX, &[]),
            slices: Vec::new(),
        };
        lineup::each_row(&placed, height, painted.spans, |y, letters, spans| forme.row(y, letters, spans))?;
        let Forme { copied, sums, out, .. } = forme;
        self.finish(copied, sums, out);
        Some(())
    }
}

/// A card being set.
struct Forme<'a, 's> {
    encoded: &'a Encoded,
    ground: Raster<'a>,
    /// To be read only within spans.
    card: Raster<'a>,
    out: &'a mut BitWriter,
    /// Bits of the ground that are done with.
    copied: usize,
    /// What all letters change is in them from the beginning.
    sums: Sums,
    /// The last row that was set, and what is painted in it.
    above: (u32, &'a [Span]),
    /// Room for those of a row that are set with care.
    slices: Vec<Slice<'s>>,
}

impl<'a, 's> Forme<'a, 's> {
    /// A row with these letters and what is painted in these spans.
    fn row(&mut self, y: u32, mut letters: &mut [Standing<'s>], spans: &'a [Span]) -> Option<()> {
        let Self { encoded, ground, card, above, .. } = *self;
        // A row, and all rows before it that are the ground's.
        let bare = encoded.row_start(y) - self.copied;
        self.out.reserve(bare / 8 + ROOM * (ground.width as usize + 32));
        let painted_above = if above.0.wrapping_add(1) == y { above.1 } else { &[] };
        self.above = (y, spans);
        let mut stick = Stick {
            encoded,
            y,
            ground: ground.stretch(y, 0, ground.width),
            pen: self.out.pen(),
            copied: self.copied,
            stretches: encoded.stretches(y),
            open: None,
            x: 0,
            gone: 0,
            stretches_above: y.checked_sub(1).map_or(&[], |y| encoded.stretches(y)),
            painted_above,
            like_above: (0, 0),
            sums: (0, 0),
            slices: &mut self.slices,
        };
        for (i, span) in spans.iter().enumerate() {
            let before = letters.partition_point(|letter| letter.x < span.x0);
            let (before, rest) = letters.split_at_mut(before);
            stick.letters(before, span.x0)?;
            let inside = rest.partition_point(|letter| letter.x < span.x1);
            let (inside, rest) = rest.split_at_mut(inside);
            letters = rest;
            stick.enter(span.x0)?;
            let columns = |y: u32| card.stretch(y, span.x0, span.x1);
            let is_like_above = painted_above.get(i).is_some_and(|above| {
                (above.x0, above.x1) == (span.x0, span.x1) && columns(y) == columns(y - 1)
            });
            stick.like_above = if is_like_above { (span.x0, span.x1) } else { (0, 0) };
            stick.painted(inside, span, columns(y))?;
            stick.leave(span.x1);
            let at = y as usize * encoded.line() + 1 + span.x0 as usize;
            self.sums.replace(at, ground.stretch(y, span.x0, span.x1), columns(y));
        }
        stick.letters(letters, ground.width)?;
        stick.close();
        let (plain, weighted) = stick.sums;
        self.copied = stick.copied;
        drop(stick);
        self.sums.put(y as usize * encoded.line() + 1, plain, weighted);
        Some(())
    }
}

/// A row being set, from the left, as in a composing stick.
struct Stick<'a, 'p, 's> {
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
    /// Before this column there may be ink in the row above that is gone in this one.
    gone: u32,
    /// The row above: its stretches that are not gone past yet, and what is painted in it.
    stretches_above: &'a [Stretch],
    painted_above: &'a [Span],
    /// From which column to which all that letters stand on is as in the row above.
    like_above: (u32, u32),
    /// By how much letters that are added up change more than each for itself, from the row's first pixel on: see
    /// [`Sums::put`].
    sums: (i64, i64),
    slices: &'p mut Vec<Slice<'s>>,
}

impl<'a, 's> Stick<'a, '_, 's> {
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
        let gaps = self.encoded.gaps(stretch.index);
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

    /// Encodes pixels of the row.
    fn fresh(&mut self, pixels: &[u8]) {
        let code = self.encoded.code();
        tokens::cut::<1>(pixels, &[], &mut Writer { code, to: &mut self.pen });
    }

    /// Letters on the ground, all of them left of `end`.
    fn letters(&mut self, mut letters: &mut [Standing<'s>], end: u32) -> Option<()> {
        while let Some(first) = letters.first() {
            self.stand_at(first.x);
            if let Some((stretch, gaps)) = self.open {
                let set = self.plain_letters(letters, &stretch, gaps, end);
                letters = &mut letters[set..];
            }
            // One that is not plain, and those that it may meet.
            let mut right = letters.first().map_or(0, |first| first.right);
            let beside = |letter: &&Standing<'_>| {
                let meets = letter.x < right;
                right = right.max(letter.right);
                meets
            };
            let beside = letters.iter().take_while(beside).count();
            let (with_care, rest) = letters.split_at_mut(beside);
            self.with_care(with_care, end)?;
            letters = rest;
        }
        Some(())
    }

    /// Opens the stretch of one index that a column is in, where that is one of which nothing is written yet.
    fn stand_at(&mut self, x: u32) {
        if self.open.is_some_and(|(stretch, _)| stretch.x1 <= x) {
            self.close();
        }
        if self.open.is_none()
            && let Some(stretch) = self.stretch_at(x)
            && self.copy_to(stretch.bit0).is_some()
        {
            self.open(stretch, stretch.x0);
        }
    }

    /// Letters in the open stretch, up to the first that is no plain case; how many. This is where a text is set, so
    /// nothing is looked up or stored here that need not be.
    ///
    /// The ground between two letters is a run of its colour. Where one of them ends or begins as the row above does,
    /// that and the ground are told in one, as they are above.
    #[inline(always)]
    fn plain_letters(
        &mut self,
        letters: &mut [Standing<'s>],
        stretch: &Stretch,
        gaps: &Gaps,
        end: u32,
    ) -> usize {
        let code = self.encoded.code();
        let (like_from, like_to) = self.like_above;
        let end = stretch.x1.min(end).min(like_to);
        let (mut pen, mut x, mut gone) = (self.pen.pen(), self.x, self.gone.max(like_from));
        // Whether all from `x` on, up to the end of the last letter, is as above and not told yet.
        let (mut is_above, mut last) = (false, x);
        let own = |letter: &&Standing<'_>| {
            letter.is_apart && like_from <= letter.x && letter.right <= end && letter.under == stretch.index
        };
        let set = letters.iter().take_while(own).count();
        for letter in &mut letters[..set] {
            let (row, told) = letter.rows.next();
            let (from, to) = (letter.x + row.from, letter.x + row.to);
            if row.is_bare() {
                // The run goes on; what was here above is not here.
                if from < to {
                    if is_above {
                        above(code, from - x, &mut pen);
                        (is_above, x) = (false, from);
                    }
                    gone = to;
                }
                continue;
            }
            last = to;
            let is_whole = row.bits == 0;
            let mut before = (0, 0);
            if !is_above && row.lead == 0 {
                before = gaps.write_all_but_the_last(from - x, &mut pen);
            } else {
                if !is_above && x < gone {
                    gaps.write(gone - x, &mut pen);
                    x = gone;
                }
                if is_whole {
                    (is_above, gone) = (true, to);
                    continue;
                }
                above(code, from + row.lead - row.left - x, &mut pen);
                if row.left > 0 {
                    before = gaps.write_all_but_the_last(row.left, &mut pen);
                }
            }
            pen.told(before.0, before.1, told);
            (x, is_above, gone) = (to - row.tail, row.tail > 0, to + row.right);
        }
        if is_above {
            // To the end of the row, where nothing else comes.
            let to = if set == letters.len() { end } else { last };
            above(code, to - x, &mut pen);
            x = to;
        }
        drop(pen);
        (self.x, self.gone) = (x, gone);
        set
    }

    /// Letters that are no plain case.
    fn with_care(&mut self, letters: &mut [Standing<'s>], end: u32) -> Option<()> {
        let all = self.take_slices(letters);
        let mut slices = &all[..];
        while !slices.is_empty() {
            let group = Group::first_of(&mut slices);
            if group.is_bare() {
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
        // Where letters were added up above, there may have been more than each of them knows.
        self.gone = letters.iter().map(|letter| letter.right).fold(self.gone, u32::max);
        *self.slices = all;
        Some(())
    }

    /// What is painted in a span, and letters on it.
    fn painted(&mut self, letters: &mut [Standing<'s>], span: &Span, card: &[u8]) -> Option<()> {
        match letters.first().map(|first| flat(card, span, first)) {
            None => self.fresh(card),
            Some((x0, x1)) if letters.iter().all(|letter| x0 <= letter.x && letter.right <= x1) => {
                self.fresh(&card[..(x0 - span.x0) as usize]);
                self.on_flat(letters, x0, x1)?;
                self.fresh(&card[(x1 - span.x0) as usize..]);
            }
            Some(_) => self.on_any(letters, span, card)?,
        }
        Some(())
    }

    /// Letters on columns of one index that are painted.
    fn on_flat(&mut self, letters: &mut [Standing<'s>], x0: u32, x1: u32) -> Option<()> {
        let index = letters[0].under;
        let gaps = self.encoded.gaps(index);
        // Of what the ground has here nothing is copied.
        let of_ground = self.open.replace((Stretch { x0, x1, bit0: 0, bit1: 0, index }, gaps));
        self.x = x0;
        self.letters(letters, x1)?;
        gaps.write(x1 - self.x, &mut self.pen);
        self.open = of_ground;
        Some(())
    }

    /// Letters on whatever is painted in a span.
    fn on_any(&mut self, letters: &mut [Standing<'s>], span: &Span, card: &[u8]) -> Option<()> {
        let columns = |x0: u32, x1: u32| &card[(x0 - span.x0) as usize..(x1 - span.x0) as usize];
        let mut x = span.x0;
        let all = self.take_slices(letters);
        let mut slices = &all[..];
        while !slices.is_empty() {
            let group = Group::first_of(&mut slices);
            if group.is_bare() {
                continue;
            }
            let is_under = |x0: u32, x1: u32| columns(x0, x1).iter().all(|index| *index == group.under());
            if group.x0 < x || group.x1 > span.x1 || !is_under(group.x0, group.x1) {
                return None;
            }
            if is_under(x, group.x0) {
                self.encoded.gaps(group.under()).write(group.x0 - x, &mut self.pen);
            } else {
                self.fresh(columns(x, group.x0));
            }
            self.print(&group)?;
            x = group.x1;
        }
        self.fresh(columns(x, span.x1));
        *self.slices = all;
        Some(())
    }

    /// These letters' rows, from the left. They are to be given back to `slices`.
    fn take_slices(&mut self, letters: &mut [Standing<'s>]) -> Vec<Slice<'s>> {
        let mut slices = std::mem::take(self.slices);
        slices.clear();
        slices.extend(letters.iter_mut().map(|letter| {
            let (row, below) = letter.rows.next();
            Slice { row, below, x: letter.x, is_apart: letter.is_apart, placed: letter.placed }
        }));
        slices.retain(|slice| slice.x0() < slice.x1());
        if !slices.is_sorted_by_key(Slice::x0) {
            slices.sort_by_key(Slice::x0);
        }
        slices
    }

    /// Sets letters at the column at which the row has arrived. `None` where those that meet are not of one ink.
    fn print(&mut self, group: &Group<'_, 's>) -> Option<()> {
        let [Slice { row, below, is_apart, placed, .. }] = group.slices else {
            return self.add_up(group);
        };
        let code = self.encoded.code();
        let is_below = *is_apart && self.like_above.0 <= group.x0 && group.x1 <= self.like_above.1;
        if !is_below {
            let (row, ink) = (self.y - placed.y, || placed.spot.ink(placed.face));
            self.pen.told(0, 0, placed.sort.alone(row, ink, placed.ramp, code));
        } else if row.bits == 0 {
            above(code, row.to - row.from, &mut self.pen);
        } else {
            above(code, row.lead, &mut self.pen);
            self.pen.told(0, 0, *below);
            above(code, row.tail, &mut self.pen);
        }
        Some(())
    }

    /// See [`Self::print`]: several.
    #[cold]
    fn add_up(&mut self, group: &Group<'_, 's>) -> Option<()> {
        let Placed { item, ramp, .. } = group.slices[0].placed;
        let is_alike =
            |slice: &Slice<'_>| slice.placed.item == *item && std::ptr::eq(slice.placed.ramp, *ramp);
        if !group.slices.iter().all(is_alike) {
            return None;
        }
        let mut change = |x: u32, byte: u8, sign: i64| {
            let more = sign * (i64::from(byte) - i64::from(ramp.under()));
            self.sums.0 += more;
            self.sums.1 += i64::from(x) * more;
        };
        let mut coverage = vec![0_u8; (group.x1 - group.x0) as usize];
        for Slice { row, x, placed, .. } in group.slices {
            let ink = placed.spot.ink(placed.face);
            let mut rows = ink.coverage.chunks_exact(ink.width as usize);
            // Below the last row there is none.
            let Some(own) = rows.nth((self.y - placed.y) as usize) else { continue };
            let from = row.from - row.before;
            let own = &own[from as usize..(row.to + row.after) as usize];
            let at = x + from;
            for ((sum, c), x) in coverage[(at - group.x0) as usize..].iter_mut().zip(own).zip(at..) {
                *sum = sum.saturating_add(*c);
                change(x, ramp.step(*c), -1);
            }
        }
        let bytes: Vec<u8> = coverage.iter().map(|c| ramp.step(*c)).collect();
        (group.x0..).zip(&bytes).for_each(|(x, byte)| change(x, *byte, 1));
        self.fresh(&bytes);
        Some(())
    }
}

/// The columns of a painted span around a letter that have what it stands on.
fn flat(card: &[u8], span: &Span, letter: &Standing<'_>) -> (u32, u32) {
    let at = (letter.x - span.x0) as usize;
    let is_other = |index: &u8| *index != letter.under;
    let x0 = card[..at].iter().rposition(is_other).map_or(0, |other| other + 1);
    let x1 = card[at..].iter().position(is_other).map_or(card.len(), |other| at + other);
    (span.x0 + x0 as u32, span.x0 + x1 as u32)
}

/// Tells that so many bytes are as above: none, or as many as a match has at least.
#[inline(always)]
fn above(code: &Code, bytes: u32, pen: &mut Pen<'_>) {
    let mut bytes = bytes as usize;
    if bytes == 0 {
        return;
    }
    while bytes > *MATCH.end() {
        // So that enough is left for a match.
        let most = (bytes - MATCH.start()).min(*MATCH.end());
        let bits = code.above(most);
        pen.push(u64::from(bits.bits), bits.count);
        bytes -= most;
    }
    let bits = code.above(bytes);
    pen.push(u64::from(bits.bits), bits.count);
}

/// Letters whose coverage meets in a row, mostly one.
struct Group<'g, 's> {
    slices: &'g [Slice<'s>],
    /// The columns that they take: of one letter those that are told, of several all.
    x0: u32,
    x1: u32,
}

impl<'g, 's> Group<'g, 's> {
    /// Takes the first one from what is left of a row.
    #[inline]
    fn first_of(slices: &mut &'g [Slice<'s>]) -> Self {
        let first = &slices[0];
        let (mut right, mut count) = (first.x1(), 1);
        while let Some(next) = slices.get(count).filter(|next| next.x0() < right) {
            right = right.max(next.x1());
            count += 1;
        }
        let (group, rest) = slices.split_at(count);
        *slices = rest;
        if count == 1 {
            return Self { slices: group, x0: first.x + first.row.from, x1: first.x + first.row.to };
        }
        Self { slices: group, x0: first.x0(), x1: right }
    }

    /// Whether nothing of it is seen.
    fn is_bare(&self) -> bool {
        matches!(self.slices, [slice] if slice.row.is_bare())
    }

    /// The index that they stand on.
    fn under(&self) -> u8 {
        self.slices[0].placed.ramp.under()
    }
}
