//! Which words: from transcripts and a [`Query`] to a [`Selection`] of exact quotes.
//!
//! ```text
//! turn ─sentences─▶ units ─Matcher─▶ hits ─widen─▶ candidates ─resolve overlaps─▶ ─Score─▶ Pool ─order, limit─▶ picks
//! ```
//!
//! A unit is a sentence; with [`Query::turns`] a whole turn; in a list of ready quotes a row. Without keywords each
//! unit is a candidate as it stands. With keywords, a sentence that they meet may take in neighbours that it needs.
//!
//! [`select`] does it for transcripts in memory. For more of them than memory holds, [`Search`] looks at one after the
//! other, a [`Pool`] keeps the places that can still make the list, and only their transcripts are needed at the end.

mod asker;
mod context;
mod error;
pub mod figure;
mod fold;
mod matcher;
mod month;
pub mod parts;
mod passage;
mod pool;
mod query;
mod question;
mod quote;
mod rank;
mod search;
mod sentence;
mod similar;
mod span;
mod speaker;
mod trim;

pub use asker::askers;
pub use context::{Caution, CautionKind, Side};
pub use error::SelectError;
pub(crate) use fold::is_unspaced;
pub use matcher::Matcher;
pub(crate) use matcher::word_bounds;
pub use pool::{Chosen, Finds, Found, Pool};
pub use query::{Order, Query};
pub use question::Question;
pub use quote::Quote;
pub use rank::Score;
pub use search::{Search, Wanted};
pub use sentence::sentences;
pub use span::Span;
pub use speaker::Roll;
pub use trim::{Trim, trims};

use std::ops::Range;

use crate::lang::is_hanzi;
use crate::transcript::{Origin, Transcript};

/// A quote and why it was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick<'t> {
    /// The exact words.
    pub quote: Quote<'t>,
    /// See [`Pick::score`]; `None` where nobody asked yet.
    pub(crate) score: Option<f32>,
    /// Byte ranges of `quote.text()` that a keyword met, in order, none overlapping.
    pub matched: Vec<Range<usize>>,
    /// The sentence before it in the same turn; `None` at its beginning and for a turn taken whole.
    pub before: Option<&'t str>,
    /// The sentence after it in the same turn; `None` at its end and for a turn taken whole.
    pub after: Option<&'t str>,
    /// What it would lose by standing alone.
    pub cautions: Vec<Caution<'t>>,
    /// The question that it answers.
    pub question: Option<Question<'t>>,
    /// The other places where the same speaker said it, in the same words or nearly, in source order.
    pub also: Vec<Origin>,
}

/// Quotes in the order asked for: none overlapping another, none twice (but for the rows of a list, which are all
/// asked for).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selection<'t> {
    /// The quotes.
    pub picks: Vec<Pick<'t>>,
    /// How many more matched than the limit let through.
    pub more: usize,
    /// How many transcripts were left out because [`Query::between`] asks for a date and they tell none.
    pub undated: usize,
}

/// Picks quotes from one or several transcripts.
///
/// - Sentences that greet, thank or manage the event are candidates too, but with a score of nought: they come last.
/// - Those who only [ask](askers) are left out, unless they are asked for by name or with [`Query::questions`].
/// - Bounds are bounds: what is shorter or longer is left out, never cut. A keyword's sentence below the shortest
///   length takes in its neighbours to reach it. A row of a list is measured only if a bound is given.
/// - The same words by the same speaker, or nearly the same, are given once, with their other places.
/// - The best of each passage comes first, then the others, unless [`Query::any_passage`].
/// - Equal scores are in the order of transcripts, turns and words.
///
/// # Errors
///
/// A speaker whom no transcript knows (one who is in the roster and says nothing is known), a keyword without a word,
/// a regular expression that is none, bounds that exclude each other.
pub fn select<'t>(transcripts: &'t [Transcript], query: &Query) -> Result<Selection<'t>, SelectError> {
    let search = Search::new(query)?;
    let rolls: Vec<Roll> =
        if search.names_speakers() { transcripts.iter().map(Roll::of).collect() } else { Vec::new() };
    let wanted = search.settle(&rolls)?;
    let mut pool = Pool::new(query);
    for (file, transcript) in transcripts.iter().enumerate() {
        pool.add(search.look(transcript, file, &wanted));
    }
    Ok(pool.finish().picks(&search, |file| transcripts.get(file)))
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

#[cfg(test)]
pub(crate) mod testing {
    //! Transcripts made by hand.

    use crate::transcript::{Gap, Person, Piece, SourceFile, SourceMap, Transcript, Turn, asks, kind_of};

