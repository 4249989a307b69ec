//! From a series file to what flags would say, and the quotes of each transcript.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use glob::Pattern;
use pullquote::date::When;
use pullquote::diag::Diagnostic;
use pullquote::export::name::plain;
use pullquote::template::{Document, schema_of};
use pullquote::transcript::Transcript;
use serde_json::Value;

use super::chosen;
use super::file::{PickFile, SeriesFile, SeriesOrder, TranscriptFile};
use crate::cli::args::{FitArg, LookArgs, OutArgs, PickArgs, ReadingArgs};
use crate::cli::documents::{Documents, read_file};
use crate::cli::inputs::Inputs;
use crate::cli::pick::pick;
use crate::cli::plan::Wanted;
use crate::cli::project::{Days, FormatName, template_in};
use crate::cli::suggest::suggest;

/// Problems of a series file, each with the path of keys that it is at.
pub type Problems = Vec<(Vec<String>, Diagnostic)>;

/// The JSON Schema of series files.
pub fn schema() -> Value {
    schema_of::<SeriesFile>("a series of pullquote cards")
}

/// A series file that was read, as flags would say it.
pub struct Series {
    pub document: Document<SeriesFile>,
    folder: PathBuf,
    /// `[pick]`.
    pub pick: PickArgs,
    pub look: LookArgs,
    pub out: OutArgs,
    groups: Vec<Group>,
    documents: Documents,
}

/// The transcripts of one `[[transcript]]`.
struct Group {
    pick: PickArgs,
    /// Which of all transcripts, and of all lists, they are.
    transcripts: Range<usize>,
    lists: Range<usize>,
}

/// The quotes of a series in their order.
pub struct Picked<'a> {
    pub quotes: Vec<Wanted<'a>>,
    /// What to look at, nothing that stops a run.
    pub warnings: Vec<Diagnostic>,
}

impl Series {
    /// Reads a series file and its transcripts; what was typed wins over what it says.
    ///
    /// # Errors
    ///
    /// All that is wrong with it.
    pub fn read(path: &Path, typed: &OutArgs) -> Result<Self, Vec<Diagnostic>> {
        let bytes = read_file(path)
            .map_err(|told| vec![told.hint("`pullquote series new` writes one to begin with")])?;
        let document: Document<SeriesFile> = Document::read(&path.display().to_string(), bytes, &schema())?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let file = &document.value;
        let mut problems = Problems::new();
        let (mut documents, mut groups) = (Documents::default(), Vec::new());
        let (mut transcripts, mut lists) = (0, 0);
        for (i, group) in file.transcript.iter().enumerate() {
            let files = files(group, &folder, i, &mut problems);
            let read = Documents::read(&files, &reading(file, group, &folder), false);
            let is_list = |t: &&Transcript| t.is_list;
            let more_lists = read.good.iter().filter(is_list).count();
            let more = read.good.len() - more_lists;
            groups.push(Group {
                pick: pick_args(&group.pick, Some(&file.pick)),
                transcripts: transcripts..transcripts + more,
                lists: lists..lists + more_lists,
            });
            transcripts += more;
            lists += more_lists;
            documents.extend(read);
        }
        if !problems.is_empty() {
            let mut told = document.told(problems);
            told.extend(documents.problems);
            return Err(told);
        }
        let (look, out) = (look(file, &folder), out(file, &folder, path, typed));
        let pick = pick_args(&file.pick, None);
        Ok(Self { pick, look, out, groups, documents, folder, document })
    }

    /// What the series is called.
    pub fn title(&self) -> &str {
        &self.document.value.title
    }

    /// Reads and checks all else that it names.
    ///
    /// # Errors
    ///
    /// All that is wrong, together.
    pub fn inputs(&self) -> Result<Inputs, Vec<Diagnostic>> {
        let mut inputs = Inputs::with_documents(self.documents.clone(), &self.look, &self.out)?;
        let people: Vec<String> = {
            let speaks = inputs.documents.all().flat_map(|t| &t.people).filter(|p| p.speaks);
            speaks.map(|p| p.name.clone()).collect()
        };
        let mut problems = Problems::new();
        for (name, photo) in &self.document.value.photo {
            match people.iter().find(|person| plain(person) == plain(name)) {
                Some(person) => inputs.add_portrait(person, self.folder.join(photo)),
                None => {
                    let known: BTreeSet<&str> = people.iter().map(String::as_str).collect();
                    let told = Diagnostic::error(format!("nobody called `{name}` speaks in this series"));
                    let told = suggest(told, name, &Vec::from_iter(known), "");
                    problems.push((vec!["photo".to_owned(), name.clone()], told));
                }
            }
        }
        if problems.is_empty() { Ok(inputs) } else { Err(self.document.told(problems)) }
    }

