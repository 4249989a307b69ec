//! Templates and brand kits.

/// A picture or vector art that a template or kit brings.
#[derive(Debug, PartialEq)]
pub enum Art {}
