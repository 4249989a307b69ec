//! Which words a keyword meets.
//!
//! Text and keyword are cut into the same atoms, which are compared folded (case, accents, width) and, where they
//! are plain words, by their English stem:
//!
//! ```text
//! over 80% of Shanxi’s high-quality A4-sized PM2.5 sensors
//! ──── ──┬ ── ────── ┬ ──── ─────── ── ───── ───── ───────
//!        % sign      the possessive ’s is no part of the word
//! ```
//!
//! So `quality` and `high-quality` both meet "high-quality", `80` and `80%` both meet "80%", `sensor` meets "sensors".
//! Hanzi and kana, which have no blanks to cut at, are matched [by words too](hanzi).

mod atom;
mod hanzi;
mod term;

use std::ops::Range;

use regex::Regex;
use term::{Term, terms};

pub(crate) use hanzi::word_bounds;

use super::SelectError;

/// Keywords, compiled once for any number of texts.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    keywords: Vec<Keyword>,
    /// None of these may be in the text.
    excluded: Vec<Term>,
    all: bool,
}

/// One `--keyword`: all of its terms must be in the text. A new kind of condition is a new kind of term.
#[derive(Debug, Clone)]
struct Keyword {
    terms: Vec<Term>,
}

impl Matcher {
    /// Compiles keywords and regular expressions; with `all`, every one of them must be met, else any.
    ///
    /// A keyword of several words is a phrase: its words stand next to each other, in this order. Double quotes
    /// inside it part it into phrases that may stand anywhere: `"green development" river` asks for both. A star
    /// after a word takes every word that begins so: `develop*`. A hyphen before a word or phrase shuts out every
    /// text that has it, whatever the other keywords: `river -flood`, `-"flood plain"`.
    ///
    /// A regular expression is matched against the words as they stand: `(?i)` ignores case.
    ///
    /// # Errors
    ///
    /// [`SelectError::EmptyKeyword`] for a keyword without a letter, digit or sign; [`SelectError::BadRegex`].
    pub fn new(keywords: &[String], patterns: &[String], all: bool) -> Result<Self, SelectError> {
        let mut matcher = Self { all, ..Self::default() };
        for asked in keywords {
            let (wanted, excluded) = terms(asked);
            if wanted.is_empty() && excluded.is_empty() {
                return Err(SelectError::EmptyKeyword { asked: asked.clone() });
            }
            matcher.excluded.extend(excluded);
            if !wanted.is_empty() {
                matcher.keywords.push(Keyword { terms: wanted });
            }
        }
        for asked in patterns {
            let wrong = |error: regex::Error| SelectError::bad_regex(asked, &error);
            let pattern = Regex::new(asked).map_err(wrong)?;
            matcher.keywords.push(Keyword { terms: vec![Term::Pattern(pattern)] });
        }
        Ok(matcher)
    }

    /// There are no keywords: every text meets them, unless it has what is shut out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keywords.is_empty()
    }

    /// Whether the text meets the keywords, and where: byte ranges in order, none overlapping, empty if there are no
    /// keywords. `None` where it does not meet them, or has what is shut out.
    ///
    /// A phrase is one range, from its first word to its last. A keyword of which only some terms are there marks
    /// nothing.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let mut ranges = Vec::new();
        let mut met = 0;
        let mut atoms = None;
        for keyword in &self.keywords {
            let before = ranges.len();
            let complete = keyword.terms.iter().all(|term| term.find(text, &mut atoms, &mut ranges));
            if complete {
                met += 1;
            } else {
                ranges.truncate(before);
            }
        }
        let enough = if self.all { self.keywords.len() } else { usize::from(!self.keywords.is_empty()) };
        let mut shut_out = || self.excluded.iter().any(|term| term.find(text, &mut atoms, &mut Vec::new()));
        (met >= enough && !shut_out()).then(|| merge(ranges))
    }
}

