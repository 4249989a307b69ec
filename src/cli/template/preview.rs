//! `pullquote template preview`: a template in every class with texts of all lengths, on one contact sheet.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use pullquote::batch::{self, Batch, Photo};
use pullquote::card::{CardSize, Class, SizeChoice};
use pullquote::diag::Diagnostic;
use pullquote::export::write::{try_folder, write_file};
use pullquote::manifest::Entry;
use pullquote::record::Stamped;
use pullquote::select::{Order, Query, chars, select};
use pullquote::template::Art;
use pullquote::transcript::ReadOptions;

use super::sheet::{self, Cell, Row};
use super::stand_in;
use super::watch::{self, Watched};
use crate::cli::Outcome;
use crate::cli::args::{LookArgs, OutArgs, PickArgs, PreviewArgs, RecordArgs};
use crate::cli::documents::Documents;
use crate::cli::inputs::Inputs;
use crate::cli::plan::{Plan, Wanted};
use crate::cli::report::Talk;
use crate::cli::templates::template_names;

/// What the cards say: invented, written for this program. Each has a figure, for templates that show one.
const SAMPLES: &str = include_str!("../../demo/preview.json");
/// The contact sheet's name.
const FILE: &str = "preview.png";
/// How large each class is shown: so small that all stand on one sheet. The cards themselves are laid out at the
/// size that bears the class's name, so that what is told of them holds for what will be published.
const SIZES: [(Class, &str); 3] =
    [(Class::Square, "400x400"), (Class::Landscape, "640x336"), (Class::Story, "324x576")];
/// The columns, by the ids of the samples; of those that begin with `long-` the longest that a class takes.
const COLUMNS: [&str; 5] = ["short", "medium", "long", "Chinese", "carousel"];

/// Renders the sheet; with `--watch` again on every save.
pub fn run(args: &PreviewArgs, talk: &Talk) -> Outcome {
    if let Err(error) = try_folder(&args.out) {
        return talk.refuse(&[error.diagnostic()]);
    }
    if !args.watch {
        return render(args, talk);
    }
    let watched: Vec<PathBuf> =
        folder_of_template(&args.template).into_iter().chain(args.brand.clone()).collect();
    if watched.is_empty() {
        let problem =
            Diagnostic::error(format!("`{}` is inside the program and never changes", args.template));
        return talk
            .refuse(&[problem.hint("watch a folder of your own: `pullquote template new NAME` writes one")]);
    }
    let watched = match Watched::new(&watched, &args.out) {
        Ok(watched) => watched,
        Err(problem) => return talk.refuse(&[problem]),
    };
    // Errors are told, and the next save may mend them.
    let _ = render(args, talk);
    talk.note("watching; Ctrl-C ends it");
    while watched.next() == watch::Event::Saved {
        let _ = render(args, talk);
    }
    Outcome::Interrupted
}

/// The folder that `--template` would read; none for a template of the program.
fn folder_of_template(asked: &str) -> Option<PathBuf> {
    let path = Path::new(asked);
    (!template_names().contains(&asked))
        .then(|| if path.is_file() { folder_of_file(path) } else { path.to_owned() })
}

/// `template.toml` stands for its folder.
pub fn folder_of_file(path: &Path) -> PathBuf {
    let folder = path.parent().unwrap_or(Path::new(""));
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}

/// Renders the sheet once.
fn render(args: &PreviewArgs, talk: &Talk) -> Outcome {
    let (png, told, failed) = match make(args) {
        Ok(made) => made,
        Err(problems) => return talk.refuse(&problems),
    };
    talk.tell_all(&told);
    let file = args.out.join(FILE);
    if let Err(error) = write_file(&file, &[&png]) {
        return talk.refuse(&[error.diagnostic()]);
    }
    let outcome = if failed > 0 { Outcome::Partial } else { Outcome::Done };
    outcome.and(talk.data(format!("{}\n", file.display()).as_bytes()))
}

