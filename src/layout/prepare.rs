//! The one place that says how a card may differ from its source to the letter.
//!
//! Data keep the source's words byte for byte. On the card, and only there:
//!
//! 1. a blank that extraction left before `, . ; : ! ? % ) ] ”` (and Arabic `، ؛ ؟`) is closed (`foil , which`; not before an ellipsis
//!    or a figure such as ` .5`);
//! 2. straight quotes and apostrophes are curled;
//! 3. inside the card's own marks “ ”, double quotes become ‘ ’; a pair that encloses the whole text is dropped,
//!    the card's own marks stand for it;
//! 4. characters are composed (NFC), default-ignorable ones draw nothing, ligature characters are set as letters;
//! 5. in Hebrew, straight quotes inside a word are the marks of abbreviation ׳ and ״ that they stand for.
//!
//! What draws nothing but decides how its neighbours are set (a joiner in an emoji or between Arabic letters, the
//! controls of direction) is kept where it can matter.
//!
//! Every character keeps the bytes of the source that it stands for, so that a layout can be held against it.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::lang::{Direction, is_hebrew, is_right_to_left};

/// How a character is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// As the role of type says.
    Body,
    /// Emphasised.
    Keyword,
    /// The card's own quote marks.
    Mark,
}

/// A character to set.
#[derive(Debug, Clone, PartialEq)]
pub struct SetChar {
    /// What is drawn.
    pub c: char,
    /// The source bytes that it stands for.
    pub bytes: Range<usize>,
    /// How it looks.
    pub style: Style,
}

/// Draws nothing, but joins or parts its neighbours, chooses an emoji's face, or steers direction.
pub fn is_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        | '\u{FE0E}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}')
}

/// Each character is set by itself: Latin, Chinese, and the marks of both. No joiner or selector matters beside it.
pub fn is_plain(c: char) -> bool {
    matches!(c, '\0'..='\u{2FF}' | '\u{370}'..='\u{482}' | '\u{48A}'..='\u{52F}' | '\u{1E00}'..='\u{200B}' | '\u{2010}'..='\u{2029}'
        | '\u{202F}'..='\u{205F}' | '\u{2070}'..='\u{209C}' | '\u{20A0}'..='\u{20C0}' | '\u{2100}'..='\u{2121}' | '\u{3000}'..='\u{3029}'
        | '\u{3030}'..='\u{3098}' | '\u{309B}'..='\u{3296}' | '\u{329A}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3134F}')
}

/// Draws nothing and takes no room (Unicode's `Default_Ignorable_Code_Point`, as far as text has them).
pub fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The letters of a ligature character.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        _ => return None,
    })
}

/// None before it combines: to look that up for each letter of Latin takes longer than all else here.
const FIRST_MARK: char = '\u{300}';

/// Composes, drops what draws nothing, spells ligature characters out; no typographic repair.
#[must_use]
pub fn plain(text: &str) -> Vec<SetChar> {
    let mut set: Vec<SetChar> = Vec::with_capacity(text.len());
    // Beside plain characters alone a control changes nothing.
    let controls = text.chars().any(|c| c == '\u{FE0F}' || !is_plain(c) && !is_ignorable(c));
    let dropped = |c: char| is_ignorable(c) && !(controls && is_control(c));
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut end = at + c.len_utf8();
        while let Some(&(i, mark)) = chars.peek().filter(|&&(_, m)| m >= FIRST_MARK && is_combining_mark(m)) {
            end = i + mark.len_utf8();
            chars.next();
        }
        let bytes = at..end;
        if dropped(c) {
            // Its bytes go to the character before it, so that ranges still join to the whole.
            if let Some(before) = set.last_mut() {
                before.bytes.end = end;
            }
            continue;
        }
        if let Some(letters) = letters(c) {
            set.extend(letters.chars().map(|c| SetChar { c, bytes: bytes.clone(), style: Style::Body }));
        } else if c.len_utf8() == end - at {
            let c = if c.is_whitespace() && !matches!(c, '\u{A0}' | '\u{2009}' | '\u{202F}' | '\u{3000}') {
                ' '
            } else {
                c
            };
            set.push(SetChar { c, bytes, style: Style::Body });
        } else {
            let composed = text[bytes.clone()].nfc().filter(|&c| !dropped(c));
            set.extend(composed.map(|c| SetChar { c, bytes: bytes.clone(), style: Style::Body }));
        }
    }
    // What was dropped before the first character has none before it.
    if let Some(first) = set.first_mut() {
        first.bytes.start = 0;
    }
    set
}

