//! Sorts: glyphs encoded once, a row at a time, to be set wherever they come on a flat ground.
//!
//! A printer's sort is a letter cast in metal, taken from its case whenever the text has it. Here it is a glyph at one
//! size and step, in one ink on one colour: for each of its rows the bits that tell its pixels in a plate's code, and what
//! they add to the checksum. A thread keeps those that it has made.

use std::cell::OnceCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::bits::{BitWriter, MOST, Pen};
use super::huffman::{Bits, Code, MATCH};
use super::tokens::ROOM;
use crate::paint::{Ink, Ramp};

/// Bytes of sorts that a thread keeps; about 8000 letters at 40 px.
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
    /// Rows.
    pub(super) height: u32,
    /// Of each row its [`Row`], and its bits where the row above is this sort's. One after the other, for what a card
    /// takes of its sorts is more than a processor keeps at hand.
    rows: Box<[u64]>,
    /// Made when first asked for: most letters have none in their way.
    alone: OnceCell<Alone>,
}

/// The bits of each row, whatever stands above.
#[derive(Debug)]
struct Alone {
    /// How many, and where they begin.
    rows: Box<[(u32, u32)]>,
    words: Box<[u64]>,
}

/// What is known of a row, columns counted from the sort's left, in two words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The columns that are told: all that are seen, and where coverage goes far beyond those, some of that.
    pub(super) from: u32,
    pub(super) to: u32,
    /// How many columns before and after have coverage: none is seen, but together with another glyph's it may be.
    pub(super) before: u32,
    pub(super) after: u32,
    /// By how much the bytes exceed the ground's, in sum.
    pub(super) plain: i32,
    /// The same, each times how far it stands from the first; of 4096 columns just within bounds.
    pub(super) weighted: i32,
    bits: u32,
}

/// Columns fit as many bits.
const COLUMNS: u32 = 13;

/// What may lie beyond the columns that are told.
const BEYOND: u32 = 15;

impl Row {
    fn packed(self) -> [u64; 2] {
        let Self { from, to, before, after, plain, weighted, bits } = self;
        let columns = u64::from(from) | u64::from(to) << COLUMNS;
        let beyond = u64::from(before) | u64::from(after) << 4;
        [
            columns | beyond << (2 * COLUMNS) | u64::from(bits) << 40,
            u64::from(plain as u32) | u64::from(weighted as u32) << 32,
        ]
    }

    #[inline(always)]
    fn unpacked([first, second]: [u64; 2]) -> Self {
        let mask = (1 << COLUMNS) - 1;
        let beyond = first >> (2 * COLUMNS);
        Self {
            from: (first & mask) as u32,
            to: (first >> COLUMNS & mask) as u32,
            before: (beyond & 15) as u32,
            after: (beyond >> 4 & 15) as u32,
            bits: (first >> 40) as u32,
            plain: second as u32 as i32,
            weighted: (second >> 32) as u32 as i32,
        }
    }
}

/// Bits ready to be written: see [`Pen::words`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Print<'s> {
    pub(super) words: &'s [u64],
    pub(super) bits: u32,
}

/// Rows of a sort, from the one at hand down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'s>(&'s [u64]);

impl<'s> Rows<'s> {
    pub(super) fn is_over(self) -> bool {
        self.0.is_empty()
    }

    /// The next one, and its bits where the row above is the sort's own.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<(Row, Print<'s>)> {
        let (packed, rest) = self.0.split_first_chunk()?;
        let row = Row::unpacked(*packed);
        let (words, rest) = rest.split_at(row.bits.div_ceil(MOST) as usize);
        self.0 = rest;
        Some((row, Print { words, bits: row.bits }))
    }
}

impl Sort {
    fn new(ink: &Ink, ramp: &Ramp, code: &Code, room: &mut Room) -> Self {
        let Room { words, .. } = room;
        let mut rows = std::mem::take(words);
        rows.clear();
        each_row(ink, ramp, |row, bytes, above| {
            let at = rows.len();
            rows.extend([0; 2]);
            let bits = room.pack(bytes, above, code, &mut rows);
            rows[at..at + 2].copy_from_slice(&Row { bits, ..row }.packed());
        });
        let sort = Self {
            left: ink.left,
            top: ink.top,
            width: ink.width,
            height: ink.height(),
            rows: rows.as_slice().into(),
            alone: OnceCell::new(),
        };
        room.words = rows;
        sort
    }

