//! The question that a quote answers.

use super::asker::is_question;
use super::{Quote, sentences};
use crate::transcript::{Transcript, Turn};

/// A question, by somebody else, that a turn answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Question<'t> {
    /// The last sentence of the asker's turn that asks.
    pub asked: Quote<'t>,
}

/// How many turns before an answer are looked at: the chair may give the floor between question and answer, and an
/// answer may be interrupted.
const TURNS_BACK: usize = 4;

/// The question that a turn answers, if the turn before it asks one; `asks` tells who only asks, person by person.
pub(super) fn question<'t>(transcript: &'t Transcript, turn: usize, asks: &[bool]) -> Option<Question<'t>> {
    if transcript.is_list {
        return None;
    }
    let speaker = transcript.turns.get(turn)?.speaker;
    let earlier = (0..turn).rev().take(TURNS_BACK).map(|i| (i, &transcript.turns[i]));
    for (i, asked) in earlier.filter(|(_, t)| t.speaker != speaker) {
        if let Some(range) = last_question(asked) {
            return Quote::new(transcript, i, range).map(|asked| Question { asked });
        }
        // Somebody who answers spoke in between: the question was his.
        let chair = transcript.people.get(asked.speaker).is_some_and(|p| p.chair);
        if !chair && !asks.get(asked.speaker).copied().unwrap_or_default() {
            return None;
        }
    }
    None
}

fn last_question(turn: &Turn) -> Option<std::ops::Range<usize>> {
    sentences(&turn.text).into_iter().rev().find(|range| is_question(&turn.text[range.clone()]))
}

#[cfg(test)]
mod tests {
    use super::super::{askers, testing::transcript};
    use super::*;

    fn asked(turns: &[(&str, &str)]) -> Option<String> {
        let transcript = transcript(turns);
        question(&transcript, turns.len() - 1, &askers(&transcript)).map(|q| q.asked.text().to_owned())
    }

    #[test]
    fn the_last_question_of_the_turn_before() {
        let reporter = ("Q", "I am from the Daily. Is it so? How many trees will you plant? Thank you.");
        let want = Some("How many trees will you plant?".to_owned());
        assert_eq!(asked(&[("Lu", "Hello."), reporter, ("Lu", "Two million.")]), want);
        // The chair gives the floor, the answer is interrupted.
        assert_eq!(
            asked(&[("Lu", "Hello."), reporter, ("Lu", "Well,"), ("Q", "Yes."), ("Lu", "two million.")]),
            want
        );
        assert_eq!(asked(&[("Lu", "Hello."), reporter, ("Wen", "No."), ("Lu", "Two million.")]), None);
        assert_eq!(asked(&[("Lu", "Two million.")]), None);
        assert_eq!(asked(&[("Wen", "We go on."), ("Lu", "Two million.")]), None);
    }
}
