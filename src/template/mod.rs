//! Templates and brand kits: what a card looks like, as data.
//!
//! A template is a folder with a `template.toml` ([`schema`] is its language) and the pictures that it names.
//! Loading checks everything that can be known without a card, and tells all problems at once.

pub mod art;
pub mod brand;
mod builtin;
mod check;
mod document;
pub mod faces;
mod folder;
pub mod json_schema;
mod language;
pub mod schema;
mod token;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

pub use art::{Art, ArtError};
pub use brand::{Brand, Corners, EventLine};
pub use builtin::builtin_names;
pub use check::{MAX_BYTES, MAX_PICTURE_BYTES, Read};
pub use document::{Document, schema_of};
pub use faces::MAX_FILE_BYTES;
pub use language::Language;

use crate::card::Class;
use crate::color::Color;
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::font::{Face, FontBook};
use check::nearest;
use folder::Watched;
use schema::{ClassLayers, Layer, TemplateFile, TypeRole};

/// A checked template: every token, role of type and picture that a layer names is there.
#[derive(Debug, Clone)]
pub struct Template {
    file: TemplateFile,
    colors: BTreeMap<String, Color>,
    /// The faces by token, as a [`FontBook`] calls them.
    fonts: BTreeMap<String, String>,
    /// Those that it brings itself.
    faces: Vec<Arc<Face>>,
    pictures: BTreeMap<String, Arc<Art>>,
    warnings: Vec<Diagnostic>,
    digest: Digest,
}

/// Why a template or a kit could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A file of the folder could not be read.
    #[error("cannot read `{file}`: {source}")]
    Read {
        /// Which file.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// What the TOML says does not hold together.
    #[error("`{file}` has {} problem(s)", problems.len())]
    Invalid {
        /// Which file.
        file: String,
        /// All of them.
        problems: Vec<Diagnostic>,
    },
    /// A picture or logo could not be used.
    #[error("{0}")]
    Art(#[from] ArtError),
    /// The template has no layers for the class of a size.
    #[error("template `{template}` has no `{}` class", class.name())]
    NoClass {
        /// Which template.
        template: String,
        /// The class asked for.
        class: Class,
    },
    /// A face token names a face that is not there.
    #[error("face token `{token}` of `{template}` asks for `{face}`, which is not there")]
    NoFace {
        /// Which template.
        template: String,
        /// Which token.
        token: String,
        /// Which face.
        face: String,
    },
}

impl TemplateError {
    /// What to tell a person: one diagnostic a problem.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let one = Diagnostic::error(self.to_string());
        match self {
            Self::Read { file, .. } if file.ends_with(".toml") => vec![one.at(file).hint(
                "a template is a folder with a `template.toml`, a brand kit a folder with a `brand.toml`",
            )],
            Self::Read { .. } => vec![one.hint("put the file there, or mend its name in the TOML beside it")],
            Self::Invalid { problems, .. } => problems.clone(),
            Self::Art(error) => vec![error.diagnostic()],
            Self::NoClass { .. } => vec![one.hint("take a `--size` of a class that the template states")],
            Self::NoFace { .. } => vec![one.hint("`pullquote list fonts` names the faces")],
        }
    }
}

impl TemplateFile {
    /// The classes stated, in the order square, landscape, story.
    fn classes(&self) -> Vec<(Class, &ClassLayers)> {
        let all =
            [(Class::Square, &self.square), (Class::Landscape, &self.landscape), (Class::Story, &self.story)];
        all.into_iter().filter_map(|(class, layers)| Some((class, layers.as_ref()?))).collect()
    }
}

impl Template {
    /// Loads a template from its folder's files; `folder` is only named in messages.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, TOML that is broken or does not hold together, a picture that cannot be used: all
    /// of it, and the warnings among it, in the order of the file.
    pub fn from_files(folder: &str, read: &Read<'_>) -> Result<Self, TemplateError> {
        Self::load(folder, read, false)
    }

