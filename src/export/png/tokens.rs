//! What a row's bytes become: literals, repetitions of one byte, and of what stands above.
//!
//! No other matches. A repetition of the byte before stays right wherever its stretch is copied to, so a ground has
//! only those; what a card changes may also be as the row above.

use super::bits::Pen;
use super::huffman::{Code, Counts, MATCH, length_symbol};

/// Runs from this length are told as repetitions: two pixels of three bytes.
const RUN: usize = 6;

/// What stands above is told as such from this length on, less would cost more than it saves. A word, so that one
/// comparison finds it.
const ABOVE: usize = 8;

/// Takes the tokens of a stretch of bytes.
pub(super) trait Sink {
    /// The bytes from offset `at` on come as they are; none is no token.
    fn literals(&mut self, at: usize, bytes: &[u8]);
    /// At offset `at` the same byte comes so often.
    fn run(&mut self, at: usize, byte: u8, times: usize);
    /// These bytes are as those above, [`ABOVE`] at least.
    fn above(&mut self, bytes: &[u8]);
}

/// Cuts the bytes of pixels of `G` bytes into tokens; `above`, where it may be referred to, are as many bytes above, else
/// none. Tokens are of whole pixels.
pub(super) fn cut<const G: usize>(bytes: &[u8], above: &[u8], sink: &mut impl Sink) {
    // Without a row above, what is never equal: a run comes first.
    let (above, has_above) = if above.len() == bytes.len() { (above, true) } else { (bytes, false) };
    let (mut at, mut told) = (0, 0);
    while at + ABOVE <= bytes.len() {
        let (here, over) = (word(bytes, at), word(above, at));
        // Equal neighbours cancel out.
        let is_run = (here ^ here >> 8) << (64 - 8 * (RUN - 1)) == 0;
        let is_same = has_above && here == over;
        if !is_run && !is_same {
            at += G;
            continue;
        }
        sink.literals(told, &bytes[told..at]);
        let run = if is_run { run_length(&bytes[at..]) } else { 0 };
        let same = if is_same { alike(&bytes[at..], &above[at..]) } else { 0 };
        let whole = run.max(same) / G * G;
        if same > run {
            sink.above(&bytes[at..at + whole]);
        } else {
            sink.run(at, bytes[at], whole);
        }
        at += whole;
        told = at;
    }
    sink.literals(told, &bytes[told..]);
}

/// Eight bytes from `at` on.
#[inline]
fn word(bytes: &[u8], at: usize) -> u64 {
    let word: &[u8; ABOVE] = bytes[at..at + ABOVE].try_into().expect("a slice of so many bytes");
    u64::from_le_bytes(*word)
}

/// How often the first byte comes before another one.
fn run_length(bytes: &[u8]) -> usize {
    let same = u64::from(bytes[0]) * 0x0101_0101_0101_0101;
    let (words, rest) = bytes.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let other = u64::from_le_bytes(*word) ^ same;
        if other != 0 {
            return i * 8 + (other.trailing_zeros() / 8) as usize;
        }
    }
    words.len() * 8 + rest.iter().take_while(|byte| **byte == bytes[0]).count()
}

/// How many bytes are the same before one differs.
fn alike(a: &[u8], b: &[u8]) -> usize {
    let ((a_words, a_rest), (b_words, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (i, (a, b)) in a_words.iter().zip(b_words).enumerate() {
        let other = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if other != 0 {
            return i * 8 + (other.trailing_zeros() / 8) as usize;
        }
    }
    a_words.len() * 8 + a_rest.iter().zip(b_rest).take_while(|(a, b)| a == b).count()
}

/// The lengths of the matches that repeat so many bytes, and how many are left.
fn matches(mut bytes: usize) -> (impl Iterator<Item = usize>, usize) {
    let whole = bytes / MATCH.end();
    bytes %= MATCH.end();
    let rest = if bytes < *MATCH.start() { (None, bytes) } else { (Some(bytes), 0) };
    (std::iter::repeat_n(*MATCH.end(), whole).chain(rest.0), rest.1)
}

impl Sink for Counts {
    fn literals(&mut self, _: usize, bytes: &[u8]) {
        for byte in bytes {
            self.0[usize::from(*byte)] += 1;
        }
    }

    fn run(&mut self, _: usize, byte: u8, times: usize) {
        let (matches, literals) = matches(times - 1);
        self.0[usize::from(byte)] += 1 + literals as u32;
        matches.for_each(|length| self.0[length_symbol(length).0] += 1);
    }

    fn above(&mut self, bytes: &[u8]) {
        let (matches, literals) = matches(bytes.len());
        matches.for_each(|length| self.0[length_symbol(length).0] += 1);
        bytes[bytes.len() - literals..].iter().for_each(|byte| self.0[usize::from(*byte)] += 1);
    }
}

/// Writes tokens in a code. A byte takes no more than [`ROOM`].
pub(super) struct Writer<'a, 'p> {
    pub(super) code: &'a Code,
    pub(super) to: &'a mut Pen<'p>,
}

/// Bytes that a literal takes at most; what tells of several bytes takes less for each.
pub(super) const ROOM: usize = 2;

impl Sink for Writer<'_, '_> {
    #[inline]
    fn literals(&mut self, _: usize, bytes: &[u8]) {
        let (fours, rest) = bytes.as_chunks::<4>();
        for four in fours {
            // Four codes of at most 14 bits.
            let [a, b, c, d] = four.map(|byte| self.code.literal(byte));
            let (low, high) = (u64::from(a.bits | b.bits << a.count), u64::from(c.bits | d.bits << c.count));
            let count = a.count + b.count;
            self.to.push(low | high << count, count + c.count + d.count);
        }
        let (mut all, mut count) = (0, 0);
        for bits in rest.iter().map(|byte| self.code.literal(*byte)) {
            all |= u64::from(bits.bits) << count;
            count += bits.count;
        }
        self.to.push(all, count);
    }

    fn run(&mut self, _: usize, byte: u8, times: usize) {
        let literal = self.code.literal(byte);
        // Most are told as the byte and one match, in one go.
        let (mut bits, mut count, mut rest) = (u64::from(literal.bits), literal.count, times - 1);
        while rest >= *MATCH.start() {
            let length = rest.min(*MATCH.end());
            let repeat = self.code.repeat(length);
            if length as u32 * literal.count <= repeat.count {
                break;
            }
            self.to.push(bits | u64::from(repeat.bits) << count, count + repeat.count);
            (bits, count) = (0, 0);
            rest -= length;
        }
        self.to.push(bits, count);
        (0..rest).for_each(|_| self.to.push(u64::from(literal.bits), literal.count));
    }

    fn above(&mut self, bytes: &[u8]) {
        let (matches, literals) = matches(bytes.len());
        for bits in matches.map(|length| self.code.above(length)) {
            self.to.push(u64::from(bits.bits), bits.count);
        }
        self.literals(0, &bytes[bytes.len() - literals..]);
    }
}
