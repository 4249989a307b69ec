//! Sorts: glyphs encoded once, a row at a time, to be set wherever they come on a flat ground.
//!
//! A printer's sort is a letter cast in metal, taken from its case whenever the text has it. Here it is a glyph at one
//! size and step, in one ink on one colour: for each of its rows the bits that tell its pixels in a plate's code, and what
//! they add to the checksum. A thread keeps those that it has made.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::adler::Sums;
use super::bits::BitWriter;
use super::huffman::Code;
use super::tokens::{self, ROOM, Writer};
use crate::paint::{Ink, Ramp};

/// Bytes of sorts that a thread keeps; about 5000 letters at 40 px.
const KEPT: usize = 16 << 20;

/// A glyph, encoded.
#[derive(Debug)]
pub(super) struct Sort {
    /// From the origin's column to the leftmost one.
    pub(super) left: i32,
    /// From the baseline to the topmost row, negative above it.
    pub(super) top: i32,
    /// Columns; 0 for a blank.
    pub(super) width: u32,
    /// From the top.
    pub(super) rows: Box<[Row]>,
    /// Packed bits of all rows, see [`Pen::words`](super::bits::Pen::words).
    pub(super) words: Box<[u64]>,
    /// What it is made from.
    pub(super) ink: Rc<Ink>,
}

/// A row of a sort; columns count from its left.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    /// The first column that is seen, and the one after the last.
    pub(super) seen: (u16, u16),
    /// The first column with any coverage, and the one after the last: together with another glyph's it may be seen.
    pub(super) inked: (u16, u16),
    /// The bits, whatever stands above.
    pub(super) alone: Print,
    /// The bits where the row above is this sort's.
    pub(super) below: Print,
    /// By how much the bytes that are seen exceed the ground's, in sum.
    pub(super) plain: i64,
    /// The same, each times how far it stands from the first.
    pub(super) weighted: i64,
}

/// Where bits are found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Print {
    pub(super) word: u32,
    pub(super) bits: u32,
}

impl Print {
    /// Its words among all.
    #[inline]
    pub(super) fn of(self, words: &[u64]) -> &[u64] {
        let first = self.word as usize;
        &words[first..first + self.bits.div_ceil(super::bits::MOST) as usize]
    }
}

impl Sort {
    fn new(ink: Rc<Ink>, ramp: &Ramp, code: &Code, room: &mut Room) -> Self {
        let Room { out, words, above, row: bytes } = room;
        let (width, under) = (ink.width as usize, ramp.under());
        words.clear();
        above.clear();
        above.resize(width, under);
        let pack = |bytes: &[u8], above: &[u8], out: &mut BitWriter, words: &mut Vec<u64>| {
            let word = words.len() as u32;
            out.start(&[]);
            out.reserve(ROOM * bytes.len());
            tokens::cut::<1>(bytes, above, &mut Writer { code, to: &mut out.pen() });
            Print { word, bits: out.pack(words) }
        };
        let mut rows = Vec::with_capacity(ink.height() as usize);
        for (y, coverage) in ink.coverage.chunks_exact(width.max(1)).enumerate() {
            bytes.clear();
            bytes.extend(coverage.iter().map(|c| ramp.step(*c)));
            let extent = |is_there: &dyn Fn(usize) -> bool| {
                let first = (0..width).find(|x| is_there(*x))?;
                let last = (0..width).rfind(|x| is_there(*x))?;
                Some((first as u16, last as u16 + 1))
            };
            let seen = extent(&|x| bytes[x] != under).unwrap_or_default();
            let inked = extent(&|x| coverage[x] > 0).unwrap_or_default();
            let columns = usize::from(seen.0)..usize::from(seen.1);
            let own = &bytes[columns.clone()];
            let alone = pack(own, &[], out, words);
            let mut below = alone;
            if y > 0 && own.len() >= tokens::ABOVE {
                let start = words.len();
                below = pack(own, &above[columns], out, words);
                if below.bits >= alone.bits {
                    words.truncate(start);
                    below = alone;
                }
            }
            let (mut plain, mut weighted) = (0, 0);
            for (i, byte) in (0..).zip(own) {
                let more = i64::from(*byte) - i64::from(under);
                plain += more;
                weighted += i * more;
            }
            rows.push(Row { seen, inked, alone, below, plain, weighted });
            std::mem::swap(bytes, above);
        }
        let (left, top, width) = (ink.left, ink.top, ink.width);
        Self { left, top, width, rows: rows.into(), words: words.as_slice().into(), ink }
    }

