//! Files of finished cards.

pub mod name;
pub mod png;
pub mod write;
