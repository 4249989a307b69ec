//! sRGB colours with alpha, and WCAG 2.2 contrast.

use std::fmt;
use std::str::FromStr;

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
        fn linear(v: u8) -> f32 {
            let c = f32::from(v) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        }
        0.2126 * linear(self.r) + 0.7152 * linear(self.g) + 0.0722 * linear(self.b)
    }

    /// Nearer to white than to black by contrast: it is seen on dark grounds.
    #[must_use]
    pub fn is_light(self) -> bool {
        self.contrast(Self::rgb(0, 0, 0)) > self.contrast(Self::rgb(255, 255, 255))
    }

    /// WCAG 2.2 contrast ratio of two opaque colours, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
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
}
