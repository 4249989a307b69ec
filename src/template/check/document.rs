//! A TOML file with the place of everything in it, and the problems that were met there.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Excerpt, Severity};

/// The longest file that is read: a hundred times what a template needs.
pub const MAX_BYTES: usize = 1 << 20;
/// As many problems as are told.
const MOST: usize = 200;
/// As much of a line as is shown, bytes.
const SHOWN: usize = 400;

/// Reads a file as far as it can be read; mistakes of TOML are the first problems of its report.
///
/// # Errors
///
/// A file that is too long, or that is no text.
pub fn read<'t>(file: &'t str, bytes: &'t [u8]) -> Result<(Spanned<DeValue<'t>>, Report<'t>), Diagnostic> {
    if bytes.len() > MAX_BYTES {
        let message = format!("{} bytes are too many: a file of this kind has at most 1 MB", bytes.len());
        return Err(Diagnostic::error(message).at(file).hint("keep pictures in files of their own"));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|e| Diagnostic::error(format!("not UTF-8: {e}")).at(file).hint("save the file as UTF-8"))?;
    let (table, errors) = DeTable::parse_recoverable(text);
    let span = table.span();
    let root = Spanned::new(span, DeValue::Table(table.into_inner()));
    let mut report = Report {
        file,
        text,
        lines: std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect(),
        met: Vec::new(),
        seen: BTreeSet::new(),
        more: 0,
        wrong: false,
    };
    for error in errors {
        report.broken(&error);
    }
    Ok((root, report))
}

/// What is wrong with a file, each with its place.
#[derive(Debug)]
pub struct Report<'t> {
    file: &'t str,
    text: &'t str,
    /// Where each line begins.
    lines: Vec<usize>,
    met: Vec<(usize, Diagnostic)>,
    seen: BTreeSet<(usize, String)>,
    /// How many more were met than are kept.
    more: usize,
    wrong: bool,
}

impl Report<'_> {
    /// Tells a mistake that the TOML library found.
    pub fn broken(&mut self, error: &toml::de::Error) {
        let span = error.span().unwrap_or(0..0);
        self.error(span, error.message().replace('\n', " "), None);
    }

    /// Is anything wrong so far, not only odd?
    pub fn is_wrong(&self) -> bool {
        self.wrong
    }

    /// The file without what was told to be wrong, as far as it can be left out.
    pub fn without_faults<'v>(&self, root: &Spanned<DeValue<'v>>) -> Spanned<DeValue<'v>> {
        let wrong = self.met.iter().filter(|(_, told)| told.severity == Severity::Error);
        let faults: Vec<usize> = wrong.map(|&(at, _)| at).collect();
        let mut root = root.clone();
        prune(&mut root, &faults);
        root
    }

    /// Tells something that cannot stand.
    pub fn error(&mut self, span: Range<usize>, message: String, hint: Option<String>) {
        self.tell(span, Diagnostic::error(printable(&message)), hint);
    }

    /// Tells something that does no harm, and hardly what was meant.
    pub fn warning(&mut self, span: Range<usize>, message: String, hint: Option<String>) {
        self.tell(span, Diagnostic::warning(printable(&message)), hint);
    }

    fn tell(&mut self, span: Range<usize>, told: Diagnostic, hint: Option<String>) {
        let told = match hint {
            Some(hint) => told.hint(printable(&hint)),
            None => told,
        };
        self.add(span, told);
    }

    /// Tells a problem of a file that is named at `span`.
    pub fn add(&mut self, span: Range<usize>, told: Diagnostic) {
        self.wrong |= told.severity == Severity::Error;
        // A file with so many is no template: nobody reads them all, and to place them takes time.
        if self.met.len() >= MOST {
            self.more += 1;
        } else if self.seen.insert((span.start, told.message.clone())) {
            self.met.push((span.start, told.in_line(self.excerpt(span))));
        }
    }

    /// All problems and warnings, from the top of the file to its end.
    pub fn told(mut self) -> Vec<Diagnostic> {
        self.met.sort_by_key(|&(at, _)| at);
        let mut told: Vec<Diagnostic> = self.met.into_iter().map(|(_, told)| told).collect();
        if self.more > 0 {
            let rest = format!("{} more problems", self.more);
            let rest = if self.wrong { Diagnostic::error(rest) } else { Diagnostic::warning(rest) };
            told.push(rest.at(self.file).hint("mend these first"));
        }
        told
    }

    /// The line that a span begins in; a long one is cut to what surrounds the fault.
    pub fn excerpt(&self, span: Range<usize>) -> Excerpt {
        let text = self.text;
        let floor = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(span.start);
        // The last line that begins at or before the fault; the first begins at 0.
        let line = self.lines.partition_point(|&begin| begin <= start);
        let line_start = self.lines[line - 1];
        let line_end = self.lines.get(line).map_or(text.len(), |&next| next - 1);
        let end = floor(span.end).clamp(start, line_end);
        let (from, to) = if line_end - line_start > SHOWN {
            let from = floor(start.saturating_sub(SHOWN / 2)).max(line_start);
            (from, floor(from + SHOWN).min(line_end))
        } else {
            (line_start, line_end)
        };
        let shown = text[from..to].trim_end_matches('\r');
        let within = |at: usize| (at - from).min(shown.len());
        Excerpt {
            file: self.file.to_owned(),
            line,
            column: text[line_start..start].chars().count() + 1,
            text: shown.to_owned(),
            fault: within(start)..within(end.clamp(from, to)),
        }
    }
}

