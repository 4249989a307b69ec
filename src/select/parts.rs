//! A quote too long for one card, in parts: where a carousel turns from one card to the next.
//!
//! ```text
//! quote ─sentences─▶ pieces ─DP: least spread─▶ parts
//!          └ even enough? if not, the sentences' clauses, cut after semicolons, are tried as well
//! ```
//!
//! A part is a run of whole pieces, so a card never ends inside a clause. Of all ways to make `count` runs the one
//! with the least spread is taken: the sum of the squares of what each part is longer or shorter than the mean.

use std::ops::Range;

use super::chars;
use super::sentence::sentences;
use crate::lang::Lang;

/// Up to here, by [`chars`], a quote stands on one card of any size.
pub const ONE_CARD_CHARS: usize = 300;

/// Up to here it still stands on one story, whose page is twice as high.
pub const ONE_STORY_CHARS: usize = 420;

/// What a part is meant to hold: half of what one card can, so that all parts keep the size of a middling quote. The
/// parts that the designers cut hold 122 to 146.
pub const PART_CHARS: usize = 150;

/// The fewest cards of a carousel.
pub const FEWEST_PARTS: usize = 2;

/// The most cards of a carousel; who swipes on beyond six?
pub const MOST_PARTS: usize = 6;

/// How far a part may be from the mean of all, in percent, before its sentences are cut at semicolons.
pub const TOLERANCE_PERCENT: usize = 30;

/// How many cards a quote of so many [`chars`] should have: 1, or 2 to 6.
///
/// | characters | story | other sizes |
/// |---|---|---|
/// | to 300 | 1 | 1 |
/// | 301 to 420 | 1 | 2 or 3 |
/// | from 421 | 3 to 6 | 3 to 6 |
///
/// It is a wish: a quote of two sentences has no three [`parts`]. Then ask for one fewer.
#[must_use]
pub fn count_for(chars: usize, story: bool) -> usize {
    let one = if story { ONE_STORY_CHARS } else { ONE_CARD_CHARS };
    if chars <= one {
        return 1;
    }
    let nearest = chars.saturating_add(PART_CHARS / 2) / PART_CHARS;
    nearest.clamp(FEWEST_PARTS, MOST_PARTS)
}

/// Splits a quote into `count` parts: byte ranges without blanks at either end, in order, which cover every character
/// that is not blank exactly once.
///
/// Sentences stay whole where that gives parts that are all within 30 % of their mean. Where it does not, or there are
/// too few, semicolons may end a part too, if they even it out. What cannot be even is given as even as it can be.
///
/// `None` where there are fewer sentences and clauses than parts, and for no parts at all.
///
/// ```
/// use pullquote::{lang::Lang, select::parts::parts};
/// let text = "We planted trees; we built dams. The river is clean.";
/// let two = parts(text, Lang::En, 2).expect("it has two sentences");
/// assert_eq!(&text[two[1].clone()], "The river is clean.");
/// assert_eq!(parts(text, Lang::En, 4), None);
/// ```
#[must_use]
pub fn parts(text: &str, lang: Lang, count: usize) -> Option<Vec<Range<usize>>> {
    let whole = sentences(text);
    let by_sentence = split(text, &whole, count);
    if let Some(parts) = &by_sentence
        && is_even(text, parts)
    {
        return by_sentence;
    }
    let clauses: Vec<_> = whole.iter().flat_map(|sentence| clauses(text, sentence, lang)).collect();
    let by_clause = if clauses.len() > whole.len() { split(text, &clauses, count) } else { None };
    match (by_sentence, by_clause) {
        // A sentence is only cut for a reason.
        (Some(sentences), Some(clauses)) if !is_even(text, &clauses) => Some(sentences),
        (sentences, clauses) => clauses.or(sentences),
    }
}

