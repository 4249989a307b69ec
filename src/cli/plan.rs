//! What will be done: files read, templates loaded, the names of all outputs known and unique.
//!
//! Everything that can fail early fails here, before the first pixel, and is told together. It goes in two steps,
//! because a plan borrows the words of what was read: [`Inputs`] owns, [`Plan`] points.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pullquote::batch::{Batch, Job, Stage};
use pullquote::card::{self, Class, SIZES, SizeChoice, SizeError, find_words};
use pullquote::diag::Diagnostic;
use pullquote::export::name::{
    DEFAULT_PATTERN, Fields, ID_LOOK_PATTERN, ID_PATTERN, Names, Pattern, PatternError, Placeholder, plain,
};
use pullquote::export::write::try_folder;
use pullquote::font::FontBook;
use pullquote::lang::Direction;
use pullquote::layout;
use pullquote::look::Look;
use pullquote::manifest::{self, Manifest, QuerySettings, Settings};
use pullquote::records::{event_of, matched_ranges};
use pullquote::select::{Order, Pick, Query, Quote, Selection, chars, parts, select};
use pullquote::template::{Art, Brand, Template, builtin_names};
use pullquote::transcript::{self, Person, ReadOptions, Transcript};

use super::args::{CarouselArg, LookArgs, OrderArg, OutArgs, PickArgs, RenderArgs};
use super::suggest::{nearest, suggest};

/// The template where none is asked for.
const DEFAULT_TEMPLATE: &str = "broadsheet";
/// How many quotes of a transcript are taken where nobody says: what a person looks through at a glance.
const DEFAULT_LIMIT: usize = 10;
/// The shortest quote of a transcript where nobody says; under this a line says little on its own.
const DEFAULT_MIN_CHARS: usize = 40;
/// The longest quote that `quotes` shows where nobody says: about what the templates fit.
pub const QUOTES_MAX_CHARS: usize = 300;

/// Documents as read, with what was met on the way.
#[derive(Debug, Default)]
pub struct Documents {
    /// Those that could be read, in the order given.
    pub good: Vec<Transcript>,
    /// How many could not.
    pub bad: usize,
    /// Why those could not, in the order given.
    pub problems: Vec<Diagnostic>,
    /// What to look at in those that could.
    pub warnings: Vec<Diagnostic>,
}

impl Documents {
    /// Reads files; `-` is standard input. A file named twice is read once.
    pub fn read(files: &[PathBuf], by: Option<&str>) -> Self {
        let mut documents = Self::default();
        let mut seen = BTreeSet::new();
        for path in files.iter().filter(|path| seen.insert(path.as_path())) {
            match read_file(path) {
                Ok(bytes) => documents.add(&path.display().to_string(), &bytes, by),
                Err(problem) => documents.refuse([problem]),
            }
        }
        if files.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
            let twice = Diagnostic::error("standard input is named twice, and can be read only once");
            documents.problems.push(twice.hint("name `-` once"));
            documents.bad += 1;
        }
        documents
    }

    /// Reads a document that is already in memory.
    pub fn add(&mut self, name: &str, bytes: &[u8], by: Option<&str>) {
        match transcript::read(name, bytes, &ReadOptions { by: by.map(str::to_owned) }) {
            Ok(read) => {
                self.good.push(read.output);
                self.warnings.extend(read.warnings);
            }
            Err(error) => self.refuse(error.diagnostics()),
        }
    }

    fn refuse(&mut self, problems: impl IntoIterator<Item = Diagnostic>) {
        self.bad += 1;
        self.problems.extend(problems);
    }
}

/// The folder that a list's paths are relative to.
fn folder_of(list: &Transcript) -> &Path {
    Path::new(&list.source.name).parent().unwrap_or(Path::new(""))
}

/// A photograph, or why it cannot be shown.
type Photo = Result<Arc<Art>, Diagnostic>;

/// The files of a folder of portraits, by the names they bear, spelt as in file names.
fn read_folder(dir: &Path) -> Result<BTreeMap<String, PathBuf>, Diagnostic> {
    let wrong = |e: io::Error| {
        Diagnostic::error(format!("cannot read the photographs in `{}`: {e}", dir.display()))
            .hint("`--photos` takes a folder of pictures named for speakers, such as `jin-xiangjun.jpg`")
    };
    let mut paths = std::fs::read_dir(dir)
        .map_err(wrong)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(wrong)?;
    // The order of a folder is the system's; of two files for one name the first by name is taken.
    paths.sort();
    let mut found = BTreeMap::new();
    for path in paths {
        if let Some(stem) = path.file_stem().and_then(|s| s.to_str()) {
            found.entry(plain(stem)).or_insert(path);
        }
    }
    Ok(found)
}

fn read_photo(path: &Path) -> Photo {
    let bytes = read_file(path)?;
    Art::from_photo(&path.display().to_string(), &bytes).map(Arc::new).map_err(|e| e.diagnostic())
}

