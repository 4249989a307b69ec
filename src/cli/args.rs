//! What was typed, and nothing else: `clap` lives here. What will be done is [`super::plan`]'s.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use pullquote::alt::{self, PLATFORMS};
use pullquote::date::When;
use pullquote::select::Span;
use pullquote::transcript::InputFormat;
use schemars::JsonSchema;
use serde::Deserialize;

use super::output::Target;

/// Turn press conference transcripts into share cards, word for word.
#[derive(Debug, Parser)]
#[command(name = "pullquote", version, propagate_version = true, after_help = AFTER_HELP, max_term_width = 100)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Go without the pullquote.toml of this folder or one above it
    #[arg(long, global = true)]
    pub no_project: bool,
}

const AFTER_HELP: &str = "\
Examples:
  pullquote demo
  pullquote read briefing.txt
  pullquote quotes briefing.txt --speaker Lu --keyword energy
  pullquote render briefing.txt --keyword energy --template bulletin --size square --size story

Exit status:
  0    all done
  1    no quote matched
  2    wrong usage, an unknown speaker, template or size, or an input that cannot be used; nothing was written
  3    some cards (or files) failed, the others are done
  4    verification failed
  130  stopped by a signal; what was written is whole";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show who said what
    #[command(after_help = READ_HELP)]
    Read(ReadArgs),
    /// Show the quotes that match, best first
    #[command(after_help = QUOTES_HELP)]
    Quotes(QuotesArgs),
    /// Write cards
    #[command(after_help = RENDER_HELP)]
    Render(Box<RenderArgs>),
    /// Make a series of cards from a file that says all of it
    #[command(after_help = SERIES_HELP, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
    Series(Box<SeriesArgs>),
    /// Hold the cards of a manifest against their transcripts as they are now
    #[command(after_help = RECHECK_HELP)]
    Recheck(Box<RecheckArgs>),
    /// Hold cards against their record and their source
    #[command(after_help = VERIFY_HELP)]
    Verify(VerifyArgs),
    /// List what there is to choose from
    List {
        /// What to list
        #[arg(value_enum)]
        what: ListWhat,
    },
    /// Write templates and brand kits of your own
    #[command(after_help = TEMPLATE_HELP)]
    Template {
        /// What to do
        #[command(subcommand)]
        command: TemplateCommand,
    },
    /// Write a handful of cards from an embedded sample, and say what to try next
    #[command(after_help = "Example:\n  pullquote demo --out /tmp/cards")]
    Demo(DemoArgs),
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  pullquote completions bash > ~/.local/share/bash-completion/completions/pullquote"
    )]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
}

const READ_HELP: &str = "\
Examples:
  pullquote read briefing.txt
  pullquote read --format json briefing.txt > briefing.json
  curl -s https://example.org/speech.txt | pullquote read - --by \"Lu Zhiheng\"";

const QUOTES_HELP: &str = "\
Examples:
  pullquote quotes briefing.txt --keyword energy --keyword \"clean water\"
  pullquote quotes briefing.txt --speaker Lu --limit 0 --order source
  pullquote quotes briefing.txt --format csv > picks.csv     # strike lines in an editor, then:
  pullquote render picks.csv";

const RENDER_HELP: &str = "\
Examples:
  pullquote render briefing.txt --keyword energy
  pullquote render briefing.txt --template broadsheet --template bulletin --size square --size story
  pullquote render picks.json --brand kits/meridian --out cards --name '{nn}-{slug}-{size}'
  pullquote render briefing.txt --limit 0 --dry-run
  pullquote render --watch desk --out cards    # every sheet dropped into desk/, into cards/NAME/

A list comes back as NAME.out.csv in the output folder, with what became of each row.
A file in the output folder that no manifest of ours names is never overwritten without --force.";

const SERIES_HELP: &str = "\
Examples:
  pullquote series new                                  # series.toml, with two sample transcripts
  pullquote series new day-1.txt day-2.txt day-3.txt
  pullquote series series.toml --dry-run
  pullquote series series.toml --prune

The project file has no say in it: a series is the same on every desk. What is typed wins over what the file says.";

