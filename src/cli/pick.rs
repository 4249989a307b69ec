//! Which quotes are taken, and what holds where nobody says.

use pullquote::diag::Diagnostic;
use pullquote::select::{Order, Query, Selection, select};
use pullquote::transcript::Transcript;

use super::args::{OrderArg, PickArgs};
use super::corpus::Corpus;

/// How many quotes of a transcript are taken where nobody says: what a person looks through at a glance.
const DEFAULT_LIMIT: usize = 10;
/// The shortest quote of a transcript where nobody says; under this a line says little on its own.
const DEFAULT_MIN_CHARS: usize = 40;
/// The longest quote that `quotes` shows where nobody says: about what the templates fit.
pub const QUOTES_MAX_CHARS: usize = 300;

/// The quotes that match, from transcripts and lists together.
///
/// Their defaults differ (every row of a list is taken, in its order), so each kind is asked on its own; transcripts
/// come first then, unless the order is by score.
pub fn pick<'t>(
    transcripts: &'t [Transcript],
    lists: &'t [Transcript],
    args: &PickArgs,
    max_chars: usize,
) -> Result<Selection<'t>, Diagnostic> {
    let picked = (!transcripts.is_empty())
        .then(|| select(transcripts, &query(args, max_chars, false)).map_err(|e| e.diagnostic()));
    together(picked, of_lists(lists, args, max_chars), args)
}

/// The same from any number of files.
pub fn pick_corpus<'t>(
    corpus: &'t mut Corpus,
    args: &PickArgs,
    max_chars: usize,
) -> Result<Selection<'t>, Diagnostic> {
    let (transcripts, lists) = corpus.selection();
    together(transcripts, of_lists(lists, args, max_chars), args)
}

/// What is asked of any number of files.
pub fn corpus_query(args: &PickArgs, max_chars: usize) -> Query {
    query(args, max_chars, false)
}

fn of_lists<'t>(
    lists: &'t [Transcript],
    args: &PickArgs,
    max_chars: usize,
) -> Option<Result<Selection<'t>, Diagnostic>> {
    if lists.is_empty() {
        return None;
    }
    let mut rows = select(lists, &query(args, max_chars, true)).map_err(|e| e.diagnostic());
    if let (true, Ok(rows), Some(limit)) = (args.order.is_none(), &mut rows, args.limit) {
        cut(rows, limit);
    }
    Some(rows)
}

/// Transcripts and lists in one selection.
fn together<'t>(
    mut transcripts: Option<Result<Selection<'t>, Diagnostic>>,
    lists: Option<Result<Selection<'t>, Diagnostic>>,
    args: &PickArgs,
) -> Result<Selection<'t>, Diagnostic> {
    if let (false, Some(Ok(lines)), None) = (args.turns, &mut transcripts, args.limit) {
        leave_procedure(lines);
    }
    match (transcripts, lists) {
        (None, None) => Ok(Selection::default()),
        (Some(one), None) | (None, Some(one)) => one,
        // A speaker need not be in both.
        (Some(Ok(one)), Some(Err(_))) | (Some(Err(_)), Some(Ok(one))) => Ok(one),
        (Some(Err(e)), Some(Err(_))) => Err(e),
        (Some(Ok(mut one)), Some(Ok(other))) => {
            one.picks.extend(other.picks);
            one.more += other.more;
            one.undated += other.undated;
            if args.order == Some(OrderArg::Best) {
                one.picks.sort_by(|a, b| b.score().total_cmp(&a.score()));
            }
            if let Some(limit) = args.limit {
                cut(&mut one, limit);
            }
            Ok(one)
        }
    }
}

/// Nobody asked for so many: greetings, thanks and the like (score 0) are left out as long as something else matched.
fn leave_procedure(selection: &mut Selection<'_>) {
    let before = selection.picks.len();
    if selection.picks.iter().any(|pick| pick.score() > 0.0) {
        selection.picks.retain(|pick| pick.score() > 0.0);
    }
    selection.more += before - selection.picks.len();
}

/// Keeps the first `limit` quotes, 0: all, and counts the others.
fn cut(selection: &mut Selection<'_>, limit: usize) {
    if limit > 0 && limit < selection.picks.len() {
        selection.more += selection.picks.len() - limit;
        selection.picks.truncate(limit);
    }
}

/// What is asked of documents of one kind.
fn query(args: &PickArgs, max_chars: usize, list: bool) -> Query {
    let (min, max, limit, order) = if list {
        (0, 0, 0, Order::Source)
    } else {
        // A bound that was typed moves a default out of its way; whole turns are as long as they are.
        let max = if args.turns || args.min_chars.is_some_and(|min| min > max_chars) { 0 } else { max_chars };
        let min = match args.max_chars {
            Some(max) if max > 0 => DEFAULT_MIN_CHARS.min(max),
            _ => DEFAULT_MIN_CHARS,
        };
        (min, max, DEFAULT_LIMIT, Order::Best)
    };
    Query {
        speakers: args.speakers.clone(),
        not_speakers: args.not_speakers.clone(),
        regexes: args.regexes.clone(),
        between: args.between,
        questions: args.questions,
        any_passage: args.any_passage,
        keywords: args.keywords.clone(),
        all_keywords: args.all_keywords,
        min_chars: args.min_chars.unwrap_or(min),
        max_chars: args.max_chars.unwrap_or(max),
        limit: match args.limit {
            // The first rows of a list, not its best: its order is somebody's choice. See `pick`.
            Some(_) if list && args.order.is_none() => 0,
            typed => typed.unwrap_or(limit),
        },
        order: match args.order {
            Some(OrderArg::Best) => Order::Best,
            Some(OrderArg::Source) => Order::Source,
            None => order,
        },
        turns: args.turns,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_taken_whole_and_transcripts_by_the_best_ten() {
        let args = PickArgs::default();
        let transcript = query(&args, 320, false);
        assert_eq!((transcript.min_chars, transcript.max_chars, transcript.limit), (40, 320, 10));
        assert_eq!(transcript.order, Order::Best);
        let list = query(&args, 320, true);
        assert_eq!((list.min_chars, list.max_chars, list.limit), (0, 0, 0));
        assert_eq!(list.order, Order::Source);
    }

    #[test]
    fn a_bound_that_was_typed_moves_a_default_out_of_its_way() {
        let long = query(&PickArgs { min_chars: Some(400), ..PickArgs::default() }, 320, false);
        assert_eq!((long.min_chars, long.max_chars), (400, 0));
        let short = query(&PickArgs { max_chars: Some(30), ..PickArgs::default() }, 320, false);
        assert_eq!((short.min_chars, short.max_chars), (30, 30));
        let turns = query(&PickArgs { turns: true, ..PickArgs::default() }, 320, false);
        assert_eq!(turns.max_chars, 0);
    }
}
