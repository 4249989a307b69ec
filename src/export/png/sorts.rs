//! Sorts: glyphs encoded once, a row at a time, to be set wherever they come on a flat ground.
//!
//! A printer's sort is a letter cast in metal, taken from its case whenever the text has it. Here it is a glyph at one
//! size and step, in one ink on one colour: for each of its rows the bits that tell its pixels in a plate's code; and
//! for all of it what it adds to the checksum. A thread keeps those that it uses in its [`Case`]; those that it lacks it
//! gets from the plate's [`Foundry`], where no letter is cast twice.
//!
//! Much of a letter is as what stands above: stems. A row's first and last columns, where they are so, are no part of
//! its bits: who sets it tells them together with the ground beside it, which is as above too, and with the next
//! letter's.

use std::ops::Range;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::bits::{BitWriter, Told};
use super::fewest::Tokens;
use super::huffman::{Code, MATCH};
use super::tokens::ROOM;
use crate::paint::{Ink, Ramp};

/// Bytes of sorts that a thread keeps, and a foundry; about 12,000 letters at 40 px.
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
    /// What its pixels change from the first one on: see [`Sums::put`](super::adler::Sums::put).
    pub(super) change: (i64, i64),
    /// Of each row, and of one below them, its [`Row`] and its bits. One after the other, for what a card takes of its
    /// sorts is more than a processor keeps at hand.
    rows: Box<[u64]>,
    /// Made when first asked for: most letters have none in their way.
    alone: OnceLock<Alone>,
}

/// The bits of each row, whatever stands above.
#[derive(Debug)]
struct Alone {
    /// How many, and where they begin.
    rows: Box<[(u32, u32)]>,
    words: Box<[u64]>,
}

/// What is known of a row, columns counted from the sort's left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The columns that are told: all that are seen, and where coverage or what stands above goes far beyond those,
    /// some of that. Of a row in which nothing is seen: what stands above.
    pub(super) from: u32,
    pub(super) to: u32,
    /// How many columns before and after have ink in the row above, and none here.
    pub(super) left: u32,
    pub(super) right: u32,
    /// How many before and after have coverage: none is seen, but together with another glyph's it may be.
    pub(super) before: u32,
    pub(super) after: u32,
    /// How many of the first and last columns are as above and not told by the bits; where all are, there are no bits.
    pub(super) lead: u32,
    pub(super) tail: u32,
    /// 0 where nothing is seen or all is as above.
    pub(super) bits: u32,
}

/// How wide the fields of a packed row are, and so what they hold at most.
const COLUMNS: u32 = 13;
const MARGIN: u32 = 4;
const COVERAGE: u32 = 2;
const ALIKE: u32 = 5;

const fn most(bits: u32) -> u32 {
    (1 << bits) - 1
}

impl Row {
    fn packed(self) -> u64 {
        let Self { from, to, left, right, before, after, lead, tail, bits } = self;
        let fields = [
            (from, COLUMNS),
            (to, COLUMNS),
            (left, MARGIN),
            (right, MARGIN),
            (before, COVERAGE),
            (after, COVERAGE),
            (lead, ALIKE),
            (tail, ALIKE),
            (bits, 16), // 14 for each of 4096 columns
        ];
        let (packed, _) = fields.into_iter().fold((0, 0), |(packed, at), (field, bits)| {
            debug_assert!(field <= most(bits), "{field} in {bits} bits");
            (packed | u64::from(field) << at, at + bits)
        });
        packed
    }

    #[inline(always)]
    fn unpacked(packed: u64) -> Self {
        let mut at = 0;
        let mut field = |bits: u32| {
            let field = (packed >> at) as u32 & most(bits);
            at += bits;
            field
        };
        Self {
            from: field(COLUMNS),
            to: field(COLUMNS),
            left: field(MARGIN),
            right: field(MARGIN),
            before: field(COVERAGE),
            after: field(COVERAGE),
            lead: field(ALIKE),
            tail: field(ALIKE),
            bits: field(16),
        }
    }

    /// The columns that have any coverage here or ink in the row above.
    fn reach(&self) -> Range<u32> {
        self.from - self.left.max(self.before)..self.to + self.right.max(self.after)
    }

    /// Whether nothing of it is seen.
    pub(super) fn is_bare(&self) -> bool {
        self.bits == 0 && self.lead == 0
    }

