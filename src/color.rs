//! sRGB colours with alpha, WCAG 2.2 contrast, and a colour's shades in a perceptual space.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// A colour in sRGB, alpha not premultiplied.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red, 0–255.
    pub r: u8,
    /// Green, 0–255.
    pub g: u8,
    /// Blue, 0–255.
    pub b: u8,
    /// Alpha, 0 (clear) to 255 (opaque).
    pub a: u8,
}

impl Color {
    /// An opaque colour.
    #[must_use]
    pub const fn rgb(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b, a: 255 }
    }

    /// Relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it. Alpha is ignored.
    #[must_use]
    pub fn luminance(self) -> f32 {
        luminance([self.r, self.g, self.b])
    }

    /// Nearer to white than to black by contrast: it is seen on dark grounds.
    #[must_use]
    pub fn is_light(self) -> bool {
        self.contrast(Self::rgb(0, 0, 0)) > self.contrast(Self::rgb(255, 255, 255))
    }

    /// WCAG 2.2 contrast ratio of two opaque colours, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f32 {
        ratio(self.luminance(), other.luminance())
    }

    /// This colour over an opaque one, by its alpha.
    #[must_use]
    pub fn over(self, [r, g, b]: [u8; 3]) -> [u8; 3] {
        let alpha = f32::from(self.a) / 255.0;
        let mix =
            |top: u8, below: u8| (f32::from(below) + (f32::from(top) - f32::from(below)) * alpha + 0.5) as u8;
        [mix(self.r, r), mix(self.g, g), mix(self.b, b)]
    }

    /// The opaque colours that look like this one but lighter or darker, nearest first: OKLab's lightness is moved,
    /// hue stays, and chroma as far as sRGB has it. Ends when black and white are both reached.
    pub fn shades(self) -> impl Iterator<Item = Self> {
        /// Under a third of what the eye can tell apart.
        const STEP: f32 = 1.0 / 512.0;
        let [lightness, a, b] = oklab(self);
        (0_u16..=512).flat_map(move |i| {
            let by = f32::from(i) * STEP;
            [lightness - by, lightness + by]
                .into_iter()
                .filter(|l| (-STEP..=1.0 + STEP).contains(l))
                .map(move |l| from_oklab([l.clamp(0.0, 1.0), a, b]))
        })
    }
}

/// Relative luminance of red, green, blue, 0 (black) to 1 (white), as WCAG 2.2 defines it.
#[must_use]
pub fn luminance([r, g, b]: [u8; 3]) -> f32 {
    let linear: &[f32; 256] = &LINEAR;
    let [r, g, b] = [r, g, b].map(|v| linear[usize::from(v)]);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// WCAG 2.2 contrast ratio of two relative luminances, 1 to 21.
#[must_use]
pub fn ratio(a: f32, b: f32) -> f32 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Channels made linear. A card's pixels are looked up, not raised to powers; and what is worked out in 64 bits and
/// kept in 32 is the same on every machine.
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|v| {
        let c = v as f64 / 255.0;
        (if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }) as f32
    })
});

/// Lightness 0–1, green to red, blue to yellow, as Björn Ottosson defines OKLab.
fn oklab(Color { r, g, b, .. }: Color) -> [f32; 3] {
    let [r, g, b] = [r, g, b].map(|v| LINEAR[usize::from(v)]);
    let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
    let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
    let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

/// The nearest colour that sRGB has, by less chroma.
fn from_oklab([lightness, a, b]: [f32; 3]) -> Color {
    // The ends have no chroma at all.
    let (a, b) = if lightness > 0.0 && lightness < 1.0 { (a, b) } else { (0.0, 0.0) };
    let linear = |chroma: f32| {
        let (a, b) = (a * chroma, b * chroma);
        let cube = |v: f32| v * v * v;
        let l = cube(lightness + 0.396_337_78 * a + 0.215_803_76 * b);
        let m = cube(lightness - 0.105_561_346 * a - 0.063_854_17 * b);
        let s = cube(lightness - 0.089_484_18 * a - 1.291_485_5 * b);
        [
            4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
            -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
            -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
        ]
    };
    let fits = |c: &[f32; 3]| c.iter().all(|v| (-0.001..=1.001).contains(v));
    let fitting = (0_u8..=50).rev().map(|part| linear(f32::from(part) / 50.0)).find(fits);
    let [r, g, b] = fitting.unwrap_or_else(|| linear(0.0)).map(|v| {
        let v = v.clamp(0.0, 1.0);
        let c = if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
        (c * 255.0 + 0.5) as u8
    });
    Color::rgb(r, g, b)
}

impl fmt::Debug for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02X}{:02X}{:02X}", self.r, self.g, self.b)?;
        if self.a < 255 { write!(f, "{:02X}", self.a) } else { Ok(()) }
    }
}

