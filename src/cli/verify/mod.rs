//! `pullquote verify`: cards held against their record, their manifest and their source.

mod card;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use pullquote::batch;
use pullquote::diag::Diagnostic;
use pullquote::manifest::{Entry, FILE_NAME, Manifest};
use pullquote::template::{Brand, Template};
use pullquote::verify::Sources;

use self::card::Checked;
use super::args::{VerifyArgs, VerifyFormat};
use super::documents::{Documents, read_file};
use super::report::{Talk, counted};
use super::templates::{Templates, load_brand};
use super::{Outcome, read, table};

/// A card to look at.
struct Target {
    path: PathBuf,
    /// Its line in the manifest.
    entry: Option<Entry>,
}

/// What cards are held against.
struct Against<'a> {
    sources: Option<Sources<'a>>,
    templates: Vec<Template>,
    brand: Brand,
    /// Compare all pixels.
    pixels: bool,
}

/// Looks at each card and tells what is wrong with it.
pub fn run(args: &VerifyArgs, talk: &Talk) -> Outcome {
    let mut problems = Vec::new();
    let mut targets = Vec::new();
    for path in &args.paths {
        match self::targets(path) {
            Ok(found) => targets.extend(found),
            Err(problem) => problems.push(problem),
        }
    }
    let documents = Documents::sources(&args.sources, &args.reading);
    problems.extend(documents.problems);
    let mut templates = Templates::default();
    for name in &args.templates {
        problems.extend(templates.load(name, Path::new("")).err().into_iter().flatten());
    }
    let brand = args.brand.as_deref().map(load_brand).transpose().unwrap_or_else(|several| {
        problems.extend(several);
        None
    });
    if !problems.is_empty() {
        return talk.refuse(&problems);
    }
    let against = Against {
        sources: (!args.sources.is_empty()).then(|| Sources::new(&documents.good)),
        templates: templates.loaded,
        brand: brand.unwrap_or_default(),
        pixels: args.pixels,
    };
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let bar = talk.bar(targets.len());
    let mut checked = Vec::with_capacity(targets.len());
    let look = |i: usize| Checked::new(&targets[i].path, targets[i].entry.as_ref(), &against);
    let ran = batch::in_order(targets.len(), threads, look, |one| {
        bar.inc(1);
        checked.push(one);
    });
    bar.finish_and_clear();
    if let Err(error) = ran {
        return talk.refuse(&[error.diagnostic()]);
    }
    for one in &checked {
        talk.tell_all(&one.diagnostics());
    }
    let data = match args.format {
        VerifyFormat::Json => read::json(&checked),
        VerifyFormat::Table => {
            table::table(&["card", "record", "picture", "words"], checked.iter().map(Checked::cells))
        }
    };
    let failed = checked.iter().filter(|one| !one.is_sound()).count();
    let outcome = if failed > 0 { Outcome::NotVerified } else { Outcome::Done };
    let outcome = outcome.and(talk.data(data.as_bytes()));
    talk.note(&summary(checked.len(), failed, against.sources.is_some()));
    outcome
}

fn summary(all: usize, failed: usize, with_sources: bool) -> String {
    let words = if with_sources { "" } else { "; words not checked: name their transcripts with `--source`" };
    match failed {
        0 => format!("{} sound{words}", counted(all, "card")),
        failed => format!("{failed} of {} not sound{words}", counted(all, "card")),
    }
}

/// The cards that a path names.
fn targets(path: &Path) -> Result<Vec<Target>, Diagnostic> {
    if path.is_dir() {
        return folder(path);
    }
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
        return manifest(path);
    }
    if !path.is_file() {
        return Err(Diagnostic::error(format!("no such file: `{}`", path.display())));
    }
    Ok(vec![Target { path: path.to_owned(), entry: None }])
}

fn manifest(path: &Path) -> Result<Vec<Target>, Diagnostic> {
    let manifest = Manifest::from_json(&read_file(path)?).map_err(|e| {
        Diagnostic::error(format!("`{}` is no manifest of ours: {e}", path.display()))
            .hint("`verify` takes cards, the `manifest.json` beside them, or their folder")
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let target = |entry: Entry| Target { path: folder.join(&entry.file), entry: Some(entry) };
    Ok(manifest.cards.into_iter().map(target).collect())
}

/// What its manifest names, and the other PNGs.
fn folder(folder: &Path) -> Result<Vec<Target>, Diagnostic> {
    let file = folder.join(FILE_NAME);
    let mut targets = if file.exists() { manifest(&file)? } else { Vec::new() };
    let named: BTreeSet<PathBuf> = targets.iter().map(|target| target.path.clone()).collect();
    let cannot = |e| Diagnostic::error(format!("cannot read `{}`: {e}", folder.display()));
    let entries = std::fs::read_dir(folder).map_err(cannot)?;
    let mut others: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    others.retain(|path| {
        path.extension().is_some_and(|e| e.eq_ignore_ascii_case("png"))
            && !named.contains(path)
            && path.is_file()
    });
    others.sort();
    targets.extend(others.into_iter().map(|path| Target { path, entry: None }));
    if targets.is_empty() {
        return Err(Diagnostic::error(format!("no card in `{}`", folder.display()))
            .hint("name a card, a manifest, or the folder that they are in"));
    }
    Ok(targets)
}