/// Splits a quote into about `wished` parts, 2 to 6: that many, one more or one fewer, the first of these that is even;
/// else as many as the quote's sentences and clauses allow, up to `wished`.
///
/// `None` where it is one sentence without a semicolon, or where fewer than two parts are wished.
#[must_use]
pub fn carousel(text: &str, lang: Lang, wished: usize) -> Option<Vec<Range<usize>>> {
    let sensible = FEWEST_PARTS..=MOST_PARTS;
    if !sensible.contains(&wished) {
        return None;
    }
    let near = [wished, wished + 1, wished - 1].into_iter().filter(|count| sensible.contains(count));
    let even = near.filter_map(|count| parts(text, lang, count)).find(|parts| is_even(text, parts));
    even.or_else(|| (FEWEST_PARTS..=wished).rev().find_map(|count| parts(text, lang, count)))
}

/// Whether each part is within [`TOLERANCE_PERCENT`] of their mean.
#[must_use]
pub fn is_even(text: &str, parts: &[Range<usize>]) -> bool {
    let lens: Vec<_> = parts.iter().map(|part| chars(&text[part.clone()])).collect();
    let sum: usize = lens.iter().sum();
    // `len` against `sum / lens.len()`, without fractions.
    lens.iter().all(|len| (len * lens.len()).abs_diff(sum) * 100 <= sum * TOLERANCE_PERCENT)
}

/// A sentence cut after its semicolons.
fn clauses(text: &str, sentence: &Range<usize>, lang: Lang) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = sentence.start;
    let mut chars = text[sentence.clone()].char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        if !matches!(c, ';' | '；') {
            continue;
        }
        let mut end = sentence.start + i + c.len_utf8();
        // What closes after it belongs to it: `we stay;” he said`.
        while let Some((i, c)) =
            chars.next_if(|(_, c)| matches!(c, '"' | '”' | '’' | '」' | '』' | ')' | '）'))
        {
            end = sentence.start + i + c.len_utf8();
        }
        let rest = &text[end..sentence.end];
        // Chinese writes no blank after it; in English one without is part of a code.
        let ends = lang == Lang::Zh || c == '；' || rest.starts_with(char::is_whitespace);
        let says = |words: &str| words.chars().any(char::is_alphanumeric);
        if ends && says(rest) && says(&text[start..end]) {
            found.push(start..end);
            start = end + rest.len() - rest.trim_start().len();
        }
    }
    found.push(start..sentence.end);
    found
}

