//! Shorter forms of a long sentence: whole clauses left out at marked places, and nothing else.
//!
//! ```text
//! Notably, in Shanxi, a heavy industrial hub in north China, the average annual concentration has decreased.
//!                   └────────── left out ──────────────────┘
//! Notably, in Shanxi … the average annual concentration has decreased.
//! ```
//!
//! A clause goes only whole, with the marks that set it off, and only where the sentence says the same without it:
//!
//! - an aside in brackets, between dashes, or between commas after `which`, `who`, `including`, an apposition;
//! - a beginning up to its comma, after `As`, `With`, `Notably`, 随着, 近年来;
//! - an end from its comma on, after `which`, `including`, `and we` …, or from a semicolon or dash on.
//!
//! What [weighs] stays: no clause with a denial, a condition, a limit, a doubt or somebody else's name for it (`not`,
//! `unless`, `except`, `about`, `said`, 不, 除非) is left out, nor one with a figure or half a quotation. So no form can
//! turn the meaning round; in doubt there is none.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::weighs;
use super::{Quote, chars};
use crate::lang::Lang;
use crate::transcript::Origin;

/// A shorter form of a quote.
#[derive(Debug, Clone, PartialEq)]
pub struct Trim {
    /// What is kept, with an ellipsis wherever something is left out.
    pub text: String,
    /// Byte ranges in the turn's text of what is kept, in order.
    pub kept: Vec<Range<usize>>,
    /// Where the words stand; its spans are the ranges that are kept.
    pub source: Origin,
}

/// A sentence under this is short enough, by [`chars`].
const LONG: usize = 110;

/// A form keeps at least so many characters…
const FEWEST: usize = 40;

/// …and leaves out at least so many: less is not worth an ellipsis.
const WORTH: usize = 15;

/// The most forms of one quote: all that can go, and the two longest clauses alone.
const MOST: usize = 3;

/// The shorter forms of a quote, the shortest first; none for one that is short, or where nothing can go.
#[must_use]
pub fn trims(quote: &Quote<'_>) -> Vec<Trim> {
    let text = quote.text();
    if chars(text) < LONG || super::sentences(text).len() != 1 {
        return Vec::new();
    }
    let mut asides = asides(text, quote.lang());
    // A clause inside another goes with it.
    asides.sort_by_key(|clause| (clause.start, std::cmp::Reverse(clause.end)));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for clause in asides {
        if apart.last().is_none_or(|last| last.end <= clause.start) {
            apart.push(clause);
        }
    }
    let mut forms: Vec<Vec<Range<usize>>> = vec![apart.clone()];
    if apart.len() > 1 {
        apart.sort_by_key(|clause| std::cmp::Reverse(clause.len()));
        forms.extend(apart.into_iter().map(|clause| vec![clause]));
    }
    forms.iter().filter(|out| !out.is_empty()).filter_map(|out| form(quote, out)).take(MOST).collect()
}

/// The form without these clauses, which are in order; `None` where too little or too much would go.
fn form(quote: &Quote<'_>, out: &[Range<usize>]) -> Option<Trim> {
    let text = quote.text();
    let mut kept = Vec::new();
    let mut from = 0;
    for clause in out {
        kept.push(from..clause.start);
        from = clause.end;
    }
    kept.push(from..text.len());
    // Blanks at either end go, and so does a piece that is only the stop of a sentence whose end is left out.
    let kept = kept.into_iter().filter_map(|range| {
        let piece = &text[range.clone()];
        let start = range.start + piece.len() - piece.trim_start().len();
        let piece = piece.trim();
        piece.contains(char::is_alphanumeric).then(|| start..start + piece.len())
    });
    let kept: Vec<Range<usize>> = kept.collect();
    let (gap, before, after) = match quote.lang() {
        Lang::Zh => ("……", "……", "……"),
        Lang::En => (" … ", "… ", " …"),
    };
    let mut words = String::new();
    if kept.first()?.start > 0 {
        words += before;
    }
    words += &kept.iter().map(|range| &text[range.clone()]).collect::<Vec<_>>().join(gap);
    let says = |c: char| c.is_alphanumeric();
    if text[kept.last()?.end..].contains(says) {
        words += after;
    }
    let shorter = chars(text).checked_sub(chars(&words))?;
    if shorter < WORTH || chars(&words) < FEWEST {
        return None;
    }
    let start = quote.range().start;
    let kept: Vec<_> = kept.into_iter().map(|range| start + range.start..start + range.end).collect();
    let places = kept.iter().map(|range| quote.transcript().origin(quote.turn(), range.clone()));
    let source = Origin::of_all(places.collect())?;
    Some(Trim { text: words, kept, source })
}

