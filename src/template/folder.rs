//! The files that a template or a kit names: they lie beside it and are called by its folder in messages.

use std::path::Path;

use super::TemplateError;
use super::check::{Read, stays_inside};
use crate::diag::Diagnostic;

/// The folder of a TOML file.
#[derive(Clone, Copy)]
pub(super) struct Folder<'a> {
    /// The TOML file, as messages call it.
    toml: &'a str,
    read: &'a Read<'a>,
}

impl<'a> Folder<'a> {
    /// The folder of the file that messages call `toml`; `read` gives its files.
    pub fn of(toml: &'a str, read: &'a Read<'a>) -> Self {
        Self { toml, read }
    }

    /// What messages call a file: with its folder, as `name` alone is relative to the TOML file.
    pub fn shown(&self, name: &str) -> String {
        Path::new(self.toml).with_file_name(name).display().to_string()
    }

    /// The bytes of a file, and what messages call it.
    ///
    /// # Errors
    ///
    /// A name that leads out of the folder, a file that cannot be read.
    pub fn file(&self, name: &str) -> Result<(String, Vec<u8>), TemplateError> {
        if !stays_inside(name) {
            let told = Diagnostic::error(format!("`{name}` leads out of the folder"))
                .hint("put the file beside this one, and name it without `..` or a leading `/`");
            return Err(TemplateError::Invalid { file: self.toml.to_owned(), problems: vec![told] });
        }
        let shown = self.shown(name);
        match (self.read)(name) {
            Ok(bytes) => Ok((shown, bytes)),
            Err(source) => Err(TemplateError::Read { file: shown, source }),
        }
    }
}
