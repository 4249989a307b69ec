//! Photographs: a part, stretched to a rectangle or its ellipse, in its own colours or as a duotone.

use image::GrayImage;
use imageproc::stats::cumulative_histogram;

use crate::color::Color;
use crate::geom::Rect;
use crate::layout::{Paint, Shape};
use crate::template::Art;
use crate::template::art::Raster;

use super::picture::PixelBox;
use super::{Pixels, fill};

/// Paints the part `crop` of `art` on `dest`.
pub(super) fn paint(
    pixels: &mut Pixels,
    art: &Art,
    crop: Rect,
    dest: Rect,
    circle: bool,
    tone: &[(f32, Color)],
) {
    let Art::Raster(raster) = art else { return };
    let Some(crop) = inside(crop, raster) else { return };
    // A rectangle's edges go to whole pixels: a soft edge would show a line of ground. A circle keeps its place,
    // so that it stays in the middle of its ring.
    let edges = [dest.x, dest.y, dest.right(), dest.bottom()];
    let [left, top, right, bottom] = edges.map(f32::round);
    let (frame, seen) = if circle {
        (
            dest,
            PixelBox::of(dest.x.floor(), dest.y.floor(), dest.right().ceil(), dest.bottom().ceil(), pixels),
        )
    } else {
        (Rect::new(left, top, right - left, bottom - top), PixelBox::of(left, top, right, bottom, pixels))
    };
    let Some(seen) = seen else { return };
    // A speck would be made of more pixels than the picture has.
    if frame.w < 1.0 || frame.h < 1.0 {
        return;
    }
    let tone = (!tone.is_empty()).then(|| Duotone::new(raster, crop, tone));
    let cover = circle.then(|| {
        let mut mask = Pixels::filled(seen.x1 - seen.x0, seen.y1 - seen.y0, [0; 3]);
        let ellipse = Rect::new(dest.x - seen.x0 as f32, dest.y - seen.y0 as f32, dest.w, dest.h);
        fill::fill(&mut mask, Shape::Ellipse(ellipse), &Paint::Solid(Color::rgb(255, 255, 255)));
        mask
    });
    let columns =
        Taps::along(seen.x0..seen.x1, (frame.x, frame.w), (crop.x, crop.w), raster.dimensions().0 as u32);
    let rows =
        Taps::along(seen.y0..seen.y1, (frame.y, frame.h), (crop.y, crop.h), raster.dimensions().1 as u32);
    let mut sampler = Sampler::new(raster, &columns);
    for (y, row) in rows.iter().enumerate() {
        let sampled = sampler.row(row);
        for (x, pixel) in pixels.run(seen.y0 + y as u32, seen.x0, seen.x1).iter_mut().enumerate() {
            let [r, g, b, a] = sampled(x);
            if a <= 0.0 {
                continue;
            }
            // The filter overshoots at edges: no colour may exceed its alpha.
            let color = [r, g, b].map(|c| (c * 255.0 / a).clamp(0.0, 255.0));
            let color = tone.as_ref().map_or(color, |tone| tone.at(luminance(color)));
            let cover = cover.as_ref().map_or(255, |mask| mask.pixel(x as u32, y as u32)[0]);
            let alpha = (a / 255.0).min(1.0) * f32::from(cover) / 255.0;
            for (p, c) in pixel.iter_mut().zip(color) {
                *p = (f32::from(*p) * (1.0 - alpha) + c * alpha + 0.5) as u8;
            }
        }
    }
}

/// The crop moved inside the picture, and no larger than it; `None` where nothing is left.
fn inside(crop: Rect, raster: &Raster) -> Option<Rect> {
    let (width, height) = raster.dimensions();
    let (width, height) = (width as f32, height as f32);
    let (w, h) = (crop.w.min(width), crop.h.min(height));
    let is_some = crop.x.is_finite() && crop.y.is_finite() && w > 0.0 && h > 0.0;
    is_some.then(|| Rect::new(crop.x.clamp(0.0, width - w), crop.y.clamp(0.0, height - h), w, h))
}

