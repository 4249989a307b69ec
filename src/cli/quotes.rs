//! `pullquote quotes`: the quotes that match, best first.

use pullquote::diag::Diagnostic;
use pullquote::records::{QuoteRow, write_csv};

use super::args::{PickArgs, QuotesArgs, QuotesFormat};
use super::documents::{Documents, SplitDocuments};
use super::pick::{QUOTES_MAX_CHARS, pick};
use super::read::{json, line};
use super::report::{Talk, counted, more_matched};
use super::{Outcome, table};

/// Reads each file and shows what matches; a bad file does not keep the others back.
pub fn run(args: &QuotesArgs, talk: &Talk) -> Outcome {
    let documents = Documents::read(&args.files, &args.pick.reading, false);
    talk.tell_all(documents.warnings.iter().chain(&documents.problems));
    let outcome = Outcome::of_files(documents.good.len(), documents.bad);
    if documents.good.is_empty() {
        return outcome;
    }
    let documents = SplitDocuments::from(documents.good);
    let selection = match pick(&documents, &args.pick, QUOTES_MAX_CHARS) {
        Ok(selection) => selection,
        Err(problem) => return talk.refuse(&[problem]),
    };
    let rows: Vec<QuoteRow> = selection.picks.iter().map(QuoteRow::from).collect();
    // Nothing found is still a whole document of its format: an empty array, a header line.
    let outcome = outcome.and(talk.data(&print(&rows, args.format)));
    if rows.is_empty() {
        talk.tell(&no_match(&args.pick));
        return outcome.and(Outcome::NoMatch);
    }
    talk.note(&format!("{}{}", counted(rows.len(), "quote"), more_matched(selection.more)));
    outcome
}

/// What to say where nothing matched, with the flags that narrowed the search.
pub fn no_match(pick: &PickArgs) -> Diagnostic {
    let problem = Diagnostic::error("no quote matched");
    let mut narrowing = Vec::new();
    if pick.all_keywords && pick.keywords.len() > 1 {
        narrowing.push("drop `--all-keywords`");
    } else if !pick.keywords.is_empty() {
        narrowing.push("try other words with `--keyword`");
    }
    if !pick.speakers.is_empty() {
        narrowing.push("ask for more speakers with `--speaker`");
    }
    narrowing.push("widen the length with `--min-chars 0 --max-chars 0`");
    problem.hint(narrowing.join(", or "))
}

fn print(rows: &[QuoteRow], format: QuotesFormat) -> Vec<u8> {
    match format {
        QuotesFormat::Table if rows.is_empty() => Vec::new(),
        QuotesFormat::Table => {
            // One file needs no name on every row, and the words have more room.
            let one_file = rows.windows(2).all(|pair| pair[0].source.file == pair[1].source.file);
            let place = |row: &QuoteRow| match one_file {
                true => row.source.line.to_string(),
                false => format!("{}:{}", row.source.file, row.source.line),
            };
            let cells = rows.iter().map(|row| {
                vec![format!("{:.0}", row.score), place(row), row.speaker.clone(), row.text.clone()]
            });
            let header = ["score", if one_file { "line" } else { "where" }, "speaker", "words"];
            table::table(&header, cells).into_bytes()
        }
        QuotesFormat::Json => json(&rows).into_bytes(),
        QuotesFormat::Jsonl => rows.iter().map(line).collect::<String>().into_bytes(),
        QuotesFormat::Csv => {
            let mut csv = Vec::new();
            write_csv(rows, &mut csv).expect("memory takes every byte");
            csv
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_match_names_the_flags_that_narrowed() {
        let hint = |pick: PickArgs| no_match(&pick).hints.join("");
        assert_eq!(hint(PickArgs::default()), "widen the length with `--min-chars 0 --max-chars 0`");
        let words = vec!["coal".to_owned(), "wind".to_owned()];
        assert_eq!(
            hint(PickArgs { keywords: words, all_keywords: true, ..PickArgs::default() }),
            "drop `--all-keywords`, or widen the length with `--min-chars 0 --max-chars 0`"
        );
    }
}
