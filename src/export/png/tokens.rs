//! What a row's bytes become: literals, and repetitions of one byte.
//!
//! No other matches: a repetition of the byte before stays right wherever its stretch is copied to, and most of what
//! deflate finds on a card is of that kind.

use super::bits::BitWriter;
use super::huffman::{Code, Counts, MATCH, length_symbol};

/// Runs from this length are told as repetitions. A word, so that one comparison finds them.
const RUN: usize = 8;

/// Takes the tokens of a stretch of bytes.
pub(super) trait Sink {
    /// A stretch of so many bytes follows.
    fn begin(&mut self, bytes: usize);
    /// The bytes from offset `at` on come as they are, `G` of them.
    fn literals<const G: usize>(&mut self, at: usize, bytes: &[u8; G]);
    /// At offset `at` the same byte comes so often, [`RUN`] times at least.
    fn run(&mut self, at: usize, byte: u8, times: usize);
}

/// Cuts `bytes` into tokens. With 3 bytes a pixel (`G`) every pixel that does not lie in a run begins one.
pub(super) fn cut<const G: usize>(bytes: &[u8], sink: &mut impl Sink) {
    sink.begin(bytes.len());
    let mut at = 0;
    while let Some(word) = bytes[at..].first_chunk::<RUN>() {
        if u64::from_le_bytes(*word) == u64::from(word[0]) * 0x0101_0101_0101_0101 {
            let times = run_length(&bytes[at..]);
            sink.run(at, word[0], times);
            at += times;
            if G == 3 {
                // To the next pixel.
                while !at.is_multiple_of(3) && at < bytes.len() {
                    sink.literals(at, &[bytes[at]]);
                    at += 1;
                }
            }
        } else {
            let group = word.first_chunk::<G>().expect("a word holds a group");
            sink.literals(at, group);
            at += G;
        }
    }
    for (at, byte) in (at..).zip(&bytes[at..]) {
        sink.literals(at, &[*byte]);
    }
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

/// The lengths of the matches that repeat a byte so often, and how many literals are left.
fn repeats(mut times: usize) -> (impl Iterator<Item = usize>, usize) {
    let whole = times / MATCH.end();
    times %= MATCH.end();
    let rest = if times < *MATCH.start() { (None, times) } else { (Some(times), 0) };
    (std::iter::repeat_n(*MATCH.end(), whole).chain(rest.0), rest.1)
}

impl Sink for Counts {
    fn begin(&mut self, _: usize) {}

    fn literals<const G: usize>(&mut self, _: usize, bytes: &[u8; G]) {
        for byte in bytes {
            self.0[usize::from(*byte)] += 1;
        }
    }

    fn run(&mut self, _: usize, byte: u8, times: usize) {
        let (matches, literals) = repeats(times - 1);
        self.0[usize::from(byte)] += 1 + literals as u32;
        matches.for_each(|length| self.0[length_symbol(length).0] += 1);
    }
}

/// Writes tokens in a code.
pub(super) struct Writer<'a> {
    pub(super) code: &'a Code,
    pub(super) to: &'a mut BitWriter,
}

impl Sink for Writer<'_> {
    fn begin(&mut self, bytes: usize) {
        // No literal takes more than two bytes.
        self.to.reserve(2 * bytes);
    }

    #[inline]
    fn literals<const G: usize>(&mut self, _: usize, bytes: &[u8; G]) {
        let (mut word, mut count) = (0, 0);
        for byte in bytes {
            let bits = self.code.literal(*byte);
            word |= u64::from(bits.bits) << count;
            count += bits.count;
        }
        self.to.push(word, count);
    }

    fn run(&mut self, at: usize, byte: u8, times: usize) {
        self.literals(at, &[byte]);
        let literal = self.code.literal(byte);
        let (matches, literals) = repeats(times - 1);
        for length in matches {
            let bits = self.code.repeat(length);
            if length as u32 * literal.count > bits.count {
                self.to.push(u64::from(bits.bits), bits.count);
            } else {
                (0..length).for_each(|_| self.to.push(u64::from(literal.bits), literal.count));
            }
        }
        (0..literals).for_each(|_| self.to.push(u64::from(literal.bits), literal.count));
    }
}
