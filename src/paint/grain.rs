//! Film grain over the whole card.

use crate::template::Art;

use super::Pixels;
use super::photo::luminance;

/// Blends the tile's grey over everything as soft light, at `opacity` 0–1.
pub(super) fn paint(pixels: &mut Pixels, art: &Art, opacity: f32) {
    if let Some(grain) = Grain::new(art, opacity) {
        for y in 0..pixels.height {
            grain.blend(pixels.run(y, 0, pixels.width), 0, y);
        }
    }
}

/// A tile made ready.
#[derive(Clone)]
pub(super) struct Grain {
    columns: usize,
    /// Its greys, row after row.
    tile: Vec<u8>,
    blend: Vec<[u8; 256]>,
}

impl Grain {
    /// `None` for a tile that changes nothing.
    pub(super) fn new(art: &Art, opacity: f32) -> Option<Self> {
        let Art::Raster(raster) = art else { return None };
        if opacity.is_nan() || opacity <= 0.0 {
            return None;
        }
        let (columns, rows) = raster.dimensions();
        let grey_at = |x: usize, y: usize| grey(raster.pixel(x, y));
        let tile = (0..rows).flat_map(|y| (0..columns).map(move |x| grey_at(x, y))).collect();
        Some(Self { columns, tile, blend: table(opacity.min(1.0)) })
    }

    /// Blends a run of pixels that begins at (`x`, `y`) of the card.
    pub(super) fn blend(&self, mut run: &mut [[u8; 3]], x: u32, y: u32) {
        let rows = self.tile.len() / self.columns;
        let row = &self.tile[y as usize % rows * self.columns..][..self.columns];
        let mut from = x as usize % self.columns;
        while !run.is_empty() {
            let (pixels, rest) = run.split_at_mut(run.len().min(self.columns - from));
            for (pixel, &grey) in pixels.iter_mut().zip(&row[from..]) {
                *pixel = pixel.map(|c| self.blend[usize::from(c)][usize::from(grey)]);
            }
            (run, from) = (rest, 0);
        }
    }
}

/// A tile pixel's luminance. Half clear means half way to mid-grey: soft light goes straight from there to the
/// grey itself, so that is the same as blending by half.
fn grey([r, g, b, a]: [u8; 4]) -> u8 {
    let alpha = f32::from(a) / 255.0;
    (luminance([r, g, b].map(f32::from)) * alpha + 127.5 * (1.0 - alpha) + 0.5) as u8
}

/// For each channel value what becomes of it under each grey of the tile. Three million look-ups in 64 kB take a third of
/// the time of three million blends, and building it a thirtieth. Grain has all greys from pixel to pixel, ink and ground
/// few channel values: so only a few lines of the table are looked at.
fn table(opacity: f32) -> Vec<[u8; 256]> {
    let byte = |v: u8| f32::from(v) / 255.0;
    (0..=255)
        .map(|backdrop| {
            std::array::from_fn(|grey| {
                let backdrop = byte(backdrop);
                let blended = soft_light(backdrop, byte(grey as u8));
                ((backdrop + (blended - backdrop) * opacity) * 255.0 + 0.5) as u8
            })
        })
        .collect()
}

