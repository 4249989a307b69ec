//! A newsroom's kit: what is the same on every card of the house.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Art, TemplateError, parse_toml};
use crate::color::Color;
use crate::diag::Diagnostic;
use crate::lang::Lang;

/// A brand kit. `Default` is no brand at all: no logo, no kicker, the templates' own colours.
#[derive(Debug, Clone, Default)]
pub struct Brand {
    /// The house's name.
    pub name: Option<String>,
    /// The small line over a quote. Default: none.
    kicker: Option<String>,
    /// The same on Chinese cards. Default: none.
    kicker_zh: Option<String>,
    /// Two hanzi for a seal.
    pub seal: Option<String>,
    /// The series' vertical label.
    pub label: Option<String>,
    /// Where the event is printed.
    pub event: EventLine,
    /// The logo's mark; its `currentColor` takes the template's logo colour.
    pub mark: Option<Arc<Art>>,
    /// The logo's word, set in the house serif.
    pub wordmark: Option<String>,
    colors: BTreeMap<String, Color>,
    fonts: BTreeMap<String, String>,
}

/// Where a card prints the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EventLine {
    /// Where the template has `event · date`.
    #[default]
    Auto,
    /// There, and in the kicker's place elsewhere.
    On,
    /// Nowhere: the date alone.
    Off,
}

/// A whole `brand.toml`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BrandFile {
    /// The house's name.
    name: String,
    /// The house's Chinese name. Default: none.
    #[serde(default)]
    #[allow(dead_code, reason = "part of a kit's shape; no template of these sets the Chinese name yet")]
    name_zh: Option<String>,
    /// The small line over a quote. Default: none.
    kicker: Option<String>,
    /// The same on Chinese cards. Default: none.
    kicker_zh: Option<String>,
    /// Two hanzi for a seal. Default: none.
    seal: Option<String>,
    /// The series' vertical label. Default: none.
    label_zh: Option<String>,
    /// Where the event is printed. Default: auto.
    #[serde(default)]
    event: EventLine,
    /// The logo. Default: none.
    logo: Option<LogoFile>,
    /// Colours by a template's tokens: `#RRGGBB` or `#RRGGBBAA`.
    #[serde(default)]
    colors: BTreeMap<String, String>,
    /// Faces by a template's tokens: names of `pullquote list fonts`.
    #[serde(default)]
    fonts: BTreeMap<String, String>,
}

/// The house's logo.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LogoFile {
    /// An SVG or PNG of the kit's folder. Default: none.
    mark: Option<String>,
    /// The logo's word, set in the house serif. Default: none.
    wordmark: Option<String>,
}

impl Brand {
    /// Loads a kit from its TOML file; `read` gives that file and what it names, relative to it.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, TOML that is broken, a colour that is none, a mark that cannot be used.
    pub fn from_files(
        file_name: &str,
        read: &dyn Fn(&str) -> io::Result<Vec<u8>>,
    ) -> Result<Self, TemplateError> {
        let bytes =
            read(file_name).map_err(|source| TemplateError::Read { file: file_name.to_owned(), source })?;
        let file: BrandFile = parse_toml(file_name, &bytes)?;
        let mut problems = Vec::new();
        let mut colors = BTreeMap::new();
        for (token, hex) in file.colors {
            match hex.parse::<Color>() {
                Ok(color) => drop(colors.insert(token, color)),
                Err(e) => problems
                    .push(Diagnostic::error(format!("`{token}`: {e}")).at(format!("{file_name}, [colors]"))),
            }
        }
        if let Some(seal) = file.seal.as_deref().filter(|s| s.chars().count() != 2) {
            problems.push(
                Diagnostic::error(format!(
                    "a seal holds two characters, `{seal}` has {}",
                    seal.chars().count()
                ))
                .at(format!("{file_name}, `seal`")),
            );
        }
        if !problems.is_empty() {
            return Err(TemplateError::Invalid { file: file_name.to_owned(), problems });
        }
        let (mark, wordmark) = file.logo.map_or((None, None), |logo| (logo.mark, logo.wordmark));
        let mark = match mark {
            Some(name) => {
                // Messages name it with its folder; `name` alone is relative to the kit.
                let shown = Path::new(file_name).with_file_name(&name).display().to_string();
                let bytes =
                    read(&name).map_err(|source| TemplateError::Read { file: shown.clone(), source })?;
                let svg = name.to_ascii_lowercase().ends_with(".svg");
                let art = if svg { Art::from_svg(&shown, &bytes) } else { Art::from_png(&shown, &bytes) };
                Some(Arc::new(art?))
            }
            None => None,
        };
        Ok(Self {
            name: Some(file.name),
            kicker: file.kicker,
            kicker_zh: file.kicker_zh,
            seal: file.seal,
            label: file.label_zh,
            event: file.event,
            mark,
            wordmark,
            colors,
            fonts: file.fonts,
        })
    }

    /// Tells all that is wrong with a kit; `file` is only named in messages.
    #[must_use]
    pub fn check(file: &str, bytes: &[u8], read: &dyn Fn(&str) -> io::Result<Vec<u8>>) -> Vec<Diagnostic> {
        let read = |name: &str| if name == file { Ok(bytes.to_vec()) } else { read(name) };
        Self::from_files(file, &read).err().map(|e| e.diagnostics()).unwrap_or_default()
    }

    /// The house's kicker in a language.
    #[must_use]
    pub fn kicker(&self, lang: Lang) -> Option<&str> {
        match lang {
            Lang::En => self.kicker.as_deref(),
            Lang::Zh => self.kicker_zh.as_deref(),
        }
    }

    /// Colours that override a template's tokens.
    pub(crate) fn colors(&self) -> &BTreeMap<String, Color> {
        &self.colors
    }

    /// Faces that override a template's tokens.
    pub(crate) fn fonts(&self) -> &BTreeMap<String, String> {
        &self.fonts
    }
}
