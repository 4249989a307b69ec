//! What is asked for.

use super::Span;

/// What is asked for. `Default` takes every sentence of everybody who answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Speakers to take, by any part of their names; empty: all. Default: empty.
    pub speakers: Vec<String>,
    /// Speakers to leave out, by any part of their names. Default: empty.
    pub not_speakers: Vec<String>,
    /// Words or phrases to find; any of them is enough. See [`super::Matcher::new`]. Default: empty.
    pub keywords: Vec<String>,
    /// Regular expressions, taken like keywords. Default: empty.
    pub regexes: Vec<String>,
    /// All keywords and regular expressions must be met. Default: false.
    pub all_keywords: bool,
    /// Only what was said in these days. Default: whenever it was said.
    pub between: Option<Span>,
    /// Take those who only ask too; see [`super::askers`]. Default: false.
    pub questions: bool,
    /// Shortest quote, by [`super::chars`]. Default: 0.
    pub min_chars: usize,
    /// Longest quote, by [`super::chars`]; 0: no bound. Default: 0.
    pub max_chars: usize,
    /// The most quotes to give, the best ones whatever the order; 0: all. Default: 0.
    pub limit: usize,
    /// The order of the result. Default: best first.
    pub order: Order,
    /// Take whole turns instead of sentences. Default: false.
    pub turns: bool,
    /// Let several quotes of one passage come first, if they are the best. Default: false.
    pub any_passage: bool,
}

/// The order of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The best of each passage first, then the others, then all under 40 points; among them the highest score first;
    /// equal scores in source order.
    #[default]
    Best,
    /// As spoken, files in the order given.
    Source,
}
