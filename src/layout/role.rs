//! A role on a card: the data's words, shortened only by these two rules, never reworded.
//!
//! 1. A leading article is left out and the first letter is a capital: of `a member of the Standing Committee`,
//!    `Member of the Standing Committee`.
//! 2. Where the whole does not fit, it is cut to its last co-ordinated title: of `deputy secretary of … and
//!    governor of Shanxi province`, `Governor of Shanxi province`; of `省委副书记、省长`, `省长`. Data keep the
//!    whole, and a warning says so.

use crate::diag::Diagnostic;
use crate::lang::Lang;
use crate::transcript::has_office;

/// The role as a card shows it.
pub(super) fn on_card(role: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => role.to_owned(),
        Lang::En => {
            let bare = ["a ", "an ", "the "].iter().find_map(|article| role.strip_prefix(article));
            capital(bare.unwrap_or(role))
        }
    }
}

/// The last of several titles joined by `and` or `、`; `None` where there is one.
///
/// What follows is a title only if it begins with an office: of `director of the Department of Culture and Tourism`,
/// `Tourism` is none.
pub(super) fn last_title(role: &str, lang: Lang) -> Option<String> {
    let (ends, is_title): (Vec<usize>, fn(&str) -> bool) = match lang {
        Lang::En => (role.match_indices(" and ").map(|(at, and)| at + and.len()).collect(), |last| {
            // The office stands before what it is the office of: `executive vice governor of …`.
            let small = |word: &str| matches!(word, "of" | "for" | "at" | "in" | "to");
            last.split(' ').take_while(|word| !small(word)).any(has_office)
        }),
        Lang::Zh => {
            let joins = role.match_indices(['、', '，', '兼']);
            (joins.map(|(at, join)| at + join.len()).collect(), has_office)
        }
    };
    let last = ends.into_iter().rev().map(|at| role[at..].trim()).find(|last| is_title(last))?;
    Some(on_card(last, lang))
}

pub(super) fn cut_warning(whole: &str, cut: &str) -> Diagnostic {
    Diagnostic::warning(format!("role cut to its last title: `{cut}` of `{whole}`"))
        .hint("give a role that fits with `--role 'NAME=ROLE'`")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_cut_to_their_last_title() {
        let long = "deputy secretary of the Provincial Committee and governor of Shanxi province";
        assert_eq!(last_title(long, Lang::En).as_deref(), Some("Governor of Shanxi province"));
        assert_eq!(last_title("省委副书记、省长", Lang::Zh).as_deref(), Some("省长"));
        assert_eq!(last_title("governor of Shanxi province", Lang::En), None);
        assert_eq!(last_title("director of the Department of Culture and Tourism", Lang::En), None);
        assert_eq!(
            last_title("governor of Shanxi province and head of the Office of Roads and Rivers", Lang::En)
                .as_deref(),
            Some("Head of the Office of Roads and Rivers")
        );
        assert_eq!(on_card("a member of the Committee", Lang::En), "Member of the Committee");
    }
}
