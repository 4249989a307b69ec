//! Alt text: what a card says, for whoever hears it instead of seeing it.
//!
//! ```text
//! Lu Zhiheng, Governor of Yunze province: “Clean air is …” YIO press conference, April 16, 2031.
//! 陆志恒（云泽省省长）：“……”云泽新闻发布会，2031年4月16日。
//! ```
//!
//! The words are those on the card, in the phrasing of the quote's language; words of another language than Chinese
//! stand in English phrasing. Platforms cut what is too long without a mark, so that is done here: the quote ends at a
//! sentence or a word, with an ellipsis; who said it and when stays.

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::date::When;
use crate::lang::{Direction, Lang};
use crate::layout::prepare::{self, Marks};
use crate::select::{sentences, word_bounds};

/// What a platform takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform {
    /// What `--alt-limit` takes.
    pub name: &'static str,
    /// The most characters.
    pub limit: usize,
}

/// What platforms take (November 2026), the shortest first; X counts UTF-16 units, the others characters.
pub const PLATFORMS: [Platform; 6] = [
    Platform { name: "tiktok", limit: 300 },
    Platform { name: "pinterest", limit: 500 },
    Platform { name: "x", limit: 1000 },
    Platform { name: "linkedin", limit: 1000 },
    Platform { name: "mastodon", limit: 1500 },
    Platform { name: "bluesky", limit: 2000 },
];

/// The most characters where nobody says: what X and LinkedIn take. Counted in UTF-16 units, which are never fewer than
/// characters.
pub const LIMIT: usize = 1000;

/// The shortest limit: in less an attribution has no room.
pub const SHORTEST: usize = 100;

/// The file of a card's alt text, beside its PNG.
#[must_use]
pub fn file_name(png: &str) -> String {
    format!("{}.txt", png.strip_suffix(".png").unwrap_or(png))
}

/// What is said on a card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said<'a> {
    /// The quote.
    pub text: &'a str,
    /// Who said it.
    pub speaker: &'a str,
    /// The role, in full.
    pub role: Option<&'a str>,
    /// The event's short name.
    pub event: Option<&'a str>,
    /// When.
    pub date: Option<&'a When>,
    /// The quote's language.
    pub lang: Lang,
    /// Which of how many cards that the quote runs over.
    pub part: Option<(usize, usize)>,
}

