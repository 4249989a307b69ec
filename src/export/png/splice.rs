//! A ground encoded once, into which each card's ink is spliced.
//!
//! The whole picture is one deflate block in one code. Each row is cut into tokens that refer to nothing but the byte
//! before them ([`super::tokens`]), and filtered so that a pixel's bytes depend on few others ([`Filter`]).
//! So the bits of a stretch of ground are the same on every card, wherever they stand in the stream: what a card
//! changes is encoded, and between that the ground's bits are copied. Stretches are cut at [`Stop`]s, places about
//! every [`CELL`] pixels where a token begins that refers to nothing at all.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use super::adler::Sums;
use super::bits::{BitWriter, Bits};
use super::deflate::Deflate;
use super::filter::Filter;
use super::forme::Gaps;
use super::frame::{self, Kind};
use super::huffman::{Code, Counts, FARTHEST};
use super::sorts::{Case, Foundry};
use super::tokens::{ROOM, Sink, Writer};
use crate::paint::Span;

/// A number that no other plate has or had.
pub(super) fn new_identity() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

/// Pixels between two stops, where tokens allow.
const CELL: u32 = 8;

/// Fewer pixels than this are encoded anew between two changes: to copy them would take longer.
const WORTH: u32 = 4;

/// Where a stretch of ground may begin or end.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stop {
    /// The pixel of its row.
    pub(super) x: u32,
    /// The bit of the stream.
    pub(super) bit: u32,
}

/// Pixels of one row that have the same index, and the bits that tell so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) x0: u32,
    pub(super) x1: u32,
    pub(super) bit0: u32,
    pub(super) bit1: u32,
    pub(super) index: u8,
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
    pub(super) fn depth(&self) -> usize {
        self.bytes.len() / (self.width as usize * self.height as usize).max(1)
    }

    /// The bytes of pixels `x0..x1` of row `y`.
    pub(super) fn stretch(&self, y: u32, x0: u32, x1: u32) -> &[u8] {
        let (depth, row) = (self.depth(), y as usize * self.width as usize);
        &self.bytes[(row + x0 as usize) * depth..(row + x1 as usize) * depth]
    }
}

/// Bytes of a row, filtered.
fn line(ground: Raster<'_>) -> usize {
    1 + ground.width as usize * ground.depth()
}

/// Whether a row is filtered as the one above it is; the first two may differ by what is above them.
fn is_repeated(ground: Raster<'_>, y: u32) -> bool {
    let row = |y: u32| ground.stretch(y, 0, ground.width);
    y > 1 && row(y) == row(y - 1) && row(y) == row(y - 2)
}

/// How often tokens come in a ground.
pub(super) fn count_ground(ground: Raster<'_>, filter: Filter) -> Counts {
    let row = |y: u32| ground.stretch(y, 0, ground.width);
    let (mut counts, mut one, mut filtered) = (Counts::default(), Counts::default(), Vec::new());
    for y in 0..ground.height {
        if !is_repeated(ground, y) {
            one = Counts::default();
            filter.apply(row(y), y.checked_sub(1).map_or(&[][..], row), None, &mut filtered);
            one.0[usize::from(filter.byte())] += 1;
            filter.cut(&filtered, &[], &mut one);
        }
        counts.0.iter_mut().zip(one.0).for_each(|(all, one)| *all += one);
    }
    counts
}

/// A code for what comes so often on a ground.
pub(super) fn code(ground: Raster<'_>, counts: &Counts) -> Code {
    Code::new(counts, line(ground).min(FARTHEST))
}

/// How often tokens come in what cards put on a ground: with the ground itself, what its code is made for.
pub(super) fn count_ink(
    counts: &mut Counts,
    ground: Raster<'_>,
    card: Raster<'_>,
    spans: &[Span],
    filter: Filter,
) {
    let (mut chunk, mut touched) = (Chunk::default(), Vec::new());
    filter.spread(spans, ground, &mut touched);
    for row in touched.chunk_by(|a, b| a.y == b.y) {
        chunk.fill(filter, card, row[0].y, row[0].x0..row[row.len() - 1].x1);
        filter.cut(&chunk.this, &chunk.above, counts);
    }
}

/// A stretch of a card's row, filtered.
#[derive(Debug, Default)]
struct Chunk {
    this: Vec<u8>,
    /// As much of the row above; nothing where tokens cannot refer to it.
    above: Vec<u8>,
}

