//! What stands beside a quote in its transcript, as a row of a list carries it on: what the quote would lose by standing
//! alone, and the question that it answers.

use serde::{Deserialize, Serialize};

use super::Origin;

/// Why a quote should not be read without its neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CautionKind {
    /// The neighbour denies it: `That is not true.`
    Negation,
    /// The neighbour makes it depend on something: `Unless the court …`
    Condition,
    /// The neighbour qualifies it: `But …`, `However …`, `Except …`
    Qualifier,
    /// They are somebody else's words, quoted or reported.
    Quoted,
}

/// Where the neighbour stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Before the quote.
    Before,
    /// After it.
    After,
    /// In the quote itself.
    Within,
}

impl CautionKind {
    const ALL: [Self; 4] = [Self::Negation, Self::Condition, Self::Qualifier, Self::Quoted];

    const fn verb(self) -> &'static str {
        match self {
            Self::Negation => "denies it",
            Self::Condition => "sets a condition",
            Self::Qualifier => "qualifies it",
            Self::Quoted => "gives somebody else's words",
        }
    }
}

impl Side {
    const ALL: [Self; 3] = [Self::Before, Self::After, Self::Within];

    const fn sentence(self) -> &'static str {
        match self {
            Self::Before => "the sentence before",
            Self::After => "the sentence after",
            Self::Within => "the quote",
        }
    }
}

/// Something to read before a quote goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CautionRow {
    /// What is the matter.
    pub kind: CautionKind,
    /// Where the words stand.
    pub side: Side,
    /// The words that tell: `But`, `unless`, `said`.
    pub words: String,
    /// The sentence that has them.
    pub neighbour: String,
}

impl CautionRow {
    /// What a person is told.
    #[must_use]
    pub fn message(&self) -> String {
        let Self { kind, side, words, neighbour } = self;
        format!("{} {} (`{words}`): {neighbour}", side.sentence(), kind.verb())
    }

    /// The caution that [says](Self::message) so, as a cell of a spreadsheet does; `None` for other words.
    pub(super) fn from_message(message: &str) -> Option<Self> {
        let mut all = Side::ALL.into_iter().flat_map(|side| CautionKind::ALL.map(|kind| (side, kind)));
        all.find_map(|(side, kind)| {
            let told = message.strip_prefix(side.sentence())?.strip_prefix(' ')?.strip_prefix(kind.verb())?;
            let (words, neighbour) = told.strip_prefix(" (`")?.split_once("`): ")?;
            Some(Self { kind, side, words: words.to_owned(), neighbour: neighbour.to_owned() })
        })
    }
}

/// The question that a quote answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionRow {
    /// The words.
    pub text: String,
    /// Who asked; `null` where a list does not tell.
    pub speaker: Option<String>,
    /// Where they stand; `null` where a list does not tell.
    pub source: Option<Origin>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_leads_back_to_its_caution() {
        for side in Side::ALL {
            for kind in CautionKind::ALL {
                let caution = CautionRow { kind, side, words: "But".into(), neighbour: "But (no).".into() };
                assert_eq!(CautionRow::from_message(&caution.message()), Some(caution));
            }
        }
        assert_eq!(CautionRow::from_message("look at the sentence before"), None);
    }
}