/// The bytes of a file or of standard input.
fn read_file(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        return read
            .map(|_| bytes)
            .map_err(|e| Diagnostic::error(format!("cannot read standard input: {e}")));
    }
    let shown = path.display();
    std::fs::read(path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => Diagnostic::error(format!("no such file: `{shown}`")),
        io::ErrorKind::IsADirectory => Diagnostic::error(format!("`{shown}` is a folder"))
            .hint(format!("name the files in it: `{}`", path.join("*.txt").display())),
        io::ErrorKind::PermissionDenied => {
            Diagnostic::error(format!("cannot read `{shown}`: permission denied"))
        }
        _ => Diagnostic::error(format!("cannot read `{shown}`: {e}")),
    })
}

/// The quotes that match, from transcripts and lists together.
///
/// Their defaults differ (every row of a list is taken, in its order), so each kind is asked on its own; transcripts
/// come first then, unless the order is by score.
pub fn pick<'t>(
    documents: &'t SplitDocuments,
    args: &PickArgs,
    max_chars: usize,
) -> Result<Selection<'t>, Diagnostic> {
    let ask = |documents: &'t [Transcript], list: bool| {
        if documents.is_empty() {
            return None;
        }
        let mut selection = select(documents, &query(args, max_chars, list)).map_err(|e| e.diagnostic());
        if let (true, Ok(rows), Some(limit)) = (list && args.order.is_none(), &mut selection, args.limit) {
            cut(rows, limit);
        }
        if let (false, Ok(lines), None) = (list || args.turns, &mut selection, args.limit) {
            leave_procedure(lines);
        }
        Some(selection)
    };
    match (ask(&documents.transcripts, false), ask(&documents.lists, true)) {
        (None, None) => Ok(Selection::default()),
        (Some(one), None) | (None, Some(one)) => one,
        // A speaker need not be in both.
        (Some(Ok(one)), Some(Err(_))) | (Some(Err(_)), Some(Ok(one))) => Ok(one),
        (Some(Err(e)), Some(Err(_))) => Err(e),
        (Some(Ok(mut one)), Some(Ok(other))) => {
            one.picks.extend(other.picks);
            one.more += other.more;
            if args.order == Some(OrderArg::Best) {
                one.picks.sort_by(|a, b| b.score.total_cmp(&a.score));
            }
            if let Some(limit) = args.limit {
                cut(&mut one, limit);
            }
            Ok(one)
        }
    }
}

/// Nobody asked for so many: greetings, thanks and the like (score 0) are left out as long as something else matched.
fn leave_procedure(selection: &mut Selection<'_>) {
    let before = selection.picks.len();
    if selection.picks.iter().any(|pick| pick.score > 0.0) {
        selection.picks.retain(|pick| pick.score > 0.0);
    }
    selection.more += before - selection.picks.len();
}

/// Keeps the first `limit` quotes, 0: all, and counts the others.
fn cut(selection: &mut Selection<'_>, limit: usize) {
    if limit > 0 && limit < selection.picks.len() {
        selection.more += selection.picks.len() - limit;
        selection.picks.truncate(limit);
    }
}

/// Documents by the defaults that hold for them.
#[derive(Debug, Default)]
pub struct SplitDocuments {
    transcripts: Vec<Transcript>,
    lists: Vec<Transcript>,
}

impl From<Vec<Transcript>> for SplitDocuments {
    fn from(all: Vec<Transcript>) -> Self {
        let (lists, transcripts) = all.into_iter().partition(|t| t.is_list);
        Self { transcripts, lists }
    }
}

impl SplitDocuments {
    fn all(&self) -> impl Iterator<Item = &Transcript> {
        self.transcripts.iter().chain(&self.lists)
    }
}

/// What is asked of documents of one kind.
fn query(args: &PickArgs, max_chars: usize, list: bool) -> Query {
    let (min, max, limit, order) = if list {
        (0, 0, 0, Order::Source)
    } else {
        // A bound that was typed moves a default out of its way; whole turns are as long as they are.
        let max = if args.turns || args.min_chars.is_some_and(|min| min > max_chars) { 0 } else { max_chars };
        let min = match args.max_chars {
            Some(max) if max > 0 => DEFAULT_MIN_CHARS.min(max),
            _ => DEFAULT_MIN_CHARS,
        };
        (min, max, DEFAULT_LIMIT, Order::Best)
    };
    Query {
        speakers: args.speakers.clone(),
        keywords: args.keywords.clone(),
        all_keywords: args.all_keywords,
        min_chars: args.min_chars.unwrap_or(min),
        max_chars: args.max_chars.unwrap_or(max),
        limit: match args.limit {
            // The first rows of a list, not its best: its order is somebody's choice. See `pick`.
            Some(_) if list && args.order.is_none() => 0,
            typed => typed.unwrap_or(limit),
        },
        order: match args.order {
            Some(OrderArg::Best) => Order::Best,
            Some(OrderArg::Source) => Order::Source,
            None => order,
        },
        turns: args.turns,
    }
}

