//! Files of finished cards.

pub mod name;
pub mod png;
pub mod tar;
pub mod write;