fn opens_before(before: Option<char>, marks: Marks) -> bool {
    before.is_none_or(|c| {
        c.is_whitespace()
            || matches!(c, '(' | '[' | '—' | '–' | '（' | '《' | '「' | '/')
            || c == marks.opening
            || c == marks.single().opening
    })
}

/// A mark that no blank stands before. Where one mark both opens and closes, as in Hebrew, it may open here.
fn closed_before(next: char, marks: Marks) -> bool {
    matches!(next, ',' | '.' | ';' | ':' | '!' | '?' | '%' | ')' | ']' | '،' | '؛' | '؟')
        || (next == marks.closing && marks.opening != marks.closing)
}

/// A small text or a translation, repaired for the card.
#[must_use]
pub fn small(text: &str) -> Vec<SetChar> {
    let mut set = plain(text);
    let marks = Marks::of(text, Direction::of(text));
    curl(&mut set, marks);
    close_blanks(&mut set, marks);
    set
}

/// The quote marks of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// Before it.
    pub opening: char,
    /// After it.
    pub closing: char,
}

impl Marks {
    /// As CLDR says: “ ” where a text is read from left to right, ” “ in Arabic, ” ” in Hebrew.
    #[must_use]
    pub fn of(text: &str, direction: Direction) -> Self {
        match direction {
            Direction::LeftToRight => Self { opening: '“', closing: '”' },
            Direction::RightToLeft if text.chars().find(|&c| is_right_to_left(c)).is_some_and(is_hebrew) => {
                Self { opening: '”', closing: '”' }
            }
            Direction::RightToLeft => Self { opening: '”', closing: '“' },
        }
    }

    /// The same, single.
    fn single(self) -> Self {
        let single = |c: char| if c == '“' { '‘' } else { '’' };
        Self { opening: single(self.opening), closing: single(self.closing) }
    }
}

/// A quote, repaired for the card, which sets its own `marks` round it.
#[must_use]
pub fn quote(text: &str, marks: Marks) -> Vec<SetChar> {
    let mut set = plain(text);
    curl(&mut set, marks);
    close_blanks(&mut set, marks);
    drop_outer_pair(&mut set, marks);
    for s in &mut set {
        s.c = match s.c {
            '“' => '‘',
            '”' => '’',
            c => c,
        };
    }
    set
}

/// In capitals (a letter may become two: ß).
#[must_use]
pub fn capitals(set: &[SetChar]) -> Vec<SetChar> {
    set.iter().flat_map(|s| s.c.to_uppercase().map(|c| SetChar { c, ..s.clone() })).collect()
}

fn curl(set: &mut [SetChar], marks: Marks) {
    let single = marks.single();
    for i in 0..set.len() {
        let before = i.checked_sub(1).map(|b| set[b].c);
        let after = set.get(i + 1).map(|s| s.c);
        let hebrew = before.is_some_and(is_hebrew);
        set[i].c = match set[i].c {
            // Gershayim before the last letter of an abbreviation, geresh after a letter.
            '"' if hebrew && after.is_some_and(is_hebrew) => '״',
            '\'' if hebrew && after.is_none_or(|c| c != '\'') => '׳',
            '"' if opens_before(before, marks)
                && after.is_some_and(|c| !c.is_whitespace() && !closed_before(c, marks)) =>
            {
                marks.opening
            }
            '"' => marks.closing,
            // An apostrophe before a figure ('90s) closes; else one after a blank opens.
            '\'' if opens_before(before, marks) && after.is_some_and(char::is_alphabetic) => single.opening,
            '\'' => single.closing,
            '`' => single.opening,
            c => c,
        };
    }
}

