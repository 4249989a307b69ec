//! "Did you mean": the nearest of a few known names.

use pullquote::diag::Diagnostic;

/// The known name that `typed` most likely stands for.
pub fn nearest<'n>(typed: &str, known: &[&'n str]) -> Option<&'n str> {
    let typed = typed.to_lowercase();
    // A third of the letters may be wrong; shorter names forgive one slip.
    let allowed = (typed.chars().count() / 3).max(1);
    known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&typed, &name.to_lowercase()), *name))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// `problem` with a "did you mean" where there is a near name, and the list of all.
pub fn suggest(problem: Diagnostic, typed: &str, known: &[&str], more: &str) -> Diagnostic {
    let problem = match nearest(typed, known) {
        Some(name) => problem.hint(format!("did you mean `{name}`?")),
        None => problem,
    };
    let all: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    problem.hint(format!("there are {}{more}", all.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_offered_and_far_ones_are_not() {
        let known = ["broadsheet", "bulletin", "shuimo"];
        assert_eq!(nearest("broadshet", &known), Some("broadsheet"));
        assert_eq!(nearest("Bulletins", &known), Some("bulletin"));
        assert_eq!(nearest("aurora", &known), None);
        assert_eq!(nearest("", &known), None);
        let told = suggest(Diagnostic::error("unknown"), "shuimu", &known, ", or a path");
        assert_eq!(
            told.hints,
            ["did you mean `shuimo`?", "there are `broadsheet`, `bulletin`, `shuimo`, or a path"]
        );
    }
}