    /// A row in which this is `inked` and that `seen`, the latter also in the row above; and how much of it is as above.
    fn new(inked: &Range<u32>, seen: &Range<u32>, above: &Range<u32>) -> Self {
        if seen.is_empty() {
            let all = joined(inked, above);
            return Self { from: all.start, to: all.end, ..Self::default() };
        }
        let (mut from, mut to) = (seen.start, seen.end);
        for (range, beyond) in [(inked, most(COVERAGE)), (above, most(MARGIN))] {
            if !range.is_empty() {
                from = from.min(range.start + beyond);
                to = to.max(range.end.saturating_sub(beyond));
            }
        }
        let beyond = |range: &Range<u32>| {
            let range = if range.is_empty() { from..to } else { range.clone() };
            (from.saturating_sub(range.start), range.end.saturating_sub(to))
        };
        let ((before, after), (left, right)) = (beyond(inked), beyond(above));
        Self { from, to, left, right, before, after, lead: 0, tail: 0, bits: 0 }
    }
}

fn joined(a: &Range<u32>, b: &Range<u32>) -> Range<u32> {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b.clone(),
        (_, true) => a.clone(),
        _ => a.start.min(b.start)..a.end.max(b.end),
    }
}

/// Rows of a sort, from the one at hand down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'s>(&'s [u64]);

impl<'s> Rows<'s> {
    #[inline(always)]
    pub(super) fn is_over(self) -> bool {
        self.0.len() <= Told::SPARE
    }

    /// The next one without taking it.
    fn first(self) -> Row {
        Row::unpacked(self.0[0])
    }

    /// Whether in each row all that these are to be told apart from, or added up with, lies left of what `others` are:
    /// their first row is at the same height, and their columns begin so many farther right.
    pub(super) fn is_left_of(mut self, mut others: Self, farther: i64) -> bool {
        while !self.is_over() && !others.is_over() {
            let (own, other) = (self.first(), others.first());
            if !own.reach().is_empty()
                && !other.reach().is_empty()
                && i64::from(own.reach().end) > i64::from(other.reach().start) + farther
            {
                return false;
            }
            (_, _) = (self.next(), others.next());
        }
        true
    }

    /// The next one, and its bits where the row above is the sort's own. There has to be one.
    #[inline(always)]
    pub(super) fn next(&mut self) -> (Row, Told<'s>) {
        let [packed, ..] = self.0.first_chunk::<{ 1 + Told::SPARE }>().expect("a row more");
        let row = Row::unpacked(*packed);
        let words = &self.0[1..];
        self.0 = &words[row.bits.div_ceil(u64::BITS) as usize..];
        (row, Told { words, bits: row.bits })
    }
}

impl Sort {
    fn new(ink: &Ink, mold: Mold<'_>, room: &mut Room) -> Self {
        let Mold { ramp, code, line } = mold;
        let mut rows = std::mem::take(&mut room.words);
        rows.clear();
        let mut change = (0, 0);
        let under = ramp.under();
        let mut start = 0; // of the row's first pixel
        each_row(ink, ramp, |mut row, bytes, above| {
            let head = rows.len();
            rows.push(0);
            let told = row.from as usize..row.to as usize;
            let (bytes, above) = (&bytes[told.clone()], &above[told]);
            // Of at most 4096 columns: just within bounds.
            let (mut plain, mut inside) = (0, 0);
            for (i, byte) in (0_i32..).zip(bytes) {
                let more = i32::from(*byte) - i32::from(under);
                plain += more;
                inside += i * more;
            }
            let plain = i64::from(plain);
            change.0 += plain;
            change.1 += (start + i64::from(row.from)) * plain + i64::from(inside);
            start += line as i64;
            if is_seen(bytes, under) {
                (row.lead, row.tail) = alike(&row, bytes, above, code);
                let told = row.lead as usize..bytes.len() - row.tail as usize;
                if bytes != above || row.lead == 0 {
                    row.bits = room.pack(&bytes[told.clone()], &above[told], code, &mut rows);
                }
            }
            rows[head] = row.packed();
        });
        rows.extend([0; Told::SPARE]);
        let sort = Self {
            left: ink.left,
            top: ink.top,
            width: ink.width,
            height: ink.height(),
            change,
            rows: rows.as_slice().into(),
            alone: OnceLock::new(),
        };
        room.words = rows;
        sort
    }

