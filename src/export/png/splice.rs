//! A ground encoded once, into which each card's ink is spliced.
//!
//! The whole picture is one deflate block in one code. Each row is cut into tokens that refer to nothing but the byte
//! before them ([`super::tokens`]), and filtered so that a pixel's bytes depend on few others ([`Filter`]).
//! So the bits of a stretch of ground are the same on every card, wherever they stand in the stream: what a card
//! changes is encoded, and between that the ground's bits are copied. Stretches are cut at [`Stop`]s, places about
//! every [`CELL`] pixels where a token begins that refers to nothing at all.

use super::adler::Sums;
use super::bits::{BitWriter, Bits};
use super::deflate::Deflate;
use super::frame::{self, Kind};
use super::huffman::{Code, Counts, FARTHEST};
use super::tokens::{self, Sink, Writer};
use crate::paint::Span;

/// Pixels between two stops, where tokens allow.
const CELL: u32 = 8;

/// Fewer pixels than this are encoded anew between two changes: to copy them would take longer.
const WORTH: u32 = 4;

/// Where a stretch of ground may begin or end.
#[derive(Debug, Clone, Copy, Default)]
struct Stop {
    /// The pixel of its row.
    x: u32,
    /// The bit of the stream.
    bit: u32,
}

/// Bytes of pixels, row after row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raster<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bytes: &'a [u8],
}

impl Raster<'_> {
    /// Bytes a pixel: 3 of red, green, blue, or 1 of an index.
    fn depth(&self) -> usize {
        self.bytes.len() / (self.width as usize * self.height as usize).max(1)
    }

    /// The bytes of pixels `x0..x1` of row `y`.
    fn stretch(&self, y: u32, x0: u32, x1: u32) -> &[u8] {
        let (depth, row) = (self.depth(), y as usize * self.width as usize);
        &self.bytes[(row + x0 as usize) * depth..(row + x1 as usize) * depth]
    }
}

/// How often tokens come in what cards put on a ground: with the ground itself, what its code is made for.
pub(super) fn count_ink(
    counts: &mut Counts,
    ground: Raster<'_>,
    card: Raster<'_>,
    spans: &[Span],
    filter: Filter,
) {
    let (mut lines, mut touched) = (Lines::default(), Vec::new());
    filter.spread(spans, ground, &mut touched);
    let depth = card.depth();
    let mut own = spans;
    for row in touched.chunk_by(|a, b| a.y == b.y) {
        lines.go_to(row[0].y, ground, card, &mut own, filter);
        let bytes = row[0].x0 as usize * depth..row[row.len() - 1].x1 as usize * depth;
        filter.cut(&lines.this[bytes.clone()], lines.above.get(bytes).unwrap_or_default(), counts);
    }
}

/// A row of a card and the one above it.
#[derive(Debug, Default)]
struct Lines {
    raw: Vec<u8>,
    /// Empty for the first row, as the next.
    raw_above: Vec<u8>,
    /// Filtered.
    this: Vec<u8>,
    /// Filtered; kept only where tokens refer to it.
    above: Vec<u8>,
    y: Option<u32>,
}

