//! A turn cut into candidates: its sentences, or those that keywords met with the neighbours that they need.

use std::ops::Range;

use super::context::neighbours;
use super::pool::Candidate;
use super::rank::Score;
use super::{Matcher, Query, chars, sentences};

pub(super) fn fits(chars: usize, query: &Query) -> bool {
    chars >= query.min_chars && (query.max_chars == 0 || chars <= query.max_chars)
}

/// A turn taken whole.
pub(super) fn whole(text: &str, matcher: &Matcher, query: &Query) -> Vec<Candidate> {
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
    vec![Candidate::new(range, None, None, Score::of(words).total())]
}

/// A turn taken by sentences.
pub(super) struct Passage<'a> {
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

/// So many sentences on either side of a quote are one passage with it: about half a paragraph.
const NEAR_SENTENCES: usize = 2;

/// The most sentences in a widened quote. It also keeps the work for a long turn linear.
const MOST_SENTENCES: usize = 6;

impl<'a> Passage<'a> {
    pub fn new(text: &'a str, matcher: &'a Matcher, query: &'a Query) -> Self {
        Self { text, query, matcher, sentences: sentences(text) }
    }

    /// In text order, none overlapping another.
    pub fn candidates(&self) -> Vec<Candidate> {
        let each = (0..self.sentences.len()).map(|i| i..i + 1);
        if self.matcher.is_empty() {
            let fit = each.filter(|span| {
                let words = self.words(span);
                fits(chars(words), self.query) && self.matcher.find(words).is_some()
            });
            return self
                .spread(fit.map(|span| (span.clone(), self.placed(&span, self.score(&span)))).collect());
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
        self.spread(picked)
    }

    /// The candidates of sentences with their scores; the best of each passage comes before the others.
    ///
    /// From the best down, each takes [`NEAR_SENTENCES`] on either side for its own.
    fn spread(&self, picked: Vec<(Range<usize>, f32)>) -> Vec<Candidate> {
        let mut order: Vec<usize> = (0..picked.len()).collect();
        order.sort_by(|&a, &b| picked[b].1.total_cmp(&picked[a].1));
        let mut near = vec![false; self.sentences.len()];
        let mut deferred = vec![false; picked.len()];
        if !self.query.any_passage {
            for i in order {
                let span = &picked[i].0;
                deferred[i] = near[span.clone()].contains(&true);
                if !deferred[i] {
                    let end = (span.end + NEAR_SENTENCES).min(near.len());
                    near[span.start.saturating_sub(NEAR_SENTENCES)..end].fill(true);
                }
            }
        }
        let of = |((span, score), deferred)| Candidate { deferred, ..self.candidate(&span, score) };
        picked.into_iter().zip(deferred).map(of).collect()
    }

    /// The words of consecutive sentences.
    fn words(&self, span: &Range<usize>) -> &'a str {
        &self.text[self.sentences[span.start].start..self.sentences[span.end - 1].end]
    }

    fn score(&self, span: &Range<usize>) -> Score {
        Score::of(self.words(span))
    }

    /// The total of a score, with what the sentences beside it take back.
    fn placed(&self, span: &Range<usize>, score: Score) -> f32 {
        let total = score.total();
        if total == 0.0 {
            return total;
        }
        let Candidate { range, before, after, .. } = self.candidate(span, total);
        let words = |range: Option<Range<usize>>| range.map(|range| &self.text[range]);
        score.beside(&neighbours(self.text, &range, words(before), words(after))).total()
    }

    fn candidate(&self, span: &Range<usize>, score: f32) -> Candidate {
        let range = self.sentences[span.start].start..self.sentences[span.end - 1].end;
        let before = span.start.checked_sub(1).map(|i| self.sentences[i].clone());
        Candidate::new(range, before, self.sentences.get(span.end).cloned(), score)
    }

    /// The sentence with the neighbours that it needs; `None` if no way fits the bounds.
    fn widened(&self, hit: Range<usize>) -> Option<Hit> {
        let (min, max) = (self.query.min_chars, self.query.max_chars);
        let first = self.score(&hit);
        let mut span = hit.clone();
        let mut score = first;
        let mut length = chars(self.words(&span));
        let alone = fits(length, self.query).then(|| (hit.clone(), self.placed(&hit, first)));
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
                // A neighbour may have what is shut out.
                self.matcher.find(self.words(&wider))?;
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
        let score = self.placed(&span, score);
        Some(Hit { span, score, alone })
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
