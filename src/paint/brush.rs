//! A text's colour, blended into what it covers.

use crate::color::Color;

use super::marks::Bits;
use super::mix;

/// How a stretch is covered, eight pixels at a time, a bit each: most of a text's box is bare, and where letters begin and
/// end nobody can foretell, so that it costs more to decide than to count.
#[derive(Clone, Copy)]
pub(super) struct Eights {
    /// Not bare.
    pub(super) inked: u64,
    /// Wholly covered.
    full: u64,
}

impl Eights {
    /// Pixels of a stretch at most.
    pub(super) const MOST: usize = 8 * u64::BITS as usize;

    pub(super) fn of(mask: &[u8]) -> Self {
        let mut eights = Self { inked: 0, full: 0 };
        for (i, eight) in mask.as_chunks::<8>().0.iter().enumerate() {
            let eight = u64::from_le_bytes(*eight);
            eights.inked |= u64::from(eight != 0) << i;
            eights.full |= u64::from(eight == u64::MAX) << i;
        }
        eights
    }
}

/// How a run's colour goes onto what is there.
pub(super) struct Blend {
    color: [u8; 3],
    /// Opacity (of [`super::OPAQUE`]) for each coverage.
    opacity: [u32; 256],
}

impl Blend {
    pub(super) fn new(color: Color) -> Self {
        let light = color.luminance() > 0.5;
        let alpha = u32::from(color.a);
        let opacity = std::array::from_fn(|c| alpha * u32::from(if light { LIGHT[c] } else { c as u8 }));
        Self { color: [color.r, color.g, color.b], opacity }
    }

    /// The run's colour, its alpha apart.
    pub(super) fn ink(&self) -> [u8; 3] {
        self.color
    }

    /// How much of it is seen at a coverage, of [`super::OPAQUE`].
    pub(super) fn opacity(&self, coverage: u8) -> u32 {
        self.opacity[usize::from(coverage)]
    }
}

/// Puts a colour onto rows of pixels.
pub(super) struct Brush {
    blend: Blend,
    /// `None` where something shows through whatever the coverage.
    opaque: Option<Opaque>,
}

impl Brush {
    pub(super) fn new(color: Color) -> Self {
        let blend = Blend::new(color);
        let opaque = (color.a == 255).then(|| Opaque::new(&blend));
        Self { blend, opaque }
    }

    /// Paints a stretch of at most [`Eights::MOST`] pixels of such coverage.
    pub(super) fn paint(&self, pixels: &mut [[u8; 3]], mask: &[u8], eights: Eights) {
        if let Some(opaque) = &self.opaque {
            return opaque.paint(pixels, mask, eights);
        }
        for (pixel, &c) in pixels.iter_mut().zip(mask).filter(|(_, c)| **c > 0) {
            mix(pixel, self.blend.color, self.blend.opacity(c));
        }
    }
}

/// An opaque colour. What is partly covered is gathered, so that the processor blends many bytes at a time.
struct Opaque {
    color: [u8; 3],
    /// How much of it is seen at each coverage, of 255.
    opacity: [u8; 256],
    /// The colour again and again.
    colors: [Eight; Self::BATCH],
}

/// The bytes of eight pixels.
type Eight = [u8; 24];

impl Opaque {
    /// Eights that are blended at a time.
    const BATCH: usize = 16;

    fn new(blend: &Blend) -> Self {
        let color = blend.color;
        Self {
            color,
            opacity: std::array::from_fn(|c| (blend.opacity(c as u8) / 255) as u8),
            colors: [std::array::from_fn(|i| color[i % 3]); Self::BATCH],
        }
    }

    fn paint(&self, pixels: &mut [[u8; 3]], mask: &[u8], eights: Eights) {
        let (masks, mask_rest) = mask.as_chunks::<8>();
        let rest = masks.len() * 8;
        for (pixel, c) in pixels[rest..].iter_mut().zip(mask_rest) {
            let opacity = self.opacity[usize::from(*c)];
            *pixel = std::array::from_fn(|i| mixed(self.color[i], pixel[i], opacity));
        }
        let pixels: &mut [Eight] = pixels.as_flattened_mut().as_chunks_mut().0;
        for i in Bits(eights.full) {
            pixels[i] = self.colors[0];
        }
        let mut partly = Bits(eights.inked & !eights.full);
        let (mut under, mut opacities) = ([[0; 24]; Self::BATCH], [[0; 24]; Self::BATCH]);
        while partly.0 != 0 {
            let batch = partly;
            let mut count = 0;
            for ((under, opacity), i) in under.iter_mut().zip(&mut opacities).zip(partly.by_ref()) {
                (*under, *opacity) = (pixels[i], self.opacities(masks[i]));
                count += 1;
            }
            let blended = under[..count].as_flattened_mut().iter_mut();
            let parts = self.colors.as_flattened().iter().zip(opacities.as_flattened());
            blended.zip(parts).for_each(|(under, (color, opacity))| *under = mixed(*color, *under, *opacity));
            batch.zip(&under[..count]).for_each(|(i, blended)| pixels[i] = *blended);
        }
    }