/// `series`.
#[derive(Debug, clap::Args)]
pub struct SeriesArgs {
    /// What else to do
    #[command(subcommand)]
    pub command: Option<SeriesCommand>,
    /// The series: a TOML file
    #[arg(required = true, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Where they go.
    #[command(flatten)]
    pub out: OutArgs,
    /// What to print
    #[arg(long, value_enum, default_value_t, help_heading = "Out")]
    pub format: RenderFormat,
}

/// `series new`, `series schema`.
#[derive(Debug, Subcommand)]
pub enum SeriesCommand {
    /// Write a commented series file to begin with; it works as it stands
    #[command(
        after_help = "Example:\n  pullquote series new day-1.txt day-2.txt day-3.txt --file water.toml"
    )]
    New(SeriesNewArgs),
    /// Print the JSON Schema of series files, for editors
    Schema,
}

/// `series new`.
#[derive(Debug, clap::Args)]
pub struct SeriesNewArgs {
    /// The transcripts; without any, two samples are written beside the file
    #[arg(value_name = "TRANSCRIPT")]
    pub transcripts: Vec<PathBuf>,
    /// The file to write; never one that is there
    #[arg(long, value_name = "FILE", default_value = "series.toml")]
    pub file: PathBuf,
}

const RECHECK_HELP: &str = "\
Examples:
  pullquote recheck cards/manifest.json
  pullquote recheck cards --source transcripts --format csv > recall.csv
  pullquote recheck cards --render --corrected 2031-05-20

Told of each card: moved (the words stand elsewhere now), changed (with the difference), gone, or speaker (somebody else
says them now). Cards that are as they were are counted only.

Exit status: 0 nothing changed, or all that did is corrected; 3 a transcript is not at hand; 4 cards to recall.";

/// `recheck`.
#[derive(Debug, clap::Args)]
pub struct RecheckArgs {
    /// The manifest of the cards, or their folder
    #[arg(value_name = "manifest.json|DIR")]
    pub manifest: PathBuf,
    /// Where the transcripts are now: files, or folders of them; repeatable [default: where the manifest says]
    #[arg(long = "source", value_name = "FILE|DIR")]
    pub sources: Vec<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t)]
    pub format: RecheckFormat,
    /// Make the cards whose words changed, with the words as they are now, under the same file names
    #[arg(long)]
    pub render: bool,
    /// What cards look like.
    #[command(flatten)]
    pub look: LookArgs,
    /// Where they go.
    #[command(flatten)]
    pub out: OutArgs,
}

/// What `recheck` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum RecheckFormat {
    /// Status, file and what changed
    #[default]
    Table,
    /// An array
    Json,
    /// A header line and a record a card, for a spreadsheet
    Csv,
}
const VERIFY_HELP: &str = "\
Examples:
  pullquote verify card.png --source briefing.txt
  pullquote verify out --source transcripts
  pullquote verify out/manifest.json --source briefing.txt --brand kits/meridian --pixels --format json

Told of each card: whether it has its record, whether picture and record are as they were written, whether the words
stand in the source at their place, and whose they are. Without --source the words are not checked, which is no failure.

Exit status: 0 nothing wrong, 4 something is, 2 nothing could be checked.";

const TEMPLATE_HELP: &str = "\
Examples:
  pullquote template new evening
  pullquote template preview evening --watch
  pullquote template check evening kits/meridian";

/// `template`.
#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// Tell all that is wrong with templates and kits, each with its line and its mend
    #[command(after_help = CHECK_HELP)]
    Check(CheckArgs),
    /// Write a commented template to begin with; it works as it stands
    #[command(after_help = "Example:\n  pullquote template new evening")]
    New(NewArgs),
    /// Show a template in every class with texts of all lengths, on one contact sheet
    #[command(after_help = PREVIEW_HELP)]
    Preview(PreviewArgs),
    /// Print the JSON Schema of a language, for editors
    Schema {
        /// Which language
        #[arg(value_enum)]
        language: LanguageArg,
    },
}

const CHECK_HELP: &str = "\
Examples:
  pullquote template check evening
  pullquote template check templates/*/ kits/*/brand.toml --format json

