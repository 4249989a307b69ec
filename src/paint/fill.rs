//! Shapes and what they are filled with.
//!
//! Every shape is a rectangle with elliptical corners: none for a plain one, half its sides for an ellipse. Such
//! a shape has one span on a scanline, so coverage is summed span by span: exact across, and exact downwards
//! where the sides are straight; in corners a pixel row is cut into [`CUTS`] scanlines. A path rasteriser with
//! its 4 × 4 samples would be coarser and no shorter to call.

use crate::color::Color;
use crate::geom::{Point, Rect};
use crate::layout::{Paint, Shape};

use super::{OPAQUE, Pixels, mix};

/// Fills a shape.
pub(super) fn fill(pixels: &mut Pixels, shape: Shape, paint: &Paint) {
    let Some(ink) = Ink::new(paint) else { return };
    cover(pixels, Rounded::new(shape), None, &ink);
}

/// Strokes a shape's edge, inside it.
pub(super) fn stroke(pixels: &mut Pixels, shape: Shape, width: f32, color: Color) {
    if width.is_nan() || width <= 0.0 {
        return;
    }
    let outer = Rounded::new(shape);
    cover(pixels, outer, outer.inset(width), &Ink::Solid(color));
}

/// Scanlines to a pixel row where a shape is curved.
const CUTS: u8 = 16;

/// A rectangle with elliptical corners.
#[derive(Clone, Copy)]
struct Rounded {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
    /// Half-axes of the corners.
    rx: f32,
    ry: f32,
}

impl Rounded {
    fn new(shape: Shape) -> Self {
        let (r, rx, ry) = match shape {
            Shape::Rect(r) => (r, 0.0, 0.0),
            Shape::RoundRect(r, radius) => {
                let radius = radius.min(r.w / 2.0).min(r.h / 2.0).max(0.0);
                (r, radius, radius)
            }
            Shape::Ellipse(r) => (r, r.w / 2.0, r.h / 2.0),
        };
        let Rect { x, y, .. } = r;
        Self { left: x, top: y, right: r.right(), bottom: r.bottom(), rx, ry }
    }

    /// The same shape, `by` px smaller on each side; `None` where nothing is left.
    fn inset(self, by: f32) -> Option<Self> {
        let Self { left, top, right, bottom, rx, ry } = self;
        let (left, top, right, bottom) = (left + by, top + by, right - by, bottom - by);
        (left < right && top < bottom).then(|| Self {
            left,
            top,
            right,
            bottom,
            rx: (rx - by).max(0.0),
            ry: (ry - by).max(0.0),
        })
    }

    /// Whether the sides are upright between `top` and `bottom`.
    fn is_straight(&self, top: f32, bottom: f32) -> bool {
        self.rx <= 0.0 || self.ry <= 0.0 || (top >= self.top + self.ry && bottom <= self.bottom - self.ry)
    }

    /// Left and right edge at height `y`, which lies inside.
    fn span(&self, y: f32) -> (f32, f32) {
        let into = (self.top + self.ry - y).max(y - (self.bottom - self.ry)).max(0.0);
        if into == 0.0 || self.ry <= 0.0 {
            return (self.left, self.right);
        }
        let k = (into / self.ry).min(1.0);
        let cut = self.rx * (1.0 - (1.0 - k * k).sqrt());
        (self.left + cut, self.right - cut)
    }

    /// Adds the coverage of pixel row `y`, times `sign`, to `steps`: each pixel's difference from the one before,
    /// the first pixel being column `x0`.
    fn add_row(&self, y: f32, sign: f32, x0: f32, steps: &mut [f32]) {
        let (top, bottom) = (self.top.max(y), self.bottom.min(y + 1.0));
        if top >= bottom {
            return;
        }
        let cuts = if self.is_straight(top, bottom) { 1 } else { CUTS };
        let height = (bottom - top) / f32::from(cuts);
        let end = (steps.len() - 2) as f32;
        for cut in 0..cuts {
            let (l, r) = self.span(top + (f32::from(cut) + 0.5) * height);
            for (edge, sign) in [(l, sign), (r, -sign)] {
                // An edge at x covers its pixel by what lies right of x, and wholly the pixels after.
                let x = (edge - x0).clamp(0.0, end);
                let (at, part) = (x as usize, x.fract());
                steps[at] += sign * height * (1.0 - part);
                steps[at + 1] += sign * height * part;
            }
        }
    }
}

