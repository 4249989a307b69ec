//! Templates and brand kits.

pub mod art;

pub use art::{Art, ArtError};
