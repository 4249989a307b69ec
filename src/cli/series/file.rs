//! A series file as it is written: what serde reads. Keys are those of the project file and the flags; paths are
//! relative to the file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::cli::args::{CarouselArg, CompressArg, FitArg, OrderArg};
use crate::cli::project::{Days, FormatName, Words};

/// A whole series file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesFile {
    /// What the series is called, in its manifest.
    pub title: String,
    /// Templates: names, or folders. Default: broadsheet.
    #[serde(default)]
    pub template: Words,
    /// Sizes. Default: square, or the only one the template has.
    #[serde(default)]
    pub size: Words,
    /// A brand kit: a file, or a folder with a brand.toml.
    pub brand: Option<PathBuf>,
    /// Whether all cards of a template and size share one or two type sizes. Default: series.
    pub fit: Option<FitArg>,
    /// Number the quotes where the template has a place for it: 3/12. Default: false.
    #[serde(default)]
    pub numbering: bool,
    /// The order of the quotes. Default: listed.
    #[serde(default)]
    pub order: SeriesOrder,
    /// Who is who: a file of names, aliases, roles, photographs.
    pub speakers: Option<PathBuf>,
    /// A folder of photographs, each named for a speaker.
    pub photos: Option<PathBuf>,
    /// Photographs by their speakers' names; before those of `photos` and `speakers`.
    #[serde(default)]
    pub photo: BTreeMap<String, PathBuf>,
    /// When a quote runs over several cards. Default: auto.
    pub carousel: Option<CarouselArg>,
    /// Words to emphasise, `auto` or `none`. Default: auto.
    #[serde(default)]
    pub highlight: Words,
    /// Roles that cards give speakers: `NAME=ROLE`.
    #[serde(default)]
    pub role: Words,
    /// A file of phrases that no line break may split.
    pub phrases: Option<PathBuf>,
    /// Font files for characters that no face has.
    #[serde(default)]
    pub font_fallback: Words,
    /// The folder that the cards go to. Default: one beside this file, of its name.
    pub out: Option<PathBuf>,
    /// The pattern of file names.
    pub name: Option<String>,
    /// How much time goes into smaller files. Default: fast.
    pub compress: Option<CompressArg>,
    /// Which quotes, of every transcript that does not say otherwise.
    #[serde(default)]
    pub pick: PickFile,
    /// The transcripts, in their order.
    #[schemars(length(min = 1))]
    pub transcript: Vec<TranscriptFile>,
    /// Quotes chosen by hand, before those that are picked; their words must stand in a transcript of the series.
    #[serde(default)]
    pub quote: Vec<QuoteFile>,
}

/// The order of a series' quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SeriesOrder {
    /// Chosen ones first, then transcript by transcript as they are listed.
    #[default]
    Listed,
    /// By date; of one day, and without one, as they are listed.
    Date,
    /// The best first.
    Best,
}

/// Which quotes; what is not said here is as on the command line.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PickFile {
    /// Only these speakers, by any part of a name.
    #[serde(default)]
    pub speaker: Words,
    /// All but these speakers.
    #[serde(default)]
    pub not_speaker: Words,
    /// Only quotes with these words; any of them is enough.
    #[serde(default)]
    pub keyword: Words,
    /// Only quotes that these regular expressions meet; taken like keywords.
    #[serde(default)]
    pub regex: Words,
    /// All keywords and regular expressions must be met.
    pub all_keywords: Option<bool>,
    /// Only what was said in these days: `2031-04-01..2031-06-30`.
    pub between: Option<Days>,
    /// Those who only ask, too.
    pub questions: Option<bool>,
    /// The first quotes may come from one passage.
    pub any_passage: Option<bool>,
    /// Shortest quote, in characters.
    pub min_chars: Option<usize>,
    /// Longest quote, in characters; 0: no bound.
    pub max_chars: Option<usize>,
    /// The most quotes of a `[[transcript]]`, however many files it has; 0: all.
    pub limit: Option<usize>,
    /// Best first, or as spoken.
    pub order: Option<OrderArg>,
    /// Whole turns instead of sentences.
    pub turns: Option<bool>,
}

/// A transcript, or several that are asked together.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TranscriptFile {
    /// Paths and patterns: `days/*.txt`.
    pub file: Words,
    /// Which quotes, where it is not as for the others; `limit = 0` with no keyword takes all.
    #[serde(default)]
    pub pick: PickFile,
    /// Whose words they are, for a speech without labels.
    pub by: Option<String>,
    /// The format, where it is told wrongly.
    pub input_format: Option<FormatName>,
    /// How labels look, as a regular expression; its first group is the name.
    pub label: Option<String>,
}

/// A quote that somebody chose.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteFile {
    /// The words, exactly as they were said.
    pub text: String,
    /// Who must have said them.
    pub speaker: Option<String>,
    /// What of them to emphasise.
    pub highlight: Option<String>,
    /// A template for this quote alone.
    pub template: Option<String>,
    /// A size for this quote alone.
    pub size: Option<String>,
}