/// Paints `outer` without `inner`.
fn cover(pixels: &mut Pixels, outer: Rounded, inner: Option<Rounded>, ink: &Ink) {
    let size = (pixels.width, pixels.height);
    runs(size, outer, inner, |y, from, to, cover| ink.paint(pixels.run(y, from, to), from, y, cover));
}

/// How a shape, or its edge where `stroke` says how thick it is, covers a canvas of this width and height: row, first
/// and last column, and how much of each pixel from the one to before the other, 0–1.
pub(super) fn covers(
    shape: Shape,
    stroke: Option<f32>,
    size: (u32, u32),
    run: impl FnMut(u32, u32, u32, f32),
) {
    let outer = Rounded::new(shape);
    match stroke {
        None => runs(size, outer, None, run),
        Some(width) if width > 0.0 => runs(size, outer, outer.inset(width), run),
        Some(_) => {}
    }
}

/// See [`covers`]: `outer` without `inner`.
fn runs(size: (u32, u32), outer: Rounded, inner: Option<Rounded>, mut paint: impl FnMut(u32, u32, u32, f32)) {
    let (width, height) = (size.0 as f32, size.1 as f32);
    let (x0, x1) = (outer.left.floor().clamp(0.0, width), outer.right.ceil().clamp(0.0, width));
    let (y0, y1) = (outer.top.floor().clamp(0.0, height), outer.bottom.ceil().clamp(0.0, height));
    // Not a number anywhere makes these false: nothing is painted.
    if !(x0 < x1 && y0 < y1) {
        return;
    }
    let columns = (x1 - x0) as usize;
    let mut steps = vec![0.0; columns + 2];
    let mut covers = vec![0.0; columns];
    let mut runs: Vec<(u32, u32, f32)> = Vec::new(); // from, to, coverage
    // Rows between straight sides look alike; they are told apart by how much of their height counts.
    let mut last = None;
    for y in y0 as u32..y1 as u32 {
        let top = y as f32;
        let bottom = top + 1.0;
        let alike =
            (inner.is_none() && outer.top <= top && bottom <= outer.bottom && outer.is_straight(top, bottom))
                .then_some(());
        if alike.is_none() || last != alike {
            steps.fill(0.0);
            outer.add_row(top, 1.0, x0, &mut steps);
            if let Some(inner) = &inner {
                inner.add_row(top, -1.0, x0, &mut steps);
            }
            let mut sum = 0.0;
            for (cover, step) in covers.iter_mut().zip(&steps) {
                sum += step;
                // Sums from the left err in the seventh digit; without rounding a shape would not be its own
                // mirror image.
                *cover = (sum * 1024.0 + 0.5_f32).floor().clamp(0.0, 1024.0) / 1024.0;
            }
            runs.clear();
            let mut from = x0 as u32;
            for run in covers.chunk_by(|a, b| a == b) {
                let to = from + run.len() as u32;
                if run[0] > 0.0 {
                    runs.push((from, to, run[0]));
                }
                from = to;
            }
        }
        last = alike;
        for &(from, to, cover) in &runs {
            paint(y, from, to, cover);
        }
    }
}

/// What a shape is filled with, made ready.
enum Ink {
    Solid(Color),
    /// `t` = x · `dx` + y · `dy` + `at`.
    Linear {
        dx: f32,
        dy: f32,
        at: f32,
        stops: Stops,
    },
    /// `t` = distance from the centre where each axis is its radius long.
    Radial {
        center: Point,
        radius: (f32, f32),
        stops: Stops,
    },
}