impl Chunk {
    fn fill(&mut self, filter: Filter, card: Raster<'_>, y: u32, columns: Range<u32>) {
        let Self { this, above } = self;
        let stretch = |y: u32| card.stretch(y, columns.start, columns.end);
        let corner = |y: u32| columns.start.checked_sub(1).map(|x| card.stretch(y, x, columns.start));
        let over = y.checked_sub(1);
        let none = || &[][..];
        let corners = corner(y).map(|this| (this, over.and_then(corner).unwrap_or_else(none)));
        filter.apply(stretch(y), over.map_or_else(none, stretch), corners, this);
        above.clear();
        if filter != Filter::Paeth
            && line(card) <= FARTHEST
            && let Some(y) = over
        {
            filter.apply(stretch(y), &[], corner(y).map(|this| (this, none())), above);
        }
    }
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
    /// Those of an indexed ground, row after row, and where those of each row begin.
    stretches: Vec<Stretch>,
    rows: Vec<u32>,
    /// By index, for those that stretches have.
    gaps: Vec<Option<Box<Gaps>>>,
    foundry: Foundry,
    /// No other one's.
    identity: u64,
    sums: Sums,
    pub(super) width: u32,
    /// Filtered bytes.
    size: usize,
}

/// Room to work in, kept from card to card; the file of the last one stands in `out`.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) out: BitWriter,
    pub(super) case: Case,
    chunk: Chunk,
    touched: Vec<Span>,
    old: Vec<u8>,
    raw: Vec<u8>,
    deflate: Deflate,
}

/// Remembers where tokens begin.
struct Marking<'a, 'p> {
    writer: Writer<'a, 'p>,
    stops: &'a mut Vec<Stop>,
    stretches: &'a mut Vec<Stretch>,
    depth: usize,
    /// The first pixel of the next cell without a stop.
    next: u32,
}

impl Marking<'_, '_> {
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

impl Sink for Marking<'_, '_> {
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
        let bit0 = self.writer.to.len() as u32;
        self.writer.run(at, byte, times);
        if self.depth == 1 {
            let (x0, bit1) = (at as u32, self.writer.to.len() as u32);
            self.stretches.push(Stretch { x0, x1: x0 + times as u32, bit0, bit1, index: byte });
        }
    }

    fn above(&mut self, bytes: &[u8]) {
        self.writer.above(bytes);
    }
}

impl Encoded {
    /// Encodes a ground in a code.
    pub(super) fn new(ground: Raster<'_>, kind: Kind<'_>, filter: Filter, code: Code) -> Self {
        let depth = ground.depth();
        let row = |y: u32| ground.stretch(y, 0, ground.width);
        let above = |y: u32| y.checked_sub(1).map_or(&[][..], row);
        let mut filtered = Vec::new();
        let line = line(ground);
        let mut out = BitWriter::default();
        out.start(&[0x78, 0x01]); // deflate with a window of 32 KB, compressed fast
        code.write_head(&mut out);
        let cells = Self::stops_a_row(ground.width);
        let (mut stops, mut sums) = (Vec::with_capacity(cells * ground.height as usize), Sums::default());
        let (mut stretches, mut rows) = (Vec::new(), vec![0]);
        for y in 0..ground.height {
            let mut at = y as usize * line;
            sums.add(at, &[filter.byte()]);
            at += 1;
            if !is_repeated(ground, y) {
                filter.apply(row(y), above(y), None, &mut filtered);
            }
            out.reserve(ROOM * line);
            let mut pen = out.pen();
            let mut writer = Writer { code: &code, to: &mut pen };
            writer.literals(0, &[filter.byte()]);
            let (stops, stretches) = (&mut stops, &mut stretches);
            filter.cut(&filtered, &[], &mut Marking { writer, stops, stretches, depth, next: 0 });
            drop(pen);
            rows.push(stretches.len() as u32);
            stops.resize(cells * (y as usize + 1), Stop { x: ground.width, bit: out.len() as u32 });
            sums.add(at, &filtered);
        }
        let head = frame::open(ground.width, ground.height, kind);
        let length = out.len();
        let size = line * ground.height as usize;
        let (bits, width) = (out.into_bits(), ground.width);
        let mut gaps: Vec<Option<Box<Gaps>>> = Vec::new();
        gaps.resize_with(256, || None);
        for stretch in &stretches {
            gaps[usize::from(stretch.index)].get_or_insert_with(|| Box::new(Gaps::new(&code, stretch.index)));
        }
        let identity = new_identity();
        let foundry = Foundry::default();
        Self {
            filter,
            code,
            head,
            bits,
            length,
            stops,
            stretches,
            rows,
            gaps,
            foundry,
            identity,
            sums,
            width,
            size,
        }
    }

