//! Prefix codes as deflate writes them (RFC 1951, 3.2).

use super::bits::BitWriter;

/// The longest code that we make, in bits; deflate allows 15. So four of them go into one word.
pub(super) const LONGEST: u32 = 14;

/// Literals, the end of the block, and lengths of matches.
pub(super) const SYMBOLS: usize = 286;

/// The end of the block.
const END: usize = 256;

/// Shortest and longest match of deflate.
pub(super) const MATCH: std::ops::RangeInclusive<usize> = 3..=258;

/// Length symbols from 257: shortest length, and bits that say how much longer.
#[rustfmt::skip]
const LENGTHS: [(u16, u8); 29] = [
    (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1), (17, 1),
    (19, 2), (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4), (115, 4),
    (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
];

/// The order in which a block's head lists the lengths of its own code.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Bits ready to be pushed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bits {
    /// The bits, first one lowest.
    pub(super) bits: u32,
    /// How many.
    pub(super) count: u32,
}

impl Bits {
    fn then(self, next: Self) -> Self {
        Self { bits: self.bits | next.bits << self.count, count: self.count + next.count }
    }
}

/// How often each symbol comes.
#[derive(Debug, Clone)]
pub(super) struct Counts(pub(super) [u32; SYMBOLS]);

impl Default for Counts {
    fn default() -> Self {
        Self([0; SYMBOLS])
    }
}

/// The code of one block with two distances: 1, by which a match repeats the byte before it, and that of the row above.
#[derive(Debug, Clone)]
pub(super) struct Code {
    literals: [Bits; 256],
    /// Of a match this long, its distance included.
    repeats: [Bits; *MATCH.end() + 1],
    above: [Bits; *MATCH.end() + 1],
    end: Bits,
    lengths: [u8; SYMBOLS],
    /// The symbol of the row above.
    distance: usize,
}

/// The greatest distance of deflate.
pub(super) const FARTHEST: usize = 32_768;

/// The symbol of a distance; how many bits, and which, follow it.
fn distance_symbol(distance: usize) -> (usize, u32, u32) {
    let far = distance as u32 - 1;
    if far < 4 {
        return (far as usize, 0, 0);
    }
    let extra = far.ilog2() - 1;
    (2 * extra as usize + 2 + (far >> extra & 1) as usize, extra, far & ((1 << extra) - 1))
}

/// The symbol of a match this long; how many bits, and which, follow it.
pub(super) fn length_symbol(length: usize) -> (usize, u32, u32) {
    let at = LENGTHS.partition_point(|&(from, _)| usize::from(from) <= length) - 1;
    let (from, extra) = LENGTHS[at];
    (END + 1 + at, u32::from(extra), length as u32 - u32::from(from))
}

impl Code {
    /// A code for symbols that come so often, and rows of so many bytes, at most [`FARTHEST`]. Each symbol gets one:
    /// what is encoded later may need any.
    pub(super) fn new(counts: &Counts, row: usize) -> Self {
        let mut counts = counts.0.map(|count| count.saturating_add(1));
        counts[END] = 1;
        let lengths: [u8; SYMBOLS] =
            code_lengths(&counts, LONGEST).try_into().expect("as many lengths as symbols");
        let codes = codes(&lengths);
        // Two distances have codes of one bit; that of 1 comes first.
        let (distance, extra, rest) = distance_symbol(row);
        let of_match = |length: usize, distance: Bits| {
            if !MATCH.contains(&length) {
                return Bits::default();
            }
            let (symbol, count, bits) = length_symbol(length);
            codes[symbol].then(Bits { bits, count }).then(distance)
        };
        let above = Bits { bits: 1, count: 1 }.then(Bits { bits: rest, count: extra });
        Self {
            literals: std::array::from_fn(|byte| codes[byte]),
            repeats: std::array::from_fn(|length| of_match(length, Bits { bits: 0, count: 1 })),
            above: std::array::from_fn(|length| of_match(length, above)),
            end: codes[END],
            lengths,
            distance,
        }
    }

    /// The bits of a literal.
    #[inline]
    pub(super) fn literal(&self, byte: u8) -> Bits {
        self.literals[usize::from(byte)]
    }

    /// The bits of a match that repeats the byte before, 3 to 258 long.
    #[inline]
    pub(super) fn repeat(&self, length: usize) -> Bits {
        self.repeats[length]
    }

    /// The bits of a match that repeats what stands above, 3 to 258 long.
    #[inline]
    pub(super) fn above(&self, length: usize) -> Bits {
        self.above[length]
    }

    /// The bits that end the block.
    pub(super) fn end(&self) -> Bits {
        self.end
    }

    /// Writes the head of a last block in this code.
    pub(super) fn write_head(&self, to: &mut BitWriter) {
        // The lengths of all codes, runs told as such, in a code of their own.
        let distances = (0..=self.distance).map(|symbol| u8::from(symbol == 0 || symbol == self.distance));
        let lengths: Vec<u8> = self.lengths.iter().copied().chain(distances).collect();
        let mut told: Vec<(usize, u32, u32)> = Vec::new(); // symbol, bits that follow it, how many
        for run in lengths.chunk_by(|a, b| a == b) {
            // `The one before, 3 to 6 times` is enough: only a few distances have no code.
            told.push((usize::from(run[0]), 0, 0));
            let mut more = run.len() as u32 - 1;
            while more >= 3 {
                let times = more.min(6);
                told.push((16, times - 3, 2));
                more -= times;
            }
            told.extend((0..more).map(|_| (usize::from(run[0]), 0, 0)));
        }
        let mut counts = [0; ORDER.len()];
        told.iter().for_each(|&(symbol, ..)| counts[symbol] += 1);
        let own = code_lengths(&counts, 7);
        let codes = codes(&own);
        let listed = ORDER.iter().rposition(|&symbol| own[symbol] > 0).expect("a code has lengths") + 1;
        to.reserve(3 * told.len() + 64);
        to.push(0b101, 3); // the last block; its codes are told
        to.push(SYMBOLS as u64 - 257, 5);
        to.push(self.distance as u64, 5);
        to.push(listed as u64 - 4, 4);
        ORDER[..listed].iter().for_each(|&symbol| to.push(u64::from(own[symbol]), 3));
        for (symbol, bits, count) in told {
            let Bits { bits, count } = codes[symbol].then(Bits { bits, count });
            to.push(u64::from(bits), count);
        }
    }
}