/// Luminance as ITU-R BT.601 has it and picture editors turn colours grey, of the same range as the channels. The
/// fractions are Pillow's: their sum is exactly 1.
pub(super) fn luminance([r, g, b]: [f32; 3]) -> f32 {
    (r * 19_595.0 + g * 38_470.0 + b * 7_471.0) / 65_536.0
}

/// The pixels of the picture that one pixel of the card is made of, along one axis.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

impl Taps {
    /// For each pixel of `seen`, where `frame` (start and length on the card) shows `crop` (in a picture of `size`).
    fn along(seen: std::ops::Range<u32>, frame: (f32, f32), crop: (f32, f32), size: u32) -> Vec<Self> {
        let scale = crop.1 / frame.1;
        // Widened with the reduction, so nothing flickers.
        let width = scale.max(1.0);
        let last = size as f32 - 1.0;
        let taps = |at: u32| {
            let middle = crop.0 + (at as f32 + 0.5 - frame.0) * scale - 0.5;
            let (from, to) = ((middle - 2.0 * width).ceil(), (middle + 2.0 * width).floor());
            let first = from.clamp(0.0, last) as usize;
            let mut weights = vec![0.0; to.clamp(0.0, last) as usize - first + 1];
            let mut sum = 0.0;
            let mut tap = from;
            while tap <= to {
                let weight = catmull_rom((tap - middle).abs() / width);
                sum += weight;
                weights[tap.clamp(0.0, last) as usize - first] += weight; // beyond the edge the edge goes on
                tap += 1.0;
            }
            weights.iter_mut().for_each(|weight| *weight /= sum);
            Self { first, weights }
        };
        seen.map(taps).collect()
    }
}

/// Catmull and Rom's cubic at distance `x` ≥ 0: sharp, with little overshoot.
fn catmull_rom(x: f32) -> f32 {
    match x {
        0.0..1.0 => (1.5 * x - 2.5) * x * x + 1.0,
        1.0..2.0 => ((2.5 - 0.5 * x) * x - 4.0) * x + 2.0,
        _ => 0.0,
    }
}

/// Makes rows of the card: the picture's rows are added up first, in one pass without jumps, then its columns.
struct Sampler<'a> {
    raster: &'a Raster,
    columns: &'a [Taps],
    /// The picture's columns that count.
    used: std::ops::Range<usize>,
    /// Red, green, blue times alpha, and alpha (0–255) of these columns.
    sums: Vec<[f32; 4]>,
}

impl<'a> Sampler<'a> {
    fn new(raster: &'a Raster, columns: &'a [Taps]) -> Self {
        let start = columns.iter().map(|taps| taps.first).min().unwrap_or(0);
        let end = columns.iter().map(|taps| taps.first + taps.weights.len()).max().unwrap_or(0);
        Self { raster, columns, used: start..end, sums: vec![[0.0; 4]; end - start] }
    }

    /// Premultiplied red, green, blue and alpha (0–255) of each pixel of a row.
    fn row(&mut self, row: &Taps) -> impl Fn(usize) -> [f32; 4] {
        self.sums.fill([0.0; 4]);
        for (y, &weight) in (row.first..).zip(&row.weights) {
            let line = self.used.clone().map(|x| self.raster.pixel(x, y));
            if self.raster.is_opaque() {
                for (sum, pixel) in self.sums.iter_mut().zip(line) {
                    *sum = std::array::from_fn(|c| sum[c] + f32::from(pixel[c]) * weight);
                }
            } else {
                // Premultiplied, so that the colour of clear pixels does not seep in.
                for (sum, [r, g, b, a]) in self.sums.iter_mut().zip(line) {
                    let weight = weight * f32::from(a) / 255.0;
                    for (sum, c) in sum.iter_mut().zip([r, g, b, 255]) {
                        *sum += f32::from(c) * weight;
                    }
                }
            }
        }
        |x| {
            let Taps { first, weights } = &self.columns[x];
            let from = first - self.used.start;
            let mut sum = [0.0; 4];
            for (pixel, weight) in self.sums[from..from + weights.len()].iter().zip(weights) {
                sum = std::array::from_fn(|c| sum[c] + pixel[c] * weight);
            }
            sum
        }
    }
}