    pub(super) fn rows(&self) -> Rows<'_> {
        Rows(&self.rows)
    }

    /// The bits of a row, whatever stands above; `ink`, `ramp` and `code` are what it is made from.
    pub(super) fn alone(&self, row: u32, ink: impl Fn() -> Rc<Ink>, ramp: &Ramp, code: &Code) -> Told<'_> {
        let Alone { rows, words } = self.alone.get_or_init(|| {
            let (mut rows, mut words, mut room) = (Vec::new(), Vec::new(), Room::default());
            each_row(&ink(), ramp, |row, bytes, _| {
                let word = words.len() as u32;
                let told = row.from as usize..row.to as usize;
                rows.push((room.pack(&bytes[told], &[], code, &mut words), word));
            });
            words.extend([0; Told::SPARE]);
            Alone { rows: rows.into(), words: words.into() }
        });
        let (bits, word) = rows[row as usize];
        Told { words: &words[word as usize..], bits }
    }

    /// Bytes that it takes.
    fn weight(&self) -> usize {
        // And those of the entry, the allocator's, and of what few have alone.
        size_of::<Self>() + 64 + size_of_val(&*self.rows)
    }
}

/// How many bytes from the first and to the last are as above and worth more than they cost: told together with the
/// ground beside them, that takes the bits which say that it is as above, instead of a repetition of its colour. Beside
/// what stood above and is gone, the ground is not as above.
fn alike(row: &Row, bytes: &[u8], above: &[u8], code: &Code) -> (u32, u32) {
    let least = *MATCH.start();
    let count = |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| pairs.take_while(|(a, b)| a == b).count();
    let first = count(&mut bytes.iter().zip(above));
    if first == bytes.len() {
        // All of it: nothing else is told in fewer bits, but for a thin one.
        let is_whole = first >= least && row.left == 0 && row.right == 0;
        return if is_whole { (first.min(most(ALIKE) as usize) as u32, 0) } else { (0, 0) };
    }
    let last = count(&mut bytes.iter().rev().zip(above.iter().rev()));
    let bits = |bytes: &[u8]| bytes.iter().map(|byte| code.literal(*byte).count).sum::<u32>();
    let worth = |is_free: bool, n: usize, bytes: &[u8]| {
        let is_worth =
            is_free && n >= least && bits(bytes) >= code.above(least).count - code.repeat(least).count;
        if is_worth { n as u32 } else { 0 }
    };
    let [first, last] = [first, last].map(|n| n.min(most(ALIKE) as usize));
    (worth(row.left == 0, first, &bytes[..first]), worth(row.right == 0, last, &bytes[bytes.len() - last..]))
}

fn is_seen(bytes: &[u8], under: u8) -> bool {
    bytes.iter().any(|byte| *byte != under)
}

/// Each row of a glyph, and the one below: what is known of it without a code, its bytes, and those above them.
fn each_row(ink: &Ink, ramp: &Ramp, mut row: impl FnMut(Row, &[u8], &[u8])) {
    fn extent<'a>(
        mut bytes: impl DoubleEndedIterator<Item = &'a u8> + ExactSizeIterator,
        bare: u8,
    ) -> Range<u32> {
        let end = bytes.len() as u32;
        match bytes.position(|byte| *byte != bare) {
            // The last one stands among those that are left, or is the first.
            Some(first) => {
                let left = end - first as u32 - 1;
                let last = bytes.rposition(|byte| *byte != bare).map_or(0, |last| last as u32 + 1);
                first as u32..end - left + last
            }
            None => 0..0,
        }
    }
    let (under, width) = (ramp.under(), ink.width as usize);
    let (mut bytes, mut above) = (vec![under; width], vec![under; width]);
    let mut seen_above = 0..0;
    for coverage in ink.coverage.chunks_exact(width.max(1)) {
        bytes.iter_mut().zip(coverage).for_each(|(byte, c)| *byte = ramp.step(*c));
        let (inked, seen) = (extent(coverage.iter(), 0), extent(bytes.iter(), under));
        row(Row::new(&inked, &seen, &seen_above), &bytes, &above);
        std::mem::swap(&mut bytes, &mut above);
        seen_above = seen;
    }
    bytes.fill(under);
    row(Row::new(&(0..0), &(0..0), &seen_above), &bytes, &above);
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

/// Where the sorts of a plate are cast, for all threads: what one has made, others need not. Who has a sort in his own case
/// does not come here.
#[derive(Debug, Default)]
pub(super) struct Foundry(Mutex<Cast>);

