//! Where a quote stands, with what was said around it.

use std::collections::BTreeMap;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::transcript::{Origin, Transcript};

/// So much of what was said before and after a quote is shown, in bytes: two or three sentences.
const AROUND: usize = 360;

/// A quote in its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Who speaks, as the document prints it.
    pub label: String,
    /// What was said, cut to what stands near the quote.
    pub text: String,
    /// The quote's own words in it, as byte ranges in order.
    pub marks: Vec<Range<usize>>,
    /// The turn begins before this.
    pub goes_back: bool,
    /// The turn goes on after this.
    pub goes_on: bool,
}

/// Where the turns of transcripts stand in their files.
#[derive(Debug, Default)]
pub struct Places<'t> {
    transcripts: Vec<&'t Transcript>,
    /// By the file's digest: start and end of each turn, and which it is.
    turns: BTreeMap<&'t str, Vec<(usize, usize, usize, usize)>>,
}

impl<'t> Places<'t> {
    /// The turns of these.
    pub fn new(transcripts: impl IntoIterator<Item = &'t Transcript>) -> Self {
        let mut places = Self::default();
        for transcript in transcripts {
            let number = places.transcripts.len();
            places.transcripts.push(transcript);
            let turns = places.turns.entry(&transcript.source.sha256).or_default();
            for (index, turn) in transcript.turns.iter().enumerate() {
                let pieces = turn.map.pieces();
                if let (Some(first), Some(last)) = (pieces.first(), pieces.last()) {
                    turns.push((first.source.start, last.source.end, number, index));
                }
            }
            turns.sort_unstable();
        }
        places
    }

    /// The passage that holds a place; `None` where no transcript has it, or where nothing stands around it.
    #[must_use]
    pub fn find(&self, origin: &Origin) -> Option<Passage> {
        let turns = self.turns.get(origin.sha256.as_str())?;
        let after = turns.partition_point(|&(start, ..)| start <= origin.start);
        let &(_, end, number, index) = turns.get(after.checked_sub(1)?)?;
        if origin.start >= end {
            return None;
        }
        let transcript = self.transcripts[number];
        let turn = &transcript.turns[index];
        let whole = [[origin.start, origin.end]];
        let runs = if origin.spans.is_empty() { &whole[..] } else { &origin.spans };
        let mut marks: Vec<Range<usize>> = Vec::new();
        for piece in turn.map.pieces() {
            for &[from, to] in runs {
                let (from, to) = (from.max(piece.source.start), to.min(piece.source.end));
                if from >= to {
                    continue;
                }
                // A piece of another length than its source (an escape) is taken whole.
                let mark = if piece.text.len() == piece.source.len() {
                    piece.text.start + (from - piece.source.start)
                        ..piece.text.start + (to - piece.source.start)
                } else {
                    piece.text.clone()
                };
                match marks.last_mut() {
                    Some(last)
                        if turn.text.get(last.end..mark.start).is_some_and(|gap| gap.trim().is_empty()) =>
                    {
                        last.end = mark.end;
                    }
                    _ => marks.push(mark),
                }
            }
        }
        let sound = |mark: &Range<usize>| turn.text.get(mark.clone()).is_some();
        if marks.is_empty() || !marks.iter().all(sound) {
            return None;
        }
        let (first, last) = (marks[0].start, marks[marks.len() - 1].end);
        if transcript.is_list && first == 0 && last == turn.text.len() {
            return None;
        }
        let from = begin(&turn.text[..first]);
        let to = last + end_of(&turn.text[last..]);
        Some(Passage {
            label: turn.label.clone(),
            text: turn.text[from..to].to_owned(),
            marks: marks.into_iter().map(|mark| mark.start - from..mark.end - from).collect(),
            goes_back: from > 0,
            goes_on: to < turn.text.len(),
        })
    }
}

/// Where what is shown of the words before a quote begins: with a sentence, else with a word.
fn begin(before: &str) -> usize {
    let near = |&at: &usize| before.len() - at <= AROUND;
    let sentence = before.split_sentence_bound_indices().map(|(at, _)| at).find(near);
    let word = || before.unicode_word_indices().map(|(at, _)| at).find(near);
    sentence.or_else(word).unwrap_or(before.len())
}

/// Where what is shown of the words after a quote ends: with a sentence, else with a word.
fn end_of(after: &str) -> usize {
    let near = |&end: &usize| end <= AROUND;
    let ends = after.split_sentence_bound_indices().map(|(at, sentence)| at + sentence.trim_end().len());
    // The first bound may be the end of the quote's own sentence, or of a blank.
    let sentence = ends.take_while(near).last().filter(|&end| end > 1 || after.len() <= 1);
    let word = || after.unicode_word_indices().map(|(at, word)| at + word.len()).take_while(near).last();
    sentence.or_else(word).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::{ReadOptions, read};

    #[test]
    fn a_quote_is_marked_in_what_was_said_around_it() {
        let long = "It was long ago. ".repeat(60);
        let text =
            format!("Ann Lee: {long}Water is\n life. (Applause.) And work. {long}\nBo Li: Thank you.\n");
        let transcript = read("a.txt", text.as_bytes(), &ReadOptions::default()).unwrap().output;
        let turn = &transcript.turns[0];
        let at = turn.text.find("Water").unwrap();
        let end = turn.text.find("And work.").unwrap() + "And work.".len();
        let places = Places::new([&transcript]);
        let passage = places.find(&transcript.origin(turn, at..end)).unwrap();
        let marked: Vec<_> = passage.marks.iter().map(|mark| &passage.text[mark.clone()]).collect();
        assert_eq!(marked.join(" "), "Water is life. And work.");
        assert_eq!(passage.label, "Ann Lee");
        assert!(passage.goes_back && passage.goes_on && passage.text.len() < 2 * AROUND + 40);
        assert!(passage.text.starts_with(char::is_alphanumeric), "{}", passage.text);
        let mut other = transcript.origin(turn, at..end);
        other.sha256 = "0".into();
        assert_eq!(places.find(&other), None);
    }
}