Exit status: 0 nothing wrong (warnings are allowed), 2 problems.";

/// `template check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// A folder with a template.toml or a brand.toml, or such a file, whatever its name
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t)]
    pub format: CheckFormat,
}

/// What `template check` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum CheckFormat {
    /// Each problem under its line
    #[default]
    Text,
    /// An array, with file, line, column and the offending text of each
    Json,
}

const PREVIEW_HELP: &str = "\
Examples:
  pullquote template preview evening --watch
  pullquote template preview broadsheet --brand kits/meridian --out /tmp

The sheet is `preview.png` in the output folder, and replaces the one before. With --watch errors are told and
watching goes on; Ctrl-C ends it with status 130.";

/// `template preview`.
#[derive(Debug, clap::Args)]
pub struct PreviewArgs {
    /// A template's name, or a folder with a template.toml
    #[arg(value_name = "NAME|PATH")]
    pub template: String,
    /// A brand kit: a file, or a folder with a brand.toml
    #[arg(long, value_name = "FILE|DIR")]
    pub brand: Option<PathBuf>,
    /// The folder that preview.png goes to; made where missing
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub out: PathBuf,
    /// Again on every save, until Ctrl-C
    #[arg(long)]
    pub watch: bool,
}

/// `template new`.
#[derive(Debug, clap::Args)]
pub struct NewArgs {
    /// The template's name
    pub name: String,
    /// The folder to write to [default: the name]
    pub dir: Option<PathBuf>,
}

/// A language that files are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LanguageArg {
    /// Of a template.toml
    Template,
    /// Of a brand.toml
    Kit,
}

/// `read`.
#[derive(Debug, clap::Args)]
pub struct ReadArgs {
    /// Transcripts or lists of quotes; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// Show how each file was read: the labels, and what was left out and why
    #[arg(long)]
    pub explain: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t)]
    pub format: ReadFormat,
}

/// How files are read.
#[derive(Debug, Clone, PartialEq, Eq, Default, clap::Args)]
#[command(next_help_heading = "Reading")]
pub struct ReadingArgs {
    /// Whose words they are, for a speech without labels
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// The files' format, where it is told wrongly; see `list formats`
    #[arg(long, value_name = "FORMAT", value_parser = input_formats())]
    pub input_format: Option<InputFormat>,
    /// How labels look, as a regular expression; its first group is the name
    #[arg(long, value_name = "REGEX")]
    pub label: Option<String>,
    /// Who is who: names, aliases, roles, photographs (TOML, JSON or CSV)
    #[arg(long = "speakers", value_name = "FILE")]
    pub speakers_file: Option<PathBuf>,
}

fn input_formats() -> impl TypedValueParser<Value = InputFormat> {
    PossibleValuesParser::new(InputFormat::ALL.map(InputFormat::name))
        .map(|name| name.parse().expect("only names of formats are let through"))
}

/// What `read` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ReadFormat {
    /// People and turns at a glance
    #[default]
    Table,
    /// An object for one file, an array for several
    Json,
    /// An object a line, one a file
    Jsonl,
}

/// `quotes`.
#[derive(Debug, clap::Args)]
pub struct QuotesArgs {
    /// Transcripts or lists of quotes; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Which quotes.
    #[command(flatten)]
    pub pick: PickArgs,
    /// After each long sentence, offer shorter forms of it: whole clauses left out, shown as …
    #[arg(long)]
    pub trim: bool,
    /// Show the parts of each score
    #[arg(long)]
    pub explain: bool,
    /// What to print; render reads all but the table
    #[arg(long, value_enum, default_value_t)]
    pub format: QuotesFormat,
}

/// What `quotes` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum QuotesFormat {
    /// Score, speaker and words
    #[default]
    Table,
    /// An array
    Json,
    /// An object a line
    Jsonl,
    /// A header line and a record a quote
    Csv,
}

