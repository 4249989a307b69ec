//! A ground encoded once, into which each card's ink is spliced.
//!
//! The whole picture is one deflate block in one code. Each row is cut into tokens that refer to nothing but the byte
//! before them ([`super::tokens`]), and filtered so that a pixel's bytes depend on no pixel but the one to its left.
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
const CELL: u32 = 16;

/// Fewer pixels than this are encoded anew between two changes: to copy them would take longer.
const WORTH: u32 = 8;

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
pub(super) fn count_ink(counts: &mut Counts, ground: Raster<'_>, card: Raster<'_>, spans: &[Span]) {
    let filter = Filter::of(card.depth());
    let depth = card.depth();
    let mut lines = Lines::default();
    for row in spans.chunk_by(|a, b| a.y == b.y) {
        lines.go_to(ground, card, row, filter);
        let bytes = row[0].x0 as usize * depth..row[row.len() - 1].x1 as usize * depth;
        filter.cut(&lines.this[bytes.clone()], lines.above.get(bytes), counts);
    }
}

/// A row of a card, filtered, and the one above it.
#[derive(Debug, Default)]
struct Lines {
    raw: Vec<u8>,
    this: Vec<u8>,
    /// Empty for the first row.
    above: Vec<u8>,
    y: Option<u32>,
}

impl Lines {
    /// Goes down to the row of these spans.
    fn go_to(&mut self, ground: Raster<'_>, card: Raster<'_>, spans: &[Span], filter: Filter) {
        let (y, width) = (spans[0].y, ground.width);
        std::mem::swap(&mut self.this, &mut self.above);
        if y == 0 {
            self.above.clear();
        } else if self.y != Some(y - 1) {
            // No card changes it.
            filter.apply(ground.stretch(y - 1, 0, width), None, &mut self.above);
        }
        self.y = Some(y);
        self.raw.clear();
        self.raw.extend_from_slice(ground.stretch(y, 0, width));
        let depth = ground.depth();
        for span in spans {
            self.raw[span.x0 as usize * depth..span.x1 as usize * depth]
                .copy_from_slice(card.stretch(y, span.x0, span.x1));
        }
        filter.apply(&self.raw, None, &mut self.this);
    }
}

/// What is done to a row's bytes before they are compressed: its two kinds are those by which a pixel depends on none
/// of the row above, which another card may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    /// Nothing: indexes are no quantities.
    None,
    /// The difference from the pixel to the left.
    Sub,
}

impl Filter {
    fn of(depth: usize) -> Self {
        if depth == 3 { Self::Sub } else { Self::None }
    }

    /// Its number in the file.
    fn byte(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Sub => 1,
        }
    }

    /// How many pixels after a changed one have other bytes than on the ground.
    fn reach(self) -> u32 {
        u32::from(self == Self::Sub)
    }

    /// Filters a stretch; `left` is the pixel before it, none at the start of a row.
    fn apply(self, stretch: &[u8], left: Option<&[u8]>, to: &mut Vec<u8>) {
        to.clear();
        match self {
            Self::None => to.extend_from_slice(stretch),
            Self::Sub => {
                let first = left.unwrap_or(&[0; 3]).iter().chain(stretch);
                to.extend(stretch.iter().zip(first).map(|(byte, left)| byte.wrapping_sub(*left)));
            }
        }
    }

    fn cut(self, filtered: &[u8], above: Option<&[u8]>, sink: &mut impl Sink) {
        match self {
            Self::None => tokens::cut::<1>(filtered, above, sink),
            Self::Sub => tokens::cut::<3>(filtered, above, sink),
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
    sums: Sums,
    /// Filtered bytes.
    size: usize,
}

/// Room to work in, kept from card to card.
#[derive(Debug, Default)]
pub struct Scratch {
    out: BitWriter,
    lines: Lines,
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

    fn literals<const G: usize>(&mut self, at: usize, bytes: &[u8; G]) {
        self.mark(at);
        self.writer.literals(at, bytes);
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
    pub(super) fn new(ground: Raster<'_>, kind: Kind<'_>, mut counts: Counts) -> Self {
        let depth = ground.depth();
        let filter = Filter::of(depth);
        let row = |y: u32| ground.stretch(y, 0, ground.width);
        let is_repeated = |y: u32| y > 0 && row(y) == row(y - 1);
        let mut filtered = Vec::new();
        let mut one = Counts::default();
        for y in 0..ground.height {
            if !is_repeated(y) {
                one = Counts::default();
                filter.apply(row(y), None, &mut filtered);
                one.0[usize::from(filter.byte())] += 1;
                filter.cut(&filtered, None, &mut one);
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
                filter.apply(row(y), None, &mut filtered);
            }
            out.reserve(8);
            let mut writer = Writer { code: &code, to: &mut out };
            writer.literals(0, &[filter.byte()]);
            filter.cut(&filtered, None, &mut Marking { writer, stops: &mut stops, depth, next: 0 });
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
        let Scratch { out, lines, old, .. } = scratch;
        out.start(&self.head);
        let start = self.head.len();
        let mut sums = self.sums;
        let mut copied = 0; // bits of the ground that are done with
        let (depth, filter) = (ground.depth(), self.filter);
        let line = 1 + ground.width as usize * depth;
        let cells = Self::stops_a_row(ground.width);
        lines.y = None;
        for row in spans.chunk_by(|a, b| a.y == b.y) {
            let y = row[0].y;
            let stops = &self.stops[y as usize * cells..(y as usize + 1) * cells];
            lines.go_to(ground, card, row, filter);
            for span in row {
                // A pixel after it may have other bytes too.
                let x1 = (span.x1 + filter.reach()).min(ground.width);
                let left = span.x0.checked_sub(1).map(|x| ground.stretch(y, x, span.x0));
                filter.apply(ground.stretch(y, span.x0, x1), left, old);
                let new = span.x0 as usize * depth..x1 as usize * depth;
                sums.replace(y as usize * line + 1 + new.start, old, &lines.this[new]);
            }
            let mut rest = row;
            while let Some(first) = rest.first() {
                // Spans with too little between them are encoded in one.
                let gap = |a: &Span, b: &Span| self.after(stops, a.x1).x + WORTH <= before(stops, b.x0).x;
                let together = rest.windows(2).take_while(|pair| !gap(&pair[0], &pair[1])).count() + 1;
                let (from, to) = (before(stops, first.x0), self.after(stops, rest[together - 1].x1));
                rest = &rest[together..];
                out.copy(&self.bits, copied..from.bit as usize);
                copied = to.bit as usize;
                let bytes = from.x as usize * depth..to.x as usize * depth;
                let above = (line <= FARTHEST).then(|| lines.above.get(bytes.clone())).flatten();
                filter.cut(&lines.this[bytes], above, &mut Writer { code: &self.code, to: out });
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
    let near = &stops[..=(x / CELL) as usize];
    *near.iter().rfind(|stop| stop.x <= x).expect("a row begins with a stop")
}
