//! Which words: from transcripts and a [`Query`] to a [`Selection`] of exact quotes.
//!
//! ```text
//! turn ─sentences─▶ units ─Matcher─▶ hits ─widen─▶ candidates ─resolve overlaps─▶ ─Score─▶ order, limit ─▶ picks
//! ```
//!
//! A unit is a sentence; with [`Query::turns`] a whole turn; in a list of ready quotes a row. Without keywords each
//! unit is a candidate as it stands. With keywords, a sentence that they meet may take in neighbours that it needs.

mod error;
pub mod figure;
mod fold;
mod matcher;
mod month;
pub mod parts;
mod quote;
mod rank;
mod sentence;
mod speaker;

pub use error::SelectError;
pub use matcher::Matcher;
pub use quote::Quote;
pub use rank::Score;
pub use sentence::sentences;

use std::collections::HashSet;
use std::ops::Range;

use crate::lang::is_hanzi;
use crate::transcript::Transcript;

/// What is asked for. `Default` takes every sentence of every speaker.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Speakers to take, by any part of their names; empty: all. Default: empty.
    pub speakers: Vec<String>,
    /// Words or phrases to find; any of them is enough. See [`Matcher::new`]. Default: empty.
    pub keywords: Vec<String>,
    /// All keywords must be met. Default: false.
    pub all_keywords: bool,
    /// Shortest quote, by [`chars`]. Default: 0.
    pub min_chars: usize,
    /// Longest quote, by [`chars`]; 0: no bound. Default: 0.
    pub max_chars: usize,
    /// The most quotes to give, the best ones whatever the order; 0: all. Default: 0.
    pub limit: usize,
    /// The order of the result. Default: best first.
    pub order: Order,
    /// Take whole turns instead of sentences. Default: false.
    pub turns: bool,
}

/// The order of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Highest score first; equal scores in source order.
    #[default]
    Best,
    /// As spoken, files in the order given.
    Source,
}

/// A quote and why it was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick<'t> {
    /// The exact words.
    pub quote: Quote<'t>,
    /// How well the line stands on its own, 0 to 100: the total of [`Score::of`] its words.
    pub score: f32,
    /// Byte ranges of `quote.text()` that a keyword met, in order, none overlapping.
    pub matched: Vec<Range<usize>>,
    /// The sentence before it in the same turn; `None` at its beginning and for a turn taken whole.
    pub before: Option<&'t str>,
    /// The sentence after it in the same turn; `None` at its end and for a turn taken whole.
    pub after: Option<&'t str>,
}

/// Quotes in the order asked for: none overlapping another, none twice (but for the rows of a list, which are all
/// asked for).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selection<'t> {
    /// The quotes.
    pub picks: Vec<Pick<'t>>,
    /// How many more matched than the limit let through.
    pub more: usize,
}

/// Picks quotes from one or several transcripts.
///
/// - Sentences that greet, thank or manage the event are candidates too, but with a score of nought: they come last.
/// - Bounds are bounds: what is shorter or longer is left out, never cut. A keyword's sentence below the shortest
///   length takes in its neighbours to reach it. A row of a list is measured only if a bound is given.
/// - The same words by the same speaker are given once, at their first place.
/// - Equal scores are in the order of transcripts, turns and words.
///
/// # Errors
///
/// A speaker whom no transcript knows (one who is in the roster and says nothing is known), a keyword without a word,
/// bounds that exclude each other.
pub fn select<'t>(transcripts: &'t [Transcript], query: &Query) -> Result<Selection<'t>, SelectError> {
    if query.max_chars > 0 && query.min_chars > query.max_chars {
        return Err(SelectError::Bounds { min: query.min_chars, max: query.max_chars });
    }
    let matcher = Matcher::new(&query.keywords, query.all_keywords)?;
    let wanted = speaker::resolve(transcripts, &query.speakers)?;
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for (file, transcript) in transcripts.iter().enumerate() {
        for (index, turn) in transcript.turns.iter().enumerate() {
            let is_wanted = |wanted: &Vec<Vec<bool>>| wanted[file].get(turn.speaker) == Some(&true);
            let Some(person) = transcript.people.get(turn.speaker) else { continue };
            if !wanted.as_ref().is_none_or(is_wanted) {
                continue;
            }
            let candidates = if transcript.is_list || query.turns {
                whole(&turn.text, &matcher, query)
            } else {
                Passage::new(&turn.text, &matcher, query).candidates()
            };
            for candidate in candidates {
                let words = &turn.text[candidate.range.clone()];
                // A list may want the same words in several templates.
                if transcript.is_list || seen.insert((person.name.as_str(), words)) {
                    found.push(Found { file, turn: index, candidate });
                }
            }
        }
    }
    let all = found.len();
    // Both sorts are stable, and `found` is in source order.
    found.sort_by(|a, b| b.candidate.score.total_cmp(&a.candidate.score));
    if query.limit > 0 {
        found.truncate(query.limit);
    }
    if query.order == Order::Source {
        found.sort_by_key(|f| (f.file, f.turn, f.candidate.range.start));
    }
    let more = all - found.len();
    Ok(Selection { picks: found.into_iter().filter_map(|f| f.pick(transcripts, &matcher)).collect(), more })
}

