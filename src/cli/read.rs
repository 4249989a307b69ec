//! `pullquote read`: who said what.

use std::fmt::Write as _;

use pullquote::records::ReadDoc;
use pullquote::select::chars;
use pullquote::transcript::Transcript;
use unicode_segmentation::UnicodeSegmentation as _;

use super::args::{ReadArgs, ReadFormat};
use super::documents::Documents;
use super::report::Talk;
use super::{Outcome, table};

/// Reads each file and shows it; a bad one does not keep the others back.
pub fn run(args: &ReadArgs, talk: &Talk) -> Outcome {
    let documents = Documents::read(&args.files, &args.reading, args.explain);
    talk.tell_all(documents.warnings.iter().chain(&documents.problems).chain(&documents.row_problems));
    let outcome = Outcome::of_files(documents.good.len(), documents.bad)
        .and(Outcome::of_rows(documents.row_problems.len()));
    if documents.good.is_empty() {
        return outcome;
    }
    let data = match args.format {
        ReadFormat::Table if args.explain => {
            documents.good.iter().map(explained).collect::<Vec<_>>().join("\n")
        }
        ReadFormat::Table => documents.good.iter().map(glance).collect::<Vec<_>>().join("\n"),
        // One file asked for, one object: a bad file among several does not change the shape.
        ReadFormat::Json if args.files.len() == 1 => json(&ReadDoc::from(&documents.good[0])),
        ReadFormat::Json => json(&documents.good.iter().map(ReadDoc::from).collect::<Vec<_>>()),
        ReadFormat::Jsonl => documents.good.iter().map(|t| line(&ReadDoc::from(t))).collect(),
    };
    outcome.and(talk.data(data.as_bytes()))
}

/// Indented JSON with a line end.
pub fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).expect("strings, numbers and lists have a JSON form") + "\n"
}

/// JSON on one line.
pub fn line(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("strings, numbers and lists have a JSON form") + "\n"
}

/// A transcript at a glance: its furniture, the people, the beginning of each turn.
fn glance(transcript: &Transcript) -> String {
    let mut out = String::new();
    let facts = [
        Some(transcript.source.name.clone()),
        transcript.date.as_ref().map(ToString::to_string),
        transcript.place.clone(),
        transcript.published.as_ref().map(|day| format!("published {day}")),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    if let Some(title) = &transcript.title {
        let _ = writeln!(out, "{title}");
    }
    let _ = writeln!(out, "{}\n", facts.join(" · "));
    let people = transcript.people.iter().enumerate().map(|(index, person)| {
        let turns = transcript.turns.iter().filter(|turn| turn.speaker == index).count();
        let honorific = person.honorific.as_ref().map(|h| format!("{h} ")).unwrap_or_default();
        let chair = if person.chair { " (chair)" } else { "" };
        vec![
            format!("{honorific}{}{chair}", person.name),
            person.role.clone().unwrap_or_default(),
            turns.to_string(),
        ]
    });
    out += &table::table(&["who", "role", "turns"], people);
    out.push('\n');
    let turns = transcript.turns.iter().enumerate().map(|(index, turn)| {
        let line = transcript.origin(turn, 0..turn.text.len()).line;
        vec![
            (index + 1).to_string(),
            line.to_string(),
            transcript.people[turn.speaker].name.clone(),
            chars(&turn.text).to_string(),
            beginning(&turn.text),
        ]
    });
    out += &table::table(&["turn", "line", "speaker", "chars", "begins"], turns);
    out
}

/// How a transcript was read: the grammar, the labels, what was left out.
fn explained(transcript: &Transcript) -> String {
    let mut out = format!("{}\n", transcript.source.name);
    let Some(explanation) = transcript.explanation.as_deref() else {
        return out + "a list of quotes: nothing to explain\n";
    };
    let grammar = if explanation.grammar.is_empty() { "none found" } else { &explanation.grammar };
    let _ = writeln!(out, "labels: {grammar} ({} of them)\n", explanation.votes);
    let labels = explanation.labels.iter().map(|row| {
        let speaks = if row.speaks { "yes" } else { "no" };
        vec![row.label.clone(), row.count.to_string(), format!("{:.1}", row.score), speaks.to_owned()]
    });
    out += &table::table(&["label", "times", "score", "speaks"], labels);
    out.push('\n');
    let left = explanation
        .left_out
        .iter()
        .map(|left| vec![left.line.to_string(), left.reason.description().to_owned(), left.words.clone()]);
    out += &table::table(&["line", "left out", "words"], left);
    out
}

/// The first words of a turn; the table is an overview, and the ellipsis says so.
fn beginning(text: &str) -> String {
    const WIDTH: usize = 60;
    let mut width = 0;
    let mut end = 0;
    for (at, word) in text.split_word_bound_indices() {
        width += chars(word);
        if width > WIDTH {
            let cut = text[..end].trim_end();
            return if cut.is_empty() { format!("{word}…") } else { format!("{cut} …") };
        }
        end = at + word.len();
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_shown_by_its_first_words() {
        assert_eq!(beginning("Thank you."), "Thank you.");
        let long = "word ".repeat(40);
        assert_eq!(beginning(&long), format!("{} …", "word ".repeat(12).trim_end()));
        let hanzi = "水".repeat(40);
        assert_eq!(beginning(&hanzi), format!("{} …", "水".repeat(30)));
    }
}
