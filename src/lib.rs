//! From a press conference transcript to share cards, word for word.

pub mod batch;
pub mod card;
pub mod color;
pub mod date;
pub mod diag;
pub mod export;
pub mod font;
pub mod geom;
pub mod lang;
pub mod layout;
pub mod look;
pub mod manifest;
pub mod paint;
pub mod records;
pub mod select;
pub mod template;
pub mod transcript;