/// Makes ready what the first selection would otherwise have to wait for. Never needed; worth calling on a thread of
/// its own while files are read.
pub fn prepare() {
    rank::prepare();
}

/// Characters as they fill a line: a hanzi, and whatever else is full-width, counts two; an accent of its own, none.
#[must_use]
pub fn chars(text: &str) -> usize {
    let wide = |c: char| {
        is_hanzi(c)
            || matches!(c, '\u{1100}'..='\u{115F}' | '\u{3000}'..='\u{30FF}' | '\u{3100}'..='\u{33FF}'
                | '\u{AC00}'..='\u{D7A3}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF01}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}')
    };
    let width = |c: char| match c {
        c if c.is_ascii() => 1,
        c if fold::is_mark(c) => 0,
        c if wide(c) => 2,
        _ => 1,
    };
    text.chars().map(width).sum()
}

/// The words that keywords met, as they stand in the quote.
#[must_use]
pub fn matched_words<'t>(pick: &Pick<'t>) -> Vec<&'t str> {
    let text = pick.quote.text();
    pick.matched.iter().map(|range| &text[range.clone()]).collect()
}

/// A candidate, and where it stands. Small: there is one for every sentence of ten thousand files.
struct Found {
    file: usize,
    turn: usize,
    candidate: Candidate,
}

struct Candidate {
    /// Byte range in the turn.
    range: Range<usize>,
    /// Byte range of the sentence before.
    before: Option<Range<usize>>,
    /// Byte range of the sentence after.
    after: Option<Range<usize>>,
    score: f32,
}

impl Found {
    fn pick<'t>(self, transcripts: &'t [Transcript], matcher: &Matcher) -> Option<Pick<'t>> {
        let transcript = &transcripts[self.file];
        let Candidate { range, before, after, score } = self.candidate;
        let quote = Quote::new(transcript, self.turn, range)?;
        let turn = &transcript.turns[self.turn].text;
        let matched = matcher.find(quote.text()).unwrap_or_default();
        Some(Pick { quote, score, matched, before: before.map(|r| &turn[r]), after: after.map(|r| &turn[r]) })
    }
}

fn fits(chars: usize, query: &Query) -> bool {
    chars >= query.min_chars && (query.max_chars == 0 || chars <= query.max_chars)
}

/// A turn taken whole.
fn whole(text: &str, matcher: &Matcher, query: &Query) -> Vec<Candidate> {
    let start = text.len() - text.trim_start().len();
    let words = text.trim();
    let bounded = query.min_chars > 0 || query.max_chars > 0;
    let out = words.is_empty()
        || bounded && !fits(chars(words), query)
        || !matcher.is_empty() && matcher.find(words).is_none();
    if out {
        return Vec::new();
    }
    let range = start..start + words.len();
    vec![Candidate { range, before: None, after: None, score: Score::of(words).total() }]
}

/// A turn taken by sentences.
struct Passage<'a> {
    text: &'a str,
    query: &'a Query,
    matcher: &'a Matcher,
    sentences: Vec<Range<usize>>,
}

/// A hit takes in a neighbour only for this much: what a sentence of 36 characters lacks to a good length, and less
/// than an open quotation or a dangling beginning costs. Less would join sentences that each stand well alone.
const CLEARLY_BETTER: f32 = 12.0;

