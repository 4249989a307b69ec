//! What differs between two texts, word by word.

use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::words::{joined, tokens};

/// A run of words and which of the two texts has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Both have it.
    Same(String),
    /// Only the card has it.
    Card(String),
    /// Only the source has it.
    Source(String),
    /// The card says that something is left out here.
    LeftOut,
}

/// What differs between the words of a card and those of its source, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Diff(pub Vec<Change>);

impl Diff {
    /// The difference of two texts. What a card may repair is none; of hanzi whole words are told, not strokes of them.
    #[must_use]
    pub fn new(card: &str, source: &str) -> Self {
        let (card_words, source_words) = (joined(card, &tokens(card)), joined(source, &tokens(source)));
        let keys =
            |words: &[super::words::Token]| -> Vec<String> { words.iter().map(|w| w.key.clone()).collect() };
        let slice = |text: &str, words: &[super::words::Token]| match (words.first(), words.last()) {
            (Some(first), Some(last)) => text[first.bytes.start..last.bytes.end].to_owned(),
            _ => String::new(),
        };
        let mut changes = Vec::new();
        for op in capture_diff_slices(Algorithm::Patience, &keys(&card_words), &keys(&source_words)) {
            let (old, new) = (op.old_range(), op.new_range());
            match op {
                DiffOp::Equal { .. } => changes.push(Change::Same(slice(card, &card_words[old]))),
                DiffOp::Delete { .. } => changes.push(Change::Card(slice(card, &card_words[old]))),
                DiffOp::Insert { .. } => changes.push(Change::Source(slice(source, &source_words[new]))),
                DiffOp::Replace { .. } => {
                    changes.push(Change::Card(slice(card, &card_words[old])));
                    changes.push(Change::Source(slice(source, &source_words[new])));
                }
            }
        }
        Self(changes)
    }

    /// This, something that the card leaves out, and another.
    pub(super) fn and(&mut self, other: Self) {
        if !self.0.is_empty() {
            self.0.push(Change::LeftOut);
        }
        self.0.extend(other.0);
    }
}

/// On one line: `[-only on the card-]{+only in the source+}`, as `wdiff` has it.
impl std::fmt::Display for Diff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut before: Option<char> = None;
        for change in &self.0 {
            let (open, text, close) = match change {
                Change::Same(text) => ("", text.as_str(), ""),
                Change::Card(text) => ("[-", text.as_str(), "-]"),
                Change::Source(text) => ("{+", text.as_str(), "+}"),
                Change::LeftOut => ("", "…", ""),
            };
            let next = text.chars().next();
            let apart = |c: char| c.is_alphanumeric() && !crate::select::is_unspaced(c);
            let opens = |c: char| matches!(c, '“' | '‘' | '(' | '—' | '–' | '…');
            // A blank stands where running text would have one.
            if before.zip(next).is_some_and(|(b, n)| {
                !crate::select::is_unspaced(b)
                    && !matches!(b, '（' | '「' | '“' | '(' | '。' | '，')
                    && (apart(n) || opens(n))
            }) {
                f.write_str(" ")?;
            }
            write!(f, "{open}{text}{close}")?;
            before = text.chars().next_back();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_differ_are_told_and_nothing_else() {
        let shown = |card: &str, source: &str| Diff::new(card, source).to_string();
        assert_eq!(shown("We will rebuild it.", "We will not rebuild it."), "We will {+not+} rebuild it.");
        assert_eq!(shown("Over 40 lakes", "Over 50 lakes"), "Over [-40-] {+50+} lakes");
        assert_eq!(shown("It’s foil, which", "It's foil , which"), "It’s foil, which");
        assert_eq!(shown("我们保护环境。", "我们保护水源。"), "我们保护[-环境-]{+水源+}。");
        assert_eq!(shown("a", ""), "[-a-]");
    }
}
