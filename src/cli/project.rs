//! The project file: `pullquote.toml`, found upwards from the working directory, says once what would be typed every
//! time. Each key is a flag's name, with `_` for `-`; what is typed wins.

use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use pullquote::diag::Diagnostic;
use pullquote::select::Span;
use pullquote::template::builtin_names;
use pullquote::transcript::{InputFormat, UnknownFormat};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::de::DeTable;

use super::args::{
    AltArg, CarouselArg, Command, CompressArg, FitArg, LookArgs, MetadataArg, OrderArg, OutArgs, PickArgs,
    ReadingArgs, TemplateCommand, alt_limit, span,
};
use super::suggest::nearest;

/// What the file is called.
pub const FILE_NAME: &str = "pullquote.toml";

/// Its keys, for "did you mean"; serde refuses what is not among them.
const KEYS: [&str; 36] = [
    "speaker",
    "not_speaker",
    "keyword",
    "regex",
    "all_keywords",
    "between",
    "questions",
    "any_passage",
    "min_chars",
    "max_chars",
    "limit",
    "order",
    "turns",
    "trim",
    "by",
    "input_format",
    "label",
    "speakers",
    "template",
    "size",
    "brand",
    "photos",
    "carousel",
    "fit",
    "numbering",
    "highlight",
    "role",
    "phrases",
    "font_fallback",
    "out",
    "name",
    "jobs",
    "compress",
    "metadata",
    "alt",
    "alt_limit",
];

/// Keys of a kit that somebody may look for here.
const KIT_KEYS: [&str; 7] = ["logo", "colors", "fonts", "photo", "kicker", "seal", "corners"];

/// A whole `pullquote.toml`. Paths are relative to it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Where it was found: a path from the working directory, empty for that itself.
    #[serde(skip)]
    folder: PathBuf,
    /// `--speaker`.
    #[serde(default)]
    speaker: Words,
    /// `--not-speaker`.
    #[serde(default)]
    not_speaker: Words,
    /// `--keyword`.
    #[serde(default)]
    keyword: Words,
    /// `--regex`.
    #[serde(default)]
    regex: Words,
    /// `--all-keywords`.
    #[serde(default)]
    all_keywords: bool,
    /// `--between`.
    between: Option<Days>,
    /// `--questions`.
    #[serde(default)]
    questions: bool,
    /// `--any-passage`.
    #[serde(default)]
    any_passage: bool,
    /// `--min-chars`.
    min_chars: Option<usize>,
    /// `--max-chars`.
    max_chars: Option<usize>,
    /// `--limit`.
    limit: Option<usize>,
    /// `--order`.
    order: Option<OrderArg>,
    /// `--turns`.
    #[serde(default)]
    turns: bool,
    /// `--trim`.
    #[serde(default)]
    trim: bool,
    /// `--by`.
    by: Option<String>,
    /// `--input-format`.
    input_format: Option<FormatName>,
    /// `--label`.
    label: Option<String>,
    /// `--speakers`: a file.
    speakers: Option<PathBuf>,
    /// `--template`: names, or folders.
    #[serde(default)]
    template: Words,
    /// `--size`.
    #[serde(default)]
    size: Words,
    /// `--brand`: a kit's file or folder.
    brand: Option<PathBuf>,
    /// `--photos`: a folder.
    photos: Option<PathBuf>,
    /// `--carousel`.
    carousel: Option<CarouselArg>,
    /// `--fit`.
    fit: Option<FitArg>,
    /// `--numbering`.
    #[serde(default)]
    numbering: bool,
    /// `--highlight`.
    #[serde(default)]
    highlight: Words,
    /// `--role`.
    #[serde(default)]
    role: Words,
    /// `--phrases`: a file.
    phrases: Option<PathBuf>,
    /// `--font-fallback`: files.
    #[serde(default)]
    font_fallback: Words,
    /// `--out`: a folder.
    out: Option<PathBuf>,
    /// `--name`.
    name: Option<String>,
    /// `--jobs`.
    jobs: Option<NonZeroUsize>,
    /// `--compress`.
    compress: Option<CompressArg>,
    /// `--metadata`.
    metadata: Option<MetadataArg>,
    /// `--alt`.
    alt: Option<AltArg>,
    /// `--alt-limit`.
    alt_limit: Option<AltLimit>,
}

