//! What a quote would lose by standing alone.
//!
//! ```text
//! We will rebuild every bridge. │ But not before the court has ruled.
//! └──────── the quote ────────┘   └┬┘ a word that takes something back: the reader of the card must know
//! ```
//!
//! A guard, not a judge: it tells what an editor should read before the card goes out, and shows it. It looks at the
//! sentence before, the sentence after, and whose words the quote itself is.

use std::ops::Range;
use std::sync::LazyLock;

use super::rank::Score;
use super::sentence::sentences;
use crate::transcript::CautionRow;
pub use crate::transcript::{CautionKind, Side};
use regex::Regex;

/// Something to read before a quote goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caution<'t> {
    /// What is the matter.
    pub kind: CautionKind,
    /// Where it stands.
    pub side: Side,
    /// The words that tell: `But`, `unless`, `said`.
    pub words: &'t str,
    /// The sentence that has them.
    pub neighbour: &'t str,
}

impl Caution<'_> {
    /// The quote stands inside a quotation.
    fn is_open_quotation(&self) -> bool {
        self.kind == CautionKind::Quoted && matches!(self.words, "“" | "「")
    }
}

impl From<&Caution<'_>> for CautionRow {
    fn from(caution: &Caution<'_>) -> Self {
        let Caution { kind, side, words, neighbour } = *caution;
        Self { kind, side, words: words.to_owned(), neighbour: neighbour.to_owned() }
    }
}

impl<'t> From<&'t CautionRow> for Caution<'t> {
    fn from(row: &'t CautionRow) -> Self {
        Self { kind: row.kind, side: row.side, words: &row.words, neighbour: &row.neighbour }
    }
}

/// What to read with `turn[range]` before it stands alone; at most one caution a side, and one of its own.
pub(super) fn cautions<'t>(
    turn: &'t str,
    range: &Range<usize>,
    before: Option<&'t str>,
    after: Option<&'t str>,
) -> Vec<Caution<'t>> {
    let mut found = neighbours(turn, range, before, after);
    // Whose words the quote itself is tells more than that its neighbours are somebody's too.
    if let Some(caution) = borrowed(turn, range).filter(|_| !found.iter().any(Caution::is_open_quotation)) {
        found.retain(|other| other.kind != CautionKind::Quoted);
        found.push(caution);
    }
    found
}

/// What the sentences beside `turn[range]` do to it; see [`Score::beside`].
pub(super) fn neighbours<'t>(
    turn: &'t str,
    range: &Range<usize>,
    before: Option<&'t str>,
    after: Option<&'t str>,
) -> Vec<Caution<'t>> {
    let quote = &turn[range.clone()];
    let mut found = Vec::new();
    if let Some(before) = before {
        // Most sentences frame nothing, and are not taken apart for it.
        let framed = Some(before)
            .filter(|before| FRAME.is_match(before))
            .and_then(|before| FRAME.captures(before))
            .and_then(|found| found.iter().flatten().nth(1))
            .map(|words| (CautionKind::Quoted, words.as_str()))
            .or_else(|| supposes(before).map(|words| (CautionKind::Condition, words)));
        let caution = |(kind, words)| Caution { kind, side: Side::Before, words, neighbour: before };
        match framed {
            Some(framed) => found.push(caution(framed)),
            // `But` at its own beginning: what it turns against is lost.
            None => found.extend(against(quote).map(|words| caution((CautionKind::Qualifier, words)))),
        }
    }
    if let Some(after) = after {
        let turned = denies(after).or_else(|| turns_back(after));
        found.extend(turned.map(|(kind, words)| Caution {
            kind,
            side: Side::After,
            words,
            neighbour: after,
        }));
    }
    if let Some(caution) = inside_quotation(turn, range) {
        found.retain(|other| other.kind != CautionKind::Quoted);
        found.push(caution);
    }
    found
}

/// A word that takes something back, in words that a shorter form would leave out; see [`super::trim`].
pub(super) fn weighs(words: &str) -> bool {
    WEIGHT.is_match(words)
}

/// The sentence begins by turning against the one before.
fn turns_back(sentence: &str) -> Option<(CautionKind, &str)> {
    let opening = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    let begins = |pattern: &LazyLock<Regex>| {
        pattern.find(opening).map(|found| found.as_str().trim_end_matches([',', ' ', '，']))
    };
    // `If they ask, we go.` has a clause of its own that the condition belongs to; `If they ask.` has none.
    let own_clause = |words: &str| {
        !words.to_lowercase().contains("unless") && words != "除非" && opening.contains([',', '，'])
    };
    if let Some(words) = begins(&CONDITION).filter(|words| !own_clause(words)) {
        return Some((CautionKind::Condition, words));
    }
    begins(&QUALIFIER).map(|words| (CautionKind::Qualifier, words))
}

