//! Bits as deflate packs them: the first bit is the lowest of the first byte.

use std::ops::Range;

/// Bytes to a word.
const WORD: usize = 8;

/// The most bits that go into one [`BitWriter::push`]: with the seven that may be pending they fit a word.
pub(super) const MOST: u32 = 56;

/// Codes, packed one after the other.
///
/// Whole words are stored, whose unused upper part the next one overwrites: that is several times as fast as byte
/// after byte. So there is always room for more than is used; it is kept from card to card.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Whole bytes in use.
    at: usize,
    /// Bits that do not fill a byte yet, fewer than 8.
    pending: u64,
    count: u32,
}

impl BitWriter {
    /// Begins anew with these bytes.
    pub(super) fn start(&mut self, bytes: &[u8]) {
        (self.at, self.pending, self.count) = (0, 0, 0);
        self.bytes(bytes);
    }

    /// Makes room for so many bytes more.
    pub(super) fn reserve(&mut self, more: usize) {
        let needed = self.at + more + 2 * WORD;
        if self.bytes.len() < needed {
            self.bytes.resize(needed + needed / 2, 0);
        }
    }

    /// To write what there is room for.
    pub(super) fn pen(&mut self) -> Pen<'_> {
        Pen {
            at: self.at,
            pending: self.pending,
            count: self.count,
            bytes: &mut self.bytes,
            back: (&mut self.at, &mut self.pending, &mut self.count),
        }
    }

    /// Appends the lowest `count` bits of `bits`, at most [`MOST`]; the bits above are 0.
    ///
    /// # Panics
    /// Where no room was reserved.
    #[inline]
    pub(super) fn push(&mut self, bits: u64, count: u32) {
        self.pen().push(bits, count);
    }

    /// Appends bits of a stream, a word at a time.
    pub(super) fn copy(&mut self, stream: &Bits, range: Range<usize>) {
        self.reserve(range.len() / 8 + 2 * WORD);
        self.pen().copy(stream, range);
    }

    /// Fills the last byte up.
    pub(super) fn pad(&mut self) {
        self.reserve(0);
        if self.count > 0 {
            self.push(0, 8 - self.count);
        }
    }

    /// Appends whole bytes, after a pad.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        debug_assert_eq!(self.count, 0, "a byte begins");
        self.reserve(bytes.len());
        self.bytes[self.at..self.at + bytes.len()].copy_from_slice(bytes);
        self.at += bytes.len();
    }

    /// Bits so far.
    pub(super) fn len(&self) -> usize {
        self.at * 8 + self.count as usize
    }

    /// What was written, whole bytes of it.
    pub(super) fn written(&self) -> &[u8] {
        &self.bytes[..self.at]
    }

    /// Whole bytes already written.
    pub(super) fn written_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[..self.at]
    }

    /// Appends what was written since [`Self::start`] in whole words, as [`Told`] has them, and begins anew; how many
    /// bits they are.
    pub(super) fn pack(&mut self, to: &mut Vec<u64>) -> u32 {
        let count = self.len() as u32;
        self.pad();
        to.extend(self.written().chunks(WORD).map(|bytes| {
            let mut word = [0; WORD];
            word[..bytes.len()].copy_from_slice(bytes);
            u64::from_le_bytes(word)
        }));
        self.start(&[]);
        count
    }

    /// All bits so far, kept to be copied from.
    pub(super) fn into_bits(mut self) -> Bits {
        self.pad();
        // A word is read together with the next one.
        let (whole, rest) = self.bytes[..self.at].as_chunks::<WORD>();
        let mut last = [0; WORD];
        last[..rest.len()].copy_from_slice(rest);
        Bits { words: whole.iter().chain([&last, &[0; WORD]]).map(|w| u64::from_le_bytes(*w)).collect() }
    }
}

/// Writes codes where there is room: the end of what is written stands in registers while many are pushed, for what
/// is reached through a reference would be stored and loaded again with each.
#[derive(Debug)]
pub(super) struct Pen<'a> {
    bytes: &'a mut [u8],
    at: usize,
    pending: u64,
    count: u32,
    /// The writer's own, to be brought up to date.
    back: (&'a mut usize, &'a mut u64, &'a mut u32),
}

