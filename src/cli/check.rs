//! `--check`: the rows of lists held against transcripts before anything is set.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pullquote::diag::Diagnostic;
use pullquote::verify::{Claim, Finding, Sources, Verdict};

use super::args::ReadingArgs;
use super::documents::Documents;

/// The rows that are refused, by the list's name and their place in it. Rows that stand in a source word for word point
/// to it from here on; words that it gives to another speaker are told in a warning.
pub fn rows(
    documents: &mut Documents,
    sources: &[PathBuf],
    asked: &ReadingArgs,
) -> BTreeMap<(String, usize), Diagnostic> {
    let mut refused = BTreeMap::new();
    if sources.is_empty() {
        return refused;
    }
    let read = Documents::sources(sources, asked);
    documents.bad += read.bad;
    documents.problems.extend(read.problems);
    if !documents.good.iter().any(|document| document.is_list) {
        let told = Diagnostic::warning("`--check` checks the rows of lists, and there is no list");
        documents.warnings.push(told.hint("quotes of a transcript are its own words: leave `--check` out"));
    }
    let sources = Sources::new(&read.good);
    for list in documents.good.iter_mut().filter(|document| document.is_list) {
        let name = list.source.name.clone();
        for index in 0..list.turns.len() {
            let turn = &list.turns[index];
            let speaker = list.people[turn.speaker].name.clone();
            let origin = turn.request.as_deref().and_then(|row| row.source.as_ref());
            let found = sources.check(&Claim { words: &turn.text, speaker: Some(&speaker), origin });
            let place = format!("{name}:{}", list.place(turn, 0..turn.text.len()).line);
            if let Some(other) = &found.other_speaker {
                let told = Diagnostic::warning(format!(
                    "the source gives these words to `{other}`, not to `{speaker}`"
                ));
                documents.warnings.push(
                    told.at(&place)
                        .hint("correct the row's `speaker`, or look whether it is the same person"),
                );
            }
            match refusal(&found) {
                Some(told) => drop(refused.insert((name.clone(), index), told.at(place))),
                None => {
                    if let (Verdict::Exact { place } | Verdict::Moved { place }, Some(row)) =
                        (found.verdict, list.turns[index].request.as_deref_mut())
                    {
                        row.source = Some(place.origin);
                    }
                }
            }
        }
    }
    refused
}

/// Why a row cannot be set; `None` where it can.
fn refusal(found: &Finding) -> Option<Diagnostic> {
    match &found.verdict {
        Verdict::Exact { .. } | Verdict::Moved { .. } => None,
        Verdict::Changed { place, diff, .. } => Some(
            Diagnostic::error(format!("not the words of the source: {diff}"))
                .hint(format!(
                    "the nearest passage, {}:{}, {}: {}",
                    place.origin.file, place.origin.line, place.speaker, place.text
                ))
                .hint("copy the words from there; what is left out is marked with `…`"),
        ),
        Verdict::Gone => Some(
            Diagnostic::error("these words, or any like them, are in none of the sources")
                .hint("name their transcript with `--check`, or strike the row"),
        ),
    }
}