/// The clauses that can go, with the marks that set them off.
fn asides(text: &str, lang: Lang) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (open, close) in [(" (", ")"), ("（", "）"), (" – ", " – "), (" — ", " — "), ("—", "—"), ("——", "——")]
    {
        let Some((start, rest)) = text.find(open).map(|at| (at, at + open.len())) else { continue };
        if let Some(len) = text[rest..].find(close) {
            found.push(start..rest + len + close.len());
        }
    }
    let commas: Vec<usize> =
        text.match_indices([',', '，']).map(|(at, _)| at).filter(|&at| parts(text, at)).collect();
    let comma = |at: usize| text[at..].chars().next().map_or(1, char::len_utf8);
    let end = text.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    // Between two commas.
    for pair in commas.windows(2) {
        let inside = text[pair[0] + comma(pair[0])..pair[1]].trim();
        let next = text[pair[1] + comma(pair[1])..].trim_start();
        let name_before =
            text[..pair[0]].rsplit(' ').next().is_some_and(|w| w.starts_with(char::is_uppercase));
        let list = ["and ", "or ", "a ", "an ", "nor "].iter().any(|word| next.starts_with(word));
        let apposition = lang == Lang::En && name_before && !list && APPOSITION.is_match(inside);
        if lang == Lang::En && !list && ASIDE.is_match(inside) || apposition {
            found.push(pair[0]..pair[1] + comma(pair[1]));
        }
    }
    // A beginning: it ends at the first comma.
    if let Some(&first) = commas.first()
        && LEADING.is_match(&text[..first])
    {
        found.push(0..first + comma(first));
    }
    // An end: it begins at a comma, and goes on to the stop.
    for &at in &commas {
        if TRAILING.is_match(text[at + comma(at)..].trim_start()) {
            found.push(at..end);
            break;
        }
    }
    let semicolon = text.find(['；', ';']).filter(|&at| text[at..end.max(at)].chars().count() > 1);
    found.extend(semicolon.map(|at| at..end));
    let dashes = [" – ", " — ", "——"]
        .iter()
        .filter_map(|dash| text.find(dash).filter(|_| text.matches(dash).count() == 1));
    found.extend(dashes.map(|at| at..end));
    found.retain(|clause| clause.start < clause.end && can_go(text, clause));
    found
}

/// A comma that parts clauses, not the thousands of a number.
fn parts(text: &str, at: usize) -> bool {
    let (before, comma) = text.split_at(at);
    let digit = |c: char| c.is_ascii_digit();
    !(before.ends_with(digit) && comma.strip_prefix(',').is_some_and(|rest| rest.starts_with(digit)))
}

/// Nothing in it weighs, no figure is lost, and no quotation or bracket is cut.
fn can_go(text: &str, clause: &Range<usize>) -> bool {
    let words = &text[clause.clone()];
    let count = |mark: char| words.matches(mark).count();
    let whole = [('“', '”'), ('「', '」'), ('(', ')'), ('（', '）'), ('《', '》'), ('[', ']')]
        .iter()
        .all(|&(open, close)| count(open) == count(close))
        && count('"') % 2 == 0;
    // What is kept must not lean on what goes: `either … or`, `both … and`, `not only … but`.
    let kept = format!("{} {}", &text[..clause.start], &text[clause.end..]);
    whole
        && !weighs(words)
        && !words.contains(|c: char| c.is_numeric())
        && !LEANS.is_match(&kept)
        && !text[..clause.start].trim_end().ends_with([':', '：'])
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?i:which|who|whose|where|including|such as|like|along with|together with|as you know|as we know|as I mentioned|by the way|in fact|indeed|for example|for instance|after all|frankly|clearly|in turn) ?",
    )
});

static APPOSITION: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:an?|our|the) [\w’' -]{3,}$"));

static LEADING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?i:as (?:the|a|our|we|you|I|it|they|[a-z]+ing)|with (?:the|a|our|its)|notably$|importantly$|frankly$|clearly$|indeed$|in fact$|over the years$|moving forward$|looking ahead$|going forward$)|^(?:随着|近年来$|目前$|如今$|当前$|可以说$|应该说$|众所周知$|总的来看$)",
    )
});

static TRAILING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?i:which|who|whose|where|including|such as|along with|together with|(?:and|as) (?:we|they|it|he|she|I|you|has|have|is|are|was|were|will)|leaving|making|allowing|helping|bringing|creating|turning|giving|with (?:the|a|our|its))(?-u:\b)|^(?:包括|例如|比如|并且?|让|使)",
    )
});

static LEANS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i:(?-u:\b)(?:either|neither|not only|not just|not because|not that|both|whether|less|more|rather|the question is|so (?:\w+ ){1,3}that|such an? (?:\w+ ){1,3}that)(?-u:\b))|不仅|不但|不是|与其|要么|或者|宁可|越",
    )
});