/// Why a colour could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no colour: write `#RRGGBB` or `#RRGGBBAA`")]
pub struct ColorError(String);

impl FromStr for Color {
    type Err = ColorError;

    fn from_str(s: &str) -> Result<Self, ColorError> {
        let wrong = || ColorError(s.to_owned());
        let hex = s.strip_prefix('#').ok_or_else(wrong)?;
        if !hex.is_ascii() || !matches!(hex.len(), 6 | 8) {
            return Err(wrong());
        }
        let byte = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).map_err(|_| wrong());
        Ok(Self { r: byte(0)?, g: byte(2)?, b: byte(4)?, a: if hex.len() == 8 { byte(6)? } else { 255 } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_hex() {
        for s in ["#A61E1A", "#120F0E73"] {
            assert_eq!(s.parse::<Color>().unwrap().to_string(), s);
        }
        for s in ["A61E1A", "#A61E1", "red", "#ГГГ"] {
            assert!(s.parse::<Color>().is_err(), "{s}");
        }
    }

    #[test]
    fn contrast_of_the_design_tokens() {
        let ratio = |a: &str, b: &str| a.parse::<Color>().unwrap().contrast(b.parse().unwrap());
        assert!((ratio("#000000", "#FFFFFF") - 21.0).abs() < 0.01);
        // The guide states these for broadsheet and bulletin.
        assert!((ratio("#A61E1A", "#F2ECDD") - 6.3).abs() < 0.1);
        assert!((ratio("#FFFFFF", "#D3200D") - 5.3).abs() < 0.1);
    }

    #[test]
    fn shades_keep_their_hue_and_reach_black_and_white() {
        for hex in ["#A61E1A", "#FFC7A6", "#5A574F", "#000000", "#FFFFFF", "#2A2BB8"] {
            let color: Color = hex.parse().unwrap();
            let shades: Vec<Color> = color.shades().collect();
            assert_eq!(shades[0], color);
            let [black, white] = [Color::rgb(0, 0, 0), Color::rgb(255, 255, 255)];
            assert!(shades.contains(&black) && shades.contains(&white), "{hex}");
            let far = |c: &Color| (oklab(*c)[0] - oklab(color)[0]).abs();
            // Near black a step of a byte is coarse.
            let fine: Vec<&Color> = shades.iter().filter(|c| (0.2..0.95).contains(&oklab(**c)[0])).collect();
            assert!(fine.windows(2).all(|pair| far(pair[0]) <= far(pair[1]) + 0.01), "{hex}");
        }
        // A red stays one.
        let red: Color = "#D3200D".parse().unwrap();
        let darker = red.shades().find(|c| c.luminance() < red.luminance() / 2.0).unwrap();
        assert!(darker.r > 3 * darker.g && darker.r > 3 * darker.b, "{darker}");
    }

    #[test]
    fn colours_go_over_others_by_their_alpha() {
        let half = Color { a: 51, ..Color::rgb(255, 0, 100) };
        assert_eq!(half.over([0, 100, 100]), [51, 80, 100]);
        assert_eq!(Color::rgb(1, 2, 3).over([9, 9, 9]), [1, 2, 3]);
    }
}
