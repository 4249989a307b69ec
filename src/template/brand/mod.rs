//! A newsroom's kit: what is the same on every card of the house.

pub mod file;
mod load;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::builtin::builtin_tokens;
use super::{Art, Template, nearest};
use crate::color::Color;
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::font::{Face, FontBook};
use crate::lang::Lang;

/// The token of a kit's `[fonts]` that sets the wordmark; no template states it.
pub(crate) const WORDMARK: &str = "wordmark";

/// A brand kit. `Default` is no brand at all: no logo, no kicker, the templates' own colours.
#[derive(Debug, Clone, Default)]
pub struct Brand {
    /// The house's name.
    pub name: Option<String>,
    /// Its Chinese name. No template prints it yet.
    pub name_zh: Option<String>,
    /// The notice of copyright in each card's metadata.
    pub copyright: Option<String>,
    kicker: Option<String>,
    kicker_zh: Option<String>,
    /// Two hanzi for a seal.
    pub seal: Option<String>,
    /// The series' vertical label.
    pub label: Option<String>,
    /// Where the event is printed.
    pub event: EventLine,
    /// The logo's mark; its `currentColor` takes the template's logo colour.
    pub mark: Option<Arc<Art>>,
    /// The logo's mark on dark grounds, where it is another.
    pub mark_dark: Option<Arc<Art>>,
    /// The logo's word.
    pub wordmark: Option<String>,
    /// What stands in the corners.
    pub corners: Corners,
    /// Duotone stops that replace a template's: luminance 0–1 and colour, rising; empty: the template's own.
    pub tone: Vec<(f32, Color)>,
    /// A card that shows a photograph without a credit is refused.
    pub credit_required: bool,
    /// Phrases that no line break may split.
    pub keep_together: Vec<String>,
    colors: BTreeMap<String, Color>,
    fonts: BTreeMap<String, String>,
    faces: Vec<Arc<Face>>,
    fallbacks: Vec<Arc<Face>>,
    digest: Digest,
}

/// Names of colours and faces.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// Of colours.
    pub colors: BTreeSet<String>,
    /// Of faces.
    pub fonts: BTreeSet<String>,
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

/// Corner marks of a kit.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Corners {
    /// The template's own.
    #[default]
    Template,
    /// None.
    Off,
    /// The kit's art for the corners top left, top right, bottom left, bottom right.
    Art([Arc<Art>; 4]),
}

impl Brand {
    /// The digest of its file and of all files that this one names; nought for no brand.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The house's kicker in a language.
    #[must_use]
    pub fn kicker(&self, lang: Lang) -> Option<&str> {
        match lang {
            Lang::En => self.kicker.as_deref(),
            Lang::Zh => self.kicker_zh.as_deref(),
        }
    }

    /// The mark for a ground that a logo of `color` is set on: light logos stand on dark grounds.
    #[must_use]
    pub fn mark_in(&self, color: Color) -> Option<&Arc<Art>> {
        let dark = self.mark_dark.as_ref().filter(|_| color.is_light());
        dark.or(self.mark.as_ref())
    }

    /// Whether the mark may be lost on a dark ground: it keeps its own colours, and the kit has no other.
    #[must_use]
    pub fn lacks_dark_mark(&self) -> bool {
        self.mark_dark.is_none() && self.mark.as_ref().is_some_and(|mark| !mark.recolors())
    }

    /// Warnings of colours and faces that neither these templates nor the program's own have a token for: a slip of the
    /// pen would change nothing, in silence.
    #[must_use]
    pub fn stray_tokens(&self, templates: &[Template]) -> Vec<Diagnostic> {
        let colors = |t: &Template| t.colors().keys().cloned().collect::<Vec<_>>();
        let fonts = |t: &Template| t.fonts().keys().cloned().collect::<Vec<_>>();
        let used = Tokens {
            colors: templates.iter().flat_map(colors).collect(),
            fonts: templates.iter().flat_map(fonts).chain([WORDMARK.to_owned()]).collect(),
        };
        let stray = |mine: &mut dyn Iterator<Item = &String>, known: &BTreeSet<String>| -> Vec<String> {
            mine.filter(|token| !known.contains(*token)).cloned().collect()
        };
        let mut colors = stray(&mut self.colors.keys(), &used.colors);
        let mut fonts = stray(&mut self.fonts.keys(), &used.fonts);
        if colors.is_empty() && fonts.is_empty() {
            return Vec::new();
        }
        // Read only now: a kit mostly serves templates that are not in use as well.
        let own = builtin_tokens();
        let all = Tokens {
            colors: used.colors.into_iter().chain(own.colors).collect(),
            fonts: used.fonts.into_iter().chain(own.fonts).collect(),
        };
        colors.retain(|token| !all.colors.contains(token));
        fonts.retain(|token| !all.fonts.contains(token));
        let told = |what: &str, token: &String, known: &BTreeSet<String>| {
            let warning =
                Diagnostic::warning(format!("the kit's {what} `{token}` is a token of no template"));
            match nearest(token, &known.iter().map(String::as_str).collect::<Vec<_>>()) {
                Some(near) => warning.hint(format!("did you mean `{near}`?")),
                None => warning.hint("a template's tokens are the names in its `[colors]` and `[fonts]`"),
            }
        };
        let colors = colors.iter().map(|token| told("colour", token, &all.colors));
        colors.chain(fonts.iter().map(|token| told("face", token, &all.fonts))).collect()
    }

    /// Adds the kit's own faces to a book. A [`crate::look::Look`] with this kit needs them there.
    ///
    /// # Panics
    /// After 65 536 faces.
    pub fn add_faces(&self, fonts: &mut FontBook) {
        for face in &self.faces {
            fonts.push(Arc::clone(face));
        }
        for face in &self.fallbacks {
            fonts.push_fallback(Arc::clone(face));
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
