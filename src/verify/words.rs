//! Words as they are compared: what a card may repair ([`crate::layout`] lists it) makes no other words of them.
//!
//! A text is cut into tokens: a word, a number with its points and commas, one hanzi, one mark. White space only
//! parts them, so `foil , which` and `foil, which` are the same and `now here` and `nowhere` are not. Quotation marks
//! are one token whatever their form, apostrophes inside a word are straight, `…` and three dots are one token.
//! Everything else counts, case and commas too.

use std::ops::Range;

use crate::layout::prepare;
use crate::select::{is_unspaced, word_bounds};

/// A token of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What is compared.
    pub key: String,
    /// Where it stands in the text.
    pub bytes: Range<usize>,
    /// A word, a number or a hanzi, no mark.
    pub is_word: bool,
}

/// The key of every ellipsis.
pub(super) const ELLIPSIS: &str = "…";
/// The key of every quotation mark.
pub(super) const QUOTE_MARK: &str = "\"";

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let set: Vec<(char, Range<usize>)> = prepare::plain(text)
        .into_iter()
        .filter(|s| !prepare::is_control(s.c))
        .map(|s| (s.c, s.bytes))
        .collect();
    let at = |i: usize| set.get(i).map(|s| s.0);
    let mut found: Vec<Token> = Vec::with_capacity(set.len() / 4);
    let mut i = 0;
    while let Some(c) = at(i) {
        let start = i;
        i += 1;
        if c.is_whitespace() {
            continue;
        }
        let mut key = String::new();
        let is_word = c.is_alphanumeric();
        if is_unspaced(c) {
            key.push(c);
        } else if is_word {
            key.push(c);
            while let Some(c) = at(i) {
                let inside = at(i + 1).is_some_and(|next| joins(at(i - 1), c, next));
                if is_part(c) {
                    key.push(c);
                } else if inside {
                    key.push(if is_apostrophe(c) { '\'' } else { c });
                } else {
                    break;
                }
                i += 1;
            }
        } else if let Some(end) = ellipsis(&at, start) {
            key.push_str(ELLIPSIS);
            i = end;
        } else if is_quote_mark(c) {
            key.push_str(QUOTE_MARK);
        } else {
            key.push(c);
        }
        let bytes = set[start].1.start..set[i - 1].1.end;
        // What draws nothing was given to the character before it.
        let end = bytes.start + text[bytes.clone()].trim_end_matches(prepare::is_ignorable).len();
        found.push(Token { key, bytes: bytes.start..end, is_word: is_word || is_unspaced(c) });
    }
    found
}

/// Goes on a word.
fn is_part(c: char) -> bool {
    (c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)) && !is_unspaced(c)
}

/// A mark inside a word or number: `don’t`, `3.5`, `410,000`.
fn joins(before: Option<char>, c: char, next: char) -> bool {
    let digits = before.is_some_and(|b| b.is_ascii_digit()) && next.is_ascii_digit();
    matches!(c, '.' | ',') && digits || is_apostrophe(c) && is_part(next)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '\u{2BC}' | '\u{5F3}')
}

/// The marks that cards curl, nest and set.
fn is_quote_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '\u{5F4}') || is_apostrophe(c)
}

/// Where an ellipsis that begins at `start` ends: `…`, `……`, `...`, `. . .`.
fn ellipsis(at: &impl Fn(usize) -> Option<char>, start: usize) -> Option<usize> {
    let mut end = start;
    while at(end) == Some('…') {
        end += 1;
    }
    if end > start {
        return Some(end);
    }
    let (mut dots, mut i) = (0, start);
    loop {
        match at(i) {
            Some('.') => (dots, i, end) = (dots + 1, i + 1, i + 1),
            Some(' ') if dots > 0 && at(i + 1) == Some('.') => i += 1,
            _ => return (dots >= 3).then_some(end),
        }
    }
}

/// The tokens in runs between marks that something is left out: `…`, `...`, `[…]`. Where the text begins or ends with
/// such a mark, nothing stands before or after it; no run is empty.
pub(super) fn runs_between_gaps(tokens: &[Token]) -> Vec<Range<usize>> {
    let key = |i: usize| tokens.get(i).map(|t| t.key.as_str());
    let (mut runs, mut from, mut i) = (Vec::new(), 0, 0);
    while i <= tokens.len() {
        let gap = match key(i) {
            None => 1,
            Some(ELLIPSIS) => 1,
            Some("[") if key(i + 1) == Some(ELLIPSIS) && key(i + 2) == Some("]") => 3,
            Some(_) => {
                i += 1;
                continue;
            }
        };
        if from < i {
            runs.push(from..i);
        }
        i += gap;
        from = i;
    }
    runs
}