    pub(super) fn rows(&self) -> Rows<'_> {
        Rows(&self.rows)
    }

    /// The bits of a row, whatever stands above; `ink`, `ramp` and `code` are what it is made from.
    pub(super) fn alone(&self, row: u32, ink: impl Fn() -> Rc<Ink>, ramp: &Ramp, code: &Code) -> Print<'_> {
        let Alone { rows, words } = self.alone.get_or_init(|| {
            let (mut rows, mut words, mut room) = (Vec::new(), Vec::new(), Room::default());
            each_row(&ink(), ramp, |_, bytes, _| {
                let word = words.len() as u32;
                rows.push((room.pack(bytes, None, code, &mut words), word));
            });
            Alone { rows: rows.into(), words: words.into() }
        });
        let (bits, word) = rows[row as usize];
        let word = word as usize;
        Print { words: &words[word..word + bits.div_ceil(MOST) as usize], bits }
    }

    /// Bytes that it takes; as many again for what may be made later.
    fn weight(&self) -> usize {
        size_of::<Self>() + 2 * size_of_val(&*self.rows)
    }
}

/// Each row of a glyph: what is known of it without a code, the bytes that are seen, and those above them.
fn each_row(ink: &Ink, ramp: &Ramp, mut row: impl FnMut(Row, &[u8], Option<&[u8]>)) {
    let under = ramp.under();
    let (mut bytes, mut above): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    for coverage in ink.coverage.chunks_exact(ink.width.max(1) as usize) {
        bytes.clear();
        bytes.extend(coverage.iter().map(|c| ramp.step(*c)));
        let extent = |is_there: &dyn Fn(usize) -> bool| {
            let first = (0..bytes.len()).find(|x| is_there(*x))?;
            let last = (0..bytes.len()).rfind(|x| is_there(*x))?;
            Some((first as u32, last as u32 + 1))
        };
        let inked = extent(&|x| coverage[x] > 0).unwrap_or_default();
        let seen = extent(&|x| bytes[x] != under).unwrap_or((inked.0, inked.0));
        let from = seen.0.min(inked.0 + BEYOND);
        let to = seen.1.max(inked.1.saturating_sub(BEYOND)).max(from);
        let columns = from as usize..to as usize;
        let (mut plain, mut weighted) = (0, 0);
        for (i, byte) in (0..).zip(&bytes[columns.clone()]) {
            let more = i32::from(*byte) - i32::from(under);
            plain += more;
            weighted += i * more;
        }
        let known = Row { from, to, before: from - inked.0, after: inked.1 - to, plain, weighted, bits: 0 };
        row(known, &bytes[columns.clone()], above.get(columns));
        std::mem::swap(&mut bytes, &mut above);
    }
}

/// What a row's bytes are told as.
#[derive(Debug, Clone, Copy)]
enum Token {
    Literal(u8),
    /// The byte before, so often again.
    Repeat(usize),
    /// As many as stand above.
    Above(usize),
}

impl Token {
    fn bits(self, code: &Code) -> Bits {
        match self {
            Self::Literal(byte) => code.literal(byte),
            Self::Repeat(length) => code.repeat(length),
            Self::Above(length) => code.above(length),
        }
    }

    fn write(self, code: &Code, pen: &mut Pen<'_>) {
        let Bits { bits, count } = self.bits(code);
        pen.push(u64::from(bits), count);
    }
}

/// Room to find tokens in.
#[derive(Debug, Default)]
struct Tokens {
    list: Vec<Token>,
    /// For each place the bits from there to the end, and the first token.
    best: Vec<(u32, Token)>,
}

