//! The output folder: names of files, what stands there already, and what may be overwritten.

use pullquote::alt::file_name as alt_file_name;
use pullquote::batch::Job;
use pullquote::diag::Diagnostic;
use pullquote::export::name::{PatternError, Placeholder};
use pullquote::export::write::try_folder;

use super::args::OutArgs;
use super::claim::Claim;
use super::holdings::Holdings;
use super::output::Target;
use super::suggest::suggest;

/// What to say of a `--name` that does not work.
pub fn bad_pattern(asked: &str, error: &PatternError) -> Diagnostic {
    let problem = Diagnostic::error(format!("`--name {asked}`: {error}"));
    let names: Vec<String> = Placeholder::ALL.iter().map(|p| format!("{{{}}}", p.name())).collect();
    match error {
        PatternError::Unknown(typed) => {
            let known: Vec<&str> = names.iter().map(String::as_str).collect();
            suggest(problem, &format!("{{{typed}}}"), &known, "")
        }
        PatternError::Character('/' | '\\') => problem.hint("choose the folder with `--out DIR`"),
        PatternError::Character(_) | PatternError::Brace => {
            problem.hint("leave it out; braces stand only around a placeholder")
        }
        PatternError::NoPlaceholder => problem.hint(format!("put in one or more of {}", names.join(" "))),
    }
}

/// Tries the output folder at once; a dry run only looks.
pub fn try_out(out: &OutArgs) -> Result<(), Diagnostic> {
    match out.target() {
        Target::Folder(folder) if !out.dry_run => try_folder(folder).map_err(|e| e.diagnostic()),
        _ => Ok(()),
    }
}

/// Claims the output folder, where it is there already; one that is not has nothing in it that another run could be at.
pub fn claim(out: &OutArgs) -> Result<Option<Claim>, Diagnostic> {
    match out.target() {
        Target::Folder(folder) if !out.dry_run && folder.is_dir() => Claim::lay(folder).map(Some),
        _ => Ok(None),
    }
}

/// What earlier runs left in the folder.
pub fn holdings(out: &OutArgs) -> Result<Holdings, Diagnostic> {
    match out.target() {
        Target::Folder(folder) => Holdings::of(folder, out.force),
        Target::Stream => Ok(Holdings::default()),
    }
}

/// Files that would be overwritten and that no manifest of ours names.
///
/// `alt`: each card's alt text has a file of its own.
pub fn foreign_files(
    jobs: &[Job<'_>],
    alt: bool,
    out: Target<'_>,
    holdings: &Holdings,
) -> Option<Diagnostic> {
    /// As many as a person reads; the rest is counted.
    const SHOWN: usize = 3;
    let Target::Folder(out) = out else { return None };
    // Mostly there is nothing, and then no card need be asked for.
    if std::fs::read_dir(out).is_ok_and(|mut files| files.next().is_none()) || !out.exists() {
        return None;
    }
    let in_the_way = |file: &String| !holdings.has(file) && out.join(file).symlink_metadata().is_ok();
    let foreign: Vec<String> = jobs
        .iter()
        .map(|job| &job.file)
        .filter(|file| !file.is_empty())
        .flat_map(|file| std::iter::once(file.clone()).chain(alt.then(|| alt_file_name(file))))
        .filter(in_the_way)
        .map(|file| format!("`{}`", out.join(file).display()))
        .collect();
    let message = match &foreign[..] {
        [] => return None,
        [one] => format!("{one} exists, and no manifest of ours names it"),
        many if many.len() <= SHOWN => {
            format!("{} exist, and no manifest of ours names them", many.join(", "))
        }
        many => {
            let shown = many[..SHOWN].join(", ");
            format!("{shown} and {} more files exist, and no manifest of ours names them", many.len() - SHOWN)
        }
    };
    Some(Diagnostic::error(message).hint("write elsewhere with `--out DIR`, or overwrite with `--force`"))
}
