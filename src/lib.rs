//! From a press conference transcript to share cards, word for word.
//!
//! A transcript goes in as bytes, PNG cards come out as bytes; every card can say where in the file its words
//! stand. Each stage is a plain function from one value and read-only resources to one value or one error, and
//! after it its question is settled for good:
//!
//! ```text
//! bytes ─read─▶ Transcript ─select─▶ Selection ─compose─▶ Card ─layout─▶ Layout ─paint─▶ Pixels ─encode─▶ bytes
//!               └ [Turn]             └ [Pick]             slots filled   glyphs, boxes   RGB
//! settled:      who said what        the exact words      what is on it  where all is    how it looks
//! ```
//!
//! | stage | function | fails with |
//! |---|---|---|
//! | read | [`transcript::read`] | [`transcript::ReadError`] |
//! | select | [`select::select`] | [`select::SelectError`] |
//! | load | [`template::Template`], [`template::Brand`], bound to a size as a [`look::Look`] | [`template::TemplateError`] |
//! | compose | [`card::compose`] | [`card::CardError`] |
//! | layout | [`layout::layout`], [`layout::ground`] | [`layout::LayoutError`] |
//! | contrast | [`contrast::check`], [`contrast::check_ground`] | [`contrast::ContrastError`]: something on the card cannot be read |
//! | paint | [`paint::paint`], [`paint::Ground::paint`] | nothing: a layout that stands can be painted |
//! | encode | [`export::png::Plate::encode`], and [`export::png::encode`], the reference | nothing |
//! | what of a card is made again | [`key::Key`], asked by [`batch::Known`] | nothing |
//! | write | [`export::write`]; as one stream [`export::tar`]; the request sheet that comes back [`export::sheet`] | [`export::write::WriteError`] |
//! | show | [`contact::Page`], [`contact::Wall`]: all cards at a glance | nothing but what they are written to |
//! | select from more files than memory holds | [`select::Search`], [`select::Pool`] | [`select::SelectError`] |
//! | stamp | [`record::stamp`]: a card's record into its PNG; [`record::read`] takes it out | [`record::RecordError`] |
//! | verify | [`verify::Sources::check`]: words against transcripts, exact, moved, changed or gone | nothing |
//! | all of it, in parallel, card by card into a [`manifest::Writer`] | [`batch::run`] | [`batch::BatchError`]; a card that fails does not stop the others |
//!
//! No stage but `write` opens a file, none prints, none reads the clock; what a stage has to tell a person is a
//! [`diag::Diagnostic`]. The same input gives the same bytes on any number of threads.
//!
//! # What lives how long
//!
//! A [`font::FontBook`], the templates and the kit are loaded once and shared by all threads. A
//! [`look::Look`] borrows them for one template and size. [`select::Quote`]s borrow the
//! [`transcript::Transcript`]: a quote is a turn and a byte range, so it cannot be anything but the exact words.
//! A [`base::Base`] is a look's ground, painted and encoded once: into it each card's ink is spliced.
//! A [`key::Key`] says in a few digests what a card is made of: an entry of a manifest has it, so that the next run can
//! leave the card. A [`card::Card`] owns what is on it and a [`layout::Layout`] is dumb data that can be printed and compared.
//!
//! # Example
//!
//! ```
//! use pullquote::{card, contrast, export, font, layout, look, paint, select, template, transcript};
//!
//! let text = "Lu Zhiheng:\nA plan is only a promise with a date on it, and our date is 2035.\n\
//!             Zhou Lan:\nThank you.\n";
//! let read = transcript::read("briefing.txt", text.as_bytes(), &transcript::ReadOptions::default())?;
//! let transcripts = [read.output];
//! let query = select::Query { keywords: vec!["promise".into()], ..Default::default() };
//! let selection = select::select(&transcripts, &query)?;
//! let pick = &selection.picks[0];
//! assert_eq!(pick.quote.speaker().name, "Lu Zhiheng");
//!
//! let fonts = font::FontBook::builtin();
//! let brand = template::Brand::default();
//! let template = template::Template::builtin("broadsheet").expect("it is built in");
//! let size: card::SizeChoice = "square".parse()?;
//! let look = look::Look::new(&template, &size, &brand, &fonts)?;
//! let ground = paint::Ground::paint(&layout::ground(&look, &fonts)?, &fonts);
//!
//! let card =
//!     card::compose(&pick.quote, &pick.matched, &template, &size, &brand, &card::Options::default(), None)?;
//! let laid_out = layout::layout(&card, &look, &fonts)?;
//! let legible = contrast::check(laid_out.output, &ground, &look, &fonts)?;
//! let png = export::png::encode(&paint::paint(&legible.output, &ground, &fonts));
//! assert_eq!(&png[1..4], b"PNG");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Who adds what, where
//!
//! | to add | touch |
//! |---|---|
//! | an input format | a file in `transcript/` that builds a view (lines that know their bytes), its line in [`transcript::InputFormat`], a fixture in `tests/transcripts/kinds` |
//! | a name that people give a column of a request sheet | `transcript/names.rs` |
//! | a way to set labels | a variant of `Mark` in `transcript/opening.rs`; `transcript/label.rs` judges it by what recurs |
//! | a template | a folder in `templates/`, its line in `template/builtin.rs`; or `--template DIR` and no code |
//! | a key of a template or kit | its field in `template/schema.rs` or `template/brand/file.rs` with a doc comment (names by a type of `template/token.rs`), what no schema can say in `template/check`, its row in `templates/README.md` |
//! | a card size | a row of [`card::SIZES`]: templates lay out by class, so none change |
//! | a face | a file in `fonts/`, its line in `font/builtin.rs`; or a kit's `[fonts]` and no code |
//! | what a kit can say | a field of `template/brand/file.rs`, its check in `template/brand/load.rs`, its line in the README |
//! | a key of the project file | `cli/project.rs` |
//! | what a card carries with it | a field of [`record::Record`]; what common tools read: `record/text.rs`, `record/xmp.rs` |
//! | a platform's limit of alt text | a row of [`alt::PLATFORMS`] |
//! | a key of a series file | `cli/series/file.rs`, and what it means in `cli/series/gather.rs` |
//! | something that a card shows | a field of [`card::Card`]; `key.rs` asks where it belongs |
//! | a repair that a card may make | `layout/prepare.rs`, the one place that lists them |
//!
//! Modules import one way: `geom color diag digest lang date` ← `transcript`, `font` ← `template` ← `select` ← `look`,
//! `card` ← `layout` ← `verify`, `paint`, `specimen` ← `contrast`, `export` ← `key`, `manifest`, `records`, `base` ← `alt`, `record`, `contact` ← `batch` ← the program in `cli`. `clap` and the
//! progress bar live only there, `rayon` only in `batch` (cards, and other work in order), `toml` only in `template` and the
//! program's project file, and in the list of speakers (`transcript`).
//!
//! # Limits
//!
//! Transcripts in the formats of [`transcript::InputFormat`] and lists of quotes in, PNG out. Latin and Chinese; Arabic, Hebrew and emoji where the kit or
//! `--font-fallback` brings a face. A look faces one way: cards read from right to left have a look and a ground of
//! their own.

pub mod alt;
pub mod base;
pub mod batch;
pub mod card;
pub mod color;
pub mod contact;
pub mod contrast;
pub mod date;
pub mod diag;
pub mod digest;
pub mod export;
pub mod font;
pub mod geom;
pub mod key;
pub mod lang;
pub mod layout;
pub mod look;
pub mod manifest;
pub mod paint;
pub mod record;
pub mod records;
pub mod select;
pub mod specimen;
pub mod template;
pub mod transcript;
pub mod verify;

/// Name and version of the program, as manifests and cards tell it.
pub const PROGRAM: &str = concat!("pullquote ", env!("CARGO_PKG_VERSION"));