/// The tokens of a row in the fewest bits: found from the end, of matches at each place the longest and the one
/// that is shorter by one. It is done once a sort, so it may take its time; [`tokens::cut`](super::tokens::cut) may not.
fn fewest_bits(bytes: &[u8], above: Option<&[u8]>, code: &Code, tokens: &mut Tokens) {
    /// A shorter match may save the bits that say how much longer it is.
    const SHORTER: usize = 1;
    /// Where all is one byte, one literal and a match of it are about as short.
    const PLAIN: usize = 10;
    let Tokens { list, best } = tokens;
    list.clear();
    best.clear();
    best.resize(bytes.len() + 1, (0, Token::Literal(0)));
    // Much of a letter is as what stands above; of so many bytes nothing else is told in fewer bits.
    if let Some(above) = above
        && above == bytes
        && (PLAIN..=*MATCH.end()).contains(&bytes.len())
    {
        return list.push(Token::Above(bytes.len()));
    }
    let (mut run, mut same) = (0, 0); // bytes from here on that are as the one before, and as those above
    for at in (0..bytes.len()).rev() {
        let byte = bytes[at];
        run = if at > 0 && bytes[at - 1] == byte { run + 1 } else { 0 };
        same = if above.is_some_and(|above| above[at] == byte) { same + 1 } else { 0 };
        let mut found = (code.literal(byte).count + best[at + 1].0, Token::Literal(byte));
        for (longest, token) in [(run, Token::Repeat as fn(usize) -> Token), (same, Token::Above)] {
            let longest = longest.min(*MATCH.end());
            let shortest = longest.saturating_sub(SHORTER).max(*MATCH.start());
            for length in shortest..=longest {
                let bits = token(length).bits(code).count + best[at + length].0;
                if bits < found.0 {
                    found = (bits, token(length));
                }
            }
        }
        best[at] = found;
    }
    let mut at = 0;
    while at < bytes.len() {
        let (_, token) = best[at];
        list.push(token);
        at += match token {
            Token::Literal(_) => 1,
            Token::Repeat(length) | Token::Above(length) => length,
        };
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
    tokens: Tokens,
}

impl Room {
    /// Packs the fewest bits that tell a row; how many they are.
    fn pack(&mut self, bytes: &[u8], above: Option<&[u8]>, code: &Code, words: &mut Vec<u64>) -> u32 {
        fewest_bits(bytes, above, code, &mut self.tokens);
        self.out.start(&[]);
        self.out.reserve(ROOM * bytes.len());
        let mut pen = self.out.pen();
        self.tokens.list.iter().for_each(|token| token.write(code, &mut pen));
        drop(pen);
        self.out.pack(words)
    }
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
            let sort = Rc::new(Sort::new(&ink(), self.ramp, self.code, self.room));
            self.fount.bytes += sort.weight();
            *self.bytes += sort.weight();
            sort
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::png::huffman::Counts;
    use crate::export::png::tokens::{self, Writer};

    #[test]
    fn a_row_comes_out_of_its_two_words_as_it_went_in() {
        let row = Row {
            from: 4095,
            to: 4096,
            before: BEYOND,
            after: 3,
            plain: -255 * 4096,
            weighted: 2_138_000_000,
            bits: 14 * 4096,
        };
        for row in [row, Row { plain: 1, weighted: -1, from: 0, ..row }, Row::default()] {
            assert_eq!(Row::unpacked(row.packed()), row);
        }
    }

    /// Bytes that tokens stand for.
    fn told(tokens: &[Token], above: &[u8]) -> Vec<u8> {
        let mut bytes: Vec<u8> = Vec::new();
        for token in tokens {
            match token {
                Token::Literal(byte) => bytes.push(*byte),
                Token::Repeat(length) => {
                    let last = *bytes.last().unwrap();
                    bytes.extend(std::iter::repeat_n(last, *length));
                }
                Token::Above(length) => bytes.extend_from_slice(&above[bytes.len()..][..*length]),
            }
        }
        bytes
    }

    #[test]
    fn the_fewest_bits_tell_the_row_and_are_fewer_than_the_quick_ones() {
        let mut counts = Counts::default();
        (0..64).for_each(|i| counts.0[i] = 100 + (i as u32) % 7 * 90);
        (257..286).for_each(|i| counts.0[i] = 80);
        let code = Code::new(&counts, 1081);
        let mut state = 7_u32;
        let mut tokens = Tokens::default();
        for length in [0, 1, 2, 3, 9, 40, 300, 700] {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state >> 24
            };
            // Runs, and stretches that are as above.
            let above: Vec<u8> = (0..length).map(|_| (next() % 64) as u8).collect();
            let mut row: Vec<u8> = Vec::new();
            while row.len() < length {
                let n = (next() % 40) as usize;
                match next() % 3 {
                    0 => row.extend(std::iter::repeat_n((next() % 64) as u8, n)),
                    1 => row.extend(above[row.len()..].iter().take(n)),
                    _ => row.extend((0..n).map(|_| (next() % 64) as u8)),
                }
            }
            row.truncate(length);
            for above in [None, Some(&above[..])] {
                fewest_bits(&row, above, &code, &mut tokens);
                assert_eq!(told(&tokens.list, above.unwrap_or_default()), row);
                let best: u32 = tokens.list.iter().map(|token| token.bits(&code).count).sum();
                let mut out = BitWriter::default();
                out.reserve(ROOM * length);
                let above = above.unwrap_or_default();
                tokens::cut::<1>(&row, above, &mut Writer { code: &code, to: &mut out.pen() });
                assert!(best as usize <= out.len(), "{length}: {best}, not {}", out.len());
            }
        }
    }
}