/// The quote itself begins by turning against the sentence before.
fn against(quote: &str) -> Option<&str> {
    let opening = quote.trim_start_matches(|c: char| !c.is_alphanumeric());
    AGAINST.find(opening).map(|found| found.as_str())
}

/// The sentence denies the one before, or says that it is not enough.
fn denies(sentence: &str) -> Option<(CautionKind, &str)> {
    let opening = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = LEAD_IN.find(opening).map_or(0, |found| found.end());
    let opening = &opening[end..];
    let found = |pattern: &LazyLock<Regex>| {
        pattern.find(opening).map(|found| found.as_str().trim_end_matches([',', '.', ' ', '，', '。']))
    };
    if let Some(words) = found(&NOT_ENOUGH) {
        return Some((CautionKind::Qualifier, words));
    }
    // `They did not.` denies; `They did not come back until the spring of the next year.` goes on.
    let short = opening.split_whitespace().count() <= ELLIPTIC;
    let words = found(&DENIAL).or_else(|| if short { found(&SHORT_DENIAL) } else { None })?;
    Some((CautionKind::Negation, words))
}

/// A sentence of so few words says little of its own.
const ELLIPTIC: usize = 5;

/// The sentence sets a scene in which the next one holds: `Suppose …`, `Imagine …`
fn supposes(sentence: &str) -> Option<&str> {
    let opening = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    SUPPOSE.find(opening).map(|found| found.as_str())
}

/// Words inside somebody's quotation that runs over sentences.
fn inside_quotation<'t>(turn: &'t str, range: &Range<usize>) -> Option<Caution<'t>> {
    let open = open_quotation(turn, range.start)?;
    let sentence = sentences(turn).into_iter().find(|s| s.contains(&open))?;
    let side = if sentence.start >= range.start { Side::Within } else { Side::Before };
    let mark = turn[open..].chars().next().map_or(1, char::len_utf8);
    Some(Caution {
        kind: CautionKind::Quoted,
        side,
        words: &turn[open..open + mark],
        neighbour: &turn[sentence],
    })
}

/// Words that somebody else said, by what the quote itself tells.
fn borrowed<'t>(turn: &'t str, range: &Range<usize>) -> Option<Caution<'t>> {
    let quote = &turn[range.clone()];
    if Score::of(quote).part("borrowed") >= 0.0 {
        return None;
    }
    let words = super::rank::reporting(quote).or_else(|| {
        let mark = quote.find(['“', '"', '「', '『'])?;
        Some(&quote[mark..mark + quote[mark..].chars().next()?.len_utf8()])
    })?;
    Some(Caution { kind: CautionKind::Quoted, side: Side::Within, words, neighbour: quote })
}

/// Where a quotation opens that is still open at byte `at`.
fn open_quotation(turn: &str, at: usize) -> Option<usize> {
    /// Nobody quotes further back; a lost closing mark must not taint an hour's speech.
    const REACH: usize = 1_500;
    let mut from = at.saturating_sub(REACH);
    while !turn.is_char_boundary(from) {
        from += 1;
    }
    if !turn[from..at].contains(['“', '「']) {
        return None;
    }
    let mut open = None;
    for (i, c) in turn[from..at].char_indices() {
        match c {
            '“' | '「' => open = Some(from + i),
            '”' | '」' => open = None,
            _ => {}
        }
    }
    // It must be closed somewhere, or it is a slip.
    let closes = |&i: &usize| {
        turn[i..]
            .chars()
            .take(3 * REACH)
            .skip(1)
            .find(|c| matches!(c, '“' | '「' | '”' | '」'))
            .is_some_and(|c| matches!(c, '”' | '」'))
    };
    open.filter(closes)
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

static QUALIFIER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?i:but|however|except|although|though|yet|nevertheless|nonetheless|that said|having said that|even so|still,|on the other hand|at least|not that|of course|then again|with one exception|the exception|only (?:in|for|where|when|after|not)|admittedly)(?-u:\b|[ ,]|$)|^(?:但是?|然而|不过|可是|只是|当然|除了|尽管|虽然|只不过|話雖|但是|並非|并非说|但|可惜)",
    )
});

