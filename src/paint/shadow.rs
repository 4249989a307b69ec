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

/// Where a shadow may be seen.
pub(super) fn reach(shape: Shape, dy: f32, blur: f32) -> Rect {
    shape.bounds().moved(0.0, dy).grown(REACH * blur / 2.0 + 1.0)
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

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Color = Color::rgb(0, 0, 0);

    fn shadow(shape: Shape, dy: f32, blur: f32, color: Color) -> Pixels {
        let mut p = Pixels::filled(120, 120, [255; 3]);
        paint(&mut p, shape, dy, blur, color);
        p
    }

    /// Of black on white, in pixels.
    fn total(p: &Pixels) -> f32 {
        p.rgb().as_chunks::<3>().0.iter().map(|p| f32::from(255 - p[0]) / 255.0).sum()
    }

    #[test]
    fn a_blur_keeps_the_total_and_the_symmetry() {
        let square = Rect::new(45.0, 45.0, 30.0, 30.0);
        for shape in [Shape::Rect(square), Shape::RoundRect(square, 6.0), Shape::Ellipse(square)] {
            let sharp = total(&shadow(shape, 0.0, 0.0, BLACK));
            for blur in [0.3, 1.0, 5.0, 12.0, 16.0, 20.0, 26.4] {
                let p = shadow(shape, 0.0, blur, BLACK);
                let soft = total(&p);
                assert!((soft - sharp).abs() < sharp * 0.005, "{shape:?} {blur}: {soft}, not {sharp}");
                // A mask smaller than the card need not lie on the same pixels on both sides.
                let off = u8::from(blur > 16.0);
                for y in 0..120 {
                    for x in 0..60 {
                        let [a, b, c] = [(x, y), (119 - x, y), (x, 119 - y)].map(|(x, y)| p.pixel(x, y)[0]);
                        assert!(a.abs_diff(b) <= off && a.abs_diff(c) <= off, "{shape:?} {blur}: {x} {y}");
                    }
                }
            }
        }
    }

    #[test]
    fn it_is_the_gaussian_of_half_the_radius() {
        // An edge far from the others, blurred, is the distribution function: 0.5 on it, 0.8413 a deviation in.
        for blur in [8.0, 16.0, 30.0] {
            let p = shadow(Shape::Rect(Rect::new(60.0, -500.0, 900.0, 1000.0)), 0.0, blur, BLACK);
            for (deviations, share) in
                [(-2.0, 0.0228), (-1.0, 0.1587), (0.0, 0.5), (1.0, 0.8413), (2.0, 0.9772)]
            {
                let at = 60.0 + deviations * blur / 2.0; // between two pixels
                let [a, b] = [at - 1.0, at].map(|x| f32::from(255 - p.pixel(x as u32, 60)[0]) / 255.0);
                let got = f32::midpoint(a, b);
                assert!((got - share).abs() < 0.005, "{blur} {deviations}: {got}, not {share}");
            }
        }
    }

    #[test]
    fn it_falls_down_in_its_colour() {
        let shape = Shape::Ellipse(Rect::new(40.0, 40.0, 30.0, 30.0));
        let (still, fallen) = (shadow(shape, 0.0, 8.0, BLACK), shadow(shape, 9.0, 8.0, BLACK));
        for y in 0..100 {
            for x in 0..120 {
                assert_eq!(still.pixel(x, y), fallen.pixel(x, y + 9));
            }
        }
        let p = shadow(shape, 0.0, 4.0, Color { a: 51, ..Color::rgb(5, 105, 255) });
        assert_eq!(p.pixel(55, 55), [205, 225, 255]);
        assert_eq!(p.pixel(5, 5), [255; 3]);
    }

    #[test]
    fn what_lies_outside_is_cut_off_and_nonsense_is_not_painted() {
        let half = shadow(Shape::Rect(Rect::new(-30.0, 40.0, 60.0, 40.0)), 0.0, 12.0, BLACK);
        assert_eq!(half.pixel(0, 60), [0; 3]);
        assert_eq!(half.pixel(119, 60), [255; 3]);
        for shape in [f32::NAN, f32::INFINITY, 1e30, -1e6].map(|x| Shape::Rect(Rect::new(x, 0.0, 20.0, 20.0)))
        {
            assert_eq!(total(&shadow(shape, 0.0, 9.0, BLACK)), 0.0, "{shape:?}");
        }
        let shape = Shape::Rect(Rect::new(20.0, 20.0, 40.0, 40.0));
        for (dy, blur) in [(0.0, f32::NAN), (f32::NAN, 9.0), (0.0, f32::INFINITY), (0.0, 1e30)] {
            assert_eq!(total(&shadow(shape, dy, blur, BLACK)), 0.0, "{dy} {blur}");
        }
        // However wide, in bounded time.
        assert!(total(&shadow(shape, 0.0, 1e5, BLACK)) < 20.0);
    }
}
