//! The language of a quote: it decides faces, line breaks, marks and dates.

use serde::{Deserialize, Serialize};

/// Languages that a card can be set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English, and whatever else is written in Latin letters.
    En,
    /// Chinese.
    Zh,
}

impl Lang {
    /// Chinese where at least a third of the letters are hanzi, else English.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let hanzi = text.chars().filter(|&c| is_hanzi(c)).count();
        if hanzi > 0 && hanzi * 3 >= letters { Self::Zh } else { Self::En }
    }
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
}