/// Which quotes.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Pick")]
pub struct PickArgs {
    /// Only this speaker, by any part of the name; repeatable
    #[arg(long = "speaker", value_name = "NAME")]
    pub speakers: Vec<String>,
    /// Leave this speaker out, by any part of the name; repeatable
    #[arg(long = "not-speaker", value_name = "NAME")]
    pub not_speakers: Vec<String>,
    /// Only quotes with these words (a "phrase" in quotes stays together, develop* takes every ending, -word shuts out);
    /// repeatable, any of them is enough
    #[arg(long = "keyword", value_name = "WORDS", allow_hyphen_values = true)]
    pub keywords: Vec<String>,
    /// Only quotes that this regular expression meets; repeatable, taken like --keyword
    #[arg(long = "regex", value_name = "PATTERN")]
    pub regexes: Vec<String>,
    /// Ask for all keywords and regular expressions in one quote
    #[arg(long)]
    pub all_keywords: bool,
    /// Only what was said in these days: 2031-04-01..2031-06-30, a month or a year; either side may be left out
    #[arg(long, value_name = "FROM..TO", value_parser = span)]
    pub between: Option<Span>,
    /// Take those who only ask, too
    #[arg(long)]
    pub questions: bool,
    /// Let the first quotes come from one passage, if they are the best
    #[arg(long)]
    pub any_passage: bool,
    /// Shortest quote, in characters; a hanzi counts two [default: 40; a list: no bound]
    #[arg(long, value_name = "N")]
    pub min_chars: Option<usize>,
    /// Longest quote, 0: no bound [default: what fits the templates (quotes: 300); a list: no bound]
    #[arg(long, value_name = "N")]
    pub max_chars: Option<usize>,
    /// The most quotes to take, 0: all [default: 10; a list: all]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Best first, or as spoken [default: best; a list: source]
    #[arg(long, value_enum)]
    pub order: Option<OrderArg>,
    /// Take whole turns instead of sentences
    #[arg(long)]
    pub turns: bool,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// A span of days; what is wrong with it is told with the way to write one.
pub fn span(asked: &str) -> Result<Span, String> {
    asked.parse::<Span>().map_err(|error| {
        let told = error.diagnostic();
        format!("{}; {}", told.message, told.hints.join("; "))
    })
}

/// A day of the calendar.
pub fn day(asked: &str) -> Result<When, String> {
    match When::from(asked.to_owned()) {
        day @ When::Day(_) => Ok(day),
        When::Words(_) => Err("it is no day; write it as 2031-05-20".to_owned()),
    }
}

/// The order of quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OrderArg {
    /// Highest score first
    Best,
    /// As spoken
    Source,
}

/// `render`.
#[derive(Debug, Clone, clap::Args)]
pub struct RenderArgs {
    /// Transcripts or lists of quotes; - is standard input
    #[arg(required_unless_present = "watch", conflicts_with = "watch", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Render request sheets as they are dropped into this folder, each once, until Ctrl-C
    #[arg(long, value_name = "DIR", conflicts_with = "dry_run")]
    pub watch: Option<PathBuf>,
    /// Which quotes.
    #[command(flatten)]
    pub pick: PickArgs,
    /// What cards look like.
    #[command(flatten)]
    pub look: LookArgs,
    /// Where they go.
    #[command(flatten)]
    pub out: OutArgs,
    /// What to print
    #[arg(long, value_enum, default_value_t, help_heading = "Out")]
    pub format: RenderFormat,
    /// Hold each row of a list against this transcript, or those of a folder; one that is not word for word in it is
    /// refused; repeatable
    #[arg(long, value_name = "SOURCE", help_heading = "Pick")]
    pub check: Vec<PathBuf>,
}

/// `verify`.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// Cards, manifests, or folders of cards
    #[arg(required = true, value_name = "CARD.png|manifest.json|DIR")]
    pub paths: Vec<PathBuf>,
    /// The transcript that the words must stand in, or a folder of them; repeatable
    #[arg(long = "source", value_name = "FILE|DIR")]
    pub sources: Vec<PathBuf>,
    /// Compare every card's pixels with a fresh rendering, not only those of a file that was encoded anew
    #[arg(long)]
    pub pixels: bool,
    /// A template of your own that cards were made with; repeatable
    #[arg(long = "template", value_name = "DIR")]
    pub templates: Vec<String>,
    /// The brand kit that cards were made with: a file, or a folder with a brand.toml
    #[arg(long, value_name = "FILE|DIR")]
    pub brand: Option<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// What to print
    #[arg(long, value_enum, default_value_t)]
    pub format: VerifyFormat,
}

