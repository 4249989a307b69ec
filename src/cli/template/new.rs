//! `pullquote template new`: a commented file to begin with.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use pullquote::diag::Diagnostic;
use pullquote::template::{Language, json_schema};

use crate::cli::Outcome;
use crate::cli::args::NewArgs;
use crate::cli::report::Talk;
use crate::cli::templates::template_names;

/// What is written; its name is put in.
const STARTER: &str = include_str!("starter.toml");
/// What stands in it for the template's name.
const NAME: &str = "{NAME}";
/// The longest name: part of file names.
const MAX_NAME: usize = 40;

/// Writes it and says what to do next.
pub fn run(args: &NewArgs, talk: &Talk) -> Outcome {
    if let Err(problem) = sound(&args.name) {
        return talk.refuse(&[problem]);
    }
    let folder = args.dir.clone().unwrap_or_else(|| args.name.clone().into());
    let file = folder.join("template.toml");
    if let Err(problem) = write(&folder, &file, &STARTER.replace(NAME, &args.name)) {
        return talk.refuse(&[problem]);
    }
    // Beside it what editors complete it by; one that is there already is as good.
    let schema = folder.join("template.schema.json");
    if let (false, Err(problem)) =
        (schema.exists(), write(&folder, &schema, json_schema::shipped(Language::Template)))
    {
        talk.tell(&problem);
    }
    let outcome = talk.data(format!("{}\n", file.display()).as_bytes());
    let shown = folder.display();
    talk.note(&format!(
        "It works as it stands. Now:\n  \
         pullquote template preview {shown} --watch     see it in every class, again on each save\n  \
         pullquote template check {shown}               all that is wrong, at once\n  \
         pullquote render briefing.txt --template ./{shown}"
    ));
    outcome
}

/// Is it a name that files may bear, and that no template of the program has?
fn sound(name: &str) -> Result<(), Diagnostic> {
    let hint = "take letters, digits and `-`, such as `evening-news`";
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(plain) || name.starts_with('-') || name.chars().count() > MAX_NAME
    {
        return Err(
            Diagnostic::error(format!("`{}` is no name for a template", name.escape_debug())).hint(hint)
        );
    }
    if template_names().contains(&name) {
        return Err(Diagnostic::error(format!("`{name}` is a template of the program"))
            .hint("take another name: `--template` could not tell them apart"));
    }
    Ok(())
}

/// Writes a file that was not there.
fn write(folder: &Path, file: &Path, text: &str) -> Result<(), Diagnostic> {
    let wrong = |e: &io::Error| match e.kind() {
        io::ErrorKind::AlreadyExists => Diagnostic::error(format!("`{}` exists", file.display()))
            .hint("name another folder: `pullquote template new NAME DIR`"),
        _ => Diagnostic::error(format!("cannot write `{}`: {e}", file.display()))
            .hint("name a folder that you may write to: `pullquote template new NAME DIR`"),
    };
    fs::create_dir_all(folder).map_err(|e| wrong(&e))?;
    // The system itself refuses what exists: nobody can put a file there between the question and the answer.
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(file).map_err(|e| wrong(&e))?;
    file.write_all(text.as_bytes()).map_err(|e| wrong(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_files_may_bear() {
        for name in ["evening-news", "晚报", "a_1"] {
            assert!(sound(name).is_ok(), "{name}");
        }
        for name in ["", "a/b", "..", "-x", "a b", "a\"b", "broadsheet", &"x".repeat(41)] {
            assert!(sound(name).is_err(), "{name}");
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("template.toml");
        write(dir.path(), &file, "one").unwrap();
        assert!(write(dir.path(), &file, "two").unwrap_err().message.ends_with("exists"));
        assert_eq!(fs::read_to_string(&file).unwrap(), "one");
    }
}
