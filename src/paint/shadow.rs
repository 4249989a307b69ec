//! Soft shadows: a shape's coverage, blurred.

use image::{ImageBuffer, Luma};
use imageproc::filter::separable_filter_equal;

use crate::color::Color;
use crate::geom::Rect;
use crate::layout::{Paint, Shape};

use super::picture::PixelBox;
use super::{Pixels, fill};

/// Standard deviation that a blur is worked out at, px: a wider one is done on a smaller mask. Such a mask is so
/// smooth that straight lines between its pixels err by less than a tenth of a level, and a blur costs about the
/// same however wide it is.
const FINE: f32 = 8.0;

/// Standard deviations that a shadow reaches: beyond lies a quarter of a hundredth of it.
const REACH: f32 = 3.0;

/// Paints the shadow of `shape`, `dy` px lower, with the blur radius of CSS.
pub(super) fn paint(pixels: &mut Pixels, shape: Shape, dy: f32, blur: f32, color: Color) {
    let mut shape = shape;
    bounds(&mut shape).y += dy;
    let sigma = blur / 2.0;
    if sigma < 0.2 {
        return fill::fill(pixels, shape, &Paint::Solid(color)); // no pixel away
    }
    let (k, reach) = ((FINE / sigma).min(1.0), REACH * sigma);
    let box_of = *bounds(&mut shape);
    let (left, top) = ((box_of.x - reach).floor(), (box_of.y - reach).floor());
    let (right, bottom) = (box_of.right() + reach, box_of.bottom() + reach);
    let Some(seen) = PixelBox::of(left, top, right.ceil(), bottom.ceil(), pixels) else { return };
    // What is out of sight counts as far as it reaches.
    let (width, height) = (pixels.width as f32, pixels.height as f32);
    let (left, top) = (left.max(-reach.ceil()), top.max(-reach.ceil()));
    let (right, bottom) = (right.min(width + reach), bottom.min(height + reach));
    let mask_size = [right - left, bottom - top].map(|side| (side * k).ceil() as u32 + 1);
    let blurred = blurred(mask_size, sigma * k, |mask| {
        let rect = bounds(&mut shape);
        (rect.x, rect.y) = (rect.x - left, rect.y - top);
        shape.scale(k);
        fill::fill(mask, shape, &Paint::Solid(Color::rgb(0, 0, 0)));
    });
    let alpha = f32::from(color.a) / 255.0;
    for y in seen.y0..seen.y1 {
        let v = (y as f32 + 0.5 - top) * k - 0.5;
        for (x, pixel) in (seen.x0..).zip(pixels.run(y, seen.x0, seen.x1)) {
            let u = (x as f32 + 0.5 - left) * k - 0.5;
            let alpha = between(&blurred, u, v) * alpha;
            for (p, c) in pixel.iter_mut().zip([color.r, color.g, color.b]) {
                *p = (f32::from(*p) * (1.0 - alpha) + f32::from(c) * alpha + 0.5) as u8;
            }
        }
    }
}

/// Coverage, 0–1.
type Mask = ImageBuffer<Luma<f32>, Vec<f32>>;

/// The coverage that `draw` leaves in black on white, blurred.
fn blurred([width, height]: [u32; 2], sigma: f32, draw: impl FnOnce(&mut Pixels)) -> Mask {
    let mut drawn = Pixels::filled(width, height, [255; 3]);
    draw(&mut drawn);
    let mask = Mask::from_fn(width, height, |x, y| Luma([f32::from(255 - drawn.pixel(x, y)[0]) / 255.0]));
    separable_filter_equal(&mask, &kernel(sigma))
}

/// The mask between its pixels' centres.
fn between(mask: &Mask, u: f32, v: f32) -> f32 {
    let (x, y) = (u.max(0.0), v.max(0.0));
    let (part_x, part_y) = (x.fract(), y.fract());
    let at = |x: u32, y: u32| mask.get_pixel(x.min(mask.width() - 1), y.min(mask.height() - 1)).0[0];
    let (x, y) = (x as u32, y as u32);
    let row = |y| at(x, y) + (at(x + 1, y) - at(x, y)) * part_x;
    if part_y == 0.0 { row(y) } else { row(y) + (row(y + 1) - row(y)) * part_y }
}

/// A Gaussian of sum 1, up to [`REACH`] on both sides. `imageproc` would take its weights from `exp`, which is not
/// the same to the last bit on every machine; sums and products are.
fn kernel(sigma: f32) -> Vec<f32> {
    let sigma = f64::from(sigma);
    let x = 0.5 / (sigma * sigma);
    // e^x term by term; all are positive, so none is lost. x is 12.5 at most.
    let (mut e, mut term) = (1.0, 1.0);
    for n in 1..80 {
        term *= x / f64::from(n);
        e += term;
    }
    // Weight i is q^(i²) with q = e^-x, from weight i-1 by q^(2i-1).
    let q = 1.0 / e;
    let reach = (f64::from(REACH) * sigma).ceil() as usize;
    let mut half = vec![1.0];
    let mut step = q;
    for i in 0..reach {
        half.push(half[i] * step);
        step *= q * q;
    }
    let sum = 1.0 + 2.0 * half[1..].iter().sum::<f64>();
    half[1..].iter().rev().chain(&half).map(|weight| (weight / sum) as f32).collect()
}

/// The rectangle that a shape fills or is inside.
const fn bounds(shape: &mut Shape) -> &mut Rect {
    match shape {
        Shape::Rect(rect) | Shape::RoundRect(rect, _) | Shape::Ellipse(rect) => rect,
    }
}