impl Ink {
    /// `None` for a gradient without stops.
    fn new(paint: &Paint) -> Option<Self> {
        Some(match paint {
            Paint::Solid(color) => Self::Solid(*color),
            Paint::Linear { from, to, stops } => {
                // 180° is not quite straight down in radians; a row of one colour is painted at once.
                let upright = |v: f32| if v.abs() < 1e-3 { 0.0 } else { v };
                let (vx, vy) = (upright(to.x - from.x), to.y - from.y);
                let length = vx * vx + vy * vy;
                match stops.as_slice() {
                    [] => return None,
                    // Without length everything lies past its end.
                    [.., (_, end)] if length <= 0.0 => Self::Solid(*end),
                    stops => {
                        let (dx, dy) = (vx / length, vy / length);
                        Self::Linear { dx, dy, at: -(from.x * dx + from.y * dy), stops: Stops::new(stops) }
                    }
                }
            }
            Paint::Radial { center, radius, stops } => match stops.as_slice() {
                [] => return None,
                [.., (_, end)] if radius.0 <= 0.0 || radius.1 <= 0.0 => Self::Solid(*end),
                stops => Self::Radial { center: *center, radius: *radius, stops: Stops::new(stops) },
            },
        })
    }

    /// Paints one run of pixels from (`x`, `y`) with one coverage, 0–1.
    fn paint(&self, run: &mut [[u8; 3]], x: u32, y: u32, cover: f32) {
        let v = y as f32 + 0.5;
        let centers = run.iter_mut().zip(x..).map(|(pixel, x)| (pixel, x as f32 + 0.5));
        match self {
            Self::Solid(Color { r, g, b, a }) => solid(run, [*r, *g, *b], f32::from(*a) * cover * 255.0),
            Self::Linear { dx, dy, at, stops } if *dx == 0.0 => {
                let ink = stops.at(v * dy + at);
                match ink.opaque() {
                    Some(color) if cover == 1.0 => flood(run, color),
                    _ => run.iter_mut().for_each(|pixel| ink.over(pixel, cover)),
                }
            }
            Self::Linear { dx, dy, at, stops } => {
                let at = v * dy + at;
                if let (Some(ramp), true) = (&stops.ramp, cover == 1.0) {
                    return ramp.paint(run, x, |u| u * dx + at);
                }
                centers.for_each(|(pixel, u)| stops.at(u * dx + at).over(pixel, cover));
            }
            Self::Radial { center, radius, stops } => {
                let down = (v - center.y) / radius.1;
                if let (Some(ramp), true) = (&stops.ramp, cover == 1.0) {
                    let (per_px, down) = (1.0 / radius.0, down * down);
                    return ramp.paint(run, x, |u| {
                        let across = (u - center.x) * per_px;
                        (across * across + down).sqrt()
                    });
                }
                centers.for_each(|(pixel, u)| {
                    let across = (u - center.x) / radius.0;
                    stops.at((across * across + down * down).sqrt()).over(pixel, cover);
                });
            }
        }
    }
}

/// One opaque colour. What is there is copied on, twice as much each time: pixels of three bytes one by one take
/// several times as long.
fn flood(run: &mut [[u8; 3]], color: [u8; 3]) {
    let mut done = run.len().min(16);
    run[..done].fill(color);
    while done < run.len() {
        let more = done.min(run.len() - done);
        run.copy_within(..more, done);
        done += more;
    }
}

/// One colour at opacity `a` of [`OPAQUE`].
fn solid(run: &mut [[u8; 3]], color: [u8; 3], a: f32) {
    match (a + 0.5) as u32 {
        0 => {}
        OPAQUE => flood(run, color),
        a => run.iter_mut().for_each(|pixel| mix(pixel, color, a)),
    }
}

/// Red, green, blue (0–255) times alpha, and alpha (0–1).
#[derive(Clone, Copy)]
struct Premultiplied([f32; 4]);

impl Premultiplied {
    /// Its bytes where nothing shows through.
    fn opaque(self) -> Option<[u8; 3]> {
        let [r, g, b, a] = self.0;
        (a == 1.0).then(|| [r, g, b].map(|c| (c + 0.5) as u8))
    }

