//! Request sheets that go back to whoever sent them: `requests.csv` comes back as `requests.out.csv`, beside the cards.

use std::collections::BTreeMap;
use std::io::{BufWriter, Read as _};
use std::path::{Path, PathBuf};

use pullquote::batch::Job;
use pullquote::diag::{Diagnostic, Severity};
use pullquote::export::name::{Names, of_own};
use pullquote::export::sheet::{self, Status, Told};
use pullquote::export::write::{NewFile, WriteError};
use pullquote::transcript::{Given, Transcript};

use super::Outcome;
use super::args::OutArgs;
use super::inputs::Inputs;
use super::output::Target;
use super::report::{Talk, counted};

/// What the name of a sheet that comes back ends in.
pub const ENDING: &str = ".out.csv";

/// The sheets that go back, and what became of their rows so far; none of a run that writes into no folder.
#[derive(Debug, Default)]
pub struct Returned<'a>(Vec<Sheet<'a>>);

#[derive(Debug)]
struct Sheet<'a> {
    list: &'a Transcript,
    given: &'a Given,
    path: PathBuf,
    rows: BTreeMap<usize, Row>,
}

/// What became of a row so far.
#[derive(Debug, Default)]
struct Row {
    files: Vec<String>,
    failed: bool,
    messages: Vec<String>,
}

impl Row {
    /// Says something of the row, once.
    fn say(&mut self, diagnostic: &Diagnostic) {
        let mut said = match diagnostic.severity {
            Severity::Error => diagnostic.message.clone(),
            Severity::Warning => format!("warning: {}", diagnostic.message),
        };
        for hint in &diagnostic.hints {
            said.push_str(" (");
            said.push_str(hint);
            said.push(')');
        }
        if !self.messages.contains(&said) {
            self.messages.push(said);
        }
    }

    fn fail(&mut self, diagnostic: &Diagnostic) {
        self.failed = true;
        self.say(diagnostic);
    }
}

impl<'a> Returned<'a> {
    /// The folder into which sheets go back; a stream and a run that only says what it would do have none.
    pub fn goes_to(out: &OutArgs) -> Option<&Path> {
        match out.target() {
            Target::Folder(folder) if !out.dry_run => Some(folder),
            _ => None,
        }
    }

    /// The sheets that were read.
    ///
    /// # Errors
    ///
    /// Files that stand in their way and are not ours.
    pub fn new(inputs: &'a Inputs, out: &OutArgs) -> Result<Self, Vec<Diagnostic>> {
        let Some(folder) = Self::goes_to(out) else { return Ok(Self::default()) };
        let mut names = Names::default();
        let mut sheets = Vec::new();
        let mut problems = Vec::new();
        for (list, given) in inputs.documents.lists.iter().zip(&inputs.given) {
            let path = folder.join(names.unique_before(&name_of(&list.source.name), ENDING));
            if !out.force && is_foreign(&path) {
                let told = format!("`{}` exists, and is no sheet of ours that came back", path.display());
                problems.push(
                    Diagnostic::error(told)
                        .hint("write elsewhere with `--out DIR`, or overwrite with `--force`"),
                );
            }
            let mut sheet = Sheet { list, given, path, rows: BTreeMap::new() };
            for (error, told) in list.refused.iter().zip(list.refused.iter().map(|e| e.told())) {
                sheet.rows.entry(error.row.unwrap_or_default()).or_default().fail(&told);
            }
            sheets.push(sheet);
        }
        if problems.is_empty() { Ok(Self(sheets)) } else { Err(problems) }
    }

    /// A card was made.
    pub fn made(&mut self, job: &Job<'_>, warnings: &[Diagnostic]) {
        if let Some(row) = self.row(job) {
            row.files.push(job.file.clone());
            warnings.iter().for_each(|warning| row.say(warning));
        }
    }

    /// A card was not.
    pub fn failed(&mut self, job: &Job<'_>, problem: &Diagnostic) {
        if let Some(row) = self.row(job) {
            row.fail(problem);
        }
    }

    fn row(&mut self, job: &Job<'_>) -> Option<&mut Row> {
        let list = job.quote.transcript();
        let sheet = self.0.iter_mut().find(|sheet| std::ptr::eq(sheet.list, list))?;
        let number = job.quote.turn().request.as_deref()?.row;
        Some(sheet.rows.entry(number).or_default())
    }

    /// Writes the sheets of a run that ended so.
    pub fn write(&mut self, ended: Outcome, talk: &Talk) -> Outcome {
        let left = match ended {
            Outcome::Interrupted => "the run was stopped before its turn",
            _ => "not asked for: a flag such as `--limit` or `--keyword` leaves it out",
        };
        let mut outcome = Outcome::Done;
        for sheet in &mut self.0 {
            match sheet.write(left) {
                Ok(counts) => talk.note(&format!("{}: {counts}", sheet.path.display())),
                Err(error) => {
                    talk.tell(&error.diagnostic());
                    outcome = Outcome::Partial;
                }
            }
        }
        outcome
    }
}

impl Sheet<'_> {
    /// Writes the sheet, and tells what became of its rows: `11 rows done, 1 failed`.
    fn write(&mut self, left: &str) -> Result<String, WriteError> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let rows = &mut self.rows;
        let told = |number: usize| {
            let row = rows.remove(&number);
            let Row { files, failed, messages } =
                row.unwrap_or_else(|| Row { messages: vec![left.to_owned()], ..Row::default() });
            let status = match (files.is_empty(), failed) {
                (false, false) => Status::Done,
                (false, true) => Status::Partly,
                (true, true) => Status::Failed,
                (true, false) => Status::LeftOut,
            };
            *counts.entry(status.word()).or_default() += 1;
            Told { status, files, message: messages.join("; ") }
        };
        let mut file = NewFile::create(&self.path)?;
        sheet::write(BufWriter::new(&mut file), self.given, told)
            .map_err(|e| NewFile::failed(&self.path, e))?;
        file.keep()?;
        let all = [Status::Done, Status::Partly, Status::Failed, Status::LeftOut].map(Status::word);
        let counted = all.into_iter().filter_map(|word| Some((word, *counts.get(word)?))).enumerate();
        let each = counted.map(|(n, (word, count))| {
            if n == 0 { format!("{} {word}", counted_rows(count)) } else { format!("{count} {word}") }
        });
        Ok(each.collect::<Vec<_>>().join(", "))
    }
}

fn counted_rows(count: usize) -> String {
    counted(count, "row")
}

/// What a list comes back as; a sheet that came back and was mended comes back by the same name.
fn name_of(list: &str) -> String {
    let stem = match Path::new(list).file_stem().and_then(|stem| stem.to_str()) {
        None | Some("-") => "stdin",
        Some(stem) => stem.strip_suffix(".out").unwrap_or(stem),
    };
    format!("{}{ENDING}", of_own(stem))
}

/// Whether something else than a sheet of ours stands there.
fn is_foreign(path: &Path) -> bool {
    /// Longer than a header is.
    const HEAD: u64 = 16 << 10;
    if path.symlink_metadata().is_err() {
        return false;
    }
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.is_err() || !sheet::is_ours(&head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_comes_back_by_its_name() {
        let names = ["a/requests.csv", "requests.out.csv", "-", "x.y.json", "a\u{202E}b\n.csv", "\u{7}.csv"];
        let back =
            ["requests", "requests", "stdin", "x.y", "ab", "sheet"].map(|stem| format!("{stem}.out.csv"));
        assert_eq!(names.map(name_of), back);
    }
}