/// The tokens without quotation marks that enclose them all: a card drops those, its own marks stand for them. `None`
/// where there are none.
pub(super) fn without_outer_marks(tokens: &[Token]) -> Option<&[Token]> {
    let [first, inner @ .., last] = tokens else { return None };
    let pair = matches!(
        (first.key.as_str(), last.key.as_str()),
        (QUOTE_MARK, QUOTE_MARK) | ("「", "」") | ("『", "』") | ("«", "»")
    );
    let other =
        inner.iter().any(|t| matches!(t.key.as_str(), QUOTE_MARK | "「" | "」" | "『" | "』" | "«" | "»"));
    (pair && !other && !inner.is_empty()).then_some(inner)
}

/// Tokens joined to the words that a person sees: hanzi in a row by the dictionary, all others as they are.
pub(super) fn joined(text: &str, tokens: &[Token]) -> Vec<Token> {
    let mut words: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while i < tokens.len() {
        let unspaced = |t: &Token| t.key.chars().next().is_some_and(is_unspaced);
        let adjoin = |pair: &[Token]| unspaced(&pair[1]) && pair[0].bytes.end == pair[1].bytes.start;
        if !unspaced(&tokens[i]) {
            words.push(tokens[i].clone());
            i += 1;
            continue;
        }
        let run = 1 + tokens[i..].windows(2).take_while(|pair| adjoin(pair)).count();
        let hanzi = &tokens[i..i + run];
        let start = hanzi[0].bytes.start;
        let bounds = word_bounds(&text[start..hanzi[run - 1].bytes.end]);
        for word in hanzi.chunk_by(|_, next| !bounds.contains(&(next.bytes.start - start))) {
            words.push(Token {
                key: word.iter().map(|t| t.key.as_str()).collect(),
                bytes: word[0].bytes.start..word[word.len() - 1].bytes.end,
                is_word: true,
            });
        }
        i += run;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|t| t.key).collect()
    }

    #[test]
    fn what_a_card_repairs_changes_no_word() {
        for (source, card) in [
            ("steel foil , which is", "steel foil, which is"),
            ("the \"one seal\" practice", "the ‘one seal’ practice"),
            ("people's  and\nours", "people’s and ours"),
            ("e\u{301}tat of\u{FB01}ce of\u{AD}fice", "état ofﬁce office"),
            ("well ... yes", "well… yes"),
            ("אמר צה\"ל", "אמר צה״ל"),
            ("保护 环境", "保护环境"),
        ] {
            assert_eq!(keys(source), keys(card));
        }
        for (a, b) in [
            ("now here", "nowhere"),
            ("Water", "water"),
            ("1,000", "1, 000"),
            ("a, b", "a b"),
            ("不好", "好"),
        ] {
            assert_ne!(keys(a), keys(b));
        }
    }

    #[test]
    fn every_token_knows_its_bytes() {
        let text = "“It’s 3.5%,” 他说：水…… no. . . yes";
        let tokens = tokens(text);
        let words: Vec<&str> = tokens.iter().map(|t| &text[t.bytes.clone()]).collect();
        assert_eq!(
            words,
            ["“", "It’s", "3.5", "%", ",", "”", "他", "说", "：", "水", "……", "no", ". . .", "yes"]
        );
    }

    #[test]
    fn what_is_left_out_is_marked() {
        let runs = |text: &str| {
            let tokens = tokens(text);
            let words =
                |r: Range<usize>| tokens[r].iter().map(|t| t.key.clone()).collect::<Vec<_>>().join(" ");
            runs_between_gaps(&tokens).into_iter().map(words).collect::<Vec<_>>()
        };
        assert_eq!(runs("… one two […] three ... four."), ["one two", "three", "four ."]);
        assert_eq!(runs("one [two] three"), ["one [ two ] three"]);
        assert_eq!(runs("…"), [""; 0]);
    }

    #[test]
    fn hanzi_are_joined_to_words() {
        let text = "中国的环境 is 好";
        let words: Vec<String> = joined(text, &tokens(text)).into_iter().map(|t| t.key).collect();
        assert_eq!(words, ["中国", "的", "环境", "is", "好"]);
    }
}