    /// Picks the quotes.
    ///
    /// # Errors
    ///
    /// All that is wrong, together.
    pub fn wanted<'a>(&'a self, inputs: &'a Inputs) -> Result<Picked<'a>, Vec<Diagnostic>> {
        let file = &self.document.value;
        let (mut quotes, mut problems) = chosen::find(&file.quote, &inputs.documents.transcripts);
        let mut warnings = Vec::new();
        for (i, group) in self.groups.iter().enumerate() {
            let transcripts = &inputs.documents.transcripts[group.transcripts.clone()];
            let lists = &inputs.documents.lists[group.lists.clone()];
            match pick(transcripts, lists, &group.pick, inputs.max_chars()) {
                Ok(selection) if selection.picks.is_empty() => {
                    let told = Diagnostic::warning("no quote of these files matches")
                        .hint("loosen its `pick`, or that of the whole series");
                    warnings.push((vec!["transcript".to_owned(), i.to_string()], told));
                }
                Ok(selection) => quotes.extend(selection.picks.into_iter().map(Wanted::of_pick)),
                Err(told) => problems.push((vec!["transcript".to_owned(), i.to_string()], told)),
            }
        }
        if !problems.is_empty() {
            return Err(self.document.told(problems));
        }
        once(&mut quotes);
        match file.order {
            SeriesOrder::Listed => {}
            SeriesOrder::Best => quotes.sort_by(|a, b| b.pick.score().total_cmp(&a.pick.score())),
            SeriesOrder::Date => {
                let day = |w: &Wanted<'_>| match w.pick.quote.date() {
                    Some(When::Day(day)) => Some(*day),
                    _ => None,
                };
                quotes.sort_by_key(|wanted| (day(wanted).is_none(), day(wanted)));
            }
        }
        Ok(Picked { quotes, warnings: self.document.told(warnings) })
    }
}

/// What is said twice in a series, or chosen and picked, is on one card: the first. Rows of a list are all asked for.
fn once(quotes: &mut Vec<Wanted<'_>>) {
    let mut seen: Vec<(*const Transcript, usize, Range<usize>)> = Vec::new();
    let mut words: BTreeSet<(String, String)> = BTreeSet::new();
    quotes.retain(|wanted| {
        let quote = &wanted.pick.quote;
        if quote.transcript().is_list {
            return true;
        }
        let (turn, range) = (quote.turn_index(), quote.range());
        let transcript: *const Transcript = quote.transcript();
        let overlaps = |(t, n, r): &(*const Transcript, usize, Range<usize>)| {
            std::ptr::eq(*t, transcript) && *n == turn && r.start < range.end && range.start < r.end
        };
        let is_new = !seen.iter().any(overlaps)
            && words.insert((quote.speaker().name.clone(), quote.text().to_lowercase()));
        if is_new {
            seen.push((transcript, turn, range));
        }
        is_new
    });
}

