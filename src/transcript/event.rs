//! The event's short name, for the line under a quote.

use super::Transcript;
use super::text::columns;
use crate::lang::Lang;

/// Longest short name, in columns (a hanzi counts two): what fits one line of every template.
const LONGEST: usize = 48;

impl Transcript {
    /// The event's short name, made from the title and never invented.
    ///
    /// - English: the words up to the first ` on `, ` about `, ` regarding `, `:`, ` – ` or ` — ` (in any case).
    /// - Chinese: up to and with the first `发布会` or `记者会`, else up to the first `：` or `——`.
    /// - `None` without a title, where nothing is left, or where it is longer than 48 characters (a hanzi counts
    ///   two).
    #[must_use]
    pub fn event(&self) -> Option<&str> {
        let title = self.title.as_deref()?;
        let end = if Lang::of(title) == Lang::Zh { end_zh(title) } else { end_en(title) };
        let name = title[..end].trim();
        (!name.is_empty() && columns(name) <= LONGEST).then_some(name)
    }
}

fn end_en(title: &str) -> usize {
    // ASCII lower case keeps every byte offset.
    let lower = title.to_ascii_lowercase();
    let marks = [" on ", " about ", " regarding ", ":", "：", " – ", " — "];
    marks.iter().filter_map(|mark| lower.find(mark)).min().unwrap_or(title.len())
}

fn end_zh(title: &str) -> usize {
    let words = ["发布会", "記者會", "记者会", "發布會"];
    let after = words.iter().filter_map(|word| Some(title.find(word)? + word.len())).min();
    let before = || ["：", ":", "——"].iter().filter_map(|mark| title.find(mark)).min();
    after.or_else(before).unwrap_or(title.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::SourceFile;

    fn event(title: &str) -> Option<String> {
        let transcript = Transcript {
            source: SourceFile::new("x", b""),
            title: Some(title.to_owned()),
            ..Transcript::default()
        };
        transcript.event().map(str::to_owned)
    }

    #[test]
    fn up_to_what_it_is_about() {
        assert_eq!(
            event("SCIO press conference on Linhe's efforts").as_deref(),
            Some("SCIO press conference")
        );
        assert_eq!(
            event("Department Press Briefing – October 11, 2022").as_deref(),
            Some("Department Press Briefing")
        );
        assert_eq!(event("Budget Day: Remarks").as_deref(), Some("Budget Day"));
        assert_eq!(event("Remarks ABOUT rivers").as_deref(), Some("Remarks"));
        assert_eq!(event("Opening Remarks").as_deref(), Some("Opening Remarks"));
        assert_eq!(event(" on the river"), None);
        assert_eq!(event(&"very ".repeat(12)), None);
    }

    #[test]
    fn chinese_keeps_the_word_for_it() {
        assert_eq!(event("临河省新闻发布会（第三场）").as_deref(), Some("临河省新闻发布会"));
        assert_eq!(event("外交部例行记者会2024年").as_deref(), Some("外交部例行记者会"));
        assert_eq!(event("国务院新闻办公室就推动高质量发展和全方位转型举行新闻发布会"), None);
    }
}
