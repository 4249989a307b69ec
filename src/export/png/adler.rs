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
        let (mut at, mut rest) = (at as i64, bytes);
        while !rest.is_empty() {
            let (part, more) = rest.split_at(rest.len().min(PART));
            let (plain, weighted) = sums(part, |byte| u32::from(*byte));
            self.put(at, i64::from(plain), i64::from(weighted));
            (at, rest) = (at + part.len() as i64, more);
        }
    }

    /// At offset `at`, `new` stands instead of `old`, which is as long.
    pub(super) fn replace(&mut self, at: usize, old: &[u8], new: &[u8]) {
        let mut at = at as i64;
        for (old, new) in old.chunks(PART).zip(new.chunks(PART)) {
            let ((old_plain, old_weighted), (plain, weighted)) =
                (sums(old, |byte| u32::from(*byte)), sums(new, |byte| u32::from(*byte)));
            self.put(at, i64::from(plain) - i64::from(old_plain), i64::from(weighted) - i64::from(old_weighted));
            at += new.len() as i64;
        }
    }

    fn put(&mut self, at: i64, plain: i64, weighted: i64) {
        self.plain = (self.plain + plain) % MODULUS;
        self.weighted = (self.weighted + at % MODULUS * plain + weighted) % MODULUS;
    }

    /// The checksum of all, which is `length` bytes long.
    pub(super) fn adler(self, length: usize) -> u32 {
        let length = length as i64 % MODULUS;
        let a = (1 + self.plain).rem_euclid(MODULUS);
        let b = (length + length * self.plain - self.weighted).rem_euclid(MODULUS);
        (b as u32) << 16 | a as u32
    }
}

/// Bytes whose weighted sum fits 32 bits: 255 · 4096² / 2 does.
const PART: usize = 4096;

fn sums<T>(items: &[T], value: impl Fn(&T) -> u32) -> (u32, u32) {
    (0..).zip(items).fold((0, 0), |(plain, weighted), (i, item)| {
        let value = value(item);
        (plain + value, weighted + i * value)
    })
}

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
        [(0..10, 0), (10..9000, 10), (9000..30_000, 9000)]
            .map(|(range, at)| parts.add(at, &bytes[range]));
        assert_eq!(parts, all);
        let mut changed = bytes.clone();
        changed[4321..12_345].iter_mut().for_each(|byte| *byte = byte.wrapping_mul(3));
        all.replace(4321, &bytes[4321..12_345], &changed[4321..12_345]);
        assert_eq!(all.adler(bytes.len()), book(&changed));
        assert_eq!(Sums::default().adler(0), 1);
    }
}