/// The longest alt text: a platform, or a number.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "PlatformOrNumber")]
struct AltLimit(usize);

/// As it is written.
#[derive(Deserialize)]
#[serde(untagged, expecting = "write a platform's name, or a number of characters")]
enum PlatformOrNumber {
    Platform(String),
    Number(usize),
}

impl TryFrom<PlatformOrNumber> for AltLimit {
    type Error = String;

    fn try_from(asked: PlatformOrNumber) -> Result<Self, String> {
        match asked {
            PlatformOrNumber::Platform(name) => alt_limit(&name),
            PlatformOrNumber::Number(limit) => alt_limit(&limit.to_string()),
        }
        .map(Self)
    }
}

/// A span of days.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct Days(pub Span);

impl TryFrom<String> for Days {
    type Error = String;

    fn try_from(asked: String) -> Result<Self, String> {
        span(&asked).map(Self)
    }
}

/// The name of an input format.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct FormatName(pub InputFormat);

impl TryFrom<String> for FormatName {
    type Error = String;

    fn try_from(asked: String) -> Result<Self, String> {
        asked.parse().map(Self).map_err(|error: UnknownFormat| {
            let names = InputFormat::ALL.map(InputFormat::name);
            match nearest(&asked, &names) {
                Some(near) => format!("{error}; did you mean `{near}`?"),
                None => format!("{error}; there are {}", names.map(|name| format!("`{name}`")).join(", ")),
            }
        })
    }
}

/// What a repeatable flag takes: one, or a list.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "write a string, or a list of strings")]
#[schemars(title = "a string, or a list of strings")]
pub enum Words {
    /// Nothing said.
    #[default]
    #[serde(skip)]
    None,
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Words {
    /// All of them.
    pub fn list(&self) -> &[String] {
        match self {
            Self::None => &[],
            Self::One(word) => std::slice::from_ref(word),
            Self::Many(words) => words,
        }
    }

    /// Fills a flag that was not typed.
    pub fn fill(&self, flag: &mut Vec<String>) {
        if flag.is_empty() {
            flag.extend_from_slice(self.list());
        }
    }
}

impl Project {
    /// The project file of the working directory or of the nearest folder above it; `None` where there is none.
    ///
    /// # Errors
    ///
    /// One that cannot be read, or says what it must not; all at once.
    pub fn find() -> Result<Option<Self>, Vec<Diagnostic>> {
        let Ok(here) = std::env::current_dir() else { return Ok(None) };
        // Named from here, as a person would: `../pullquote.toml`.
        let mut folder = PathBuf::new();
        for _ in here.ancestors() {
            let path = folder.join(FILE_NAME);
            match std::fs::read(&path) {
                Ok(bytes) => return Self::read(folder, &path, &bytes).map(Some),
                Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::IsADirectory) => {}
                Err(e) => {
                    let told = Diagnostic::error(format!("cannot read `{}`: {e}", path.display()));
                    return Err(vec![told.hint("`--no-project` goes without it")]);
                }
            }
            folder.push("..");
        }
        Ok(None)
    }

    fn read(folder: PathBuf, path: &Path, bytes: &[u8]) -> Result<Self, Vec<Diagnostic>> {
        let shown = path.display();
        let text = std::str::from_utf8(bytes)
            .map_err(|e| vec![Diagnostic::error(format!("not UTF-8: {e}")).at(shown.to_string())])?;
        let at = |start: usize| {
            let before = &text[..start.min(text.len())];
            let line_start = before.rfind('\n').map_or(0, |i| i + 1);
            let column = before[line_start..].chars().count() + 1;
            format!("{shown}:{}:{column}", before.matches('\n').count() + 1)
        };
        let broken = |e: &toml::de::Error| {
            let place = e.span().map_or(shown.to_string(), |span| at(span.start));
            vec![Diagnostic::error(e.message().replace('\n', " ")).at(place)]
        };
        let tree = DeTable::parse(text).map_err(|e| broken(&e))?;
        let mut keys: Vec<_> = tree.get_ref().iter().collect();
        keys.sort_by_key(|(key, _)| key.span().start);
        let problems: Vec<Diagnostic> = keys
            .into_iter()
            .filter_map(|(key, value)| {
                let name = key.get_ref().as_ref();
                if !KEYS.contains(&name) {
                    return Some(unknown(name).at(at(key.span().start)));
                }
                // Each key on its own, so that one mistake does not hide the next.
                let alone = format!("{name} = {}", &text[value.span()]);
                let wrong = toml::from_str::<Self>(&alone).err()?;
                let message = format!("`{name}`: {}", wrong.message().replace('\n', " "));
                Some(Diagnostic::error(message).at(at(value.span().start)))
            })
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let read: Self = toml::from_str(text).map_err(|e| broken(&e))?;
        Ok(Self { folder, ..read })
    }

