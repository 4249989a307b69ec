//! Pictures and drawings, stretched to a rectangle.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::Tree;

use crate::color::Color;
use crate::geom::Rect;
use crate::template::Art;
use crate::template::art::{Raster, Samples, Vector};

use super::Pixels;
use super::resample::{self, Axis, CATMULL_ROM, TRIANGLE};

/// Paints `art` on `dest`; a drawing's `currentColor` and a mask's ink is `color`.
pub(super) fn paint(pixels: &mut Pixels, art: &Art, dest: Rect, color: Color) {
    match art {
        Art::Raster(raster) => paint_raster(pixels, raster, dest, color),
        Art::Vector(vector) => paint_vector(pixels, vector, dest, color),
    }
}

/// A rectangle of whole pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelBox {
    /// Its first column.
    pub x0: u32,
    /// Its first row.
    pub y0: u32,
    /// The column after its last.
    pub x1: u32,
    /// The row after its last.
    pub y1: u32,
}

impl PixelBox {
    /// Its rows.
    #[must_use]
    pub const fn rows(&self) -> std::ops::Range<u32> {
        self.y0..self.y1
    }

    /// Whether they have a pixel in common.
    pub(super) const fn meets(&self, other: Self) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }

    /// How many pixels it has.
    #[must_use]
    pub const fn count(&self) -> usize {
        (self.x1 - self.x0) as usize * (self.y1 - self.y0) as usize
    }

    /// The part of it on a canvas; `None` where that is nothing, or where an edge is not a number.
    pub(super) fn of(x0: f32, y0: f32, x1: f32, y1: f32, pixels: &Pixels) -> Option<Self> {
        let (w, h) = (pixels.width as f32, pixels.height as f32);
        let (x0, y0, x1, y1) = (x0.clamp(0.0, w), y0.clamp(0.0, h), x1.clamp(0.0, w), y1.clamp(0.0, h));
        (x0 < x1 && y0 < y1).then_some(Self { x0: x0 as u32, y0: y0 as u32, x1: x1 as u32, y1: y1 as u32 })
    }
}

/// A photograph's edges go to whole pixels, as in browsers: a soft edge would show a line of ground.
fn paint_raster(pixels: &mut Pixels, raster: &Raster, dest: Rect, ink: Color) {
    let (x0, y0, x1, y1) = (dest.x.round(), dest.y.round(), dest.right().round(), dest.bottom().round());
    let Some(seen) = PixelBox::of(x0, y0, x1, y1, pixels) else { return };
    let (width, height) = ((x1 - x0) as u32, (y1 - y0) as u32);
    // What is seen, within the whole stretched picture.
    let (left, top) = ((seen.x0 as f32 - x0) as u32, (seen.y0 as f32 - y0) as u32);
    let (columns, lines) = raster.dimensions();
    // Both widen with the reduction, so nothing flickers. Where one pixel stands for sixteen or more, the wider
    // of the two takes twice the time to no visible end.
    let shrink = (columns as f32 / width as f32).min(lines as f32 / height as f32);
    let filter = if shrink >= 4.0 { TRIANGLE } else { CATMULL_ROM };
    let axes = (
        &Axis::new(columns, width, left..left + (seen.x1 - seen.x0), filter),
        &Axis::new(lines, height, top..top + (seen.y1 - seen.y0), filter),
    );
    // The filter overshoots at edges: no colour may exceed white or its alpha.
    match raster.samples() {
        Samples::Rgb(rgb) => resample::rows::<3, u8>(rgb, columns, axes, |y, row| {
            for (pixel, color) in pixels.run(seen.y0 + y, seen.x0, seen.x1).iter_mut().zip(row) {
                *pixel = color.map(|c| (c + 0.5) as u8);
            }
        }),
        Samples::Mask { color, alpha } => {
            let (color, most) = match color {
                Some(color) => (*color, 1.0),
                None => ([ink.r, ink.g, ink.b], f32::from(ink.a) / 255.0),
            };
            resample::rows::<1, u8>(alpha, columns, axes, |y, row| {
                for (pixel, [alpha]) in pixels.run(seen.y0 + y, seen.x0, seen.x1).iter_mut().zip(row) {
                    let alpha = (alpha / 255.0).clamp(0.0, 1.0) * most;
                    blend(pixel, color.map(|c| f32::from(c) * alpha), alpha);
                }
            });
        }
        Samples::Rgba(rgba) => {
            resample::rows::<4, u16>(&deep(rgba), columns, axes, |y, row| {
                for (pixel, color) in pixels.run(seen.y0 + y, seen.x0, seen.x1).iter_mut().zip(row) {
                    let [r, g, b, a] = color.map(|c| (c / 257.0).clamp(0.0, 255.0));
                    blend(pixel, [r.min(a), g.min(a), b.min(a)], a / 255.0);
                }
            });
        }
    }
}

