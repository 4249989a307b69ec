//! The frame of a PNG file: its signature and chunks.

use super::bits::BitWriter;

/// How pixels are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// Red, green, blue.
    Rgb,
    /// One byte a pixel, into this table of at most 256 colours.
    Indexed(&'a [[u8; 3]]),
}

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// All that comes before the compressed pixels, which are one chunk; [`close`] settles its length.
pub(super) fn open(width: u32, height: u32, kind: Kind<'_>) -> Vec<u8> {
    let color_type = match kind {
        Kind::Rgb => 2,
        Kind::Indexed(_) => 3,
    };
    let mut head = Vec::with_capacity(1024);
    head.extend(SIGNATURE);
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, color_type, 0, 0, 0]].concat();
    chunk(&mut head, *b"IHDR", &header);
    if let Kind::Indexed(palette) = kind {
        chunk(&mut head, *b"PLTE", palette.as_flattened());
    }
    head.extend([0; 4]);
    head.extend(b"IDAT");
    head
}

fn chunk(to: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    to.extend((data.len() as u32).to_be_bytes());
    let from = to.len();
    to.extend(name);
    to.extend(data);
    let sum = crc32fast::hash(&to[from..]);
    to.extend(sum.to_be_bytes());
}

/// Ends the file whose pixels' data begins at byte `start` and is complete.
pub(super) fn close(file: &mut BitWriter, start: usize) {
    let whole = file.written_mut();
    let length = (whole.len() - start) as u32; // 4096 × 4096 px take 101 MB at most
    whole[start - 8..start - 4].copy_from_slice(&length.to_be_bytes());
    let sum = crc32fast::hash(&whole[start - 4..]);
    file.bytes(&sum.to_be_bytes());
    file.bytes(&[0, 0, 0, 0]);
    file.bytes(b"IEND");
    file.bytes(&crc32fast::hash(b"IEND").to_be_bytes());
}