/// Where no longest length is asked for, no quote is widened beyond this: more does not fit a card well.
const WIDEST_CHARS: usize = 320;

/// The most sentences in a widened quote. It also keeps the work for a long turn linear.
const MOST_SENTENCES: usize = 6;

impl<'a> Passage<'a> {
    fn new(text: &'a str, matcher: &'a Matcher, query: &'a Query) -> Self {
        Self { text, query, matcher, sentences: sentences(text) }
    }

    /// In text order, none overlapping another.
    fn candidates(&self) -> Vec<Candidate> {
        let each = (0..self.sentences.len()).map(|i| i..i + 1);
        if self.matcher.is_empty() {
            let fit = each.filter(|span| fits(chars(self.words(span)), self.query));
            return fit.map(|span| self.candidate(&span, self.score(&span).total())).collect();
        }
        let hits: Vec<Hit> = each
            .filter(|span| self.matcher.find(self.words(span)).is_some())
            .filter_map(|span| self.widened(span))
            .collect();
        let mut taken = vec![false; self.sentences.len()];
        let mut picked = Vec::new();
        let mut order: Vec<usize> = (0..hits.len()).collect();
        // The better one keeps its place; among equals the first.
        order.sort_by(|&a, &b| hits[b].score.total_cmp(&hits[a].score));
        for hit in order.into_iter().map(|i| &hits[i]) {
            let free = |span: &Range<usize>| taken[span.clone()].iter().all(|taken| !taken);
            let alone = hit.alone.as_ref().map(|(span, score)| (span, *score));
            let Some((span, score)) =
                [Some((&hit.span, hit.score)), alone].into_iter().flatten().find(|(s, _)| free(s))
            else {
                continue;
            };
            taken[span.clone()].fill(true);
            picked.push((span.clone(), score));
        }
        picked.sort_by_key(|(span, _)| span.start);
        picked.into_iter().map(|(span, score)| self.candidate(&span, score)).collect()
    }

    /// The words of consecutive sentences.
    fn words(&self, span: &Range<usize>) -> &'a str {
        &self.text[self.sentences[span.start].start..self.sentences[span.end - 1].end]
    }

    fn score(&self, span: &Range<usize>) -> Score {
        Score::of(self.words(span))
    }

    fn candidate(&self, span: &Range<usize>, score: f32) -> Candidate {
        Candidate {
            range: self.sentences[span.start].start..self.sentences[span.end - 1].end,
            before: span.start.checked_sub(1).map(|i| self.sentences[i].clone()),
            after: self.sentences.get(span.end).cloned(),
            score,
        }
    }

    /// The sentence with the neighbours that it needs; `None` if no way fits the bounds.
    fn widened(&self, hit: Range<usize>) -> Option<Hit> {
        let (min, max) = (self.query.min_chars, self.query.max_chars);
        let first = self.score(&hit);
        let mut span = hit.clone();
        let mut score = first;
        let mut length = chars(self.words(&span));
        let alone = fits(length, self.query).then(|| (hit, first.total()));
        if max > 0 && length > max {
            return None;
        }
        while span.len() < MOST_SENTENCES {
            // Up to the shortest length anything that fits is taken; from there on only what reads better.
            let must = length < min;
            let widest = if max > 0 { max } else { usize::max(WIDEST_CHARS, min) };
            let next = (span.end < self.sentences.len()).then(|| span.start..span.end + 1);
            let previous = span.start.checked_sub(1).map(|start| start..span.end);
            // What a beginning lacks stands before it; what is merely short goes on.
            let back = score.part("opening") < 0.0 || score.part("reference") < 0.0;
            let wider = if back { [previous, next] } else { [next, previous] };
            let better = wider.into_iter().flatten().find_map(|wider| {
                let length = chars(self.words(&wider));
                // Where only the shortest length is given, reaching it may take one sentence beyond.
                if length > widest && !(must && max == 0) {
                    return None;
                }
                let new = self.score(&wider);
                let reads =
                    new.standing() >= score.standing() + CLEARLY_BETTER && new.total() >= score.total();
                (must || reads).then_some((wider, new, length))
            });
            let Some((wider, new, new_length)) = better else { break };
            (span, score, length) = (wider, new, new_length);
        }
        if !fits(length, self.query) {
            return None;
        }
        let alone = alone.filter(|(alone, _)| *alone != span);
        Some(Hit { span, score: score.total(), alone })
    }
}

