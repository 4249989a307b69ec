//! PNG: 8 bits a channel, no alpha, nothing in it that changes from day to day.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use crate::paint::Pixels;

/// Encodes a card.
///
/// The same pixels always give the same bytes: a PNG of ours has no time stamp and no name of a program in it. It
/// states no colour space either; viewers take such a file as sRGB, which it is.
#[must_use]
pub fn encode(pixels: &Pixels) -> Vec<u8> {
    encode_with(pixels, CompressionType::Fast, FilterType::Adaptive)
}

fn encode_with(pixels: &Pixels, compression: CompressionType, filter: FilterType) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(pixels.rgb().len() / 8);
    PngEncoder::new_with_quality(&mut bytes, compression, filter)
        .write_image(pixels.rgb(), pixels.width(), pixels.height(), ExtendedColorType::Rgb8)
        .expect("writing to memory does not fail, and the length is width × height × 3");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::CardSize;

    #[test]
    fn decodes_to_the_same_pixels() {
        let size = CardSize::new(321, 320).unwrap();
        let pixels = Pixels::white(size);
        let bytes = encode(&pixels);
        let image = image::load_from_memory_with_format(&bytes, image::ImageFormat::Png).unwrap();
        assert_eq!(image.color(), image::ColorType::Rgb8);
        assert!((image.width(), image.height()) == (321, 320) && image.as_bytes() == pixels.rgb());
        assert_eq!(bytes, encode(&pixels));
    }
}
