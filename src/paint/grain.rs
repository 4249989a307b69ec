//! Film grain over the whole card.

use crate::template::Art;

use super::Pixels;
use super::photo::luminance;

/// Blends the tile's grey over everything as soft light, at `opacity` 0–1.
pub(super) fn paint(pixels: &mut Pixels, art: &Art, opacity: f32) {
    let Art::Raster(raster) = art else { return };
    if opacity.is_nan() || opacity <= 0.0 {
        return;
    }
    let blend = table(opacity.min(1.0));
    let (columns, rows) = raster.dimensions();
    let tile: Vec<u8> = (0..rows).flat_map(|y| (0..columns).map(move |x| grey(raster.pixel(x, y)))).collect();
    let width = pixels.width;
    for (y, row) in (0..pixels.height).zip(tile.chunks_exact(columns).cycle()) {
        for run in pixels.run(y, 0, width).chunks_mut(columns) {
            for (pixel, &grey) in run.iter_mut().zip(row) {
                let blend = &blend[usize::from(grey)];
                *pixel = pixel.map(|c| blend[usize::from(c)]);
            }
        }
    }
}

/// A tile pixel's luminance. Half clear means half way to mid-grey: soft light goes straight from there to the
/// grey itself, so that is the same as blending by half.
fn grey([r, g, b, a]: [u8; 4]) -> u8 {
    let alpha = f32::from(a) / 255.0;
    (luminance([r, g, b].map(f32::from)) * alpha + 127.5 * (1.0 - alpha) + 0.5) as u8
}

/// For each grey of the tile what becomes of each channel value. Three million look-ups in 64 kB take a third of
/// the time of three million blends, and building it a thirtieth.
fn table(opacity: f32) -> Vec<[u8; 256]> {
    let byte = |v: u8| f32::from(v) / 255.0;
    (0..=255)
        .map(|grey| {
            std::array::from_fn(|backdrop| {
                let backdrop = byte(backdrop as u8);
                let blended = soft_light(backdrop, byte(grey));
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