    /// See [`Self::from_files`]; one that `is_ours` is known to be sound.
    fn load(folder: &str, read: &Read<'_>, is_ours: bool) -> Result<Self, TemplateError> {
        let path = format!("{}/template.toml", folder.trim_end_matches('/'));
        let files = Watched::new(read);
        let read: &Read<'_> = &|name| files.read(name);
        let bytes =
            read("template.toml").map_err(|source| TemplateError::Read { file: path.clone(), source })?;
        let checked = check::template(&path, &bytes, read, is_ours);
        match checked.good {
            Some(check::Good { file, colors, fonts, faces, pictures }) => {
                let digest = files.digest();
                Ok(Self { file, colors, fonts, faces, pictures, warnings: checked.told, digest })
            }
            None => Err(TemplateError::Invalid { file: path, problems: checked.told }),
        }
    }

    /// Tells all that is wrong or odd with a template, in the order of the file; `file` is only named in messages.
    #[must_use]
    pub fn check(file: &str, bytes: &[u8], read: &Read<'_>) -> Vec<Diagnostic> {
        check::template(file, bytes, read, false).told
    }

    /// What hardly was meant, such as keys that no layer of their kind reads.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// What `--template` takes.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.file.name
    }

    /// One line on what it is for.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.file.about
    }

    /// The digest of its file and of all files that this one names.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The classes it states, in the order square, landscape, story.
    pub fn classes(&self) -> impl Iterator<Item = Class> + '_ {
        self.file.classes().into_iter().map(|(class, _)| class)
    }

    /// The longest quote that is picked for a class, in characters (a hanzi counts two).
    #[must_use]
    pub fn max_chars(&self, class: Class) -> Option<usize> {
        self.layers(class).map(|c| c.max_chars)
    }

    /// Has a layer that prints `event · date`.
    #[must_use]
    pub fn prints_event(&self) -> bool {
        self.file
            .classes()
            .iter()
            .flat_map(|(_, c)| &c.layers)
            .any(|layer| matches!(layer, Layer::Text(text) if text.slot == schema::SlotName::Event))
    }

    /// Has a layer that shows the speaker's photograph.
    #[must_use]
    pub fn shows_photo(&self) -> bool {
        self.file.classes().iter().flat_map(|(_, c)| &c.layers).any(|layer| matches!(layer, Layer::Photo(_)))
    }

    /// Has a text that pulls a figure out of the quote.
    #[must_use]
    pub fn shows_figure(&self) -> bool {
        self.stacks(schema::SlotName::Figure)
    }

    /// Has a place for the quote in a second language.
    #[must_use]
    pub fn shows_translation(&self) -> bool {
        self.stacks(schema::SlotName::Translation)
    }

    /// Has a stack with this slot in it.
    fn stacks(&self, slot: schema::SlotName) -> bool {
        self.file.classes().iter().flat_map(|(_, c)| &c.layers).any(|layer| {
            matches!(layer, Layer::Stack(stack) if stack.children.iter().any(|c| c.slot == Some(slot)))
        })
    }

    /// Adds the template's own faces to a book. A [`crate::look::Look`] of this template needs them there.
    ///
    /// # Panics
    /// After 65 536 faces.
    pub fn add_faces(&self, fonts: &mut FontBook) {
        for face in &self.faces {
            fonts.push(Arc::clone(face));
        }
    }

    pub(crate) fn layers(&self, class: Class) -> Option<&ClassLayers> {
        self.file.classes().into_iter().find(|&(c, _)| c == class).map(|(_, layers)| layers)
    }

    pub(crate) fn colors(&self) -> &BTreeMap<String, Color> {
        &self.colors
    }

    pub(crate) fn fonts(&self) -> &BTreeMap<String, String> {
        &self.fonts
    }

    /// The Latin partner of a Chinese face token.
    pub(crate) fn partner(&self, token: &str) -> Option<&str> {
        self.file.partners.get(token).map(String::as_str)
    }

    pub(crate) fn role_of_type(&self, name: &str) -> &TypeRole {
        self.file.types.get(name).expect("checked on loading: every layer's role of type is there")
    }

    /// A picture or path by its key, a grain by its `src`.
    pub(crate) fn picture(&self, key: &str) -> Arc<Art> {
        Arc::clone(self.pictures.get(key).expect("loaded with the template"))
    }
}