/// Soft light as W3C Compositing and Blending 1 defines it, all 0–1.
fn soft_light(backdrop: f32, source: f32) -> f32 {
    if source <= 0.5 {
        backdrop - (1.0 - 2.0 * source) * backdrop * (1.0 - backdrop)
    } else {
        let lighter = if backdrop <= 0.25 {
            ((16.0 * backdrop - 12.0) * backdrop + 4.0) * backdrop
        } else {
            backdrop.sqrt()
        };
        backdrop + (2.0 * source - 1.0) * (lighter - backdrop)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn tile(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Art {
        let mut out = Cursor::new(Vec::new());
        image::RgbaImage::from_fn(width, height, |x, y| image::Rgba(pixel(x, y)))
            .write_to(&mut out, image::ImageFormat::Png)
            .unwrap();
        Art::from_png("grain.png", &out.into_inner()).unwrap()
    }

    #[test]
    fn soft_light_is_as_defined() {
        for (backdrop, source, blended) in [
            (0.5, 0.5, 0.5),
            (0.5, 0.0, 0.25),
            (0.5, 1.0, 0.5_f32.sqrt()),
            (0.2, 0.25, 0.12),
            (0.2, 0.75, 0.324), // 0.2 + 0.5 · (((16 · 0.2 - 12) · 0.2 + 4) · 0.2 - 0.2)
            (0.8, 0.75, 0.5 * (0.8 + 0.8_f32.sqrt())),
            (0.0, 1.0, 0.0),
            (1.0, 0.0, 1.0),
        ] {
            let got = soft_light(backdrop, source);
            assert!((got - blended).abs() < 1e-6, "{backdrop} {source}: {got}, not {blended}");
        }
        // On a card: 0.2 is 51, and 64 of 255 a quarter.
        let mut p = Pixels::filled(1, 1, [51, 0, 255]);
        paint(&mut p, &tile(1, 1, |_, _| [64, 64, 64, 255]), 1.0);
        assert_eq!(p.pixel(0, 0), [31, 0, 255]);
        let mut p = Pixels::filled(1, 1, [51, 0, 255]);
        paint(&mut p, &tile(1, 1, |_, _| [64, 64, 64, 255]), 0.5);
        assert_eq!(p.pixel(0, 0), [41, 0, 255]);
    }

    #[test]
    fn it_repeats_from_the_corner_in_its_own_pixels() {
        let art = tile(7, 5, |x, y| [(x * 36 + y) as u8, (x * 36 + y) as u8, (x * 36 + y) as u8, 255]);
        let mut p = Pixels::filled(40, 23, [90, 120, 200]);
        paint(&mut p, &art, 0.8);
        for y in 0..23 {
            for x in 0..40 {
                assert_eq!(p.pixel(x, y), p.pixel(x % 7, y % 5), "{x} {y}");
            }
        }
        assert_ne!(p.pixel(0, 0), p.pixel(6, 0));
        let mut again = Pixels::filled(40, 23, [90, 120, 200]);
        paint(&mut again, &art, 0.8);
        assert!(p == again);
    }

    #[test]
    fn nothing_changes_by_mid_grey_clear_pixels_or_no_opacity() {
        let grounds = [[0, 12, 18], [28, 41, 46], [90, 128, 200], [244, 254, 255]];
        for ground in grounds {
            let unchanged = Pixels::filled(9, 9, ground);
            for (pixel, opacity) in [
                ([128, 128, 128, 255], 0.16),
                ([255, 255, 255, 0], 1.0),
                ([0, 0, 0, 0], 1.0),
                ([255, 0, 0, 255], 0.0),
                ([255, 0, 0, 255], -1.0),
                ([255, 0, 0, 255], f32::NAN),
            ] {
                let mut p = Pixels::filled(9, 9, ground);
                paint(&mut p, &tile(4, 4, |_, _| pixel), opacity);
                assert!(p == unchanged, "{ground:?} {pixel:?} {opacity}");
            }
        }
    }

    #[test]
    fn half_clear_counts_half() {
        for grey in [0, 60, 200, 255] {
            let mut half = Pixels::filled(1, 1, [100, 40, 220]);
            paint(&mut half, &tile(1, 1, |_, _| [grey, grey, grey, 128]), 1.0);
            let mut blended = Pixels::filled(1, 1, [100, 40, 220]);
            paint(&mut blended, &tile(1, 1, |_, _| [grey, grey, grey, 255]), 128.0 / 255.0);
            let (a, b) = (half.pixel(0, 0), blended.pixel(0, 0));
            assert!(a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 1), "{grey}: {a:?}, {b:?}");
        }
    }
}
