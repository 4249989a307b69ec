//! The language of a quote, which decides faces, line breaks, marks and dates; and the direction that it is read in.

use serde::{Deserialize, Serialize};

/// Languages that a card can be set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English, and whatever else is set by its rules: everything that is not Chinese.
    En,
    /// Chinese.
    Zh,
}

impl Lang {
    /// Chinese where at least a third of the letters are hanzi, else English.
    #[must_use]
    pub fn of(text: &str) -> Self {
        // No hanzi begins with a lower byte in UTF-8: most texts are told apart without looking at each letter.
        if text.bytes().all(|byte| byte < 0xE3) {
            return Self::En;
        }
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let hanzi = text.chars().filter(|&c| is_hanzi(c)).count();
        if hanzi > 0 && hanzi * 3 >= letters { Self::Zh } else { Self::En }
    }
}

/// Which way a text is read. Not a matter of [`Lang`] alone: a quote is read from the side of its first letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Direction {
    /// From left to right: Latin, Chinese. The default.
    #[default]
    LeftToRight,
    /// From right to left: Arabic, Hebrew and their kin.
    RightToLeft,
}

impl Direction {
    /// That of the first letter that has one (UAX 9, rules P2 and P3); from left to right where none has.
    #[must_use]
    pub fn of(text: &str) -> Self {
        // Nothing below the Hebrew block is read from right to left: most texts are told apart without a table.
        if text.bytes().all(|byte| byte < 0xD6) || !text.chars().any(may_be_right_to_left) {
            return Self::LeftToRight;
        }
        match unicode_bidi::get_base_direction_full(text) {
            unicode_bidi::Direction::Rtl => Self::RightToLeft,
            _ => Self::LeftToRight,
        }
    }
}

/// Whether a character is read from right to left, or asks that its neighbours be.
#[must_use]
pub(crate) fn is_right_to_left(c: char) -> bool {
    use unicode_bidi::BidiClass::{AL, AN, R, RLE, RLI, RLO};
    may_be_right_to_left(c) && matches!(unicode_bidi::bidi_class(c), R | AL | AN | RLE | RLO | RLI)
}

/// A Hebrew letter.
pub(crate) fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{5D0}'..='\u{5F2}' | '\u{FB1D}'..='\u{FB4F}')
}

/// A cheap no for everything but the blocks that have such characters, and the controls.
fn may_be_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{200F}' | '\u{202B}' | '\u{202E}' | '\u{2067}' | '\u{FB1D}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFE}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// A Chinese character (unified ideographs, extensions, 〇).
#[must_use]
pub fn is_hanzi(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3134F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_chinese_from_latin() {
        assert_eq!(Lang::of("科技创新引领前路。"), Lang::Zh);
        assert_eq!(Lang::of("PM2.5年均浓度"), Lang::Zh);
        assert_eq!(Lang::of("The Fenhe River (汾河)"), Lang::En);
        assert_eq!(Lang::of("…"), Lang::En);
    }

    #[test]
    fn a_text_is_read_from_the_side_of_its_first_letter() {
        for (text, direction) in [
            ("Water is work.", Direction::LeftToRight),
            ("水", Direction::LeftToRight),
            ("الماء حياة", Direction::RightToLeft),
            ("המים הם חיים", Direction::RightToLeft),
            ("«2035» سنة", Direction::RightToLeft),
            ("PM2.5 في الهواء", Direction::LeftToRight),
            ("He said سلام", Direction::LeftToRight),
            ("2035!", Direction::LeftToRight),
            ("", Direction::LeftToRight),
        ] {
            assert_eq!(Direction::of(text), direction, "{text}");
        }
    }
}