/// A sentence that keywords met.
struct Hit {
    /// It and the neighbours that it took in, by index.
    span: Range<usize>,
    score: f32,
    /// It without them, where that is a quote too.
    alone: Option<(Range<usize>, f32)>,
}

#[cfg(test)]
pub(crate) mod testing {
    //! Transcripts made by hand.

    use crate::transcript::{Person, SourceFile, SourceMap, Transcript, Turn};

    pub(crate) fn person(name: &str) -> Person {
        Person { name: name.to_owned(), speaks: true, ..Person::default() }
    }

    /// Turns of (speaker, text).
    pub(crate) fn transcript(turns: &[(&str, &str)]) -> Transcript {
        let mut people: Vec<Person> = Vec::new();
        let turns = turns.iter().map(|(name, text)| {
            let speaker = people.iter().position(|p| p.name == *name).unwrap_or_else(|| {
                people.push(person(name));
                people.len() - 1
            });
            let (label, text) = ((*name).to_owned(), (*text).to_owned());
            Turn { speaker, label, text, map: SourceMap::default(), request: None }
        });
        let turns = turns.collect();
        let source = SourceFile::new("briefing.txt", b"");
        Transcript { source, people, turns, ..Transcript::default() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::testing::transcript;
    use super::*;

    const MINISTER: &str = "Good morning. The river Lin is clean again after forty years of work. It was black when I was \
        a child. Over 80% of our budget goes to schools. But it is not enough. We will plant two million trees by 2030. \
        Trees matter. That concludes my introduction.";

    fn briefing() -> Vec<Transcript> {
        vec![transcript(&[
            ("Chen Wenjun", "Good morning. I'll give the floor to the minister."),
            ("Lin Mei", MINISTER),
            ("Reporter", "How many trees will you plant?"),
            ("Lin Mei", "Trees matter. Two million."),
        ])]
    }

    fn query(keywords: &[&str]) -> Query {
        Query { keywords: keywords.iter().map(|&k| k.to_owned()).collect(), ..Query::default() }
    }

    fn texts(transcripts: &[Transcript], query: &Query) -> Vec<String> {
        select(transcripts, query).unwrap().picks.iter().map(|p| p.quote.text().to_owned()).collect()
    }

    #[test]
    fn everything_best_first_and_procedure_last() {
        let all = texts(&briefing(), &Query::default());
        assert_eq!(all.len(), 12, "{all:#?}");
        let top = &all[..3];
        assert!(top.contains(&"Over 80% of our budget goes to schools.".to_owned()), "{all:#?}");
        assert!(
            top.contains(&"The river Lin is clean again after forty years of work.".to_owned()),
            "{all:#?}"
        );
        assert!(top.contains(&"We will plant two million trees by 2030.".to_owned()), "{all:#?}");
        // At nought in source order; the second `Good morning.` is by somebody else.
        let last = [
            "Good morning.",
            "I'll give the floor to the minister.",
            "Good morning.",
            "That concludes my introduction.",
        ];
        assert!(last.iter().all(|l| all[6..].contains(&(*l).to_owned())), "{all:#?}");
    }

    #[test]
    fn source_order_and_limit() {
        let transcripts = briefing();
        let query =
            Query { limit: 2, order: Order::Source, speakers: vec!["Lin".into()], ..Query::default() };
        let selection = select(&transcripts, &query).unwrap();
        let best = select(&transcripts, &Query { order: Order::Best, ..query.clone() }).unwrap();
        assert_eq!(selection.more, 7);
        assert_eq!(best.more, 7);
        // The same two, as spoken.
        let mut ranges: Vec<_> = best.picks.iter().map(|p| p.quote.range().start).collect();
        ranges.sort_unstable();
        assert_eq!(selection.picks.iter().map(|p| p.quote.range().start).collect::<Vec<_>>(), ranges);
    }

    #[test]
    fn a_hit_that_dangles_takes_in_what_it_needs() {
        let all = texts(&briefing(), &query(&["black"]));
        assert_eq!(
            all,
            ["The river Lin is clean again after forty years of work. It was black when I was a child."]
        );
    }

    #[test]
    fn a_hit_that_stands_alone_stays_alone() {
        let selection = briefing();
        let selection = select(&selection, &query(&["budget"])).unwrap();
        let pick = &selection.picks[0];
        assert_eq!(pick.quote.text(), "Over 80% of our budget goes to schools.");
        assert_eq!(matched_words(pick), ["budget"]);
        assert_eq!(pick.before, Some("It was black when I was a child."));
        assert_eq!(pick.after, Some("But it is not enough."));
    }

    #[test]
    fn hits_that_would_overlap_are_resolved() {
        let transcripts = briefing();
        let selection = select(&transcripts, &query(&["river", "black", "enough", "budget"])).unwrap();
        let mut ranges: Vec<_> = selection.picks.iter().map(|p| p.quote.range()).collect();
        ranges.sort_by_key(|r| r.start);
        assert!(ranges.windows(2).all(|w| w[0].end <= w[1].start));
        // Each hit is in one of them.
        for word in ["river", "black", "enough", "budget"] {
            assert_eq!(
                selection.picks.iter().filter(|p| matched_words(p).contains(&word)).count(),
                1,
                "{word}"
            );
        }
    }

    #[test]
    fn the_same_words_are_given_once() {
        let all = texts(&briefing(), &Query { max_chars: 20, ..query(&["matter"]) });
        assert_eq!(all, ["Trees matter."]);
    }

    #[test]
    fn bounds_are_kept_and_a_short_hit_is_widened_to_reach_them() {
        let transcripts = briefing();
        let bounded = Query { min_chars: 60, max_chars: 100, ..query(&["trees"]) };
        for text in texts(&transcripts, &bounded) {
            assert!((60..=100).contains(&chars(&text)), "{text}");
            assert!(text.to_lowercase().contains("trees"));
        }
        assert!(!texts(&transcripts, &bounded).is_empty());
        // Without keywords nothing is widened.
        for text in texts(&transcripts, &Query { min_chars: 40, max_chars: 60, ..Query::default() }) {
            assert!((40..=60).contains(&chars(&text)), "{text}");
        }
    }

    #[test]
    fn all_keywords_in_one_sentence() {
        let all = Query { all_keywords: true, ..query(&["trees", "million"]) };
        assert_eq!(texts(&briefing(), &all), ["We will plant two million trees by 2030."]);
        assert!(texts(&briefing(), &Query { all_keywords: true, ..query(&["trees", "river"]) }).is_empty());
    }

    #[test]
    fn whole_turns() {
        let transcripts = briefing();
        let turns = Query { turns: true, ..query(&["trees"]) };
        let selection = select(&transcripts, &turns).unwrap();
        assert_eq!(selection.picks.len(), 3);
        assert!(selection.picks.iter().all(|p| p.quote.range() == (0..p.quote.turn().text.len())));
        assert!(selection.picks.iter().all(|p| p.before.is_none() && p.after.is_none()));
    }

    #[test]
    fn rows_of_a_list_are_taken_whole_and_as_often_as_they_stand() {
        let mut list =
            transcript(&[("A", "One thing. Two things."), ("A", "One thing. Two things."), ("B", "x")]);
        list.is_list = true;
        let selection = [list];
        let all = select(&selection, &Query { order: Order::Source, ..Query::default() }).unwrap();
        assert_eq!(
            all.picks.iter().map(|p| p.quote.text()).collect::<Vec<_>>(),
            ["One thing. Two things.", "One thing. Two things.", "x"]
        );
        assert_eq!(texts(&selection, &Query { max_chars: 5, ..Query::default() }), ["x"]);
    }

    #[test]
    fn several_files_are_ranked_together_and_a_speaker_may_be_in_one() {
        let mut two = briefing();
        two.push(transcript(&[(
            "Wu Wei",
            "Our province has the oldest bridge in the world, built 1,400 years ago.",
        )]));
        assert_eq!(texts(&two, &Query { limit: 1, ..Query::default() }).len(), 1);
        let best = select(&two, &Query::default()).unwrap();
        assert_eq!(best.picks[0].quote.speaker().name, "Wu Wei");
        let wu = Query { speakers: vec!["wu".into()], ..Query::default() };
        assert_eq!(texts(&two, &wu).len(), 1);
        let nobody = Query { speakers: vec!["Smith".into()], ..Query::default() };
        assert!(matches!(select(&two, &nobody), Err(SelectError::UnknownSpeaker { .. })));
    }

    #[test]
    fn what_cannot_be_asked() {
        let error = select(&[], &Query { min_chars: 9, max_chars: 8, ..Query::default() }).unwrap_err();
        assert_eq!(error, SelectError::Bounds { min: 9, max: 8 });
        let error = select(&[], &query(&[" "])).unwrap_err();
        assert_eq!(error, SelectError::EmptyKeyword { asked: " ".into() });
        assert_eq!(select(&[], &Query::default()), Ok(Selection::default()));
    }

    #[test]
    fn a_hanzi_counts_two() {
        for (text, count) in
            [("abc", 3), ("科技。", 6), ("PM2.5年", 7), ("é", 1), ("e\u{301}", 1), ("，「", 4), ("", 0)]
        {
            assert_eq!(chars(text), count, "{text}");
        }
    }

    #[test]
    fn a_long_turn_takes_linear_time() {
        let text = "Trees matter. It grows. ".repeat(60_000);
        let transcripts = [transcript(&[("A", &text)])];
        let query = Query { min_chars: 5000, ..query(&["trees"]) };
        assert!(select(&transcripts, &query).unwrap().picks.is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn quotes_are_exact_within_bounds_and_never_overlap(
            turns in prop::collection::vec(
                prop::collection::vec(prop::sample::select(vec![
                    "Trees grow.", "But trees fall, and over 40% of them are gone from the hills of Shanxi.", "Good morning.",
                    "It is so.", "He said “trees.”", "树在生长。", "但是树在生长，超过80%。", "This year the trees", "Why?",
                    "The largest forest in the world stands in the far north of the country, where nobody lives.",
                ]), 0..12), 0..4),
            keyword in prop::sample::select(vec!["", "trees", "树", "over 40%", "is"]),
            min in prop::sample::select(vec![0_usize, 20, 60]), more in prop::sample::select(vec![0_usize, 40, 200]),
            limit in 0_usize..6, best in any::<bool>(), whole in any::<bool>(),
        ) {
            let turns: Vec<String> = turns.iter().map(|turn| turn.join(" ")).collect();
            let pairs: Vec<_> = turns.iter().enumerate().map(|(i, t)| (["A", "B"][i % 2], t.as_str())).collect();
            let transcripts = [transcript(&pairs), transcript(&pairs)];
            let query = Query {
                min_chars: min, max_chars: if more == 0 { 0 } else { min + more }, limit, turns: whole,
                order: if best { Order::Best } else { Order::Source },
                ..query(if keyword.is_empty() { &[] } else { std::slice::from_ref(&keyword) })
            };
            let selection = select(&transcripts, &query).unwrap();
            prop_assert_eq!(&selection, &select(&transcripts, &query).unwrap());
            prop_assert!(limit == 0 || selection.picks.len() <= limit);
            prop_assert!(selection.more == 0 || selection.picks.len() == limit);
            let mut places = Vec::new();
            for pick in &selection.picks {
                let text = pick.quote.text();
                prop_assert_eq!(text, &pick.quote.turn().text[pick.quote.range()]);
                prop_assert!(fits(chars(text), &query));
                prop_assert_eq!(pick.matched.is_empty(), keyword.is_empty());
                prop_assert!(pick.matched.iter().all(|r| text.get(r.clone()).is_some()));
                prop_assert_eq!(pick.score, Score::of(text).total());
                let file = usize::from(!std::ptr::eq(pick.quote.transcript(), &raw const transcripts[0]));
                places.push((file, pick.quote.turn_index(), pick.quote.range().start, pick.quote.range().end));
            }
            if best {
                prop_assert!(selection.picks.windows(2).all(|w| w[0].score >= w[1].score));
            } else {
                prop_assert!(places.is_sorted());
            }
            places.sort_unstable();
            prop_assert!(places.windows(2).all(|w| (w[0].0, w[0].1) < (w[1].0, w[1].1) || w[0].3 <= w[1].2));
        }
    }
}