static AGAINST: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?i:but|however|yet|nevertheless|nonetheless|even so|that said|on the other hand|on the contrary)(?-u:\b)|^(?:但是?|然而|不过|可是)",
    )
});

static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?i:(?:but |and |that is,? |and that is )?(?:unless|if|provided|providing|only if|as long as|so long as|on condition|on the condition|assuming|subject to))(?-u:\b)|^(?:除非|只要|前提是|但?条件是|如果|假如|要是)",
    )
});

static DENIAL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?i:no[,.]|no, |wrong|not (?:true|so|any ?more|at all|yet|now|here|really|quite|exactly|for)|(?:that|this)(?: (?:is|was|has|did|does)|['’]s)? ?(?:simply |just |absolutely |certainly |of course )?(?:not|n['’]t|never|false|wrong|a lie|untrue|nonsense|what they|isn['’]t|wasn['’]t|didn['’]t|hasn['’]t|doesn['’]t)|(?:it|which|they)(?: is| was| are| were|['’]s|['’]re)? ?(?:simply |just )?(?:not|n['’]t|isn['’]t|wasn['’]t|aren['’]t) (?:true|so|right|correct|the case|possible|happening|what|like that|how)|(?:it|they)(?: is| was| are| were|['’]s|['’]re) (?:false|wrong|untrue|nonsense|a lie|lies|a myth)|these are their words|i (?:do not|don['’]t) (?:believe|think|agree|accept)|i (?:disagree|doubt)|we (?:do not|don['’]t) (?:believe|think|agree|accept)|nothing could be further)(?-u:\b| |$)|^(?:不是|不对|不,|不，|这不是|那不是|这不|并非|绝非|事实并非|我不认为|我们不认为|恰恰相反|其实不)",
    )
});

/// `It is not.`, `They did not.`
static SHORT_DENIAL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?i:(?:it|they|he|she|we|i|you|which)(?: (?:is|was|are|were|has|have|did|does|do|will|can|could|would))? ?(?:not|n['’]t|never|isn['’]t|wasn['’]t|aren['’]t|didn['’]t|hasn['’]t|haven['’]t|doesn['’]t|don['’]t|won['’]t|can['’]t|cannot)(?-u:\b))|^(?:没有|不会|不能)[。！]",
    )
});

/// What may stand before a denial: `And I'm here to tell you that's not true.`
static LEAD_IN: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?i:(?:(?:and|but|well|now|look|so),? )?(?:(?:i['’]m here to tell you|i can tell you|let me tell you|the truth is|the fact is|in fact|actually|frankly|of course|as it happens),? ?(?:that )?)?)",
    )
});

/// `This is not enough.`
static NOT_ENOUGH: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?i:(?:that|this|it|which)(?: (?:is|was|will)|['’]s)? ?(?:simply |still |just |alone )?(?:not|n['’]t|isn['’]t|wasn['’]t) (?:be )?(?:yet )?(?:enough|sufficient|only|just|merely|all|alone|everything|the whole))(?-u:\b)|^(?:这|那)还?(?:远远)?(?:不够|不足)",
    )
});

static FRAME: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i:(?-u:\b)((?:they|he|she|critics|opponents|people|some|others|somebody|someone|you hear|it is|it's|the argument) (?:people )?(?:will |may |might |would |often |always |still |once )?(?:say|says|said|saying|claim|claims|claimed|argue|argues|argued|told|tell|tells|goes|wrote|asked)|to quote|and i quote|his words|her words|their words|in the words of|a myth|the myth|the lie|a lie)(?-u:\b)[^.!?]{0,40}[:.!?]?$)|((?:有人|有些人|他们|她|他|外界|媒体|报道|某些人)[^。！？]{0,8}(?:说|称|声称|认为|问))[^。！？]{0,20}[。：！？:]?$",
    )
});

static SUPPOSE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?i:suppose|imagine|let us say|let['’]s say|what if|assume|picture this|in theory)(?-u:\b)|^(?:假如|假设|设想|试想|如果说)",
    )
});

