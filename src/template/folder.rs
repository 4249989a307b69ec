//! The files that a template or a kit names: they lie beside it and are called by its folder in messages.

use std::cell::RefCell;
use std::io;
use std::path::Path;

use super::TemplateError;
use super::check::{Read, stays_inside};
use crate::diag::Diagnostic;
use crate::digest::{Digest, Sum};

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

/// Reads files and keeps the digest of all that were read, in the order they were asked for.
pub(super) struct Watched<'a> {
    read: &'a Read<'a>,
    sum: RefCell<Sum>,
}

impl<'a> Watched<'a> {
    pub fn new(read: &'a Read<'a>) -> Self {
        Self { read, sum: RefCell::default() }
    }

    pub fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let bytes = (self.read)(name)?;
        // Not its name: that is in the TOML before it, and messages may call it by where it lies.
        self.sum.borrow_mut().bytes(&bytes);
        Ok(bytes)
    }

    pub fn digest(&self) -> Digest {
        self.sum.borrow().end()
    }
}
