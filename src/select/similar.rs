//! Whether two quotes are one, said twice.
//!
//! The same words count as one whatever their case, marks and blanks. So do nearly the same words, unless they differ
//! in what changes the meaning: a number, or a word that denies.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::fold::{fold, is_unspaced};

/// What is compared of a quote. It tells more by being small than the words would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Print {
    /// Speaker and words in order.
    exact: u64,
    /// Speaker, numbers and denials.
    firm: u64,
    /// The different words, sorted.
    words: Box<[u32]>,
}

/// From here on (in percent) of their words in common two quotes are nearly the same.
const NEARLY: usize = 80;

/// Fewer words are too few to be nearly the same.
const FEWEST: usize = 6;

impl Print {
    pub fn new(speaker: &str, text: &str) -> Self {
        let (speaker, text) = (fold(speaker), fold(text));
        let (mut exact, mut firm) = (DefaultHasher::new(), DefaultHasher::new());
        speaker.hash(&mut exact);
        speaker.hash(&mut firm);
        let mut words = Vec::new();
        for word in tokens(&text) {
            word.hash(&mut exact);
            if is_firm(word) {
                word.hash(&mut firm);
            }
            let mut one = DefaultHasher::new();
            word.hash(&mut one);
            words.push(one.finish() as u32);
        }
        words.sort_unstable();
        words.dedup();
        Self { exact: exact.finish(), firm: firm.finish(), words: words.into_boxed_slice() }
    }

    fn is_nearly(&self, other: &Self) -> bool {
        let fewest = self.words.len().min(other.words.len());
        if self.firm != other.firm || fewest < FEWEST {
            return false;
        }
        let common = self.words.iter().filter(|w| other.words.binary_search(w).is_ok()).count();
        common * 100 >= (self.words.len() + other.words.len() - common) * NEARLY
    }

    /// Two quotes that are nearly the same have at least one of these in common, but for one pair in five hundred:
    /// the least of their words in four different orders.
    fn bands(&self) -> impl Iterator<Item = u64> {
        const ORDERS: [u32; 4] = [0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D, 0x27D4_EB2F];
        ORDERS.into_iter().enumerate().filter_map(|(i, order)| {
            let least = self.words.iter().map(|w| (w ^ order).wrapping_mul(order | 1)).min()?;
            Some((i as u64) << 32 | u64::from(least))
        })
    }
}

/// Words of letters and digits; hanzi one by one.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).flat_map(|word| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let end = if is_unspaced(first) {
                first.len_utf8()
            } else {
                rest.find(is_unspaced).unwrap_or(rest.len())
            };
            let (token, tail) = rest.split_at(end);
            rest = tail;
            Some(token)
        })
    })
}

/// Words that make another statement of the same sentence.
fn is_firm(word: &str) -> bool {
    word.starts_with(|c: char| c.is_numeric())
        || matches!(
            word,
            "not"
                | "no"
                | "never"
                | "t"
                | "without"
                | "unless"
                | "nor"
                | "none"
                | "nobody"
                | "nothing"
                | "neither"
                | "cannot"
                | "more"
                | "less"
                | "before"
                | "after"
                | "up"
                | "down"
                | "rose"
                | "fell"
                | "won"
                | "不"
                | "没"
                | "无"
                | "未"
                | "非"
                | "别"
                | "勿"
                | "多"
                | "少"
                | "升"
                | "降"
                | "一"
                | "二"
                | "三"
                | "四"
                | "五"
                | "六"
                | "七"
                | "八"
                | "九"
                | "十"
                | "百"
                | "千"
                | "万"
                | "亿"
                | "one"
                | "two"
                | "three"
                | "four"
                | "five"
                | "six"
                | "seven"
                | "eight"
                | "nine"
                | "ten"
                | "first"
                | "second"
        )
}

/// Quotes by their prints.
#[derive(Debug, Default)]
pub(super) struct Prints {
    exact: HashMap<u64, Option<usize>>,
    bands: HashMap<u64, Vec<usize>>,
}

/// Whether a quote was met before.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// Never.
    New,
    /// As the quote of that number.
    As(usize),
    /// As one that has been [forgotten](Prints::forget).
    Forgotten,
}

impl Prints {
    /// Whether a quote like this was met; `print_of` gives the print of a number that was [added](Self::add).
    pub fn find<'p>(&self, print: &Print, print_of: impl Fn(usize) -> Option<&'p Print>) -> Met {
        match self.exact.get(&print.exact) {
            Some(Some(number)) => return Met::As(*number),
            Some(None) => return Met::Forgotten,
            None => {}
        }
        let nearly = print.bands().filter_map(|band| self.bands.get(&band)).flatten();
        let first = nearly
            .copied()
            .filter(|&number| print_of(number).is_some_and(|other| other.is_nearly(print)))
            .min();
        first.map_or(Met::New, Met::As)
    }

    /// The quote of this number has this print.
    pub fn add(&mut self, print: &Print, number: usize) {
        self.exact.insert(print.exact, Some(number));
        for band in print.bands() {
            let numbers = self.bands.entry(band).or_default();
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        }
    }

    /// Keeps only that the words were met; numbers begin anew.
    pub fn forget(&mut self) {
        self.exact.values_mut().for_each(|number| *number = None);
        self.bands.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let (a, b) = (Print::new("Lu", a), Print::new("Lu", b));
        let mut prints = Prints::default();
        prints.add(&a, 0);
        prints.find(&b, |_| Some(&a)) == Met::As(0)
    }

    #[test]
    fn marks_case_and_a_word_do_not_count() {
        assert!(same("The river is clean.", "the river is clean!"));
        assert!(same(
            "We have cleaned the whole of the river Lin for you.",
            "We have now cleaned the whole of the river Lin for you."
        ));
        assert!(same("我们把临河的水全部治理干净了。", "我們把臨河的水全部治理乾淨了。"));
    }

    #[test]
    fn numbers_and_denials_do() {
        assert!(!same(
            "We have cleaned 40 of the lakes and rivers here.",
            "We have cleaned 50 of the lakes and rivers here."
        ));
        assert!(!same(
            "We will sell the lakes and the rivers of this province.",
            "We will not sell the lakes and the rivers of this province."
        ));
        assert!(!same("我们会把临河的水全部治理干净。", "我们不会把临河的水全部治理干净。"));
        assert!(!same("Trees matter here.", "Trees matter there."));
        let (a, b) = (Print::new("Lu", "Trees."), Print::new("Wen", "Trees."));
        assert_ne!(a.exact, b.exact);
    }

    #[test]
    fn what_is_forgotten_is_still_known_word_for_word() {
        let print = Print::new("Lu", "The river is clean again after years.");
        let mut prints = Prints::default();
        prints.add(&print, 3);
        prints.forget();
        assert_eq!(prints.find(&print, |_| unreachable!()), Met::Forgotten);
        assert_eq!(prints.find(&Print::new("Lu", "Other."), |_| unreachable!()), Met::New);
    }
}
