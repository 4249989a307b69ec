//! Photographs: a part, stretched to a rectangle or its ellipse, in its own colours or as a duotone.

use std::borrow::Cow;

use crate::color::Color;
use crate::geom::Rect;
use crate::layout::{Paint, Shape};
use crate::template::Art;
use crate::template::art::{Raster, Samples};

use super::picture::PixelBox;
use super::{Pixels, fill};

/// How a photograph is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finish<'a> {
    /// Only the ellipse is seen.
    pub(super) circle: bool,
    /// A duotone's stops; none: the photograph's own colours.
    pub(super) tone: &'a [(f32, Color)],
    /// How much of it is seen, 0–1.
    pub(super) opacity: f32,
}

/// Paints the part `crop` of `art` on `dest`.
pub(super) fn paint(pixels: &mut Pixels, art: &Art, crop: Rect, dest: Rect, finish: Finish<'_>) {
    let Finish { circle, tone, opacity } = finish;
    if opacity.is_nan() || opacity <= 0.0 {
        return;
    }
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
    // A headshot is judged by itself; a larger frame by the whole picture, so that one speaker looks alike in every
    // size.
    let (width, height) = raster.dimensions();
    let whole = Rect::new(0.0, 0.0, width as f32, height as f32);
    let tone = (!tone.is_empty()).then(|| {
        let range = if circle {
            darkest_and_lightest(raster, crop)
        } else {
            // One photograph serves many cards.
            *raster.range.get_or_init(|| darkest_and_lightest(raster, whole))
        };
        Duotone::new(range, tone)
    });
    let cover = circle.then(|| {
        let mut mask = Pixels::filled(seen.x1 - seen.x0, seen.y1 - seen.y0, [0; 3]);
        let ellipse = Rect::new(dest.x - seen.x0 as f32, dest.y - seen.y0 as f32, dest.w, dest.h);
        fill::fill(&mut mask, Shape::Ellipse(ellipse), &Paint::Solid(Color::rgb(255, 255, 255)));
        mask
    });
    let (source, crop) = Source::new(raster, crop, (frame.w, frame.h));
    let columns = Taps::along(seen.x0..seen.x1, (frame.x, frame.w), (crop.x, crop.w), source.width);
    let rows = Taps::along(seen.y0..seen.y1, (frame.y, frame.h), (crop.y, crop.h), source.height);
    let mut sampler = Sampler::new(&source, &columns);
    for (y, row) in rows.iter().enumerate() {
        let sampled = sampler.row(row);
        for (x, pixel) in pixels.run(seen.y0 + y as u32, seen.x0, seen.x1).iter_mut().enumerate() {
            let [r, g, b, a] = sampled(x);
            if a <= 0.0 {
                continue;
            }
            // The filter overshoots at edges: no colour may exceed its alpha.
            let color = if raster.is_opaque() { [r, g, b] } else { [r, g, b].map(|c| c * 255.0 / a) };
            let color = color.map(|c| c.clamp(0.0, 255.0));
            let color = tone.as_ref().map_or(color, |tone| tone.at(luminance(color)));
            let cover = cover.as_ref().map_or(255, |mask| mask.pixel(x as u32, y as u32)[0]);
            let alpha = (a / 255.0).min(1.0) * f32::from(cover) / 255.0 * opacity.min(1.0);
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

/// The picture that is resampled.
struct Source<'a> {
    width: usize,
    height: usize,
    pixels: SourcePixels<'a>,
}

enum SourcePixels<'a> {
    /// Red, green, blue, as most photographs are.
    Rgb(Cow<'a, [u8]>),
    /// Something shows through.
    Clear(&'a Raster),
}

impl<'a> Source<'a> {
    /// The picture as it is, or, where it has four times the pixels across that are needed or more, reduced by
    /// plain means to twice of them at least; and where `crop` is in it. The filter does the rest: that looks the
    /// same, and reads each of a camera's pixels once instead of sixteen times.
    fn new(raster: &'a Raster, crop: Rect, (width, height): (f32, f32)) -> (Self, Rect) {
        let size = raster.dimensions();
        let Samples::Rgb(rgb) = raster.samples() else {
            return (Self { width: size.0, height: size.1, pixels: SourcePixels::Clear(raster) }, crop);
        };
        let block = |crop: f32, size: f32| ((crop / size / 2.0) as usize).max(1);
        let (bw, bh) = (block(crop.w, width), block(crop.h, height));
        if bw == 1 && bh == 1 {
            let pixels = SourcePixels::Rgb(Cow::Borrowed(rgb.as_slice()));
            return (Self { width: size.0, height: size.1, pixels }, crop);
        }
        // Whole blocks that cover the crop and what the filter sees around it; where the picture ends, fewer.
        let blocks = |start: f32, length: f32, block: usize, size: usize| {
            let margin = 12.0 * block as f32; // the filter reaches less than eight blocks
            let from = (start - margin).max(0.0) as usize / block;
            let to = ((start + length + margin) as usize).div_ceil(block).min(size / block);
            from..to
        };
        let (columns, rows) = (blocks(crop.x, crop.w, bw, size.0), blocks(crop.y, crop.h, bh, size.1));
        let mut out = Vec::with_capacity(columns.len() * rows.len() * 3);
        let mut sums = vec![0; columns.len() * bw * 3];
        let (line, skip) = (size.0 * 3, columns.start * bw * 3);
        let share = 1.0 / (bw * bh) as f32;
        for row in rows.clone() {
            sums.fill(0);
            for y in row * bh..(row + 1) * bh {
                let bytes = &rgb[y * line + skip..][..sums.len()];
                sums.iter_mut().zip(bytes).for_each(|(sum, &byte)| *sum += u32::from(byte));
            }
            for block in sums.chunks_exact(bw * 3) {
                let mut total = [0; 3];
                for pixel in block.as_chunks::<3>().0 {
                    total = std::array::from_fn(|c| total[c] + pixel[c]);
                }
                out.extend(total.map(|sum: u32| (sum as f32 * share + 0.5) as u8));
            }
        }
        let (kx, ky) = (bw as f32, bh as f32);
        let crop = Rect::new(
            crop.x / kx - columns.start as f32,
            crop.y / ky - rows.start as f32,
            crop.w / kx,
            crop.h / ky,
        );
        (Self { width: columns.len(), height: rows.len(), pixels: SourcePixels::Rgb(Cow::Owned(out)) }, crop)
    }
}

/// The pixels of the picture that one pixel of the card is made of, along one axis.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

impl Taps {
    /// For each pixel of `seen`, where `frame` (start and length on the card) shows `crop` (in a picture of `size`).
    fn along(seen: std::ops::Range<u32>, frame: (f32, f32), crop: (f32, f32), size: usize) -> Vec<Self> {
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
    source: &'a Source<'a>,
    columns: &'a [Taps],
    /// The picture's columns that count.
    used: std::ops::Range<usize>,
    /// Their red, green, blue; where something shows through, times alpha, and alpha. 0–255 each.
    sums: Vec<f32>,
}

impl<'a> Sampler<'a> {
    fn new(source: &'a Source<'a>, columns: &'a [Taps]) -> Self {
        let start = columns.iter().map(|taps| taps.first).min().unwrap_or(0);
        let end = columns.iter().map(|taps| taps.first + taps.weights.len()).max().unwrap_or(0);
        let channels = if matches!(source.pixels, SourcePixels::Rgb(_)) { 3 } else { 4 };
        Self { source, columns, used: start..end, sums: vec![0.0; (end - start) * channels] }
    }

    /// Premultiplied red, green, blue and alpha (0–255) of each pixel of a row.
    fn row(&mut self, row: &Taps) -> impl Fn(usize) -> [f32; 4] {
        self.sums.fill(0.0);
        for (y, &weight) in (row.first..).zip(&row.weights) {
            match &self.source.pixels {
                SourcePixels::Rgb(rgb) => {
                    let line = &rgb[(y * self.source.width + self.used.start) * 3..];
                    self.sums.iter_mut().zip(line).for_each(|(sum, &c)| *sum += f32::from(c) * weight);
                }
                SourcePixels::Clear(raster) => {
                    for (sum, x) in self.sums.as_chunks_mut::<4>().0.iter_mut().zip(self.used.clone()) {
                        // Premultiplied, so that the colour of clear pixels does not seep in.
                        let [r, g, b, a] = raster.pixel(x, y);
                        let weight = weight * f32::from(a) / 255.0;
                        for (sum, c) in sum.iter_mut().zip([r, g, b, 255]) {
                            *sum += f32::from(c) * weight;
                        }
                    }
                }
            }
        }
        |x| {
            let taps = &self.columns[x];
            let from = taps.first - self.used.start;
            if let SourcePixels::Rgb(_) = self.source.pixels {
                let [r, g, b] = weigh(&self.sums.as_chunks().0[from..], &taps.weights);
                [r, g, b, 255.0]
            } else {
                weigh(&self.sums.as_chunks().0[from..], &taps.weights)
            }
        }
    }
}

fn weigh<const N: usize>(pixels: &[[f32; N]], weights: &[f32]) -> [f32; N] {
    let mut sum = [0.0; N];
    for (pixel, weight) in pixels.iter().zip(weights) {
        sum = std::array::from_fn(|c| sum[c] + pixel[c] * weight);
    }
    sum
}

/// What a duotone makes of each luminance.
struct Duotone(Vec<[f32; 3]>);

impl Duotone {
    /// Steps of the table to one level of luminance: resampling leaves fractions, and a poor photograph's few
    /// levels are drawn far apart.
    const STEPS: usize = 16;

    /// Stretches the contrast, so that `low` is black and `high` white.
    fn new([low, high]: [f32; 2], stops: &[(f32, Color)]) -> Self {
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
        self.0[((luminance * Self::STEPS as f32 + 0.5) as u16 as usize).min(255 * Self::STEPS)]
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
    let range = |start: f32, length: f32, size: usize| {
        let from = (start.round() as usize).min(size - 1);
        from..((start + length).round() as usize).clamp(from + 1, size)
    };
    let (columns, rows) = (range(crop.x, crop.w, width), range(crop.y, crop.h, height));
    // A million pixels tell as much as sixty.
    let step = (1..).find(|step| columns.len() / step * (rows.len() / step) <= 1 << 20).unwrap_or(1);
    let mut sums = [0_u32; 256];
    for y in rows.step_by(step) {
        for [r, g, b, a] in columns.clone().step_by(step).map(|x| raster.pixel(x, y)) {
            sums[(luminance([r, g, b].map(f32::from)) + 0.5) as usize] += u32::from(a > 0);
        }
    }
    // From the darkest up.
    (1..256).for_each(|level| sums[level] += sums[level - 1]);
    let count = sums[255];
    // The level of the pixel at this rank, in order of luminance.
    let level = |rank: u32| sums.iter().position(|&sum| sum > rank).unwrap_or(0) as f32;
    [0.01, 0.99].map(|share| {
        let rank = share * f64::from(count.saturating_sub(1));
        let (below, above) = (level(rank.floor() as u32), level(rank.ceil() as u32));
        below + (above - below) * rank.fract() as f32
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::Rgba;

    use super::*;

    const PLAIN: Finish<'_> = Finish { circle: false, tone: &[], opacity: 1.0 };

    const FIRST: Color = Color::rgb(8, 38, 42);
    const LAST: Color = Color::rgb(251, 227, 190);

    fn art(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Art {
        let mut out = Cursor::new(Vec::new());
        image::RgbaImage::from_fn(width, height, |x, y| Rgba(pixel(x, y)))
            .write_to(&mut out, image::ImageFormat::Png)
            .unwrap();
        Art::from_photo("photo.png", &out.into_inner()).unwrap()
    }

    fn grey(v: u32) -> [u8; 4] {
        [v as u8, v as u8, v as u8, 255]
    }

    fn canvas() -> Pixels {
        Pixels::filled(40, 30, [255; 3])
    }

    fn photo(art: &Art, crop: Rect, dest: Rect) -> Pixels {
        let mut p = canvas();
        paint(&mut p, art, crop, dest, PLAIN);
        p
    }

    #[test]
    fn a_crop_in_its_own_size_is_copied() {
        let art = art(50, 40, |x, y| [x as u8 * 5, y as u8 * 6, 7, 255]);
        let p = photo(&art, Rect::new(10.0, 20.0, 8.0, 5.0), Rect::new(3.4, 4.4, 8.0, 5.0));
        for y in 0..30 {
            for x in 0..40 {
                let inside = (3..11).contains(&x) && (4..9).contains(&y);
                let (u, v) = (x as u8, y as u8);
                let copied = || [(u - 3 + 10) * 5, (v - 4 + 20) * 6, 7];
                assert_eq!(p.pixel(x, y), if inside { copied() } else { [255; 3] }, "{x} {y}");
            }
        }
        // Beyond the picture: moved inside; larger than it: all of it.
        let dest = Rect::new(0.0, 0.0, 8.0, 5.0);
        let corner = photo(&art, Rect::new(42.0, 35.0, 8.0, 5.0), dest);
        assert!(photo(&art, Rect::new(99.0, 36.5, 8.0, 5.0), dest) == corner);
        let whole = photo(&art, Rect::new(0.0, 0.0, 50.0, 40.0), dest);
        assert!(photo(&art, Rect::new(-9.0, -3.0, 70.0, 40.5), dest) == whole);
    }

    #[test]
    fn what_lies_outside_the_card_is_cut_off() {
        let art = art(64, 64, |x, y| [x as u8 * 4, y as u8 * 4, 99, 255]);
        let crop = Rect::new(3.0, 5.0, 50.0, 48.0);
        let mut large = Pixels::filled(140, 130, [255; 3]);
        paint(&mut large, &art, crop, Rect::new(20.0, 30.0, 90.0, 80.0), PLAIN);
        let part = photo(&art, crop, Rect::new(-30.0, -10.0, 90.0, 80.0));
        for y in 0..30 {
            for x in 0..40 {
                let (a, b) = (part.pixel(x, y), large.pixel(x + 50, y + 40));
                assert!(a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 1), "{x} {y}");
            }
        }
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30] {
            let dest = Rect::new(2.0, 2.0, 9.0, 9.0);
            for crop in [Rect::new(bad, 0.0, 9.0, 9.0), Rect::new(0.0, 0.0, bad, 9.0), crop] {
                for dest in [Rect::new(0.0, bad, 9.0, 9.0), Rect::new(0.0, 0.0, 1e-20, bad), dest] {
                    for circle in [false, true] {
                        let finish = Finish { circle, tone: &[(0.0, FIRST)], opacity: 1.0 };
                        paint(&mut canvas(), &art, crop, dest, finish); // and comes back
                    }
                }
            }
            assert!(photo(&art, crop, Rect::new(bad, 0.0, 9.0, 9.0)) == canvas());
        }
    }

    #[test]
    fn opacity_lets_the_ground_through() {
        let art = art(4, 4, |_, _| [55, 155, 255, 255]);
        let (crop, dest) = (Rect::new(0.0, 0.0, 4.0, 4.0), Rect::new(0.0, 0.0, 8.0, 8.0));
        let mut p = canvas();
        paint(&mut p, &art, crop, dest, Finish { opacity: 0.25, ..PLAIN });
        assert_eq!(p.pixel(4, 4), [205, 230, 255]);
        paint(&mut p, &art, crop, Rect::new(20.0, 0.0, 8.0, 8.0), Finish { opacity: 0.0, ..PLAIN });
        assert_eq!(p.pixel(24, 4), [255; 3]);
    }

    #[test]
    fn resampling_keeps_flat_colours_and_means() {
        for alpha in [255, 128] {
            let flat = art(64, 48, |_, _| [10, 130, 250, alpha]);
            for (w, h) in [(40.0, 30.0), (6.0, 5.0), (80.0, 60.0), (3.0, 3.0), (4000.0, 4000.0)] {
                let p = photo(&flat, Rect::new(7.3, 2.1, 33.3, 44.4), Rect::new(0.0, 0.0, w, h));
                let a = f32::from(alpha) / 255.0;
                let expected = [10.0, 130.0, 250.0].map(|c: f32| (255.0 + (c - 255.0) * a).round() as u8);
                let got = p.pixel(1, 1);
                assert!(
                    got.iter().zip(expected).all(|(g, e)| g.abs_diff(e) <= 1),
                    "{w}: {got:?}, {expected:?}"
                );
            }
        }
        let checks = art(256, 256, |x, y| grey((x + y) % 2 * 255));
        for crop in [Rect::new(0.0, 0.0, 256.0, 256.0), Rect::new(0.0, 0.0, 100.0, 100.0)] {
            let p = photo(&checks, crop, Rect::new(0.0, 0.0, 40.0, 30.0));
            assert!(p.rgb().iter().all(|c| (115..=140).contains(c)), "{crop:?} {:?}", p.rgb());
        }
        // A ramp stays one, and in its place, however much it is reduced.
        let ramp = art(2048, 64, |x, _| grey(x / 8));
        let p = photo(&ramp, Rect::new(0.0, 0.0, 2048.0, 64.0), Rect::new(0.0, 0.0, 40.0, 30.0));
        for x in 2..38 {
            let middle = (x as f32 + 0.5) * 6.4 - 0.5;
            assert!((f32::from(p.pixel(x, 9)[0]) - middle).abs() <= 1.0, "{x}");
        }
    }

    #[test]
    fn the_colour_of_clear_pixels_does_not_seep_in() {
        let half = art(40, 40, |x, _| if x < 20 { [255, 255, 255, 255] } else { [255, 0, 0, 0] });
        assert!(photo(&half, Rect::new(0.0, 0.0, 40.0, 40.0), Rect::new(0.0, 0.0, 10.0, 10.0)) == canvas());
    }

    #[test]
    fn a_duotone_runs_from_its_first_colour_to_its_last() {
        let middle = Color::rgb(94, 156, 134);
        let tone = [(0.0, FIRST), (0.5, middle), (1.0, LAST)];
        // Only 60 to 180: the contrast is stretched; and no colour of the photograph's own is left.
        let art = art(121, 10, |x, _| [x as u8 + 60, x as u8 + 60, x as u8 + 60, 255]);
        let mut p = Pixels::filled(121, 10, [255; 3]);
        let whole = Rect::new(0.0, 0.0, 121.0, 10.0);
        paint(&mut p, &art, whole, whole, Finish { tone: &tone, ..PLAIN });
        let rgb = |Color { r, g, b, .. }: Color| [r, g, b];
        assert_eq!([0, 1, 60, 119, 120].map(|x| p.pixel(x, 5)), [FIRST, FIRST, middle, LAST, LAST].map(rgb));
        let reds: Vec<u8> = (0..121).map(|x| p.pixel(x, 0)[0]).collect();
        assert!(reds.is_sorted());
    }

    #[test]
    fn a_duotone_is_the_mockups() {
        // numpy's percentiles, stretch and curve over these 500 levels, by the mockups' `duo` (rounded).
        let art = art(25, 20, |x, y| grey(20 + (x * 7 + y * 13) % 190));
        let Art::Raster(raster) = &art else { panic!("a picture") };
        let [low, high] = darkest_and_lightest(raster, Rect::new(0.0, 0.0, 25.0, 20.0));
        let mut levels: Vec<u8> = (0..500).map(|i| raster.pixel(i % 25, i / 25)[0]).collect();
        levels.sort_unstable();
        let percentile = |rank: f32| {
            let [a, b] = [rank.floor(), rank.ceil()].map(|i| f32::from(levels[i as usize]));
            a + (b - a) * rank.fract()
        };
        assert!((low - percentile(4.99)).abs() < 1e-3 && (high - percentile(494.01)).abs() < 1e-3);
        let tone = [(0.0, FIRST), (1.0, LAST)];
        let mut p = canvas();
        let whole = Rect::new(0.0, 0.0, 25.0, 20.0);
        paint(&mut p, &art, whole, whole, Finish { tone: &tone, ..PLAIN });
        for (x, y) in (0..20).flat_map(|y| (0..25).map(move |x| (x, y))) {
            let a =
                ((f32::from(raster.pixel(x as usize, y as usize)[0]) - low) / (high - low)).clamp(0.0, 1.0);
            let a = a * a * (3.0 - 2.0 * a) * 0.55 + a * 0.45;
            let red = 8.0 + (251.0 - 8.0) * a;
            assert!((f32::from(p.pixel(x, y)[0]) - red).abs() <= 0.51, "{x} {y}");
        }
    }

    #[test]
    fn luminance_is_what_pillow_makes_of_colours() {
        for (color, level) in
            [([255, 0, 0], 76), ([0, 255, 0], 150), ([0, 0, 255], 29), ([200, 100, 50], 124)]
        {
            assert_eq!((luminance(color.map(|c: u8| f32::from(c))) + 0.5) as u8, level);
        }
        assert!((0..=255_u8).all(|v| luminance([f32::from(v); 3]) == f32::from(v)));
    }

    #[test]
    fn stops_may_be_few_and_a_photograph_of_one_shade() {
        let (a, b) = (Color::rgb(10, 20, 30), Color::rgb(110, 120, 130));
        assert_eq!(interpolate(&[(0.5, a)], 0.2), [10.0, 20.0, 30.0]);
        assert_eq!(interpolate(&[(0.25, a), (0.75, b)], 0.1), [10.0, 20.0, 30.0]);
        assert_eq!(interpolate(&[(0.25, a), (0.75, b)], 0.5), [60.0, 70.0, 80.0]);
        assert_eq!(interpolate(&[(0.25, a), (0.75, b)], 1.0), [110.0, 120.0, 130.0]);
        assert_eq!(interpolate(&[(0.0, a), (0.5, a), (0.5, b)], 0.5), [110.0, 120.0, 130.0]);
        let tone = [(0.0, Color::rgb(0, 0, 0)), (1.0, Color::rgb(255, 255, 255))];
        for (shade, expected) in [(0, 0), (255, 255)] {
            let mut p = canvas();
            let whole = Rect::new(0.0, 0.0, 9.0, 9.0);
            paint(&mut p, &art(9, 9, |_, _| grey(shade)), whole, whole, Finish { tone: &tone, ..PLAIN });
            assert_eq!(p.pixel(4, 4), [expected; 3]);
        }
        // Nothing but clear pixels.
        let mut p = canvas();
        let whole = Rect::new(0.0, 0.0, 9.0, 9.0);
        paint(&mut p, &art(9, 9, |_, _| [9, 9, 9, 0]), whole, whole, Finish { tone: &tone, ..PLAIN });
        assert!(p == canvas());
    }

    #[test]
    fn a_circle_is_cut_out_and_its_own_mirror_image() {
        let art = art(60, 60, |_, _| grey(0));
        for dest in [Rect::new(8.0, 4.0, 20.0, 20.0), Rect::new(7.5, 4.5, 21.0, 19.0)] {
            let mut p = canvas();
            paint(&mut p, &art, Rect::new(5.0, 5.0, 50.0, 50.0), dest, Finish { circle: true, ..PLAIN });
            for y in 0..28 {
                for x in 0..36 {
                    let at = |x: u32, y: u32| p.pixel(x, y)[0];
                    assert!(at(x, y) == at(35 - x, y) && at(x, y) == at(x, 27 - y), "{dest:?} {x} {y}");
                }
            }
            assert_eq!((p.pixel(18, 14), p.pixel(8, 4), p.pixel(6, 14)), ([0; 3], [255; 3], [255; 3]));
            let ink: f32 = p.rgb().iter().step_by(3).map(|&v| f32::from(255 - v) / 255.0).sum();
            let area = std::f32::consts::PI / 4.0 * dest.w * dest.h;
            assert!((ink - area).abs() < area * 0.004, "{ink}, not {area}");
        }
    }
}
