//! A kit as it is written: what serde reads from `brand.toml`. Paths are relative to that file and cannot lead out of
//! its folder.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EventLine;
use crate::template::faces::FaceFile;

/// A whole `brand.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BrandFile {
    /// The house's name, as the manifest gives it.
    pub name: String,
    /// Its Chinese name. No template prints it yet.
    pub name_zh: Option<String>,
    /// Whose cards they are, such as `© Harbor Daily`: in each card's metadata. Default: none, nothing is claimed.
    pub copyright: Option<String>,
    /// The small line over an English quote. Default: the event, where it fits.
    pub kicker: Option<String>,
    /// The small line over a Chinese quote. Default: the event, where it fits.
    pub kicker_zh: Option<String>,
    /// Where the event is printed. Default: auto.
    #[serde(default)]
    pub event: EventLine,
    /// Two characters for a seal. Default: no seal.
    pub seal: Option<String>,
    /// The series' vertical label, at most ten characters. Default: none.
    pub label_zh: Option<String>,
    /// Corner marks: `"auto"` the template's, `"off"` none, or an SVG or PNG drawn for the top left corner, which is
    /// mirrored into the others. Default: auto.
    pub corners: Option<String>,
    /// Phrases that no line break may split. Default: none.
    #[serde(default)]
    pub keep_together: Vec<String>,
    /// Font files for characters that no other face has, asked in this order, after those of `--font-fallback`.
    /// Default: none.
    #[serde(default)]
    pub fallback: Vec<String>,
    /// The logo. Default: none.
    #[serde(default)]
    pub logo: LogoFile,
    /// Photographs.
    #[serde(default)]
    pub photo: PhotoFile,
    /// Colours instead of a template's: a token and `#RRGGBB` or `#RRGGBBAA`.
    #[serde(default)]
    pub colors: BTreeMap<String, String>,
    /// Faces instead of a template's, by token; `wordmark` is the logo's.
    #[serde(default)]
    pub fonts: BTreeMap<String, FaceFile>,
}

/// `[logo]`: mark, then wordmark.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogoFile {
    /// An SVG or a PNG. What an SVG draws in `currentColor` takes the template's logo colour. Default: none.
    pub mark: Option<String>,
    /// The same for dark grounds. Default: `mark`.
    pub mark_dark: Option<String>,
    /// Text beside the mark. Default: none, where the mark carries the name.
    pub wordmark: Option<String>,
}

/// `[photo]`: how photographs are shown.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhotoFile {
    /// Duotone instead of a template's: luminance 0 to 1, rising, and colour, from shadow to light; 2 to 8 stops.
    /// Default: the template's.
    #[serde(default)]
    pub tone: Vec<(f32, String)>,
    /// Whether a photograph without `photo_credit` is refused. Default: optional.
    #[serde(default)]
    pub credit: CreditRule,
}

/// Whether a photograph must have its credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CreditRule {
    /// It may.
    #[default]
    Optional,
    /// A card that shows a photograph without one is refused.
    Required,
}
