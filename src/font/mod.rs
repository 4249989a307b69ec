//! Faces: the embedded ones and a user's own, by id; what each covers and measures.

use std::fmt;

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
pub struct FontBook {}