    /// See [`new_identity`].
    pub(super) fn identity(&self) -> u64 {
        self.identity
    }

    /// Where this plate's sorts are cast.
    pub(super) fn foundry(&self) -> &Foundry {
        &self.foundry
    }

    /// Bytes of a row of indexes, with that of its filter.
    pub(super) fn line(&self) -> usize {
        1 + self.width as usize
    }

    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    pub(super) fn code(&self) -> &Code {
        &self.code
    }

    pub(super) fn bits(&self) -> &Bits {
        &self.bits
    }

    /// Those of the ground.
    pub(super) fn sums(&self) -> Sums {
        self.sums
    }

    /// The bit at which a row's pixels begin.
    pub(super) fn row_start(&self, y: u32) -> usize {
        self.stops(y)[0].bit as usize
    }

    /// The stretches of one index in a row, from the left; short ones may miss.
    pub(super) fn stretches(&self, y: u32) -> &[Stretch] {
        &self.stretches[self.rows[y as usize] as usize..self.rows[y as usize + 1] as usize]
    }

    #[inline]
    pub(super) fn gaps(&self, index: u8) -> Option<&Gaps> {
        self.gaps[usize::from(index)].as_deref()
    }

    /// The last stop of a row at or before a column.
    pub(super) fn stop_before(&self, y: u32, x: u32) -> Stop {
        before(self.stops(y), x)
    }

    /// The first one from which the ground's bits hold again after a change that ends at a column.
    pub(super) fn stop_after(&self, y: u32, x: u32) -> Stop {
        self.after(self.stops(y), x)
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
    pub(super) fn deflate(&self, card: Raster<'_>, scratch: &mut Scratch) {
        let Scratch { out, raw, deflate, .. } = scratch;
        raw.clear();
        for y in 0..card.height {
            // Filters turn flat colour and repeated rows into something of which deflate finds less.
            raw.push(Filter::None.byte());
            raw.extend_from_slice(card.stretch(y, 0, card.width));
        }
        out.start(&self.head);
        deflate.compress(raw, out);
        frame::close(out, self.head.len());
    }

    /// The file of a card that differs from the ground in these spans, which are in order and do not meet.
    pub(super) fn splice(&self, ground: Raster<'_>, card: Raster<'_>, spans: &[Span], scratch: &mut Scratch) {
        let Scratch { out, chunk, old, touched, .. } = scratch;
        self.filter.spread(spans, ground, touched);
        out.start(&self.head);
        let mut sums = self.sums;
        let mut copied = 0; // bits of the ground that are done with
        let (depth, filter) = (ground.depth(), self.filter);
        let line = 1 + ground.width as usize * depth;
        for row in touched.chunk_by(|a, b| a.y == b.y) {
            let y = row[0].y;
            let stops = self.stops(y);
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
                chunk.fill(filter, card, y, from.x..to.x);
                out.reserve(ROOM * chunk.this.len());
                let mut pen = out.pen();
                filter.cut(&chunk.this, &chunk.above, &mut Writer { code: &self.code, to: &mut pen });
                drop(pen);
                for span in spans {
                    // A pixel after it may have other bytes too.
                    let x1 = (span.x1 + filter.reach()).min(ground.width);
                    let above = y.checked_sub(1).map_or(&[][..], |y| ground.stretch(y, span.x0, x1));
                    let corner = span.x0.checked_sub(1).map(|x| {
                        let of = |y: u32| ground.stretch(y, x, span.x0);
                        (of(y), y.checked_sub(1).map_or(&[][..], of))
                    });
                    filter.apply(ground.stretch(y, span.x0, x1), above, corner, old);
                    let new = (span.x0 - from.x) as usize * depth..(x1 - from.x) as usize * depth;
                    sums.replace(y as usize * line + 1 + span.x0 as usize * depth, old, &chunk.this[new]);
                }
            }
        }
        self.finish(copied, sums, out);
    }

    /// Ends a file in which the ground's bits from `copied` on still miss.
    pub(super) fn finish(&self, copied: usize, sums: Sums, out: &mut BitWriter) {
        out.copy(&self.bits, copied..self.length);
        out.reserve(64);
        let end = self.code.end();
        out.push(u64::from(end.bits), end.count);
        out.pad();
        out.bytes(&sums.adler(self.size).to_be_bytes());
        frame::close(out, self.head.len());
    }

    /// The stops of a row.
    fn stops(&self, y: u32) -> &[Stop] {
        let cells = Self::stops_a_row(self.width);
        &self.stops[y as usize * cells..(y as usize + 1) * cells]
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
