//! Fast digests (XXH3, 64 bits): they tell change and damage, not forgery.

use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// A digest; 16 hexadecimal figures in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(u64);

impl Digest {
    /// The digest of some bytes: a file's, as it stands on the disk.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxh3_64(bytes))
    }

    /// The digest of some bytes that come in pieces, as if they stood together.
    #[must_use]
    pub fn of_pieces(pieces: &[&[u8]]) -> Self {
        let mut sum = Xxh3::new();
        pieces.iter().for_each(|piece| sum.update(piece));
        Self(sum.digest())
    }

    /// The digest of parts in their order, each with its length: `["ab", "c"]` is not `["a", "bc"]`.
    #[must_use]
    pub fn of_parts<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Self {
        let mut sum = Sum::default();
        parts.into_iter().for_each(|part| sum.bytes(part.as_ref()));
        sum.end()
    }

    pub(crate) const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(hex: String) -> Result<Self, Self::Error> {
        let is_ours = hex.len() == 16 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let number = u64::from_str_radix(&hex, 16).ok().filter(|_| is_ours);
        number.map(Self).ok_or("a digest has 16 hexadecimal figures")
    }
}

/// A digest being made.
#[derive(Default)]
pub(crate) struct Sum(Xxh3);

impl Sum {
    /// Bytes with their number before them.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.update(bytes);
    }

    pub(crate) fn number(&mut self, number: u64) {
        self.0.update(&number.to_le_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(crate) fn maybe(&mut self, text: Option<&str>) {
        self.number(u64::from(text.is_some()));
        text.into_iter().for_each(|text| self.text(text));
    }

    pub(crate) fn texts<S: AsRef<str>>(&mut self, texts: &[S]) {
        self.number(texts.len() as u64);
        texts.iter().for_each(|text| self.text(text.as_ref()));
    }

    /// What is written to the manifest as it stands.
    pub(crate) fn json(&mut self, value: &impl Serialize) {
        // To a vector, and of types of our own that have no maps with keys that are not strings: it cannot fail.
        self.bytes(&serde_json::to_vec(value).unwrap_or_default());
    }

    /// It.
    pub(crate) fn end(&self) -> Digest {
        Digest(self.0.digest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_comes_back_as_it_was() {
        let digest = Digest::of(b"card");
        let hex = String::from(digest);
        assert_eq!(hex.len(), 16);
        assert_eq!(Digest::try_from(hex.clone()), Ok(digest));
        for wrong in ["", "x", &hex[1..], &format!("{hex}0"), "+123456789abcdef", &"F".repeat(16)] {
            assert!(Digest::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pieces_run_together() {
        let bytes: Vec<u8> = (0..3000_u32).map(|i| (i * i) as u8).collect();
        for at in [0, 1, 200, 2999, 3000] {
            let (a, b) = bytes.split_at(at);
            assert_eq!(Digest::of_pieces(&[a, b, &[]]), Digest::of(&bytes));
        }
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(Digest::of_parts(["ab", "c"]), Digest::of_parts(["a", "bc"]));
        assert_ne!(Digest::of_parts(["a"]), Digest::of_parts(["a", ""]));
    }
}