/// Premultiplied, so that the colour of clear pixels does not seep in; 16 bits, so that faint ones keep theirs.
pub(super) fn deep(rgba: &[u8]) -> Vec<u16> {
    let mut deep = Vec::with_capacity(rgba.len());
    for &[r, g, b, a] in rgba.as_chunks().0 {
        let times = |c: u8| (u32::from(c) * u32::from(a) * 257 / 255) as u16;
        deep.extend([times(r), times(g), times(b), u16::from(a) * 257]);
    }
    deep
}

/// Puts `color_at` (premultiplied red, green, blue of 255, and alpha of 1; relative to the box) over a box.
fn over(pixels: &mut Pixels, seen: PixelBox, color_at: impl Fn(u32, u32) -> ([f32; 3], f32)) {
    for y in seen.y0..seen.y1 {
        for (x, pixel) in (0..).zip(pixels.run(y, seen.x0, seen.x1)) {
            let (color, alpha) = color_at(x, y - seen.y0);
            blend(pixel, color, alpha);
        }
    }
}

/// A premultiplied colour over a pixel.
fn blend(pixel: &mut [u8; 3], color: [f32; 3], alpha: f32) {
    for (p, c) in pixel.iter_mut().zip(color) {
        *p = (f32::from(*p) * (1.0 - alpha) + c + 0.5) as u8;
    }
}

/// One axis of a drawing on the canvas: where its 0 comes to lie, and how long its unit is; negative where mirrored.
struct Along {
    start: f32,
    scale: f32,
}

impl Along {
    fn new(mirrored: bool, size: f32, at: f32, length: f32) -> Self {
        let scale = length / size;
        if mirrored { Self { start: at + length, scale: -scale } } else { Self { start: at, scale } }
    }

    /// Where two points of the drawing come to lie, in order.
    fn span(&self, a: f32, b: f32) -> (f32, f32) {
        let (a, b) = (self.start + a * self.scale, self.start + b * self.scale);
        (a.min(b), a.max(b))
    }
}

/// Where art on `dest` may leave ink.
pub(super) fn reach(art: &Art, dest: Rect) -> Rect {
    match art {
        Art::Vector(vector) if !vector.clips() => vector.with_color(Color::rgb(0, 0, 0), |tree| {
            let ((x0, x1), (y0, y1)) = ink_on(vector, tree, dest);
            Rect::new(x0, y0, x1 - x0, y1 - y0)
        }),
        _ => dest,
    }
}

/// Both axes of a drawing on `dest`.
fn axes(vector: &Vector, tree: &Tree, dest: Rect) -> (Along, Along) {
    let size = tree.size();
    (
        Along::new(vector.mirror()[0], size.width(), dest.x, dest.w),
        Along::new(vector.mirror()[1], size.height(), dest.y, dest.h),
    )
}

/// From where to where the ink of a drawing reaches, across and down.
fn ink_on(vector: &Vector, tree: &Tree, dest: Rect) -> ((f32, f32), (f32, f32)) {
    let ink = tree.root().abs_layer_bounding_box();
    let (across, down) = axes(vector, tree, dest);
    (across.span(ink.left(), ink.right()), down.span(ink.top(), ink.bottom()))
}

