//! Deflate as a library does it: with a search for repetitions, and codes for each part of a file.

use libdeflater::{CompressionLvl, Compressor};

use super::bits::BitWriter;

/// Of 1 to 12. Measured on card A of `benches/`, KB and ms: 6 37.8 2.4 · 7 37.2 3.0 · 8 36.6 4.7 · 9 36.5 6.8.
const LEVEL: i32 = 7;

/// A compressor, kept from card to card; made when first asked for.
#[derive(Default)]
pub(super) struct Deflate {
    compressor: Option<Compressor>,
    compressed: Vec<u8>,
}

impl std::fmt::Debug for Deflate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deflate").finish_non_exhaustive()
    }
}

impl Deflate {
    /// Writes `bytes` as a zlib stream.
    pub(super) fn compress(&mut self, bytes: &[u8], to: &mut BitWriter) {
        let level = || CompressionLvl::new(LEVEL).expect("a level of libdeflate");
        let compressor = self.compressor.get_or_insert_with(|| Compressor::new(level()));
        let most = compressor.zlib_compress_bound(bytes.len());
        if self.compressed.len() < most {
            self.compressed.resize(most, 0);
        }
        let length = compressor.zlib_compress(bytes, &mut self.compressed).expect("there is room");
        to.bytes(&self.compressed[..length]);
    }
}
