//! Whole pixels, encoded by the `png` crate.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use crate::paint::Pixels;

/// Encodes a card.
///
/// The same pixels always give the same bytes.
#[must_use]
pub fn encode(pixels: &Pixels) -> Vec<u8> {
    // Measured at 1080 × 1080, KB and ms (2 cores of an EPYC), text on a flat ground · on one with fine noise:
    //   Fast, adaptive filters      198  1.7 · 1333   8.2
    //   level 1, adaptive filters   162  4.5 ·  902  15.0
    //   level 1, no filter          141  3.2 ·  669  11.0
    //   level 2, no filter          110  8.4 ·  490  19.9
    //   balanced, adaptive filters  133 19.1 ·  631 199
    // Filters turn flat colour and repeated rows, which deflate finds by itself, into something it finds less well.
    let (compression, filter) = (CompressionType::Level(1), FilterType::NoFilter);
    let mut bytes = Vec::with_capacity(pixels.rgb().len() / 8);
    PngEncoder::new_with_quality(&mut bytes, compression, filter)
        .write_image(pixels.rgb(), pixels.width(), pixels.height(), ExtendedColorType::Rgb8)
        .expect("writing to memory does not fail, and the length is width × height × 3");
    bytes
}

/// The same picture in a file as small as an optimiser makes it.
///
/// oxipng because it is the one that is kept up: it tries the filters and palettes that the format has, and keeps what
/// is smallest.
pub(super) fn optimised(png: &[u8]) -> Vec<u8> {
    let options = oxipng::Options { interlace: Some(false), ..oxipng::Options::from_preset(4) };
    // A file that it cannot read would be a fault of ours; the card is whole without it.
    oxipng::optimize_from_memory(png, &options).unwrap_or_else(|_| png.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::CardSize;
    use crate::color::Color;
    use crate::font::FontBook;
    use crate::geom::{Point, Rect};
    use crate::layout::{Item, Layout, Paint, Shape};
    use crate::paint::Ground;

    #[test]
    fn decodes_to_the_same_pixels() {
        let size = CardSize::new(321, 320).unwrap();
        let whole = Shape::Rect(Rect::new(0.0, 0.0, 321.0, 320.0));
        let stops = vec![(0.0, Color::rgb(1, 200, 30)), (1.0, Color::rgb(250, 3, 99))];
        let (from, to) = (Point { x: 0.0, y: 0.0 }, Point { x: 321.0, y: 320.0 });
        let items = vec![Item::fill(whole, Paint::Linear { from, to, stops })];
        let layout = Layout { size, items, over: vec![], type_size: 0.0, lines: vec![], ragged: false };
        let ground = Ground::paint(&layout, &FontBook::default());
        let bytes = encode(ground.pixels());
        let image = image::load_from_memory_with_format(&bytes, image::ImageFormat::Png).unwrap();
        assert_eq!(image.color(), image::ColorType::Rgb8);
        assert_eq!((image.width(), image.height()), (321, 320));
        assert!(image.as_bytes() == ground.pixels().rgb());
        assert_eq!(bytes, encode(ground.pixels()));
    }

    #[test]
    fn holds_nothing_but_the_picture() {
        let bytes = encode(&Pixels::white(CardSize::new(320, 320).unwrap()));
        let mut chunks = Vec::new();
        let mut rest = &bytes[8..];
        while let [a, b, c, d, name @ ..] = rest {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            chunks.push(std::str::from_utf8(&name[..4]).unwrap());
            rest = &name[4 + length + 4..];
        }
        chunks.dedup();
        assert_eq!(chunks, ["IHDR", "IDAT", "IEND"]);
    }
}
