//! `pullquote template check`: all that is wrong with templates and kits, at once.

use std::path::{Path, PathBuf};

use pullquote::diag::{Diagnostic, Severity};
use pullquote::template::{Brand, Language, Template};
use serde::Serialize;

use crate::cli::Outcome;
use crate::cli::args::{CheckArgs, CheckFormat};
use crate::cli::beside::Beside;
use crate::cli::read::json;
use crate::cli::report::{Talk, counted};

/// Checks every path and tells all of them; a bad one does not keep the others back.
pub fn run(args: &CheckArgs, talk: &Talk) -> Outcome {
    let mut told = Vec::new();
    let mut files = 0;
    for path in &args.paths {
        match files_of(path) {
            Ok(found) => {
                files += found.len();
                told.extend(found.iter().flat_map(|file| check(file)));
            }
            Err(problem) => told.push(problem),
        }
    }
    let errors = told.iter().filter(|d| d.severity == Severity::Error).count();
    let outcome = if errors > 0 { Outcome::Refused } else { Outcome::Done };
    match args.format {
        CheckFormat::Text => talk.tell_all(&told),
        CheckFormat::Json => {
            let records: Vec<Record<'_>> = told.iter().map(Record::from).collect();
            return outcome.and(talk.data(json(&records).as_bytes()));
        }
    }
    let warnings = told.len() - errors;
    let found = match (errors, warnings) {
        (0, 0) => "nothing wrong".to_owned(),
        (0, n) => counted(n, "warning"),
        (n, 0) => counted(n, "problem"),
        (n, m) => format!("{}, {}", counted(n, "problem"), counted(m, "warning")),
    };
    talk.note(&format!("{} checked: {found}", counted(files, "file")));
    outcome
}

/// The TOML files that a path stands for: itself, or those of a folder.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let shown = path.display();
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() {
        let problem = Diagnostic::error(format!("no such file or folder: `{shown}`"));
        return Err(
            problem.hint("name a template's folder, its `template.toml`, a kit's folder or its `brand.toml`")
        );
    }
    let names = Language::ALL.map(|language| path.join(language.file_name()));
    let found: Vec<PathBuf> = names.into_iter().filter(|file| file.is_file()).collect();
    if found.is_empty() {
        let problem = Diagnostic::error(format!("`{shown}` has no `template.toml` and no `brand.toml`"));
        return Err(problem.hint("`pullquote template new NAME` writes a template to begin with"));
    }
    Ok(found)
}

/// All that is to say of one file.
fn check(file: &Path) -> Vec<Diagnostic> {
    let shown = file.display().to_string();
    let beside = Beside::new(file.parent().unwrap_or(Path::new("")));
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = match beside.read(&name) {
        Ok(bytes) => bytes,
        Err(e) => return vec![Diagnostic::error(format!("cannot read `{shown}`: {e}"))],
    };
    let read = |name: &str| beside.read(name);
    match Language::of(&name, &bytes) {
        Language::Template => Template::check(&shown, &bytes, &read),
        Language::Kit => Brand::check(&shown, &bytes, &read),
    }
}

/// A problem for a program.
#[derive(Debug, Serialize)]
struct Record<'d> {
    severity: Severity,
    message: &'d str,
    /// Where it is, where it is in a file that could be read.
    file: Option<&'d str>,
    /// From 1.
    line: Option<usize>,
    /// In characters, from 1.
    column: Option<usize>,
    /// The offending text.
    text: Option<&'d str>,
    hints: &'d [String],
}

impl<'d> From<&'d Diagnostic> for Record<'d> {
    fn from(told: &'d Diagnostic) -> Self {
        let excerpt = told.excerpt.as_deref();
        Self {
            severity: told.severity,
            message: &told.message,
            file: excerpt.map(|e| &*e.file).or(told.place.as_deref()),
            line: excerpt.map(|e| e.line),
            column: excerpt.map(|e| e.column),
            text: excerpt.map(|e| &e.text[e.fault.clone()]),
            hints: &told.hints,
        }
    }
}
