//! `pullquote quotes`: the quotes that match, best first.

use pullquote::diag::Diagnostic;
use pullquote::records::{QuoteRow, write_csv};
use pullquote::select::{Pick, trims};

use super::args::{PickArgs, QuotesArgs, QuotesFormat};
use super::corpus::Corpus;
use super::pick::{QUOTES_MAX_CHARS, corpus_query, pick_corpus};
use super::read::{json, line};
use super::report::{Talk, counted, more_matched};
use super::{Outcome, table};

/// Reads each file and shows what matches; a bad file does not keep the others back.
pub fn run(args: &QuotesArgs, talk: &Talk) -> Outcome {
    let query = corpus_query(&args.pick, QUOTES_MAX_CHARS);
    let mut corpus = match Corpus::read(&args.files, &args.pick.reading, &query) {
        Ok(corpus) => corpus,
        Err(problem) => return talk.refuse(&[problem]),
    };
    talk.tell_all(corpus.warnings.iter().chain(&corpus.problems).chain(&corpus.row_problems));
    let outcome = Outcome::of_files(corpus.good, corpus.bad).and(Outcome::of_rows(corpus.row_problems.len()));
    if corpus.good == 0 {
        return outcome;
    }
    let selection = match pick_corpus(&mut corpus, &args.pick, QUOTES_MAX_CHARS) {
        Ok(selection) => selection,
        Err(problem) => return talk.refuse(&[problem]),
    };
    let row = |pick: &Pick<'_>| {
        let row = QuoteRow::from(pick);
        if args.explain { row.explained(&pick.parts()) } else { row }
    };
    let mut rows = Vec::new();
    for pick in &selection.picks {
        let whole = row(pick);
        let forms = if args.trim { trims(&pick.quote) } else { Vec::new() };
        let shorter: Vec<QuoteRow> = forms.iter().map(|form| whole.shorter(form)).collect();
        rows.push(whole);
        rows.extend(shorter);
    }
    // Nothing found is still a whole document of its format: an empty array, a header line.
    let outcome = outcome.and(talk.data(&print(&rows, args.format)));
    if selection.undated > 0 {
        let files = counted(selection.undated, "transcript");
        talk.tell(&Diagnostic::warning(format!(
            "{files} without a date left out, as `--between` asks for one"
        )));
    }
    if rows.is_empty() {
        talk.tell(&no_match(&args.pick));
        return outcome.and(Outcome::NoMatch);
    }
    talk.note(&format!("{}{}", counted(selection.picks.len(), "quote"), more_matched(selection.more)));
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
    if !pick.regexes.is_empty() {
        narrowing.push("another pattern with `--regex`");
    }
    if pick.between.is_some() {
        narrowing.push("other days with `--between`");
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
            let cells = rows
                .iter()
                .map(|row| vec![format!("{:.0}", row.score), place(row), row.speaker.clone(), words(row)]);
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

/// The words as a person reads them through: with what to know beside them.
fn words(row: &QuoteRow) -> String {
    let mut words = row.text.clone();
    for caution in &row.context {
        words += &format!("\n⚠ {}", caution.message());
    }
    if let Some(question) = &row.question {
        let asker = question.speaker.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        words += &format!("\n↩ {asker}{}", question.text);
    }
    if !row.also.is_empty() {
        let places: Vec<String> = row.also.iter().map(|o| format!("{}:{}", o.file, o.line)).collect();
        words += &format!("\n= also {}", places.join(", "));
    }
    if let Some(parts) = &row.parts {
        let parts: Vec<String> = parts.iter().map(|(name, points)| format!("{name} {points:+}")).collect();
        words += &format!("\n∑ {}", parts.join(", "));
    }
    words
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
