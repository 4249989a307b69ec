//! Files of finished cards.

pub mod name;
pub mod png;
pub mod sheet;
pub mod tar;
pub mod write;