/// A drawing keeps its fractions of a pixel.
fn paint_vector(pixels: &mut Pixels, vector: &Vector, dest: Rect, color: Color) {
    vector.with_color(color, |tree| {
        let (across, down) = axes(vector, tree, dest);
        let ((mut x0, mut x1), (mut y0, mut y1)) = ink_on(vector, tree, dest);
        if vector.clips() {
            (x0, y0) = (x0.max(dest.x), y0.max(dest.y));
            (x1, y1) = (x1.min(dest.right()), y1.min(dest.bottom()));
        }
        let Some(seen) = PixelBox::of(x0.floor(), y0.floor(), x1.ceil(), y1.ceil(), pixels) else { return };
        let Some(mut drawn) = Pixmap::new(seen.x1 - seen.x0, seen.y1 - seen.y0) else { return };
        let (from_x, from_y) = (across.start - seen.x0 as f32, down.start - seen.y0 as f32);
        let to_canvas = Transform::from_row(across.scale, 0.0, 0.0, down.scale, from_x, from_y);
        resvg::render(tree, to_canvas, &mut drawn.as_mut());
        let columns = drawn.width();
        over(pixels, seen, |x, y| {
            let p = drawn.pixels()[(y * columns + x) as usize];
            ([p.red(), p.green(), p.blue()].map(f32::from), f32::from(p.alpha()) / 255.0)
        });
    });
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::Rgba;

    use super::*;

    const INK: Color = Color::rgb(166, 30, 26);

    fn art(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Art {
        let mut out = Cursor::new(Vec::new());
        image::RgbaImage::from_fn(width, height, |x, y| Rgba(pixel(x, y)))
            .write_to(&mut out, image::ImageFormat::Png)
            .unwrap();
        Art::from_png("test.png", &out.into_inner()).unwrap()
    }

    fn canvas() -> Pixels {
        Pixels::filled(12, 10, [255; 3])
    }

    #[test]
    fn its_own_size_is_copied_to_whole_pixels_and_cut_off() {
        let art = art(4, 3, |x, y| [x as u8 * 10, y as u8 * 10, 7, 255]);
        let mut p = canvas();
        paint(&mut p, &art, Rect::new(2.4, 3.4, 4.0, 3.0), INK);
        assert_eq!(p.pixel(2, 3), [0, 0, 7]);
        assert_eq!(p.pixel(5, 5), [30, 20, 7]);
        assert_eq!((p.pixel(1, 3), p.pixel(6, 3), p.pixel(2, 6)), ([255; 3], [255; 3], [255; 3]));
        let mut p = canvas();
        paint(&mut p, &art, Rect::new(-2.0, 9.0, 4.0, 3.0), INK);
        assert_eq!((p.pixel(0, 9), p.pixel(1, 9), p.pixel(2, 9)), ([20, 0, 7], [30, 0, 7], [255; 3]));
        for away in [-40.0, 40.0, f32::NAN, f32::INFINITY] {
            let mut p = canvas();
            paint(&mut p, &art, Rect::new(away, 0.0, 4.0, 3.0), INK);
            assert!(p == canvas());
        }
    }

    #[test]
    fn alpha_shows_the_ground() {
        let mut p = Pixels::filled(2, 1, [100, 200, 0]);
        paint(
            &mut p,
            &art(2, 1, |x, _| [200, 100, 50, [51, 0][x as usize]]),
            Rect::new(0.0, 0.0, 2.0, 1.0),
            INK,
        );
        assert_eq!((p.pixel(0, 0), p.pixel(1, 0)), ([120, 180, 10], [100, 200, 0]));
    }

    #[test]
    fn a_mask_takes_the_colour_it_is_painted_in() {
        let grey = |x: u32, _: u32| [[0, 0, 0, 255], [255, 255, 255, 255]][x as usize];
        let mask = art(2, 1, grey).into_mask();
        let mut p = Pixels::filled(2, 1, [100, 200, 0]);
        paint(&mut p, &mask, Rect::new(0.0, 0.0, 2.0, 1.0), INK);
        assert_eq!((p.pixel(0, 0), p.pixel(1, 0)), ([166, 30, 26], [100, 200, 0])); // dark is ink
        let faint = Color { a: 51, ..Color::rgb(200, 100, 50) };
        paint(&mut p, &mask, Rect::new(0.0, 0.0, 2.0, 1.0), Color { a: 255, ..Color::rgb(100, 200, 0) });
        paint(&mut p, &mask, Rect::new(0.0, 0.0, 2.0, 1.0), faint);
        assert_eq!(p.pixel(0, 0), [120, 180, 10]);
    }

    #[test]
    fn resampling_keeps_flat_colours_and_means() {
        for alpha in [255, 128] {
            let flat = art(40, 30, |_, _| [10, 130, 250, alpha]);
            for (w, h) in [(12.0, 10.0), (6.0, 5.0), (80.0, 60.0), (3.0, 3.0), (4000.0, 4000.0)] {
                let mut p = canvas();
                paint(&mut p, &flat, Rect::new(0.0, 0.0, w, h), INK);
                let a = f32::from(alpha) / 255.0;
                let expected = [10.0, 130.0, 250.0].map(|c: f32| (255.0 + (c - 255.0) * a).round() as i32);
                let got = p.pixel(1, 1).map(i32::from);
                assert!(
                    got.iter().zip(expected).all(|(g, e)| (g - e).abs() <= 1),
                    "{w}: {got:?}, not {expected:?}"
                );
            }
        }
        let checks = art(64, 64, |x, y| if (x + y) % 2 == 0 { [0, 0, 0, 255] } else { [255; 4] });
        let mut p = canvas();
        paint(&mut p, &checks, Rect::new(0.0, 0.0, 12.0, 10.0), INK);
        assert!(p.rgb().iter().all(|c| (115..140).contains(c)), "{:?}", p.rgb());
    }

    #[test]
    fn the_colour_of_clear_pixels_does_not_seep_in() {
        let half = art(40, 40, |x, _| if x < 20 { [255, 255, 255, 255] } else { [255, 0, 0, 0] });
        let mut p = canvas();
        paint(&mut p, &half, Rect::new(0.0, 0.0, 10.0, 10.0), INK);
        assert!(p == canvas());
    }

    #[test]
    fn drawings_take_their_colour_and_fractions() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><rect x="-9" width="30" height="2" fill="currentColor"/></svg>"#;
        let art = Art::from_svg("bar.svg", svg.as_bytes()).unwrap();
        let mut p = canvas();
        paint(&mut p, &art, Rect::new(2.0, 3.5, 8.0, 4.0), INK);
        assert_eq!(p.pixel(2, 4), [166, 30, 26]);
        assert_eq!(p.pixel(9, 6), [166, 30, 26]);
        assert_eq!((p.pixel(1, 5), p.pixel(10, 5)), ([255; 3], [255; 3])); // cut off at its view
        for y in [3, 7] {
            let soft = p.pixel(5, y)[0]; // half of 166 on 255
            assert!((208..=213).contains(&soft), "{soft}");
        }
        let mut p = canvas();
        paint(&mut p, &art, Rect::new(2.0, 3.0, 8.0, 4.0), Color::rgb(1, 2, 3));
        assert_eq!(p.pixel(5, 5), [1, 2, 3]);
        let mut p = canvas();
        paint(&mut p, &art, Rect::new(2.0, 3.0, 8.0, 4.0), Color { a: 0, ..INK });
        assert!(p == canvas());
    }

    #[test]
    fn paths_are_even_odd_and_may_reach_beyond_their_view() {
        let art = Art::path(4.0, 4.0, "M-4 0h8v4h-8ZM1 1h2v2h-2Z").unwrap();
        let mut p = canvas();
        paint(&mut p, &art, Rect::new(6.0, 2.0, 4.0, 4.0), INK);
        assert_eq!((p.pixel(2, 2), p.pixel(6, 2)), ([166, 30, 26], [166, 30, 26]));
        assert_eq!((p.pixel(7, 3), p.pixel(8, 4)), ([255; 3], [255; 3]));
        assert_eq!((p.pixel(1, 2), p.pixel(10, 2)), ([255; 3], [255; 3]));
        for away in [-400.0, 400.0, f32::NAN] {
            let mut p = canvas();
            paint(&mut p, &art, Rect::new(away, 0.0, 4.0, 3.0), INK);
            assert!(p == canvas());
        }
    }
}