    /// Its path from the working directory.
    pub fn path(&self) -> PathBuf {
        self.folder.join(FILE_NAME)
    }

    /// Fills what was not typed.
    pub fn fill(&self, command: &mut Command) {
        match command {
            Command::Read(args) => self.fill_reading(&mut args.reading),
            Command::Verify(args) => {
                self.fill_reading(&mut args.reading);
                args.brand = args.brand.take().or_else(|| self.seen_from_here(self.brand.as_ref()));
            }
            Command::Quotes(args) => {
                self.fill_pick(&mut args.pick);
                args.trim |= self.trim;
            }
            Command::Render(args) => {
                self.fill_pick(&mut args.pick);
                self.fill_look(&mut args.look);
                self.fill_out(&mut args.out);
            }
            Command::Template { command: TemplateCommand::Preview(args) } => {
                args.brand = args.brand.take().or_else(|| self.seen_from_here(self.brand.as_ref()));
            }
            _ => {}
        }
    }

    fn fill_pick(&self, pick: &mut PickArgs) {
        self.speaker.fill(&mut pick.speakers);
        self.not_speaker.fill(&mut pick.not_speakers);
        // Keywords and regular expressions are one question, and whether all must be met belongs to it.
        if pick.keywords.is_empty() && pick.regexes.is_empty() {
            self.keyword.fill(&mut pick.keywords);
            self.regex.fill(&mut pick.regexes);
            pick.all_keywords |= self.all_keywords;
        }
        pick.between = pick.between.or(self.between.map(|Days(span)| span));
        pick.questions |= self.questions;
        pick.any_passage |= self.any_passage;
        // A bound that was typed does not meet another that was not: 400 at least and 300 at most match nothing.
        if pick.min_chars.is_none() && pick.max_chars.is_none() {
            (pick.min_chars, pick.max_chars) = (self.min_chars, self.max_chars);
        }
        pick.limit = pick.limit.or(self.limit);
        pick.order = pick.order.or(self.order);
        pick.turns |= self.turns;
        self.fill_reading(&mut pick.reading);
    }

    fn fill_reading(&self, reading: &mut ReadingArgs) {
        reading.by = reading.by.take().or_else(|| self.by.clone());
        reading.input_format = reading.input_format.or(self.input_format.map(|FormatName(format)| format));
        reading.label = reading.label.take().or_else(|| self.label.clone());
        reading.speakers_file =
            reading.speakers_file.take().or_else(|| self.seen_from_here(self.speakers.as_ref()));
    }

    fn fill_look(&self, look: &mut LookArgs) {
        if look.templates.is_empty() {
            look.templates = self.template.list().iter().map(|name| self.template_from_here(name)).collect();
        }
        self.size.fill(&mut look.sizes);
        look.brand = look.brand.take().or_else(|| self.seen_from_here(self.brand.as_ref()));
        look.photos = look.photos.take().or_else(|| self.seen_from_here(self.photos.as_ref()));
        look.carousel = look.carousel.or(self.carousel);
        look.fit = look.fit.or(self.fit);
        look.numbering |= self.numbering;
        self.highlight.fill(&mut look.highlights);
        self.role.fill(&mut look.roles);
        look.phrases = look.phrases.take().or_else(|| self.seen_from_here(self.phrases.as_ref()));
        if look.font_fallbacks.is_empty() {
            look.font_fallbacks =
                self.font_fallback.list().iter().map(|file| self.folder.join(file)).collect();
        }
    }

    fn fill_out(&self, out: &mut OutArgs) {
        out.out = out.out.take().or_else(|| self.seen_from_here(self.out.as_ref()));
        out.name = out.name.take().or_else(|| self.name.clone());
        out.jobs = out.jobs.or(self.jobs);
        out.compress = out.compress.or(self.compress);
        out.record.metadata = out.record.metadata.or(self.metadata);
        out.record.alt = out.record.alt.or(self.alt);
        out.record.alt_limit = out.record.alt_limit.or(self.alt_limit.map(|AltLimit(limit)| limit));
    }

