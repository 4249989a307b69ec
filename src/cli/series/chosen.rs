//! The quotes that a series file gives word for word: found in the transcripts, or told why not.

use pullquote::card::find_words;
use pullquote::diag::Diagnostic;
use pullquote::select::{Pick, Quote};
use pullquote::transcript::Transcript;
use pullquote::verify::{Claim, Sources, Verdict};

use super::file::QuoteFile;
use super::gather::Problems;
use crate::cli::plan::Wanted;

/// The quotes, and what is wrong with those that are not among them.
pub fn find<'a>(asked: &'a [QuoteFile], transcripts: &'a [Transcript]) -> (Vec<Wanted<'a>>, Problems) {
    let (mut found, mut problems) = (Vec::new(), Problems::new());
    if asked.is_empty() {
        return (found, problems);
    }
    let sources = Sources::new(transcripts);
    for (i, quote) in asked.iter().enumerate() {
        let at = |key: &str| vec!["quote".to_owned(), i.to_string(), key.to_owned()];
        let claim = Claim { words: &quote.text, speaker: quote.speaker.as_deref(), origin: None };
        let finding = sources.check(&claim);
        if let Some(other) = &finding.other_speaker {
            let told = Diagnostic::error(format!("these are the words of {other}"));
            problems
                .push((at("speaker"), told.hint(format!("write `speaker = \"{other}\"`, or leave it out"))));
            continue;
        }
        let place = match finding.verdict {
            Verdict::Exact { place } | Verdict::Moved { place } => place,
            Verdict::Changed { place, diff, .. } => {
                let told = Diagnostic::error(format!("that is not what was said: {diff}"));
                let told = told.hint(format!("it was: {}", place.text));
                problems.push((at("text"), told));
                continue;
            }
            Verdict::Gone => {
                let told = Diagnostic::error("no transcript of the series has these words");
                problems
                    .push((at("text"), told.hint("copy them from the transcript, or add it to the series")));
                continue;
            }
        };
        let [range] = &place.kept[..] else {
            let told = Diagnostic::error("a series takes whole quotes: nothing may be left out inside");
            problems
                .push((at("text"), told.hint("give the parts as quotes of their own, or a list as `file`")));
            continue;
        };
        let transcript = &transcripts[place.transcript];
        let Some(words) = Quote::new(transcript, place.turn, range.clone()) else {
            problems.push((at("text"), Diagnostic::error("these words cannot be set")));
            continue;
        };
        let highlight = quote.highlight.as_deref().map(|phrase| find_words(words.text(), phrase));
        if highlight == Some(None) {
            let told = Diagnostic::error("`highlight` is not in the quote");
            problems.push((at("highlight"), told.hint("copy the phrase from the quote, letter for letter")));
            continue;
        }
        let pick = Pick::of(words, highlight.flatten().into_iter().collect());
        found.push(Wanted {
            pick,
            template: quote.template.as_deref(),
            size: quote.size.as_deref(),
            file: None,
        });
    }
    (found, problems)
}
