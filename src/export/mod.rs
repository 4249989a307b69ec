//! Files of finished cards.

pub mod png;