    fn over(self, pixel: &mut [u8; 3], cover: f32) {
        let [r, g, b, a] = self.0;
        if a == 0.0 {
            return; // beyond the end of a glow: most of the card
        }
        let rest = 1.0 - a * cover;
        for (p, c) in pixel.iter_mut().zip([r, g, b]) {
            *p = (f32::from(*p) * rest + c * cover + 0.5) as u8;
        }
    }
}

/// A gradient's colours. They are mixed premultiplied, as CSS has it: on the way to a clear black nothing greys.
struct Stops {
    stops: Vec<Stop>,
    ramp: Option<Ramp>,
}

struct Stop {
    offset: f32,
    color: Premultiplied,
    /// What to add from here on, for each 1 of `t`.
    slope: [f32; 4],
}

impl Stops {
    fn new(stops: &[(f32, Color)]) -> Self {
        let premultiplied = |Color { r, g, b, a }: Color| {
            let alpha = f32::from(a) / 255.0;
            let [r, g, b] = [r, g, b].map(|c| f32::from(c) * alpha);
            [r, g, b, alpha]
        };
        let stop = |(i, &(offset, color)): (usize, &(f32, Color))| {
            let color = premultiplied(color);
            let slope = match stops.get(i + 1) {
                Some(&(next, next_color)) if next > offset => {
                    let end = premultiplied(next_color);
                    std::array::from_fn(|c| (end[c] - color[c]) / (next - offset))
                }
                _ => [0.0; 4], // the last one, or a hard edge
            };
            Stop { offset, color: Premultiplied(color), slope }
        };
        let stops: Vec<Stop> = stops.iter().enumerate().map(stop).collect();
        let ramp = Ramp::of(&stops);
        Self { stops, ramp }
    }

    /// The colour at `t`; the first before the first stop, the last from the last one on.
    fn at(&self, t: f32) -> Premultiplied {
        color_at(&self.stops, t)
    }
}

fn color_at(stops: &[Stop], t: f32) -> Premultiplied {
    // The last stop at or before t, so that of two at one offset the second counts from there on.
    let Some(Stop { offset, color, slope }) = stops.iter().rfind(|stop| stop.offset <= t) else {
        return stops[0].color;
    };
    let past = t - offset;
    Premultiplied(std::array::from_fn(|c| color.0[c] + slope[c] * past))
}

/// The colours of an opaque gradient at [`STEPS`] steps, ready to be copied: a card's ground is two million pixels.
struct Ramp {
    /// Where the steps begin, and how many there are to 1 of `t`.
    from: f32,
    per_t: f32,
    colors: Vec<[u8; 3]>,
}

/// So fine that a step of a common gradient is far under one of 255 levels.
const STEPS: u16 = 4096;

impl Ramp {
    /// `None` where something shows through, or where half a step is more than half a level (a hard edge).
    fn of(stops: &[Stop]) -> Option<Self> {
        let (first, last) = (stops.first()?, stops.last()?);
        let span = last.offset - first.offset;
        let steep = stops.windows(2).any(|pair| {
            let jumps = pair[0].offset == pair[1].offset && pair[0].color.0 != pair[1].color.0;
            jumps || pair[0].slope.iter().any(|slope| slope.abs() * span > f32::from(STEPS))
        });
        if steep || span <= 0.0 {
            return None;
        }
        let step = |i: u16| color_at(stops, first.offset + span * f32::from(i) / f32::from(STEPS)).opaque();
        let colors = (0..=STEPS).map(step).collect::<Option<_>>()?;
        Some(Self { from: first.offset, per_t: f32::from(STEPS) / span, colors })
    }

