//! A ground encoded once, into which each card's ink is spliced.
//!
//! The whole picture is one deflate block in one code. Each row is cut into tokens that refer to nothing but the byte
//! before them ([`super::tokens`]), and filtered so that a pixel's bytes depend on few others
//! ([`super::filter::Filter`]). So the bits of a stretch of ground are the same on every card, wherever they stand in the
//! stream: what a card changes is encoded, and between that the ground's bits are copied. It is known of every pixel
//! where its bits begin, or in which [`Stretch`] of equal bytes it stands, of which any part is soon told anew.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::adler::{Part, Sums};
use super::bits::{BitWriter, Bits};
use super::deflate::Deflate;
use super::filter::{Filter, Manner};
use super::forme::Gaps;
use super::frame::{self, Kind};
use super::huffman::{Code, Counts, FARTHEST};
use super::line::{Line, PART};
use super::sorts::{Case, Foundry};
use super::tokens::{ROOM, Sink, Writer};
use crate::paint::Marks;

/// A number that no other plate has or had.
pub(super) fn new_identity() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

/// A pixel at which bits begin that refer to nothing before them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// The pixel of its row.
    pub(super) x: u32,
    /// The bit of the stream.
    pub(super) bit: u32,
}

/// Pixels of one row whose filtered bytes are all the same, such as those of one index, and the bits that tell so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) x0: u32,
    pub(super) x1: u32,
    pub(super) bit0: u32,
    pub(super) bit1: u32,
    /// The byte.
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

    /// The bytes of a row.
    pub(super) fn row(&self, y: u32) -> &[u8] {
        self.stretch(y, 0, self.width)
    }

    /// The bytes of the row above it; none over the first.
    pub(super) fn above(&self, y: u32) -> &[u8] {
        y.checked_sub(1).map_or(&[], |y| self.row(y))
    }

    /// Bytes of a row when it is filtered: with that of the filter.
    pub(super) fn line(&self) -> usize {
        1 + self.width as usize * self.depth()
    }

    /// Whether a row is filtered as the one above it is; the first two may differ by what is above them.
    pub(super) fn is_repeated(&self, y: u32) -> bool {
        y > 1 && self.row(y) == self.row(y - 1) && self.row(y) == self.row(y - 2)
    }
}

/// A code for what comes so often on a ground.
pub(super) fn code(ground: Raster<'_>, counts: &Counts) -> Code {
    Code::new(counts, ground.line().min(FARTHEST))
}

/// A ground, encoded.
#[derive(Debug)]
pub(super) struct Encoded {
    manner: Manner,
    code: Code,
    /// The file up to the compressed pixels.
    head: Vec<u8>,
    /// The compressed pixels from the zlib header on, without the end of the block.
    bits: Bits,
    length: usize,
    /// Row after row, from the left.
    stretches: Vec<Stretch>,
    /// The bits at which pixels beyond any stretch begin, row after row, and the bit at which each row ends.
    singles: Vec<u32>,
    /// Where the stretches and the single pixels of each row begin, and where those of the last end.
    rows: Vec<(u32, u32)>,
    /// By index, made when first asked for.
    gaps: Vec<OnceLock<Box<Gaps>>>,
    foundry: Foundry,
    /// No other one's.
    identity: u64,
    sums: Sums,
    /// The sums of each [`PART`] of each row.
    parts: Vec<Part>,
    pub(super) width: u32,
    /// Filtered bytes.
    size: usize,
}

/// Room to work in, kept from card to card; the file of the last one stands in `out`.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) out: BitWriter,
    pub(super) case: Case,
    line: Line,
    raw: Vec<u8>,
    deflate: Deflate,
}

/// Remembers where the bits of pixels begin.
struct Marking<'a, 'p> {
    writer: Writer<'a, 'p>,
    singles: &'a mut Vec<u32>,
    stretches: &'a mut Vec<Stretch>,
    depth: usize,
}

impl Sink for Marking<'_, '_> {
    fn literals(&mut self, at: usize, bytes: &[u8]) {
        for pixel in bytes.chunks_exact(self.depth) {
            self.singles.push(self.writer.to.len() as u32);
            self.writer.literals(at, pixel);
        }
    }

