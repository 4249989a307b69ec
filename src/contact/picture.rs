//! A card's PNG, read back and made small.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngDecoder;
use image::imageops::{FilterType, resize};
use image::{DynamicImage, ImageDecoder as _, Limits, RgbImage};

/// The most pixels that a card has.
const MAX_PIXELS: u64 = 4096 * 4096;
/// Of a thumbnail's JPEG, 1 to 100: type stays clean.
const QUALITY: u8 = 84;

/// Why a file is no card.
#[derive(Debug, thiserror::Error)]
#[error("it is no PNG of a card: {0}")]
pub struct PictureError(String);

/// A picture in memory.
#[derive(Debug, Clone)]
pub struct Picture(pub(super) RgbImage);

impl Picture {
    /// Reads a card.
    ///
    /// # Errors
    ///
    /// Where it is no whole PNG, or larger than any card.
    pub fn from_png(png: &[u8]) -> Result<Self, PictureError> {
        let wrong = |e: image::ImageError| PictureError(e.to_string());
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(MAX_PIXELS * 8);
        let decoder = PngDecoder::with_limits(Cursor::new(png), limits).map_err(wrong)?;
        let (width, height) = decoder.dimensions();
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(PictureError(format!("{width} × {height} px")));
        }
        Ok(Self(DynamicImage::from_decoder(decoder).map_err(wrong)?.into_rgb8()))
    }

    /// Width and height, px.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        self.0.dimensions()
    }

    /// The same at another size, px.
    #[must_use]
    pub fn at(&self, width: u32, height: u32) -> Self {
        if self.size() == (width, height) {
            return self.clone();
        }
        Self(resize(&self.0, width.max(1), height.max(1), FilterType::Lanczos3))
    }

    /// The same with a longer side of so many px, if that makes it smaller.
    #[must_use]
    pub fn within(&self, side: u32) -> Self {
        let (width, height) = self.size();
        let longer = width.max(height);
        if longer <= side {
            return self.clone();
        }
        let scaled = |length: u32| (u64::from(length) * u64::from(side) / u64::from(longer)) as u32;
        self.at(scaled(width), scaled(height))
    }

    /// The same within a side, as a page shows it.
    #[must_use]
    pub fn thumbnail(&self, side: u32) -> Thumbnail {
        let small = self.within(side);
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
            .encode_image(&small.0)
            .expect("a small picture is written into memory");
        let (width, height) = small.size();
        Thumbnail { width, height, jpeg }
    }
}

/// A card as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// Px.
    pub width: u32,
    /// Px.
    pub height: u32,
    /// The file.
    pub jpeg: Vec<u8>,
}