fn close_blanks(set: &mut Vec<SetChar>, marks: Marks) {
    let mut i = 1;
    while i + 1 < set.len() {
        let (next, after) = (set[i + 1].c, set.get(i + 2).map(|s| s.c));
        let ellipsis = next == '.' && after == Some('.');
        let figure = next == '.' && after.is_some_and(|c| c.is_ascii_digit());
        if set[i].c == ' ' && closed_before(next, marks) && !ellipsis && !figure {
            // The blank's bytes go to the character before it.
            set[i - 1].bytes.end = set[i].bytes.end;
            set.remove(i);
        } else {
            i += 1;
        }
    }
}

fn drop_outer_pair(set: &mut Vec<SetChar>, marks: Marks) {
    let (Some(first), Some(last)) = (set.first(), set.last()) else { return };
    let arabic = marks.opening == '”';
    let pair = match (first.c, last.c) {
        ('“', '”') | ('「', '」') | ('『', '』') => true,
        ('«', '»') => arabic,
        pair => pair == (marks.opening, marks.closing),
    };
    let is_mark =
        |c: char| matches!(c, '“' | '”' | '「' | '」' | '『' | '』') || arabic && matches!(c, '«' | '»');
    let inner = set.iter().filter(|s| is_mark(s.c)).count();
    if pair && inner == 2 && set.len() > 2 {
        let (first, last) = (first.bytes.clone(), last.bytes.clone());
        set.pop();
        set.remove(0);
        if let Some(head) = set.first_mut() {
            head.bytes.start = first.start;
        }
        if let Some(tail) = set.last_mut() {
            tail.bytes.end = last.end;
        }
    }
}

/// Marks the characters of the given byte ranges as keywords.
pub fn emphasise(set: &mut [SetChar], ranges: &[Range<usize>]) {
    for s in set {
        if ranges.iter().any(|r| r.start <= s.bytes.start && s.bytes.start < r.end) {
            s.style = Style::Keyword;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_card(text: &str) -> String {
        let set = quote(text, Marks::of(text, Direction::of(text)));
        // Ranges join to the whole text.
        let mut at = 0;
        for s in &set {
            assert!(s.bytes.start <= at && s.bytes.end >= at, "{text}: gap at {at}");
            at = at.max(s.bytes.end);
        }
        assert_eq!(at, text.len(), "{text}");
        set.iter().map(|s| s.c).collect()
    }

    #[test]
    fn extraction_is_repaired_and_nothing_else() {
        for (source, card) in [
            ("steel foil , which is", "steel foil, which is"),
            (r#"wrapped around fingers ." Yes"#, "wrapped around fingers.’ Yes"),
            (r#"the "one seal" practice"#, "the ‘one seal’ practice"),
            (r#""New" refers to "old" things"#, "‘New’ refers to ‘old’ things"),
            ("Shanxi's people's", "Shanxi’s people’s"),
            ("in the '90s", "in the ’90s"),
            ("he said 'no' twice", "he said ‘no’ twice"),
            ("well ... yes", "well ... yes"),
            ("only .5 percent", "only .5 percent"),
            ("“We will rebuild.”", "We will rebuild."),
            (r#""We will rebuild.""#, "We will rebuild."),
            ("“We” and “they”", "‘We’ and ‘they’"),
            ("“高质量发展”系列", "‘高质量发展’系列"),
            ("e\u{301}tat of\u{AD}fice", "état office"),
            ("of\u{FB01}ce", "office"),
            ("20\u{A0}km", "20\u{A0}km"),
            // Right to left: marks of the script, guillemets round the whole, abbreviations of Hebrew.
            ("«الماء حياة»", "الماء حياة"),
            ("قال \"نعم\" ثم", "قال ’نعم‘ ثم"),
            ("\"הכול\" אמר צה\"ל", "’הכול’ אמר צה״ל"),
            ("אמר \"כן\" שוב", "אמר ’כן’ שוב"),
            ("الماء ، حياة", "الماء، حياة"),
            ("ג'ירפה", "ג׳ירפה"),
            // Joiners and selectors where they matter, else not.
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("wa\u{200D}ter", "water"),
            ("well \u{1F469}\u{200D}\u{1F680}", "well \u{1F469}\u{200D}\u{1F680}"),
            ("a\u{FE0F} b", "a\u{FE0F} b"),
            ("a\u{FE01} b", "a b"),
        ] {
            assert_eq!(on_card(source), card);
        }
    }
}