    fn run(&mut self, at: usize, byte: u8, times: usize) {
        let bit0 = self.writer.to.len() as u32;
        self.writer.run(at, byte, times);
        let (x0, x1) = ((at / self.depth) as u32, ((at + times) / self.depth) as u32);
        self.stretches.push(Stretch { x0, x1, bit0, bit1: self.writer.to.len() as u32, index: byte });
    }

    fn above(&mut self, _: &[u8]) {
        unreachable!("a ground's tokens refer to no row above");
    }
}

/// Where in the bits of its row a pixel stands.
enum Place {
    /// Its own begin there.
    Bit(u32),
    /// Before it in this stretch there are others.
    Within(Stretch),
}

/// What is told of a row of the ground, to be asked from the left to the right.
struct Row<'a> {
    /// Those that end after the last pixel that was asked for.
    stretches: &'a [Stretch],
    singles: &'a [u32],
    /// Pixels in the stretches before.
    stretched: u32,
}

impl Row<'_> {
    fn place(&mut self, x: u32) -> Place {
        while let Some((first, rest)) = self.stretches.split_first()
            && first.x1 <= x
        {
            self.stretched += first.x1 - first.x0;
            self.stretches = rest;
        }
        match self.stretches.first() {
            Some(stretch) if stretch.x0 < x => Place::Within(*stretch),
            Some(stretch) if stretch.x0 == x => Place::Bit(stretch.bit0),
            _ => Place::Bit(self.singles[(x - self.stretched) as usize]),
        }
    }
}