impl Lines {
    /// Goes down to row `y`, past its `spans`, which come first of all that are left.
    fn go_to(&mut self, y: u32, ground: Raster<'_>, card: Raster<'_>, spans: &mut &[Span], filter: Filter) {
        let whole = |y: u32| ground.stretch(y, 0, ground.width);
        std::mem::swap(&mut self.this, &mut self.above);
        std::mem::swap(&mut self.raw, &mut self.raw_above);
        if y == 0 {
            self.above.clear();
            self.raw_above.clear();
        } else if self.y != Some(y - 1) {
            // Where nothing was gone to, no card changes anything.
            self.raw_above.clear();
            self.raw_above.extend_from_slice(whole(y - 1));
            if filter != Filter::Paeth {
                filter.apply(whole(y - 1), &[], None, &mut self.above);
            }
        }
        if filter == Filter::Paeth {
            self.above.clear();
        }
        self.y = Some(y);
        self.raw.clear();
        self.raw.extend_from_slice(whole(y));
        let depth = ground.depth();
        while let Some((span, rest)) = spans.split_first()
            && span.y == y
        {
            self.raw[span.x0 as usize * depth..span.x1 as usize * depth]
                .copy_from_slice(card.stretch(y, span.x0, span.x1));
            *spans = rest;
        }
        filter.apply(&self.raw, &self.raw_above, None, &mut self.this);
    }
}

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
    fn byte(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Sub => 1,
            Self::Paeth => 4,
        }
    }

    /// How many pixels after a changed one have other bytes than on the ground.
    fn reach(self) -> u32 {
        u32::from(self != Self::None)
    }

    /// Where bytes differ from the ground's when pixels differ in `spans`: those, and where each row has an effect on
    /// the next, what lies below them.
    fn spread(self, spans: &[Span], ground: Raster<'_>, to: &mut Vec<Span>) {
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
                to.extend(own.iter().chain(over).map(|span| Span { y, ..*span }));
                to[start..].sort_unstable_by_key(|span| span.x0);
                let mut last = start;
                for i in start + 1..to.len() {
                    if to[i].x0 <= to[last].x1 {
                        to[last].x1 = to[last].x1.max(to[i].x1);
                    } else {
                        last += 1;
                        to[last] = to[i];
                    }
                }
                to.truncate(to.len().min(last + 1));
            }
            above = own;
        }
    }

    /// Filters a stretch and hands it over in `to`. `above` is what stands above it, nothing over the first row;
    /// `corner` the pixels before both, none at the start of a row.
    fn apply(self, stretch: &[u8], above: &[u8], corner: Option<(&[u8], &[u8])>, to: &mut Vec<u8>) {
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

    fn cut(self, filtered: &[u8], above: &[u8], sink: &mut impl Sink) {
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

/// A ground, encoded.
#[derive(Debug)]
pub(super) struct Encoded {
    filter: Filter,
    code: Code,
    /// The file up to the compressed pixels.
    head: Vec<u8>,
    /// The compressed pixels from the zlib header on, without the end of the block.
    bits: Bits,
    length: usize,
    /// For each cell of each row the first stop at or after its first pixel, and the end of the row.
    stops: Vec<Stop>,
    sums: Sums,
    /// Filtered bytes.
    size: usize,
}

/// Room to work in, kept from card to card.
#[derive(Debug, Default)]
pub struct Scratch {
    out: BitWriter,
    lines: Lines,
    touched: Vec<Span>,
    old: Vec<u8>,
    raw: Vec<u8>,
    deflate: Deflate,
}

/// Remembers where tokens begin.
struct Marking<'a> {
    writer: Writer<'a>,
    stops: &'a mut Vec<Stop>,
    depth: usize,
    /// The first pixel of the next cell without a stop.
    next: u32,
}

impl Marking<'_> {
    fn mark(&mut self, at: usize) {
        if at.is_multiple_of(self.depth) {
            let x = (at / self.depth) as u32;
            while self.next <= x {
                self.stops.push(Stop { x, bit: self.writer.to.len() as u32 });
                self.next += CELL;
            }
        }
    }
}

impl Sink for Marking<'_> {
    fn begin(&mut self, bytes: usize) {
        self.writer.begin(bytes);
    }

    fn literals(&mut self, at: usize, bytes: &[u8]) {
        // A token may begin at each of them; marked are those at which a pixel does.
        let to_pixel = (at.next_multiple_of(self.depth) - at).min(bytes.len());
        let (rest_of_one, pixels) = bytes.split_at(to_pixel);
        self.writer.literals(at, rest_of_one);
        for (i, pixel) in pixels.chunks(self.depth).enumerate() {
            self.mark(at + to_pixel + i * self.depth);
            self.writer.literals(at, pixel);
        }
    }

    fn run(&mut self, at: usize, byte: u8, times: usize) {
        self.mark(at);
        self.writer.run(at, byte, times);
    }

    fn above(&mut self, bytes: &[u8]) {
        self.writer.above(bytes);
    }
}

impl Encoded {
    /// Encodes a ground, in a code for it and for ink of such `counts`.
    pub(super) fn new(ground: Raster<'_>, kind: Kind<'_>, filter: Filter, mut counts: Counts) -> Self {
        let depth = ground.depth();
        let row = |y: u32| ground.stretch(y, 0, ground.width);
        let above = |y: u32| y.checked_sub(1).map_or(&[][..], row);
        // Then it is filtered already; the first two rows may differ by what is above them.
        let is_repeated = |y: u32| y > 1 && row(y) == row(y - 1) && row(y) == row(y - 2);
        let mut filtered = Vec::new();
        let mut one = Counts::default();
        for y in 0..ground.height {
            if !is_repeated(y) {
                one = Counts::default();
                filter.apply(row(y), above(y), None, &mut filtered);
                one.0[usize::from(filter.byte())] += 1;
                filter.cut(&filtered, &[], &mut one);
            }
            counts.0.iter_mut().zip(one.0).for_each(|(all, one)| *all += one);
        }
        let line = 1 + ground.width as usize * depth;
        let code = Code::new(&counts, line.min(FARTHEST));
        let mut out = BitWriter::default();
        out.start(&[0x78, 0x01]); // deflate with a window of 32 KB, compressed fast
        code.write_head(&mut out);
        let cells = Self::stops_a_row(ground.width);
        let (mut stops, mut sums) = (Vec::with_capacity(cells * ground.height as usize), Sums::default());
        for y in 0..ground.height {
            let mut at = y as usize * line;
            sums.add(at, &[filter.byte()]);
            at += 1;
            if !is_repeated(y) {
                filter.apply(row(y), above(y), None, &mut filtered);
            }
            out.reserve(8);
            let mut writer = Writer { code: &code, to: &mut out };
            writer.literals(0, &[filter.byte()]);
            filter.cut(&filtered, &[], &mut Marking { writer, stops: &mut stops, depth, next: 0 });
            stops.resize(cells * (y as usize + 1), Stop { x: ground.width, bit: out.len() as u32 });
            sums.add(at, &filtered);
        }
        let head = frame::open(ground.width, ground.height, kind);
        let length = out.len();
        let size = line * ground.height as usize;
        Self { filter, code, head, bits: out.into_bits(), length, stops, sums, size }
    }
    fn stops_a_row(width: u32) -> usize {
        width.div_ceil(CELL) as usize + 1
    }