/// The files of a group, in order.
fn files(group: &TranscriptFile, folder: &Path, index: usize, problems: &mut Problems) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let list = group.file.list();
    let several = matches!(group.file, crate::cli::project::Words::Many(_));
    let mut path = vec!["transcript".to_owned(), index.to_string(), "file".to_owned()];
    for (k, asked) in list.iter().enumerate() {
        path.truncate(3);
        path.extend(several.then(|| k.to_string()));
        let is_pattern = asked.contains(['*', '?', '[']);
        let below = folder.join(asked);
        if below.exists() {
            files.push(below);
            continue;
        }
        if !is_pattern {
            let told = Diagnostic::error(format!("no such file: `{}`", below.display()));
            problems.push((path.clone(), told.hint("paths are relative to the series file")));
            continue;
        }
        let base = Pattern::escape(&folder.display().to_string());
        let whole = if base.is_empty() { asked.clone() } else { format!("{base}/{asked}") };
        match glob::glob(&whole) {
            Ok(found) => {
                // In the order of their names; what cannot be read is told when it is read.
                let before = files.len();
                files
                    .extend(found.map(|f| f.unwrap_or_else(|e| e.path().to_owned())).filter(|f| f.is_file()));
                if files.len() == before {
                    let told = Diagnostic::error(format!("no file is called like `{asked}`"));
                    problems.push((path.clone(), told.hint("paths are relative to the series file")));
                }
            }
            Err(error) => {
                let told = Diagnostic::error(format!("`{asked}` is no pattern: {}", error.msg));
                let told = told.hint("`*` stands for any characters, `?` for one, `**` for folders");
                problems.push((path.clone(), told));
            }
        }
    }
    if list.is_empty() {
        problems.push((path, Diagnostic::error("no file is named").hint("give `file` a path or a pattern")));
    }
    files
}

fn reading(file: &SeriesFile, group: &TranscriptFile, folder: &Path) -> ReadingArgs {
    ReadingArgs {
        by: group.by.clone(),
        input_format: group.input_format.map(|FormatName(format)| format),
        label: group.label.clone(),
        speakers_file: file.speakers.as_ref().map(|path| folder.join(path)),
    }
}

/// What `own` says, and where it is silent `all`.
fn pick_args(own: &PickFile, all: Option<&PickFile>) -> PickArgs {
    let mut args = PickArgs::default();
    for pick in std::iter::once(own).chain(all) {
        pick.speaker.fill(&mut args.speakers);
        pick.not_speaker.fill(&mut args.not_speakers);
    }
    // Keywords and regular expressions are one question, and whether all must be met belongs to it.
    let asks = |pick: &&PickFile| !pick.keyword.list().is_empty() || !pick.regex.list().is_empty();
    if let Some(pick) = std::iter::once(own).chain(all).find(asks) {
        pick.keyword.fill(&mut args.keywords);
        pick.regex.fill(&mut args.regexes);
        args.all_keywords = pick.all_keywords.unwrap_or_default();
    }
    let bounds = |pick: &&PickFile| pick.min_chars.is_some() || pick.max_chars.is_some();
    if let Some(pick) = std::iter::once(own).chain(all).find(bounds) {
        (args.min_chars, args.max_chars) = (pick.min_chars, pick.max_chars);
    }
    args.between = own.between.or(all.and_then(|all| all.between)).map(|Days(span)| span);
    args.questions = own.questions.or(all.and_then(|all| all.questions)).unwrap_or_default();
    args.any_passage = own.any_passage.or(all.and_then(|all| all.any_passage)).unwrap_or_default();
    args.limit = own.limit.or(all.and_then(|all| all.limit));
    args.order = own.order.or(all.and_then(|all| all.order));
    args.turns = own.turns.or(all.and_then(|all| all.turns)).unwrap_or_default();
    args
}

fn look(file: &SeriesFile, folder: &Path) -> LookArgs {
    let here = |path: &Option<PathBuf>| path.as_ref().map(|path| folder.join(path));
    LookArgs {
        templates: file.template.list().iter().map(|name| template_in(folder, name)).collect(),
        sizes: file.size.list().to_vec(),
        brand: here(&file.brand),
        photos: here(&file.photos),
        carousel: file.carousel,
        fit: Some(file.fit.unwrap_or(FitArg::Series)),
        numbering: file.numbering,
        corrected: None,
        highlights: file.highlight.list().to_vec(),
        roles: file.role.list().to_vec(),
        phrases: here(&file.phrases),
        font_fallbacks: file.font_fallback.list().iter().map(|path| folder.join(path)).collect(),
    }
}

fn out(file: &SeriesFile, folder: &Path, path: &Path, typed: &OutArgs) -> OutArgs {
    let beside = || folder.join(path.file_stem().unwrap_or_default());
    let own = file.out.as_ref().map_or_else(beside, |out| folder.join(out));
    OutArgs {
        out: typed.out.clone().or(Some(own)),
        name: typed.name.clone().or_else(|| file.name.clone()),
        compress: typed.compress.or(file.compress),
        ..typed.clone()
    }
}