    /// How much is seen of the colour in each byte of eight pixels of such coverage.
    #[inline]
    fn opacities(&self, mask: [u8; 8]) -> Eight {
        // Three times the same byte for each pixel, put together in whole words.
        let [a, b, c, d, e, f, g, h] = mask.map(|c| u64::from(self.opacity[usize::from(c)]) * 0x01_0101);
        let words = [a | b << 24 | c << 48, c >> 16 | d << 8 | e << 32 | f << 56, f >> 8 | g << 16 | h << 40];
        let mut eight = [0; 24];
        for (to, word) in eight.as_chunks_mut().0.iter_mut().zip(words) {
            *to = word.to_le_bytes();
        }
        eight
    }
}

/// What [`mix`] makes of a channel, at an opacity of 255: in 16 bits and without a division.
#[inline]
fn mixed(color: u8, under: u8, opacity: u8) -> u8 {
    let [color, under, opacity] = [color, under, opacity].map(u16::from);
    let sum = color * opacity + under * (255 - opacity) + 127;
    // A 255th of any number that 16 bits hold, but for the last.
    ((sum + 1 + (sum >> 8)) >> 8) as u8
}

/// Coverage c, of 255, of light ink: (c / 255)^0.85. Blended as it is, light text looks thinner than a browser
/// draws it (root mean square error 2.6 with this curve, 3.3 without). A table, not a call of `powf`, whose last
/// digit differs from machine to machine.
#[rustfmt::skip]
pub(super) const LIGHT: [u8; 256] = [
    0, 2, 4, 6, 7, 9, 11, 12, 13, 15, 16, 18, 19, 20, 22, 23, 24, 26, 27, 28,
    29, 31, 32, 33, 34, 35, 37, 38, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52,
    53, 54, 55, 56, 57, 58, 59, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73,
    75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94,
    95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114,
    115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 132, 133,
    134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 149, 150, 151, 152,
    153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171,
    172, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 182, 183, 184, 185, 186, 187, 188, 189,
    190, 191, 191, 192, 193, 194, 195, 196, 197, 198, 199, 199, 200, 201, 202, 203, 204, 205, 206, 207,
    207, 208, 209, 210, 211, 212, 213, 214, 214, 215, 216, 217, 218, 219, 220, 221, 221, 222, 223, 224,
    225, 226, 227, 228, 228, 229, 230, 231, 232, 233, 234, 234, 235, 236, 237, 238, 239, 240, 240, 241,
    242, 243, 244, 245, 246, 246, 247, 248, 249, 250, 251, 252, 252, 253, 254, 255,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opaque_colour_is_mixed_to_the_bit() {
        for (ink, is_light) in [([0, 18, 93], false), ([254, 255, 150], true)] {
            let brush = Brush::new(Color::rgb(ink[0], ink[1], ink[2]));
            let under: Vec<[u8; 3]> = (0..=255).map(|d| [d, 255 - d, d / 2]).collect();
            for coverage in 0..=255 {
                let (mut got, mut expected) = (under.clone(), under.clone());
                let mask = [coverage; 256];
                brush.paint(&mut got, &mask, Eights::of(&mask));
                let opacity = if is_light { LIGHT[usize::from(coverage)] } else { coverage };
                expected.iter_mut().for_each(|pixel| mix(pixel, ink, 255 * u32::from(opacity)));
                assert_eq!(got, expected, "{ink:?} at {coverage}");
            }
        }
        // Every channel over every other, at every opacity.
        for (color, opacity) in (0..=255).flat_map(|s| (0..=255).map(move |a| (s, a))) {
            for under in 0..=255 {
                let mut expected = [under; 3];
                mix(&mut expected, [color; 3], 255 * u32::from(opacity));
                assert_eq!(mixed(color, under, opacity), expected[0], "{color} over {under} at {opacity}");
            }
        }
    }

    #[test]
    fn ink_goes_where_it_covers() {
        // Longer than a stretch, its parts bare, partly and wholly covered; begun and ended within eight pixels.
        let mask: Vec<u8> =
            (0..1203_u32).map(|i| [0, 0, 255, 255, 255, 90, 3, 0][(i / 11 % 8) as usize]).collect();
        let color = Color::rgb(20, 90, 160);
        for (brush, alpha) in [(Brush::new(color), 255), (Brush::new(Color { a: 128, ..color }), 128)] {
            let mut row: Vec<[u8; 3]> = (0..mask.len()).map(|i| [i as u8, (i / 3) as u8, 200]).collect();
            let mut expected = row.clone();
            for (pixel, c) in expected.iter_mut().zip(&mask) {
                mix(pixel, [20, 90, 160], alpha * u32::from(*c));
            }
            for (pixels, mask) in row.chunks_mut(Eights::MOST).zip(mask.chunks(Eights::MOST)) {
                brush.paint(pixels, mask, Eights::of(mask));
            }
            assert_eq!(row, expected, "{alpha}");
        }
    }

    #[test]
    fn the_light_curve_is_what_it_says() {
        for (c, &got) in LIGHT.iter().enumerate() {
            let exact = 255.0 * (c as f64 / 255.0).powf(0.85);
            assert_eq!(f64::from(got), exact.round(), "{c}");
        }
    }
}