    /// Whether the ground takes more than a bit a byte: a photograph or grain, in which deflate finds nothing.
    pub(super) fn is_busy(&self) -> bool {
        self.length > self.size
    }

    /// The file of a card, as [`Self::splice`] has it, but compressed as a whole by deflate's search for repetitions,
    /// which finds letters that come again.
    pub(super) fn deflate(
        &self,
        ground: Raster<'_>,
        card: Raster<'_>,
        spans: &[Span],
        scratch: &mut Scratch,
    ) -> Vec<u8> {
        let Scratch { out, raw, deflate, .. } = scratch;
        raw.clear();
        let mut spans = spans.iter().peekable();
        let depth = ground.depth();
        for y in 0..ground.height {
            // Filters turn flat colour and repeated rows into something of which deflate finds less.
            raw.push(Filter::None.byte());
            let row = raw.len();
            raw.extend_from_slice(ground.stretch(y, 0, ground.width));
            while let Some(span) = spans.next_if(|span| span.y == y) {
                raw[row + span.x0 as usize * depth..row + span.x1 as usize * depth]
                    .copy_from_slice(card.stretch(y, span.x0, span.x1));
            }
        }
        out.start(&self.head);
        deflate.compress(raw, out);
        frame::close(out, self.head.len());
        out.written().to_vec()
    }

    /// The file of a card that differs from the ground in these spans, which are in order and do not meet.
    pub(super) fn splice(
        &self,
        ground: Raster<'_>,
        card: Raster<'_>,
        spans: &[Span],
        scratch: &mut Scratch,
    ) -> Vec<u8> {
        let Scratch { out, lines, old, touched, .. } = scratch;
        self.filter.spread(spans, ground, touched);
        out.start(&self.head);
        let start = self.head.len();
        let mut sums = self.sums;
        let mut copied = 0; // bits of the ground that are done with
        let (depth, filter) = (ground.depth(), self.filter);
        let line = 1 + ground.width as usize * depth;
        let cells = Self::stops_a_row(ground.width);
        lines.y = None;
        let mut own = spans;
        for row in touched.chunk_by(|a, b| a.y == b.y) {
            let y = row[0].y;
            let stops = &self.stops[y as usize * cells..(y as usize + 1) * cells];
            lines.go_to(y, ground, card, &mut own, filter);
            let mut rest = row;
            while let Some(first) = rest.first() {
                // Spans with too little between them are encoded in one.
                let gap = |a: &Span, b: &Span| self.after(stops, a.x1).x + WORTH <= before(stops, b.x0).x;
                let together = rest.windows(2).take_while(|pair| !gap(&pair[0], &pair[1])).count() + 1;
                let (spans, others) = rest.split_at(together);
                rest = others;
                let (from, to) = (before(stops, first.x0), self.after(stops, spans[together - 1].x1));
                out.copy(&self.bits, copied..from.bit as usize);
                copied = to.bit as usize;
                let bytes = from.x as usize * depth..to.x as usize * depth;
                let above = lines.above.get(bytes.clone()).filter(|_| line <= FARTHEST).unwrap_or_default();
                filter.cut(&lines.this[bytes], above, &mut Writer { code: &self.code, to: out });
                for span in spans {
                    // A pixel after it may have other bytes too.
                    let x1 = (span.x1 + filter.reach()).min(ground.width);
                    let above = y.checked_sub(1).map_or(&[][..], |y| ground.stretch(y, span.x0, x1));
                    let corner = span.x0.checked_sub(1).map(|x| {
                        let of = |y: u32| ground.stretch(y, x, span.x0);
                        (of(y), y.checked_sub(1).map_or(&[][..], of))
                    });
                    filter.apply(ground.stretch(y, span.x0, x1), above, corner, old);
                    let new = span.x0 as usize * depth..x1 as usize * depth;
                    sums.replace(y as usize * line + 1 + new.start, old, &lines.this[new]);
                }
            }
        }
        out.copy(&self.bits, copied..self.length);
        out.reserve(64);
        let end = self.code.end();
        out.push(u64::from(end.bits), end.count);
        out.pad();
        out.bytes(&sums.adler(self.size).to_be_bytes());
        frame::close(out, start);
        out.written().to_vec()
    }

    /// The first stop from which the ground's bits hold again after a change that ends at `x`.
    fn after(&self, stops: &[Stop], x: u32) -> Stop {
        let last = stops[stops.len() - 1];
        stops[(x + self.filter.reach()).min(last.x).div_ceil(CELL) as usize]
    }
}

/// The last stop at or before `x`.
fn before(stops: &[Stop], x: u32) -> Stop {
    stops[stops.partition_point(|stop| stop.x <= x) - 1] // a row begins with a stop
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