/// Sorts, and joins what overlaps.
fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, last| {
        let overlap = next.start < last.end;
        if overlap {
            last.end = last.end.max(next.end);
        }
        overlap
    });
    ranges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matcher(keywords: &[&str], all: bool) -> Matcher {
        let keywords: Vec<_> = keywords.iter().map(|&k| k.to_owned()).collect();
        Matcher::new(&keywords, &[], all).unwrap()
    }

    /// The matched words, `None` if the text does not meet the keyword.
    fn found<'t>(keyword: &str, text: &'t str) -> Option<Vec<&'t str>> {
        let ranges = matcher(&[keyword], false).find(text)?;
        Some(ranges.into_iter().map(|range| &text[range]).collect())
    }

    #[test]
    fn keywords_meet_words() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("energy", "Energy security and new-type energy systems.", &["Energy", "energy"]),
            ("system", "Two systems, one System’s end.", &["systems", "System"]),
            ("reform", "We reformed; reforms are reforming us.", &["reformed", "reforms", "reforming"]),
            ("resident", "Urban and rural residents' income.", &["residents"]),
            ("Shanxi", "Shanxi's and Shanxi’s, SHANXI", &["Shanxi", "Shanxi", "SHANXI"]),
            ("shanxi's", "In Shanxi.", &["Shanxi"]),
            ("don't", "We don’t know.", &["don’t"]),
            ("PM2.5", "The concentration of PM2.5 fell.", &["PM2.5"]),
            ("pm2.5", "PM2.5。", &["PM2.5"]),
            ("A4", "Regular A4-sized paper.", &["A4"]),
            ("80%", "Each year, over 80% of it.", &["80%"]),
            ("80", "Each year, over 80% of it.", &["80"]),
            ("1,000", "Some 1,000 people.", &["1,000"]),
            ("37", "To 37 micrograms.", &["37"]),
            ("quality", "A high-quality life.", &["quality"]),
            ("high-quality", "A high-quality life of high quality.", &["high-quality", "high quality"]),
            ("high quality", "A high-quality life.", &["high-quality"]),
            ("green development", "Pursuing green development.", &["green development"]),
            (
                "green developments",
                "Green development, green\u{a0}development",
                &["Green development", "green\u{a0}development"],
            ),
            ("\"green development\"", "Green development.", &["Green development"]),
            (
                "\"green development\" river",
                "Rivers need green development.",
                &["Rivers", "green development"],
            ),
            ("Jose", "José and Jose\u{301} came.", &["José", "Jose\u{301}"]),
            ("José", "JOSE came.", &["JOSE"]),
            ("U.S.", "The U.S. and U.S.-led forces help us.", &["U.S", "U.S"]),
            ("R&D", "Spending on R&D rose.", &["R&D"]),
            ("$5", "It is $5.", &["$5"]),
            ("绿色发展", "坚持绿色发展，绿色发展。", &["绿色发展", "绿色发展"]),
            ("绿色 发展", "坚持绿色发展。", &["绿色发展"]),
            ("PM2.5年均", "山西PM2.5年均浓度", &["PM2.5年均"]),
            ("pm2.5", "山西PM2.5年均浓度", &["PM2.5"]),
            ("ＰＭ２．５", "山西PM2.5年均浓度", &["PM2.5"]),
            ("哈哈", "哈哈哈哈", &["哈哈", "哈哈"]),
            ("scio.gov.cn", "See scio.gov.cn now.", &["scio.gov.cn"]),
            ("die", "They were dying.", &["dying"]),
            ("%", "Over 80% of it.", &["%"]),
            ("end", "“The end—”", &["end"]),
            ("Élan", "With elan.", &["elan"]),
            ("elan", "With ÉLAN.", &["ÉLAN"]),
            ("and/or", "This and/or that.", &["and/or"]),
        ];
        for (keyword, text, expected) in cases {
            assert_eq!(found(keyword, text).as_deref(), Some(*expected), "{keyword} in {text}");
        }
    }

    #[test]
    fn prefixes_exclusions_and_scripts() {
        let cases: &[(&str, &str, Option<&[&str]>)] = &[
            (
                "develop*",
                "Developers develop a development.",
                Some(&["Developers", "develop", "development"]),
            ),
            ("develop*", "We redevelop.", None),
            ("green develop*", "Green developers and green fields.", Some(&["Green developers"])),
            ("PM*", "PM2.5 and PM10 at 5 p.m.", Some(&["PM2.5", "PM10"])),
            ("river -flood", "The river rose.", Some(&["river"])),
            ("river -flood", "The river floods.", None),
            ("river -\"flood plain\"", "The river flooded.", Some(&["river"])),
            ("river -\"flood plain\"", "The river's flood plain.", None),
            ("-flood river dam", "A river dam.", Some(&["river dam"])),
            ("-flood", "A river.", Some(&[])),
            ("-flood*", "A flooding river.", None),
            ("high-quality", "High-quality -quality", Some(&["High-quality"])),
            ("电池", "锂电池产业。", Some(&["电池"])),
            ("电池", "鋰電池產業。", Some(&["電池"])),
            ("電池 產業", "锂电池产业。", Some(&["电池产业"])),
            ("中国", "中国是发展中国家。", Some(&["中国"])),
            ("中国", "广大发展中国家。", None),
            ("人大", "人大代表来了。", Some(&["人大"])),
            ("研究生", "研究生命起源。", None),
            ("生命", "研究生命起源。", Some(&["生命"])),
            ("绿", "绿色发展。", None),
            ("绿*", "绿色发展，绿化荒山。", Some(&["绿", "绿"])),
            ("温若兰", "溫若蘭州長說。", Some(&["溫若蘭"])),
            ("台独 -统一", "“台独”是一条走不通的死路。", Some(&["台独"])),
            ("台独 -死路", "“台独”是一条走不通的死路。", None),
            ("ＧＤＰ", "GDP增长5%。", Some(&["GDP"])),
        ];
        for (keyword, text, expected) in cases {
            assert_eq!(found(keyword, text).as_deref(), *expected, "{keyword} in {text}");
        }
    }

    #[test]
    fn regular_expressions() {
        let matcher = |pattern: &str| Matcher::new(&["river".to_owned()], &[pattern.to_owned()], false);
        let text = "In 2031 a River cost $5.";
        assert_eq!(matcher(r"\b\d{4}\b|\$\d").unwrap().find(text), Some(vec![3..7, 10..15, 21..23]));
        assert_eq!(matcher(r"x*").unwrap().find("No."), None);
        let told = matcher("(").unwrap_err().diagnostic();
        assert_eq!(told.message, "`(` is no regular expression: unclosed group");
    }

    #[test]
    fn keywords_miss_other_words() {
        for (keyword, text) in [
            ("energy", "Energetic people."),
            ("new", "The news."),
            ("art", "The start of a party."),
            ("PM2.5", "PM10 and 2.5 and PM."),
            ("2.5", "PM2.5 fell."),
            ("80%", "80 people, 80.5%."),
            ("green development", "Development that is green; green, development. Green. Development."),
            ("\"green development\" river", "Green development."),
            ("U.S.", "It helps us."),
            ("development green", "Green development."),
            ("绿色发展", "绿色的发展"),
        ] {
            assert_eq!(found(keyword, text), None, "{keyword} in {text}");
        }
    }

    #[test]
    fn any_or_all_and_one_range_where_they_overlap() {
        let text = "Green development of the energy system.";
        let words = |m: &Matcher| m.find(text).map(|r| r.into_iter().map(|r| &text[r]).collect::<Vec<_>>());
        let keywords = ["development", "green development", "coal"];
        assert_eq!(words(&matcher(&keywords, false)), Some(vec!["Green development"]));
        assert_eq!(words(&matcher(&keywords, true)), None);
        assert_eq!(words(&matcher(&keywords[..2], true)), Some(vec!["Green development"]));
        assert_eq!(words(&matcher(&[], true)), Some(vec![]));
    }

    #[test]
    fn a_keyword_needs_a_word() {
        for asked in ["", "  ", "—", "\"\"", "。"] {
            let error = Matcher::new(&[asked.to_owned()], &[], false).unwrap_err();
            assert_eq!(error, SelectError::EmptyKeyword { asked: asked.to_owned() });
        }
    }

    proptest! {
        #[test]
        fn ranges_are_ordered_and_on_character_boundaries(
            keyword in "[a-c绿É'.2-]{1,4}( [a-c])?", text in "[a-cA-C绿色É’'.,2\u{301} -]{0,60}"
        ) {
            if let Ok(matcher) = Matcher::new(&[keyword], &[], false) {
                let mut end = 0;
                for range in matcher.find(&text).unwrap_or_default() {
                    prop_assert!(range.start >= end && range.start < range.end);
                    prop_assert!(text.get(range.clone()).is_some());
                    end = range.end;
                }
            }
        }

        #[test]
        fn a_word_of_the_text_is_found(text in "[a-z]{1,9}( [a-z]{1,9}){0,5}", at in 0_usize..6) {
            let words: Vec<_> = text.split(' ').collect();
            let word = words[at % words.len()];
            prop_assert!(found(word, &text).unwrap().contains(&word));
        }
    }
}