/// What a foundry has cast.
#[derive(Debug, Default)]
struct Cast {
    sorts: FxHashMap<(FountKey, u32), Arc<Sort>>,
    bytes: usize,
}

impl Foundry {
    /// The sort of this fount and number. Two who ask for it at once may both have it made; they are alike.
    fn sort(&self, key: (FountKey, u32), make: impl FnOnce() -> Sort) -> Arc<Sort> {
        let cast = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sort) = cast().sorts.get(&key) {
            return Arc::clone(sort);
        }
        let sort = Arc::new(make());
        let mut cast = cast();
        cast.bytes += sort.weight();
        if cast.bytes > KEPT {
            *cast = Cast { bytes: sort.weight(), ..Cast::default() };
        }
        cast.sorts.insert(key, Arc::clone(&sort));
        sort
    }
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
    sorts: FxHashMap<u32, Arc<Sort>>,
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
    fn pack(&mut self, bytes: &[u8], above: &[u8], code: &Code, words: &mut Vec<u64>) -> u32 {
        self.tokens.find(bytes, above, code);
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

    /// Opens a fount of a foundry.
    pub(super) fn fount<'c>(&'c mut self, key: FountKey, foundry: &'c Foundry, mold: Mold<'c>) -> Open<'c> {
        self.clock += 1;
        let fount = self.founts.entry(key).or_default();
        fount.taken = self.clock;
        Open { fount, bytes: &mut self.bytes, room: &mut self.room, key, foundry, mold }
    }
}

/// What sorts of a fount are made by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mold<'c> {
    pub(super) ramp: &'c Ramp,
    pub(super) code: &'c Code,
    /// How many bytes a row of the plate has.
    pub(super) line: usize,
}

/// A fount from which sorts are taken.
pub(super) struct Open<'c> {
    fount: &'c mut Fount,
    bytes: &'c mut usize,
    room: &'c mut Room,
    key: FountKey,
    foundry: &'c Foundry,
    mold: Mold<'c>,
}

impl Open<'_> {
    /// The sort of a glyph at a step; where there is none yet, made from `ink`.
    pub(super) fn sort(&mut self, id: u16, bin: u8, ink: impl FnOnce() -> Rc<Ink>) -> Arc<Sort> {
        let Self { fount, bytes, room, key, foundry, mold } = self;
        let number = u32::from(id) << 8 | u32::from(bin);
        Arc::clone(fount.sorts.entry(number).or_insert_with(|| {
            let sort = foundry.sort((*key, number), || Sort::new(&ink(), *mold, room));
            fount.bytes += sort.weight();
            **bytes += sort.weight();
            sort
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_out_of_its_word_as_it_went_in() {
        let row = Row {
            from: 4095,
            to: 4096,
            left: most(MARGIN),
            right: 1,
            before: most(COVERAGE),
            after: 2,
            lead: 3,
            tail: most(ALIKE),
            bits: 14 * 4096,
        };
        for row in [row, Row { left: 0, bits: 1, from: 0, ..row }, Row::default()] {
            assert_eq!(Row::unpacked(row.packed()), row);
        }
    }

    #[test]
    fn a_row_tells_what_is_seen_and_keeps_its_neighbours_in_mind() {
        let row = |inked, seen, above| Row::new(&inked, &seen, &above);
        let plain = Row { from: 5, to: 9, ..Row::default() };
        assert_eq!(row(5..9, 5..9, 5..9), plain);
        assert_eq!(row(5..9, 5..9, 0..0), plain);
        assert_eq!(row(3..10, 5..9, 5..9), Row { before: 2, after: 1, ..plain });
        assert_eq!(row(5..9, 5..9, 1..11), Row { left: 4, right: 2, ..plain });
        // Too far beyond: told.
        assert_eq!(row(0..9, 5..9, 5..9), Row { from: 3, before: 3, ..plain });
        assert_eq!(row(5..9, 5..9, 6..40), Row { to: 25, right: 15, ..plain });
        assert_eq!(row(30..35, 30..35, 1..32), Row { from: 16, to: 35, left: 15, ..Row::default() });
        // Nothing: what stands above, to be gone.
        assert_eq!(row(5..9, 0..0, 7..12), Row { from: 5, to: 12, ..Row::default() });
        assert_eq!(row(0..0, 0..0, 0..0), Row::default());
    }
}