    /// Paints a run from column `x`, wholly covered; `t` is of the centre of a pixel.
    fn paint(&self, run: &mut [[u8; 3]], x: u32, t: impl Fn(f32) -> f32) {
        // First the steps of some pixels, then their colours: the first loop can be done several pixels at a time.
        let mut steps = [0_u16; 64];
        let mut left = x as f32 + 0.5;
        for pixels in run.chunks_mut(steps.len()) {
            for (i, step) in (0_u16..).zip(&mut steps) {
                let at = (t(left + f32::from(i)) - self.from) * self.per_t + 0.5;
                *step = at.max(0.0).min(f32::from(STEPS)) as i32 as u16;
            }
            for (pixel, step) in pixels.iter_mut().zip(&steps) {
                *pixel = self.colors[usize::from(*step)];
            }
            left += steps.len() as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Color = Color::rgb(0, 0, 0);

    fn canvas(width: u32, height: u32) -> Pixels {
        Pixels::filled(width, height, [255; 3])
    }

    fn red_channel(pixels: &Pixels) -> Vec<Vec<u8>> {
        (0..pixels.height).map(|y| (0..pixels.width).map(|x| pixels.pixel(x, y)[0]).collect()).collect()
    }

    fn rect(x: f32, y: f32, w: f32, h: f32) -> Shape {
        Shape::Rect(Rect::new(x, y, w, h))
    }

    #[test]
    fn whole_pixels_are_filled_to_the_edge() {
        let mut p = canvas(4, 3);
        fill(&mut p, rect(1.0, 1.0, 2.0, 1.0), &Paint::Solid(BLACK));
        assert_eq!(red_channel(&p), [[255, 255, 255, 255], [255, 0, 0, 255], [255; 4]]);
    }

    #[test]
    fn fractions_of_a_pixel_are_shades() {
        let mut p = canvas(4, 4);
        fill(&mut p, rect(0.5, 1.0, 2.75, 1.5), &Paint::Solid(BLACK));
        // A half of black on white is 127.5: ties go to the ink.
        assert_eq!(red_channel(&p), [[255; 4], [127, 0, 0, 191], [191, 127, 127, 223], [255; 4]]);
        // Inside one pixel.
        let mut p = canvas(1, 1);
        fill(&mut p, rect(0.25, 0.25, 0.5, 0.5), &Paint::Solid(BLACK));
        assert_eq!(red_channel(&p), [[191]]);
    }

    #[test]
    fn alpha_is_mixed_in() {
        let mut p = Pixels::filled(1, 1, [200, 100, 0]);
        fill(&mut p, rect(0.0, 0.0, 1.0, 1.0), &Paint::Solid(Color { a: 115, ..Color::rgb(18, 15, 14) }));
        let mixed = |d: f64, s: f64| (d + (s - d) * 115.0 / 255.0).round() as u8;
        assert_eq!(p.pixel(0, 0), [mixed(200.0, 18.0), mixed(100.0, 15.0), mixed(0.0, 14.0)]);
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let whole = {
            let mut p = canvas(9, 9);
            fill(&mut p, Shape::Ellipse(Rect::new(-3.0, 2.0, 20.0, 4.5)), &Paint::Solid(BLACK));
            p
        };
        assert_eq!(whole.pixel(0, 4), [0; 3]);
        assert_eq!(whole.pixel(8, 4), [0; 3]);
        for away in [-50.0, 50.0, f32::NAN, f32::INFINITY, -1e30] {
            for shape in [rect(away, 0.0, 9.0, 9.0), rect(0.0, away, 9.0, 9.0), rect(2.0, 2.0, 0.0, 5.0)] {
                let mut p = canvas(9, 9);
                fill(&mut p, shape, &Paint::Solid(BLACK));
                stroke(&mut p, shape, 1.0, BLACK);
                assert!(p == canvas(9, 9), "{shape:?}");
            }
        }
        let mut p = canvas(9, 9);
        fill(&mut p, rect(-1e30, -1e30, f32::INFINITY, f32::INFINITY), &Paint::Solid(BLACK));
        assert_eq!(p.rgb(), [0; 243]);
    }

    #[test]
    fn round_shapes_are_their_own_mirror_image_and_of_the_right_area() {
        let r = Rect::new(1.5, 2.0, 18.0, 11.0);
        for (shape, area) in [
            (Shape::Ellipse(r), std::f32::consts::PI * 9.0 * 5.5),
            (Shape::RoundRect(r, 3.0), 18.0 * 11.0 - (4.0 - std::f32::consts::PI) * 9.0),
            (Shape::RoundRect(r, 99.0), 11.0 * 7.0 + std::f32::consts::PI * 5.5 * 5.5),
            (Shape::RoundRect(r, 0.0), 18.0 * 11.0),
        ] {
            let mut p = canvas(21, 15);
            fill(&mut p, shape, &Paint::Solid(BLACK));
            let rows = red_channel(&p);
            let mut flipped = rows.clone();
            flipped.reverse();
            assert_eq!(rows, flipped, "{shape:?}");
            assert!(rows.iter().all(|row| row.iter().eq(row.iter().rev())), "{shape:?}");
            let ink: f32 = rows.iter().flatten().map(|&v| (255.0 - f32::from(v)) / 255.0).sum();
            assert!((ink - area).abs() < area * 0.004, "{shape:?}: {ink}, not {area}");
        }
    }

    #[test]
    fn a_stroke_lies_inside_its_edge() {
        let mut p = canvas(7, 6);
        stroke(&mut p, rect(1.0, 1.0, 5.0, 4.0), 1.0, BLACK);
        assert_eq!(
            red_channel(&p),
            [
                [255; 7],
                [255, 0, 0, 0, 0, 0, 255],
                [255, 0, 255, 255, 255, 0, 255],
                [255, 0, 255, 255, 255, 0, 255],
                [255, 0, 0, 0, 0, 0, 255],
                [255; 7],
            ]
        );
        // Thicker than the shape: all of it.
        let (mut thick, mut full) = (canvas(7, 6), canvas(7, 6));
        stroke(&mut thick, rect(1.0, 1.0, 5.0, 4.0), 2.0, BLACK);
        fill(&mut full, rect(1.0, 1.0, 5.0, 4.0), &Paint::Solid(BLACK));
        assert!(thick == full);
        // A ring is the disc without the smaller disc.
        let mut ring = canvas(40, 40);
        stroke(&mut ring, Shape::Ellipse(Rect::new(2.0, 2.0, 36.0, 36.0)), 5.0, BLACK);
        let ink: f32 = red_channel(&ring).iter().flatten().map(|&v| (255.0 - f32::from(v)) / 255.0).sum();
        let area = std::f32::consts::PI * (18.0 * 18.0 - 13.0 * 13.0);
        assert!((ink - area).abs() < area * 0.004, "{ink}, not {area}");
        assert_eq!(ring.pixel(20, 20), [255; 3]);
    }

    fn linear(from: (f32, f32), to: (f32, f32), stops: &[(f32, Color)]) -> Paint {
        let point = |(x, y)| Point { x, y };
        Paint::Linear { from: point(from), to: point(to), stops: stops.to_vec() }
    }

    #[test]
    fn a_gradient_goes_from_stop_to_stop() {
        let stops = [(0.25, Color::rgb(100, 0, 0)), (0.75, Color::rgb(200, 0, 0))];
        let expected: Vec<u8> = (0..10)
            .map(|i| {
                (100.0 + 100.0 * ((f64::from(i) + 0.5) / 10.0 - 0.25) / 0.5).clamp(100.0, 200.0).round() as u8
            })
            .collect();
        let mut p = canvas(10, 2);
        fill(&mut p, rect(0.0, 0.0, 10.0, 2.0), &linear((0.0, 0.0), (10.0, 0.0), &stops));
        assert_eq!(red_channel(&p), [expected.clone(), expected.clone()]);
        let mut p = canvas(2, 10);
        fill(&mut p, rect(0.0, 0.0, 2.0, 10.0), &linear((0.0, 0.0), (0.0, 10.0), &stops));
        assert_eq!(red_channel(&p), expected.iter().map(|&v| vec![v, v]).collect::<Vec<_>>());
    }

    #[test]
    fn hard_stops_and_degenerate_gradients() {
        let [a, b] = [Color::rgb(10, 0, 0), Color::rgb(20, 0, 0)];
        let fills = |paint: &Paint| {
            let mut p = canvas(4, 1);
            fill(&mut p, rect(0.0, 0.0, 4.0, 1.0), paint);
            red_channel(&p)[0].clone()
        };
        assert_eq!(
            fills(&linear((0.0, 0.0), (4.0, 0.0), &[(0.0, a), (0.5, a), (0.5, b), (1.0, b)])),
            [10, 10, 20, 20]
        );
        assert_eq!(fills(&linear((1.0, 1.0), (1.0, 1.0), &[(0.0, a), (1.0, b)])), [20; 4]);
        assert_eq!(fills(&linear((0.0, 0.0), (4.0, 0.0), &[(0.5, a)])), [10; 4]);
        assert_eq!(fills(&linear((0.0, 0.0), (4.0, 0.0), &[])), [255; 4]);
        let point = Point { x: 2.0, y: 0.5 };
        assert_eq!(
            fills(&Paint::Radial { center: point, radius: (0.0, 3.0), stops: vec![(0.0, a), (1.0, b)] }),
            [20; 4]
        );
    }

    #[test]
    fn fading_to_clear_black_does_not_grey() {
        let white = Color::rgb(255, 255, 255);
        let clear = Color { a: 0, ..BLACK };
        let mut p = canvas(8, 1);
        fill(
            &mut p,
            rect(0.0, 0.0, 8.0, 1.0),
            &linear((0.0, 0.0), (8.0, 0.0), &[(0.0, white), (1.0, clear)]),
        );
        assert_eq!(red_channel(&p)[0], [255; 8]);
    }

    #[test]
    fn a_radial_gradient_is_elliptical() {
        let stops = vec![(0.0, BLACK), (1.0, Color::rgb(200, 200, 200))];
        let mut p = canvas(41, 21);
        let paint = Paint::Radial { center: Point { x: 20.5, y: 10.5 }, radius: (20.0, 10.0), stops };
        fill(&mut p, rect(0.0, 0.0, 41.0, 21.0), &paint);
        assert_eq!(p.pixel(20, 10)[0], 0);
        assert_eq!((p.pixel(30, 10)[0], p.pixel(10, 10)[0]), (100, 100));
        assert_eq!((p.pixel(20, 15)[0], p.pixel(20, 5)[0]), (100, 100));
        assert_eq!((p.pixel(40, 10)[0], p.pixel(0, 0)[0]), (200, 200));
    }

    #[test]
    fn a_ramp_is_the_gradient() {
        let gentle = vec![(0.1, Color::rgb(250, 247, 239)), (0.4, BLACK), (0.9, Color::rgb(0, 255, 77))];
        let edged = vec![(0.0, BLACK), (0.5, BLACK), (0.5, Color::rgb(9, 9, 9)), (1.0, BLACK)];
        let steep = vec![(0.0, BLACK), (0.5, BLACK), (0.51, Color::rgb(255, 9, 9)), (1.0, BLACK)];
        let clear = vec![(0.0, BLACK), (1.0, Color { a: 0, ..BLACK })];
        assert!([edged, steep, clear].iter().all(|stops| Stops::new(stops).ramp.is_none()));
        let stops = Stops::new(&gentle);
        assert!(stops.ramp.is_some());
        let exact = |t: f32| stops.at(t).opaque().unwrap();
        let (center, radius) = (Point { x: 60.3, y: 31.8 }, (171.0, 92.0));
        for paint in [
            Paint::Radial { center, radius, stops: gentle.clone() },
            linear((10.0, 20.0), (180.0, 90.0), &gentle),
        ] {
            let mut p = canvas(200, 120);
            fill(&mut p, rect(0.0, 0.0, 200.0, 120.0), &paint);
            for (x, y) in (0..200).flat_map(|x| (0..120).map(move |y| (x, y))) {
                let (u, v) = (x as f32 + 0.5, y as f32 + 0.5);
                let t = match paint {
                    Paint::Radial { .. } => ((u - center.x) / radius.0).hypot((v - center.y) / radius.1),
                    _ => ((u - 10.0) * 170.0 + (v - 20.0) * 70.0) / (170.0 * 170.0 + 70.0 * 70.0),
                };
                let near = p.pixel(x, y).iter().zip(exact(t)).all(|(a, b)| a.abs_diff(b) <= 1);
                assert!(near, "({x}, {y}): {:?}, not {:?}", p.pixel(x, y), exact(t));
            }
        }
    }
}
