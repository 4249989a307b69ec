//! What a line points back at: something that was named before it, and that a card does not have.

use super::facts::Facts;
use super::met;
use super::patterns::{COMPARED, DEICTIC, EXPLETIVE, LINK, MARKER, POINTER, PRONOUN};

/// A line that points back is the commonest bad card: it costs what a superlative, a figure and a
/// name bring together.
pub(super) fn dangling(opening: &str) -> f32 {
    let first = points(opening);
    // `I think they are late.` points back as surely as `They are late.`
    let Some(marker) = MARKER.find(opening) else { return first };
    let rest = opening[marker.end()..].trim_start();
    // `I think that the river …`, but `I think that is …`.
    let rest = match rest.strip_prefix("that ") {
        Some(clause)
            if !["is ", "was ", "has ", "will ", "would "].iter().any(|verb| clause.starts_with(verb)) =>
        {
            clause
        }
        _ => rest,
    };
    first.min(points(rest))
}

/// What it costs to begin so.
fn points(opening: &str) -> f32 {
    // `Because it rained.` is half a sentence, `Because it rained, we stayed.` a whole one.
    let half = opening.starts_with("because ") && !opening.contains(", ");
    if met(&DEICTIC, opening) {
        0.0
    } else if half || met(&POINTER, opening) || met(&LINK, opening) {
        -45.0
    } else if met(&PRONOUN, opening) && !met(&EXPLETIVE, opening) {
        // `He` may be known from the event: not as sure.
        -30.0
    } else {
        0.0
    }
}

/// `In the flood of July, these wetlands …`, `Last year it was …`: the sentence points back after a few words that only
/// say when or where, as surely as one that begins with the pronoun.
fn points_back_after_opening(opening: &str) -> bool {
    /// A longer piece before the comma is a clause of its own, and may name what is meant.
    const FRONTED: usize = 60;
    if let Some((fronted, main)) = opening.split_once(", ")
        && fronted.len() <= FRONTED
    {
        let mut words = main.split(' ');
        let (first, next) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let next = next.trim_end_matches(|c: char| !c.is_alphabetic());
        let points = match first {
            "this" | "these" => !matches!(next, "day" | "days" | "years" | "months" | "weeks" | ""),
            // Not `those who …`, which says itself whom it means.
            "those" => {
                !matches!(next, "who" | "whose" | "that" | "in" | "of" | "with" | "from" | "under" | "")
            }
            // Not after `When Ana was nine`, which may say whom.
            "they" => matches!(
                fronted.split(' ').next(),
                Some(
                    "On" | "In"
                        | "At"
                        | "By"
                        | "During"
                        | "Instead"
                        | "Without"
                        | "With"
                        | "From"
                        | "Through"
                        | "Under"
                )
            ),
            "he" | "she" => !matches!(
                fronted.split(' ').next(),
                Some("When" | "As" | "If" | "While" | "After" | "Before" | "Since")
            ),
            _ => false,
        };
        if points && !met(&DEICTIC, main) {
            return true;
        }
    }
    let mut words = opening.split(' ').map(|word| word.trim_end_matches(','));
    let subject = match (words.next(), words.next()) {
        (Some("Today" | "Now" | "Yesterday"), subject) => subject,
        (
            Some("Last" | "This"),
            Some("year" | "month" | "week" | "winter" | "summer" | "spring" | "autumn"),
        ) => words.next(),
        (Some("In"), Some(year)) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
            words.next()
        }
        _ => None,
    };
    matches!(subject, Some("it" | "he" | "she" | "they"))
}

/// `opening` with its capitals, `said` [plainly](super::plainly).
pub(super) fn reference(opening: &str, said: &str, facts: &Facts) -> f32 {
    if points_back_after_opening(opening) {
        return -30.0;
    }
    let near = near(opening);
    let far = if points_back_after_preposition(said) || met(&COMPARED, said) {
        -25.0
    } else if facts.unbound {
        -20.0
    } else {
        0.0
    };
    near.min(far)
}

/// `One advantage of that, …`, `The point of this is`: a pronoun where a noun is wanted.
fn points_back_after_preposition(said: &str) -> bool {
    /// Beyond so many words the sentence has named something of its own.
    const NEAR: usize = 12;
    let mut last = "";
    let mut words = said.split(' ').take(NEAR).peekable();
    while let Some(word) = words.next() {
        let bare = word.trim_end_matches([',', '.', ';', ':']);
        let ends = bare.len() < word.len();
        let pronoun = matches!(bare, "that" | "this" | "these" | "those" | "it")
            && matches!(
                last,
                "of" | "for"
                    | "to"
                    | "with"
                    | "about"
                    | "by"
                    | "like"
                    | "behind"
                    | "from"
                    | "in"
                    | "at"
                    | "on"
            );
        let mut verb = || {
            matches!(
                words.peek().copied(),
                Some("is" | "was" | "are" | "were" | "has" | "have" | "will" | "would" | "should")
            )
        };
        if pronoun && (ends || verb()) {
            return true;
        }
        if ends {
            return false;
        }
        last = bare;
    }
    false
}

/// Words near the beginning that mean what was named before.
fn near(opening: &str) -> f32 {
    // `The program would cost …`: which one? Not `The program of …`, which says it.
    let mut words = opening.split(|c: char| !c.is_alphanumeric());
    if let (Some("The"), Some(noun), Some(next)) = (words.next(), words.next(), words.next())
        && BACK_NOUNS.contains(&noun)
        && !matches!(
            next,
            "of" | "for" | "to" | "that" | "which" | "between" | "in" | "on" | "we" | "I" | "with"
        )
    {
        return -12.0;
    }
    /// How far from its beginning a pronoun looks back rather than at the sentence's own words.
    const NEAR: usize = 4;
    // The first word is `opening`'s matter; a name among the next may be what the pronoun means.
    let words: Vec<&str> = opening
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| !w.is_empty())
        .skip(1)
        .take(NEAR + 1)
        .collect();
    for (i, &word) in words.iter().enumerate().take(NEAR) {
        if word.starts_with(char::is_uppercase) && word != "I" {
            break;
        }
        let next = words.get(i + 1).copied().unwrap_or_default();
        // `I favor that because`, `We know that.`: the object is all that is said, and it is not here. Not `ensure that
        // people`.
        let object = matches!(word, "that" | "this" | "it")
            && matches!(
                next,
                "because" | "and" | "but" | "when" | "if" | "too" | "as" | "before" | "now" | ""
            );
        if object {
            return -25.0;
        }
        if word == "here" && matches!(next, "is" | "was" | "are" | "were") {
            return -12.0;
        }
        if matches!(word, "therefore" | "thus" | "hence" | "however" | "likewise") {
            return -25.0;
        }
        let points = match word {
            "its" | "such" => true,
            // `in this year` points at the calendar.
            "this" | "these" | "those" => !matches!(next, "year" | "years" | "month" | "week" | "day"),
            _ => false,
        };
        if points {
            return -8.0;
        }
    }
    0.0
}

/// Nouns that mean one told before, if nothing is said with them.
const BACK_NOUNS: [&str; 20] = [
    "program",
    "programme",
    "bill",
    "proposal",
    "plan",
    "measure",
    "policy",
    "issue",
    "question",
    "answer",
    "problem",
    "difference",
    "reason",
    "point",
    "result",
    "idea",
    "figures",
    "numbers",
    "situation",
    "case",
];
