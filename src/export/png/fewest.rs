//! The fewest bits that tell a row of few bytes.
//!
//! It is done once a sort, so it may take its time; [`tokens::cut`](super::tokens::cut) may not.

use super::bits::Pen;
use super::huffman::{Bits, Code, MATCH};

/// What a row's bytes are told as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Literal(u8),
    /// The byte before, so often again.
    Repeat(u16),
    /// As many as stand above.
    Above(u16),
}

impl Token {
    /// Its bits in a code.
    pub(super) fn bits(self, code: &Code) -> Bits {
        match self {
            Self::Literal(byte) => code.literal(byte),
            Self::Repeat(length) => code.repeat(usize::from(length)),
            Self::Above(length) => code.above(usize::from(length)),
        }
    }

    /// How many bytes it tells.
    fn length(self) -> usize {
        match self {
            Self::Literal(_) => 1,
            Self::Repeat(length) | Self::Above(length) => usize::from(length),
        }
    }

    /// Writes it in a code.
    pub(super) fn write(self, code: &Code, pen: &mut Pen<'_>) {
        let Bits { bits, count } = self.bits(code);
        pen.push(u64::from(bits), count);
    }
}

/// Room to find tokens in, and those that were found last.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) list: Vec<Token>,
    /// For each place the bits from there to the end, and the first token.
    best: Vec<(u32, Token)>,
}

impl Tokens {
    /// Finds the tokens of a row in the fewest bits: from its end, of matches at each place the longest and the one that
    /// is shorter by one. `above` is as long as the row, or nothing where it may not be referred to.
    pub(super) fn find(&mut self, bytes: &[u8], above: &[u8], code: &Code) {
        /// A shorter match may save the bits that say how much longer it is.
        const SHORTER: usize = 1;
        let Self { list, best } = self;
        list.clear();
        best.clear();
        best.resize(bytes.len() + 1, (0, Token::Literal(0)));
        let (mut run, mut same) = (0, 0); // bytes from here on that are as the one before, and as those above
        for (at, &byte) in bytes.iter().enumerate().rev() {
            run = if at > 0 && bytes[at - 1] == byte { run + 1 } else { 0 };
            same = if above.get(at) == Some(&byte) { same + 1 } else { 0 };
            let mut found = (code.literal(byte).count + best[at + 1].0, Token::Literal(byte));
            let mut consider = |longest: usize, token: fn(u16) -> Token| {
                let longest = longest.min(*MATCH.end());
                for length in longest.saturating_sub(SHORTER).max(*MATCH.start())..=longest {
                    let token = token(length as u16); // at most 258
                    let bits = token.bits(code).count + best[at + length].0;
                    if bits < found.0 {
                        found = (bits, token);
                    }
                }
            };
            consider(run, Token::Repeat);
            consider(same, Token::Above);
            best[at] = found;
        }
        let mut at = 0;
        while at < bytes.len() {
            let (_, token) = best[at];
            list.push(token);
            at += token.length();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::png::bits::BitWriter;
    use crate::export::png::huffman::Counts;
    use crate::export::png::tokens::{self, ROOM, Writer};

    /// Bytes that tokens stand for.
    fn told(tokens: &[Token], above: &[u8]) -> Vec<u8> {
        let mut bytes: Vec<u8> = Vec::new();
        for token in tokens {
            match token {
                Token::Literal(byte) => bytes.push(*byte),
                Token::Repeat(_) => {
                    let last = *bytes.last().unwrap();
                    bytes.extend(std::iter::repeat_n(last, token.length()));
                }
                Token::Above(_) => bytes.extend_from_slice(&above[bytes.len()..][..token.length()]),
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
            for above in [&[][..], &above] {
                tokens.find(&row, above, &code);
                assert_eq!(told(&tokens.list, above), row);
                let best: u32 = tokens.list.iter().map(|token| token.bits(&code).count).sum();
                let mut out = BitWriter::default();
                out.reserve(ROOM * length);
                tokens::cut::<1>(&row, above, &mut Writer { code: &code, to: &mut out.pen() });
                assert!(best as usize <= out.len(), "{length}: {best}, not {}", out.len());
            }
        }
    }
}
