//! Glyphs that are pictures: emoji.
//!
//! A picture is decoded and scaled once for each size and kept per thread, as glyphs are; it stands on whole pixels,
//! where its face says that it stands from the glyph's origin.

use std::cell::RefCell;

use crate::font::Face;
use crate::layout::GlyphRun;
use crate::template::Art;
use crate::template::art::{Raster, Samples};

use super::Pixels;
use super::glyphs::{Cache, Key, Weight};
use super::picture::{PixelBox, deep};
use super::resample::{self, Axis, CATMULL_ROM};

/// A picture at a size.
#[derive(Default)]
struct Stamp {
    /// From the origin to its left edge, px.
    left: f32,
    /// From the baseline to its top edge, px, negative above it.
    top: f32,
    width: u32,
    height: u32,
    /// Rows from the top, premultiplied red, green, blue, and alpha.
    pixels: Box<[[u8; 4]]>,
}

impl Weight for Stamp {
    fn bytes(&self) -> usize {
        self.pixels.len() * 4
    }
}

/// Paints those glyphs of a run that are pictures, in their own colours; of the run's colour only alpha counts.
pub(super) fn paint(pixels: &mut Pixels, run: &GlyphRun, face: &Face) {
    thread_local! {
        static CACHE: RefCell<Cache<Stamp>> = RefCell::default();
    }
    CACHE.with_borrow_mut(|cache| {
        for glyph in &run.glyphs {
            let size = run.size * glyph.scale;
            let key = Key { face: face.identity(), id: glyph.id, bin: 0, size: size.to_bits() };
            let stamp = cache.get(key, || stamp(face, glyph.id, size).unwrap_or_default());
            let (x, y) = ((glyph.x + stamp.left).round(), (glyph.y.round() + stamp.top).round());
            put(pixels, &stamp, x, y, run.color.a);
        }
    });
}

/// A glyph's picture at `size` px per em; `None` where it has none.
fn stamp(face: &Face, id: u16, size: f32) -> Option<Stamp> {
    let strike = face.strike(id, size)?;
    let Ok(Art::Raster(raster)) = Art::from_png(face.name(), strike.png) else { return None };
    let (columns, lines) = raster.dimensions();
    let k = size / strike.ppem;
    let scaled = |side: usize| (side as f32 * k).round().max(1.0) as u32;
    let (width, height) = (scaled(columns), scaled(lines));
    let axes = (
        &Axis::new(columns, width, 0..width, CATMULL_ROM),
        &Axis::new(lines, height, 0..height, CATMULL_ROM),
    );
    let mut pixels = Vec::with_capacity(width as usize * height as usize);
    resample::rows::<4, u16>(&deep(&rgba(&raster)), columns, axes, |_, row| {
        pixels.extend(row.iter().map(|sums| {
            let [r, g, b, a] = sums.map(|c| (c / 257.0).clamp(0.0, 255.0));
            // The filter overshoots at edges: no colour may exceed its alpha.
            [r.min(a), g.min(a), b.min(a), a].map(|c| (c + 0.5) as u8)
        }));
    });
    let top = -(strike.bottom + strike.height) * k;
    Some(Stamp { left: strike.left * k, top, width, height, pixels: pixels.into_boxed_slice() })
}

fn rgba(raster: &Raster) -> Vec<u8> {
    match raster.samples() {
        Samples::Rgba(rgba) => rgba.clone(),
        _ => {
            let (columns, lines) = raster.dimensions();
            (0..lines).flat_map(|y| (0..columns).flat_map(move |x| raster.pixel(x, y))).collect()
        }
    }
}

fn put(pixels: &mut Pixels, stamp: &Stamp, x: f32, y: f32, alpha: u8) {
    let (right, bottom) = (x + stamp.width as f32, y + stamp.height as f32);
    let Some(seen) = PixelBox::of(x, y, right, bottom, pixels) else { return };
    let (left, top) = ((seen.x0 as f32 - x) as usize, (seen.y0 as f32 - y) as usize);
    let times = |c: u8, by: u32| (u32::from(c) * by + 127) / 255;
    for (row, line) in (seen.y0..seen.y1).zip(stamp.pixels.chunks_exact(stamp.width as usize).skip(top)) {
        for (pixel, &[r, g, b, a]) in pixels.run(row, seen.x0, seen.x1).iter_mut().zip(&line[left..]) {
            let through = 255 - times(a, u32::from(alpha));
            for (ground, ink) in pixel.iter_mut().zip([r, g, b]) {
                let sum = times(ink, u32::from(alpha)) + times(*ground, through);
                *ground = sum.min(255) as u8;
            }
        }
    }
}
