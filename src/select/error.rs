//! Why nothing could be picked.

use thiserror::Error;

use crate::diag::Diagnostic;

/// A query that cannot be answered. (That nothing matched is no error: the selection is empty.)
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SelectError {
    /// No transcript has such a speaker.
    #[error("no speaker is called `{asked}`")]
    UnknownSpeaker {
        /// What was asked for.
        asked: String,
        /// The name nearest to it, if one is near.
        near: Option<String>,
        /// Everybody who speaks, in order of speaking, without doubles.
        speakers: Vec<String>,
    },
    /// A keyword without a letter or digit.
    #[error("keyword `{asked}` has no word in it")]
    EmptyKeyword {
        /// What was asked for.
        asked: String,
    },
    /// A regular expression that is none.
    #[error("`{asked}` is no regular expression: {why}")]
    BadRegex {
        /// What was asked for.
        asked: String,
        /// What is wrong with it.
        why: String,
    },
    /// A span of dates that is none.
    #[error("`{asked}` is no span of dates")]
    BadSpan {
        /// What was asked for.
        asked: String,
    },
    /// No quote can be so long and so short.
    #[error("the shortest quote asked for, {min} characters, is longer than the longest, {max}")]
    Bounds {
        /// `Query::min_chars`.
        min: usize,
        /// `Query::max_chars`.
        max: usize,
    },
}

/// The most speakers that a hint lists: more would push the message off the screen.
const LISTED: usize = 12;

impl SelectError {
    /// What a regular expression's own error says, on one line and without a picture of the place.
    pub(super) fn bad_regex(asked: &str, error: &regex::Error) -> Self {
        let told = error.to_string();
        let why = told.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned();
        Self::BadRegex { asked: asked.to_owned(), why }
    }

    /// What a person is told.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let told = Diagnostic::error(self.to_string());
        match self {
            Self::UnknownSpeaker { near, speakers, .. } => {
                let told = match near {
                    Some(near) => told.hint(format!("did you mean `{near}`?")),
                    None => told,
                };
                if speakers.is_empty() {
                    return told.hint("nobody speaks here; see `pullquote read FILE`");
                }
                let listed: Vec<_> = speakers.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
                let more = speakers.len().saturating_sub(LISTED);
                let more = if more > 0 { format!(" … and {more} more") } else { String::new() };
                told.hint(format!("who speaks: {}{more}", listed.join(", ")))
            }
            Self::EmptyKeyword { .. } => told.hint("give `--keyword` a word, a number or a phrase"),
            Self::BadRegex { .. } => {
                told.hint("put a backslash before what is meant as it stands: `\\.`, `\\(`")
            }
            Self::BadSpan { .. } => told.hint(
                "write `--between 2031-04-01..2031-06-30`, or a month or year: `2031-04..2031-06`, `2031..`",
            ),
            Self::Bounds { .. } => told.hint("lower `--min-chars` or raise `--max-chars`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_speaker_is_told_with_the_nearest_and_the_list() {
        let error = SelectError::UnknownSpeaker {
            asked: "Jim".into(),
            near: Some("Jin Xiangjun".into()),
            speakers: vec!["Chen Wenjun".into(), "Jin Xiangjun".into()],
        };
        let told = error.diagnostic();
        assert_eq!(told.message, "no speaker is called `Jim`");
        assert_eq!(told.hints, ["did you mean `Jin Xiangjun`?", "who speaks: `Chen Wenjun`, `Jin Xiangjun`"]);
    }

    #[test]
    fn a_long_list_is_cut() {
        let speakers = (1..=15).map(|n| format!("S{n}")).collect();
        let error = SelectError::UnknownSpeaker { asked: "X".into(), near: None, speakers };
        let hints = error.diagnostic().hints;
        assert_eq!(hints.len(), 1);
        assert!(hints[0].ends_with("`S12` … and 3 more"), "{}", hints[0]);
    }

    #[test]
    fn the_others_name_the_flag() {
        let told = SelectError::EmptyKeyword { asked: "—".into() }.diagnostic();
        assert_eq!(told.message, "keyword `—` has no word in it");
        assert_eq!(told.hints, ["give `--keyword` a word, a number or a phrase"]);
        let told = SelectError::Bounds { min: 200, max: 100 }.diagnostic();
        assert_eq!(
            told.message,
            "the shortest quote asked for, 200 characters, is longer than the longest, 100"
        );
        assert_eq!(told.hints, ["lower `--min-chars` or raise `--max-chars`"]);
    }
}
