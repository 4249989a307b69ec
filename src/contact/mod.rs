//! The contact sheet: all cards of a folder at a glance, for the editor who lets them go out.
//!
//! Two files: a [`Page`] that needs nothing but itself (thumbnails, words, and each quote marked in the passage that it
//! was taken from), and a [`Wall`], one picture of all thumbnails. Both are made card by card, from the manifest's
//! entries, the cards' bytes and the transcripts: what is held is one thumbnail, the wall, and where each turn stands.
//!
//! **Many cards.** Up to [`LARGE`] a page has thumbnails of 480 px (about 20 KB each); beyond that they are of 200 px
//! (about 5 KB), so that ten thousand cards are a page of some 70 MB, which a browser opens: what is not on the screen
//! is neither laid out nor decoded. A wall takes as many as stand on 2400 × 4096 px, some 900, and says how many it
//! leaves out.

mod html;
mod passage;
mod picture;
mod wall;

pub use html::{Group, Head, Page, is_ours};
pub use passage::{Passage, Places};
pub use picture::{Picture, PictureError, Thumbnail};
pub use wall::{Wall, line};

use crate::manifest::Entry;

/// The page of a contact sheet.
pub const PAGE_NAME: &str = "contact.html";
/// The picture of all cards.
pub const WALL_NAME: &str = "contact.png";
/// So many cards have large thumbnails.
pub const LARGE: usize = 1000;

/// How large the longer side of a page's thumbnail is, px, where there are so many cards.
#[must_use]
pub const fn thumbnail_side(cards: usize) -> u32 {
    if cards <= LARGE { 480 } else { 200 }
}

/// The cards of one quote, which stand beside each other in a manifest: the same words of the same person from the same
/// place.
pub fn groups(entries: &[Entry]) -> impl Iterator<Item = &[Entry]> {
    entries.chunk_by(|a, b| a.text == b.text && a.speaker == b.speaker && a.source == b.source)
}