#[cfg(test)]
mod tests {
    use super::super::testing::transcript;
    use super::*;

    fn forms(text: &str) -> Vec<String> {
        let transcripts = [transcript(&[("Lu", text)])];
        let quote = Quote::new(&transcripts[0], 0, 0..text.len()).unwrap();
        let trims = trims(&quote);
        for trim in &trims {
            // Every word is the source's, at the place that is told.
            let pieces: Vec<_> = trim.kept.iter().map(|range| &text[range.clone()]).collect();
            let shown: Vec<_> =
                trim.text.split('…').map(str::trim).filter(|piece| !piece.is_empty()).collect();
            assert_eq!(pieces, shown);
            let spans: Vec<_> = trim.source.spans.iter().map(|s| s[0]..s[1]).collect();
            assert!(spans == trim.kept || trim.kept.len() == 1 && spans.is_empty());
        }
        trims.into_iter().map(|trim| trim.text).collect()
    }

    #[test]
    fn clauses_that_say_nothing_the_sentence_needs() {
        for (text, first) in [
            (
                "In Yunze, a heavy industrial hub in the cold north of the country, the average annual concentration of dust has decreased a great deal.",
                "In Yunze … the average annual concentration of dust has decreased a great deal.",
            ),
            (
                "As the rivers and the lakes continue to improve, Yunze now boasts the highest population of hill leopards in the whole country.",
                "… Yunze now boasts the highest population of hill leopards in the whole country.",
            ),
            (
                "Only Yunze has restored its rivers from end to end, leaving clean water, reeds and herons in its wake for the children of the province.",
                "Only Yunze has restored its rivers from end to end …",
            ),
            (
                "The old road over the pass (the one that the miners built by hand) is the shortest way from the coast to the capital of the country.",
                "The old road over the pass … is the shortest way from the coast to the capital of the country.",
            ),
            (
                "随着生态环境持续改善，云泽的华北豹种群数量现居全国首位，全省人民都为这一成绩感到由衷的自豪和高兴，孩子们也能看到豹的足迹。",
                "……云泽的华北豹种群数量现居全国首位，全省人民都为这一成绩感到由衷的自豪和高兴，孩子们也能看到豹的足迹。",
            ),
        ] {
            assert_eq!(forms(text).first().map(String::as_str), Some(first), "{text}");
        }
    }

    #[test]
    fn what_weighs_stays() {
        for text in [
            "As long as the court does not stop the work before the winter, we will rebuild every bridge on the river Lin by next summer.",
            "We will rebuild every bridge on the river Lin by next summer, unless the court stops the work before the winter comes.",
            "We will rebuild every bridge on the river Lin by next summer, which is what the mayor said to all of us in the meeting.",
            "We will rebuild the bridges on the river Lin by next summer, except the old one that was built by the miners themselves.",
            "The mayor, who has never crossed it, wants to rebuild the bridge on the river Lin by the summer of the year after next.",
            "They not only closed the school in the valley, which was old, but also the clinic and the road that led up to it from there.",
            "We will rebuild the bridges on the river Lin by next summer, including the 40 that were built by the miners themselves.",
            "我们将在明年夏天之前重建临河上的每一座桥，让两岸的人民群众都能够安全地过河上学、看病和工作，除非法院不同意我们这样做。",
            // `and the` begins the last of three subjects, not a clause.
            "The number of clever coal mines, the output of rare natural gas, and the power of wind and sun all rank among the best of the land.",
            "A short sentence, which has an aside, stays as it is.",
        ] {
            assert_eq!(forms(text), [""; 0], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics_and_every_word_is_the_sources(
            words in proptest::collection::vec(proptest::sample::select(vec![
                "As the river", "the bridge", ", which", "stands", ",", " – ", "(", ")", "“", "”", "; ", "not", "We", "，", "随着", "桥", "5",
                ", including", ", and we", "built a long road over the hill", ",", "，", "——", "…", "é", "; and",
            ]), 0..30), glue in proptest::sample::select(vec![" ", ""]),
        ) {
            let text = words.join(glue);
            let text = text.trim();
            if !text.is_empty() {
                let transcripts = [transcript(&[("Lu", text)])];
                let quote = Quote::new(&transcripts[0], 0, 0..text.len()).unwrap();
                for trim in trims(&quote) {
                    proptest::prop_assert!(trim.kept.windows(2).all(|w| w[0].end <= w[1].start));
                    proptest::prop_assert!(trim.kept.iter().all(|r| trim.text.contains(&text[r.clone()])));
                }
            }
        }
    }
}