/// Lengths of a prefix code for symbols that come so often, none longer than `longest`; 0 for those that never come.
///
/// Huffman's, with the counts made more alike until it is short enough: a fraction of a percent from the best, and
/// only where a code would be too long at all.
fn code_lengths(counts: &[u32], longest: u32) -> Vec<u8> {
    let mut weights: Vec<u64> = counts.iter().map(|&count| u64::from(count)).collect();
    loop {
        let lengths = huffman(&weights);
        if lengths.iter().all(|&length| u32::from(length) <= longest) {
            return lengths;
        }
        weights.iter_mut().filter(|weight| **weight > 0).for_each(|weight| *weight = *weight / 2 + 1);
    }
}

fn huffman(weights: &[u64]) -> Vec<u8> {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    let mut lengths = vec![0; weights.len()];
    // Nodes are the symbols, then the pairs in the order that they are made, so that the code is the same anywhere.
    let mut heap: BinaryHeap<Reverse<(u64, usize)>> = (0..)
        .zip(weights)
        .filter(|(_, weight)| **weight > 0)
        .map(|(node, weight)| Reverse((*weight, node)))
        .collect();
    if heap.len() == 1 {
        let Some(Reverse((_, only))) = heap.pop() else { return lengths };
        lengths[only] = 1;
        return lengths;
    }
    let mut parents: Vec<usize> = vec![usize::MAX; weights.len()];
    while let (Some(Reverse((a, first))), Some(Reverse((b, second)))) = (heap.pop(), heap.pop()) {
        let pair = parents.len();
        parents.push(usize::MAX);
        (parents[first], parents[second]) = (pair, pair);
        heap.push(Reverse((a + b, pair)));
        if heap.len() == 1 {
            break;
        }
    }
    let mut depths = vec![0_u8; parents.len()];
    for node in (0..parents.len()).rev() {
        if parents[node] != usize::MAX {
            depths[node] = depths[parents[node]] + 1;
        }
    }
    lengths.copy_from_slice(&depths[..weights.len()]);
    lengths
}

/// The codes of these lengths (RFC 1951, 3.2.2), their first bit lowest.
fn codes(lengths: &[u8]) -> Vec<Bits> {
    let mut count = [0_u32; 16];
    lengths.iter().filter(|length| **length > 0).for_each(|&length| count[usize::from(length)] += 1);
    let mut next = [0_u32; 16];
    for length in 1..next.len() {
        next[length] = (next[length - 1] + count[length - 1]) << 1;
    }
    lengths
        .iter()
        .map(|&length| {
            if length == 0 {
                return Bits::default();
            }
            let code = &mut next[usize::from(length)];
            let bits = code.reverse_bits() >> (32 - u32::from(length));
            *code += 1;
            Bits { bits, count: u32::from(length) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_symbols_get_short_codes_and_all_fit() {
        // Fibonacci's numbers give the deepest trees.
        let mut counts = Counts::default();
        let (mut a, mut b) = (1_u32, 1_u32);
        for count in counts.0.iter_mut().take(40) {
            *count = a;
            (a, b) = (b, a.saturating_add(b));
        }
        let code = Code::new(&counts, 1081);
        let longest = u8::try_from(LONGEST).unwrap();
        assert!(code.lengths.iter().all(|length| (1..=longest).contains(length)));
        assert!(code.lengths[39] <= code.lengths[20] && code.lengths[20] <= code.lengths[0]);
        // Kraft: no code is a prefix of another, and none is wasted.
        let sum: u32 = code.lengths.iter().map(|&length| 1 << (LONGEST - u32::from(length))).sum();
        assert_eq!(sum, 1 << LONGEST);
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // The example of 3.2.2: ABCDEFGH with lengths 3 3 3 3 3 2 4 4.
        let codes = codes(&[3, 3, 3, 3, 3, 2, 4, 4]);
        let read = |Bits { bits, count }: Bits| {
            format!("{:0n$b}", bits.reverse_bits() >> (32 - count), n = count as usize)
        };
        let read: Vec<String> = codes.into_iter().map(read).collect();
        assert_eq!(read, ["010", "011", "100", "101", "110", "00", "1110", "1111"]);
    }

    #[test]
    fn lengths_have_the_symbols_of_the_rfc() {
        for (length, symbol) in [
            (3, (257, 0, 0)),
            (10, (264, 0, 0)),
            (12, (265, 1, 1)),
            (130, (280, 4, 15)),
            (257, (284, 5, 30)),
            (258, (285, 0, 0)),
        ] {
            assert_eq!(length_symbol(length), symbol, "{length}");
        }
    }

    #[test]
    fn distances_have_the_symbols_of_the_rfc() {
        for (distance, symbol) in [
            (1, (0, 0, 0)),
            (4, (3, 0, 0)),
            (5, (4, 1, 0)),
            (8, (5, 1, 1)),
            (1025, (20, 9, 0)),
            (1081, (20, 9, 56)),
            (3241, (23, 10, 168)),
            (32_768, (29, 13, 8191)),
        ] {
            assert_eq!(distance_symbol(distance), symbol, "{distance}");
        }
    }
}
