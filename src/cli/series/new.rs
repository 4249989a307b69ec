//! `pullquote series new`: a commented file to begin with.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use pullquote::diag::Diagnostic;

use crate::cli::Outcome;
use crate::cli::args::SeriesNewArgs;
use crate::cli::demo::SAMPLES;
use crate::cli::report::Talk;

/// What is written, with four things put in.
const STARTER: &str = include_str!("starter.toml");

/// Writes it, with samples where no transcripts are named, and says what to do next.
pub fn run(args: &SeriesNewArgs, talk: &Talk) -> Outcome {
    let folder = args.file.parent().unwrap_or(Path::new("")).to_owned();
    let transcripts: Vec<PathBuf> = if args.transcripts.is_empty() {
        SAMPLES.iter().map(|(name, _)| PathBuf::from(name)).collect()
    } else {
        args.transcripts.iter().map(|path| seen_from(&folder, path)).collect()
    };
    let missing: Vec<Diagnostic> = args
        .transcripts
        .iter()
        .filter(|path| !path.exists())
        .map(|path| Diagnostic::error(format!("no such file: `{}`", path.display())))
        .collect();
    if !missing.is_empty() {
        return talk.refuse(&missing);
    }
    if let Err(problem) = write(&args.file, &filled(&args.file, &transcripts)) {
        return talk.refuse(&[problem]);
    }
    let mut written = vec![args.file.clone()];
    if args.transcripts.is_empty() {
        for (name, text) in SAMPLES {
            let path = folder.join(name);
            // One that is there already is as good where it is the same.
            if fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
                continue;
            }
            if let Err(problem) = write(&path, text) {
                return talk.refuse(&[problem]);
            }
            written.push(path);
        }
    }
    let listed: String = written.iter().map(|path| format!("{}\n", path.display())).collect();
    let outcome = talk.data(listed.as_bytes());
    let shown = args.file.display();
    talk.note(&format!(
        "It works as it stands. Now:\n  \
         pullquote series {shown} --dry-run     what would be made\n  \
         pullquote series {shown}               make it; again, and only what changed is made anew"
    ));
    outcome
}

fn filled(file: &Path, transcripts: &[PathBuf]) -> String {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let string = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let listed: String = transcripts
        .iter()
        .map(|path| format!("[[transcript]]\nfile = {}\n\n", string(&path.display().to_string())))
        .collect();
    STARTER
        .replace("\"{TITLE}\"", &string(&stem))
        .replace("{FILE}", &name.escape_debug().to_string())
        .replace("{TRANSCRIPTS}\n", &listed)
}

/// A path from the working directory as seen from a folder that was named from there too.
fn seen_from(folder: &Path, path: &Path) -> PathBuf {
    if path.is_absolute() || folder.as_os_str().is_empty() {
        return path.to_owned();
    }
    if let Ok(below) = path.strip_prefix(folder) {
        return below.to_owned();
    }
    let is_plain = folder.components().all(|part| matches!(part, Component::Normal(_)));
    if is_plain {
        let up: PathBuf = folder.components().map(|_| "..").collect();
        return up.join(path);
    }
    // Through links and `..` no way leads for sure but the whole one.
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Writes a file that was not there.
fn write(file: &Path, text: &str) -> Result<(), Diagnostic> {
    let wrong = |e: &io::Error| match e.kind() {
        io::ErrorKind::AlreadyExists => Diagnostic::error(format!("`{}` exists", file.display()))
            .hint("name another: `pullquote series new --file FILE`"),
        _ => Diagnostic::error(format!("cannot write `{}`: {e}", file.display()))
            .hint("name a file where you may write: `pullquote series new --file FILE`"),
    };
    // The system itself refuses what exists: nobody can put a file there between the question and the answer.
    let mut new = fs::OpenOptions::new().write(true).create_new(true).open(file).map_err(|e| wrong(&e))?;
    new.write_all(text.as_bytes()).map_err(|e| wrong(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transcripts_are_named_from_where_the_file_lies() {
        let seen = |folder: &str, path: &str| seen_from(Path::new(folder), Path::new(path));
        assert_eq!(seen("", "a.txt"), Path::new("a.txt"));
        assert_eq!(seen("week", "week/a.txt"), Path::new("a.txt"));
        assert_eq!(seen("week", "a.txt"), Path::new("../a.txt"));
        assert_eq!(seen("week/one", "b/a.txt"), Path::new("../../b/a.txt"));
    }

    #[test]
    fn names_are_written_as_toml_strings() {
        let text = filled(Path::new("a \"b\".toml"), &[PathBuf::from("c\\\"d.txt")]);
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table["title"].as_str(), Some("a \"b\""));
        assert_eq!(table["transcript"][0]["file"].as_str(), Some("c\\\"d.txt"));
    }
}
