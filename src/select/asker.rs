//! Who asks and who answers.
//!
//! A quote is what somebody stands for, so those who only ask (reporters, panelists, people from the floor) are left
//! out unless they are wanted. Somebody asks whose
//!
//! - [`asks`](Person::asks) the reader has set, by label, name, role or what was told beforehand: `Q`, `REPORTER`, `Reuters`,
//!   `correspondent of …`, 新华社记者, 中央电视台;
//! - turns mostly end in a question that another person then speaks to, and who says less than those who answer.
//!
//! Where that would leave nobody, everybody answers: a transcript of one speaker, a talk among equals.

use super::sentence::sentences;
#[cfg(doc)]
use crate::transcript::Person;
use crate::transcript::Transcript;

/// For each person of the transcript, whether they only ask. The one place that decides it.
#[must_use]
pub fn askers(transcript: &Transcript) -> Vec<bool> {
    let people = &transcript.people;
    if transcript.is_list {
        return vec![false; people.len()];
    }
    let mut tallies = vec![Tally::default(); people.len()];
    let turns = &transcript.turns;
    for (i, turn) in turns.iter().enumerate() {
        let Some(tally) = tallies.get_mut(turn.speaker) else { continue };
        tally.turns += 1;
        tally.bytes += turn.text.len();
        let answered = turns.get(i + 1).is_some_and(|next| next.speaker != turn.speaker);
        tally.asked += usize::from(answered && ends_in_question(&turn.text));
    }
    // A panelist may introduce himself first, and ask twice after that.
    let by_turns = |tally: &Tally| tally.turns > 0 && tally.asked * 5 >= tally.turns * 3;
    // Those who answer are those who talk: whoever asks has at most the mean share.
    let total: usize = tallies.iter().map(|t| t.bytes).sum();
    let speakers = tallies.iter().filter(|t| t.turns > 0).count().max(1);
    let asks: Vec<bool> = people
        .iter()
        .zip(&tallies)
        .map(|(person, tally)| person.asks || by_turns(tally) && tally.bytes * speakers <= total)
        .collect();
    let answers = |asks: &[bool]| tallies.iter().zip(asks).any(|(t, asks)| t.turns > 0 && !asks);
    if answers(&asks) { asks } else { vec![false; people.len()] }
}

#[derive(Debug, Clone, Default)]
struct Tally {
    turns: usize,
    /// Turns that end in a question which somebody else goes on from.
    asked: usize,
    bytes: usize,
}

/// The last sentence asks, or all that follows the last question is short: thanks, `please`, a name.
fn ends_in_question(text: &str) -> bool {
    /// Bytes: `Thank you very much.`, 谢谢发言人。
    const TAIL: usize = 40;
    let sentences = sentences(text);
    let mut tail = 0;
    for range in sentences.iter().rev() {
        if is_question(&text[range.clone()]) {
            return true;
        }
        tail += range.len();
        if tail > TAIL {
            return false;
        }
    }
    false
}

/// Ends in a question mark, whatever closes after it.
pub(super) fn is_question(sentence: &str) -> bool {
    let bare = sentence.trim_end_matches(|c: char| "\"”’'」』)） ".contains(c));
    bare.ends_with(['?', '？']) || bare.ends_with("吗。") || bare.ends_with("呢。")
}

#[cfg(test)]
mod tests {
    use super::super::testing::transcript;
    use super::*;

    fn asking(turns: &[(&str, &str)]) -> Vec<String> {
        let transcript = transcript(turns);
        let asks = askers(&transcript);
        transcript.people.iter().zip(asks).filter(|(_, asks)| *asks).map(|(p, _)| p.name.clone()).collect()
    }

    const ANSWER: &str =
        "We will plant two million trees, and we will do so before the winter of next year comes.";

    #[test]
    fn labels_and_outlets_ask() {
        for name in [
            "Q",
            "QUESTION",
            "Question 3",
            "新华社记者",
            "记者",
            "Harbor Daily",
            "中央电视台",
            "港湾日报",
            "Lin TV",
        ] {
            assert_eq!(asking(&[("Lu", ANSWER), (name, "Go on."), ("Lu", ANSWER)]), [name], "{name}");
        }
        for name in ["Quinn", "Mediator", "Ann Lee"] {
            assert!(asking(&[("Lu", ANSWER), (name, "Go on."), ("Lu", ANSWER)]).is_empty(), "{name}");
        }
    }

    #[test]
    fn turns_that_end_in_questions_ask() {
        let turns = [
            ("Ann", "My question is this. How many trees? Thank you."),
            ("Lu", ANSWER),
            ("Ann", "Why?"),
            ("Lu", ANSWER),
        ];
        assert_eq!(asking(&turns), ["Ann"]);
        // Two who talk with each other ask now and then.
        let turns = [("Ann", ANSWER), ("Lu", "And then? What then?"), ("Ann", "Is it so?"), ("Lu", ANSWER)];
        assert!(asking(&turns).is_empty());
        // Somebody who says first who he is.
        let turns = [
            ("Ann", "I am Ann Finch of the Gazette."),
            ("Lu", ANSWER),
            ("Ann", "How many?"),
            ("Lu", ANSWER),
            ("Ann", "Why?"),
            ("Lu", ANSWER),
        ];
        assert_eq!(asking(&turns), ["Ann"]);
        // Who speaks alone answers, whatever he asks.
        assert!(asking(&[("Ann", "What is a tree?")]).is_empty());
        assert!(asking(&[("Q", "What is a tree?")]).is_empty());
    }

    #[test]
    fn a_role_tells() {
        let mut transcript = transcript(&[("Lu", ANSWER), ("Ann", "Go on."), ("Lu", ANSWER)]);
        let ann = &mut transcript.people[1];
        ann.role = Some("correspondent of the Harbor Daily".into());
        ann.asks = crate::transcript::asks(ann);
        assert_eq!(askers(&transcript), [false, true]);
        transcript.is_list = true;
        assert_eq!(askers(&transcript), [false, false]);
    }
}