/// The split of `pieces` into `count` runs with the least spread; of equal ones, the one whose last part is longest.
fn split(text: &str, pieces: &[Range<usize>], count: usize) -> Option<Vec<Range<usize>>> {
    let n = pieces.len();
    if count == 0 || n < count {
        return None;
    }
    // Characters before each piece: a run's length is a difference of two. The blanks between pieces are not counted.
    let before: Vec<u64> = std::iter::once(0)
        .chain(pieces.iter().scan(0, |sum, piece| {
            *sum += chars(&text[piece.clone()]) as u64;
            Some(*sum)
        }))
        .collect();
    let parts = count as u64;
    // `count` times the distance from the mean, squared: whole numbers compare the same on every machine.
    let cost = |run: Range<usize>| {
        let off = u128::from(((before[run.end] - before[run.start]) * parts).abs_diff(before[n]));
        off * off
    };
    // best[end]: the least cost of the first `end` pieces in so many runs. from[run][end]: where the last one begins.
    let mut best: Vec<Option<u128>> = vec![None; n + 1];
    best[0] = Some(0);
    let mut from = Vec::with_capacity(count);
    for _ in 0..count {
        let mut next = vec![None; n + 1];
        let mut starts = vec![0; n + 1];
        for end in 1..=n {
            for start in (0..end).rev() {
                let this = cost(start..end);
                let too_long = (before[end] - before[start]) * parts > before[n];
                if too_long && next[end].is_some_and(|least| this > least) {
                    break; // longer runs cost only more: this keeps a turn of an hour from taking one
                }
                let Some(sum) = best[start].map(|sum| sum + this) else { continue };
                if next[end].is_none_or(|least| sum <= least) {
                    (next[end], starts[end]) = (Some(sum), start);
                }
            }
        }
        best = next;
        from.push(starts);
    }
    let mut runs = Vec::with_capacity(count);
    let mut end = n;
    for starts in from.iter().rev() {
        let start = starts[end];
        runs.push(pieces[start].start..pieces[end - 1].end);
        end = start;
    }
    runs.reverse();
    Some(runs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str, lang: Lang, count: usize) -> Option<Vec<&str>> {
        Some(parts(text, lang, count)?.into_iter().map(|range| &text[range]).collect())
    }

    #[test]
    fn one_more_or_one_fewer_where_that_is_even() {
        let (short, long) = ("It grew well here.", "It grew from here to the end of the valley.");
        // Three of a kind: two parts would hold one and two of them.
        let text = [long, long, long].join(" ");
        assert_eq!(carousel(&text, Lang::En, 2).unwrap().len(), 3);
        assert_eq!(carousel(&text, Lang::En, 3).unwrap().len(), 3);
        // As even as it can be.
        let text = [short, long].join(" ");
        assert_eq!(carousel(&text, Lang::En, 3).unwrap().len(), 2);
        assert_eq!(carousel(long, Lang::En, 2), None);
        assert_eq!(carousel(&text, Lang::En, 1), None);
    }

    /// `part-1` to `part-3` of the mockups, and the row `*-square-part` of their cases.
    const PARTS: [&str; 3] = [
        "As the eco-environment continues to improve, Shanxi now boasts the highest population of North China leopards in the country.",
        "The number of brown-eared pheasants, a species under top-level state protection and selected as Shanxi’s provincial bird, has grown significantly.",
        "Yuncheng Wetland Nature Reserve along the Yellow River has become a major winter habitat for wild white swans from Siberia.",
    ];

    #[test]
    fn the_mockups_carousel() {
        let text = PARTS.join(" ");
        assert_eq!(count_for(chars(&text), false), 3);
        assert_eq!(texts(&text, Lang::En, 3).unwrap(), PARTS);
    }

    #[test]
    fn counts_by_the_guides_table() {
        for (chars, card, story) in [
            (0, 1, 1),
            (80, 1, 1),
            (300, 1, 1),
            (301, 2, 1),
            (374, 2, 1),
            (375, 3, 1),
            (420, 3, 1),
            (421, 3, 3),
            (600, 4, 4),
            (750, 5, 5),
            (900, 6, 6),
            (100_000, 6, 6),
        ] {
            assert_eq!((count_for(chars, false), count_for(chars, true)), (card, story), "{chars}");
        }
    }

    #[test]
    fn the_least_spread() {
        // Greedy filling from the left would give 3 + 1 here.
        let text = "One two three. One two three. One two three. One two three.";
        assert_eq!(
            texts(text, Lang::En, 2).unwrap(),
            ["One two three. One two three.", "One two three. One two three."]
        );
        let text = "A long first sentence stands here alone. Short. Short. Then a long one ends it all.";
        assert_eq!(
            texts(text, Lang::En, 2).unwrap(),
            ["A long first sentence stands here alone.", "Short. Short. Then a long one ends it all."]
        );
        assert_eq!(texts(text, Lang::En, 1).unwrap(), [text]);
    }

    #[test]
    fn semicolons_only_where_sentences_do_not_do() {
        // Even as it is: the semicolon ends nothing.
        let text = "We came; we saw it. We stayed; we liked it.";
        assert_eq!(texts(text, Lang::En, 2).unwrap(), ["We came; we saw it.", "We stayed; we liked it."]);
        // Too few sentences.
        assert_eq!(
            texts(text, Lang::En, 4).unwrap(),
            ["We came;", "we saw it.", "We stayed;", "we liked it."]
        );
        // Two sentences, but too uneven.
        let text =
            "It grew. The hills were planted with pines and oaks; the river was cleaned from end to end.";
        assert_eq!(
            texts(text, Lang::En, 2).unwrap(),
            [
                "It grew. The hills were planted with pines and oaks;",
                "the river was cleaned from end to end."
            ]
        );
        // A semicolon that does not even it out cuts nothing.
        let text =
            "No; it was never so. The hills were planted with pines and oaks from one end to the other.";
        assert_eq!(texts(text, Lang::En, 2).unwrap()[0], "No; it was never so.");
    }

    #[test]
    fn chinese() {
        let text = "坚持科技创新引领；坚持先进制造立省。汾河水质持续改善；群山已经绿了。";
        assert_eq!(
            texts(text, Lang::Zh, 2).unwrap(),
            ["坚持科技创新引领；坚持先进制造立省。", "汾河水质持续改善；群山已经绿了。"]
        );
        assert_eq!(texts(text, Lang::Zh, 4).unwrap()[1], "坚持先进制造立省。");
        assert_eq!(
            texts("“我们来了；”他说；“很好。”", Lang::Zh, 2).unwrap(),
            ["“我们来了；”", "他说；“很好。”"]
        );
    }

    #[test]
    fn what_cannot_be_split() {
        for (text, count) in [
            ("One sentence without any pause at all.", 2),
            ("", 1),
            ("  ", 1),
            ("One. Two.", 0),
            ("One. Two.", 3),
            ("Tom&amp;Jerry laughed.", 2),
            ("We came; …", 2),
        ] {
            assert_eq!(parts(text, Lang::En, count), None, "{text}");
        }
    }

    #[test]
    fn a_very_long_turn_takes_little_time() {
        let text = "Trees grow; they matter. It is so. ".repeat(2_000);
        assert_eq!(parts(&text, Lang::En, 6).unwrap().len(), 6);
    }

    /// All ways to make `count` runs of `pieces`, tried one by one.
    fn least_spread(lens: &[usize], count: usize) -> usize {
        let total: usize = lens.iter().sum();
        fn walk(lens: &[usize], left: usize, count: usize, total: usize) -> usize {
            let cost = |len: usize| (len * count).abs_diff(total).pow(2);
            if left == 1 {
                return cost(lens.iter().sum());
            }
            (1..=lens.len() + 1 - left)
                .map(|n| cost(lens[..n].iter().sum()) + walk(&lens[n..], left - 1, count, total))
                .min()
                .unwrap()
        }
        walk(lens, count, count, total)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn in_order_and_every_word_once(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "Trees grow.", "It grew; it fell.", "树在生长。", "种树；修路；", " ", "He said “we stay;” and left.", "no stop",
                "A much longer sentence stands here so that the parts are never quite even.", ";", "…", "Really?",
            ]), 0..14),
            count in 0_usize..8, zh in any::<bool>(),
        ) {
            let text = pieces.join(" ");
            let lang = if zh { Lang::Zh } else { Lang::En };
            let Some(parts) = parts(&text, lang, count) else { return Ok(()) };
            prop_assert_eq!(parts.len(), count);
            let mut end = 0;
            for part in parts {
                prop_assert!(part.start >= end && text[end..part.start].trim().is_empty());
                let words = &text[part.clone()];
                prop_assert!(!words.is_empty() && words.trim() == words);
                end = part.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }

        #[test]
        fn no_other_split_is_more_even(lens in prop::collection::vec(1_usize..40, 1..9), count in 1_usize..6) {
            prop_assume!(count <= lens.len());
            let text: Vec<_> = lens.iter().map(|&len| format!("{}.", "W".repeat(len + 1))).collect();
            let text = text.join(" ");
            let pieces = sentences(&text);
            prop_assume!(pieces.len() == lens.len());
            let runs = split(&text, &pieces, count).unwrap();
            let lens: Vec<_> = lens.iter().map(|len| len + 2).collect();
            // Blanks between pieces are not counted.
            let total: usize = lens.iter().sum();
            let spread: usize = runs
                .iter()
                .map(|run| text[run.clone()].chars().filter(|c| *c != ' ').count())
                .map(|len| (len * count).abs_diff(total).pow(2))
                .sum();
            prop_assert_eq!(spread, least_spread(&lens, count));
        }
    }
}
