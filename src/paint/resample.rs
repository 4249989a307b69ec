//! Stretching the samples of a picture, one axis after the other.
//!
//! `image` resamples whole pictures of four channels into whole pictures. A card needs a row at a time, of what is
//! seen, and of the template's own hills one channel only: that is a tenth of the work.

use std::ops::Range;

/// Where one axis of a stretched picture takes its samples.
pub(super) struct Axis {
    /// How many samples make one pixel, the same for all.
    taps: usize,
    /// The first sample of each pixel.
    starts: Vec<usize>,
    /// [`taps`](Self::taps) weights a pixel; they sum to 1.
    weights: Vec<f32>,
}

/// A filter: how far it reaches, and its weight at a distance.
#[derive(Clone, Copy)]
pub(super) struct Filter {
    support: f32,
    weight: fn(f32) -> f32,
}

/// Sharp, four samples wide.
pub(super) const CATMULL_ROM: Filter = Filter {
    support: 2.0,
    weight: |x| match x.abs() {
        x if x < 1.0 => (1.5 * x - 2.5) * x * x + 1.0,
        x if x < 2.0 => ((2.5 - 0.5 * x) * x - 4.0) * x + 2.0,
        _ => 0.0,
    },
};

/// Soft, two samples wide.
pub(super) const TRIANGLE: Filter = Filter { support: 1.0, weight: |x| (1.0 - x.abs()).max(0.0) };

impl Axis {
    /// `from` samples stretched to `to` pixels, of which `seen` count. The filter widens with a reduction, so that
    /// every sample has its part.
    pub(super) fn new(from: usize, to: u32, seen: Range<u32>, filter: Filter) -> Self {
        let ratio = from as f32 / to as f32;
        let scale = ratio.max(1.0);
        let reach = filter.support * scale;
        let taps = (2.0 * reach).ceil() as usize + 1;
        let taps = taps.min(from);
        let mut axis = Self { taps, starts: Vec::new(), weights: Vec::new() };
        for pixel in seen {
            let center = (pixel as f32 + 0.5) * ratio;
            let start = ((center - reach).floor().max(0.0) as usize).min(from - taps);
            let first = axis.weights.len();
            axis.weights
                .extend((start..start + taps).map(|i| (filter.weight)((i as f32 + 0.5 - center) / scale)));
            let weights = &mut axis.weights[first..];
            let sum: f32 = weights.iter().sum();
            weights.iter_mut().for_each(|weight| *weight /= sum);
            axis.starts.push(start);
        }
        axis
    }

    /// Pixel after pixel: its first sample and its weights.
    fn pixels(&self) -> impl Iterator<Item = (usize, &[f32])> {
        self.starts.iter().copied().zip(self.weights.chunks_exact(self.taps))
    }
}

/// Hands out the stretched rows from the top, with their index. `samples` has `width` pixels of `N` channels a row.
pub(super) fn rows<const N: usize, S: Copy + Into<f32>>(
    samples: &[S],
    width: usize,
    (across, down): (&Axis, &Axis),
    mut put: impl FnMut(u32, &[[f32; N]]),
) {
    let mut high = vec![0.0_f32; width * N]; // as high as the result, as wide as the source
    let mut row = vec![[0.0_f32; N]; across.starts.len()];
    for (y, (top, weights)) in (0..).zip(down.pixels()) {
        high.fill(0.0);
        for (source, &weight) in samples[top * width * N..].chunks_exact(width * N).zip(weights) {
            if weight != 0.0 {
                for (sum, &sample) in high.iter_mut().zip(source) {
                    *sum += weight * sample.into();
                }
            }
        }
        let (high, _) = high.as_chunks::<N>();
        for (pixel, (left, weights)) in row.iter_mut().zip(across.pixels()) {
            *pixel = [0.0; N];
            for (sample, weight) in high[left..].iter().zip(weights) {
                for (sum, sample) in pixel.iter_mut().zip(sample) {
                    *sum += weight * sample;
                }
            }
        }
        put(y, &row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `image`'s own resampling is what cards were painted with before.
    #[test]
    fn agrees_with_image() {
        use image::imageops::{FilterType, resize};
        let picture = image::RgbImage::from_fn(37, 23, |x, y| {
            image::Rgb([(x * 7) as u8, (y * 11) as u8, if (x / 5 + y / 3) % 2 == 0 { 250 } else { 3 }])
        });
        for (filter, theirs) in [(CATMULL_ROM, FilterType::CatmullRom), (TRIANGLE, FilterType::Triangle)] {
            for (w, h) in [(37, 23), (90, 70), (20, 9), (5, 3), (1, 1), (40, 10)] {
                let expected = resize(&picture, w, h, theirs);
                let axes = (&Axis::new(37, w, 0..w, filter), &Axis::new(23, h, 0..h, filter));
                rows::<3, u8>(picture.as_raw(), 37, axes, |y, row| {
                    for (x, pixel) in (0..).zip(row) {
                        for (got, expected) in pixel.iter().zip(expected.get_pixel(x, y).0) {
                            let off = got.clamp(0.0, 255.0) - f32::from(expected);
                            assert!(off.abs() <= 1.0, "{w} × {h}, {x} {y}: {got}, not {expected}");
                        }
                    }
                });
            }
        }
    }

    #[test]
    fn a_part_is_the_same_as_in_the_whole() {
        let samples: Vec<u8> = (0..200).map(|i| (i * 37 % 256) as u8).collect();
        let mut whole = Vec::new();
        let axis = |from, to, seen| Axis::new(from, to, seen, CATMULL_ROM);
        rows::<1, u8>(&samples, 20, (&axis(20, 50, 0..50), &axis(10, 30, 0..30)), |_, row| {
            whole.push(row.to_vec())
        });
        rows::<1, u8>(&samples, 20, (&axis(20, 50, 7..31), &axis(10, 30, 11..13)), |y, row| {
            assert_eq!(row, &whole[y as usize + 11][7..31]);
        });
    }
}