/// What `verify` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum VerifyFormat {
    /// A line a card
    #[default]
    Table,
    /// An array with all that was found
    Json,
}

/// What `render` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum RenderFormat {
    /// A written path a line
    #[default]
    Paths,
    /// The manifest of this run
    Json,
}

/// What cards look like.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Look")]
pub struct LookArgs {
    /// A template's name, or a folder with a template.toml; repeatable [default: broadsheet]
    #[arg(long = "template", value_name = "NAME|DIR")]
    pub templates: Vec<String>,
    /// A size, 320 to 4096 px a side; repeatable [default: square, or the only one the template has]
    #[arg(long = "size", value_name = "NAME|WIDTHxHEIGHT")]
    pub sizes: Vec<String>,
    /// A brand kit: a file, or a folder with a brand.toml
    #[arg(long, value_name = "FILE|DIR")]
    pub brand: Option<PathBuf>,
    /// A folder of photographs, each named for a speaker (jin-xiangjun.jpg); a list row's own comes first
    #[arg(long, value_name = "DIR")]
    pub photos: Option<PathBuf>,
    /// A quote too long for one card runs over several [default: auto]
    #[arg(long, value_enum)]
    pub carousel: Option<CarouselArg>,
    /// Whether each card takes the largest type that fits, or all of a template and size share one or two sizes
    /// [default: card; series: series]
    #[arg(long, value_enum)]
    pub fit: Option<FitArg>,
    /// Number the quotes where the template has a place for it: 3/12; a list row's own `series` comes first
    #[arg(long)]
    pub numbering: bool,
    /// Words to emphasise; auto: the matched keyword; repeatable [default: auto]
    #[arg(long = "highlight", value_name = "auto|none|WORDS")]
    pub highlights: Vec<String>,
    /// Cards say that they were corrected on this day: 2031-05-20
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub corrected: Option<When>,
    /// The role a card gives a speaker, instead of the document's; repeatable
    #[arg(long = "role", value_name = "NAME=ROLE")]
    pub roles: Vec<String>,
    /// A list of phrases that no line break may split, one a line; # begins a comment
    #[arg(long, value_name = "FILE")]
    pub phrases: Option<PathBuf>,
    /// A font file for characters that no face has (an emoji face, Arabic, Hebrew); repeatable
    #[arg(long = "font-fallback", value_name = "FILE")]
    pub font_fallbacks: Vec<PathBuf>,
}

/// When a quote runs over several cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CarouselArg {
    /// Where it is longer than 300 characters, 420 on a story
    #[default]
    Auto,
    /// Never
    Never,
    /// Wherever it has two sentences
    Always,
}

/// What decides the size of a quote's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FitArg {
    /// The card: the largest size that fits
    #[default]
    Card,
    /// The series: one or two sizes for each template, size and language
    Series,
}

/// Where cards go.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Out")]
pub struct OutArgs {
    /// The folder to write to, made where missing; - is a tar stream on standard output [default: out]
    #[arg(long, value_name = "DIR|-")]
    pub out: Option<PathBuf>,
    /// File names, of {date} {nn} {speaker} {slug} {template} {size} {id} {event}
    /// [default: {date}-{nn}-{speaker}-{slug}-{template}-{size}; {id} for a list row with an id and one card]
    #[arg(long, value_name = "PATTERN", verbatim_doc_comment)]
    pub name: Option<String>,
    /// How many cards to work on at once [default: one a core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// How much time goes into smaller files; their pixels are the same [default: fast]
    #[arg(long, value_enum)]
    pub compress: Option<CompressArg>,
    #[command(flatten)]
    pub record: RecordArgs,
    /// Lay out every card and say which are new, changed (and why), kept or removed; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Remove the cards of earlier runs that this one does not have; never a file that no manifest of ours names
    #[arg(long)]
    pub prune: bool,
    /// Make every card anew, and overwrite files that no manifest of ours names
    #[arg(long)]
    pub force: bool,
    /// Write a contact sheet of the folder's cards: contact.html, one page that needs no other file, and contact.png
    #[arg(long, conflicts_with = "dry_run")]
    pub contact: bool,
}

