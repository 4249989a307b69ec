//! Where everything is.
mod item;

pub use item::{Glyph, GlyphRun, Item, Layout, Line, LineEnd, Paint, Shape};