impl Said<'_> {
    /// The alt text, of at most `limit` UTF-16 units. Where the role and the event leave the quote less than half of
    /// that, they are left out.
    ///
    /// `full`: [`Self::full`], which most cards need no shorter.
    #[must_use]
    pub fn alt(&self, full: &str, limit: usize) -> String {
        let limit = limit.max(SHORTEST);
        // A character has no more UTF-16 units than bytes.
        if full.len() <= limit || units(full) <= limit {
            return full.to_owned();
        }
        let quote = self.quote();
        let full = [true, false].into_iter().find(|&full| units(&self.around(full, "")) * 2 <= limit);
        let room = limit.saturating_sub(units(&self.around(full.unwrap_or(false), "")));
        let text = self.around(full.unwrap_or(false), &shortened(&quote, room, self.lang));
        cut(&text, limit)
    }

    /// All of it, however long.
    #[must_use]
    pub fn full(&self) -> String {
        self.around(true, &self.quote())
    }

    /// The words as the card sets them.
    fn quote(&self) -> String {
        let direction = Direction::of(self.text);
        prepare::quote(self.text, Marks::of(self.text, direction)).into_iter().map(|s| s.c).collect()
    }

    /// The phrase round a quote; `full`: with role and event.
    fn around(&self, full: bool, quote: &str) -> String {
        let Marks { opening, closing } = Marks::of(self.text, Direction::of(self.text));
        let role = self.role.filter(|_| full);
        let date = self.date.map(|date| date.on_card(self.lang, Direction::of(self.text)));
        let where_and_when: Vec<&str> =
            self.event.filter(|_| full).into_iter().chain(date.as_deref()).collect();
        let mut out = String::with_capacity(quote.len() + 160);
        out.push_str(self.speaker);
        match self.lang {
            Lang::Zh => {
                if let Some(role) = role {
                    let _ = write!(out, "（{role}）");
                }
                let _ = write!(out, "：{opening}{quote}{closing}");
                out.push_str(&where_and_when.join("，"));
                if !where_and_when.is_empty() {
                    out.push('。');
                }
                if let Some((number, of)) = self.part {
                    let _ = write!(out, "（第{number}张，共{of}张）");
                }
            }
            Lang::En => {
                if let Some(role) = role {
                    let _ = write!(out, ", {role}");
                }
                let _ = write!(out, ": {opening}{quote}{closing}");
                if !where_and_when.is_empty() {
                    let _ = write!(out, " {}.", where_and_when.join(", "));
                }
                if let Some((number, of)) = self.part {
                    let _ = write!(out, " (Card {number} of {of}.)");
                }
            }
        }
        // Line ends and controls are nothing to be heard.
        out.retain(|c| !c.is_control());
        out
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A quote in so much room: up to the last sentence that ends in the latter half of it, else up to a word; with a mark.
fn shortened(quote: &str, room: usize, lang: Lang) -> String {
    let mark = match lang {
        Lang::Zh => "……",
        Lang::En => " …",
    };
    let fits = |end: usize| units(&quote[..end]) + units(mark) <= room;
    let sentence = sentences(quote).into_iter().map(|s| s.end).rev().find(|&end| fits(end));
    let end = sentence
        .filter(|&end| units(&quote[..end]) * 2 >= room)
        .or_else(|| word_bounds(quote).into_iter().rev().find(|&end| fits(end)));
    match quote[..end.unwrap_or(0)].trim_end() {
        "" => String::new(),
        kept => format!("{kept}{mark}"),
    }
}

/// The last resort: between two characters that a reader sees.
fn cut(text: &str, limit: usize) -> String {
    if units(text) <= limit {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut room = limit - 1;
    for grapheme in text.graphemes(true) {
        let Some(rest) = room.checked_sub(units(grapheme)) else { break };
        room = rest;
        kept.push_str(grapheme);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Said<'_> {
        fn short(&self, limit: usize) -> String {
            self.alt(&self.full(), limit)
        }
    }

    fn day() -> When {
        When::from("2031-04-16".to_owned())
    }

    fn said<'a>(text: &'a str, date: &'a When) -> Said<'a> {
        Said {
            text,
            speaker: "Lu Zhiheng",
            role: Some("governor of Yunze"),
            event: Some("YIO press conference"),
            date: Some(date),
            lang: Lang::of(text),
            part: None,
        }
    }

    #[test]
    fn says_what_the_card_says() {
        let day = day();
        assert_eq!(
            said("The \"one seal\" practice is the people's.", &day).short(LIMIT),
            "Lu Zhiheng, governor of Yunze: “The ‘one seal’ practice is the people’s.” YIO press conference, April 16, 2031."
        );
        let zh =
            Said {
                speaker: "陆志恒", role: Some("省长"), event: Some("发布会"), ..said("水是生命。", &day)
            };
        assert_eq!(zh.short(LIMIT), "陆志恒（省长）：“水是生命。”发布会，2031年4月16日。");
        let bare = Said { role: None, event: None, date: None, part: Some((2, 3)), ..said("Water.", &day) };
        assert_eq!(bare.short(LIMIT), "Lu Zhiheng: “Water.” (Card 2 of 3.)");
        assert_eq!(
            said("الماء حياة", &day).short(LIMIT),
            "Lu Zhiheng, governor of Yunze: ”الماء حياة“ YIO press conference, \u{2066}2031-04-16\u{2069}."
        );
    }

    #[test]
    fn too_long_a_quote_ends_at_a_sentence_or_a_word_with_a_mark() {
        let day = day();
        let two = "Water is life and work. The end of it.";
        let long = format!(
            "{}{}",
            "Rivers run to the sea. ".repeat(6),
            "And then there is a sentence that goes on and on."
        );
        let alt = said(&long, &day).short(240);
        assert!(alt.contains("to the sea. …” YIO press conference, April 16, 2031."), "{alt}");
        let word = "river ".repeat(100);
        let alt = said(word.trim(), &day).short(200);
        assert!(alt.contains("river river …” YIO"), "{alt}");
        assert!(units(&alt) <= 200 && units(&alt) > 190, "{alt}");
        let zh = "我们保护环境，也保护水源。".repeat(40);
        let alt = said(&zh, &day).short(300);
        assert!(alt.contains("水源。……”") && units(&alt) <= 300, "{alt}");
        assert!(said(two, &day).short(300).contains("The end of it.”"));
    }

    #[test]
    fn every_limit_is_kept() {
        let day = day();
        let role = "minister of many things ".repeat(40);
        for text in
            ["Water.".to_owned(), "水".repeat(3000), "🙂".repeat(900), "word ".repeat(900).trim().to_owned()]
        {
            for limit in PLATFORMS.map(|p| p.limit).into_iter().chain([SHORTEST]) {
                let alt = Said { role: Some(&role), ..said(&text, &day) }.short(limit);
                assert!(units(&alt) <= limit && alt.starts_with("Lu Zhiheng"), "{limit}: {alt}");
            }
        }
        let name = "N".repeat(5000);
        assert_eq!(units(&Said { speaker: &name, ..said("Water.", &day) }.short(300)), 300);
    }
}