    /// A path of the file as seen from the working directory.
    fn seen_from_here(&self, path: Option<&PathBuf>) -> Option<PathBuf> {
        path.map(|path| self.folder.join(path))
    }

    /// An embedded template by its name, else a folder beside the project file.
    fn template_from_here(&self, name: &str) -> String {
        template_in(&self.folder, name)
    }
}

/// An embedded template by its name, else a folder that is named from `folder`.
pub fn template_in(folder: &Path, name: &str) -> String {
    let below = folder.join(name);
    let is_path = name.contains(['/', '\\']) || below.is_dir();
    if builtin_names().any(|known| known == name) || !is_path {
        return name.to_owned();
    }
    // A bare name would be asked for as one of the program's.
    let path = if below.components().count() == 1 { Path::new(".").join(below) } else { below };
    path.display().to_string()
}

/// What to say of a key that is none.
fn unknown(name: &str) -> Diagnostic {
    let told = Diagnostic::error(format!("unknown key `{name}`"));
    match nearest(name, &KEYS) {
        Some(near) => told.hint(format!("did you mean `{near}`?")),
        None if KIT_KEYS.contains(&name) => {
            told.hint("it belongs in a kit's `brand.toml`; name that one's folder with `brand = \"DIR\"`")
        }
        None => {
            let all: Vec<String> = KEYS.iter().map(|key| format!("`{key}`")).collect();
            told.hint(format!("there are {}", all.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::super::output::Target;
    use super::*;
    use crate::cli::args::Args;

    fn project(text: &str) -> Project {
        Project::read(PathBuf::from(".."), Path::new("../pullquote.toml"), text.as_bytes()).unwrap()
    }

    fn render(flags: &[&str], text: &str) -> (PickArgs, LookArgs, OutArgs) {
        let typed = ["pullquote", "render", "a.txt"].iter().chain(flags);
        let mut command = Args::try_parse_from(typed).unwrap().command;
        project(text).fill(&mut command);
        let Command::Render(args) = command else { panic!("render was typed") };
        (args.pick, args.look, args.out)
    }

    const FULL: &str = r#"
        speaker = "Lu"
        not_speaker = ["Q", "moderator"]
        regex = "[0-9]+%"
        between = "2031-04"
        questions = true
        any_passage = true
        trim = true
        input_format = "markdown"
        label = "^([A-Z]+) --"
        speakers = "who.toml"
        keyword = ["energy", "river"]
        all_keywords = true
        min_chars = 60
        max_chars = 200
        limit = 4
        order = "source"
        turns = true
        by = "Wen Lan"
        template = ["bulletin", "looks/plain"]
        size = ["story", "square"]
        brand = "harbor"
        photos = "portraits"
        carousel = "never"
        fit = "series"
        numbering = true
        highlight = "none"
        role = ["Lu Bai=Governor"]
        phrases = "terms.txt"
        font_fallback = ["Extra.ttf"]
        out = "cards"
        name = "{nn}-{slug}"
        jobs = 2
        compress = "small"
        metadata = "minimal"
        alt = "files"
        alt_limit = "tiktok"
    "#;

    #[test]
    fn every_key_is_known_by_its_name() {
        let table: toml::Table = FULL.parse().unwrap();
        let keys: Vec<&str> = table.keys().map(String::as_str).collect();
        let mut known = KEYS.to_vec();
        known.sort_unstable();
        assert_eq!(keys, known);
    }

    #[test]
    fn it_says_what_was_not_typed() {
        let (pick, look, out) = render(&[], FULL);
        assert_eq!(
            (pick.speakers, pick.keywords),
            (vec!["Lu".into()], vec!["energy".into(), "river".into()])
        );
        assert!(pick.all_keywords && pick.turns && pick.questions && pick.any_passage);
        assert_eq!((pick.not_speakers.len(), pick.regexes.as_slice()), (2, &["[0-9]+%".to_owned()][..]));
        assert_eq!(pick.between, "2031-04".parse().ok());
        assert_eq!(
            pick.reading,
            ReadingArgs {
                by: Some("Wen Lan".into()),
                input_format: Some(InputFormat::Markdown),
                label: Some("^([A-Z]+) --".into()),
                speakers_file: Some("../who.toml".into()),
            }
        );
        assert_eq!((pick.min_chars, pick.max_chars, pick.limit), (Some(60), Some(200), Some(4)));
        assert_eq!((pick.order, pick.reading.by.as_deref()), (Some(OrderArg::Source), Some("Wen Lan")));
        assert_eq!(look.templates[0], "bulletin");
        // Paths are the project file's, one folder up.
        assert_eq!(Path::new(&look.templates[1]), Path::new("../looks/plain"));
        assert_eq!(look.sizes, ["story", "square"]);
        assert_eq!(look.brand.as_deref(), Some(Path::new("../harbor")));
        assert_eq!(look.photos.as_deref(), Some(Path::new("../portraits")));
        assert_eq!((look.carousel, look.highlights), (Some(CarouselArg::Never), vec!["none".into()]));
        assert_eq!(look.roles, ["Lu Bai=Governor"]);
        assert_eq!(look.phrases.as_deref(), Some(Path::new("../terms.txt")));
        assert_eq!(look.font_fallbacks, [Path::new("../Extra.ttf")]);
        assert_eq!(
            (out.target(), out.name.as_deref()),
            (Target::Folder(Path::new("../cards")), Some("{nn}-{slug}"))
        );
        assert_eq!((out.jobs.map(NonZeroUsize::get), out.compress), (Some(2), Some(CompressArg::Small)));
        assert_eq!(
            (out.record.metadata, out.record.alt, out.record.alt_limit),
            (Some(MetadataArg::Minimal), Some(AltArg::Files), Some(300))
        );
    }

    #[test]
    fn what_was_typed_wins() {
        let typed = [
            "--speaker",
            "Wen",
            "--keyword",
            "tree",
            "--min-chars",
            "300",
            "--limit",
            "0",
            "--order",
            "best",
            "--by",
            "Lu",
            "--not-speaker",
            "Finch",
            "--between",
            "2030",
            "--input-format",
            "plain",
            "--label",
            "x",
            "--speakers",
            "w.csv",
            "--template",
            "nocturne",
            "--size",
            "pin",
            "--brand",
            "kit",
            "--photos",
            "p",
            "--carousel",
            "auto",
            "--highlight",
            "trees",
            "--role",
            "Wen=Mayor",
            "--font-fallback",
            "f.ttf",
            "--out",
            "o",
            "--name",
            "{id}",
            "--jobs",
            "1",
            "--compress",
            "max",
        ];
        let (pick, look, out) = render(&typed, FULL);
        assert_eq!((pick.speakers, pick.keywords), (vec!["Wen".into()], vec!["tree".into()]));
        // The pattern belongs to the project's keywords.
        assert!(!pick.all_keywords && pick.regexes.is_empty());
        assert_eq!((pick.not_speakers, pick.between), (vec!["Finch".into()], "2030".parse().ok()));
        assert_eq!(pick.reading.input_format, Some(InputFormat::Plain));
        assert_eq!(pick.reading.label.as_deref(), Some("x"));
        assert_eq!(pick.reading.speakers_file.as_deref(), Some(Path::new("w.csv")));
        assert_eq!((pick.min_chars, pick.max_chars, pick.limit), (Some(300), None, Some(0)));
        assert_eq!((pick.order, pick.reading.by.as_deref()), (Some(OrderArg::Best), Some("Lu")));
        assert_eq!((look.templates, look.sizes), (vec!["nocturne".into()], vec!["pin".into()]));
        assert_eq!(
            (look.brand.as_deref(), look.photos.as_deref()),
            (Some(Path::new("kit")), Some(Path::new("p")))
        );
        assert_eq!((look.carousel, look.highlights), (Some(CarouselArg::Auto), vec!["trees".into()]));
        assert_eq!(look.roles, ["Wen=Mayor"]);
        assert_eq!(look.font_fallbacks, [Path::new("f.ttf")]);
        assert_eq!((out.target(), out.name.as_deref()), (Target::Folder(Path::new("o")), Some("{id}")));
        assert_eq!((out.jobs.map(NonZeroUsize::get), out.compress), (Some(1), Some(CompressArg::Max)));
    }
}
