//! Which words: from transcripts and a [`Query`] to a [`Selection`] of exact quotes.

mod quote;

pub use quote::Quote;

use std::ops::Range;

/// What is asked for. `Default` takes every sentence of every speaker.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Speakers to take, by any part of their names; empty: all. Default: empty.
    pub speakers: Vec<String>,
    /// Words or phrases to find; any of them is enough. Default: empty.
    pub keywords: Vec<String>,
    /// All keywords must be met. Default: false.
    pub all_keywords: bool,
    /// Shortest quote, in characters (a hanzi counts two). Default: 0.
    pub min_chars: usize,
    /// Longest quote, in characters (a hanzi counts two); 0: no bound. Default: 0.
    pub max_chars: usize,
    /// The most quotes to give; 0: all. Default: 0.
    pub limit: usize,
    /// The order of the result. Default: best first.
    pub order: Order,
    /// Take whole turns instead of sentences. Default: false.
    pub turns: bool,
}

/// The order of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Highest score first; equal scores in source order.
    #[default]
    Best,
    /// As spoken, files in the order given.
    Source,
}

/// A quote and why it was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick<'t> {
    /// The exact words.
    pub quote: Quote<'t>,
    /// How well the line stands on its own, 0 to 100.
    pub score: f32,
    /// Byte ranges of `quote.text()` that a keyword met, in order, none overlapping.
    pub matched: Vec<Range<usize>>,
    /// The sentence before it in the same turn.
    pub before: Option<&'t str>,
    /// The sentence after it in the same turn.
    pub after: Option<&'t str>,
}

/// Quotes in the order asked for: no duplicates, none overlapping another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selection<'t> {
    /// The quotes.
    pub picks: Vec<Pick<'t>>,
    /// How many more matched than the limit let through.
    pub more: usize,
}

/// stub
#[must_use]
pub fn chars(text: &str) -> usize {
    text.chars().count()
}