/// The sheet as PNG, what was met on the way, and how many cards could not be made.
fn make(args: &PreviewArgs) -> Result<(Vec<u8>, Vec<Diagnostic>, usize), Vec<Diagnostic>> {
    let mut documents = Documents::default();
    documents.add("preview.json", SAMPLES.as_bytes(), &ReadOptions::default());
    let mut samples = documents.good.clone();
    // A folder in the working directory is meant without `./` too: no name of ours is asked for here.
    let template = match folder_of_template(&args.template) {
        Some(folder) => Path::new(".").join(folder).display().to_string(),
        None => args.template.clone(),
    };
    let look = LookArgs { templates: vec![template], brand: args.brand.clone(), ..LookArgs::default() };
    let out = OutArgs {
        out: Some(args.out.clone()),
        name: None,
        jobs: None,
        compress: None,
        record: RecordArgs::default(),
        dry_run: true,
        prune: false,
        force: true,
        contact: false,
    };
    let mut inputs = Inputs::with_documents(documents, &look, &out)?;
    let classes: Vec<Class> = inputs.templates.loaded[0].classes().collect();
    let sizes: Vec<SizeChoice> = SIZES
        .into_iter()
        .filter(|(class, _)| classes.contains(class))
        .map(|(class, _)| class.name().parse().expect("each class has a size of its name"))
        .collect();
    let mut told = inputs.warnings.clone();
    inputs.sizes.clone_from(&sizes);
    let template = inputs.templates.loaded[0].clone();
    if !template.shows_translation() {
        // A sample's translation shows where one goes; it is nothing that the template's author asked for.
        let rows = samples.iter_mut().flat_map(|list| &mut list.turns);
        rows.filter_map(|turn| turn.request.as_deref_mut()).for_each(|row| row.translation = None);
    }
    let query = Query { min_chars: 0, max_chars: 0, limit: 0, order: Order::Source, ..Query::default() };
    let picks = select(&samples, &query).map_err(|e| vec![e.diagnostic()])?.picks;
    let wanted = picks.into_iter().map(Wanted::of_pick).collect();
    let mut plan = Plan::of_wanted(&inputs, wanted, &PickArgs::default(), &look, &out)?;

    let stand_in = template.shows_photo().then(|| Arc::new(stand_in::portrait()));
    let cells = cells(&mut plan.batch, stand_in.as_ref());
    let mut pngs = BTreeMap::new();
    let mut failed = 0;
    let take = |outcome| match outcome {
        batch::Outcome::Card { entry, warnings, kept, .. } => {
            told.extend(warnings);
            pngs.insert(entry.file, kept);
        }
        batch::Outcome::Failed { diagnostic, .. } => {
            failed += 1;
            told.push(diagnostic);
        }
        batch::Outcome::Skipped => {}
    };
    let keep = |_: &Entry, png: &Stamped<'_>| Ok(png.to_vec());
    let ends = batch::Ends { sink: Some(&keep), known: None };
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    batch::run(&plan.batch, ends, threads, &AtomicBool::new(false), take)
        .map_err(|e| vec![e.diagnostic()])?;
    let rows: Vec<Row> = plan
        .batch
        .stages
        .iter()
        .enumerate()
        .map(|(stage, it)| Row {
            label: it.look.class().name().to_owned(),
            shown: shown(it.look.class()),
            cells: COLUMNS
                .into_iter()
                .map(|column| {
                    let file = cells.get(&(stage, column));
                    Cell { label: column.to_owned(), png: file.and_then(|file| pngs.get(file)).cloned() }
                })
                .collect(),
        })
        .collect();
    let title = match &inputs.brand.name {
        Some(house) => format!("{} — {} · {house}", template.name(), template.about()),
        None => format!("{} — {}", template.name(), template.about()),
    };
    Ok((sheet::png(&title, &rows), told, failed))
}

/// How large a class is shown on the sheet.
fn shown(class: Class) -> CardSize {
    let (_, size) = SIZES.into_iter().find(|&(c, _)| c == class).expect("every class is in the table");
    size.parse::<SizeChoice>().expect("our own sizes are in range").size
}

/// Keeps one card a column and class, gives it the stand-in for a photograph, and says which file it will be.
fn cells(batch: &mut Batch<'_>, stand_in: Option<&Arc<Art>>) -> BTreeMap<(usize, &'static str), String> {
    let mut chosen: BTreeMap<(usize, &'static str), (usize, usize)> = BTreeMap::new();
    for (index, job) in batch.jobs.iter().enumerate() {
        let Ok(stage) = job.stage else { continue };
        let id = job.quote.id();
        let Some(column) = COLUMNS.into_iter().find(|column| id.starts_with(column)) else { continue };
        // Of a carousel the first card.
        if job.part.as_ref().is_some_and(|(part, _)| *part > 0) {
            continue;
        }
        let length = chars(job.quote.text());
        let most = batch.stages[stage].template.max_chars(batch.stages[stage].look.class()).unwrap_or(0);
        let best = chosen.entry((stage, column)).or_insert((index, length));
        let fits = length <= most;
        if length < best.1 && best.1 > most || fits && length > best.1 {
            *best = (index, length);
        }
    }
    let keep: Vec<usize> = chosen.values().map(|&(index, _)| index).collect();
    let files = chosen.iter().map(|(&at, &(index, _))| (at, batch.jobs[index].file.clone())).collect();
    let mut index = 0;
    batch.jobs.retain_mut(|job| {
        job.photo = stand_in.map(|art| Arc::new(Arc::clone(art)) as Arc<dyn Photo>);
        index += 1;
        keep.contains(&(index - 1))
    });
    files
}