/// Words that a shorter form must not leave out: denials, conditions, limits, doubts, and who is meant to have said it.
static WEIGHT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i:(?-u:\b)(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|unless|if|whether|except|excluding|but|however|although|though|even|only|provided|providing|until|till|before|once|unlike|despite|instead|rather|almost|nearly|hardly|barely|scarcely|few|little|less|least|most|about|roughly|around|allegedly|reportedly|apparently|perhaps|maybe|might|may|could|would|should|likely|possibly|probably|supposedly|so-called|in theory|says?|said|told|claim\w*|accord\w*|believe\w*|think|hope\w*|want\w*|so that|because|in order|otherwise|than|as long|as far|at least|at most|up to)(?-u:\b)|n['’]t(?-u:\b))|不|没|無|无|非|未|别|勿|除|但|却|然而|虽|尽管|如果|假如|只要|只有|仅|若|否则|可能|也许|大概|约|几乎|据|称|说|认为|希望|直到|以前|之前|条件|为了",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    /// The cautions for the sentence with the mark `§` before it.
    fn told(turn: &str) -> Vec<(CautionKind, Side, String)> {
        let at = turn.find('§').expect("a mark");
        let turn = turn.replace('§', "");
        let all = sentences(&turn);
        let i = all.iter().position(|s| s.start == at).expect("it begins a sentence");
        let words = |i: usize| all.get(i).map(|s| &turn[s.clone()]);
        let before = i.checked_sub(1).and_then(words);
        let found = cautions(&turn, &all[i], before, words(i + 1));
        found.into_iter().map(|c| (c.kind, c.side, c.words.to_owned())).collect()
    }

    #[test]
    fn what_the_neighbour_takes_back() {
        use CautionKind::{Condition, Negation, Qualifier, Quoted};
        use Side::{After, Before, Within};
        let cases: &[(&str, CautionKind, Side, &str)] = &[
            ("§We will rebuild every bridge. But not before the court has ruled.", Qualifier, After, "But"),
            ("§We will rebuild every bridge. Unless the court says no.", Condition, After, "Unless"),
            ("§We will rebuild every bridge. However, it takes money.", Qualifier, After, "However"),
            ("§All of them are safe. Except the old one.", Qualifier, After, "Except"),
            ("§The water is poisoned. That is not true.", Negation, After, "That is not"),
            ("§You need a studio. And I'm here to tell you that's not true.", Negation, After, "that's not"),
            ("§All mines are safe. They are not.", Negation, After, "They are not"),
            ("§Wages rose by half. But that is not enough.", Qualifier, After, "that is not enough"),
            ("§They hit their targets. These are their words.", Negation, After, "These are their words"),
            ("Some people say this. §We will never build it.", Quoted, Before, "Some people say"),
            ("Suppose I were mayor. §We would build it.", Condition, Before, "Suppose"),
            ("The plan is sound. §But we have no money.", Qualifier, Before, "But"),
            (
                "He wrote: “The bridge fell. §Nobody was told. It was hushed up.” And so on.",
                Quoted,
                Before,
                "“",
            ),
            (
                "§He praised them for “making steel so soft that it bends around fingers.”",
                Quoted,
                Within,
                "He praised",
            ),
            ("§我们会重建每一座桥。但是要等法院判决。", Qualifier, After, "但是"),
            ("§我们会重建每一座桥。除非法院不同意。", Condition, After, "除非"),
            ("有人这样说。§水里有毒。", Quoted, Before, "有人这样说"),
            ("§水里有毒。事实并非如此。", Negation, After, "事实并非"),
        ];
        for (turn, kind, side, words) in cases {
            assert_eq!(told(turn), [(*kind, *side, (*words).to_owned())], "{turn}");
        }
    }

    #[test]
    fn what_may_stand_alone() {
        for turn in [
            "Good morning. §We will rebuild every bridge. The money is there.",
            "§We build bridges. Not only bridges, roads too.",
            "§We build bridges. Nobody else does.",
            "§Half of them need the grant. It is not a large grant.",
            "§The workers got other jobs. They did not come back until the spring of the next year.",
            "He said “yes.” §We build bridges. Yes.",
            "§“We build bridges. That was lost.",
            "§我们建桥。我们也修路。",
            "§We build “green” bridges. They last.",
            "§We build bridges. If they fall, we build them again.",
        ] {
            assert_eq!(told(turn), [], "{turn}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(turn in "([A-Ca-c“”\" .?但不说。]|But |not |said ){0,40}") {
            let all = sentences(&turn);
            for (i, s) in all.iter().enumerate() {
                let words = |i: usize| all.get(i).map(|s| &turn[s.clone()]);
                for caution in cautions(&turn, s, i.checked_sub(1).and_then(words), words(i + 1)) {
                    proptest::prop_assert!(!caution.words.is_empty() && !caution.neighbour.is_empty());
                }
            }
        }
    }
}
