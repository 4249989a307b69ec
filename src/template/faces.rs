//! The faces that a template or a kit names in its `[fonts]`: one of the program's, or a font file of its own folder.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::folder::Folder;
use super::nearest;
use crate::diag::Diagnostic;
use crate::font::{Face, builtin_names};

/// The largest font file that need be read: twice the largest Chinese font in use.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// How a font file's name ends; a face's name has no dot in it.
const FONT_ENDINGS: [&str; 5] = [".ttf", ".otf", ".ttc", ".woff", ".woff2"];

/// A face of a template or a kit.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "a face is a name of `pullquote list fonts`, a font file, or `{ file = \"House.ttf\", wght = 620 }`"
)]
#[schemars(
    title = "a name of `pullquote list fonts`, a font file, or `{ file = \"House.ttf\", wght = 620 }`"
)]
pub enum FaceFile {
    /// A name of `pullquote list fonts`, or the path of a font file (it ends in `.ttf`, `.otf` or `.ttc`).
    Name(String),
    /// A font file, and where a variable one stands.
    Own(OwnFace),
}

/// A font file of the folder.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct OwnFace {
    /// A TrueType or OpenType file, static or variable, at most 64 MB.
    pub file: String,
    /// Axes by their tags, in the font's own units: `wght` weight, `wdth` width (%), `opsz` optical size (pt), and any
    /// other the font has. Default: where the font says.
    #[serde(flatten)]
    pub axes: BTreeMap<String, f32>,
}

/// Reads the faces of a folder.
pub(super) struct Faces<'a> {
    folder: Folder<'a>,
    /// Each file at each instance once, in the order met.
    own: Vec<Arc<Face>>,
    bytes: usize,
}

impl<'a> Faces<'a> {
    /// None yet.
    pub const fn of(folder: Folder<'a>) -> Self {
        Self { folder, own: Vec::new(), bytes: 0 }
    }

    /// The font files that were read since this was last asked.
    pub fn take(&mut self) -> Vec<Arc<Face>> {
        std::mem::take(&mut self.own)
    }

    /// As many bytes as all font files had that were read.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The name of a face, once it is known or read.
    ///
    /// # Errors
    ///
    /// All that is wrong with it.
    pub fn name(&mut self, face: &FaceFile) -> Result<String, Vec<Diagnostic>> {
        match face {
            FaceFile::Own(OwnFace { file, axes }) => self.file(file, axes),
            FaceFile::Name(name) if is_font_file(name) => self.file(name, &BTreeMap::new()),
            FaceFile::Name(name) if builtin_names().any(|known| known == name) => Ok(name.clone()),
            FaceFile::Name(name) => Err(vec![unknown(name)]),
        }
    }

    /// Reads a font file at an instance, unless that was done; gives the face's name.
    ///
    /// # Errors
    ///
    /// All that is wrong with it.
    pub fn file(&mut self, file: &str, axes: &BTreeMap<String, f32>) -> Result<String, Vec<Diagnostic>> {
        let axes: Vec<(&str, f32)> = axes.iter().map(|(tag, value)| (tag.as_str(), *value)).collect();
        let name = Face::instance_name(&self.folder.shown(file), &axes);
        if self.own.iter().any(|face| face.name() == name) {
            return Ok(name);
        }
        let (shown, bytes) = self.folder.file(file).map_err(|error| error.diagnostics())?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            let told = Diagnostic::error(format!("`{shown}` is larger than 64 MB"));
            return Err(vec![told.hint("cut it down to the characters that you need, with `pyftsubset`")]);
        }
        self.bytes += bytes.len();
        let face = Face::at(&shown, bytes, &axes).map_err(|error| vec![error.diagnostic()])?;
        self.own.push(Arc::new(face));
        Ok(name)
    }
}

fn unknown(name: &str) -> Diagnostic {
    let known: Vec<&str> = builtin_names().collect();
    let told = Diagnostic::error(format!("no face is called `{name}`"));
    let told = match nearest(name, &known) {
        Some(near) => told.hint(format!("did you mean `{near}`?")),
        None => told.hint("`pullquote list fonts` names the faces"),
    };
    told.hint("a font file of your own is named with its ending, such as `faces/House.ttf`")
}

fn is_font_file(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains('/') || FONT_ENDINGS.iter().any(|ending| name.ends_with(ending))
}