    /// Bytes that it takes.
    fn weight(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.rows) + size_of_val(&*self.words) + self.ink.coverage.len()
    }
}

impl Row {
    /// Adds what it changes, where its first pixel that is seen is byte `at` of the stream.
    #[inline]
    pub(super) fn add_to(&self, sums: &mut Sums, at: usize) {
        sums.shift(at as i64, self.plain, self.weighted);
    }
}

/// Sorts of one face, size, ink and ground, as a type foundry sells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FountKey {
    /// The plate's identity: a code is its own.
    pub(super) plate: u64,
    /// The ramp of ink on ground.
    pub(super) ramp: usize,
    /// The face's identity.
    pub(super) face: u64,
    /// The bits of px per em.
    pub(super) size: u32,
}

/// A thread's sorts.
#[derive(Debug, Default)]
pub(super) struct Case {
    founts: FxHashMap<FountKey, Fount>,
    bytes: usize,
    /// Counts founts taken.
    clock: u64,
    room: Room,
}

/// See [`FountKey`].
#[derive(Debug, Default)]
struct Fount {
    /// By glyph and step.
    sorts: FxHashMap<u32, Rc<Sort>>,
    bytes: usize,
    /// When it was last taken.
    taken: u64,
}

/// Room to make sorts in.
#[derive(Debug, Default)]
struct Room {
    out: BitWriter,
    words: Vec<u64>,
    above: Vec<u8>,
    row: Vec<u8>,
}

impl Case {
    /// Makes room where too much is kept: those founts go that were not taken for longest. Between cards.
    pub(super) fn tidy(&mut self) {
        if self.bytes <= KEPT {
            return;
        }
        let mut by_age: Vec<(u64, FountKey)> = self.founts.iter().map(|(key, f)| (f.taken, *key)).collect();
        by_age.sort_unstable_by_key(|(taken, _)| *taken);
        for (_, key) in by_age {
            if self.bytes <= KEPT / 2 {
                break;
            }
            self.bytes -= self.founts.remove(&key).map_or(0, |fount| fount.bytes);
        }
    }

    /// Opens a fount.
    pub(super) fn fount<'c>(&'c mut self, key: FountKey, ramp: &'c Ramp, code: &'c Code) -> Open<'c> {
        self.clock += 1;
        let fount = self.founts.entry(key).or_default();
        fount.taken = self.clock;
        Open { fount, bytes: &mut self.bytes, room: &mut self.room, ramp, code }
    }
}

/// A fount from which sorts are taken.
pub(super) struct Open<'c> {
    fount: &'c mut Fount,
    bytes: &'c mut usize,
    room: &'c mut Room,
    ramp: &'c Ramp,
    code: &'c Code,
}

impl Open<'_> {
    /// The sort of a glyph at a step; where there is none yet, made from `ink`.
    pub(super) fn sort(&mut self, id: u16, bin: u8, ink: impl FnOnce() -> Rc<Ink>) -> Rc<Sort> {
        let key = u32::from(id) << 8 | u32::from(bin);
        Rc::clone(self.fount.sorts.entry(key).or_insert_with(|| {
            let sort = Rc::new(Sort::new(ink(), self.ramp, self.code, self.room));
            self.fount.bytes += sort.weight();
            *self.bytes += sort.weight();
            sort
        }))
    }
}
