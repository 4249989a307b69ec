//! Whether two PNGs show the same.

use image::{GenericImageView as _, ImageFormat};

use super::chunk::{PngError, chunks};

/// What two pictures do not have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Differing {
    /// How many pixels.
    pub pixels: usize,
    /// The least box that has them all: left, top, width, height in px.
    pub bounds: [u32; 4],
}

/// Where two PNGs of one size differ in any channel; `None` where they do not.
///
/// A file of another size than `expected` is not decoded, whatever it would unpack to: all of it differs.
///
/// # Errors
///
/// Where one of them is no whole PNG, or its pixels cannot be had.
pub fn differing(expected: &[u8], file: &[u8]) -> Result<Option<Differing>, PngError> {
    let size = |png: &[u8]| -> Result<[u32; 2], PngError> {
        let all = chunks(png)?;
        let sides = all.first().and_then(|header| header.data.first_chunk::<8>()).ok_or(PngError::Cut)?;
        let [a, b, c, d, e, f, g, h] = *sides;
        Ok([u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])])
    };
    let [width, height] = size(expected)?;
    if size(file)? != [width, height] {
        let all = Differing { pixels: width as usize * height as usize, bounds: [0, 0, width, height] };
        return Ok(Some(all));
    }
    let decode = |png: &[u8]| {
        image::load_from_memory_with_format(png, ImageFormat::Png)
            .map_err(|_| PngError::Damaged("IDAT".to_owned()))
    };
    let (expected, file) = (decode(expected)?, decode(file)?);
    let (mut pixels, mut bounds) = (0, None);
    for ((x, y, a), (_, _, b)) in expected.pixels().zip(file.pixels()) {
        if a != b {
            pixels += 1;
            let [left, top, right, bottom] = bounds.unwrap_or([x, y, x, y]);
            bounds = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
        }
    }
    Ok(bounds.map(|[left, top, right, bottom]| Differing {
        pixels,
        bounds: [left, top, right - left + 1, bottom - top + 1],
    }))
}
