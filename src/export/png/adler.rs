//! Adler-32 of a stream of which only parts change.
//!
//! The checksum of bytes b₀ … b₍ₙ₋₁₎ is made of two sums, Σ bᵢ and Σ (n − i) bᵢ (RFC 1950). Both are sums over single
//! bytes, so a change at one place is added, whatever stands at the others.

const MODULUS: i64 = 65_521;

/// Σ bᵢ and Σ i bᵢ, the latter kept below the modulus.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    plain: i64,
    weighted: i64,
}

impl Sums {
    /// Adds bytes that stand at offset `at`.
    pub(super) fn add(&mut self, at: usize, bytes: &[u8]) {
        for (i, bytes) in bytes.chunks(PART).enumerate() {
            self.replace(at + i * PART, &[0; PART][..bytes.len()], bytes);
        }
    }

    /// Adds a part that begins at offset `at`.
    pub(super) fn add_part(&mut self, at: usize, part: Part) {
        self.put(at, part.plain.into(), part.weighted.into());
    }

    /// At offset `at`, the part `new` stands instead of `old`, which is as long.
    pub(super) fn replace_part(&mut self, at: usize, old: Part, new: Part) {
        let change = |old: u32, new: u32| i64::from(new) - i64::from(old);
        self.put(at, change(old.plain, new.plain), change(old.weighted, new.weighted));
    }

    /// At offset `at`, `new` stands instead of `old`, which is as long.
    pub(super) fn replace(&mut self, at: usize, old: &[u8], new: &[u8]) {
        let (mut plain, mut weighted) = (0_i64, 0_i64);
        let ((new_parts, new_rest), (old_parts, old_rest)) =
            (new.as_chunks::<BLOCK>(), old.as_chunks::<BLOCK>());
        let mut from = 0;
        for (new, old) in new_parts.iter().zip(old_parts) {
            // Small enough for the processor to do several at a time.
            let (mut sum, mut inside) = (0, 0);
            for i in 0..BLOCK {
                let change = i32::from(i16::from(new[i]) - i16::from(old[i]));
                sum += change;
                inside += change * i as i32;
            }
            plain += i64::from(sum);
            weighted += from * i64::from(sum) + i64::from(inside);
            from += BLOCK as i64;
        }
        for (i, (new, old)) in (from..).zip(new_rest.iter().zip(old_rest)) {
            let change = i64::from(*new) - i64::from(*old);
            plain += change;
            weighted += i * change;
        }
        self.put(at, plain, weighted);
    }

    /// Adds a change that is known: the sum of what the bytes from offset `at` on grow by, and the same, each times
    /// how far it stands from the first.
    pub(super) fn put(&mut self, at: usize, plain: i64, weighted: i64) {
        let at = at as i64;
        self.plain = (self.plain + plain) % MODULUS;
        self.weighted = (self.weighted + at % MODULUS * (plain % MODULUS) + weighted) % MODULUS;
    }

    /// The checksum of all, which is `length` bytes long.
    pub(super) fn adler(self, length: usize) -> u32 {
        let length = length as i64 % MODULUS;
        let a = (1 + self.plain).rem_euclid(MODULUS);
        let b = (length + length * self.plain - self.weighted).rem_euclid(MODULUS);
        (b as u32) << 16 | a as u32
    }
}

/// The sums of a few bytes, as if they were the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Part {
    plain: u32,
    weighted: u32,
}

impl Part {
    /// So many bytes at most, for their sums to fit.
    pub(super) const MOST: usize = 256;

    pub(super) fn of(bytes: &[u8]) -> Self {
        debug_assert!(bytes.len() <= Self::MOST, "{} bytes", bytes.len());
        // Sixteen bytes at a time, each in 16 bits of its own: their sums, and the sums of these so far, in which a byte
        // counts as often as there are blocks after it.
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        let (mut sums, mut so_far) = ([0_u64; 4], [0_u64; 4]);
        for block in blocks {
            let word = u128::from_le_bytes(*block);
            let (low, high) = (word as u64, (word >> 64) as u64);
            let apart =
                [low & EVERY_OTHER, low >> 8 & EVERY_OTHER, high & EVERY_OTHER, high >> 8 & EVERY_OTHER];
            for i in 0..apart.len() {
                so_far[i] += sums[i];
                sums[i] += apart[i];
            }
        }
        let (mut plain, mut inside, mut after) = (0, 0, 0);
        // Where the lowest of each four stands in its block.
        for (first, (sums, so_far)) in [0, 1, 8, 9].into_iter().zip(sums.into_iter().zip(so_far)) {
            for i in 0..4 {
                let lane = |four: u64| u32::from((four >> (16 * i)) as u16);
                plain += lane(sums);
                inside += lane(sums) * (first + 2 * i);
                after += lane(so_far);
            }
        }
        let before = (blocks.len().max(1) - 1) as u32 * plain - after;
        let mut part = Self { plain, weighted: inside + before * BLOCK as u32 };
        for (i, byte) in ((blocks.len() * BLOCK) as u32..).zip(rest) {
            part.plain += u32::from(*byte);
            part.weighted += i * u32::from(*byte);
        }
        part
    }
}

/// One byte of two.
const EVERY_OTHER: u64 = 0x00FF_00FF_00FF_00FF;

/// Bytes that are summed at a time.
const BLOCK: usize = 16;

/// Bytes that are added at a time.
const PART: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_of_parts_are_the_checksum_of_all() {
        let bytes: Vec<u8> = (0..30_000_u32).map(|i| (i * i / 7 % 256) as u8).collect();
        // By the book, byte after byte.
        let book = |bytes: &[u8]| {
            let (a, b) = bytes.iter().fold((1, 0), |(a, b), byte| {
                let a = (a + u32::from(*byte)) % 65_521;
                (a, (b + a) % 65_521)
            });
            b << 16 | a
        };
        let mut all = Sums::default();
        all.add(0, &bytes);
        assert_eq!(all.adler(bytes.len()), book(&bytes));
        let mut parts = Sums::default();
        for (range, at) in [(0..10, 0), (10..9000, 10), (9000..30_000, 9000)] {
            parts.add(at, &bytes[range]);
        }
        assert_eq!(parts, all);
        let mut changed = bytes.clone();
        changed[4321..12_345].iter_mut().for_each(|byte| *byte = byte.wrapping_mul(3));
        all.replace(4321, &bytes[4321..12_345], &changed[4321..12_345]);
        assert_eq!(all.adler(bytes.len()), book(&changed));
        assert_eq!(Sums::default().adler(0), 1);
        // By parts, the highest bytes too.
        for length in [1, 15, 16, 17, 168, 192, 256] {
            let mut by_parts = Sums::default();
            let white = vec![255; length];
            by_parts.add_part(500, Part::of(&white));
            by_parts.replace_part(500, Part::of(&white), Part::of(&bytes[500..500 + length]));
            let mut expected = Sums::default();
            expected.add(500, &bytes[500..500 + length]);
            assert_eq!(by_parts.adler(30_000), expected.adler(30_000), "{length}");
        }
    }
}