/// Leaves out every key and value that a fault begins in.
fn prune(value: &mut Spanned<DeValue<'_>>, faults: &[usize]) {
    let hit = |span: Range<usize>| faults.iter().any(|at| span.contains(at));
    if let DeValue::Table(table) = value.get_mut() {
        let all = std::mem::take(table);
        let sound = all.into_iter().filter_map(|(key, mut value)| {
            let is_table = value.get_ref().is_table();
            if is_table {
                prune(&mut value, faults);
            }
            (!hit(key.span()) && (is_table || !hit(value.span()))).then_some((key, value))
        });
        *table = sound.collect();
    }
}

/// Where the value at a path of keys is, as far as the path is there; items of a list by number from 0.
pub fn at(root: &Spanned<DeValue<'_>>, path: &[&str]) -> Range<usize> {
    let mut value = root;
    for key in path {
        let inner = match value.get_ref() {
            DeValue::Table(table) => table.get(*key),
            DeValue::Array(items) => key.parse::<usize>().ok().and_then(|i| items.get(i)),
            _ => None,
        };
        match inner {
            Some(inner) => value = inner,
            None => break,
        }
    }
    // The whole file is no place.
    if std::ptr::eq(value, root) { 0..0 } else { value.span() }
}

/// Names come from the file, and must not reach a terminal's controls.
fn printable(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_debug().collect() } else { vec![c] }).collect()
}

/// A table, whatever way it is written, with the places of its keys.
#[derive(Debug, Clone)]
pub struct Site<'d, 't> {
    table: &'d DeTable<'t>,
    span: Range<usize>,
}

impl<'d, 't> Site<'d, 't> {
    /// `None` where it is no table.
    pub fn of(value: &'d Spanned<DeValue<'t>>) -> Option<Self> {
        let table = value.get_ref().as_table()?;
        Some(Self { table, span: value.span() })
    }

    /// Where the table is: its heading or its opening brace.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Where a key is written; the table where it is not.
    pub fn key(&self, key: &str) -> Range<usize> {
        self.table.get_key_value(key).map_or_else(|| self.span(), |(key, _)| key.span())
    }

    /// Where a key's value is; the table where it is not there.
    pub fn value(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or_else(|| self.span(), Spanned::span)
    }

    /// Is this key written?
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// A key's value.
    pub fn get(&self, key: &str) -> Option<&'d Spanned<DeValue<'t>>> {
        self.table.get(key)
    }

    /// The table under a key.
    pub fn table(&self, key: &str) -> Option<Site<'d, 't>> {
        Site::of(self.table.get(key)?)
    }

    /// All keys, by name.
    pub fn keys(&self) -> impl Iterator<Item = (&'d str, Range<usize>, &'d Spanned<DeValue<'t>>)> {
        self.table.iter().map(|(key, value)| (&**key.get_ref(), key.span(), value))
    }

    /// The list under a key; nothing where there is none.
    pub fn list(&self, key: &str) -> Vec<&'d Spanned<DeValue<'t>>> {
        let list = self.table.get(key).and_then(|v| v.get_ref().as_array());
        list.into_iter().flat_map(|list| list.iter()).collect()
    }
}
