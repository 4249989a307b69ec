//! Faces: the embedded ones and a user's own, by id; what each covers and measures.

mod builtin;
mod face;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::digest::Digest;
pub use face::{Axis, Face, FontError, Metrics, Run, ShapedGlyph};

/// The names of the faces inside the program.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    builtin::FACES.iter().map(|(name, _)| *name)
}

/// A face of a [`FontBook`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaceId(pub(crate) u16);

impl fmt::Debug for FaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "face {}", self.0)
    }
}

/// Every face a batch may use; shared read-only by all threads.
#[derive(Debug, Default)]
pub struct FontBook {
    faces: Vec<Arc<Face>>,
    fallbacks: Vec<FaceId>,
    given: Digest,
    identity: u64,
}

impl FontBook {
    /// The faces inside the program, named like their files.
    #[must_use]
    pub fn builtin() -> Self {
        let mut book = Self::default();
        for (name, data) in builtin::FACES {
            book.push(Face::new(name, Cow::Borrowed(data)).expect("the embedded faces are sound"));
        }
        book
    }

    /// Adds a face.
    ///
    /// # Panics
    /// After 65 536 faces.
    pub fn push(&mut self, face: impl Into<Arc<Face>>) -> FaceId {
        static LAST: AtomicU64 = AtomicU64::new(0);
        self.identity = 1 + LAST.fetch_add(1, Ordering::Relaxed);
        let id = FaceId(u16::try_from(self.faces.len()).expect("no batch has 65 536 faces"));
        self.faces.push(face.into());
        id
    }

    /// Adds a user's face that serves characters which a template's own faces lack; asked in order of adding.
    ///
    /// # Errors
    ///
    /// Where `data` is not a font that can set text.
    pub fn add_fallback(&mut self, name: &str, data: Vec<u8>) -> Result<(), FontError> {
        let given = Digest::of_parts([&self.given.number().to_le_bytes(), name.as_bytes(), &*data]);
        self.push_fallback(Face::new(name, Cow::Owned(data))?);
        self.given = given;
        Ok(())
    }

    /// Adds a face that serves characters which a template's own faces lack; asked in order of adding.
    ///
    /// # Panics
    /// After 65 536 faces.
    pub fn push_fallback(&mut self, face: impl Into<Arc<Face>>) -> FaceId {
        let id = self.push(face);
        self.fallbacks.push(id);
        id
    }

    /// The digest of the files of [`Self::add_fallback`]; nought where there are none. All others come with the program, a
    /// template or a kit.
    #[must_use]
    pub fn given(&self) -> Digest {
        self.given
    }

    /// A number that no book with other faces has or had.
    pub(crate) fn identity(&self) -> u64 {
        self.identity
    }

    /// The user's faces, in order of adding.
    pub fn fallbacks(&self) -> impl Iterator<Item = FaceId> + Clone + '_ {
        self.fallbacks.iter().copied()
    }

    /// The names of all faces, in order of adding.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.faces.iter().map(|face| face.name())
    }

    /// The face of an id that this book gave.
    #[must_use]
    pub fn face(&self, id: FaceId) -> &Face {
        &self.faces[usize::from(id.0)]
    }

    /// The face of that name; the last one added where several bear it.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FaceId> {
        let at = self.faces.iter().rposition(|f| f.name() == name)?;
        u16::try_from(at).ok().map(FaceId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_embedded_faces() {
        let book = FontBook::builtin();
        let id = book.find("NotoSerifSC-SemiBold").unwrap();
        assert_eq!(book.face(id).name(), "NotoSerifSC-SemiBold");
        assert_eq!(book.find("Arial"), None);
    }
}