impl Pen<'_> {
    /// The same pen, to be held in a loop of its own.
    #[inline(always)]
    pub(super) fn pen(&mut self) -> Pen<'_> {
        Pen {
            at: self.at,
            pending: self.pending,
            count: self.count,
            bytes: self.bytes,
            back: (&mut self.at, &mut self.pending, &mut self.count),
        }
    }

    /// Bits so far, those before the pen included.
    pub(super) fn len(&self) -> usize {
        self.at * 8 + self.count as usize
    }

    /// See [`BitWriter::push`].
    #[inline(always)]
    pub(super) fn push(&mut self, bits: u64, count: u32) {
        debug_assert!(count <= MOST && bits >> count == 0, "{bits:b} is more than {count} bits");
        let word = self.pending | bits << self.count;
        self.bytes[self.at..self.at + WORD].copy_from_slice(&word.to_le_bytes());
        let count = self.count + count;
        self.at += (count / 8) as usize;
        self.pending = word >> (count / 8 * 8);
        self.count = count % 8;
    }

    /// Appends bits of which there are `count`, then those that are told.
    ///
    /// Where all of it goes into two words, as nearly always, that is done without a branch: which rows of letters take
    /// more than one nobody can foretell. It is in line, for the pen is to stay in registers.
    #[inline(always)]
    pub(super) fn told(&mut self, bits: u64, count: u32, told: Told<'_>) {
        let [first, second] = *told.words.first_chunk().expect("words to spare");
        let before = self.count + count;
        let all = before + told.bits;
        if before >= u64::BITS || all >= 2 * u64::BITS {
            self.push(bits, count);
            self.long(told);
            return;
        }
        // What is not theirs in the words comes after all that is, and is overwritten.
        let low = self.pending | bits << self.count | first << before;
        let high = (first >> 1) >> (63 - before) | second << before;
        let words: &mut [u8; 2 * WORD] =
            self.bytes[self.at..].first_chunk_mut().expect("room for two words was reserved");
        words[..WORD].copy_from_slice(&low.to_le_bytes());
        words[WORD..].copy_from_slice(&high.to_le_bytes());
        let last = if all < u64::BITS { low } else { high };
        self.at += (all / 8) as usize;
        self.count = all % 8;
        self.pending = last >> (all % u64::BITS - self.count) & ((1 << self.count) - 1);
    }

    /// Appends what is told, however long it is.
    #[inline(always)]
    fn long(&mut self, told: Told<'_>) {
        let mut at = 0;
        while at < told.bits {
            let count = (told.bits - at).min(MOST);
            let (word, shift) = ((at / u64::BITS) as usize, at % u64::BITS);
            // In two steps: a shift by 64 bits would be none.
            let bits = told.words[word] >> shift | (told.words[word + 1] << 1) << (63 - shift);
            self.push(bits & ((1 << count) - 1), count);
            at += count;
        }
    }

    /// See [`BitWriter::copy`].
    pub(super) fn copy(&mut self, stream: &Bits, range: Range<usize>) {
        let Range { mut start, end } = range;
        // To the next byte of what is written, so that words can be stored there as they are.
        let lead = ((8 - self.count) % 8).min((end - start) as u32);
        self.push(stream.get(start, lead), lead);
        start += lead as usize;
        let words = (end - start) / 64;
        let (first, shift) = (start / 64, start % 64);
        let source = stream.words[first..].windows(2);
        let target = self.bytes[self.at..self.at + words * WORD].as_chunks_mut::<WORD>().0;
        for (to, from) in target.iter_mut().zip(source) {
            // In two steps: a shift by 64 bits would be none.
            *to = (from[0] >> shift | (from[1] << 1) << (63 - shift)).to_le_bytes();
        }
        self.at += words * WORD;
        start += words * 64;
        while start < end {
            let count = ((end - start) as u32).min(MOST);
            self.push(stream.get(start, count), count);
            start += count as usize;
        }
    }
}

impl Drop for Pen<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        (*self.back.0, *self.back.1, *self.back.2) = (self.at, self.pending, self.count);
    }
}

