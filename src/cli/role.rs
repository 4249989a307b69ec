//! `--role NAME=ROLE`.

use std::collections::BTreeMap;

use pullquote::diag::Diagnostic;
use pullquote::transcript::Person;

use super::documents::SplitDocuments;
use super::suggest::nearest;

/// The two halves of what was typed.
///
/// # Errors
///
/// One of them is missing.
pub fn name_and_role(asked: &str) -> Result<(String, String), Diagnostic> {
    match asked.split_once('=').map(|(name, role)| (name.trim(), role.trim())) {
        Some((name, role)) if !name.is_empty() && !role.is_empty() => Ok((name.to_owned(), role.to_owned())),
        _ => Err(Diagnostic::error(format!("`--role {asked}` names no role"))
            .hint("write `--role \"NAME=ROLE\"`, such as `--role \"Lu Zhiheng=Governor of Yunze\"`")),
    }
}

/// Whom `--role NAME=…` means: the full name, since any part of it may be typed.
///
/// Nobody is an error: the role would be dropped in silence. Several are one too: a wrong title is worse than none.
pub fn full_name(documents: &SplitDocuments, asked: &str) -> Result<String, Diagnostic> {
    let speakers: BTreeMap<&str, &Person> =
        documents.all().flat_map(|t| &t.people).filter(|p| p.speaks).map(|p| (p.name.as_str(), p)).collect();
    let folded = asked.to_lowercase();
    // What was typed, without the honorific of the person it is held against.
    let bare = |person: &Person| {
        let title = person.honorific.as_ref().map(|h| format!("{h} ").to_lowercase());
        title.and_then(|t| folded.strip_prefix(&t)).unwrap_or(&folded).to_owned()
    };
    let those = |meets: &dyn Fn(&str, &str) -> bool| -> Vec<&str> {
        let met = |person: &Person| {
            let typed = bare(person);
            std::iter::once(&person.name).chain(&person.aliases).any(|n| meets(&n.to_lowercase(), &typed))
        };
        speakers.iter().filter(|(_, person)| met(person)).map(|(name, _)| *name).collect()
    };
    let mut found = those(&|name, typed| name == typed);
    if found.is_empty() {
        found = those(&|name, typed| name.contains(typed));
    }
    let listed = |names: &[&str]| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    match found[..] {
        [one] => Ok(one.to_owned()),
        [] => {
            let names: Vec<&str> = speakers.into_keys().collect();
            let problem = Diagnostic::error(format!("`--role`: no speaker is called `{asked}`"));
            let problem = match nearest(asked, &names) {
                Some(name) => problem.hint(format!("did you mean `{name}`?")),
                None => problem,
            };
            Err(problem.hint(format!("who speaks: {}", listed(&names))))
        }
        _ => Err(Diagnostic::error(format!("`--role`: `{asked}` may be any of {}", listed(&found)))
            .hint("write the whole name")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_role() {
        assert_eq!(name_and_role("Lu = Governor").unwrap(), ("Lu".into(), "Governor".into()));
        assert_eq!(name_and_role("Lu").unwrap_err().message, "`--role Lu` names no role");
    }
}
