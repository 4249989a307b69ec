//! Letters as a search sees them: case, accents, width, Traditional or Simplified script and the shape of an
//! apostrophe do not count.

use std::borrow::Cow;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// A mark that sits on a letter.
///
/// Only the diacritics' own blocks: in other scripts (Devanagari, kana) a combining mark tells words apart.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// Straight, curly, modifier and full-width apostrophes.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{2BC}' | '\u{FF07}')
}

/// A character of a script that writes no blanks between words: hanzi and kana.
pub(crate) fn is_unspaced(c: char) -> bool {
    crate::lang::is_hanzi(c) || matches!(c, '\u{3005}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}')
}

/// The block that nearly all hanzi of running text stand in.
const HANZI: std::ops::RangeInclusive<char> = '\u{4E00}'..='\u{9FFF}';

/// For each character of [`HANZI`], what it is in Simplified script.
static SIMPLIFIED: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut table: Vec<char> = HANZI.collect();
    let lines = include_str!("simplified.txt").lines().filter(|line| !line.starts_with('#'));
    for pair in lines.flat_map(str::split_whitespace) {
        let mut pair = pair.chars();
        if let (Some(traditional), Some(simplified)) = (pair.next(), pair.next())
            && let Some(entry) = table.get_mut(place(traditional))
        {
            *entry = simplified;
        }
    }
    table
});

fn place(c: char) -> usize {
    (u32::from(c) - u32::from(*HANZI.start())) as usize
}

/// The character in Simplified script; others as they are. Some characters share one simplified form (發 and 髮 are
/// 发), so a search may find a little more than was meant, and never less.
pub(super) fn simplified(c: char) -> char {
    if HANZI.contains(&c) { SIMPLIFIED[place(c)] } else { c }
}

/// The text in Simplified script, every byte in its place.
pub(super) fn in_simplified(text: &str) -> Cow<'_, str> {
    let traditional = |c: char| HANZI.contains(&c) && simplified(c) != c;
    if text.is_ascii() || !text.chars().any(traditional) {
        return Cow::Borrowed(text);
    }
    // The few whose other form has more bytes stay as they are.
    let same_place =
        |c: char| Some(simplified(c)).filter(|other| other.len_utf8() == c.len_utf8()).unwrap_or(c);
    Cow::Owned(text.chars().map(same_place).collect())
}

/// Appends the folded text to `out`: NFKD without diacritics, lower case, Simplified hanzi, straight apostrophes.
pub(super) fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        // Nearly every word of an English transcript takes this way; it saves the decomposition tables.
        out.extend(text.bytes().map(|b| char::from(b.to_ascii_lowercase())));
        return;
    }
    for c in text.nfkd().filter(|&c| !is_mark(c)) {
        match c {
            c if is_apostrophe(c) => out.push('\''),
            // Letters that Unicode does not decompose, but that a foreign keyboard writes without their stroke.
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
            'ı' => out.push('i'),
            'ß' | 'ẞ' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'þ' | 'Þ' => out.push_str("th"),
            c if HANZI.contains(&c) => out.push(simplified(c)),
            // İ folds to a dotted i; its dot is a diacritic again.
            c => out.extend(c.to_lowercase().filter(|&c| !is_mark(c))),
        }
    }
}

/// The folded text.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_accents_width_and_apostrophes() {
        for (text, folded) in [
            ("José", "jose"),
            ("Jose\u{301}", "jose"),
            ("ŁÓDŹ", "lodz"),
            ("Straße", "strasse"),
            ("people’s", "people's"),
            ("ＰＭ２．５", "pm2.5"),
            ("８０％", "80%"),
            ("金湘军", "金湘军"),
            ("İstanbul", "istanbul"),
            ("溫若蘭說臺灣的電池", "温若兰说台湾的电池"),
            ("Müller-Lüdenscheidt", "muller-ludenscheidt"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn in_simplified_keeps_places() {
        assert_eq!(in_simplified("溫若蘭 said 不"), "温若兰 said 不");
        assert!(matches!(in_simplified("温若兰 said é"), Cow::Borrowed(_)));
        assert!(HANZI.clone().all(|c| in_simplified(&c.to_string()).len() == c.len_utf8()));
    }

    #[test]
    fn keeps_the_marks_that_tell_words_apart() {
        assert_ne!(fold("か"), fold("が"));
        assert_ne!(fold("कि"), fold("की"));
    }
}