/// Everything that a plan points to.
#[derive(Debug)]
pub struct Inputs {
    /// What was read.
    pub documents: SplitDocuments,
    /// What to look at, nothing that stops a run.
    pub warnings: Vec<Diagnostic>,
    templates: Templates,
    asked_templates: Vec<usize>,
    sizes: Vec<SizeChoice>,
    brand: Brand,
    photos: BTreeMap<PathBuf, Photo>,
    /// Photographs of `--photos` by their speakers' names.
    portraits: BTreeMap<String, PathBuf>,
    carousel: CarouselArg,
    fonts: FontBook,
    options: card::Options,
    pattern: Option<Pattern>,
    earlier: Option<Manifest>,
}

impl Inputs {
    /// Reads and checks all that was named, and tries the output folder.
    ///
    /// # Errors
    ///
    /// All that is wrong, together.
    pub fn gather(args: &RenderArgs) -> Result<Self, Vec<Diagnostic>> {
        let documents = Documents::read(&args.files, args.pick.by.as_deref());
        Self::with_documents(documents, &args.look, &args.out)
    }

    /// The same with documents that were read already.
    ///
    /// # Errors
    ///
    /// All that is wrong, together.
    pub fn with_documents(
        documents: Documents,
        look: &LookArgs,
        out: &OutArgs,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = documents.problems;
        let documents_are_whole = problems.is_empty();
        let mut templates = Templates::default();
        let asked = if look.templates.is_empty() { &[DEFAULT_TEMPLATE.to_owned()] } else { &*look.templates };
        let mut asked_templates = Vec::new();
        for name in asked {
            match templates.load(name, Path::new("")) {
                Ok(index) if asked_templates.contains(&index) => {}
                Ok(index) => asked_templates.push(index),
                Err(several) => problems.extend(several),
            }
        }
        let mut sizes: Vec<SizeChoice> = Vec::new();
        for name in &look.sizes {
            match size(name) {
                Ok(size) if sizes.contains(&size) => {}
                Ok(size) => sizes.push(size),
                Err(problem) => problems.push(problem),
            }
        }
        let mut brand = Brand::default();
        match look.brand.as_deref().map(load_brand) {
            None => {}
            Some(Ok(kit)) => brand = kit,
            Some(Err(several)) => problems.extend(several),
        }
        let mut keep = |result: Result<(), Diagnostic>| problems.extend(result.err());
        let mut fonts = FontBook::builtin();
        for path in &look.font_fallbacks {
            keep(read_file(path).and_then(|bytes| {
                fonts.add_fallback(&path.display().to_string(), bytes).map_err(|e| e.diagnostic())
            }));
        }
        let mut pattern = None;
        if let Some(name) = &out.name {
            keep(name.parse().map(|p| pattern = Some(p)).map_err(|e| bad_pattern(name, &e)));
        }
        let mut options =
            card::Options { highlight: highlight(&look.highlights), ..card::Options::default() };
        for role in &look.roles {
            keep(name_and_role(role).map(|pair| options.roles.push(pair)));
        }
        let mut portraits = BTreeMap::new();
        keep(look.photos.as_deref().map_or(Ok(()), |dir| read_folder(dir).map(|found| portraits = found)));
        let mut earlier = None;
        keep(try_out(out).and_then(|()| earlier_manifest(out).map(|m| earlier = m)));
        let warnings = documents.warnings;
        let documents = SplitDocuments::from(documents.good);
        if documents_are_whole {
            for (name, _) in &mut options.roles {
                match full_name(&documents, name) {
                    Ok(full) => *name = full,
                    Err(problem) => problems.push(problem),
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut photos = BTreeMap::new();
        for list in &documents.lists {
            let folder = folder_of(list);
            for row in list.turns.iter().filter_map(|turn| turn.request.as_deref()) {
                // A row's template or photograph that cannot be had fails that row's cards, not the run.
                if let Some(name) = &row.template {
                    let _ = templates.load(name, folder);
                }
                if let Some(photo) = &row.photo {
                    photos.entry(folder.join(photo)).or_insert_with_key(|path| read_photo(path));
                }
            }
        }
        let speakers: BTreeSet<String> =
            documents.all().flat_map(|t| &t.people).filter(|p| p.speaks).map(|p| plain(&p.name)).collect();
        portraits.retain(|name, path| {
            // Only of those who speak: a folder may hold a whole cabinet.
            let wanted = speakers.contains(name);
            if wanted {
                photos.entry(path.clone()).or_insert_with_key(|path| read_photo(path));
            }
            wanted
        });
        Ok(Self {
            documents,
            warnings,
            templates,
            asked_templates,
            sizes,
            brand,
            fonts,
            options,
            pattern,
            earlier,
            photos,
            portraits,
            carousel: look.carousel,
        })
    }

    /// The longest quote that fits every template and size that was asked for.
    fn max_chars(&self) -> usize {
        let of_template = |&index: &usize| {
            let template = &self.templates.loaded[index];
            let sizes = self.sizes_for(template, &[]).unwrap_or_default();
            sizes.into_iter().filter_map(|size| template.max_chars(size.size.class())).min()
        };
        self.asked_templates.iter().filter_map(of_template).min().unwrap_or(QUOTES_MAX_CHARS)
    }

    /// The sizes a template is set in: the row's own, else those asked for, else the template's default.
    fn sizes_for(&self, template: &Template, row: &[SizeChoice]) -> Result<Vec<SizeChoice>, Diagnostic> {
        let classes: Vec<Class> = template.classes().collect();
        let named = |class: Class| SIZES.iter().find(|row| row.name == class.name());
        let sizes = if !row.is_empty() {
            row.to_vec()
        } else if !self.sizes.is_empty() {
            self.sizes.clone()
        } else {
            // `square`, or the only class the template states.
            let class = if let [only] = classes[..] { only } else { Class::Square };
            let choice = named(class).map(|row| SizeChoice { name: row.name.to_owned(), size: row.size });
            choice.into_iter().collect()
        };
        match sizes.iter().find(|size| !classes.contains(&size.size.class())) {
            None => Ok(sizes),
            Some(size) => {
                let class = size.size.class().name();
                let has: Vec<String> = classes.iter().map(|c| format!("`{}`", c.name())).collect();
                let message = format!(
                    "template `{}` has no {class} form, which size `{}` needs",
                    template.name(),
                    size.name
                );
                Err(Diagnostic::error(message)
                    .hint(format!("it has {}: choose another with `--size`", has.join(", "))))
            }
        }
    }
}

/// Templates by the name they were asked for; each is loaded once, and a failure is kept too.
#[derive(Debug, Default)]
struct Templates {
    loaded: Vec<Template>,
    by_name: BTreeMap<PathBuf, Result<usize, Vec<Diagnostic>>>,
}

impl Templates {
    /// The index of a template: an embedded one by name, or a folder relative to `base`.
    fn load(&mut self, asked: &str, base: &Path) -> Result<usize, Vec<Diagnostic>> {
        let key = Self::key(asked, base);
        if let Some(known) = self.by_name.get(&key) {
            return known.clone();
        }
        let template = match Template::builtin(asked) {
            Some(template) => Ok(template),
            None if key.as_os_str() != asked || key.is_dir() => load_template(&key),
            None => Err(vec![unknown_template(asked)]),
        };
        let result = template.map(|template| {
            self.loaded.push(template);
            self.loaded.len() - 1
        });
        self.by_name.insert(key, result.clone());
        result
    }

    /// What a row asks for, once it was loaded.
    fn get(&self, asked: &str, base: &Path) -> Result<usize, Diagnostic> {
        // A folder given with `--template` may be named in a row by its template's name.
        let by_own_name = || self.loaded.iter().position(|template| template.name() == asked);
        match self.by_name.get(&Self::key(asked, base)) {
            Some(Ok(index)) => Ok(*index),
            Some(Err(problems)) => by_own_name().ok_or_else(|| first(problems)),
            None => by_own_name().ok_or_else(|| unknown_template(asked)),
        }
    }

    /// A bare name stands for itself; whatever has a separator is a path.
    fn key(asked: &str, base: &Path) -> PathBuf {
        // Asked of every row, so by name only: building a template each time would cost more than its cards.
        if template_names().contains(&asked) {
            return PathBuf::from(asked);
        }
        let path_like = asked.contains(['/', '\\']) || asked == "." || asked == "..";
        let below = base.join(asked);
        // `./` in front tells a path from a name that is not known, and does no harm to one.
        if path_like || below.is_dir() { Path::new(".").join(below) } else { PathBuf::from(asked) }
    }
}

/// The names of the embedded templates.
pub fn template_names() -> Vec<&'static str> {
    builtin_names().collect()
}

fn unknown_template(asked: &str) -> Diagnostic {
    let names = template_names();
    let more = ", or the path of a folder with a `template.toml`";
    suggest(Diagnostic::error(format!("unknown template `{asked}`")), asked, &names, more)
}

fn load_template(folder: &Path) -> Result<Template, Vec<Diagnostic>> {
    let shown = folder.strip_prefix(".").unwrap_or(folder).display().to_string();
    if !folder.is_dir() {
        return Err(vec![Diagnostic::error(format!("no such template folder: `{shown}`")).hint(
            "name an embedded template (`pullquote list templates`) or a folder with a `template.toml`",
        )]);
    }
    Template::from_files(&shown, &|file: &str| std::fs::read(folder.join(file))).map_err(|e| e.diagnostics())
}

/// A kit: a file, or the `brand.toml` of a folder; what it names lies beside it.
fn load_brand(path: &Path) -> Result<Brand, Vec<Diagnostic>> {
    let file = if path.is_dir() { path.join("brand.toml") } else { path.to_owned() };
    let shown = file.display().to_string();
    if !file.exists() {
        return Err(vec![
            Diagnostic::error(format!("no such brand kit: `{shown}`"))
                .hint("give `--brand` a kit's file, or a folder with a `brand.toml`"),
        ]);
    }
    let folder = file.parent().unwrap_or(Path::new(""));
    // The kit itself is asked for by the name that messages show; the rest relative to it.
    Brand::from_files(&shown, &|name: &str| {
        if name == shown { std::fs::read(&file) } else { std::fs::read(folder.join(name)) }
    })
    .map_err(|e| e.diagnostics())
}

/// One problem to stand for several, where there is room for one: a card fails once.
fn first(problems: &[Diagnostic]) -> Diagnostic {
    let first = problems.first().cloned().unwrap_or_else(|| Diagnostic::error("it cannot be used"));
    match problems.len() {
        0 | 1 => first,
        n => first.hint(format!("{} more problems: try it with `--template` to see them all", n - 1)),
    }
}

fn size(name: &str) -> Result<SizeChoice, Diagnostic> {
    name.parse().map_err(|error: SizeError| {
        let problem = Diagnostic::error(error.to_string());
        match error {
            SizeError::Unknown(_) => {
                let names: Vec<&str> = SIZES.iter().map(|row| row.name).collect();
                suggest(problem, name, &names, ", or `WIDTHxHEIGHT`")
            }
            SizeError::OutOfRange(_) => problem.hint("give `--size` sides within that range, or a name"),
        }
    })
}

fn highlight(asked: &[String]) -> card::Highlight {
    match asked {
        [] => card::Highlight::Auto,
        [one] if one == "auto" => card::Highlight::Auto,
        [one] if one == "none" => card::Highlight::None,
        words => card::Highlight::Words(words.to_vec()),
    }
}

fn name_and_role(asked: &str) -> Result<(String, String), Diagnostic> {
    match asked.split_once('=').map(|(name, role)| (name.trim(), role.trim())) {
        Some((name, role)) if !name.is_empty() && !role.is_empty() => Ok((name.to_owned(), role.to_owned())),
        _ => Err(Diagnostic::error(format!("`--role {asked}` names no role"))
            .hint("write `--role \"NAME=ROLE\"`, such as `--role \"Lu Zhiheng=Governor of Yunze\"`")),
    }
}

/// Whom `--role NAME=…` means: the full name, since any part of it may be typed.
///
/// Nobody is an error: the role would be dropped in silence. Several are one too: a wrong title is worse than none.
fn full_name(documents: &SplitDocuments, asked: &str) -> Result<String, Diagnostic> {
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

fn bad_pattern(asked: &str, error: &PatternError) -> Diagnostic {
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
fn try_out(out: &OutArgs) -> Result<(), Diagnostic> {
    if out.dry_run { Ok(()) } else { try_folder(&out.out).map_err(|e| e.diagnostic()) }
}

/// What an earlier run left in the folder. A foreign file of that name stops us, unless forced.
fn earlier_manifest(out: &OutArgs) -> Result<Option<Manifest>, Diagnostic> {
    let path = out.out.join(manifest::FILE_NAME);
    let problem = match std::fs::read(&path) {
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Ok(bytes) => match Manifest::from_json(&bytes) {
            Ok(manifest) => return Ok(Some(manifest)),
            Err(e) => format!("`{}` exists and is no manifest of ours: {e}", path.display()),
        },
        Err(e) => format!("`{}` exists and cannot be read: {e}", path.display()),
    };
    if out.force {
        return Ok(None);
    }
    Err(Diagnostic::error(problem).hint("write elsewhere with `--out DIR`, or overwrite it with `--force`"))
}

/// A quote and the looks it is wanted in.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The words.
    pub pick: Pick<'a>,
    /// Names of template and size, where this quote overrides the flags.
    pub template: Option<&'a str>,
    /// See `template`.
    pub size: Option<&'a str>,
}

/// What will be done.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The cards, and all they need.
    pub batch: Batch<'a>,
    /// The folder they go to.
    pub out: &'a Path,
    /// How many more quotes matched than the limit let through.
    pub more: usize,
    /// What was asked, for the manifest.
    pub settings: Settings,
    /// What an earlier run left in the folder.
    pub earlier: Option<&'a Manifest>,
    /// What to look at, nothing that stops the run.
    pub warnings: Vec<Diagnostic>,
}

impl<'a> Plan<'a> {
    /// Picks the quotes and plans their cards; `None` where no quote matched.
    ///
    /// # Errors
    ///
    /// All that is wrong, together.
    pub fn new(inputs: &'a Inputs, args: &'a RenderArgs) -> Result<Option<Self>, Vec<Diagnostic>> {
        let selection = pick(&inputs.documents, &args.pick, inputs.max_chars()).map_err(|e| vec![e])?;
        let wanted = selection.picks.into_iter().map(|pick| {
            // The row outlives the pick: it belongs to the transcript.
            let row = pick.quote.transcript().turns[pick.quote.turn_index()].request.as_deref();
            let (template, size) = row.map_or((None, None), |r| (r.template.as_deref(), r.size.as_deref()));
            Wanted { pick, template, size }
        });
        let wanted: Vec<Wanted<'a>> = wanted.collect();
        if wanted.is_empty() {
            return Ok(None);
        }
        let mut plan = Self::of_wanted(inputs, wanted, &args.pick, &args.look, &args.out)?;
        plan.more = selection.more;
        Ok(Some(plan))
    }

    /// Plans the cards of quotes that are picked already.
    ///
    /// # Errors
    ///
    /// All that is wrong, together.
    pub fn of_wanted(
        inputs: &'a Inputs,
        wanted: Vec<Wanted<'a>>,
        pick: &PickArgs,
        look: &LookArgs,
        out: &'a OutArgs,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut stages = Stages { inputs, stages: Vec::new(), known: BTreeMap::new() };
        // What the flags ask for must work, also where every row overrides it.
        let mut problems: Vec<Diagnostic> = stages.asked().into_iter().filter_map(Result::err).collect();
        problems.dedup();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut warnings = repeated_ids(&wanted);
        warnings.extend(highlights_of_no_quote(&inputs.options.highlight, &wanted));
        let jobs = jobs(&mut stages, wanted, inputs.pattern.as_ref());
        if !out.force {
            problems.extend(foreign_files(&jobs, &out.out, inputs.earlier.as_ref()));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let batch = Batch {
            stages: stages.stages,
            jobs,
            brand: &inputs.brand,
            fonts: &inputs.fonts,
            options: &inputs.options,
        };
        Ok(Self {
            batch,
            out: &out.out,
            more: 0,
            settings: settings(inputs, pick, look, out),
            earlier: inputs.earlier.as_ref(),
            warnings,
        })
    }
}

/// Templates at sizes, each bound once.
struct Stages<'a> {
    inputs: &'a Inputs,
    stages: Vec<Stage<'a>>,
    known: BTreeMap<(usize, SizeChoice, Direction), Result<usize, Diagnostic>>,
}

impl<'a> Stages<'a> {
    /// The parts of a quote that runs over several cards; `None` where one is enough, or where it cannot be split.
    fn parts(&self, quote: &Quote<'_>, stage: usize) -> Option<Arc<[Range<usize>]>> {
        let (text, lang) = (quote.text(), quote.lang());
        let story = self.stages[stage].size.size.class() == Class::Story;
        let wished = match self.inputs.carousel {
            CarouselArg::Never => return None,
            CarouselArg::Auto => parts::count_for(chars(text), story),
            CarouselArg::Always => parts::count_for(chars(text), story).max(parts::FEWEST_PARTS),
        };
        (parts::FEWEST_PARTS..=wished).rev().find_map(|count| parts::parts(text, lang, count)).map(Arc::from)
    }

    /// The row's photograph, where its template shows one.
    fn photo(&self, quote: &Quote<'_>, stage: &Result<usize, Diagnostic>) -> Option<Photo> {
        let shown = stage.as_ref().is_ok_and(|&i| self.stages[i].template.shows_photo());
        let row = quote.turn().request.as_deref().and_then(|r| r.photo.as_deref());
        let path = row.map(|photo| folder_of(quote.transcript()).join(photo));
        let path = path.or_else(|| self.inputs.portraits.get(&plain(&quote.speaker().name)).cloned());
        path.filter(|_| shown).and_then(|path| self.inputs.photos.get(&path).cloned())
    }

    /// The stages that the flags ask for, template by template.
    fn asked(&mut self) -> Vec<Result<usize, Diagnostic>> {
        let inputs = self.inputs;
        inputs.asked_templates.iter().flat_map(|&template| self.of_template(template, &[], Direction::default())).collect()
    }

    /// The stages of one quote.
    fn of(&mut self, wanted: &Wanted<'a>) -> Vec<Result<usize, Diagnostic>> {
        let inputs = self.inputs;
        let direction = wanted.pick.quote.direction();
        let row_size = match wanted.size.map(size).transpose() {
            Ok(row_size) => Vec::from_iter(row_size),
            Err(problem) => return vec![Err(problem)],
        };
        match wanted.template {
            Some(name) => {
                let list = Path::new(&wanted.pick.quote.transcript().source.name);
                match inputs.templates.get(name, list.parent().unwrap_or(Path::new(""))) {
                    Ok(template) => self.of_template(template, &row_size, direction),
                    Err(problem) => vec![Err(problem)],
                }
            }
            None => {
                inputs.asked_templates.iter().flat_map(|&t| self.of_template(t, &row_size, direction)).collect()
            }
        }
    }

    fn of_template(
        &mut self,
        index: usize,
        row_size: &[SizeChoice],
        direction: Direction,
    ) -> Vec<Result<usize, Diagnostic>> {
        let template = &self.inputs.templates.loaded[index];
        match self.inputs.sizes_for(template, row_size) {
            Ok(sizes) => sizes.into_iter().map(|size| self.bind(index, size, direction)).collect(),
            Err(problem) => vec![Err(problem)],
        }
    }

    fn bind(&mut self, index: usize, size: SizeChoice, direction: Direction) -> Result<usize, Diagnostic> {
        let inputs = self.inputs;
        let template = &inputs.templates.loaded[index];
        let stages = &mut self.stages;
        let bind = || {
            let look = Look::new(template, &size, &inputs.brand, &inputs.fonts)
                .map_err(|e| first(&e.diagnostics()))?
                .facing(direction);
            let ground = layout::ground(&look, &inputs.fonts).map_err(|e| e.diagnostic())?;
            stages.push(Stage { template, size: size.clone(), look, ground });
            Ok(stages.len() - 1)
        };
        self.known.entry((index, size.clone(), direction)).or_insert_with(bind).clone()
    }
}

/// The cards in order: quotes as picked, each in its templates, each of those in its sizes.
fn jobs<'a>(stages: &mut Stages<'a>, wanted: Vec<Wanted<'a>>, pattern: Option<&Pattern>) -> Vec<Job<'a>> {
    let built_in = |pattern: &str| pattern.parse::<Pattern>().expect("our own patterns are sound");
    let (default, by_id, by_id_and_look) =
        (built_in(DEFAULT_PATTERN), built_in(ID_PATTERN), built_in(ID_LOOK_PATTERN));
    let count = wanted.len();
    let mut names = Names::default();
    let mut jobs = Vec::new();
    for (index, wanted) in wanted.into_iter().enumerate() {
        let targets = stages.of(&wanted);
        let quote = &wanted.pick.quote;
        let has_own_id =
            quote.transcript().is_list && quote.turn().request.as_deref().is_some_and(|r| r.id.is_some());
        let pattern = pattern.unwrap_or(match (has_own_id, targets.len()) {
            (true, 1) => &by_id,
            (true, _) => &by_id_and_look,
            (false, _) => &default,
        });
        let (event, matched, id) = (event_of(&wanted.pick), matched_ranges(&wanted.pick), quote.id());
        for stage in targets {
            // A card without a template has no picture to name.
            let name = stage.as_ref().ok().map(|&i| {
                let stage: &Stage<'_> = &stages.stages[i];
                pattern.fill(&Fields {
                    date: quote.date().map(ToString::to_string),
                    number: index + 1,
                    count,
                    speaker: &quote.speaker().name,
                    text: quote.text(),
                    template: stage.template.name(),
                    size: &stage.size.name,
                    id: &id,
                    event,
                })
            });
            let parts = stage.as_ref().ok().and_then(|&i| stages.parts(quote, i));
            for index in 0..parts.as_ref().map_or(1, |parts| parts.len()) {
                let file = match (&name, &parts) {
                    (None, _) => String::new(),
                    (Some(name), None) => names.unique(name),
                    (Some(name), Some(_)) => {
                        let stem = name.strip_suffix(".png").unwrap_or(name);
                        names.unique(&format!("{stem}-{}.png", index + 1))
                    }
                };
                jobs.push(Job {
                    photo: stages.photo(quote, &stage),
                    quote: quote.clone(),
                    matched: matched.clone(),
                    event,
                    stage: stage.clone(),
                    part: parts.clone().map(|parts| (index, parts)),
                    file,
                });
            }
        }
    }
    jobs
}

/// Two rows of one id get two names, but whoever looks a card up by its id should know.
fn repeated_ids(wanted: &[Wanted<'_>]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let own_id = |w: &Wanted<'_>| {
        let quote = &w.pick.quote;
        quote.transcript().turns[quote.turn_index()].request.as_deref().is_some_and(|r| r.id.is_some())
    };
    let ids: Vec<String> = wanted.iter().filter(|w| own_id(w)).map(|w| w.pick.quote.id()).collect();
    for id in &ids {
        *seen.entry(id).or_default() += 1;
    }
    seen.into_iter()
        .filter(|&(_, count)| count > 1)
        .map(|(id, count)| {
            Diagnostic::warning(format!("{count} rows have the id `{id}`"))
                .hint("their files are told apart by a number; give each row an id of its own")
        })
        .collect()
}

/// Words to emphasise that no quote has: a slip of the pen would go unseen until somebody looks at the cards.
fn highlights_of_no_quote(asked: &card::Highlight, wanted: &[Wanted<'_>]) -> Vec<Diagnostic> {
    let card::Highlight::Words(words) = asked else { return Vec::new() };
    let stands_in = |words: &&String| wanted.iter().any(|w| find_words(w.pick.quote.text(), words).is_some());
    let missing = words.iter().filter(|words| !stands_in(words));
    missing
        .map(|words| {
            Diagnostic::warning(format!("`--highlight {words}` is in no quote"))
                .hint("copy the words from a quote, one `--highlight` for each phrase")
        })
        .collect()
}

/// Files that would be overwritten and that no manifest of ours names.
fn foreign_files(jobs: &[Job<'_>], out: &Path, earlier: Option<&Manifest>) -> Option<Diagnostic> {
    /// As many as a person reads; the rest is counted.
    const SHOWN: usize = 3;
    let ours: BTreeSet<&str> =
        earlier.into_iter().flat_map(|m| &m.cards).map(|card| card.file.as_str()).collect();
    let in_the_way = |file: &&str| !ours.contains(file) && out.join(file).symlink_metadata().is_ok();
    let foreign: Vec<String> = jobs
        .iter()
        .map(|job| job.file.as_str())
        .filter(|file| !file.is_empty())
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

fn settings(inputs: &Inputs, pick: &PickArgs, look: &LookArgs, out: &OutArgs) -> Settings {
    Settings {
        program: concat!("pullquote ", env!("CARGO_PKG_VERSION")).to_owned(),
        query: QuerySettings {
            speakers: pick.speakers.clone(),
            keywords: pick.keywords.clone(),
            all_keywords: pick.all_keywords,
            min_chars: pick.min_chars,
            max_chars: pick.max_chars,
            limit: pick.limit,
            order: pick.order.map(|order| match order {
                OrderArg::Best => "best".to_owned(),
                OrderArg::Source => "source".to_owned(),
            }),
            turns: pick.turns,
            by: pick.by.clone(),
        },
        templates: inputs
            .asked_templates
            .iter()
            .map(|&i| inputs.templates.loaded[i].name().to_owned())
            .collect(),
        sizes: inputs.sizes.iter().map(|size| size.name.clone()).collect(),
        brand: inputs.brand.name.clone(),
        highlight: if look.highlights.is_empty() { vec!["auto".to_owned()] } else { look.highlights.clone() },
        roles: inputs.options.roles.iter().map(|(name, role)| [name.clone(), role.clone()]).collect(),
        name: out.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_taken_whole_and_transcripts_by_the_best_ten() {
        let args = PickArgs::default();
        let transcript = query(&args, 320, false);
        assert_eq!((transcript.min_chars, transcript.max_chars, transcript.limit), (40, 320, 10));
        assert_eq!(transcript.order, Order::Best);
        let list = query(&args, 320, true);
        assert_eq!((list.min_chars, list.max_chars, list.limit), (0, 0, 0));
        assert_eq!(list.order, Order::Source);
    }

    #[test]
    fn a_bound_that_was_typed_moves_a_default_out_of_its_way() {
        let long = query(&PickArgs { min_chars: Some(400), ..PickArgs::default() }, 320, false);
        assert_eq!((long.min_chars, long.max_chars), (400, 0));
        let short = query(&PickArgs { max_chars: Some(30), ..PickArgs::default() }, 320, false);
        assert_eq!((short.min_chars, short.max_chars), (30, 30));
        let turns = query(&PickArgs { turns: true, ..PickArgs::default() }, 320, false);
        assert_eq!(turns.max_chars, 0);
    }

    #[test]
    fn highlights_and_roles() {
        let given = |words: &[&str]| highlight(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(given(&[]), card::Highlight::Auto);
        assert_eq!(given(&["none"]), card::Highlight::None);
        assert_eq!(given(&["clean energy"]), card::Highlight::Words(vec!["clean energy".into()]));
        assert_eq!(name_and_role("Lu = Governor").unwrap(), ("Lu".into(), "Governor".into()));
        assert_eq!(name_and_role("Lu").unwrap_err().message, "`--role Lu` names no role");
    }

    #[test]
    fn unknown_names_are_told_with_a_guess() {
        let told = unknown_template("broadshet");
        assert_eq!(told.message, "unknown template `broadshet`");
        assert_eq!(told.hints[0], "did you mean `broadsheet`?");
        let told = size("sqare").unwrap_err();
        assert_eq!(told.message, "unknown size `sqare`");
        assert_eq!(
            told.hints,
            [
                "did you mean `square`?",
                "there are `square`, `landscape`, `story`, `portrait`, `wide`, `pin`, `linkedin`, or `WIDTHxHEIGHT`"
            ]
        );
        assert_eq!(
            size("100x9000").unwrap_err().message,
            "size `100x9000` is out of range: each side is 320 to 4096 px"
        );
    }
}