/// What each card carries with it, and its alt text.
#[derive(Debug, Clone, PartialEq, Eq, Default, clap::Args)]
pub struct RecordArgs {
    /// What each card carries with it: its record and standard metadata, the record alone, or nothing [default: full]
    #[arg(long, value_enum)]
    pub metadata: Option<MetadataArg>,
    /// Also write each card's alt text beside it, as .txt [default: none]
    #[arg(long, value_enum)]
    pub alt: Option<AltArg>,
    /// The longest alt text: a platform (bluesky, linkedin, mastodon, pinterest, tiktok, x) or characters [default: 1000]
    #[arg(long, value_name = "PLATFORM|N", value_parser = alt_limit)]
    pub alt_limit: Option<usize>,
}

/// The longest alt text, by platform or in characters.
pub fn alt_limit(asked: &str) -> Result<usize, String> {
    if let Some(platform) = PLATFORMS.iter().find(|platform| platform.name.eq_ignore_ascii_case(asked)) {
        return Ok(platform.limit);
    }
    asked.parse().ok().filter(|&limit| limit >= alt::SHORTEST).ok_or_else(|| {
        let names = PLATFORMS.map(|platform| platform.name).join(", ");
        format!("give one of {names}, or a number of characters from {}", alt::SHORTEST)
    })
}

/// What each card carries with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MetadataArg {
    /// Its record, and what common tools read: PNG's keywords, XMP
    #[default]
    Full,
    /// Its record alone
    Minimal,
    /// Nothing; such a card cannot be verified
    None,
}

/// Where alt texts go, beside manifest and record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AltArg {
    /// Nowhere else
    #[default]
    None,
    /// A .txt beside each card
    Files,
}

/// How much time goes into smaller files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CompressArg {
    /// None
    #[default]
    Fast,
    /// A few milliseconds a card, for a fifth less on a flat ground
    Small,
    /// Some tenths of a second a card, for as little as an optimiser reaches
    Max,
}

impl OutArgs {
    /// How many cards to work on at once.
    pub fn threads(&self) -> NonZeroUsize {
        self.jobs.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }

    /// Where they go.
    pub fn target(&self) -> Target<'_> {
        match self.out.as_deref() {
            Some(out) if out.as_os_str() == "-" => Target::Stream,
            out => Target::Folder(out.unwrap_or(Path::new("out"))),
        }
    }
}

/// What `list` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListWhat {
    /// What --template takes
    Templates,
    /// What --size takes
    Sizes,
    /// The faces that come with the program
    Fonts,
    /// What files can be read
    Formats,
}

/// `demo`.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Where the cards go.
    #[command(flatten)]
    pub out: OutArgs,
    /// What to print
    #[arg(long, value_enum, default_value_t, help_heading = "Out")]
    pub format: RenderFormat,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn flags_reach_their_fields() {
        let args = Args::try_parse_from([
            "pullquote",
            "render",
            "a.txt",
            "-",
            "--keyword",
            "energy",
            "--keyword",
            "PM2.5",
            "--size",
            "story",
            "--jobs",
            "8",
            "-q",
        ])
        .unwrap();
        let Command::Render(render) = args.command else { panic!("render was typed") };
        assert_eq!(render.files, [PathBuf::from("a.txt"), PathBuf::from("-")]);
        assert_eq!(render.pick.keywords, ["energy", "PM2.5"]);
        assert_eq!(render.look.sizes, ["story"]);
        assert_eq!(render.out.jobs.map(NonZeroUsize::get), Some(8));
        assert_eq!(render.out.target(), Target::Folder(Path::new("out")));
        assert!(args.quiet && !render.out.force);
        assert!(Args::try_parse_from(["pullquote", "render", "a.txt", "--jobs", "0"]).is_err());
        assert!(Args::try_parse_from(["pullquote", "render"]).is_err());
    }
}