impl Encoded {
    /// Encodes a ground in a code.
    pub(super) fn new(ground: Raster<'_>, kind: Kind<'_>, manner: Manner, code: Code) -> Self {
        let (depth, filter, line) = (ground.depth(), manner.filter, ground.line());
        let mut filtered = vec![0; line - 1];
        let mut out = BitWriter::default();
        out.start(&[0x78, 0x01]); // deflate with a window of 32 KB, compressed fast
        code.write_head(&mut out);
        let (mut stretches, mut singles, mut rows) = (Vec::new(), Vec::new(), vec![(0, 0)]);
        let (mut sums, mut parts) = (Sums::default(), Vec::new());
        let parts_a_row = ground.width.div_ceil(PART) as usize;
        for y in 0..ground.height {
            if ground.is_repeated(y) {
                parts.extend_from_within(parts.len() - parts_a_row..);
            } else {
                filter.apply(ground.row(y), ground.above(y), 0..filtered.len(), &mut filtered);
                parts.extend(filtered.chunks(PART as usize * depth).map(Part::of));
            }
            let at = y as usize * line;
            sums.add(at, &[filter.byte()]);
            for (i, part) in parts[y as usize * parts_a_row..].iter().enumerate() {
                sums.add_part(at + 1 + i * PART as usize * depth, *part);
            }
            out.reserve(ROOM * line);
            let mut pen = out.pen();
            let mut writer = Writer { code: &code, to: &mut pen };
            writer.literals(0, &[filter.byte()]);
            let (stretches_to, singles_to) = (&mut stretches, &mut singles);
            let mut marking = Marking { writer, singles: singles_to, stretches: stretches_to, depth };
            manner.cut(&filtered, &[], &mut marking);
            drop(pen);
            singles.push(out.len() as u32);
            rows.push((stretches.len() as u32, singles.len() as u32));
        }
        let head = frame::open(ground.width, ground.height, kind);
        let length = out.len();
        let size = line * ground.height as usize;
        let (bits, width) = (out.into_bits(), ground.width);
        let gaps = (0..256).map(|_| OnceLock::new()).collect();
        let identity = new_identity();
        let foundry = Foundry::default();
        Self {
            manner,
            code,
            head,
            bits,
            length,
            stretches,
            singles,
            rows,
            gaps,
            foundry,
            identity,
            sums,
            parts,
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
        self.stop_before(y, 0).bit as usize
    }

    /// The stretches of one byte in a row, from the left; short ones may miss.
    pub(super) fn stretches(&self, y: u32) -> &[Stretch] {
        self.row(y).stretches
    }

    /// Runs of an index.
    #[inline]
    pub(super) fn gaps(&self, index: u8) -> &Gaps {
        self.gaps[usize::from(index)].get_or_init(|| Box::new(Gaps::new(&self.code, index)))
    }

    /// The last stop of a row at or before a column.
    pub(super) fn stop_before(&self, y: u32, x: u32) -> Stop {
        match self.row(y).place(x) {
            Place::Bit(bit) => Stop { x, bit },
            Place::Within(stretch) => Stop { x: stretch.x0, bit: stretch.bit0 },
        }
    }

    /// The first one at or after a column.
    pub(super) fn stop_after(&self, y: u32, x: u32) -> Stop {
        match self.row(y).place(x) {
            Place::Bit(bit) => Stop { x, bit },
            Place::Within(stretch) => Stop { x: stretch.x1, bit: stretch.bit1 },
        }
    }

    fn row(&self, y: u32) -> Row<'_> {
        let [(stretch, single), (stretch_after, single_after)] = [y, y + 1].map(|y| self.rows[y as usize]);
        Row {
            stretches: &self.stretches[stretch as usize..stretch_after as usize],
            singles: &self.singles[single as usize..single_after as usize],
            stretched: 0,
        }
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
            raw.extend_from_slice(card.row(y));
        }
        out.start(&self.head);
        deflate.compress(raw, out);
        frame::close(out, self.head.len());
    }

    /// The file of a card that differs from the ground at these marks alone.
    pub(super) fn splice(&self, card: Raster<'_>, marks: &Marks, scratch: &mut Scratch) {
        let Scratch { out, line, .. } = scratch;
        out.start(&self.head);
        let mut sums = self.sums;
        let mut copied = 0; // bits of the ground that are done with
        let (depth, manner) = (card.depth(), self.manner);
        let parts_a_row = card.width.div_ceil(PART) as usize;
        for y in 0..card.height {
            let first_part = y as usize * parts_a_row;
            let is_changed = line.fill(manner, card, marks, y, |x, part| {
                let at = y as usize * card.line() + 1 + x as usize * depth;
                sums.replace_part(at, self.parts[first_part + (x / PART) as usize], part);
            });
            if !is_changed {
                continue;
            }
            let end = self.singles[self.rows[y as usize + 1].1 as usize - 1] as usize;
            out.reserve((end - copied) / 8 + ROOM * card.line());
            copied = self.splice_row(line, self.row(y), copied, out);
        }
        self.finish(copied, sums, out);
    }

    /// Writes a row with its changes, and before it what of the ground was not copied yet; hands over from which bit on
    /// that is so afterwards.
    fn splice_row(&self, line: &Line, mut row: Row<'_>, mut copied: usize, out: &mut BitWriter) -> usize {
        let mut pen = out.pen();
        let depth = line.depth();
        let mut told = 0; // columns
        let mut changes = line.changes().peekable();
        while let Some(change) = changes.next() {
            match row.place(change.start) {
                Place::Bit(bit) => pen.copy(&self.bits, copied..bit as usize),
                Place::Within(stretch) if stretch.x0 >= told => {
                    pen.copy(&self.bits, copied..stretch.bit0 as usize);
                    let before = (change.start - stretch.x0) as usize;
                    Writer { code: &self.code, to: &mut pen }.run(0, stretch.index, before * depth);
                }
                // What lies between in this stretch was told after the last change.
                Place::Within(_) => {}
            }
            let (bytes, above) = line.bytes(change.clone());
            self.manner.cut(bytes, above, &mut Writer { code: &self.code, to: &mut pen });
            told = change.end;
            copied = match row.place(change.end) {
                Place::Bit(bit) => bit as usize,
                Place::Within(stretch) => {
                    let next = changes.peek().map_or(stretch.x1, |next| next.start.min(stretch.x1));
                    let after = (next - change.end) as usize;
                    Writer { code: &self.code, to: &mut pen }.run(0, stretch.index, after * depth);
                    stretch.bit1 as usize
                }
            };
        }
        copied
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
}