    pub(crate) fn person(name: &str) -> Person {
        let mut person =
            Person { name: name.to_owned(), speaks: true, kind: kind_of(name), ..Person::default() };
        person.asks = asks(&person);
        person
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
            // As if the file held nothing but this turn.
            let piece = Piece { text: 0..text.len(), source: 0..text.len(), gap: Gap::White };
            Turn { speaker, label, text, map: SourceMap::new(vec![piece]), request: None }
        });
        let turns = turns.collect();
        let source = SourceFile::new("briefing.txt", b"");
        Transcript { source, people, turns, ..Transcript::default() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passage::fits;
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
        assert_eq!(all.len(), 11, "{all:#?}");
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
        assert_eq!(selection.picks.len(), 2);
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
    fn the_first_come_from_different_passages() {
        let best = "The highest bridge in the world crosses the Lin, 565 metres above the river.";
        let good = "The longest bridge in the world crosses the Lin, 565 metres from end to end.";
        let turn = [
            best,
            good,
            "It was so.",
            "It is so.",
            "It will be so.",
            "Every village has a school and a doctor of its own now.",
        ]
        .join(" ");
        let transcripts = [transcript(&[("Lu", &turn)])];
        let first = texts(&transcripts, &Query { limit: 2, ..Query::default() });
        assert!(first[1].starts_with("Every village"), "{first:#?}");
        let first = texts(&transcripts, &Query { limit: 2, any_passage: true, ..Query::default() });
        assert_eq!(first, [good, best]);
    }

    #[test]
    fn a_sentence_said_twice_is_given_once_with_its_places() {
        let one = "The river Lin is clean again after forty years of hard work.";
        let two = "The river Lin is now clean again after forty years of hard work.";
        let transcripts = [
            transcript(&[("Lu", one), ("Wen", one), ("Lu", "Trees matter.")]),
            transcript(&[
                ("Lu", two),
                ("Lu", "The river Lin is not clean again after forty years of hard work."),
            ]),
        ];
        let river = select(&transcripts, &Query { order: Order::Source, ..query(&["clean"]) }).unwrap();
        let told: Vec<_> =
            river.picks.iter().map(|p| (p.quote.speaker().name.as_str(), p.also.len())).collect();
        assert_eq!(told, [("Lu", 1), ("Wen", 0), ("Lu", 0)]);
        assert_eq!(river.picks[0].also[0].start, 0);
    }

    #[test]
    fn those_who_ask_are_left_out_unless_they_are_wanted() {
        let asked = "How many trees will you plant?";
        let all = |query: &Query| texts(&briefing(), query).contains(&asked.to_owned());
        assert!(!all(&Query::default()));
        assert!(all(&Query { questions: true, ..Query::default() }));
        assert!(all(&Query { speakers: vec!["reporter".into()], ..Query::default() }));
        assert!(!all(&Query { questions: true, not_speakers: vec!["reporter".into()], ..Query::default() }));
    }

    #[test]
    fn what_is_shut_out_is_not_taken_in_either() {
        let all = texts(&briefing(), &query(&["black -clean"]));
        assert!(all.len() == 1 && !all[0].contains("clean"), "{all:?}");
        assert!(texts(&briefing(), &query(&["-river -trees -e*"])).iter().all(|t| !t.contains("rees")));
    }

    #[test]
    fn days() {
        let mut two = [transcript(&[("Lu", "Trees matter.")]), transcript(&[("Lu", "Rivers matter.")])];
        two[0].date = Some(crate::date::When::from("2031-04-16".to_owned()));
        let query = Query { between: "2031-04".parse().ok(), ..Query::default() };
        let selection = select(&two, &query).unwrap();
        assert_eq!((selection.picks.len(), selection.undated), (1, 1));
        let query = Query { between: "2032".parse().ok(), ..Query::default() };
        assert!(select(&two, &query).unwrap().picks.is_empty());
    }

    #[test]
    fn a_quote_brings_its_cautions_and_its_question() {
        let transcripts = [transcript(&[
            ("Lu", "Hello."),
            ("Q", "Will every bridge be rebuilt? Thank you."),
            ("Lu", "We will rebuild every bridge on the river Lin. But not before the court has ruled."),
        ])];
        let selection = select(&transcripts, &query(&["rebuild"])).unwrap();
        let pick = &selection.picks[0];
        assert_eq!(pick.question.as_ref().unwrap().asked.text(), "Will every bridge be rebuilt?");
        let told: Vec<_> = pick.cautions.iter().map(|c| (c.kind, c.side, c.words)).collect();
        assert_eq!(told, [(CautionKind::Qualifier, Side::After, "But")]);
    }

    #[test]
    fn a_small_pool_gives_the_same_as_a_large_one() {
        let line = |i: usize| {
            format!(
                "In the year {} the village number {} built {} bridges over the river.",
                2000 + i % 40,
                i,
                i % 17
            )
        };
        let turn: String = (0..2000).map(|i| line(i) + " ").collect();
        let files: Vec<_> = (0..3).map(|i| transcript(&[("Lu", &turn), ("Wen", &line(i))])).collect();
        let all = select(&files, &Query::default()).unwrap();
        let ten = select(&files, &Query { limit: 10, ..Query::default() }).unwrap();
        assert_eq!(ten.picks[..], all.picks[..10]);
        assert_eq!(ten.more, all.picks.len() - 10);
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
            limit in 0_usize..6, best in any::<bool>(), whole in any::<bool>(), any_passage in any::<bool>(),
        ) {
            let turns: Vec<String> = turns.iter().map(|turn| turn.join(" ")).collect();
            let pairs: Vec<_> = turns.iter().enumerate().map(|(i, t)| (["A", "B"][i % 2], t.as_str())).collect();
            let transcripts = [transcript(&pairs), transcript(&pairs)];
            let query = Query {
                min_chars: min, max_chars: if more == 0 { 0 } else { min + more }, limit, turns: whole, any_passage,
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
                prop_assert_eq!(pick.score(), pick.parts().total());
                let file = usize::from(!std::ptr::eq(pick.quote.transcript(), &raw const transcripts[0]));
                places.push((file, pick.quote.turn_index(), pick.quote.range().start, pick.quote.range().end));
            }
            if best {
                // First one of each passage, then the others; each by score.
                let rises = selection.picks.windows(2).filter(|w| w[0].score < w[1].score).count();
                prop_assert!(rises <= usize::from(!any_passage && !whole));
            } else {
                prop_assert!(places.is_sorted());
            }
            places.sort_unstable();
            prop_assert!(places.windows(2).all(|w| (w[0].0, w[0].1) < (w[1].0, w[1].1) || w[0].3 <= w[1].2));
        }
    }
}
