//! What a stage has to say to a person: plain data, nothing is printed here.
//!
//! Every stage has its own error enum; each turns into one [`Diagnostic`], which the program prints as
//!
//! ```text
//! error: quote does not fit the `quote` box even at its floor, 38 px
//!   --> briefing.txt:214, card `chen-003` on `broadsheet` at `story`
//! hint: take a shorter quote with `--max-chars 300`
//! ```

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something was not done.
    Error,
    /// It was done; a person should look.
    Warning,
}

/// One problem: what and where in `message` and `place`, the mend in `hints`.
///
/// Messages are lower case, without a full stop, literals in backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What went wrong.
    pub message: String,
    /// Where: `FILE`, `FILE:LINE`, `FILE:LINE:COLUMN`, or a card; may be followed by more, comma separated.
    pub place: Option<String>,
    /// The line that is at fault, where it is one of a file that a person writes.
    pub excerpt: Option<Box<Excerpt>>,
    /// How to mend it, naming the flag or key to change.
    pub hints: Vec<String>,
}

/// A line of a file and what is wrong in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The file.
    pub file: String,
    /// Which line, from 1.
    pub line: usize,
    /// The character that the fault begins at, from 1.
    pub column: usize,
    /// The line without its end.
    pub text: String,
    /// The fault, as bytes of `text`.
    pub fault: Range<usize>,
}

impl Diagnostic {
    /// An error without place or hints yet.
    #[must_use]
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            place: None,
            excerpt: None,
            hints: Vec::new(),
        }
    }

    /// A warning without place or hints yet.
    #[must_use]
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// The same, with a place.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// The same, at a line of a file; this is its place too.
    #[must_use]
    pub fn in_line(mut self, excerpt: Excerpt) -> Self {
        self.place = Some(format!("{}:{}:{}", excerpt.file, excerpt.line, excerpt.column));
        self.excerpt = Some(Box::new(excerpt));
        self
    }

    /// The same, with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// A result together with what a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warned<T> {
    /// The result.
    pub output: T,
    /// Warnings, in the order met.
    pub warnings: Vec<Diagnostic>,
}

impl<T> Warned<T> {
    /// A result with no warnings.
    pub const fn clean(output: T) -> Self {
        Self { output, warnings: Vec::new() }
    }
}
