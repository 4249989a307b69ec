//! How a document was read, for a person to check: the grammar of its labels, the labels, what was left out and why.

use serde::{Deserialize, Serialize};

use super::Transcript;
use super::label::{ENOUGH, Labels};
use super::text::fold;
use super::view::View;

/// Why words of a file are in no turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Above the first turn.
    Head,
    /// A line that introduces somebody.
    Roster,
    /// Navigation, credits, links, a footer.
    Furniture,
    /// A number that counts pages.
    PageNumber,
    /// A heading between turns or inside one.
    Heading,
    /// A sentence about what somebody did.
    Narration,
    /// Printed matter that the record inserts after `[The statement follows:]`.
    Printed,
    /// A stage direction, a time or a page mark among the words.
    Aside,
    /// The file says that nobody in particular speaks it.
    NobodySpeaks,
    /// After the mark that ends the document, or outside the part of the page that holds the turns.
    AfterTheEnd,
}

impl Reason {
    /// In a few words.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Head => "above the first turn",
            Self::Roster => "introduces somebody",
            Self::Furniture => "belongs to the page",
            Self::PageNumber => "page number",
            Self::Heading => "heading",
            Self::Narration => "narration",
            Self::Printed => "printed, not spoken",
            Self::Aside => "stage direction or mark",
            Self::NobodySpeaks => "nobody is said to speak it",
            Self::AfterTheEnd => "after the end",
        }
    }
}

/// Words that are in no turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// 1-based line of the file.
    pub line: u32,
    /// Byte offset.
    pub start: usize,
    /// Why.
    pub reason: Reason,
    /// The words, cut after some eighty characters.
    pub words: String,
}

/// A label that was found, or one that was considered and rejected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelRow {
    /// As first printed.
    pub label: String,
    /// How often it may open a turn.
    pub count: usize,
    /// What speaks for it and against it; 3.5 is enough.
    pub score: f32,
    /// It names a speaker.
    pub speaks: bool,
}

/// How a document was read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// How labels stand in the document, in words; what the format says where it names speakers itself.
    pub grammar: String,
    /// How many likely labels have that form.
    pub votes: usize,
    /// The labels, speakers first, then those that were considered, each by how often it comes.
    pub labels: Vec<LabelRow>,
    /// What is in no turn, in the order of the file.
    pub left_out: Vec<LeftOut>,
}

/// Rejected labels that are told at most.
const MOST_REJECTED: usize = 40;

impl Explanation {
    /// Notes the labels and the grammar.
    pub(super) fn labels(&mut self, labels: &Labels, view: &View<'_>) {
        if !view.voices.is_empty() && labels.names.is_empty() {
            self.grammar = "the format says who speaks".to_owned();
            self.votes = view.lines.len();
            let mut counts = vec![0; view.voices.len()];
            for n in 0..view.lines.len() {
                if let Some(count) = view.voice(n).and_then(|v| counts.get_mut(v)) {
                    *count += 1;
                }
            }
            let rows = view.voices.iter().zip(counts);
            self.labels = rows
                .map(|(voice, count)| LabelRow { label: voice.name.clone(), count, score: 0.0, speaks: true })
                .collect();
            return;
        }
        if let Some((form, votes)) = labels.dominant {
            let place = if form.own_line { ", alone on its line" } else { ", before the words" };
            let bold = if form.bold { ", bold" } else { "" };
            self.grammar = format!("{}{place}{bold}, {}", form.mark.description(), form.shape.description());
            self.votes = votes;
        }
        let mut rows: Vec<LabelRow> = labels
            .names
            .iter()
            .filter(|name| name.count > 0 && (name.score > -6.0 || name.count > 2))
            .map(|name| LabelRow {
                label: fold(&name.printed),
                count: name.count,
                score: name.score,
                speaks: name.score >= ENOUGH,
            })
            .collect();
        rows.sort_by(|a, b| b.speaks.cmp(&a.speaks).then(b.count.cmp(&a.count)));
        let speaking = rows.iter().filter(|row| row.speaks).count();
        rows.truncate(speaking + MOST_REJECTED);
        self.labels = rows;
    }

    /// Notes words that are in no turn.
    pub(super) fn left_out(&mut self, start: usize, reason: Reason, words: &str) {
        let folded = fold(words);
        let cut = folded.char_indices().nth(80).map_or(folded.len(), |(at, _)| at);
        let dots = if cut < folded.len() { "…" } else { "" };
        let words = format!("{}{dots}", &folded[..cut]);
        self.left_out.push(LeftOut { line: 0, start, reason, words });
    }

    /// Puts everything in order and finds the lines.
    pub(super) fn finish(&mut self, transcript: &Transcript) {
        self.left_out.sort_by_key(|left| left.start);
        for left in &mut self.left_out {
            left.line = transcript.source.line_of(left.start);
        }
    }
}