/// What a duotone makes of each luminance.
struct Duotone(Vec<[f32; 3]>);

impl Duotone {
    /// Steps of the table to one level of luminance: resampling leaves fractions, and a poor photograph's few
    /// levels are drawn far apart.
    const STEPS: usize = 16;

    /// Stretches the contrast of the part `crop`, so that one in a hundred pixels is black and one white.
    fn new(raster: &Raster, crop: Rect, stops: &[(f32, Color)]) -> Self {
        let [low, high] = darkest_and_lightest(raster, crop);
        let color = |step: usize| {
            let level = step as f32 / Self::STEPS as f32;
            // A crop of one shade stays that shade.
            let level = if low < high { (level - low) / (high - low) } else { level / 255.0 };
            interpolate(stops, steepen(level.clamp(0.0, 1.0)))
        };
        Self((0..=255 * Self::STEPS).map(color).collect())
    }

    /// The colour of a luminance of 0–255.
    fn at(&self, luminance: f32) -> [f32; 3] {
        self.0[((luminance * Self::STEPS as f32 + 0.5) as usize).min(255 * Self::STEPS)]
    }
}

/// A mild S: a little over half of the way to a smooth step.
fn steepen(a: f32) -> f32 {
    a * a * (3.0 - 2.0 * a) * 0.55 + a * 0.45
}

/// The colour at `t` between stops, 0–255 each; the first before the first stop, the last after the last.
fn interpolate(stops: &[(f32, Color)], t: f32) -> [f32; 3] {
    let channels = |Color { r, g, b, .. }: Color| [r, g, b].map(f32::from);
    let after = stops.partition_point(|stop| stop.0 <= t);
    match (after.checked_sub(1).map(|i| stops[i]), stops.get(after)) {
        (Some((from, a)), Some(&(to, b))) => {
            let (a, b) = (channels(a), channels(b));
            let part = (t - from) / (to - from);
            std::array::from_fn(|c| a[c] + (b[c] - a[c]) * part)
        }
        (Some((_, only)), None) | (None, Some(&(_, only))) => channels(only),
        (None, None) => [0.0; 3],
    }
}

/// The luminance that one in a hundred pixels of a crop is darker than, and that one is lighter than, 0–255.
fn darkest_and_lightest(raster: &Raster, crop: Rect) -> [f32; 2] {
    let (width, height) = raster.dimensions();
    let range = |start: f32, length: f32, size: u32| {
        let from = (start.round() as u32).min(size - 1);
        from..((start + length).round() as u32).clamp(from + 1, size)
    };
    let (columns, rows) = (range(crop.x, crop.w, width as u32), range(crop.y, crop.h, height as u32));
    // A million pixels tell as much as sixty.
    let step = (1..).find(|step| columns.len() / step * (rows.len() / step) <= 1 << 20).unwrap_or(1);
    let levels: Vec<u8> = rows
        .step_by(step)
        .flat_map(|y| columns.clone().step_by(step).map(move |x| raster.pixel(x as usize, y as usize)))
        .filter(|pixel| pixel[3] > 0)
        .map(|[r, g, b, _]| (luminance([r, g, b].map(f32::from)) + 0.5) as u8)
        .collect();
    let count = levels.len() as u32;
    let Some(grey) = GrayImage::from_raw(count, 1, levels) else { return [0.0; 2] };
    let sums = cumulative_histogram(&grey).channels[0];
    // The level of the pixel at this rank, in order of luminance.
    let level = |rank: u32| sums.iter().position(|&sum| sum > rank).unwrap_or(0) as f32;
    [0.01, 0.99].map(|share| {
        let rank = share * f64::from(count.saturating_sub(1));
        let (below, above) = (level(rank.floor() as u32), level(rank.ceil() as u32));
        below + (above - below) * rank.fract() as f32
    })
}