/// Packed bits ready to be written, in words one after the other, and [`Told::SPARE`] that are not theirs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'s> {
    pub(super) words: &'s [u64],
    pub(super) bits: u32,
}

impl Told<'_> {
    /// Words that may be read beyond the bits.
    pub(super) const SPARE: usize = 2;
}

/// A stream of bits to copy from.
#[derive(Debug, Clone)]
pub(super) struct Bits {
    /// With two words to spare at the end, at least one of them empty.
    words: Vec<u64>,
}

impl Bits {
    /// `count` bits from bit `at`; at most [`MOST`].
    fn get(&self, at: usize, count: u32) -> u64 {
        let (word, shift) = (at / 64, at % 64);
        let bits = self.words[word] >> shift | (self.words[word + 1] << 1) << (63 - shift);
        bits & ((1 << count) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits of a stream, one by one.
    fn listed(bytes: &[u8]) -> Vec<bool> {
        bytes.iter().flat_map(|byte| (0..8).map(move |i| byte >> i & 1 == 1)).collect()
    }

    fn some_bits(length: usize) -> Vec<bool> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 31 == 1
        };
        (0..length).map(|_| next()).collect()
    }

    fn written(bits: &[bool], chunk: usize) -> BitWriter {
        let mut writer = BitWriter::default();
        writer.start(&[]);
        for bits in bits.chunks(chunk) {
            writer.reserve(8);
            let word = bits.iter().rev().fold(0, |word, &bit| word << 1 | u64::from(bit));
            writer.push(word, bits.len() as u32);
        }
        assert_eq!(writer.len(), bits.len());
        writer
    }

    #[test]
    fn bits_come_out_in_the_order_that_they_went_in() {
        let bits = some_bits(1000);
        for chunk in [1, 3, 7, 8, 9, 13, 31, 55, 56] {
            let mut writer = written(&bits, chunk);
            writer.pad();
            assert_eq!(listed(writer.written()), bits, "{chunk} at a time");
        }
    }

    #[test]
    fn any_stretch_can_be_copied_to_any_place() {
        let bits = some_bits(700);
        let stream = written(&bits, 5).into_bits();
        for start in [0, 1, 7, 8, 63, 64, 65, 130] {
            for length in [0, 1, 6, 56, 63, 64, 65, 127, 128, 129, 200, 500, 570] {
                for before in 0..9 {
                    let mut writer = written(&bits[..before], 1);
                    writer.copy(&stream, start..start + length);
                    writer.reserve(8);
                    writer.push(0b101, 3);
                    let expected: Vec<bool> = bits[..before]
                        .iter()
                        .chain(&bits[start..start + length])
                        .copied()
                        .chain([true, false, true])
                        .collect();
                    writer.pad();
                    let got = listed(writer.written());
                    assert_eq!(got[..expected.len()], expected, "{start} {length} {before}");
                    assert!(got[expected.len()..].iter().all(|bit| !bit));
                }
            }
        }
    }

    #[test]
    fn what_is_told_comes_after_what_is_before_it() {
        let bits = some_bits(400);
        for length in [0, 1, 31, 32, 33, 56, 57, 63, 64, 65, 88, 89, 128, 144, 145, 400] {
            let mut words = Vec::new();
            assert_eq!(written(&bits[..length], 7).pack(&mut words), length as u32);
            words.extend([u64::MAX; Told::SPARE]); // not theirs
            for before in [0, 5, 24, 25, 40, 56] {
                let mut writer = written(&bits[..3], 3);
                writer.reserve(100);
                let word = bits[3..3 + before].iter().rev().fold(0, |word, &bit| word << 1 | u64::from(bit));
                writer.pen().told(word, before as u32, Told { words: &words, bits: length as u32 });
                let expected = [&bits[..3 + before], &bits[..length]].concat();
                assert_eq!(writer.len(), expected.len());
                writer.pad();
                assert_eq!(listed(writer.written())[..expected.len()], expected, "{length} after {before}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn without_room_it_stops() {
        let mut writer = BitWriter::default();
        for _ in 0..100 {
            writer.push(1, 56);
        }
    }
}
